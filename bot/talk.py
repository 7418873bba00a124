"""One event in one chat, as a command or a visit sees it: who is speaking, what was said, and where to reply.

A talk lives inside a transaction. It reads what it decides on through the ledger's connection and leaves everything
that happens afterwards (sending, downloading) in its outcome.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bot.ledger import Ledger, Outcome, remember_prompt
from bot.phrases import PHRASES
from inspection.access import may, scope
from inspection.documents.minutes import is_reportable
from inspection.documents.paper import MINUTES, READING_COPY, WORD, Paper
from inspection.messages import Chat, Choice, Incoming, Reply
from inspection.phrases import Phrase
from inspection.turn import Change, Speaker
from inspection.visit import Status, Visit
from storage import journal
from storage.errands import Errand
from storage.journal import Entry
from storage.people import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Talk:
    """The event, the person behind it (never a stranger) and the chat's state."""

    ledger: Ledger
    incoming: Incoming
    person: Person
    outcome: Outcome
    prompt: dict[str, Any] | None = None  # the entry of the prompt this answers
    edit: list[Any] = field(default_factory=list)  # [message id, text]: the answered message, rewritten
    replied: bool = False

    @property
    def chat(self) -> Chat:
        """Where this happens."""
        return self.incoming.chat

    @property
    def state(self) -> dict[str, Any]:
        """The chat's state, changed in place."""
        return self.ledger.state(self.chat)

    @property
    def connection(self) -> Connection:
        """The writer's connection: what is decided on is read here, not beside the transaction."""
        return self.ledger.connection

    @property
    def language(self) -> str:
        """The person's language."""
        return self.person.language

    @property
    def sparing(self) -> bool:
        """Whether messages to this chat are few, so that more is asked in each."""
        return self.ledger.manner(self.chat).sparing

    @property
    def focus(self) -> dict[str, Any] | None:
        """What a bare answer means here."""
        return self.prompt["f"] if self.prompt else None

    def standing(self) -> dict[str, Any] | None:
        """The focus of the latest prompt, if it is still unanswered."""
        prompts = self.state.get("prompts", [])
        return prompts[-1]["f"] if prompts and "a" not in prompts[-1] else None

    def say(self, phrase: Phrase, **values: object) -> None:
        """Reply with one sentence that asks nothing."""
        self.reply(Reply(self.words(phrase, **values)))

    def refuse(self, act: str, about: str = "") -> None:
        """The same sentence whatever it was that may not be had, and a row of the journal that says what it was."""
        self.note_refusal(act, about)
        self.say(PHRASES["not_allowed"])

    def note_refusal(self, act: str, about: str = "") -> None:
        """Who asked for what they may not have. about: an id or a code, never what was typed."""
        log.warning("refused to %s: person %s", act, self.person.id)
        entry = Entry(self.person.id, "refused", "", {"act": act, "about": about})
        journal.append(self.connection, entry, self.ledger.now)

    def words(self, phrase: Phrase, **values: object) -> str:
        """A phrase in the person's language."""
        return (phrase.vi if self.language == "vi" else phrase.en).format(**values)

    def quoted(self, kept: str) -> str:
        """What is kept in Vietnamese, inside a sentence: quoted in an English one, because it is printed as it is."""
        return kept if self.language == "vi" else f"“{kept}”"

    def ask(self, text: str, command: str, step: str, choices: Sequence[Choice] = (), **more: Any) -> None:
        """Reply with a prompt whose answer comes back to the same command."""
        focus = {"at": "command", "name": command, "step": step, **more}
        self.reply(Reply(text, tuple(choices), focus))

    def reply(self, reply: Reply) -> None:
        """Put a reply into the outbox; one that asks something becomes the latest prompt."""
        first = not self.replied
        self.replied = True
        token = self.ledger.post(
            self.outcome,
            self.chat,
            reply,
            answer=[self.incoming.callback, ""] if first and self.incoming.callback else None,
            edit=self.edit if first else None,
            language=self.language if self.language != "vi" else "",
        )
        if reply.focus is not None:
            remember_prompt(self.state, token, reply.focus)
        # What was ordered in this turn is announced by its reply, below which it is told how far it is.
        self.outcome.errands[:] = [replace(one, details={**one.details, "said": token}) for one in self.outcome.errands]

    def notify(self, person_ids: Sequence[str], text: str, choices: Sequence[Choice] = ()) -> None:
        """Tell other people something, each by the chat that reaches them, in office hours; it asks nothing."""
        self.ledger.notify(self.outcome, person_ids, text, choices)

    def order(self, kind: str, details: dict[str, Any]) -> None:
        """Have slow work done beside the talk; `bot/tasks` says which kinds there are and tells how it went."""
        errand = Errand(self.ledger.ids.new_id(), kind, self.chat, self.incoming.user_id, details)
        self.outcome.errands.append(errand)

    # --- visits --------------------------------------------------------------------------------------------------

    def speaker(self, visit: Visit) -> Speaker:
        """The person as this visit knows them."""
        return Speaker(self.person.id, self.language, leads=visit.leader_id == self.person.id)

    def may_walk(self, visit: Visit) -> bool:
        """Whether this person may still answer this visit: theirs, and the unit still within their roles."""
        return visit.leader_id == self.person.id and self.covers("inspect", visit.unit_id)

    def covers(self, act: str, unit_id: str) -> bool:
        """Whether the person may do this at the unit, by the roles of this moment."""
        return may(self.person, act) and not self.ledger.ancestry(unit_id).isdisjoint(scope(self.person, act))

    def visit_reply(self, visit: Visit, reply: Reply | None, changes: Sequence[Change] = ()) -> None:
        """Keep a visit as a step left it, and say what the step wants said."""
        before = self.ledger.visit(visit.id)
        self.ledger.keep(visit, changes, self.person.id)
        if reply is not None:
            if reply.focus is not None:
                reply = replace(reply, focus={**reply.focus, "visit": visit.id})
            self.reply(reply)
        if before is not None and before.status is not visit.status and is_reportable(visit):
            self.send_paper(Paper(MINUTES, visit.id, WORD))
            if visit.status is not Status.SIGNED:  # a message less; the copy of what is signed waits for /baocao
                self.send_paper(Paper(MINUTES, visit.id, READING_COPY, beside=True))

    def send_paper(self, paper: Paper) -> None:
        """Send a document here once it is made."""
        self.ledger.post_paper(self.outcome, self.chat, paper, self.person.id)
