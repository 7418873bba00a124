"""The chat commands there are: to add one, write its file and its line here."""

from __future__ import annotations

from bot.commands.base import Command
from bot.commands.cancel import Cancel
from bot.commands.days_off import DaysOff
from bot.commands.directive import Directives
from bot.commands.directory import COMMANDS
from bot.commands.edit import Edit
from bot.commands.export import Export
from bot.commands.findings import Findings
from bot.commands.forms import Forms
from bot.commands.help import Help
from bot.commands.importing import Import
from bot.commands.index import Index
from bot.commands.inspect import Inspect
from bot.commands.invite import Invite
from bot.commands.language import Language
from bot.commands.overdue import Overdue
from bot.commands.plans import Plans
from bot.commands.preview import Preview
from bot.commands.privacy import Privacy
from bot.commands.report import Report
from bot.commands.resume import Resume
from bot.commands.start import Start
from bot.commands.summary import Summary
from bot.commands.units import Units
from inspection.words import matches

__all__ = ["COMMANDS", "find_command"]

COMMANDS.update(
    {
        command.name: command
        for command in (
            Inspect(),
            Resume(),
            Edit(),
            Cancel(),
            Plans(),
            Directives(),
            Findings(),
            Overdue(),
            Summary(),
            Report(),
            Forms(),
            DaysOff(),
            Index(),
            Units(),
            Export(),
            Import(),
            Invite(),
            Preview(),
            Privacy(),
            Language(),
            Help(),
            Start(),
        )
    }
)

# Without a slash the English name does as well; "help" alone asks for help inside a visit.
_WORDS = {word: command for command in COMMANDS.values() if command.words for word in (*command.words, command.alias)}


def find_command(text: str) -> tuple[Command, str] | None:
    """The command a text calls and the rest of the line; None when it calls none."""
    if text.startswith("/"):
        name, _, argument = text[1:].partition(" ")
        name = name.partition("@")[0].lower()
        for command in COMMANDS.values():
            if name in (command.name, command.alias):
                return command, argument.strip()
        return None
    word = matches(text, _WORDS)  # all at once: every answer typed in a visit comes by here
    return (_WORDS[word], "") if word is not None else None
