"""What is told of slow work, by the rights and the data of the moment of telling; and that it is told once."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.commands.importing import ENDINGS
from bot.conversation import Conversation, Event
from bot.tasks import TASKS
from bot.tasks.base import Means
from inspection.messages import Chat, Incoming, Kind, Media
from storage import errands, visits
from storage.database import Database
from storage.errands import Errand
from storage.evidence import EvidenceStore
from storage.inbox import Arrival
from storage.outbox import MARKS, Mark, Parcel
from storage.tables import calendar_overrides, chats, journal, roles
from storage.tables import errands as errands_table
from storage.workbook import importing
from tests.cast import ACCOUNT, CAST, NETWORK, PROVINCE, load
from tests.chat import SeededIds
from tests.storage.workbook_cases import built
from tests.workbooks_sent import days_off

NOW = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
ADMIN = next(member for member in CAST if member.role == "admin")
REFUSED = "chưa được phân quyền"


class Office:
    """The conversation on a stored province, and whoever does the errands."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.evidence = EvidenceStore(None)
        self.conversation = Conversation(now=lambda: NOW, ids=SeededIds(), numbered=lambda _: False)
        self.count = 0

    def hears(self, kind: Kind, *, who: str = ADMIN.user_id, **more: Any) -> list[Parcel]:
        """What is said to one thing somebody did."""
        self.count += 1
        incoming = Incoming(kind, Chat(NETWORK, ACCOUNT, who), who, sent_at=NOW + timedelta(days=1), **more)
        arrival = None if kind is Kind.DONE else Arrival(NETWORK, ACCOUNT, str(self.count), {}, NOW)
        return self.happens(Event(arrival, incoming))

    def happens(self, event: Event) -> list[Parcel]:
        """One event as the writer takes it: if it cannot be handled, it is set aside."""
        future = self.database.write_now

        def work(connection: Any) -> list[Parcel]:
            said = list(self.conversation.run(connection, [event])[0].parcels)
            if said:
                MARKS.run(connection, [Mark(parcel.id, "sent", NOW, parcel.id) for parcel in said])
            return said

        try:
            return future(work)
        except Exception as error:  # noqa: BLE001  as `Database` does it
            caught = error
            return future(lambda connection: list(self.conversation.failed(connection, event, caught).parcels))

    def errand(self) -> Errand:
        """The one that is open."""
        [found] = self.database.write_now(errands.waiting)
        return found

    def done(self, data: bytes = b"", max_file: int = 50_000_000) -> dict[str, Any]:
        """The open errand's work, as the details of its event."""
        errand = self.errand()
        means = Means(self.database.write_now, self.evidence, NOW, max_file, data)
        return {"errand": errand.id, **TASKS[errand.kind].work(errand, means)}

    def role(self, role: str, unit: str) -> None:
        """From now on the administrator has this role and no other."""
        day = date(2026, 8, 4)
        row = {"person_id": ADMIN.id, "role": role, "unit_id": unit, "valid_from": day}

        def work(connection: Any) -> None:
            ended = update(roles).where(roles.c.person_id == ADMIN.id)
            connection.execute(ended.values(valid_to=day - timedelta(days=1)))
            connection.execute(insert(roles).values(**row))

        self.database.write_now(work)

    def journal(self) -> list[tuple[str, dict[str, Any]]]:
        """Every act written down, with its details."""
        rows = self.database.write_now(lambda connection: connection.execute(select(journal)).all())
        return [(row.act, json.loads(row.details)) for row in rows]

    def how_many(self, table: Any) -> int:
        return self.database.write_now(
            lambda connection: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        )

    def open(self) -> int:
        return len(self.database.write_now(errands.waiting))

    def send(self, name: str = "nghỉ.xlsx", who: str = ADMIN.user_id, size: int = 1000) -> str:
        """Somebody sends a workbook; returns the answer."""
        [parcel] = self.hears(Kind.FILE, who=who, media=Media("f", name=name, size=size))
        return str(parcel.payload["text"])


@pytest.fixture(scope="module")
def province(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cast's database, to be copied for each test."""
    path = Path(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("province")))
    database = Database(f"sqlite:///{path}")
    database.write_now(lambda connection: load(connection, EvidenceStore(None)))
    database.stop()
    return path


@pytest.fixture
def office(province: Path, tmp_path: Path) -> Iterator[Office]:
    path = Path(shutil.copy(province, tmp_path / "kycuong.db"))
    made = Office(f"sqlite:///{path}")
    yield made
    made.database.stop()


