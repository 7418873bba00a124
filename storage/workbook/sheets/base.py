"""What every sheet of the workbook is: columns with their words, a way to read a row, and what its rows change.

Headers are recognised by their folded form, in any order, with or without tones; the names used in the code are
accepted too. A column that is not in the sheet leaves what is stored; an empty cell of one that is there empties it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from unicodedata import is_normalized

from sqlalchemy import Connection
from sqlalchemy import Table as SqlTable

from inspection.words import fold, half_width, nfc
from storage.workbook.faults import WHOLE, Fault
from storage.workbook.legacy import is_legacy
from storage.workbook.reading import RawSheet, Value

Kind = Literal["text", "date", "time", "whole", "number"]
CellValue = str | int | Decimal | date | time | None

LIST_SIGN = ";"
KEY_LENGTH = 40
EXAMPLE = "VD:"  # begins the first cell of a row that only shows how to fill one in
_HEADER_ROWS = 10  # titles may stand above the headers
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:hH]|giờ)\s*(\d{2})?(?::00)?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. choices: what the drop-down list shows -> what is stored; several: separated by semicolons.

    proposes: the list only proposes, other words are taken too.
    """

    name: str
    header: str
    help: str
    kind: Kind = "text"
    needed: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    several: bool = False
    proposes: bool = False
    most: int = 32_000  # characters
    examples: tuple[CellValue, CellValue] = ("", "")
    width: int = 18

    def shown(self, stored: object) -> str:
        """A stored value in the words of the sheet."""
        if stored is None or stored == "":
            return "(trống)"
        if isinstance(stored, bool):
            return "có" if stored else "không"
        if isinstance(stored, (date, time)):
            return show(stored)
        return self.label(str(stored))

    def label(self, stored: str) -> str:
        """The choice that stands for a stored value; the value itself where there is none."""
        return next((label for label, value in self.choices.items() if value == stored), stored)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: what it says, how a row of it is read, what it changes, and how what is stored is written back."""

    name: str
    title: str
    purpose: str
    columns: tuple[Column, ...]
    read: Callable[[Table], Sequence[Any]]
    compare: Callable[[Book, World], Iterable[Change]]
    rows: Callable[[Connection, date], Iterable[Mapping[str, CellValue]]]

    def column(self, name: str) -> Column:
        """A column by its name in the code."""
        return next(column for column in self.columns if column.name == name)


class Write(NamedTuple):
    """One statement to come; many of one shape are executed together."""

    table: SqlTable
    action: Literal["delete", "insert", "update"]
    match: Mapping[str, Any]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one row. differences: (header, before, after) in the words of the sheet; none: it is new.

    then: what cannot be said as a Write; runs after all of them.
    """

    sheet: str
    what: str
    differences: tuple[tuple[str, str, str], ...] = ()
    writes: tuple[Write, ...] = ()
    then: Callable[[Connection], object] | None = None

    @property
    def line(self) -> str:
        """ "Sửa DV-01 xã Điềm He: Số biên chế 30 -> 32"."""
        if not self.differences:
            return f"Thêm {self.what}"
        return f"Sửa {self.what}: " + "; ".join(f"{name} {old} -> {new}" for name, old, new in self.differences)


class KnownUnit(NamedTuple):
    """A unit that a row may name, be it stored or in the workbook."""

    id: str
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class World:
    """What the rows are compared with. units: by Mã, filled by the sheet of units; notes: worth saying, no fault."""

    connection: Connection
    now: datetime
    today: date
    new_id: Callable[[], str]
    faults: Faults
    units: dict[str, KnownUnit] = field(default_factory=dict)


