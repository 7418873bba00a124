"""What a typed text is taken for: a table of texts, each with its pieces."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.reading import (
    Bare,
    Coded,
    Named,
    PhotoMove,
    Word,
    as_typed,
    caption_codes,
    letters_of,
    note_of,
    photo_excuse,
    read_text,
    unmarked,
)

CODES = {f"{section}{n:02d}" for section in "ABCDEFGHI" for n in range(1, 8)}


def coded(code: str, *parts: str, repeat: int = 0) -> tuple[str, int, tuple[str, ...]]:
    return (code, repeat, parts)


def seen(text: str) -> list[object]:
    return [(p.code, p.repeat, p.parts) if isinstance(p, Coded) else p for p in read_text(text, CODES)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("c01 25 23 2 0", [coded("C01", "25 23 2 0")]),
        ("C1: 25 23 2 0", [coded("C01", "25 23 2 0")]),
        ("c 1 25", [coded("C01", "25")]),
        ("b04 2, c02 2", [coded("B04", "2"), coded("C02", "2")]),
        ("b02 45/QĐ-UBND, 15/7/2025, phù hợp", [coded("B02", "45/QĐ-UBND", "15/7/2025", "phù hợp")]),
        ("f07 98,6, còn lại đạt", [coded("F07", "98,6"), Word("rest")]),
        ("a05 không đạt\nb03 chưa có; đạt hết", [coded("A05", "không đạt"), coded("B03", "chưa có"), Word("rest")]),
        ("a đạt hết", [Word("rest", "A")]),
        ("mục B còn lại đạt", [Word("rest", "B")]),
        ("g02 khong dat, phong tu phap thieu bien ten", [coded("G02", "khong dat", "phong tu phap thieu bien ten")]),
        ("I03.2 đã khắc phục", [coded("I03", "đã khắc phục", repeat=2)]),
        ("I03", [coded("I03")]),
        ("khổ A4", [Bare(("khổ A4",))]),
        ("z09 đạt", [Bare(("z09 đạt",))]),
        ("25, 22, 2, 1", [Bare(("25", "22", "2", "1"))]),
        ("25 22 2 1", [Bare(("25 22 2 1",))]),
        ("ảnh G02-01 là B01", [PhotoMove("G02", 1, "B01")]),
        ("anh i03-01 la g2", [PhotoMove("I03", 1, "G02")]),
        ("TT-2025-017 đã khắc phục", [Named("TT-2025-017", ("đã khắc phục",), "TT-2025-017 đã khắc phục")]),
        ("tt 2025 17 chua khac phuc", [Named("TT-2025-017", ("chua khac phuc",), "tt 2025 17 chua khac phuc")]),
        ("huỷ", [Word("cancel")]),
        ("hủy", [Word("cancel")]),
        ("lui", [Word("back")]),
        ("lùi", [Word("back")]),
        ("lúi", [Bare(("lúi",))]),  # with a mark it must be the right one
        ("đặt hết", [Bare(("đặt hết",))]),
        ("  ", []),
    ],
)
def test_pieces(text: str, pieces: list[object]) -> None:
    assert seen(text) == pieces


@pytest.mark.parametrize("words", ["một, hai; ba\nbốn", "một;hai\n\n ba,  bốn", "25, 22; 2"])
def test_what_was_cut_is_kept_as_it_was_typed(words: str) -> None:
    (coded,), (bare,) = read_text(f"i04 {words}", CODES), read_text(words, CODES)
    assert isinstance(coded, Coded)
    assert isinstance(bare, Bare)
    assert (as_typed(coded.said, coded.parts), bare.text) == (words, words)
    assert as_typed(coded.said, coded.parts, 1) == words[words.index(coded.parts[1]) :]
    assert as_typed(coded.said, coded.parts, len(coded.parts)) == ""


def test_decomposed_letters_read_the_same() -> None:
    text = "a05 không đạt, còn lại đạt"
    assert seen(unicodedata.normalize("NFD", text))[-1] == Word("rest")


def test_a_prompt_for_free_words_takes_them_whole() -> None:
    words = "đơn vị tiếp thu, sẽ khắc phục; đạt"
    assert read_text(words, CODES, free=True) == [Bare((words,))]
    assert read_text("lùi", CODES, free=True) == [Word("back")]
    assert read_text("c02 0", CODES, free=True) == [Coded("C02", 0, ("0",), "c02 0")]


@pytest.mark.parametrize(
    ("caption", "codes"),
    [
        ("f02 g02 b01 b04", ("F02", "G02", "B01", "B04")),
        ("f02, g2; B1", ("F02", "G02", "B01")),
        ("i03.2", ("I03.2",)),
        ("g02 không đạt", None),
        ("1", None),
        ("z09", None),
    ],
)
def test_codes_of_a_caption(caption: str, codes: tuple[str, ...] | None) -> None:
    assert caption_codes(caption, CODES) == codes


@pytest.mark.parametrize(
    ("part", "letters"),
    [("a", ("a",)), ("b)", ("b",)), ("a và c", ("a", "c")), ("a, b", ("a", "b")), ("x", ()), ("2", ()), ("ab", ())],
)
def test_letters(part: str, letters: tuple[str, ...]) -> None:
    assert letters_of(part) == letters


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("không ảnh, trời tối", "trời tối"),
        ("khong co anh", ""),
        ("không có ảnh: máy hỏng", "máy hỏng"),
        ("không ảnh hưởng", None),
        ("không đạt", None),
    ],
)
def test_why_there_is_no_photo(part: str, reason: str | None) -> None:
    assert photo_excuse(part) == reason


def test_notes_and_marks() -> None:
    assert note_of("ghi chú chưa phân công") == "chưa phân công"
    assert note_of("ghi chu: abc") == "abc"
    assert note_of("chưa phân công") is None
    assert unmarked("phong tu phap")
    assert not unmarked("phòng tư pháp")
    assert not unmarked("25")


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    read_text(text, CODES)
    caption_codes(text, CODES)
