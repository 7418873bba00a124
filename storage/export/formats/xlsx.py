"""A workbook: text stays text, dates are dates, moments are shown in Vietnam's time; a text too long for a cell is cut.

A cut text ends with a sentence that says so: JSON Lines carries it whole. A table longer than a sheet goes on in
the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.url import Url  # type: ignore[import-untyped]

from inspection.working_days import LOCAL
from storage.export.base import Kind, Listed, Values
from storage.export.columns import Column, columns_of
from storage.workbook.writing import LONGEST, OPTIONS

ROWS_OF_SHEET = 1_048_575  # without the headers
NO_LINKS: Mapping[str, str] = {}
CUT = " … (đã cắt bớt; toàn văn có trong bản JSON Lines)"
A4 = 9  # as a workbook numbers its papers
Write: TypeAlias = Callable[[int, int, Any], object]  # row, column, value
HEADER_HEIGHT = 45  # points: three lines


def write(
    path: Path,
    table: Listed,
    rows: Iterable[Values],
    rows_of_sheet: int = ROWS_OF_SHEET,
    links: Mapping[str, str] = NO_LINKS,
) -> int:
    """Write one table whose fields refer to nothing; returns the number of rows."""
    return write_book(path, [(table, columns_of(table), rows)], rows_of_sheet, links)


def write_book(
    path: Path,
    tables: Iterable[tuple[Listed, Sequence[Column], Iterable[Values]]],
    rows_of_sheet: int = ROWS_OF_SHEET,
    links: Mapping[str, str] = NO_LINKS,
    lead: Callable[[Any], object] = lambda _book: None,
) -> int:
    """Write several tables as sheets of one file; returns the number of rows of all.

    links: where, from this workbook, the files lie that fields name by their SHA-256; lead: writes sheets of its own
    before the tables.
    """
    # Row by row to disk: a year of answers would not fit into memory.
    with xlsxwriter.Workbook(str(path), OPTIONS | {"constant_memory": True}) as book:
        formats = {
            "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "center", "valign": "top"}),
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss", "align": "center", "valign": "top"}),
            "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "wrapped": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "figure": book.add_format({"valign": "top"}),
        }
        lead(book)
        return sum(
            _write_table(book, table, columns, rows, rows_of_sheet, formats, links) for table, columns, rows in tables
        )


def _write_table(  # noqa: PLR0913  one table, and how it is shown
    book: Any, table: Listed, columns: Sequence[Column], rows: Iterable[Values], rows_of_sheet: int,
    formats: Mapping[str, Any], links: Mapping[str, str],
) -> int:  # fmt: skip
    count = 0
    page = _page(book, table, columns, 1, formats)
    cells = _cells(page, columns, formats, links)
    for row in rows:
        sheet, place = divmod(count, rows_of_sheet)
        if sheet and not place:
            page.autofilter(0, 0, rows_of_sheet, len(columns) - 1)
            page = _page(book, table, columns, sheet + 1, formats)
            cells = _cells(page, columns, formats, links)
        for number, (value_of, write_cell) in enumerate(cells):
            value = value_of(row)
            if value is not None and value != "":
                write_cell(place + 1, number, value)
        count += 1
    last = count - (count - 1) // rows_of_sheet * rows_of_sheet if count else 1
    page.autofilter(0, 0, last, len(columns) - 1)
    return count


def _page(book: Any, table: Listed, columns: Sequence[Column], number: int, formats: Mapping[str, Any]) -> Any:
    page = book.add_worksheet(table.title if number == 1 else f"{table.title[:26]} {number}")
    page.freeze_panes(1, 0)
    printable(page, header=0)
    page.set_row(0, HEADER_HEIGHT)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, None, {"hidden": column.hidden})
        page.write_string(0, place, column.header, formats["header"])
        if column.note:
            page.write_comment(0, place, column.note, {"x_scale": 2})
    return page


def printable(page: Any, header: int) -> None:
    """A sheet is printed across A4, as wide as one page, with its headers on each."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header)


def _cells(
    page: Any, columns: Sequence[Column], formats: Mapping[str, Any], links: Mapping[str, str]
) -> list[tuple[Callable[[Values], Any], Write]]:
    """How the value of each column is found and written: decided once a sheet, there are millions of cells."""

    def text(look: str) -> Write:
        return lambda row, column, value: page.write_string(row, column, fitting(str(value)), formats[look])

    def moment(row: int, column: int, value: Any) -> None:
        page.write_datetime(row, column, value.astimezone(LOCAL).replace(tzinfo=None), formats["moment"])

    def file(row: int, column: int, value: Any) -> None:
        link = links.get(value)
        # A sheet can hold so many links; beyond them the fingerprint alone is written.
        if link is None or page.write_url(row, column, _beside(link, value)) < 0:
            page.write_string(row, column, value, formats["text"])

    def figure(row: int, column: int, value: Any) -> None:
        page.write_number(row, column, value, formats["figure"])

    kinds: dict[Kind, Write] = {
        "day": lambda row, column, value: page.write_datetime(row, column, value, formats["day"]),
        "moment": moment,
        "yes": lambda row, column, value: page.write_boolean(row, column, bool(value), formats["figure"]),
        "whole": figure,
        "figure": figure,
        "file": file,
        "text": text("text"),
        "json": text("text"),
    }
    return [(one.value, text("wrapped") if one.wrapped else kinds[one.kind]) for one in columns]


def _beside(link: str, text: str) -> Any:
    """A relative address that every reader follows: for a file, xlsxwriter writes the slashes of Windows."""
    address = Url(f"external:{link}")
    address.text, address._relationship_link = text, link
    return address


def fitting(text: str) -> str:
    """The text as a cell can hold it; spreadsheets count in UTF-16."""
    if len(text) <= LONGEST // 2:  # no letter takes more than two
        return text
    coded = text.encode("utf-16-le", "replace")
    if len(coded) // 2 <= LONGEST:
        return text
    return coded[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT
