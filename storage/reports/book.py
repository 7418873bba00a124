"""The workbook of a period: a sheet of indicators that adds up by live formulas, and the rows it adds up beside it.

Every formula carries the value `/summary` gives, so that a sheet which is opened without being calculated shows the
same. Text is written as text: nothing anybody typed can become a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy import Connection
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from inspection.working_days import LOCAL
from storage.export.formats.xlsx import HEADER_HEIGHT, fitting, printable
from storage.external_indices import Ranking
from storage.reports.indicators import PLACE, Aim, Figure
from storage.reports.rows import NONE_ARISES, OWED, Formula, Sheet, sheets_of
from storage.reports.summary import Row, Summary
from storage.workbook.writing import OPTIONS

Titles: TypeAlias = Mapping[str, str]  # of the indicators, by their codes

NOT_ENTERED: Final = "chưa nhập"
SIPAS: Final = "KPI-11"
HEADERS: Final = ("Mã", "Chỉ tiêu", "Tử số", "Mẫu số", "Kết quả", "Mục tiêu", "Kỳ trước", "Cùng kỳ năm trước")
_SIGNS: Final[Mapping[Aim, str]] = {"at_least": "", "above": '">"', "at_most": "", "below": '"<"'}
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001  from which a workbook counts its days, without a zone


def write_book(connection: Connection, path: Path, summary: Summary, titles: Titles, head: str) -> int:
    """Write the file; returns how many rows it has. titles: of the indicators; head: whose, and of which time."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        return add_sheets(book, summary, sheets_of(connection, summary, None), titles, head)


def add_sheets(book: Any, summary: Summary, sheets: Mapping[str, Sheet], titles: Titles, head: str) -> int:
    """The same as sheets of a workbook that is being written; row after row, so that it need not be held."""
    formats = {
        "bold": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        "said": book.add_format({"align": "right", "valign": "top"}),  # words in a column of figures
        "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "center", "valign": "top"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "center", "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%", "align": "right", "valign": "top"}),
        "finer": book.add_format({"num_format": "0.00%", "align": "right", "valign": "top"}),
        "count": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "mean": book.add_format({"num_format": "0.0", "align": "right", "valign": "top"}),
    }
    _indicators(book, formats, summary, sheets, titles, head)
    for sheet in sheets.values():
        _write(book, formats, sheet)
    return sum(len(sheet.rows) for sheet in sheets.values())


# --- the indicators -------------------------------------------------------------------------------------------------


def _formulas(sheets: Mapping[str, Sheet]) -> dict[str, tuple[str, str | None]]:
    """Numerator and denominator of each indicator, from the rows; None: a count."""
    visits_of, units_of = sheets["visits"].column, sheets["units"].column
    found, matters = sheets["findings"].column, sheets["owed"].column
    counted = f"{visits_of('Được tính')},1"

    def issued(kind: str) -> tuple[str, str]:
        mine = f'{matters("Loại")},"{OWED[kind]}",{matters("Được tính")},1'
        return f"COUNTIFS({mine},{matters('Đã xong')},1)", f"COUNTIFS({mine})"

    def total(header: str, also: str = "") -> str:
        return f"SUMIFS({visits_of(header)},{counted}{also})"

    last = f",{visits_of('Lượt cuối')},1"
    return {
        "KPI-01": issued("impl_plan"),
        "KPI-02": (total("Đã quán triệt", last), total("Tổng số người", last)),
        "KPI-03a": issued("internal_rules"),
        "KPI-03b": issued("working_regulation"),
        "KPI-03c": issued("culture_plan"),
        "KPI-04a": (f'COUNTIF({units_of("Lượt đột xuất")},">0")', None),
        "KPI-04b": (f'COUNTIF({units_of("Lượt lồng ghép")},">0")', None),
        "KPI-05": (f'COUNTIF({units_of("Lượt kiểm tra")},">0")', f"COUNTA({units_of('Đơn vị')})"),
        "KPI-06": (f"SUM({found('Khắc phục đúng hạn')})", f"SUM({found('Đến hạn trong kỳ')})"),
        "KPI-07": (f"SUM({found('Tái diễn trong kỳ')})", f"SUM({found('Đã khắc phục trong 24 tháng')})"),
        "KPI-08": (total("Vắng không lý do"), total("Phải có mặt")),
        "KPI-09": (f"{total('Hài lòng × hồ sơ')}/10000", total("Hồ sơ gia quyền")),
        "KPI-10": (total("Có văn bản xin lỗi"), total("Hồ sơ quá hạn")),
    }


def _indicator_page(book: Any, formats: Mapping[str, Any], head: str) -> Any:
    page = book.add_worksheet("Chỉ tiêu")
    page.set_column(0, 0, 10)
    page.set_column(1, 1, 36)
    page.set_column(2, 6, 14)
    page.set_column(7, 7, 20)
    printable(page, header=1)
    page.write_string(0, 0, fitting(head))
    for column, header in enumerate(HEADERS):
        page.write_string(1, column, header, formats["bold"])
    page.freeze_panes(2, 2)
    return page


