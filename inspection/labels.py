"""What an item is about, whatever the visit: without remarks, and without what only its prompt fills in or asks for."""

from __future__ import annotations

import re

from inspection.checklist import Item

_REMARK = re.compile(r"\s*\([^)]*\)")
_OF_YEAR = re.compile(r"(?: năm| for)? \{nam\}")


def label(item: Item, language: str = "vi", year: int | None = None) -> str:
    """ "Kế hoạch kỷ luật, kỷ cương năm 2026"; without a year, of no year."""
    place = 0 if language == "vi" else 1
    said = _REMARK.sub("", item.short[place])
    if item.answer_type == "count" and ":" in said:  # what follows are the figures; the question says whose they are
        said = item.question[place].partition("?")[0].partition(":")[0]
    elif item.answer_type == "doc_ref":
        said = said.partition(":")[0]
    said = said.replace("{nam}", str(year)) if year is not None else _OF_YEAR.sub("", said)
    said = said.partition("{")[0].rstrip(" :")
    return said[:1].upper() + said[1:]
