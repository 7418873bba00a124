"""Every question type in one small checklist: asked, answered, refused with a way out, and shown again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from inspection.checklist import Checklist, ChecklistFaults, Text, parse_checklist
from inspection.dialogue import begin, position, step
from inspection.photos import Arrived, Kept, photo_arrived, photo_stored
from inspection.questions import QUESTION_TYPES
from inspection.turn import Heard, Speaker, Turn
from inspection.visit import Status, Visit, from_json, to_json
from inspection.walk import Rules, Walk

NOW = datetime(2026, 8, 4, 1, tzinfo=UTC)
SPEAKER = Speaker("p")
COMMON = {
    "section": "T",
    "section_vi": "Các loại",
    "section_short_vi": "Các loại",
    "question_vi": "Câu hỏi",
    "hint_vi": "Ví dụ",
}
OPTIONS = "tot | Tốt\ntam | Tạm được\nkem | Chưa tốt"


def row(code: str, answer_type: str, example: str, **more: str) -> dict[str, str]:
    order = code[1:].lstrip("0")
    return COMMON | {
        "code": code, "order": order, "visit_order": order, "answer_type": answer_type, "short_vi": f"Nội dung {code}",
        "example": example, "weight": "1",
    } | more  # fmt: skip


ROWS = [
    row("T01", "date", "15/7/2026", pass_if="${ngay} <= ${ngay_kiem_tra}"),
    row("T02", "one_choice", "1", options_vi=OPTIONS, pass_if="${chon} != 'kem'"),
    row("T03", "several_choices", "1 3", options_vi=OPTIONS, pass_if="not(selected(${chon}, 'kem'))"),
    row("T04", "photo", "gửi ảnh", pass_if="${so_anh} >= 1"),
    row("T05", "place", "trụ sở mới"),
]


def checklist(rows: list[dict[str, str]] | None = None) -> Checklist:
    legal: dict[str, Any] = {}
    return parse_checklist(
        rows or ROWS, legal, id="t", version=1, title=Text("Thử", "Trial"), valid_from=date(2026, 1, 1)
    )


RULES = Rules(checklist())


def fresh() -> Visit:
    return Visit("v", "u", "UBND xã Điềm He", 1, Status.IN_PROGRESS, NOW, date(2026, 8, 4), "p")


def said(visit: Visit, text: str, **focus: Any) -> tuple[Visit, str]:
    done = step(visit, RULES, Heard(text, focus or None), SPEAKER, NOW)
    assert done.reply is not None
    return from_json(to_json(done.visit)), done.reply.text


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("t01 15/7/2026", "T01", {"ngay": date(2026, 7, 15)}),
        ("t01 15.7", "T01", {"ngay": date(2026, 7, 15)}),
        ("t02 2", "T02", {"chon": "tam"}),
        ("t02 chưa tốt", "T02", {"chon": "kem"}),
        ("t02 chua tot", "T02", {"chon": "kem"}),
        ("t03 1 3", "T03", {"chon": "tot kem"}),
        ("t03 1, 3", "T03", {"chon": "tot kem"}),
        ("t03 tạm được", "T03", {"chon": "tam"}),
        ("t03 không", "T03", {"chon": ""}),
        ("t05 nhà văn hóa, thôn Khòn Lạn", "T05", {"noi_dung": "nhà văn hóa, thôn Khòn Lạn"}),
    ],
)
def test_an_answer_is_read(text: str, key: str, value: dict[str, Any]) -> None:
    visit, _ = said(fresh(), text)
    assert visit.answers[key].value == value
    assert QUESTION_TYPES[RULES.checklist.items[key].answer_type].show(RULES.checklist.items[key], value, "vi")


@pytest.mark.parametrize(
    ("text", "key", "way_out"),
    [
        ("t01 31/02", "T01", "T01 cần một ngày. Ví dụ: T01 15/7/2026"),
        ("t02 4", "T02", "T02 chọn một: 1. Tốt   2. Tạm được   3. Chưa tốt"),
        ("t02 1 2", "T02", "T02 chọn một"),
        ("t03 1 9", "T03", "T03 chọn một hoặc nhiều"),
        ("t04 đẹp", "T04", "T04 trả lời bằng ảnh"),
    ],
)
def test_a_wrong_answer_is_one_sentence_with_the_way_out(text: str, key: str, way_out: str) -> None:
    visit, reply = said(fresh(), text)
    assert key not in visit.answers
    assert way_out in reply


def test_verdicts_use_what_was_chosen() -> None:
    visit, _ = said(fresh(), "t02 3, t03 2")
    walk = Walk(visit, RULES, "vi")
    assert (walk.outcomes["T02"].status, walk.outcomes["T03"].status) == ("not_met", "met")


def photographed(visit: Visit, name: str, caption: str = "t04", **focus: Any) -> Visit:
    turn = Turn(visit, RULES, SPEAKER, NOW, Heard(caption, focus or None))
    arrived = photo_arrived(turn, Arrived(name, 7, caption=caption)).visit
    stored = photo_stored(Turn(arrived, RULES, SPEAKER, NOW, Heard("")), name, Kept("a" * 64))
    return from_json(to_json(stored.visit))


def test_a_photo_alone_is_the_answer_once_its_bytes_are_stored() -> None:
    turn = Turn(fresh(), RULES, SPEAKER, NOW, Heard("t04"))
    assert "T04" not in photo_arrived(turn, Arrived("p1", 7, caption="t04")).visit.answers
    visit = photographed(fresh(), "p1")
    assert visit.answers["T04"].value == {"so_anh": 1}
    assert photographed(visit, "p2").answers["T04"].value == {"so_anh": 2}


def test_without_a_photo_its_reason_is_the_answer() -> None:
    visit, _ = said(fresh(), "t04 không ảnh, trời tối")
    assert visit.answers["T04"].value == {"khong_ap_dung": True}
    assert visit.excuses == {"T04": "trời tối"}


def test_a_shared_position_answers_where_a_place_is_asked_and_else_marks_the_visit() -> None:
    asked = Turn(fresh(), RULES, SPEAKER, NOW, Heard("", {"at": "item", "key": "T05"}))
    answered = position(asked, 21.8531, 106.761).visit
    assert answered.answers["T05"].value == {"vi_do": "21.853100", "kinh_do": "106.761000", "noi_dung": ""}
    elsewhere = position(Turn(fresh(), RULES, SPEAKER, NOW, Heard("")), 21.8531, 106.761).visit
    assert elsewhere.place == (21.8531, 106.761)
    assert not elsewhere.answers


def test_all_types_are_walked_to_the_end() -> None:
    visit = replace(fresh(), guided="each")
    assert "T01" in begin(visit, RULES, SPEAKER, NOW, period_from=None).text
    visit, reply = said(visit, "15/7/2026", at="item", key="T01")
    assert "1. Tốt   2. Tạm được   3. Chưa tốt" in reply
    visit, _ = said(visit, "1", at="item", key="T02")
    visit, reply = said(visit, "1 2", at="item", key="T03")
    assert "T04" in reply
    visit = photographed(visit, "p1", "", at="item", key="T04")  # no code: the item that is asked waits for it
    assert visit.answers["T04"].value == {"so_anh": 1}
    visit, reply = said(visit, "trụ sở mới", at="item", key="T05")
    assert "1. Hoàn thành" in reply


@pytest.mark.parametrize(
    ("options", "fault"),
    [("", "cần ít nhất hai lựa chọn"), ("tot | Tốt", "cần ít nhất hai lựa chọn"), ("Tốt\nKém", "viết dạng ten | nhãn")],
)
def test_a_list_of_choices_that_is_none_is_a_fault(options: str, fault: str) -> None:
    with pytest.raises(ChecklistFaults) as found:
        checklist([row("T02", "one_choice", "1", options_vi=options)])
    assert any(fault in one.sentence and one.column == "options_vi" for one in found.value.faults)


def test_options_belong_to_choices_only() -> None:
    with pytest.raises(ChecklistFaults, match="chỉ loại một lựa chọn"):
        checklist([row("T01", "number", "0", options_vi=OPTIONS)])


def test_the_same_words_twice_leave_one_line_in_the_history() -> None:
    first = step(fresh(), RULES, Heard("t02 1, t03 1 3"), SPEAKER, NOW)
    again = step(first.visit, RULES, Heard("t02 1, t03 1 3"), SPEAKER, NOW)
    assert [change.key for change in first.changes] == ["T02", "T03"]
    assert again.changes == ()


def test_what_is_owed_is_a_list_to_tap() -> None:
    """A tap on a code opens its item, and the photo that follows needs no code."""
    rules = Rules(checklist([row("T01", "pass_fail_na", "đạt", photo_rule="always")]))
    owed = step(fresh(), rules, Heard("t01 đạt"), SPEAKER, NOW)
    assert owed.reply is not None
    assert [choice.value for choice in owed.reply.choices] == ["T01"]
    opened = step(owed.visit, rules, Heard("T01", owed.reply.focus), SPEAKER, NOW)
    assert opened.reply is not None
    assert opened.reply.focus == {"at": "item", "key": "T01"}
    turn = Turn(opened.visit, rules, SPEAKER, NOW, Heard("", opened.reply.focus))
    arrived = photo_arrived(turn, Arrived("p1", 7)).visit
    done = photo_stored(Turn(arrived, rules, SPEAKER, NOW, Heard("")), "p1", Kept("a" * 64))
    assert [(photo.key, photo.number) for photo in done.visit.photos] == [("T01", 1)]
