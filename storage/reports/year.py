"""The indicators of this year as an export begins with them: sheets of a workbook, else a file of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from inspection.figures import show_day
from inspection.periods import current
from inspection.working_days import local_date
from storage import calendar, units
from storage.export.base import Field, Listed, Values
from storage.export.places import Places
from storage.external_indices import Ranking
from storage.reports.book import SIPAS, Titles, add_sheets, target_of
from storage.reports.indicators import Figure
from storage.reports.rows import sheets_of
from storage.reports.summary import Row, Summary, summarise

AIMS: Final = {"at_least": "ít nhất", "above": "trên", "at_most": "nhiều nhất", "below": "dưới"}
INDICATORS: Final = Listed(
    "chi-tieu",
    "Chỉ tiêu",
    "Các chỉ tiêu của năm nay tính đến thời điểm xuất, cùng số liệu với trang Chỉ tiêu của sổ tính XLSX. Trống là "
    "không phát sinh hoặc chưa nhập; KPI-11 mỗi năm một dòng.",
    (
        Field("code", "text", "mã chỉ tiêu"),
        Field("title", "text", "tên chỉ tiêu"),
        Field("numerator", "figure", "tử số; của KPI-11 là thứ hạng"),
        Field("denominator", "figure", "mẫu số; trống nếu là số đếm; của KPI-11 là tổng số đơn vị được xếp hạng"),
        Field("value", "figure", "kết quả: tỷ lệ (1 là 100%) hoặc số đếm; của KPI-11 là thứ hạng"),
        Field("aim", "text", "cách so với mục tiêu", AIMS),
        Field("target", "figure", "mục tiêu, cùng cách ghi với kết quả"),
        Field("before", "figure", "kết quả kỳ trước; của KPI-11 là thứ hạng năm trước"),
        Field("year_before", "figure", "kết quả cùng kỳ năm trước"),
        Field("first_day", "day", "ngày đầu của kỳ"),
        Field("last_day", "day", "ngày cuối của kỳ"),
        Field("as_of", "moment", "thời điểm chốt số liệu"),
    ),
)


@dataclass(frozen=True, slots=True)
class Year:
    """The year of these units (None: of everything) as of a moment. titles: of the indicators, by their codes."""

    unit_ids: Sequence[str] | None
    now: datetime
    titles: Titles

    @property
    def table(self) -> Listed:
        """What its file holds."""
        return INDICATORS

    def sheets(self, connection: Connection, book: Any, places: Places) -> int:
        """Write the sheets, which read the data sheets that come after them; returns how many rows they have."""
        summary = self._summary(connection)
        head = f"Chỉ tiêu từ {show_day(summary.span.period.first)} đến {show_day(local_date(self.now))}"
        return add_sheets(book, summary, sheets_of(connection, summary, places), self.titles, head)

    def rows(self, connection: Connection) -> Iterator[Values]:
        """The same figures, a row an indicator."""
        summary = self._summary(connection)
        period = summary.span.period
        for code, row in summary.rows.items():
            yield code, self.titles[code], *_figures(row), period.first, period.last, self.now
        earlier = {one.year + 1: one.rank for one in summary.rankings}
        if not summary.rankings:
            yield SIPAS, self.titles[SIPAS], *[None] * 7, period.first, period.last, self.now
        for one in summary.rankings:
            yield self._ranked(one, earlier.get(one.year))

    def _ranked(self, one: Ranking, before: int | None) -> Values:
        said = (one.rank, one.total, one.rank, None, None, before, None)
        return SIPAS, self.titles[SIPAS], *said, date(one.year, 1, 1), date(one.year, 12, 31), self.now

    def _summary(self, connection: Connection) -> Summary:
        today = local_date(self.now)
        tops = self.unit_ids if self.unit_ids is not None else [unit.id for unit in units.tops(connection, today)]
        return summarise(connection, tops, current("year", today), self.now, calendar.current(connection, today))


def _figures(row: Row) -> Values:
    """Numerator, denominator, value, aim, target, and the values before."""
    now, target = row.now or Figure(0, 0), target_of(row)
    part = now.part if now.scale == 1 else now.part / now.scale
    aim = row.indicator.aim if target is not None else None
    return part, now.of, _value(now), aim, target, _value(row.before), _value(row.year_before)


def _value(figure: Figure | None) -> float | None:
    if figure is None or figure.exact is None:
        return None
    return int(figure.exact) if figure.of is None else float(figure.exact)
