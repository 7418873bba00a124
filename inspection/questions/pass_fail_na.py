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

YES_WORDS = ("có", "rồi", "có rồi", "đủ", "tốt")
REMEDIED = (("đã khắc phục", "đã xong", "xong rồi"), ("chưa khắc phục", "tái diễn", "vẫn còn"), ("chưa kiểm tra được",))

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
    numbers = {"1": "dat", "2": "khong_dat", "3": "khong_ap_dung"}
    bare = fold(body).removeprefix("so ").strip(" .()")
    if bare in numbers:
        return numbers[bare]
    if item.repeats:
        for words, result in zip(REMEDIED, RESULTS, strict=True):
            if says(body, words):
                return result
    if says(body, NONE_WORDS):
        if item.negative:
            raise UnclearError("negative_unclear", code=item.code, meaning=item.short)
        return "khong_dat"
    if says(body, NOT_MET_WORDS):
        return "khong_dat"
    if says(body, MET_WORDS) or (not item.negative and says(body, YES_WORDS)):
        return "dat"
    if says(body, NA_WORDS):
        return "khong_ap_dung"
    raise UnclearError("verdict_unclear", code=item.code)
