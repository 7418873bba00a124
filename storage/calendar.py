"""The calendar in force is the default one with the administrator's days over it.

Working it out takes longer than a turn, so it is kept as long as the administrator's days stay the same: they are read
each time (there are a handful), the rest only when they differ.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Connection, delete, insert, select

from inspection.working_days import Calendar
from storage.holidays import LAST_PLANNED, DayKind, default_calendar
from storage.obligations import look_again
from storage.tables import calendar_overrides, calendar_plans
from storage.upsert import insert as upsert

_YEARS_BACK = 4  # the oldest dates of which anybody asks how late they are
YEARS_AHEAD = 2


_OVERRIDES = select(calendar_overrides.c.day, calendar_overrides.c.kind).order_by(calendar_overrides.c.day)


def current(connection: Connection, on: date) -> Calendar:
    """The calendar around a day: from four years before it to YEARS_AHEAD after it."""
    return _worked_out(on.year, tuple((day, kind) for day, kind in connection.execute(_OVERRIDES)))


def with_day(connection: Connection, on: date, day: date, kind: DayKind | None) -> Calendar:
    """The calendar around `on` as it would be with a day made off or worked, or (None) as the default has it."""
    known: dict[date, str] = {row.day: row.kind for row in connection.execute(_OVERRIDES) if row.day != day}
    if kind is not None:
        known[day] = kind
    return _worked_out(on.year, tuple(sorted(known.items())))


def override(connection: Connection, day: date, kind: DayKind, source: str) -> None:
    """Make a day off or worked, by the document that says so; replaces what was said of it before."""
    values = {"kind": kind, "source": source}
    connection.execute(
        upsert(connection, calendar_overrides)
        .values(day=day, **values)
        .on_conflict_do_update(index_elements=["day"], set_=values)
    )
    look_again(connection)


def restore_default(connection: Connection, day: date) -> None:
    """Take the administrator's word on a day back."""
    connection.execute(delete(calendar_overrides).where(calendar_overrides.c.day == day))
    look_again(connection)


def said(connection: Connection, year: int) -> dict[date, tuple[str, str]]:
    """The days of a year an administrator has spoken of: "off" or "work", and the document that says so."""
    of_year = calendar_overrides.c.day.between(date(year, 1, 1), date(year, 12, 31))
    return {row.day: (row.kind, row.source) for row in connection.execute(select(calendar_overrides).where(of_year))}


def provisional(connection: Connection, year: int) -> bool:
    """Whether no official plan of a year's days off is known: its due dates may still move."""
    return year > LAST_PLANNED and not confirmed_by(connection, year)


def confirmed_by(connection: Connection, year: int) -> str:
    """The document that holds a year's plan, as it was confirmed; "" if nobody has."""
    return connection.execute(select(calendar_plans.c.source).where(calendar_plans.c.year == year)).scalar() or ""


def confirm(connection: Connection, year: int, source: str, now: datetime) -> None:
    """The days off of a year are those of the official plan."""
    values = {"source": source, "confirmed_at": now}
    statement = upsert(connection, calendar_plans).values(year=year, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["year"], set_=values))


def was_asked(connection: Connection, year: int) -> bool:
    """Whether the administrators were asked for a year's plan."""
    asked_for = select(calendar_plans.c.year).where(calendar_plans.c.year == year)
    return connection.execute(asked_for).first() is not None


def asked(connection: Connection, year: int, now: datetime) -> None:
    """Note that they are being asked."""
    connection.execute(insert(calendar_plans).values(year=year, source="", asked_at=now))


@lru_cache(maxsize=4)
def _worked_out(year: int, overrides: tuple[tuple[date, str], ...]) -> Calendar:
    return default_calendar(year - _YEARS_BACK, year + YEARS_AHEAD, overrides=overrides)
