"""The sheet of working hours: one row a unit, days of the week, shift and season."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from inspection.words import fold
from storage.tables import work_hours
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
    Write,
    overlaps,
    show,
)

TITLE = "Giờ làm việc"
DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_DAY_WORDS = {fold(name): number for number, name in enumerate(DAYS)} | {
    word: number for number in range(6) for word in (str(number + 2), f"thu {number + 2}", f"t{number + 2}")
} | {"cn": 6, "thu bay": 5, "chu nhat": 6}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift on one day of the week. unit: a Mã; start, end: "07:30"; id: of the stored row."""

    unit: str
    weekday: int
    start: str
    end: str
    since: date
    until: date | None
    id: int | None = None

    @property
    def name(self) -> str:
        """ "TINH Thứ Hai 07:30"."""
        return f"{self.unit} {DAYS[self.weekday]} {self.start} từ {show(self.since)}"

    @property
    def key(self) -> tuple[str, int, str, date]:
        """What makes it the same shift at the next import."""
        return self.unit, self.weekday, self.start, self.since


@dataclass(frozen=True, slots=True)
class HoursRow:
    """A row may speak of several days. since None: from the day of the import."""

    row: Row
    unit: str
    weekdays: tuple[int, ...]
    start: str
    end: str
    since: date | None
    until: date | None


def _read(table: Table) -> list[HoursRow]:
    return [_row(row) for row in table.rows]


def _row(row: Row) -> HoursRow:
    start, end = row.hour("start"), row.hour("end")
    if start and end and end <= start:
        row.fault("end", f"{end} không sau {start}; đề nghị ghi lại giờ kết thúc.")
        end = ""
    since, until = row.day("since"), row.day("until")
    if since and until and until < since:
        row.fault("until", "trước ngày bắt đầu; đề nghị ghi lại một trong hai ngày.")
        until = None
    return HoursRow(row, row.needed("unit"), _weekdays(row), start, end, since, until)


def _weekdays(row: Row) -> tuple[int, ...]:
    row.needed("weekday")
    found: list[int] = []
    for part in row.parts("weekday"):
        ends = [_DAY_WORDS.get(fold(word)) for word in part.split("-")]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None or last < first:
            row.fault("weekday", f"“{part}” không phải ngày trong tuần; đề nghị ghi Thứ Hai, hoặc Thứ Hai - Thứ Sáu.")
        else:
            found.extend(range(first, last + 1))
    return tuple(dict.fromkeys(found))


def _compare(book: Book, world: World) -> Iterator[Change]:
    rows: Sequence[HoursRow] = book.get("hours", ())
    if not rows:
        return
    stored = {one.key: one for one in _load(world.connection)}
    final = dict(stored)
    rows_of: dict[tuple[str, int, str, date], Row] = {}
    for row, shift in _shifts(rows, stored, world):
        if shift.key in rows_of:
            row.fault("start", f"ca {shift.name} đã có ở dòng {rows_of[shift.key].number}; đề nghị chỉ giữ một dòng.")
            continue
        rows_of[shift.key] = row
        before = stored.get(shift.key)
        final[shift.key] = shift
        change = _change(shift, before, world)
        if change is not None:
            yield change
    _check(final, rows_of)


def _shifts(rows: Sequence[HoursRow], stored: Mapping[Any, Shift], world: World) -> Iterator[tuple[Row, Shift]]:
    """The shifts the rows speak of; without a first day, the one of the shift in force, else today."""
    in_force = {
        (one.unit, one.weekday, one.start): one.since
        for one in stored.values()
        if one.until is None or one.until >= world.today
    }
    for row in rows:
        if row.unit and row.unit not in world.units:
            row.row.fault("unit", f"chưa có đơn vị mã “{row.unit}”; đề nghị thêm đơn vị này hoặc ghi lại mã.")
        elif row.unit and row.start and row.end:
            for weekday in row.weekdays:
                since = row.since or in_force.get((row.unit, weekday, row.start), world.today)
                yield row.row, Shift(row.unit, weekday, row.start, row.end, since, row.until)


