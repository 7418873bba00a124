"""One update in, its consequences out, all in one transaction: this file is the order in which things are asked.

Who is it; is it a command; which prompt could the person have seen; is it a repeat; whose answer is it. A repeat of
an update is recognised by the inbox, a repeat of an answer by its prompt. Nothing is sent from here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import consent, matters, previewing, strangers
from bot.commands import COMMANDS, find_command, forms, importing
from bot.ledger import Ids, Ledger, Outcome
from bot.phrases import PHRASES
from bot.talk import Talk
from bot.tasks import hear_done, let_go
from bot.walking import hear_evidence, hear_fetched, hear_place, hear_quiet, hear_text, open_visit
from inspection.access import may, roles_shown
from inspection.messages import Chat, Choice, Incoming, Kind, Manner, Reply
from inspection.phrases import in_both, say
from inspection.reading import WORDS
from inspection.words import fold, matches
from storage import inbox, people
from storage.outbox import by_tokens, sent_ids

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

AGAIN = {
    language: (Choice(say(language, "change"), "1"), Choice(say(language, "keep"), "2")) for language in ("vi", "en")
}
RESERVED = ("help", "repeat", "back", "skip", "done", "cancel", "stop")
OURS = {Kind.FETCHED: hear_fetched, Kind.QUIET: hear_quiet, Kind.DONE: hear_done}


@dataclass(frozen=True, slots=True)
class Event:
    """A raw update with its translation (None: undecodable, see `trouble`), or an event of our own (no arrival)."""

    arrival: inbox.Arrival | None
    incoming: Incoming | None
    trouble: str = ""


class Conversation:
    """The batch that handles events; `waiting` are those stored by an earlier life and not handled."""

    rank = 1

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        ids: Ids,
        numbered: Callable[[Chat], bool],
        manner: Callable[[Chat], Manner] = lambda _: Manner(),
    ) -> None:
        self.now = now
        self.ids = ids
        self.numbered = numbered
        self.manner = manner

    def run(self, connection: Connection, items: Sequence[Event]) -> list[Outcome]:
        """Handle all events in the order they came."""
        ledger = Ledger(connection, self.now(), self.ids, self.manner)
        fresh = self._fresh(connection, items)
        heard = [event.incoming for event, new in zip(items, fresh, strict=True) if new and event.incoming]
        tokens = (i.token.partition(":")[0] for i in heard if i.token)  # behind the colon stands which choice
        ledger.load((i.chat for i in heard), ((i.chat.channel, i.user_id) for i in heard), tokens)
        outcomes = [Outcome() for _ in items]
        for event, new, outcome in zip(items, fresh, outcomes, strict=True):
            if new and event.incoming is not None:
                self._handle(ledger, event.incoming, outcome)
        ledger.write(outcomes)
        return outcomes

    def failed(self, connection: Connection, item: Event, error: Exception) -> Outcome:
        """The one event that cannot be handled is set aside, with a reference the person can quote."""
        reference = self.ids.token()[:6]
        log.error("event set aside, reference %s", reference, exc_info=error)
        ledger, outcome = Ledger(connection, self.now(), self.ids), Outcome()
        if item.arrival is not None:
            inbox.accept(connection, [item.arrival], status="new")
            inbox.settle(connection, item.arrival, status="refused", trouble=f"{reference}: {type(error).__name__}")
        if item.incoming is not None and item.incoming.kind is Kind.DONE:
            let_go(ledger, item.incoming, reference)
        if item.incoming is not None and item.incoming.private:
            ledger.post(outcome, item.incoming.chat, Reply(in_both(PHRASES["trouble"], reference=reference)))
        ledger.write([outcome])
        return outcome

    def _fresh(self, connection: Connection, items: Sequence[Event]) -> list[bool]:
        """Which events have not been handled before; also within one batch, each update counts once."""
        arrivals = [e.arrival for e in items if e.arrival is not None]
        decodable = [e.arrival for e in items if e.arrival is not None and e.incoming is not None]
        unseen = inbox.accept(connection, decodable, status="done")
        inbox.accept(connection, [a for a in arrivals if a not in decodable], status="refused")
        fresh = []
        for event in items:
            key = (event.arrival.channel, event.arrival.account, event.arrival.key) if event.arrival else None
            fresh.append(key is None or key in unseen)
            if key is not None:
                unseen.discard(key)
        return fresh

    # --- one event ---------------------------------------------------------------------------------------------

    def _handle(self, ledger: Ledger, incoming: Incoming, outcome: Outcome) -> None:
        person = ledger.people.get((incoming.chat.channel, incoming.user_id))
        if not incoming.private:
            self._in_group(ledger, incoming, outcome)
        elif person is None or not person.roles:
            if incoming.kind is Kind.DONE:
                let_go(ledger, incoming, "nobody to tell")
            strangers.hear(ledger, incoming, outcome)
        elif incoming.kind is Kind.LEFT:
            people.mark_unreachable(ledger.connection, incoming.chat, ledger.now)
        else:
            # Not every network says that a chat was opened again, but who writes has opened it.
            if person.lost and incoming.kind not in OURS:
                people.mark_reachable(ledger.connection, incoming.chat, ledger.today)
            if incoming.kind is not Kind.JOINED:
                self._talk(Talk(ledger, incoming, person, outcome))

    def _in_group(self, ledger: Ledger, incoming: Incoming, outcome: Outcome) -> None:
        """Results are never shown in a group, whoever asks."""
        if incoming.kind is Kind.TEXT and incoming.text.startswith("/"):
            ledger.post(outcome, incoming.chat, Reply(in_both(PHRASES["group"])))
        elif incoming.kind is Kind.TAP:
            outcome.taps.append((incoming.chat, incoming.callback, ""))

    def _talk(self, talk: Talk) -> None:
        incoming = talk.incoming
        if incoming.kind in OURS:
            OURS[incoming.kind](talk)
        elif not incoming.trusted:
            talk.say(PHRASES["forwarded"])
        elif incoming.edited:
            talk.say(PHRASES["edited"])
        elif not consent.holds_up(talk, lambda: self._goes_to(talk)):
            self._heard(talk)

    def _goes_to(self, talk: Talk) -> str:
        """The command that what was sent would go to; "" when it goes elsewhere."""
        text = talk.incoming.text.strip()
        if talk.incoming.kind is Kind.TAP:
            token = talk.incoming.token.partition(":")[0]
            return consent.command_of(next((p for p in talk.state.get("prompts", ()) if p["t"] == token), None))
        if talk.incoming.kind is not Kind.TEXT:
            return ""
        found = find_command(text)
        if found is not None:
            return found[0].name
        elsewhere = matters.is_about_one(text, visiting=False) or (talk.state.get("visit") and names_its_item(text))
        return "" if elsewhere else consent.command_of(self._seen(talk))

    def _heard(self, talk: Talk) -> None:
        match talk.incoming.kind:
            case Kind.TEXT:
                talk.state.pop("refused_album", None)
                self._text(talk)
            case Kind.TAP:
                self._tap(talk)
            case Kind.FILE if importing.is_for_import(talk):
                importing.receive(talk)
            case Kind.FILE if forms.is_form(talk):
                forms.receive(talk)
            case Kind.PHOTO | Kind.FILE | Kind.VOICE | Kind.VIDEO:
                talk.prompt = self._seen(talk)
                hear_evidence(talk)
            case Kind.PLACE:
                talk.prompt = self._seen(talk)
                hear_place(talk)
            case _:
                talk.reply(Reply(say(talk.language, "unreadable")))

    # --- texts and taps ------------------------------------------------------------------------------------------

    def _text(self, talk: Talk) -> None:
        text = talk.incoming.text.strip()
        found = find_command(text)
        if self._in_preview(talk, text):
            found, text = None, "hủy" if text.startswith("/") else text
        leaving = found is not None and found[0].name == "huy" and not talk.state.get("visit") and text[:1] != "/"
        if found is not None and not leaving:
            command, argument = found
            run_command(talk, command, argument)
        elif text.startswith("/"):
            talk.say(PHRASES["unknown_command"])
        elif matters.is_about_one(text, visiting=bool(talk.state.get("visit"))):
            matters.hear(talk, text)
        else:
            talk.prompt = self._seen(talk)
            code = self._reminded_of(talk)
            if code:
                matters.hear(talk, f"{code} {text}")
            else:
                self._answer(talk, text)

    @staticmethod
    def _reminded_of(talk: Talk) -> str:
        """The one matter a bare answer is about: no question is open, and the last message was a reminder of it."""
        open_question = talk.prompt is not None and "a" not in talk.prompt
        return "" if open_question or talk.state.get("visit") else matters.last_spoken_of(talk)

    def _in_preview(self, talk: Talk, text: str) -> bool:
        """Whether a word below a preview is said to it: "hủy" and /huy leave the preview, not a visit."""
        found = find_command(text) if text.startswith("/") else (COMMANDS["huy"], "")
        if found is None or found[0] is not COMMANDS["huy"] or not previewing.is_open(talk):
            return False
        seen = self._seen(talk)
        return seen is not None and previewing.asks(talk, seen["f"])

    def _tap(self, talk: Talk) -> None:
        """A button means what its row in the database says, decided now, for this person."""
        incoming = talk.incoming
        token, _, index = incoming.token.partition(":")
        parcel = talk.ledger.tapped.get(token)
        choices = parcel.payload.get("choices", []) if parcel is not None and parcel.chat == talk.chat else []
        if not (index.isdigit() and int(index) < len(choices)):
            talk.outcome.taps.append((talk.chat, incoming.callback, talk.words(PHRASES["dead_button"])))
            return
        label, value = choices[int(index)]
        talk.prompt = next((p for p in talk.state.get("prompts", ()) if p["t"] == token), None)
        if talk.prompt is None and parcel is not None and parcel.kind in ("digest", "notice"):
            called = find_command(value) if value.startswith("/") else None
            if called is not None:
                run_command(talk, *called)
            else:
                matters.hear(talk, value)  # its choices carry the code of what they are about
            return
        if talk.prompt is None:
            talk.say(PHRASES["old_button" if _allows(talk, COMMANDS["tieptuc"]) else "old_button_help"])
            return
        if parcel is not None and incoming.message_id and not _browses(talk):  # of a list the buttons stay
            talk.edit = [incoming.message_id, f"{parcel.payload['text']}\n→ {label}"]
        self._answer(talk, value)
        if not talk.replied:
            talk.outcome.taps.append((talk.chat, incoming.callback, talk.words(PHRASES["tap_known"])))

    def _answer(self, talk: Talk, text: str) -> None:
        """An answer to the prompt that was seen: new, a repeat, or another answer to something answered."""
        prompt, latest = talk.prompt, talk.state.get("prompts", [None])[-1]
        said = fold(text)[:80]
        if _reserved(talk, text):
            return
        answered = prompt is not None and "a" in prompt and not names_its_item(text)
        anew = _browses(talk) or _is_over(talk)
        if prompt is not None and answered and (not anew or (prompt["a"] == said and not self._reply_seen(talk))):
            if prompt["a"] != said:
                _ask_again(talk, prompt, text)
            return
        before = len(talk.outcome.parcels)
        route(talk, text)
        newest = talk.state.get("prompts", [None])[-1]
        if newest is None or prompt is None:  # the question was left, or there was none
            return
        if (newest is not latest and newest["f"] != prompt["f"]) or (
            len(talk.outcome.parcels) > before and newest is latest and _closes(talk)
        ):
            prompt |= {"a": said, "w": text[:80]}
            told = [parcel.token for parcel in talk.outcome.parcels[before:] if parcel.chat == talk.chat]
            if told and _browses(talk):
                prompt["r"] = told[0]

    def _reply_seen(self, talk: Talk) -> bool:
        """Whether this left after the answer to the same choice had come: in a list it is then chosen once more."""
        told = (talk.prompt or {}).get("r", "")
        message_id, sent_at = sent_ids(talk.connection, [told]).get(told, (None, None))
        if talk.incoming.kind is Kind.TAP:  # carries the message of its button, and no time of its own
            return sent_at is not None
        came = message_id if self.numbered(talk.chat) else (sent_at.timestamp() if sent_at else None)
        return came is not None and came < self._moment(talk.incoming)

    def _seen(self, talk: Talk) -> dict[str, Any] | None:
        """The last prompt the person could have seen when this left the phone."""
        prompts = talk.state.get("prompts", [])
        if not prompts:
            return None
        for prompt in prompts:
            if "m" not in prompt and prompt["t"] in talk.ledger.sent:
                message_id, sent_at = talk.ledger.sent[prompt["t"]]
                prompt["m"] = message_id if self.numbered(talk.chat) else (sent_at.timestamp() if sent_at else None)
        moment = self._moment(talk.incoming)
        seen = [p for p in prompts if p.get("m") is not None and p["m"] < moment]
        return seen[-1] if seen else prompts[0]  # type: ignore[no-any-return]

    def _moment(self, incoming: Incoming) -> float:
        if self.numbered(incoming.chat):
            return float(incoming.message_id)
        return incoming.sent_at.timestamp() if incoming.sent_at else float("inf")


def names_its_item(text: str) -> bool:
    """Whether an answer carries its item's code: then it always counts."""
    head = fold(text).replace(" ", "")
    return len(head) >= 3 and head[0].isalpha() and head[1].isdigit()


