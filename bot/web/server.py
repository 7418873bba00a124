"""The one listening socket of the product, on this machine; HTTPS and the public name are the business of what stands
in front of it."""

from __future__ import annotations

from aiohttp import web

from bot.web import health
from bot.web.handouts import Handouts
from bot.web.intake import Intake
from bot.web.pictures import Pictures

LARGEST_BODY = 1024 * 1024  # bytes; an update has a few thousand


class Server:
    """Starts and ends the service; `listen` is "host:port"."""

    def __init__(
        self, listen: str, intake: Intake, pictures: Pictures, handouts: Handouts, report: health.Report
    ) -> None:
        self.host, _, port = listen.rpartition(":")
        self.port = int(port)
        self.intake = intake
        application = web.Application(client_max_size=LARGEST_BODY)
        router = application.router
        router.add_get("/healthz", health.handler(report))
        router.add_post(r"/webhook/{network:[a-z]+}/{account:[\w-]+}", intake.hear)
        router.add_get(r"/anh/{end:\d{1,12}}-{signature:[0-9a-f]+}/{sha:[0-9a-f]{64}}.{ending:\w+}", pictures.show)
        router.add_get(r"/tep/{token:[\w-]{16,64}}", handouts.ask)
        router.add_post(r"/tep/{token:[\w-]{16,64}}", handouts.give)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=3.0)

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host.strip("[]") or "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Finish what is under way and free the port."""
        await self._runner.cleanup()
        await self.intake.close()
