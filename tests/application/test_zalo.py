"""The product on a Zalo bot, over HTTP: by asking and by being called, alone and beside Telegram, as a process."""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image
from sqlalchemy import Connection

from bot.simulator import Running
from bot.simulator.zalo import DEFAULT_ZALO_TOKEN, zalo_id
from inspection.messages import Chat
from storage import people
from storage.database import Database
from storage.sample.people import ADMINISTRATOR, INSPECTOR
from tests.application.conftest import HEAD
from tests.application.phone import Phone
from tests.application.process import Application, kycuong

BOT = DEFAULT_ZALO_TOKEN.partition(":")[0]
ZALO_INSPECTOR, ZALO_HEAD, ZALO_ADMIN, NEWCOMER, TELEGRAM_INSPECTOR = 2001, 2002, 2003, 2004, 1001
SECRET = "a-secret-of-the-webhook"


def picture(number: int = 1) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), (number * 40 % 256, 90, 120)).save(held, "JPEG")
    return held.getvalue()


@pytest.fixture
def folder(province: Path, tmp_path: Path) -> Path:
    """A copy of the province in which the inspector and the head have a Zalo account too."""
    made = Path(shutil.copytree(province, tmp_path / "life"))
    database = Database(f"sqlite:///{made / 'kycuong.db'}")
    for chat_id, name in ((ZALO_INSPECTOR, INSPECTOR), (ZALO_HEAD, HEAD), (ZALO_ADMIN, ADMINISTRATOR)):
        database.write_now(lambda connection, c=chat_id, n=name: bind(connection, c, n))
    database.stop()
    return made


def bind(connection: Connection, chat_id: int, name: str) -> None:
    """What redeeming an invitation on Zalo does; longer ago than on Telegram."""
    person = people.named(connection, name, datetime.now(UTC).date())[0]
    chat = Chat("zalo", BOT, zalo_id(chat_id))
    people.bind_account(connection, person.id, chat, f"{BOT}:{zalo_id(chat_id)}", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def zalo(running: Running) -> Running:
    """The network with phones on Zalo."""
    listed = ((ZALO_INSPECTOR, INSPECTOR), (ZALO_HEAD, HEAD), (ZALO_ADMIN, ADMINISTRATOR), (NEWCOMER, "Người mới"))
    for chat_id, name in listed:
        running.network.phone(name, user_id=chat_id, bot=BOT)
    return running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(zalo: Running, *, public: str = "", **more: str) -> dict[str, str]:
    called = {"webhook_url": public, "webhook_secret": SECRET, "listen": public.removeprefix("http://")}
    return {
        "zalo_token": DEFAULT_ZALO_TOKEN,
        "zalo_api_url": zalo.url,
        "zalo_burst_silence": "0.5",
        **(called if public else {}),
        **more,
    }


@pytest_asyncio.fixture
async def polling(folder: Path, zalo: Running) -> AsyncIterator[Application]:
    made = Application(folder, zalo.url, **settings(zalo))
    await made.start()
    await made.ready()
    yield made
    await made.end()


@pytest_asyncio.fixture
async def called(folder: Path, zalo: Running) -> AsyncIterator[Application]:
    made = Application(folder, zalo.url, **settings(zalo, public=f"http://127.0.0.1:{free_port()}"))
    await made.start()
    await made.ready()
    yield made
    await made.end()


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "kycuong.db")) as connection:
        return connection.execute(query).fetchall()


async def test_a_visit_begun_on_telegram_is_finished_on_zalo(polling: Application, zalo: Running) -> None:
    """Nothing is asked twice: the next question stands where the last answer was given on the other network."""
    zalo.network.zalo.habits.change({"replay": True, "photo_field": "photo"})
    telegram, phone = Phone(zalo.network, TELEGRAM_INSPECTOR), Phone(zalo.network, ZALO_INSPECTOR)
    await telegram.ask("/kiemtra", "Đề nghị gõ tên đơn vị")
    await telegram.ask("tan doan", "1. Bắt đầu")
    await telegram.ask("1", "Mục C. Thời giờ làm việc")
    await telegram.ask("c01 25 23 2 0, c02 0, con lai dat", "Mục D.")

    begun = await phone.ask("tiep tuc", "đã ghi 4/")
    assert "Mục D, E" in begun, "two sections at once where messages are counted"
    assert "C01 Phải có mặt" not in begun
    zalo.network.photo(ZALO_INSPECTOR, [picture(1)], caption="f02")
    went_on = await phone.ask("e02 5 5, con lai dat", "Mục F, G")
    assert "D01 23/23" in went_on, "what was counted on Telegram is known here"
    await phone.hears("F02-01")
    await phone.ask("f01 4 4, f04 1247, f07 98,6, con lai dat", "[")
    told = [text for text in phone.heard + telegram.heard if "C01 Phải có mặt" in text]
    assert told == []
    (document,) = rows(polling.folder, "SELECT document FROM visits WHERE status = 'in_progress'")
    assert str(document[0]).count('"C01"') >= 1
    assert rows(polling.folder, "SELECT count(*) FROM photos WHERE channel = 'zalo' AND state = 'stored'") == [(1,)]


