"""The sheet of what became of units: one row for each old unit and each unit that takes it over.

What is recorded stays recorded: a row that says it again changes nothing, and none is ever taken back from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import cast

from sqlalchemy import Connection, select

from storage import lineage
from storage.lineage import Kind, Step
from storage.tables import unit_lineage
from storage.workbook.faults import WHOLE, Fault, WorkbookFaults
from storage.workbook.sheets import units
from storage.workbook.sheets.base import (
    KEY_LENGTH,
    Book,
    CellValue,
    Change,
    Column,
    Row,
    Sheet,
    Table,
    World,
    show,
)

TITLE = "Sắp xếp đơn vị"
KINDS: dict[str, str] = {
    "Sáp nhập": "merge",
    "Chia": "split",
    "Một phần": "part",
    "Đổi tên": "rename",
    "Giải thể": "abolish",
}


@dataclass(frozen=True, slots=True)
class LineageRow:
    """old, new: a Mã; new "": whoever is above takes what an abolished unit leaves."""

    row: Row
    on: date | None
    kind: str
    old: str
    new: str
    resolution: str

    @property
    def what(self) -> str:
        """ "01/7/2026 Sáp nhập XA-01 vào XA-02"."""
        label = SHEET.column("kind").label(self.kind)
        return f"{show(self.on) if self.on else ''} {label} {self.old}" + (f" -> {self.new}" if self.new else "")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of the workbook or the database, named by its Mã; valid_to as the changes before leave it."""

    id: str
    name: str
    valid_from: date
    valid_to: date | None
    kind: str = ""


# --- reading --------------------------------------------------------------------------------------------------------


def _read(table: Table) -> list[LineageRow]:
    return [_row(row) for row in table.rows]


def _row(row: Row) -> LineageRow:
    on = row.day("on")
    if on is None and row.has("on") and not row.raw("on"):
        row.fault("on", "chưa có nội dung; đề nghị ghi ngày dạng 01/7/2025.")
    kind = row.one_of("kind", text) if (text := row.needed("kind")) else ""
    new = row.text("new")
    if not new and kind not in ("", "abolish"):
        row.fault("new", "chưa có nội dung; chỉ khi giải thể mới được để trống.")
        kind = ""
    return LineageRow(row, on, kind, row.key("old"), new, row.text("resolution"))


# --- comparing ------------------------------------------------------------------------------------------------------


def _compare(book: Book, world: World) -> Iterator[Change]:
    told: Sequence[LineageRow] = book.get("lineage", ())
    rows = _new_rows([one for one in told if one.on and one.kind and one.old and _named(one, world)], world)
    steps = _steps(rows, world)
    above = {
        world.units[one.key].id: world.units[one.parent].id
        for one in book.get("units", ())
        if one.key in world.units and one.parent in world.units
    }
    _report_faults(rows, steps, above, world)
    _note_matters(steps, world)
    for number, one in enumerate(rows):
        # All of them are written at once, because those of one day belong together.
        yield Change(TITLE, one.what, then=None if number else partial(_record, steps=steps, today=world.today))


def _named(one: LineageRow, world: World) -> bool:
    """Whether both units are known; each that is not is told at its cell."""
    unknown = [(name, key) for name, key in (("old", one.old), ("new", one.new)) if key and key not in world.units]
    for name, key in unknown:
        one.row.fault(name, f"chưa có đơn vị mã “{key}”; đề nghị thêm vào trang Đơn vị hoặc ghi lại mã.")
    return not unknown


def _new_rows(rows: Sequence[LineageRow], world: World) -> list[LineageRow]:
    """Those that are not recorded already; one that stands twice in the sheet is told."""
    recorded = {(row.from_id, row.kind, row.on, row.to_id) for row in world.connection.execute(select(unit_lineage))}
    recorded |= {(old, kind, on, "") for old, kind, on, _ in recorded if kind == "abolish"}
    first: dict[tuple[object, ...], int] = {}
    found = []
    for one in rows:
        new = world.units[one.new].id if one.new else ""
        what = (world.units[one.old].id, one.kind, one.on, new)
        if what in first:
            one.row.fault("old", f"nội dung này đã có ở dòng {first[what]}; đề nghị chỉ giữ một dòng.")
        elif what not in recorded:
            found.append(one)
        first.setdefault(what, one.row.number)
    return found


def _steps(rows: Sequence[LineageRow], world: World) -> list[Step]:
    """What a unit is divided among belongs together; everything else is a change of its own."""
    together: dict[tuple[object, ...], list[LineageRow]] = defaultdict(list)
    for one in rows:
        divided = one.kind in ("split", "part")
        together[(one.on, one.kind, one.old) if divided else (one.on, one.kind, one.old, one.new)].append(one)
    return [
        Step(
            (world.units[group[0].old].id,),
            tuple(world.units[one.new].id for one in group if one.new),
            cast(Kind, group[0].kind),
            cast(date, group[0].on),  # rows without a day are told and left out
            next((one.resolution for one in group if one.resolution), ""),
        )
        for group in together.values()
    ]


