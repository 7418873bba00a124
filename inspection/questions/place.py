"""A place: a shared position where the network has one, a typed statement where it has not."""

from __future__ import annotations

from inspection.checklist import Item
from inspection.questions.base import NA_WORDS, MetType, UnclearError, Value, is_na, not_applicable, says, shown_na

LIMIT = 300  # characters of a typed place


class Place:
    """`value` is {"vi_do": str, "kinh_do": str, "noi_dung": ""} (degrees, six decimals) or {"noi_dung": words}."""

    name = "place"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Keep the words; a position comes as a position."""
        if says(body, NA_WORDS):
            return not_applicable(item)
        if not body.strip():
            raise UnclearError("text_needed", code=item.code, example=item.example)
        return {"noi_dung": body.strip()[:LIMIT]}

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """An address goes on after its comma."""
        words = value.get("noi_dung")
        return {"noi_dung": f"{words}, {part}"[:LIMIT]} if words else None

    def show(self, item: Item, value: Value, language: str) -> str:
        """The words, or the position in degrees."""
        if is_na(value):
            return shown_na(language)
        return str(value.get("noi_dung") or f"{value['vi_do']}; {value['kinh_do']}")

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """A position is shared, or typed."""
        return ()


def shared(latitude: float, longitude: float) -> Value:
    """The answer a shared position gives."""
    return {"vi_do": f"{latitude:.6f}", "kinh_do": f"{longitude:.6f}", "noi_dung": ""}
