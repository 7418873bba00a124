"""Periods as people type them, and the ones they are compared with."""

from __future__ import annotations

from datetime import date

import pytest

from inspection.periods import Fault, Kind, Period, current, in_full, months_on, read

TODAY = date(2026, 8, 4)  # a Tuesday
YEAR, MONTH = current("year", TODAY), current("month", TODAY)


def span(first: str, last: str, kind: Kind = "span") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last), kind)


@pytest.mark.parametrize(
    ("typed", "period", "rest"),
    [
        ("tuần", span("2026-08-03", "2026-08-09", "week"), ""),
        ("tuan truoc", span("2026-07-27", "2026-08-02", "week"), ""),
        ("last week", span("2026-07-27", "2026-08-02", "week"), ""),
        ("tháng này", MONTH, ""),
        ("tháng 8", MONTH, ""),
        ("tháng 12", span("2025-12-01", "2025-12-31", "month"), ""),  # this year's has not begun
        ("thang 02/2024", span("2024-02-01", "2024-02-29", "month"), ""),
        ("July 2026", span("2026-07-01", "2026-07-31", "month"), ""),
        ("quý 3", span("2026-07-01", "2026-09-30", "quarter"), ""),
        ("quý III/2025", span("2025-07-01", "2025-09-30", "quarter"), ""),
        ("quy 4", span("2025-10-01", "2025-12-31", "quarter"), ""),
        ("năm ngoái", span("2025-01-01", "2025-12-31", "year"), ""),
        ("năm 2025", span("2025-01-01", "2025-12-31", "year"), ""),
        ("01/07/2026-30/09/2026", span("2026-07-01", "2026-09-30"), ""),
        ("từ 1/7 đến hết 31/7", span("2026-07-01", "2026-07-31"), ""),
        ("03/8/2026", span("2026-08-03", "2026-08-03"), ""),
        ("Văn Quan tháng 7", span("2026-07-01", "2026-07-31", "month"), "Văn Quan"),
        ("tháng 7 Văn Quan", span("2026-07-01", "2026-07-31", "month"), "Văn Quan"),
        ("xã Điềm He 01/7/2026-31/7/2026", span("2026-07-01", "2026-07-31"), "xã Điềm He"),
        ("Mai Pha", None, "Mai Pha"),
        ("marching", None, "marching"),
        ("thập kỷ", None, "thập kỷ"),
        ("", None, ""),
        ("Tháng Hai", span("2026-02-01", "2026-02-28", "month"), ""),
        ("tháng Năm năm 2025", span("2025-05-01", "2025-05-31", "month"), ""),
        ("Văn Quan tháng mười một", span("2025-11-01", "2025-11-30", "month"), "Văn Quan"),
        ("tháng Sáu", span("2026-06-01", "2026-06-30", "month"), ""),
        ("tháng sau", Fault("not_begun", "tháng sau"), ""),
        ("7/2026", span("2026-07-01", "2026-07-31", "month"), ""),
        ("2026-07", span("2026-07-01", "2026-07-31", "month"), ""),
        ("tuần 31", span("2026-07-27", "2026-08-02", "week"), ""),
        ("tuần 50", span("2025-12-08", "2025-12-14", "week"), ""),
        ("2026-07-01 2026-07-31", span("2026-07-01", "2026-07-31"), ""),
        ("Điềm He 2026-07-01 đến 2026-07-31", span("2026-07-01", "2026-07-31"), "Điềm He"),
        ("01/7/2026 31/7/2026", span("2026-07-01", "2026-07-31"), ""),
        ("1/1/2026-", Fault("half", "1/1/2026-"), ""),
        ("từ 1/1/2026 đến", Fault("half", "từ 1/1/2026 đến"), ""),
        ("quý 5", Fault("no_such_day", "quý 5"), ""),
        ("Quý 0/2026", Fault("no_such_day", "Quý 0/2026"), ""),
        ("tuần 60", Fault("no_such_day", "tuần 60"), ""),
        ("quý 2/20266", Fault("no_such_day", "quý 2/20266"), ""),
        ("Điềm He năm 20266", Fault("no_such_day", "năm 20266"), "Điềm He"),
        ("tuần 0", Fault("no_such_day", "tuần 0"), ""),
        ("2026-02-31", Fault("no_such_day", "2026-02-31"), ""),
        ("tháng 13", Fault("no_such_day", "tháng 13"), ""),
        ("31/02/2026-1/3/2026", Fault("no_such_day", "31/02/2026"), ""),
        ("30/9/2026-1/7/2026", Fault("wrong_order", "30/9/2026-1/7/2026"), ""),
        ("năm 2030", Fault("not_begun", "năm 2030"), ""),
        ("6 tháng đầu năm", span("2026-01-01", "2026-06-30"), ""),
        ("Văn Quan 6 thang dau nam 2025", span("2025-01-01", "2025-06-30"), "Văn Quan"),
        ("6 tháng cuối năm 2025", span("2025-07-01", "2025-12-31"), ""),
        ("9 tháng", span("2026-01-01", "2026-09-30"), ""),
        ("13 tháng", Fault("no_such_day", "13 tháng"), ""),
        ("từ đầu năm đến nay", YEAR, ""),
        ("dau quy den nay", current("quarter", TODAY), ""),
        ("cả năm", YEAR, ""),
        ("cả năm 2025", span("2025-01-01", "2025-12-31", "year"), ""),
        ("từ 1/7 đến nay", span("2026-07-01", "2026-08-04"), ""),
        ("tu 15/12 den nay Điềm He", span("2025-12-15", "2026-08-04"), "Điềm He"),
        ("tháng 5 đến tháng 7", span("2026-05-01", "2026-07-31"), ""),
        ("từ tháng 5 đến hết tháng 7/2025", span("2025-05-01", "2025-07-31"), ""),
        ("tháng 1 - tháng 6/2026", span("2026-01-01", "2026-06-30"), ""),
        ("tháng 5-7", span("2026-05-01", "2026-07-31"), ""),
        ("tháng 7-5", Fault("wrong_order", "tháng 7-5"), ""),
        ("tháng 5-13", Fault("no_such_day", "tháng 5-13"), ""),
        ("5-7", span("2026-07-05", "2026-07-05"), ""),
        ("T7", span("2026-07-01", "2026-07-31", "month"), ""),
        ("t7/2025 Điềm He", span("2025-07-01", "2025-07-31", "month"), "Điềm He"),
        ("hôm nay", span("2026-08-04", "2026-08-04"), ""),
        ("hôm qua", span("2026-08-03", "2026-08-03"), ""),
        ("7 ngày qua", span("2026-07-29", "2026-08-04"), ""),
        ("first half 2025", span("2025-01-01", "2025-06-30"), ""),
        ("second half", span("2026-07-01", "2026-12-31"), ""),
        ("year to date", YEAR, ""),
        ("từ 1/7", span("2026-07-01", "2026-08-04"), ""),
        ("từ tháng 5", span("2026-05-01", "2026-08-04"), ""),
        ("từ tháng 5 đến nay Điềm He", span("2026-05-01", "2026-08-04"), "Điềm He"),
        ("3 tháng qua", span("2026-05-05", "2026-08-04"), ""),
        ("hai tuần qua", span("2026-07-22", "2026-08-04"), ""),
        ("ba tháng đầu năm", span("2026-01-01", "2026-03-31"), ""),
        ("quý 1-2", span("2026-01-01", "2026-06-30"), ""),
        ("quý 1 đến quý 3/2025", span("2025-01-01", "2025-09-30"), ""),
        ("ba sơn", None, "ba sơn"),
    ],
)
def test_what_is_typed(typed: str, period: Period | Fault | None, rest: str) -> None:
    assert read(typed, TODAY) == (period, rest)


