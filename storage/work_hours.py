"""When a unit is at work, and with it its people: by its own hours, else by those of the nearest unit above it.

Whether a day is worked at all, the calendar says: on a weekend day without hours of its own, worked instead of another,
those of the Friday before it count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from functools import partial

from sqlalchemy import Connection, select

from inspection.reminders import next_window
from inspection.working_days import Calendar
from storage.people import Person
from storage.tables import work_hours
from storage.units import in_force, nearest, parents_above

Shift = tuple[time, time]  # from and until, local

_FRIDAY = 4


def of_unit(connection: Connection, unit_id: str, day: date) -> list[Shift] | None:
    """A unit's shifts on a day, the earliest first; none: it does not work on this weekday; None: unknown."""
    return of_units(connection, [unit_id], day)[unit_id]


def of_units(connection: Connection, unit_ids: Collection[str], day: date) -> dict[str, list[Shift] | None]:
    """The same for several units."""
    parents = parents_above(connection, unit_ids, day)
    ids = list(set(unit_ids) | set(parents.values()))
    statement = select(work_hours).where(work_hours.c.unit_id.in_(ids), in_force(work_hours, day))
    weeks: dict[str, dict[int, list[Shift]]] = {}
    for row in connection.execute(statement.order_by(work_hours.c.start)):
        shift = time.fromisoformat(row.start), time.fromisoformat(row.end)
        weeks.setdefault(row.unit_id, {}).setdefault(row.weekday, []).append(shift)
    sources = {unit_id: nearest(unit_id, parents, weeks) for unit_id in unit_ids}
    return {unit_id: None if at is None else _on(weeks[at], day) for unit_id, at in sources.items()}


def of_people(connection: Connection, people: Iterable[Person], day: date) -> dict[str, list[Shift] | None]:
    """By person id, when one of the units at which they hold a role is at work; None: unknown."""
    held = {person.id: {role.unit_id for role in person.roles} for person in people}
    known = of_units(connection, set[str]().union(*held.values()), day)
    found: dict[str, list[Shift] | None] = {}
    for person_id, unit_ids in held.items():
        listed = [shifts for unit_id in unit_ids if (shifts := known[unit_id]) is not None]
        found[person_id] = sorted({shift for shifts in listed for shift in shifts}) if listed else None
    return found


def waits(connection: Connection, people: Iterable[Person], now: datetime, calendar: Calendar) -> dict[str, datetime]:
    """By person id, until when they are not to be written to, local time; who may be written to now is missing."""
    listed = list(people)
    days: dict[date, dict[str, list[Shift] | None]] = {}

    def shifts(person_id: str, day: date) -> list[Shift] | None:
        if day not in days:
            days[day] = of_people(connection, listed, day)
        return days[day][person_id]

    found = {person.id: next_window(now, calendar, partial(shifts, person.id)) for person in listed}
    return {person_id: opening for person_id, opening in found.items() if opening > now}


def _on(week: dict[int, list[Shift]], day: date) -> list[Shift]:
    own = week.get(day.weekday(), [])
    return own or (week.get(_FRIDAY, []) if day.weekday() > _FRIDAY else [])
