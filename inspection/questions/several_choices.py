"""Any number of a closed list: `1 3`, or "không" for none of them."""

from __future__ import annotations

import re

from inspection.checklist import Item
from inspection.questions.base import NA_WORDS, NONE_WORDS, MetType, UnclearError, Value, not_applicable, says
from inspection.questions.one_choice import OneChoice, find_option, listed


class SeveralChoices(OneChoice):
    """`value` is {"chon": names with a space between them, in the order of the list} or {"khong_ap_dung": True}."""

    name = "several_choices"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read numbers, or one label."""
        if says(body, NONE_WORDS):
            return {"chon": ""}
        if says(body, NA_WORDS):
            return not_applicable(item)
        found = [find_option(item, word) for word in re.split(r"[\s,;/+]+|\b(?:và|va|and)\b", body) if word]
        if not found or None in found:
            found = [find_option(item, body)]
        names = {option.name for option in found if option is not None}
        if None in found or not names:
            raise UnclearError("options_unclear", code=item.code, options=listed(item), example=item.example)
        return {"chon": " ".join(option.name for option in item.options if option.name in names)}

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """`1, 3` was cut at its comma: what follows joins the list."""
        option = find_option(item, part)
        if option is None or not value.get("chon"):
            return None
        names = {*str(value["chon"]).split(), option.name}
        return {"chon": " ".join(one.name for one in item.options if one.name in names)}
