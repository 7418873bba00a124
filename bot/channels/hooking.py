"""An address we gave to a network may be lost or overwritten: it is set at the start and looked at again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.channels.port import Failure, SendFailedError

log = logging.getLogger(__name__)

LOOK_EVERY = 600.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
DEAF_AFTER = 3 * LOOK_EVERY  # seconds without a call and without a successful look


async def keep_address(  # noqa: PLR0913  what is done and seen, each named
    name: str,
    url: str,
    *,
    current: Callable[[], Awaitable[str]],
    give: Callable[[], Awaitable[None]],
    seen: Callable[[], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """For ever: give the address where `current` is another one; `seen` after each success.

    Raises SendFailedError (CREDENTIAL) when the token is refused at the start.
    """
    pause, ever = FIRST_PAUSE, False
    while True:
        try:
            if await current() != url:
                await give()
                log.info("%s: updates are sent to %s", name, url)
            seen()
            pause, ever = FIRST_PAUSE, True
            await sleep(LOOK_EVERY)
            continue
        except SendFailedError as error:
            if error.failure is Failure.CREDENTIAL and not ever:
                raise
            log.warning("%s: the address for updates could not be set, trying again: %s", name, error)
        await sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
