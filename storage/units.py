"""Units are found by any part of their name, as typed, and only inside what the asker may see.

Names are stored with their kind in front ("xã Điềm He") and searched by the folded key of the name itself ("diem he").
Links and units are dated; both ends of a validity count (`valid_to` is the last day in force).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, insert, or_, select

from inspection.words import search_key, sort_key
from storage.tables import unit_links, units

COMMITTEES = ("province", "district", "commune", "ward", "town")  # governed by a People's Committee, and named so
_PREFIX = re.compile(r"^(ubnd|uy ban nhan dan|uy ban|tinh|thanh pho|huyen|thi xa|thi tran|xa|phuong)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it stands on a day.

    kind: one of COMMITTEES, "department" (sở, ban, ngành), "office" (under a commune), "centre".
    full_name: as the bot says it, e.g. "UBND xã Điềm He"; former: what it was formed from, as shown on the card.
    """

    id: str
    code: str
    kind: str
    name: str
    full_name: str
    parent_id: str | None = None
    parent_name: str = ""
    former: str = ""
    one_stop: bool = False
    staff_total: int | None = None


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be stored, with the parent it begins under (None: the top of a tree)."""

    id: str
    kind: str
    name: str
    valid_from: date
    code: str = ""
    parent_id: str | None = None
    former: str = ""
    one_stop: bool = False
    staff_total: int | None = None


def full_name(kind: str, name: str) -> str:
    """How a unit is called: "xã Điềm He" governs through its committee, so "UBND xã Điềm He"; a sở is itself."""
    return f"UBND {name}" if kind in COMMITTEES else name


def in_force(table: FromClause, on: date) -> ColumnElement[bool]:
    """Whether a dated row holds on a day."""
    return and_(table.c.valid_from <= on, or_(table.c.valid_to.is_(None), table.c.valid_to >= on))


def create(connection: Connection, new: Sequence[NewUnit]) -> None:
    """Store units and their links; parents stand before their children."""
    if not new:
        return
    connection.execute(
        insert(units),
        [
            {
                "id": unit.id,
                "code": unit.code,
                "kind": unit.kind,
                "name": unit.name,
                "search_key": _core(search_key(unit.name)),
                "former": unit.former,
                "one_stop": unit.one_stop,
                "staff_total": unit.staff_total,
                "valid_from": unit.valid_from,
            }
            for unit in new
        ],
    )
    links = [
        {"unit_id": unit.id, "parent_id": unit.parent_id, "valid_from": unit.valid_from}
        for unit in new
        if unit.parent_id is not None
    ]
    if links:
        connection.execute(insert(unit_links), links)


def find(connection: Connection, text: str, *, scope: Sequence[str], on: date, limit: int = 8) -> list[Unit]:
    """Units whose name contains the text, tones and "UBND xã" ignored; the exact name first, then by alphabet.

    scope: ids of the units whose subtrees are allowed; nothing outside them is ever named.
    """
    wanted = _core(search_key(text))
    if not wanted or not scope:
        return []
    pattern = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    allowed = _subtree(scope, on)
    rows = connection.execute(
        _units_on(on).where(units.c.id.in_(select(allowed.c.id)), units.c.search_key.like(f"%{pattern}%", escape="\\"))
    )
    found = sorted(((_closeness(row.search_key, wanted), sort_key(row.name), _unit(row)) for row in rows), key=_order)
    return [unit for _, _, unit in found[:limit]]


def labels(found: Sequence[Unit]) -> list[str]:
    """The units as offered in a list: with the parent's name where the name alone would not tell them apart."""
    times = Counter(unit.full_name for unit in found)
    return [
        f"{unit.full_name}, {unit.parent_name}"
        if unit.parent_name and (times[unit.full_name] > 1 or unit.kind in ("office", "centre"))
        else unit.full_name
        for unit in found
    ]


def get(connection: Connection, unit_id: str, *, on: date) -> Unit | None:
    """One unit, whether or not it still exists on that day; its parent is that of the day."""
    return get_many(connection, [unit_id], on=on).get(unit_id)


def get_many(connection: Connection, unit_ids: Iterable[str], *, on: date) -> dict[str, Unit]:
    """Units by id; unknown ids are missing. Units that have ceased are included, because history names them."""
    ids = list(unit_ids)
    if not ids:
        return {}
    return {row.id: _unit(row) for row in connection.execute(_with_parents(on).where(units.c.id.in_(ids)))}


