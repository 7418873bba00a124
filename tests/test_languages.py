"""Both languages are complete: no half is missing, both take the same values, neither borrows the other's words.

Sentences are read from the source, so none escapes; what is put together at run time is looked at in every talk that is
played (`test_conversations`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from inspection.answers import same_value
from inspection.checklist import Checklist, Item, Text, parse_checklist, parse_legal_bases
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import MetType
from inspection.typed_words import TYPED, example_in
from storage import builtin
from tests.languages import foreign

ROOT = Path(__file__).parent.parent
Half = tuple[str, str, str]  # where it stands, Vietnamese, English


def phrases() -> Iterator[Half]:
    """Every `Phrase("…", "…")` of the two rooms that speak."""
    for room in ("inspection", "bot"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Phrase":
                    halves = [one.value for one in node.args if isinstance(one, ast.Constant)]
                    if len(halves) == 2:
                        where = f"{path.relative_to(ROOT)}:{node.lineno}:{node.col_offset}"
                        yield where, str(halves[0]), str(halves[1])


def values_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


ALL = list(phrases())


def test_there_are_sentences() -> None:
    assert len(ALL) > 250


def faults_of(vi: str, en: str) -> list[str]:
    """What is wrong with a sentence: a half is empty, the values differ, words of the other language."""
    found = [] if bool(vi.strip()) == bool(en.strip()) else ["empty"]  # nothing to be said is nothing in both
    found += sorted(values_of(vi) ^ values_of(en))
    return [*found, *foreign("en", en), *foreign("vi", re.sub(r"{\w+}", "", vi))]


def test_every_sentence_is_whole_in_both_languages() -> None:
    assert {where: found for where, vi, en in ALL if (found := faults_of(vi, en))} == {}


@pytest.mark.parametrize(
    ("vi", "en", "fault"),
    [
        ("Đã lưu.", "", "empty"),
        ("Đã lưu {n}.", "Saved.", "n"),
        ("Đã lưu.", "Saved ảnh.", "ảnh"),
        ("Đã lưu photo.", "Saved.", "photo"),
    ],
)
def test_a_sentence_that_is_not_whole_is_noticed(vi: str, en: str, fault: str) -> None:
    assert faults_of(vi, en) == [fault]


def checklist() -> Checklist:
    return parse_checklist(
        builtin.checklist_rows(), parse_legal_bases(builtin.legal_rows()), id=builtin.ID, version=builtin.VERSION,
        title=builtin.TITLE, valid_from=date(2026, 1, 1),
    )  # fmt: skip


def texts() -> Iterator[tuple[str, Text]]:
    """What a visit shows of the built-in checklist."""
    content = checklist()
    for section in content.sections.values():
        yield section.code, section.title
        yield section.code, section.short
    for item in content.items.values():
        shown = [item.question, item.short, item.photo_subject, item.default_words, item.finding]
        shown += [text for one in item.reasons for text in (one.label, one.finding)]
        shown += [option.label for option in item.options]
        shown += [one.sentence for one in (*item.check, *item.warn)] + [one.finding for one in item.variants]
        yield from ((item.code, text) for text in shown if text.vi)


def test_the_checklist_is_whole_in_both_languages() -> None:
    shown = list(texts())
    assert len(shown) > 150
    assert [(code, text.vi) for code, text in shown if not text.en] == []
    # "for 2026" may be said by "the year" alone; nothing may be named that the other half cannot fill in.
    assert [(code, text) for code, text in shown if not values_of(text.en) <= values_of(text.vi)] == []
    assert [(code, text.en) for code, text in shown if foreign("en", text.en)] == []


@pytest.mark.parametrize("item", checklist().items.values(), ids=lambda item: str(item.code))
def test_an_english_example_says_what_the_vietnamese_one_says(item: Item) -> None:
    kind, english = QUESTION_TYPES[item.answer_type], example_in("en", item.example)
    assert foreign("en", english) == []
    read = [kind.read(item, one, year=2026) for one in (item.example, english)]
    known = [one for one in read if not isinstance(one, MetType)]
    assert len(known) in (0, 2)
    assert not known or same_value(*known)


def test_every_word_of_an_example_has_its_counterpart() -> None:
    assert [example_in("en", one.vi) for one in TYPED] == [one.en for one in TYPED]
    assert example_in("en", "B03 chưa có, F07 98,6, còn lại đạt") == "B03 none, F07 98.6, the rest met"
    assert example_in("vi", "B03 chưa có, F07 98,6") == "B03 chưa có, F07 98,6"


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "Please gõ the code", ["gõ"]),
        ("en", "Type con lai dat", ["con lai", "dat"]),
        ("en", "Type /kiemtra to begin", ["/kiemtra"]),
        ("en", "UBND xã Tân Đoàn, earlier finding “thiếu biển tên”, Decision 45/QĐ-UBND by Nông Văn Thịnh", []),
        ("en", 'earlier finding "thiếu biển tên"', ["thiếu", "biển", "tên"]),
        ("vi", "Đã lưu the photo", ["the", "photo"]),
        ("vi", "Gõ /inspect hoặc /summary", []),
        ("", "Mã không đúng. The code is wrong.", []),
    ],
)
def test_the_search_finds_what_is_mixed(language: str, words: str, found: list[str]) -> None:
    assert foreign(language, words) == found
