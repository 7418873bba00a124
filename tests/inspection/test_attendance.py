"""A few words say who takes part; what they leave out stays as it was, and what cannot be read changes nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from inspection.attendance import HEAD, MEMBER, SECRETARY, UNKNOWN, Attendance, Present, described, hear, opens
from inspection.visit import attendance_from_plain, attendance_to_plain
from inspection.words import fold

TEAM = Attendance(
    team=(Present("Đinh Thị Ngân", "Phó Giám đốc", HEAD, "p-1"), Present("Nông Văn Thịnh", "", MEMBER, "p-2"))
)


def heard(before: Attendance, text: str) -> Attendance:
    found = hear(before, text, year=2026)
    assert found is not None
    return found.attendance


def test_several_things_at_once() -> None:
    after = heard(
        UNKNOWN, "quyết định 125/QĐ-SNV 03/8/2026; thư ký Lương Thị Thảo; đại diện Hoàng Thị Lan, Phó Chủ tịch"
    )
    assert (after.decision, after.decided_on) == ("125/QĐ-SNV", date(2026, 8, 3))
    assert after.team == (Present("Lương Thị Thảo", "", SECRETARY),)
    assert after.unit == (Present("Hoàng Thị Lan", "Phó Chủ tịch"),)
    assert after.missing() == ("trưởng đoàn",)


def test_two_stand_for_the_unit() -> None:
    after = heard(UNKNOWN, "đại diện Hoàng Thị Lan, Phó Chủ tịch; Hà Văn Sơn, Chánh Văn phòng")
    assert [one.name for one in after.unit] == ["Hoàng Thị Lan", "Hà Văn Sơn"]


def test_the_same_decision_keeps_its_day() -> None:
    dated = heard(UNKNOWN, "quyết định 41/QĐ-SNV 03/8/2026")
    assert hear(dated, "quyết định số 41/QĐ-SNV ngày 31/02/2026", year=2026) is None
    assert heard(dated, "quyết định 41/QĐ-SNV") == dated
    assert heard(dated, "quyết định 42/QĐ-SNV").decided_on is None


LAN = (Present("Hoàng Thị Lan", "Phó Chủ tịch"),)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "bà Hoàng Thị Lan, Phó Chủ tịch",
            "Đồng chí Hoàng Thị Lan - Phó Chủ tịch",
            "đ/c Hoàng Thị Lan – Phó Chủ tịch",
        ),
        *("đồng chí bà Hoàng Thị Lan, Phó Chủ tịch", "Mrs. Hoàng Thị Lan, Phó Chủ tịch"),
    ],
)
def test_a_form_of_address_is_no_part_of_a_name(said: str) -> None:
    assert heard(UNKNOWN, f"đại diện {said}").unit == LAN
    assert heard(UNKNOWN, f"thành viên {said}").team == (replace(LAN[0], task=MEMBER),)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mai Lan Anh", "Mai Lan Anh"),
        ("Bành Thị Chi", "Bành Thị Chi"),
        ("Ba Văn Lợi - Sơn", "Ba Văn Lợi"),
        ("ba hoang thi lan", "hoang thi lan"),
    ],
)
def test_a_name_keeps_what_only_looks_like_one(said: str, name: str) -> None:
    assert heard(UNKNOWN, f"dai dien {said}").unit[0].name == name


def test_somebody_is_known_however_addressed() -> None:
    lam = Present("Hứa Văn Lâm", "Chuyên viên", "", "p-6")
    after = hear(UNKNOWN, "thư ký anh Hứa Văn Lâm", year=2026, known={lam.name: lam}.get)
    assert after is not None
    assert after.attendance.team == (replace(lam, task=SECRETARY),)
    assert hear(UNKNOWN, "thư ký anh Lâm", year=2026) is None  # no whole name


def test_who_changes_task_stays_the_same_person() -> None:
    after = heard(TEAM, "trưởng đoàn Nông Văn Thịnh")
    assert after.team == (Present("Nông Văn Thịnh", "", HEAD, "p-2"),)


def names(attendance: Attendance) -> list[tuple[str, str]]:
    return [(one.name, one.task) for one in attendance.team]


TWO = [("Đinh Thị Ngân", HEAD), ("Nông Văn Thịnh", MEMBER)]


def test_members_join_those_there_are() -> None:
    after = heard(TEAM, "thành viên Hứa Văn Lâm; Lý Thị Duyên, Chuyên viên")
    assert names(after) == [*TWO, ("Hứa Văn Lâm", MEMBER), ("Lý Thị Duyên", MEMBER)]
    again = heard(after, "thành viên Lý Thị Duyên")
    assert again.team == after.team


@pytest.mark.parametrize(
    "text",
    [
        "bớt thành viên Hứa Văn Lâm",
        "bot thanh vien lam",
        "remove member Hứa Văn Lâm, Chuyên viên",
        "bớt thành viên anh Lâm",
        "bớt thành viên đ/c Hứa Văn Lâm - Chuyên viên",
    ],
)
def test_a_member_leaves_and_nobody_else(text: str) -> None:
    assert names(heard(heard(TEAM, "thành viên Hứa Văn Lâm"), text)) == TWO
    assert names(heard(TEAM, "bớt thành viên Đinh Thị Ngân; Lâm")) == TWO  # the head is no member


@pytest.mark.parametrize(
    ("text", "staying"),
    [
        ("bớt thành viên Trần Văn Ba", [("member_not_there", "Trần Văn Ba")]),
        ("bớt thành viên Thịnh", [("member_conducts", "Nông Văn Thịnh")]),
        ("bot thanh vien lam; hoa", [("member_not_there", "hoa")]),
    ],
)
def test_who_cannot_be_taken_out_is_named(text: str, staying: list[tuple[str, str]]) -> None:
    before = heard(TEAM, "thành viên Hứa Văn Lâm") if "lam" in text else TEAM
    after = hear(before, text, year=2026, conducts="p-2")
    assert after is not None
    assert (list(after.staying), names(after.attendance)) == (staying, TWO)
    assert after.changed == (() if before == TEAM else ("leaves",))
    assert after.removable() is None  # the one who conducts the visit is no example of who leaves


def test_the_head_named_among_the_members_stays_the_head() -> None:
    whole = heard(TEAM, "thư ký Lương Thị Thảo")
    assert heard(whole, "thành viên Đinh Thị Ngân; Lương Thị Thảo") == whole
    swapped = heard(whole, "thành viên Đinh Thị Ngân; trưởng đoàn Hứa Văn Lâm")
    assert names(swapped) == [
        ("Hứa Văn Lâm", HEAD),
        ("Lương Thị Thảo", SECRETARY),
        ("Nông Văn Thịnh", MEMBER),
        ("Đinh Thị Ngân", MEMBER),
    ]


def test_what_is_known_of_a_person_is_filled_in() -> None:
    lam = Present("Hứa Văn Lâm", "Chuyên viên Sở Nội vụ", "", "p-6")

    def known(name: str) -> Present | None:
        return lam if fold(name) == "hua van lam" else None

    for text, title in (("thanh vien hua van lam", lam.title), ("thành viên Hứa Văn Lâm, Phó phòng", "Phó phòng")):
        after = hear(TEAM, text, year=2026, known=known)
        assert after is not None
        assert after.attendance.team[-1] == replace(lam, title=title, task=MEMBER)
        assert after.attendance.unmarked == ()
    stays = hear(TEAM, "thành viên Nông Văn Thịnh; Hà Văn Minh", year=2026, known=known)
    assert stays is not None
    assert stays.attendance.team[1] == TEAM.team[1]


def test_one_member_without_marks_does_not_hide_the_others() -> None:
    after = heard(TEAM, "thanh vien ha van minh; nong van thinh")
    assert (after.unmarked, names(after.printed())) == ((MEMBER,), TWO)
    more = heard(after, "thành viên Lục Thị Hoa")
    assert more.unmarked == (MEMBER,)  # the first still waits for its marks
    assert names(more.printed()) == [*TWO, ("Lục Thị Hoa", MEMBER)]
    assert heard(more, "thành viên Hà Văn Minh").unmarked == ()
    assert heard(more, "bớt thành viên ha van minh").unmarked == ()


def test_names_that_differ_in_a_tone_mark_are_two_people() -> None:
    after = heard(heard(TEAM, "thành viên Hà Văn Minh, Kế toán"), "thành viên Hạ Văn Minh")
    assert [(one.name, one.title) for one in after.team[-2:]] == [("Hà Văn Minh", "Kế toán"), ("Hạ Văn Minh", "")]


def test_an_office_without_marks_waits_for_them() -> None:
    rep = heard(UNKNOWN, "đại diện Hoàng Thị Lan, Phó Chủ tịch")
    assert heard(rep, "dai dien hoang thi lan, pho chu tich") == rep
    assert heard(rep, "dai dien hoang thi lan, chu tich").unmarked == ("unit",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("đơn vị từ chối ký, lý do chưa thống nhất số liệu", "chưa thống nhất số liệu"),
        ("từ chối ký vì chờ ý kiến cấp trên", "chờ ý kiến cấp trên"),
        ("Từ chối ký: chưa rõ thẩm quyền", "chưa rõ thẩm quyền"),
        ("đại diện đơn vị từ chối ký, lý do chưa thống nhất số liệu", "chưa thống nhất số liệu"),
        (unicodedata.normalize("NFD", "đơn vị từ chối ký, lý do chưa rõ"), "chưa rõ"),
        ("đại diện: đơn vị từ chối ký, chưa rõ", "chưa rõ"),
        ("đại diện từ chối ký vào biên bản vì chưa rõ", "chưa rõ"),
        ("đơn vị từ chối ký biên bản, lý do chưa thống nhất", "chưa thống nhất"),
        ("đơn vị không ký biên bản làm việc, với lý do là: chưa rõ", "chưa rõ"),
        ("đại diện đơn vị không đồng ý ký, vì lý do sức khỏe", "sức khỏe"),
        ("Không ký, vi phạm về thẩm quyền", "vi phạm về thẩm quyền"),
        ("từ chối ký: biên bản ghi thiếu số liệu", "biên bản ghi thiếu số liệu"),
        ("không ký do biên bản ghi thiếu", "biên bản ghi thiếu"),
        ("representative refused to sign the minutes, because “chưa rõ”", "chưa rõ"),
        ("từ chối ký: chưa thống nhất C02; chưa rõ,\nthẩm quyền", "chưa thống nhất C02; chưa rõ; thẩm quyền"),
    ],
)
def test_a_refusal_has_its_reason(text: str, reason: str) -> None:
    refused = heard(TEAM, text)
    assert replace(refused, refusal="") == TEAM
    assert refused.refusal == reason
    assert heard(refused, "đại diện đơn vị đồng ý ký") == TEAM


def test_a_refusal_typed_without_marks_is_one_too() -> None:
    after = heard(TEAM, "dai dien don vi tu choi ky bien ban, ly do chua thong nhat")
    assert (after.unit, after.refusal, after.unmarked) == ((), "chua thong nhat", ("refusal",))


@pytest.mark.parametrize(
    "text",
    [
        *("đại diện", "đơn vị từ chối ký", "quyết định một trăm", "thư ký 12", "đại diện Lan"),
        *("quyết định số 41/QĐ-SNV ngày 31/02/2026", "quyết định 41/QĐ-SNV 03/13/2026"),
        *("từ chối ký", "không ký", "đại diện đơn vị từ chối ký", "đơn vị từ chối ký biên bản, lý do"),
        *("đại diện xã từ chối ký, chưa rõ", "đại diện Hoàng Thị Lan, Phó Chủ tịch, không ký"),
    ],
)
def test_what_cannot_be_read_changes_nothing(text: str) -> None:
    assert opens(text)
    assert hear(TEAM, text, year=2026) is None


@pytest.mark.parametrize(
    "text", ["đạt hết", "C01 25 22 2 1", "ký", "đại lễ", "không đạt", "không ký sổ trực", "tan doan"]
)
def test_answers_are_not_taken_for_it(text: str) -> None:
    assert not opens(text)


def test_words_without_marks_are_kept_but_not_printed_until_typed_again() -> None:
    bare = heard(UNKNOWN, "dai dien hoang thi lan, pho chu tich")
    assert (bare.unit[0].name, bare.unmarked, bare.printed().unit) == ("hoang thi lan", ("unit",), ())
    again = heard(bare, "đại diện Hoàng Thị Lan, Phó Chủ tịch")
    assert (again.unmarked, again.printed().unit[0].name) == ((), "Hoàng Thị Lan")


def test_a_name_that_has_no_marks_of_its_own_is_a_name() -> None:
    assert heard(UNKNOWN, "đại diện Mai Lan Anh").printed().unit[0].name == "Mai Lan Anh"


def test_it_survives_the_visit_document() -> None:
    whole = heard(TEAM, "quyết định 125/QĐ-SNV 03/8/2026; đại diện Hoàng Thị Lan; đơn vị từ chối ký, chưa rõ")
    assert attendance_from_plain(attendance_to_plain(whole)) == whole
    assert attendance_from_plain([]) == UNKNOWN


def test_the_card_names_what_is_known() -> None:
    assert described(TEAM) == "Trưởng đoàn Đinh Thị Ngân; thành viên Nông Văn Thịnh"
    assert described(UNKNOWN) == ""
