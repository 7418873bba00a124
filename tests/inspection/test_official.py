"""How official documents write dates, numbers, issuers and what people typed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from inspection.official import (
    DOTS,
    dated_in_full,
    day_in_full,
    day_of,
    in_full,
    issued_by,
    issuer_at_head,
    lines_of,
    listed,
    moment_in_full,
    number_symbol,
    or_dots,
    printable,
    rank_of,
    superior_at_head,
)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),  # the decree's own examples
        (date(2019, 6, 29), "ngày 29 tháng 6 năm 2019"),
        (date(2026, 8, 4), "ngày 04 tháng 8 năm 2026"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
        (None, "ngày …… tháng …… năm ………"),
    ],
)
def test_a_zero_stands_before_days_below_ten_and_months_one_and_two(day: date | None, written: str) -> None:
    assert day_in_full(day) == written


def test_a_moment_in_full() -> None:
    assert moment_in_full(datetime(2026, 8, 4, 8, 5)) == "08 giờ 05 phút, ngày 04 tháng 8 năm 2026"  # noqa: DTZ001  local
    assert moment_in_full(None).startswith("…… giờ …… phút, ngày ……")


@pytest.mark.parametrize(
    ("number", "written"),
    [(3, "Số: 03/BB-ĐKT"), (12, "Số: 12/BB-ĐKT"), (105, "Số: 105/BB-ĐKT"), (None, "Số: ……/BB-ĐKT")],
)
def test_numbers_below_ten_have_two_digits(number: int | None, written: str) -> None:
    assert number_symbol(number, "BB-ĐKT") == written


def test_a_unit_in_a_sentence_and_at_the_head_of_a_page() -> None:
    assert in_full("UBND xã Điềm He") == "Ủy ban nhân dân xã Điềm He"
    assert in_full("Sở Nội vụ") == "Sở Nội vụ"
    for name in ("UBND tỉnh Lạng Sơn", "Ủy ban nhân dân tỉnh Lạng Sơn"):
        assert superior_at_head(name) == "UBND TỈNH LẠNG SƠN"
        assert issuer_at_head(name) == "ỦY BAN NHÂN DÂN\nTỈNH LẠNG SƠN"
    assert issuer_at_head("Sở Nội vụ") == "SỞ NỘI VỤ"


def test_legal_documents_stand_by_rank_and_say_their_day_in_one_way() -> None:
    titles = [
        "Điều 11 Luật Phòng, chống tác hại của thuốc lá số 09/2012/QH13 ngày 18/6/2012",
        "Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ",
        "Điều 16 Quy chế ban hành kèm theo Quyết định số 129/2007/QĐ-TTg ngày 02/8/2007 của Thủ tướng Chính phủ",
        "Chỉ thị số 26/CT-TTg ngày 05/9/2016 của Thủ tướng Chính phủ",
        "Thông tư số 02/2017/TT-VPCP ngày 31/10/2017 của Văn phòng Chính phủ",
        "Quyết định số 50/QĐ-UBND ngày 01/02/2026 của Ủy ban nhân dân tỉnh Lạng Sơn",
    ]
    assert sorted({rank_of(title) for title in titles}) == [rank_of(title) for title in titles]
    assert rank_of("Thông báo kết luận kiểm tra kỳ trước") == rank_of(titles[-1])
    assert rank_of("Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân") == rank_of(titles[0])
    assert dated_in_full(titles[3]) == "Chỉ thị số 26/CT-TTg ngày 05 tháng 9 năm 2016 của Thủ tướng Chính phủ"
    assert (day_of(titles[3]), day_of("Luật số 1 ngày 31/02/2026"), day_of("Luật")) == (date(2016, 9, 5), None, None)
    assert dated_in_full("Luật số 1 ngày 31/02/2026") == "Luật số 1 ngày 31/02/2026"


def test_typed_words_keep_their_letters_and_lose_what_nobody_sees() -> None:
    assert printable("a\u202eb\u200b\x07c\td\n e") == "abc d e"
    assert lines_of("một\n\n hai \r\nba") == ("một", "hai", "ba")


def test_words_without_tone_marks_are_never_printed() -> None:
    assert or_dots("phong tu phap thieu bien ten") == DOTS
    assert or_dots("phòng tư pháp thiếu biển tên") == "phòng tư pháp thiếu biển tên"
    assert or_dots("") == DOTS


def test_the_ends_of_a_list() -> None:
    assert listed(["một", "hai.", "ba;"]) == ["một;", "hai;", "ba."]
    assert listed([]) == []


@pytest.mark.parametrize(
    ("symbol", "unit"),
    [
        ("125/QĐ-SNV", "Sở Nội vụ"), ("45/SNV-XDCQ", "Sở Nội vụ"), ("7/TB-SGDĐT", "Sở Giáo dục và Đào tạo"),
        ("02/2026/QĐ-SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch"), ("9/qd-stc", "Sở Tài chính"),
        ("3/QĐ-SNgV", "Sở Ngoại vụ"),
    ],
)  # fmt: skip
def test_a_symbol_names_its_issuer_by_initials(symbol: str, unit: str) -> None:
    assert issued_by(symbol, unit)
    for other in ("Sở Y tế", "tỉnh Lạng Sơn", "Sở Ngoại vụ, Nội chính"):
        assert not issued_by(symbol, other)
    assert not issued_by("125/QĐ-SNV", "Sở Ngoại vụ")
    assert not issued_by("125/QĐ-UBND", unit)
