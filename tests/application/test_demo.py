"""`kycuong demo` as somebody meets it who has just cloned the project: up, played on, stopped, up again."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import Connection

from storage import invitations, people
from storage.database import Database
from tests.application.process import PATIENCE, environment

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class Demo:
    """The demonstration in a folder of its own, as a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.process: Process | None = None
        # A real database that must never be touched: opening this address fails.
        self.env = environment(database_url="postgresql://nobody@127.0.0.1:9/real", telegram_token="1:not-ours")

    async def start(self, *arguments: str) -> str:
        """Start and wait for the line that says where; returns what was printed until then."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "demo", *arguments, cwd=self.folder, env=self.env,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        printed = ""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := (await self.process.stdout.readline()).decode():
                printed += line
                if "đang chạy thử tại" in line:
                    self.url = ADDRESS.search(line)[0]  # type: ignore[index]
                    break
        return printed

    async def stop(self) -> tuple[int, str]:
        """Ctrl+C; the exit status and what was printed meanwhile."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        out, _ = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        status = self.process.returncode
        self.process = None
        assert status is not None
        return status, out.decode()

    async def end(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # it has refused and is gone
                self.process.kill()
            await self.process.communicate()
            self.process = None

    async def get(self, path: str) -> Any:
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as response:
            return await response.json()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        async with aiohttp.ClientSession() as session, session.post(self.url + path, json=body) as response:
            return await response.json()

    async def talk(self, chat_id: int, text: str, part: str) -> None:
        """Say something and wait for words in what is said then."""
        before = len(await self.texts(chat_id))
        await self.post(f"/phones/{chat_id}/text", {"text": text})
        async with asyncio.timeout(PATIENCE):
            while not any(part in said for said in (await self.texts(chat_id))[before:]):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def sees(self, chat_id: int, caption: str) -> None:
        """Wait for a picture with these words below it."""
        async with asyncio.timeout(PATIENCE):
            while not any(caption in said for said in await self.captions(chat_id)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def captions(self, chat_id: int) -> list[str]:
        """The words below the pictures on a phone."""
        return [said["text"] for said in await self.get(f"/phones/{chat_id}/messages") if said["photo"]]

    async def join(self, chat_id: int, name: str) -> None:
        """A Zalo phone for somebody of the sample, let in by a code typed on it."""
        await self.post("/phones", {"name": name, "network": "zalo", "user_id": chat_id})
        now = datetime.fromisoformat((await self.get("/clock"))["now"])
        database = Database(f"sqlite:///{self.folder / 'data' / 'demo' / 'kycuong.db'}")

        def code(connection: Connection) -> str:
            person = people.named(connection, name, now.date())[0]
            return invitations.issue(connection, person.id, now, random=secrets.SystemRandom())

        typed = database.write_now(code)
        database.stop()
        await self.talk(chat_id, typed, name)

    async def texts(self, chat_id: int) -> list[str]:
        """What the bot has said to a phone."""
        return [m["text"] or "" for m in await self.get(f"/phones/{chat_id}/messages") if m["from"] == "bot"]

    async def hears(self, chat_id: int, part: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not any(part in text for text in await self.texts(chat_id)):  # noqa: ASYNC110  a page polls too
                await asyncio.sleep(0.1)


ON_ZALO = 2001
SAMPLES = {
    "f02": "f02-niem-yet-thu-tuc.jpg",
    "g02": "g02-bien-ten-phong.jpg",
    "b01": "b01-noi-quy.jpg",
    "b04": "b04-lich-tiep-cong-dan.jpg",
    "a04": "a04-hoi-nghi-quan-triet.jpg",
    "a05": "g01-tru-so.jpg",
}
WALK = (
    ("kiểm tra", "Đề nghị gõ tên đơn vị"),
    ("tan doan", "1. Bắt đầu"),
    ("1", "Mục C, D"),
    ("c01 25 23 2 0, c02 2, con lai dat", "Mục E, F"),
    ("c02 a, e02 5 5, f01 4 4, f04 1247, f07 98,6, con lai dat", "Mục G"),
    ("con lai dat", "TT-2025-017"),
    ("i03 chua kiem tra duoc", "Mục B, A"),
    (
        "a01 12/KH-UBND 6/2/2026, a04 25 25, b02 45/QD-UBND 15.7.25 phu hop, b03 20/KH-UBND 20/2/2026, dat het",
        "Mục H, I",
    ),
    ("h02 40 33 2 0 5, i02 75/BC-UBND 10/12/2025, i04 khong co, con lai dat", "Đã ghi 40/40"),
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demonstration was started for the first time, and stopped."""
    folder = tmp_path_factory.mktemp("played")

    async def first() -> None:
        made = Demo(folder)
        try:
            assert "Traceback" not in await made.start("--port", "0")
            await made.hears(1001, "/kiemtra")
            assert (await made.stop())[0] == 0
        finally:
            await made.end()

    asyncio.run(first())
    return folder


@pytest_asyncio.fixture
async def demo(played: Path, tmp_path: Path) -> AsyncIterator[Demo]:
    shutil.copytree(played / "data", tmp_path / "data")
    made = Demo(tmp_path)
    yield made
    await made.end()


async def test_a_demonstration_lives_on_between_runs_and_its_clock_goes_forward(demo: Demo) -> None:
    await demo.start("--port", "0")
    assert len(await demo.get("/phones")) == 6
    await demo.hears(1001, "/kiemtra")
    await demo.post("/phones/1001/text", {"text": "/kiemtra"})
    await demo.hears(1001, "Đề nghị gõ tên đơn vị")
    before = datetime.fromisoformat((await demo.get("/clock"))["now"])
    after = datetime.fromisoformat((await demo.post("/clock", {"forward": "10 days"}))["now"])
    assert (after - before).days == 10
    back = await demo.post("/clock", {"to": before.isoformat()})
    assert "error" in back, "never backwards"
    assert (await demo.stop())[0] == 0

    days = digests(demo.folder)
    assert days == sorted(set(days)), "one digest a working day at most"
    assert len(days) >= 3, "every morning's sweep that was crossed has run"

    printed = await demo.start("--port", "0")  # the second time
    assert "Traceback" not in printed
    assert any("Đề nghị gõ tên đơn vị" in text for text in await demo.texts(1001))
    assert (datetime.fromisoformat((await demo.get("/clock"))["now"]) - after).total_seconds() >= 0
    status, out = await demo.stop()
    assert (status, "Traceback" in out) == (0, False)

    await demo.start("--port", "0", "--fresh")
    assert not any("Đề nghị gõ tên đơn vị" in text for text in await demo.texts(1001))
    assert (await demo.stop())[0] == 0


async def test_what_is_taken_already_is_stepped_over_or_said(demo: Demo) -> None:
    """A port in use: the next one. The folder in use: a clear refusal, even of starting over, and no harm done."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        printed = await demo.start("--port", str(port))
    assert "Traceback" not in printed
    assert demo.url, printed
    assert not demo.url.endswith(f":{port}")
    for arguments in ((), ("--fresh",)):
        other = Demo(demo.folder)
        printed = await other.start("--port", "0", *arguments)
        assert other.url == ""
        assert "đang được một tiến trình khác dùng" in printed
        assert "Traceback" not in printed
        await other.end()
    await demo.post("/phones/1001/text", {"text": "/kiemtra"})
    await demo.hears(1001, "Đề nghị gõ tên đơn vị")


def digests(folder: Path) -> list[str]:
    """The days on which the head of Điềm He was sent a digest."""
    with closing(sqlite3.connect(folder / "data" / "demo" / "kycuong.db")) as db:
        rows = db.execute(
            "SELECT day FROM outbox WHERE kind = 'digest' AND state = 'sent' AND chat_id = '1002' ORDER BY id"
        )
        return [row[0] for row in rows]


async def test_the_whole_product_on_zalo_phones(demo: Demo) -> None:
    """The walk of forty items, a reminder with its answer and the summary, each on a Zalo phone."""
    await demo.start("--port", "0")
    await demo.hears(ON_ZALO, "/kiemtra")
    before = len(await demo.texts(ON_ZALO))
    for said, heard in WALK:
        await demo.talk(ON_ZALO, said, heard)
    for code, name in SAMPLES.items():
        await demo.post(f"/phones/{ON_ZALO}/photos", {"samples": [name], "caption": code})
    await demo.hears(ON_ZALO, "Đủ 40/40 nội dung")
    await demo.talk(ON_ZALO, "số 1", "Đã hoàn thành")
    await demo.talk(ON_ZALO, "1", "Đã ký")
    assert len(await demo.texts(ON_ZALO)) - before <= 18

    await demo.join(2003, "Vi Thị Mỹ Hạnh")
    await demo.talk(2003, "/summary", "Kiểm tra đột xuất: ")
    await demo.sees(2003, "Chỉ tiêu so với mục tiêu")

    await demo.join(2002, "Hoàng Văn Bình")
    telegram = len(await demo.texts(1002))
    await demo.post("/clock", {"forward": "10 days"})
    await demo.hears(2002, "quá hạn")
    assert len(await demo.texts(1002)) == telegram, "one reminder, on the network used last"
    await demo.post("/phones/2002/block", {})
    await demo.post("/clock", {"forward": "10 days"})
    async with asyncio.timeout(PATIENCE):
        while len(await demo.texts(1002)) == telegram:  # noqa: ASYNC110  a page polls too
            await asyncio.sleep(0.1)
    assert "quá hạn" in (await demo.texts(1002))[-1], "not taken there, it is told on the other"
    await demo.post("/phones/2002/unblock", {})
    await demo.talk(2002, "NV-2026-0147 1 15/KH-UBND 4/8/2026", "Đã ghi: Kế hoạch số 15/KH-UBND")
