"""A period is a span of whole days, read from what people type: "tháng 8", "quý 3", "tuần trước", two days, a year.

A month or quarter named without a year is the latest one that has begun. What cannot be a period is told apart from
what is none: `Fault` says why, None means that the text speaks of no period.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from inspection.figures import MONTHS_EN, day, show_day
from inspection.words import fold

Kind = Literal["week", "month", "quarter", "year", "span"]
Why = Literal["no_such_day", "wrong_order", "not_begun", "half"]
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
LONGEST: Final = 8  # words: "từ tháng 5 đến hết tháng 7/2026" has seven


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date
    kind: Kind = "span"

    def until(self, today: date) -> Period:
        """The part of it that lies behind us, today included."""
        return Period(self.first, min(self.last, today), self.kind) if today < self.last else self

    def before(self, today: date) -> Period:
        """The period before; while this one runs, as many days of it as have gone by in this one."""
        if self._months:
            first = months_on(self.first, -self._months)
        else:
            first = self.first - timedelta(days=(self.last - self.first).days + 1)
        last = self.first - timedelta(days=1)
        if today < self.last:
            last = min(last, first + (today - self.first))
        return Period(first, last, self.kind)

    @property
    def _months(self) -> int:
        """How many whole months it has; 0 if it does not begin or end with a month."""
        after = self.last + timedelta(days=1)
        months = (after.year - self.first.year) * 12 + after.month - self.first.month
        return months if self.first.day == after.day == 1 else 0

    def year_before(self, today: date) -> Period:
        """The same days a year earlier, as far as this one has gone by."""
        last = self.until(today).last
        return Period(months_on(self.first, -12), months_on(last, -12), self.kind)

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= on <= self.last


@dataclass(frozen=True, slots=True)
class Fault:
    """Why what was typed cannot be a period; `typed`: what cannot, as it was typed."""

    why: Why
    typed: str


def in_full(period: Period) -> str:
    """A period as the title of a document names it: "tháng 7 năm 2026", "quý II năm 2026", "6 tháng đầu năm 2026".

    One that has no such name: "từ 05/7/2026 đến hết 20/7/2026".
    """
    first, last, months = period.first, period.last, period._months
    if months and first.year == last.year:
        if months == 12:
            return f"năm {first.year}"
        if months == 3 and first.month % 3 == 1:
            return f"quý {list(_ROMAN)[last.month // 3 - 1].upper()} năm {first.year}"
        if months == 1:
            return f"tháng {f'{first.month:02d}' if first.month < 3 else first.month} năm {first.year}"
        if first.month == 1 or last.month == 12:
            return f"{months} tháng {'đầu' if first.month == 1 else 'cuối'} năm {first.year}"
    return f"từ {show_day(first)} đến hết {show_day(last)}" if first != last else f"ngày {show_day(first)}"


def current(kind: Kind, today: date) -> Period:
    """The week, month, quarter or year of a day."""
    if kind == "week":
        first = today - timedelta(days=today.weekday())
        return Period(first, first + timedelta(days=6), kind)
    size = _MONTHS[kind]
    first = date(today.year, (today.month - 1) // size * size + 1, 1)
    return Period(first, months_on(first, size) - timedelta(days=1), kind)


def months_on(on: date, count: int) -> date:
    """The same day some months later or (negative) earlier; the last of the month where there is no such day."""
    place = on.year * 12 + on.month - 1 + count
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def read(text: str, today: date) -> tuple[Period | Fault | None, str]:
    """The period at the beginning or end of a text, and the rest of the text ("Văn Quan"), words as typed."""
    words = " ".join(text.split())
    span = _SPAN.search(words)
    if span is not None and not _OF_PARTS.search(words):
        return _span(span, today), _without(words, span.start(), span.end())
    pieces = words.split(" ")
    for size in range(min(LONGEST, len(pieces)), 0, -1):
        for start in {0, len(pieces) - size}:
            typed = " ".join(pieces[start : start + size])
            found = _named(typed, today)
            if found is not None:
                said = replace(found, typed=typed) if isinstance(found, Fault) else found
                return said, " ".join([*pieces[:start], *pieces[start + size :]])
    return None, words


_ISO = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_DAY = rf"(?:{_ISO}|[0-9]{{1,2}}\s?[./-]\s?[0-9]{{1,2}}(?:\s?[./-]\s?[0-9]{{2,4}})?)"
_TO = r"(?:\s*(?:-|–|—|đến hết|den het|đến|den|tới|toi|to|until)\s*)"
_SPAN = re.compile(
    rf"(?:(?P<since>từ|tu|from)\s+)?(?:(?:ngày|ngay)\s+)?(?<![0-9./-])(?P<first>{_DAY})(?![0-9])"
    rf"(?:(?:{_TO}|\s+)(?:(?:ngày|ngay)\s+)?(?P<last>{_DAY})(?![0-9])|{_TO}(?P<now>(?:hôm |hom )?nay|now|today)(?!\w)"
    rf"|(?P<half>{_TO})(?=$))?",
    re.IGNORECASE,
)


# "tháng 5-7" is May to July and "quý 1-2" half a year, though "5-7" alone is a day.
_OF_PARTS = re.compile(
    r"\b(?:tháng|thang|month|t|quý|quy|quarter|q) ?[0-9]{1,2} ?[-–] ?[0-9]{1,2}(?! ?[-/.] ?[0-9]|[0-9])", re.IGNORECASE
)


def _span(found: re.Match[str], today: date) -> Period | Fault:
    if found["half"]:
        return Fault("half", found[0].strip())
    last_typed = found["last"] or found["first"]
    until_now = found["now"] or (found["since"] and not found["last"])
    last = today if until_now else _day(last_typed, today.year)
    if last is None:
        return Fault("no_such_day", last_typed)
    first = _day(found["first"], last.year)
    if first is not None and until_now and first > today:  # "từ 15/12 đến nay", said in January
        first = months_on(first, -12)
    if first is None:
        return Fault("no_such_day", found["first"])
    if first > last:
        return Fault("wrong_order", found[0].strip())
    return _begun(Period(first, last), found[0].strip(), today)


def _day(typed: str, year: int) -> date | None:
    """A day as figures are read, or with its year first."""
    if re.fullmatch(_ISO, typed):
        typed = "/".join(reversed(typed.split("-")))
    return day(typed, year=year)


def _without(words: str, start: int, end: int) -> str:
    return f"{words[:start].strip()} {words[end:].strip()}".strip(" ,;")


_THIS = {
    "week": ("tuan", "tuan nay", "week", "this week"), "month": ("thang", "thang nay", "month", "this month"),
    "quarter": ("quy", "quy nay", "quarter", "this quarter"),
    "year": ("nam", "nam nay", "ca nam", "year", "this year", "year to date", "ytd"),
}  # fmt: skip
_LAST = {
    "week": ("tuan truoc", "tuan qua", "last week"), "month": ("thang truoc", "thang qua", "last month"),
    "quarter": ("quy truoc", "last quarter"), "year": ("nam truoc", "nam ngoai", "nam qua", "last year"),
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_IN_WORDS = {
    "mot": 1, "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
# "ba tháng đầu năm", "hai tuần qua": a number in words before what it counts, and a word that says which of them.
_COUNTED = re.compile(rf"^({'|'.join(_IN_WORDS)}) ((?:tuan|thang|ngay) (?:dau|cuoi|qua|gan).*)")
_NAMED_MONTH = "|".join(name.lower() for name in MONTHS_EN)
_OF = r"(?:[ /-]+(?:nam )?(?P<year>[12][0-9]{3}))?"
_MONTH_TO = r" ?(?:-|–|den het|den|toi|to) ?"


def _month(found: re.Match[str], today: date) -> Period | Fault:
    return _part("month", _IN_WORDS.get(found["n"]) or int(found["n"]), found, today)


def _named_month(found: re.Match[str], today: date) -> Period | Fault:
    number = [name.lower() for name in MONTHS_EN].index(found["named"][:3]) + 1
    return _part("month", number, found, today)


def _quarter(found: re.Match[str], today: date) -> Period | Fault:
    return _part("quarter", _ROMAN.get(found["n"]) or int(found["n"]), found, today)


def _part(kind: Kind, number: int, found: re.Match[str], today: date) -> Period | Fault:
    month = (number - 1) * _MONTHS[kind] + 1
    if not 1 <= month <= 12:
        return Fault("no_such_day", found[0])
    of = int(found["year"]) if found["year"] else today.year - (date(today.year, month, 1) > today)
    return _begun(current(kind, date(of, month, 1)), found[0], today)


def _week(found: re.Match[str], today: date) -> Period | Fault:
    """A week by its number as calendars print it: the first is the one with the first Thursday."""
    of = int(found["year"]) if found["year"] else today.isocalendar().year
    try:
        first = date.fromisocalendar(of, int(found["n"]), 1)
        if first > today and not found["year"]:
            first = date.fromisocalendar(of - 1, int(found["n"]), 1)
    except ValueError:  # no year has so many weeks, or this one has not
        return Fault("no_such_day", found[0])
    return _begun(current("week", first), found[0], today)


def _months(found: re.Match[str], today: date) -> Period | Fault:
    """From one month to another of the same year, the latest that has begun."""
    return _from_to(int(found["n"]), int(found["to"]), found, today)


def _first_months(found: re.Match[str], today: date) -> Period | Fault:
    """ "6 tháng đầu năm", also said short: "9 tháng"."""
    return _from_to(1, int(found["n"]), found, today)


def _last_months(found: re.Match[str], today: date) -> Period | Fault:
    return _from_to(13 - int(found["n"]), 12, found, today)


def _half(found: re.Match[str], today: date) -> Period | Fault:
    return _from_to(1, 6, found, today) if found["n"] == "first" else _from_to(7, 12, found, today)


def _from_to(first: int, last: int, found: re.Match[str], today: date) -> Period | Fault:
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return Fault("no_such_day", found[0])
    if first > last:
        return Fault("wrong_order", found[0])
    of = int(found["year"]) if found["year"] else today.year - (date(today.year, first, 1) > today)
    end = months_on(date(of, last, 1), 1) - timedelta(days=1)
    return _begun(Period(date(of, first, 1), end), found[0], today)


def _days(found: re.Match[str], today: date) -> Period | Fault:
    """ "7 ngày qua": today is the last of them."""
    count = int(found["n"])
    return Period(today - timedelta(days=count - 1), today) if count else Fault("no_such_day", found[0])


def _weeks(found: re.Match[str], today: date) -> Period | Fault:
    count = int(found["n"]) * 7
    return Period(today - timedelta(days=count - 1), today) if count else Fault("no_such_day", found[0])


def _months_back(found: re.Match[str], today: date) -> Period | Fault:
    """ "3 tháng qua", to today."""
    count = int(found["n"])
    first = months_on(today, -count) + timedelta(days=1)
    return Period(first, today) if count else Fault("no_such_day", found[0])


def _since_month(found: re.Match[str], today: date) -> Period | Fault:
    """ "từ tháng 5", to today."""
    part = _month(found, today)
    return Period(part.first, today) if isinstance(part, Period) else part


def _quarters(found: re.Match[str], today: date) -> Period | Fault:
    return _from_to(int(found["n"]) * 3 - 2, int(found["to"]) * 3, found, today)


def _so_far(found: re.Match[str], today: date) -> Period:
    """ "từ đầu năm đến nay"."""
    kinds: Mapping[str, Kind] = {"nam": "year", "quy": "quarter", "thang": "month", "tuan": "week"}
    return current(kinds[found["n"]], today)


def _one_day(found: re.Match[str], today: date) -> Period:
    on = today - timedelta(days=found["n"] in ("hom qua", "yesterday"))
    return Period(on, on)


def _year(found: re.Match[str], today: date) -> Period | Fault:
    return _begun(current("year", date(int(found["n"]), 1, 1)), found[0], today)


def _no_such(found: re.Match[str], _today: date) -> Fault:
    return Fault("no_such_day", found[0])


def _begun(period: Period, typed: str, today: date) -> Period | Fault:
    return Fault("not_begun", typed) if period.first > today else period


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period | Fault]], ...] = (
    (re.compile(rf"(?:thang|month) ?(?P<n>[0-9]{{1,3}}){_OF}"), _month),
    (re.compile(rf"t(?P<n>[0-9]{{1,2}}){_OF}"), _month),
    (
        re.compile(
            rf"(?:tu |from )?(?:thang|month|t) ?(?P<n>[0-9]{{1,2}}){_MONTH_TO}(?:thang|month|t)? ?"
            rf"(?P<to>[0-9]{{1,2}}){_OF}"
        ),
        _months,
    ),
    (re.compile(rf"(?P<n>[0-9]{{1,2}}) thang(?: dau(?: nam)?)?{_OF}"), _first_months),
    (re.compile(rf"(?P<n>[0-9]{{1,2}}) thang cuoi(?: nam)?{_OF}"), _last_months),
    (re.compile(rf"(?P<n>first|second) half(?: of)?{_OF}"), _half),
    (re.compile(r"(?:tu )?dau (?P<n>nam|quy|thang|tuan)(?: nay)?(?: den (?:hom )?nay)?"), _so_far),
    (re.compile(r"(?:last )?(?P<n>[0-9]{1,3}) (?:ngay (?:qua|gan day|gan nhat)|days)"), _days),
    (re.compile(r"(?:last )?(?P<n>[0-9]{1,2}) (?:tuan (?:qua|gan day|gan nhat)|weeks)"), _weeks),
    (re.compile(r"(?:last )?(?P<n>[0-9]{1,2}) (?:thang (?:qua|gan day|gan nhat)|months)"), _months_back),
    (
        re.compile(
            rf"(?:tu|from) (?:thang|month|t) ?(?P<n>[0-9]{{1,2}}){_OF}(?: (?:den|toi|to|until) (?:hom )?(?:nay|now))?"
        ),
        _since_month,
    ),
    (re.compile(rf"(?:quy|quarters?|q) ?(?P<n>[1-4]){_MONTH_TO}(?:quy|q)? ?(?P<to>[1-4]){_OF}"), _quarters),
    (re.compile(r"(?P<n>hom nay|hom qua|today|yesterday)"), _one_day),
    (re.compile(rf"thang (?P<n>{'|'.join(_IN_WORDS)}){_OF}"), _month),
    (re.compile(r"(?P<n>[0-9]{1,2})[/-](?P<year>[12][0-9]{3})"), _month),
    (re.compile(r"(?P<year>[12][0-9]{3})[/-](?P<n>[0-9]{1,2})"), _month),
    (re.compile(rf"(?P<named>{_NAMED_MONTH})[a-z]*{_OF}"), _named_month),
    (re.compile(rf"(?:tuan|week) (?:thu |so )?(?P<n>[0-9]{{1,3}}){_OF}"), _week),
    (re.compile(rf"(?:quy|quarter|q) ?(?P<n>[0-9]{{1,2}}|i{{1,3}}|iv){_OF}"), _quarter),
    (re.compile(r"(?:ca )?(?:nam |year )?(?P<n>(?:19|20)[0-9]{2})"), _year),
    (re.compile(r"(?:tuan|thang|quy|nam|week|month|quarter|year) ?(?P<n>[0-9][0-9/.-]*)"), _no_such),
)


def _named(typed: str, today: date) -> Period | Fault | None:
    folded = _COUNTED.sub(lambda found: f"{_IN_WORDS[found[1]]} {found[2]}", fold(typed).strip(" .,"))
    if _NEXT.match(typed):
        return Fault("not_begun", typed)
    for kind in ("week", "month", "quarter", "year"):
        if folded in _THIS[kind]:
            return current(kind, today)
        if folded in _LAST[kind]:
            return current(kind, current(kind, today).first - timedelta(days=1))
    for form, make in _FORMS:
        found = form.fullmatch(folded)
        if found is not None and (found["n"] if "n" in form.groupindex else folded.split(" ")[0] in _MONTH_WORDS):
            return make(found, today)
    return None


# "tháng sau" is the next one; without its marks it may be June as well, which can be counted.
_NEXT = re.compile(r"(?:tuần|tháng|quý|năm) sau$", re.IGNORECASE)
_MONTH_WORDS = {
    *(name.lower() for name in MONTHS_EN), "january", "february", "march", "april", "june", "july", "august",
    "september", "sept", "october", "november", "december",
}  # fmt: skip
