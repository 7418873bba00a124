"""The clock's jobs: named, never beside themselves, late rather than never, and gone when stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.jobs import INBOX_KEPT, Jobs
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import Parcel

NIGHT = datetime(2026, 8, 4, 15, 0, tzinfo=UTC)  # 22:00 there: a sweep finds nothing to do


def jobs(database: Database) -> Jobs:
    handed: list[Parcel] = []

    def hand_over(parcels: Sequence[Parcel]) -> None:
        handed.extend(parcels)

    return Jobs(database, lambda: NIGHT, hand_over)


def scheduler(made: Jobs) -> AsyncIOScheduler:
    return made._scheduler


async def test_every_job_has_its_name_and_runs_late_rather_than_never(database: Database) -> None:
    made = jobs(database)
    made.start()
    try:
        listed = {job.id: job for job in scheduler(made).get_jobs()}
        assert set(listed) == {"remind", "settle", "tidy"}
        for job in listed.values():
            assert job.coalesce, "hours of silence are one knock, not one for each minute"
            assert job.misfire_grace_time is None, "however late, it runs"
            assert job.max_instances == 1
    finally:
        made.stop()


async def test_it_knocks_at_once_after_a_start(database: Database) -> None:
    made, knocked = jobs(database), asyncio.Event()

    async def remind() -> int:
        knocked.set()
        return 0

    made.remind = remind  # type: ignore[method-assign]
    made.start()
    try:
        await asyncio.wait_for(knocked.wait(), 10)
    finally:
        made.stop()


async def test_being_stopped_in_the_midst_is_no_error(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    made, begun = jobs(database), asyncio.Event()

    async def remind() -> int:
        begun.set()
        await asyncio.sleep(60)
        return 0

    made.remind = remind  # type: ignore[method-assign]
    made.start()
    await asyncio.wait_for(begun.wait(), 10)
    made.stop()
    await asyncio.sleep(0.05)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_starting_anew_doubles_nothing(database: Database) -> None:
    made = jobs(database)
    made.start()
    made.stop()
    await asyncio.sleep(0)
    again = jobs(database)
    again.start()
    try:
        assert len(scheduler(again).get_jobs()) == 3
    finally:
        again.stop()


async def test_only_handled_updates_older_than_a_week_are_forgotten(database: Database) -> None:
    old, young = NIGHT - INBOX_KEPT - timedelta(minutes=1), NIGHT - INBOX_KEPT + timedelta(minutes=1)
    arrivals = [Arrival("telegram", "1", key, {}, when) for key, when in (("old", old), ("young", young))]
    await database.write(lambda connection: inbox.accept(connection, arrivals, status="done"))
    waiting = Arrival("telegram", "1", "waiting", {}, old)
    await database.write(lambda connection: inbox.accept(connection, [waiting], status="new"))
    await jobs(database).tidy()
    seen = await database.write(lambda connection: inbox.accept(connection, [*arrivals, waiting], status="done"))
    assert seen == {("telegram", "1", "old")}
