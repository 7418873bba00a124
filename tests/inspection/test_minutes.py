"""Every item of a visit stands in the table of results, and what was told is told as it was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from inspection.dialogue import step
from inspection.documents.minutes import ELSEWHERE, Judged, Minutes, minutes_of
from inspection.turn import Heard, Speaker
from inspection.visit import Answer, PriorFinding, Status, Visit
from inspection.walk import Rules, Walk
from storage.builtin import builtin_checklist
from tests.inspection.visits import ANSWERS, ON, SYSTEM, count, number

AT = datetime(2026, 8, 4, 1, tzinfo=UTC)
RULES = Rules(builtin_checklist(), {"working-days": lambda due, issued: 0 if due and issued else None})
PRIOR = PriorFinding("TT-2025-017", "Phòng làm việc thiếu biển tên", "G02", date(2025, 11, 12), date(2026, 8, 28))
VISIT = Visit(
    "v", "u", "UBND xã Tân Đoàn", 1, Status.IN_PROGRESS, AT, ON, "p", priors=(PRIOR,), system=SYSTEM,
    answers={key: Answer(value, "p", AT) for key, value in ANSWERS.items()},
)  # fmt: skip


def written(visit: Visit) -> Minutes:
    return minutes_of(Walk(visit, RULES, "vi"), None, "Sở Nội vụ")


def told(visit: Visit, *texts: str) -> Visit:
    for text in texts:
        visit = step(visit, RULES, Heard(text), Speaker("p"), AT).visit
    return visit


def with_answers(**answers: Any) -> Visit:
    given = {key: Answer(value, "p", AT) for key, value in answers.items() if value is not None}
    kept = {key: one for key, one in VISIT.answers.items() if key not in answers}
    return replace(VISIT, answers={**kept, **given})


def lines(minutes: Minutes) -> dict[str, Judged]:
    return {line.code: line for section in minutes.sections for line in section.lines}


def test_every_item_has_its_line_also_what_nobody_had_to_answer() -> None:
    table = lines(
        written(with_answers(F06=None, C03=None, C01=count(tong=25, co_mat=25, vang_co_ly_do=0, vang_khong_ly_do=0)))
    )
    assert len(table) == 40
    assert (table["F06"].result, table["C03"].result) == ("Không áp dụng", "Không áp dụng")
    assert table["I04"] == Judged("I04", "Ý kiến của đơn vị, ghi nhận khác", ELSEWHERE, "")


def test_what_was_answered_before_it_left_the_sheet_is_not_its_result() -> None:
    assert lines(written(with_answers(F06=number(2))))["F06"].result == "Không áp dụng"


def test_an_open_item_has_no_line() -> None:
    assert "D02" not in lines(written(with_answers(D02=None)))


def test_a_part_that_only_holds_the_units_words_is_no_part_of_the_results() -> None:
    first = replace(with_answers(**dict.fromkeys(("I01", "I02", "I03.1"))), priors=())
    assert [section.code for section in written(first).sections] == list("ABCDEFGH")
    assert written(first).explanation == ("Không có",)


WORDS = "Đơn vị tiếp thu; sẽ khắc phục, báo cáo\nxong trong tháng 8"


@pytest.mark.parametrize(
    ("texts", "printed"),
    [
        ((f"I04 {WORDS}",), WORDS),
        ((f"I04 ghi chú {WORDS}",), WORDS),
        (("I04 không có", "I04 ghi chú đơn vị tiếp thu"), "đơn vị tiếp thu"),
        ((f"I04 {WORDS}", "I04 ghi chú: hẹn ngày 10"), f"{WORDS}\nhẹn ngày 10"),
        (("C02 0, I04 a; b", "I04 đơn vị nhất trí"), "đơn vị nhất trí"),
    ],
)
def test_the_units_words_are_kept_as_they_were_typed(texts: tuple[str, ...], printed: str) -> None:
    assert "\n".join(written(told(VISIT, *texts)).explanation) == printed


NOTE = "họp xã; về muộn\nvì mưa"


@pytest.mark.parametrize(
    "text", [f"C02 2, a, {NOTE}", f"C02 2 a, {NOTE}", f"C02 2, a\nC02 ghi chú {NOTE}", f"C02 2, a\nC02 a, {NOTE}"]
)
def test_a_note_keeps_its_signs_and_lines(text: str) -> None:
    assert lines(written(told(VISIT, text)))["C02"].note == f"Đi muộn; {NOTE}"


def test_only_the_first_word_of_a_note_is_a_capital() -> None:
    visit = told(VISIT, "B04 b", "B04 không ảnh, máy hết pin; trời tối")
    assert lines(written(visit))["B04"].note == ("Niêm yết nhưng chưa cập nhật; không có ảnh: máy hết pin; trời tối")


@pytest.mark.parametrize(("notice", "cited"), [("", []), ("Thông báo số 30/TB-SNV ngày 05/01/2026", ["30/TB-SNV"])])
def test_an_earlier_notice_is_cited_with_number_and_day_or_not_at_all(notice: str, cited: list[str]) -> None:
    bases = written(replace(VISIT, priors=(replace(PRIOR, notice=notice),))).bases
    assert len(bases) > 1
    told = [base for base in bases if base.startswith("Thông báo")]
    day = "ngày 05 tháng 01 năm 2026 kết luận kiểm tra kỳ trước"
    assert told == [f"Thông báo số {number} {day}" for number in cited]
