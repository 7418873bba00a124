"""The clerk: work beside the talk, tried again when it fails, told until it is heard, and holding up nobody."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import clerk as room
from bot.clerk import BUG_TRIES, Clerk
from bot.tasks.base import Means, Task
from bot.tasks.workbook import Import
from inspection.messages import Chat, Incoming, Kind
from storage.database import Database
from storage.errands import Errand
from storage.evidence import KEPT, EvidenceStore, EvidenceUnavailableError
from tests.bot.test_fetcher import FakeNetwork, FetchFailedError

MORNING = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
CHAT = Chat("fake", "1", "7")
FILE = {"media": {"ref": "f1", "name": "a.xlsx"}}


class Scripted(Task):
    """Does what a test says."""

    kind = "scripted"

    def __init__(self, does: Callable[[Means], dict[str, Any]]) -> None:
        self.does = does

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        return self.does(means)


class Office:
    """A clerk with everything around it; `heard` are the events the conversation took."""

    def __init__(self, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.network = FakeNetwork()
        self.evidence = EvidenceStore(folder)
        self.heard: list[Incoming] = []
        self.deaf = 0
        self.news = asyncio.Event()
        self.clerk = Clerk(database, {("fake", "1"): self.network}, self.evidence, self._deliver, self, (0.01,))  # type: ignore[dict-item]

    def business_now(self) -> datetime:
        return MORNING

    async def _deliver(self, event: Incoming) -> None:
        if self.deaf:
            self.deaf -= 1
            raise OSError("database is gone")
        self.heard.append(event)
        self.news.set()

    def order(self, does: Callable[[Means], dict[str, Any]], number: str = "e1", **details: Any) -> None:
        self.monkeypatch.setitem(room.TASKS, number, Scripted(does))
        self.clerk.hand_over([Errand(number, number, CHAT, "7", details)])

    async def outcomes(self, count: int) -> list[str]:
        async with asyncio.timeout(10):
            while len(self.heard) < count:
                self.news.clear()
                await self.news.wait()
        return [str(event.details["outcome"]) for event in self.heard]


@pytest_asyncio.fixture
async def office(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    made = Office(database, tmp_path / "evidence", monkeypatch)
    yield made
    await made.clerk.close()


async def test_the_outcome_comes_back_into_the_chat_that_asked(office: Office) -> None:
    office.order(lambda means: {"outcome": "ready", "sha256": means.store.put(b"zip")})
    assert await office.outcomes(1) == ["ready"]
    [event] = office.heard
    assert (event.kind, event.chat, event.user_id, event.details["errand"]) == (Kind.DONE, CHAT, "7", "e1")
    assert office.evidence.passing.get(event.details["sha256"]) == b"zip"


async def test_a_task_reads_beside_the_writer_and_cannot_write(office: Office) -> None:
    def work(means: Means) -> dict[str, Any]:
        means.read(lambda connection: connection.exec_driver_sql("DELETE FROM errands"))
        return {"outcome": "wrote"}

    office.order(work)
    assert await office.outcomes(BUG_TRIES) == ["failed"] * (BUG_TRIES - 1) + ["trouble"]


async def test_a_file_is_fetched_first_and_again_until_it_is_there(office: Office) -> None:
    office.network.files["f1"] = b"bytes"
    office.network.troubles = [FetchFailedError("đứt", final=False)] * 2
    office.order(lambda means: {"outcome": means.data.decode()}, **FILE)
    assert await office.outcomes(3) == ["failed", "failed", "bytes"]
    assert [event.details.get("attempts") for event in office.heard] == [1, 2, None]


async def test_a_file_too_large_for_the_network_is_not_tried_again(office: Office) -> None:
    office.network.troubles = [FetchFailedError("file is too big", final=True)]
    office.order(lambda _: {"outcome": "never"}, **FILE)
    assert await office.outcomes(1) == ["trouble"]
    assert office.heard[0].details["reason"] == "too_large"


async def test_a_full_disk_is_waited_for(office: Office) -> None:
    troubles = [EvidenceUnavailableError("full")] * (BUG_TRIES + 2)

    def work(_: Means) -> dict[str, Any]:
        if troubles:
            raise troubles.pop()
        return {"outcome": "ready"}

    office.order(work)
    assert (await office.outcomes(BUG_TRIES + 3))[-2:] == ["failed", "ready"]


async def test_the_news_is_repeated_until_it_is_taken_the_work_is_not(office: Office) -> None:
    done: list[int] = []
    office.deaf = 3
    office.order(lambda _: done.append(1) or {"outcome": "ready"})  # type: ignore[func-returns-value]
    assert await office.outcomes(1) == ["ready"]
    assert done == [1]


async def test_long_work_holds_up_neither_the_loop_nor_the_next_person(office: Office) -> None:
    """One works for half a second without a pause; the other is served meanwhile, and the loop turns all the time."""
    longest = 0.0

    async def turning() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - before)

    def work(_: Means) -> dict[str, Any]:
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            sum(range(1000))
        return {"outcome": "long"}

    turns = asyncio.create_task(turning())
    office.order(work, "e1")
    office.order(lambda _: {"outcome": "short"}, "e2")
    assert await office.outcomes(2) == ["short", "long"]
    turns.cancel()
    assert longest < 0.45


async def test_an_errand_is_not_done_twice_at_once_and_is_done_anew_by_the_next_life(office: Office) -> None:
    started: list[int] = []
    hold = asyncio.Event()
    office.network.hold = hold
    office.network.files["f1"] = b"x"
    office.order(lambda _: started.append(1) or {"outcome": "ready"}, **FILE)  # type: ignore[func-returns-value]
    office.order(lambda _: started.append(1) or {"outcome": "ready"}, **FILE)  # type: ignore[func-returns-value]
    await asyncio.sleep(0.05)
    assert (office.network.asked, office.heard) == (["f1"], [])
    await office.clerk.close()  # the process ends before anything was told
    hold.set()
    await office.clerk.start([Errand("e1", "e1", CHAT, "7", FILE)])
    assert await office.outcomes(1) == ["ready"]
    assert started == [1]


async def test_files_nobody_waits_for_are_forgotten_evidence_never(office: Office) -> None:

    old = (MORNING - KEPT - timedelta(hours=1)).timestamp()
    passed, waiting, proof = (
        office.evidence.passing.put(b"old"), office.evidence.passing.put(b"new"), office.evidence.put(b"proof"),
    )  # fmt: skip
    os.utime(office.evidence.passing.path(passed), (old, old))
    os.utime(office.evidence.path(proof), (old, old))
    os.utime(office.evidence.passing.path(waiting), (MORNING.timestamp(), MORNING.timestamp()))
    await office.clerk.start([])
    held = [
        office.evidence.passing.exists(passed),
        office.evidence.passing.exists(waiting),
        office.evidence.exists(proof),
    ]
    assert held == [False, True, True]
    errand = Errand("e1", "import", CHAT, "7", {"name": "a.xlsx", "sha256": passed, "print": ""})
    means = Means(lambda _: None, office.evidence, MORNING, 0)
    assert Import().work(errand, means) == {"outcome": "gone"}
