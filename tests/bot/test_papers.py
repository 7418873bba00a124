"""A document is made when its turn to be sent has come, from what is stored then and by the rights of then."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pypdf import PdfReader
from sqlalchemy import Connection, select, update

from bot import papers
from bot.channels.port import Accept, Capabilities, Outgoing
from bot.clock import BusinessClock
from bot.delivery import Pace
from bot.documents import word
from bot.documents.letter_fields import reminder_in_words
from bot.documents.making import FELL_BACK
from bot.documents.registry import KINDS, built_in
from bot.service import Service
from inspection.documents.paper import Paper
from inspection.messages import Chat
from inspection.obligations import Obligation
from storage import calendar, documents, journal, obligations, outbox, remedies, tables
from storage import visits as visit_store
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.outbox import Parcel
from storage.tables import journal as rows
from storage.tables import roles, visits
from tests.cast import ACCOUNT, NETWORK, load
from tests.chat import play, read

NOW = datetime(2026, 8, 4, 3, 40, tzinfo=UTC)
TALK = Path(__file__).parents[1] / "conversations" / "the_whole_visit_at_tan_doan.txt"
THINH, HANH, KHOI, LAM = "p-1001", "p-1003", "p-1005", "p-1006"


def stored_after(talk: Path, migrated: Path, folder: Path) -> Path:
    """The database after a talk."""
    path = folder / "kycuong.db"
    path.write_bytes(migrated.read_bytes())
    evidence = EvidenceStore(folder / "evidence")
    database = Database(f"sqlite:///{path}")
    database.write_now(lambda connection: load(connection, evidence))
    database.stop()
    play(read(talk), f"sqlite:///{path}", evidence, "full")
    return path


@pytest.fixture(scope="module")
def played(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference visit, signed, in a folder of its own."""
    return stored_after(TALK, migrated_sqlite, tmp_path_factory.mktemp("papers")).parent


