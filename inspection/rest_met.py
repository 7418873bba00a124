"""What "còn lại đạt" stores: whose rest is meant, and only what the checklist or the system itself knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspection.answers import key_of, read_value, same_value, store
from inspection.met import met_value, takes_met
from inspection.questions.base import UnclearError
from inspection.reading import Coded, Said, Word, letters_of
from inspection.turn import Told, Turn


def nothing_new(turn: Turn, pieces: list[Said]) -> bool:
    """A text sent twice: every coded piece says what is stored already, so its "rest met" was meant for then."""
    coded = [piece for piece in pieces if isinstance(piece, Coded) and piece.parts]
    if not coded or len(coded) != len(pieces):
        return False
    return all(_says_the_same(turn, piece) for piece in coded)


def _says_the_same(turn: Turn, piece: Coded) -> bool:
    key = key_of(turn, piece)
    before = turn.visit.answers.get(key or "")
    if key is None or before is None:
        return False
    letters = letters_of(piece.parts[0])
    if letters:
        return letters == before.letters
    try:
        value, _ = read_value(turn, key, turn.walk.item(key), piece.parts)
    except UnclearError:
        return False
    return same_value(before.value, value)


def rest_met(turn: Turn, word: Word, others: list[Said], focus: Mapping[str, Any]) -> None:
    """Store "đạt" for what is still open, never for an item the same text spoke of; say what must be typed."""
    keys = _rest_keys(turn, word, others, focus)
    if not keys:
        turn.say("not_understood", words=turn.walk.say("rest_met"))
    needing = []
    for key in keys:
        if not turn.walk.is_open(key) or key in turn.named:
            continue
        value = met_value(turn.walk, key) if takes_met(turn.walk, key) else None
        if value is None or not store(turn, key, value, Told("đạt")):
            needing.append(key)
    if needing:
        example = ", ".join(f"{key} {turn.walk.item(key).example}" for key in needing)
        turn.say("rest_needs", codes=", ".join(needing), example=example)


def _rest_keys(turn: Turn, word: Word, others: list[Said], focus: Mapping[str, Any]) -> list[str]:
    """Whose rest is meant: the section named, else the sections of the codes just given, else that of the prompt.

    A letter given to an earlier failure ("C02 a, đạt hết") names no section; nor does a code whose section is done.
    """
    letters = [p for p in others if isinstance(p, Coded) and p.parts and letters_of(p.parts[0])]
    item = turn.walk.item
    mentioned = {item(p.code).section for p in others if isinstance(p, Coded) and p not in letters}
    asked = {item(str(k)).section for k in focus.get("keys", ())} if focus.get("at") == "section" else set()
    if mentioned & asked:
        mentioned |= asked  # of a prompt with two sections the rest is what is left of both
    walked = [k for k in turn.walk.keys if not turn.walk.item(k).repeats and turn.walk.item(k).asked_at == "walk"]
    if word.section:
        return [k for k in walked if item(k).section == word.section]
    spoken = [k for k in walked if item(k).section in mentioned]
    if any(turn.walk.is_open(k) for k in spoken):
        return spoken
    prompted = [str(k) for k in focus.get("keys", ())] if focus.get("at") == "section" else []
    if focus.get("at") == "item":
        prompted = [k for group in turn.walk.steps() for k in group if str(focus["key"]) in group]
    return [k for k in prompted if k in walked] or spoken
