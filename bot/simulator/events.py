"""Each change in a chat is an event with a rising number, told to listeners at once and held for later readers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.simulator.messages import Message
from bot.simulator.store import Counter, Json
from bot.simulator.waiting import rest, wake

HELD: Final = 20_000


@dataclass(slots=True, frozen=True)
class Event:
    """What just happened: type is message, edit, delete, typing or callback_answer; `text` of the last two."""

    seq: int
    chat_id: int
    type: str
    message: Message | None = None
    text: str | None = None
    alert: bool = False

    def view(self, bot: Json) -> Json:
        """The event as the web page gets it."""
        shown: Json = {"seq": self.seq, "chat_id": self.chat_id, "type": self.type}
        if self.message is not None:
            shown["message"] = self.message.view(bot)
        if self.type in ("typing", "callback_answer"):
            shown |= {"text": self.text, "alert": self.alert}
        return shown


class Events:
    """The latest events and who waits for the next. Listeners hear only of what the bot does."""

    def __init__(self, numbers: Counter) -> None:
        self._numbers = numbers
        self._held: deque[Event] = deque(maxlen=HELD)
        self._listeners: list[Callable[[Event], None]] = []
        self._readers: set[asyncio.Future[None]] = set()

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self._numbers.value

    def listen(self, callback: Callable[[Event], None]) -> None:
        self._listeners.append(callback)

    def about(self, message: Message, kind: str, *, by_bot: bool) -> None:
        """A message came, changed or went."""
        self._tell(Event(self._numbers.next(), message.chat.chat_id, kind, message), by_bot=by_bot)

    def sign(self, chat_id: int, kind: str, text: str | None, *, alert: bool = False) -> None:
        """The bot showed something in a chat that is no message: that it types, or its answer to a tap."""
        self._tell(Event(self._numbers.next(), chat_id, kind, text=text, alert=alert), by_bot=True)

    def _tell(self, event: Event, *, by_bot: bool) -> None:
        self._held.append(event)
        for reader in self._readers:
            wake(reader)
        if by_bot:
            for callback in self._listeners:
                callback(event)

    async def after(self, seq: int, wait: float) -> list[Event]:
        """The events above `seq` that are still held, waiting up to `wait` seconds for one."""
        if seq >= self.seq and wait > 0:
            reader: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._readers.add(reader)
            try:
                await rest(reader, wait)
            finally:
                self._readers.discard(reader)
        newest = [event for event in islice(reversed(self._held), max(0, self.seq - seq)) if event.seq > seq]
        return newest[::-1]

    def release(self) -> None:
        """End every wait: the service closes."""
        for reader in self._readers:
            wake(reader)
