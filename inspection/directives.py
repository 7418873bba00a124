"""A directive demands something of units by a day: how that day is written, read and worked out.

"06/02/2026" is a day; "10 ngày làm việc" and "30 ngày" run from the day of the directive, which is not counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from inspection import figures
from inspection.figures import show_day, show_document
from inspection.obligations import KINDS, Kind, kind_of
from inspection.words import fold, nfc
from inspection.working_days import Calendar

_PERIOD: Final = re.compile(r"(\d{1,3}) ?(?:(ngay lam viec|working days?|lv)|(ngay|days?))")
LONGEST: Final = 366
Fault = Literal["unread", "past", "before_directive", "too_long"]


@dataclass(frozen=True, slots=True)
class DueRule:
    """By when: a day, or so many working days or days after the directive's."""

    on: date | None = None
    count: int = 0
    working: bool = True

    def due(self, issued: date, calendar: Calendar) -> date:
        """The due date; a period that ends on a day off ends on the next working day."""
        if self.on is not None:
            return self.on
        counted = calendar.add_working_days if self.working else calendar.add_days
        return counted(issued, self.count)

    def of_year(self, year: int) -> DueRule:
        """The same rule a year or more later: a day keeps its day and month."""
        if self.on is None:
            return self
        month, day = self.on.month, self.on.day
        return DueRule(date(year, month, 28 if (month, day) == (2, 29) else day))

    def show(self) -> str:
        """As it is written, and read again by `read_due`."""
        if self.on is not None:
            return show_day(self.on)
        return f"{self.count} ngày làm việc" if self.working else f"{self.count} ngày"


def read_due(text: str, *, year: int) -> DueRule | None:
    """A due rule as typed: a day, "10 ngày làm việc", "30 ngày"; None if it is none of these."""
    period = _PERIOD.fullmatch(fold(text).strip(" .;"))
    if period is not None:
        return DueRule(count=int(period[1]), working=bool(period[2])) if 0 < int(period[1]) <= LONGEST else None
    day = figures.day(text, year=year)
    return None if day is None else DueRule(on=day)


def due_fault(rule: DueRule | None, issued: date, today: date, calendar: Calendar) -> Fault | None:
    """Why nobody can be asked to keep this date: unreadable, over already, or before the directive itself."""
    if rule is None:
        return "unread"
    due = rule.due(issued, calendar)
    if due < issued:
        return "before_directive"
    return "past" if calendar.next_working_day(due) < today else None


def cite(number_symbol: str, issued: date, issuer: str) -> str:
    """A directive as reminders name it: "Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh Lạng Sơn"."""
    full = issuer.replace("UBND", "Ủy ban nhân dân", 1)
    return f"{show_document(number_symbol, issued)} của {full}"


def read_number(text: str, *, year: int) -> tuple[str, date] | None:
    """Number, symbol and day of a directive: "09/UBND-NC 12/01/2026"; a number alone ("43 12/01/2026") will do."""
    read = figures.document(text, year=year)
    if read is not None and read.issued is not None:
        return read.number_symbol, read.issued
    bare = re.fullmatch(r"(?:văn bản |van ban )?(?:số |so )?(\d{1,6})(?: ngày| ngay|,)? +(.+)", nfc(text).strip(), re.I)
    day = figures.day(bare[2], year=year) if bare else None
    return None if bare is None or day is None else (bare[1], day)


_WORDS: Final = {
    "ke hoach": "impl_plan",
    "ke hoach trien khai": "impl_plan",
    "ke hoach ky luat, ky cuong": "impl_plan",
    "noi quy": "internal_rules",
    "quy che": "working_regulation",
    "ke hoach van hoa": "culture_plan",
    **{fold(kind.name): code for code, kind in KINDS.items()},
}


def read_kind(text: str) -> Kind:
    """The kind of obligation somebody names: a known one by its name, or a new one by these very words."""
    typed = nfc(text).strip(" .")
    known = _WORDS.get(fold(typed))
    return kind_of(known) if known else Kind(_code(typed), typed, "15/QĐ-UBND")


def _code(name: str) -> str:
    """The code of a kind an administrator named: its words, folded, joined; at most 32 letters."""
    return re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:32] or "viec"
