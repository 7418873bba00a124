"""A directive demands something of units by a day: how that day is written, read and worked out.

"06/02/2026" is a day; "10 ngày làm việc" and "30 ngày" run from the day of the directive, which is not counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Final, Literal

from inspection import figures
from inspection.figures import show_day, show_document
from inspection.obligations import KINDS, Kind, kind_of
from inspection.words import fold, nfc
from inspection.working_days import Calendar

_PERIOD: Final = re.compile(r"(\d{1,6}) ?(?:(ngay lam viec|working days?|lv)|(ngay|days?))")
LONGEST: Final = 366
LONGEST_SUBJECT: Final = 300  # characters
LONGEST_WORK: Final = 120
LONGEST_SYMBOL: Final = 60
Fault = Literal["unread", "past", "before_directive", "period"]


@dataclass(frozen=True, slots=True)
class DueRule:
    """By when: a day, or so many working days or days after the directive's."""

    on: date | None = None
    count: int = 0
    working: bool = True

    def due(self, issued: date, calendar: Calendar) -> date:
        """The due date; a day off gives way to the next working day (Điều 148)."""
        if self.on is not None:
            return calendar.next_working_day(self.on)
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
    period = _PERIOD.fullmatch(_plain(text))
    if period is not None:
        return DueRule(count=int(period[1]), working=bool(period[2])) if 0 < int(period[1]) <= LONGEST else None
    day = figures.day(text, year=year)
    return None if day is None else DueRule(on=day)


def due_fault(text: str, issued: date, today: date, calendar: Calendar) -> Fault | None:
    """Why nobody can be asked to keep a due rule: unreadable, no sensible period, before the directive, or over."""
    rule = read_due(text, year=issued.year)
    if rule is None:
        return "period" if _PERIOD.fullmatch(_plain(text)) else "unread"
    if rule.on is not None and rule.on < issued:
        return "before_directive"
    return "past" if rule.due(issued, calendar) < today else None


def _plain(text: str) -> str:
    return fold(text).strip(" .;")


def cite(number_symbol: str, issued: date, issuer: str) -> str:
    """A directive as reminders name it: "Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh Lạng Sơn"."""
    full = issuer.replace("UBND", "Ủy ban nhân dân", 1)
    return f"{show_document(number_symbol, issued)} của {full}"


def read_number(text: str, *, year: int) -> tuple[str, date] | None:
    """Number, symbol and day of a directive: "09/UBND-NC 12/01/2026"; a number alone ("43 12/01/2026") will do."""
    read = figures.document(text, year=year)
    if read is not None and read.issued is not None and len(read.number_symbol) <= LONGEST_SYMBOL:
        return read.number_symbol, read.issued
    bare = re.fullmatch(r"(?:văn bản |van ban )?(?:số |so )?(\d{1,6})(?: ngày| ngay|,)? +(.+)", nfc(text).strip(), re.I)
    day = figures.day(bare[2], year=year) if bare else None
    return None if bare is None or day is None else (bare[1], day)


def number_key(number_symbol: str) -> str:
    """The form in which two writings of one number are equal: "09/UBND-NC" is "9/UBND-NC"."""
    return fold(number_symbol).replace(" ", "").lstrip("0")


_WORDS: Final = {
    "ke hoach": "impl_plan",
    "ke hoach trien khai": "impl_plan",
    "ke hoach ky luat, ky cuong": "impl_plan",
    "noi quy": "internal_rules",
    "quy che": "working_regulation",
    "ke hoach van hoa": "culture_plan",
    "plan": "impl_plan",
    "internal rules": "internal_rules",
    "working regulation": "working_regulation",
    "report": "report",
    **{fold(kind.name): code for code, kind in KINDS.items()},
}


def read_kind(text: str) -> Kind:
    """The kind of obligation somebody names: a known one by its name, or a new one by these very words."""
    typed = nfc(text).strip(" .")
    known = _WORDS.get(fold(typed))
    return kind_of(known) if known else replace(kind_of(_code(typed)), name=typed)


def _code(name: str) -> str:
    """The code of a kind an administrator named: its words, folded, joined; a long one ends in a mark of the whole."""
    code = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_") or "viec"
    return code if len(code) <= _CODE else f"{code[: _CODE - 7]}_{sha256(code.encode()).hexdigest()[:6]}"


_YEAR: Final = re.compile(r"[, ]*\b(?:năm|nam) (20\d\d)$", re.IGNORECASE)


def split_year(subject: str, year: int) -> tuple[str, int]:
    """What is to be done without the year it ends in, because every title adds it: "Kế hoạch năm 2027" of 2026."""
    found = _YEAR.search(subject)
    return (subject[: found.start()], int(found[1])) if found else (subject, year)


@dataclass(frozen=True, slots=True)
class Line:
    """A directive on one line: "09/UBND-NC 12/01/2026; Kế hoạch triển khai; tất cả; 06/02/2026; hằng năm"."""

    number: str
    work: str
    to: str
    due: str
    yearly: bool


_YEARLY: Final = {"hang nam": True, "yearly": True, "every year": True, "mot lan": False, "once": False}


def read_yearly(text: str) -> bool | None:
    """ "hằng năm" or "một lần"; None if it is neither."""
    return _YEARLY.get(_plain(text))


def read_line(text: str) -> Line | None:
    """The parts of a directive on one line; names of units may take several. None if there are too few."""
    parts = [part.strip() for part in nfc(text).split(";") if part.strip()]
    yearly = read_yearly(parts[-1]) if len(parts) > _LEAST else None
    if yearly is not None:
        parts.pop()
    if len(parts) < _LEAST:
        return None
    return Line(parts[0], parts[1], "; ".join(parts[2:-1]), parts[-1], bool(yearly))


_LEAST: Final = 4
_CODE: Final = 32
