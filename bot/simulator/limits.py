"""What the network refuses, how long it makes a sender wait, and in which words it says so."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bot.simulator.chats import Chat

CONFLICT: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
NOT_MODIFIED: Final = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD: Final = "Bad Request: query is too old and response timeout expired or query ID is invalid"


class ApiError(Exception):
    """A refusal as the Bot API words it: HTTP status, description, optional parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


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

    @property
    def limited(self) -> bool:
        return bool(self.overall or self.per_chat or self.group_per_minute)

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
