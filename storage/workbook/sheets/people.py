"""The sheet of people: one row a person with all their roles; a role no longer in the row ends, it is not erased.

Several roles are separated by ";"; the unit, the dates and whom it is held for then are one for all, or as many in the
same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from inspection.access import ADMIN, INSPECTOR, ROLES, TEAM_HEAD, UNIT_HEAD
from storage.tables import people, roles
from storage.workbook.sheets import units
from storage.workbook.sheets.base import (
    KEY_LENGTH,
    LIST_SIGN,
    Book,
    CellValue,
    Change,
    Column,
    Row,
    Sheet,
    Table,
    World,
    Write,
    folded,
    overlaps,
    period,
    report_repeats,
    show,
)

TITLE = "Nhân sự"
_LABELS = {ADMIN: "quản trị", TEAM_HEAD: "trưởng đoàn", INSPECTOR: "thành viên đoàn", UNIT_HEAD: "thủ trưởng"}
ROLE_WORDS = {_LABELS.get(role, role): role for role in ROLES}
NO_ROLE = "không"
LANGUAGES = {"Tiếng Việt": "vi", "Tiếng Anh": "en"}


@dataclass(frozen=True, slots=True)
class Held:
    """A role as a row or the database has it.

    unit: a Mã; stands_for: the Mã of the absent person in whose place it is held, "" for one's own; since None: not
    said; id: of the stored row.
    """

    role: str
    unit: str
    since: date | None
    until: date | None
    stands_for: str = ""
    id: int | None = None

    def begins(self, today: date) -> date:
        """When it begins: on the day of the import where the row does not say."""
        return self.since or today

    def words(self, today: date) -> str:
        """ "thủ trưởng tại XA-01 từ 01/7/2025"."""
        instead = f" thay {self.stands_for}" if self.stands_for else ""
        return f"{_LABELS.get(self.role, self.role)} tại {self.unit}{instead} {period(self.begins(today), self.until)}"


@dataclass(slots=True)
class PersonRow:
    """values: stored column -> value, only of columns the sheet has; roles None: some could not be read."""

    row: Row
    key: str
    values: dict[str, Any]
    roles: list[Held] | None


@dataclass(slots=True)
class _Stored:
    id: str
    key: str
    values: dict[str, Any]
    blocked: bool
    roles: list[Held] = field(default_factory=list)


# --- reading --------------------------------------------------------------------------------------------------------


def _read(table: Table) -> list[PersonRow]:
    found = [_row(row) for row in table.rows]
    report_repeats(((one.row, one.key) for one in found), "key")
    return found


def _row(row: Row) -> PersonRow:
    values: dict[str, Any] = {"name": row.needed("name")}
    if row.has("title"):
        values["title"] = row.text("title")
    if row.has("language"):
        values["language"] = row.choice("language") or "vi"
    return PersonRow(row, row.key("key"), values, _roles(row))


def _roles(row: Row) -> list[Held] | None:
    if not row.has("roles") or not row.has("unit"):
        return None
    row.needed("roles")
    words = row.parts("roles")
    if [folded(word) for word in words] == [folded(NO_ROLE)]:
        return []
    said = [row.one_of("roles", word) for word in words]
    at = row.parts("unit")
    if not at:
        row.fault("unit", "chưa ghi đơn vị; đề nghị ghi Mã của đơn vị nơi giữ vai trò.")
    since, until, instead = row.days("since"), row.days("until"), row.places("stands_for")
    listed = (("unit", at), ("since", since), ("until", until), ("stands_for", instead))
    fitting = [_fits(row, column, values, said) for column, values in listed]
    if not (said and at and all(said) and all(fitting)):
        return None
    columns = (
        values if len(values) == len(said) else list(values) * len(said) for values in (at, since, until, instead)
    )
    return _sound(row, [Held(*parts) for parts in zip(said, *columns, strict=True)])


def _fits(row: Row, column: str, values: Sequence[object], said: Sequence[str]) -> bool:
    if len(values) in (0, 1, len(said)):
        return True
    row.fault(
        column, f"có {len(values)} giá trị cho {len(said)} vai trò; đề nghị ghi một giá trị chung hoặc đủ theo thứ tự."
    )
    return False


def _sound(row: Row, held: list[Held]) -> list[Held] | None:
    """The roles, if their dates make sense."""
    sound = True
    for place, one in enumerate(held):
        if one.since and one.until and one.until < one.since:
            row.fault("until", f"ngày {show(one.until)} trước ngày bắt đầu; đề nghị ghi lại một trong hai ngày.")
            sound = False
        if one.stands_for and one.until is None:
            row.fault("until", "vai trò thay người khác cần ngày cuối cùng; đề nghị ghi ngày.")
            sound = False
        for other in held[:place]:
            same = (one.role, one.unit) == (other.role, other.unit)
            if same and overlaps((one.since or date.min, one.until), (other.since or date.min, other.until)):
                row.fault(
                    "since", f"hai thời gian giữ vai trò {_LABELS.get(one.role, one.role)} chồng nhau; đề nghị ghi lại."
                )
                sound = False
    return held if sound else None


# --- comparing ------------------------------------------------------------------------------------------------------


def _compare(book: Book, world: World) -> Iterator[Change]:
    rows: Sequence[PersonRow] = [one for one in book.get("people", ()) if one.key]
    if not rows:
        return
    keys = {unit.id: key for key, unit in world.units.items()}
    stored = _recognised(_load(world.connection, keys), rows, world)
    final: dict[str, list[Held]] = {one.key: one.roles for one in stored.values() if not one.blocked}
    changes = []
    done: dict[str, PersonRow] = {}
    ids = {key: person.id for key, person in stored.items()}
    ids |= {one.key: world.new_id() for one in rows if one.key not in ids}
    for one in rows:
        _check_units(one, world)
        if one.key in done:
            continue
        done[one.key] = one
        change, final[one.key] = _change(one, stored.get(one.key), ids, world)
        if change is not None:
            changes.append(change)
    _check_stand_ins(done, final, world)
    _check_heads(done, final, world)
    _check_administrator(rows, stored, final, world)
    yield from changes


def _recognised(stored: dict[str, _Stored], rows: Sequence[PersonRow], world: World) -> dict[str, _Stored]:
    """Whoever came in before there was a workbook, and has no Mã, is found by the name and a role held at one place."""
    found = dict(stored)
    for one in rows:
        same = [before for before in stored.values() if before.key == before.id and _is_same(one, before)]
        if one.key not in stored and len(same) == 1 and same[0].key in found:
            found[one.key] = found.pop(same[0].key)
            world.faults.notes.append(f"Trang {TITLE}: {one.key} {one.values['name']} đã có trong Hệ thống, nay có Mã.")
    return found


def _is_same(one: PersonRow, before: _Stored) -> bool:
    places = {(held.role, held.unit) for held in one.roles or ()}
    shared = any((held.role, held.unit) in places for held in before.roles)
    return shared and not before.blocked and one.values["name"] == before.values["name"]


def _change(
    one: PersonRow, before: _Stored | None, ids: Mapping[str, str], world: World
) -> tuple[Change | None, list[Held]]:
    """What the row changes, and the roles the person has afterwards. ids: of all people by Mã."""
    what = f"{one.key} {one.values['name']}"
    if before is None:
        person_id = ids[one.key]
        values = {"title": "", "language": "vi", "blocked_at": None} | one.values
        own = {"id": person_id, "key": one.key, "created_at": world.now}
        held = [replace(role, since=role.begins(world.today)) for role in one.roles or ()]
        writes = [Write(people, "insert", {}, values | own), *(_granted(person_id, role, ids, world) for role in held)]
        return Change(TITLE, what, (), tuple(writes)), held
    differences = [(name, before.values[name], new) for name, new in one.values.items() if before.values[name] != new]
    if before.key != one.key:
        differences.insert(0, ("key", "", one.key))
    shown = [
        (SHEET.column(n).header, SHEET.column(n).shown(old), SHEET.column(n).shown(new)) for n, old, new in differences
    ]
    writes = []
    if differences:
        writes.append(Write(people, "update", {"id": before.id}, {name: new for name, _, new in differences}))
    held = before.roles
    if one.roles is not None:
        wanted = one.roles if one.row.has("stands_for") else [*one.roles, *(r for r in held if r.stands_for)]
        held, granted = _settle_roles(wanted, before, world, shown, writes)
        writes += [_granted(before.id, role, ids, world) for role in granted]
    return Change(TITLE, what, tuple(shown), tuple(writes)) if shown else None, held


def _settle_roles(
    wanted: Sequence[Held], before: _Stored, world: World, shown: list[tuple[str, str, str]], writes: list[Write]
) -> tuple[list[Held], list[Held]]:
    """Bring the stored roles to what the row says; returns what stands afterwards, and what of it is to be granted."""
    header, today = SHEET.column("roles").header, world.today
    left = list(before.roles)
    after, granted = [], []
    for role in wanted:
        match = _match(role, left, today)
        if match is None:
            new = replace(role, since=role.begins(today))
            granted.append(new)
            shown.append((header, "(trống)", new.words(today)))
        else:
            left.remove(match)
            new = replace(match, since=role.since or match.since, until=role.until)
            if new != match:
                dates = {"valid_from": new.since, "valid_to": new.until}
                writes.append(Write(roles, "update", {"id": match.id}, dates))
                shown.append((header, match.words(today), new.words(today)))
        after.append(new)
    for role in left:
        after += _ended(role, world, shown, writes)
    return after, granted


def _match(role: Held, left: Sequence[Held], today: date) -> Held | None:
    """The stored role that a row speaks of: the one of the same first day, else the one in force."""
    wanted = (role.role, role.unit, role.stands_for)
    same = [one for one in left if (one.role, one.unit, one.stands_for) == wanted]
    exact = [one for one in same if one.since == role.since]
    in_force = [one for one in same if one.until is None or one.until >= today]
    return next(iter(exact or in_force), None)


def _ended(role: Held, world: World, shown: list[tuple[str, str, str]], writes: list[Write]) -> list[Held]:
    """A stored role the row no longer has: what is past stays, what is in force ends yesterday."""
    if role.until is not None and role.until < world.today:
        return [role]
    header = SHEET.column("roles").header
    if role.begins(world.today) >= world.today:
        writes.append(Write(roles, "delete", {"id": role.id}, {}))
        shown.append((header, role.words(world.today), "(trống)"))
        return []
    ended = replace(role, until=world.today - timedelta(days=1))
    writes.append(Write(roles, "update", {"id": role.id}, {"valid_to": ended.until}))
    shown.append((header, role.words(world.today), ended.words(world.today)))
    return [ended]


def _granted(person_id: str, role: Held, ids: Mapping[str, str], world: World) -> Write:
    unit = world.units.get(role.unit)
    values = {
        "person_id": person_id,
        "role": role.role,
        "unit_id": unit.id if unit else "",  # a unit nobody knows is a fault, and then nothing is written
        "valid_from": role.since,
        "valid_to": role.until,
        "for_id": ids.get(role.stands_for),  # likewise
    }
    return Write(roles, "insert", {}, values)


def _load(connection: Connection, keys: Mapping[str, str]) -> dict[str, _Stored]:
    """All people by Mã; one who was given none answers to their own id. keys: the Mã of units by id."""
    found = {
        row.id: _Stored(
            row.id,
            row.key or row.id,
            {"name": row.name, "title": row.title, "language": row.language},
            row.blocked_at is not None,
        )
        for row in connection.execute(select(people))
    }
    for row in connection.execute(select(roles).order_by(roles.c.id)):
        instead = found[row.for_id].key if row.for_id else ""
        held = Held(row.role, keys[row.unit_id], row.valid_from, row.valid_to, instead, row.id)
        found[row.person_id].roles.append(held)
    return {one.key: one for one in found.values()}


# --- faults between rows --------------------------------------------------------------------------------------------


def _check_units(one: PersonRow, world: World) -> None:
    for key in dict.fromkeys(role.unit for role in one.roles or ()):
        if key not in world.units:
            one.row.fault("unit", f"chưa có đơn vị mã “{key}”; đề nghị thêm đơn vị này hoặc ghi lại mã.")


def _check_stand_ins(rows: Mapping[str, PersonRow], final: Mapping[str, Sequence[Held]], world: World) -> None:
    """One stands in for somebody else, who holds that very role meanwhile."""
    for key, one in rows.items():
        for role in one.roles or ():
            if role.stands_for and role.stands_for == key:
                one.row.fault("stands_for", "không thể thay chính mình; đề nghị ghi Mã của người đi vắng.")
            elif role.stands_for and not any(_meets(role, other, world) for other in final.get(role.stands_for, ())):
                told = f"{role.stands_for} không giữ vai trò {_LABELS.get(role.role, role.role)} tại {role.unit}"
                one.row.fault("stands_for", f"{told} trong thời gian này; đề nghị ghi lại Mã hoặc ngày.")


def _meets(role: Held, other: Held, world: World) -> bool:
    """Whether the other is the role that is stood in for."""
    same = (role.role, role.unit) == (other.role, other.unit) and not other.stands_for
    return same and overlaps((role.begins(world.today), role.until), (other.begins(world.today), other.until))


def _check_heads(rows: Mapping[str, PersonRow], final: Mapping[str, Sequence[Held]], world: World) -> None:
    """A unit has one head at a time."""
    heads: dict[str, list[tuple[str, Held]]] = {}
    order = sorted(final, key=lambda key: rows[key].row.number if key in rows else 0)
    for key in order:
        for role in final[key]:
            if role.role == UNIT_HEAD and not role.stands_for:
                heads.setdefault(role.unit, []).append((key, role))
    for unit, held in heads.items():
        for place, (key, role) in enumerate(held):
            for other, theirs in held[:place]:
                times = (role.begins(world.today), role.until), (theirs.begins(world.today), theirs.until)
                if key in rows and other != key and overlaps(*times):
                    rows[key].row.fault(
                        "roles",
                        f"đơn vị {unit} đã có thủ trưởng {other} ({period(*times[1])}); "
                        "đề nghị ghi ngày kết thúc của một người.",
                    )
                    break


def _check_administrator(
    rows: Sequence[PersonRow], stored: Mapping[str, _Stored], final: Mapping[str, Sequence[Held]], world: World
) -> None:
    """Somebody must be left who can let others in, and no sooner than before may there come a day without anybody."""
    before = _first_gap((one.roles for one in stored.values() if not one.blocked), world.today)
    gap = _first_gap(final.values(), world.today)
    if gap is None or (before is not None and gap >= before):
        return
    had = [key for key, one in stored.items() if any(role.role == ADMIN for role in one.roles)]
    last = [one for one in rows if one.key in had][-1]
    when = "không còn ai" if gap == world.today else f"từ ngày {show(gap)} không còn ai"
    last.row.fault("roles", f"{when} giữ vai trò quản trị; đề nghị để lại ít nhất một người.")


def _first_gap(people_held: Iterable[Sequence[Held]], today: date) -> date | None:
    """The first day from today on without an administrator in their own right; None if there is none."""
    own = (one for held in people_held for one in held if one.role == ADMIN and not one.stands_for)
    day = today
    for start, end in sorted(((one.begins(today), one.until) for one in own), key=lambda period: period[0]):
        if start <= day and end is None:
            return None
        if start <= day and end is not None:
            day = max(day, end + timedelta(days=1))
    return day


# --- writing --------------------------------------------------------------------------------------------------------


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    stored = _load(connection, units.keys(connection))
    for key in sorted(stored):
        one = stored[key]
        yield (
            one.values
            | {"key": key, "language": SHEET.column("language").label(one.values["language"])}
            | _held(one.roles)
        )


def _held(held: Sequence[Held]) -> dict[str, CellValue]:
    held = sorted(held, key=lambda one: (one.since or date.min, one.role, one.unit))
    if not held:
        return {"roles": NO_ROLE}
    since, until = [one.since for one in held], [one.until for one in held]
    return {
        "roles": f"{LIST_SIGN} ".join(_LABELS.get(one.role, one.role) for one in held),
        "unit": _joined([one.unit for one in held]),
        "since": since[0] if len(set(since)) == 1 else _joined([show(day) if day else "" for day in since]),
        "until": until[0] if len(set(until)) == 1 else _joined([show(day) if day else "" for day in until]),
        "stands_for": _joined([one.stands_for for one in held]),
    }


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(set(parts)) == 1 else f"{LIST_SIGN} ".join(parts)


SHEET = Sheet(
    name="people",
    title=TITLE,
    purpose="Những người dùng Hệ thống, mỗi người một dòng. Người không có trong trang được giữ nguyên.",
    columns=(
        Column("key", "Mã", "Mã do cơ quan tự đặt, không trùng nhau; dùng để nhận ra người ở lần nạp sau.",
               needed=True, most=KEY_LENGTH, examples=("VD: NV-001", "VD: NV-002"), width=14),
        Column("name", "Họ và tên", "Họ và tên đầy đủ.", needed=True, most=120,
               examples=("Hoàng Văn Mẫu", "Nông Thị Mẫu"), width=28),
        Column("title", "Chức vụ", "Chức vụ như ghi trong văn bản.", most=200,
               examples=("Chủ tịch UBND xã Điềm He", "Chuyên viên Sở Nội vụ"), width=32),
        Column("roles", "Vai trò", f"Các vai trò, cách nhau bằng dấu ;. Ghi {NO_ROLE} nếu không còn vai trò.",
               needed=True, choices=ROLE_WORDS, several=True,
               examples=("thủ trưởng", "trưởng đoàn; thành viên đoàn"), width=28),
        Column("unit", "Tại đơn vị", "Mã đơn vị; vai trò có hiệu lực ở đơn vị đó và mọi đơn vị trực thuộc.",
               needed=True, several=True, examples=("XA-01", "TINH"), width=18),
        Column("since", "Từ ngày", "Ngày bắt đầu giữ vai trò; để trống là ngày nạp.", "date", several=True,
               examples=(date(2025, 7, 1), date(2026, 1, 5)), width=14),
        Column("until", "Đến ngày", "Ngày cuối cùng giữ vai trò; để trống nếu chưa định.", "date", several=True,
               width=14),
        Column("stands_for", "Thay cho", "Mã của người đi vắng mà vai trò này thay; để trống nếu là vai trò của mình.",
               several=True, width=14),
        Column("language", "Ngôn ngữ", "Ngôn ngữ Hệ thống dùng với người này; để trống là Tiếng Việt.",
               choices=LANGUAGES,
               examples=("Tiếng Việt", "Tiếng Việt"), width=14),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip
