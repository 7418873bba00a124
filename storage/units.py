"""Units are found by any part of their name, as typed, and only inside what the asker may see.

Names are stored with their kind in front ("xã Điềm He") and searched by the folded key of the name itself ("diem he").
A former name finds the unit of today, after the units that bear the name now: people go on saying the old ones.
Links and units are dated; both ends of a validity count (`valid_to` is the last day in force).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    exists,
    insert,
    or_,
    select,
)

from inspection.official import issued_by
from inspection.words import search_key, sort_key
from storage.tables import unit_lineage, unit_links, units

COMMITTEES = ("province", "district", "commune", "ward", "town")  # governed by a People's Committee, and named so
_PREFIX = re.compile(r"^(ubnd|uy ban nhan dan|uy ban|tinh|thanh pho|huyen|thi xa|thi tran|xa|phuong)\s+(?=\S)")
_FORMERLY: Mapping[str, str] = {"vi": "{name} trước đây", "en": "formerly {name}"}
# How the former units of a card are told: kinds in this order, each with the word that stands before the names.
_TOLD: Mapping[str, str] = {"district": "", "town": "thị trấn", "ward": "phường", "commune": "xã"}
_PIECE = re.compile(r"(?:các )?(?P<word>thị trấn|phường|xã|huyện|thành phố|thị xã)? ?(?P<name>.+?)(?: \(.*\))?")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it stands on a day.

    kind: one of COMMITTEES, "department" (sở, ban, ngành), "office" (under a commune), "centre".
    full_name: as the bot says it, e.g. "UBND xã Điềm He"; former: what it was formed from, as shown on the card.
    found_as: the former name by which a search met it, "xã Hòa Bình, huyện Văn Quan"; empty when by its own.
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
    found_as: str = ""


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


def in_force(table: FromClause, on: date | ColumnElement[date]) -> ColumnElement[bool]:
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

    After them, units that were formed from one of such a name; `found_as` then says which.
    scope: ids of the units whose subtrees are allowed; nothing outside them is ever named.
    """
    wanted = _core(search_key(text))
    if not wanted or not scope:
        return []
    named = select(units.c.id).where(_contains(units, wanted), in_force(units, on))
    rows = connection.execute(_units_on(on).where(units.c.id.in_(_within(scope, named, on))))
    found = [unit for *_, unit in sorted((_place(row.search_key, wanted, _unit(row)) for row in rows), key=_order)]
    if len(found) < limit:
        known = {unit.id for unit in found}
        former = _by_former_name(connection, wanted, scope, on)
        former = former or ([] if found else _by_card(connection, wanted, scope, on))
        found += [unit for unit in former if unit.id not in known]
    return found[:limit]


def named_like(text: str) -> Select[Any]:
    """The ids of all units whose name contains the text, tones and "UBND xã" ignored, those of the past among them."""
    return select(units.c.id).where(_contains(units, _core(search_key(text))))


def labels(found: Sequence[Unit], language: str = "vi") -> list[str]:
    """The units as offered in a list: with the parent's name where the name alone would not tell them apart.

    A unit met by a former name says so: "UBND xã Văn Quan (xã Hòa Bình, huyện Văn Quan trước đây)".
    """
    times = Counter(unit.full_name for unit in found)
    return [_label(unit, times[unit.full_name] > 1, language) for unit in found]


def _label(unit: Unit, repeated: bool, language: str) -> str:
    under = unit.parent_name and (repeated or unit.kind in ("office", "centre"))
    shown = f"{unit.full_name}, {unit.parent_name}" if under else unit.full_name
    return f"{shown} ({_FORMERLY[language].format(name=unit.found_as)})" if unit.found_as else shown


def get(connection: Connection, unit_id: str, *, on: date) -> Unit | None:
    """One unit, whether or not it still exists on that day; its parent is that of the day, or of its last day.

    `former` is told from the lineage; where none is recorded, as it was stored.
    """
    unit = get_many(connection, [unit_id], on=on).get(unit_id)
    former = former_texts(connection, [unit_id]).get(unit_id) if unit is not None else None
    return replace(unit, former=former) if unit is not None and former else unit


