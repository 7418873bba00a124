"""The findings of a visit: as they are shown before the signature, and as the signature records them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from inspection.checklist import Text
from inspection.figures import show_day, show_two
from inspection.scoring import finding_sentence
from inspection.visit import Answer
from inspection.walk import Walk, shown_key


def findings_lines(walk: Walk) -> list[str]:
    """The findings as the minutes will say them, each with its period."""
    lines = []
    repeated = {found.repeat_of for found in findings_of(walk)}
    for key in walk.failed():
        item, answer, prior = walk.item(key), walk.visit.answers.get(key), walk.visit.prior(key)
        if answer is None or (prior is not None and prior.number in repeated):
            continue
        shown = _sentence(walk, key, answer)[walk.at]
        earlier = walk.visit.earlier.get(item.code, "")
        again = walk.say("finding_again", number=earlier) if earlier and not item.repeats else ""
        lines.append(
            walk.say("finding_line", code=shown_key(walk, key), sentence=shown.rstrip("."), period=_period(walk, key))
            + again
        )
    return lines


def _period(walk: Walk, key: str) -> str:
    """By when a finding is to be remedied: from the notice of conclusions, an earlier one by the day it already has."""
    earlier = next((one for one in still_open_of(walk) if one.key == key), None)
    if earlier is not None:
        name = "period_over" if earlier.overdue else "period_given" if earlier.due else "period_to_be_told"
        return walk.say(name, due=show_day(earlier.due, walk.language) if earlier.due else "")
    days = walk.item(key).remedy_working_days
    return walk.say("period_days", days=show_two(days, walk.language)) if days else walk.say("period_lesson")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as a signature records it. `photo` is the SHA-256 of the first photo of its item.

    repeat_of: the number of the earlier finding it repeats, "" for none.
    """

    key: str
    code: str
    sentence: str
    remedy_days: int
    photo: str
    repeat_of: str = ""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """An earlier finding seen not to be remedied, or to have occurred again; due: None before the unit was told."""

    key: str
    sentence: str
    due: date | None
    overdue: bool


def findings_of(walk: Walk) -> list[Found]:
    """The failed items as findings; an earlier finding that is still open stays the old one, it is not made again."""
    found = []
    for key in walk.failed():
        item, answer = walk.item(key), walk.visit.answers.get(key)
        if answer is None or item.repeats:
            continue
        sentence = _sentence(walk, key, answer).vi
        photo = next((p.sha256 for p in walk.visit.photos_of(key)), "")
        repeat_of = walk.visit.earlier.get(item.code, "")
        found.append(Found(key, item.code, sentence, item.remedy_working_days, photo, repeat_of))
    return found


def still_open_of(walk: Walk) -> Iterator[StillOpen]:
    """The earlier findings that were not met; each keeps the day it is due by.

    One whose own item failed again is not told a second time: the new finding names it as the one it repeats.
    """
    repeated = {found.repeat_of for found in findings_of(walk)}
    for key in walk.failed():
        prior, answer = walk.visit.prior(key), walk.visit.answers.get(key)
        if prior is not None and answer is not None and prior.number not in repeated:
            said = _sentence(walk, key, answer).vi.rstrip(".")
            overdue = prior.due is not None and prior.due < walk.visit.on
            yield StillOpen(key, f"{said}: {prior.sentence.rstrip('.')}", prior.due, overdue)


def _sentence(walk: Walk, key: str, answer: Answer) -> Text:
    """The finding in the words of the reason given.

    An earlier finding whose remedy was never reported cannot have been remedied and occur again, whatever reason was
    chosen: it is told in the words of its item, as not remedied.
    """
    prior = walk.visit.prior(key)
    told_anyhow = prior is not None and not prior.remedied and "{ly_do}" not in walk.item(key).finding.vi
    return finding_sentence(walk.checklist, walk.facts, key, () if told_anyhow else answer.letters)
