"""The chat side put together: channels in, one transaction per batch, deliveries and downloads out.

An update is acknowledged to its network only when `accept` returns, and that is after the commit.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import papers
from bot.channels.port import Channel, Hooked, Named, Outgoing, RawUpdate
from bot.clerk import Clerk
from bot.clock import BusinessClock
from bot.commands.codes import USERNAMES
from bot.commands.help import commands_of
from bot.conversation import Conversation, Event
from bot.delivery import Delivery, HandOut
from bot.fetcher import Fetcher
from bot.ledger import Ids, Outcome, RandomIds
from bot.pace import Pace
from bot.phrases import PHRASES
from bot.quota import Meter
from bot.reminding import next_address, speak
from bot.watch import Watch
from bot.web.intake import Intake
from inspection.messages import Chat, Document, Incoming, Kind, Manner
from inspection.phrases import in_both
from inspection.working_days import LOCAL
from storage import calendar, errands, inbox, metering, people, visits
from storage.database import Database, StorageUnavailableError
from storage.evidence import EvidenceStore, PhotoRequest
from storage.outbox import Parcel

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

EVERY_HOUR = 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the networks can call us: the public root (no slash at its end), the secret, and who takes the calls."""

    root: str
    secret: str
    intake: Intake


def settle_memory() -> None:
    """What is loaded by now stays loaded: spare the collector from looking at it again and again.

    A full look at it holds up everybody for more than a twentieth of a second (`benchmarks`, the sweep).
    """
    gc.collect()
    gc.freeze()


