"""The ends of a visit: complete, sign, end early, cancel; each asked for on purpose, none by accident."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from inspection.figures import show_two
from inspection.found import findings_lines
from inspection.messages import Choice, Reply
from inspection.phrases import say
from inspection.prompts import item_prompt, note_question, number_question
from inspection.questions.doc_ref import by_photo
from inspection.reading import Bare, free_words, photo_excuse, unmarked
from inspection.shown import show_score, when
from inspection.taking_part import say_missing, say_unmarked
from inspection.turn import Turn
from inspection.visit import Status
from inspection.walk import Walk, grade_words, shown_key

EARLY_REASONS = ("early_reason_1", "early_reason_2")


def menu(walk: Walk, name: str, text: str, labels: tuple[str, ...], **extra: object) -> Reply:
    """A prompt with numbered choices that belongs to no item; its answer is read in `menus`."""
    choices = tuple(Choice(walk.say(label), str(n)) for n, label in enumerate(labels, start=1))
    return Reply(text, choices, {"at": "menu", "name": name, "count": len(labels), **extra})


def complete(turn: Turn) -> None:
    """All is there: the visit waits for its signature and can still be corrected."""
    turn.visit = replace(turn.visit.move(Status.AWAITING_SIGNATURE), finished_at=turn.now)
    walk, total = turn.walk, turn.walk.result()
    turn.say(
        "finished",
        moment=when(walk.language, turn.local),
        met=show_two(total.met, walk.language),
        not_met=show_two(total.not_met, walk.language),
        na=show_two(total.na, walk.language),
        info=show_two(total.info, walk.language),
        score=show_score(total.score, walk.language),
        grade=grade_words(walk, total.grade),
    )
    findings = findings_lines(walk)
    turn.say("findings_head" if findings else "no_findings")
    turn.lines.extend(findings)
    if total.critical_failed:
        turn.say("critical_waits", codes=", ".join(shown_key(walk, key) for key in total.critical_failed))
    say_missing(turn)
    turn.say("draft_coming")


def reopen_if_incomplete(turn: Turn) -> None:
    """A correction after completion says the new result; one that leaves something owed opens the visit again."""
    if turn.visit.status is not Status.AWAITING_SIGNATURE or not turn.changes:
        return
    if turn.walk.debts() or any(turn.walk.is_open(key) for key in turn.walk.keys):
        turn.visit = replace(turn.visit.move(Status.IN_PROGRESS), finished_at=None)
    walk, total = turn.walk, turn.walk.result()
    if (total.score, walk.failed()) == (turn.before.result().score, turn.before.failed()):
        return
    score = show_score(total.score, walk.language)
    turn.say("corrected", score=score, grade=grade_words(walk, total.grade), failed=walk.failed_words())


def sign(turn: Turn) -> None:
    """Sign, once everything that belongs before a signature is there; asks for it one thing at a time."""
    if not turn.speaker.leads:
        turn.say("not_your_signature", leader=str(turn.visit.system.get("leader", "")))
        return
    if any(asked(turn) for asked in BEFORE_SIGNING):
        return
    turn.visit = turn.visit.move(Status.SIGNED)
    walk, total = turn.walk, turn.walk.result()
    turn.say(
        "signed",
        moment=when(walk.language, turn.local),
        unit=turn.visit.unit_name,
        score=show_score(total.score, walk.language),
        grade=grade_words(walk, total.grade),
    )
    turn.say("minutes_coming")
    turn.quiet = True


def _something_owed(turn: Turn) -> bool:
    walk = turn.walk
    if not walk.debts() and not any(walk.is_open(key) for key in walk.keys):
        return False
    turn.visit = replace(turn.visit.move(Status.IN_PROGRESS), finished_at=None)
    return True


def _last_words(turn: Turn) -> bool:
    """What is asked at the signature only: the unit's own words."""
    walk = turn.walk
    waiting = [k for k in walk.keys if walk.item(k).asked_at == "sign_off" and k not in turn.visit.answers]
    if waiting:
        turn.prompt = item_prompt(walk, waiting[0], then="sign")
    return bool(waiting)


