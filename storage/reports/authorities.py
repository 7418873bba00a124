"""KPI-04 by the authority that sent the team: each is to inspect so many different units in a year.

A unit counts once for each authority that inspected it. Who has a team head and inspected nobody is listed too: that is
what such a list is read for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, and_, false, select

from inspection.access import TEAM_HEAD
from storage import external_indices
from storage.reports.area import INSPECTED
from storage.reports.indicators import INDICATORS
from storage.reports.summary import Summary
from storage.tables import roles, units, visits
from storage.tallies import COUNTED
from storage.units import full_name, in_force, subtree_ids

CODE = "KPI-04a"


@dataclass(frozen=True, slots=True)
class Inspecting:
    """An authority with how many different units its teams inspected: by surprise, combined, in any form.

    id "": visits of which no authority is known. target: units to be inspected by surprise; None where there is none.
    """

    id: str
    name: str
    surprise: int
    combined: int
    all: int
    target: Decimal | None = None

    @property
    def below(self) -> bool:
        """Whether the target of the year is not reached."""
        return self.target is not None and self.surprise < self.target


def by_authority(connection: Connection, summary: Summary) -> list[Inspecting]:
    """The authorities that inspected in the area of a summary or have a team head there, most units first."""
    seen = _seen(connection, summary)
    known = {*seen, *_with_team_heads(connection, summary)}
    names = {
        row.id: full_name(row.kind, row.name)
        for row in connection.execute(select(units.c.id, units.c.kind, units.c.name).where(units.c.id.in_(known)))
    }
    found = [
        Inspecting(
            one, names.get(one, ""),
            len(seen[one]["surprise"]), len(seen[one]["combined"]), len(seen[one][""]),
            _target(connection, one, summary) if one else None,
        )
        for one in known
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.surprise, -one.all, one.name, one.id))


def mean(listed: Sequence[Inspecting]) -> Fraction | None:
    """Units inspected by surprise for each authority that is known; None without one."""
    counted = [one.surprise for one in listed if one.id]
    return Fraction(sum(counted), len(counted)) if counted else None


def _seen(connection: Connection, summary: Summary) -> Mapping[str, Mapping[str, set[str]]]:
    """By authority and form ("": any), the units of the reference day that were visited."""
    area = summary.area
    held = visits.c.unit_id.in_(area.counted) if area.counted else false()
    rows = connection.execute(
        select(visits.c.authority_id, visits.c.form, visits.c.unit_id)
        .where(held, visits.c.status.in_(COUNTED), summary.span.finished)
        .distinct()
    )
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for form in (row.form, ""):
            found[row.authority_id][form].add(area.successor[row.unit_id])
    return found


def _with_team_heads(connection: Connection, summary: Summary) -> set[str]:
    """The units of the area, and those at its top, at which somebody heads teams on the reference day."""
    area = summary.area
    within = set(area.tops).union(*(subtree_ids(connection, top, area.on) for top in area.tops))
    heads = and_(roles.c.role == TEAM_HEAD, in_force(roles, summary.span.day))
    return within & set(connection.execute(select(roles.c.unit_id).where(heads)).scalars())


def _target(connection: Connection, authority_id: str, summary: Summary) -> Decimal | None:
    """What it set itself for the year, else the usual number where it has so many units to inspect."""
    period = summary.span.period
    if period.kind != "year":
        return None
    aims = external_indices.aims(connection, [authority_id], period.last.year)
    usual = INDICATORS[CODE].target
    if CODE in aims or usual is None:
        return aims.get(CODE)
    below = subtree_ids(connection, authority_id, summary.area.on)
    rows = connection.execute(select(units.c.id).where(and_(units.c.id.in_(below), units.c.kind.in_(INSPECTED))))
    return usual if len(rows.all()) >= usual else None
