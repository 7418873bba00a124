"""How long open findings have been open, as of the last day of a span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, false, func, select

from inspection.working_days import Calendar
from storage.reports.area import Area
from storage.reports.counts import Span, remedied_since
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
    since = remedied_since(connection, area, span)
    latest = calendar.latest_overdue(span.day)
    late = func.count().filter(findings.c.due <= latest)
    found: dict[int | None, Age] = {}
    younger = span.day + timedelta(days=1)
    for limit in AGES:
        statement = select(func.count(), late).where(
            held, span.found, findings.c.status == "open", findings.c.found_on < younger
        )
        oldest = span.day - timedelta(days=limit) if limit is not None else date.min
        if limit is not None:
            statement = statement.where(findings.c.found_on >= oldest)
        row = connection.execute(statement).one()
        also = [one for one in since if oldest <= one.found_on < younger]
        overdue = sum(one.due is not None and one.due <= latest for one in also)
        found[limit] = Age(int(row[0]) + len(also), int(row[1]) + overdue)
        younger = oldest
    return found
