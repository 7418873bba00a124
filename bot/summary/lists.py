"""A detail of the summary: a head, a list of records a page at a time, and acts whose numbers come after the list's.

What a number means is kept in the prompt for the page that is shown, so that a list which has changed since opens
nothing else than what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands.lists import page_of
from bot.summary.asked import Asked
from bot.talk import Talk
from inspection.messages import Choice
from inspection.phrases import Phrase

HOW = Phrase("Gõ số để mở; gõ “về” để về trang tổng hợp.", "Type a number to open it; “back” for the summary.")
ONLY_BACK = Phrase("Gõ “về” để về trang tổng hợp.", "Type “back” for the summary.")
BACK = Phrase("Về", "Back")
NOTHING = Phrase("Không có nội dung nào.", "There is nothing.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line and what it opens: "finding:TT-2026-012", "matter:NV-2026-0147", "visit:ID", "unit:ID", "view:NAME"."""

    line: str
    opens: str
    label: str = ""  # of its button, where the line is too long for one


@dataclass(frozen=True, slots=True)
class Detail:
    """One view: its head, its records, and what can be done beside opening one."""

    head: str
    entries: Sequence[Entry] = ()
    acts: Sequence[Entry] = ()


def show(talk: Talk, asked: Asked, view: str, detail: Detail, page: int = 0) -> None:
    """Ask with a page of the detail."""
    shown = page_of(detail.entries, page)
    acts = list(enumerate(detail.acts, start=len(detail.entries) + 1))
    ways = shown.ways(talk.language)
    lines = [
        detail.head,
        *(f"{n}. {entry.line}" for n, entry in shown.numbered),
        *(["   ".join(f"{n}. {act.line}" for n, act in acts)] if acts else []),
        *ways.lines,
        talk.words(HOW if detail.entries or acts else ONLY_BACK),
    ]
    offered = [*shown.numbered, *acts]
    choices = [Choice(f"{n}. {entry.label or entry.line}", str(n)) for n, entry in offered]
    choices += [*ways.choices, Choice(talk.words(BACK), talk.words(BACK).lower())]
    opens = {str(n): entry.opens for n, entry in offered}
    talk.ask("\n".join(lines), "summary", view, choices, page=shown.number, opens=opens, **asked.focus())


def opened(focus: dict[str, Any], number: str) -> str:
    """What a number of the page shown opens; "" for one that is not on it."""
    return str(focus.get("opens", {}).get(str(int(number)), ""))
