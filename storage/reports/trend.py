"""The twelve months that end with a span, each counted like a period of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import Connection, false, func, select

from inspection.periods import months_on
from inspection.working_days import LOCAL
from storage.reports.area import Area
from storage.reports.counts import Span
from storage.tables import findings
from storage.tallies import COUNTED, by_month, visits_in

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
    firsts = [months_on(last, -back) for back in range(MONTHS - 1, -1, -1)]
    made = _visits(connection, area, span, firsts)
    found = _found(connection, area, span, firsts)
    return [
        Month(first, visits=made[first][0], tenths=made[first][1], scored=made[first][2], found=count)
        for first, count in zip(firsts, found, strict=True)
    ]


def _visits(connection: Connection, area: Area, span: Span, firsts: Sequence[date]) -> Mapping[date, Sequence[int]]:
    """Visits, tenths of points and scored visits of each month."""
    begin = datetime.combine(firsts[0], time(), LOCAL)
    within = replace(span.within(area.counted), start=begin)
    made: dict[date, Sequence[int]] = defaultdict(
        lambda: (0, 0, 0), by_month(connection, within, ("visits", "tenths", "scored"))
    )
    opening = datetime.combine(firsts[-1], time(), LOCAL)
    if firsts[-1] not in made and opening < span.end:  # not over yet
        rows = visits_in(replace(within, start=opening))
        sums = (func.coalesce(func.sum(rows.c[name]), 0) for name in ("visits", "tenths", "scored"))
        row = connection.execute(select(*sums).where(rows.c.status.in_(COUNTED))).one()
        made[firsts[-1]] = (int(row[0]), int(row[1]), int(row[2]))
    return made


def _found(connection: Connection, area: Area, span: Span, firsts: Sequence[date]) -> list[int]:
    """Findings made in each month."""
    day = findings.c.found_on
    counts = (func.count().filter(day >= first, day < months_on(first, 1), day <= span.day) for first in firsts)
    held = findings.c.unit_id.in_(area.counted) if area.counted else false()
    row = connection.execute(select(*counts).where(held, span.found, day >= firsts[0])).one()
    return [int(count) for count in row]
