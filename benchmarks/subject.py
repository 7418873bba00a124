"""What is measured, each in a process of its own: `kycuong run` as it is, and a bare python-telegram-bot echo.

A subject is asked over its standard input: a line is answered with one line of JSON, the end of the input ends it.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

import bot.__main__ as command_line
from benchmarks.province import prepare
from bot.simulator.network import DEFAULT_TOKEN
from storage.database import Database
from storage.evidence import EvidenceStore

IN_MEMORY = "sqlite:///:memory:"

opened: list[Watched] = []
profiling = threading.Event()
LOOP, WRITER = cProfile.Profile(), cProfile.Profile()


class Watched(Database):
    """The database of the bot, known to the measurement; the one that lives in memory is filled first."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        opened.append(self)
        if self.in_memory:
            count = int(os.environ["KYCUONG_BENCH_INSPECTORS"])
            sample = bool(os.environ.get("KYCUONG_BENCH_SAMPLE"))
            prepare(self, EvidenceStore(None), count, sample=sample)

    def _commit(self, jobs: list[Any]) -> None:
        """A transaction runs in the writer's thread, which has to profile itself."""
        if not profiling.is_set():
            super()._commit(jobs)
            return
        with suppress(ValueError):  # from Python 3.12 on the first profiler follows all threads
            WRITER.enable()
        super()._commit(jobs)
        WRITER.disable()


def _profile_loop(_signal: int, _frame: object) -> None:
    """Begin or end profiling the event loop, in whose thread signals arrive."""
    if profiling.is_set():
        profiling.clear()
        LOOP.disable()
    else:
        profiling.set()
        LOOP.enable()


def run_bot(folder: str | None) -> None:
    """`kycuong run`, with its settings from the environment; profiles go into `folder`."""
    command_line.Database = Watched  # type: ignore[attr-defined]
    if folder is None:
        command_line.main(["run"])
        return
    signal.signal(signal.SIGUSR1, _profile_loop)
    command_line.main(["run"])
    LOOP.dump_stats(Path(folder) / "1-event-loop.profile")
    WRITER.dump_stats(Path(folder) / "2-writer.profile")


async def _say_it_again(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


async def _take_the_photo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """The least a bot can do with a photo: fetch it and say so. Nothing is checked, nothing is kept."""
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    data = await file.download_as_bytearray()
    await update.message.reply_text(f"{len(data)}")


def run_echo(url: str, *, concurrent: bool) -> None:
    """The echo of python-telegram-bot's own documentation, with its default httpx client."""
    builder = Application.builder().token(DEFAULT_TOKEN)
    builder = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").concurrent_updates(concurrent)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, _say_it_again))
    application.add_handler(MessageHandler(filters.PHOTO, _take_the_photo))
    application.run_polling()


def _answer() -> None:
    for _question in sys.stdin:
        print(json.dumps({"commits": sum(database.commits for database in opened)}), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Start one subject."""
    parser = argparse.ArgumentParser(prog="benchmarks.subject")
    parser.add_argument("kind", choices=("bot", "echo", "echo-concurrent"))
    parser.add_argument("url")
    parser.add_argument("--core", type=int)
    parser.add_argument("--profile")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    threading.Thread(target=_answer, daemon=True).start()
    if options.kind == "bot":
        run_bot(options.profile)
    else:
        run_echo(options.url, concurrent=options.kind == "echo-concurrent")


if __name__ == "__main__":
    main()
