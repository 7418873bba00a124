"""`kycuong` started as a process of its own: what it prints, how it ends, and how it is killed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path

from bot.simulator.network import DEFAULT_TOKEN

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"^.*INFO kycuong: running: ", re.MULTILINE)
PATIENCE = 30.0  # seconds after which a process is taken for hung; only ever reached by a defect


def environment(**settings: str) -> dict[str, str]:
    """The variables of a process: nothing of this machine's own settings, only those given (without the prefix)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KYCUONG_")}
    return {**kept, "PYTHONPATH": str(ROOT), **{f"KYCUONG_{name.upper()}": value for name, value in settings.items()}}


async def kycuong(folder: Path, *arguments: str, env: Mapping[str, str]) -> tuple[int, str, str]:
    """Run one command to its end: exit status, what it printed, what it complained of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=dict(env),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


class Application:
    """One database and one network, and the `run` that lives on them, several times in a row."""

    def __init__(self, folder: Path, url: str, **settings: str) -> None:
        self.folder = folder
        self.log = folder / "log.txt"
        self.env = environment(
            **{
                "database_url": f"sqlite:///{folder / 'kycuong.db'}",
                "evidence_url": str(folder / "evidence"),
                "telegram_token": DEFAULT_TOKEN,
                "telegram_api_url": url,
                "sends_per_second": "0",
                "burst_silence": "0.3",
                **settings,
            }
        )
        self.process: Process | None = None
        self._printed_before = 0

    async def start(self, *command: str) -> None:
        """Start and return at once; `ready` waits until it listens."""
        assert self.process is None
        self._printed_before = len(self.printed())
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command, sys.executable, "-m", "bot", "run", cwd=self.folder, env=self.env, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until this life has resumed what the one before left, and listens."""
        async with asyncio.timeout(PATIENCE):
            while not self.listens():
                assert self.lives, self.printed()[-2000:]
                await asyncio.sleep(0.02)

    @property
    def lives(self) -> bool:
        """Whether this life has been started and has not ended."""
        return self.process is not None and self.process.returncode is None

    def listens(self) -> bool:
        """Whether this life has come so far."""
        return READY.search(self.printed(), self._printed_before) is not None

    def kill(self) -> None:
        """No warning, no clean-up."""
        if self.process is not None and self.lives:
            self.process.send_signal(signal.SIGKILL)

    async def ended(self) -> int:
        """The exit status, once it has ended."""
        assert self.process is not None
        status = await asyncio.wait_for(self.process.wait(), PATIENCE)
        self.process = None
        return status

    async def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask politely to stop; returns the exit status."""
        assert self.process is not None
        self.process.send_signal(sign)
        return await self.ended()

    async def end(self) -> None:
        """Whatever state it is in, leave nothing running."""
        if self.process is not None:
            self.kill()
            await self.ended()

    def printed(self) -> str:
        """Everything its lives have logged."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""
