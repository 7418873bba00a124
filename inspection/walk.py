"""A visit seen through its checklist: what is open, done, failed and owed, with every verdict computed once.

A walk is made anew after every change of its visit. What depends on the checklist and the unit alone stands in a
`Shape`, which all walks of the same kind share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from inspection.checklist import Checklist, Item
from inspection.expressions import Functions
from inspection.figures import show_two
from inspection.phrases import say
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import is_na
from inspection.questions.doc_ref import by_photo, missing
from inspection.scoring import Result, Status, Verdicts, check, result
from inspection.typed_words import example_in
from inspection.visit import PDF, PHOTO, Photo, Visit, keys_of_item


@dataclass(frozen=True, slots=True)
class Debts:
    """What keeps a visit from being finished, beside unanswered items."""

    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()  # references without their date
    clashes: tuple[tuple[str, str], ...] = ()  # key, sentence
    photos: tuple[str, ...] = ()
    awaited: int = 0

    def __bool__(self) -> bool:
        return bool(self.reasons or self.notes or self.papers or self.clashes or self.photos or self.awaited)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a visit is judged by: its checklist version, and what the checklist cannot know (the calendar)."""

    checklist: Checklist
    functions: Functions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """What all visits with one checklist have in common, if they agree on what applies to their units."""

    keys: tuple[str, ...]
    depending: Mapping[str, tuple[str, ...]]  # by code: the keys an answer to it can make superfluous
    derived: Mapping[str, tuple[str, ...]]  # by code: the items the system works out from it (A02 from A01)
    groups: tuple[tuple[str, ...], ...]  # the keys in the order of the walk
    items: Mapping[str, Item]  # by key
    places: Mapping[str, int]  # by code


UNASKED = ("na", "hidden", "absent")  # what needs no answer


class _Same:
    """A checklist as a key of a cache: by identity, because comparing two would read them whole."""

    __slots__ = ("checklist",)

    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist

    def __hash__(self) -> int:
        return id(self.checklist)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.checklist is self.checklist


@lru_cache(maxsize=64)
def _shape(same: _Same, one_stop: bool, findings: int) -> Shape:
    """The shape of a visit to a unit with or without a one-stop office and with so many earlier findings."""
    checklist = same.checklist
    keys_of = {item.code: keys_of_item(item, one_stop=one_stop, findings=findings) for item in checklist.items.values()}
    items = {key: checklist.items[code] for code, keys in keys_of.items() for key in keys}
    groups: list[tuple[str, ...]] = []
    for codes in checklist.walk:
        keys = [key for code in codes for key in keys_of[code]]
        if keys and items[keys[0]].repeats:
            groups.extend((key,) for key in keys)
        elif keys:
            groups.append(tuple(keys))
    return Shape(
        keys=tuple(items),
        depending=_by_code(checklist, {key: _conditions(item) for key, item in items.items()}),
        derived=_by_code(checklist, {i.code: _sources(i) for i in checklist.items.values() if i.system}),
        groups=tuple(groups),
        items=items,
        places={code: n for n, code in enumerate((code for code, keys in keys_of.items() if keys), start=1)},
    )


