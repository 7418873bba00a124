"""What is said of a template that can be used: which fields it leaves out. It is kept all the same."""

from __future__ import annotations

from dataclasses import dataclass

from bot.documents import word
from bot.documents.field_words import WORDS
from bot.documents.registry import KINDS
from inspection.phrases import Phrase

UNPRINTED = Phrase(
    "Lưu ý: mẫu này không in {fields}. Nếu không chủ ý bỏ, thêm các trường đó rồi gửi lại.",
    "Mind: this template does not print {fields}. If that is not intended, add these fields and send it again.",
)


@dataclass(frozen=True, slots=True)
class Remarks:
    """unprinted: names of needed fields the template prints nowhere."""

    unprinted: tuple[str, ...]


def remarks(template: bytes, kind: str) -> Remarks:
    """Of a template that passed its trial. Slow, some tenths of a second."""
    return Remarks(tuple(word.unprinted(template, KINDS[kind].trial(), KINDS[kind].needed)))


def told(found: Remarks, language: str) -> list[str]:
    """A sentence for each sort of remark."""
    at = 0 if language == "vi" else 1
    fields = "; ".join(f"{WORDS[name][at]} ({name})" for name in found.unprinted)
    return [UNPRINTED[at].format(fields=fields)] if fields else []
