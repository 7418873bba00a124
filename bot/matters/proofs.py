"""What a unit has sent as proof of a report: said in words, shown with the task, and all of it on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.matters.common import words_in
from bot.talk import Talk
from inspection.figures import show_two
from inspection.messages import Choice, Document, Reply
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from inspection.words import fold
from storage import obligations
from storage.obligations import Proof

PHOTOS = Phrase("{count} ảnh", "photos: {count}")
FILES = Phrase("{count} tệp", "files: {count}")
SYSTEM = Phrase("đã gửi qua hệ thống quản lý văn bản", "sent through the document-management system")
NONE_YET = Phrase("chưa có", "none yet")
SEE = Phrase("Xem minh chứng", "See the proof")
ONE_OF = Phrase("{code}, minh chứng {n}/{count}.", "{code}, proof {n} of {count}.")
NONE = Phrase("{code}: chưa có minh chứng nào được gửi vào đây.", "{code}: no proof was sent here so far.")
INSTEAD = Phrase(
    "Nếu không thấy tệp kèm theo, đề nghị xem ở kênh nhận được tệp hoặc hỏi đơn vị.",
    "If no file comes with this, please see it on a network that carries files, or ask the unit.",
)
SEEING = ("xem minh chung", "minh chung", "see the proof", "proof")
MOST = 10  # shown one by one


def asks_to_see(words: str) -> bool:
    """Whether what follows the code of a matter asks for its proof."""
    return fold(words).strip(" .") in SEEING


def in_words(proofs: Sequence[Proof], *, by_system: bool, language: str) -> str:
    """ "02 ảnh, 01 tệp"; the word that it went through the system, or that there is none yet."""
    photos = sum(proof.is_photo for proof in proofs)
    counted = ((PHOTOS, photos), (FILES, len(proofs) - photos))
    parts = [words_in(language, phrase, count=show_two(count, language)) for phrase, count in counted if count]
    if by_system:
        parts.append(words_in(language, SYSTEM))
    return ", ".join(parts) or words_in(language, NONE_YET)


def newest(proofs: Sequence[Proof], language: str) -> dict[str, Any]:
    """What goes with the task itself, as a part of its payload: the newest photo, else the newest file."""
    photo = next((proof for proof in reversed(proofs) if proof.is_photo), None)
    if photo is not None:
        return {"photo": photo.sha256}
    return {"document": _document(proofs[-1], language)} if proofs else {}


def choice(one: Obligation, proofs: Sequence[Proof], language: str) -> list[Choice]:
    """The way to the others, where there are any."""
    label = words_in(language, SEE)
    return [Choice(label, f"{one.code} {label.lower()}")] if len(proofs) > 1 else []


def show_all(talk: Talk, one: Obligation) -> None:
    """Every photo and file, oldest first; of very many the newest."""
    proofs = obligations.proofs(talk.connection, one.id)
    if not proofs:
        talk.say(NONE, code=one.code)
    count = len(proofs)
    for n, proof in list(enumerate(proofs, start=1))[-MOST:]:
        text = talk.words(ONE_OF, code=one.code, n=n, count=count)
        if proof.is_photo:
            talk.reply(Reply(text, photo=proof.sha256))
        else:
            talk.reply(Reply(text, document=Document(**_document(proof, talk.language))))


def _document(proof: Proof, language: str) -> dict[str, str]:
    return {"name": proof.name or "minh-chung", "sha256": proof.sha256, "instead": words_in(language, INSTEAD)}
