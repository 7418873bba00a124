"""The counts of one area and one span of time, taken from the rows once; everything shown is worked out from them.

A visit counts in the span in which it was finished; visits under way are counted by nobody, so that a surprise visit is
not betrayed by a figure. What is owed is judged as of the last day of the span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, false, func, or_, select, true

from inspection.obligations import REMEDY
from inspection.periods import Period, months_on
from inspection.working_days import LOCAL, Calendar, local_date
from storage.reports.area import Area
from storage.tables import findings, measures, obligations, units, visits
from storage.tallies import COUNTED, SUMMED, Within, items_in, visits_in

GRADES = ("tot", "kha", "trung_binh", "yeu")
REPEATED_WITHIN = 24  # months
STANDINGS = ("on_time", "on_time_by_extension", "late", "overdue", "within")  # of what is owed, as of a day
FEW = 5  # visits below which units are not to be compared


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`, aware; `day`: the local day as of which is judged what is owed.

    checklists: ids of the versions whose visits and findings count; empty: of all.
    """

    period: Period
    start: datetime
    end: datetime
    day: date
    checklists: tuple[int, ...] = ()

    @classmethod
    def of(cls, period: Period, now: datetime, checklists: tuple[int, ...] = ()) -> Span:
        """A period as far as it has gone by."""
        start = datetime.combine(period.first, time(), LOCAL)
        end = min(datetime.combine(period.last + timedelta(days=1), time(), LOCAL), now)
        return cls(period, start, end, min(period.last, local_date(now)), checklists)

    @property
    def over(self) -> bool:
        """Whether the whole period lies behind: then what became of things since is left out."""
        return self.end == datetime.combine(self.period.last + timedelta(days=1), time(), LOCAL)

    @property
    def finished(self) -> ColumnElement[bool]:
        """Whether a visit was finished in it."""
        return and_(visits.c.finished_at >= self.start, visits.c.finished_at < self.end, self.by_checklist)

    def within(self, unit_ids: Collection[str]) -> Within:
        """The same of some units, as the tallies give it."""
        return Within(unit_ids, self.start, self.end, self.checklists)

    @property
    def by_checklist(self) -> ColumnElement[bool]:
        """Whether a visit was made by one of the checklists."""
        return visits.c.checklist_id.in_(self.checklists) if self.checklists else true()

    @property
    def found(self) -> ColumnElement[bool]:
        """Whether a finding was made by one of the checklists."""
        if not self.checklists:
            return true()
        return findings.c.visit_id.in_(select(visits.c.id).where(self.by_checklist))


