"""The figures of one run as ratios to the serial echo, each beside its goal."""

from __future__ import annotations

import platform
import pstats
import sqlite3
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from benchmarks.measure import BOT, CONCURRENT, ECHO, MEMORY, PHOTO, TAP, TEXT, Measured, Plan, Results

OVERVIEW = 30  # lines of a profile


def heading(plan: Plan, sync: float, *, pinned: bool) -> str:
    """What was measured where."""
    placed = "subjects on one core, network and people on the other" if pinned else "not pinned to cores"
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {placed}; "
        f"one durable write of a page: {1000 * sync:.2f} ms\n"
        f"{plan.rounds} rounds, {plan.window:g} s a slice; ratios are to the serial echo, measured in the same minutes"
    )


def table(results: Results, plan: Plan) -> str:
    """All rows."""
    parts = (_ratios(results, plan), _single(results), _durability(results, plan), _rows(results))
    return "\n\n".join("\n".join(part) for part in parts)


def _ratios(results: Results, plan: Plan) -> Iterator[str]:
    yield f"{'against the serial echo':34}" + "".join(f"{n:>10}" for n in plan.crowds) + "   goal at the most"
    serial = {n: results[TEXT, n, ECHO] for n in plan.crowds}
    rows = (
        ("steps/s, one request a step", TEXT, BOT, "rate", ">= 3"),
        ("CPU a step, one request a step", TEXT, BOT, "cpu", "<= 0.4"),
        ("steps/s, tap answer and edit", TAP, BOT, "rate", ">= 2"),
        ("CPU a step, tap answer and edit", TAP, BOT, "cpu", ""),
        ("steps/s of the concurrent echo", TEXT, CONCURRENT, "rate", ""),
        ("CPU a step of the concurrent echo", TEXT, CONCURRENT, "cpu", ""),
    )
    for label, kind, name, figure, goal in rows:
        found = [getattr(results[kind, n, name], figure) / getattr(serial[n], figure) for n in plan.crowds]
        yield f"{label:34}" + "".join(f"{value:>9.2f}x" for value in found) + f"   {goal}"
    memory = [results[TEXT, n, BOT].memory / serial[n].memory for n in plan.crowds]
    yield f"{'peak memory':34}" + "".join(f"{value:>9.2f}x" for value in memory)
    for label, kind, goal in (("commits a step, text", TEXT, "1 alone, <= 0.05"), ("commits a step, tap", TAP, "")):
        found = [results[kind, n, BOT].commits for n in plan.crowds]
        yield f"{label:34}" + "".join(f"{value:>10.3f}" for value in found) + f"   {goal}"


def _single(results: Results) -> Iterator[str]:
    echo, bot = results[PHOTO, 1, ECHO], results[PHOTO, 1, BOT]
    rows = (
        ("text", bot.latency(0.5) / echo.latency(0.5), "<= 1"),
        ("photo, to an echo that fetches it", bot.latency(0.5, "photo") / echo.latency(0.5, "photo"), "<= 1.25"),
        ("photo, to the echo's text", bot.latency(0.5, "photo") / echo.latency(0.5), ""),
    )
    yield "one inspector, every sixth step a photo: median step"
    for label, ratio, goal in rows:
        yield f"  {label:40}{ratio:>9.2f}x   {goal}"
    yield f"  {'commits a step':40}{bot.commits:>10.3f}   <= 1.2"


def _durability(results: Results, plan: Plan) -> Iterator[str]:
    many = results[TEXT, plan.most, BOT].rate / results[TEXT, plan.most, MEMORY].rate
    one = results[PHOTO, 1, BOT].rate / results[PHOTO, 1, MEMORY].rate
    yield "steps/s, durable against storage off"
    yield f"  {f'{plan.most} inspectors, text':40}{many:>9.2f}x   >= 0.85"
    yield f"  {'one inspector, every sixth step a photo':40}{one:>9.2f}x   >= 0.65"


def _rows(results: Results) -> Iterator[str]:
    yield (
        f"{'load':6}{'people':>7}  {'subject':18}{'steps/s':>9}{'CPU ms':>8}{'median ms':>11}{'p95 ms':>9}"
        f"{'commits':>9}{'MB':>6}"
    )
    for kind in (TEXT, TAP, PHOTO):
        for (load, people, name), measured in results.items():
            if load == kind:
                yield _row(load, people, name, measured)
    steps = sum(s.steps for m in results.values() for s in m.slices)
    yield f"steps in all: {steps}, lost: 0 (a lost step ends the run)"


def _row(load: str, people: int, name: str, measured: Measured) -> str:
    kind = "photo" if load == PHOTO else "text"
    return (
        f"{load:6}{people:>7}  {name:18}{measured.rate:>9.0f}{1000 * measured.cpu:>8.2f}"
        f"{1000 * measured.latency(0.5, kind):>11.2f}{1000 * measured.latency(0.95, kind):>9.2f}"
        f"{measured.commits:>9.3f}{measured.memory / 2**20:>6.0f}"
    )


def profiles(folder: Path) -> str:
    """The functions that cost the bot most in the measured windows, by thread: the event loop, then the writer."""
    shown = []
    for file in sorted(folder.glob("*.profile")):
        words = StringIO()
        stats = pstats.Stats(str(file), stream=words)
        stats.sort_stats("tottime").print_stats(OVERVIEW)
        stats.sort_stats("cumulative").print_stats(OVERVIEW)
        shown.append(f"--- {file.stem}\n{words.getvalue().replace(sys.prefix, '')}")
    return "\n".join(shown)