def get_many(connection: Connection, unit_ids: Iterable[str], *, on: date) -> dict[str, Unit]:
    """Units by id; unknown ids are missing. Units that have ceased are included, because history names them.

    The parent of such a unit is that of its last day, so that two of one name can still be told apart.
    """
    ids = list(unit_ids)
    if not ids:
        return {}
    return {row.id: _unit(row) for row in connection.execute(_with_parents(on).where(units.c.id.in_(ids)))}


def by_code(connection: Connection, code: str, *, on: date) -> list[Unit]:
    """Units that carry an official code on a day; codes may repeat over time, hence the day."""
    return [_unit(row) for row in connection.execute(_units_on(on).where(units.c.code == code))]


def by_mark(connection: Connection, mark: str, *, on: date) -> list[Unit]:
    """Units of a day by the office's own Mã; where none bears it, by official code."""
    keyed = [_unit(row) for row in connection.execute(_units_on(on).where(units.c.key == mark))]
    return keyed or by_code(connection, mark, on=on)


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


def issuing(connection: Connection, authority_id: str, document: str, *, on: date) -> Unit | None:
    """Who issues an authority's document: the department right below it whom the symbol names, else the authority."""
    departments = subtree(connection, [authority_id], on=on, kinds=("department",))
    named = [one for one in departments if one.parent_id == authority_id and issued_by(document, one.name)]
    return named[0] if len(named) == 1 else get(connection, authority_id, on=on)


def ancestors(on: date, unit_ids: Sequence[str]) -> Any:
    """A statement for the units and everything above them on a day: one column, `id`."""
    start = select(units.c.id).where(units.c.id.in_(unit_ids)).cte("above", recursive=True)
    return start.union(
        select(unit_links.c.parent_id).where(unit_links.c.unit_id == start.c.id, in_force(unit_links, on))
    )


def lineage(unit: Unit, language: str = "vi") -> str:
    """The former units as the card says it: "trước là các xã Tân Thành, Tràng Phái, Tân Đoàn"; empty if unknown."""
    if not unit.former:
        return ""
    return f"trước là {unit.former}" if language == "vi" else f"formerly “{unit.former}”"


def told_apart(unit: Unit) -> str:
    """A unit of the past as people tell it from its namesakes: "xã Hòa Bình, huyện Văn Quan"."""
    return f"{unit.name}, {unit.parent_name.removeprefix('UBND ')}" if unit.parent_name else unit.name


def former_texts(connection: Connection, unit_ids: Iterable[str]) -> dict[str, str]:
    """What units were formed from, told from the lineage: "thị trấn Cao Lộc và các xã Hợp Thành, Gia Cát".

    Units of which no lineage is recorded are missing. Within a kind the names keep the order of the stored text, which
    is that of the resolution; those it does not name follow by alphabet, the unit's own namesake last.
    """
    rows: dict[str, list[Any]] = {}
    for row in connection.execute(_formed_from(list(unit_ids))):
        rows.setdefault(row.id, []).append(row)
    return {unit_id: _told(found) for unit_id, found in rows.items()}


def _formed_from(unit_ids: Sequence[str]) -> Select[Any]:
    before, beside = units.alias("before"), unit_lineage.alias("beside")
    in_parts = exists().where(
        beside.c.from_id == unit_lineage.c.from_id,
        beside.c.on == unit_lineage.c.on,
        beside.c.kind == "part",
    )
    return (
        select(
            units.c.id,
            units.c.kind,
            units.c.name,
            units.c.former,
            units.c.valid_from,
            unit_lineage.c.on,
            unit_lineage.c.kind.label("how"),
            before.c.kind.label("before_kind"),
            before.c.name.label("before_name"),
            in_parts.label("in_parts"),
        )
        .select_from(
            unit_lineage.join(units, units.c.id == unit_lineage.c.to_id).join(
                before, before.c.id == unit_lineage.c.from_id
            )
        )
        .where(units.c.id.in_(unit_ids), unit_lineage.c.kind != "abolish")
    )


