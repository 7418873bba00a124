"""`kycuong demo` as somebody meets it who has just cloned the project: up, played on, stopped, up again."""

from __future__ import annotations

import asyncio
import contextlib
import re
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

    async def texts(self, chat_id: int) -> list[str]:
        """What the bot has said to a phone."""
        return [m["text"] or "" for m in await self.get(f"/phones/{chat_id}/messages") if m["from"] == "bot"]

    async def hears(self, chat_id: int, part: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not any(part in text for text in await self.texts(chat_id)):  # noqa: ASYNC110  a page polls too
                await asyncio.sleep(0.1)


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
