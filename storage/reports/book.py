"""The workbook of a period: what was counted, row by row, and a sheet of indicators that adds it up by live formulas.

Every formula refers to the rows beside it and carries the value `/summary` gives, so that a sheet which is opened
without being calculated shows the same. Text is written as text: nothing anybody typed can become a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy import Connection, and_, func, or_, select

from inspection.figures import show_day
from inspection.periods import current, months_on
from inspection.phrases import say
from inspection.working_days import LOCAL, local_date
from storage import calendar
from storage.export.formats.xlsx import fitting
from storage.external_indices import Ranking
from storage.reports.counts import REPEATED_WITHIN, in_time_of, owed, remedied_since
from storage.reports.indicators import Figure
from storage.reports.summary import Summary, summarise
from storage.tables import findings, measures, obligations, results, units, visits
from storage.tallies import COUNTED
from storage.units import full_name
from storage.workbook.writing import OPTIONS

Titles: TypeAlias = Mapping[str, str]  # of the indicators, by their codes

NONE_ARISES: Final = "không phát sinh"
NOT_ENTERED: Final = "chưa nhập"
SIPAS: Final = "KPI-11"
A4: Final = 9  # as a workbook numbers its papers
# The words people use, in the rows and in the formulas that compare with them.
FORMS: Final = {"surprise": "Đột xuất", "combined": "Lồng ghép", "planned": "Theo kế hoạch", "recheck": "Phúc tra"}
OWED: Final = {
    "impl_plan": "Kế hoạch triển khai",
    "internal_rules": "Nội quy",
    "working_regulation": "Quy chế làm việc",
    "culture_plan": "Kế hoạch văn hóa công vụ",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of rows: its title, its headers with the widths of their columns, and the rows."""

    title: str
    headers: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Any]]

    def column(self, header: str) -> str:
        """The cells below a header as a formula names them, at least one row of them."""
        place = [name for name, _ in self.headers].index(header)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        return f"'{self.title}'!${letter}$2:${letter}${max(2, len(self.rows) + 1)}"