def _told(rows: Sequence[Any]) -> str:
    unit = rows[0]
    names = [(row.before_kind, row.before_name, _portion(row)) for row in rows]
    if all(row.on > unit.valid_from for row in rows):  # it took others in and went on: it is one of its own makers
        names.append((unit.kind, unit.name, ""))
    stored = [name for name, _ in _named_in(unit.former)]
    groups: dict[str, list[tuple[tuple[int, bool, str], str]]] = {}
    for kind, name, portion in names:
        word = _TOLD.get(kind, "")
        word = word if name.startswith(f"{word} ") else ""
        place = (stored.index(name) if name in stored else len(stored), name == unit.name, sort_key(name))
        groups.setdefault(word, []).append((place, f"{name.removeprefix(word).strip()}{portion}"))
    told = [
        " ".join(filter(None, ("các" if word and len(groups[word]) > 1 else "", word, _listed(groups[word]))))
        for word in _TOLD.values()
        if word in groups
    ]
    return " và ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def _listed(names: Iterable[tuple[tuple[int, bool, str], str]]) -> str:
    return ", ".join(name for _, name in sorted(names))


def _portion(row: Any) -> str:
    if row.how in ("part", "split"):
        return " (một phần)"
    return " (phần còn lại)" if row.in_parts else ""


@lru_cache(maxsize=8192)
def _named_in(former: str) -> tuple[tuple[str, str], ...]:
    """The units a stored text names, each with its search key: "các xã A, B" names "xã A" and "xã B"."""
    found = []
    word = ""
    for piece in re.split(r", | và ", former):
        if match := _PIECE.fullmatch(piece.strip()):
            word = match["word"] or word
            found.append((f"{word} {match['name']}".strip(), _core(search_key(match["name"]))))
    return tuple(found)


def _by_former_name(connection: Connection, wanted: str, scope: Sequence[str], on: date) -> list[Unit]:
    """Units of the day that continue units of such a name, however many changes lie between."""
    former = units.alias("former")
    goes_on = unit_lineage.c.kind != "abolish"
    became = (
        select(former.c.id.label("first_id"), former.c.search_key, unit_lineage.c.to_id)
        .join(unit_lineage, unit_lineage.c.from_id == former.c.id)
        .where(former.c.valid_to < on, _contains(former, wanted), goes_on)
        .cte("became", recursive=True)
    )
    later = select(became.c.first_id, became.c.search_key, unit_lineage.c.to_id)
    became = became.union(later.join(unit_lineage, unit_lineage.c.from_id == became.c.to_id).where(goes_on))
    today = _units_on(on).where(units.c.id.in_(_within(scope, select(became.c.to_id.label("id")), on))).subquery()
    statement = select(today, became.c.first_id, became.c.search_key.label("former_key"))
    rows = connection.execute(statement.join(became, became.c.to_id == today.c.id)).all()
    past = get_many(connection, {row.first_id for row in rows}, on=on)
    places = (
        _place(row.former_key, wanted, replace(_unit(row), found_as=told_apart(past[row.first_id]))) for row in rows
    )
    return _each_once(places)


def _by_card(connection: Connection, wanted: str, scope: Sequence[str], on: date) -> list[Unit]:
    """Where no lineage is recorded: units whose stored text names such a former unit."""
    recorded = exists().where(unit_lineage.c.to_id == units.c.id)
    texts = connection.execute(select(units.c.id, units.c.former).where(units.c.former != "", ~recorded))
    named = {row.id: row.former for row in texts if any(wanted in key for _, key in _named_in(row.former))}
    within = _within(scope, select(units.c.id).where(units.c.id.in_(list(named))), on)
    places = (
        _place(key, wanted, replace(_unit(row), found_as=name))
        for row in connection.execute(_units_on(on).where(units.c.id.in_(within)))
        for name, key in _named_in(named[row.id])
    )
    return _each_once(places)


def _each_once(places: Iterable[tuple[int, str, Unit]]) -> list[Unit]:
    """The units in order, each by the closest of its former names; a name met only inside a word does not count."""
    closest: dict[str, Unit] = {}
    for *_, unit in sorted((place for place in places if place[0] <= _AT_A_WORD), key=_order):
        closest.setdefault(unit.id, unit)
    return list(closest.values())


def _contains(table: FromClause, wanted: str) -> ColumnElement[bool]:
    pattern = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    matched: ColumnElement[bool] = table.c.search_key.like(f"%{pattern}%", escape="\\")
    return matched


def _within(scope: Sequence[str], ids: Select[Any], on: date) -> Select[Any]:
    """Those of some ids that stand in the subtrees of `scope` on a day; climbing from a few beats descending to all."""
    start = ids.subquery()
    up = select(start.c.id, start.c.id.label("above")).cte("up", recursive=True)
    step = select(up.c.id, unit_links.c.parent_id).join(unit_links, unit_links.c.unit_id == up.c.above)
    up = up.union(step.where(in_force(unit_links, on)))
    return select(up.c.id).where(up.c.above.in_(scope))


