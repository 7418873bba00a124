"""A workbook: text stays text, dates are dates, moments are shown in Vietnam's time; a text too long for a cell is cut.

A cut text ends with a sentence that says so: JSON Lines carries it whole. A table longer than a sheet goes on in
the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.url import Url  # type: ignore[import-untyped]

from inspection.working_days import LOCAL
from storage.export.base import Exported, Field, Values
from storage.workbook.writing import LONGEST, OPTIONS

ROWS_OF_SHEET = 1_048_575  # without the headers
NO_LINKS: Mapping[str, str] = {}
CUT = " … (đã cắt bớt; toàn văn có trong bản JSON Lines)"


def write(
    path: Path,
    table: Exported,
    rows: Iterable[Values],
    rows_of_sheet: int = ROWS_OF_SHEET,
    links: Mapping[str, str] = NO_LINKS,
) -> int:
    """Write the file; returns the number of rows."""
    return write_book(path, [(table, rows)], rows_of_sheet, links)


def write_book(
    path: Path,
    tables: Iterable[tuple[Exported, Iterable[Values]]],
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
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
            "header": book.add_format({"bold": True}),
            "text": book.add_format({"num_format": "@"}),
        }
        lead(book)
        return sum(_write_table(book, table, rows, rows_of_sheet, formats, links) for table, rows in tables)


def _write_table(  # noqa: PLR0913  one table, and how it is shown
    book: Any, table: Exported, rows: Iterable[Values], rows_of_sheet: int, formats: dict[str, Any],
    links: Mapping[str, str],
) -> int:  # fmt: skip
    count = 0
    page = _page(book, table, 1, formats)
    for row in rows:
        sheet, place = divmod(count, rows_of_sheet)
        if sheet and not place:
            page.autofilter(0, 0, rows_of_sheet, len(table.fields) - 1)
            page = _page(book, table, sheet + 1, formats)
        for column, (field, value) in enumerate(zip(table.fields, row, strict=True)):
            link = links.get(value) if field.kind == "file" else None
            # A sheet can hold so many links; beyond them the fingerprint alone is written.
            if link is None or page.write_url(place + 1, column, _beside(link, value)) < 0:
                _write(page, (place + 1, column), field, value, formats)
        count += 1
    last = count - (count - 1) // rows_of_sheet * rows_of_sheet if count else 1
    page.autofilter(0, 0, last, len(table.fields) - 1)
    return count


def _page(book: Any, table: Exported, number: int, formats: dict[str, Any]) -> Any:
    page = book.add_worksheet(table.title if number == 1 else f"{table.title[:26]} {number}")
    page.freeze_panes(1, 0)
    page.set_column(0, len(table.fields) - 1, 20)
    for column, field in enumerate(table.fields):
        page.write_string(0, column, field.name, formats["header"])
    return page


def _write(page: Any, place: tuple[int, int], field: Field, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        page.write_datetime(*place, value.astimezone(LOCAL).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        page.write_datetime(*place, value, formats["day"])
    elif field.kind == "yes":
        page.write_boolean(*place, bool(value))
    elif field.kind in ("whole", "figure"):
        page.write_number(*place, value)
    else:
        page.write_string(*place, fitting(str(value)), formats["text"])


def _beside(link: str, text: str) -> Any:
    """A relative address that every reader follows: for a file, xlsxwriter writes the slashes of Windows."""
    address = Url(f"external:{link}")
    address.text, address._relationship_link = text, link
    return address


def fitting(text: str) -> str:
    """The text as a cell can hold it; spreadsheets count in UTF-16."""
    coded = text.encode("utf-16-le", "replace")
    if len(coded) // 2 <= LONGEST:
        return text
    return coded[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT
