"""Reading a checklist: what the columns become, and that all faults are told at once."""

from __future__ import annotations

from datetime import date

import pytest

from inspection.checklist import (
    Checklist,
    ChecklistFaults,
    Field,
    LegalBasis,
    Reason,
    Row,
    Text,
    parse_checklist,
    parse_legal_bases,
)

OLD = LegalBasis("old", "Nghị định cũ", None, date(2025, 6, 30), "new")
NEW = LegalBasis("new", "Nghị định mới", date(2025, 7, 1))
LEGAL = {"old": OLD, "new": NEW}


def row(code: str, **cells: str) -> dict[str, str]:
    return {
        "code": code,
        "section": code[:1] or "A",
        "section_vi": f"Mục {code[:1]}",
        "answer_type": "number",
        "question_vi": "Bao nhiêu?",
        "short_vi": "Số",
        "hint_vi": "Ví dụ: 0",
        "example": "0",
        "weight": "1",
        **cells,
    }


def parsed(*rows: Row) -> Checklist:
    return parse_checklist(rows, LEGAL, id="t", version=3, title=Text("Tên", "Name"), valid_from=date(2026, 1, 1))


def faults(*rows: Row) -> list[tuple[int, str, str]]:
    with pytest.raises(ChecklistFaults) as caught:
        parsed(*rows)
    return [tuple(fault) for fault in caught.value.faults]


def test_a_row_with_only_what_is_needed() -> None:
    checklist = parsed(row("A01"))
    item = checklist.items["A01"]
    assert (checklist.id, checklist.version, checklist.title.en) == ("t", 3, "Name")
    assert (item.photo_rule, item.applies_to, item.asked_at, item.caps) == ("optional", "all", "walk", "average")
    assert item.question == Text("Bao nhiêu?", "Bao nhiêu?"), "Vietnamese stands in for missing English"
    assert item.default is None
    assert item.informs_only
    assert checklist.sections["A"].short == Text("Mục A", "Mục A")


def test_cells_with_several_parts() -> None:
    item = parsed(
        row("A01", answer_type="pass_fail_na", fields="tong;trich_yeu?", negative="1", note_on_fail="có",
            reasons_vi="a) một | Câu một\nb) hai", reasons_en="a) one | Sentence one\nb) two",
            variants_vi="${tong} = 0 | Không có gì", variants_en="${tong} = 0 | Nothing",
            check="${tong} > 0\n${tong} < 9", check_vi="nhỏ\nlớn", check_en="small\nlarge",
            default="tong := 1 + 1", derive="doi := 2 * ${tong}", system="han;x", finding_vi="Câu chung.",
            weight="1,5", legal_bases="old; new")
    ).items["A01"]  # fmt: skip
    assert item.fields == (Field("tong", False), Field("trich_yeu", True))
    assert item.reasons == (
        Reason("a", Text("một", "one"), Text("Câu một", "Sentence one")),
        Reason("b", Text("hai", "two"), Text("", "")),
    )
    assert item.variants[0].finding == Text("Không có gì", "Nothing")
    assert [check.sentence for check in item.check] == [Text("nhỏ", "small"), Text("lớn", "large")]
    assert item.default is not None
    assert item.default["tong"].evaluate(lambda name: None) == 2
    assert item.derive["doi"].names == {"tong"}
    assert item.system == {"han", "x"}
    assert item.finding == Text("Câu chung", "Câu chung"), "findings are kept without a full stop"
    assert (str(item.weight), item.negative, item.note_on_fail) == ("1.5", True, True)


def test_the_walk_groups_neighbours_of_a_section() -> None:
    checklist = parsed(
        row("A01", visit_order="4"), row("A02", visit_order="3", repeats="1"), row("B01", visit_order="1"),
        row("B02", visit_order="2"), row("A03", visit_order="5"),
    )  # fmt: skip
    assert checklist.walk == (("B01", "B02"), ("A02",), ("A01", "A03"))
    assert checklist.sections["A"].items == ("A01", "A02", "A03")


