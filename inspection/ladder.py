"""The ladder of reminders is data: a line of text says who hears of an obligation, how many working days from its day.

Few and sure rather than many. "Thủ trưởng: -3 +1 +3 +5 tuần; người theo dõi: -5 -1 0; quản trị: +3": the head hears
three working days before, one, three and five after, then weekly; nothing goes to the superior unless a line says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from inspection.obligations import OWED, Obligation, last_day
from inspection.words import fold
from inspection.working_days import Calendar

Listener = Literal["head", "delegate", "admin", "superior"]
LISTENERS: Final[tuple[Listener, ...]] = ("head", "delegate", "admin", "superior")  # who hears first of two roles
WEEK: Final = 5  # working days
DEFAULT: Final = "Thủ trưởng: -3 +1 +3 +5 tuần; người theo dõi: -5 -1 0; quản trị: +3"

_NAMES: Final[dict[str, Listener]] = {
    "thu truong": "head", "head": "head", "nguoi theo doi": "delegate", "delegate": "delegate",
    "quan tri": "admin", "admin": "admin", "cap tren": "superior", "superior": "superior",
}  # fmt: skip
_SHOWN: Final[dict[Listener, str]] = {
    "head": "Thủ trưởng",
    "delegate": "người theo dõi",
    "admin": "quản trị",
    "superior": "cấp trên",
}
_LETTERS: Final[dict[Listener, str]] = {"head": "D", "delegate": "F", "admin": "A", "superior": "S"}
_NOTHING: Final = ("khong", "none", "")
_WEEKLY: Final = ("tuan", "hang tuan", "weekly")
_DAYS: Final = re.compile(r"[+-]?\d{1,3}")
_FARTHEST: Final = 250  # working days, a year


class LadderError(ValueError):
    """A ladder that cannot be read; the message is a Vietnamese sentence that says what to write."""


@dataclass(frozen=True, slots=True)
class Rung:
    """Told `after` working days past due (negative: before), then, if `every`, again every so many working days."""

    listener: Listener
    after: int
    every: int = 0

    @property
    def stage(self) -> str:
        """What is told once: "D+1" for the head; of a weekly rung the letters its stages are counted under, "DW"."""
        letter = _LETTERS[self.listener]
        return f"{letter}W" if self.every else f"{letter}{self.after:+d}"

    def stage_at(self, days_past: int) -> str | None:
        """The stage of this rung that is in force so many working days past due, or None before its day."""
        if days_past < self.after:
            return None
        return f"{self.stage}{(days_past - self.after) // self.every + 1}" if self.every else self.stage

    def next_day(self, end: date, today: date, calendar: Calendar) -> date | None:
        """The first day after today on which this rung begins a stage, counted from the last day in time."""
        after = self.after
        if self.every:
            passed = calendar.working_days_between(end, today) - after
            after += max(0, passed // self.every + 1) * self.every
        day = calendar.add_working_days(end, after)
        return day if day > today else None


@lru_cache(maxsize=256)
def read(text: str) -> tuple[Rung, ...]:
    """The rungs of a ladder, those of one listener in the order of their days; "" is the default.

    Raises LadderError.
    """
    rungs: list[Rung] = []
    for part in (text.strip() or DEFAULT).split(";"):
        if part.strip():
            rungs += _of_one(part, {rung.listener for rung in rungs})
    if not rungs:
        raise LadderError("Bậc nhắc chưa có người nhận nào. Ví dụ: " + DEFAULT)
    return tuple(rungs)


def show(rungs: Iterable[Rung]) -> str:
    """A ladder as it is written: what `read` reads."""
    of: dict[Listener, list[str]] = {}
    for rung in rungs:
        of.setdefault(rung.listener, []).append("tuần" if rung.every else f"{rung.after:+d}" if rung.after else "0")
    return "; ".join(f"{_SHOWN[listener]}: {' '.join(days)}" for listener, days in of.items())


def stage_due(
    obligation: Obligation, listener: Listener, rungs: Sequence[Rung], today: date, calendar: Calendar
) -> str | None:
    """The latest stage whose day has come ("D+1", "DW2"), or None: nothing is due, or nothing is owed any more.

    Whether it was told already is for the caller to know, by obligation, due date, stage and person.
    """
    if obligation.state not in OWED:
        return None
    days_past = calendar.working_days_between(last_day(obligation, calendar), today)
    stages = (rung.stage_at(days_past) for rung in reversed(_in_force(obligation, listener, rungs)))
    return next((stage for stage in stages if stage is not None), None)


def next_look(obligation: Obligation, rungs: Sequence[Rung], today: date, calendar: Calendar) -> date:
    """The first day after today on which anybody may have to be told; far away when nothing is owed any more."""
    if obligation.state not in OWED:
        return date.max
    end = last_day(obligation, calendar)
    days = (
        rung.next_day(end, today, calendar) for listener in LISTENERS for rung in _in_force(obligation, listener, rungs)
    )
    return min((day for day in days if day is not None), default=date.max)


def _in_force(obligation: Obligation, listener: Listener, rungs: Sequence[Rung]) -> list[Rung]:
    """The rungs of one listener; a date that was moved is announced to the head once, on the day before it."""
    mine = [rung for rung in rungs if rung.listener == listener]
    moved = obligation.owed_by != obligation.original_due
    if not moved or listener != "head" or all(rung.after >= 0 for rung in mine):
        return mine
    return [Rung("head", -1), *(rung for rung in mine if rung.after >= 0)]


def _of_one(part: str, known: set[Listener]) -> list[Rung]:
    name, colon, days = part.partition(":")
    listener = _NAMES.get(fold(name).strip())
    if not colon or listener is None:
        raise LadderError(
            f"Bậc nhắc chưa rõ người nhận “{name.strip()}”: dùng thủ trưởng, người theo dõi, quản trị hoặc cấp trên, "
            f"sau đó dấu hai chấm. Ví dụ: {DEFAULT}"
        )
    if listener in known:
        raise LadderError(f"Bậc nhắc ghi hai lần cho {_SHOWN[listener]}: đề nghị gộp vào một.")
    if fold(days).strip() in _NOTHING:
        return []
    return _rungs(listener, days)


def _rungs(listener: Listener, days: str) -> list[Rung]:
    words = fold(days).replace(",", " ").replace("hang tuan", "tuan").split()
    weekly = [word for word in words if word in _WEEKLY]
    numbers = [word for word in words if word not in _WEEKLY]
    unread = [word for word in numbers if not _DAYS.fullmatch(word) or abs(int(word)) > _FARTHEST]
    if unread or len(weekly) > 1:
        raise LadderError(
            f"Bậc nhắc của {_SHOWN[listener]} chưa đọc được “{(unread or weekly)[0]}”: dùng số ngày làm việc có dấu "
            f"(-3 là trước hạn, +1 là sau hạn) hoặc “tuần”. Ví dụ: {DEFAULT}"
        )
    after = sorted({int(word) for word in numbers})
    rungs = [Rung(listener, day) for day in after]
    if weekly:
        rungs.append(Rung(listener, max(after[-1] if after else 0, 0) + WEEK, WEEK))
    return rungs
