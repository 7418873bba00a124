"""A day: day first, the year of the visit where none is said."""

from __future__ import annotations

from inspection.checklist import Item
from inspection.figures import day, show_day
from inspection.questions.base import (
    MET,
    MET_WORDS,
    NA_WORDS,
    MetType,
    UnclearError,
    Value,
    is_na,
    not_applicable,
    says,
    shown_na,
)


class Day:
    """`value` is {"ngay": date} or {"khong_ap_dung": True}."""

    name = "date"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read a day that exists."""
        if says(body, NA_WORDS):
            return not_applicable(item)
        if says(body, MET_WORDS) and item.default is not None:
            return MET
        read = day(body, year=year)
        if read is None:
            raise UnclearError("day_unclear", code=item.code, example=item.example)
        return {"ngay": read}

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """Nothing continues a day."""
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """ "15/7/2025"."""
        if is_na(value):
            return shown_na(language)
        return show_day(value["ngay"], language)

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """A day is typed."""
        return ()
