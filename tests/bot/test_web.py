"""What faces the outside: the secret first, the commit before the answer, addresses that hold and end."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image

from bot.channels.port import RawUpdate
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.clock import BusinessClock
from bot.web import intake as intake_room
from bot.web.addresses import LIFE, Addresses
from bot.web.front import Front, Place
from storage.database import Database
from storage.evidence import EvidenceStore

SECRET = "a-secret-of-the-webhook"
ZALO = "X-Bot-Api-Secret-Token"
UPDATE = {"event_name": "message.text.received", "message": {"message_id": "m1", "text": "1"}}


class Inbox:
    """Takes updates, at first as often as `failing` says not, after `slow` seconds."""

    def __init__(self) -> None:
        self.stored: list[RawUpdate] = []
        self.failing, self.slow = 0, 0.0

    async def accept(self, updates: Sequence[RawUpdate]) -> None:
        await asyncio.sleep(self.slow)
        if self.failing:
            self.failing -= 1
            raise OSError("disk full")
        self.stored += updates

    async def filled(self) -> None:
        """Wait until something is stored."""
        async with asyncio.timeout(10):
            while not self.stored:  # noqa: ASYNC110  the intake's own loop
                await asyncio.sleep(0.02)


class Outside:
    """Somebody on the net."""

    def __init__(self, front: Front, session: aiohttp.ClientSession, inbox: Inbox) -> None:
        self.front, self.session, self.inbox = front, session, inbox
        assert front.server is not None
        self.url = f"http://127.0.0.1:{front.server.port}"
        self.ok = True

    async def call(self, body: bytes, path: str = "/webhook/zalo/1", **headers: str) -> int:
        async with self.session.post(self.url + path, data=body, headers=headers) as response:
            return response.status

    async def get(self, path: str, method: str = "GET") -> tuple[int, bytes, str]:
        async with self.session.request(method, self.url + path) as response:
            return response.status, await response.read(), response.headers.get("Content-Type", "")


@pytest_asyncio.fixture
async def outside(database: Database) -> AsyncIterator[Outside]:
    front = Front.of(Place("127.0.0.1:0", "https://us", SECRET), database, EvidenceStore(None), BusinessClock())
    inbox = Inbox()
    for channel in (ZaloChannel("1:z"), TelegramChannel("2:t")):
        front.intake.connect(channel, inbox.accept)
    told = {"ok": True}
    await front.start(lambda: dict(told))
    async with aiohttp.ClientSession() as session:
        yield Outside(front, session, inbox)
    await front.close()


def body(**more: Any) -> bytes:
    return json.dumps(UPDATE | more).encode()


# --- calls ------------------------------------------------------------------------------------------------------------


async def test_both_envelopes_and_both_networks_are_taken(outside: Outside) -> None:
    bare = json.dumps(UPDATE).encode()
    wrapped = json.dumps({"ok": True, "result": UPDATE}).encode()
    assert await outside.call(bare, **{ZALO: SECRET}) == 200
    assert await outside.call(wrapped, **{ZALO: SECRET}) == 200
    telegram = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert await outside.call(b'{"update_id": 7}', "/webhook/telegram/2", **telegram) == 200
    assert outside.inbox.stored == [RawUpdate("m1", UPDATE), RawUpdate("m1", UPDATE), RawUpdate("7", {"update_id": 7})]


@pytest.mark.parametrize(
    "headers", [{}, {ZALO: "wrong"}, {ZALO: SECRET + "x"}, {"X-Telegram-Bot-Api-Secret-Token": SECRET}]
)
async def test_without_the_secret_nothing_is_looked_at(outside: Outside, headers: dict[str, str]) -> None:
    for content in (body(), b"{", b"\xff"):
        assert await outside.call(content, **headers) == 403
    assert outside.inbox.stored == []


async def test_a_probe_without_a_body_is_answered_well_and_says_nothing(outside: Outside) -> None:
    assert await outside.call(b"") == 200
    assert outside.inbox.stored == []


async def test_other_ways_in_are_none(outside: Outside) -> None:
    assert await outside.call(body(), "/webhook/zalo/999", **{ZALO: SECRET}) == 404
    assert (await outside.get("/webhook/zalo/1"))[0] == 405
    async with outside.session.post(
        f"{outside.url}/webhook/zalo/1", data=BytesIO(b"x" * 2_000_000), headers={ZALO: SECRET}
    ) as response:
        assert response.status == 413
    assert outside.inbox.stored == []


async def test_what_cannot_be_read_is_kept_as_it_came(outside: Outside) -> None:
    assert await outside.call(b"{half", **{ZALO: SECRET}) == 200
    assert await outside.call(b"[1]", **{ZALO: SECRET}) == 200
    channel = ZaloChannel("1:z")
    for update in outside.inbox.stored:
        with pytest.raises(ValueError, match="undecodable"):
            channel.read(update.payload)


async def test_a_call_that_cannot_be_stored_is_not_called_taken_and_not_lost(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_room, "TIME_LIMIT", 0.1)
    monkeypatch.setattr(intake_room, "PAUSES", (1.0,))
    outside.inbox.failing = 1
    assert await outside.call(body(), **{ZALO: SECRET}) == 503
    assert outside.inbox.stored == []
    await outside.inbox.filled()
    assert outside.inbox.stored == [RawUpdate("m1", UPDATE)]  # though the network never repeated it


async def test_a_slow_commit_is_answered_in_time_and_goes_on(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_room, "TIME_LIMIT", 0.1)
    outside.inbox.slow = 1.0
    began = asyncio.get_running_loop().time()
    assert await outside.call(body(), **{ZALO: SECRET}) == 503
    assert asyncio.get_running_loop().time() - began < 0.9
    await outside.inbox.filled()
    assert len(outside.inbox.stored) == 1


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture() -> bytes:
    held = BytesIO()
    Image.new("RGB", (8, 8)).save(held, "JPEG")
    return held.getvalue()


def path_of(address: str) -> str:
    return address.removeprefix("https://us")


async def test_a_picture_is_had_again_and_again_whole_or_its_head(outside: Outside) -> None:
    sha = outside.front.pictures.evidence.put(picture())
    chart = outside.front.pictures.evidence.passing.put(b"\x89PNG a chart")
    assert (await outside.get(path_of(outside.front.pictures.addresses.of(chart, "png"))))[2] == "image/png"
    path = path_of(outside.front.pictures.addresses.of(sha))
    for _ in range(3):
        assert await outside.get(path) == (200, picture(), "image/jpeg")
        assert await outside.get(path, "HEAD") == (200, b"", "image/jpeg")


async def test_an_address_cannot_be_guessed_changed_or_used_for_other_bytes(outside: Outside) -> None:
    evidence = outside.front.pictures.evidence
    sha, other, text = evidence.put(picture()), evidence.put(picture() + b"x"), evidence.put(b"%PDF-1.7 a file")
    path = path_of(outside.front.pictures.addresses.of(sha))
    _, _, signed, _ = path.split("/")
    end, signature = signed.split("-")
    for wrong in (
        path.replace(sha, other),
        path.replace(end, str(int(end) + 1)),
        path.replace(signature, "0" * len(signature)),
        path_of(outside.front.pictures.addresses.of("0" * 64)),
        path_of(outside.front.pictures.addresses.of(text)),  # signed, and yet no picture
        "/anh/../../etc/passwd",
    ):
        assert (await outside.get(wrong))[0] == 404


def test_an_address_ends_and_holds_across_restarts() -> None:
    now = [1000.0]
    made = Addresses("https://us", SECRET, lambda: now[0])
    end, signature = made.of("a" * 64).split("/")[-2].split("-")
    again = Addresses("https://us", SECRET, lambda: now[0])
    assert again.holds("a" * 64, int(end), signature)
    assert not Addresses("https://us", "another-secret", lambda: now[0]).holds("a" * 64, int(end), signature)
    now[0] += LIFE + 1
    assert not made.holds("a" * 64, int(end), signature)


# --- files ------------------------------------------------------------------------------------------------------------


async def test_a_file_is_had_once_with_the_code_of_the_message(outside: Outside) -> None:
    assert outside.front.hand_out is not None
    sha = outside.front.handouts.evidence.passing.put(b"%PDF-1.7 the minutes")
    words = await outside.front.hand_out("BB-Tân-Đoàn.pdf", sha, "vi")
    found = re.search(r"https://us(/tep/\S+)\nMã mở tệp: (\d{6})", words)
    assert found is not None
    path, code = found[1], found[2]
    status, page, kind = await outside.get(path)
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert "<form" in page.decode()
    assert code not in page.decode()
    assert (await outside.get(path))[0] == 200, "a look at the page uses nothing up"
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    async with outside.session.post(outside.url + path, data={"code": wrong}) as response:
        assert response.status == 403
    async with outside.session.post(outside.url + path, data={"code": f" {code[:3]} {code[3:]} "}) as response:
        assert (response.status, await response.read()) == (200, b"%PDF-1.7 the minutes")
        assert response.headers["Content-Disposition"].endswith("BB-T%C3%A2n-%C4%90o%C3%A0n.pdf")
    async with outside.session.post(outside.url + path, data={"code": code}) as response:
        assert response.status == 410
    assert (await outside.get("/tep/nowhere-nowhere-nowhere"))[0] == 410


async def test_the_health_page_names_nobody(outside: Outside) -> None:
    status, page, _ = await outside.get("/healthz")
    assert (status, json.loads(page)) == (200, {"ok": True})


async def test_a_deaf_network_is_no_health(database: Database) -> None:
    front = Front.of(Place("127.0.0.1:0"), database, EvidenceStore(None), BusinessClock())
    assert front.hook is None
    assert front.hand_out is None
    await front.start(lambda: {"ok": False, "deaf": ["zalo 1"]})
    assert front.server is not None
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{front.server.port}/healthz") as response,
    ):
        assert response.status == 503
    await front.close()
