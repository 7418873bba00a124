"""A photo alone is the answer: how many there are is counted when their bytes are stored."""

from __future__ import annotations

from inspection.checklist import Item
from inspection.questions.base import NA_WORDS, MetType, UnclearError, Value, is_na, not_applicable, says, shown_na


class PhotoAlone:
    """`value` is {"so_anh": int} or {"khong_ap_dung": True}."""

    name = "photo"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Words are no photo; only "không áp dụng" can stand in its place."""
        if says(body, NA_WORDS):
            return not_applicable(item)
        raise UnclearError("photo_needed", code=item.code)

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """Nothing continues it."""
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """ "02 ảnh"."""
        if is_na(value):
            return shown_na(language)
        return f"{value['so_anh']:02d} {'ảnh' if language == 'vi' else 'photos'}"

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """A photo is sent."""
        return ()
