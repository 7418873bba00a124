"""Scoring: each rule of the built-in checklist on both sides of its boundary, then whole visits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.checklist import Text
from inspection.scoring import (
    Outcome,
    Prior,
    check,
    default_value,
    fill,
    finding_sentence,
    judge,
    judge_one,
    result,
    warnings,
)
from storage.builtin import builtin_checklist
from tests.inspection.visits import (
    ANSWERS,
    FAILED,
    MET,
    NONE_EXISTS,
    NOT_APPLICABLE,
    ON,
    SYSTEM,
    count,
    document,
    facts,
    number,
)

CHECKLIST = builtin_checklist()
HALF = Fraction(1, 2)


def c01(total: int, present: int, excused: int, unexcused: int) -> dict[str, int]:
    return count(tong=total, co_mat=present, vang_co_ly_do=excused, vang_khong_ly_do=unexcused)


def h02(total: int, on_time: int, late: int, overdue: int, in_time: int) -> dict[str, int]:
    return count(tong=total, dung_han=on_time, tre_han=late, qua_han=overdue, trong_han=in_time)


def i01(total: int, remedied: int, in_time: int, overdue: int) -> dict[str, int]:
    return count(tong=total, da_khac_phuc=remedied, trong_han=in_time, qua_han=overdue)


PLAN = document("12/KH-UBND", date(2026, 2, 6))

RULES: list[tuple[str, Mapping[str, Any], str, Fraction | int, bool]] = [
    ("A01", PLAN, "met", 1, False),
    ("A01", NONE_EXISTS, "not_met", 0, True),
    ("A02", number(0), "met", 1, False),
    ("A02", number(1), "not_met", HALF, False),
    ("A02", number(5), "not_met", HALF, False),
    ("A02", number(6), "not_met", 0, False),
    ("A03", MET, "met", 1, False),
    ("A03", FAILED, "not_met", 0, False),
    ("A04", count(tong=25, da_quan_triet=25), "met", 1, False),
    ("A04", count(tong=25, da_quan_triet=20), "not_met", Fraction(4, 5), False),
    ("B02", document("45/QĐ-UBND", ON, phu_hop="co"), "met", 1, False),
    ("B02", document("45/QĐ-UBND", ON, phu_hop="khong"), "not_met", 0, False),
    ("B02", NONE_EXISTS, "not_met", 0, False),
    ("B03", document("20/KH-UBND", ON), "met", 1, False),
    ("B03", NONE_EXISTS, "not_met", 0, False),
    ("C01", c01(25, 23, 2, 0), "met", 1, False),
    ("C01", c01(20, 16, 2, 2), "not_met", Fraction(18, 20), False),  # exactly one in ten
    ("C01", c01(20, 16, 1, 3), "not_met", Fraction(17, 20), True),
    ("C02", number(0), "met", 1, False),
    ("C02", number(2), "not_met", Fraction(3, 5), False),
    ("C02", number(5), "not_met", 0, False),
    ("C02", number(6), "not_met", 0, False),
    ("C04", number(0), "met", 1, False),
    ("C04", number(1), "not_met", 1 - Fraction(5, 23), False),
    ("C04", number(10), "not_met", 0, False),
    ("D01", count(tong=23, deo_the=23), "met", 1, False),
    ("D01", count(tong=23, deo_the=22), "not_met", Fraction(22, 23), False),
    ("D02", count(tong=23, dung_quy_dinh=23), "met", 1, False),
    ("D02", count(tong=23, dung_quy_dinh=0), "not_met", 0, False),
    ("D03", number(0), "met", 1, False),
    ("D03", number(1), "not_met", 0, True),
    ("E02", count(tong=10, hai_long=9), "met", Fraction(9, 10), False),
    ("E02", count(tong=10, hai_long=8), "not_met", Fraction(4, 5), False),
    ("E02", count(tong=3, hai_long=3), "met", 1, False),
    ("E03", number(0), "met", 1, False),
    ("E03", number(1), "not_met", 0, True),
    ("F01", count(tong=4, co_mat=4), "met", 1, False),
    ("F01", count(tong=4, co_mat=1), "not_met", Fraction(1, 4), False),
    ("F01", count(tong=4, co_mat=0), "not_met", 0, True),
    ("F05", number(0), "met", 1, False),
    ("F05", number(12), "not_met", 1 - Fraction(240, 1247), False),
    ("F05", number(63), "not_met", 0, False),  # over one in twenty
    ("F07", number(Decimal("98.1")), "met", 1, False),
    ("F07", number(98), "not_met", HALF, False),  # strictly more than 98
    ("F07", number(90), "not_met", HALF, False),
    ("F07", number(Decimal("89.9")), "not_met", 0, False),
    ("H02", h02(40, 33, 2, 0, 5), "met", Fraction(39, 40), False),
    ("H02", h02(40, 33, 2, 1, 4), "not_met", Fraction(38, 40), False),
    ("H03", number(0), "met", 1, False),
    ("H03", number(5), "not_met", HALF, False),
    ("H03", number(6), "not_met", 0, False),
    ("I01", i01(3, 2, 1, 0), "met", 1, False),
    ("I01", i01(3, 1, 1, 1), "not_met", Fraction(2, 3), False),
    ("I02", document("75/BC-UBND", date(2025, 12, 12)), "met", 1, False),
    ("I02", document("88/BC-UBND", date(2025, 12, 13)), "not_met", 0, False),
    ("I02", NONE_EXISTS, "not_met", 0, False),
]


@pytest.mark.parametrize(("key", "answer", "status", "score", "critical"), RULES)
def test_rule(key: str, answer: Mapping[str, Any], status: str, score: Fraction | int, critical: bool) -> None:
    assert judge_one(CHECKLIST, facts({key: answer}), key) == Outcome(status, Fraction(score), critical)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "changed", "status"),
    [
        ("E02", {"E02": count(tong=2, hai_long=0)}, "na"),
        ("E02", {"E02": NOT_APPLICABLE}, "na"),
        ("C03", {"C01": c01(25, 25, 0, 0)}, "hidden"),
        ("C03", {"C01": None, "C03": None}, "open"),
        ("C04", {"C01": c01(3, 0, 3, 0), "C04": None}, "na"),
        ("D01", {"C01": c01(3, 0, 3, 0), "D01": None}, "na"),
        ("F05", {"F04": number(0)}, "na"),
        ("F06", {"F06": None}, "na"),  # F05 is 0
        ("F06", {"F05": number(2), "F06": None}, "open"),
        ("F06", {"F05": number(2), "F06": number(2)}, "met"),
        ("F06", {"F05": number(2), "F06": number(1)}, "not_met"),
        ("F07", {"F04": number(0), "F07": None}, "na"),
        ("H02", {"H02": h02(0, 0, 0, 0, 0)}, "na"),
        ("A02", {"A01": NONE_EXISTS}, "absent"),
        ("A03", {"A01": NONE_EXISTS}, "absent"),
        ("A02", {"A01": None, "A02": None}, "open"),
        ("B02", {"B02": document("45/QĐ-UBND", ON)}, "open"),  # not said yet whether it fits
        ("A03", {"A03": {"ket_qua": "khong_ap_dung"}}, "na"),
        ("F04", {}, "info"),
        ("I04", {}, "info"),
        ("I04", {"I04": None}, "open"),
    ],
)
def test_status(key: str, changed: Mapping[str, Any], status: str) -> None:
    assert judge_one(CHECKLIST, facts(changed), key).status == status


def test_the_visit_of_the_reference_conversation() -> None:
    visit = facts()
    outcomes = judge(CHECKLIST, visit)
    total = result(CHECKLIST, outcomes)
    assert (str(total.score), total.grade) == ("89.3", "kha")
    assert (total.met, total.not_met, total.na, total.info, total.open) == (32, 5, 1, 2, 0)
    assert total.critical_failed == ()
    letters = {"B04": ("b",), "C02": ("a",)}
    said = {
        key: finding_sentence(CHECKLIST, visit, key, letters.get(key, ())).vi
        for key, outcome in outcomes.items()
        if outcome.status == "not_met"
    }
    assert said == {
        "A05": "Chưa tổ chức tự kiểm tra nội bộ trong kỳ",
        "B03": "Chưa ban hành kế hoạch thực hiện văn hóa công vụ năm 2026",
        "B04": "Lịch công tác, lịch tiếp công dân đã niêm yết nhưng chưa cập nhật",
        "C02": "Có 02 người đi muộn",
        "I02": "Báo cáo số 88/BC-UBND ngày 18/12/2025 gửi sau thời hạn 12/12/2025",
    }


def scored(changed: Mapping[str, Any], **more: Any) -> tuple[str, str | None, tuple[str, ...]]:
    total = result(CHECKLIST, judge(CHECKLIST, facts({**PERFECT, **changed}, **more)))
    return str(total.score), total.grade, total.critical_failed


PERFECT: dict[str, Any] = {
    **dict.fromkeys(["A05", "B04"], MET),
    "B03": document("20/KH-UBND", ON),
    "C02": number(0),
    "H02": h02(40, 33, 0, 0, 7),
    "I02": document("75/BC-UBND", date(2025, 12, 10)),
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ("100.0", "tot", ())),
        ({"D03": number(1)}, ("94.8", "yeu", ("D03",))),
        ({"E03": number(1)}, ("96.9", "trung_binh", ("E03",))),
        ({"D03": number(1), "E03": number(1)}, ("91.7", "yeu", ("D03", "E03"))),
        ({"F01": count(tong=4, co_mat=0)}, ("96.9", "trung_binh", ("F01",))),
        ({"F01": count(tong=4, co_mat=3)}, ("99.2", "tot", ())),
    ],
)
def test_a_critical_failure_caps_the_class(
    changed: Mapping[str, Any], expected: tuple[str, str, tuple[str, ...]]
) -> None:
    assert scored(changed) == expected


def test_no_plan_scores_below_a_late_and_vague_one() -> None:
    none = result(CHECKLIST, judge(CHECKLIST, facts({**PERFECT, "A01": NONE_EXISTS})))
    vague = result(CHECKLIST, judge(CHECKLIST, facts({**PERFECT, "A02": number(9), "A03": FAILED})))
    assert none.score == Decimal("90.6")
    assert vague.score == Decimal("94.8")
    assert (none.not_met, none.critical_failed) == (1, ("A01",)), "A02 and A03 raise no finding of their own"


def test_units_without_desk_or_earlier_findings() -> None:
    outcomes = judge(CHECKLIST, facts(one_stop=False, priors=()))
    assert len(outcomes) == 40 - 7 - 3
    assert result(CHECKLIST, outcomes).score is not None


OVERDUE = Prior("G02", True, "TT-2025-018")
IN_TIME = Prior("B01", False, "TT-2025-019")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([MET, MET], ("100.0", "tot", ())),
        ([MET, FAILED], ("99.0", "tot", ())),  # one weight for both: 1 of 2 remedied
        ([FAILED, MET], ("99.0", "trung_binh", ("I03.1",))),
        ([{"ket_qua": "khong_ap_dung"}, FAILED], ("97.9", "tot", ())),  # not checked: out of the ratio
        ([{"ket_qua": "khong_ap_dung"}] * 2, ("100.0", "tot", ())),
    ],
)
def test_earlier_findings_share_one_weight(
    answers: list[dict[str, str]], expected: tuple[str, str, tuple[str, ...]]
) -> None:
    given = {f"I03.{n}": answer for n, answer in enumerate(answers, start=1)}
    assert scored(given, priors=(OVERDUE, IN_TIME)) == expected


def test_repeats_count_as_one_item() -> None:
    outcomes = judge(CHECKLIST, facts({**PERFECT, "I03.2": None}, priors=(OVERDUE, IN_TIME)))
    total = result(CHECKLIST, outcomes)
    assert (total.met, total.open) == (36, 1)


def test_nothing_judged_gives_no_score() -> None:
    total = result(CHECKLIST, judge(CHECKLIST, facts(dict.fromkeys([*ANSWERS], None), system={})))
    assert (total.score, total.grade, total.met) == (None, None, 0)
    assert total.open == 40


@pytest.mark.parametrize(
    ("points", "score", "grade"),
    [
        (Fraction(8995, 10000), "90.0", "tot"),  # half up, and the class is that of the printed score
        (Fraction(8994, 10000), "89.9", "kha"),
        (Fraction(80, 100), "80.0", "kha"),
        (Fraction(7994, 10000), "79.9", "trung_binh"),
        (Fraction(65, 100), "65.0", "trung_binh"),
        (Fraction(6494, 10000), "64.9", "yeu"),
        (Fraction(0), "0.0", "yeu"),
    ],
)
def test_class_boundaries(points: Fraction, score: str, grade: str) -> None:
    total = result(CHECKLIST, {"A01": Outcome("not_met", points)})
    assert (str(total.score), total.grade) == (score, grade)


# --- figures that do not add up --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "answer", "sentence"),
    [
        ("C01", c01(25, 22, 2, 2), "C01 chưa khớp: 22 + 2 + 2 = 26, khác tổng số 25."),
        ("C01", c01(0, 0, 0, 0), "C01 chưa khớp: tổng số phải lớn hơn 0."),
        ("C02", number(26), "C02 chưa khớp: 26 lớn hơn số người phải có mặt 25."),
        ("C04", number(24), "C04 chưa khớp: 24 lớn hơn số người có mặt 23."),
        ("D01", count(tong=23, deo_the=24), "D01 chưa khớp: 24 lớn hơn số có mặt 23."),
        ("D02", count(tong=24, dung_quy_dinh=24), "D02 chưa khớp: 24 lớn hơn số có mặt tại C01 là 23."),
        ("A04", count(tong=25, da_quan_triet=26), "A04 chưa khớp: 26 lớn hơn tổng số 25."),
        ("E02", count(tong=5, hai_long=6), "E02 chưa khớp: 6 lớn hơn số người được hỏi 5."),
        ("F01", count(tong=4, co_mat=5), "F01 chưa khớp: 5 lớn hơn số được phân công 4."),
        ("F07", number(Decimal("100.5")), "F07 chưa khớp: 100,5% không nằm trong khoảng từ 0 đến 100."),
        ("H02", h02(40, 33, 2, 1, 5), "H02 chưa khớp: 33 + 2 + 1 + 5 = 41, khác tổng số 40."),
        ("I01", i01(3, 2, 1, 1), "I01 chưa khớp: 2 + 1 + 1 = 4, khác tổng số 3."),
        (
            "A01",
            document("1/KH", ON + timedelta(1)),
            "A01 chưa khớp: ngày ban hành 05/8/2026 sau ngày kiểm tra 04/8/2026.",
        ),
    ],
)
def test_check(key: str, answer: Mapping[str, Any], sentence: str) -> None:
    assert [text.vi for text in check(CHECKLIST, facts({key: answer}), key)] == [sentence]


def test_check_says_nothing_of_what_is_right_not_known_or_not_applicable() -> None:
    assert [key for key in ANSWERS if check(CHECKLIST, facts(), key)] == []
    assert check(CHECKLIST, facts({"C01": None}), "C02") == ()
    assert check(CHECKLIST, facts({"F05": number(0), "F06": NOT_APPLICABLE}), "F06") == ()
    assert check(CHECKLIST, facts({"C01": None}), "C01") == ()


def test_more_overdue_than_received_is_only_a_caution() -> None:
    odd = facts({"F04": number(3), "F05": number(4)})
    assert check(CHECKLIST, odd, "F05") == ()
    assert warnings(CHECKLIST, odd, "F05") == (
        Text(
            "F05: số hồ sơ quá hạn 4 lớn hơn số hồ sơ tiếp nhận 3.",
            "F05: 4 overdue files are more than the 3 received.",
        ),
    )
    assert warnings(CHECKLIST, facts(), "F05") == ()


# --- what "đạt" stores -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "changed", "expected"),
    [
        ("C02", {}, number(0)),
        ("D01", {}, count(tong=23, deo_the=23)),
        ("D02", {"C01": None}, None),
        ("D02", {"C01": c01(3, 0, 3, 0)}, NOT_APPLICABLE),
        ("F06", {}, NOT_APPLICABLE),
        ("F06", {"F05": number(2)}, None),
        ("F06", {"F05": None}, None),
        ("I01", {"I01": None}, i01(3, 2, 1, 0)),
        ("A01", {}, None),
        ("A04", {}, None),
        ("F07", {}, None),
        ("I03.1", {}, None),
    ],
)
def test_default(key: str, changed: Mapping[str, Any], expected: Mapping[str, Any] | None) -> None:
    assert default_value(CHECKLIST, facts(changed), key) == expected


@pytest.mark.parametrize(("issued", "days"), [(date(2026, 2, 6), 0), (date(2026, 2, 4), 0), (date(2026, 2, 9), 3)])
def test_days_late_follow_from_the_plan(issued: date, days: int) -> None:
    functions = {"working-days": lambda a, b: (b - a).days}
    visit = facts({"A01": document("12/KH-UBND", issued)}, functions=functions)
    assert default_value(CHECKLIST, visit, "A02") == number(days)


def test_days_late_are_typed_where_the_system_knows_no_deadline() -> None:
    assert default_value(CHECKLIST, facts(), "A02") is None
    assert default_value(CHECKLIST, facts(system={**SYSTEM, "A02.gia_tri": 2}), "A02") == number(2)


# --- sentences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "changed", "letters", "sentence"),
    [
        ("D03", {"D03": number(1)}, ("b",), "Ghi nhận 01 trường hợp sử dụng rượu, bia trong giờ nghỉ trưa"),
        ("C02", {}, ("a", "b"), "Có 02 người đi muộn, về sớm"),
        ("C02", {}, (), "Có 02 người đi muộn/về sớm"),
        ("G02", {}, ("a", "b"), "Phòng làm việc thiếu biển tên; Phòng làm việc sắp xếp chưa gọn gàng"),
        ("B02", {"B02": NONE_EXISTS}, (), "Chưa ban hành quy chế làm việc"),
        (
            "B02",
            {"B02": document("1/QĐ", ON, phu_hop="khong")},
            (),
            "Chưa sửa đổi, bổ sung quy chế làm việc cho phù hợp",
        ),
        ("I02", {"I02": NONE_EXISTS}, (), "Chưa gửi báo cáo kết quả khắc phục"),
        ("I03.1", {}, ("a",), "Tồn tại TT-2025-017 chưa được khắc phục"),
        ("D01", {"D01": count(tong=23, deo_the=20)}, (), "Có 03/23 người chưa đeo thẻ khi thực hiện nhiệm vụ"),
        ("F06", {"F05": number(12), "F06": number(2)}, (), "Còn 10 hồ sơ quá hạn chưa có văn bản xin lỗi"),
        ("F07", {"F07": number(Decimal("97.5"))}, (), "Tỷ lệ hài lòng đạt 97,5%, chưa đạt mục tiêu trên 98%"),
    ],
)
def test_finding(key: str, changed: Mapping[str, Any], letters: tuple[str, ...], sentence: str) -> None:
    assert finding_sentence(CHECKLIST, facts(changed), key, letters).vi == sentence


def test_english_figures() -> None:
    assert finding_sentence(CHECKLIST, facts({"F07": number(Decimal("97.5"))}), "F07").en == (
        "The satisfaction rate is 97.5%, short of the target of more than 98%"
    )
    assert finding_sentence(CHECKLIST, facts({"H03": number(1200)}), "H03").en == "1,200 incoming documents are overdue"


def test_labels_say_what_is_known() -> None:
    def label(key: str) -> str:
        return fill(CHECKLIST, visit, key, CHECKLIST.items[key.partition(".")[0]].short).vi

    visit = facts({"I01": None})
    assert label("A01") == "Kế hoạch kỷ luật, kỷ cương năm 2026: số, ngày, hoặc chưa có"
    assert label("I01") == "Hệ thống có: tổng 3, đã khắc phục 2, trong hạn 1, quá hạn 0"
    assert label("I02") == "Báo cáo khắc phục (hạn 12/12/2025): số, ngày, hoặc chưa có"
    assert label("I03.1") == "Tồn tại TT-2025-017: thiếu biển tên phòng làm việc"
    visit = facts(system={})
    assert label("I02") == "Báo cáo khắc phục (hạn …): số, ngày, hoặc chưa có"


# --- any visit -------------------------------------------------------------------------------------------------------

VERDICTS = st.sampled_from([MET, FAILED, {"ket_qua": "khong_ap_dung"}])
WHOLE = st.integers(0, 60)


def answers_of(code: str) -> st.SearchStrategy[Mapping[str, Any]]:
    item = CHECKLIST.items[code]
    if item.answer_type == "pass_fail_na":
        return VERDICTS
    if item.answer_type == "number":
        return st.builds(number, WHOLE)
    if item.answer_type == "count":
        names = [part.name for part in item.fields if not part.optional]
        return st.fixed_dictionaries(dict.fromkeys(names, WHOLE))
    if item.answer_type == "doc_ref":
        return st.sampled_from([NONE_EXISTS, document("1/KH", date(2025, 12, 1), phu_hop="co")])
    return st.just({"noi_dung": "Không có"})


VISITS = st.fixed_dictionaries({}, optional={code: answers_of(code) for code in CHECKLIST.items if code != "I03"})


@given(VISITS, st.lists(VERDICTS, max_size=3), st.booleans())
def test_any_score_lies_between_0_and_100(
    given_answers: dict[str, Any], remedied: list[dict[str, str]], one_stop: bool
) -> None:
    repeated = {f"I03.{n}": answer for n, answer in enumerate(remedied, start=1)}
    blank = dict.fromkeys(ANSWERS, None)
    visit = facts({**blank, **given_answers, **repeated}, one_stop=one_stop, priors=(OVERDUE,) * len(remedied))
    outcomes = judge(CHECKLIST, visit)
    total = result(CHECKLIST, outcomes)
    assert total.score is None or 0 <= total.score <= 100
    assert (total.score is None) == (total.grade is None)
    assert all(outcome.score is None or 0 <= outcome.score <= 1 for outcome in outcomes.values())


@given(VISITS, st.sampled_from([code for code, item in CHECKLIST.items.items() if item.na_allowed and code != "I03"]))
def test_waving_an_item_off_lowers_no_other(given_answers: dict[str, Any], code: str) -> None:
    before = judge(CHECKLIST, facts(given_answers))
    after = judge(CHECKLIST, facts({**given_answers, code: NOT_APPLICABLE}))
    del before[code], after[code]
    assert after == before
