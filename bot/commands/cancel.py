"""/huy: leave the visit under way, after asking how."""

from __future__ import annotations

from bot.commands.base import Command
from bot.phrases import PHRASES
from bot.talk import Talk
from bot.walking import hear_text
from inspection.access import INSPECTOR, TEAM_HEAD
from inspection.phrases import Phrase


class Cancel(Command):
    """The same as the word "hủy"."""

    name = "huy"
    alias = "cancel"
    words = ("hủy", "huỷ")
    roles = (INSPECTOR, TEAM_HEAD)
    help = Phrase("Dừng, kết thúc sớm hoặc hủy lượt kiểm tra", "Pause, end early or cancel the visit")

    def run(self, talk: Talk, argument: str) -> None:
        """Ask how to leave."""
        visit_id = talk.state.get("visit")
        if visit_id is None:
            talk.say(PHRASES["nothing_open"])
        else:
            hear_text(talk, str(visit_id), "hủy", None)