@pytest.mark.parametrize(
    ("period", "before", "year_before"),
    [
        (YEAR, span("2025-01-01", "2025-08-04", "year"), span("2025-01-01", "2025-08-04", "year")),
        (MONTH, span("2026-07-01", "2026-07-04", "month"), span("2025-08-01", "2025-08-04", "month")),
        (current("month", date(2026, 3, 31)), span("2026-02-01", "2026-02-28", "month"),
         span("2025-03-01", "2025-03-31", "month")),
        (current("week", TODAY), span("2026-07-27", "2026-07-28", "week"), span("2025-08-03", "2025-08-04", "week")),
        (current("quarter", date(2026, 2, 1)), span("2025-10-01", "2025-12-31", "quarter"),
         span("2025-01-01", "2025-03-31", "quarter")),
        (span("2026-01-01", "2026-06-30"), span("2025-07-01", "2025-12-31"), span("2025-01-01", "2025-06-30")),
        (span("2026-07-01", "2026-12-31"), span("2026-01-01", "2026-02-04"), span("2025-07-01", "2025-08-04")),
        (span("2026-03-01", "2026-03-10"), span("2026-02-19", "2026-02-28"), span("2025-03-01", "2025-03-10")),
    ],
)  # fmt: skip
def test_like_is_compared_with_like(period: Period, before: Period, year_before: Period) -> None:
    """One that is still running is compared with as many days as have gone by."""
    assert period.before(TODAY) == before
    assert period.year_before(TODAY) == year_before


def test_months_end_where_the_month_ends() -> None:
    assert months_on(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert months_on(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_on(date(2026, 8, 4), -24) == date(2024, 8, 4)


@pytest.mark.parametrize(
    ("first", "last", "called"),
    [
        ((2026, 7, 1), (2026, 7, 31), "tháng 7 năm 2026"),
        ((2026, 2, 1), (2026, 2, 28), "tháng 02 năm 2026"),
        ((2026, 4, 1), (2026, 6, 30), "quý II năm 2026"),
        ((2025, 10, 1), (2025, 12, 31), "quý IV năm 2025"),
        ((2025, 1, 1), (2025, 12, 31), "năm 2025"),
        ((2026, 1, 1), (2026, 6, 30), "6 tháng đầu năm 2026"),
        ((2025, 7, 1), (2025, 12, 31), "6 tháng cuối năm 2025"),
        ((2026, 1, 1), (2026, 9, 30), "9 tháng đầu năm 2026"),
        ((2026, 5, 1), (2026, 7, 31), "từ 01/5/2026 đến hết 31/7/2026"),
        ((2025, 7, 1), (2026, 6, 30), "từ 01/7/2025 đến hết 30/6/2026"),
        ((2026, 7, 1), (2026, 7, 30), "từ 01/7/2026 đến hết 30/7/2026"),
        ((2026, 7, 6), (2026, 7, 6), "ngày 06/7/2026"),
    ],
)
def test_a_period_as_a_title_names_it(first: tuple[int, int, int], last: tuple[int, int, int], called: str) -> None:
    assert in_full(Period(date(*first), date(*last))) == called
