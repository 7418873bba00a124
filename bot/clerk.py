"""The clerk does errands beside the talk: work in a thread, then one event in the chat's own lane says how it went.

Nothing is decided here, and nothing is lost: an errand stays open in the database until the turn that tells of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.channels.port import Channel, FetchFailedError
from bot.insisting import Deliver, insist, pause
from bot.tasks import TASKS
from bot.tasks.base import Means
from bot.working import Progress, shown
from inspection.messages import Incoming, Kind, Media
from storage.database import Database, StorageUnavailableError
from storage.errands import Errand
from storage.evidence import EvidenceStore, EvidenceUnavailableError

log = logging.getLogger(__name__)

AT_ONCE = 2  # one long export must not keep the next person waiting; more would only share the same processor
BACKOFF = (2.0, 5.0, 15.0, 60.0, 300.0)  # seconds after the first, second ... failure; the last one repeats
GIVE_UP = 300  # failures: about a day
BUG_TRIES = 3


class Clock(Protocol):
    """Where the stored time of the next try comes from."""

    def business_now(self) -> datetime: ...


@dataclass
class Clerk:
    """`deliver` hands an event to the conversation and returns once its turn is durable.

    DONE carries details {"errand", "outcome", …}: an outcome of the task; "failed" with attempts, next_try_at, reason;
    "trouble" with reason ("too_large", or what the log says), when no other try follows.
    """

    database: Database
    channels: Mapping[tuple[str, str], Channel]
    evidence: EvidenceStore
    deliver: Deliver
    clock: Clock
    backoff: tuple[float, ...] = BACKOFF

    def __post_init__(self) -> None:
        self._open: dict[str, asyncio.Task[None]] = {}
        self._desk = asyncio.Semaphore(AT_ONCE)

    # --- life ------------------------------------------------------------------------------------------------

    async def start(self, waiting: Iterable[Errand]) -> None:
        """Resume what an earlier life left, and forget the files nobody waits for."""
        self.hand_over(waiting)
        await asyncio.to_thread(self.evidence.forget_passed, self.clock.business_now())

    def hand_over(self, errands: Iterable[Errand]) -> None:
        """Take errands whose rows are committed; one that is being done already is not done twice."""
        for errand in errands:
            if errand.id not in self._open:
                self._open[errand.id] = asyncio.get_running_loop().create_task(self._see_to(errand))

    async def close(self) -> None:
        """Stop; what is not told stays open on disk."""
        tasks = list(self._open.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- one errand ------------------------------------------------------------------------------------------

    async def _see_to(self, errand: Errand) -> None:
        try:
            while (attempts := await self._tried(errand)) > errand.attempts:
                errand = replace(errand, attempts=attempts)
                await asyncio.sleep(pause(self.backoff, attempts))
        finally:
            del self._open[errand.id]

    async def _tried(self, errand: Errand) -> int:
        """Do it and have it told; returns how many tries have failed by now."""
        async with self._desk:
            details = await self._done(errand)
        await insist(
            self.deliver,
            Incoming(Kind.DONE, errand.chat, errand.user_id, details={"errand": errand.id, **details}),
            self.backoff,
        )
        return int(details["attempts"]) if details["outcome"] == "failed" else errand.attempts

    async def _done(self, errand: Errand) -> dict[str, Any]:
        try:
            channel = self.channels[errand.chat.channel, errand.chat.account]
            async with shown(channel, errand.chat.chat_id):
                return await self._work(errand, channel)
        except FetchFailedError as error:
            if error.final:
                return {"outcome": "trouble", "reason": "too_large" if "too big" in str(error) else str(error)}
            return self._failure(errand, error, GIVE_UP)
        except (EvidenceUnavailableError, StorageUnavailableError, OSError) as error:
            return self._failure(errand, error, GIVE_UP)
        except Exception as error:
            log.exception("errand %s (%s): unexpected", errand.id, errand.kind)
            return self._failure(errand, error, BUG_TRIES)

    async def _work(self, errand: Errand, channel: Channel) -> dict[str, Any]:
        media = errand.details.get("media")
        progress = Progress(self.database, channel, str(errand.details.get("said", "")))
        means = Means(
            self.database.read_aside,
            self.evidence,
            self.clock.business_now(),
            max(channel.capabilities.max_file, channel.capabilities.max_handout),
            await channel.fetch(Media(**media)) if media else b"",
            progress,
        )
        try:
            return await asyncio.to_thread(TASKS[errand.kind].work, errand, means)
        finally:
            await progress.end()

    def _failure(self, errand: Errand, error: Exception, most: int) -> dict[str, Any]:
        attempts, reason = errand.attempts + 1, f"{type(error).__name__}: {error}"
        log.warning("errand %s (%s): try %d failed: %s", errand.id, errand.kind, attempts, reason)
        if attempts >= most:
            return {"outcome": "trouble", "reason": reason}
        next_try_at = self.clock.business_now() + timedelta(seconds=pause(self.backoff, attempts))
        return {"outcome": "failed", "attempts": attempts, "next_try_at": next_try_at, "reason": reason}
