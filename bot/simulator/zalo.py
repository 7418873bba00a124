"""The Zalo side of the simulated network: events for each bot, and what the vendor leaves open as switches.

A Zalo phone is a chat like any other; it belongs to one bot and can show text and one photo a message.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from bot.simulator.faults import Faults
from bot.simulator.store import Json, Record, Store
from bot.simulator.waiting import rest, wake

if TYPE_CHECKING:
    from bot.simulator.messages import Message

DEFAULT_ZALO_TOKEN: Final = "200001:simulator"  # noqa: S105 - opens a network of make-believe only
REPLAYED: Final = 200
KNOWN_FIELDS: Final = ("photo_url", "photo")


@dataclass(slots=True)
class Habits:
    """What is not known for certain of the real service, or differs by plan and day."""

    replay: bool = False  # consumed messages come again and again, at once; else each is given once
    wrapped: bool = True  # webhook bodies in {"ok": true, "result": …}; else bare
    photo_field: str = "photo_url"
    octet_stream: bool = True  # what the media host calls a picture
    photo_life: float = 600.0  # seconds an address of a picture can be used
    quota: int = 3_000  # messages a month and bot; 0 = no limit
    retries: int = 0  # how often a webhook call without a 2xx answer is repeated
    gone_code: int = 404  # what a send to somebody who has blocked the bot is answered with; nobody has said

    def change(self, given: Json) -> None:
        """Take new values. Raises ValueError for unknown names."""
        known = {each.name: each.type for each in fields(self)}
        if unknown := set(given) - set(known):
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        for name, value in given.items():
            setattr(self, name, type(getattr(self, name))(value))
        if self.photo_field not in KNOWN_FIELDS:
            raise ValueError("photo_field is photo_url or photo")


class ZaloBot:
    """One bot account: its queue of events, oldest first, and how much it has sent this month."""

    def __init__(self, token: str, store: Store, faults: Faults, habits: Habits) -> None:
        self.token = token
        self.bot_id = token.partition(":")[0]
        self.pending: OrderedDict[int, bytes] = OrderedDict()
        self.webhook: Json | None = None
        self.sent: dict[str, int] = {}
        self.on_push: Callable[[], None] = lambda: None
        self._store, self._faults, self._habits = store, faults, habits
        self._numbers = store.counter(f"zalo-{self.bot_id}", 1)
        self._given: list[bytes] = []
        self._again = 0
        self._poll: asyncio.Future[None] | None = None

    def keep_settings(self) -> None:
        """Remember the webhook and the count."""
        self._store.put("zalo", self.bot_id, Record({"bot": self.bot_id, "webhook": self.webhook, "sent": self.sent}))

    def push(self, chat_id: int, event: Json) -> None:
        """Queue an event."""
        body = json.dumps(event).encode()
        for _ in range(2 if self._faults.plans and self._faults.draw_update("duplicate", chat_id) else 1):
            number = self._numbers.next()
            self.pending[number] = body
            self._store.put("zalo_event", f"{self.bot_id}/{number}", Record([self.bot_id, number, body.decode()]))
        self.on_push()
        if self._poll is not None:
            wake(self._poll)

    def take(self) -> bytes | None:
        """The next event, which is then gone; where events are replayed, older ones follow when there is none."""
        if self.pending:
            number, body = self.pending.popitem(last=False)
            self._store.put("zalo_event", f"{self.bot_id}/{number}", None)
            self._given = [*self._given, body][-REPLAYED:]
            return body
        if self._habits.replay and self._given:
            self._again += 1
            return self._given[self._again % len(self._given)]
        return None

    async def poll(self, wait: float) -> bytes | None:
        """The next event, waiting up to `wait` seconds for one; None when there is none. Two polls share events."""
        found = self.take()
        if found is None and wait > 0:
            waiting = self._poll = asyncio.get_running_loop().create_future()
            try:
                await rest(waiting, wait)
            finally:
                if self._poll is waiting:
                    self._poll = None
            found = self.take()
        return found

    def release(self, reason: Exception) -> None:
        """End a waiting poll with this error."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(reason)
        self._poll = None


class ZaloSide:
    """All Zalo bots of the network, by token."""

    def __init__(self, store: Store, faults: Faults, machine: Callable[[], float]) -> None:
        self.machine = machine
        self.habits = Habits()
        self.root = ""  # where the media host is reached, once the service listens
        self.bots: dict[str, ZaloBot] = {}
        self.missed: list[str] = []  # webhook calls nobody took
        self.sent_at: dict[str, float] = {}  # when a picture was sent, by its file id, in seconds of the machine
        self._store, self._faults = store, faults
        self._known: dict[str, Json] = {row["bot"]: row for row in store.rows("zalo")}
        self._waiting = list(store.rows("zalo_event"))
        self.add(DEFAULT_ZALO_TOKEN)

    def add(self, token: str) -> ZaloBot:
        """The bot of a token, made when there is none."""
        if token not in self.bots:
            bot = self.bots[token] = ZaloBot(token, self._store, self._faults, self.habits)
            kept = self._known.pop(bot.bot_id, {})
            bot.webhook, bot.sent = kept.get("webhook"), kept.get("sent", {})
            for bot_id, number, body in sorted(self._waiting):
                if bot_id == bot.bot_id:
                    bot.pending[number] = body.encode()
        return self.bots[token]

    def of(self, bot_id: str) -> ZaloBot:
        """The bot with this id. Raises LookupError."""
        return next(bot for bot in self.bots.values() if bot.bot_id == bot_id)

    def received(self, message: Message) -> None:
        """A person has sent something to their bot."""
        self.of(message.chat.bot).push(message.chat.chat_id, self.event(message))

    def event(self, message: Message) -> Json:
        """What the bot is told of a message; what it cannot be told of is "unsupported"."""
        chat = message.chat
        told: Json = {
            "message_id": f"{message.message_id:x}{chat.chat_id:012x}",
            "date": message.milliseconds,
            "chat": {"id": zalo_id(chat.chat_id), "chat_type": "PRIVATE"},
            "from": {"id": zalo_id(chat.chat_id), "display_name": chat.name, "is_bot": False},
        }
        if message.photo:
            self.sent_at[message.photo[-1].file_id] = self.machine()
            address = f"{self.root}/zalo-media/{message.photo[-1].file_id}.jpg"
            told |= {self.habits.photo_field: address, "message_type": "CHAT_PHOTO"}
            if message.caption:
                told["caption"] = message.caption
            return {"event_name": "message.image.received", "message": told}
        if message.text is not None:
            return {"event_name": "message.text.received", "message": {**told, "text": message.text}}
        return {"event_name": "message.unsupported.received", "message": told}

    def view(self) -> Json:
        """The switches, and what has happened, as tests read it."""
        counted = {bot.bot_id: {"sent": bot.sent, "waiting": len(bot.pending)} for bot in self.bots.values()}
        return {**asdict(self.habits), "bots": counted, "missed": self.missed}

    def release(self, reason: Exception) -> None:
        """End every waiting poll."""
        for bot in self.bots.values():
            bot.release(reason)


def zalo_id(chat_id: int) -> str:
    """A chat's or person's id as Zalo writes it: 20 hexadecimal characters."""
    return f"{chat_id:020x}"


def chat_of(zalo: Any) -> int | None:
    """The chat an id on the wire means."""
    try:
        return int(str(zalo), 16) if len(str(zalo)) == 20 else None
    except ValueError:
        return None