def _closes(talk: Talk) -> bool:
    """Whether a reply that asks nothing ended what the prompt was about."""
    return "visit" not in (talk.focus or {}) or _is_over(talk)


def _browses(talk: Talk) -> bool:
    """Whether the prompt is a list to look around in."""
    focus = talk.focus or {}
    return focus.get("at") == "command" and COMMANDS[focus["name"]].browses(focus)


def _is_over(talk: Talk) -> bool:
    """Whether the prompt belongs to a visit that can no longer be changed."""
    visit_id = (talk.focus or {}).get("visit")
    visit = talk.ledger.visit(str(visit_id)) if visit_id else None
    return visit_id is not None and (visit is None or not visit.open_to_answers)


def _allows(talk: Talk, command: Any) -> bool:
    """Whether a command is one of the person's roles of this moment."""
    return not command.roles or bool(set(command.roles) & set(roles_shown(talk.person)))


def run_command(talk: Talk, command: Any, argument: str) -> None:
    """Run a command the person may use; of another one say one neutral sentence."""
    if not _allows(talk, command):
        talk.refuse("command", command.name)
        return
    command.run(talk, argument)


def route(talk: Talk, text: str) -> None:
    """Give an answer to whoever asked."""
    focus = talk.focus or {}
    visit_id = focus.get("visit") or talk.state.get("visit")
    if focus.get("at") == "again":
        _answer_again(talk, text, focus)
    elif focus.get("at") == "command" and (
        previewing.asks(talk, focus) or not (talk.state.get("visit") and names_its_item(text))
    ):
        COMMANDS[focus["name"]].hear(talk, text, focus)
    elif visit_id is not None:
        hear_text(talk, str(visit_id), text, None if focus.get("at") == "command" else focus)
    elif may(talk.person, "report_obligation"):
        COMMANDS["kehoach"].run(talk, "")
    else:
        talk.say(PHRASES["nothing_open"])


def _reserved(talk: Talk, text: str) -> bool:
    """Words that mean the same at every prompt: help, again, away from here. A visit, or its preview, knows its own."""
    focus = talk.focus or {}
    if focus.get("at") not in ("command", "again") and (focus.get("visit") or talk.state.get("visit")):
        return False
    if previewing.asks(talk, focus):
        return False
    word = next((name for name in RESERVED if matches(text, WORDS[name]) is not None), "")
    if word == "help":
        COMMANDS["trogiup"].run(talk, "")
    elif word == "repeat" and talk.prompt is not None:
        _say_again(talk, talk.prompt)
    elif word and focus.get("at") == "command" and not COMMANDS[focus["name"]].knows(word, focus):
        _away(talk)
    elif word and focus.get("at") == "again":
        _keep(talk, focus["focus"])
    else:
        return False
    return True


def _say_again(talk: Talk, prompt: dict[str, Any]) -> None:
    found = by_tokens(talk.connection, [prompt["t"]]).get(prompt["t"])
    if found is None:
        talk.say(PHRASES["nothing_open"])
        return
    payload = found[0].payload
    choices = tuple(Choice(label, value) for label, value in payload.get("choices", ()))
    talk.reply(Reply(payload["text"], choices, prompt["f"], payload.get("photo", "")))


