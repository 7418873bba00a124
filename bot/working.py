"""Slow work shows that it is being done: a sign in the chat while it lasts, and what share of it is finished.

Both stand beside the messages: never kept, never repeated, and nothing is lost where a network does not take them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from bot.channels.port import Channel, SendFailedError
from inspection.phrases import Phrase
from storage import outbox
from storage.database import Database

log = logging.getLogger(__name__)

FIRST = 0.7  # seconds: what is done sooner shows nothing
EVERY = 4.0  # seconds: networks show such a sign for five
STEP = 3.0  # seconds between two words on how far it is

PROGRESS = Phrase("{said}\nĐã xong {share}%.", "{said}\nDone so far: {share}%.")


@runtime_checkable
class Showing(Protocol):
    """A network that can show somebody at work."""

    async def show_work(self, chat_id: str) -> None:
        """For some seconds from now. Raises SendFailedError."""
        ...


@asynccontextmanager
async def shown(channel: Channel, chat_id: str) -> AsyncIterator[None]:
    """While the block runs, the chat shows that somebody is at work."""
    sign = asyncio.create_task(_show(channel, chat_id)) if isinstance(channel, Showing) else None
    try:
        yield
    finally:
        if sign is not None:
            sign.cancel()


async def _show(channel: Showing, chat_id: str) -> None:
    await asyncio.sleep(FIRST)
    while True:
        try:
            await channel.show_work(chat_id)
        except SendFailedError as error:
            log.debug("no sign of work: %s", error)
        await asyncio.sleep(EVERY)


@dataclass(slots=True)
class Progress:
    """How far one piece of work is, told below the message that announced it; `token`: of that message."""

    database: Database
    channel: Channel
    token: str
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _next: float = field(default_factory=lambda: time.monotonic() + STEP)
    _telling: asyncio.Task[None] | None = None

    def __call__(self, share: float) -> None:
        """So much of it (0 to 1) is finished; called from the thread that works, as often as it likes."""
        if self.token and self.channel.capabilities.edits and time.monotonic() >= self._next:
            self._next = time.monotonic() + STEP
            self._loop.call_soon_threadsafe(self._begin, share)

    def _begin(self, share: float) -> None:
        if self._telling is None or self._telling.done():  # one at a time: no word overtakes a later one
            self._telling = self._loop.create_task(self._tell(share))

    async def end(self) -> None:
        """It is over: who was told how far it was is told that."""
        if self._telling is not None:
            await self._telling
            await self._tell(1)

    async def _tell(self, share: float) -> None:
        found = await self.database.read(lambda connection: outbox.by_tokens(connection, [self.token]))
        parcel, message_id, _ = found.get(self.token, (None, None, None))
        if parcel is None or message_id is None:
            return  # not there yet
        phrase = PROGRESS.vi if parcel.payload.get("language", "vi") == "vi" else PROGRESS.en
        text = phrase.format(said=parcel.payload["text"], share=int(share * 100))
        try:
            await self.channel.edit(parcel.chat.chat_id, message_id, text)
        except SendFailedError as error:
            log.debug("no word on how far it is: %s", error)
