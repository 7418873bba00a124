"""Figures: what a person types on a phone, and how it is shown back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection import figures
from inspection.figures import DocumentRead

YEAR = 2026


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *[
            ("25", 25),
            ("02", 2),
            ("0", 0),
            ("1.247", 1247),
            ("12.345.678", 12345678),
            ("\uff11\uff12", 12),
            (" 25. ", 25),
            ("1247", 1247),
        ],
        *[
            ("số 3", None),
            ("25 người", None),
            ("-1", None),
            ("1.24", None),
            ("0.247", None),
            ("98,6", None),
            ("5²", None),
            ("", None),
        ],
        *[("٣", None), ("1" * 13, None), ("1.2345", None)],
    ],
)
def test_whole(typed: str, value: int | None) -> None:
    assert figures.whole(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *[("98,6", "98.6"), ("98.6", "98.6"), ("98,6%", "98.6"), ("98,6 %", "98.6"), ("100", "100"), ("1.247", "1247")],
        *[
            ("1.247,5", "1247.5"),
            ("0.125", "0.125"),
            ("98.62", "98.62"),
            ("\uff19\uff18\uff0c\uff16", "98.6"),
            ("0", "0"),
        ],
        *[
            ("abc", None),
            (",5", None),
            ("98,", "98"),
            ("1,247.5", None),
            ("98,6,1", None),
            ("%", None),
            ("-1", None),
            ("1e5", None),
        ],
    ],
)
def test_decimal(typed: str, value: str | None) -> None:
    assert figures.decimal(typed) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "typed", ["25 22 2 1", "25/22/2/1", "25-22-2-1", "25, 22, 2, 1", "25,22,2,1", "25  22 , 2 / 1."]
)
def test_four_figures_in_every_separation(typed: str) -> None:
    assert figures.wholes(typed) == [25, 22, 2, 1]


@pytest.mark.parametrize(
    ("typed", "values"),
    [("1.247 1.200", [1247, 1200]), ("25", [25]), ("25 hai", None), ("25,,22", None), ("", None), ("25 -1", None)],
)
def test_wholes(typed: str, values: list[int] | None) -> None:
    assert figures.wholes(typed) == values


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("15/7/2025", date(2025, 7, 15)),
        ("15.7.25", date(2025, 7, 15)),
        ("15-7-2025", date(2025, 7, 15)),
        ("15 / 7 / 2025", date(2025, 7, 15)),
        ("ngày 15/7/2025", date(2025, 7, 15)),
        ("ngay 15 thang 7 nam 2025", date(2025, 7, 15)),
        ("15/7", date(2026, 7, 15)),
        ("04/02", date(2026, 2, 4)),
        ("29/2/2024", date(2024, 2, 29)),
        *[
            ("29/2", None),
            ("31/02/2026", None),
            ("7/15/2025", None),
            ("15", None),
            ("15/7/202", None),
            ("15/7/2025 sáng", None),
        ],
    ],
)
def test_day(typed: str, value: date | None) -> None:
    assert figures.day(typed, year=YEAR) == value


QUYET_DINH = DocumentRead("45/QĐ-UBND", date(2025, 7, 15), year_assumed=False, rest="")


@pytest.mark.parametrize(
    "typed",
    [
        "45/QĐ-UBND 15/7/2025",
        "45 qd ubnd 15.7.25",
        "45-qd-ubnd, 15-7-2025",
        "45-qd-ubnd-15-7-2025",
        "45/QĐ - UBND, ngày 15/7/2025.",
        "số 45/QĐ-UBND ngày 15/7/2025",
        "so 45/qd-ubnd ngay 15/7/2025",
        "Quyết định số 45/QĐ-UBND ngày 15/7/2025",
        "quyet dinh 45/QD-UBND ngày 15 tháng 7 năm 2025",
        "45/QÐ-UBND 15/7/2025",
    ],
)
def test_one_decision_in_every_typing(typed: str) -> None:
    assert figures.document(typed, year=YEAR) == QUYET_DINH


@pytest.mark.parametrize(
    ("typed", "symbol", "issued", "assumed", "rest"),
    [
        ("12/KH-UBND 6/2/2026", "12/KH-UBND", date(2026, 2, 6), False, ""),
        ("15/kh-ubnd 24/2", "15/KH-UBND", date(2026, 2, 24), True, ""),
        ("45/QD-UBND 15.7.25 phu hop", "45/QĐ-UBND", date(2025, 7, 15), False, "phu hop"),
        ("45/QĐ-UBND 15/7/2025, phù hợp", "45/QĐ-UBND", date(2025, 7, 15), False, "phù hợp"),
        ("45/QĐ-UBND phù hợp", "45/QĐ-UBND", None, False, "phù hợp"),
        ("45/QĐ-UBND - phù hợp", "45/QĐ-UBND", None, False, "phù hợp"),
        ("12/KH-UBND 31/2/2026", "12/KH-UBND", None, False, "31/2/2026"),
        ("12/KH-UBND từ 3/2/2026", "12/KH-UBND", None, False, "từ 3/2/2026"),
        ("12 kh ubnd", "12/KH-UBND", None, False, ""),
        ("7/ttr-vp 3/3", "7/TTr-VP", date(2026, 3, 3), True, ""),
        ("09/UBND-NC ngày 12/01/2026", "09/UBND-NC", date(2026, 1, 12), False, ""),
        ("3/nq-hdnd 2/7/2026", "3/NQ-HĐND", date(2026, 7, 2), False, ""),
        ("188/1999/QĐ-TTg", "188/1999/QĐ-TTg", None, False, ""),
        ("12-kh/tu 3/2/2026", "12-KH/TU", date(2026, 2, 3), False, ""),
        ("45a/QĐ-SGDĐT 3/3/2026", "45a/QĐ-SGDĐT", date(2026, 3, 3), False, ""),
    ],
)
def test_document(typed: str, symbol: str, issued: date | None, assumed: bool, rest: str) -> None:
    assert figures.document(typed, year=YEAR) == DocumentRead(symbol, issued, assumed, rest)


@pytest.mark.parametrize(
    "typed",
    [
        "25 người",
        "25 22 2 1",
        "15/7/2025",
        "chưa có",
        "3/khong",
        "3/đã khắc phục",
        "25 tt",
        "QĐ-UBND 45",
        "1 15/KH-UBND 24/2/2026",
        "",
    ],
)
def test_no_document(typed: str) -> None:
    assert figures.document(typed, year=YEAR) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(figures.KINDS)), st.integers(1, 9999))
def test_what_is_shown_can_be_typed_back(issued: date, kind: str, number: int) -> None:
    symbol = f"{number}/{kind}-UBND"
    shown = figures.show_document(symbol, issued)
    assert figures.document(shown, year=1999) == DocumentRead(symbol, issued, year_assumed=False, rest="")
    assert figures.day(figures.show_day(issued), year=1999) == issued
    assert figures.whole(figures.show_number(number)) == number


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    readers = (figures.whole, figures.decimal, figures.wholes)
    assert all(isinstance(reader(text), (int, Decimal, list, type(None))) for reader in readers)
    assert isinstance(figures.day(text, year=YEAR), (date, type(None)))
    assert isinstance(figures.document(text, year=YEAR), (DocumentRead, type(None)))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("C01 25 23 2 0, C02 2, còn lại đạt", ["C01 25 23 2 0", "C02 2", "còn lại đạt"]),
        ("f07 98,6; c01 25,22,2,1", ["f07 98,6", "c01 25,22,2,1"]),
        ("a01\n\na02,\n b03,", ["a01", "a02", "b03"]),
        (" , ;", []),
    ],
)
def test_cut(text: str, pieces: list[str]) -> None:
    assert figures.cut(text) == pieces


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *[(date(2026, 8, 4), "04/8/2026"), (date(2026, 2, 6), "06/02/2026"), (date(2026, 1, 15), "15/01/2026")],
        *[(date(2025, 12, 10), "10/12/2025"), (date(2026, 3, 31), "31/3/2026")],
    ],
)
def test_show_day(value: date, shown: str) -> None:
    assert figures.show_day(value) == shown


def test_show_moment() -> None:
    assert figures.show_moment(datetime(2026, 8, 4, 8, 5)) == "08:05 ngày 04/8/2026"  # noqa: DTZ001 (a wall clock)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *[
            (1247, "1.247"),
            (25, "25"),
            (0, "0"),
            (12345678, "12.345.678"),
            (Decimal("98.6"), "98,6"),
            (Decimal("98.60"), "98,6"),
        ],
        *[(Decimal("100.0"), "100"), (Decimal("1E+2"), "100"), (Decimal("1247.5"), "1.247,5"), (-3, "-3")],
    ],
)
def test_show_number(value: Decimal | int, shown: str) -> None:
    assert figures.show_number(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0, "00"), (2, "02"), (10, "10"), (1247, "1.247")])
def test_show_two(value: int, shown: str) -> None:
    assert figures.show_two(value) == shown


@pytest.mark.parametrize(
    ("symbol", "issued", "shown"),
    [
        ("12/KH-UBND", date(2026, 2, 6), "Kế hoạch số 12/KH-UBND ngày 06/02/2026"),
        ("45/QĐ-UBND", None, "Quyết định số 45/QĐ-UBND"),
        ("188/1999/QĐ-TTg", None, "Quyết định số 188/1999/QĐ-TTg"),
        ("12-KH/TU", date(2026, 2, 3), "Kế hoạch số 12-KH/TU ngày 03/02/2026"),
        ("09/UBND-NC", date(2026, 1, 12), "Văn bản số 09/UBND-NC ngày 12/01/2026"),
    ],
)
def test_show_document(symbol: str, issued: date | None, shown: str) -> None:
    assert figures.show_document(symbol, issued) == shown