def _conditions(item: Item) -> frozenset[str]:
    """The names that decide whether an item is asked, those behind its derived values included."""
    found: set[str] = set()
    waiting = [name for e in (item.show_if, item.na_if) if e is not None for name in e.names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(item.derive[name].names if name in item.derive else ())
    return frozenset(found)


def _sources(item: Item) -> frozenset[str]:
    """The names that what "đạt" stores is worked out from."""
    return frozenset(name for e in (item.default or {}).values() for name in e.names)


def _by_code(checklist: Checklist, names: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """The keys, by the code of each item whose answer is among their names."""
    return {
        code: found
        for code in checklist.items
        if (found := tuple(key for key, read in names.items() if any(name.startswith(f"{code}.") for name in read)))
    }


class Walk:
    """A visit seen through its checklist, with every verdict computed once."""

    def __init__(self, visit: Visit, rules: Rules, language: str) -> None:
        self.visit = visit
        self.rules = rules
        self.checklist = checklist = rules.checklist
        self.language = language
        self.facts = visit.facts(rules.functions)
        self.outcomes = Verdicts(checklist, self.facts)
        self.shape = _shape(_Same(checklist), visit.one_stop, len(visit.priors))
        self.keys = self.shape.keys
        self.places = self.shape.places
        self.total = len(self.places)
        self.at = 0 if language == "vi" else 1  # which half of a Text is read

    def item(self, key: str) -> Item:
        """The item a key belongs to."""
        return self.shape.items.get(key) or self.checklist.items[key.partition(".")[0]]

    def status(self, key: str) -> Status:
        """What a key amounts to, without its score."""
        return self.outcomes.status(key)

    def is_open(self, key: str) -> bool:
        """Whether a key still waits for an answer on the walk."""
        return self.item(key).asked_at == "walk" and self.status(key) == "open"

    def steps(self) -> tuple[tuple[str, ...], ...]:
        """The keys in the order of the walk, one group per section, each earlier finding for itself."""
        return self.shape.groups

    def done(self) -> int:
        """How many items are answered (or need no answer)."""
        waiting = {key.partition(".")[0] for key in self.keys if self.status(key) == "open"}
        return self.total - len(waiting)

    def settled(self) -> list[str]:
        """The keys answered, and those that need no answer: what a record of the visit tells."""
        return [key for key in self.keys if key in self.visit.answers or self.status(key) in UNASKED]

    def place(self, keys: Sequence[str]) -> str:
        """ "10-13", or "39" for one."""
        places = sorted({self.places[key.partition(".")[0]] for key in keys})
        return str(places[0]) if len(places) == 1 else f"{places[0]}-{places[-1]}"

    def say(self, name: str, /, **values: object) -> str:
        """A sentence in the reader's language; so are the words of an example, which can be typed as they stand."""
        if "example" in values:
            values["example"] = example_in(self.language, str(values["example"]))
        return say(self.language, name, **values)

    def failed(self) -> list[str]:
        """The keys that were not met."""
        return [key for key in self.keys if self.status(key) == "not_met"]

    def failed_words(self) -> str:
        """ "05 nội dung chưa đạt: A05, B03, …"."""
        failed = [shown_key(self, key) for key in self.failed()]
        if not failed:
            return self.say("none_failed")
        return self.say("failed_codes", count=show_two(len(failed), self.language), codes=", ".join(failed))

    def at_signing(self) -> str:
        """ " (I04 ghi khi ký)" while something is asked at the signature only."""
        left = [k for k in self.keys if self.item(k).asked_at == "sign_off" and self.status(k) == "open"]
        return self.say("at_signing", codes=", ".join(left)) if left else ""

    def result(self) -> Result:
        """What the visit amounts to so far."""
        return result(self.checklist, self.outcomes)

    def remedied(self) -> list[str]:
        """The numbers of earlier findings seen to be remedied."""
        met = [key for key in self.keys if self.item(key).repeats and self.status(key) == "met"]
        return [prior.number for key in met if (prior := self.visit.prior(key)) is not None]

    def photos_due(self, key: str) -> int:
        """How many photos a key still owes (0 once a reason for their absence is given)."""
        item, status = self.item(key), self.status(key)
        rule = photo_rule(self, key)
        due = (
            rule == "always"
            or (rule == "on_fail" and status == "not_met")
            or (rule == "on_pass" and status == "met")
            or (key in self.visit.answers and by_photo(self.visit.answers[key].value))
        ) and status in ("met", "not_met")
        if not due or key in self.visit.excuses:
            return 0
        return max(0, max(1, item.photo_min) - len(self.proofs(key)))

    def proofs(self, key: str) -> tuple[Photo, ...]:
        """What counts as a photo of a key: photos, and where a paper is asked for its PDF."""
        pdf = self.item(key).answer_type == "doc_ref"
        return tuple(p for p in self.visit.evidence_of(key) if p.kind == PHOTO or (pdf and p.mime == PDF))

    def debts(self) -> Debts:
        """Everything that is missing although every item is answered."""
        reasons: list[str] = []
        notes: list[str] = []
        papers: list[str] = []
        clashes: list[tuple[str, str]] = []
        photos: list[str] = []
        for key in self.keys:
            answer = self.visit.answers.get(key)
            if answer is None:
                continue
            item = self.item(key)
            if self.status(key) == "not_met":
                if lettered(item) and not answer.letters:
                    reasons.append(key)
                elif item.note_on_fail and not answer.note:
                    notes.append(key)
            if item.answer_type == "doc_ref" and missing(item, answer.value) in ("date", "fit"):
                papers.append(key)
            clashes.extend((key, str(sentence[self.at])) for sentence in check(self.checklist, self.facts, key))
            photos.extend([key] * self.photos_due(key))
        return Debts(
            tuple(reasons), tuple(notes), tuple(papers), tuple(clashes), tuple(photos), len(self.visit.awaited())
        )


def photo_rule(walk: Walk, key: str) -> str:
    """An earlier finding takes the photo rule of the item it came from."""
    item, prior = walk.item(key), walk.visit.prior(key)
    if prior is None:
        return item.photo_rule
    origin = walk.checklist.items.get(prior.item_code)
    if origin is None or origin.photo_rule == "always":
        return "always"
    return "forbidden" if origin.photo_rule == "forbidden" else "optional"


def citizens_about(walk: Walk, keys: Sequence[str]) -> bool:
    """Whether these items are about how citizens are treated: some take no photo, and none wants one of what is met."""
    rules = {photo_rule(walk, key) for key in keys}
    return "forbidden" in rules and rules <= {"forbidden", "on_fail"}


def shown_key(walk: Walk, key: str) -> str:
    """A key as people read and type it: `I03` where there is one earlier finding, `I03.2` where there are several."""
    code, dot, _ = key.partition(".")
    return code if dot and len(walk.visit.priors) == 1 else key


def titled(walk: Walk, key: str) -> str:
    """A key in an echo; an earlier finding with its number: "I03 TT-2025-017:"."""
    prior = walk.visit.prior(key)
    return shown_key(walk, key) if prior is None else f"{shown_key(walk, key)} {prior.number}:"


def lettered(item: Item) -> bool:
    """Whether a failure of this item is explained by a letter."""
    return bool(item.reasons)


def grade_words(walk: Walk, grade: str | None) -> str:
    """The class in words."""
    return walk.say(f"grade_{grade}") if grade else "…"


def echo_of(walk: Walk, key: str) -> str:
    """An answer with its verdict and reason, as it is echoed: "02 người, KHÔNG ĐẠT, đi muộn"."""
    item, answer = walk.item(key), walk.visit.answers[key]
    shown = QUESTION_TYPES[item.answer_type].show(item, answer.value, walk.language)
    if is_na(answer.value):
        return shown
    verdict = _verdict(walk, key)
    if item.repeats:
        words = [shown]
    elif item.answer_type == "pass_fail_na":
        words = [verdict or shown]
    else:
        words = [shown, verdict]
    if walk.status(key) == "not_met":
        words += [reason.label[walk.at] for reason in item.reasons if reason.letter in answer.letters]
    return ", ".join(word for word in words if word)


def unasked_words(walk: Walk, key: str) -> str:
    """Why a key needs no answer; "" where its answer counts, be it that it does not apply."""
    answer, status = walk.visit.answers.get(key), walk.status(key)
    if answer is not None and (status not in UNASKED or is_na(answer.value)):
        return ""
    return walk.say("absent" if status == "absent" else "na")


def _verdict(walk: Walk, key: str) -> str:
    status = walk.status(key)
    return walk.say(status) if status in ("met", "not_met", "na") else ""