def by_code(connection: Connection, code: str, *, on: date) -> list[Unit]:
    """Units that carry an official code on a day; codes may repeat over time, hence the day."""
    return [_unit(row) for row in connection.execute(_units_on(on).where(units.c.code == code))]


def subtree_ids(connection: Connection, unit_id: str, on: date) -> set[str]:
    """The unit and everything under it on a day."""
    return set(connection.execute(select(_subtree([unit_id], on).c.id)).scalars())


def subtree(
    connection: Connection, unit_ids: Sequence[str], *, on: date, kinds: Sequence[str] = COMMITTEES[2:]
) -> list[Unit]:
    """Units of certain kinds under the given ones on a day, in Vietnamese alphabetical order."""
    if not unit_ids:
        return []
    statement = _units_on(on).where(units.c.id.in_(select(_subtree(unit_ids, on).c.id)), units.c.kind.in_(kinds))
    return sorted((_unit(row) for row in connection.execute(statement)), key=lambda unit: sort_key(unit.name))


def ancestors(on: date, unit_ids: Sequence[str]) -> Any:
    """A statement for the units and everything above them on a day: one column, `id`."""
    start = select(units.c.id).where(units.c.id.in_(unit_ids)).cte("above", recursive=True)
    return start.union(
        select(unit_links.c.parent_id).where(unit_links.c.unit_id == start.c.id, in_force(unit_links, on))
    )


def lineage(unit: Unit) -> str:
    """The former units as the card says it: "trước là các xã Tân Thành, Tràng Phái, Tân Đoàn"; empty if unknown."""
    return f"trước là {unit.former}" if unit.former else ""


def _subtree(unit_ids: Sequence[str], on: date) -> Any:
    start = select(units.c.id).where(units.c.id.in_(unit_ids)).cte("below", recursive=True)
    return start.union(
        select(unit_links.c.unit_id).where(unit_links.c.parent_id == start.c.id, in_force(unit_links, on))
    )


def _with_parents(on: date) -> Select[Any]:
    parent = units.alias("parent")
    return select(
        units,
        parent.c.id.label("parent_id"),
        parent.c.kind.label("parent_kind"),
        parent.c.name.label("parent_own_name"),
    ).select_from(
        units.outerjoin(unit_links, and_(unit_links.c.unit_id == units.c.id, in_force(unit_links, on))).outerjoin(
            parent, parent.c.id == unit_links.c.parent_id
        )
    )


def _units_on(on: date) -> Select[Any]:
    return _with_parents(on).where(in_force(units, on))


def _core(key: str) -> str:
    """A folded name without the words that only say what kind of unit it is."""
    while found := _PREFIX.match(key):
        key = key[found.end() :]
    return key


def _closeness(key: str, wanted: str) -> int:
    if key == wanted:
        return 0
    if key.startswith(wanted + " "):
        return 1
    return 2 if f" {wanted}" in f" {key}" else 3


def _order(entry: tuple[int, str, Unit]) -> tuple[int, str, str]:
    return entry[0], entry[1], entry[2].parent_name


def _unit(row: Any) -> Unit:
    return Unit(
        id=row.id,
        code=row.code,
        kind=row.kind,
        name=row.name,
        full_name=full_name(row.kind, row.name),
        parent_id=row.parent_id,
        parent_name=full_name(row.parent_kind, row.parent_own_name) if row.parent_id else "",
        former=row.former,
        one_stop=row.one_stop,
        staff_total=row.staff_total,
    )


def covers(connection: Connection, above: Sequence[str], unit_id: str, on: date) -> bool:
    """Whether a unit is one of `above` or stands below one of them on a day."""
    if unit_id in above:
        return True
    if not above:
        return False
    lineage_ids = ancestors(on, [unit_id])
    return (
        connection.execute(select(lineage_ids.c.id).where(lineage_ids.c.id.in_(list(above))).limit(1)).first()
        is not None
    )


def tops(connection: Connection, on: date) -> list[Unit]:
    """The units that stand under no other on a day."""
    linked = select(unit_links.c.unit_id).where(in_force(unit_links, on))
    rows = connection.execute(_with_parents(on).where(units.c.id.not_in(linked), in_force(units, on)))
    return [_unit(row) for row in rows]


def is_exactly(found: Sequence[Unit], text: str) -> bool:
    """Whether the first of the units found is the only one of exactly the name typed."""
    names = [_core(unit_key) for unit_key in (search_key(unit.name) for unit in found)]
    return names.count(names[0]) == 1 and _core(search_key(text)) == names[0]
