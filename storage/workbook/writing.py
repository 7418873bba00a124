"""A workbook for import is written with everything a clerk needs beside the cells: lists, formats, a page of help.

The same pages carry the empty template with its examples and what is stored; text is written as text, no formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter  # type: ignore[import-untyped]

from storage.workbook.faults import letters
from storage.workbook.sheets import SHEETS
from storage.workbook.sheets.base import CellValue, Column, Sheet

HELP, LISTS = "Hướng dẫn", "Danh mục"
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST = 32_767  # characters a cell can hold
_LAST_ROW = 5_000  # down to which lists and formats are laid
_UNIT_KEYS = ("parent", "unit")  # columns whose list is that of the units

_HOW_TO = (
    (
        "Cách điền",
        "Điền các trang bên trái; cột nền cam phải có. Trang không dùng có thể xóa. Dòng bắt đầu bằng VD: là ví dụ, "
        "Hệ thống bỏ qua.",
    ),
    (
        "Mã",
        "Mã ở trang Đơn vị và Nhân sự do cơ quan tự đặt, giữ nguyên giữa các lần nạp; nhờ đó nhận ra dòng cũ.",
    ),
    (
        "Nạp lại",
        "Dòng đã có thì được cập nhật; dòng không có trong tệp được giữ nguyên; ô để trống làm trống nội dung đã lưu; "
        "cột không có thì giữ nguyên nội dung.",
    ),
    ("Ngày", "Ghi dạng 01/7/2025. Ô không chứa công thức."),
)

Rows = Iterable[Mapping[str, CellValue]]


class TooLongForCellError(ValueError):
    """A text that a cell cannot hold; nothing was cut without a word."""


def write_workbook(target: Path | BinaryIO, content: Mapping[str, Rows], *, examples: bool = False) -> None:
    """Write every sheet: the rows of `content` (by name of the sheet), or two examples each."""
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), OPTIONS) as book:
        formats = _Formats(book)
        pages = [(sheet, book.add_worksheet(sheet.title)) for sheet in SHEETS]
        lists = _write_lists(book)
        for sheet, page in pages:
            _write_sheet(page, sheet, formats, lists)
            rows: Rows = content.get(sheet.name, ())
            if examples:
                rows = [{column.name: column.examples[place] for column in sheet.columns} for place in (0, 1)]
            for number, row in enumerate(rows, start=1):
                for place, column in enumerate(sheet.columns):
                    _write(page, (number, place), column, row.get(column.name), formats)
        _write_help(book, formats)


class _Formats:
    """The looks of cells."""

    def __init__(self, book: Any) -> None:
        self.header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", "border": 1}
        )
        self.needed = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#F8CBAD", "border": 1}
        )
        self.text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self.date = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        self.number = book.add_format({"valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def of(self, column: Column) -> Any:
        if column.kind == "date" and not column.several:
            return self.date
        return self.number if column.kind in ("whole", "number") else self.text


def _write_sheet(page: Any, sheet: Sheet, formats: _Formats, lists: Mapping[tuple[str, str], str]) -> None:
    page.freeze_panes(1, 1)
    page.set_row(0, 32)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, formats.of(column))
        page.write_string(0, place, column.header, formats.needed if column.needed else formats.header)
        page.data_validation(1, place, _LAST_ROW, place, _validation(sheet, column, lists))


def _validation(sheet: Sheet, column: Column, lists: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The help that shows beside a cell, and its drop-down list; of several values, or open ones, it only proposes."""
    said: dict[str, Any] = {"validate": "any", "input_title": column.header[:32], "input_message": column.help[:255]}
    source = lists.get((sheet.name, column.name))
    if column.name in _UNIT_KEYS and not column.choices:
        source = f"='Đơn vị'!$A$2:$A${_LAST_ROW + 1}"
    if source:
        closed = bool(column.choices) and not (column.several or column.proposes)
        said |= {"validate": "list", "source": source, "show_error": closed}
    return said


def _write(page: Any, place: tuple[int, int], column: Column, value: CellValue, formats: _Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (date, time)):
        page.write_datetime(*place, value, formats.date)
    elif (figure := _figure(column, value)) is not None:
        page.write_number(*place, figure, formats.number)
    else:
        text = str(value)
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            raise TooLongForCellError(f"{column.header}: {text[:40]}…")
        page.write_string(*place, text, formats.text)


def _figure(column: Column, value: CellValue) -> float | None:
    """A figure as a number, if it comes back the same."""
    if column.kind not in ("whole", "number"):
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(exact) if exact.is_finite() and Decimal(repr(float(exact))) == exact else None


def _write_lists(book: Any) -> dict[tuple[str, str], str]:
    """The drop-down lists on a page of their own: a list inside a rule may hold no comma."""
    page = book.add_worksheet(LISTS)
    page.hide()
    sources = {}
    chosen = [(sheet, column) for sheet in SHEETS for column in sheet.columns if column.choices]
    for place, (sheet, column) in enumerate(chosen):
        page.write_string(0, place, f"{sheet.title}: {column.header}")
        for number, label in enumerate(column.choices, start=1):
            page.write_string(number, place, label)
        name = letters(place)
        sources[sheet.name, column.name] = f"='{LISTS}'!${name}$2:${name}${len(column.choices) + 1}"
    return sources


def _write_help(book: Any, formats: _Formats) -> None:
    page = book.add_worksheet(HELP)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 90, formats.wrapped)
    number = 0
    for head, text in _HOW_TO:
        page.write_string(number, 0, head, formats.title)
        page.write_string(number, 1, text, formats.wrapped)
        number += 1
    for sheet in SHEETS:
        number += 1
        page.write_string(number, 0, sheet.title, formats.title)
        page.write_string(number, 1, sheet.purpose, formats.wrapped)
        for column in sheet.columns:
            number += 1
            page.write_string(number, 0, column.header + (" *" if column.needed else ""), formats.wrapped)
            page.write_string(number, 1, column.help, formats.wrapped)
        number += 1