def write_book(connection: Connection, path: Path, summary: Summary, titles: Titles, head: str) -> int:
    """Write the file; returns how many rows it has. titles: of the indicators; head: whose, and of which time."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        return add_sheets(connection, book, summary, titles, head)


def add_year(connection: Connection, book: Any, *, unit_ids: Sequence[str], now: datetime, titles: Titles) -> int:
    """The sheets of these units in this year as of now."""
    today = local_date(now)
    period = current("year", today)
    summary = summarise(connection, unit_ids, period, now, calendar.current(connection, today))
    head = f"Chỉ tiêu từ {show_day(period.first)} đến {show_day(today)}"
    return add_sheets(connection, book, summary, titles, head)


def add_sheets(connection: Connection, book: Any, summary: Summary, titles: Titles, head: str) -> int:
    """The same as sheets of a workbook that is being written; row after row, so that it need not be held."""
    listed = _visits(connection, summary)
    sheets = {
        "visits": listed,
        "units": _units(summary, listed),
        "items": _items(connection, summary),
        "findings": _findings(connection, summary),
        "owed": _owed(connection, summary),
    }
    formats = {
        "bold": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
        "said": book.add_format({"align": "right"}),  # words in a column of figures
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        "share": book.add_format({"num_format": "0.0%", "align": "right"}),
        "finer": book.add_format({"num_format": "0.00%", "align": "right"}),
        "count": book.add_format({"num_format": "#,##0"}),
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

    def issued(kind: str) -> tuple[str, str]:
        kinds, done = matters("Loại"), matters("Đã xong")
        return f'COUNTIFS({kinds},"{OWED[kind]}",{done},1)', f'COUNTIF({kinds},"{OWED[kind]}")'

    def total(header: str) -> str:
        return f"SUM({visits_of(header)})"

    last = visits_of("Lượt cuối")
    return {
        "KPI-01": issued("impl_plan"),
        "KPI-02": tuple(f"SUMIFS({visits_of(name)},{last},1)" for name in ("Đã quán triệt", "Tổng số người")),  # type: ignore[dict-item]
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


HEADERS: Final = ("Mã", "Chỉ tiêu", "Tử số", "Mẫu số", "Kết quả", "Mục tiêu", "Kỳ trước", "Cùng kỳ năm trước")


def _indicator_page(book: Any, formats: Mapping[str, Any], head: str) -> Any:
    """The empty sheet, which fits the width of a sheet of paper."""
    page = book.add_worksheet("Chỉ tiêu")
    page.set_column(0, 0, 10)
    page.set_column(1, 1, 36)
    page.set_column(2, 6, 14)
    page.set_column(7, 7, 20)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(1)
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
        if row.target is not None:
            target = float(row.target) / (100 if now.of is not None else 1)
            page.write_number(place, 5, target, formats["share" if now.of is not None else "count"])
        for column, before in ((6, row.before), (7, row.year_before)):
            _earlier(page, (place, column), before, shown, formats["count"])
    end = _rankings(page, len(formulas) + 2, summary.rankings, titles[SIPAS], formats)
    page.autofilter(1, 0, end - 1, len(HEADERS) - 1)


def _rankings(page: Any, start: int, rankings: Sequence[Ranking], title: str, formats: Mapping[str, Any]) -> int:
    """The places others gave, a row a year with the year before beside it; returns the row after them."""
    earlier = {one.year + 1: f"{one.rank}/{one.total}" for one in rankings}
    for place, one in enumerate(rankings, start=start):
        page.write_string(place, 0, SIPAS, formats["text"])
        page.write_string(place, 1, f"{title} {one.year}", formats["text"])
        page.write_number(place, 2, one.rank, formats["count"])
        page.write_number(place, 3, one.total, formats["count"])
        page.write_formula(place, 4, f'=C{place + 1}&"/"&D{place + 1}', formats["said"], f"{one.rank}/{one.total}")
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


def _visits(connection: Connection, summary: Summary) -> Sheet:
    area = summary.area
    rows = connection.execute(
        select(visits, measures, units.c.kind, units.c.name)
        .join(units, units.c.id == visits.c.unit_id)
        .outerjoin(measures, measures.c.visit_id == visits.c.id)
        .where(visits.c.unit_id.in_(area.counted), visits.c.status.in_(COUNTED), summary.span.finished)
        .order_by(visits.c.finished_at, visits.c.id)
    ).all()
    last = {row.unit_id: row.id for row in rows if row.staff is not None}
    own = {unit for unit in last if area.successor[unit] == unit}
    counted = {visit for unit, visit in last.items() if unit in own or area.successor[unit] not in own}
    headers = (
        ("Mã lượt", 34), ("Đơn vị", 32), ("Tính cho mã đơn vị", 34), ("Hình thức", 12), ("Xong lúc", 16), ("Điểm", 8),
        ("Xếp loại", 12), ("Lượt cuối", 10), ("Đã quán triệt", 12), ("Tổng số người", 12), ("Vắng không lý do", 12),
        ("Phải có mặt", 12), ("Hồ sơ quá hạn", 12), ("Có văn bản xin lỗi", 12), ("Hài lòng × hồ sơ", 14),
        ("Hồ sơ gia quyền", 12),
    )  # fmt: skip
    return Sheet(
        "Lượt trong kỳ",
        headers,
        [
            (
                row.id, full_name(row.kind, row.name), area.successor[row.unit_id], FORMS.get(row.form, row.form),
                row.finished_at, row.score, row.grade and say("vi", f"grade_{row.grade}"), int(row.id in counted),
                row.briefed, row.staff, row.absent, row.required, row.late_files, row.apologies,
                row.satisfied, row.rated,
            )
            for row in rows
        ],
    )  # fmt: skip


def _units(summary: Summary, listed: Sheet) -> Sheet:
    """Live as well: visits of each unit are counted from the sheet of visits, by the unit they count for."""
    rows = []
    for place, unit in enumerate(sorted(summary.area.units.values(), key=lambda one: (one.full_name, one.id)), start=2):
        one = summary.counts.units.get(unit.id)
        by, form = listed.column("Tính cho mã đơn vị"), listed.column("Hình thức")
        rows.append(
            (
                unit.id,
                unit.full_name,
                _Formula(f"=COUNTIF({by},$A{place})", one.visits if one else 0),
                *(
                    _Formula(f'=COUNTIFS({by},$A{place},{form},"{FORMS[kind]}")', one.forms[kind] if one else 0)
                    for kind in ("surprise", "combined")
                ),
            )
        )
    return Sheet(
        "Theo đơn vị",
        (("Mã đơn vị", 34), ("Đơn vị", 34), ("Lượt kiểm tra", 12), ("Lượt đột xuất", 12), ("Lượt lồng ghép", 12)),
        rows,
    )


@dataclass(frozen=True, slots=True)
class _Formula:
    text: str
    value: int


def _items(connection: Connection, summary: Summary) -> Sheet:
    def times(outcome: str) -> Any:
        return func.count().filter(results.c.outcome == outcome)

    rows = connection.execute(
        select(results.c.code, times("met"), times("not_met"), times("na"))
        .join(visits, visits.c.id == results.c.visit_id)
        .where(visits.c.unit_id.in_(summary.area.counted), visits.c.status.in_(COUNTED), summary.span.finished)
        .group_by(results.c.code)
        .order_by(results.c.code)
    )
    headers = (("Mã nội dung", 12), ("Đạt", 10), ("Chưa đạt", 10), ("Không áp dụng", 14))
    return Sheet("Theo nội dung", headers, [tuple(row) for row in rows])


def _findings(connection: Connection, summary: Summary) -> Sheet:
    span, area = summary.span, summary.area
    back = months_on(span.day, -REPEATED_WITHIN)
    closing = visits.alias("closing")
    rows = connection.execute(
        select(
            findings, units.c.kind, units.c.name, obligations.c.issued, obligations.c.reported_at,
            closing.c.finished_at.label("seen_at"),
        )
        .join(units, units.c.id == findings.c.unit_id)
        .outerjoin(obligations, and_(obligations.c.finding_id == findings.c.id, obligations.c.kind == "finding"))
        .outerjoin(closing, closing.c.id == findings.c.closed_by_visit)
        .where(findings.c.unit_id.in_(area.counted), span.found)
        .where(
            or_(
                findings.c.found_on.between(min(back, span.period.first), span.day),
                findings.c.due.between(span.period.first, span.day),
            )
        )
        .order_by(findings.c.number)
    ).all()  # fmt: skip
    calendar = summary.calendar
    since = {row.number for row in remedied_since(connection, area, span)}
    told, seen = [], set[str]()
    for row in rows:
        remedied = row.status == "verified" and row.number not in since
        in_period = span.period.first <= row.found_on <= span.day
        due_here = row.due is not None and span.period.first <= row.due <= span.day
        had_to, in_time = in_time_of(row, span.day, calendar) if due_here else (False, False)
        repeats = in_period and row.repeat_of is not None and row.repeat_of not in seen
        if repeats:
            seen.add(row.repeat_of)
        closed = remedied and back <= row.found_on <= span.day
        told.append(
            (
                row.number, full_name(row.kind, row.name), row.item_code, row.sentence, row.found_on, row.due,
                "đã khắc phục" if remedied else "chưa khắc phục", int(in_period), int(had_to),
                int(in_time), int(repeats), int(closed),
            )
        )  # fmt: skip
    headers = (
        ("Số", 14), ("Đơn vị", 32), ("Nội dung", 10), ("Tồn tại", 60), ("Ngày ghi nhận", 14), ("Thời hạn", 14),
        ("Tình trạng", 16), ("Trong kỳ", 10), ("Đến hạn trong kỳ", 12), ("Khắc phục đúng hạn", 12),
        ("Tái diễn trong kỳ", 12), ("Đã khắc phục trong 24 tháng", 14),
    )  # fmt: skip
    return Sheet("Tồn tại của kỳ", headers, told)


def _owed(connection: Connection, summary: Summary) -> Sheet:
    year, day = summary.span.period.last.year, summary.span.day
    told = {
        "on_time": "đúng hạn", "on_time_by_extension": "đúng thời hạn đã gia hạn", "late": "trễ hạn",
        "overdue": "quá hạn", "within": "trong hạn",
    }  # fmt: skip
    rows = [
        (one.code, OWED[kind], summary.area.units[one.unit_id].full_name, one.due, told[one.standing], int(one.done))
        for kind in summary.counts.owed
        for one in owed(connection, summary.area, kind, year, day, summary.calendar)
    ]
    headers = (("Mã việc", 16), ("Loại", 20), ("Đơn vị", 32), ("Thời hạn", 14), ("Tình trạng", 24), ("Đã xong", 10))
    return Sheet("Việc của kỳ", headers, rows)


def _write(book: Any, formats: Mapping[str, Any], sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.title)
    page.freeze_panes(1, 1)
    for column, (header, width) in enumerate(sheet.headers):
        page.set_column(column, column, width)
        page.write_string(0, column, header, formats["bold"])
    for place, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _cell(page, (place, column), value, formats)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.headers) - 1)


def _cell(page: Any, place: tuple[int, int], value: Any, formats: Mapping[str, Any]) -> None:
    match value:
        case None | "":
            pass
        case _Formula():
            page.write_formula(*place, value.text, formats["count"], value.value)
        case datetime():
            page.write_datetime(*place, value.astimezone(LOCAL).replace(tzinfo=None), formats["moment"])
        case date():
            page.write_datetime(*place, value, formats["day"])
        case str():
            page.write_string(*place, fitting(value), formats["text"])
        case _:
            page.write_number(*place, value)
