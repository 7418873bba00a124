"""The state of the network: people with their phones, chats, messages, and the updates a bot has not yet confirmed.

No HTTP here. People act through `say`, `tap`, `photo`; the bot acts through `post`, `revise`, `remove`, `acknowledge`;
each change is told to listeners, kept in a bounded history, and handed to the store to be written later.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol

from bot.simulator.faults import Faults
from bot.simulator.store import Rendition, Store, renditions

DEFAULT_TOKEN: Final = "100001:simulator"  # noqa: S105 - opens a network of make-believe only
EVENTS: Final = 20_000
FILES: Final = 200_000
COMMAND: Final = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")
ON_BY_REQUEST: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Json = dict[str, Any]
Picture = bytes | Sequence[Rendition]


class Clock(Protocol):
    """The business clock of whoever runs the simulator: an aware `now`, and a way to move it forward."""

    def now(self) -> datetime: ...

    async def move(self, to: datetime) -> None: ...


class ApiError(Exception):
    """A refusal as the Bot API words it: HTTP status, description, optional parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class DisconnectedError(Exception):
    """The connection ends without an answer."""


class File(NamedTuple):
    """A file of the network; width and height in pixels and duration in seconds are 0 where they have no meaning."""

    file_id: str
    unique_id: str
    size: int
    path: str
    digest: str
    name: str
    mime: str
    width: int = 0
    height: int = 0
    duration: int = 0

    def api(self) -> Json:
        shown: Json = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}
        if self.width:
            return shown | {"width": self.width, "height": self.height}
        if self.duration:
            return shown | {"duration": self.duration, "mime_type": self.mime}
        return shown | {"file_name": self.name, "mime_type": self.mime}

    def row(self) -> list[Any]:
        return list(self)


@dataclass(slots=True, eq=False)
class Chat:
    """A phone (one person's private chat with the bot) or a group. `next_id` is the last message id given."""

    chat_id: int
    name: str
    role: str = ""
    title: str = ""
    kind: str = "private"
    blocked: bool = False
    started: bool = True
    members: list[int] = field(default_factory=list)
    next_id: int = 0
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict, repr=False)
    _api: Json | None = None

    def api(self) -> Json:
        if self._api is None:
            named = {"first_name": self.name} if self.kind == "private" else {"title": self.name}
            self._api = {"id": self.chat_id, "type": self.kind, **named}
        return self._api

    def user(self) -> Json:
        return {"id": self.chat_id, "is_bot": False, "first_name": self.name, "language_code": "vi"}

    def view(self) -> Json:
        shown: Json = {"chat_id": self.chat_id, "user_id": self.chat_id, "name": self.name, "role": self.role}
        shown |= {"title": self.title, "blocked": self.blocked}
        return shown if self.kind == "private" else {**shown, "user_id": None, "members": self.members}

    def row(self) -> Json:
        kept = ("chat_id", "name", "role", "title", "kind", "blocked", "started", "members", "next_id")
        return {name: getattr(self, name) for name in kept}


@dataclass(slots=True, eq=False)
class Message:
    """A message in a chat. `sender` is the user object of a person, or None for the bot; dates are Unix seconds."""

    chat: Chat
    message_id: int
    sender: Json | None
    date: int
    text: str | None = None
    caption: str | None = None
    entities: list[Json] | None = None
    markup: Json | None = None
    photo: tuple[File, ...] = ()
    document: File | None = None
    voice: File | None = None
    location: Json | None = None
    album: str | None = None
    edited: int | None = None
    reply_to: int | None = None

    @property
    def inline(self) -> list[list[Json]] | None:
        return (self.markup or {}).get("inline_keyboard")

    def row(self) -> Json:
        kept = {name: getattr(self, name) for name in MESSAGE_FIELDS}
        return {"chat": self.chat.chat_id, **{name: value for name, value in kept.items() if value}}


MESSAGE_FIELDS: Final = tuple(each.name for each in fields(Message) if each.name != "chat")