def test_a_file_that_is_ready_is_not_given_to_somebody_who_is_no_administrator_any_more(office: Office) -> None:
    office.hears(Kind.TEXT, text="/xuat csv")
    details = office.done()
    office.role("inspector", PROVINCE)
    [parcel] = office.hears(Kind.DONE, details=details)
    assert REFUSED in parcel.payload["text"]
    assert "document" not in parcel.payload
    assert (office.open(), office.journal()) == (0, [("refused", {"act": "export", "about": ""})])


def test_what_is_refused_is_written_down_by_its_code_and_not_as_it_was_typed(office: Office) -> None:
    office.role("admin", "u-diem-he")
    [parcel] = office.hears(Kind.TEXT, text="/summary Tân Đoàn tháng 7")
    assert REFUSED in parcel.payload["text"]
    assert office.journal() == [("refused", {"act": "summary", "about": "u-tan-doan"})]


def test_a_file_of_another_area_than_todays_is_not_given(office: Office) -> None:
    office.hears(Kind.TEXT, text="/xuat csv")
    details = office.done()
    office.role("admin", "u-diem-he")
    [parcel] = office.hears(Kind.DONE, details=details)
    assert "Phạm vi của đồng chí đã thay đổi" in parcel.payload["text"]
    assert "document" not in parcel.payload


def test_an_answer_to_an_older_question_has_the_rights_of_today(office: Office) -> None:
    office.hears(Kind.TEXT, text="/xuat")
    office.role("inspector", PROVINCE)
    [parcel] = office.hears(Kind.TEXT, text="1")
    assert REFUSED in parcel.payload["text"]
    assert office.open() == 0


def test_what_is_done_is_told_once_and_written_into_the_journal(office: Office) -> None:
    office.hears(Kind.TEXT, text="/xuat xlsx")
    details = office.done()
    [parcel] = office.hears(Kind.DONE, details=details)
    assert parcel.payload["document"]["name"] == "ky-cuong-2026-08-04.xlsx"
    assert office.evidence.passing.exists(parcel.payload["document"]["sha256"])
    assert office.hears(Kind.DONE, details=details) == []
    assert office.how_many(journal) == 1


@pytest.mark.parametrize(("max_file", "said"), [(0, "không nhận tệp"), (1000, "lớn hơn mức mạng này")])
def test_where_the_file_cannot_go_the_way_to_it_is_said(office: Office, max_file: int, said: str) -> None:
    office.hears(Kind.TEXT, text="/xuat jsonl")
    [parcel] = office.hears(Kind.DONE, details=office.done(max_file=max_file))
    assert said in parcel.payload["text"]
    assert "kycuong export --to xuat --format jsonl" in parcel.payload["text"]
    assert office.how_many(journal) == 0


def test_an_administrator_of_a_part_exports_it_and_imports_nothing(office: Office) -> None:
    """A workbook could make them administrator of the whole."""
    office.role("admin", "u-diem-he")
    assert REFUSED in office.send()
    assert office.open() == 0
    [asked] = office.hears(Kind.TEXT, text="/xuat")
    assert "xã Điềm He" in asked.payload["text"]
    office.hears(Kind.TEXT, text="3")
    assert list(office.errand().details["units"]) == ["u-diem-he"]


def test_a_file_too_large_is_said_so_before_it_is_fetched(office: Office) -> None:
    assert "lớn hơn 20 MB" in office.send(size=21 * 1024 * 1024)
    assert office.open() == 0
    assert "Đang kiểm tra" in office.send(size=0)  # unknown: the network will tell
    details = {"errand": office.errand().id, "outcome": "trouble", "reason": "too_large"}
    [parcel] = office.hears(Kind.DONE, details=details)
    assert "lớn hơn 20 MB" in parcel.payload["text"]


@pytest.mark.parametrize("outcome", ["trouble", "gone"])
@pytest.mark.parametrize("command", ["/xuat csv", "/xuat mau", "sổ tính"])
def test_whatever_goes_wrong_there_is_a_way_out(office: Office, command: str, outcome: str) -> None:
    if command == "sổ tính":
        office.send()
    else:
        office.hears(Kind.TEXT, text=command)
    [parcel] = office.hears(Kind.DONE, details={"errand": office.errand().id, "outcome": outcome})
    assert "Đề nghị" in parcel.payload["text"]
    assert office.open() == 0


