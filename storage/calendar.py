"""The calendar in force is the default one with the administrator's days over it.

Working it out takes longer than a turn, so it is kept as long as the administrator's days stay the same: they are read
each time (there are a handful), the rest only when they differ.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, delete, select

from inspection.working_days import Calendar
from storage.holidays import DayKind, default_calendar
from storage.obligations import look_again
from storage.tables import calendar_overrides
from storage.upsert import insert as upsert

_YEARS_BACK = 4  # the oldest dates of which anybody asks how late they are
_YEARS_AHEAD = 2


_OVERRIDES = select(calendar_overrides.c.day, calendar_overrides.c.kind).order_by(calendar_overrides.c.day)


def current(connection: Connection, on: date) -> Calendar:
    """The calendar around a day: from four years before it to two years after it."""
    return _worked_out(on.year, tuple((day, kind) for day, kind in connection.execute(_OVERRIDES)))


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


@lru_cache(maxsize=4)
def _worked_out(year: int, overrides: tuple[tuple[date, str], ...]) -> Calendar:
    return default_calendar(year - _YEARS_BACK, year + _YEARS_AHEAD, overrides=overrides)
