"""Slow work is seen to be done, quick work shows nothing, and what the network makes of it harms nobody."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import working
from bot.channels.port import Capabilities, Failure, SendFailedError
from bot.working import Progress, shown
from inspection.messages import Chat
from storage.database import Database
from storage.outbox import MARKS, Mark, Parcel, post

NOW = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
CHAT = Chat("fake", "1", "7")


class Network:
    """Counts what it is asked to show; `edits` False: a network that rewrites nothing."""

    def __init__(self, *, edits: bool = True) -> None:
        self.capabilities = Capabilities(4096, 1024, True, edits, True, 1.0)
        self.signs: list[str] = []
        self.shown_thrice = asyncio.Event()
        self.edited: list[tuple[str, int, str]] = []
        self.failing = False

    async def show_work(self, chat_id: str) -> None:
        self.signs.append(chat_id)
        if len(self.signs) == 3:
            self.shown_thrice.set()
        if self.failing:
            raise SendFailedError(Failure.TRANSIENT, "đứt")

    async def edit(self, chat_id: str, message_id: int, text: str) -> None:
        if self.failing:
            raise SendFailedError(Failure.TRANSIENT, "đứt")
        self.edited.append((chat_id, message_id, text))


class Time:
    """Seconds that pass only while the work of a test goes on."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("FIRST", 0.05), ("EVERY", 0.02)):
        monkeypatch.setattr(working, name, seconds)
    monkeypatch.setattr(working, "time", Time())


@pytest.mark.parametrize("failing", [False, True])
async def test_the_sign_is_shown_as_long_as_the_work_lasts(*, failing: bool) -> None:
    network = Network()
    network.failing = failing
    async with shown(network, "7"):  # type: ignore[arg-type]
        pass
    await asyncio.sleep(0.1)
    assert network.signs == []  # done at once
    async with shown(network, "7"):  # type: ignore[arg-type]
        await asyncio.wait_for(network.shown_thrice.wait(), 10)
    seen = len(network.signs)
    assert set(network.signs) == {"7"}
    await asyncio.sleep(0.1)
    assert len(network.signs) == seen


async def test_a_network_that_cannot_show_it_is_left_alone() -> None:
    class Plain:
        capabilities = Capabilities(2000, 2000, False, False, False, 90.0)

    async with shown(Plain(), "7"):  # type: ignore[arg-type]
        await asyncio.sleep(0.1)


async def _announced(database: Database, network: Network, **payload: Any) -> Progress:
    made = {"text": "Đang lập tệp XLSX.", **payload}
    [parcel] = await database.write(lambda c: post(c, [Parcel("said", CHAT, "reply", made, NOW)]))
    await database.submit(MARKS, Mark(parcel.id, "sent", NOW, 41))
    return Progress(database, network, "said")  # type: ignore[arg-type]


async def _works(progress: Progress) -> None:
    """Twenty seconds of work, a word on it each second."""
    for n in range(20):
        working.time.now += 1  # type: ignore[attr-defined]
        await asyncio.to_thread(progress, n / 20)
        await asyncio.sleep(0)
    await progress.end()


async def test_below_the_announcement_it_is_told_how_far_it_is(database: Database) -> None:
    network = Network()
    await _works(await _announced(database, network))
    assert {(chat, message) for chat, message, _ in network.edited} == {("7", 41)}
    texts = [text for *_, text in network.edited]
    shares = [int(text.removeprefix("Đang lập tệp XLSX.\nĐã xong ").removesuffix("%.")) for text in texts]
    assert shares[0] == 10  # nothing in the first three seconds
    assert shares == sorted(shares)  # no word overtakes a later one
    assert shares[-1] == 100
    assert len(shares) <= 7  # every third second at most, and the end


async def test_it_is_told_in_the_language_of_the_announcement(database: Database) -> None:
    network = Network()
    await _works(await _announced(database, network, text="The file is being made.", language="en"))
    assert network.edited[-1][2] == "The file is being made.\nDone so far: 100%."


@pytest.mark.parametrize(
    ("edits", "failing", "token"), [(False, False, "said"), (True, True, "said"), (True, False, "")]
)
async def test_where_it_cannot_be_told_the_work_goes_on(
    database: Database, *, edits: bool, failing: bool, token: str
) -> None:
    network = Network(edits=edits)
    network.failing = failing
    progress = await _announced(database, network)
    progress.token = token
    await _works(progress)
    assert network.edited == []


async def test_quick_work_says_nothing(database: Database) -> None:
    network = Network()
    progress = await _announced(database, network)
    progress(0.5)
    await progress.end()
    assert network.edited == []