@dataclass(slots=True)
class UnitCounts:
    """What was counted at one unit."""

    visits: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    ended_early: int = 0
    tenths: int = 0  # of points, of all visits that have a score
    scored: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)

    @property
    def average(self) -> Decimal | None:
        """Points with all their decimals; None without a score."""
        return Decimal(self.tenths) / 10 / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as of a day; standing: one of STANDINGS."""

    id: str
    code: str
    unit_id: str
    due: date
    standing: str

    @property
    def done(self) -> bool:
        """Whether it was done by that day."""
        return self.standing not in ("overdue", "within")


@dataclass(slots=True)
class Found:
    """Findings of the span: all = remedied + within time + overdue + notice still to come; and what is older."""

    total: int = 0
    remedied: int = 0
    within: int = 0
    overdue: int = 0
    unannounced: int = 0
    overdue_units: int = 0
    older: int = 0
    older_overdue: int = 0
    due: int = 0
    due_remedied_in_time: int = 0
    repeated: int = 0
    closed: int = 0


@dataclass(slots=True)
class Counts:
    """Everything the indicators are worked out from."""

    area: Area
    span: Span
    units: dict[str, UnitCounts]
    apart: dict[str, UnitCounts]
    briefed: tuple[int, int]
    owed: dict[str, list[Owed]]
    found: Found

    @property
    def visits(self) -> int:
        """All visits that ended with a result."""
        return sum(one.visits for one in self.units.values())

    def total(self, name: str) -> int:
        """The sum of one measure."""
        return sum(one.sums[name] for one in self.units.values())

    def visited(self, form: str = "") -> set[str]:
        """The units visited at least once, in one form or in any."""
        return {unit_id for unit_id, one in self.units.items() if (one.forms[form] if form else one.visits)}


def count(connection: Connection, area: Area, span: Span, calendar: Calendar) -> Counts:
    """All counts of an area over a span."""
    return Counts(
        area,
        span,
        _by_unit(connection, area.successor, span),
        _by_unit(connection, {unit_id: unit_id for unit_id in area.apart}, span),
        _briefed(connection, area, span),
        {
            kind: owed(connection, area, kind, span.period.last.year, span.day, calendar)
            for kind in ("impl_plan", "internal_rules", "working_regulation", "culture_plan")
        },
        _found(connection, area, span, calendar),
    )


# --- visits ---------------------------------------------------------------------------------------------------------


def _by_unit(connection: Connection, successor: Mapping[str, str], span: Span) -> dict[str, UnitCounts]:
    rows = visits_in(span.within(successor))
    by = (rows.c.unit_id, rows.c.form, rows.c.status, rows.c.grade)
    sums = [func.sum(rows.c[name]).label(name) for name in ("visits", "scored", "tenths", *SUMMED)]
    found: dict[str, UnitCounts] = {}
    for row in connection.execute(select(*by, *sums).group_by(*by)):
        one = found.setdefault(successor[row.unit_id], UnitCounts())
        if row.status == "ended_early":
            one.ended_early += int(row.visits)
            continue
        one.visits += int(row.visits)
        one.forms[row.form] += int(row.visits)
        one.tenths += int(row.tenths)
        one.scored += int(row.scored)
        one.grades[row.grade] += int(row.visits)
        for name in SUMMED:
            one.sums[name] += int(getattr(row, name))
    return found


def _briefed(connection: Connection, area: Area, span: Span) -> tuple[int, int]:
    """Briefed and staff by the last visit of each unit; of one not visited since it began, of each it was made of."""
    told = measures.alias("told")
    last = (
        select(visits.c.id)
        .join(told, told.c.visit_id == visits.c.id)
        .where(visits.c.unit_id == units.c.id, visits.c.status.in_(COUNTED), span.finished)
        .where(told.c.staff.is_not(None))
        .order_by(visits.c.finished_at.desc(), visits.c.id.desc())
        .limit(1)
        .correlate(units)
        .scalar_subquery()
    )
    told_last = select(units.c.id, measures.c.briefed, measures.c.staff).join_from(
        units, measures, measures.c.visit_id == last
    )
    rows = connection.execute(told_last.where(units.c.id.in_(area.counted))).all()
    own = {row.id for row in rows if area.successor[row.id] == row.id}
    kept = [row for row in rows if row.id in own or area.successor[row.id] not in own]
    return sum(int(row.briefed) for row in kept), sum(int(row.staff) for row in kept)


@dataclass(frozen=True, slots=True)
class Judged:
    """How often an item was met and not met."""

    met: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """How often it was judged."""
        return self.met + self.failed

    def __add__(self, other: Judged) -> Judged:
        return Judged(self.met + other.met, self.failed + other.failed)


def by_item(connection: Connection, unit_ids: Collection[str], span: Span) -> dict[str, Judged]:
    """Items by code, as judged at these units; those never judged are missing."""
    rows = items_in(span.within(unit_ids))
    statement = select(rows.c.code, *_judged(rows)).group_by(rows.c.code)
    return {row.code: Judged(int(row.met), int(row.failed)) for row in connection.execute(statement)}


def by_unit_and_section(connection: Connection, area: Area, span: Span) -> dict[tuple[str, str], Judged]:
    """(unit of the reference day, section): the section is the letter of an item's code."""
    rows = items_in(span.within(area.counted))
    section = func.substr(rows.c.code, 1, 1).label("section")
    statement = select(rows.c.unit_id, section, *_judged(rows)).group_by(rows.c.unit_id, section)
    found: dict[tuple[str, str], Judged] = {}
    for row in connection.execute(statement):
        key = area.successor[row.unit_id], row.section
        found[key] = found.get(key, Judged()) + Judged(int(row.met), int(row.failed))
    return found


def _judged(rows: Subquery) -> tuple[Any, Any]:
    return func.sum(rows.c.met).label("met"), func.sum(rows.c.failed).label("failed")


# --- what is owed ---------------------------------------------------------------------------------------------------


def owed(  # noqa: PLR0913  what, of whom, for which year, as of when
    connection: Connection, area: Area, kind: str, year: int, day: date, calendar: Calendar
) -> list[Owed]:
    """The obligations of a kind for a year, one a unit (the earliest due), as they stood on a day; overdue first."""
    rows = connection.execute(
        select(obligations)
        .where(obligations.c.unit_id.in_(area.counted), obligations.c.kind == kind, obligations.c.year == year)
        .where(obligations.c.state != "cancelled")
        .order_by(obligations.c.due, obligations.c.code)
    )
    found: dict[str, Owed] = {}
    for row in rows:
        one = Owed(row.id, row.code, area.successor[row.unit_id], row.due, _standing(row, day, calendar))
        found.setdefault(one.unit_id, one)
    return sorted(found.values(), key=lambda one: (one.standing != "overdue", one.due, one.code))


def _standing(row: Any, day: date, calendar: Calendar) -> str:
    done = _done_on(row)
    if done is not None and done <= day:
        if done <= calendar.next_working_day(row.original_due):
            return "on_time"
        return "on_time_by_extension" if done <= calendar.next_working_day(row.due) else "late"
    owed_by = row.complete_by if row.state == "returned" and row.complete_by is not None else row.due
    return "overdue" if day > calendar.next_working_day(owed_by) else "within"


def _done_on(row: Any) -> date | None:
    """The day of the document, else of the report; what is open, or returned without a document, is not done."""
    if row.state == "open" or (row.state == "returned" and row.issued is None):
        return None
    if row.issued is not None:
        return row.issued  # type: ignore[no-any-return]
    return local_date(row.reported_at) if row.reported_at is not None else row.original_due


# --- findings -------------------------------------------------------------------------------------------------------


def _found(connection: Connection, area: Area, span: Span, calendar: Calendar) -> Found:
    mine = _mine(area, span)
    found = Found()
    latest = calendar.latest_overdue(span.day)
    back = months_on(span.day, -REPEATED_WITHIN)
    in_span = findings.c.found_on.between(span.period.first, span.day)
    rows = connection.execute(
        select(
            findings.c.unit_id,
            func.count().filter(in_span).label("total"),
            func.count().filter(in_span, findings.c.status == "verified").label("remedied"),
            func.count().filter(in_span, _open, findings.c.due.is_(None)).label("unannounced"),
            func.count().filter(in_span, _open, findings.c.due <= latest).label("overdue"),
            func.count().filter(findings.c.found_on < span.period.first, _open).label("older"),
            func.count()
            .filter(findings.c.found_on < span.period.first, _open, findings.c.due <= latest)
            .label("older_overdue"),
            func.count()
            .filter(findings.c.status == "verified", findings.c.found_on.between(back, span.day))
            .label("closed"),
        )
        .where(mine)
        .group_by(findings.c.unit_id)
    )
    late = set()
    for row in rows:
        for name in ("total", "remedied", "unannounced", "overdue", "older", "older_overdue", "closed"):
            setattr(found, name, getattr(found, name) + int(getattr(row, name)))
        if row.overdue:
            late.add(area.successor[row.unit_id])
    for row in remedied_since(connection, area, span):
        found.closed -= row.found_on >= back
        if row.found_on < span.period.first:
            found.older += 1
            found.older_overdue += row.due is not None and row.due <= latest
        if row.found_on >= span.period.first:
            found.remedied -= 1
            found.unannounced += row.due is None
            if row.due is not None and row.due <= latest:
                found.overdue += 1
                late.add(area.successor[row.unit_id])
    found.within = found.total - found.remedied - found.overdue - found.unannounced
    found.overdue_units = len(late)
    repeated = select(func.count(findings.c.repeat_of.distinct())).where(mine, in_span)
    found.repeated = int(connection.execute(repeated).scalar_one())
    found.due, found.due_remedied_in_time = _in_time(connection.execute(_due(mine, span)), span.day, calendar)
    return found


