"""One of a closed list, by its number, its label or its name."""

from __future__ import annotations

from inspection.checklist import Item, Option
from inspection.questions.base import NA_WORDS, MetType, UnclearError, Value, is_na, not_applicable, says, shown_na
from inspection.words import fold, matches


class OneChoice:
    """`value` is {"chon": name} or {"khong_ap_dung": True}."""

    name = "one_choice"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read one option."""
        if says(body, NA_WORDS):
            return not_applicable(item)
        option = find_option(item, body)
        if option is None:
            raise UnclearError("option_unclear", code=item.code, options=listed(item), example=item.example)
        return {"chon": option.name}

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """One option is one answer."""
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """The labels chosen."""
        if is_na(value):
            return shown_na(language)
        at = 0 if language == "vi" else 1
        chosen = str(value["chon"]).split()
        return ", ".join(option.label[at] for option in item.options if option.name in chosen) or "—"

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """The options, numbered."""
        at = 0 if language == "vi" else 1
        return tuple((option.label[at], str(n)) for n, option in enumerate(item.options, start=1))


def find_option(item: Item, words: str) -> Option | None:
    """The option a number, a label or a name stands for; labels match whole, with or without tone marks."""
    plain = fold(words).removeprefix("so ").strip(" .()")
    if plain.isdigit():
        return item.options[int(plain) - 1] if 1 <= int(plain) <= len(item.options) else None
    for option in item.options:
        if plain == option.name.casefold() or matches(words, tuple(option.label)) is not None:
            return option
    return None


def listed(item: Item) -> tuple[str, str]:
    """The options on one line, in both languages."""
    lines = [[f"{n}. {option.label[at]}" for n, option in enumerate(item.options, start=1)] for at in (0, 1)]
    return "   ".join(lines[0]), "   ".join(lines[1])
