"""A long list is shown a page at a time; its numbers go on from page to page, so that each names one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.talk import Talk
from inspection.figures import show_two
from inspection.messages import Choice
from inspection.phrases import Phrase

T = TypeVar("T")
SIZE = 10
NEXT_PAGE = Phrase("Gõ “tiếp” để xem trang sau.", "Type “next” for the next page.")
PREVIOUS_PAGE = Phrase("Gõ “trước” để xem trang trước.", "Type “previous” for the page before.")
LABELS = {"tiếp": Phrase("Tiếp", "Next"), "trước": Phrase("Trước", "Previous")}
REST = Phrase(
    "Còn {count} mục nữa, hiện ra khi đã trả lời các mục trên.", "{count} more come up as these are answered."
)
NO_NUMBER = Phrase(
    "Không có số {number} ở trang này; có các số: {numbers}.", "There is no number {number} here; there are: {numbers}."
)
NO_NUMBERS = Phrase("Trang này không có số nào để chọn.", "There are no numbers to choose from here.")
RETURN = ("ve", "lui", "quay lai", "back", "go back")  # from what was opened to where it was listed
FORWARD, BACK = ("tiep", "next"), ("truoc", "previous")


@dataclass(frozen=True, slots=True)
class Ways:
    """How to go on from a page: lines of text, and the same as choices."""

    lines: tuple[str, ...]
    choices: tuple[Choice, ...]


def no_number(talk: Talk, number: str, numbers: Sequence[str]) -> str:
    """The sentence about a number that fits nothing here: which there are."""
    if not numbers:
        return talk.words(NO_NUMBERS)
    return talk.words(NO_NUMBER, number=int(number), numbers=", ".join(numbers))


def first_of(listed: Sequence[T], language: str) -> tuple[Sequence[T], list[str]]:
    """The first lines of what is to be worked off from the top, and the words that tell of the rest."""
    rest = len(listed) - SIZE
    words = REST.vi if language == "vi" else REST.en
    return listed[:SIZE], [words.format(count=show_two(rest, language))] if rest > 0 else []


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page; `numbered`: each line with the number it is chosen by, from 1."""

    number: int
    numbered: tuple[tuple[int, T], ...]
    last: bool

    def ways(self, language: str) -> Ways:
        """The way to the page before and to the next one."""
        offered = [
            *([("tiếp", NEXT_PAGE)] if not self.last else []),
            *([("trước", PREVIOUS_PAGE)] if self.number else []),
        ]
        vi = language == "vi"
        lines = tuple(phrase.vi if vi else phrase.en for _, phrase in offered)
        choices = tuple(
            Choice(LABELS[word].vi if vi else LABELS[word].en, word if vi else LABELS[word].en.lower())
            for word, _ in offered
        )
        return Ways(lines, choices)

    @staticmethod
    def moved(folded: str, page: int) -> int | None:
        """The page a folded word leads to from another one, or None."""
        if folded in FORWARD:
            return page + 1
        return max(0, page - 1) if folded in BACK else None


def page_of(listed: Sequence[T], number: int, size: int = SIZE) -> Page[T]:
    """One page of a list; past its end, the last one."""
    number = min(number, max(0, (len(listed) - 1) // size))
    start = number * size
    part = listed[start : start + size]
    return Page(number, tuple(enumerate(part, start=start + 1)), start + size >= len(listed))