def _indicators(  # noqa: PLR0913  the sheet, and all it refers to
    book: Any, formats: Mapping[str, Any], summary: Summary, sheets: Mapping[str, Sheet], titles: Titles,
    head: str,
) -> None:  # fmt: skip
    page = _indicator_page(book, formats, head)
    formulas = _formulas(sheets)
    for place, (code, row) in enumerate(summary.rows.items(), start=2):
        part, whole = formulas[code]
        shown = formats["finer" if row.indicator.places == 2 else "share"]
        page.write_string(place, 0, code, formats["text"])
        page.write_string(place, 1, titles[code], formats["text"])
        now = row.now or Figure(0, 0)
        page.write_formula(place, 2, f"={part}", formats["count"], now.part / now.scale)
        if whole is None:
            page.write_formula(place, 4, f"=C{place + 1}", formats["count"], now.part)
        else:
            page.write_formula(place, 3, f"={whole}", formats["count"], now.of)
            result = f'=IF(D{place + 1}=0,"{NONE_ARISES}",C{place + 1}/D{place + 1})'
            page.write_formula(place, 4, result, shown, float(now.exact) if now.exact is not None else NONE_ARISES)
        target = target_of(row)
        if target is not None:
            page.write_number(place, 5, target, book.add_format(_signed(row, target)))
        for column, before in ((6, row.before), (7, row.year_before)):
            _earlier(page, (place, column), before, shown, formats["count"])
    end = _rankings(page, len(formulas) + 2, summary.rankings, titles[SIPAS], formats)
    page.autofilter(1, 0, end - 1, len(HEADERS) - 1)


def target_of(row: Row) -> float | None:
    """What is aimed at, as the figure is: a share is part of 1."""
    if row.target is None:
        return None
    return float(row.target) if row.indicator.unit == "count" else float(row.target / 100)


def _signed(row: Row, target: float) -> dict[str, str]:
    """How a target is shown: it stays a number; "more than" and "less than" stand before it as `/summary` says them."""
    figures = "#,##0" if row.indicator.unit == "count" else f"{'0' if float(target * 100).is_integer() else '0.0'}%"
    return {"num_format": _SIGNS[row.indicator.aim] + figures, "align": "right", "valign": "top"}


def _rankings(page: Any, start: int, rankings: Sequence[Ranking], title: str, formats: Mapping[str, Any]) -> int:
    """The places others gave, a row a year with the year before beside it; returns the row after them."""
    earlier, aim = {one.year + 1: f"{one.rank}/{one.total}" for one in rankings}, "/".join(map(str, PLACE))
    for place, one in enumerate(rankings, start=start):
        page.write_string(place, 0, SIPAS, formats["text"])
        page.write_string(place, 1, f"{title} {one.year}", formats["text"])
        page.write_number(place, 2, one.rank, formats["count"])
        page.write_number(place, 3, one.total, formats["count"])
        page.write_formula(place, 4, f'=C{place + 1}&"/"&D{place + 1}', formats["said"], f"{one.rank}/{one.total}")
        page.write_string(place, 5, f"tốt hơn {aim}", formats["said"])
        page.write_string(place, 6, earlier.get(one.year, NOT_ENTERED), formats["said"])
    if not rankings:
        page.write_string(start, 0, SIPAS, formats["text"])
        page.write_string(start, 1, title, formats["text"])
        page.write_string(start, 4, NOT_ENTERED, formats["said"])
    return start + max(1, len(rankings))


def _earlier(page: Any, place: tuple[int, int], figure: Figure | None, shown: Any, count: Any) -> None:
    if figure is None or figure.exact is None:
        page.write_string(*place, NONE_ARISES, shown)
    else:
        page.write_number(*place, float(figure.exact), count if figure.of is None else shown)


# --- the rows -------------------------------------------------------------------------------------------------------


class _Rows(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas use no function younger than Excel 2007: to look for those takes most of the writing."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def _write(book: Any, formats: Mapping[str, Any], sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.title, _Rows)
    page.freeze_panes(1, 1)
    printable(page, header=0)
    page.set_row(0, HEADER_HEIGHT)
    for column, header in enumerate(sheet.headers):
        page.set_column(column, column, header.width, None, {"hidden": header.hidden})
        page.write_string(0, column, header.name, formats["bold"])
    for place, row in enumerate([*sheet.rows, sheet.foot], start=1):
        for column, value in enumerate(row):
            _cell(page, (place, column), value, formats)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.headers) - 1)


def _cell(page: Any, place: tuple[int, int], value: Any, formats: Mapping[str, Any]) -> None:
    match value:
        case None | "":
            pass
        case Formula():
            page.write_formula(*place, value.text, formats[value.form or _form(value.value)], _kept(value.value))
        case str():
            page.write_string(*place, fitting(value), formats["text"])
        case _:
            page.write_number(*place, _kept(value), formats[_form(value)])


def _form(value: Any) -> str:
    """The look of a value of its kind."""
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, date):
        return "day"
    return "text" if isinstance(value, str) else "mean" if isinstance(value, Decimal) else "count"


def _kept(value: Any) -> Any:
    """A value as a cell holds it: days are counted."""
    if isinstance(value, datetime):
        value = value.astimezone(LOCAL).replace(tzinfo=None)
    elif isinstance(value, date):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001
    if isinstance(value, datetime):
        return (value - _EPOCH).total_seconds() / 86_400
    return float(value) if isinstance(value, Decimal) else value