_open = findings.c.status == "open"


def _mine(area: Area, span: Span) -> ColumnElement[bool]:
    return and_(findings.c.unit_id.in_(area.counted) if area.counted else false(), span.found)


def remedied_since(connection: Connection, area: Area, span: Span) -> Sequence[Any]:
    """Findings made by the end of a span that is over and remedied only after it: on its last day they were open."""
    if not span.over:
        return ()
    closing = visits.alias("closing")
    seen_at = func.coalesce(obligations.c.reported_at, closing.c.finished_at)
    return connection.execute(
        select(findings.c.number, findings.c.unit_id, findings.c.found_on, findings.c.due)
        .outerjoin(obligations, and_(obligations.c.finding_id == findings.c.id, obligations.c.kind == REMEDY))
        .outerjoin(closing, closing.c.id == findings.c.closed_by_visit)
        .where(_mine(area, span), findings.c.status == "verified", findings.c.found_on <= span.day)
        .where(or_(obligations.c.issued > span.day, and_(obligations.c.issued.is_(None), seen_at >= span.end)))
    ).all()


def _due(mine: ColumnElement[bool], span: Span, *each: ColumnElement[Any]) -> Select[Any]:
    """Findings due in the span with the day of their remedy, those alike in one row: there are few different ones."""
    closing = visits.alias("closing")
    reported = case((obligations.c.issued.is_(None), obligations.c.reported_at)).label("reported_at")
    unreported = and_(obligations.c.issued.is_(None), obligations.c.reported_at.is_(None))
    seen = case((unreported, closing.c.finished_at)).label("seen_at")
    columns = (*each, findings.c.due, findings.c.status, obligations.c.issued, reported, seen)
    return (
        select(*columns, func.count().label("alike"))
        .select_from(findings)
        .outerjoin(obligations, and_(obligations.c.finding_id == findings.c.id, obligations.c.kind == REMEDY))
        .outerjoin(closing, closing.c.id == findings.c.closed_by_visit)
        .where(mine, findings.c.due.between(span.period.first, span.day))
        .group_by(*columns)
    )


def _in_time(rows: Iterable[Any], day: date, calendar: Calendar) -> tuple[int, int]:
    """Findings that had to be remedied by a day, and those of them that were, in time.

    One that may still be remedied in time counts in neither. Where no day of the remedy is known it was in time.
    """
    due = in_time = 0
    for row in rows:
        had_to, done_in_time = in_time_of(row, day, calendar)
        due, in_time = due + had_to * row.alike, in_time + done_in_time * row.alike
    return due, in_time


@dataclass(frozen=True, slots=True)
class Due:
    """A finding that had to be remedied in a span, the day it was (None: not yet or not known), and whether in time."""

    number: str
    due: date
    done: date | None
    in_time: bool


def due_in(connection: Connection, area: Area, span: Span, calendar: Calendar) -> list[Due]:
    """The findings KPI-06 counts, those not remedied in time first."""
    found = []
    for row in connection.execute(_due(_mine(area, span), span, findings.c.number)):
        had_to, in_time = in_time_of(row, span.day, calendar)
        if had_to:
            found.append(Due(row.number, row.due, remedied_on(row) if row.status == "verified" else None, in_time))
    return sorted(found, key=lambda one: (one.in_time, one.due, one.number))


def in_time_of(row: Any, day: date, calendar: Calendar) -> tuple[bool, bool]:
    """Whether a finding with a due day had to be remedied by a day, and whether it was, in time."""
    last, done = calendar.next_working_day(row.due), remedied_on(row)
    if row.status == "verified":
        return True, done is None or done <= last
    return day > last, False


def remedied_on(row: Any) -> date | None:
    """The day a finding was remedied: of the document, else of the report or of the visit that saw it."""
    if row.issued is not None:
        return row.issued  # type: ignore[no-any-return]
    moment = row.reported_at or row.seen_at
    return local_date(moment) if moment is not None else None
