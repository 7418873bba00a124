"""Updates go to the webhook chats in parallel, each chat in order, and are repeated until it answers 2xx."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.simulator.network import Network
from bot.simulator.store import Json
from bot.simulator.updates import Update

FIRST_RETRY: Final = 0.2
LONGEST_RETRY: Final = 5.0


class Deliveries:
    """Sends the pending updates, and new ones as they come, while a webhook is set."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None
        self._places = asyncio.Semaphore(1)
        self._hook: Json = {}
        self._changing = asyncio.Lock()

    async def restart(self) -> None:
        """Begin anew with the webhook now set, or rest when there is none."""
        async with self._changing:
            await self.stop()
            if hook := self._network.settings["webhook"]:
                self._start(hook)

    def _start(self, hook: Json) -> None:
        self._hook = hook
        self._session = ClientSession(timeout=ClientTimeout(total=60))
        self._places = asyncio.Semaphore(hook["connections"])
        self._network.updates.on_push = self._enqueue
        for update in self._network.updates.pending.values():
            self._enqueue(update)

    async def stop(self) -> None:
        self._network.updates.on_push = None
        tasks, self._tasks, self._lanes = self._tasks, set(), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _enqueue(self, update: Update) -> None:
        lane = self._lanes.get(update.chat_id)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.chat_id] = deque([update])
        task = asyncio.create_task(self._run(update.chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        while lane:
            faults = self._network.faults
            if len(lane) > 1 and faults.plans and faults.draw_update("reorder", chat_id):
                lane[0], lane[1] = lane[1], lane[0]
            update = lane[0]
            await self._deliver(update)
            if update.repeat:
                await self._deliver(update)
                update.repeat = False
            lane.popleft()
            if update.update_id in self._network.updates.pending:
                self._network.updates.done(update.update_id)
        del self._lanes[chat_id]

    async def _deliver(self, update: Update) -> None:
        pause = FIRST_RETRY
        while True:
            async with self._places:
                fault = await self._post(update.body)
            if fault is None:
                return
            if self._network.settings["webhook"]:
                told = {"error": fault, "error_date": self._network.date()}
                self._network.change_settings(webhook={**self._hook, **told})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY)

    async def _post(self, body: bytes) -> str | None:
        """One attempt; what went wrong, or None."""
        hook = self._hook
        if self._network.faults.outage or self._session is None:
            return "Connection refused"
        headers = {"Content-Type": "application/json"}
        if hook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook["secret"]
        try:
            async with self._session.post(hook["url"], data=body, headers=headers) as response:
                if response.status // 100 == 2:
                    return None
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except (ClientError, TimeoutError, OSError) as failed:
            return f"Connection failed: {type(failed).__name__}"
