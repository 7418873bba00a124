"""Inspectors walk whole visits while the process dies again and again: nothing is lost, doubled or left hanging.

KYCUONG_KILLS says how often it dies (5 by default), KYCUONG_SEED replays a run's choices: when, and at which point.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.simulator import Event, Running, serve
from tests.application.checker import Aftermath, faults_of
from tests.application.conftest import ADMIN_CHAT, HEAD, HEAD_CHAT, INSPECTORS
from tests.application.phone import Phone
from tests.application.process import Application
from tests.application.walker import Inspector, Log, meant

KILLS = int(os.environ.get("KYCUONG_KILLS", "5"))
UNITS = ("xã Tân Đoàn", "xã Yên Phúc", "xã Tri Lễ", "xã Khánh Khê", "xã Tràng Định")
MESSAGES = 300  # heard and sent in an undisturbed run, roughly: the kills fall within
POINTS = ("any", "any", "accepted", "fetched", "starting")


class Killer:
    """Ends one life of the application at a point of the given kind, once so many messages have passed."""

    def __init__(self, application: Application, running: Running, log: Log, random: Random) -> None:
        self.application, self.log, self.random = application, log, random
        self.finished: Callable[[], bool] = lambda: False
        self.point = ""
        self.after = 0
        self.done = asyncio.Event()
        running.network.listen(self._accepted)
        self._blob, running.network.store.blob = running.network.store.blob, self._fetched  # type: ignore[method-assign]

    async def strike(self, point: str, after: int) -> None:
        """Wait for the point and kill; a point that does not come becomes any point."""
        self.done.clear()
        self.point, self.after = point, after
        if point == "starting":
            await asyncio.sleep(self.random.uniform(0.8, 2.0))
        else:
            while not self.done.is_set() and not self.finished() and not self._due():
                assert self.application.lives, self.application.printed()[-2000:]
                await asyncio.sleep(0.005)
            if point == "any":
                await asyncio.sleep(self.random.uniform(0, 0.05))
            else:
                await self._at_most(1.0)
        self.point = ""
        self.application.kill()
        await self.application.ended()

    async def _at_most(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.done.wait(), seconds)
        except TimeoutError:
            return

    def _due(self) -> bool:
        return self._passed() >= self.after and self.application.listens()

    def _passed(self) -> int:
        return len(self.log.sent) + len(self.log.heard)

    def _accepted(self, event: Event) -> None:
        """The network has taken a message and the bot does not know it yet."""
        if self.point == "accepted" and event.type == "message" and self._passed() >= self.after:
            self._kill(self.application.process)

    def _fetched(self, digest: str) -> bytes | None:
        """The bot is about to have a photo's bytes: it dies while writing them, or just after."""
        if self.point == "fetched" and self._passed() >= self.after:
            self.point = ""
            life = self.application.process
            asyncio.get_running_loop().call_later(self.random.uniform(0, 0.02), lambda: self._kill(life))
        return self._blob(digest)

    def _kill(self, life: object) -> None:
        """Kill this life, and not the next one."""
        if self.application.process is life:
            self.application.kill()
            self.done.set()


async def live_through(  # noqa: PLR0915  one life after the other, told in one piece
    folder: Path, kills: int, seed: int
) -> Aftermath:
    """Walk, kill, restart, and wait until all is quiet."""
    random, log = Random(seed), Log()
    running = await serve()
    network = running.network
    first = network.updates._ids.value
    people = []
    for number, (chat_id, unit) in enumerate(zip(INSPECTORS, UNITS, strict=True), start=1):
        network.phone(INSPECTORS[chat_id], user_id=chat_id)
        people.append(Inspector(network, log, chat_id, unit, number=number, random=Random(f"{seed}/{number}")))
    network.phone("Quản trị", user_id=ADMIN_CHAT)
    network.phone(HEAD, user_id=HEAD_CHAT)
    application = Application(folder, running.url)
    with closing(sqlite3.connect(folder / "kycuong.db")) as db:
        before = db.execute("SELECT count(*) FROM visits").fetchone()[0]
    try:
        walks = asyncio.gather(*(person.walk() for person in people))
        killer = Killer(application, running, log, random)
        killer.finished = walks.done
        for moment in sorted(random.sample(range(4, MESSAGES), kills)):
            await application.start()
            await killer.strike(random.choice(POINTS), moment)
        await application.start()
        await application.ready()
        await _arrive(walks, people, log)
        summary = await _summary(running)
        await _quiet(folder)
        assert await application.stop() == 0
    finally:
        await application.end()
        await running.close()
    intended = {person.chat_id: meant(person.number) for person in people}
    issued = range(first + 1, network.updates._ids.value + 1)
    return Aftermath(folder, log, issued, intended, summary, kills, before)


async def _arrive(walks: asyncio.Future[list[None]], people: list[Inspector], log: Log) -> None:
    """Until everybody has signed; whoever is left hanging is named, with the last words on both sides."""
    done, _ = await asyncio.wait([walks], timeout=60)
    if not done:
        hanging = [person for person in people if not person.signed]
        stories = [
            f"{p.chat_id} said {log.of(p.chat_id)[-3:]} and last heard {log.told(p.chat_id)[-3:]}" for p in hanging
        ]
        walks.cancel()
        pytest.fail("left hanging: " + "\n".join(stories))
    await walks


