"""Numbered choices that belong to no item: finish, sign, leave, end early, what a photo shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from inspection.closing import cancel, early_reason, menu, sign
from inspection.figures import show_two
from inspection.messages import Reply
from inspection.phrases import say
from inspection.reading import Bare, free_words
from inspection.tray import drop, dropped_words, from_tray, tray_prompt
from inspection.turn import Turn
from inspection.visit import Status
from inspection.walk import Walk
from inspection.words import fold
from inspection.words_said import done, review


def number_of(piece: Bare) -> int:
    text = fold(piece.parts[0]).removeprefix("so ").strip(" .()")
    return int(text) if text.isdigit() and len(text) <= 2 else 0


def _ready_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number = number_of(piece)
    if number == 1:
        done(turn, focus)
    elif number == 2:
        review(turn, focus)
    else:
        turn.say("choose_number")


def _finished_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number = number_of(piece)
    if number == 1:
        sign(turn)
    elif number == 2:
        review(turn, focus)
    else:
        turn.say("choose_number")


def _critical_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number = number_of(piece)
    if number == 1 and turn.speaker.leads:
        turn.visit = replace(turn.visit, confirmed=(*turn.visit.confirmed, *focus["keys"]))
        sign(turn)
    elif number == 2:
        review(turn, focus)
    else:
        turn.say("choose_number")


def _cancel_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number, walk = number_of(piece), turn.walk
    if number == 2:
        turn.prompt = early_menu(walk)
    elif number == 3:
        text = walk.say("cancel_sure", unit=turn.visit.unit_name, done=show_two(len(turn.visit.answers), walk.language))
        turn.prompt = menu(walk, "cancel_sure", text, ("cancel_yes", "cancel_no"))
    elif number != 1:
        cancel(turn, focus)


def _cancel_sure_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    if number_of(piece) == 1:
        turn.visit = turn.visit.move(Status.CANCELLED)
        turn.say("cancelled", unit=turn.visit.unit_name)
        turn.quiet = True
    elif number_of(piece) != 2:
        turn.say("choose_number")


def early_menu(walk: Walk) -> Reply:
    """Why a visit ends early."""
    return menu(walk, "early", walk.say("early_menu"), ("early_1", "early_2", "early_3"))


def _early_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number, walk = number_of(piece), turn.walk
    if number == 3:
        turn.prompt = Reply(walk.say("early_type_reason"), (), {"at": "menu", "name": "early", "count": 0})
        return
    if number and number not in (1, 2):
        turn.say("choose_number")
        turn.prompt = early_menu(walk)
        return
    reason = say("vi", f"early_reason_{number}") if number else free_words(piece.text)
    turn.visit = replace(turn.visit, early_reason=reason)  # the record is Vietnamese, whoever chose it
    turn.prompt = Reply(walk.say("early_photo", reason=early_reason(turn.walk)), (), {"at": "early"})


def _tray_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number, keys = number_of(piece), list(focus["keys"])
    if 1 <= number <= len(keys):
        from_tray(turn, keys[number - 1], photo_id=str(focus["photo"]))
    elif number == len(keys) + 2:
        left_out = next((p for p in turn.visit.photos if p.id == str(focus["photo"])), None)
        drop(turn, str(focus["photo"]))
        turn.say("photo_dropped" if left_out is None else dropped_words(left_out))
    elif number == len(keys) + 1:
        turn.say("type_code")
    else:
        turn.say("choose_number")
    if turn.visit.tray():
        turn.prompt = tray_prompt(turn.walk)


MENUS: dict[str, Callable[[Turn, Bare, Mapping[str, Any]], None]] = {
    "ready": _ready_menu,
    "finished": _finished_menu,
    "critical": _critical_menu,
    "cancel": _cancel_menu,
    "cancel_sure": _cancel_sure_menu,
    "early": _early_menu,
    "tray": _tray_menu,
}
