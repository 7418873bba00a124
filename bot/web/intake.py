"""Calls of the networks: the secret is compared before anything is read into, and the answer follows the inbox commit.

A network that gets no good answer may repeat the call or may not, so a call that could not be stored is also kept here
and offered again; coming twice it counts once.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from aiohttp import web

from bot.channels.port import Channel, Hooked, RawUpdate

log = logging.getLogger(__name__)

TIME_LIMIT = 1.8  # seconds: the networks wait two
PAUSES = (1.0, 5.0, 15.0, 60.0)  # seconds between two tries to store a call; the last one repeats
KEPT = 10_000  # calls that wait to be stored; beyond it the network is left to repeat

Take = Callable[[Sequence[RawUpdate]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Line:
    channel: Hooked
    accept: Take


class Intake:
    """The networks' calls below /webhook/<network>/<account>; `secret` is what each of them must carry."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._lines: dict[tuple[str, str], _Line] = {}
        self._storing: set[asyncio.Task[None]] = set()

    def connect(self, channel: Channel, accept: Take) -> None:
        """From now on take calls for this account."""
        if not isinstance(channel, Hooked):
            raise TypeError(f"{channel.name} cannot call us")
        self._lines[channel.name, channel.account] = _Line(channel, accept)

    @staticmethod
    def path(channel: Channel) -> str:
        """Where this account's calls come in."""
        return f"/webhook/{channel.name}/{channel.account}"

    async def close(self) -> None:
        """Stop offering what could not be stored."""
        for task in self._storing:
            task.cancel()
        await asyncio.gather(*self._storing, return_exceptions=True)

    async def hear(self, request: web.Request) -> web.Response:
        """One call."""
        line = self._lines.get((request.match_info["network"], request.match_info["account"]))
        if line is None:
            return web.Response(status=404)
        body = await request.read()
        given = request.headers.get(line.channel.secret_header, "").encode(errors="replace")
        known = hmac.compare_digest(given, self._secret)
        if not body:  # a probe: it says nothing and learns nothing
            return web.Response()
        if not known:
            return web.Response(status=403)
        line.channel.heard()
        return web.Response(status=200 if await self._stored(line, _update(line.channel, body)) else 503)

    async def _stored(self, line: _Line, update: RawUpdate) -> bool:
        if len(self._storing) >= KEPT:
            return False
        task = asyncio.create_task(self._store(line, update))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        done, _ = await asyncio.wait({task}, timeout=TIME_LIMIT)
        return bool(done) and not task.cancelled() and task.exception() is None

    async def _store(self, line: _Line, update: RawUpdate) -> None:
        tries = 0
        while True:
            try:
                return await line.accept([update])
            except Exception:
                log.exception("a call was not stored, offered again")
                await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1


def _update(channel: Hooked, body: bytes) -> RawUpdate:
    """The update in a call; one that cannot be read is kept as it came, to be looked at."""
    decoded: Any = None
    try:
        decoded = json.loads(body)
        return channel.called(decoded)
    except (ValueError, RecursionError):
        kept = decoded if isinstance(decoded, dict) else {"unreadable": body.decode(errors="replace")}
        return RawUpdate(sha256(body).hexdigest(), {"message": None, **kept})