def _away(talk: Talk) -> None:
    """A question is left as it is; a visit that is open goes on in the same message."""
    if talk.state.get("visit"):
        open_visit(talk, str(talk.state["visit"]), head=talk.words(PHRASES["left"]))
        return
    talk.state.pop("prompts", None)
    talk.say(PHRASES["left"])


def _ask_again(talk: Talk, prompt: dict[str, Any], text: str) -> None:
    """Another value to a prompt that is answered: asked about, in the words of its choices, never guessed."""
    found = by_tokens(talk.connection, [prompt["t"]]).get(prompt["t"])
    offered = found[0].payload.get("choices", ()) if found else ()
    labels = {value: label.partition(". ")[2] or label for label, value in offered}
    old, new = prompt.get("w", prompt["a"]), text.strip()[:60]
    shown = say(talk.language, "answered_before", old=labels.get(old, old), new=labels.get(new, new))
    talk.reply(Reply(shown, AGAIN[talk.language], {"at": "again", "focus": prompt["f"], "text": text}))


def _answer_again(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    number = fold(text).strip(" .()")
    if number == "1":
        talk.prompt = {"t": "", "f": focus["focus"]}
        route(talk, str(focus["text"]))
    elif number == "2":
        _keep(talk, focus["focus"])
    elif names_its_item(text) and previewing.asks(talk, focus["focus"]):
        COMMANDS[focus["focus"]["name"]].hear(talk, text, focus["focus"])
    elif names_its_item(text) and talk.state.get("visit"):
        hear_text(talk, str(talk.state["visit"]), text, None)
    else:
        talk.reply(Reply(say(talk.language, "choose_change"), AGAIN[talk.language], focus))


def _keep(talk: Talk, focus: dict[str, Any]) -> None:
    """Nothing changes; what was standing is asked again in the same message."""
    visit_id = focus.get("visit") or talk.state.get("visit")
    if previewing.asks(talk, focus):
        COMMANDS[focus["name"]].hear(talk, "", focus)
    elif visit_id:
        open_visit(talk, str(visit_id), head=talk.words(PHRASES["kept"]))
    elif standing := _still_asked(talk):
        prompt, payload = standing
        choices = tuple(Choice(label, value) for label, value in payload.get("choices", ()))
        talk.reply(Reply(f"{talk.words(PHRASES['kept'])}\n{payload['text']}", choices, prompt["f"]))
    else:
        talk.say(PHRASES["kept"])


def _still_asked(talk: Talk) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The latest prompt that waits for its answer, and its words; without them a person would be left with nothing."""
    waiting = [p for p in talk.state.get("prompts", ()) if "a" not in p and p["f"].get("at") != "again"]
    found = by_tokens(talk.connection, [waiting[-1]["t"]]) if waiting else {}
    return (waiting[-1], found[waiting[-1]["t"]][0].payload) if found else None