class Faults:
    """Gathers, and goes on."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.notes: list[str] = []

    def add(self, fault: Fault) -> None:
        self.found.append(fault)


class Row:
    """One row of a sheet under its headers. What cannot be read adds a fault and gives the empty value."""

    __slots__ = ("number", "table", "values")

    def __init__(self, table: Table, number: int, values: Sequence[Value]) -> None:
        self.table, self.number, self.values = table, number, values

    def fault(self, column: str, sentence: str) -> None:
        """Something is to be put right in a cell; nothing more is said of a cell that could not be read at all."""
        self.table.fault(self.number, column, sentence)

    def has(self, column: str) -> bool:
        """Whether the sheet has this column."""
        return column in self.table.index

    def raw(self, column: str) -> Value:
        place = self.table.index.get(column)
        return "" if place is None or place >= len(self.values) else self.values[place]

    def text(self, column: str) -> str:
        """The text of a cell, composed and without spaces around it; numbers as they are written."""
        value = self.raw(column)
        if isinstance(value, (date, time, datetime)):
            self.fault(column, "ô đã bị đổi thành ngày, giờ; đề nghị định dạng ô là Văn bản rồi ghi lại nội dung.")
            return ""
        text = plain(value)
        most = self.table.sheet.column(column).most
        if len(text) > most:
            self.fault(column, f"dài {len(text)} ký tự, tối đa {most}; đề nghị rút gọn.")
        return text

    def needed(self, column: str) -> str:
        """The text of a cell that must not be empty."""
        text = self.text(column)
        if not text and plain(self.raw(column)) == "" and self.has(column):
            self.fault(column, "chưa có nội dung; đề nghị ghi vào ô này.")
        return text

    def key(self, column: str) -> str:
        """The office's own key, needed."""
        text = self.needed(column)
        if LIST_SIGN in text or "\n" in text:
            self.fault(column, f"mã “{text}” có dấu ; hoặc xuống dòng; đề nghị đặt mã khác.")
        return text

    def day(self, column: str) -> date | None:
        """A date: a date cell, or 01/7/2025, or 2025-07-01."""
        value = self.raw(column)
        return self._day(column, value)

    def days(self, column: str) -> list[date | None]:
        """Dates separated by ";"; an empty place stays empty."""
        value = self.raw(column)
        if isinstance(value, (date, datetime)) or LIST_SIGN not in plain(value):
            return [self._day(column, value)]
        return [self._day(column, part) for part in plain(value).split(LIST_SIGN)]

    def _day(self, column: str, value: Value) -> date | None:
        found = read_day(value)
        if found is None and plain(value):
            self.fault(column, f"“{plain(value)}” không phải ngày; đề nghị ghi dạng 01/7/2025.")
        elif found is not None and not 1900 <= found.year <= 2200:
            self.fault(column, f"năm {found.year} ngoài phạm vi; đề nghị ghi ngày dạng 01/7/2025.")
            return None
        return found

    def hour(self, column: str) -> str:
        """A time of day as "07:30", needed."""
        value = self.raw(column)
        if isinstance(value, (time, datetime)):
            return f"{value.hour:02d}:{value.minute:02d}"
        found = _HOUR.fullmatch(plain(value))
        if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
            return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"
        self.fault(column, f"“{plain(value)}” không phải giờ; đề nghị ghi dạng 07:30.")
        return ""

    def whole(self, column: str, most: int = 1_000_000) -> int | None:
        """A whole number from 0."""
        text = self.text(column)
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or int(text) > most:
            self.fault(column, f"“{text}” không phải số nguyên từ 0; đề nghị ghi số, ví dụ 30.")
            return None
        return int(text)

    def yes(self, column: str) -> bool:
        """có or không; empty is không."""
        text = folded(self.text(column))
        if text not in ("", "0", "1", "co", "khong", "x", "yes", "no"):
            self.fault(column, f"“{self.text(column)}”: đề nghị ghi có hoặc không.")
        return text in ("1", "co", "x", "yes")

    def choice(self, column: str) -> str:
        """The stored value of the one choice; empty if the cell is empty or holds something else."""
        text = self.text(column)
        return self.one_of(column, text) if text else ""

    def one_of(self, column: str, text: str) -> str:
        """The stored value behind a word of the drop-down list."""
        choices = self.table.sheet.column(column).choices
        wanted = folded(text)
        for label, stored in choices.items():
            if wanted in (folded(label), stored.casefold()):
                return stored
        self.fault(column, f"“{text}” không có trong danh sách: {'; '.join(choices)}.")
        return ""

    def parts(self, column: str) -> list[str]:
        """Values separated by ";"."""
        return [part for part in self.places(column) if part]

    def places(self, column: str) -> list[str]:
        """Values separated by ";"; an empty place stays empty."""
        return [piece.strip() for piece in self.text(column).split(LIST_SIGN)]


