"""News of work that is done is repeated until its turn was stored: what was done is safe, only the telling is not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from inspection.messages import Incoming

log = logging.getLogger(__name__)

Deliver = Callable[[Incoming], Awaitable[None]]


def pause(backoff: Sequence[float], attempts: int) -> float:
    """Seconds to wait after so many failures, at least one; the last pause repeats."""
    return backoff[min(attempts, len(backoff)) - 1]


async def insist(deliver: Deliver, event: Incoming, backoff: Sequence[float]) -> None:
    """Deliver an event to the conversation, however often that fails."""
    attempts = 0
    while True:
        try:
            return await deliver(event)
        except Exception:  # whatever it was, the next try may find it gone
            attempts += 1
            log.exception("event %s not taken, offered again", event.kind)
            await asyncio.sleep(pause(backoff, attempts))