def read_message(chat: Chat, row: Json) -> Message:
    """A message from its row."""
    kept: Json = {name: row.get(name) for name in MESSAGE_FIELDS}
    kept["photo"] = tuple(File(*each) for each in kept["photo"] or ())
    for name in ("document", "voice"):
        kept[name] = File(*kept[name]) if kept[name] else None
    return Message(chat=chat, **kept)


@dataclass(slots=True, frozen=True)
class Event:
    """What just happened: type is message, edit, delete, typing or callback_answer; `text` of the last two."""

    seq: int
    chat_id: int
    type: str
    message: Message | None = None
    text: str | None = None
    alert: bool = False


@dataclass(slots=True, eq=False)
class Update:
    """One update, written out as the bot will get it."""

    update_id: int
    kind: str
    chat_id: int
    body: bytes
    repeat: bool = False

    def row(self) -> list[Any]:
        return [self.update_id, self.kind, self.chat_id, self.body.decode()]


@dataclass(slots=True)
class Record:
    """A JSON value that is kept as it is."""

    value: Any

    def row(self) -> Any:
        return self.value


@dataclass(slots=True)
class Pace:
    """Sending limits: token buckets per chat and overall, messages per second with a burst; groups per minute.

    A rate of 0 is no limit.
    """

    per_chat: float = 0.0
    chat_burst: float = 5.0
    overall: float = 0.0
    overall_burst: float = 30.0
    group_per_minute: float = 0.0
    _buckets: dict[int, tuple[float, float]] = field(default_factory=dict, repr=False)

    @classmethod
    def realistic(cls) -> Pace:
        return cls(per_chat=1.0, overall=30.0, group_per_minute=20.0)

    def refusal(self, chat: Chat, now: float) -> int | None:
        """Seconds to wait before the next message to this chat, or None and the message is counted."""
        per_chat, burst = self.per_chat, self.chat_burst
        if chat.kind != "private" and self.group_per_minute:
            per_chat, burst = self.group_per_minute / 60, self.group_per_minute
        levels = [
            (key, rate, self._level(key, rate, most, now))
            for key, rate, most in ((0, self.overall, self.overall_burst), (chat.chat_id, per_chat, burst))
            if rate
        ]
        waits = [math.ceil((1 - level) / rate) for _, rate, level in levels if level < 1]
        if waits:
            return max(1, *waits)
        self._buckets.update({key: (level - 1, now) for key, _, level in levels})
        return None

    def _level(self, key: int, rate: float, most: float, now: float) -> float:
        level, since = self._buckets.get(key, (most, now))
        return min(most, level + (now - since) * rate)


@dataclass(slots=True)
class Limits:
    """What the network refuses. Lengths in characters, sizes in bytes, `callback_seconds` in machine time,
    `history` in messages kept per chat."""

    text: int = 4096
    caption: int = 1024
    callback_data: int = 64
    buttons_per_row: int = 8
    buttons: int = 100
    callback_answer: int = 200
    download: int = 20 * 1024 * 1024
    upload_photo: int = 10 * 1024 * 1024
    upload: int = 50 * 1024 * 1024
    callback_seconds: float = 60.0
    history: int = 2_000
    pace: Pace = field(default_factory=Pace)


