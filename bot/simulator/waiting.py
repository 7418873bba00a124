"""A wait ends by being woken, by an error set on it, or by its time running out, whichever comes first."""

from __future__ import annotations

import asyncio


def wake(waiting: asyncio.Future[None]) -> None:
    """End a wait that has not ended yet."""
    if not waiting.done():
        waiting.set_result(None)


async def rest(waiting: asyncio.Future[None], seconds: float) -> None:
    """Wait until woken, at most so many seconds of the machine. Raises what was set on the wait."""
    alarm = asyncio.get_running_loop().call_later(seconds, wake, waiting)
    try:
        await waiting
    finally:
        alarm.cancel()
