"""The sweep over very many obligations, beside APScheduler holding one stored job for each.

Goals: 1,000,000 open and none due in 2 ms, 1,000 stages claimed in 50 ms, the event loop never held over 10 ms.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import cast

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, insert, update

from bot.channels.port import Capabilities, Channel, Outgoing
from bot.delivery import Delivery
from bot.reminding import speak
from bot.service import settle_memory
from inspection.messages import Chat
from inspection.working_days import LOCAL
from scheduler.jobs import Jobs
from scheduler.remind import Sweep
from storage import people, reminders, units
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.migrate import migrate
from storage.outbox import Parcel
from storage.people import NewPerson
from storage.reminders import Told
from storage.tables import obligations
from storage.units import NewUnit

SINCE = date(2025, 7, 1)
MORNING = datetime(2026, 8, 4, 9, 0, tzinfo=LOCAL)
TODAY = MORNING.date()
FAR = date(2027, 6, 30)
CHUNK = 20_000
CLAIMED = 1_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: open obligations, units each with a head, and stored jobs of the scheduler beside it."""

    owed: int = 1_000_000
    heads: int = 10_000
    jobs: int = 20_000


def report(folder: Path, size: Size) -> str:
    """Measure and put into a table."""
    database = Database(f"sqlite:///{folder / 'sweep.db'}")
    migrate(database)
    filled = _seconds(lambda: _fill(database, size))
    rows = [
        f"{size.owed:,} open obligations of {size.heads:,} units, SQLite, made in {filled:.0f} s",
        "",
        f"{'':58}{'median':>10}{'goal':>12}",
    ]
    swept = partial(_sweep, database)
    swept()
    rows.append(_row("a sweep with none due", [_seconds(swept) for _ in range(50)], "<= 2 ms"))
    claims = [_seconds(partial(database.write_now, partial(_claim, number=n))) for n in range(9)]
    rows.append(_row(f"{CLAIMED:,} stages claimed", claims, "<= 50 ms"))
    rows.append(_row(f"{CLAIMED:,} stages claimed once more", [
        _seconds(partial(database.write_now, partial(_claim, number=n))) for n in range(9)
    ], ""))  # fmt: skip
    rows += asyncio.run(_fan_out(database, size))
    database.stop()
    return "\n".join([*rows, "", *_stored_jobs(folder, size)])


# --- what is measured -----------------------------------------------------------------------------------------------


def _sweep(database: Database) -> None:
    going = Sweep(MORNING, _tokens())
    while not going.done:
        database.write_now(going.go_on)


def _claim(connection: Connection, number: int) -> None:
    """So many stages told to as many people."""
    now = MORNING.astimezone(UTC)
    told = [Told(f"o{n}", FAR, f"T{number}", f"p{n}", date(2026, 1, 5), now) for n in range(CLAIMED)]
    reminders.claim(connection, told)


async def _fan_out(database: Database, size: Size) -> list[str]:
    """One digest for each head, while others write a small thing every few milliseconds and the loop is watched.

    The digests go on into delivery, which sends them at the pace of the network.
    """
    network = Wire()
    delivery = _delivery(database, network)
    jobs = Jobs(database, lambda: MORNING, delivery.hand_over)
    database.write_now(lambda connection: _make_due(connection, 1))
    await jobs.remind()  # what a process that has run for a day has long loaded
    await delivery.drain()
    settle_memory()
    database.write_now(lambda connection: _make_due(connection, size.heads))
    waits: list[float] = []
    stalls: list[float] = []
    watching = [asyncio.create_task(_turns(database, waits)), asyncio.create_task(_loop(stalls))]
    await asyncio.sleep(0.3)
    quiet = max(waits)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    parcels = await jobs.remind()
    took = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    await asyncio.sleep(0.3)  # whoever waited is heard
    for task in watching:
        task.cancel()
    await delivery.close()
    return [
        f"{f'{parcels:,} digests into the outbox':58}{took * 1000:>7.0f} ms",
        f"{'  of them sent meanwhile':58}{network.sent - 1:>7,}",
        f"{'  memory they take':58}{grown:>7.0f} MB",
        f"{'  longest wait of a turn meanwhile':58}{max(waits) * 1000:>7.0f} ms   ({quiet * 1000:.0f} ms before)",
        f"{'  longest stall of the event loop':58}{max(stalls) * 1000:>7.0f} ms{'<= 10 ms':>12}",
    ]


class Wire:
    """A network that takes everything at once."""

    name, account = "telegram", "1"
    capabilities = Capabilities(4096, 1024, buttons=True, edits=True, numbered_messages=True, burst_silence=1.0)

    def __init__(self) -> None:
        self.sent = 0

    async def send(self, _message: Outgoing) -> int:
        """Count it."""
        self.sent += 1
        return self.sent


