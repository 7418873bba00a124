"""How fast messages may leave: so many a second for an account, and a burst for a chat before its own pace counts."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from inspection.messages import Chat

Sleep = Callable[[float], Awaitable[None]]

REMEMBERED = 10_000  # chats whose budget is kept before those that are full again are forgotten


@dataclass(frozen=True, slots=True)
class Pace:
    """Sends per second; 0 is no limit. A chat may have `burst` messages at once before `per_chat` counts."""

    overall: float = 28.0
    per_chat: float = 1.0
    burst: float = 5.0


class Budgets:
    """What each chat may have at once; it refills at the chat's pace."""

    def __init__(self, pace: Pace, monotonic: Callable[[], float], sleep: Sleep) -> None:
        self._pace = pace
        self._monotonic = monotonic
        self._sleep = sleep
        self._left: dict[Chat, tuple[float, float]] = {}  # messages a chat may have now, and since when

    async def spend(self, chat: Chat) -> None:
        """Take one message from a chat's budget; waits while it is empty."""
        if not self._pace.per_chat:
            return
        now = self._monotonic()
        left, since = self._left.get(chat, (self._pace.burst, now))
        left = min(self._pace.burst, left + (now - since) * self._pace.per_chat)
        if len(self._left) > REMEMBERED:
            self._forget_full(now)
        self._left[chat] = (left - 1, now)
        if left < 1:
            await self._sleep((1 - left) / self._pace.per_chat)

    def _forget_full(self, now: float) -> None:
        refilled = self._pace.burst / self._pace.per_chat
        self._left = {chat: budget for chat, budget in self._left.items() if now - budget[1] < refilled}


class Gate:
    """At most `rate` entries in any one second, the most urgent first; 0 is no limit."""

    def __init__(self, rate: float, monotonic: Callable[[], float], sleep: Sleep) -> None:
        self._rate = int(rate)
        self._monotonic = monotonic
        self._sleep = sleep
        self._entries: deque[float] = deque()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._turn = 0
        self._closed_until = 0.0
        self.tasks: set[asyncio.Task[None]] = set()

    def pause(self, until: float) -> None:
        """Let nobody in before this moment."""
        self._closed_until = max(self._closed_until, until)

    def free(self) -> bool:
        """Enter at once if nobody waits and there is room; False: `enter` instead."""
        if self._waiting or self._delay() > 0:
            return False
        self._enter()
        return True

    async def enter(self, urgency: int) -> None:
        """Wait for a turn; a smaller urgency goes first, equal ones in the order they came."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turn += 1
        heapq.heappush(self._waiting, (urgency, self._turn, turn))
        if not self.tasks:
            task = asyncio.get_running_loop().create_task(self._admit())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        await turn

    async def _admit(self) -> None:
        while self._waiting:
            if (delay := self._delay()) > 0:
                await self._sleep(delay)
                continue
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                self._enter()
                turn.set_result(None)
        self.tasks.clear()  # who comes from here on starts a new one

    def _enter(self) -> None:
        if self._rate:
            self._entries.append(self._monotonic())
            if len(self._entries) > self._rate:
                self._entries.popleft()

    def _delay(self) -> float:
        now = self._monotonic()
        if now < self._closed_until:
            return self._closed_until - now
        if self._rate and len(self._entries) == self._rate:
            return self._entries[0] + 1.0 - now
        return 0.0