def _papers_by_photo(turn: Turn) -> bool:
    """A paper that was only photographed needs its number before it is printed."""
    walk = turn.walk
    waiting = [key for key, answer in turn.visit.answers.items() if by_photo(answer.value)]
    turn.lines.extend(number_question(walk, key) for key in waiting)
    return bool(waiting)


def _unmarked_words(turn: Turn) -> bool:
    """Words without tone marks are completed before they are printed."""
    walk, visit = turn.walk, turn.visit
    notes = [key for key, answer in visit.answers.items() if answer.note and unmarked(answer.note)]
    for key in notes:
        turn.say("note_unmarked", code=shown_key(walk, key), note=visit.answers[key].note)
        turn.lines.append(note_question(walk, key))
    words = [k for k, a in visit.answers.items() if walk.item(k).answer_type == "text" and unmarked(_text_of(a.value))]
    for key in words:
        turn.say("words_unmarked", code=key, words=_text_of(visit.answers[key].value))
    excuses = [key for key, reason in visit.excuses.items() if unmarked(reason)]
    for key in excuses:
        turn.say("excuse_unmarked", code=shown_key(walk, key))
    return say_unmarked(turn) or bool(notes or words or excuses)


def _text_of(value: Mapping[str, Any]) -> str:
    return str(value.get("noi_dung", ""))


def _critical_failures(turn: Turn) -> bool:
    walk = turn.walk
    waiting = [k for k in walk.result().critical_failed if k not in turn.visit.confirmed]
    if waiting:
        codes = {shown_key(walk, key) for key in waiting}
        lines = [line for line in findings_lines(walk) if line.split(" ", 1)[0] in codes]
        text = walk.say("confirm_critical", lines="\n".join(lines))
        turn.prompt = menu(walk, "critical", text, ("confirm_and_sign", "look_again"), keys=waiting)
    return bool(waiting)


# Each asks for what is missing and says whether anything was; in this order, one at a time.
BEFORE_SIGNING: tuple[Callable[[Turn], bool], ...] = (
    _something_owed,
    _last_words,
    _papers_by_photo,
    _unmarked_words,
    _critical_failures,
)


def cancel(turn: Turn, focus: Mapping[str, Any]) -> None:
    """Leave the visit: three ways, none of them by accident."""
    if turn.visit.status is not Status.IN_PROGRESS:
        turn.say("review_tail")
        return
    walk = turn.walk
    text = walk.say("cancel_menu", unit=turn.visit.unit_name, done=walk.done(), total=walk.total)
    turn.prompt = menu(walk, "cancel", text, ("cancel_go_on", "cancel_early", "cancel_drop"))


def early_proof(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    """A photo of the shut door is awaited: the reason why there is none will do."""
    excuse = photo_excuse(piece.text)
    words = "" if excuse is None else free_words(excuse)
    if not words:
        ask_early_photo(turn, focus)
        return
    turn.visit = replace(turn.visit, excuses={**turn.visit.excuses, "early": words})
    end_early(turn)


def early_reason(walk: Walk) -> str:
    """Why the visit ends early: one of the reasons offered in the reader's language, any other as it was typed."""
    kept = walk.visit.early_reason
    offered = next((name for name in EARLY_REASONS if say("vi", name) == kept), "")
    if walk.language == "vi" or offered:
        return (walk.say(offered) if offered else kept).rstrip(".")
    return f"“{kept}”"


def ask_early_photo(turn: Turn, focus: Mapping[str, Any]) -> None:
    """Ask once more for what proves an early end."""
    turn.prompt = Reply(turn.walk.say("early_photo", reason=early_reason(turn.walk)), (), dict(focus))


def end_early(turn: Turn) -> None:
    """The office was shut or would not receive the team: a result of its own, without a class."""
    turn.visit = replace(turn.visit.move(Status.ENDED_EARLY), finished_at=turn.now)
    turn.say(
        "ended_early",
        moment=when(turn.walk.language, turn.local),
        unit=turn.visit.unit_name,
        reason=early_reason(turn.walk),
    )
    turn.say("minutes_coming")
    turn.quiet = True
