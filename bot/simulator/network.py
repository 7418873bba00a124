"""The network itself: what people do on their phones and what the bot does in a chat, each told to all it concerns.

No HTTP here. People act through `say`, `tap`, `photo`; the bot acts through `post`, `revise`, `remove`, `acknowledge`;
each change becomes an event, what people do an update for the bot, and the store is handed it to be written later.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from bot.simulator.chats import Chat, Chats
from bot.simulator.events import Event, Events
from bot.simulator.faults import DisconnectedError, Faults
from bot.simulator.files import File, Files, Picture, mime_of
from bot.simulator.limits import NOT_MODIFIED, TOO_OLD, ApiError, Limits
from bot.simulator.messages import Message, command_entities
from bot.simulator.store import Json, Record, Store
from bot.simulator.updates import Updates
from bot.simulator.zalo import ZaloSide

__all__ = ["DEFAULT_TOKEN", "Chat", "Clock", "Event", "Message", "Network"]

DEFAULT_TOKEN: Final = "100001:simulator"  # noqa: S105 - opens a network of make-believe only
TAPS: Final = 10_000


class Clock(Protocol):
    """The business clock of whoever runs the simulator: an aware `now`, and a way to move it forward."""

    def now(self) -> datetime: ...

    async def move(self, to: datetime) -> None: ...


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
        self.zalo = ZaloSide(self.store, self.faults, machine)
        self.faults.on_outage = self._cut_polls
        self.files, self.events = Files(self.store), Events(self.store.counter("event"))
        self.on_webhook: Callable[[], None] = lambda: None
        self._callbacks: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._callback_ids = self.store.counter("callback", 7_000_000)
        self._albums = self.store.counter("album", 13_000_000)
        self.settings: Json = {"webhook": None, "commands": {}, "allowed": []}
        for row in self.store.rows("settings"):
            self.settings |= row
        self.chats = Chats(self.store, self.settings.get("floor", 0))
        self.change_settings(floor=self.chats.floor)

    def change_settings(self, **changed: Any) -> None:
        """Remember the webhook, the commands or the allowed updates."""
        self.settings |= changed
        self.updates.allowed = self.settings["allowed"]
        self.store.put("settings", "all", Record(self.settings))

    def _cut_polls(self) -> None:
        self.updates.interrupt(DisconnectedError())
        self.zalo.release(DisconnectedError())

    def milliseconds(self) -> int:
        """Now, in milliseconds since 1970: business time where there is such a clock."""
        return time.time_ns() // 1_000_000 if self.now is None else int(self.now().timestamp() * 1000)

    def date(self) -> int:
        """The same in seconds, as Telegram dates messages."""
        return self.milliseconds() // 1000

    def month(self) -> str:
        """The month of now, "2026-08", by which messages are counted."""
        return datetime.fromtimestamp(self.milliseconds() / 1000, UTC).strftime("%Y-%m")

    # People and chats

    def phone(  # noqa: PLR0913 - what is known of a person
        self,
        name: str,
        *,
        role: str = "",
        title: str = "",
        user_id: int | None = None,
        started: bool = True,
        bot: str = "",
    ) -> Chat:
        """The phone of this user, made or renamed. `started=False`: a bot may not write to it before it has written.

        `bot`: the id of a Zalo bot; the phone is then one on that network.
        """
        held = self.chats.phone(user_id, name, started=started, bot=bot)
        held.describe(name, role, title)
        self.chats.keep(held)
        return held

    def group(self, name: str, members: Iterable[int] = ()) -> Chat:
        """A group chat the bot is put into; the members are user ids of phones."""
        chat = self.chats.group(name, members)
        adder = self.chats[chat.members[0]].user() if chat.members else self.bot
        self._membership(chat, adder, "left", "member")
        return chat

    def phones(self) -> list[Chat]:
        return self.chats.of_kind(private=True)

    def groups(self) -> list[Chat]:
        return self.chats.of_kind(private=False)

    def block(self, chat_id: int, blocked: bool = True) -> None:
        """The person blocks the bot, or lifts the block."""
        chat = self.chats[chat_id]
        if chat.blocked != blocked:
            chat.blocked = blocked
            self.chats.keep(chat)
            if chat.bot:  # Zalo tells nobody
                return
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
        return self._receive(chat_id, by, text=text, entities=command_entities(text), reply_to=reply_to)

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
        album = self.next_album() if len(images) > 1 and not self.chats[chat_id].bot else None
        sent = []
        for place, image in enumerate(images):
            content: Json = {"album": album, "caption": caption if place == 0 else None}
            if as_file and not self.chats[chat_id].bot:
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

    def voice(self, chat_id: int, body: bytes, *, duration: int = 1, caption: str | None = None) -> Message:
        file = self.files.add(body, "voice.ogg", "audio/ogg", folder="voice", duration=max(1, duration))
        return self._receive(chat_id, None, voice=file, caption=caption)

    def edit(self, chat_id: int, message_id: int, text: str) -> Message:
        """A person edits a message of theirs. KeyError: there is no such message."""
        if self.chats[chat_id].bot:
            raise ValueError("Zalo không có sửa tin")
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
        if len(self._callbacks) > TAPS:
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
        if chat.bot:
            self.zalo.received(message)
        else:
            self.updates.push("message", chat_id, self.api(message))
        return message

    # What the bot does

    def recipient(self, chat_id: int) -> Chat:
        """The chat a bot may write to now. Raises ApiError: unknown, blocked, or too fast."""
        chat = self.chats.get(chat_id)
        if chat is None or not chat.started or chat.bot:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if self.limits.pace.limited:
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
        self.store.put("message", message.key, None)
        self.events.about(message, "delete", by_bot=True)

    def acknowledge(self, query_id: str, text: str | None, *, alert: bool = False) -> int:
        """The bot answers a tap, once and in time; returns the chat."""
        chat_id, since = self._callbacks.pop(query_id, (0, 0.0))
        if not chat_id or self.machine() - since > self.limits.callback_seconds:
            raise ApiError(400, TOO_OLD)
        self.events.sign(chat_id, "callback_answer", text, alert=alert)
        return chat_id

    def act(self, chat: Chat, action: str) -> None:
        self.events.sign(chat.chat_id, "typing", action)

    def _add(self, chat: Chat, sender: Json | None, content: Json) -> Message:
        # No two messages of a chat fall into one millisecond: who answers has read first.
        before = next(reversed(chat.messages.values())).milliseconds if chat.messages else 0
        at = self.milliseconds()
        at = before + 1 if before - 1000 < at <= before else at
        message = Message(chat, self.chats.next_message_id(chat), sender, at // 1000, at=at, **content)
        self.chats.place(message, self.limits.history)
        self._changed(message, "message", by_bot=sender is None)
        return message

    def _changed(self, message: Message, kind: str, *, by_bot: bool) -> None:
        self.store.put("message", message.key, message)
        self.events.about(message, kind, by_bot=by_bot)

    # Files, events and forms

    def add_file(self, body: bytes, name: str, mime: str, *, folder: str = "documents") -> File:
        """Keep bytes under a new file id; the same bytes have the same unique id, as on the real network."""
        return self.files.add(body, name, mime, folder=folder)

    def add_photo(self, picture: Picture) -> tuple[File, ...]:
        """Keep a photo in the network's sizes. ValueError: the bytes are no picture."""
        return self.files.add_photo(picture)

    def listen(self, callback: Callable[[Event], None]) -> None:
        """Have the callback called, at once and in this thread, for everything the bot does in a chat."""
        self.events.listen(callback)

    @property
    def seq(self) -> int:
        return self.events.seq

    async def events_after(self, seq: int, wait: float) -> list[Event]:
        """The events above `seq` that are still held, waiting up to `wait` seconds for one."""
        return await self.events.after(seq, wait)

    def release(self) -> None:
        """End every wait: the service closes."""
        self._cut_polls()
        self.events.release()

    def api(self, message: Message) -> Json:
        """The message as the Bot API shows it."""
        return message.api(self.bot)

    def view(self, message: Message) -> Json:
        """The message as the web page shows it."""
        return message.view(self.bot)