@pytest_asyncio.fixture
async def database(played: Path, tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "kycuong.db"
    path.write_bytes((played / "kycuong.db").read_bytes())
    opened = Database(f"sqlite:///{path}")
    yield opened
    await opened.close()


@pytest.fixture
def after(request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """What is stored after the talk a test names."""
    opened = Database(f"sqlite:///{stored_after(TALK.with_name(request.param), migrated_sqlite, tmp_path)}")
    yield opened
    opened.stop()


def text_for(database: Database, person: str, kind: str = "minutes") -> str:
    order = order_for(database, person, kind)
    assert order is not None
    return word.text_of(papers.made(order, NOW).data)


def visit_id(connection: Connection) -> str:
    return str(connection.execute(visits.select().where(visits.c.id != "v-2025")).one().id)


def order_for(database: Database, person: str, kind: str = "minutes", form: str = "docx") -> papers.Order | None:
    def work(connection: Connection) -> papers.Order | None:
        paper = {"kind": kind, "about": visit_id(connection), "form": form}
        parcel = Parcel("t", Chat(NETWORK, ACCOUNT, person[2:]), "notice", {"paper": paper}, NOW, person_id=person)
        return papers.ordered(connection, parcel=parcel, now=NOW)

    return database.write_now(work)


def test_the_minutes_of_the_stored_visit(database: Database) -> None:
    order = order_for(database, THINH)
    assert order is not None
    text = word.text_of(papers.made(order, NOW).data)
    for line in (
        "Thời gian bắt đầu: 08 giờ 00 phút, ngày 04 tháng 8 năm 2026.",
        "Địa điểm: Trụ sở Ủy ban nhân dân xã Tân Đoàn, tỉnh Lạng Sơn.",
        "- Đồng chí Đinh Thị Ngân, Phó Giám đốc Sở Nội vụ, Trưởng đoàn;",
        "- Đồng chí Triệu Văn Khôi, Chủ tịch Ủy ban nhân dân xã Tân Đoàn.",
        "Tại thời điểm 08 giờ 12 phút: phải có mặt 25 người; có mặt 23 người (92,0%); vắng có lý do 02 người; ",
        "C02. Số người đi muộn, về sớm",
        "4. Có 02 người đi muộn (nội dung C02);",
        "Căn cứ Thông báo số 30/TB-SNV ngày 28 tháng 11 năm 2025 kết luận kiểm tra kỳ trước.",
        "Căn cứ Luật Tiếp công dân số 42/2013/QH13 ngày 25 tháng 11 năm 2013;",
        "- Đã khắc phục tồn tại TT-2025-017: Phòng làm việc thiếu biển tên.",
        "Đơn vị được kiểm tra không có ý kiến khác.",
        "UBND TỈNH LẠNG SƠN",
        "1.247 hồ sơ",
    ):
        assert line in text
    assert "DỰ THẢO" not in text
    assert "KHÔNG ĐẠT" not in text
    for forbidden in ("thanh tra", "vi phạm", "{", "hoặc chưa có", "Hệ thống tính"):
        assert forbidden not in text.replace("niêm yết nhưng", "")
    assert text.count("Số: ……/BB-ĐKT") == 1  # the decision was never said: nothing is invented
    assert len([line for line in text.split("\n") if len(line) == 64 and line.isalnum()]) == 6  # fingerprints


def test_the_report_and_the_certificate(database: Database) -> None:
    report, certificate = order_for(database, THINH, "report"), order_for(database, THINH, "certificate", "pdf")
    assert report is not None
    assert certificate is not None
    told = word.text_of(papers.made(report, NOW).data)
    assert "kết quả 89,3/100 điểm, xếp loại Khá." in told
    assert "(Biên bản số ……/BB-ĐKT ngày 04 tháng 8 năm 2026). Kết quả như sau:" in told
    pages = "".join(page.extract_text() for page in PdfReader(BytesIO(papers.made(certificate, NOW).data)).pages)
    assert "nguyên vẹn" in " ".join(pages.split())
    assert pages.count("Nông Văn Thịnh,") == 6  # whoever sent each of the photos
    assert certificate.name == "Chung-thu-Tan-Doan-04-8-2026.pdf"


def test_a_certificate_names_the_row_of_its_seal_and_how_each_part_is_checked(database: Database) -> None:
    for _ in range(2):  # no two requests have one seal
        database.write_now(lambda c: journal.append(c, journal.Entry(THINH, "document_asked"), NOW))
    word_file = order_for(database, THINH, "certificate")
    assert word_file is not None
    row = database.write_now(lambda c: c.execute(select(rows).where(rows.c.hash == word_file.data.chain)).one())
    assert row.id == word_file.data.row
    text = word.text_of(papers.made(word_file, NOW).data)
    assert f"nhật ký (dòng {row.id}, ghi lúc 10:40 ngày 04/8/2026; tình trạng: nguyên vẹn)" in text
    assert database.write_now(lambda c: journal.verify(c, known_head=word_file.data.chain)) is None
    record = database.write_now(lambda c: c.execute(select(visits).where(visits.c.id == visit_id(c))).one().document)
    assert hashlib.sha256(record.encode()).hexdigest() in text
    for said in ("1. Tệp minh chứng", "2. Bản ghi", "3. Nhật ký", "kycuong verify --head", "Số: ……/……", "Nơi nhận:"):
        assert said in text


def test_a_file_is_named_by_the_number_of_its_own_paper(database: Database) -> None:
    def numbered(connection: Connection) -> None:
        visit = documents.visit(connection, visit_id(connection))
        assert visit is not None
        decided = replace(visit, attendance=replace(visit.attendance, decision="125/QĐ-SNV"))
        assert documents.give_number(connection, decided) == 1

    database.write_now(numbered)
    names = [order.name for kind in ("minutes", "report") if (order := order_for(database, THINH, kind))]
    assert names == ["BB-01-Tan-Doan-04-8-2026.docx", "BC-Tan-Doan-04-8-2026.docx"]  # "Số: ……/BC-ĐKT"


def conclude(database: Database, document: str) -> list[Obligation] | None:
    """Enter the notice of the visit's conclusions."""
    ids = iter(f"o-{n}" for n in range(99))
    notice = remedies.Conclusion(document, NOW.date())
    return database.write_now(
        lambda c: remedies.conclude(
            c, visit_id(c), notice, HANH, NOW, calendar.current(c, NOW.date()), lambda: next(ids)
        )
    )


@pytest.mark.parametrize("after", ["who_takes_part_in_the_minutes.txt"], indirect=True)
def test_the_department_whose_symbol_it_is_issues_and_is_reported_to(after: Database) -> None:
    minutes, report = text_for(after, HANH).split("\n"), text_for(after, HANH, "report").split("\n")
    assert minutes[:2] == ["UBND TỈNH LẠNG SƠN", "ĐOÀN KIỂM TRA"]
    assert "- Sở Nội vụ (để báo cáo);" in minutes
    assert "Kính gửi: Sở Nội vụ." in report
    conclude(after, "15/TB-SNV")
    notice = text_for(after, HANH, "conclusion").split("\n")
    assert notice[:2] == ["UBND TỈNH LẠNG SƠN", "SỞ NỘI VỤ"]
    assert {"Số: 15/TB-SNV", "Lạng Sơn, ngày 04 tháng 8 năm 2026"} < set(notice)
    assert "SỞ NỘI VỤ" in text_for(after, HANH, "certificate")


@pytest.mark.parametrize(
    ("document", "issuer"), [("15/TB-SNV", "Sở Nội vụ"), ("15/TB-UBND", "Ủy ban nhân dân tỉnh Lạng Sơn")]
)
def test_a_remedy_is_owed_by_the_notice_of_who_issued_it(database: Database, document: str, issuer: str) -> None:
    owed = conclude(database, document)
    assert owed
    assert {one.directive for one in owed} == {f"Thông báo số {document} ngày 04/8/2026 của {issuer}"}
    (head, _) = text_for(database, HANH, "conclusion").split(f"Số: {document}")
    assert ("SỞ NỘI VỤ" in head) is (issuer == "Sở Nội vụ")


@pytest.mark.parametrize("after", ["members_join_and_leave_the_team.txt"], indirect=True)
def test_the_minutes_know_the_offices_of_the_team(after: Database) -> None:
    text = text_for(after, THINH)
    for line in (
        "- Đồng chí Đinh Thị Ngân, Phó Giám đốc Sở Nội vụ, Trưởng đoàn;",
        "- Đồng chí Lục Thị Hoa, Chuyên viên, Thư ký;",
        "- Đồng chí Nông Văn Thịnh, Chuyên viên chính Sở Nội vụ, thành viên;",
        "- Đồng chí Hứa Văn Lâm, Chuyên viên Sở Nội vụ, thành viên.",
        "Không có ảnh ghi nhận. Lý do: trời mưa to; máy ướt.",
    ):
        assert line in text
    assert order_for(after, LAM) is not None  # who is named has the team's right to read


@pytest.mark.parametrize("after", ["ended_early_without_a_photo.txt"], indirect=True)
def test_the_papers_of_an_early_end_claim_nothing_nobody_said(after: Database) -> None:
    minutes, report = text_for(after, HANH), text_for(after, HANH, "report").split("\n")
    assert "Lý do: trụ sở mất điện, sơ tán." in minutes
    for empty in ("đã ghi nhận được", "Kết quả ghi nhận nêu trên", "Không áp dụng"):  # nothing was recorded
        assert empty not in minutes
    assert report[report.index("II. ƯU ĐIỂM") + 1] == "- Không đánh giá."
    assert report[report.index("IV. Ý KIẾN CỦA ĐƠN VỊ ĐƯỢC KIỂM TRA") + 1] == "Chưa lấy ý kiến của đơn vị."


@pytest.mark.parametrize("after", ["an_earlier_finding_occurs_again.txt"], indirect=True)
def test_what_occurred_again_is_named_on_every_paper(after: Database) -> None:
    again = "Tồn tại TT-2025-017 đến nay còn chưa khắc phục xong: Phòng làm việc thiếu biển tên"
    minutes, report, notice = (text_for(after, HANH, kind) for kind in ("minutes", "report", "conclusion"))
    for paper, part in ((minutes, "IV"), (report, "III")):
        assert "chưa cập nhật (nội dung B04; tái diễn tồn tại TT-2025-015; ảnh B04-01);" in paper
        assert f"2. {again}." in paper
        asked = (
            f"2. Đề nghị đơn vị khắc phục dứt điểm tồn tại của kỳ trước nêu tại điểm 2 mục {part} theo thời hạn đã giao"
        )
        assert f"{asked}, ngày 28/8/2026." in paper
    assert (
        "chưa cập nhật (tái diễn tồn tại TT-2025-015); trong thời hạn 05 ngày làm việc, tính từ ngày Thông báo này;"
        in notice
    )
    assert f"2. {again}; khắc phục dứt điểm theo thời hạn đã giao, ngày 28/8/2026." in notice
    assert "ngày làm việc, tính từ ngày Thông báo này./." in notice  # the days run from a notice that is not issued yet
    conclude(after, "15/TB-SNV")
    assert "chậm nhất ngày 11/8/2026./." in text_for(after, HANH, "conclusion")  # that of the new finding


@pytest.mark.parametrize("after", ["an_earlier_finding_occurs_again.txt"], indirect=True)
def test_an_earlier_finding_counts_as_remedied_only_once_the_unit_reported_it(after: Database) -> None:
    def remedied(connection: Connection, state: str) -> bool:
        remedy = tables.obligations.c.code == "TT-2025-017"
        connection.execute(update(tables.obligations).where(remedy).values(state=state))
        (prior,) = (one for one in visit_store.open_findings(connection, "u-tan-doan") if one.number == "TT-2025-017")
        return prior.remedied

    found = {state: after.write_now(lambda c, s=state: remedied(c, s)) for state in ("open", "returned", "reported")}
    assert found == {"open": False, "returned": False, "reported": True}


@pytest.mark.parametrize(
    ("person", "may"), [(THINH, True), (HANH, True), ("p-1002", True), (KHOI, False), (LAM, False), ("p-9999", False)]
)
def test_the_team_and_administrators_may_read_the_unit_never(database: Database, person: str, may: bool) -> None:
    assert (order_for(database, person) is not None) is may


def letter_for(database: Database, person: str, kind: str, unit_id: str, *, words: str = "") -> papers.Order | None:
    def work(connection: Connection) -> papers.Order | None:
        paper = {"kind": kind, "about": unit_id, "form": "docx", "words": words}
        parcel = Parcel("t", Chat(NETWORK, ACCOUNT, person[2:]), "notice", {"paper": paper}, NOW, person_id=person)
        return papers.ordered(connection, parcel=parcel, now=NOW)

    return database.write_now(work)


def test_the_letter_of_reminder_says_what_is_overdue_and_leaves_the_rest_to_the_office(database: Database) -> None:
    order = letter_for(database, HANH, "reminder", "u-diem-he")
    assert order is not None
    text = word.text_of(papers.made(order, NOW).data)
    for line in (
        "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN",
        "Số: ……/……",
        "Lạng Sơn, ngày …… tháng …… năm ………",
        "Kính gửi: Ủy ban nhân dân xã Điềm He.",
        "còn 01 nhiệm vụ đã quá thời hạn:",
        "1. Ban hành Kế hoạch kỷ luật, kỷ cương năm 2026 (theo Văn bản số 09/UBND-NC ngày 12/01/2026 ",
        "thời hạn 06/02/2026, quá 119 ngày làm việc.",
        "nêu rõ nguyên nhân, chậm nhất ngày 07/8/2026./.",
    ):
        assert line in text
    said = reminder_in_words(order.data).split("\n")
    assert [line for line in said if line not in text.split("\n")] == []  # the chat says what stands on paper
    assert order.name == "Don-doc-Diem-He-04-8-2026.docx"
    assert letter_for(database, HANH, "reminder", "u-tan-doan") is None  # nothing is overdue there


def test_the_list_of_overdue_units_is_that_of_the_area(database: Database) -> None:
    order = letter_for(database, HANH, "overdue", "u-tinh")
    assert order is not None
    text = word.text_of(papers.made(order, NOW).data)
    assert "Ủy ban nhân dân tỉnh Lạng Sơn, đến 10:40 ngày 04/8/2026" in text
    assert "UBND xã Điềm He" in text
    assert "(NV-2026-0147)" in text
    assert "Danh sách có 01 nhiệm vụ./." in text


OWED = (
    ("u-diem-he", "finding", "TT-2026-012", "Còn niêm yết thủ tục hành chính đã hết hiệu lực", date(2026, 4, 6)),
    ("u-tan-doan", "internal_rules", "NV-2026-0901", "Nội quy cơ quan", date(2026, 2, 6)),
    ("u-tan-doan", "impl_plan", "NV-2026-0902", "Kế hoạch kỷ luật, kỷ cương", date(2026, 5, 29)),
)

ALL_OWED = {"NV-2026-0147"} | {code for _, _, code, _, _ in OWED}


@pytest.mark.parametrize(
    ("words", "codes", "only"),
    [
        ("", ALL_OWED, ""),
        ("diem he", {"NV-2026-0147", "TT-2026-012"}, "của UBND xã Điềm He"),
        ("xã", ALL_OWED, "của UBND xã Điềm He, UBND xã Tân Đoàn"),
        ("ke hoach trien khai", {"NV-2026-0147", "NV-2026-0902"}, "loại Kế hoạch triển khai"),
        ("quý 2", {"TT-2026-012", "NV-2026-0902"}, "có thời hạn trong quý II năm 2026"),
        ("tan doan tháng 5", {"NV-2026-0902"}, "của UBND xã Tân Đoàn, có thời hạn trong tháng 5 năm 2026"),
        ("01/4/2026-10/4/2026", {"TT-2026-012"}, "có thời hạn từ 01/4/2026 đến hết 10/4/2026"),
        ("0901", {"NV-2026-0901"}, "mang mã NV-2026-0901"),
        ("ky cuong", {"NV-2026-0147", "NV-2026-0902"}, "được chọn"),
        ("kỷ cương", {"NV-2026-0147", "NV-2026-0902"}, "có “kỷ cương”"),
    ],
)
def test_a_narrowed_list_holds_what_was_shown_and_says_so(
    database: Database, words: str, codes: set[str], only: str
) -> None:
    owed = [
        Obligation(id=f"o-{code}", code=code, unit_id=unit, kind=kind, subject=subject, year=2026, due=due,
                   original_due=due, directive="")
        for unit, kind, code, subject, due in OWED
    ]  # fmt: skip
    database.write_now(lambda c: obligations.save(c, owed))
    order = letter_for(database, HANH, "overdue", "u-tinh", words=words)
    assert order is not None
    assert {line.code for line in order.data.lines} == codes
    text = word.text_of(papers.made(order, NOW).data)
    title = text.partition("DANH SÁCH\n")[2].partition("\n\n")[0]
    assert title.endswith(f"đến 10:40 ngày 04/8/2026 (chỉ nhiệm vụ {only})" if only else "đến 10:40 ngày 04/8/2026")
    assert f"Danh sách có {len(codes):02d} nhiệm vụ./." in text


def test_a_task_is_named_by_what_is_to_be_done_and_not_by_what_is_wrong(database: Database) -> None:
    owed = [
        Obligation(
            id=f"o-{code}", code=code, unit_id="u-diem-he", kind=kind, subject=subject, year=2026,
            due=date(2026, 2, 6), original_due=date(2026, 2, 6), directive="",
        )
        for kind, code, subject in (
            ("finding", "TT-2026-012", "Còn niêm yết thủ tục hành chính đã hết hiệu lực."),
            ("internal_rules", "NV-2026-0901", "Nội quy cơ quan"),
            ("report", "NV-2026-0902", "Báo cáo công tác quý I"),
            ("other", "NV-2026-0903", "Rà soát thủ tục hành chính"),
        )
    ]  # fmt: skip
    database.write_now(lambda c: obligations.save(c, owed))
    letter, overdue = (
        letter_for(database, HANH, kind, about) for kind, about in (("reminder", "u-diem-he"), ("overdue", "u-tinh"))
    )
    assert letter is not None
    assert overdue is not None
    told = {
        "Ban hành Kế hoạch kỷ luật, kỷ cương năm 2026",
        "Khắc phục tồn tại, hạn chế TT-2026-012: Còn niêm yết thủ tục hành chính đã hết hiệu lực",
        "Ban hành Nội quy cơ quan năm 2026",
        "Báo cáo công tác quý I năm 2026",
        "Rà soát thủ tục hành chính năm 2026",
    }
    assert {one.subject for one in letter.data.owed} == {line.subject for line in overdue.data.lines} == told
    text = word.text_of(papers.made(letter, NOW).data)
    assert "Khắc phục tồn tại, hạn chế TT-2026-012: Còn niêm yết thủ tục hành chính đã hết hiệu lực: thời hạn" in text
    assert word.text_of(papers.made(overdue, NOW).data).count("TT-2026-012") == 1  # its code stands in its name


def test_the_longest_overdue_stands_first_then_the_name_in_the_order_of_the_alphabet(database: Database) -> None:
    first, second = date(2026, 2, 5), date(2026, 2, 6)
    owed = [
        Obligation(
            id=f"o-{code}", code=code, unit_id=unit_id, kind="impl_plan", subject=code, year=2026, due=due,
            original_due=due, directive="",
        )
        for unit_id, code, due in (
            ("u-tan-doan", "NV-2026-0001", second),
            ("u-diem-he", "NV-2026-0002", second),
            ("u-tan-doan", "NV-2026-0003", first),
        )
    ]  # fmt: skip
    database.write_now(lambda c: obligations.save(c, owed))
    order = letter_for(database, HANH, "overdue", "u-tinh")
    assert order is not None
    assert [(line.unit, line.code[-4:]) for line in order.data.lines] == [
        ("UBND xã Tân Đoàn", "0003"),
        ("UBND xã Điềm He", "0002"),
        ("UBND xã Điềm He", "0147"),
        ("UBND xã Tân Đoàn", "0001"),
    ]


def test_the_notice_of_conclusions_is_a_draft_until_its_number_is_entered(database: Database) -> None:
    draft = order_for(database, HANH, "conclusion")
    assert draft is not None
    text = word.text_of(papers.made(draft, NOW).data)
    assert "Số: ……/TB-……" in text
    assert "89,3/100 điểm, xếp loại Khá." in text
    assert "(Biên bản số ……/BB-ĐKT ngày 04 tháng 8 năm 2026)." in text
    assert "TT-2026-001: " in text
    assert text.split("\n")[0] == "DỰ THẢO"
    assert "trong thời hạn 05 ngày làm việc, tính từ ngày Thông báo này" in text
    assert "thời hạn: ngày" not in text  # no day runs before the notice has one
    assert "trong thời hạn 15 ngày làm việc, tính từ ngày Thông báo này./." in text  # of the longest: the report
    assert draft.name == "Du-thao-TB-Tan-Doan-04-8-2026.docx"
    assert draft.text == "Dự thảo Thông báo kết luận kiểm tra, UBND xã Tân Đoàn, 04/8/2026 (Word)."
    conclude(database, "15/TB-UBND")
    numbered = order_for(database, HANH, "conclusion")
    assert numbered is not None
    text = word.text_of(papers.made(numbered, NOW).data)
    assert "Số: 15/TB-UBND" in text
    assert "Lạng Sơn, ngày 04 tháng 8 năm 2026" in text
    assert "thời hạn: ngày 11/8/2026" in text
    assert "báo cáo kết quả kèm minh chứng về Ủy ban nhân dân tỉnh Lạng Sơn chậm nhất ngày 24/8/2026./." in text
    assert "DỰ THẢO" not in text
    assert (numbered.name, numbered.text[:9]) == ("TB-15-Tan-Doan-04-8-2026.docx", "Thông báo")
    database.write_now(lambda c: [obligations.extend(c, f"o-{n}", date(2026, 9, 30)) for n in range(9)])
    again = order_for(database, HANH, "conclusion")
    assert again is not None
    assert word.text_of(papers.made(again, NOW).data) == text  # what was issued is not changed by an extension


@pytest.mark.parametrize("kind", ["reminder", "overdue"])
@pytest.mark.parametrize(("person", "may"), [(HANH, True), (THINH, False), (KHOI, False), (LAM, False)])
def test_letters_are_for_who_answers_for_the_unit(database: Database, person: str, kind: str, may: bool) -> None:
    about = {"reminder": "u-diem-he", "overdue": "u-tinh"}[kind]
    assert (letter_for(database, person, kind, about) is not None) is may


def test_a_right_that_ended_meanwhile_sends_nothing(database: Database) -> None:
    ended = update(roles).where(roles.c.person_id == THINH).values(valid_to=datetime(2026, 8, 3, tzinfo=UTC).date())
    database.write_now(lambda connection: connection.execute(ended))
    assert order_for(database, THINH) is None


def test_an_authoritys_template_is_used_and_one_that_fails_is_replaced(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ours = word.fill(built_in("certificate"), KINDS["certificate"].trial().draft)  # any Word file
    database.write_now(lambda c: documents.keep_template(c, "u-tinh", "minutes", ours, now=NOW))
    order = order_for(database, THINH)
    assert order is not None
    made = papers.made(order, NOW)
    assert "CHỨNG THƯ" in word.text_of(made.data)
    assert not made.fell_back
    database.write_now(lambda c: documents.keep_template(c, "u-tinh", "minutes", broken(), now=NOW))
    order = order_for(database, THINH)
    assert order is not None
    made = papers.made(order, NOW)
    assert "BIÊN BẢN" in word.text_of(made.data)
    assert made.fell_back
    assert "template of minutes failed" in caplog.text


def broken() -> bytes:
    """A template whose field is none of ours: its trial would have refused it."""
    return word.fill(built_in("minutes"), KINDS["minutes"].trial().draft | {"so": "{{ sox }}"})


# --- through the service ----------------------------------------------------------------------------------------------


class Line:
    """A network that remembers what was sent."""

    name, account = NETWORK, ACCOUNT

    def __init__(self, max_file: int) -> None:
        self.capabilities = Capabilities(4096, 1024, True, True, True, 0.1, max_file)
        self.sent: list[Outgoing] = []

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def listen(self, accept: Accept) -> None:
        await asyncio.Event().wait()

    async def send(self, message: Outgoing) -> int:
        self.sent.append(message)
        return 9000 + len(self.sent)


def ordered(database: Database) -> None:
    """The two forms of the minutes, as a finished visit leaves them in the outbox."""

    def work(connection: Connection) -> Any:
        forms = (Paper("minutes", visit_id(connection), "docx"), Paper("minutes", visit_id(connection), "pdf", True))
        return outbox.post(
            connection,
            [
                Parcel(f"t{n}", Chat(NETWORK, ACCOUNT, "1001"), "notice", {"paper": as_plain(p)}, NOW, person_id=THINH)
                for n, p in enumerate(forms)
            ],
        )

    database.write_now(work)


async def delivered(database: Database, folder: Path, max_file: int) -> Line:
    """What the service, just started, does with what lies in the outbox."""
    ordered(database)
    line = Line(max_file)
    service = Service(
        database, EvidenceStore(folder / "evidence"), {(NETWORK, ACCOUNT): line}, BusinessClock(),  # type: ignore[dict-item]
        pace=Pace(0, 0),
    )  # fmt: skip
    await service.start()
    await service.delivery.drain()
    await service.close()
    return line


def as_plain(paper: Paper) -> dict[str, Any]:
    return {"kind": paper.kind, "about": paper.about, "form": paper.form, "beside": paper.beside}


@pytest.mark.parametrize("fails", [True, False])
async def test_a_template_that_failed_is_told_beside_the_file(database: Database, tmp_path: Path, fails: bool) -> None:
    if fails:
        database.write_now(lambda c: documents.keep_template(c, "u-tinh", "minutes", broken(), now=NOW))
    line = await delivered(database, tmp_path, 50_000_000)
    told = [message.text.partition("\n")[2] for message in line.sent]
    assert told == [FELL_BACK.vi if fails else ""] * 2


@pytest.mark.parametrize("max_file", [50_000_000, 0])
async def test_what_lies_in_the_outbox_is_made_and_sent_also_after_a_restart(
    database: Database, tmp_path: Path, max_file: int
) -> None:
    line = await delivered(database, tmp_path, max_file)
    if max_file:
        names = [message.document.name for message in line.sent if message.document]
        assert names == ["BB-Tan-Doan-04-8-2026.docx", "BB-Tan-Doan-04-8-2026.pdf"]
        assert [message.document.data[:4] for message in line.sent if message.document] == [b"PK\x03\x04", b"%PDF"]
    else:
        assert [message.document for message in line.sent] == [None]
        assert "/baocao" in line.sent[0].text
