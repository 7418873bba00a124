"""The figures of `/summary`: every one is defined here once, for a period and for units at and below some others.

A visit counts in the period in which it was finished; visits under way are counted by nobody, so that a surprise visit
is not betrayed by a figure. Shares are never averages of percentages; with nothing to count there is no figure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, select

from inspection.working_days import Calendar, local_date
from storage.tables import findings, obligations, results, units, visits


@dataclass(frozen=True, slots=True)
class FailedItem:
    """How often an item was not met, of how often it was judged."""

    code: str
    failed: int
    judged: int


@dataclass(frozen=True, slots=True)
class OverduePlan:
    """A unit that owes a plan past its day."""

    code: str
    unit_id: str
    due: date


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures at one moment. `average` has one decimal; None without a visit."""

    visits: int
    units_visited: int
    units: int
    ended_early: int
    average: Decimal | None
    grades: dict[str, int]
    findings: int
    findings_open: int
    findings_overdue: int
    findings_older: int  # found before the period and still open
    failed_items: tuple[FailedItem, ...]
    plans: int
    plans_done: int
    plans_late: int
    overdue: tuple[OverduePlan, ...]


def summarise(
    connection: Connection, unit_ids: Collection[str], start: datetime, end: datetime, calendar: Calendar
) -> Summary:
    """Count for units: visits finished and findings made from `start` to before `end`, plans as of `end`."""
    today = local_date(end)
    finished = and_(
        visits.c.unit_id.in_(list(unit_ids)) if unit_ids else false(),
        visits.c.finished_at >= start,
        visits.c.finished_at < end,
    )
    counted = and_(finished, visits.c.status.in_(("awaiting_signature", "signed")))
    total, places, points = connection.execute(
        select(func.count(), func.count(visits.c.unit_id.distinct()), func.sum(visits.c.score)).where(counted)
    ).one()
    grades = {
        str(grade): int(count)
        for grade, count in connection.execute(
            select(visits.c.grade, func.count()).where(counted).group_by(visits.c.grade)
        )
    }
    found, still_open, late, older = _findings(connection, unit_ids, local_date(start), today)
    plans, done, done_late, overdue = _plans(connection, unit_ids, today, calendar)
    return Summary(
        visits=total,
        units_visited=places,
        units=len(unit_ids),
        ended_early=_count(connection, select(func.count()).where(finished, visits.c.status == "ended_early")),
        average=_average(points, total),
        grades=grades,
        findings=found,
        findings_open=still_open,
        findings_overdue=late,
        findings_older=older,
        failed_items=_failed_items(connection, counted),
        plans=plans,
        plans_done=done,
        plans_late=done_late,
        overdue=overdue,
    )


def inspectable(connection: Connection, unit_ids: Collection[str]) -> set[str]:
    """Those of some units that are inspected as units of their own: agencies and communes, not their offices."""
    kinds = ("commune", "ward", "department", "district")
    rows = connection.execute(select(units.c.id).where(units.c.id.in_(list(unit_ids)), units.c.kind.in_(kinds)))
    return set(rows.scalars())


def _count(connection: Connection, statement: Select[int]) -> int:
    return connection.execute(statement).scalar_one()


def share(part: int, whole: int) -> Decimal | None:
    """A percentage with one decimal, half up; None where there is nothing to divide by."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _average(points: Decimal | None, total: int) -> Decimal | None:
    if not total or points is None:
        return None
    return (Decimal(str(points)) / total).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _findings(connection: Connection, unit_ids: Collection[str], first: date, today: date) -> tuple[int, int, int, int]:
    """Findings of the period: all, open, open and overdue; and those from before it that are still open."""
    is_open, in_period = findings.c.status == "open", findings.c.found_on >= first
    row = connection.execute(
        select(
            func.count().filter(in_period),
            func.count().filter(in_period, is_open),
            func.count().filter(in_period, is_open, findings.c.due < today),
            func.count().filter(~in_period, is_open),
        ).where(findings.c.unit_id.in_(list(unit_ids)))
    ).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def _failed_items(connection: Connection, counted: ColumnElement[bool]) -> tuple[FailedItem, ...]:
    failed = func.count().filter(results.c.outcome == "not_met")
    rows = connection.execute(
        select(results.c.code, failed.label("failed"), func.count().label("judged"))
        .join(visits, visits.c.id == results.c.visit_id)
        .where(counted, results.c.outcome.in_(("met", "not_met")))
        .group_by(results.c.code)
        .having(failed > 0)
        .order_by(failed.desc(), results.c.code)
        .limit(5)
    )
    return tuple(FailedItem(r.code, r.failed, r.judged) for r in rows)


def _plans(
    connection: Connection, unit_ids: Collection[str], today: date, calendar: Calendar
) -> tuple[int, int, int, tuple[OverduePlan, ...]]:
    mine = and_(
        obligations.c.unit_id.in_(list(unit_ids)),
        obligations.c.kind == "impl_plan",
        obligations.c.year == today.year,
        obligations.c.state != "cancelled",
    )
    rows = connection.execute(select(obligations).where(mine).order_by(obligations.c.due, obligations.c.code)).all()
    done = [r for r in rows if r.state != "open"]
    late = [r for r in done if r.issued is not None and r.issued > calendar.next_working_day(r.due)]
    overdue = [r for r in rows if r.state == "open" and r.due <= calendar.latest_overdue(today)]
    return len(rows), len(done), len(late), tuple(OverduePlan(r.code, r.unit_id, r.due) for r in overdue)