class Machine:
    """Business time stands still, machine time does not."""

    def business_now(self) -> datetime:
        """The morning of the sweep."""
        return MORNING

    def monotonic(self) -> float:
        """Seconds that pass."""
        return time.monotonic()


def _delivery(database: Database, network: Wire) -> Delivery:
    async def words(parcel: Parcel) -> dict[str, object] | None:
        return await database.write(partial(speak, parcel=parcel, now=MORNING))

    async def lost(_chat: Chat) -> None: ...

    channels = cast(Mapping[tuple[str, str], Channel], {(network.name, network.account): network})
    return Delivery(database, channels, Machine(), EvidenceStore(None), words, lost)


async def _turns(database: Database, waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await database.write(
            lambda connection: connection.execute(update(obligations).where(obligations.c.id == "o1").values(year=2027))
        )
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)


async def _loop(stalls: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        stalls.append(time.perf_counter() - began - 0.001)


def _stored_jobs(folder: Path, size: Size) -> list[str]:
    """The same with a stored job an obligation: made, asked for what is due with none due, and claimed."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    far = datetime(2027, 6, 30, tzinfo=UTC)

    def fill() -> None:
        for n in range(size.jobs):
            scheduler.add_job(_nothing, "date", run_date=far, args=[n], id=f"o{n}")

    filled = _seconds(fill)
    now = datetime.now(UTC)
    asked = statistics.median(_seconds(lambda: store.get_due_jobs(now)) for _ in range(20))

    def move() -> None:
        for n in range(min(CLAIMED, size.jobs)):
            scheduler.modify_job(f"o{n}", next_run_time=far + timedelta(days=1))

    moved = _seconds(move)
    loaded = _seconds(lambda: store.get_due_jobs(far + timedelta(days=2)))
    scheduler.shutdown()
    times = size.owed / size.jobs
    return [
        f"APScheduler with {size.jobs:,} stored jobs (x {times:.0f} for {size.owed:,}, by calculation)",
        f"{'  made':58}{filled:>7.1f} s    ({filled * times / 60:,.0f} min)",
        f"{'  asked what is due, none is':58}{asked * 1000:>7.1f} ms",
        f"{f'  {min(CLAIMED, size.jobs):,} moved to their next time':58}{moved * 1000:>7.0f} ms",
        f"{'  all due at once, read':58}{loaded * 1000:>7.0f} ms   ({loaded * times:,.0f} s)",
    ]


def _nothing(number: int) -> None:
    """What a stored job would do."""


# --- the province ---------------------------------------------------------------------------------------------------


def _fill(database: Database, size: Size) -> None:
    database.write_now(lambda connection: _people(connection, size.heads))
    for start in range(0, size.owed, CHUNK):
        database.write_now(partial(_owed, start=start, end=min(start + CHUNK, size.owed), heads=size.heads))


def _people(connection: Connection, heads: int) -> None:
    now = MORNING.astimezone(UTC)
    units.create(connection, [NewUnit(f"u{n}", "commune", f"xã {n}", SINCE) for n in range(heads)])
    people.create(
        connection,
        [NewPerson(f"p{n}", f"Người {n}", SINCE, roles=(("unit-head", f"u{n}"),)) for n in range(heads)],
        now,
    )
    for n in range(heads):
        people.bind_account(connection, f"p{n}", Chat("telegram", "1", str(n)), str(n), now)


def _owed(connection: Connection, start: int, end: int, heads: int) -> None:
    always = {
        "kind": "impl_plan",
        "subject": "Kế hoạch",
        "directive": "",
        "document": "",
        "state": "open",
        "year": 2027,
    }
    later = {"due": FAR, "original_due": FAR, "look_on": FAR - timedelta(days=7)}
    rows = [
        always | later | {"id": f"o{n}", "code": f"NV-2027-{n:07d}", "unit_id": f"u{n % heads}"}
        for n in range(start, end)
    ]
    connection.execute(insert(obligations), rows)


def _make_due(connection: Connection, heads: int) -> None:
    """One obligation of each unit is due tomorrow."""
    tomorrow = TODAY + timedelta(days=1)
    for n in range(heads):
        connection.execute(
            update(obligations)
            .where(obligations.c.id == f"o{n}")
            .values(due=tomorrow, original_due=tomorrow, look_on=date.min)
        )


def _tokens() -> Callable[[], str]:
    numbers = count()
    return lambda: f"s{next(numbers)}"


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _row(name: str, seconds: list[float], goal: str) -> str:
    return f"{name:58}{statistics.median(seconds) * 1000:>7.1f} ms{goal:>12}"