class Service:
    """Everything that talks; `start` resumes what an earlier life left, `close` leaves the rest on disk."""

    def __init__(  # noqa: PLR0913  the parts of the chat side, each named
        self,
        database: Database,
        evidence: EvidenceStore,
        channels: Mapping[tuple[str, str], Channel],
        clock: BusinessClock,
        *,
        pace: Pace | None = None,
        ids: Ids | None = None,
        hook: Hook | None = None,
        hand_out: HandOut | None = None,
    ) -> None:
        self.database = database
        self.evidence = evidence
        self.channels = channels
        self.clock = clock
        self.hook = hook
        self.meter = Meter(channels, clock.now)
        self.conversation = Conversation(
            now=clock.now, ids=ids or RandomIds(), numbered=self._numbered, manner=self._manner
        )
        self.delivery = Delivery(
            database,
            channels,
            clock,
            evidence,
            self._late,
            self._unreachable,
            pace=pace or Pace(),
            elsewhere=self._elsewhere,
            hand_out=hand_out,
            meter=self.meter,
        )
        self.watch = Watch(channels, clock.monotonic)
        self.fetcher = Fetcher(channels, evidence, self._deliver, clock)
        self.clerk = Clerk(database, channels, evidence, self._deliver, clock)
        self._listeners: list[asyncio.Task[None]] = []
        self._side: set[asyncio.Task[None]] = set()
        self._warned: set[Chat] = set()

    # --- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Resume what is pending, then listen."""
        # Working the calendar out loads a tenth of a second of code: now, and not within somebody's turn.
        await self.database.read(partial(calendar.current, on=self.clock.now().astimezone(LOCAL).date()))
        for channel in self.channels.values():
            await channel.open()
        for key, channel in self.channels.items():
            if isinstance(channel, Named):
                self._aside(self._learn_name(key, channel))
        self.meter.start(
            await self.database.read(partial(metering.sent_in, month=self.meter.month)),
            await self.database.read(metering.people_served),
        )
        await self.delivery.start()
        awaited = await self.database.read(visits.awaited_photos)
        self.fetcher.start([_request(p) for p in awaited])
        for chat, user_id, album in await self.database.read(visits.unacknowledged_albums):
            self.fetcher.expect_silence(chat, user_id, album)
        await self.clerk.start(await self.database.read(errands.waiting))
        for (name, account), channel in self.channels.items():
            listen = self._listened(channel)
            self._listeners.append(asyncio.create_task(listen, name=f"listen {name} {account}"))
        self._aside(self.watch.run())
        self._aside(self._count_people())

    def _listened(self, channel: Channel) -> Coroutine[Any, Any, None]:
        """How updates of a channel come in: by calls where we can be called, else by asking."""
        accept = partial(self.accept, channel)
        if self.hook is None or not isinstance(channel, Hooked):
            return channel.listen(accept)
        self.hook.intake.connect(channel, accept)
        return channel.keep_webhook(self.hook.root + self.hook.intake.path(channel), self.hook.secret)

    async def _count_people(self) -> None:
        """How many people each bot serves is looked at every hour: networks limit it."""
        while True:
            await asyncio.sleep(EVERY_HOUR)
            self.meter.serves(await self.database.read(metering.people_served))

    def health(self) -> dict[str, Any]:
        """What the health page tells."""
        self.watch.look()
        deaf = [f"{name} {account}" for name, account in sorted(self.watch.deaf)]
        return {"ok": not deaf, "deaf": deaf, "use": self.meter.report()}

    async def _learn_name(self, key: tuple[str, str], channel: Named) -> None:
        """Our own name on a network, for start links; until it is known, invitations are sent as text alone."""
        USERNAMES[key] = await channel.username()

    async def serve(self) -> None:
        """Listen until a listener ends, which only a refused token makes it do."""
        settle_memory()
        await asyncio.gather(*self._listeners)

    async def close(self) -> None:
        """Stop listening, fetching, errands and sending, in this order."""
        for task in (*self._listeners, *self._side):
            task.cancel()
        await asyncio.gather(*self._listeners, *self._side, return_exceptions=True)
        await self.fetcher.close()
        await self.clerk.close()
        await self.delivery.close()
        for channel in self.channels.values():
            await channel.close()

    # --- in ----------------------------------------------------------------------------------------------------

    async def accept(self, channel: Channel, updates: Sequence[RawUpdate]) -> None:
        """Store and handle updates in one transaction; returns when it is durable, raises when nothing was kept."""
        events = [self._event(channel, update) for update in updates]
        await self.delivery.landing({e.incoming.chat for e in events if e.incoming is not None})
        try:
            await self._handle(events)
        except StorageUnavailableError:
            await self._apologise(channel, events)
            raise
        self._warned.clear()

    def _event(self, channel: Channel, update: RawUpdate) -> Event:
        arrival = inbox.Arrival(channel.name, channel.account, update.key, update.payload, self.clock.now())
        try:
            return Event(arrival, channel.read(update.payload))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("update %s set aside: %s", update.key, type(error).__name__)
            return Event(arrival, None, type(error).__name__)

    async def _deliver(self, incoming: Incoming) -> None:
        """An event of our own, in the chat's own lane."""
        await self._handle([Event(None, incoming)])

    async def _handle(self, events: Sequence[Event]) -> None:
        futures = self.database.submit_many(self.conversation, events)
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        lost = next((o for o in outcomes if isinstance(o, BaseException)), None)
        for outcome in outcomes:
            if isinstance(outcome, Outcome):
                self._act(outcome)
        if lost is not None:
            raise lost

    def _act(self, outcome: Outcome) -> None:
        """What was decided is committed: send, fetch, decorate."""
        if outcome.parcels:
            self.delivery.hand_over(outcome.parcels)
        if outcome.photos:
            self.fetcher.hand_over([_request(p) for p in outcome.photos])
        if outcome.errands:
            self.clerk.hand_over(outcome.errands)
        for chat, callback, words in outcome.taps:
            self._aside(self.channels[chat.channel, chat.account].answer_tap(callback, words))
        for chat, roles, language in outcome.commands:
            self._aside(self.channels[chat.channel, chat.account].set_commands(chat, commands_of(roles, language)))

    def _aside(self, work: Any) -> None:
        """Courtesies that are not kept and not repeated."""
        task = asyncio.create_task(work)
        self._side.add(task)
        task.add_done_callback(self._side_done)

    def _side_done(self, task: asyncio.Task[None]) -> None:
        self._side.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.info("a courtesy was not delivered: %s", type(task.exception()).__name__)

    async def _apologise(self, channel: Channel, events: Sequence[Event]) -> None:
        """The disk is full or the database gone: say once per chat that nothing was stored; it will come again."""
        chats = {e.incoming.chat for e in events if e.incoming is not None and e.incoming.kind is not Kind.LEFT}
        for chat in chats - self._warned:
            self._warned.add(chat)
            self._aside(channel.send(_not_stored(chat)))

    # --- out ---------------------------------------------------------------------------------------------------

    def _numbered(self, chat: Chat) -> bool:
        return self.channels[chat.channel, chat.account].capabilities.numbered_messages

    def _manner(self, chat: Chat) -> Manner:
        channel = self.channels.get((chat.channel, chat.account))
        return Manner() if channel is None else channel.capabilities.manner()

    async def _elsewhere(self, parcel: Parcel) -> Parcel | None:
        """A digest that its chat does not take goes to the person's next account, once to each."""
        return await self.database.write(partial(next_address, parcel=parcel, ours=frozenset(self.channels)))

    async def _late(self, parcel: Parcel) -> dict[str, Any] | None:
        """What is made at the moment of sending: a document, or words about what is still open."""
        if "paper" in parcel.payload:
            return await self._paper(parcel)
        return await self.database.write(partial(speak, parcel=parcel, now=self.clock.now()))

    async def _paper(self, parcel: Parcel) -> dict[str, Any] | None:
        """A document made aside; where files cannot be sent, words stand for it, once for all its forms."""
        network = self.channels[parcel.chat.channel, parcel.chat.account].capabilities
        files = max(network.max_file, network.max_handout) > 0
        if not files and parcel.payload["paper"]["beside"]:
            return None
        now = self.clock.now()
        order = await self.database.read(partial(papers.ordered, parcel=parcel, now=now))
        if order is None:
            return None
        if not files:
            return {"text": order.instead}
        made = await asyncio.to_thread(papers.made, order, now)
        sha = await asyncio.to_thread(self.evidence.passing.put, made.data)
        text = f"{order.text}\n{order.fell_back}" if made.fell_back else order.text
        return {"text": text, "document": asdict(Document(order.name, sha, order.instead))}

    async def _unreachable(self, chat: Chat) -> None:
        now = self.clock.now()

        def mark(connection: Connection) -> None:
            people.mark_unreachable(connection, chat, now)

        await self.database.write(mark)

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """What the clock side has put into the outbox."""
        self.delivery.hand_over(parcels)


def _request(photo: visits.AwaitedPhoto) -> PhotoRequest:
    return PhotoRequest(
        photo.id, photo.chat, photo.user_id, photo.media, photo.album, photo.attempts, photo.kind,
        proof=photo.obligation_id is not None,
    )  # fmt: skip


def _not_stored(chat: Chat) -> Outgoing:
    return Outgoing(
        chat.chat_id,
        in_both(PHRASES["not_stored"]),
    )
