"""Silent deafness is the commonest failure: a process that lives and hears nothing. Here it is noticed and said.

A channel that knows when it last heard from its network is asked every minute; the operator reads one line when it
falls silent and one when it hears again. The listening itself never gives up, so there is nothing to restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, runtime_checkable

from bot.channels.port import Channel

log = logging.getLogger(__name__)

EVERY = 60.0  # seconds between two looks


@runtime_checkable
class Listening(Protocol):
    """A channel that knows whether it still hears its network."""

    def healthy(self, now: float) -> bool: ...


class Watch:
    """Looks at every channel; `deaf` names those that hear nothing at present."""

    def __init__(
        self,
        channels: Mapping[tuple[str, str], Channel],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.channels = channels
        self.monotonic = monotonic
        self.sleep = sleep
        self.deaf: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.sleep(EVERY)
            self.look()

    def look(self) -> None:
        """One look at every channel; only a change is said."""
        now = self.monotonic()
        for key, channel in self.channels.items():
            hears = not isinstance(channel, Listening) or channel.healthy(now)
            if not hears and key not in self.deaf:
                log.error("%s %s hears nothing: no poll has returned and no call has come for minutes", *key)
                self.deaf.add(key)
            elif hears and key in self.deaf:
                log.warning("%s %s hears again", *key)
                self.deaf.discard(key)
