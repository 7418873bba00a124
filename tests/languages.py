"""Which words of a message belong to the other language than its reader's.

Quoted data stands in “…” and is left out, as are the proper names of the cast, document numbers and the names of the
languages themselves. What remains is searched for Vietnamese letters with marks and for closed lists of words.
"""

from __future__ import annotations

import re

from bot.phrases import PHRASES
from bot.strangers import NEUTRAL, REFUSED
from inspection.phrases import in_both
from tests.cast import CAST, UNITS

QUOTED = re.compile(r"“[^”]*”")
DOCUMENT = re.compile(r"\b\d+[a-zđ]?(?:/\d{4})?/[\w-]+", re.IGNORECASE)
COMMAND = re.compile(r"/[a-z]+")
NAMES = sorted(
    {
        *(one.name for one in CAST),
        *(unit.name for unit in UNITS),
        *("Nguyễn Văn Ân", "Sở Nội vụ", "Tiếng Việt"),  # invited in a talk; the controller; a language's own name
    },
    key=len,
    reverse=True,
)
MARKED = re.compile(r"\b\w*[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]\w*", re.IGNORECASE)
UNMARKED = re.compile(
    r"\b(?:dat|khong|chua co|con lai|bo qua|lui|xong|dung lai|huy|tra loi|gui|ghi|vi du|de nghi|dong chi|he thong"
    r"|noi dung|hoac|anh|cho biet|kiem tra|ngay|thang|lai)\b",
    re.IGNORECASE,
)
VIETNAMESE_COMMAND = re.compile(
    r"/(?:kiemtra|tieptuc|sua|huy|kehoach|donvi|vanban|ngaynghi|moi|dulieu|ngonngu|trogiup|xemtruoc)\b"
)
ENGLISH = re.compile(
    r"\b(?:the|and|of|is|are|was|were|please|type|answer|your|you|not|met|with|for|this|that|example|photos?|stored"
    r"|saved|visits?|units?|items?|skip|begin|back|from|until|due|overdue|none|done|report|finding|checklist|preview)\b",
    re.IGNORECASE,
)


TOLD_IN_BOTH = {in_both(one) for one in (NEUTRAL, *REFUSED.values(), PHRASES["group"], PHRASES["not_stored"])}


def foreign(language: str, words: str) -> list[str]:
    """The words of a message that its reader's language does not have; a reader nobody knows is told in both."""
    if words in TOLD_IN_BOTH:
        return []
    left = QUOTED.sub(" ", words)
    for name in NAMES:
        left = left.replace(name, " ")
    left = DOCUMENT.sub(" ", left)
    if language == "en":
        return [*VIETNAMESE_COMMAND.findall(left), *MARKED.findall(left), *UNMARKED.findall(COMMAND.sub(" ", left))]
    return ENGLISH.findall(COMMAND.sub(" ", left)) if language == "vi" else []
