"""What every question type must be able to do: read an answer, extend it, show it, offer choices.

A type owns its words and its rules. It never decides what is asked next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from inspection.checklist import Item
from inspection.words import matches

Value = Mapping[str, Any]

MET_WORDS = ("đạt", "đều đạt", "met")
NOT_MET_WORDS = ("không đạt", "chưa đạt", "ko đạt", "not met")
NONE_WORDS = ("không", "chưa", "chưa có", "không có", "ko", "ko có", "no", "none", "not yet")
NA_WORDS = ("không áp dụng", "ko áp dụng", "kad", "not applicable", "n/a")


class MetType:
    """The answer "đạt" to a question whose value the checklist itself knows."""


MET = MetType()


class UnclearError(Exception):
    """The words do not answer this question; `phrase` and `values` say what would."""

    def __init__(self, phrase: str, **values: object) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.values = values


class QuestionType(Protocol):
    """One kind of answer."""

    name: str

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read the words after the item's code. Raises UnclearError."""
        ...

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """Read a following piece as more of the same answer; None when it is not."""
        ...

    def show(self, item: Item, value: Value, language: str) -> str:
        """The answer in words, without the verdict."""
        ...

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """Numbered choices (label, value) for asking this item alone; empty where something is typed."""
        ...


def not_applicable(item: Item) -> Value:
    """The answer "không áp dụng", if this item takes it. Raises UnclearError."""
    if not item.na_allowed:
        raise UnclearError("na_refused", code=item.code)
    return {"khong_ap_dung": True}


def is_na(value: Value) -> bool:
    """Whether an answer waves the question off."""
    return bool(value.get("khong_ap_dung")) or value.get("ket_qua") == "khong_ap_dung"


def shown_na(language: str) -> str:
    """A question waved off, in words."""
    return "không áp dụng" if language == "vi" else "not applicable"


def says(body: str, *lists: tuple[str, ...]) -> bool:
    """Whether the whole piece is one of the words."""
    return any(matches(body, words) is not None for words in lists)
