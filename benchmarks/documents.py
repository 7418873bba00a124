"""How long the minutes of a visit take, from their data to the bytes of a file: Word, then reading copy."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from bot.documents import samples
from bot.documents.minutes_fields import minutes_fields
from bot.documents.reading_copy import reading_copy_apart
from bot.documents.registry import built_in
from bot.documents.word import fill
from inspection.documents.minutes import Minutes

LIMIT = 3.0  # seconds for both, after the last answer
ROUNDS = 5


def reference() -> Minutes:
    """Minutes as long as those of forty items with eight photos."""
    section = samples.MINUTES.sections[0]
    sections = tuple(replace(section, code=code, lines=(section.lines * 3)[:5]) for code in "ABCDEFGH")
    return replace(samples.MINUTES, sections=sections, photos=samples.MINUTES.photos * 8)


def measure(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Seconds of each step, a figure for each round; the first one loads fonts and code."""
    minutes, now = reference(), datetime(2026, 8, 4, 3, 40, tzinfo=UTC)
    taken: dict[str, list[float]] = {"word": [], "reading copy": []}
    for _ in range(rounds):
        start = time.perf_counter()
        filled = fill(built_in("minutes"), minutes_fields(minutes))
        between = time.perf_counter()
        reading_copy_apart(filled, now)
        taken["word"].append(between - start)
        taken["reading copy"].append(time.perf_counter() - between)
    return taken


def table(taken: dict[str, list[float]]) -> str:
    """First and best round of each step, and of both against the limit."""
    lines = [f"{'minutes of 40 items':<22}{'first, s':>10}{'best, s':>10}"]
    lines += [f"{step:<22}{seconds[0]:>10.2f}{min(seconds):>10.2f}" for step, seconds in taken.items()]
    first, best = sum(s[0] for s in taken.values()), sum(min(s) for s in taken.values())
    verdict = "met" if first < LIMIT else "MISSED"
    lines.append(f"{'both':<22}{first:>10.2f}{best:>10.2f}   goal: below {LIMIT:.0f} s {verdict}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure()))
    sys.exit(0)