def _subtree(unit_ids: Sequence[str], on: date) -> Any:
    start = select(units.c.id).where(units.c.id.in_(unit_ids)).cte("below", recursive=True)
    return start.union(
        select(unit_links.c.unit_id).where(unit_links.c.parent_id == start.c.id, in_force(unit_links, on))
    )


def _with_parents(on: date) -> Select[Any]:
    parent = units.alias("parent")
    day = case((units.c.valid_to < on, units.c.valid_to), else_=on)
    return select(
        units,
        parent.c.id.label("parent_id"),
        parent.c.kind.label("parent_kind"),
        parent.c.name.label("parent_own_name"),
    ).select_from(
        units.outerjoin(unit_links, and_(unit_links.c.unit_id == units.c.id, in_force(unit_links, day))).outerjoin(
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


_AT_A_WORD = 2


def _closeness(key: str, wanted: str) -> int:
    if key == wanted:
        return 0
    if key.startswith(wanted + " "):
        return 1
    return _AT_A_WORD if f" {wanted}" in f" {key}" else 3


def _place(key: str, wanted: str, unit: Unit) -> tuple[int, str, Unit]:
    return _closeness(key, wanted), sort_key(unit.name), unit


def _order(entry: tuple[int, str, Unit]) -> tuple[int, str, str, str]:
    return entry[0], entry[1], sort_key(entry[2].parent_name), entry[2].found_as


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


def ancestry(connection: Connection, unit_ids: Collection[str], on: date) -> dict[str, set[str]]:
    """Each unit with everything above it on a day, itself included; one statement for a whole batch of turns."""
    found: dict[str, set[str]] = {unit_id: {unit_id} for unit_id in unit_ids}
    if found:
        for unit_id, above in connection.execute(_ancestry(), {"unit_ids": list(found), "on": on}):
            found[unit_id].add(above)
    return found


@cache
def _ancestry() -> Select[Any]:
    # Every turn asks it, and putting the statement together takes longer than running it.
    day: Any = bindparam("on", type_=Date())
    above = (
        select(unit_links.c.unit_id, unit_links.c.parent_id)
        .where(unit_links.c.unit_id.in_(bindparam("unit_ids", expanding=True)), in_force(unit_links, day))
        .cte("above", recursive=True)
    )
    higher = select(above.c.unit_id, unit_links.c.parent_id).where(
        unit_links.c.unit_id == above.c.parent_id, in_force(unit_links, day)
    )
    above = above.union(higher)
    return select(above.c.unit_id, above.c.parent_id)


def parents_above(connection: Connection, unit_ids: Collection[str], on: date) -> dict[str, str]:
    """The parent of each of these units and of each unit above them on a day; a unit under no other is missing."""
    first = (
        select(unit_links.c.unit_id, unit_links.c.parent_id)
        .where(unit_links.c.unit_id.in_(list(unit_ids)), in_force(unit_links, on))
        .cte("links_above", recursive=True)
    )
    higher = select(unit_links.c.unit_id, unit_links.c.parent_id).where(
        unit_links.c.unit_id == first.c.parent_id, in_force(unit_links, on)
    )
    links = first.union(higher)
    return {row.unit_id: row.parent_id for row in connection.execute(select(links))}


def nearest(unit_id: str, parents: Mapping[str, str], known: Container[str]) -> str | None:
    """The unit itself or the closest one above it that is among the known; None if none is."""
    at: str | None = unit_id
    while at is not None and at not in known:
        at = parents.get(at)
    return at


def last_day(connection: Connection, unit_id: str) -> date | None:
    """The last day on which a unit exists; None while no end is known."""
    return connection.execute(select(units.c.valid_to).where(units.c.id == unit_id)).scalar()


def chain(connection: Connection, unit_id: str, on: date) -> list[Unit]:
    """A unit and those above it on a day, the nearest first; a unit that has ceased by then ends the chain."""
    found: list[Unit] = []
    unit = get(connection, unit_id, on=on)
    while unit is not None and unit not in found:
        found.append(unit)
        unit = get(connection, unit.parent_id, on=on) if unit.parent_id else None
    return found


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
