"""/trogiup: the commands of this person's roles."""

from __future__ import annotations

from bot.commands.base import Command
from bot.commands.directory import COMMANDS
from bot.talk import Talk
from inspection.access import roles_shown
from inspection.phrases import Phrase

HEAD = Phrase("Các lệnh dùng được:", "Commands you can use:")


class Help(Command):
    """Lists commands, one line each."""

    name = "trogiup"
    alias = "help"
    help = Phrase("Xem các lệnh", "Show the commands")

    def run(self, talk: Talk, argument: str) -> None:
        """List them."""
        talk.say(Phrase("{lines}", "{lines}"), lines="\n".join([talk.words(HEAD), *lines_for(talk)]))


def commands_of(roles: tuple[str, ...], language: str) -> list[tuple[str, str]]:
    """(name, help) of every command these roles may use."""
    return [
        (command.called(language), command.help.vi if language == "vi" else command.help.en)
        for command in COMMANDS.values()
        if command.name != "start" and (not command.roles or set(command.roles) & set(roles))
    ]


def lines_for(talk: Talk) -> list[str]:
    """The same as lines of text."""
    return [f"/{name}: {words}" for name, words in commands_of(roles_shown(talk.person), talk.language)]
