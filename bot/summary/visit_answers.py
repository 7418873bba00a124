"""The answers of a finished visit as the minutes list them, and one of them with who gave it, its corrections, its photos."""

from __future__ import annotations

from bot.summary.asked import Asked
from bot.summary.lists import Detail, Entry, Place, show
from bot.talk import Talk
from inspection.documents.minutes import label_of
from inspection.figures import show_two
from inspection.messages import Reply
from inspection.phrases import Phrase
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import is_na
from inspection.scoring import fill
from inspection.shown import when
from inspection.visit import PHOTO, Visit
from inspection.walk import Walk, shown_key, unasked_words
from inspection.working_days import LOCAL
from storage.reports.records import Given, given

ANSWERS, ANSWER = "answers:", "answer:"  # before the id of a visit, and before the id and the key of an answer
HEAD = Phrase("{unit}, {day}: {count} nội dung.", "{unit}, {day}: items: {count}.")
STATUS = {"met": Phrase("đạt", "met"), "not_met": Phrase("không đạt", "not met")}
PHOTOS = Phrase(", {count} ảnh", ", photos: {count}")
ONE = Phrase("{unit}: {key} {question}\n{value}{reasons}{note}", "{unit}: {key} {question}\n{value}{reasons}{note}")
REASONS = Phrase("\nLý do: {reasons}.", "\nReason: {reasons}.")
NOTE = Phrase("\nGhi chú: {note}", "\nNote: {note}")
BY = Phrase("\nGhi lúc {moment}, đồng chí {name}{said}.", "\nStored at {moment}, {name}{said}.")
SAID = Phrase(", nguyên văn: “{said}”", ", word for word: “{said}”")
CORRECTED = Phrase(
    "\nĐã sửa, trước đó: {value}, lúc {moment}, đồng chí {name}.", "\nCorrected; before: {value}, at {moment}, {name}."
)
PICTURE = Phrase("Ảnh {n}/{count} của {key}.", "Photo {n} of {count} to {key}.")


def answers(talk: Talk, asked: Asked, place: Place, visit: Visit, unknown: str = "") -> None:
    """All of them in the order of the checklist; each opens its record."""
    walk = Walk(visit, talk.ledger.rules(visit), talk.language)
    keys = walk.settled()
    entries = [Entry(_line(talk, walk, key), f"{ANSWER}{visit.id}:{key}", shown_key(walk, key)) for key in keys]
    moment = when(talk.language, (visit.finished_at or visit.started_at).astimezone(LOCAL))
    head = talk.words(HEAD, unit=visit.unit_name, day=moment, count=show_two(len(keys), talk.language))
    show(talk, asked, place, Detail(head, entries), unknown)


def answer(talk: Talk, asked: Asked, place: Place, visit: Visit, unknown: str = "") -> None:
    """One answer, then its photos: those of the minutes, by the same rights."""
    walk, key = Walk(visit, talk.ledger.rules(visit), talk.language), place.view.rpartition(":")[2]
    if key not in walk.settled():
        talk.refuse("see_visit", visit.id)
        return
    show(talk, asked, place, Detail(_record(talk, walk, key)), unknown)
    photos = [photo.sha256 for photo in visit.photos_of(key) if photo.state == "stored"] if not unknown else []
    for n, sha in enumerate(photos, start=1):
        talk.reply(Reply(talk.words(PICTURE, n=n, count=len(photos), key=shown_key(walk, key)), photo=sha))


def _line(talk: Talk, walk: Walk, key: str) -> str:
    count = sum(photo.state == "stored" and photo.kind == PHOTO for photo in walk.visit.photos_of(key))
    label = label_of(walk, key, talk.language)
    photos = talk.words(PHOTOS, count=show_two(count, talk.language)) if count else ""
    return f"{shown_key(walk, key)} {label}: {_value(talk, walk, key)}{photos}"


def _value(talk: Talk, walk: Walk, key: str) -> str:
    """The answer as it is read out, and whether it was met where the answer itself does not say so."""
    unasked = unasked_words(walk, key)
    if unasked:
        return unasked
    item, status, value = walk.item(key), walk.status(key), walk.visit.answers[key].value
    shown = QUESTION_TYPES[item.answer_type].show(item, value, talk.language)
    if status in STATUS and item.answer_type != "pass_fail_na" and not is_na(value):
        return f"{shown}; {talk.words(STATUS[status])}"
    return shown


def _record(talk: Talk, walk: Walk, key: str) -> str:
    item, kept, place = walk.item(key), walk.visit.answers.get(key), 0 if talk.language == "vi" else 1
    letters, note = (kept.letters, kept.note) if kept else ((), "")
    reasons = ", ".join(reason.label[place] for reason in item.reasons if reason.letter in letters)
    value = _value(talk, walk, key)
    text = talk.words(
        ONE, unit=walk.visit.unit_name, key=shown_key(walk, key),
        question=fill(walk.checklist, walk.facts, key, item.question)[place], value=value[:1].upper() + value[1:],
        reasons=talk.words(REASONS, reasons=reasons) if reasons else "",
        note=talk.words(NOTE, note=talk.quoted(note)) if note else "",
    )  # fmt: skip
    newest, *earlier = given(talk.connection, walk.visit.id, key) or (None,)
    if newest is not None:
        text += talk.words(BY, said=talk.words(SAID, said=newest.said) if newest.said else "", **_who(talk, newest))
    for one in earlier:
        value = QUESTION_TYPES[item.answer_type].show(item, one.value, talk.language)
        text += talk.words(CORRECTED, value=value, **_who(talk, one))
    return text


def _who(talk: Talk, one: Given) -> dict[str, str]:
    return {"moment": when(talk.language, one.at.astimezone(LOCAL)), "name": one.name}
