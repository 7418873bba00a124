"""The twelve months that end with a span, each counted like a period of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import BigInteger, Connection, cast, false, func, select

from inspection.periods import months_on
from inspection.working_days import LOCAL
from storage.reports.area import Area
from storage.reports.counts import COUNTED, Span
from storage.tables import findings, visits

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month: visits with a result, tenths of points of the scored ones, findings made."""

    first: date
    visits: int
    tenths: int
    scored: int
    found: int


def months(connection: Connection, area: Area, span: Span) -> list[Month]:
    """The months, oldest first; the last one as far as the span goes."""
    last = span.day.replace(day=1)
    return [_month(connection, area, span, months_on(last, -back)) for back in range(MONTHS - 1, -1, -1)]


def _month(connection: Connection, area: Area, span: Span, first: date) -> Month:
    held = visits.c.unit_id.in_(area.counted) if area.counted else false()
    start, end = (datetime.combine(day, time(), LOCAL) for day in (first, months_on(first, 1)))
    tenths = cast(func.round(visits.c.score * 10), BigInteger)
    row = connection.execute(
        select(
            func.count().label("visits"), func.sum(tenths).label("tenths"), func.count(visits.c.score).label("scored")
        )
        .where(held, visits.c.status.in_(COUNTED), span.by_checklist)
        .where(visits.c.finished_at >= start, visits.c.finished_at < min(end, span.end))
    ).one()
    found = connection.execute(
        select(func.count()).where(
            findings.c.unit_id.in_(area.counted) if area.counted else false(),
            span.found,
            findings.c.found_on >= first, findings.c.found_on < months_on(first, 1), findings.c.found_on <= span.day,
        )
    ).scalar_one()  # fmt: skip
    return Month(first, int(row.visits), int(row.tenths or 0), int(row.scored), int(found))
