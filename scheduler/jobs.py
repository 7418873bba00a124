"""The clock: APScheduler only knocks, the database says what is due.

Every job has an explicit id, never runs beside itself, and runs late rather than not at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler import succession
from scheduler.remind import Sweep
from storage import errands, handouts, inbox
from storage.database import Database
from storage.outbox import Parcel

log = logging.getLogger(__name__)

INBOX_KEPT = timedelta(days=7)


class Jobs:
    """The jobs of one process; `hand_over` takes what a sweep has put into the outbox."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], hand_over: Callable[[Sequence[Parcel]], None]
    ) -> None:
        self.database = database
        self.now = now
        self.hand_over = hand_over
        self._scheduler = AsyncIOScheduler(
            timezone="Asia/Ho_Chi_Minh", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to knock: a sweep at once, then every minute."""
        moment = datetime.now(self._scheduler.timezone)  # noqa: TID251  machine time: when to knock, not what is due
        self._scheduler.add_job(
            _until_stopped,
            IntervalTrigger(minutes=1),
            args=[lambda: self.remind()],
            id="remind",
            replace_existing=True,
            next_run_time=moment,
        )
        self._scheduler.add_job(
            _until_stopped,
            IntervalTrigger(hours=1),
            args=[lambda: self.settle()],
            id="settle",
            replace_existing=True,
            next_run_time=moment,
        )
        self._scheduler.add_job(
            _until_stopped, IntervalTrigger(hours=6), args=[lambda: self.tidy()], id="tidy", replace_existing=True
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Knock no more; a sweep under way is left to the writer, and its digests to the next start."""
        self._scheduler.shutdown(wait=False)

    async def remind(self) -> int:
        """One sweep over what is due; returns how many messages may leave now."""
        sweep = Sweep(self.now(), partial(secrets.token_urlsafe, 9))
        count = 0
        while not sweep.done:
            parcels = await self.database.write(sweep.go_on)
            self.hand_over(parcels)
            count += len(parcels)
        if count:
            log.info("%d reminders and notices", count)
        return count

    async def settle(self) -> int:
        """Pass on what units that have ceased left open; returns how many notices it made."""
        settle = partial(succession.settle, now=self.now(), new_token=partial(secrets.token_urlsafe, 9))
        parcels = await self.database.write(settle)
        if parcels:
            self.hand_over(parcels)
        return len(parcels)

    async def tidy(self) -> None:
        """Forget handled updates and errands older than a week, and files nobody can fetch any more."""
        await self.database.write(partial(inbox.forget, before=self.now() - INBOX_KEPT))
        await self.database.write(partial(errands.forget, before=self.now() - INBOX_KEPT))
        await self.database.write(partial(handouts.forget, before=self.now() - INBOX_KEPT))


async def _until_stopped(job: Callable[[], Awaitable[object]]) -> None:
    """Run a job; that it was stopped in the midst is no error to be logged."""
    with contextlib.suppress(asyncio.CancelledError):
        await job()
