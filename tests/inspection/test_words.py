"""Words: whole pieces only, with tone marks exactly, without them folded."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.words import fold, has_marks, matches, nfc, search_key, sort_key, tone_placement

ANSWERS = ["đạt", "không đạt", "không áp dụng", "chưa có", "còn lại đạt", "lùi", "hòa giải", "thủy lợi"]

READ = [
    ("đạt", "đạt"),
    ("ĐẠT", "đạt"),
    ("  Đạt. ", "đạt"),
    ('"đạt"', "đạt"),
    (unicodedata.normalize("NFD", "đạt"), "đạt"),
    ("ð" + "ạt", "đạt"),
    ("dat", "đạt"),
    ("DAT", "đạt"),
    ("\uff44\uff41\uff54", "đạt"),
    ("không  đạt", "không đạt"),
    ("khong dat", "không đạt"),
    ("con lai dat", "còn lại đạt"),
    ("lui", "lùi"),
    ("hoà giải", "hòa giải"),
    ("hòa giải", "hòa giải"),
    ("Thuỷ lợi", "thủy lợi"),
    # another word with marks is another word
    ("đặt", None),
    ("dạt", None),
    ("khong đạt", None),
    # never a part of something longer
    ("đạt hết", None),
    ("dat het", None),
    ("không", None),
    ("k", None),
    ("", None),
    ("  .", None),
]


@pytest.mark.parametrize(("typed", "phrase"), READ)
def test_a_whole_piece_is_read_or_nothing(typed: str, phrase: str | None) -> None:
    assert matches(typed, ANSWERS) == phrase


def test_text_without_marks_that_folds_like_two_phrases_is_asked_again() -> None:
    assert matches("dat", ["đạt", "đặt"]) is None
    assert matches("đặt", ["đạt", "đặt"]) == "đặt"


def test_a_phrase_listed_in_both_tone_places_or_without_marks_is_still_one_answer() -> None:
    assert matches("hoa", ["hòa", "hoà"]) == "hòa"
    assert matches("lui", ["lùi", "lui"]) == "lui"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Điềm He", "diem he"),
        (unicodedata.normalize("NFD", "Điềm  He"), "diem he"),
        ("ĐỒNG ĐĂNG", "dong dang"),
        ("Ðồng ɖăng", "dong dang"),
        ("\uff35\uff22\uff2e\uff24 \uff10\uff12", "ubnd 02"),
        ("ưỡn ơ ê ô â ă", "uon o e o a a"),
        ("a\nb\t c", "a b c"),
    ],
)
def test_fold(text: str, key: str) -> None:
    assert fold(text) == key


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec=None)))
def test_cleaning_twice_changes_nothing_and_the_result_can_be_stored(text: str) -> None:
    clean = nfc(text)
    assert nfc(clean) == clean
    assert "\x00" not in clean
    clean.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (unicodedata.normalize("NFD", "Điềm He"), "Điềm He"),
        ("A\x000\u200b1\ufeff", "A01"),
        ("\u202eA01\u2066", "A01"),
        ("A01 \ud83d", "A01 "),
        ("một\r\nhai\u2028ba", "một\nhai\nba"),
    ],
)
def test_nfc(text: str, clean: str) -> None:
    assert nfc(text) == clean


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("dat", False),
        ("UBND 25", False),
        ("đ", True),
        ("Đ", True),
        ("ơ", True),
        ("ă", True),
        ("à", True),
        ("ỹ", True),
        ("ñ", True),
    ],
)
def test_has_marks(text: str, marked: bool) -> None:
    assert has_marks(text) is marked


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        *[
            ("hoà", "hòa"),
            ("HOẠ", "HỌA"),
            ("khoẻ", "khỏe"),
            ("Uỷ ban", "Ủy ban"),
            ("thuỷ lợi", "thủy lợi"),
            ("loè xoè", "lòe xòe"),
        ],
        *[("quý", "quý"), ("qúy", "quý"), ("Quỳnh", "Quỳnh"), ("quà", "quà")],
        *[
            ("hoàng", "hoàng"),
            ("ngoại", "ngoại"),
            ("luỹ", "lũy"),
            ("thuyền", "thuyền"),
            ("toán", "toán"),
            ("hòa", "hòa"),
        ],
    ],
)
def test_tone_placement(typed: str, level: str) -> None:
    assert tone_placement(typed) == level


def test_search_key_levels_qui_and_quy() -> None:
    assert search_key("Quí Sơn") == search_key("QUÝ SƠN") == "quy son"


def test_names_sort_in_vietnamese_order() -> None:
    ordered = [
        *["An", "Ăn", "Ân", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Ba Sơn", "Bá Sơn", "Cao Lộc", "Chi Lăng"],
        *[
            "Dân",
            "Đàn",
            "Đình Lập",
            "Đồng Đăng",
            "Hữu Lũng",
            "Tổ 2",
            "Tổ 10",
            "Ưng",
            "Văn Lãng",
            "Văn Quan",
            "Yên Phúc",
        ],
    ]
    assert sorted(set(ordered), key=sort_key) == ordered


def test_sort_keys_are_plain_ascii() -> None:
    assert sort_key("Đồng Đăng, số 10 – ü").isascii()
    assert sort_key("") == " "
