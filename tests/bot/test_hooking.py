"""An address given to a network is looked at again and again; only a token refused at the start ends that."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

import pytest

from bot.channels.hooking import LOOK_EVERY, keep_address
from bot.channels.port import Failure, SendFailedError
from bot.channels.telegram import TelegramChannel
from bot.simulator import Running, serve
from bot.simulator.network import DEFAULT_TOKEN

URL = "https://us/webhook/zalo/1"


class EndedError(Exception):
    """The test has seen enough."""


@dataclass
class Network:
    """Remembers an address; `troubles` meet the next looks."""

    address: str = ""
    troubles: deque[Failure] = field(default_factory=deque)
    given: int = 0
    seen: int = 0
    waits: list[float] = field(default_factory=list)
    patience: int = 3

    async def current(self) -> str:
        if self.troubles:
            raise SendFailedError(self.troubles.popleft(), "said the network")
        return self.address

    async def give(self) -> None:
        self.address, self.given = URL, self.given + 1

    def look(self) -> None:
        self.seen += 1

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) == self.patience:
            raise EndedError

    async def keep(self) -> None:
        await keep_address("zalo 1", URL, current=self.current, give=self.give, seen=self.look, sleep=self.sleep)


async def test_it_is_given_once_and_looked_at_again() -> None:
    network = Network()
    with pytest.raises(EndedError):
        await network.keep()
    assert (network.given, network.seen, network.waits) == (1, 3, [LOOK_EVERY] * 3)


async def test_one_that_was_overwritten_is_given_again() -> None:
    network = Network(address="https://somebody-else", patience=1)
    with pytest.raises(EndedError):
        await network.keep()
    assert (network.address, network.given) == (URL, 1)


async def test_trouble_is_waited_out_with_growing_pauses() -> None:
    network = Network(troubles=deque([Failure.TRANSIENT] * 7), patience=8)
    with pytest.raises(EndedError):
        await network.keep()
    assert network.waits == [2, 4, 8, 16, 32, 60, 60, LOOK_EVERY]
    assert network.seen == 1


async def test_a_token_refused_at_the_start_ends_it_and_later_does_not() -> None:
    with pytest.raises(SendFailedError):
        await Network(troubles=deque([Failure.CREDENTIAL])).keep()
    network = Network(patience=4)

    async def then_refused(seconds: float) -> None:
        network.troubles.append(Failure.CREDENTIAL)
        await Network.sleep(network, seconds)

    with pytest.raises(EndedError):
        await keep_address(
            "zalo 1", URL, current=network.current, give=network.give, seen=network.look, sleep=then_refused
        )
    assert network.seen == 1


async def test_telegram_polls_again_after_a_webhook_was_left_behind() -> None:
    served: Running = await serve()
    served.network.phone("Thịnh", user_id=7)
    served.network.settings["webhook"] = {"url": "http://127.0.0.1:9/x", "secret": "s", "connections": 1}
    served.network.say(7, "xin chào")
    channel = TelegramChannel(DEFAULT_TOKEN, served.url, pauses=(0.01, 0.02))
    heard: list[str] = []

    async def accept(updates: object) -> None:
        heard.extend(update.payload["message"]["text"] for update in updates)  # type: ignore[attr-defined]

    await channel.open()
    task = asyncio.create_task(channel.listen(accept))
    async with asyncio.timeout(5):
        while not heard:  # noqa: ASYNC110  somebody else's loop
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await channel.close()
    await served.close()
    assert heard == ["xin chào"]
