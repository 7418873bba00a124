"""/moi, /donvi, /dulieu and the notice, driven through the real conversation on SQLite: state lies in the file only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from bot import consent
from bot.commands import COMMANDS, codes, find_command
from bot.commands.invite import Invite, guessing_report
from bot.commands.privacy import Privacy
from bot.commands.units import Units
from bot.conversation import Conversation, Event, names_its_item
from bot.ledger import Ledger
from bot.talk import Talk
from inspection.messages import Chat, Incoming, Kind
from inspection.working_days import LOCAL
from storage import consents, invitations, journal, people, units
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.inbox import Arrival
from storage.outbox import MARKS, Mark, Parcel
from storage.people import NewPerson
from storage.tables import accounts, roles
from storage.tables import consents as consent_rows
from storage.tables import people as person_rows
from storage.tables import visits as visit_rows
from storage.units import NewUnit
from tests.cast import ACCOUNT, CAST, NETWORK, PROVINCE, SINCE, load
from tests.chat import SeededIds

THINH, NGAN, HANH, BINH, KHOI, LAM, DUYEN = (f"100{n}" for n in range(1, 8))  # user ids of the cast
START = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)


class Noticed(Conversation):
    """The conversation with the notice before everything else."""

    def _heard(self, talk: Talk) -> None:
        if not consent.holds_up(talk, lambda: self._goes_to(talk)):
            super()._heard(talk)

    def _goes_to(self, talk: Talk) -> str:
        text = talk.incoming.text.strip()
        if talk.incoming.kind is Kind.TEXT:
            found = find_command(text)
            if found is not None:
                return found[0].name
            named = talk.state.get("visit") and names_its_item(text)
            return "" if named or text.upper().startswith("NV") else consent.command_of(self._seen(talk))
        if talk.incoming.kind is Kind.TAP:
            token = talk.incoming.token.partition(":")[0]
            return consent.command_of(next((p for p in talk.state.get("prompts", ()) if p["t"] == token), None))
        return ""


class Office:
    """Everybody's phone, on one network with buttons."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ids = SeededIds()
        self.now = START
        self.number = 100
        self.said: list[tuple[str, str]] = []  # (user id, text), of the last event
        self.shown: dict[str, list[Parcel]] = {}

    def do(self, work: Any) -> Any:
        return self.database.write_now(work)

    def types(self, user_id: str, text: str) -> str:
        """What the bot answers to whoever typed, in one string."""
        self.number += 10
        return self.hear(user_id, Incoming(Kind.TEXT, chat_of(user_id), user_id, self.number, text))

    def taps(self, user_id: str, label: str) -> str:
        parcel = next(p for p in reversed(self.shown[user_id]) if label in [c[0] for c in p.payload.get("choices", ())])
        return self.taps_on(user_id, parcel, label)

    def taps_on(self, user_id: str, parcel: Parcel, label: str) -> str:
        index = [c[0] for c in parcel.payload["choices"]].index(label)
        self.number += 10
        return self.hear(
            user_id, Incoming(Kind.TAP, chat_of(user_id), user_id, 1, token=f"{parcel.token}:{index}", callback="c")
        )

    def hear(self, user_id: str, *incoming: Incoming) -> str:
        self.now += timedelta(seconds=1)
        conversation = Noticed(now=lambda: self.now, ids=self.ids, numbered=lambda _chat: True)
        events = [
            Event(Arrival(NETWORK, ACCOUNT, f"{self.number}-{n}", {}, self.now), i) for n, i in enumerate(incoming)
        ]
        outcomes = self.do(lambda connection: conversation.run(connection, events))
        self.said = []
        for parcel in (p for outcome in outcomes for p in outcome.parcels):
            self.number += 1
            mark = Mark(parcel.id, "sent", self.now, self.number)
            self.do(lambda connection, mark=mark: MARKS.run(connection, [mark]))
            self.shown.setdefault(parcel.chat.chat_id, []).append(parcel)
            self.said.append((parcel.chat.chat_id, parcel.payload["text"]))
        return "\n".join(text for to, text in self.said if to == user_id)

    def talk(self, user_id: str, *texts: str) -> str:
        """Several messages; what the last is answered with."""
        return [self.types(user_id, text) for text in texts][-1]