def test_a_workbook_of_an_inspector_in_a_visit_is_left_to_the_visit(office: Office) -> None:
    inspector = next(member for member in CAST if member.role == "inspector")
    assert REFUSED in office.send(who=inspector.user_id)
    office.hears(Kind.TEXT, who=inspector.user_id, text="/kiemtra thien tan")
    office.hears(Kind.TEXT, who=inspector.user_id, text="1")
    state = office.database.write_now(
        lambda c: c.execute(select(chats.c.state).where(chats.c.chat_id == inspector.user_id)).scalar_one()
    )
    assert '"visit"' in state
    media = Media("w9", name="ngay_nghi.xlsx")
    assert office.hears(Kind.FILE, who=inspector.user_id, media=media) == []  # answered when its bytes are safe
    awaited = office.database.write_now(visits.awaited_photos)
    assert [(one.media.name, one.visit_id is not None) for one in awaited] == [("ngay_nghi.xlsx", True)]
    assert office.open() == 0


def test_a_file_that_is_no_workbook_is_not_imported(office: Office) -> None:
    assert "Đang kiểm tra" not in office.send("bien_ban.pdf")
    assert office.open() == 0
    assert ".xlsx" in ENDINGS


def test_an_import_that_fails_in_the_midst_changes_nothing_and_is_not_begun_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send()
    office.hears(Kind.DONE, details=office.done(built(days_off(3))))
    office.hears(Kind.TEXT, text="1")
    details = office.done()
    whole = importing.apply

    def half(connection: Any, plan: importing.Plan) -> None:
        whole(connection, dataclasses.replace(plan, changes=plan.changes[:1]))
        raise RuntimeError("power cut")

    monkeypatch.setattr(importing, "apply", half)
    [parcel] = office.hears(Kind.DONE, details=details)
    assert "chưa xử lý được" in parcel.payload["text"]
    assert (office.how_many(calendar_overrides), office.how_many(journal), office.open()) == (0, 0, 0)


def test_the_choice_not_to_import_comes_too_late_after_the_choice_to_import(office: Office) -> None:
    office.send()
    [asked] = office.hears(Kind.DONE, details=office.done(built(days_off(3))))
    office.hears(Kind.TEXT, text="1")
    [again] = office.hears(Kind.TEXT, text="2")
    assert "Câu này đã trả lời" in again.payload["text"]
    [late] = office.hears(Kind.TEXT, text="1")
    assert "không dừng lại được" in late.payload["text"]
    assert [label for label, _ in asked.payload["choices"]] == ["1. Nạp", "2. Không nạp"]


def test_it_is_said_in_english_too(office: Office) -> None:
    office.hears(Kind.TEXT, text="/ngonngu")
    office.hears(Kind.TEXT, text="2")
    office.send()
    [asked] = office.hears(Kind.DONE, details=office.done(built(days_off(12))))
    assert "is sound, not imported yet" in asked.payload["text"]
    assert "… and 2 more, see the file." in asked.payload["text"]


# --- the printed invitation -------------------------------------------------------------------------------------------

SHEET = Errand(
    "e-sheet", "invitation", Chat(NETWORK, ACCOUNT, ADMIN.user_id), ADMIN.user_id,
    {"name": "Hoàng Văn Bình", "title": "Chủ tịch", "role": "unit-head", "unit": "UBND xã Điềm He", "code": "K7M4 Q2TX",
     "ends": NOW.isoformat(), "link": "", "phone": ""},
)  # fmt: skip


@pytest.mark.parametrize(("max_file", "outcome"), [(0, "no_files"), (50_000_000, "ready")])
def test_the_sheet_is_made_where_it_can_be_sent(office: Office, max_file: int, outcome: str) -> None:
    means = Means(office.database.write_now, office.evidence, NOW, max_file)
    done = TASKS["invitation"].work(SHEET, means)
    assert done["outcome"] == outcome
    if outcome == "ready":
        assert office.evidence.passing.get(done["sha256"]).startswith(b"%PDF")


def test_the_sheet_comes_after_the_code_and_the_code_is_not_kept_with_it(office: Office) -> None:
    office.database.write_now(lambda connection: errands.order(connection, [SHEET], NOW))
    told = office.hears(Kind.DONE, details={"errand": "e-sheet", "outcome": "ready", "sha256": "a" * 64})
    assert [parcel.payload["document"]["name"] for parcel in told] == ["giay-moi.pdf"]
    kept = select(errands_table.c.details).where(errands_table.c.id == "e-sheet")
    assert office.database.write_now(lambda connection: connection.execute(kept).scalar_one()) == "{}"


def test_who_may_no_longer_invite_gets_no_sheet(office: Office) -> None:
    office.database.write_now(lambda connection: errands.order(connection, [SHEET], NOW))
    office.database.write_now(lambda connection: connection.execute(update(roles).values(valid_to=date(2026, 1, 1))))
    assert all(
        "document" not in parcel.payload
        for parcel in office.hears(Kind.DONE, details={"errand": "e-sheet", "outcome": "ready", "sha256": "a" * 64})
    )