@pytest.mark.parametrize(
    ("on", "keys"), [(date(2025, 6, 30), ["old"]), (date(2025, 7, 1), ["new"]), (date(2026, 8, 4), ["new"])]
)
def test_bases_in_force_on_the_day(on: date, keys: list[str]) -> None:
    checklist = parsed(row("A01", legal_bases="old;new"))
    assert [basis.key for basis in checklist.bases_in_force(checklist.items["A01"], on)] == keys


def test_all_faults_at_once_by_row_and_column() -> None:
    found = faults(
        row("A01", pass_if="${gia_tri} / 2", weight="nặng", photo_rule="sometimes", legal_bases="none"),
        row("A01", order="x", show_if="${B09.gia_tri} = 0", check="${gia_tri} > 0", repeats="maybe"),
        row("", short_vi="", default="gia_tri = 0", reasons_vi="một", variants_vi="true()", score="${tong}"),
    )
    assert [(line, column) for line, column, _ in found] == [
        (2, "legal_bases"), (2, "pass_if"), (2, "photo_rule"), (2, "weight"),
        (3, "check_vi"), (3, "code"), (3, "order"), (3, "repeats"), (3, "show_if"),
        (4, "code"), (4, "default"), (4, "reasons_vi"), (4, "score"), (4, "short_vi"), (4, "variants_vi"),
    ]  # fmt: skip
    assert found[1][2] == "Ký tự thứ 12: phép chia viết là div, không viết dấu /."
    assert "${B09.gia_tri}" in found[8][2]


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        ({"pass_if": "${gia_tri} = 0"}, True),
        ({"pass_if": "${ngay_kiem_tra} = ${ngay_kiem_tra} and ${nam} > 0"}, True),
        ({"pass_if": "${B01.gia_tri} = 0"}, True),
        ({"pass_if": "${han} = 0", "system": "han"}, True),
        ({"pass_if": "${he_thong.han} = 0", "system": "han"}, True),
        ({"pass_if": "${qua_han}", "repeats": "1"}, True),
        ({"pass_if": "${qua_han}"}, False),
        ({"pass_if": "${he_thong.han} = 0"}, False),
        ({"pass_if": "${B01.tong} = 0"}, False),
        ({"pass_if": "${C01.gia_tri} = 0"}, False),
        ({"pass_if": "${tong} = 0"}, False),
    ],
)
def test_names(cells: dict[str, str], known: bool) -> None:
    rows = (row("A01", **cells), row("B01"))
    if known:
        assert parsed(*rows).items["A01"].pass_if is not None
    else:
        assert [(line, column) for line, column, _ in faults(*rows)] == [(2, "pass_if")]


def test_items_that_wait_for_each_other() -> None:
    found = faults(
        row("A01", show_if="${A02.gia_tri} = 0"),
        row("A02", default="gia_tri := ${A03.gia_tri}"),
        row("A03", na_if="${A01.gia_tri} = 0"),
        row("A04", show_if="${B01.gia_tri} = 0"),
        row("B01"),
    )
    assert found == [(1, "show_if", "các nội dung chờ lẫn nhau: A01, A02, A03.")]


def test_an_empty_or_weightless_checklist() -> None:
    assert faults() == [(1, "code", "bảng chưa có nội dung kiểm tra nào.")]
    assert faults(row("A01", weight="0")) == [(1, "weight", "tổng trọng số phải lớn hơn 0.")]
    assert [fault[1] for fault in faults(row("A01"), row("A02", weight="-1"))] == ["weight"]


def test_legal_bases() -> None:
    rows = [
        {"key": "old", "title": "Cũ", "valid_from": "", "valid_to": "2025-06-30", "superseded_by": "new"},
        {"key": "new", "title": "Mới", "valid_from": "2025-07-01", "valid_to": "", "superseded_by": ""},
    ]
    bases = parse_legal_bases(rows)
    assert bases["old"] == LegalBasis("old", "Cũ", None, date(2025, 6, 30), "new")
    rows[1] |= {"key": "old", "valid_from": "1/7/2025", "title": ""}
    with pytest.raises(ChecklistFaults) as caught:
        parse_legal_bases(rows)
    assert [fault[:2] for fault in caught.value.faults] == [
        (2, "superseded_by"), (3, "key"), (3, "title"), (3, "valid_from"),
    ]  # fmt: skip
    assert "Dòng 3, cột valid_from: “1/7/2025” không phải ngày" in str(caught.value)