def _change(shift: Shift, before: Shift | None, world: World) -> Change | None:
    if before is None:
        values = {
            "unit_id": world.units[shift.unit].id,
            "weekday": shift.weekday,
            "start": shift.start,
            "end": shift.end,
            "valid_from": shift.since,
            "valid_to": shift.until,
        }
        return Change(TITLE, f"{shift.name} đến {shift.end}", (), (Write(work_hours, "insert", {}, values),))
    pairs = (("end", before.end, shift.end), ("until", before.until, shift.until))
    shown = tuple(
        (SHEET.column(name).header, SHEET.column(name).shown(old), SHEET.column(name).shown(new))
        for name, old, new in pairs
        if old != new
    )
    values = {"end": shift.end, "valid_to": shift.until}
    return (
        Change(TITLE, shift.name, shown, (Write(work_hours, "update", {"id": before.id}, values),)) if shown else None
    )


def _check(final: Mapping[Any, Shift], rows_of: Mapping[Any, Row]) -> None:
    """Two shifts of one unit do not overlap on one day."""
    days: dict[tuple[str, int], list[Shift]] = {}
    for one in sorted(final.values(), key=lambda shift: rows_of[shift.key].number if shift.key in rows_of else 0):
        days.setdefault((one.unit, one.weekday), []).append(one)
    told: set[int] = set()
    for shifts in days.values():
        for place, one in enumerate(shifts):
            row = rows_of.get(one.key)
            for other in shifts[:place] if row is not None and row.number not in told else ():
                together = overlaps((one.since, one.until), (other.since, other.until))
                if together and one.start < other.end and other.start < one.end and row is not None:
                    row.fault(
                        "start",
                        f"chồng lên ca {other.start} - {other.end} ({other.name}); đề nghị ghi lại giờ hoặc ngày.",
                    )
                    told.add(row.number)
                    break


def _load(connection: Connection) -> list[Shift]:
    keys = units.keys(connection)
    return [
        Shift(keys[row.unit_id], row.weekday, row.start, row.end, row.valid_from, row.valid_to, row.id)
        for row in connection.execute(select(work_hours))
    ]


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    for one in sorted(_load(connection), key=lambda shift: (shift.unit, shift.since, shift.weekday, shift.start)):
        yield {
            "unit": one.unit,
            "weekday": DAYS[one.weekday],
            "start": one.start,
            "end": one.end,
            "since": one.since,
            "until": one.until,
        }


SHEET = Sheet(
    name="hours",
    title=TITLE,
    purpose="Giờ làm việc theo ca và theo mùa. Đơn vị không có dòng riêng theo giờ của đơn vị cấp trên.",
    columns=(
        Column("unit", "Đơn vị", "Mã của đơn vị.", needed=True, most=KEY_LENGTH, examples=("VD: TINH", "VD: TINH"),
               width=14),
        Column("weekday", "Thứ", "Một ngày, hoặc nhiều ngày: Thứ Hai - Thứ Sáu; Thứ Bảy.", needed=True, several=True,
               choices={day: day for day in DAYS}, width=22, examples=("Thứ Hai - Thứ Sáu", "Thứ Hai - Thứ Sáu")),
        Column("start", "Bắt đầu", "Giờ bắt đầu ca, ví dụ 07:30.", needed=True, examples=("07:30", "13:00"),
               width=10),
        Column("end", "Kết thúc", "Giờ kết thúc ca, ví dụ 11:30.", needed=True, examples=("11:30", "17:00"),
               width=10),
        Column("since", "Từ ngày", "Ngày bắt đầu áp dụng; để trống là ngày nạp.", "date",
               examples=(date(2026, 1, 1), date(2026, 1, 1)), width=14),
        Column("until", "Đến ngày", "Ngày cuối cùng áp dụng; để trống nếu chưa định.", "date", width=14),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip
