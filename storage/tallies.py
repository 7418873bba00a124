"""What finished visits amount to, added up by unit and month, so that a year is read in its months and not in its rows.

A month of a unit is added up anew from the rows themselves whenever one of its visits is finished, corrected or taken
up again, in the same transaction: nothing is counted up or down, so nothing can drift. `visits_in` and `items_in` give
a span: its whole months from here, what is left at both ends from the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
)

from inspection.periods import months_on
from inspection.working_days import LOCAL, local_date
from storage.tables import item_tallies, measures, results, visit_tallies, visits

COUNTED = ("awaiting_signature", "signed")
ENDED = (*COUNTED, "ended_early")
SUMMED = ("absent", "required", "late_files", "apologies", "satisfied", "rated")

Month = tuple[str, date]  # of a unit, by its id: the first day of the month, local

_TENTHS = cast(func.round(visits.c.score * 10), BigInteger)
_MET, _FAILED = (func.sum(case((results.c.outcome == outcome, 1), else_=0)) for outcome in ("met", "not_met"))


def month_of(unit_id: str, finished_at: datetime) -> Month:
    """The month in which a visit is counted."""
    return unit_id, local_date(finished_at).replace(day=1)


def add_up(connection: Connection, months: Iterable[Month]) -> None:
    """Add up months of units anew from their visits."""
    for unit_id, first in sorted(set(months)):
        here = and_(visits.c.unit_id == unit_id, _between(_start(first), _start(months_on(first, 1))))
        key = (literal(first, visit_tallies.c.month.type).label("month"),)
        for table, rows in ((visit_tallies, _visit_rows(here, key)), (item_tallies, _item_rows(here, key))):
            connection.execute(delete(table).where(table.c.unit_id == unit_id, table.c.month == first))
            connection.execute(insert(table).from_select([column.name for column in rows.selected_columns], rows))


def add_up_all(connection: Connection) -> None:
    """Add up every month of every unit."""
    rows = connection.execute(select(visits.c.unit_id, visits.c.finished_at).where(visits.c.finished_at.is_not(None)))
    add_up(connection, {month_of(row.unit_id, row.finished_at) for row in rows})


# --- a span of time -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Within:
    """Visits of some units finished from `start` to before `end`, aware; checklists: of these versions, empty: all."""

    unit_ids: Collection[str]
    start: datetime
    end: datetime
    checklists: tuple[int, ...] = ()

    @cached_property
    def _months(self) -> tuple[date, date] | None:
        """The first days of the first month that lies wholly within, and of the one after the last such."""
        first = local_date(self.start).replace(day=1)
        first = first if _start(first) == self.start else months_on(first, 1)
        after = local_date(self.end).replace(day=1)
        return (first, after) if first < after else None

    def tallied(self, table: Any) -> ColumnElement[bool]:
        """Which rows of a table of tallies are of its whole months."""
        if self._months is None:
            return false()
        first, after = self._months
        return and_(self._of_units(table), table.c.month >= first, table.c.month < after)

    @property
    def beside(self) -> ColumnElement[bool]:
        """Which visits were finished within it, but in none of its whole months."""
        if self._months is None:
            return and_(self._of_units(visits), _between(self.start, self.end))
        first, after = (_start(day) for day in self._months)
        ends = [_between(*one) for one in ((self.start, first), (after, self.end)) if one[0] < one[1]]
        return and_(self._of_units(visits), or_(false(), *ends))

    def _of_units(self, table: Any) -> ColumnElement[bool]:
        made = table.c.checklist_id.in_(self.checklists) if self.checklists else true()
        return and_(table.c.unit_id.in_(list(self.unit_ids)), made)


def visits_in(within: Within) -> Subquery:
    """Visits by unit, form, status and grade: `visits`, `scored`, `tenths` (of points), and the sums of SUMMED."""
    names = ("unit_id", "form", "status", "grade", "visits", "scored", "tenths", *SUMMED)
    return _both(names, visit_tallies, within, _visit_rows(within.beside, ()))


def items_in(within: Within) -> Subquery:
    """Items by unit and code: how often `met` and `failed`."""
    return _both(("unit_id", "code", "met", "failed"), item_tallies, within, _item_rows(within.beside, ()))


def by_month(connection: Connection, within: Within, names: Sequence[str]) -> dict[date, tuple[int, ...]]:
    """Sums of visits with a result by whole month, its first day; a month without visits is missing."""
    month = visit_tallies.c.month
    sums = (func.sum(visit_tallies.c[name]) for name in names)
    counted = visit_tallies.c.status.in_(COUNTED)
    rows = connection.execute(select(month, *sums).where(within.tallied(visit_tallies), counted).group_by(month))
    return {row[0]: tuple(int(value) for value in row[1:]) for row in rows}


def _both(names: Sequence[str], table: Any, within: Within, rows: Select[Any]) -> Subquery:
    tallied = select(*(table.c[name] for name in names)).where(within.tallied(table))
    beside = rows.subquery()
    return union_all(tallied, select(*(beside.c[name] for name in names))).subquery()


# --- the rows -------------------------------------------------------------------------------------------------------


def _visit_rows(where: ColumnElement[bool], key: tuple[Any, ...]) -> Select[Any]:
    by = (visits.c.unit_id, visits.c.checklist_id, visits.c.form, visits.c.status, func.coalesce(visits.c.grade, ""))
    named = (*by[:-1], by[-1].label("grade"))
    sums = [func.coalesce(func.sum(measures.c[name]), 0).label(name) for name in SUMMED]
    counted = (
        func.count().label("visits"),
        func.count(visits.c.score).label("scored"),
        func.coalesce(func.sum(_TENTHS), 0).label("tenths"),
    )
    statement = select(*named, *key, *counted, *sums).outerjoin(measures, measures.c.visit_id == visits.c.id)
    return statement.where(where, visits.c.status.in_(ENDED)).group_by(*by)


def _item_rows(where: ColumnElement[bool], key: tuple[Any, ...]) -> Select[Any]:
    by = (visits.c.unit_id, visits.c.checklist_id, results.c.code)
    statement = select(*by, *key, _MET.label("met"), _FAILED.label("failed"))
    judged = results.c.outcome.in_(("met", "not_met"))
    joined = statement.join_from(results, visits, visits.c.id == results.c.visit_id)
    return joined.where(where, visits.c.status.in_(COUNTED), judged).group_by(*by)


def _between(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(visits.c.finished_at >= start, visits.c.finished_at < end)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)