def chat_of(user_id: str) -> Chat:
    return Chat(NETWORK, ACCOUNT, user_id)


@pytest.fixture(scope="module")
def stage(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("people") / "stage.db"))
    database = Database(f"sqlite:///{path}")
    database.write_now(lambda connection: load(connection, EvidenceStore(path.parent / "evidence")))
    database.stop()
    return path


@pytest.fixture
def strict(stage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Nobody has answered the notice yet."""
    for command in (Invite(), Units(), Privacy()):
        monkeypatch.setitem(COMMANDS, command.name, command)
    monkeypatch.setattr(codes, "USERNAMES", {})
    database = Database(f"sqlite:///{shutil.copy(stage, tmp_path / 'office.db')}")
    database.write_now(lambda connection: connection.execute(consent_rows.delete()))
    yield Office(database)
    database.stop()


@pytest.fixture
def office(strict: Office) -> Office:
    """Everybody has agreed."""
    strict.do(lambda connection: consents.record_for_all_accounts(connection, consent.VERSION, START))
    return strict


# --- the notice -----------------------------------------------------------------------------------------------------


def test_nothing_is_done_before_the_notice_is_answered(strict: Office) -> None:
    first = strict.types(THINH, "/kiemtra tan doan")
    assert "bên kiểm soát dữ liệu: Sở Nội vụ" in first
    assert "1. Đồng ý\n2. Không đồng ý" in first
    assert strict.types(THINH, "/kiemtra tan doan").startswith("Đề nghị đồng chí trả lời thông báo")
    assert strict.types(THINH, "C01 25 23 2 0").startswith("Đề nghị đồng chí trả lời thông báo")
    photo = Incoming(Kind.PHOTO, chat_of(THINH), THINH, strict.number + 5)
    assert strict.hear(THINH, photo).startswith("Đề nghị đồng chí trả lời thông báo")
    assert "Các lệnh dùng được" in strict.types(THINH, "/trogiup")
    assert strict.types(THINH, "/start") == first
    assert "chưa trả lời" in strict.types(THINH, "/dulieu")
    assert strict.do(lambda c: c.execute(select(func.count()).select_from(visit_rows)).scalar_one()) == 1


def test_the_two_buttons_are_equal(strict: Office) -> None:
    strict.types(THINH, "/kiemtra")
    assert strict.shown[THINH][-1].payload["choices"] == [["1. Đồng ý", "1"], ["2. Không đồng ý", "2"]]


@pytest.mark.parametrize("yes", ["1", "đồng ý", "dong y", "Đồng ý."])
def test_agreement_is_kept_with_text_time_and_account(strict: Office, yes: str) -> None:
    strict.types(BINH, "xin chào")
    assert "đã ghi nhận sự đồng ý" in strict.types(BINH, yes)
    kept = strict.do(lambda connection: consents.latest(connection, ["p-" + BINH]))["p-" + BINH]
    assert (kept.agreed, kept.version, kept.answered_at) == (True, consent.VERSION, strict.now)
    assert (kept.channel, kept.account, kept.user_id) == (NETWORK, ACCOUNT, BINH)
    assert "NV-2026-0147" in strict.types(BINH, "/kehoach")


@pytest.mark.parametrize("neither", ["ok", "không", "3", "đồng", "có"])
def test_what_is_neither_yes_nor_no_is_asked_again(strict: Office, neither: str) -> None:
    strict.types(BINH, "/kehoach")
    assert strict.types(BINH, neither).startswith("Đề nghị đồng chí trả lời thông báo")
    assert strict.do(lambda connection: consents.latest(connection, ["p-" + BINH])) == {}


def test_refusing_means_paper_and_can_be_changed(strict: Office) -> None:
    strict.types(BINH, "/kehoach")
    assert "bằng văn bản" in strict.taps(BINH, "2. Không đồng ý")
    assert strict.types(BINH, "/kehoach") == consent.PAPER.vi
    assert strict.types(BINH, "NV-2026-0147 1 15/KH-UBND 03/8/2026") == consent.PAPER.vi
    assert "nhận việc bằng văn bản" in _unnoticed(strict, "/donvi diem he")
    assert "không đồng ý lúc" in strict.types(BINH, "/dulieu")
    assert "1. Đồng ý" in strict.types(BINH, "2")
    assert "đã ghi nhận sự đồng ý" in strict.taps(BINH, "1. Đồng ý")
    assert "NV-2026-0147" in strict.types(BINH, "/kehoach")


def _unnoticed(office: Office, text: str) -> str:
    """The administrator, who agrees first."""
    office.talk(HANH, "/start", "1")
    return office.types(HANH, text)


def test_an_agreement_to_another_text_is_asked_anew(strict: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    strict.talk(THINH, "/start", "1")
    monkeypatch.setattr(consent, "VERSION", "f" * 64)
    assert "Đề nghị đồng chí chọn:" in strict.types(THINH, "/kiemtra")
    assert "thông báo đã có bản mới" in strict.types(THINH, "/dulieu")


def test_withdrawing_stops_an_open_visit(office: Office) -> None:
    office.talk(THINH, "/kiemtra thien tan", "1", "/dulieu", "2", "2")
    assert office.types(THINH, "C01 22 22 0 0, còn lại đạt") == consent.PAPER.vi
    assert office.types(THINH, "/tieptuc") == consent.PAPER.vi


def test_withdrawing_on_one_phone_holds_for_all_of_them(office: Office) -> None:
    second = "1009"
    office.do(lambda c: people.bind_account(c, "p-" + THINH, chat_of(second), second, START))
    for phone in (THINH, second):
        assert "Đề nghị gõ tên đơn vị" in office.types(phone, "/kiemtra")
    office.talk(THINH, "/dulieu", "2", "2")
    assert office.types(second, "/kiemtra") == consent.PAPER.vi
    office.talk(second, "/dulieu", "2", "1")
    assert "Đề nghị gõ tên đơn vị" in office.types(THINH, "/kiemtra")


def test_an_agreement_does_not_pass_to_whoever_has_the_phone_next(office: Office) -> None:
    office.types(THINH, "/kiemtra")
    office.do(
        lambda c: people.create(c, [NewPerson("p-new", "Lộc Thị Mai", SINCE, roles=(("inspector", PROVINCE),))], START)
    )
    office.do(lambda c: people.bind_account(c, "p-new", chat_of(THINH), THINH, START))
    assert "Lộc Thị Mai" in office.types(THINH, "/kiemtra")


# --- /dulieu --------------------------------------------------------------------------------------------------------


def test_privacy_shows_all_that_is_kept(office: Office) -> None:
    assert office.types(NGAN, "/dulieu") == (
        "Hệ thống đang lưu về đồng chí:\n"
        "- Họ tên: Đinh Thị Ngân\n"
        "- Chức vụ: Phó Giám đốc Sở Nội vụ\n"
        "- Vai trò: Trưởng đoàn, UBND tỉnh Lạng Sơn\n"
        f"- Tài khoản trò chuyện: Telegram, số {NGAN}, liên kết lúc 08:00 ngày 01/7/2025\n"
        f"- Thông báo về dữ liệu: đồng ý lúc 08:00 ngày 04/8/2026, từ Telegram, bản {consent.VERSION[:8]}\n"
        "- Đã gửi: 01 lượt kiểm tra, 00 câu trả lời (kể cả sửa), 00 ảnh, 00 báo cáo thực hiện\n"
        "Biên bản, câu trả lời và ảnh đã ghi là hồ sơ kiểm tra, được giữ theo quy định về lưu trữ. "
        "Đề nghị chỉnh sửa, xóa được trả lời trong 02 ngày làm việc.\n"
        "1. Đề nghị chỉnh sửa, xóa   2. Xem thông báo, đổi lựa chọn"
    )
    assert "01 báo cáo" in office.types(KHOI, "/privacy")


def test_a_request_goes_to_the_administrator_and_its_words_not_into_the_journal(office: Office) -> None:
    assert office.talk(BINH, "/dulieu", "1", "chức vụ đúng là Bí thư").startswith("Đã chuyển đề nghị")
    assert [(to, "chức vụ đúng là Bí thư" in text) for to, text in office.said] == [(HANH, True), (BINH, False)]
    row = office.do(lambda connection: journal.about(connection, "p-" + BINH))[0]
    assert (row.entry.act, row.entry.actor_id, row.entry.details) == ("asked_correction", "p-" + BINH, {})


def test_english_is_whole(office: Office) -> None:
    office.talk(HANH, "/ngonngu en")
    for text in ("/privacy", "/units", "/invite", "/units tan doan"):
        assert not re.search(r"Đề nghị|đồng chí|Hệ thống", office.types(HANH, text)), text


# --- /moi: inviting -------------------------------------------------------------------------------------------------


def test_a_person_is_invited_and_comes_in(office: Office) -> None:
    codes.USERNAMES[NETWORK, ACCOUNT] = "ky_cuong_bot"
    steps = ("/moi", "1", "Lương  Thị Thảo", "Chủ tịch Ủy ban nhân dân xã Tân Tri", "3", "tan tri")
    assert office.talk(HANH, *steps).startswith(
        "Mời Lương Thị Thảo, Chủ tịch Ủy ban nhân dân xã Tân Tri, vai trò: Thủ trưởng đơn vị, tại UBND xã Tân Tri."
    )
    issued = office.taps(HANH, "1. Cấp mã")
    assert "hết hiệu lực lúc 08:00 ngày 07/8/2026" in issued
    code = re.search(r": (\w{4} \w{4})\n", issued)[1]  # type: ignore[index]
    assert f"https://t.me/ky_cuong_bot?start={code.replace(' ', '')}\n" in issued
    assert "Lương Thị Thảo" in office.types("1008", code)
    office.talk("1008", "/start", "1")
    assert "- Người mời: Vi Thị Mỹ Hạnh, lúc 08:00 ngày 04/8/2026" in office.types("1008", "/dulieu")
    person = office.do(lambda c: people.named(c, "Lương Thị Thảo", START.astimezone(LOCAL).date()))[0]
    row = office.do(lambda connection: journal.about(connection, person.id, "invited"))[0]
    assert (row.entry.actor_id, row.entry.details) == ("p-" + HANH, {"role": "unit-head", "unit": "u-tan-tri"})


def test_without_a_name_of_the_bot_there_is_a_code_and_no_link(office: Office) -> None:
    issued = office.talk(HANH, "/moi", "1", "Lương Thị Thảo", "không", "1", "tinh lang son", "1")
    assert "Mã mời Lương Thị Thảo (Thành viên đoàn kiểm tra, UBND tỉnh Lạng Sơn): " in issued
    assert "http" not in issued


def test_a_repeated_answer_makes_one_person_and_one_code(office: Office) -> None:
    office.talk(HANH, "/moi", "1", "Lương Thị Thảo", "không", "1", "tan tri")
    issued = office.types(HANH, "1")
    number = office.number
    assert issued
    again = Incoming(Kind.TEXT, chat_of(HANH), HANH, number - 0, "1")  # left the phone before the code was seen
    assert office.hear(HANH, again) == ""
    assert len(office.do(lambda c: people.named(c, "Lương Thị Thảo", START.date()))) == 1


def test_a_known_person_gets_a_new_code_and_is_not_doubled(office: Office) -> None:
    assert "1. Hoàng Văn Bình (Chủ tịch" in office.talk(HANH, "/moi", "1", "Hoàng Văn Bình")
    assert "Mã mời Hoàng Văn Bình" in office.talk(HANH, "1", "1")
    assert len(office.do(lambda c: people.named(c, "Hoàng Văn Bình", START.date()))) == 1


def test_a_second_head_is_pointed_out(office: Office) -> None:
    assert "đang có thủ trưởng trong Hệ thống: Hoàng Văn Bình" in office.talk(
        HANH, "/moi", "1", "Lương Thị Thảo", "không", "3", "diem he"
    )


def test_back_leads_to_the_question_before(office: Office) -> None:
    assert "chức vụ" in office.talk(HANH, "/moi", "1", "Lương Thị Thảo", "không", "lùi")


@pytest.mark.parametrize("name", ["Thảo", "Thảo 2", "a b\u0000<c>", "x" * 200 + " y"])
def test_what_is_no_name_is_asked_again(office: Office, name: str) -> None:
    assert office.talk(HANH, "/moi", "1", name).startswith("Họ và tên gồm ít nhất 02 từ")


def test_only_administrators_invite_also_halfway(office: Office) -> None:
    assert "chưa được phân quyền" in office.types(THINH, "/moi")
    office.talk(HANH, "/moi", "1", "Lương Thị Thảo")
    ended = update(roles).where(roles.c.person_id == "p-" + HANH)
    office.do(lambda c: c.execute(ended.values(role="inspector")))
    assert "chưa được phân quyền" in office.types(HANH, "Chuyên viên")
    assert "chưa được phân quyền" in office.taps(HANH, "1. Mời người mới") or office.said == []


@pytest.fixture
def local(office: Office) -> Office:
    """Duyên administers xã Điềm He alone."""
    changed = update(roles).where(roles.c.person_id == "p-" + DUYEN).values(role="admin")
    office.do(lambda connection: connection.execute(changed))
    return office


def test_an_administrator_stays_within_the_area(local: Office) -> None:
    assert "Không tìm thấy đơn vị" in local.talk(DUYEN, "/moi", "1", "Lương Thị Thảo", "không", "1", "tan doan")
    assert "Không tìm thấy" in local.talk(DUYEN, "/moi", "2", "Nông Văn Thịnh")
    assert "chức vụ" in local.talk(DUYEN, "/moi", "1", "Nông Văn Thịnh")  # not told that one of this name is known


# --- /moi: taking away ----------------------------------------------------------------------------------------------


def test_the_blocked_are_strangers_at_once_with_their_old_buttons(office: Office) -> None:
    office.types(THINH, "/kiemtra tan tri")
    old = office.shown[THINH][-1]
    office.talk(HANH, "/moi", "2", "thinh")
    assert office.taps(HANH, "1. Khóa") == "Đã khóa Nông Văn Thịnh (Chuyên viên chính Sở Nội vụ)."
    assert office.taps_on(THINH, old, "1. Bắt đầu") == ""
    assert "kênh nội bộ" in office.types(THINH, "/tieptuc")
    assert office.do(lambda c: c.execute(select(func.count()).select_from(visit_rows)).scalar_one()) == 1
    assert [r.entry.act for r in office.do(lambda c: journal.about(c, "p-" + THINH))] == ["blocked"]
    assert "1. Nông Văn Thịnh" in office.talk(HANH, "/moi", "4")
    assert office.talk(HANH, "1", "1").startswith("Đã mở khóa")
    assert "Đề nghị gõ tên đơn vị" in office.types(THINH, "/kiemtra")


@pytest.mark.parametrize(
    ("who", "typed", "command"), [(HANH, "/moi", "/trogiup"), (THINH, "/kiemtra tan tri", "/tieptuc")]
)
def test_an_old_button_names_a_command_of_ones_own(office: Office, who: str, typed: str, command: str) -> None:
    office.types(who, typed)
    old = office.shown[who][-1]
    for _ in range(50):
        office.types(who, typed)
    said = office.taps_on(who, old, old.payload["choices"][0][0])
    assert "Nút này đã cũ" in said
    assert command in said


def test_blocking_holds_for_what_comes_in_the_same_batch(office: Office) -> None:
    office.talk(HANH, "/moi", "2", "thinh")
    block = Incoming(Kind.TEXT, chat_of(HANH), HANH, office.number + 1, "1")
    begin = Incoming(Kind.TEXT, chat_of(THINH), THINH, office.number + 1, "/kiemtra")
    assert "kênh nội bộ" in office.hear(THINH, block, begin)


def test_the_last_administrator_stays(office: Office) -> None:
    assert "không tự khóa" in office.talk(HANH, "/moi", "2", "hanh")
    assert "ít nhất 01 quản trị" in office.talk(HANH, "/moi", "3", "hanh", "1")
    assert "Các lệnh dùng được" in office.types(HANH, "/trogiup")


def test_another_administrator_who_cannot_be_reached_does_not_count(local: Office) -> None:
    on, yesterday = START.date(), START - timedelta(days=1)
    to_top = update(roles).where(roles.c.person_id == "p-" + DUYEN).values(unit_id=PROVINCE)
    silent = update(accounts).where(accounts.c.person_id == "p-" + DUYEN)
    local.do(lambda c: (c.execute(to_top), c.execute(silent.values(unreachable_at=yesterday))))
    assert not local.do(lambda c: people.block_unless_last(c, "p-" + HANH, START, on))
    local.do(lambda c: c.execute(silent.values(unreachable_at=None)))
    assert local.do(lambda c: people.block_unless_last(c, "p-" + HANH, START, on))


def test_an_unbound_account_is_a_strangers_and_its_code_stays_used(office: Office) -> None:
    code = office.do(lambda c: invitations.issue(c, "p-" + LAM, START, random=_random()))
    office.types("1008", code)
    listed = office.talk(HANH, "/moi", "3", "Hứa Văn Lâm")
    assert "1. Telegram, liên kết từ ngày 01/7/2025\n2. Telegram, liên kết từ ngày 04/8/2026" in listed
    assert office.talk(HANH, "2", "1").startswith("Đã gỡ liên kết Telegram của Hứa Văn Lâm")
    assert "kênh nội bộ" in office.types("1008", "/start")
    assert "đã được dùng" in office.types("1008", code)
    assert "Các lệnh dùng được" in office.types(LAM, "/trogiup")
    row = office.do(lambda c: journal.about(c, "p-" + LAM, "unbound"))[0]
    assert row.entry.details["channel"] == NETWORK


def _random() -> Any:
    return codes.secrets.SystemRandom()


def test_equal_names_are_told_apart(office: Office) -> None:
    office.do(
        lambda c: people.create(c, [NewPerson("p-2", "Hứa Văn Lâm", SINCE, roles=(("inspector", "u-tan-tri"),))], START)
    )
    assert "1. Hứa Văn Lâm (Chuyên viên Sở Nội vụ)\n2. Hứa Văn Lâm (Thành viên đoàn kiểm tra, UBND xã Tân Tri)" in (
        office.talk(HANH, "/moi", "2", "hua van lam")
    )
    office.talk(HANH, "2", "1")
    blocked = office.do(lambda c: c.execute(select(person_rows.c.id).where(person_rows.c.blocked_at.is_not(None))))
    assert [row[0] for row in blocked] == ["p-2"]


def test_the_journal_of_all_this_is_whole(office: Office) -> None:
    office.talk(HANH, "/moi", "1", "Lương Thị Thảo", "không", "1", "tan tri", "1")
    office.talk(HANH, "/moi", "2", "thinh", "1")
    office.talk(HANH, "/moi", "3", "lam", "1")
    assert office.do(journal.verify) is None
    assert office.do(journal.head) != journal.START


# --- guesses --------------------------------------------------------------------------------------------------------


def test_administrators_hear_once_a_day_of_an_account_that_guesses(office: Office) -> None:
    def report(connection: Connection, user_id: str, on: datetime) -> list[Any]:
        ledger = Ledger(connection, on, office.ids)
        return guessing_report(ledger, Incoming(Kind.TEXT, chat_of(user_id), user_id, text="2345 6789"))

    def guess(user_id: str, on: datetime) -> list[Any]:
        def work(connection: Connection) -> list[Any]:
            one = invitations.Guess("2345 6789", chat_of(user_id), user_id, on.astimezone(LOCAL).date())
            invitations.redeem(connection, one, on)
            return report(connection, user_id, on)

        return list(office.do(work))

    assert [len(guess("1008", START)) for _ in range(12)] == [0] * 9 + [1, 0, 0]
    assert [len(guess("1009", START)) for _ in range(10)] == [0] * 10  # one notice a day, whoever guesses
    tomorrow = START + timedelta(days=1)
    told = [guess("1009", tomorrow) for _ in range(10)][-1]
    assert [(chat.chat_id, "gửi mã mời không đúng 10 lần" in reply.text) for chat, reply in told] == [(HANH, True)]


# --- /donvi ---------------------------------------------------------------------------------------------------------


def test_the_card(office: Office) -> None:
    assert office.types(HANH, "/donvi tan doan") == (
        "UBND xã Tân Đoàn (trước là các xã Tân Thành, Tràng Phái, Tân Đoàn). Có Bộ phận Một cửa.\n"
        "Thủ trưởng: Triệu Văn Khôi, Chủ tịch Ủy ban nhân dân xã Tân Đoàn; nhận tin qua Telegram.\n"
        "Lần kiểm tra gần nhất 12/11/2025: 83,5/100, Khá.\n"
        "Tồn tại, hạn chế chưa xác nhận khắc phục: 01.\n"
        "- TT-2025-017: phòng làm việc thiếu biển tên; thời hạn 28/8/2026\n"
        "Không có việc đang chờ.\n"
        "Đơn vị trực thuộc, 1-1/1:\n"
        "1. Phòng Văn hóa - Xã hội, UBND xã Tân Đoàn\n"
        "Gõ “lên” để về UBND tỉnh Lạng Sơn.\n"
        "Gõ số để mở, hoặc gõ tên đơn vị. Ví dụ: 1"
    )
    owing = office.types(HANH, "diem he")
    assert "- NV-2026-0147: Kế hoạch kỷ luật, kỷ cương năm 2026, thời hạn 06/02/2026, quá hạn" in owing
    assert "Chưa có lượt kiểm tra nào." in owing


def test_the_tree_is_walked_down_and_up(office: Office) -> None:
    top = office.types(HANH, "/donvi")
    assert top.startswith("UBND tỉnh Lạng Sơn.")
    assert "Đơn vị trực thuộc, 1-5/5:" in top
    number = re.search(r"(\d)\. UBND xã Tân Tri", top)[1]  # type: ignore[index]
    assert office.types(HANH, number).startswith("UBND xã Tân Tri. Có Bộ phận Một cửa.")
    assert office.taps(HANH, "Lên") == top


def test_a_long_list_has_pages_and_its_numbers_go_on(office: Office) -> None:
    new = [NewUnit(f"x{n:02d}", "commune", f"xã Bản {n:02d}", SINCE, parent_id=PROVINCE) for n in range(1, 31)]
    office.do(lambda connection: units.create(connection, new))
    assert "Đơn vị trực thuộc, 1-10/35:" in office.types(HANH, "/donvi")
    second = office.taps(HANH, "Tiếp")
    assert second.startswith("Đơn vị trực thuộc, 11-20/35:\n11. ")
    assert office.types(HANH, "31").startswith("Đơn vị trực thuộc, 31-35/35:")
    assert office.types(HANH, "trước").startswith("Đơn vị trực thuộc, 21-30/35:")
    name = re.search(r"25\. (UBND xã Bản \d\d)", office.said[-1][1])[1]  # type: ignore[index]
    assert office.types(HANH, "25").startswith(f"{name}.")


def test_former_names_find_the_unit_of_today(office: Office) -> None:
    assert office.types(HANH, "/donvi trang phai").startswith("UBND xã Tân Đoàn (trước là")


def test_equal_names_are_offered_with_their_parents(office: Office) -> None:
    found = office.types(HANH, "/donvi van hoa")
    number = re.search(r"(\d)\. Phòng Văn hóa - Xã hội, UBND xã Điềm He", found)[1]  # type: ignore[index]
    assert "Phòng Văn hóa - Xã hội, UBND xã Tân Đoàn" in found
    assert "“lên” để về UBND xã Điềm He" in office.types(HANH, number)


def test_a_head_sees_the_own_unit_and_nothing_else(office: Office) -> None:
    own = office.types(BINH, "/donvi")
    assert own.startswith("UBND xã Điềm He.")
    assert "Lên" not in [choice[0] for choice in office.shown[BINH][-1].payload["choices"]]
    assert "Không tìm thấy đơn vị" in office.types(BINH, "tan doan")
    assert office.types(BINH, "lên").startswith("Không tìm thấy đơn vị")


def test_a_list_of_yesterday_opens_nothing_outside_the_area_of_today(office: Office) -> None:
    office.types(THINH, "/donvi")
    moved = update(roles).where(roles.c.person_id == "p-" + THINH).values(unit_id="u-diem-he")
    office.do(lambda connection: connection.execute(moved))
    for number in "12345":
        answer = office.types(THINH, number)
        assert "Tân" not in answer or "Không tìm thấy" in answer, answer


def test_a_visit_under_way_is_told_to_its_leader_alone(office: Office) -> None:
    before = {who: office.types(who, "/donvi tan tri") for who in (HANH, NGAN, LAM)}
    office.talk(THINH, "/kiemtra tan tri", "1")
    assert office.do(lambda c: c.execute(select(func.count()).select_from(visit_rows)).scalar_one()) == 2
    for who, card in before.items():
        assert office.types(who, "/donvi tan tri") == card
    assert "gõ /tieptuc" in office.types(THINH, "/donvi tan tri")


def test_reach_is_told_as_it_is(office: Office) -> None:
    chat = chat_of(KHOI)
    office.do(lambda connection: people.mark_unreachable(connection, chat, START))
    assert "hiện không nhận tin" in office.types(HANH, "/donvi tan doan")
    office.types(KHOI, "/kehoach")  # who writes can be written to, on networks too that say nothing of it
    assert "nhận tin qua Telegram" in office.types(HANH, "/donvi tan doan")
    office.do(lambda c: c.execute(accounts.delete().where(accounts.c.user_id == KHOI)))
    assert "chưa liên kết tài khoản" in office.types(HANH, "/donvi tan doan")
    assert "Chưa có thủ trưởng" in office.types(HANH, "/donvi tan tri")


def test_the_card_names_the_stand_in_and_when_something_arrived(office: Office) -> None:
    today = START.astimezone(LOCAL).date()
    held = people.RoleAt("unit-head", "u-tan-doan", "", "p-" + KHOI, today)
    office.do(lambda connection: people.stand_in(connection, "p-" + LAM, held, today))
    office.types(LAM, "/trogiup")
    card = office.types(HANH, "/donvi tan doan")
    assert "Thủ trưởng: Triệu Văn Khôi, Chủ tịch Ủy ban nhân dân xã Tân Đoàn; nhận tin qua Telegram.\n" in card
    assert (
        "Thay đồng chí Triệu Văn Khôi đến hết ngày 04/8/2026: Hứa Văn Lâm, Chuyên viên Sở Nội vụ; "
        "nhận tin qua Telegram, tin gần nhất đã chuyển lúc 08:00 ngày 04/8/2026.\n"
    ) in card
    office.now += timedelta(days=1)
    assert "Hứa Văn Lâm" not in office.types(HANH, "/donvi tan doan")


def test_somebody_new_stands_in_and_gets_a_code(office: Office) -> None:
    office.talk(HANH, "/moi", "5", "khoi", "Lộc Văn Mới", "1", "10/8/2026", "1")
    said = office.said[-1][1]
    code = re.search(r": (\w{4} \w{4})\n", said)[1]  # type: ignore[index]
    assert "Lộc Văn Mới" in office.types("1008", code)
    office.types("1008", "1")
    assert "TT-2025-017" in office.types("1008", "/kehoach")
    person = office.do(lambda c: people.named(c, "Lộc Văn Mới", START.astimezone(LOCAL).date()))[0]
    acts = [(row.entry.act, row.entry.actor_id) for row in office.do(lambda c: journal.about(c, person.id))]
    assert acts == [("stood_in", "p-" + HANH), ("invited", "p-" + HANH), ("joined", person.id)]


def test_the_cast_is_as_these_tests_think() -> None:
    assert [member.user_id for member in CAST[:7]] == [THINH, NGAN, HANH, BINH, KHOI, LAM, DUYEN]
