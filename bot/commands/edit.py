"""/sua C03: show an answer and take a new one."""

from __future__ import annotations

from bot.commands.base import Command
from bot.phrases import PHRASES
from bot.talk import Talk
from bot.walking import hear_text
from inspection.access import INSPECTOR, TEAM_HEAD
from inspection.phrases import Phrase


class Edit(Command):
    """The same as typing the item's code, or "xem lại" without one."""

    name = "sua"
    alias = "edit"
    words = ("sửa",)
    roles = (INSPECTOR, TEAM_HEAD)
    help = Phrase("Sửa câu trả lời, ví dụ: /sua C03", "Correct an answer, e.g. /edit C03")

    def run(self, talk: Talk, argument: str) -> None:
        """Open one item, or the list of all answers."""
        visit_id = talk.state.get("visit")
        if visit_id is None:
            talk.say(PHRASES["nothing_open"])
        else:
            hear_text(talk, str(visit_id), argument or "xem lại", None)
