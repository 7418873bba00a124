"""One answer to one item: read it, store it or say what is unclear; never both, never half.

What is said about an answer (its reason, a note, why there is no photo) is read in `explanations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inspection.checklist import Item
from inspection.explanations import aside, ask_for_explanation, explained, letters_behind
from inspection.met import met_value
from inspection.prompts import item_prompt
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import MetType, UnclearError, Value
from inspection.questions.doc_ref import missing
from inspection.questions.text import NOTHING
from inspection.reading import Bare, Coded, Named, as_typed, letters_of, note_of, photo_excuse
from inspection.scoring import check, warnings
from inspection.tray import from_tray
from inspection.turn import Change, Told, Turn
from inspection.visit import Answer
from inspection.walk import UNASKED, echo_of, lettered, shown_key, unasked_words

IGNORED = {"thoi_diem", "nam_suy_ra"}  # what the server adds to a value says nothing new


def coded(turn: Turn, piece: Coded) -> None:
    """A piece with its code: an answer, the subject of a photo that is asked about, or "show me this item"."""
    key = key_of(turn, piece)
    if key is None:
        turn.say("not_asked", code=piece.code)
    elif piece.parts:
        answer(turn, key, piece.parts, piece.said)
    elif turn.visit.tray():
        from_tray(turn, key)
    else:
        turn.prompt = item_prompt(turn.walk, key, then="")


def key_of(turn: Turn, piece: Coded) -> str | None:
    """The key a code means: where the item repeats, the finding named, the one asked just now, or the first open."""
    keys = turn.visit.keys_of(turn.checklist.items[piece.code])
    if piece.repeat:
        wanted = f"{piece.code}.{piece.repeat}"
        return wanted if wanted in keys else None
    if len(keys) <= 1:
        return keys[0] if keys else None
    asked = str((turn.heard.focus or {}).get("key", ""))
    if asked in keys:
        return asked
    return next((key for key in keys if turn.walk.is_open(key)), keys[-1])


def named(turn: Turn, piece: Named) -> None:
    """An earlier finding named by its number."""
    for n, prior in enumerate(turn.visit.priors, start=1):
        if prior.number == piece.finding:
            item = next(i for i in turn.checklist.items.values() if i.repeats)
            coded(turn, Coded(item.code, n, piece.parts, piece.said))
            return
    turn.say("unknown_finding", finding=piece.finding)


def uncoded(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    """A piece without a code: it belongs to the item asked alone, or to the only one it can belong to."""
    if photo_excuse(piece.parts[0]) is not None and focus.get("at") != "item":
        _excuse_without_code(turn, piece)
    elif focus.get("at") == "item":
        answer(turn, str(focus["key"]), piece.parts, piece.text)
    elif (key := _only_fit(turn, piece, focus)) is not None:
        answer(turn, key, piece.parts, piece.text)
    else:
        turn.say("not_understood", words=piece.text[:60])


def _excuse_without_code(turn: Turn, piece: Bare) -> None:
    """ "không ảnh, …" without a code means the one photo that is owed, if it is one."""
    owed = list(dict.fromkeys(turn.walk.debts().photos))
    if len(owed) == 1:
        answer(turn, owed[0], piece.parts, piece.text)
    else:
        turn.say("excuse_needs_code", code=owed[0] if owed else "A04")


def _only_fit(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> str | None:
    """Figures without a code belong to the one item of the prompt that takes exactly so many, if at least two."""
    fits = []
    for key in focus.get("keys", ()):
        item = turn.walk.item(key)
        if item.answer_type == "count" and (turn.walk.is_open(key) or focus.get("at") == "owed"):
            try:
                QUESTION_TYPES["count"].read(item, _joined_figures(piece.parts)[0][0], year=turn.visit.on.year)
            except UnclearError:
                continue
            fits.append(key)
    return fits[0] if len(fits) == 1 else None


# --- reading ----------------------------------------------------------------------------------------------------------


def answer(turn: Turn, key: str, parts: tuple[str, ...], said: str) -> None:
    """Read what was said about one key and store it, or say what is unclear."""
    item = turn.walk.item(key)
    turn.named.append(key)
    explanation = aside(turn, key, parts, said)
    if explanation is not None:
        if explanation.value is not None:
            store(turn, key, explanation.value, explanation.told)
        return
    parts = (_words(turn, key, as_typed(said, parts)),) if item.answer_type == "text" else letters_behind(item, parts)
    try:
        value, used = read_value(turn, key, item, parts)
    except UnclearError as unclear:
        turn.say(unclear.phrase, **(unclear.values | _spoken(turn, unclear.values)))
        return
    letters, note = explained(item, parts[used:], said)
    store(turn, key, value, Told(said, letters, note))


def _words(turn: Turn, key: str, typed: str) -> str:
    """Free words as they were typed; a note to them is one more paragraph."""
    note, before = note_of(typed), turn.visit.answers.get(key)
    if note is None:
        return typed
    told = str(before.value["noi_dung"]) if before is not None else NOTHING
    return note if told == NOTHING or not note else f"{told}\n{note}"


def _spoken(turn: Turn, values: Mapping[str, object]) -> dict[str, object]:
    """Labels come in both languages; a sentence takes the reader's."""
    at = turn.walk.at
    return {name: value[at] for name, value in values.items() if isinstance(value, tuple)}


