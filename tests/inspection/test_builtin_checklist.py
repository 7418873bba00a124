"""The built-in checklist: forty items, each correction of the reference checklist applied."""

from __future__ import annotations

import re
from datetime import date

import pytest

from inspection.checklist import Item
from inspection.questions import QUESTION_TYPES
from storage.builtin import builtin_checklist, checklist_rows, legal_rows

CHECKLIST = builtin_checklist()
ITEMS = list(CHECKLIST.items.values())
each_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)


def codes(test: object) -> str:
    return " ".join(item.code for item in ITEMS if test(item))  # type: ignore[operator]


def test_forty_items_weigh_a_hundred() -> None:
    assert len(ITEMS) == 40
    assert [item.order for item in ITEMS] == list(range(1, 41))
    assert sum(item.weight for item in ITEMS) == 100
    weights = {s.code: int(sum(CHECKLIST.items[c].weight for c in s.items)) for s in CHECKLIST.sections.values()}
    assert weights == {"A": 14, "B": 10, "C": 14, "D": 13, "E": 8, "F": 19, "G": 8, "H": 7, "I": 7}


def test_the_order_is_a_surprises() -> None:
    assert [group[0] for group in CHECKLIST.walk] == [
        "C01", "D01", "E01", "F01", "G01", "I03", "B01", "A01", "H01", "I01",
    ]  # fmt: skip


def test_who_has_which_rule() -> None:
    assert codes(lambda i: i.critical_if) == "A01 C01 D03 E03 F01 I03"
    assert codes(lambda i: i.caps == "weak") == "D03"
    assert codes(lambda i: i.photo_rule == "always") == "B01 B04 F02 G02"
    assert codes(lambda i: i.photo_rule == "on_pass") == "A04 A05"
    assert codes(lambda i: i.photo_rule == "on_fail") == "C01 D01 D03 D04 E03 F01 F03 G01 G03 G04 G05"
    assert codes(lambda i: i.photo_rule == "forbidden") == "E01 E02"
    assert codes(lambda i: i.photo_rule == "as_origin") == "I03"
    assert codes(lambda i: i.na_allowed) == "A03 A05 C03 E01 E02 F06 I03"
    assert codes(lambda i: i.show_if) == "A02 A03 C03"
    assert codes(lambda i: i.hidden_as == "zero") == "A02 A03"
    assert codes(lambda i: i.note_on_fail) == "E01 F03 G05 H04"
    assert codes(lambda i: i.negative) == "D04 G03"
    assert codes(lambda i: i.asked_at == "sign_off") == "I04"
    assert codes(lambda i: i.repeats) == "I03"
    assert codes(lambda i: i.informs_only) == "F04 I04"
    assert codes(lambda i: i.applies_to == "one_stop") == "F01 F02 F03 F04 F05 F06 F07"
    assert codes(lambda i: i.applies_to == "has_prior") == "I01 I02 I03"
    assert codes(lambda i: i.reasons or i.variants) == "B01 B02 B04 C02 C03 C04 D03 D04 F02 F03 G01 G02 G03 G04 I02 I03"


def test_what_must_be_typed_even_when_all_is_well() -> None:
    typed = codes(lambda i: i.answer_type != "pass_fail_na" and i.default is None)
    assert typed == "A01 A04 B02 B03 C01 E02 F01 F04 F07 H02 I02 I04"


@each_item
def test_texts_are_whole(item: Item) -> None:
    texts = [item.question, item.short, item.hint, *(r.label for r in item.reasons)]
    texts += [item.finding] if item.weight else []
    texts += [v.finding for v in item.variants] + [c.sentence for c in (*item.check, *item.warn)]
    for text in texts:
        assert text.vi
        assert text.en
        assert text.vi != text.en
    assert sum(letter.isalpha() for letter in item.short.vi) <= (65 if item.code == "I01" else 60)
    assert item.hint.vi.startswith(f"Ví dụ: {item.example}")
    assert item.hint.en.startswith(f"Example: {item.example}")
    if item.photo_rule in ("always", "on_fail", "on_pass", "forbidden"):
        assert item.photo_subject.vi != item.photo_subject.en


@each_item
def test_the_example_is_an_accepted_answer(item: Item) -> None:
    assert QUESTION_TYPES[item.answer_type].read(item, item.example, year=2026)


@each_item
def test_findings_are_printed_as_they_are(item: Item) -> None:
    findings = [item.finding, *(r.finding for r in item.reasons), *(v.finding for v in item.variants)]
    for finding in findings:
        assert not re.search(r"\bhoặc\b|vi phạm|(?<!xin )\blỗi\b|!|\.$", finding.vi)
        assert "hoặc" not in finding.en
    names = {name for finding in findings for text in finding for name in re.findall(r"\{([^}]+)\}", text)}
    assert names <= item.own_names() | {"ly_do", "van_ban"}
    assert ("ly_do" in names) == any(not reason.finding.vi for reason in item.reasons)


def test_no_marks_of_the_draft_are_left() -> None:
    text = "\n".join(cell for row in (*checklist_rows(), *legal_rows()) for cell in row.values())
    assert not re.search(r"(^|; )[VGS?]: |báo nguồn|Văn Quan|968/CĐ|43 ngày", text)


@pytest.mark.parametrize(
    ("code", "on", "cited", "not_cited"),
    [
        ("F01", date(2025, 6, 30), "61/2018/NĐ-CP", "118/2025/NĐ-CP"),
        ("F01", date(2025, 7, 1), "118/2025/NĐ-CP", "61/2018/NĐ-CP"),
        ("C03", date(2025, 6, 30), "22/2008/QH12", "80/2025/QH15"),
        ("C03", date(2025, 7, 1), "80/2025/QH15", "22/2008/QH12"),
        ("F06", date(2025, 9, 15), "03/2025/TT-VPCP", "61/2018/NĐ-CP"),
    ],
)
def test_the_basis_is_the_one_in_force(code: str, on: date, cited: str, not_cited: str) -> None:
    titles = " ".join(basis.title for basis in CHECKLIST.bases_in_force(CHECKLIST.items[code], on))
    assert cited in titles
    assert not_cited not in titles


@each_item
def test_every_judged_item_has_a_basis_today(item: Item) -> None:
    assert bool(CHECKLIST.bases_in_force(item, date(2026, 8, 4))) == (item.code != "I04")
