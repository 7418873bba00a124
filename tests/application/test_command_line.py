"""The commands as an operator meets them: what they refuse, in which words, and that they say everything at once."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
import pytest

from bot.__main__ import main
from bot.conversation import Conversation, Event
from bot.ledger import RandomIds
from inspection.messages import Chat, Incoming, Kind
from storage.clock import set_ahead
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import MARKS, Mark
from tests.application.process import environment, kycuong
from tests.storage.workbook_cases import built, sound

TOKEN = "100001:simulator"


@pytest.fixture
def folder(province: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "copy"
    shutil.copytree(province, copied)
    return copied


def settings(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a command on the copied province."""
    given = {"database_url": f"sqlite:///{folder / 'kycuong.db'}", "evidence_url": str(folder / "evidence")}
    return environment(**{**given, "telegram_token": TOKEN, "telegram_api_url": "http://127.0.0.1:9", **more})


async def refused(folder: Path, *arguments: str, env: dict[str, str]) -> str:
    """The words of a refusal: on standard error, with status 2 and without a traceback."""
    status, out, err = await kycuong(folder, *arguments, env=env)
    assert status == 2, (out, err)
    assert "Traceback" not in out + err
    return err


async def test_init_makes_a_database_and_says_how_the_first_administrator_gets_in(tmp_path: Path) -> None:
    env = settings(tmp_path)
    status, out, err = await kycuong(tmp_path, "init", "--sample", env=env)
    assert status == 0, err
    assert "Cơ sở dữ liệu đã sẵn sàng." in out
    assert "/start " in out
    again = await kycuong(tmp_path, "init", env=env)
    assert again[0] == 0, again[2]


class Phone:
    """One person's chat on a database, driven through the real conversation."""

    def __init__(self, folder: Path, user_id: str) -> None:
        self.url = f"sqlite:///{folder / 'kycuong.db'}"
        self.chat = Chat("telegram", "100001", user_id)
        self.sent = 0

    def says(self, text: str) -> str:
        """What the bot answers in this chat."""
        self.sent += 1
        now = datetime.now(UTC)
        incoming = Incoming(Kind.TEXT, self.chat, self.chat.chat_id, self.sent * 10, text)
        event = Event(Arrival("telegram", "100001", f"{self.chat.chat_id}-{self.sent}", {}, now), incoming)
        talk = Conversation(now=lambda: now, ids=RandomIds(), numbered=lambda _chat: True)
        database = Database(self.url)
        try:
            (outcome,) = database.write_now(lambda connection: talk.run(connection, [event]))
            sent = [Mark(parcel.id, "sent", now, self.sent * 10 + 1) for parcel in outcome.parcels]
            database.write_now(lambda connection: MARKS.run(connection, sent))
        finally:
            database.stop()
        return "\n".join(p.payload["text"] for p in outcome.parcels if p.chat == self.chat)


def code_in(text: str) -> str:
    """The first code of a text."""
    found = re.search(r"\b[0-9A-Z]{4} [0-9A-Z]{4}\b", text)
    assert found is not None, text
    return found[0]


async def done(folder: Path, *arguments: str) -> str:
    """What a command prints that does what was asked."""
    status, out, err = await kycuong(folder, *arguments, env=settings(folder, telegram_token=""))
    assert status == 0, (out, err)
    return out


async def test_the_first_day_begins_with_nothing(tmp_path: Path) -> None:
    """init, the administrator comes in, the workbook is imported, others are invited: nothing was there before."""
    said = await done(tmp_path, "init", "--unit", "tỉnh Mẫu", "--name", "Hoàng Văn Mẫu")
    admin = Phone(tmp_path, "7")
    assert "bên kiểm soát dữ liệu" in admin.says(f"/start {code_in(said)}")
    assert "đã ghi nhận sự đồng ý" in admin.says("1")
    assert admin.says("/donvi").startswith("UBND tỉnh Mẫu.")
    (tmp_path / "co-quan.xlsx").write_bytes(built(sound()))
    told = await done(tmp_path, "import", "co-quan.xlsx")
    assert "Sửa TINH tỉnh Mẫu: Mã (trống) -> TINH" in told
    assert "NV-01 Hoàng Văn Mẫu đã có trong Hệ thống" in told
    assert "UBND xã Mẫu 3" in admin.says("/donvi mau 3")
    assert "Nông Thị Mẫu 1" in admin.says("/donvi mau 1")
    for text in ("/moi", "1", "Lộc Văn Mới", "không", "1", "tinh mau"):
        admin.says(text)
    newcomer = Phone(tmp_path, "8")
    assert "Lộc Văn Mới" in newcomer.says(code_in(admin.says("1")))
    assert "Mã mời" not in await done(tmp_path, "init"), "an administrator can be reached"
    assert "Không có gì thay đổi." in await done(tmp_path, "import", "co-quan.xlsx")
    assert "chuỗi băm nguyên vẹn" in await done(tmp_path, "verify")


