"""The sheet of units: matched by the office's own Mã, never by official code or name, both of which repeat.

A unit that moves keeps its past: the link to the unit above ends and a new one begins on the day of the import.
What the sheet of changes has ended stays ended, and nothing moves back below it: this sheet may be older.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from inspection.words import fold, search_key
from storage.tables import unit_lineage, unit_links, units
from storage.units import _core
from storage.workbook.sheets.base import (
    KEY_LENGTH,
    Book,
    CellValue,
    Change,
    Column,
    KnownUnit,
    Row,
    Sheet,
    Table,
    World,
    Write,
    overlaps,
    period,
    report_repeats,
)

TITLE = "Đơn vị"
YES = {"có": "1", "không": ""}
KINDS = {
    "Tỉnh, thành phố": "province",
    "Sở, ban, ngành": "department",
    "Huyện": "district",
    "Xã": "commune",
    "Phường": "ward",
    "Thị trấn": "town",
    "Phòng, ban": "office",
    "Trung tâm": "centre",
}
# Units of these kinds carry the kind in front of their name.
_FIRST_WORDS = {
    "province": ("tỉnh", "thành phố"),
    "district": ("huyện", "thị xã", "thành phố"),
    "commune": ("xã",),
    "ward": ("phường",),
    "town": ("thị trấn",),
}
_COMMITTEE = re.compile(r"^(ubnd|ủy ban nhân dân|uỷ ban nhân dân)\s+(?=\S)", re.IGNORECASE)


@dataclass(slots=True)
class UnitRow:
    """values: stored column -> value, only of columns the sheet has; parent: a Mã, "" at the top, None: not said."""

    row: Row
    key: str
    values: dict[str, Any]
    parent: str | None


@dataclass(slots=True)
class _Stored:
    """A unit of the database with its links to units above, oldest first."""

    id: str
    key: str
    values: dict[str, Any]
    links: list[Any] = field(default_factory=list)

    def link(self, today: date) -> Any:
        """The link that says where the unit stands; None at the top."""
        if not self.links:
            return None
        last, end = self.links[-1], self.values["valid_to"]
        closed = last.valid_to is not None and last.valid_to < today and (end is None or last.valid_to < end)
        return None if closed else last


# --- reading --------------------------------------------------------------------------------------------------------


def _read(table: Table) -> list[UnitRow]:
    found = [_row(row) for row in table.rows]
    report_repeats(((one.row, one.key) for one in found), "key")
    return found


def _row(row: Row) -> UnitRow:
    kind = row.one_of("kind", text) if (text := row.needed("kind")) else ""
    values: dict[str, Any] = {"kind": kind, "name": unit_name(kind, row.needed("name"))}
    readers = {
        "code": row.text,
        "former": row.text,
        "one_stop": row.yes,
        "staff_total": row.whole,
        "valid_from": row.day,
        "valid_to": row.day,
    }
    values |= {name: read(name) for name, read in readers.items() if row.has(name)}
    start, end = values.get("valid_from"), values.get("valid_to")
    if start and end and end < start:
        row.fault("valid_to", "trước ngày hiệu lực; đề nghị ghi lại một trong hai ngày.")
        values["valid_to"] = None
    return UnitRow(row, row.key("key"), values, row.text("parent") if row.has("parent") else None)


def unit_name(kind: str, name: str) -> str:
    """A name as it is stored, its kind in front in small letters: "Xã Điềm He" and "Điềm He" are "xã Điềm He"."""
    words = _FIRST_WORDS.get(kind)
    if not words or not name:
        return name
    name = _COMMITTEE.sub("", name)
    for word in words:
        if fold(name).startswith(fold(word) + " "):
            return f"{word} {name[len(word) :].lstrip()}"
    return f"{words[0]} {name}"


# --- comparing ------------------------------------------------------------------------------------------------------


def _compare(book: Book, world: World) -> Iterator[Change]:
    rows: Sequence[UnitRow] = [one for one in book.get("units", ()) if one.key]
    stored = _named_first(_load(world.connection), rows)
    world.units = _known(stored, rows, world)
    _keep_ended(rows, stored, world)
    _check(rows, stored, world)
    done = set()
    for one in rows:
        if one.key not in done:
            done.add(one.key)
            change = _change(one, stored.get(one.key), world, stored)
            if change is not None:
                yield change


def _named_first(stored: dict[str, _Stored], rows: Sequence[UnitRow]) -> dict[str, _Stored]:
    """The one unit that a new database begins with is that of the workbook under which most others stand.

    So whoever was entrusted with it before there was a workbook is entrusted with all of it.
    """
    tops = [one.key for one in rows if not one.parent]
    only = next(iter(stored.values()), None)
    if only is None or len(stored) > 1 or only.key != only.id or not tops or only.key in {one.key for one in rows}:
        return stored
    below = [one.parent for one in rows]
    return {max(tops, key=below.count): only}


def _keep_ended(rows: Iterable[UnitRow], stored: Mapping[str, _Stored], world: World) -> None:
    """An empty last day does not bring back a unit of which it is recorded what became of it."""
    closing = select(unit_lineage.c.from_id).where(unit_lineage.c.kind != "part")
    ended = set(world.connection.execute(closing).scalars())
    for one in rows:
        before = stored.get(one.key)
        if before is not None and before.id in ended and one.values.get("valid_to") is None:
            one.values.pop("valid_to", None)
            world.units[one.key] = world.units[one.key]._replace(valid_to=before.values["valid_to"])


def _known(stored: Mapping[str, _Stored], rows: Iterable[UnitRow], world: World) -> dict[str, KnownUnit]:
    known = {key: KnownUnit(one.id, one.values["valid_from"], one.values["valid_to"]) for key, one in stored.items()}
    for one in rows:
        before = known.get(one.key)
        start = one.values.get("valid_from") or (before.valid_from if before else world.today)
        end = one.values.get("valid_to", before.valid_to if before else None)
        known[one.key] = KnownUnit(before.id if before else world.new_id(), start, end)
    return known


def _change(one: UnitRow, before: _Stored | None, world: World, stored: Mapping[str, _Stored]) -> Change | None:
    unit = world.units[one.key]
    values = one.values | {"valid_from": unit.valid_from}
    what = f"{one.key} {values['name']}"
    if before is None:
        return Change(TITLE, what, (), tuple(_new(one, unit, values, world)))
    differences = [(name, before.values[name], value) for name, value in values.items() if before.values[name] != value]
    if before.key != one.key:
        differences.insert(0, ("key", "", one.key))
    writes = []
    if differences:
        changed = {name: new for name, _, new in differences}
        if "name" in changed:
            changed["search_key"] = _core(search_key(values["name"]))
        writes.append(Write(units, "update", {"id": unit.id}, changed))
    shown = [
        (SHEET.column(n).header, SHEET.column(n).shown(old), SHEET.column(n).shown(new)) for n, old, new in differences
    ]
    if one.parent is not None:
        moved = _moved(one.parent, unit, before, world)
        if moved:
            link = before.link(world.today)
            above = next((s.key for s in stored.values() if link and s.id == link.parent_id), "")
            shown.append((SHEET.column("parent").header, above or "(trống)", one.parent or "(trống)"))
            writes += moved
    return Change(TITLE, what, tuple(shown), tuple(writes)) if shown else None


def _new(one: UnitRow, unit: KnownUnit, values: Mapping[str, Any], world: World) -> Iterator[Write]:
    defaults = {"code": "", "former": "", "one_stop": False, "staff_total": None, "valid_to": None}
    own = {"id": unit.id, "key": one.key, "search_key": _core(search_key(values["name"]))}
    yield Write(units, "insert", {}, defaults | dict(values) | own)
    if one.parent and one.parent in world.units:
        yield _link(unit, world.units[one.parent], unit.valid_from)


def _link(unit: KnownUnit, above: KnownUnit, start: date) -> Write:
    values = {"unit_id": unit.id, "parent_id": above.id, "valid_from": start, "valid_to": None}
    return Write(unit_links, "insert", {}, values)


def _moved(parent: str, unit: KnownUnit, before: _Stored, world: World) -> list[Write]:
    """What puts a unit under another: a link that began before today ends and stays as history."""
    link = before.link(world.today)
    above = world.units.get(parent)
    if (link.parent_id if link else None) == (above.id if above else None):
        return []
    if above is not None and above.valid_to is not None and above.valid_to < world.today:
        return []  # nothing passes below a unit that has ceased
    writes = []
    if link is not None and link.valid_from >= world.today and above is not None:
        return [Write(unit_links, "update", {"id": link.id}, {"parent_id": above.id})]
    if link is not None and link.valid_from >= world.today:
        writes.append(Write(unit_links, "delete", {"id": link.id}, {}))
    elif link is not None:
        ended = {"valid_to": world.today - timedelta(days=1)}
        writes.append(Write(unit_links, "update", {"id": link.id}, ended))
    if above is not None:
        writes.append(_link(unit, above, world.today if before.links else unit.valid_from))
    return writes


def _load(connection: Connection) -> dict[str, _Stored]:
    """All units by Mã; one that was given none answers to its own id."""
    names = [column.name for column in units.columns if column.name not in ("id", "key", "search_key")]
    found = {
        row.id: _Stored(row.id, row.key or row.id, {name: getattr(row, name) for name in names})
        for row in connection.execute(select(units))
    }
    for link in connection.execute(select(unit_links).order_by(unit_links.c.valid_from)):
        found[link.unit_id].links.append(link)
    return {one.key: one for one in found.values()}


# --- faults between rows --------------------------------------------------------------------------------------------


def _check(rows: Sequence[UnitRow], stored: Mapping[str, _Stored], world: World) -> None:
    parents = _parents(rows, stored, world)
    circles = _circles(parents)
    for one in rows:
        if not one.parent:
            continue
        above = world.units.get(one.parent)
        if above is None:
            one.row.fault("parent", f"chưa có đơn vị mã “{one.parent}”; đề nghị thêm đơn vị này hoặc ghi lại mã.")
        elif one.key in circles:
            one.row.fault("parent", f"“{one.parent}” là chính đơn vị này hoặc đơn vị trực thuộc; đề nghị ghi lại.")
        elif above.valid_to is not None and above.valid_to < world.units[one.key].valid_from:
            one.row.fault(
                "parent", f"đơn vị “{one.parent}” đã hết hiệu lực trước khi đơn vị này có hiệu lực; đề nghị ghi lại."
            )
    _check_codes(rows, stored, world)


def _parents(rows: Iterable[UnitRow], stored: Mapping[str, _Stored], world: World) -> dict[str, str]:
    by_id = {one.id: key for key, one in stored.items()}
    parents = {key: by_id[link.parent_id] for key, one in stored.items() if (link := one.link(world.today))}
    for one in rows:
        if one.parent is not None:
            parents[one.key] = one.parent
    return parents


def _circles(parents: Mapping[str, str]) -> set[str]:
    """The units from which one comes back to where one began."""
    state: dict[str, int] = {}
    circling: set[str] = set()
    for number, start in enumerate(parents, start=1):
        path, at = [], start
        while at in parents and at not in state:
            state[at] = number
            path.append(at)
            at = parents[at]
        if state.get(at) == number and at in path:
            circling.update(path[path.index(at) :])
    return circling


def _check_codes(rows: Iterable[UnitRow], stored: Mapping[str, _Stored], world: World) -> None:
    """An official code may pass from one unit to another, but never name two on one day."""
    rows = [one for one in rows if one.values.get("code")]
    holders: dict[str, list[str]] = {}
    for one in rows:
        holders.setdefault(one.values["code"], [])
    for key in stored.keys() - {one.key for one in rows}:
        if (code := stored[key].values["code"]) in holders:
            holders[code].append(key)
    for one in rows:
        own = world.units[one.key][1:]
        for other in holders[one.values["code"]]:
            if other != one.key and overlaps(own, world.units[other][1:]):
                told = (
                    f"mã chính thức {one.values['code']} đang là của đơn vị {other} ({period(*world.units[other][1:])})"
                )
                one.row.fault("code", f"{told}; đề nghị ghi lại mã hoặc thời gian hiệu lực.")
                break
        holders[one.values["code"]].append(one.key)


# --- writing --------------------------------------------------------------------------------------------------------


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    stored = _load(connection)
    by_id = {one.id: key for key, one in stored.items()}
    for key in sorted(stored):
        one = stored[key]
        link = one.link(today)
        yield one.values | {
            "key": key,
            "kind": SHEET.column("kind").label(one.values["kind"]),
            "parent": by_id[link.parent_id] if link else "",
            "one_stop": "có" if one.values["one_stop"] else "không",
        }


SHEET = Sheet(
    name="units",
    title=TITLE,
    purpose="Các đơn vị được kiểm tra và cấp trên, mỗi đơn vị một dòng. Đơn vị không có trong trang được giữ nguyên.",
    columns=(
        Column("key", "Mã", "Mã do cơ quan tự đặt, không trùng nhau; dùng để nhận ra đơn vị ở lần nạp sau.",
               needed=True, most=KEY_LENGTH, examples=("VD: TINH", "VD: XA-01"), width=14),
        Column("name", "Tên", "Tên đầy đủ của đơn vị, ví dụ xã Điềm He, Sở Nội vụ.", needed=True, most=190,
               examples=("tỉnh Lạng Sơn", "xã Điềm He"), width=36),
        Column("kind", "Loại", "Chọn trong danh sách.", needed=True, choices=KINDS,
               examples=("Tỉnh, thành phố", "Xã")),
        Column("parent", "Thuộc đơn vị", "Mã của đơn vị cấp trên trực tiếp; để trống ở đơn vị cao nhất.",
               most=KEY_LENGTH, examples=("", "TINH"), width=14),
        Column("code", "Mã chính thức", "Mã đơn vị hành chính theo danh mục nhà nước, nếu có; ghi dạng văn bản.",
               most=32,
               examples=("20", "06112"), width=14),
        Column("one_stop", "Có Bộ phận Một cửa", "có hoặc không.", choices=YES, examples=("không", "có"), width=14),
        Column("staff_total", "Số biên chế", "Số người được giao, số nguyên.", "whole", examples=(None, 32),
               width=12),
        Column("valid_from", "Hiệu lực từ", "Ngày đơn vị bắt đầu hoạt động; để trống là ngày nạp.", "date",
               examples=(date(2025, 7, 1), date(2025, 7, 1)), width=14),
        Column("valid_to", "Hiệu lực đến", "Ngày hoạt động cuối cùng; để trống nếu còn hoạt động.", "date", width=14),
        Column("former", "Tiền thân", "Đơn vị trước khi sắp xếp, như ghi trên thẻ đơn vị.",
               examples=("", "các xã Điềm He, Khánh Khê"), width=36),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip


def keys(connection: Connection) -> dict[str, str]:
    """The Mã of every unit by its id."""
    return {row.id: row.key or row.id for row in connection.execute(select(units.c.id, units.c.key))}
