"""The service put together: routes, the background writing, webhook deliveries, and their orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from pathlib import Path
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.simulator.bot_api import BotApi
from bot.simulator.control import Control
from bot.simulator.network import DEFAULT_TOKEN, Clock, Json, Network, Update
from bot.simulator.store import Store

log = logging.getLogger(__name__)

LARGEST_REQUEST: Final = 64 * 1024 * 1024
WRITE_EVERY: Final = 0.5
FIRST_RETRY, LONGEST_RETRY = 0.2, 5.0


class Deliveries:
    """Sends updates to the webhook: chats in parallel, each chat in order, repeated until it answers 2xx."""

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


class Running:
    """A simulator that serves; `network` is its state for load and tests in the same process."""

    def __init__(self, network: Network, runner: web.AppRunner, deliveries: Deliveries, url: str) -> None:
        self.network, self.url = network, url
        self.port = int(url.rpartition(":")[2])
        self._runner, self._deliveries = runner, deliveries
        self._restarting: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self.network.store.folder is not None and not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), WRITE_EVERY)
            try:
                await asyncio.to_thread(self.network.store.take())
            except OSError:
                log.exception("the simulated network could not write its history")

    def webhook_changed(self) -> None:
        task = asyncio.create_task(self._deliveries.restart())
        self._restarting.add(task)
        task.add_done_callback(self._restarting.discard)

    async def close(self) -> None:
        """End all waits and deliveries, write what is unwritten, and free the port."""
        self.network.release()
        await asyncio.gather(*self._restarting)
        await self._deliveries.stop()
        await self._runner.cleanup()
        self._closing.set()
        await self._writing
        self.network.store.close()


async def serve(  # noqa: PLR0913 - each is optional and named
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    folder: Path | None = None,
    clock: Clock | None = None,
    samples: Path | None = None,
    token: str = DEFAULT_TOKEN,
) -> Running:
    """Start the simulated network. Port 0 takes a free one; `folder=None` keeps everything in memory.

    `clock` dates the messages and can be moved from the web page; `samples` is a folder of pictures people may send.
    Raises OSError when the port is taken.
    """
    network = Network(token=token, store=Store(folder), now=clock.now if clock else None)
    api, deliveries = BotApi(network), Deliveries(network)
    application = web.Application(client_max_size=LARGEST_REQUEST)
    application.router.add_route("*", r"/bot{token:\d+:[\w-]+}/{method:\w+}", api.answer)
    application.router.add_get(r"/file/bot{token:\d+:[\w-]+}/{path:.+}", api.download)
    application.add_routes(Control(api, clock=clock, samples=samples).routes())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    await site.start()
    listening: tuple[str, int] = runner.addresses[0][:2]
    shown = f"[{listening[0]}]" if ":" in listening[0] else listening[0]
    running = Running(network, runner, deliveries, f"http://{shown}:{listening[1]}")
    api.on_webhook = running.webhook_changed
    await deliveries.restart()
    return running
