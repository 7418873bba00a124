"""The findings of a visit: as they are shown before the signature, and as the signature records them."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.figures import show_two
from inspection.scoring import finding_sentence
from inspection.walk import Walk, shown_key


def findings_lines(walk: Walk) -> list[str]:
    """The findings as the minutes will say them, each with its period."""
    lines = []
    for key in walk.failed():
        item, answer = walk.item(key), walk.visit.answers.get(key)
        if answer is None:
            continue
        sentence = finding_sentence(walk.checklist, walk.facts, key, answer.letters)
        name = "finding_line" if item.remedy_working_days else "finding_line_lesson"
        shown = sentence[walk.at]
        earlier = walk.visit.earlier.get(item.code, "")
        again = walk.say("finding_again", number=earlier) if earlier and not item.repeats else ""
        lines.append(
            walk.say(
                name,
                code=shown_key(walk, key),
                sentence=shown.rstrip("."),
                days=show_two(item.remedy_working_days, walk.language),
            )
            + again
        )
    return lines


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as a signature records it. `photo` is the SHA-256 of the first photo of its item."""

    key: str
    code: str
    sentence: str
    remedy_days: int
    photo: str


def findings_of(walk: Walk) -> list[Found]:
    """The failed items as findings; an earlier finding that is still open stays the old one, it is not made again."""
    found = []
    for key in walk.failed():
        item, answer = walk.item(key), walk.visit.answers.get(key)
        if answer is None or item.repeats:
            continue
        sentence = finding_sentence(walk.checklist, walk.facts, key, answer.letters).vi
        photo = next((p.sha256 for p in walk.visit.photos_of(key)), "")
        found.append(Found(key, item.code, sentence, item.remedy_working_days, photo))
    return found