def read_value(turn: Turn, key: str, item: Item, parts: tuple[str, ...]) -> tuple[Value, int]:
    """The value said, and how many parts it took. Raises UnclearError."""
    kind, year = QUESTION_TYPES[item.answer_type], turn.visit.on.year
    completed = _completed(turn, key, item, parts)
    if completed is not None:
        return completed
    parts, joined = _joined_figures(parts) if item.answer_type == "count" else (parts, 0)
    value = kind.read(item, parts[0], year=year)
    if isinstance(value, MetType):
        known = met_value(turn.walk, key)
        if known is None:
            raise UnclearError("needs_figures", code=key, example=item.example)
        value = known
    used = 1
    for part in parts[1:]:
        extended = kind.extend(item, value, part, year=year)
        if extended is None:
            break
        value, used = extended, used + 1
    return _with_fit(turn, key, value), used + joined


def _completed(turn: Turn, key: str, item: Item, parts: tuple[str, ...]) -> tuple[Value, int] | None:
    """The part of a reference that was left out, said afterwards: "b02 phù hợp", "a01 06/02/2026"."""
    before = turn.visit.answers.get(key)
    if before is None or item.answer_type != "doc_ref" or not missing(item, before.value):
        return None
    kind, year = QUESTION_TYPES["doc_ref"], turn.visit.on.year
    value: Value = before.value
    used = 0
    for part in parts:
        extended = kind.extend(item, value, part, year=year)
        if extended is None:
            break
        value, used = extended, used + 1
    return (value, used) if used else None


def _with_fit(turn: Turn, key: str, value: Value) -> Value:
    """A number that completes a photographed paper keeps what was said of its fitness."""
    before = turn.visit.answers.get(key)
    if before is None or not before.value.get("theo_anh") or "phu_hop" in value or not value.get("so_ky_hieu"):
        return value
    return {**value, "phu_hop": before.value["phu_hop"]} if "phu_hop" in before.value else value