async def _summary(running: Running) -> str:
    """The administrator asks for the figures of the year."""
    return await Phone(running.network, ADMIN_CHAT).ask("/summary", "TỔNG HỢP")


async def _quiet(folder: Path) -> None:
    """Until nothing waits to be sent or fetched."""
    async with asyncio.timeout(20):
        while True:
            with closing(sqlite3.connect(folder / "kycuong.db", timeout=5)) as db:
                waiting = db.execute(
                    "SELECT (SELECT count(*) FROM outbox WHERE state = 'pending') "
                    "+ (SELECT count(*) FROM photos WHERE state = 'awaited')"
                ).fetchone()[0]
            if not waiting:
                return
            await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def aftermath(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """One run with its kills, for all tests of this module."""
    seed = int(os.environ.get("KYCUONG_SEED") or Random().randrange(10**6))
    print(f"{KILLS} kills, replay with KYCUONG_SEED={seed}")  # noqa: T201  shown when the test fails
    folder = tmp_path_factory.mktemp("kills") / "life"
    shutil.copytree(province, folder)
    return asyncio.run(live_through(folder, KILLS, seed))


def test_nothing_is_lost_doubled_or_left_hanging(aftermath: Aftermath) -> None:
    assert faults_of(aftermath) == []


# --- the checker can fail ---------------------------------------------------------------------------------------------

VISIT = "(SELECT id FROM visits WHERE status = 'signed' ORDER BY started_at DESC LIMIT 1)"
DAMAGE = {
    "an answer is removed": (f"DELETE FROM answers WHERE visit_id = {VISIT} AND key = 'C01'", "revisions"),
    "an answer is doubled": (
        "INSERT INTO answers SELECT visit_id, revision + 1, key, value, person_id, recorded_at, said "
        f"FROM answers WHERE visit_id = {VISIT} ORDER BY revision DESC LIMIT 1",
        "stored twice",
    ),
    "an answer takes the place of its own repeat": (
        "UPDATE answers SET (key, value, said) = (SELECT key, value, said FROM answers a WHERE a.visit_id = "
        "answers.visit_id AND a.revision = answers.revision - 1) "
        f"WHERE visit_id = {VISIT} AND key = 'C04'", "stored twice",
    ),
    "an answer is another": (f"UPDATE answers SET value = '{{\"tong\": 1}}' WHERE visit_id = {VISIT} AND key = 'C01'",
                             "C01 is"),
    "an answer is invented": (f"UPDATE answers SET said = 'F07 11' WHERE visit_id = {VISIT} AND key = 'F07'",
                              "nobody said"),
    "an update is forgotten": ("DELETE FROM inbox WHERE id = (SELECT max(id) / 2 FROM inbox)", "0 times"),
    "an update is not handled": ("UPDATE inbox SET status = 'new' WHERE id = 7", "is new"),
    "a reply waits": ("UPDATE outbox SET state = 'pending' WHERE id = (SELECT max(id) FROM outbox)", "is pending"),
    "replies change places": (
        "UPDATE outbox SET id = -id WHERE id = (SELECT max(id) FROM outbox WHERE chat_id = '1011')", "out of order"
    ),
    "a photo is lost": (f"DELETE FROM photos WHERE id = (SELECT id FROM photos WHERE visit_id = {VISIT} LIMIT 1)",
                        "photos of"),
    "a document becomes a photo": (f"UPDATE photos SET kind = 'photo' WHERE visit_id = {VISIT}", "differ on which"),
    "a visit is not in its month": ("DELETE FROM visit_tallies WHERE rowid = (SELECT max(rowid) FROM visit_tallies)",
                                    "tallies of visits"),
    "an item is miscounted": ("UPDATE item_tallies SET met = met + 1 WHERE rowid = 1", "tallies of items"),
    "a visit is counted twice": (
        "UPDATE visits SET status = 'ended_early' WHERE id = (SELECT id FROM visits WHERE status = 'signed' "
        "ORDER BY started_at DESC LIMIT 1 OFFSET 7)", "/summary"
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_checker_notices_when(damage: str, aftermath: Aftermath, tmp_path: Path) -> None:
    statement, sign = DAMAGE[damage]
    folder = tmp_path / "damaged"
    shutil.copytree(aftermath.folder, folder)
    with closing(sqlite3.connect(folder / "kycuong.db")) as db:
        assert db.execute(statement).rowcount >= 1
        db.commit()
    assert any(sign in fault for fault in faults_of(replace(aftermath, folder=folder)))


def test_the_checker_notices_half_a_photo(aftermath: Aftermath, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(aftermath.folder, folder)
    path = next((folder / "evidence").glob("??/??/*"))
    path.write_bytes(path.read_bytes()[:-20])
    assert any("not what was stored" in fault for fault in faults_of(replace(aftermath, folder=folder)))


def test_the_checker_notices_a_reply_nobody_heard(aftermath: Aftermath) -> None:
    deaf = Log(aftermath.log.sent, [h for h in aftermath.log.heard if "đã ghi: C01" not in h.text])
    assert any("not heard" in fault or "out of order" in fault for fault in faults_of(replace(aftermath, log=deaf)))


def test_the_checker_notices_repeats_beyond_the_kills(aftermath: Aftermath) -> None:
    once_too_often = [each for h in aftermath.log.heard for each in [h] * (aftermath.kills + 2)]
    noisy = Log(aftermath.log.sent, once_too_often)
    assert any("repeated replies" in fault for fault in faults_of(replace(aftermath, log=noisy)))
