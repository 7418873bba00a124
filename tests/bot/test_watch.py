"""A channel that hears nothing is said once, and once more when it hears again."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

import pytest

from bot.watch import EVERY, Watch


class Ear:
    """A channel as the watch sees it."""

    def __init__(self) -> None:
        self.well = True

    def healthy(self, now: float) -> bool:
        return self.well


def test_only_a_change_is_said(caplog: pytest.LogCaptureFixture) -> None:
    ear = Ear()
    watch = Watch(cast(Any, {("telegram", "1"): ear, ("other", "2"): object()}), lambda: 0.0)
    with caplog.at_level(logging.WARNING):
        for well in (True, False, False, True, True):
            ear.well = well
            watch.look()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "telegram 1 hears nothing: no poll has returned and no call has come for minutes"),
        ("WARNING", "telegram 1 hears again"),
    ]
    assert not watch.deaf


async def test_it_looks_every_minute() -> None:
    slept: list[float] = []
    ear = Ear()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        ear.well = False
        if len(slept) == 2:
            raise asyncio.CancelledError

    watch = Watch(cast(Any, {("telegram", "1"): ear}), lambda: 0.0, sleep)
    with pytest.raises(asyncio.CancelledError):
        await watch.run()
    assert slept == [EVERY, EVERY]
    assert watch.deaf == {("telegram", "1")}
