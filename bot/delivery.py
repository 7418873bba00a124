"""The only place that sends and the only place that retries: per chat in order, chats in parallel, within the limits.

What is to be sent is on disk before it comes here; what was sent is marked by riding on the next transaction.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from bot.channels.port import Channel, Failure, Outgoing, SendFailedError
from bot.pace import Budgets, Gate, Pace, Sleep
from bot.quota import SHORT, Meter
from bot.render import render, without_media
from bot.working import shown
from inspection.messages import Chat
from storage.database import Database, StorageUnavailableError
from storage.evidence import EvidenceStore, EvidenceUnavailableError
from storage.metering import COUNTS
from storage.outbox import MARKS, Mark, Parcel, pending

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0  # seconds between two tries
REPLY_LIFE = timedelta(hours=24)  # older replies answer nothing any more
MARK_DELAY = 0.5  # seconds a mark may wait for a transaction to ride on
DECORATORS = 64  # tap answers and edits under way at once
DIGESTS = 16  # of one account under way at once
OVERALL_SIGN = 3  # so many chats throttled at once mean the whole account is
PHOTO_LIMIT = 10 * 1024 * 1024  # bytes of a picture shown in a chat
REPEATED = "(nhắc lại) "
BUG_TRIES = 3
LANDING = 1.0  # seconds an answer waits for the network's word on a message that is in the air
# Sends of one message without a reply, before it is given up: a prompt that comes twice is harmless, a person
# without one is stuck; a reminder comes at most once more.
UNANSWERED = {"reply": 10, "notice": 2, "digest": 2}

LATE = {"request", "summary", "paper"}  # what else is made at the moment of sending
THROTTLED_TRIES = 240  # hours of "too many" without an end: it may be the month's quota
# Tries after which a reminder looks for another road, where the trouble may be with this one.
ROAD_TRIES = {Failure.THROTTLED: 3, Failure.TRANSIENT: 5, Failure.CREDENTIAL: 1}

Late = Callable[[Parcel], Awaitable[dict[str, Any] | None]]
Unreachable = Callable[[Chat], Awaitable[None]]
Elsewhere = Callable[[Parcel], Awaitable[Parcel | None]]
HandOut = Callable[[str, str, str], Awaitable[str]]  # name, SHA-256, language: the words that stand in for a file


class Clock(Protocol):
    """Business time for what is stored, machine seconds for what is waited for."""

    def business_now(self) -> datetime: ...

    def monotonic(self) -> float: ...


@runtime_checkable
class Answering(Protocol):
    """A channel that can say whether its network answers at all, without sending anybody anything."""

    async def alive(self) -> bool: ...


@dataclass(slots=True)
class _Lane:
    """One chat with something to send."""

    chat: Chat
    heap: list[tuple[int, Parcel]] = field(default_factory=list)
    parcel: Parcel | None = None  # under way
    resume_at: float = 0.0  # monotonic; not before
    # Of the parcel under way:
    messages: list[Outgoing] = field(default_factory=list)
    sent: int = 0  # how many of its messages
    unanswered: int = 0  # sends of which nobody knows whether they arrived
    in_the_air: bool = False  # a request is out; whether the person sees it already, nobody knows
    landed: asyncio.Future[None] | None = None  # somebody waits for that request to end


@dataclass
class Delivery:
    """`late` builds the payload of a digest, of what waits for an answer, or of a document, at the moment of sending
    (None: nothing left to say).

    `elsewhere` readdresses a digest to the person's next account (None: there is none), `hand_out` offers a file where
    the network takes none, `meter` counts what is sold by the month.
    """

    database: Database
    channels: Mapping[tuple[str, str], Channel]
    clock: Clock
    evidence: EvidenceStore
    late: Late
    unreachable: Unreachable
    pace: Pace = field(default_factory=Pace)
    sleep: Sleep = asyncio.sleep
    elsewhere: Elsewhere | None = None
    hand_out: HandOut | None = None
    meter: Meter | None = None

    def __post_init__(self) -> None:
        self._lanes: dict[Chat, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: set[int] = set()  # a parcel may be handed over by `start` and by its turn
        self._budgets = Budgets(self.pace, self.clock.monotonic, self.sleep)
        self._queued: dict[tuple[str, str], deque[Parcel]] = {key: deque() for key in self.channels}  # digests
        self._digests = dict.fromkeys(self.channels, 0)  # under way
        self._gates = {
            key: Gate(self._rate(channel), self.clock.monotonic, self.sleep) for key, channel in self.channels.items()
        }
        self._told_short: set[tuple[Chat, str]] = set()
        self._troubled: set[tuple[str, str]] = set()
        self._decorations: deque[tuple[str, Callable[[], Awaitable[None]]]] = deque()
        self._decorators = 0
        self._flushing: asyncio.TimerHandle | None = None

    def _rate(self, channel: Channel) -> float:
        """Sends per second: what is set, or less where the network bears less; 0 stays no limit."""
        most = channel.capabilities.per_second
        return min(self.pace.overall, most) if most else self.pace.overall

    # --- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Hand over what an earlier life left pending."""
        self.hand_over(await self.database.read(pending))

    async def close(self) -> None:
        """Stop sending; what is pending stays so on disk, what was sent is marked."""
        tasks = [*self._tasks, *(t for gate in self._gates.values() for t in gate.tasks)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        self.database.flush()

    async def drain(self) -> None:
        """Wait until nothing is on its way; for tests and an orderly end."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def hand_over(self, parcels: Iterable[Parcel]) -> None:
        """Take committed parcels; to be called in the event loop, after the commit.

        A notice whose time has not come is left to the sweep, which hands it over when it has.
        """
        for parcel in parcels:
            if parcel.id in self._held or self._early(parcel):
                continue
            self._held.add(parcel.id)
            account = (parcel.chat.channel, parcel.chat.account)
            if parcel.kind == "digest" and account in self._queued:
                self._queued[account].append(parcel)
                self._admit(account)
            else:
                self._answer_tap(parcel)
                self._to_lane(parcel)

    def _to_lane(self, parcel: Parcel) -> None:
        lane = self._lanes.get(parcel.chat)
        if lane is None:
            lane = self._lanes[parcel.chat] = _Lane(parcel.chat)
            self._spawn(self._serve(lane))
        heapq.heappush(lane.heap, (parcel.id, parcel))

    def _admit(self, account: tuple[str, str]) -> None:
        """Digests are told to thousands at once: the words of each are made when its turn is near."""
        queue = self._queued[account]
        while queue and self._digests[account] < DIGESTS:
            self._digests[account] += 1
            self._to_lane(queue.popleft())

    def _let_go(self, parcel: Parcel) -> None:
        """No more of ours: it is settled, or has another address."""
        self._held.discard(parcel.id)
        account = (parcel.chat.channel, parcel.chat.account)
        if parcel.kind == "digest" and account in self._queued:
            self._digests[account] -= 1
            self._admit(account)

    def _early(self, parcel: Parcel) -> bool:
        first = parcel.kind == "notice" and not parcel.attempts
        return first and parcel.next_try_at is not None and parcel.next_try_at > self.clock.business_now()

    async def landing(self, chats: Iterable[Chat]) -> None:
        """Wait, though not for long, until no message to these chats is in the air.

        An answer can overtake the network's word on the prompt it answers. Without that word the prompt would pass
        for unseen, and the answer for one to the prompt before it.
        """
        loop = asyncio.get_running_loop()
        waited = []
        for chat in chats:
            lane = self._lanes.get(chat)
            if lane is not None and lane.in_the_air:
                lane.landed = lane.landed or loop.create_future()
                waited.append(lane.landed)
        if waited:
            await asyncio.wait(waited, timeout=LANDING)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- one chat --------------------------------------------------------------------------------------------

    async def _serve(self, lane: _Lane) -> None:
        channel = self.channels.get((lane.chat.channel, lane.chat.account))
        if channel is None:
            await self._no_account(lane)
        while channel is not None and (lane.parcel or lane.heap):
            parcel = lane.parcel = lane.parcel or heapq.heappop(lane.heap)[1]
            if parcel.attempts and not lane.resume_at:
                self._resume(lane, parcel)
            if (wait := lane.resume_at - self.clock.monotonic()) > 0:
                await self.sleep(wait)
            await self._note(lane, parcel, await self._tried(lane, parcel, channel))
        del self._lanes[lane.chat]

    async def _no_account(self, lane: _Lane) -> None:
        """Its account is not configured in this run; the parcels stay pending for one where it is, digests move on."""
        log.error("%d messages for an unknown account %s %s", len(lane.heap), lane.chat.channel, lane.chat.account)
        for _, parcel in list(lane.heap):
            if (moved := await self._moved(parcel)) is not None:
                self._held.discard(parcel.id)
                self.hand_over([moved])

    async def _tried(self, lane: _Lane, parcel: Parcel, channel: Channel) -> Mark | Parcel:
        """One try; what has become of the parcel, or the parcel with another address."""
        try:
            return await self._deliver(lane, parcel, channel)
        except SendFailedError as error:
            return await self._after_failure(lane, parcel, error)
        except StorageUnavailableError as error:
            return self._again(lane, parcel, _backoff(parcel.attempts), f"storage: {error}")
        except Exception:
            return self._after_bug(lane, parcel)

    async def _deliver(self, lane: _Lane, parcel: Parcel, channel: Channel) -> Mark:
        if lane.unanswered and isinstance(channel, Answering) and not await channel.alive():
            # In an outage every try ends like this: none of them counts as a repetition.
            raise SendFailedError(Failure.TRANSIENT, "the network does not answer")
        if not lane.sent and (ended := await self._prepared(lane, parcel, channel)) is not None:
            return ended
        if not lane.messages:
            return self._refusal(parcel, "nothing to send")
        at, message_id = self.clock.business_now(), 0
        while lane.sent < len(lane.messages):
            await self._turn(lane, parcel)
            at, message_id = await self._out(lane, channel, lane.messages[lane.sent])
            lane.sent += 1
        if self._troubled:
            self._recovered(channel)
        self._edit(parcel, channel)
        return Mark(parcel.id, "sent", at, message_id, parcel.attempts)

    async def _prepared(self, lane: _Lane, parcel: Parcel, channel: Channel) -> Mark | None:
        """Make the messages of a parcel; or what has become of it without any of them."""
        payload: dict[str, Any] | None = parcel.payload
        if parcel.kind == "digest" or LATE & parcel.payload.keys():
            async with shown(channel, parcel.chat.chat_id):
                payload = await self.late(parcel)
        if payload is None:
            return Mark(parcel.id, "expired", self.clock.business_now(), attempts=parcel.attempts)
        if self._short(parcel, channel):
            return await self._short_word(lane, parcel, channel)
        lane.messages = await self._rendered(parcel, payload, channel, repeated=lane.unanswered > 0)
        return None

    async def _out(self, lane: _Lane, channel: Channel, message: Outgoing) -> tuple[datetime, int]:
        """Send one message; when it was sent, and its id. Without ids the network's own moment counts, if it gives one.

        That moment is compared with those of what the person sends, which are by the same clock; ours may differ.
        """
        handed_over = self.clock.business_now()
        lane.in_the_air = True
        try:
            message_id = await self._send(channel, message)
        finally:
            lane.in_the_air = False
        if self.meter is not None and (counted := self.meter.count((channel.name, channel.account))) is not None:
            self.database.ride(COUNTS, counted)
        if channel.capabilities.numbered_messages:
            return self.clock.business_now(), message_id
        return (datetime.fromtimestamp(message_id / 1000, UTC) if message_id else handed_over), 0

    def _short(self, parcel: Parcel, channel: Channel) -> bool:
        """Whether this has to make way for reminders."""
        return self.meter is not None and parcel.kind == "reply" and self.meter.short((channel.name, channel.account))

    async def _short_word(self, lane: _Lane, parcel: Parcel, channel: Channel) -> Mark:
        """Instead of replies, one sentence a month to each chat that says why and where to go on."""
        told = (lane.chat, self.meter.month if self.meter is not None else "")
        if told not in self._told_short:
            words = SHORT.vi if parcel.payload.get("language", "vi") == "vi" else SHORT.en
            await self._out(lane, channel, Outgoing(lane.chat.chat_id, words))
            self._told_short.add(told)
        return self._refusal(parcel, "the month's messages are kept for reminders")

    async def _rendered(
        self, parcel: Parcel, payload: dict[str, Any], channel: Channel, *, repeated: bool
    ) -> list[Outgoing]:
        media = b""
        if payload.get("photo"):
            media = await self._kept(payload["photo"])
            media = media if len(media) <= PHOTO_LIMIT else b""
        elif payload.get("document") and channel.capabilities.max_file and not repeated:
            # A file that may have arrived is never sent again by itself: its words say where to get it.
            media = await self._kept(payload["document"]["sha256"])
        if payload.get("document") and not media and self.hand_out is not None:
            payload = await self._handed_out(payload)
        if repeated and parcel.kind != "reply":  # a reminder that may have arrived says so
            payload = {**payload, "text": REPEATED + payload.get("text", "")}
        return render(payload, channel.capabilities, parcel.token, parcel.chat.chat_id, media)

    async def _handed_out(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A file the network does not carry: its words say with which address and code it is had."""
        document, language = payload["document"], str(payload.get("language") or "vi")
        if self.hand_out is None or not await asyncio.to_thread(self.evidence.passing.exists, document["sha256"]):
            return payload
        instead = await self.hand_out(document["name"], document["sha256"], language)
        return {**payload, "document": {**document, "instead": instead}}

    async def _kept(self, sha: str) -> bytes:
        """Evidence, or what was made to be shown and only passes through."""
        passing = self.evidence.passing
        return await self._bytes(passing if await asyncio.to_thread(passing.exists, sha) else self.evidence, sha)

    @staticmethod
    async def _bytes(store: EvidenceStore, sha: str) -> bytes:
        """What cannot be shown costs the picture or the file, never the message."""
        try:
            return await asyncio.to_thread(store.get, sha)
        except EvidenceUnavailableError as error:
            log.error("not shown: %s", error)
            return b""

    @staticmethod
    async def _send(channel: Channel, message: Outgoing) -> int:
        try:
            return await channel.send(message)
        except SendFailedError as error:
            alone = without_media(message)
            if error.failure is not Failure.REQUEST or alone == message or not alone.text:
                raise
            log.warning("picture or file refused, sending the text alone: %s", error)
            return await channel.send(alone)

    async def _note(self, lane: _Lane, parcel: Parcel, mark: Mark | Parcel) -> None:
        """Write down what became of the parcel under way; unless it is pending, the next one has its turn.

        A parcel in place of a mark: it has another address now. With more to say to this chat the mark is awaited: a
        kill then repeats one message of it, not a backlog.
        """
        if isinstance(mark, Parcel):
            self._next(lane, parcel)
            self.hand_over([mark])
            return
        if not (lane.heap and mark.state == "sent" and await self._written(mark)):
            self.database.ride(MARKS, mark)
        self._landed(lane)
        if self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(MARK_DELAY, self._flush)
        if mark.state == "pending":
            lane.parcel = replace(parcel, attempts=mark.attempts, next_try_at=mark.next_try_at)
            return
        self._next(lane, parcel)

    def _next(self, lane: _Lane, parcel: Parcel) -> None:
        """The lane is done with this parcel."""
        self._landed(lane)
        self._let_go(parcel)
        lane.parcel = None
        lane.messages, lane.sent, lane.unanswered, lane.resume_at = [], 0, 0, 0.0

    @staticmethod
    def _landed(lane: _Lane) -> None:
        if lane.landed is not None:
            lane.landed.set_result(None)
            lane.landed = None

    async def _written(self, mark: Mark) -> bool:
        try:
            await self.database.submit(MARKS, mark)
        except StorageUnavailableError:
            return False
        return True

    def _flush(self) -> None:
        self._flushing = None
        self.database.flush()

    # --- failures --------------------------------------------------------------------------------------------

    async def _after_failure(self, lane: _Lane, parcel: Parcel, error: SendFailedError) -> Mark | Parcel:
        if error.failure is Failure.RECIPIENT:
            lost = await self._after_loss(lane, parcel, error)
            return await self._moved(parcel) or lost
        if self._hopeless(lane, parcel, error) and (moved := await self._moved(parcel)) is not None:
            log.warning("digest %d goes another road: %s", parcel.id, error)
            return moved
        if error.failure is Failure.REQUEST:
            log.error("message %d parked, the network refuses it: %s", parcel.id, error)
            return self._refusal(parcel, f"{error.failure}: {error}")
        if error.failure is Failure.AMBIGUOUS:
            lane.unanswered += 1
            if lane.unanswered >= UNANSWERED[parcel.kind]:
                log.error("message %d given up without a reply, it may have arrived: %s", parcel.id, error)
                return self._refusal(parcel, f"{error.failure}: {error}")
        if error.failure is Failure.THROTTLED and parcel.attempts >= THROTTLED_TRIES:
            log.error("message %d given up, the network lets nothing pass: %s", parcel.id, error)
            return self._refusal(parcel, f"{error.failure}: {error}")
        self._trouble(parcel, error)
        return self._again(lane, parcel, self._pause(lane, parcel, error), f"{error.failure}: {error}")

    def _hopeless(self, lane: _Lane, parcel: Parcel, error: SendFailedError) -> bool:
        """Whether a reminder should rather look for another road; never while it may have arrived."""
        if lane.unanswered or lane.sent:
            return False
        if error.failure is Failure.REQUEST:
            return True
        used_up = self.meter is not None and self.meter.short((lane.chat.channel, lane.chat.account))
        if error.failure is Failure.THROTTLED and used_up:
            return True
        return parcel.attempts + 1 >= ROAD_TRIES.get(error.failure, parcel.attempts + 2)

    async def _moved(self, parcel: Parcel) -> Parcel | None:
        """A digest at the person's next address, if there is one."""
        if parcel.kind != "digest" or self.elsewhere is None:
            return None
        try:
            return await self.elsewhere(parcel)
        except StorageUnavailableError:
            return None

    async def _after_loss(self, lane: _Lane, parcel: Parcel, error: SendFailedError) -> Mark:
        """The person cannot be reached: neither with this message nor with those behind it."""
        while lane.heap:
            later = heapq.heappop(lane.heap)[1]
            self._let_go(later)
            self.database.ride(MARKS, self._refusal(later, f"{error.failure}: {error}"))
        try:
            await self.unreachable(parcel.chat)
        except Exception:
            log.exception("a chat that cannot be reached was not noted")
        return self._refusal(parcel, f"{error.failure}: {error}")

    def _after_bug(self, lane: _Lane, parcel: Parcel) -> Mark:
        log.exception("message %d could not be prepared", parcel.id)
        if parcel.attempts + 1 >= BUG_TRIES:
            return self._refusal(parcel, "could not be prepared")
        return self._again(lane, parcel, _backoff(parcel.attempts), "could not be prepared")

    def _pause(self, lane: _Lane, parcel: Parcel, error: SendFailedError) -> float:
        if error.failure is Failure.CREDENTIAL:
            return LONGEST_PAUSE
        if error.failure is not Failure.THROTTLED:
            return _backoff(parcel.attempts)
        wait = max(error.after, 1.0) if error.after else _backoff(parcel.attempts)  # some do not say how long
        now = self.clock.monotonic()
        lane.resume_at = now + wait
        account = (lane.chat.channel, lane.chat.account)
        waiting = sum(
            other.resume_at > now
            for other in self._lanes.values()
            if (other.chat.channel, other.chat.account) == account
        )
        if waiting >= OVERALL_SIGN:
            self._gates[account].pause(now + wait)
        return wait

    def _again(self, lane: _Lane, parcel: Parcel, pause: float, trouble: str) -> Mark:
        now = self.clock.business_now()
        if parcel.kind == "reply" and now - parcel.created_at > REPLY_LIFE:
            return self._refusal(parcel, f"too old: {trouble}")
        lane.resume_at = self.clock.monotonic() + pause
        return Mark(
            parcel.id,
            "pending",
            now,
            attempts=parcel.attempts + 1,
            next_try_at=now + timedelta(seconds=pause),
            trouble=trouble,
        )

    def _resume(self, lane: _Lane, parcel: Parcel) -> None:
        """Keep a wait that an earlier life began."""
        if parcel.next_try_at is not None:
            left = (parcel.next_try_at - self.clock.business_now()).total_seconds()
            lane.resume_at = self.clock.monotonic() + min(max(left, 0.0), LONGEST_PAUSE)

    def _refusal(self, parcel: Parcel, trouble: str) -> Mark:
        now = self.clock.business_now()
        return Mark(parcel.id, "refused", now, attempts=parcel.attempts + 1, trouble=trouble)

    def _trouble(self, parcel: Parcel, error: SendFailedError) -> None:
        """One line when an account begins to fail, not one for each message."""
        account = (parcel.chat.channel, parcel.chat.account)
        if account not in self._troubled:
            self._troubled.add(account)
            level = logging.ERROR if error.failure is Failure.CREDENTIAL else logging.WARNING
            log.log(level, "%s %s: sending fails, messages wait: %s: %s", *account, error.failure, error)

    def _recovered(self, channel: Channel) -> None:
        account = (channel.name, channel.account)
        if account in self._troubled:
            self._troubled.discard(account)
            log.info("%s %s: sending works again", *account)

    # --- pace ------------------------------------------------------------------------------------------------

    async def _turn(self, lane: _Lane, parcel: Parcel) -> None:
        await self._budgets.spend(lane.chat)
        gate = self._gates[lane.chat.channel, lane.chat.account]
        if not gate.free():
            await gate.enter(0 if parcel.kind == "reply" else 1)

    # --- decorations: beside the messages, logged when they fail, never repeated -----------------------------

    def _answer_tap(self, parcel: Parcel) -> None:
        channel = self.channels.get((parcel.chat.channel, parcel.chat.account))
        if channel is not None and (answer := parcel.payload.get("answer")):
            callback, text = answer
            self._decorations.appendleft(("tap answer", lambda: channel.answer_tap(callback, text)))
            self._decorate()

    def _edit(self, parcel: Parcel, channel: Channel) -> None:
        if channel.capabilities.edits and (edit := parcel.payload.get("edit")):
            message_id, text = edit
            self._decorations.append(("edit", lambda: channel.edit(parcel.chat.chat_id, message_id, text)))
            self._decorate()

    def _decorate(self) -> None:
        if self._decorators < DECORATORS:
            self._decorators += 1
            self._spawn(self._decorator())

    async def _decorator(self) -> None:
        try:
            while self._decorations:
                name, action = self._decorations.popleft()
                try:
                    await action()
                except Exception as error:
                    log.warning("%s failed: %s", name, error)
        finally:
            self._decorators -= 1


def _backoff(attempts: int) -> float:
    """1, 2, 4 ... 60 seconds."""
    return min(LONGEST_PAUSE, 2.0 ** min(attempts, 10))
