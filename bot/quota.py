"""A network that sells messages by the month is counted, the operator hears of it at 80 %, and the last ones are kept
for reminders: who owes something must hear of it, who answers can go on elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.channels.port import Channel
from inspection.phrases import Phrase
from inspection.working_days import LOCAL
from storage.metering import Counted

log = logging.getLogger(__name__)

WARNED_AT = 0.8
RESERVED = 0.05  # of a month's messages, for reminders
SHORT = Phrase(
    "Hạn mức tin nhắn tháng này của kênh sắp hết, phần còn lại dành cho nhắc việc. Nội dung đồng chí gửi vẫn được "
    "lưu, Hệ thống tạm không trả lời ở đây. Đề nghị tiếp tục trên kênh khác đã liên kết bằng /tieptuc, hoặc liên hệ "
    "quản trị.",
    "This month's messages of this channel are nearly used up, and the rest is kept for reminders. What you send is "
    "still stored, but not answered here. Please go on by another channel of yours with /resume, or ask your "
    "administrator.",
)

Key = tuple[str, str]


class Meter:
    """Counts by account and month; `now` is business time. Accounts without a monthly number are not counted."""

    def __init__(self, channels: Mapping[Key, Channel], now: Callable[[], datetime]) -> None:
        self._channels, self._now = channels, now
        self._sent: dict[tuple[Key, str], int] = {}
        self._served: dict[Key, int] = {}
        self._warned: set[tuple[Key, str]] = set()

    @property
    def month(self) -> str:
        """The local month of now, "2026-08"."""
        return self._now().astimezone(LOCAL).strftime("%Y-%m")

    def start(self, sent: Mapping[Key, int], served: Mapping[Key, int]) -> None:
        """Go on from what is stored: messages of this month, people served."""
        for key, count in sent.items():
            self._sent[key, self.month] = count
            self._warn(key)
        self.serves(served)

    def serves(self, served: Mapping[Key, int]) -> None:
        """How many people each account serves now."""
        self._served = dict(served)
        for key, count in served.items():
            most = self._channels[key].capabilities.users if key in self._channels else 0
            if most and count >= WARNED_AT * most:
                self._say_once(key, "users", f"{count} of {most} people are bound to this bot")

    def count(self, key: Key) -> Counted | None:
        """One message went out; what is to be written down of it, None where nothing is counted."""
        if not self._monthly(key):
            return None
        self._sent[key, self.month] = self.sent(key) + 1
        self._warn(key)
        return Counted(*key, self.month)

    def sent(self, key: Key) -> int:
        """Messages of this month."""
        return self._sent.get((key, self.month), 0)

    def short(self, key: Key) -> bool:
        """Whether what is left is kept for reminders."""
        most = self._monthly(key)
        return bool(most) and most - self.sent(key) <= RESERVED * most

    def report(self) -> dict[str, Any]:
        """What each account has used and may use, for the health page; 0 = no limit."""
        return {
            f"{name} {account}": {
                "messages": self.sent((name, account)),
                "messages_most": channel.capabilities.monthly_messages,
                "people": self._served.get((name, account), 0),
                "people_most": channel.capabilities.users,
            }
            for (name, account), channel in self._channels.items()
        }

    def _monthly(self, key: Key) -> int:
        return self._channels[key].capabilities.monthly_messages if key in self._channels else 0

    def _warn(self, key: Key) -> None:
        most, sent = self._monthly(key), self.sent(key)
        if most and sent >= WARNED_AT * most:
            self._say_once(key, self.month, f"{sent} of {most} messages of {self.month} are used")
        if self.short(key):
            self._say_once(key, f"{self.month} short", "the rest of the month's messages is kept for reminders")

    def _say_once(self, key: Key, what: str, words: str) -> None:
        if (key, what) not in self._warned:
            self._warned.add((key, what))
            log.warning("%s %s: %s", *key, words)
