"""The sheet of days off and make-up days: what it says of a day wins over the general calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from storage.tables import calendar_overrides
from storage.workbook.sheets.base import Book, CellValue, Change, Column, Row, Sheet, Table, World, Write, show

TITLE = "Ngày nghỉ"
KINDS = {"Nghỉ": "off", "Làm bù": "work"}


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """kind: "off" or "work"; source None: the sheet does not say."""

    row: Row
    day: date | None
    kind: str
    source: str | None


def _read(table: Table) -> list[HolidayRow]:
    found = []
    first: dict[date, int] = {}
    for row in table.rows:
        day = row.day("day") if row.has("day") else None
        if day is None and row.has("day") and not row.raw("day"):
            row.fault("day", "chưa có nội dung; đề nghị ghi ngày dạng 01/7/2025.")
        if day is not None and day in first:
            row.fault("day", f"ngày {show(day)} đã có ở dòng {first[day]}; đề nghị mỗi ngày chỉ một dòng.")
        if day is not None:
            first.setdefault(day, row.number)
        kind = row.one_of("kind", text) if (text := row.needed("kind")) else ""
        found.append(HolidayRow(row, day, kind, row.text("source") if row.has("source") else None))
    return found


def _compare(book: Book, world: World) -> Iterator[Change]:
    rows: Sequence[HolidayRow] = book.get("holidays", ())
    if not rows:
        return
    stored = {row.day: row for row in world.connection.execute(select(calendar_overrides))}
    for day, one in {one.day: one for one in rows if one.day is not None and one.kind}.items():
        if day not in stored:
            values = {"day": day, "kind": one.kind, "source": one.source or ""}
            label = SHEET.column("kind").label(one.kind)
            yield Change(TITLE, f"{show(day)} {label}", (), (Write(calendar_overrides, "insert", {}, values),))
            continue
        before = stored[day]
        pairs = [("kind", before.kind, one.kind)]
        if one.source is not None:
            pairs.append(("source", before.source, one.source))
        changed = [(name, old, new) for name, old, new in pairs if old != new]
        if changed:
            shown = tuple(
                (SHEET.column(n).header, SHEET.column(n).shown(a), SHEET.column(n).shown(b)) for n, a, b in changed
            )
            write = Write(calendar_overrides, "update", {"day": day}, {name: new for name, _, new in changed})
            yield Change(TITLE, show(day), shown, (write,))


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    for row in connection.execute(select(calendar_overrides).order_by(calendar_overrides.c.day)):
        yield {"day": row.day, "kind": SHEET.column("kind").label(row.kind), "source": row.source}


SHEET = Sheet(
    name="holidays",
    title=TITLE,
    purpose="Ngày nghỉ và ngày làm bù khác với lịch chung, theo văn bản của cơ quan có thẩm quyền.",
    columns=(
        Column("day", "Ngày", "Ngày dạng 02/01/2026.", "date", needed=True,
               examples=("VD: 02/01/2026", "VD: 10/01/2026"), width=16),
        Column("kind", "Loại", "Nghỉ hoặc Làm bù.", needed=True, choices=KINDS, examples=("Nghỉ", "Làm bù"),
               width=12),
        Column("source", "Căn cứ", "Văn bản quy định.", most=200, width=60,
               examples=("Công văn số 12729/VPCP-KGVX ngày 25/12/2025", "Công văn số 12729/VPCP-KGVX ngày 25/12/2025")),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip
