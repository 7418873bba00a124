"""The units a summary is about: those valid on its reference day, and the former ones that live on in them.

A former unit merged wholly, or only renamed, counts for its successor; one that was split, of which a part went
elsewhere or that was abolished is counted apart, because its visits belong to no single unit of today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, select

from inspection.periods import Period
from storage import units as unit_rows
from storage.tables import unit_lineage, units
from storage.units import Unit

INSPECTED = ("commune", "ward", "town", "department", "district")  # not the offices inside them
_WHOLE = ("merge", "rename")


@dataclass(frozen=True)
class Area:
    """Units by id. successor: every unit that counts, itself or a former one, to the unit of the reference day."""

    tops: tuple[str, ...]
    on: date
    units: Mapping[str, Unit]
    successor: Mapping[str, str]
    apart: tuple[str, ...]
    changed: tuple[date, ...]

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """Every unit whose visits count, in a steady order."""
        return tuple(sorted(self.successor))

    def reorganised_in(self, period: Period) -> list[date]:
        """The days of the period on which units of the area were reorganised; its first day changes nothing."""
        return [day for day in self.changed if period.first < day <= period.last]


def area_of(connection: Connection, tops: Collection[str], reference: date, today: date) -> Area:
    """The area at and below some units on a reference day; of today where one of them did not exist yet."""
    known = unit_rows.get_many(connection, tops, on=today)
    begun = connection.execute(select(units.c.id, units.c.valid_from).where(units.c.id.in_(list(known))))
    on = today if any(row.valid_from > reference for row in begun) else reference
    below = set().union(*(unit_rows.subtree_ids(connection, top, on) for top in tops)) if tops else set()
    kinds = select(units.c.id).where(units.c.id.in_(list(below)), units.c.kind.in_(INSPECTED))
    inspected = set(connection.execute(kinds).scalars())
    successor = {unit_id: unit_id for unit_id in inspected}
    apart = set()
    changes = _changes(connection, on)
    for former in changes:
        ends = _ends(former, changes)
        if len(ends) == 1 and ends.keys() <= inspected and all(ends.values()):
            successor[former] = next(iter(ends))
        elif not inspected.isdisjoint(ends) or not below.isdisjoint(ends):
            apart.add(former)
    touched = {*successor, *apart}
    days = sorted({day for former, rows in changes.items() if former in touched for _, _, day in rows})
    return Area(
        tuple(tops), on, unit_rows.get_many(connection, inspected, on=on), successor, tuple(sorted(apart)), tuple(days)
    )


_Changes = Mapping[str, list[tuple[str, str, date]]]


def _changes(connection: Connection, on: date) -> _Changes:
    """What became of the units that had ceased by a day: (successor, how, when)."""
    found: dict[str, list[tuple[str, str, date]]] = defaultdict(list)
    rows = connection.execute(
        select(unit_lineage.c.from_id, unit_lineage.c.to_id, unit_lineage.c.kind, unit_lineage.c.on)
        .join(units, units.c.id == unit_lineage.c.from_id)
        .where(units.c.valid_to < on, units.c.kind.in_(INSPECTED))
    )
    for from_id, to_id, kind, day in rows:
        found[from_id].append((to_id, kind, day))
    return found


def _ends(former: str, changes: _Changes) -> dict[str, bool]:
    """The units a former one led to, however many changes lie between, and whether it went there wholly."""
    found: dict[str, bool] = {}
    waiting = [(former, True)]
    seen = set()
    while waiting:
        unit_id, wholly = waiting.pop()
        if unit_id in seen:
            continue
        seen.add(unit_id)
        for to_id, kind, _ in changes[unit_id]:
            whole = wholly and kind in _WHOLE and len(changes[unit_id]) == 1
            if to_id in changes:
                waiting.append((to_id, whole))
            else:
                found[to_id] = found.get(to_id, True) and whole
    return found
