"""The ladder by a table of dates, the sending window, and the whole text of the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from inspection import figures, reminders
from inspection.obligations import Obligation, State
from inspection.reminders import Rule, digest, next_window, reminder_key, sending_window, stage_due
from inspection.working_days import LOCAL, Calendar

TET = Calendar(off=frozenset(date(2026, 2, day) for day in range(16, 21)))
PLAN = Obligation(
    id="o1",
    code="NV-2026-0147",
    unit_id="u1",
    kind="impl_plan",
    subject="Kế hoạch kỷ luật, kỷ cương",
    year=2026,
    due=date(2026, 2, 6),  # a Friday
    original_due=date(2026, 2, 6),
)
REGULATION = replace(
    PLAN, id="o2", code="NV-2026-0201", kind="rule_doc", subject="Quy chế làm việc", due=date(2026, 2, 5)
)
REPORT = replace(PLAN, id="o3", code="NV-2026-0300", kind="finding", subject="Báo cáo khắc phục", due=date(2026, 2, 12))


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 2, 3), None),
        (date(2026, 2, 6), None),
        (date(2026, 2, 8), None),  # Sunday: no working day has passed
        (date(2026, 2, 9), "D+1"),
        (date(2026, 2, 10), "D+1"),
        (date(2026, 2, 11), "D+3"),
        (date(2026, 2, 13), "D+5"),
        (date(2026, 2, 23), "D+5"),  # Tết lies between
        (date(2026, 2, 26), "D+5"),
        (date(2026, 2, 27), "W+1"),
        (date(2026, 3, 5), "W+1"),
        (date(2026, 3, 6), "W+2"),
        (date(2026, 3, 13), "W+3"),
    ],
)
def test_the_latest_stage_whose_day_has_come(today: date, stage: str | None) -> None:
    assert stage_due(PLAN, today, TET) == stage


@pytest.mark.parametrize("state", ["reported", "accepted", "cancelled"])
def test_silence_as_soon_as_it_is_no_longer_open(state: State) -> None:
    assert stage_due(replace(PLAN, state=state), date(2026, 2, 9), TET) is None


def test_an_extension_begins_the_ladder_anew() -> None:
    extended = replace(PLAN, due=date(2026, 2, 25))
    assert stage_due(extended, date(2026, 2, 25), TET) is None
    assert stage_due(extended, date(2026, 2, 26), TET) == "D+1"
    assert reminder_key("o1", PLAN.due, "D+1", "p1") == "o1|2026-02-06|D+1|p1"
    assert reminder_key("o1", extended.due, "D+1", "p1") != reminder_key("o1", PLAN.due, "D+1", "p1")


def test_a_rung_before_the_due_date_is_only_a_line_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "RULES", (Rule("D-3", after=-3), *reminders.RULES))
    assert stage_due(PLAN, date(2026, 2, 2), TET) is None
    assert stage_due(PLAN, date(2026, 2, 3), TET) == "D-3"
    assert stage_due(PLAN, date(2026, 2, 9), TET) == "D+1"


def test_the_rules_stand_in_the_order_of_their_days_and_are_told_apart() -> None:
    days = [rule.after for rule in reminders.RULES]
    assert days == sorted(set(days))
    assert len({rule.stage for rule in reminders.RULES}) == len(days)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(6, 7, 59), at(6, 8)),
        (at(6, 8), at(6, 8)),
        (at(6, 16, 30), at(6, 16, 30)),
        (at(6, 16, 31), at(9, 8)),
        (at(7, 10), at(9, 8)),
        (at(13, 20), at(23, 8)),
        (at(17, 3), at(23, 8)),
    ],
)
def test_messages_leave_in_office_hours_of_a_working_day(now: datetime, opening: datetime) -> None:
    assert next_window(now, TET) == opening
    assert sending_window(now, TET) is (now == opening)


def test_the_window_is_local_whatever_the_zone_of_the_moment() -> None:
    assert sending_window(datetime(2026, 2, 6, 1, 0, tzinfo=UTC), TET)
    assert not sending_window(datetime(2026, 2, 6, 10, 0, tzinfo=UTC), TET)
    with pytest.raises(ValueError, match="time zone"):
        sending_window(datetime(2026, 2, 6, 10, 0), TET)  # noqa: DTZ001 (the fault under test)


HEAD = "Hoàng Văn Bình"

OVERDUE = """\
V/v Kế hoạch kỷ luật, kỷ cương năm 2026: quá hạn 01 ngày làm việc
Kính gửi đồng chí Hoàng Văn Bình: Kế hoạch kỷ luật, kỷ cương năm 2026 của đơn vị có thời hạn 06/02/2026, \
đến nay Hệ thống chưa nhận được số, ký hiệu văn bản. Trường hợp đã ban hành, đề nghị đồng chí chọn 1; \
trường hợp có vướng mắc, đề nghị gửi văn bản. Mã việc: NV-2026-0147.
1. Báo cáo đã ban hành. Ví dụ: NV-2026-0147 1 15/KH-UBND 09/02/2026
Trân trọng."""

SEVERAL = """\
V/v 03 việc đến hạn, trong đó 02 việc quá hạn
Kính gửi đồng chí Hoàng Văn Bình: đến nay Hệ thống chưa nhận được kết quả 03 việc sau của đơn vị.
NV-2026-0201: Quy chế làm việc năm 2026, thời hạn 05/02/2026, quá hạn 02 ngày làm việc
NV-2026-0147: Kế hoạch kỷ luật, kỷ cương năm 2026, thời hạn 06/02/2026, quá hạn 01 ngày làm việc
NV-2026-0300: Báo cáo khắc phục năm 2026, thời hạn (đã gia hạn) 12/02/2026, còn 03 ngày làm việc
Đề nghị đồng chí trả lời bằng mã việc và số lựa chọn; trường hợp có vướng mắc, đề nghị gửi văn bản.
1. Báo cáo đã hoàn thành. Ví dụ: NV-2026-0201 1 15/QĐ-UBND 09/02/2026
Trân trọng."""


def test_the_digest_about_one_obligation() -> None:
    assert digest(HEAD, [PLAN], date(2026, 2, 9), TET) == OVERDUE


def test_the_digest_about_several_names_the_most_urgent_first() -> None:
    assert digest(HEAD, [PLAN, REPORT, REGULATION], date(2026, 2, 9), TET) == SEVERAL


def test_the_digest_is_made_of_what_is_still_open() -> None:
    done = replace(REGULATION, state="reported")
    assert digest(HEAD, [done, PLAN], date(2026, 2, 9), TET) == OVERDUE
    assert digest(HEAD, [done], date(2026, 2, 9), TET) == ""


@pytest.mark.parametrize(
    ("due", "today", "subject"),
    [
        (date(2026, 2, 6), date(2026, 2, 3), "hạn 06/02/2026, còn 03 ngày làm việc"),
        (date(2026, 2, 6), date(2026, 2, 6), "hạn 06/02/2026, đến hạn hôm nay"),
        (date(2026, 2, 6), date(2026, 2, 7), "quá hạn"),
        (date(2026, 2, 25), date(2026, 2, 24), "hạn (đã gia hạn) 25/02/2026, còn 01 ngày làm việc"),
        (date(2026, 2, 6), date(2026, 3, 16), "quá hạn 21 ngày làm việc"),
    ],
)
def test_the_first_line_says_what_and_when(due: date, today: date, subject: str) -> None:
    first = digest(HEAD, [replace(PLAN, due=due)], today, TET).split("\n")[0]
    assert first == f"V/v Kế hoạch kỷ luật, kỷ cương năm 2026: {subject}"


def test_the_directive_is_named_where_it_is_known() -> None:
    cited = replace(PLAN, directive="Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh")
    text = digest(HEAD, [cited], date(2026, 2, 9), TET)
    assert "Theo Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh, Kế hoạch" in text


def test_the_printed_example_would_be_accepted() -> None:
    lines = digest(HEAD, [PLAN], date(2026, 2, 9), TET).split("\n")
    done = lines[2].split("Ví dụ: NV-2026-0147 ")[1][2:]
    assert figures.document(done, year=1999) == figures.DocumentRead("15/KH-UBND", date(2026, 2, 9), False, "")
