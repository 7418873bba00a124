"""The service put together: routes, the background writing, and their orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.simulator.bot_api import BotApi
from bot.simulator.control import Control
from bot.simulator.network import DEFAULT_TOKEN, Clock, Network
from bot.simulator.store import Store
from bot.simulator.webhook import Deliveries
from bot.simulator.zalo_webhook import ZaloCalls

log = logging.getLogger(__name__)

LARGEST_REQUEST: Final = 64 * 1024 * 1024
WRITE_EVERY: Final = 0.5


class Running:
    """A simulator that serves; `network` is its state for load and tests in the same process."""

    def __init__(
        self, network: Network, runner: web.AppRunner, deliveries: tuple[Deliveries, ZaloCalls], url: str
    ) -> None:
        self.network, self.url = network, url
        network.zalo.root = url
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
        for deliveries in self._deliveries:
            task = asyncio.create_task(deliveries.restart())
            self._restarting.add(task)
            task.add_done_callback(self._restarting.discard)

    async def close(self) -> None:
        """End all waits and deliveries, write what is unwritten, and free the port."""
        self.network.release()
        await asyncio.gather(*self._restarting)
        for deliveries in self._deliveries:
            await deliveries.stop()
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
    api, deliveries = BotApi(network), (Deliveries(network), ZaloCalls(network.zalo))
    application = web.Application(client_max_size=LARGEST_REQUEST)
    application.router.add_route("*", r"/bot{token:\d+:[\w-]+}/{method:\w+}", api.answer)
    application.router.add_get(r"/file/bot{token:\d+:[\w-]+}/{path:.+}", api.download)
    application.router.add_get(r"/zalo-media/{file_id:[\w-]+}.jpg", api.media)
    application.add_routes(Control(api, clock=clock, samples=samples).routes())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    await site.start()
    listening: tuple[str, int] = runner.addresses[0][:2]
    shown = f"[{listening[0]}]" if ":" in listening[0] else listening[0]
    running = Running(network, runner, deliveries, f"http://{shown}:{listening[1]}")
    network.on_webhook = running.webhook_changed
    for each in deliveries:
        await each.restart()
    return running
