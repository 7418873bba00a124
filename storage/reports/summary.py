"""The figures of `/summary` at one moment: the indicators for a period, and for the two periods to compare with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from inspection.periods import Period
from inspection.working_days import Calendar, local_date
from storage import external_indices
from storage.external_indices import Ranking
from storage.reports.area import Area, area_of
from storage.reports.counts import Counts, Span, count
from storage.reports.indicators import INDICATORS, Figure, Indicator


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator with its figure, those of the period before and of the same period a year before, and its target."""

    indicator: Indicator
    now: Figure | None
    before: Figure | None
    year_before: Figure | None
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures at one moment. `rankings`: of the area's own unit in SIPAS, newest first, not after the period."""

    counts: Counts
    span_before: Span
    span_year_before: Span
    calendar: Calendar
    rows: Mapping[str, Row]
    rankings: tuple[Ranking, ...]

    @property
    def compares_once(self) -> bool:
        """Whether the period before is the same as the one a year before: that of a year."""
        return self.span_before.period == self.span_year_before.period

    @property
    def area(self) -> Area:
        """Whose figures they are."""
        return self.counts.area

    @property
    def span(self) -> Span:
        """Of which time they are."""
        return self.counts.span


def summarise(  # noqa: PLR0913  whose figures, of which time and checklists
    connection: Connection,
    tops: Collection[str],
    period: Period,
    now: datetime,
    calendar: Calendar,
    checklists: tuple[int, ...] = (),
) -> Summary:
    """The figures of the units at and below some others, for a period as far as it has gone by at a moment.

    checklists: ids of the versions whose visits and findings count; empty: of all.
    """
    today = local_date(now)
    spans = [Span.of(one, now, checklists) for one in (period, period.before(today), period.year_before(today))]
    counts, before, year_before = (
        count(connection, area_of(connection, tops, span.day, today), span, calendar) for span in spans
    )
    aims = external_indices.aims(connection, tops, period.last.year)
    rows = {
        code: Row(
            one,
            one.measure(counts),
            one.measure(before),
            one.measure(year_before),
            _target(one, aims, counts),
        )
        for code, one in INDICATORS.items()
    }
    rankings = external_indices.latest(connection, tops, period.last.year)
    return Summary(counts, spans[1], spans[2], calendar, rows, tuple(rankings))


def _target(one: Indicator, aims: Mapping[str, Decimal], counts: Counts) -> Decimal | None:
    """A target of the year says nothing of a month, the usual number of units nothing of an area with fewer."""
    if one.yearly and counts.span.period.kind != "year":
        return None
    if one.unit == "count" and one.code not in aims and one.target is not None and len(counts.area.units) < one.target:
        return None
    return aims.get(one.code, one.target)
