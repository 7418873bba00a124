"""What a command is: its name, who sees it, one line of help, and what it does."""

from __future__ import annotations

from typing import Any, ClassVar

from bot.talk import Talk
from inspection.phrases import Phrase


class Command:
    """One chat command. `words` are what may be typed instead on networks without slashes."""

    name: ClassVar[str]
    alias: ClassVar[str]
    words: ClassVar[tuple[str, ...]] = ()
    roles: ClassVar[tuple[str, ...]] = ()  # empty: everyone who is known
    help: ClassVar[Phrase]
    lists: ClassVar[tuple[str, ...]] = ()  # the steps that are lists to look around in

    def called(self, language: str) -> str:
        """The name under which a reader of this language sees it."""
        return self.name if language == "vi" else self.alias

    def browses(self, focus: dict[str, Any]) -> bool:
        """Whether this prompt is a list to look around in: of its choices one may follow another."""
        return focus.get("step") in self.lists

    def run(self, talk: Talk, argument: str) -> None:
        """The command was called with the rest of the line."""
        raise NotImplementedError

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """An answer to a prompt this command asked; one that asks nothing is simply called again."""
        self.run(talk, text)

    def knows(self, word: str, focus: dict[str, Any]) -> bool:
        """Whether a reserved word ("back", "skip", …) is an answer to this prompt; else it leads away from it."""
        return False
