"""The sending window, and the whole text of the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from inspection import figures
from inspection.messages import Choice
from inspection.obligations import Obligation
from inspection.reminders import Digest, Matter, Waiting, digest, next_window, sending_window
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
    PLAN, id="o2", code="NV-2026-0201", kind="working_regulation", subject="Quy chế làm việc", due=date(2026, 2, 5)
)
REMEDY = replace(
    PLAN, id="o3", code="TT-2026-031", kind="finding", subject="Phòng làm việc thiếu biển tên", due=date(2026, 2, 12)
)


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
trường hợp có vướng mắc, chọn 2. Mã việc: NV-2026-0147.
1. Báo cáo đã ban hành   2. Đề nghị gia hạn   3. Không thuộc đơn vị   4. Liên hệ quản trị
Ví dụ: NV-2026-0147 1 15/KH-UBND 09/02/2026
Trân trọng."""

SEVERAL = """\
V/v 03 việc đến hạn, trong đó 02 việc quá hạn
Kính gửi đồng chí Hoàng Văn Bình: đến nay Hệ thống chưa nhận được kết quả 03 việc sau của đơn vị.
NV-2026-0201: Quy chế làm việc năm 2026, quá hạn 02 ngày làm việc
NV-2026-0147: Kế hoạch kỷ luật, kỷ cương năm 2026, quá hạn 01 ngày làm việc
TT-2026-031: Khắc phục tồn tại, hạn chế TT-2026-031, hạn (đã gia hạn) 12/02/2026, còn 03 ngày làm việc
Đề nghị đồng chí gõ mã việc để xem các lựa chọn, hoặc mã việc và số: 1. Báo cáo đã hoàn thành   2. Đề nghị gia hạn
Ví dụ: NV-2026-0201 1 15/QĐ-UBND 09/02/2026
Trân trọng."""

WATCHED = """\
V/v đôn đốc 01 việc quá hạn; 01 đề nghị, báo cáo chờ trả lời; 01 việc chưa báo được cho đơn vị
Kính gửi đồng chí Vi Thị Mỹ Hạnh:
Đã quá hạn, Hệ thống chưa nhận được kết quả:
NV-2026-0147: UBND xã Điềm He, Kế hoạch kỷ luật, kỷ cương năm 2026, quá hạn 03 ngày làm việc
Đề nghị, báo cáo đã quá thời hạn trả lời 02 ngày làm việc:
NV-2026-0300: UBND xã Tri Lễ, gửi ngày 05/02/2026
Không gửi được nhắc việc vì đơn vị chưa có thủ trưởng nhận tin trên Hệ thống, đề nghị gửi văn bản:
NV-2026-0201: UBND xã Yên Phúc, Quy chế làm việc năm 2026, quá hạn 04 ngày làm việc
Gõ /quahan để đôn đốc hoặc lấy dự thảo công văn đôn đốc; gõ mã việc để mở hồ sơ.
Trân trọng."""


def text_of(*owed: Obligation, today: date = date(2026, 2, 9)) -> str:
    made = digest(HEAD, [Matter(one) for one in owed], today, TET)
    return made.text if made else ""


def test_the_digest_about_one_obligation() -> None:
    made = digest(HEAD, [Matter(PLAN)], date(2026, 2, 9), TET)
    assert made is not None
    assert made.text == OVERDUE
    assert made.choices[1] == Choice("2. Đề nghị gia hạn", "NV-2026-0147 2")  # a choice carries the code of its matter


def test_the_digest_about_several_names_the_most_urgent_first() -> None:
    assert text_of(PLAN, REMEDY, REGULATION) == SEVERAL


def test_a_finding_is_named_by_its_code_alone() -> None:
    assert "thiếu biển tên" not in text_of(REMEDY)


def test_the_digest_is_made_of_what_is_still_open() -> None:
    done = replace(REGULATION, state="reported")
    assert text_of(done, PLAN) == OVERDUE
    assert digest(HEAD, [Matter(done)], date(2026, 2, 9), TET) is None


def test_the_administrator_hears_of_everything_in_one_message() -> None:
    made = digest(
        "Vi Thị Mỹ Hạnh",
        [Matter(PLAN, "admin", "UBND xã Điềm He")],
        date(2026, 2, 11),
        TET,
        waiting=[Waiting("NV-2026-0300", "UBND xã Tri Lễ", date(2026, 2, 5))],
        unreached=[Matter(REGULATION, "admin", "UBND xã Yên Phúc")],
    )
    assert made == Digest(
        WATCHED,
        (Choice("NV-2026-0147", "NV-2026-0147"), Choice("NV-2026-0300", "NV-2026-0300")),
    )


def test_a_returned_report_asks_for_its_proof_and_is_not_overdue() -> None:
    returned = replace(
        PLAN, state="returned", document="15/KH-UBND", issued=date(2026, 2, 5), complete_by=date(2026, 2, 11)
    )
    text = text_of(returned, today=date(2026, 2, 10))
    assert text.startswith("V/v Kế hoạch kỷ luật, kỷ cương năm 2026: chờ bổ sung minh chứng, thời hạn 11/02/2026")
    assert "quá hạn" not in text
    assert "1. " not in text  # the four ways out of what is owed are not for a report


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
    first = text_of(replace(PLAN, due=due), today=today).split("\n")[0]
    assert first == f"V/v Kế hoạch kỷ luật, kỷ cương năm 2026: {subject}"


def test_the_directive_is_named_where_it_is_known() -> None:
    cited = replace(PLAN, directive="Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh")
    assert "Theo Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh, Kế hoạch" in text_of(cited)


def test_the_printed_example_would_be_accepted() -> None:
    example = text_of(PLAN).split("Ví dụ: NV-2026-0147 1 ")[1].split("\n")[0]
    assert figures.document(example, year=1999) == figures.DocumentRead("15/KH-UBND", date(2026, 2, 9), False, "")


@pytest.mark.parametrize(("language", "said"), [("vi", ("06/02/2026", "01")), ("en", ("6 Feb 2026", "days: 1"))])
def test_both_languages_say_the_same_figures(language: str, said: tuple[str, str]) -> None:
    made = digest(HEAD, [Matter(PLAN)], date(2026, 2, 9), TET, language=language)
    assert made is not None
    assert all(part in made.text for part in ("NV-2026-0147", HEAD, *said))
