"""Which side of a matter somebody is on: decided from the roles of this moment, never from the button they press."""

from __future__ import annotations

import re

from bot.matters import authority, unit
from bot.matters.common import say_unknown
from bot.talk import Talk
from inspection.access import scope
from inspection.obligations import Obligation
from storage import directives, obligations, outbox, requests

# The code of a matter stands first: a reminder never becomes the prompt, so its answers name what they answer.
CODED = re.compile(r"\s*(NV|TT)[-\s]?(\d{4})[-\s]?(\d{1,6})\b[\s:,.]*", re.IGNORECASE)


def is_about_one(text: str, *, visiting: bool) -> bool:
    """Whether a text begins with the code of a matter; on a visit, a finding's number is part of its answer."""
    found = CODED.match(text)
    return found is not None and not (visiting and found[1].upper() == "TT")


def printed(found: re.Match[str]) -> str:
    """A code as it is printed, however it was typed: "nv 2026 147" is NV-2026-0147."""
    width = 4 if found[1].upper() == "NV" else 3
    return f"{found[1].upper()}-{found[2]}-{int(found[3]):0{width}d}"


def last_spoken_of(talk: Talk) -> str:
    """The code of the one matter the last message into this chat was about, if that was a reminder or a notice."""
    last = outbox.last_said(talk.connection, talk.chat)
    if last is None or last.kind not in ("digest", "notice"):
        return ""
    codes = {found[0].strip() for _, value in last.payload.get("choices", ()) if (found := CODED.match(value))}
    return codes.pop() if len(codes) == 1 else ""


def hear(talk: Talk, text: str) -> None:
    """A text that begins with the code of a matter."""
    found = CODED.match(text)
    if found is None:
        raise ValueError("a text without a code")
    code, rest = printed(found), text[found.end() :].strip()
    one = obligations.by_code(talk.connection, code)
    if one is None:
        say_unknown(talk, code)
        return
    owes = one.unit_id in scope(talk.person, "report_obligation")
    answers = talk.covers("answer_request", one.unit_id)
    asked = requests.waiting(talk.connection, one.id, *requests.ANSWERED)
    if answers and (not owes or (asked is not None and asked.asked_by != talk.person.id)):
        authority.hear(talk, one, rest)
    elif owes:
        unit.hear(talk, one, rest)
    elif _issued_here(talk, one):
        authority.record(talk, one)
    else:
        say_unknown(talk, code)  # the same sentence whether it is absent or somebody else's


def _issued_here(talk: Talk, one: Obligation) -> bool:
    """Whether it came of a directive of the person's own unit: who issues follows, though somebody else answers."""
    directive = directives.get(talk.connection, one.directive_id) if one.directive_id else None
    return directive is not None and directive.issuer_id in scope(talk.person, "direct")
