"""One figure: whole, or with a decimal comma where the item is a percentage; "không" is 0."""

from __future__ import annotations

from decimal import Decimal

from inspection.checklist import Item
from inspection.figures import decimal, show_number, show_two
from inspection.questions.base import (
    MET,
    MET_WORDS,
    NA_WORDS,
    NONE_WORDS,
    MetType,
    UnclearError,
    Value,
    is_na,
    not_applicable,
    says,
    shown_na,
)
from inspection.shown import in_language
from inspection.words import fold


class Number:
    """`value` is {"gia_tri": Decimal} or {"khong_ap_dung": True}."""

    name = "number"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read a figure, with or without the item's unit behind it."""
        if says(body, NONE_WORDS):
            return {"gia_tri": Decimal(0)}
        if says(body, MET_WORDS):
            return MET
        if says(body, NA_WORDS):
            return not_applicable(item)
        figure = decimal(_without_unit(body, item.unit_word))
        if figure is None or figure < 0:
            raise UnclearError("number_unclear", code=item.code, example=item.example)
        if item.unit_word != "%" and figure != figure.to_integral_value():
            raise UnclearError("whole_number_needed", code=item.code, example=item.example)
        return {"gia_tri": figure}

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """Nothing continues a figure."""
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """ "02 người", "1.247 hồ sơ", "98,6%"; a bare 0 stays a bare 0."""
        if is_na(value):
            return shown_na(language)
        figure = value["gia_tri"]
        if item.unit_word == "%":
            return f"{in_language(show_number(figure), language)}%"
        if figure == 0:
            return "0"
        if language != "vi":
            return in_language(show_number(figure), language)
        words = show_two(int(figure)) if figure < 10 else show_number(figure)
        return f"{words} {item.unit_word}" if item.unit_word else words

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """Figures are typed: a prompt that takes figures never numbers choices."""
        return ()


def _without_unit(body: str, unit: str) -> str:
    text = body.strip()
    folded, suffix = fold(text), fold(unit)
    if suffix and folded.endswith(suffix) and len(folded) == len(text):
        return text[: len(text) - len(suffix)].strip()
    return text
