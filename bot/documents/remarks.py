"""What is said of a template that is kept: which fields it leaves out, and what its reading copy will not show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.documents import word
from bot.documents.field_words import WORDS
from bot.documents.reading_copy import unseen
from bot.documents.registry import KINDS
from inspection.phrases import Phrase

UNPRINTED = Phrase(
    "Lưu ý: mẫu này không in {fields}. Nếu không chủ ý bỏ, thêm các trường đó rồi gửi lại.",
    "Mind: this template does not print {fields}. If that is not intended, add these fields and send it again.",
)
UNSEEN = Phrase(
    "Bản đọc PDF không thể hiện {what} của mẫu này; bản Word có đủ.",
    "The PDF reading copy does not show {what} of this template; the Word file has all of it.",
)
PARTS = {
    "pictures": Phrase("hình", "the pictures"),
    "boxes": Phrase("hộp văn bản", "the text boxes"),
    "margins": Phrase("chữ ở đầu trang, chân trang", "the words in header and footer"),
}


@dataclass(frozen=True, slots=True)
class Remarks:
    """unprinted: names of needed fields the template prints nowhere; unseen: keys of PARTS."""

    unprinted: tuple[str, ...]
    unseen: tuple[str, ...]


def remarks(template: bytes, kind: str) -> Remarks:
    """Of a template that passed its trial. Slow, some tenths of a second."""
    missing = word.unprinted(template, KINDS[kind].trial(), KINDS[kind].needed)
    return Remarks(tuple(missing), tuple(unseen(template)))


def told(found: Remarks, language: str) -> list[str]:
    """A sentence for each sort of remark."""
    at = 0 if language == "vi" else 1
    fields = "; ".join(f"{WORDS[name][at]} ({name})" for name in found.unprinted)
    what = ", ".join(PARTS[part][at] for part in found.unseen)
    minded = [UNPRINTED[at].format(fields=fields)] if fields else []
    return [*minded, UNSEEN[at].format(what=what)] if what else minded
