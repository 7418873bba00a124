"""What is said about an answer: the lettered reason of a failure, a note, why there is no photo, "later".

Free words typed wholly without tone marks are kept, and listed until the secretary has completed them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inspection.checklist import Item
from inspection.prompts import item_prompt, note_question, paper_question, reason_question
from inspection.questions.base import Value
from inspection.questions.doc_ref import missing
from inspection.reading import as_typed, free_words, letters_of, note_of, photo_excuse, unmarked
from inspection.turn import Change, Told, Turn
from inspection.walk import lettered, shown_key
from inspection.words import fold

NOTHING = Told("")


@dataclass(frozen=True, slots=True)
class Explanation:
    """That something was an explanation; with a value where the letter of a reason is the failure itself."""

    value: Value | None = None
    told: Told = NOTHING


DONE = Explanation()


def aside(turn: Turn, key: str, parts: tuple[str, ...], said: str) -> Explanation | None:
    """Take what is no answer but said about one; None when it is an answer."""
    item, first, typed = turn.walk.item(key), parts[0], as_typed(said, parts)
    excuse, note = photo_excuse(typed), note_of(typed)
    if excuse is not None:
        _excuse(turn, key, free_words(excuse))
    elif note is not None and item.answer_type != "text":
        _note(turn, key, free_words(note))
    elif lettered(item) and letters_of(first) and _takes_letters(turn, key):
        return _letters(turn, key, Told(said, letters_of(first), as_typed(said, parts, 1)))
    elif fold(first) in ("bo qua", "de sau"):
        turn.visit = replace(turn.visit, skipped=(*(k for k in turn.visit.skipped if k != key), key))
        turn.say("skipped", codes=shown_key(turn.walk, key))
    else:
        return None
    return DONE


def _takes_letters(turn: Turn, key: str) -> bool:
    """A letter explains a failure; to a yes-or-no item not answered yet it is the failure."""
    return key in turn.visit.answers or turn.walk.item(key).answer_type == "pass_fail_na"


def _excuse(turn: Turn, key: str, reason: str) -> None:
    code = shown_key(turn.walk, key)
    if not reason:
        turn.say("excuse_needs_reason", code=code)
        return
    turn.visit = replace(turn.visit, excuses={**turn.visit.excuses, key: reason})
    turn.say("excused", code=code, reason=reason)
    if unmarked(reason):
        turn.say("excuse_unmarked", code=code)


def _letters(turn: Turn, key: str, told: Told) -> Explanation:
    walk = turn.walk
    known = {reason.letter: reason for reason in walk.item(key).reasons}
    if not set(told.letters) <= set(known):
        question = reason_question(walk, key)
        turn.say("letter_unknown", code=shown_key(walk, key), letters=", ".join(told.letters), question=question)
        return DONE
    if walk.outcomes[key].status != "not_met" and walk.item(key).answer_type == "pass_fail_na":
        return Explanation({"ket_qua": "khong_dat"}, told)
    explain(turn, key, told)
    labels = "; ".join(known[letter].label[walk.at] for letter in told.letters)
    turn.say("reason_kept", code=shown_key(walk, key), reasons=labels)
    return DONE


def _note(turn: Turn, key: str, words: str) -> None:
    if key not in turn.visit.answers:
        turn.prompt = item_prompt(turn.walk, key)
        return
    if not words:
        turn.lines.append(note_question(turn.walk, key))
        return
    explain(turn, key, Told(turn.heard.text, (), words))
    if unmarked(words):
        turn.say("note_unmarked", code=shown_key(turn.walk, key), note=words)
    else:
        turn.say("note_kept", code=shown_key(turn.walk, key))


def explain(turn: Turn, key: str, told: Told) -> None:
    """Add a reason or a note to an answer that stands."""
    before = turn.visit.answers[key]
    if (told.letters or before.letters, told.note or before.note) == (before.letters, before.note):
        return  # said before: the history holds it already
    after = replace(
        before,
        letters=told.letters or before.letters,
        note=told.note or before.note,
        person_id=turn.speaker.person_id,
        at=turn.now,
    )
    turn.visit = replace(turn.visit, answers={**turn.visit.answers, key: after})
    turn.changes.append(Change(key, after, told.said))


def letters_behind(item: Item, parts: tuple[str, ...]) -> tuple[str, ...]:
    """`không đạt b`, `2 a`: a known letter behind the answer is taken as a part of its own."""
    words, _, last = parts[0].rpartition(" ")
    known = {reason.letter for reason in item.reasons}
    if words and set(letters_of(last)) & known:
        return (words.rstrip(" ,"), last, *parts[1:])
    return parts


def explained(item: Item, parts: tuple[str, ...], said: str) -> tuple[tuple[str, ...], str]:
    """The reasons and the note that follow an answer."""
    known = {reason.letter for reason in item.reasons}
    letters: tuple[str, ...] = ()
    for place, part in enumerate(parts):
        found = letters_of(part)
        if not found or not set(found) <= known:
            words = as_typed(said, parts, place)
            return letters, note_of(words) or words
        letters = (*letters, *found)
    return letters, ""


def ask_for_explanation(turn: Turn, key: str) -> None:
    """What an answer just stored still needs: its date, whether it fits, a photo, the reason of a failure, a note."""
    item, answered, code = turn.walk.item(key), turn.visit.answers[key], shown_key(turn.walk, key)
    if item.answer_type == "doc_ref":
        _ask_for_paper(turn, key)
    if answered.note and unmarked(answered.note):
        turn.say("note_unmarked", code=code, note=answered.note)
    if item.repeats and turn.walk.photos_due(key) and not turn.photo_here:
        turn.say("photo_wanted", code=code)
    if turn.walk.outcomes[key].status == "not_met":
        _ask_why(turn, key)


def _ask_for_paper(turn: Turn, key: str) -> None:
    item, value = turn.walk.item(key), turn.visit.answers[key].value
    if value.get("nam_suy_ra") and value.get("ngay_ban_hanh"):
        turn.say("year_assumed", code=key, year=value["ngay_ban_hanh"].year)
    if missing(item, value):
        turn.lines.append(paper_question(turn.walk, key))


def _ask_why(turn: Turn, key: str) -> None:
    item, answered = turn.walk.item(key), turn.visit.answers[key]
    if lettered(item) and not answered.letters:
        turn.lines.append(reason_question(turn.walk, key))
    elif item.note_on_fail and not answered.note:
        turn.lines.append(note_question(turn.walk, key))
