"""The few words that work at any moment: skip, back, review, done, stop, cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from inspection.closing import cancel, complete, sign
from inspection.prompts import EACH, GUIDED, PAIRS, item_prompt, next_prompt
from inspection.turn import Turn
from inspection.visit import Status
from inspection.walk import echo_of, shown_key, titled


def _skip(turn: Turn, focus: Mapping[str, Any]) -> None:
    keys = [str(focus["key"])] if focus.get("at") == "item" else [str(k) for k in focus.get("keys", ())]
    keys = [key for key in keys if turn.walk.is_open(key)]
    if not keys:
        turn.say("help")
        return
    kept = tuple(k for k in turn.visit.skipped if k not in keys)
    turn.visit = replace(turn.visit, skipped=(*kept, *keys))
    turn.say("skipped", codes=", ".join(shown_key(turn.walk, key) for key in keys))


def _one_by_one(turn: Turn, focus: Mapping[str, Any]) -> None:
    turn.visit = replace(turn.visit, guided=EACH if turn.visit.guided == GUIDED else GUIDED)


def _by_section(turn: Turn, focus: Mapping[str, Any]) -> None:
    turn.visit = replace(turn.visit, guided="")


def _by_pairs(turn: Turn, focus: Mapping[str, Any]) -> None:
    turn.visit = replace(turn.visit, guided=PAIRS)


def _back(turn: Turn, focus: Mapping[str, Any]) -> None:
    order = sorted(turn.visit.answers, key=lambda k: turn.visit.answers[k].at)
    current = str(focus.get("key", ""))
    earlier = order[: order.index(current)] if current in order else order
    if not earlier:
        turn.say("nothing_to_go_back")
        return
    turn.prompt = item_prompt(turn.walk, earlier[-1])


def _repeat(turn: Turn, focus: Mapping[str, Any]) -> None:
    """The prompt stands below every reply anyway."""


def _help(turn: Turn, focus: Mapping[str, Any]) -> None:
    turn.say("help")


def done(turn: Turn, focus: Mapping[str, Any]) -> None:
    prompt = next_prompt(turn.walk)
    if prompt.focus and prompt.focus.get("name") == "ready":
        complete(turn)


def _stop(turn: Turn, focus: Mapping[str, Any]) -> None:
    turn.say("paused", done=turn.walk.done(), total=turn.walk.total, unit=turn.visit.unit_name)
    turn.quiet = True


def review(turn: Turn, focus: Mapping[str, Any]) -> None:
    """Everything answered so far, by section, to be corrected by its code."""
    turn.say("review_head", unit=turn.visit.unit_name)
    for section in turn.checklist.sections.values():
        keys = [k for k in turn.walk.keys if turn.walk.item(k).section == section.code and k in turn.visit.answers]
        if keys:
            turn.lines.append("; ".join(f"{titled(turn.walk, k)} {echo_of(turn.walk, k)}" for k in keys) + ".")
    turn.say("review_tail")


def _sign_word(turn: Turn, focus: Mapping[str, Any]) -> None:
    if turn.visit.status is Status.AWAITING_SIGNATURE:
        sign(turn)


WORDS: dict[str, Callable[[Turn, Mapping[str, Any]], None]] = {
    "skip": _skip,
    "one_by_one": _one_by_one,
    "by_section": _by_section,
    "by_pairs": _by_pairs,
    "back": _back,
    "repeat": _repeat,
    "help": _help,
    "done": done,
    "review": review,
    "sign": _sign_word,
    "cancel": cancel,
    "stop": _stop,
}
