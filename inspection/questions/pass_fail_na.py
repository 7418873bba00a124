"""Đạt / Không đạt / Không áp dụng, by word or by its number; earlier findings use words of their own."""

from __future__ import annotations

from inspection.checklist import Item
from inspection.questions.base import (
    MET_WORDS,
    NA_WORDS,
    NONE_WORDS,
    NOT_MET_WORDS,
    MetType,
    UnclearError,
    Value,
    says,
)
from inspection.words import fold

YES_WORDS = ("có", "rồi", "có rồi", "đủ", "tốt", "yes")
REMEDIED = (
    ("đã khắc phục", "đã xong", "xong rồi", "remedied"),
    ("chưa khắc phục", "tái diễn", "vẫn còn", "not remedied"),
    ("chưa kiểm tra được", "could not be checked"),
)

LABELS = {
    "vi": ("Đạt", "Không đạt", "Không áp dụng"),
    "en": ("Met", "Not met", "Not applicable"),
}
REMEDY_LABELS = {
    "vi": ("Đã khắc phục", "Chưa khắc phục", "Chưa kiểm tra được"),
    "en": ("Remedied", "Not remedied", "Could not be checked"),
}
RESULTS = ("dat", "khong_dat", "khong_ap_dung")


class PassFailNa:
    """`value` is {"ket_qua": "dat" | "khong_dat" | "khong_ap_dung"}."""

    name = "pass_fail_na"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read a word or the number of a choice."""
        result = _result(item, body)
        if result == "khong_ap_dung" and not (item.na_allowed or item.repeats):
            raise UnclearError("na_refused", code=item.code)
        return {"ket_qua": result}

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """Nothing continues a verdict."""
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """The verdict in words: lower case, because the echo adds its own emphasis."""
        labels = REMEDY_LABELS if item.repeats else LABELS
        return labels[language][RESULTS.index(value["ket_qua"])].lower()

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """Three numbered choices, or two where the item is always applicable."""
        labels = (REMEDY_LABELS if item.repeats else LABELS)[language]
        count = 3 if item.na_allowed or item.repeats else 2
        return tuple((label, str(n)) for n, label in enumerate(labels[:count], start=1))


def _result(item: Item, body: str) -> str:
    bare = fold(body).removeprefix("so ").strip(" .()")
    if bare in ("1", "2", "3"):
        return RESULTS[int(bare) - 1]
    if says(body, NONE_WORDS) and item.negative:
        raise UnclearError("negative_unclear", code=item.code, meaning=item.short)
    lists: tuple[tuple[tuple[str, ...], ...], ...] = (
        (MET_WORDS, () if item.negative else YES_WORDS),
        (NOT_MET_WORDS, NONE_WORDS),
        (NA_WORDS,),
    )
    for result, words, remedy in zip(RESULTS, lists, REMEDIED, strict=True):
        if says(body, *words, *((remedy,) if item.repeats else ())):
            return result
    raise UnclearError("remedy_unclear" if item.repeats else "verdict_unclear", code=item.code)