class Updates:
    """The bot's queue. An update stays until a poll with a higher offset, or a webhook's 2xx, confirms it."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store, self._faults = store, faults
        self._ids = store.counter("update", 100_000)
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self._again: list[Update] = []
        self._poll: asyncio.Future[None] | None = None
        self.allowed: list[str] = []
        self.on_push: Callable[[Update], None] | None = None
        for update_id, kind, chat_id, body in sorted(store.rows("update")):
            self.pending[update_id] = Update(update_id, kind, chat_id, body.encode())

    def push(self, kind: str, chat_id: int, content: Json) -> None:
        """Queue an update of this kind, unless the bot has said it does not want such."""
        if (kind not in self.allowed) if self.allowed else (kind in ON_BY_REQUEST):
            return
        repeat = False
        if self._faults.plans:
            if jump := self._faults.draw_update("jump", chat_id):
                self._ids.next(jump.size)
            if self._faults.draw_update("undecodable", chat_id):
                # A message without its chat and id: JSON is sound, but no client library can make an object of it.
                self._queue(kind, chat_id, {"date": "undecodable"}, False)
            repeat = self._faults.draw_update("duplicate", chat_id) is not None
        self._queue(kind, chat_id, content, repeat)

    def _queue(self, kind: str, chat_id: int, content: Json, repeat: bool) -> None:
        update_id = self._ids.next()
        body = json.dumps({"update_id": update_id, kind: content}).encode()
        update = self.pending[update_id] = Update(update_id, kind, chat_id, body, repeat)
        self._store.put("update", str(update_id), update)
        if self.on_push is not None:
            self.on_push(update)
        elif self._poll is not None:
            wake(self._poll)

    def confirm(self, offset: int) -> None:
        """Forget the updates below the offset; a negative offset keeps only that many of the last."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.done(next(iter(self.pending)))
        while offset > 0 and self.pending and next(iter(self.pending)) < offset:
            self.done(next(iter(self.pending)))

    def done(self, update_id: int) -> None:
        update = self.pending.pop(update_id)
        self._store.put("update", str(update_id), None)
        if update.repeat:
            self._again.append(update)

    async def poll(self, offset: int, limit: int, wait: float) -> list[bytes]:
        """The next updates, waiting up to `wait` seconds for one. A newer poll ends this one with a conflict."""
        self.interrupt(ApiError(409, CONFLICT))
        self.confirm(offset)
        if not self.pending and not self._again and wait > 0:
            loop = asyncio.get_running_loop()
            waiting = self._poll = loop.create_future()
            alarm = loop.call_later(wait, wake, waiting)
            try:
                await waiting
            finally:
                alarm.cancel()
                if self._poll is waiting:
                    self._poll = None
        return self._batch(limit)

    def _batch(self, limit: int) -> list[bytes]:
        again, self._again = self._again, []
        given = [*again, *islice(self.pending.values(), limit)]
        bodies: list[bytes] = []
        for update in given:
            # A duplicated update comes twice in its batch and, being then confirmed, once more in the next.
            bodies += [update.body] * (2 if update.repeat and update not in again else 1)
        if len(bodies) > 1 and self._faults.plans and self._faults.draw_update("reorder"):
            bodies.reverse()
        return bodies

    def interrupt(self, reason: Exception) -> None:
        """End the waiting poll, if there is one, with this error."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(reason)
        self._poll = None


CONFLICT: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Network:
    """Everything one bot's network knows. `now` gives message dates; `machine` gives seconds for limits."""

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        store: Store | None = None,
        now: Callable[[], datetime] | None = None,
        machine: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token, self.store = token, store or Store(None)
        self.now, self.machine = now, machine
        self.faults, self.limits = Faults(), Limits()
        self.bot: Json = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Kỷ Cương"}
        self.bot["username"] = "kycuong_simulator_bot"
        self.updates = Updates(self.store, self.faults)
        self.faults.on_outage = lambda: self.updates.interrupt(DisconnectedError())
        self.chats: dict[int, Chat] = {}
        self.files: OrderedDict[str, File] = OrderedDict()
        self.paths: dict[str, str] = {}
        self.settings: Json = {"webhook": None, "commands": {}, "allowed": []}
        self.events: deque[Event] = deque(maxlen=EVENTS)
        self._callbacks: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._listeners: list[Callable[[Event], None]] = []
        self._readers: set[asyncio.Future[None]] = set()
        self._count()
        self._load()

    def _count(self) -> None:
        counter = self.store.counter
        self._users, self._groups = counter("user", 5_000_000), counter("group", 9_000_000)
        self._file_ids, self._callback_ids = counter("file"), counter("callback", 7_000_000)
        self._albums, self._seq, self._highest = counter("album", 13_000_000), counter("event"), counter("message")

    def _load(self) -> None:
        # After a kill the latest messages of a chat may be unknown: every chat goes on above all ids ever given.
        floor = 0 if self.store.clean else self._highest.value
        for row in self.store.rows("chat"):
            self.chats[row["chat_id"]] = Chat(**{**row, "next_id": max(row["next_id"], floor)})
        for row in self.store.rows("message"):
            chat = self.chats[row["chat"]]
            chat.messages[row["message_id"]] = read_message(chat, row)
        for row in self.store.rows("file"):
            self._keep_file(File(*row))
        for row in self.store.rows("settings"):
            self.settings |= row
        self.updates.allowed = self.settings["allowed"]
        self._floor = max(floor, self.settings.get("floor", 0))
        self.change_settings(floor=self._floor)
        for chat in self.chats.values():
            chat.messages = OrderedDict(sorted(chat.messages.items()))

    def change_settings(self, **changed: Any) -> None:
        """Remember the webhook, the commands or the allowed updates."""
        self.settings |= changed
        self.updates.allowed = self.settings["allowed"]
        self.store.put("settings", "all", Record(self.settings))

    def date(self) -> int:
        """The date a message of this moment carries, Unix seconds: business time where there is such a clock."""
        return time.time_ns() // 1_000_000_000 if self.now is None else int(self.now().timestamp())

    # People and chats

    def phone(
        self, name: str, *, role: str = "", title: str = "", user_id: int | None = None, started: bool = True
    ) -> Chat:
        """The phone of this user, made or renamed. `started=False`: a bot may not write to it before it has written."""
        if user_id is None:
            user_id = self._users.next()
        self._users.at_least(user_id if 5_000_000 <= user_id < 6_000_000 else 0)
        held = self.chats.get(user_id)
        if held is None:
            held = self.chats[user_id] = Chat(user_id, name, next_id=self._floor, started=started)
        held.name, held.role, held.title, held._api = name, role, title, None
        self.store.put("chat", str(user_id), held)
        return held

    def group(self, name: str, members: Iterable[int] = ()) -> Chat:
        """A group chat the bot is put into; the members are user ids of phones."""
        chat_id = -self._groups.next()
        chat = Chat(chat_id, name, kind="group", members=list(members), next_id=self._floor)
        self.chats[chat_id] = chat
        self.store.put("chat", str(chat_id), chat)
        adder = self.chats[chat.members[0]].user() if chat.members else self.bot
        self._membership(chat, adder, "left", "member")
        return chat

    def phones(self) -> list[Chat]:
        return [chat for chat in self.chats.values() if chat.kind == "private"]

    def groups(self) -> list[Chat]:
        return [chat for chat in self.chats.values() if chat.kind != "private"]

    def block(self, chat_id: int, blocked: bool = True) -> None:
        """The person blocks the bot, or lifts the block."""
        chat = self.chats[chat_id]
        if chat.blocked != blocked:
            chat.blocked = blocked
            self.store.put("chat", str(chat_id), chat)
            self._membership(chat, chat.user(), *(("member", "kicked") if blocked else ("kicked", "member")))

    def _membership(self, chat: Chat, user: Json, old: str, new: str) -> None:
        def member(status: str) -> Json:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": self.bot, "status": status, **until}

        content = {"chat": chat.api(), "from": user, "date": self.date()}
        content |= {"old_chat_member": member(old), "new_chat_member": member(new)}
        self.updates.push("my_chat_member", chat.chat_id, content)

    # What people do

    def say(self, chat_id: int, text: str, *, by: int | None = None, reply_to: int | None = None) -> Message:
        """A person sends a text; `by` names the member in a group."""
        entities = None
        if "/" in text:
            entities = [
                {"type": "bot_command", "offset": utf16(text[: found.start()]), "length": utf16(found.group())}
                for found in COMMAND.finditer(text)
            ]
        return self._receive(chat_id, by, text=text, entities=entities or None, reply_to=reply_to)

    def photo(  # noqa: PLR0913 - the choices a person has when sending pictures
        self,
        chat_id: int,
        images: Sequence[Picture],
        *,
        caption: str | None = None,
        as_file: bool = False,
        names: Sequence[str] = (),
        by: int | None = None,
    ) -> list[Message]:
        """A person sends pictures, several as one album whose first carries the caption.

        A picture is its bytes, re-encoded as the network does unless `as_file`, or its sizes made beforehand.
        """
        album = str(self._albums.next()) if len(images) > 1 else None
        sent = []
        for place, image in enumerate(images):
            content: Json = {"album": album, "caption": caption if place == 0 else None}
            if as_file:
                body = image if isinstance(image, bytes) else image[-1].body
                name = names[place] if place < len(names) else f"IMG_{place + 1:04}.jpg"
                content["document"] = self.add_file(body, name, mime_of(name, body))
            else:
                content["photo"] = self.add_photo(image)
            sent.append(self._receive(chat_id, by, **content))
        return sent

    def document(self, chat_id: int, body: bytes, name: str, *, caption: str | None = None) -> Message:
        """A person sends any file."""
        return self._receive(chat_id, None, document=self.add_file(body, name, mime_of(name, body)), caption=caption)

    def location(self, chat_id: int, latitude: float, longitude: float, *, by: int | None = None) -> Message:
        return self._receive(chat_id, by, location={"latitude": latitude, "longitude": longitude})

    def voice(self, chat_id: int, body: bytes, *, duration: int = 1, by: int | None = None) -> Message:
        file = self.add_file(body, "voice.ogg", "audio/ogg", folder="voice")
        return self._receive(chat_id, by, voice=self._keep_file(replace_file(file, duration=max(1, duration))))

    def edit(self, chat_id: int, message_id: int, text: str) -> Message:
        """A person edits a message of theirs. KeyError: there is no such message."""
        message = self.chats[chat_id].messages[message_id]
        if message.sender is None:
            raise KeyError(message_id)
        name = "text" if message.text is not None else "caption"
        setattr(message, name, text)
        message.edited = self.date()
        self._changed(message, "edit", by_bot=False)
        self.updates.push("edited_message", chat_id, self.api(message))
        return message

    def tap(self, chat_id: int, message_id: int, data: str, *, by: int | None = None) -> str:
        """A person presses a button of a message, perhaps one that is already gone. Returns the callback query id."""
        chat = self.chats[chat_id]
        query_id = f"{self.bot['id']}{self._callback_ids.next()}"
        self._callbacks[query_id] = (chat_id, self.machine())
        if len(self._callbacks) > 10_000:
            self._callbacks.popitem(last=False)
        message = chat.messages.get(message_id)
        shown = self.api(message) if message else {"chat": chat.api(), "message_id": message_id, "date": 0}
        content = {"id": query_id, "from": self._author(chat, by), "message": shown, "data": data}
        content["chat_instance"] = str(chat_id * 7_919)
        self.updates.push("callback_query", chat_id, content)
        return query_id

    def _author(self, chat: Chat, by: int | None) -> Json:
        if chat.kind == "private":
            return chat.user()
        if by not in chat.members:
            raise ValueError(f"user {by} is no member of the group")
        return self.chats[by].user()

    def _receive(self, chat_id: int, by: int | None, **content: Any) -> Message:
        chat = self.chats[chat_id]
        if chat.blocked:
            raise ValueError("the person has blocked the bot")
        chat.started = True
        message = self._add(chat, self._author(chat, by), content)
        self.updates.push("message", chat_id, self.api(message))
        return message

    # What the bot does

    def recipient(self, chat_id: int) -> Chat:
        """The chat a bot may write to now. Raises ApiError: unknown, blocked, or too fast."""
        chat = self.chats.get(chat_id)
        if chat is None or not chat.started:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if self.limits.pace.overall or self.limits.pace.per_chat or self.limits.pace.group_per_minute:
            wait = self.limits.pace.refusal(chat, self.machine())
            if wait is not None:
                raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        return chat

    def post(self, chat: Chat, **content: Any) -> Message:
        """The bot's message, with the fields of Message."""
        return self._add(chat, None, content)

    def next_album(self) -> str:
        return str(self._albums.next())

    def revise(self, message: Message, **content: Any) -> None:
        """The bot changes a message; a keyboard not given is gone."""
        content.setdefault("markup", None)
        if all(getattr(message, name) == value for name, value in content.items()):
            raise ApiError(400, NOT_MODIFIED)
        for name, value in content.items():
            setattr(message, name, value)
        message.edited = self.date()
        self._changed(message, "edit", by_bot=True)

    def remove(self, message: Message) -> None:
        del message.chat.messages[message.message_id]
        self.store.put("message", message_key(message), None)
        self._tell(Event(self._seq.next(), message.chat.chat_id, "delete", message), by_bot=True)

    def acknowledge(self, query_id: str, text: str | None, *, alert: bool = False) -> int:
        """The bot answers a tap, once and in time; returns the chat."""
        chat_id, since = self._callbacks.pop(query_id, (0, 0.0))
        if not chat_id or self.machine() - since > self.limits.callback_seconds:
            raise ApiError(400, TOO_OLD)
        self._tell(Event(self._seq.next(), chat_id, "callback_answer", text=text, alert=alert), by_bot=True)
        return chat_id

    def act(self, chat: Chat, action: str) -> None:
        self._tell(Event(self._seq.next(), chat.chat_id, "typing", text=action), by_bot=True)

    def _add(self, chat: Chat, sender: Json | None, content: Json) -> Message:
        chat.next_id += 1
        self._highest.at_least(chat.next_id)
        message = Message(chat, chat.next_id, sender, self.date(), **content)
        chat.messages[message.message_id] = message
        if len(chat.messages) > self.limits.history:
            _, oldest = chat.messages.popitem(last=False)
            self.store.put("message", message_key(oldest), None)
        self.store.put("chat", str(chat.chat_id), chat)
        self._changed(message, "message", by_bot=sender is None)
        return message

    def _changed(self, message: Message, kind: str, *, by_bot: bool) -> None:
        self.store.put("message", message_key(message), message)
        self._tell(Event(self._seq.next(), message.chat.chat_id, kind, message), by_bot=by_bot)

    # Files

    def add_file(self, body: bytes, name: str, mime: str, *, folder: str = "documents") -> File:
        """Keep bytes under a new file id; the same bytes have the same unique id, as on the real network."""
        return self._new_file(Rendition.of(body, 0, 0), name, mime, folder)

    def add_photo(self, picture: Picture) -> tuple[File, ...]:
        """Keep a photo in the network's sizes. ValueError: the bytes are no picture."""
        sizes = renditions(picture) if isinstance(picture, bytes) else picture
        return tuple(self._new_file(size, "", "image/jpeg", "photos") for size in sizes)

    def _new_file(self, made: Rendition, name: str, mime: str, folder: str) -> File:
        number = self._file_ids.next()
        ending = name.rpartition(".")[2] if "." in name else "jpg"
        path = f"{folder}/file_{number}.{re.sub(r'[^A-Za-z0-9]', '', ending) or 'bin'}"
        file = File(
            file_id=f"AgAC{number}AAg{made.digest[:24]}",
            unique_id=f"AQAD{made.digest[:16]}",
            size=len(made.body),
            path=path,
            digest=made.digest,
            name=name,
            mime=mime,
            width=made.width,
            height=made.height,
        )
        self.store.put_blob(made.digest, made.body)
        return self._keep_file(file)

    def _keep_file(self, file: File) -> File:
        self.files[file.file_id] = file
        self.paths[file.path] = file.file_id
        self.store.put("file", file.file_id, file)
        if len(self.files) > FILES:
            oldest = self.files.popitem(last=False)[1]
            self.paths.pop(oldest.path, None)
            self.store.put("file", oldest.file_id, None)
        return file

    # Telling

    def listen(self, callback: Callable[[Event], None]) -> None:
        """Have the callback called, at once and in this thread, for everything the bot does in a chat."""
        self._listeners.append(callback)

    def _tell(self, event: Event, *, by_bot: bool) -> None:
        self.events.append(event)
        for reader in self._readers:
            wake(reader)
        if by_bot:
            for callback in self._listeners:
                callback(event)

    @property
    def seq(self) -> int:
        return self._seq.value

    async def events_after(self, seq: int, wait: float) -> list[Event]:
        """The events above `seq` that are still held, waiting up to `wait` seconds for one."""
        if seq >= self.seq and wait > 0:
            loop = asyncio.get_running_loop()
            reader: asyncio.Future[None] = loop.create_future()
            self._readers.add(reader)
            alarm = loop.call_later(wait, wake, reader)
            try:
                await reader
            finally:
                alarm.cancel()
                self._readers.discard(reader)
        newest = [event for event in islice(reversed(self.events), max(0, self.seq - seq)) if event.seq > seq]
        return newest[::-1]

    def release(self) -> None:
        """End every wait: the service closes."""
        self.updates.interrupt(DisconnectedError())
        for reader in self._readers:
            wake(reader)

    # Forms

    def api(self, message: Message) -> Json:
        """The message as the Bot API shows it."""
        chat = message.chat
        shown: Json = {"message_id": message.message_id, "from": message.sender or self.bot, "chat": chat.api()}
        shown["date"] = message.date
        if message.edited:
            shown["edit_date"] = message.edited
        words = "text" if message.text is not None else "caption"
        if message.text is not None or message.caption is not None:
            shown[words] = getattr(message, words)
            if message.entities:
                shown["entities" if words == "text" else "caption_entities"] = message.entities
        if message.reply_to and (answered := chat.messages.get(message.reply_to)):
            shown["reply_to_message"] = self.api(replace(answered, reply_to=None))
        if message.markup and "inline_keyboard" in message.markup:
            shown["reply_markup"] = message.markup
        return shown | self._media(message)

    @staticmethod
    def _media(message: Message) -> Json:
        shown: Json = {}
        if message.photo:
            shown["photo"] = [size.api() for size in message.photo]
        if message.document:
            shown["document"] = message.document.api()
        if message.voice:
            shown["voice"] = message.voice.api()
        if message.location:
            shown["location"] = message.location
        if message.album:
            shown["media_group_id"] = message.album
        return shown

    def view(self, message: Message) -> Json:
        """The message as the web page shows it; dates in ISO 8601, UTC."""
        largest = message.photo[-1] if message.photo else None
        document, voice = message.document, message.voice
        return {
            "message_id": message.message_id,
            "from": "person" if message.sender else "bot",
            "name": (message.sender or self.bot)["first_name"],
            "text": message.text if message.text is not None else message.caption,
            "entities": message.entities or [],
            "date": datetime.fromtimestamp(message.date, UTC).isoformat(),
            "edited": message.edited is not None,
            "photo": largest and {"url": f"/files/{largest.file_id}", "width": largest.width, "height": largest.height},
            "document": document
            and {"url": f"/files/{document.file_id}", "name": document.name, "size": document.size},
            "voice": voice and {"url": f"/files/{voice.file_id}", "duration": voice.duration},
            "location": message.location,
            "buttons": [[button_view(each) for each in line] for line in message.inline or []],
            "keyboard": [[key_view(each) for each in line] for line in (message.markup or {}).get("keyboard", [])],
            "album": message.album,
            "reply_to": message.reply_to,
        }


NOT_MODIFIED: Final = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD: Final = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def wake(waiting: asyncio.Future[None]) -> None:
    """End a wait that has not ended yet."""
    if not waiting.done():
        waiting.set_result(None)


def utf16(text: str) -> int:
    """The length in UTF-16 units, in which the Bot API counts entities."""
    return len(text.encode("utf-16-le")) // 2


def message_key(message: Message) -> str:
    return f"{message.chat.chat_id}/{message.message_id}"


def replace_file(file: File, *, duration: int) -> File:
    return file._replace(duration=duration)


def button_view(button: Json) -> Json:
    return {"text": button["text"], "data": button.get("callback_data"), "url": button.get("url")}


def key_view(key: Json | str) -> Json:
    key = {"text": key} if isinstance(key, str) else key
    asked = "location" if key.get("request_location") else "contact" if key.get("request_contact") else None
    return {"text": key["text"], "request": asked}


MIMES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
}


def mime_of(name: str, body: bytes) -> str:
    """The type the network gives a file: pictures by their first bytes, others by the ending of the name."""
    if body.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG"):
        return "image/png"
    return MIMES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
