"""A detail of the summary: a head, a list of records a page at a time, and acts whose numbers come after the list's.

What a number means is kept in the prompt for the page that is shown, so that a list which has changed since opens
nothing else than what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands.lists import SIZE, no_number, page_of
from bot.summary.asked import Asked
from bot.talk import Talk
from inspection.messages import Choice
from inspection.phrases import Phrase
from storage.reports.summary import Summary

HOW = Phrase("Gõ số để mở; gõ “về” để về trang tổng hợp.", "Type a number to open it; “back” for the summary.")
ONLY_BACK = Phrase("Gõ “về” để về trang tổng hợp.", "Type “back” for the summary.")
HOW_FROM = Phrase("Gõ số để mở; gõ “về” để trở lại danh sách.", "Type a number to open it; “back” for the list.")
ONLY_BACK_FROM = Phrase("Gõ “về” để trở lại danh sách.", "Type “back” for the list.")
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
    size: int = SIZE  # entries on a page


View = Callable[[Talk, Asked, Summary], Detail]


@dataclass(frozen=True, slots=True)
class Place:
    """A view, its page, and the places it was opened from, the last first: "" for the first page of the summary."""

    view: str
    page: int = 0
    trail: str = ""

    @classmethod
    def of(cls, focus: Mapping[str, Any]) -> Place:
        """The place a prompt shows."""
        return cls(str(focus.get("step", "")), int(focus.get("page", 0)), str(focus.get("trail", "")))

    def opening(self, view: str) -> Place:
        """The place of what is opened from this one."""
        return Place(view, trail=f"{self.view}@{self.page}|{self.trail}")

    def origin(self) -> Place | None:
        """Where this was opened from; None for the first page."""
        last, _, trail = self.trail.partition("|")
        view, _, page = last.partition("@")
        return Place(view, int(page), trail) if view else None


def show(talk: Talk, asked: Asked, place: Place, detail: Detail, unknown: str = "") -> None:
    """Ask with a page of the detail; `unknown`: a number typed that it does not have."""
    shown = page_of(detail.entries, place.page, detail.size)
    acts = list(enumerate(detail.acts, start=len(detail.entries) + 1))
    ways = shown.ways(talk.language)
    offered = [*shown.numbered, *acts]
    numbers = [str(n) for n, _ in offered]
    lines = [
        *([no_number(talk, unknown, numbers)] if unknown else []),
        detail.head,
        *(f"{n}. {entry.line}" for n, entry in shown.numbered),
        *(["   ".join(f"{n}. {act.line}" for n, act in acts)] if acts else []),
        *ways.lines,
        talk.words(_how(place, some=bool(offered))),
    ]
    choices = [Choice(f"{n}. {entry.label or entry.line}", str(n)) for n, entry in offered]
    choices += [*ways.choices, Choice(talk.words(BACK), talk.words(BACK).lower())]
    opens = {str(n): entry.opens for n, entry in offered}
    focus = {"page": shown.number, "opens": opens, "trail": place.trail, **asked.focus()}
    talk.ask("\n".join(lines), "summary", place.view, choices, **focus)


def _how(place: Place, *, some: bool) -> Phrase:
    if place.origin() is None:
        return HOW if some else ONLY_BACK
    return HOW_FROM if some else ONLY_BACK_FROM


def opened(focus: dict[str, Any], number: str) -> str:
    """What a number of the page shown opens; "" for one that is not on it."""
    return str(focus.get("opens", {}).get(str(int(number)), ""))
