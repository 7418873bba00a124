"""A chat is one person's phone or a group; the ids of its messages rise by one, over both directions, for ever."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.simulator.messages import Message, read_message
from bot.simulator.store import Json, Store

FIRST_USER, FIRST_GROUP = 5_000_000, 9_000_000
KEPT = ("chat_id", "name", "role", "title", "kind", "blocked", "started", "members", "next_id", "bot")


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
    bot: str = ""  # the Zalo bot this phone writes to; "" on a Telegram phone
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict, repr=False)
    _api: Json | None = None

    def describe(self, name: str, role: str, title: str) -> None:
        """Give the person this name, role and title."""
        self.name, self.role, self.title, self._api = name, role, title, None

    def api(self) -> Json:
        if self._api is None:
            named = {"first_name": self.name} if self.kind == "private" else {"title": self.name}
            self._api = {"id": self.chat_id, "type": self.kind, **named}
        return self._api

    def user(self) -> Json:
        return {"id": self.chat_id, "is_bot": False, "first_name": self.name, "language_code": "vi"}

    def view(self) -> Json:
        shown: Json = {"chat_id": self.chat_id, "user_id": self.chat_id, "name": self.name, "role": self.role}
        shown |= {"title": self.title, "blocked": self.blocked, "network": "zalo" if self.bot else "telegram"}
        return shown if self.kind == "private" else {**shown, "user_id": None, "members": self.members}

    def row(self) -> Json:
        return {name: getattr(self, name) for name in KEPT}


class Chats(dict[int, Chat]):
    """All chats by id; a phone's id is its user's. No chat gives a message id at or below `floor` any more."""

    def __init__(self, store: Store, floor: int) -> None:
        super().__init__()
        self._store = store
        self._users, self._groups = store.counter("user", FIRST_USER), store.counter("group", FIRST_GROUP)
        self._highest = store.counter("message")
        # After a kill the latest messages of a chat may be unknown: every chat goes on above all ids ever given.
        self.floor = max(floor, 0 if store.clean else self._highest.value)
        for row in store.rows("chat"):
            self[row["chat_id"]] = Chat(**{**row, "next_id": max(row["next_id"], self.floor)})
        for row in store.rows("message"):
            chat = self[row["chat"]]
            chat.messages[row["message_id"]] = read_message(chat, row)
        for chat in self.values():
            chat.messages = OrderedDict(sorted(chat.messages.items()))

    def phone(self, user_id: int | None, name: str, *, started: bool, bot: str = "") -> Chat:
        """The phone of this user, made when there is none; None takes the next free id."""
        if user_id is None:
            user_id = self._users.next()
        self._users.at_least(user_id if FIRST_USER <= user_id < FIRST_USER + 1_000_000 else 0)
        held = self.get(user_id)
        if held is None:
            held = self[user_id] = Chat(user_id, name, next_id=self.floor, started=started, bot=bot)
        return held

    def group(self, name: str, members: Iterable[int]) -> Chat:
        """A new group of these users."""
        chat_id = -self._groups.next()
        made = self[chat_id] = Chat(chat_id, name, kind="group", members=list(members), next_id=self.floor)
        self.keep(made)
        return made

    def of_kind(self, *, private: bool) -> list[Chat]:
        return [chat for chat in self.values() if (chat.kind == "private") == private]

    def keep(self, chat: Chat) -> None:
        """Have the chat as it is now written soon."""
        self._store.put("chat", str(chat.chat_id), chat)

    def place(self, message: Message, history: int) -> None:
        """Put a message with the chat's next id at its end; beyond `history` messages the oldest is forgotten."""
        chat = message.chat
        chat.messages[message.message_id] = message
        if len(chat.messages) > history:
            _, oldest = chat.messages.popitem(last=False)
            self._store.put("message", oldest.key, None)

    def next_message_id(self, chat: Chat) -> int:
        chat.next_id += 1
        self._highest.at_least(chat.next_id)
        self.keep(chat)
        return chat.next_id
