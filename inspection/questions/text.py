"""Free words, kept as they were typed; "không có" says there is nothing to record."""

from __future__ import annotations

from inspection.checklist import Item
from inspection.questions.base import NONE_WORDS, MetType, UnclearError, Value, says

NOTHING = "Không có"  # as the minutes print it
LIMIT = 2000  # characters; what one chat message can hold on every network


class FreeText:
    """`value` is {"noi_dung": str}."""

    name = "text"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Keep the words."""
        if says(body, NONE_WORDS):
            return {"noi_dung": NOTHING}
        if not body.strip():
            raise UnclearError("text_needed", code=item.code, example=item.example)
        return {"noi_dung": body.strip().strip("“”")[:LIMIT]}

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """All that was typed is one remark and comes as one."""
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """The words, shortened for an echo."""
        words = " ".join(str(value["noi_dung"]).split())
        if language != "vi":
            words = "none" if words == NOTHING else f"“{words}”"
        return words if len(words) <= 80 else words[:79] + "…"

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """Words are typed."""
        return ()
