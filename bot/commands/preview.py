"""/xemtruoc: an administrator walks a stored checklist version before anybody works with it. See `bot.previewing`."""

from __future__ import annotations

from typing import Any

from bot import previewing
from bot.commands.base import Command
from bot.talk import Talk
from inspection.access import ADMIN, may
from inspection.figures import show_day
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold
from storage import checklists

NONE = Phrase("Chưa có bộ nội dung kiểm tra nào.", "There is no checklist yet.")
WHICH = Phrase(
    "Xem trước bộ nội dung như thành viên Đoàn sẽ thấy; không lưu, không tính vào số liệu:\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "See a checklist as an inspector will; nothing is stored or counted:\n{lines}\nAnswer with a number. Example: 1",
)
LINE = Phrase(
    "{n}. {title}, phiên bản {version}, từ {day}, {count} nội dung{used}",
    "{n}. {title}, version {version}, from {day}, {count} items{used}",
)
IN_USE = Phrase(" (đang dùng)", " (in use)")
NOT_YET = Phrase(" (chưa có hiệu lực)", " (not in force yet)")
GO_ON = Phrase("{n}. Tiếp tục bản xem trước đang mở", "{n}. Go on with the open preview")
CLOSE = Phrase("{n}. Đóng bản xem trước đang mở", "{n}. Close the open preview")


class Preview(Command):
    """Lists the versions, newest first, and walks one."""

    name = "xemtruoc"
    alias = "preview"
    words = ("xem trước",)
    roles = (ADMIN,)
    help = Phrase("Xem trước bộ nội dung kiểm tra, không tính vào số liệu", "Preview a checklist; it counts nowhere")

    def run(self, talk: Talk, argument: str) -> None:
        """The versions there are; what was typed behind the command is taken for a number of the list."""
        if argument:
            self.hear(talk, argument, {"ids": [one.id for one in _listed(talk)]})
        else:
            _ask(talk)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A number of the list, or what is said to a prompt of the preview."""
        if not may(talk.person, "preview_checklist"):
            talk.refuse("preview_checklist")
            return
        if focus.get("step") == "walk":
            previewing.hear(talk, text, focus)
            return
        ids, number = focus.get("ids", ()), fold(text).removeprefix("so ").strip(" .()")
        chosen = int(number) if number.isdigit() else 0
        if 1 <= chosen <= len(ids):
            previewing.start(talk, int(ids[chosen - 1]))
        elif chosen == len(ids) + 1 and previewing.is_open(talk):
            previewing.go_on(talk)
        elif chosen == len(ids) + 2 and previewing.is_open(talk):
            previewing.drop(talk)
        else:
            _ask(talk)


def _listed(talk: Talk) -> list[checklists.Version]:
    return checklists.versions(talk.connection, limit=9)


def _ask(talk: Talk) -> None:
    listed = _listed(talk)
    if not listed:
        talk.say(NONE)
        return
    lines = [_line(talk, n, one) for n, one in enumerate(listed, start=1)]
    if previewing.is_open(talk):
        lines += [talk.words(GO_ON, n=len(lines) + 1), talk.words(CLOSE, n=len(lines) + 2)]
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    text = talk.words(WHICH, lines="\n".join(lines))
    talk.ask(text, "xemtruoc", "which", choices, ids=[one.id for one in listed])


def _line(talk: Talk, n: int, one: checklists.Version) -> str:
    today, content = talk.ledger.today, checklists.get(talk.connection, one.id)
    latest = checklists.latest(talk.connection, today)
    used = talk.words(IN_USE) if latest is not None and latest[0] == one.id else ""
    used = talk.words(NOT_YET) if one.valid_from > today else used
    title = content.title.vi if talk.language == "vi" else content.title.en or talk.quoted(content.title.vi)
    return talk.words(LINE, n=n, title=title, version=one.version, day=show_day(one.valid_from, talk.language),
                      count=len(content.items), used=used)  # fmt: skip
