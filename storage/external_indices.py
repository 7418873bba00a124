"""What others publish about an area (SIPAS and its like), and what an authority aims at; the journal keeps both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, select

from storage import journal
from storage.journal import Entry
from storage.tables import external_indices, targets
from storage.upsert import insert as upsert


@dataclass(frozen=True, slots=True)
class Ranking:
    """The place of an area in an index of a year: `rank` of `total`, and the value where one is published."""

    unit_id: str
    name: str
    year: int
    rank: int
    total: int
    value: Decimal | None = None


def enter(connection: Connection, ranking: Ranking, person_id: str, now: datetime) -> Ranking | None:
    """Store a place; returns the one it replaces, None where there was none. The journal keeps both."""
    before = next(iter(_read(connection, ranking.unit_id, name=ranking.name, year=ranking.year)), None)
    values = {"rank": ranking.rank, "total": ranking.total, "value": ranking.value}
    statement = upsert(connection, external_indices).values(
        unit_id=ranking.unit_id, name=ranking.name, year=ranking.year, entered_by=person_id, entered_at=now, **values
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "name", "year"], set_={**values, "entered_by": person_id, "entered_at": now}
        )
    )
    _note(connection, "index_entered", ranking, before, person_id, now)
    return before


def take_back(connection: Connection, ranking: Ranking, person_id: str, now: datetime) -> bool:
    """Remove a place that was entered by mistake; False if it was not there any more."""
    gone = connection.execute(
        delete(external_indices).where(
            external_indices.c.unit_id == ranking.unit_id, external_indices.c.name == ranking.name,
            external_indices.c.year == ranking.year,
        )
    )  # fmt: skip
    if gone.rowcount:
        _note(connection, "index_removed", ranking, None, person_id, now)
    return gone.rowcount == 1


def _note(  # noqa: PLR0913  the act, what it concerns, and who
    connection: Connection, act: str, ranking: Ranking, before: Ranking | None, person_id: str, now: datetime
) -> None:
    def told(one: Ranking) -> str:
        return f"{one.rank}/{one.total}" + (f" ({one.value})" if one.value is not None else "")

    details = {"unit": ranking.unit_id, "index": ranking.name, "year": ranking.year, "value": told(ranking)}
    journal.append(connection, Entry(person_id, act, "", details | ({"before": told(before)} if before else {})), now)


def of_units(connection: Connection, unit_ids: Collection[str]) -> list[Ranking]:
    """All places of some units, by name, the newest year first."""
    statement = select(external_indices).where(external_indices.c.unit_id.in_(list(unit_ids)))
    rows = connection.execute(statement.order_by(external_indices.c.name, external_indices.c.year.desc()))
    return [_ranking(row) for row in rows]


def latest(connection: Connection, unit_ids: Collection[str], year: int, name: str = "SIPAS") -> list[Ranking]:
    """The places of a unit not after a year, newest first; of several units those of the one whose place is newest."""
    found = [one for one in of_units(connection, unit_ids) if one.name == name and one.year <= year]
    found.sort(key=lambda one: (-one.year, one.unit_id))
    return [one for one in found if one.unit_id == found[0].unit_id]


def _read(connection: Connection, unit_id: str, *, name: str, year: int) -> list[Ranking]:
    rows = connection.execute(
        select(external_indices).where(
            external_indices.c.unit_id == unit_id, external_indices.c.name == name, external_indices.c.year == year
        )
    )
    return [_ranking(row) for row in rows]


def _ranking(row: Any) -> Ranking:
    return Ranking(row.unit_id, row.name, row.year, row.rank, row.total, row.value)


# --- targets --------------------------------------------------------------------------------------------------------


def aim_at(  # noqa: PLR0913  the target, and who sets it
    connection: Connection, unit_id: str, code: str, year: int, value: Decimal, person_id: str, now: datetime
) -> None:
    """Set what an authority aims at in a year, in place of the usual target."""
    statement = upsert(connection, targets).values(unit_id=unit_id, code=code, year=year, value=value)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["unit_id", "code", "year"], set_={"value": value})
    )
    details = {"unit": unit_id, "index": code, "year": year, "value": str(value)}
    journal.append(connection, Entry(person_id, "target_set", "", details), now)


def aim_no_more(  # noqa: PLR0913  the target, and who takes it back
    connection: Connection, unit_id: str, code: str, year: int, person_id: str, now: datetime
) -> bool:
    """Take a target back: the usual one holds again. False if there was none."""
    mine = (targets.c.unit_id == unit_id, targets.c.code == code, targets.c.year == year)
    if connection.execute(delete(targets).where(*mine)).rowcount != 1:
        return False
    journal.append(
        connection, Entry(person_id, "target_removed", "", {"unit": unit_id, "index": code, "year": year}), now
    )
    return True


def aims(connection: Connection, unit_ids: Collection[str], year: int) -> dict[str, Decimal]:
    """The targets set for a year, by code; of several units there is none of their own, unless all agree."""
    found: dict[str, set[Decimal]] = {}
    statement = select(targets).where(targets.c.unit_id.in_(list(unit_ids)), targets.c.year == year)
    for row in connection.execute(statement):
        found.setdefault(row.code, set()).add(row.value)
    return {code: next(iter(values)) for code, values in found.items() if len(values) == 1}
