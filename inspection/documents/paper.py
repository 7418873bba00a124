"""One document somebody is to get: of which kind, about which visit or unit, as Word or as reading copy."""

from __future__ import annotations

from dataclasses import dataclass

WORD, READING_COPY = "docx", "pdf"
MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Paper:
    """kind: a key of the registry of documents; about: id of the visit or unit; form: WORD or READING_COPY.

    beside: it goes along with the same in another form, and has nothing to say where files cannot be sent. words: what
    a list is narrowed to, as it was typed.
    """

    kind: str
    about: str
    form: str
    beside: bool = False
    words: str = ""
