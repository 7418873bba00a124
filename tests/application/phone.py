"""One person with a phone, for tests that say one thing and want to hear one thing."""

from __future__ import annotations

import asyncio

from bot.simulator.network import Event, Message, Network

PATIENCE = 25.0  # seconds; only ever reached by a defect


class Phone:
    """Says things and waits for what the bot says; `heard` is everything it said, `toasts` the answers to taps."""

    def __init__(self, network: Network, chat_id: int) -> None:
        self.network, self.chat_id = network, chat_id
        self.heard: list[str] = []
        self.messages: list[Message] = []
        self.toasts: list[str] = []
        self._news = asyncio.Event()
        network.listen(self._hear)

    def _hear(self, event: Event) -> None:
        if event.chat_id != self.chat_id:
            return
        if event.type == "message" and event.message is not None:
            self.messages.append(event.message)
            self.heard.append(event.message.text if event.message.text is not None else event.message.caption or "")
        elif event.type == "callback_answer":
            self.toasts.append(event.text or "")
        self._news.set()

    def say(self, text: str) -> None:
        """Type a text."""
        self.network.say(self.chat_id, text)

    async def hears(self, part: str, *, times: int = 1) -> str:
        """Wait until so many messages contain `part`; returns the last of them."""
        async with asyncio.timeout(PATIENCE):
            while len(found := [text for text in self.heard if part in text]) < times:
                self._news.clear()
                await self._news.wait()
        return found[-1]

    async def toasted(self) -> str:
        """Wait for the answer to a tap."""
        async with asyncio.timeout(PATIENCE):
            while not self.toasts:
                self._news.clear()
                await self._news.wait()
        return self.toasts[-1]

    async def ask(self, text: str, part: str) -> str:
        """Say something and wait for words in the reply; what was heard before does not count."""
        self.heard.clear()
        self.say(text)
        return await self.hears(part)

    async def rest(self, seconds: float = 1.0) -> list[str]:
        """What is heard while nothing is said."""
        before = len(self.heard)
        await asyncio.sleep(seconds)
        return self.heard[before:]