async def test_called_by_the_networks(called: Application, zalo: Running) -> None:
    """Nothing is repeated by this Zalo, so every call counts; one intake serves both networks."""
    await asyncio.wait_for(_hooked(zalo), 10)
    phone, telegram = Phone(zalo.network, ZALO_INSPECTOR), Phone(zalo.network, TELEGRAM_INSPECTOR)
    await phone.ask("/kiemtra", "Đề nghị gõ tên đơn vị")
    await telegram.ask("/trogiup", "/kiemtra")
    zalo.network.zalo.habits.change({"wrapped": False})
    await phone.ask("tan doan", "1. Bắt đầu")
    await phone.ask("1", "Mục C, D")
    await phone.ask("c01 25 23 2 0, con lai dat", "Mục E, F")
    await phone.ask("e02 5 5, f01 4 4, f04 1247, f07 98,6, con lai dat", "Mục G")
    await phone.ask("g01 dat, con lai dat", "Ảnh trên chụp lần trước")
    assert phone.messages[-1].photo, "the old photo was fetched from an address of ours, twice"
    zalo.network.voice(ZALO_INSPECTOR, b"")
    await phone.hears("Đề nghị gửi ảnh hoặc gõ nội dung")
    assert zalo.network.zalo.missed == []
    assert zalo.network.settings["webhook"]["url"].endswith("/webhook/telegram/100001")
    async with aiohttp.ClientSession() as session, session.get(f"{called.env['KYCUONG_WEBHOOK_URL']}/healthz") as page:
        health = await page.json()
    assert health["ok"]
    assert health["use"][f"zalo {BOT}"]["messages"] == len(phone.messages)
    assert health["use"][f"zalo {BOT}"]["people"] == 3
    assert DEFAULT_ZALO_TOKEN not in called.printed()
    assert SECRET not in called.printed()


async def test_somebody_new_gets_in_by_typing_a_code(called: Application, zalo: Running) -> None:
    await asyncio.wait_for(_hooked(zalo), 10)
    newcomer = Phone(zalo.network, NEWCOMER)
    await newcomer.ask("xin chào", "Đây là kênh nội bộ")
    status, out, _ = await kycuong(
        called.folder, "invite", "--role", "inspector", "--unit", "20", "--name", INSPECTOR, env=called.env
    )
    assert status == 0
    code = out.splitlines()[0].removeprefix("/start ")
    await newcomer.ask(code.lower().replace(" ", "-"), "Kính gửi đồng chí")
    assert rows(called.folder, "SELECT count(*) FROM accounts WHERE channel = 'zalo'") == [(4,)]


async def test_a_file_is_had_by_an_address_and_a_code(called: Application, zalo: Running) -> None:
    await asyncio.wait_for(_hooked(zalo), 10)
    phone = Phone(zalo.network, ZALO_ADMIN)
    await phone.ask("/xuat", "Đề nghị chọn dạng tệp")
    said = await phone.ask("1", "Mã mở tệp")
    found = re.search(r"(http://\S+/tep/\S+)\nMã mở tệp: (\d{6})", said)
    assert found is not None
    async with aiohttp.ClientSession() as session:
        async with session.get(found[1]) as page:
            assert "Mã mở tệp" in await page.text()
        async with session.post(found[1], data={"code": found[2]}) as response:
            assert (await response.read()).startswith(b"PK"), "a workbook"
        async with session.post(found[1], data={"code": found[2]}) as response:
            assert response.status == 410, "once"


async def _hooked(zalo: Running) -> None:
    bot = zalo.network.zalo.of(BOT)
    while bot.webhook is None:  # noqa: ASYNC110  the network calls nobody for it
        await asyncio.sleep(0.05)