def _report_faults(rows: Sequence[LineageRow], steps: Sequence[Step], above: Mapping[str, str], world: World) -> None:
    """Day after day, each seen as the days before leave the units."""
    known: dict[str, _Unit] = {
        unit.id: _Unit(unit.id, key, unit.valid_from, unit.valid_to) for key, unit in world.units.items()
    }
    for on, found in groupby(sorted(steps, key=lambda step: step.on), key=lambda step: step.on):
        of_day = list(found)
        for fault in lineage.faults(world.connection, of_day, known, on, above):
            _tell(fault, [one for one in rows if one.on == on], world)
        for step in of_day:
            for unit_id in step.from_ids if step.kind != "part" else ():
                known[unit_id] = replace(known[unit_id], valid_to=on - timedelta(days=1))


def _tell(fault: lineage.LineageError, rows: Sequence[LineageRow], world: World) -> None:
    """At the first row of the day that names the unit."""
    sentence = f"{str(fault).rstrip('.')}; đề nghị ghi lại dòng này." if "đề nghị" not in str(fault) else str(fault)
    for name in ("old", "new"):
        for one in rows:
            key = one.old if name == "old" else one.new
            if key and world.units[key].id == fault.unit_id:
                one.row.fault(name, sentence)
                return
    rows[0].row.fault("kind", sentence)


def _note_matters(steps: Sequence[Step], world: World) -> None:
    """How many open matters will pass on by themselves, and how many wait for an administrator's word."""
    heirs: dict[str, set[str]] = defaultdict(set)
    for step in steps:
        heirs[step.from_ids[0]] |= set(step.to_ids)
    ending = {step.from_ids[0] for step in steps if step.kind != "part"}
    count = lineage.open_at(world.connection, sorted(ending))
    passing = sum(number for unit_id, number in count.items() if len(heirs[unit_id]) <= 1)
    waiting = count.total() - passing
    if passing:
        world.faults.notes.append(f"{passing:02d} tồn tại, việc còn mở của đơn vị cũ sẽ chuyển sang đơn vị kế thừa.")
    if waiting:
        world.faults.notes.append(f"{waiting:02d} tồn tại, việc còn mở của đơn vị cũ sẽ chờ quản trị chọn đơn vị nhận.")


def _record(connection: Connection, *, steps: Sequence[Step], today: date) -> None:
    try:
        lineage.record(connection, steps, today=today)
    except lineage.LineageError as error:  # what shows only once the other sheets are written
        raise WorkbookFaults([Fault(TITLE, 0, WHOLE, "", str(error))]) from error


# --- writing --------------------------------------------------------------------------------------------------------


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    names = units.keys(connection)
    found = [
        {
            "on": row.on,
            "kind": SHEET.column("kind").label(row.kind),
            "old": names[row.from_id],
            "new": names[row.to_id],
            "resolution": row.resolution,
        }
        for row in connection.execute(select(unit_lineage).order_by(unit_lineage.c.on))
    ]
    yield from sorted(found, key=lambda row: (row["on"], row["old"], row["new"]))


SHEET = Sheet(
    name="lineage",
    title=TITLE,
    purpose="Đơn vị cũ thành đơn vị nào, mỗi cặp đơn vị cũ và mới một dòng. Đơn vị cũ tự kết thúc vào hôm trước; "
    "tồn tại, việc còn mở chuyển theo. Đơn vị mới phải có ở trang Đơn vị.",
    columns=(
        Column("on", "Ngày", "Ngày sắp xếp có hiệu lực.", "date", needed=True,
               examples=("VD: 01/7/2026", "VD: 01/7/2026"), width=16),
        Column("kind", "Hình thức",
               "Sáp nhập, Đổi tên: một đơn vị mới. Chia: ít nhất hai dòng cùng đơn vị cũ. Một phần: đơn vị cũ vẫn còn, "
               "nếu không còn thì thêm dòng Sáp nhập cho phần còn lại. Giải thể: việc còn lại về đơn vị mới hoặc cấp "
               "trên.", needed=True, choices=KINDS, examples=("Sáp nhập", "Giải thể"), width=14),
        Column("old", "Đơn vị cũ", "Mã ở trang Đơn vị.", needed=True, most=KEY_LENGTH, examples=("XA-01", "XA-03"),
               width=14),
        Column("new", "Đơn vị mới", "Mã ở trang Đơn vị; chỉ để trống khi giải thể.", most=KEY_LENGTH,
               examples=("XA-02", ""), width=14),
        Column("resolution", "Nghị quyết số", "Số văn bản quyết định việc sắp xếp.", most=200, width=40,
               examples=("Nghị quyết số 12/NQ-HĐND", "Quyết định số 34/QĐ-UBND")),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip
