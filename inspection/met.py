"""What "đạt" stores: only what the checklist, the system or another answer knows; never a document or a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inspection.checklist import SYSTEM, Item
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import MetType
from inspection.scoring import default_value
from inspection.walk import Walk


def takes_met(walk: Walk, key: str) -> bool:
    """Whether "đạt" says everything about a key: now, or once the items asked beside it are answered."""
    item = walk.item(key)
    if item.answer_type == "pass_fail_na":
        return not item.repeats
    if met_value(walk, key) is not None:
        return True
    return item.default is not None and _known_beside(walk, item)


def _known_beside(walk: Walk, item: Item) -> bool:
    """Whether the default would be known if the open items of the same section were answered as their examples."""
    read = {name.partition(".")[0] for e in (item.default or {}).values() for name in e.names if "." in name}
    beside = [walk.checklist.items[code] for code in sorted(read - {SYSTEM}) if code not in walk.visit.answers]
    if not beside or any(other.section != item.section for other in beside):
        return False
    year = walk.visit.on.year
    trial = {other.code: QUESTION_TYPES[other.answer_type].read(other, other.example, year=year) for other in beside}
    answers = {**walk.facts.answers, **{code: v for code, v in trial.items() if not isinstance(v, MetType)}}
    return default_value(walk.checklist, replace(walk.facts, answers=answers), item.code) is not None


def met_value(walk: Walk, key: str) -> Mapping[str, Any] | None:
    """What "đạt" stores for a key; None when the checklist and the system do not know it (yet)."""
    item = walk.item(key)
    if key in walk.visit.known:
        return walk.visit.known[key]
    if item.answer_type == "pass_fail_na":
        return None if item.repeats else {"ket_qua": "dat"}
    return default_value(walk.checklist, walk.facts, key)
