"""/mau: the Word templates of an authority's documents are taken, sent back edited, or given up for the built-in ones.

The file itself needs no command: the conversation brings every Word file of an administrator here.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from bot.commands.base import Command
from bot.documents.registry import KINDS
from bot.documents.word import LARGEST
from bot.talk import Talk
from bot.tasks.forms import authority, keep
from inspection.access import ADMIN, may
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold

ENDINGS = (".docx", ".docm", ".dotx", ".dotm", ".doc", ".dot")  # all are read, or refused with a reason
WHICH = Phrase(
    "Mẫu Word của văn bản nào:\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "The Word template of which document:\n{lines}\nAnswer with its number. Example: 1",
)
WHAT = Phrase(
    "Mẫu {title}:\n1. Lấy mẫu đang dùng   2. Trở lại mẫu có sẵn\nMuốn thay mẫu: gửi tệp .docx vào đây.",
    "The template of: {title}\n1. Get the one in use   2. Back to the built-in one\nTo replace it, send the .docx here.",
)
TAKE, BACK = (
    Phrase("1. Lấy mẫu đang dùng", "1. Get the one in use"),
    Phrase("2. Trở lại mẫu có sẵn", "2. Back to the built-in one"),
)
MAKING = Phrase("Đang lấy mẫu, gửi ngay sau tin này.", "The template follows this message.")
TAKEN_BACK = Phrase("{unit} dùng lại mẫu có sẵn: {title}.", "{unit} uses the built-in template again: {title}.")
OF_WHAT = Phrase(
    "Đã nhận {name}. Đây là mẫu của văn bản nào:\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "{name} is received. It is the template of which document:\n{lines}\nAnswer with its number. Example: 1",
)
TRYING = Phrase(
    "Đang điền thử {name} làm mẫu {title}; kết quả được gửi vào đây.",
    "{name} is being tried as the template of: {title}. The result comes here.",
)
TOO_LARGE = Phrase(
    "{name} lớn hơn 3 MB. Giảm ảnh trong mẫu rồi gửi lại.",
    "{name} is larger than 3 MB. Reduce its pictures and send it again.",
)


class Forms(Command):
    """Which document, then what to do with its template."""

    name = "mau"
    alias = "template"
    words = ("mẫu văn bản",)
    roles = (ADMIN,)
    help = Phrase(
        "Mẫu Word của biên bản, báo cáo: lấy, thay, trở lại mẫu có sẵn", "Word templates: get, replace, give up"
    )

    def run(self, talk: Talk, argument: str) -> None:
        """Ask which document."""
        _ask_which(talk, WHICH, "which")

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A document by its number; then what to do, or what the file that came is."""
        number = fold(text).removeprefix("so ").strip(" .()")
        chosen = list(KINDS)[int(number) - 1] if number.isdigit() and 1 <= int(number) <= len(KINDS) else ""
        if focus["step"] == "what" and number in ("1", "2"):
            _done(talk, str(focus["kind"]), back=number == "2")
        elif focus["step"] == "which" and chosen:
            choices = (Choice(talk.words(TAKE), "1"), Choice(talk.words(BACK), "2"))
            talk.ask(talk.words(WHAT, title=talk.words(KINDS[chosen].title)), self.name, "what", choices, kind=chosen)
        elif focus["step"] == "of_what" and chosen:
            _try(talk, chosen, str(focus["file"]), focus["media"])
        elif focus["step"] == "of_what":
            _ask_which(talk, OF_WHAT, "of_what", name=focus["file"], file=focus["file"], media=focus["media"])
        else:
            self.run(talk, "")


def _ask_which(talk: Talk, question: Phrase, step: str, *, name: str = "", **more: Any) -> None:
    labels = [f"{n}. {talk.words(kind.title)}" for n, kind in enumerate(KINDS.values(), start=1)]
    choices = [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]
    talk.ask(talk.words(question, name=name, lines="\n".join(labels)), "mau", step, choices, **more)


def _done(talk: Talk, kind: str, *, back: bool) -> None:
    if not may(talk.person, "templates"):
        talk.refuse("templates")
    elif back:
        talk.say(TAKEN_BACK, unit=keep(talk, kind, b""), title=talk.words(KINDS[kind].title))
    else:
        talk.order("form_out", {"kind": kind, "unit": authority(talk)})
        talk.say(MAKING)


def is_form(talk: Talk) -> bool:
    """Whether a file is a Word file of somebody who keeps templates."""
    media = talk.incoming.media
    return media is not None and media.name.lower().endswith(ENDINGS) and may(talk.person, "templates")


def receive(talk: Talk) -> None:
    """A Word file has come: try it as what its name says it is, or ask."""
    media = talk.incoming.media
    if media is None:
        raise ValueError("a file without its media")
    name = PurePath(media.name).name[:80]
    kind = next((code for code, kind in KINDS.items() if name.lower().startswith((code, kind.file[:-5]))), "")
    if media.size > LARGEST:
        talk.say(TOO_LARGE, name=name)
    elif kind:
        _try(talk, kind, name, asdict(media))
    else:
        _ask_which(talk, OF_WHAT, "of_what", name=name, file=name, media=asdict(media))


def _try(talk: Talk, kind: str, name: str, media: dict[str, Any]) -> None:
    if not may(talk.person, "templates"):
        talk.refuse("templates")
        return
    talk.order("form_in", {"kind": kind, "name": name, "media": media})
    talk.say(TRYING, name=name, title=talk.words(KINDS[kind].title))
