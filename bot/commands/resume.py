"""/tieptuc: go on where the last visit was left, or choose among several drafts."""

from __future__ import annotations

from typing import Any

from bot.commands.base import Command
from bot.talk import Talk
from bot.walking import open_visit
from inspection.access import INSPECTOR, TEAM_HEAD
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.shown import when
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import visits
from storage.visits import Draft

NONE = Phrase(
    "Không có lượt kiểm tra nào đang dở. Gõ /kiemtra để bắt đầu.", "No visit is open. Type /inspect to begin one."
)
WHICH = Phrase(
    "Chọn lượt kiểm tra để tiếp tục:\n{lines}\nVí dụ: 1", "Choose the visit to go on with:\n{lines}\nExample: 1"
)
STATUS = {
    "in_progress": Phrase("đang ghi", "in progress"),
    "awaiting_signature": Phrase("chờ ký", "awaiting signature"),
}


class Resume(Command):
    """Lists this person's drafts."""

    name = "tieptuc"
    alias = "resume"
    words = ("tiếp tục",)
    roles = (INSPECTOR, TEAM_HEAD)
    help = Phrase("Tiếp tục lượt kiểm tra đang dở", "Go on with a visit")

    def run(self, talk: Talk, argument: str) -> None:
        """One draft is opened at once."""
        drafts = visits.drafts(talk.connection, talk.person.id)
        if not drafts:
            talk.say(NONE)
        elif len(drafts) == 1:
            open_visit(talk, drafts[0].id)
        else:
            _ask(talk, drafts)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """Open the draft chosen."""
        number = fold(text).strip(" .()")
        if number.isdigit() and 1 <= int(number) <= len(focus["drafts"]):
            open_visit(talk, str(focus["drafts"][int(number) - 1]))
        else:
            self.run(talk, "")


def _ask(talk: Talk, drafts: list[Draft]) -> None:
    lines = [
        f"{n}. {d.unit_name}, {when(talk.language, d.started_at.astimezone(LOCAL))}, {talk.words(STATUS[d.status])}"
        for n, d in enumerate(drafts, start=1)
    ]
    choices = [Choice(f"{n}. {d.unit_name}", str(n)) for n, d in enumerate(drafts, start=1)]
    talk.ask(talk.words(WHICH, lines="\n".join(lines)), "tieptuc", "choose", choices, drafts=[d.id for d in drafts])