def _joined_figures(parts: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """`25, 22, 2, 1` was cut at its commas; figures that follow figures belong together."""
    figures = [part for part in parts if part.replace(" ", "").isdigit()]
    if len(figures) > 1 and tuple(figures) == parts[: len(figures)]:
        return (" ".join(figures), *parts[len(figures) :]), len(figures) - 1
    return parts, 0


# --- storing ----------------------------------------------------------------------------------------------------------


def store(turn: Turn, key: str, value: Value, told: Told) -> bool:
    """Store one answer unless its figures contradict each other; recomputes what depends on it."""
    item, before = turn.walk.item(key), turn.visit.answers.get(key)
    if any(f.name == "thoi_diem" for f in item.fields) and not value.get("khong_ap_dung"):
        value = {**value, "thoi_diem": turn.local.strftime("%H:%M")}
    troubles = _troubles(turn, key, value)
    if troubles:
        code = shown_key(turn.walk, key)
        turn.lines.extend(turn.walk.say("again", sentence=t, code=code, example=item.example) for t in troubles)
        return False
    old = echo_of(turn.walk, key) if before is not None and not same_value(before.value, value) else ""
    unasked = _unasked(turn, key)
    answered = _answered(turn, before, value, told)
    if before is None or old or (answered.letters, answered.note) != (before.letters, before.note):
        turn.visit = replace(turn.visit, answers={**turn.visit.answers, key: answered})
        turn.changes.append(Change(key, answered, told.said))
    if key in turn.visit.skipped:
        turn.visit = replace(turn.visit, skipped=tuple(k for k in turn.visit.skipped if k != key))
    turn.echo[key] = echo_of(turn.walk, key) + (turn.walk.say("before", value=old) if old else "")
    turn.lines.extend(str(text[turn.walk.at]) for text in warnings(turn.checklist, turn.walk.facts, key))
    ask_for_explanation(turn, key)
    _derive(turn, key)
    _echo_unasked(turn, key, unasked)
    return True


def _answered(turn: Turn, before: Answer | None, value: Value, told: Told) -> Answer:
    """The answer as it will stand; the same value said again keeps its reason and note."""
    if before is None or not same_value(before.value, value):
        return Answer(value, turn.speaker.person_id, turn.now, told.letters, told.note)
    return Answer(
        before.value, turn.speaker.person_id, turn.now, told.letters or before.letters, told.note or before.note
    )


def same_value(one: Value, other: Value) -> bool:
    """Whether two values say the same."""
    return all(one.get(name) == other.get(name) for name in (set(one) | set(other)) - IGNORED)


def _troubles(turn: Turn, key: str, value: Value) -> list[str]:
    if not turn.walk.item(key).check:
        return []
    facts = turn.walk.facts
    trial = replace(facts, answers={**facts.answers, key: value})
    return [str(sentence[turn.walk.at]) for sentence in check(turn.checklist, trial, key)]


def count_photos(turn: Turn) -> None:
    """A photo alone is an answer: it follows the photos stored for its item, or the reason why there is none."""
    for key in turn.walk.keys:
        if turn.walk.item(key).answer_type != "photo":
            continue
        count = sum(p.state == "stored" for p in turn.visit.photos_of(key))
        value: Value | None = {"so_anh": count} if count else None
        if value is None and key in turn.visit.excuses:
            value = {"khong_ap_dung": True}
        before = turn.visit.answers.get(key)
        if value is not None and (before is None or not same_value(before.value, value)):
            store(turn, key, value, Told(turn.heard.text))


def _derive(turn: Turn, key: str) -> None:
    """Items the system computes from this answer (A02 from A01) are stored with it, and echoed."""
    for other in turn.walk.shape.derived.get(key.partition(".")[0], ()):
        if other in turn.visit.answers and turn.visit.answers[other].person_id:
            continue
        asked = turn.walk.status(other) in ("open", "met", "not_met")
        value = met_value(turn.walk, other) if asked else None
        if value is not None:
            store(turn, other, value, Told(""))


def _unasked(turn: Turn, answered: str) -> set[str]:
    """Of the keys an answer can make superfluous, those that nobody need answer now."""
    walk, answers = turn.walk, turn.visit.answers
    depending = walk.shape.depending.get(answered.partition(".")[0], ())
    return {k for k in depending if k not in answers and walk.status(k) in UNASKED}


def _echo_unasked(turn: Turn, answered: str, before: set[str]) -> None:
    """What an answer has made superfluous is said too: nobody should wonder where F06 went."""
    for key in sorted(_unasked(turn, answered) - before):
        turn.echo[key] = unasked_words(turn.walk, key)


def letters_alone(turn: Turn, piece: Bare) -> None:
    """A letter without its code belongs to the one reason that is asked for, if it is one."""
    letters = letters_of(piece.parts[0])
    waiting = turn.walk.debts().reasons
    if len(waiting) == 1:
        answer(turn, waiting[0], piece.parts, piece.text)
    else:
        example = next((k for k in waiting), next((k for k in turn.walk.keys if lettered(turn.walk.item(k))), "C02"))
        turn.say("letters_unclear", letters=", ".join(letters), example=f"{example} {letters[0]}")