class Table:
    """A sheet of the workbook whose headers were recognised."""

    def __init__(self, sheet: Sheet, raw: RawSheet, faults: Faults) -> None:
        self.sheet, self.raw, self.faults = sheet, raw, faults
        self.index: dict[str, int] = {}
        self.header_row = 1
        self.blind: set[tuple[int, int]] = set()
        self.rows: list[Row] = []
        self.read_headers()
        self._mark_unreadable()
        self.rows = list(self._rows())

    def fault(self, number: int, column: str, sentence: str) -> None:
        place = self.index.get(column, WHOLE)
        missing = place == WHOLE and number != self.header_row and self.sheet.column(column).needed
        if not missing and (number, place) not in self.blind:  # a header that is not there was told once
            self.faults.add(Fault(self.sheet.title, number, place, self._header(column), sentence))

    def header_fault(self, column: str, sentence: str) -> None:
        """Something about a column as a whole."""
        self.fault(self.header_row, column, sentence)

    def _header(self, column: str) -> str:
        return next((known.header for known in self.sheet.columns if known.name == column), "")

    def read_headers(self) -> None:
        known = {
            word: column.name for column in self.sheet.columns for word in (header_key(column.header), column.name)
        }
        candidates = [
            (sum(header_key(plain(value)) in known for value in row), -number, number, row)
            for number, row in enumerate(self.raw.rows[:_HEADER_ROWS], start=1)
        ]
        matched, _, self.header_row, row = max(candidates, default=(0, 0, 1, []), key=lambda one: one[:2])
        if not matched:
            self.header_row, row = 1, []
        for place, value in enumerate(row):
            self._take_header(place, plain(value), known)
        for column in self.sheet.columns:
            if column.needed and column.name not in self.index:
                self.header_fault(column.name, f"thiếu cột “{column.header}”; đề nghị thêm cột này vào hàng tiêu đề.")

    def _take_header(self, place: int, text: str, known: Mapping[str, str]) -> None:
        name = known.get(header_key(text))
        if name is None:
            if text:
                self.faults.notes.append(f"Trang {self.sheet.title}: không dùng cột “{text}”.")
        elif name in self.index:
            self.faults.add(
                Fault(self.sheet.title, self.header_row, place, text, "cột có hai lần; đề nghị chỉ giữ một cột.")
            )
        else:
            self.index[name] = place

    def _mark_unreadable(self) -> None:
        """Formulas, errors and old encodings: the cell is named once, and nothing it shows is judged."""
        headers = {place: name for name, place in self.index.items()}
        for cells, sentence in (
            (self.raw.formulas, "ô chứa công thức; đề nghị sao chép rồi dán giá trị (Paste Special, Values)."),
            (self.raw.errors, "ô chứa giá trị không đọc được (ví dụ #N/A); đề nghị ghi lại nội dung."),
        ):
            for number, place in sorted(cells):
                if number > self.header_row and (number, place) not in self.blind:
                    self._unreadable(number, place, headers, sentence)
        for number, row in enumerate(self.raw.rows[self.header_row :], start=self.header_row + 1):
            for place in headers:
                value = row[place] if place < len(row) else ""
                if type(value) is str and not value.isascii() and is_legacy(nfc(value)):
                    self._unreadable(
                        number,
                        place,
                        headers,
                        f"“{plain(value)[:40]}” gõ bằng bảng mã cũ (TCVN3 hoặc VNI); đề nghị chuyển sang Unicode.",
                    )

    def _unreadable(self, number: int, place: int, headers: Mapping[int, str], sentence: str) -> None:
        header = self._header(headers.get(place, ""))
        self.faults.add(Fault(self.sheet.title, number, place, header, sentence))
        self.blind.add((number, place))

    def _rows(self) -> Iterator[Row]:
        places = list(self.index.values())
        examples = 0
        for number, values in enumerate(self.raw.rows[self.header_row :], start=self.header_row + 1):
            if not any(
                values[place] not in ("", None) and plain(values[place]) for place in places if place < len(values)
            ):
                continue
            row = Row(self, number, values)
            if plain(row.raw(self.sheet.columns[0].name)).startswith(EXAMPLE):
                examples += 1
            else:
                yield row
        if examples:
            self.faults.notes.append(
                f"Trang {self.sheet.title}: bỏ qua {examples:02d} dòng ví dụ (bắt đầu bằng {EXAMPLE})."
            )


Book = Mapping[str, Sequence[Any]]  # by the name of the sheet, what its `read` gave


# --- values ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4_096)
def folded(text: str) -> str:
    """The folded form of a word that comes again and again: headers, choices."""
    return fold(half_width(text))


def header_key(text: str) -> str:
    """The form in which two spellings of a header are equal: "Họ và tên *" is "ho va ten"."""
    return folded(text).strip(" *:.")


def plain(value: Value) -> str:
    """What a cell says as text."""
    if type(value) is str:
        return (value if value.isprintable() and is_normalized("NFC", value) else nfc(value)).strip()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return show(value) if isinstance(value, (date, time)) else str(value)


def show(value: date | time) -> str:
    """A date as "01/7/2025", a time as "07:30"."""
    if isinstance(value, time):
        return f"{value.hour:02d}:{value.minute:02d}"
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"{value.day:02d}/{month}/{value.year}"


def read_day(value: Value) -> date | None:
    """A date from a cell of any kind; None if it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(value)
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def overlaps(a: tuple[date, date | None], b: tuple[date, date | None]) -> bool:
    """Whether two periods share a day; both ends count, None is open."""
    return (b[1] is None or a[0] <= b[1]) and (a[1] is None or b[0] <= a[1])


def period(start: date, end: date | None) -> str:
    """A period in words."""
    return f"từ {show(start)}" + (f" đến {show(end)}" if end else "")


def report_repeats(rows: Iterable[tuple[Row, str]], column: str) -> None:
    """A key may stand in one row of a sheet only; the first row that carries it is named."""
    first: dict[str, int] = {}
    for row, key in rows:
        if key and key in first:
            row.fault(column, f"mã “{key}” đã có ở dòng {first[key]}; đề nghị mỗi mã chỉ một dòng.")
        elif key:
            first[key] = row.number
