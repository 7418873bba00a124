"""Zalo's calls to a webhook: one after another for each bot, with an empty probe first, and no promise to repeat."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.simulator.zalo import ZaloBot, ZaloSide

TIME_LIMIT: Final = 2.0  # seconds a call may take
PAUSE: Final = 0.2
AGENT: Final = "Java-http-client/17"


class ZaloCalls:
    """Sends what waits, and new events as they come, to the bots that have a webhook."""

    def __init__(self, side: ZaloSide) -> None:
        self._side = side
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._session: ClientSession | None = None
        self._changing = asyncio.Lock()

    async def restart(self) -> None:
        """Begin anew with the webhooks now set."""
        async with self._changing:
            await self.stop()
            hooked = [bot for bot in self._side.bots.values() if bot.webhook]
            if hooked:
                self._session = ClientSession(timeout=ClientTimeout(total=TIME_LIMIT), headers={"User-Agent": AGENT})
            for bot in hooked:
                self._tasks[bot.bot_id] = asyncio.create_task(self._serve(bot))

    async def stop(self) -> None:
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for bot in self._side.bots.values():
            bot.on_push = lambda: None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _serve(self, bot: ZaloBot) -> None:
        news = asyncio.Event()
        bot.on_push = news.set
        await self._post(bot, b"", {})
        while True:
            news.clear()
            while bot.pending and (body := bot.take()) is not None:
                await self._deliver(bot, body)
            await news.wait()

    async def _deliver(self, bot: ZaloBot, body: bytes) -> None:
        if self._side.habits.wrapped:
            body = b'{"ok":true,"result":' + body + b"}"
        for attempt in range(self._side.habits.retries + 1):
            if attempt:
                await asyncio.sleep(PAUSE)
            if await self._post(bot, body, {"Content-Type": "application/json"}):
                return
        self._side.missed.append(body.decode())

    async def _post(self, bot: ZaloBot, body: bytes, headers: dict[str, str]) -> bool:
        hook = bot.webhook
        if hook is None or self._session is None:
            return False
        headers = {**headers, "X-Bot-Api-Secret-Token": hook["secret"]}
        try:
            # A redirect counts as a failure.
            async with self._session.post(hook["url"], data=body, headers=headers, allow_redirects=False) as response:
                return response.status // 100 == 2
        except (ClientError, TimeoutError, OSError):
            return False
