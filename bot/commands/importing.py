"""/nap: a workbook sent into the chat is checked, shown, and imported if its sender says so; here is also how it is done.

The file itself needs no command: the conversation brings every workbook of an administrator here.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from bot.commands.base import Command
from bot.commands.export import get_template
from bot.talk import Talk
from bot.tasks.workbook import TOO_LARGE, ask, may_import
from inspection.access import ADMIN, may
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold
from storage import errands
from storage.errands import Errand
from storage.workbook.reading import MOST_BYTES

ENDINGS = (
    ".xlsx",
    ".xlsm",
    ".xltx",
    ".xltm",
    ".xlsb",
    ".xls",
    ".ods",
)  # all of them are read, or refused with a reason

HOW = Phrase(
    "Để nạp đơn vị, nhân sự, nội dung kiểm tra, giờ làm việc, ngày nghỉ: điền sổ tính mẫu rồi gửi tệp .xlsx vào đây. "
    "Hệ thống kiểm tra, nói rõ điểm cần sửa hoặc những gì sẽ thay đổi, và hỏi trước khi nạp.\n"
    "1. Lấy sổ tính mẫu\nVí dụ: 1",
    "To import units, people, checklists, hours and days off: fill in the empty workbook and send the .xlsx file here. "
    "It is checked, you are told what to put right or what would change, and asked before anything is imported.\n"
    "1. Get the empty workbook\nExample: 1",
)
GET = Phrase("1. Lấy sổ tính mẫu", "1. Get the empty workbook")
CHECKING = Phrase(
    "Đã nhận {name}. Đang kiểm tra; kết quả được gửi vào đây khi xong.",
    "{name} is received and being checked; the result comes here when it is ready.",
)
IMPORTING = Phrase(
    "Đang nạp {name}; kết quả được gửi vào đây khi xong.", "{name} is being imported; the result comes here."
)
ALREADY = Phrase(
    "{name} đã được đưa vào nạp, không dừng lại được; kết quả được gửi vào đây.",
    "{name} has been taken for import already and cannot be stopped; the result comes here.",
)
LEFT = Phrase("Không nạp {name}; không có gì thay đổi.", "{name} is not imported; nothing has changed.")
CHOOSE = Phrase(
    "{name}: đề nghị chọn.\n1. Nạp   2. Không nạp\nVí dụ: 1",
    "{name}: please choose.\n1. Import   2. Do not import\nExample: 1",
)


class Import(Command):
    """How it is done, and the answer to whether it shall be."""

    name = "nap"
    alias = "import"
    words = ("nạp dữ liệu",)
    roles = (ADMIN,)
    help = Phrase("Nạp dữ liệu bằng sổ tính gửi vào đây", "Import data from a workbook sent here")

    def run(self, talk: Talk, argument: str) -> None:
        """Say how."""
        talk.ask(talk.words(HOW), "nap", "how", [Choice(talk.words(GET), "1")])

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """The wish for the empty workbook, or the answer about a workbook that was checked."""
        said = fold(text).strip(" .()")
        if focus.get("step") == "confirm":
            _confirmed(talk, said, focus)
        elif said not in ("1", "mau"):
            self.run(talk, "")
        elif may(talk.person, "import"):
            get_template(talk)
        else:
            talk.refuse("import")


def _confirmed(talk: Talk, said: str, focus: dict[str, Any]) -> None:
    name, seen = str(focus["file"]), {key: focus[key] for key in ("file", "sha256", "print")}
    if not may_import(talk):
        talk.refuse("import")
    elif any(one.details["print"] == focus["print"] for one in _taken(talk)):
        talk.say(ALREADY, name=name)
    elif said in ("1", "nap", "import"):
        talk.order("import", {"name": name, "sha256": focus["sha256"], "print": focus["print"]})
        talk.say(IMPORTING, name=name)
    elif said in ("2", "khong nap", "khong", "no"):
        talk.say(LEFT, name=name)
    else:
        ask(talk, talk.words(CHOOSE, name=name), None, seen)


def _taken(talk: Talk) -> list[Errand]:
    return errands.of_chat(talk.connection, talk.chat, "import", told=True)


def is_for_import(talk: Talk) -> bool:
    """Whether a file is a workbook to import: an administrator's always, that of others unless a visit is open here."""
    media = talk.incoming.media
    if media is None or not media.name.lower().endswith(ENDINGS):
        return False
    return may(talk.person, "import") or not (talk.state.get("visit") or talk.state.get("proof"))


def receive(talk: Talk) -> None:
    """A workbook has come: order that it be fetched and checked, if its sender may import at all."""
    media = talk.incoming.media
    if media is None:
        raise ValueError("a file without its media")
    name = PurePath(media.name).name[:80]
    if not may_import(talk):
        talk.refuse("import")
    elif media.size > MOST_BYTES:
        talk.say(TOO_LARGE, name=name)
    else:
        talk.order("workbook", {"name": name, "media": asdict(media)})
        talk.say(CHECKING, name=name)