def test_without_a_name_the_first_administrator_is_in_charge_of_the_workbook_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KYCUONG_DATABASE_URL", f"sqlite:///{tmp_path / 'kycuong.db'}")
    codes = [code_in(capsys.readouterr().out) for _ in range(2) if main(["init"]) == 0]
    admin = Phone(tmp_path, "7")
    assert "hết hạn" in admin.says(codes[0]), "a new code ends the one before"
    admin.says(codes[1])
    admin.says("1")
    assert admin.says("/donvi").startswith("Cơ quan quản lý.")
    (tmp_path / "co-quan.xlsx").write_bytes(built(sound()))
    assert main(["import", "co-quan.xlsx"]) == 0
    assert admin.says("/donvi").startswith("UBND tỉnh Mẫu.")


async def test_run_refuses_the_database_of_a_demonstration(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'kycuong.db'}")
    database.write_now(lambda connection: set_ahead(connection, timedelta(days=3)))
    database.stop()
    assert "bản chạy thử" in await refused(folder, "run", env=settings(folder))


async def test_run_names_every_wrong_setting_and_shows_none(folder: Path) -> None:
    wrong = {
        "database_url": "mysql://root:matkhau@db",
        "telegram_token": "khong-phai-ma",
        "timezone": "Hanoi",
        "language": "fr",
        "sends_per_second": "nhanh",
        "burst_silence": "-3",
    }
    said = await refused(folder, "run", env=settings(folder, **wrong))
    for name, value in wrong.items():
        assert f"KYCUONG_{name.upper()}" in said
        assert value not in said


INVITE = ("invite", "--role", "unit-head", "--name", "Lộc Văn Mới", "--unit")
REFUSALS: tuple[tuple[tuple[str, ...], dict[str, str], str], ...] = (
    (("run",), {"database_url": "sqlite:///empty.db"}, "kycuong init"),
    (("run",), {"telegram_token": ""}, "KYCUONG_TELEGRAM_TOKEN"),
    (("run", "--only", "clock"), {}, "PostgreSQL"),
    ((*INVITE, "xã Không Có"), {"telegram_token": ""}, "Không có đơn vị"),
    ((*INVITE, "Sở"), {"telegram_token": ""}, "Có nhiều đơn vị"),
)


def test_the_invitation_is_printed_as_a_sheet(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("KYCUONG_DATABASE_URL", f"sqlite:///{folder / 'kycuong.db'}")
    assert main([*INVITE, "xã Điềm He", "--pdf", "giay-moi.pdf"]) == 0
    assert (folder / "giay-moi.pdf").read_bytes().startswith(b"%PDF-")
    assert main([*INVITE, "xã Điềm He", "--pdf", "khong/co/giay-moi.pdf"]) == 2
    told = capsys.readouterr()
    assert told.out.count("/start ") == 2
    assert "Mã in ở trên vẫn dùng được" in told.err


async def test_what_cannot_be_done_is_said_in_words(folder: Path) -> None:
    two = asyncio.Semaphore(2)

    async def said(arguments: tuple[str, ...], more: dict[str, str]) -> str:
        async with two:
            return await refused(folder, *arguments, env=settings(folder, **more))

    heard = await asyncio.gather(*(said(arguments, more) for arguments, more, _ in REFUSALS))
    for words, (arguments, _, expected) in zip(heard, REFUSALS, strict=True):
        assert expected in words, arguments


async def test_templates_are_taken_out_tried_and_kept(folder: Path) -> None:
    env = settings(folder)
    taken = await kycuong(folder, "template", "--to", "mau", env=env)
    assert taken[0] == 0, taken[2]
    assert (folder / "mau" / "minutes.docx").exists()
    assert "don_vi: đơn vị được kiểm tra; ví dụ: Ủy ban nhân dân xã Tân Đoàn" in (
        folder / "mau" / "cac-truong.txt"
    ).read_text("utf-8")
    kept = await kycuong(folder, "template", "--keep", "mau/minutes.docx", "--unit", "tỉnh Lạng Sơn", env=env)
    assert kept[0] == 0, kept[2]
    assert "Đã thử và giữ mẫu cho UBND tỉnh Lạng Sơn: Biên bản kiểm tra." in kept[1]
    assert "Lưu ý" not in kept[1]
    bare = docx.Document()
    bare.add_paragraph("{% if du_thao %}DỰ THẢO{% endif %} {{ so }}")
    bare.save(str(folder / "mau" / "bare.docx"))
    minded = await kycuong(folder, "template", "--keep", "mau/bare.docx", "--unit", "tỉnh Lạng Sơn", env=env)
    assert "mẫu này không in thời gian bắt đầu (bat_dau); thành phần Đoàn" in minded[1]
    wrong = ("--keep", "mau/report.docx", "--unit", "tỉnh Lạng Sơn")
    assert "Mẫu dùng trường chưa có: bien_ban" in await refused(folder, "template", *wrong, env=env)
    assert "--unit" in await refused(folder, "template", "--keep", "mau/minutes.docx", env=env)
    back = await kycuong(folder, "template", "--take-back", "--unit", "tỉnh Lạng Sơn", env=env)
    assert "dùng lại mẫu có sẵn" in back[1]
