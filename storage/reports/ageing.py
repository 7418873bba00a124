"""How long open findings have been open, as of the last day of a span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, false, func, select

from inspection.working_days import Calendar
from storage.reports.area import Area
from storage.reports.counts import Span
from storage.tables import findings

AGES: Final[tuple[int | None, ...]] = (30, 90, 180, None)  # days, the last group without an end


@dataclass(frozen=True, slots=True)
class Age:
    """How many are open, and how many of them overdue."""

    count: int
    overdue: int


def ages_of(connection: Connection, area: Area, span: Span, calendar: Calendar) -> Mapping[int | None, Age]:
    """By the upper limit of their age in days."""
    held = findings.c.unit_id.in_(area.counted) if area.counted else false()
    late = func.count().filter(findings.c.due <= calendar.latest_overdue(span.day))
    found: dict[int | None, Age] = {}
    younger = span.day + timedelta(days=1)
    for limit in AGES:
        statement = select(func.count(), late).where(
            held, span.found, findings.c.status == "open", findings.c.found_on < younger
        )
        if limit is not None:
            younger = span.day - timedelta(days=limit)
            statement = statement.where(findings.c.found_on >= younger)
        row = connection.execute(statement).one()
        found[limit] = Age(int(row[0]), int(row[1]))
    return found
