"""One turn of a visit: what was heard goes in, the changed visit and one reply come out.

`step` is a plain function. It reads against the prompt the person could have seen (`heard.focus`), changes the
visit, and asks the next thing in the same message. Photos are answered when their bytes are stored, not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from inspection.answers import coded, count_photos, letters_alone, named, store, uncoded
from inspection.closing import early_proof, reopen_if_incomplete, sign
from inspection.figures import show_clock, show_day
from inspection.menus import MENUS
from inspection.messages import Reply
from inspection.prompts import next_prompt
from inspection.questions.place import shared
from inspection.reading import Bare, Coded, Named, PhotoMove, Said, Word, letters_of, read_text
from inspection.rest_met import nothing_new, rest_met
from inspection.said_of_photos import say_hints, say_stored
from inspection.shown import show_score, when
from inspection.taking_part import speaks_of_it, take_part
from inspection.tray import move_photo, tray_prompt
from inspection.turn import Heard, Speaker, Step, Told, Turn
from inspection.visit import Status, Visit
from inspection.walk import Rules, Walk, echo_of, grade_words, shown_key, titled
from inspection.words_said import WORDS
from inspection.working_days import LOCAL


def step(visit: Visit, rules: Rules, heard: Heard, speaker: Speaker, now: datetime) -> Step:
    """Hear one text. Works for visits that can still be changed; a signed one says that it cannot."""
    turn = Turn(visit, rules, speaker, now, heard)
    if not visit.open_to_answers:
        turn.say("already_signed" if visit.status is Status.SIGNED else "already_closed", unit=visit.unit_name)
        return Step(visit, Reply("\n".join(turn.lines)))
    hear(turn, heard.text)
    return finish(turn)


def position(turn: Turn, latitude: float, longitude: float) -> Step:
    """Hear a shared position: the answer to the prompt where a place is asked, else where the visit was made."""
    key = str((turn.heard.focus or {}).get("key", ""))
    if key and turn.walk.item(key).answer_type == "place":
        store(turn, key, shared(latitude, longitude), Told(""))
        return finish(turn)
    turn.visit = replace(turn.visit, place=(latitude, longitude))
    return Step(turn.visit, Reply(turn.walk.say("place_kept")))


def finish(turn: Turn) -> Step:
    """Put the reply together: what was stored, what is unclear, and what comes next."""
    count_photos(turn)
    reopen_if_incomplete(turn)
    if turn.visit.untold:  # photos whose row has not ended yet: one message says it all
        untold, turn.visit = turn.visit.untold_photos(), replace(turn.visit, untold=())
        say_stored(turn, [photo for photo in untold if photo.key])
        for photo in untold:
            say_hints(turn, photo.id)
    lines = [*stored_lines(turn), *turn.lines]
    if turn.quiet:
        return Step(turn.visit, Reply("\n".join(lines)) if lines else None, tuple(turn.changes))
    prompt = turn.prompt or _next(turn)
    text = "\n".join([*lines, prompt.text])
    return Step(turn.visit, Reply(text, prompt.choices, prompt.focus, prompt.photo), tuple(turn.changes))


def _next(turn: Turn) -> Reply:
    """The next prompt; a photo nobody has said the subject of is asked about before the visit can be finished."""
    prompt = next_prompt(turn.walk)
    last = prompt.focus is not None and (prompt.focus["at"] == "owed" or prompt.focus.get("name") == "ready")
    return tray_prompt(turn.walk) if last and turn.visit.tray() else prompt


def caption(turn: Turn, text: str) -> tuple[str, ...]:
    """Read a caption that is more than codes; returns the keys it speaks of. What it stores is echoed later.

    A caption answers items; it never finishes, signs or leaves a visit.
    """
    hear(turn, text, answers_only=True)
    spoken = tuple(dict.fromkeys(turn.named))
    said = [*stored_lines(turn), *turn.lines] if spoken or turn.echo else []
    turn.visit = replace(turn.visit, echo="\n".join(said))
    turn.lines.clear()
    turn.echo.clear()
    turn.prompt = None
    return spoken


def stored_lines(turn: Turn) -> list[str]:
    """What was stored, in the order of the checklist; the first time also how it is corrected."""
    if not turn.echo:
        return []
    walk, clock = turn.walk, show_clock(turn.local)
    keys = [key for key in walk.keys if key in turn.echo]
    answers = "; ".join(f"{titled(walk, key)} {turn.echo[key]}" for key in keys)
    if turn.first and turn.changes:
        return [walk.say("stored_first", clock=clock, answers=answers, example=_correction(turn, keys))]
    return [walk.say("stored", clock=clock, answers=answers)]


def _correction(turn: Turn, keys: list[str]) -> str:
    """A correction of something just stored that would be accepted: "C02 0"."""
    easy = [k for k in keys if turn.walk.item(k).answer_type == "number" and k in turn.visit.answers]
    if easy:
        return f"{easy[0]} 0"
    verdicts = [k for k in keys if turn.walk.item(k).answer_type == "pass_fail_na" and k in turn.visit.answers]
    if verdicts:
        met = turn.walk.status(verdicts[0]) == "met"
        words = ("chưa khắc phục", "đã khắc phục") if turn.walk.item(verdicts[0]).repeats else ("không đạt", "đạt")
        return f"{shown_key(turn.walk, verdicts[0])} {words[0] if met else words[1]}"
    return f"{keys[0]} {turn.walk.item(keys[0]).example}"


def hear(turn: Turn, text: str, *, answers_only: bool = False) -> None:
    """Take one text apart and let each piece do its work; "the rest met" comes last, it builds on the others."""
    focus = turn.heard.focus or {}
    if not answers_only and speaks_of_it(turn, text, focus):
        take_part(turn, text)
        return
    key = str(focus.get("key", ""))
    free = bool(key) and turn.walk.item(key).answer_type == "text"
    pieces = read_text(text, turn.checklist.items, free=free)
    if answers_only:
        pieces = [piece for piece in pieces if _is_answer(piece, focus)]
    if not pieces:
        turn.say("not_understood", words=text.strip()[:60])
        return
    rest = [piece for piece in pieces if isinstance(piece, Word) and piece.word == "rest"]
    others = [piece for piece in pieces if piece not in rest]
    repeated = bool(rest) and nothing_new(turn, others)
    for piece in others:
        _hear_piece(turn, piece, focus)
    for word in rest:
        if not repeated:
            rest_met(turn, word, others, focus)


def _is_answer(piece: Said, focus: Mapping[str, Any]) -> bool:
    match piece:
        case Word(word):
            return word == "rest"
        case Bare():
            return focus.get("at") == "item"
        case PhotoMove():
            return False
        case _:
            return True


def _hear_piece(turn: Turn, piece: Said, focus: Mapping[str, Any]) -> None:
    match piece:
        case Coded():
            coded(turn, piece)
        case Named():
            named(turn, piece)
        case Word():
            WORDS[piece.word](turn, focus)
        case PhotoMove():
            move_photo(turn, piece)
        case Bare():
            _bare(turn, piece, focus)


def _bare(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    at = focus.get("at")
    if at == "menu":
        MENUS[str(focus["name"])](turn, piece, focus)
    elif at == "early":
        early_proof(turn, piece, focus)
    elif letters_of(piece.parts[0]):
        letters_alone(turn, piece)
    else:
        uncoded(turn, piece, focus)
        if focus.get("then") == "sign" and str(focus.get("key", "")) in turn.echo:
            sign(turn)


def begin(visit: Visit, rules: Rules, speaker: Speaker, now: datetime, *, period_from: date | None) -> Reply:
    """The first message of a visit: started, which period, and the first section."""
    walk = Walk(visit, rules, speaker.language)
    period = show_day(period_from or date(visit.on.year, 1, 1), speaker.language)
    started = walk.say("started", moment=when(speaker.language, now.astimezone(LOCAL)), period=period)
    prompt = next_prompt(walk)
    return Reply(f"{started}\n{prompt.text}", prompt.choices, prompt.focus, prompt.photo)


def resume(visit: Visit, rules: Rules, speaker: Speaker, now: datetime) -> Reply:
    """Where this visit stands, and what comes next."""
    walk = Walk(visit, rules, speaker.language)
    if not visit.open_to_answers:
        return Reply(
            walk.say("already_signed" if visit.status is Status.SIGNED else "already_closed", unit=visit.unit_name)
        )
    turn = Turn(visit, rules, speaker, now, Heard(""))
    last = ([None, *sorted(visit.answers, key=lambda k: visit.answers[k].at)])[-1]
    line = walk.say("resumed", unit=visit.unit_name, done=walk.done(), total=walk.total)
    if last is not None:
        line += " " + walk.say("resumed_last", key=shown_key(walk, last), value=echo_of(walk, last))
    photos = list(dict.fromkeys(walk.debts().photos))
    if photos:
        line += " " + walk.say("resumed_photos", codes=", ".join(shown_key(walk, key) for key in photos))
    if visit.status is Status.AWAITING_SIGNATURE:
        total = walk.result()
        line += " " + walk.say(
            "provisional",
            score=show_score(total.score, walk.language),
            grade=grade_words(walk, total.grade),
            failed=walk.failed_words(),
        )
    turn.lines.append(line)
    if visit.tray():
        turn.prompt = tray_prompt(walk)
    reply = finish(turn).reply
    assert reply is not None  # noqa: S101  a step that is not quiet always replies
    return reply
