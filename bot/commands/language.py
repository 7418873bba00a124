"""/ngonngu: Vietnamese or English, remembered with the person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.commands.base import Command
from bot.talk import Talk
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold
from storage import people

ASK = Phrase("Chọn ngôn ngữ:\n1. Tiếng Việt   2. English", "Choose a language:\n1. Tiếng Việt   2. English")
DONE = Phrase("Hệ thống sẽ dùng tiếng Việt.", "The system will use English.")
CHOICES = (Choice("1. Tiếng Việt", "1"), Choice("2. English", "2"))
ANSWERS = {"1": "vi", "vi": "vi", "tieng viet": "vi", "2": "en", "en": "en", "english": "en", "tieng anh": "en"}


class Language(Command):
    """Asks, or takes the language from the line."""

    name = "ngonngu"
    alias = "language"
    words = ("ngôn ngữ",)
    help = Phrase("Chọn ngôn ngữ", "Choose the language")

    def run(self, talk: Talk, argument: str) -> None:
        """`/ngonngu en` sets it at once."""
        if argument:
            self.hear(talk, argument, {})
        else:
            talk.ask(talk.words(ASK), self.name, "choose", CHOICES)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """Remember the choice."""
        language = ANSWERS.get(fold(text).strip(" .()"))
        if language is None:
            talk.ask(talk.words(ASK), self.name, "choose", CHOICES)
            return
        people.set_language(talk.connection, talk.person.id, language)
        talk.person = replace(talk.person, language=language)
        talk.ledger.people[(talk.chat.channel, talk.incoming.user_id)] = talk.person
        talk.say(DONE)
