"""What narrows a list: a period, and words; a period that cannot be is said, and names like one that fits nothing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.narrowing import period_of
from bot.talk import Talk
from inspection.periods import Fault, Period
from inspection.phrases import Phrase
from inspection.words import fold, search_key
from storage import units

FAULTS = {
    "no_such_day": Phrase("“{typed}” không có trong lịch.", "“{typed}” is not in the calendar."),
    "wrong_order": Phrase(
        "“{typed}”: ngày đầu sau ngày cuối. Đề nghị gõ ngày đầu trước.",
        "“{typed}”: the first day comes after the last. Type the earlier day first.",
    ),
    "half": Phrase(
        "“{typed}”: chưa có ngày cuối. Đề nghị gõ cả hai ngày.", "“{typed}” has no last day. Type both days."
    ),
    "not_begun": Phrase("Kỳ “{typed}” chưa bắt đầu.", "The period “{typed}” has not begun."),
}
EXAMPLE = Phrase("Ví dụ: {call} tháng 7", "Example: {call} month 7")
NEAR = Phrase(" Tên gần giống: {names}.", " Similar names: {names}.")
ALL_WORDS = ("tat ca", "all", "het")  # folded: the list without a filter, or with what is over as well
FILTERED = Phrase(" theo “{words}”", " for “{words}”")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which days and which words a line must hold; `fault`: the sentence about a period that cannot be."""

    words: str
    rest: str
    period: Period | None
    fault: str = ""

    def holds(self, on: date | None, text: str) -> bool:
        """Whether a line of this day with these words is one of those asked for."""
        inside = self.period is None or (on is not None and self.period.holds(on))
        return inside and fold(self.rest) in fold(text)

    def shown(self, talk: Talk) -> str:
        """What the list was narrowed by, as its head repeats it; "" for the whole list."""
        return talk.words(FILTERED, words=self.words.strip()[:40]) if self.words.strip() else ""


def read(talk: Talk, words: str, call: str) -> Filter:
    """call: how the command is typed, for the example beside a fault."""
    found, rest = period_of(words, talk.ledger.today)
    if isinstance(found, Fault):
        fault = talk.words(FAULTS[found.why], typed=found.typed[:40])
        return Filter(words, rest, None, f"{fault} {talk.words(EXAMPLE, call=call)}")
    return Filter(words, rest, found)


def similar(talk: Talk, narrowed: Filter, area: Sequence[str]) -> str:
    """The units most like the words of a list that turned out empty; "" where they name one, or nothing is like them."""
    words = narrowed.rest.strip()
    if not words or units.find(talk.connection, words, scope=area, on=talk.ledger.today, limit=1):
        return ""
    names = near(talk, words, area)
    return talk.words(NEAR, names=", ".join(names)) if names else ""


def near(talk: Talk, words: str, area: Sequence[str]) -> list[str]:
    """The names of the area most like what was typed, at most three."""
    known = units.subtree(talk.connection, list(area), on=talk.ledger.today, kinds=(*units.COMMITTEES, "department"))
    by_key = {search_key(unit.name.partition(" ")[2] or unit.name): unit.full_name for unit in known}
    close = difflib.get_close_matches(search_key(words), by_key, n=3, cutoff=0.6)
    return [by_key[key] for key in close]
