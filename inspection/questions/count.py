"""Several whole numbers in one line, in the order the prompt names them: `25 22 2 1`."""

from __future__ import annotations

from inspection.checklist import Item, Text
from inspection.figures import show_two, wholes
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


class Count:
    """`value` maps the item's asked fields to ints, or is {"khong_ap_dung": True}."""

    name = "count"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read exactly as many figures as the item has fields."""
        if says(body, MET_WORDS):
            return MET
        if says(body, NA_WORDS):
            return not_applicable(item)
        figures = wholes(body)
        if figures is None or len(figures) != len(asked(item)):
            name = "count_unclear" if figures else "count_needed"
            needed, given = _both(len(asked(item))), _both(len(figures or ()))
            raise UnclearError(name, code=item.code, needed=needed, given=given, example=item.example)
        return dict(zip(asked(item), figures, strict=True))

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """Figures come in one piece."""
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """ "25/22/2/1"."""
        if is_na(value):
            return shown_na(language)
        return "/".join(str(value[name]) for name in asked(item))

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """Figures are typed."""
        return ()


def _both(count: int) -> Text:
    return Text(show_two(count), show_two(count, "en"))


def asked(item: Item) -> tuple[str, ...]:
    """The fields a person fills in, in order (the server fills `thoi_diem`)."""
    return tuple(f.name for f in item.fields if f.name != "thoi_diem")
