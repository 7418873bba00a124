"""An update stays in the bot's queue until a poll with a higher offset, or a webhook's 2xx, confirms it."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from bot.simulator.faults import Faults
from bot.simulator.limits import CONFLICT, ApiError
from bot.simulator.store import Json, Store
from bot.simulator.waiting import rest, wake

ON_BY_REQUEST: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, eq=False)
class Update:
    """One update, written out as the bot will get it."""

    update_id: int
    kind: str
    chat_id: int
    body: bytes
    repeat: bool = False

    def row(self) -> list[Any]:
        return [self.update_id, self.kind, self.chat_id, self.body.decode()]


class Updates:
    """The bot's queue, oldest update first; at most one poll waits at it."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store, self._faults = store, faults
        self._ids = store.counter("update", 100_000)
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self._again: list[Update] = []
        self._poll: asyncio.Future[None] | None = None
        self.allowed: list[str] = []
        self.on_push: Callable[[Update], None] | None = None
        for update_id, kind, chat_id, body in sorted(store.rows("update")):
            self.pending[update_id] = Update(update_id, kind, chat_id, body.encode())

    def push(self, kind: str, chat_id: int, content: Json) -> None:
        """Queue an update of this kind, unless the bot has said it does not want such."""
        if (kind not in self.allowed) if self.allowed else (kind in ON_BY_REQUEST):
            return
        repeat = False
        if self._faults.plans:
            if jump := self._faults.draw_update("jump", chat_id):
                self._ids.next(jump.size)
            if self._faults.draw_update("undecodable", chat_id):
                # A message without its chat and id: JSON is sound, but no client library can make an object of it.
                self._queue(kind, chat_id, {"date": "undecodable"}, False)
            repeat = self._faults.draw_update("duplicate", chat_id) is not None
        self._queue(kind, chat_id, content, repeat)

    def _queue(self, kind: str, chat_id: int, content: Json, repeat: bool) -> None:
        update_id = self._ids.next()
        body = json.dumps({"update_id": update_id, kind: content}).encode()
        update = self.pending[update_id] = Update(update_id, kind, chat_id, body, repeat)
        self._store.put("update", str(update_id), update)
        if self.on_push is not None:
            self.on_push(update)
        elif self._poll is not None:
            wake(self._poll)

    def confirm(self, offset: int) -> None:
        """Forget the updates below the offset; a negative offset keeps only that many of the last."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.done(next(iter(self.pending)))
        while offset > 0 and self.pending and next(iter(self.pending)) < offset:
            self.done(next(iter(self.pending)))

    def done(self, update_id: int) -> None:
        update = self.pending.pop(update_id)
        self._store.put("update", str(update_id), None)
        if update.repeat:
            self._again.append(update)

    async def poll(self, offset: int, limit: int, wait: float) -> list[bytes]:
        """The next updates, waiting up to `wait` seconds for one. A newer poll ends this one with a conflict."""
        self.interrupt(ApiError(409, CONFLICT))
        self.confirm(offset)
        if not self.pending and not self._again and wait > 0:
            waiting = self._poll = asyncio.get_running_loop().create_future()
            try:
                await rest(waiting, wait)
            finally:
                if self._poll is waiting:
                    self._poll = None
        return self._batch(limit)

    def _batch(self, limit: int) -> list[bytes]:
        again, self._again = self._again, []
        given = [*again, *islice(self.pending.values(), limit)]
        bodies: list[bytes] = []
        for update in given:
            # A duplicated update comes twice in its batch and, being then confirmed, once more in the next.
            bodies += [update.body] * (2 if update.repeat and update not in again else 1)
        if len(bodies) > 1 and self._faults.plans and self._faults.draw_update("reorder"):
            bodies.reverse()
        return bodies

    def interrupt(self, reason: Exception) -> None:
        """End the waiting poll, if there is one, with this error."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(reason)
        self._poll = None
