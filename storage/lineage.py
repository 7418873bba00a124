"""What becomes of units: a change closes the old ones, history stays with them, and what is open passes on.

A change recorded ahead of its day passes nothing on before it: `settle` looks at what is open on a day, so that a
finding signed after the day, at a unit that has ceased meanwhile, passes on just the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, Connection, Table, and_, insert, or_, select, update

from inspection.figures import show_day
from inspection.obligations import OWED
from inspection.words import sort_key
from storage.tables import findings, obligations, roles, unit_lineage, unit_links, units, work_hours
from storage.units import Unit, former_texts, full_name, get_many, in_force, subtree_ids
from storage.upsert import insert as upsert

Kind = Literal["merge", "split", "part", "rename", "abolish"]
_MANY = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """One change, in force from the day `on`; `resolution` as cited.

    merge: the old units go into one, new or already there. split: one unit is divided wholly among several.
    part: a part of one unit goes to others, which closes nothing; where the rest goes, if it does not stay, is a merge
    or a rename of the same day. rename: one unit goes on as another, with its roles, hours and key.
    abolish: what the units leave open goes to the one named, or to the unit above.
    """

    from_ids: tuple[str, ...]
    to_ids: tuple[str, ...]
    kind: Kind
    on: date
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Undecided:
    """An open matter of a unit that has ceased, with several units it could pass to: an administrator chooses.

    kind: "finding" or "obligation"; id: of that row; from_unit and candidates: ids of units, candidates by alphabet.
    """

    kind: Literal["finding", "obligation"]
    id: str
    from_unit: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """An open matter that went to the one successor there is."""

    kind: Literal["finding", "obligation"]
    id: str
    from_unit: str
    to_unit: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What passed on by itself, and what waits for an administrator's word."""

    passed: tuple[Passed, ...]
    undecided: tuple[Undecided, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """A finding or an obligation as it is named: "TT-2026-031", its sentence or subject, and when it is due."""

    code: str
    text: str
    due: date | None


class LineageError(Exception):
    """A change that cannot have happened; the message is a Vietnamese sentence for the administrator.

    unit_id: the unit it is about, "" for a change as a whole.
    """

    def __init__(self, sentence: str, unit_id: str = "") -> None:
        super().__init__(sentence)
        self.unit_id = unit_id


class Known(Protocol):
    """A unit as the rules of this file see it: a row of the database, or one that is about to be stored."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def record(connection: Connection, steps: Iterable[Step], *, today: date) -> list[Undecided]:
    """Write changes down, those of one day together; all or nothing is the caller's transaction.

    Old units and their places in the tree end on the day before; units below them that go on pass to the successor, or
    to the unit above. Returns what of the open matters an administrator must decide.
    Raises LineageError, before anything of that day is written.
    """
    for on, of_day in groupby(sorted(steps, key=lambda step: step.on), key=lambda step: step.on):
        _record_day(connection, list(of_day), on)
    return list(settle(connection, today).undecided)


def settle(connection: Connection, today: date) -> Settlement:
    """Pass open findings and obligations of units that have ceased to their successor of today, if it is one.

    Those of which an administrator must say where they go are returned each time until it is said. What a unit without
    a successor left open stays where it is.
    """
    found = _waiting(connection, today)
    passed = tuple(
        Passed(one.kind, one.id, one.from_unit, one.candidates[0]) for one in found if len(one.candidates) == 1
    )
    for one in passed:
        _pass_on(connection, one.kind, one.id, one.from_unit, one.to_unit)
    return Settlement(passed, tuple(one for one in found if len(one.candidates) > 1))


def undecided(connection: Connection, today: date) -> list[Undecided]:
    """What waits for an administrator's word; nothing is changed."""
    return [one for one in _waiting(connection, today) if len(one.candidates) > 1]


def open_at(connection: Connection, unit_ids: Collection[str]) -> Counter[str]:
    """How many findings and obligations are open at units, be they in force or not."""
    found: Counter[str] = Counter()
    for kind, table in _MATTERS.items():
        found.update(
            connection.execute(
                select(table.c.unit_id).where(table.c.unit_id.in_(list(unit_ids)), _OPEN[kind])
            ).scalars()
        )
    return found


def matters(connection: Connection, listed: Iterable[Undecided]) -> dict[str, Matter]:
    """How open matters are named, by id."""
    wanted = [one.id for one in listed]
    found = select(findings.c.id, findings.c.number, findings.c.sentence, findings.c.due)
    owed = select(obligations.c.id, obligations.c.code, obligations.c.subject, obligations.c.due)
    rows = [
        *connection.execute(found.where(findings.c.id.in_(wanted))),
        *connection.execute(owed.where(obligations.c.id.in_(wanted))),
    ]
    return {matter_id: Matter(code, text, due) for matter_id, code, text, due in rows}


def decide(connection: Connection, undecided: Undecided, unit_id: str) -> bool:
    """Pass a matter to the unit chosen; False if it was settled meanwhile, and then nothing changed.

    Raises LineageError for a unit that is none of the candidates.
    """
    if unit_id not in undecided.candidates:
        raise LineageError("Đơn vị được chọn không kế thừa đơn vị cũ. Đề nghị chọn một trong các đơn vị đã nêu.")
    return _pass_on(connection, undecided.kind, undecided.id, undecided.from_unit, unit_id)


def successors(connection: Connection, unit_id: str, on: date) -> list[Unit]:
    """The units in force on a day that continue a unit which has ceased by then, by alphabet; else none.

    An abolished unit is continued by the one that answers for what it left.
    """
    found = following(connection, [unit_id], on)[unit_id]
    known = get_many(connection, found, on=on)
    return [known[one] for one in found]


def predecessors(connection: Connection, unit_id: str, on: date) -> list[Unit]:
    """The units in force on an earlier day of which the unit was formed, wholly or in part, by alphabet."""
    there = select(units.c.id).where(units.c.id.in_(sorted(formed_from(connection, unit_id))), in_force(units, on))
    known = get_many(connection, connection.execute(there).scalars(), on=on)
    return sorted(known.values(), key=_alphabet)


def formed_from(connection: Connection, unit_id: str) -> set[str]:
    """The ids of all units of which this one was formed, wholly or in part, however long ago."""
    seen: set[str] = set()
    ahead = {unit_id}
    while ahead:
        before = select(unit_lineage.c.from_id).where(
            unit_lineage.c.to_id.in_(sorted(ahead)), unit_lineage.c.kind != "abolish"
        )
        ahead = set(connection.execute(before).scalars()) - seen
        seen |= ahead
    return seen - {unit_id}


def former_names(connection: Connection, unit_id: str) -> str:
    """As the card says it: "trước là các xã Tân Thành, Tràng Phái, Tân Đoàn"; empty if nothing is known.

    Told from the lineage; where none is recorded, as it was stored with the unit.
    """
    told = former_texts(connection, [unit_id]).get(unit_id)
    told = told or connection.execute(select(units.c.former).where(units.c.id == unit_id)).scalar()
    return f"trước là {told}" if told else ""


# --- one day's changes ----------------------------------------------------------------------------------------------


def _record_day(connection: Connection, steps: Sequence[Step], on: date) -> None:
    eve = on - timedelta(days=1)
    named = sorted({unit_id for step in steps for unit_id in (*step.from_ids, *step.to_ids)})
    known = {row.id: row for row in connection.execute(select(units).where(units.c.id.in_(named)))}
    for fault in faults(connection, steps, known, on):
        raise fault
    closing = _closing(steps)
    heirs = _heirs(connection, closing, on)
    connection.execute(insert(unit_lineage), [row for step in steps for row in _rows(step, heirs)])
    if not closing:
        return
    connection.execute(update(units).where(units.c.id.in_(list(closing))).values(valid_to=eve))
    own = unit_links.c.unit_id.in_(list(closing))
    connection.execute(update(unit_links).where(own, in_force(unit_links, eve)).values(valid_to=eve))
    connection.execute(unit_links.delete().where(own, unit_links.c.valid_from >= on))
    _hand_on(connection, unit_links, "parent_id", heirs, on)
    renamed = {step.from_ids[0]: step.to_ids[0] for step in steps if step.kind == "rename"}
    _hand_on(connection, roles, "unit_id", renamed, on)
    _hand_on(connection, work_hours, "unit_id", renamed, on)
    _pass_keys(connection, renamed, known)


def _closing(steps: Iterable[Step]) -> dict[str, Step]:
    """The units that end, each with the change that ends it."""
    return {unit_id: step for step in steps if step.kind != "part" for unit_id in step.from_ids}


def _heirs(
    connection: Connection, closing: Mapping[str, Step], on: date, unstored: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str | None]:
    above = select(unit_links.c.unit_id, unit_links.c.parent_id).where(
        unit_links.c.unit_id.in_(list(closing)), in_force(unit_links, on - timedelta(days=1))
    )
    parents = {**unstored, **{row.unit_id: row.parent_id for row in connection.execute(above)}}
    return {unit_id: _heir(unit_id, closing, parents) for unit_id in closing}


def _heir(unit_id: str, closing: Mapping[str, Step], parents: Mapping[str, str]) -> str | None:
    """Who takes what stands below a unit that ceases: its one successor, else the unit above (or that one's heir)."""
    step = closing[unit_id]
    if len(step.to_ids) == 1:
        return step.to_ids[0]
    above = parents.get(unit_id)
    return above if above is None or above not in closing else _heir(above, closing, parents)


def _rows(step: Step, heirs: Mapping[str, str | None]) -> list[dict[str, Any]]:
    return [
        {"from_id": from_id, "to_id": to_id, "kind": step.kind, "on": step.on, "resolution": step.resolution}
        for from_id in step.from_ids
        for to_id in step.to_ids or (heirs[from_id],)
    ]


def _hand_on(connection: Connection, table: Table, column: str, heirs: Mapping[str, str | None], on: date) -> None:
    """Dated rows that point at a unit which ceases end with it and go on under its heir."""
    pointed = and_(table.c[column].in_(list(heirs)), or_(table.c.valid_to.is_(None), table.c.valid_to >= on))
    rows = [dict(row._mapping) for row in connection.execute(select(table).where(pointed).order_by(table.c.id))]
    if not rows:
        return
    begun = [row["id"] for row in rows if row["valid_from"] < on]
    connection.execute(update(table).where(table.c.id.in_(begun)).values(valid_to=on - timedelta(days=1)))
    connection.execute(table.delete().where(table.c.id.in_([row["id"] for row in rows if row["valid_from"] >= on])))
    # A row that begins on the day already was written by whoever recorded the new tree first: theirs counts.
    going_on = [
        {name: value for name, value in row.items() if name != "id"}
        | {column: heirs[row[column]], "valid_from": max(row["valid_from"], on)}
        for row in rows
        if heirs[row[column]] is not None
    ]
    if going_on:
        connection.execute(upsert(connection, table).on_conflict_do_nothing(), going_on)


def _pass_keys(connection: Connection, renamed: Mapping[str, str], known: Mapping[str, Any]) -> None:
    """The office's own key stays with the unit that goes on, so that its workbook finds it under the new name."""
    for old, new in renamed.items():
        if known[old].key and not known[new].key:
            connection.execute(update(units).where(units.c.id == old).values(key=None))
            connection.execute(update(units).where(units.c.id == new).values(key=known[old].key))


# --- what cannot be ---------------------------------------------------------------------------------------------------

_SHAPES: Mapping[str, tuple[range, range, str]] = {
    "merge": (range(1, _MANY), range(1, 2), "Sáp nhập cần ít nhất 01 đơn vị cũ và đúng 01 đơn vị kế thừa."),
    "split": (range(1, 2), range(2, _MANY), "Chia tách cần đúng 01 đơn vị cũ và ít nhất 02 đơn vị kế thừa."),
    "part": (range(1, 2), range(1, _MANY), "Điều chỉnh một phần cần đúng 01 đơn vị giao và ít nhất 01 đơn vị nhận."),
    "rename": (range(1, 2), range(1, 2), "Đổi tên cần đúng 01 đơn vị cũ và đúng 01 đơn vị mới."),
    "abolish": (range(1, _MANY), range(2), "Giải thể cần ít nhất 01 đơn vị cũ và nhiều nhất 01 đơn vị tiếp nhận."),
}


def faults(
    connection: Connection,
    steps: Sequence[Step],
    known: Mapping[str, Known],
    on: date,
    above: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[LineageError]:
    """Everything for which the changes of one day cannot have happened; nothing is written.

    known: by id, every unit there is or is about to be; above: under which unit those stand that are not stored yet.
    """
    shapeless = list(_faults_of_shape(steps, known))
    yield from shapeless
    if shapeless:
        return
    closing = _closing(steps)
    yield from _faults_of_days(steps, known, closing, on)
    yield from _faults_of_rest(connection, steps, known, closing, on)
    heirs = _heirs(connection, closing, on, above)
    for unit_id, step in closing.items():
        if not step.to_ids and heirs[unit_id] is None:
            sentence = f"{_name(known[unit_id])} không có cấp trên: đề nghị nêu đơn vị tiếp nhận khi giải thể."
            yield LineageError(sentence, unit_id)
    yield from _faults_below(connection, heirs, known, on)


def _faults_of_shape(steps: Sequence[Step], known: Mapping[str, Known]) -> Iterator[LineageError]:
    for step in steps:
        if step.kind not in _SHAPES:
            yield LineageError(f"Không có hình thức sắp xếp “{step.kind}”.")
            continue
        olds, news, sentence = _SHAPES[step.kind]
        if len(step.from_ids) not in olds or len(step.to_ids) not in news:
            yield LineageError(sentence, step.from_ids[0] if step.from_ids else "")
        for unit_id, times in Counter((*step.from_ids, *step.to_ids)).items():
            if unit_id not in known:
                yield LineageError(f"Không có đơn vị “{unit_id}”.", unit_id)
            elif unit_id in step.from_ids and unit_id in step.to_ids:
                yield LineageError(f"{_name(known[unit_id])} không thể kế thừa chính mình.", unit_id)
            elif times > 1:
                sentence = f"{_name(known[unit_id])} được nêu hai lần trong một nội dung sắp xếp."
                yield LineageError(sentence, unit_id)


def _faults_of_days(
    steps: Sequence[Step], known: Mapping[str, Known], closing: Collection[str], on: date
) -> Iterator[LineageError]:
    day = show_day(on)
    for old in (known[unit_id] for unit_id in dict.fromkeys(one for step in steps for one in step.from_ids)):
        if old.valid_from >= on:
            sentence = f"{_name(old)} có từ ngày {show_day(old.valid_from)}, không thể kết thúc trước ngày {day}."
            yield LineageError(sentence, old.id)
        if old.valid_to is not None and old.valid_to < on - timedelta(days=1):
            yield LineageError(f"{_name(old)} đã kết thúc từ ngày {show_day(old.valid_to)}.", old.id)
    for new in (known[unit_id] for unit_id in dict.fromkeys(one for step in steps for one in step.to_ids)):
        if new.valid_from > on:
            sentence = f"{_name(new)} có từ ngày {show_day(new.valid_from)}, không thể kế thừa từ ngày {day}."
            yield LineageError(sentence, new.id)
        if new.id in closing or (new.valid_to is not None and new.valid_to < on):
            yield LineageError(f"{_name(new)} không còn từ ngày {day}, không thể kế thừa.", new.id)


def _faults_of_rest(
    connection: Connection, steps: Sequence[Step], known: Mapping[str, Known], closing: Collection[str], on: date
) -> Iterator[LineageError]:
    """Each unit ends once, and of a unit that gives parts away and ends, somebody takes the rest."""
    olds = sorted({unit_id for step in steps for unit_id in step.from_ids})
    earlier = connection.execute(select(unit_lineage).where(unit_lineage.c.from_id.in_(olds))).all()
    changes = [
        (old, new, step.kind, step.on) for step in steps for old in step.from_ids for new in step.to_ids or ("",)
    ]
    ends = Counter(unit_id for step in steps if step.kind != "part" for unit_id in step.from_ids)
    ends.update({row.from_id for row in earlier if row.kind != "part"})
    changes += [(row.from_id, row.to_id, row.kind, row.on) for row in earlier]
    for (old, new, _), times in Counter((old, new, day) for old, new, _, day in changes).items():
        if times > 1 and new:
            yield LineageError(f"{_name(known[new])} đã được nêu là đơn vị kế thừa {_name(known[old])}.", new)
    of_day: dict[str, set[str]] = {unit_id: set() for unit_id in olds}
    for old, _, kind, day in changes:
        of_day[old] |= {kind} if day == on else set()
    for unit_id in olds:
        unit = known[unit_id]
        if ends[unit_id] > 1:
            sentence = f"{_name(unit)} chỉ có thể kết thúc một lần; nội dung sắp xếp của đơn vị này đã có."
            yield LineageError(sentence, unit_id)
        kinds = of_day[unit_id]
        lives_on = unit_id not in closing and (unit.valid_to is None or unit.valid_to >= on)
        if "part" in kinds and not lives_on and not kinds & {"merge", "rename"}:
            sentence = f"{_name(unit)} giao một phần rồi kết thúc: đề nghị nêu đơn vị nhận phần còn lại."
            yield LineageError(sentence, unit_id)


def _faults_below(
    connection: Connection, heirs: Mapping[str, str | None], known: Mapping[str, Known], on: date
) -> Iterator[LineageError]:
    """Nothing passes to what stood below it: the tree would bite its own tail, or lose its top."""
    children = connection.execute(
        select(unit_links.c.parent_id).where(
            unit_links.c.parent_id.in_(list(heirs)), unit_links.c.unit_id.not_in(list(heirs)), in_force(unit_links, on)
        )
    ).all()
    for parent_id in dict.fromkeys(row.parent_id for row in children):
        heir = heirs[parent_id]
        if heir is None or heir in subtree_ids(connection, parent_id, on):
            sentence = f"{_name(known[parent_id])} còn đơn vị trực thuộc: đề nghị chuyển các đơn vị này trước."
            yield LineageError(sentence, parent_id)


def _name(row: Known) -> str:
    return full_name(row.kind, row.name)


# --- what is open, and where it goes ----------------------------------------------------------------------------------

# A remedy goes where its finding goes, so it is no matter of its own.
_OPEN: Mapping[Literal["finding", "obligation"], ColumnElement[bool]] = {
    "finding": findings.c.status == "open",
    "obligation": and_(obligations.c.state.in_((*OWED, "reported")), obligations.c.finding_id.is_(None)),
}
_MATTERS: Mapping[Literal["finding", "obligation"], Table] = {"finding": findings, "obligation": obligations}


def _pass_on(
    connection: Connection, kind: Literal["finding", "obligation"], matter_id: str, from_unit: str, to_unit: str
) -> bool:
    """Give one open matter to another unit, to whose head it is then due; False if it is not open there any more."""
    table = _MATTERS[kind]
    mine = and_(table.c.id == matter_id, table.c.unit_id == from_unit, _OPEN[kind])
    changed = connection.execute(update(table).where(mine).values(unit_id=to_unit))
    own = obligations.c.finding_id == matter_id if kind == "finding" else obligations.c.id == matter_id
    if changed.rowcount:
        connection.execute(update(obligations).where(own).values(unit_id=to_unit, look_on=date.min))
    return changed.rowcount == 1


def _waiting(connection: Connection, today: date) -> list[Undecided]:
    """Every open matter of a unit that has ceased, with the units of today it can pass to."""
    left = [(kind, row.id, row.unit_id) for kind in _MATTERS for row in _left_open(connection, kind, today)]
    heirs = following(connection, dict.fromkeys(unit_id for *_, unit_id in left), today)
    return [Undecided(kind, matter_id, unit_id, tuple(heirs[unit_id])) for kind, matter_id, unit_id in left]


def _left_open(connection: Connection, kind: Literal["finding", "obligation"], today: date) -> Sequence[Any]:
    table = _MATTERS[kind]
    order = table.c.number if table is findings else table.c.code
    return connection.execute(
        select(table.c.id, table.c.unit_id)
        .join(units, units.c.id == table.c.unit_id)
        .where(units.c.valid_to < today, _OPEN[kind])
        .order_by(order)
    ).all()


def following(connection: Connection, unit_ids: Iterable[str], on: date) -> dict[str, list[str]]:
    """By unit that has ceased, the units in force on a day that continue it, by alphabet."""
    wanted = list(unit_ids)
    next_of = _changes_after(connection, wanted, on)
    found: dict[str, dict[str, str]] = {unit_id: {} for unit_id in wanted}
    for unit_id in wanted:
        ahead, seen = [unit_id], {unit_id}
        while ahead:
            for row in next_of.get(ahead.pop(), ()):
                if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on):
                    found[unit_id][row.to_id] = sort_key(row.name)
                elif row.to_id not in seen:
                    ahead.append(row.to_id)
                seen.add(row.to_id)
    return {unit_id: sorted(heirs, key=lambda heir: (heirs[heir], heir)) for unit_id, heirs in found.items()}


def _changes_after(connection: Connection, unit_ids: Sequence[str], on: date) -> dict[str, list[Any]]:
    """The changes by which units ceased, and those by which what followed ceased too: rows by the old unit.

    A part given away while a unit lived on took no matter with it, so it is no way onward.
    """
    old, new = units.alias("old"), units.alias("new")
    found: dict[str, list[Any]] = {}
    ahead = set(unit_ids)
    while ahead:
        statement = (
            select(unit_lineage, new.c.name, new.c.valid_from, new.c.valid_to)
            .join(old, old.c.id == unit_lineage.c.from_id)
            .join(new, new.c.id == unit_lineage.c.to_id)
            .where(unit_lineage.c.from_id.in_(sorted(ahead)), old.c.valid_to < on, unit_lineage.c.on > old.c.valid_to)
            .order_by(unit_lineage.c.from_id, unit_lineage.c.to_id)
        )
        rows = connection.execute(statement).all()
        for row in rows:
            found.setdefault(row.from_id, []).append(row)
        ahead = {row.to_id for row in rows} - found.keys()
    return found


def _alphabet(unit: Unit) -> tuple[str, str]:
    return sort_key(unit.name), unit.parent_name
