"""The words of an example line, in the language of its reader: each of them is accepted as an answer, whoever types it.

Figures, document numbers and free words stay as they are. What the record is to print in Vietnamese stands in “…” in
an English example, and the quotation marks need not be typed.
"""

from __future__ import annotations

import re

from inspection.phrases import Phrase

# The longer before the shorter that it contains.
TYPED: tuple[Phrase, ...] = (
    Phrase("còn lại đạt", "the rest met"),
    Phrase("chưa kiểm tra được", "could not be checked"),
    Phrase("không áp dụng", "not applicable"),
    Phrase("chưa khắc phục", "not remedied"),
    Phrase("đã khắc phục", "remedied"),
    Phrase("chưa phù hợp", "not fitting"),
    Phrase("phù hợp", "fitting"),
    Phrase("không đạt", "not met"),
    Phrase("không có", "none"),
    Phrase("chưa có", "none"),
    Phrase("không ảnh", "no photo"),
    Phrase("ghi chú", "note"),
    Phrase("đạt", "met"),
)
_ENGLISH = dict(TYPED)
_DECIMAL = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")  # three digits behind a point would be thousands
_ANY = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one.vi) for one in TYPED)})(?!\w)")


def example_in(language: str, example: str) -> str:
    """An example of an answer as a reader of this language would type it: "B03 chưa có" is "B03 none"."""
    if language == "vi":
        return example
    return _DECIMAL.sub(".", _ANY.sub(lambda found: _ENGLISH[found[0]], example))
