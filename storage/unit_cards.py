"""What the card of a unit shows beside the unit itself; a visit under way is known to its leader alone."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from inspection.words import sort_key
from storage.tables import unit_links, visits
from storage.units import Unit, get_many, in_force


def below(connection: Connection, unit_id: str, on: date) -> list[Unit]:
    """The units directly under one on a day, in Vietnamese alphabetical order."""
    links = select(unit_links.c.unit_id).where(unit_links.c.parent_id == unit_id, in_force(unit_links, on))
    found = get_many(connection, connection.execute(links).scalars(), on=on)
    return sorted(found.values(), key=lambda unit: (sort_key(unit.name), unit.id))


def leads_visit(connection: Connection, person_id: str, unit_id: str) -> bool:
    """Whether this very person has a visit to the unit under way. Nobody else is told that there is one."""
    statement = select(visits.c.id).where(
        visits.c.unit_id == unit_id, visits.c.leader_id == person_id, visits.c.status == "in_progress"
    )
    return connection.execute(statement.limit(1)).first() is not None
