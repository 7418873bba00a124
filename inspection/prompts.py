"""What is asked next: the one place that decides it, from the visit alone.

A prompt can be built again at any moment, so a lost message or a restart costs nothing. `next_prompt` never
changes the visit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from inspection.checklist import SYSTEM, Checklist, Item, Text
from inspection.expressions import Functions
from inspection.figures import show_day
from inspection.messages import Choice, Reply
from inspection.phrases import say
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import is_na
from inspection.questions.doc_ref import missing
from inspection.scoring import Outcome, Result, check, default_value, fill, finding_sentence, judge, result
from inspection.visit import Status, Visit

GUIDED, EACH = "guided", "each"


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


class Walk:
    """A visit seen through its checklist, with every verdict computed once."""

    def __init__(self, visit: Visit, rules: Rules, language: str) -> None:
        self.visit = visit
        self.rules = rules
        self.checklist = checklist = rules.checklist
        self.language = language
        self.facts = visit.facts(rules.functions)
        self.outcomes: Mapping[str, Outcome] = judge(checklist, self.facts)
        self.keys = visit.keys(checklist)
        codes = list(dict.fromkeys(key.partition(".")[0] for key in self.keys))
        self.places = {code: n for n, code in enumerate(codes, start=1)}
        self.total = len(codes)
        self.at = 0 if language == "vi" else 1  # which half of a Text is read

    def item(self, key: str) -> Item:
        """The item a key belongs to."""
        return self.checklist.items[key.partition(".")[0]]

    def is_open(self, key: str) -> bool:
        """Whether a key still waits for an answer on the walk."""
        return self.outcomes[key].status == "open" and self.item(key).asked_at == "walk"

    def steps(self) -> list[tuple[str, ...]]:
        """The keys in the order of the walk, one group per section, each earlier finding for itself."""
        groups: list[tuple[str, ...]] = []
        for codes in self.checklist.walk:
            keys = [key for code in codes for key in self.visit.keys_of(self.checklist.items[code])]
            if keys and self.item(keys[0]).repeats:
                groups.extend((key,) for key in keys)
            elif keys:
                groups.append(tuple(keys))
        return groups

    def done(self) -> int:
        """How many items are answered (or need no answer)."""
        waiting = {key.partition(".")[0] for key in self.keys if self.outcomes[key].status == "open"}
        return self.total - len(waiting)

    def place(self, keys: Sequence[str]) -> str:
        """ "10-13", or "39" for one."""
        places = sorted({self.places[key.partition(".")[0]] for key in keys})
        return str(places[0]) if len(places) == 1 else f"{places[0]}-{places[-1]}"

    def say(self, name: str, /, **values: object) -> str:
        """A sentence in the reader's language."""
        return say(self.language, name, **values)

    def failed(self) -> list[str]:
        """The keys that were not met."""
        return [key for key in self.keys if self.outcomes[key].status == "not_met"]

    def result(self) -> Result:
        """What the visit amounts to so far."""
        return result(self.checklist, self.outcomes)

    def remedied(self) -> list[str]:
        """The numbers of earlier findings seen to be remedied."""
        met = [key for key in self.keys if self.item(key).repeats and self.outcomes[key].status == "met"]
        return [prior.number for key in met if (prior := self.visit.prior(key)) is not None]

    def photos_due(self, key: str) -> int:
        """How many photos a key still owes (0 once a reason for their absence is given)."""
        item, outcome = self.item(key), self.outcomes[key]
        rule = photo_rule(self, key)
        due = (
            rule == "always"
            or (rule == "on_fail" and outcome.status == "not_met")
            or (rule == "on_pass" and outcome.status == "met")
        ) and outcome.status in ("met", "not_met")
        if not due or key in self.visit.excuses:
            return 0
        return max(0, max(1, item.photo_min) - len(self.visit.photos_of(key)))

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
            if self.outcomes[key].status == "not_met":
                if lettered(item) and not answer.letters:
                    reasons.append(key)
                elif item.note_on_fail and not answer.note:
                    notes.append(key)
            if item.answer_type == "doc_ref" and missing(item, answer.value):
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


def lettered(item: Item) -> bool:
    """Whether a failure of this item is explained by a letter."""
    return bool(item.reasons)


def next_prompt(walk: Walk) -> Reply:
    """The next thing this visit needs from the person who walks it."""
    visit = walk.visit
    if visit.status is Status.AWAITING_SIGNATURE:
        return finished_prompt(walk)
    for skipped_turn in (False, True):
        for group in walk.steps():
            keys = tuple(k for k in group if walk.is_open(k) and (k in visit.skipped) is skipped_turn)
            if keys:
                return _ask(walk, group, keys, again=skipped_turn)
    debts = walk.debts()
    return owed_prompt(walk, debts) if debts else ready_prompt(walk)


def _ask(walk: Walk, group: tuple[str, ...], keys: tuple[str, ...], *, again: bool) -> Reply:
    head = walk.say("skipped_head") if again else ""
    if walk.item(keys[0]).repeats:
        return _with_head(head, item_prompt(walk, keys[0]))
    if walk.visit.guided == EACH:
        return _with_head(head, item_prompt(walk, keys[0]))
    if walk.visit.guided == GUIDED:
        typed = [key for key in keys if not takes_met(walk, key)]
        if typed:
            return _with_head(head, item_prompt(walk, typed[0]))
        return _with_head(head, _section_prompt(walk, keys, rest=True))
    return _with_head(head, _section_prompt(walk, keys, rest=len(keys) < len(_asked(walk, group))))


def _asked(walk: Walk, group: tuple[str, ...]) -> list[str]:
    """Those of a group that are ever asked on the walk."""
    return [k for k in group if walk.item(k).asked_at == "walk" and walk.outcomes[k].status not in ("hidden", "absent")]


def _with_head(head: str, reply: Reply) -> Reply:
    return Reply(head + reply.text, reply.choices, reply.focus, reply.photo)


# --- a section ------------------------------------------------------------------------------------------------------


def _section_prompt(walk: Walk, keys: tuple[str, ...], *, rest: bool) -> Reply:
    section = walk.checklist.sections[keys[0][0]]
    title = section.short[walk.at]
    if rest and walk.visit.guided == "":
        head = walk.say(
            "still_open", place=walk.place(keys), total=walk.total, section=section.code, codes=", ".join(keys)
        )
        lines = [head]
    elif rest:
        lines = [walk.say("rest_of_section", place=walk.place(keys), total=walk.total, section=section.code)]
        lines += [_label(walk, key) for key in keys]
    else:
        head = walk.say("section_head", place=walk.place(keys), total=walk.total, section=section.code, title=title)
        lines = [head + _photo_hint(walk, keys)]
        lines += [_label(walk, key) for key in keys]
    lines.append(_example_line(walk, keys, rest=rest))
    easy = [key for key in keys if takes_met(walk, key)]
    choices = []
    if len(easy) == len(keys):
        choices.append(Choice(walk.say("all_met"), "đạt hết"))
    choices.append(Choice(walk.say("one_by_one"), "từng nội dung"))
    choices.append(Choice(walk.say("skip_section"), "bỏ qua"))
    return Reply("\n".join(lines), tuple(choices), {"at": "section", "keys": list(keys)})


def _photo_hint(walk: Walk, keys: Sequence[str]) -> str:
    if all(walk.item(k).photo_rule in ("forbidden", "on_fail") for k in keys) and any(
        walk.item(k).photo_rule == "forbidden" for k in keys
    ):
        return walk.say("no_photos_of_citizens")
    always = [k for k in keys if walk.item(k).photo_rule == "always" and not walk.visit.photos_of(k)]
    return walk.say("photos_in_section", codes=", ".join(always)) if always else ""


def _label(walk: Walk, key: str) -> str:
    return f"{key} {_filled(walk, key, walk.item(key).short)}"


def _filled(walk: Walk, key: str, text: Text) -> str:
    return fill(walk.checklist, walk.facts, key, text)[walk.at]


def _example_line(walk: Walk, keys: Sequence[str], *, rest: bool) -> str:
    typed = [f"{key} {walk.item(key).example}" for key in keys if not takes_met(walk, key)]
    easy = [key for key in keys if takes_met(walk, key)]
    if not typed and not rest:
        sample = next((k for k in keys if walk.item(k).answer_type == "pass_fail_na"), keys[0])
        typed = [
            f"{sample} không đạt"
            if walk.item(sample).answer_type == "pass_fail_na"
            else f"{sample} {walk.item(sample).example}"
        ]
    elif not typed:
        typed = [
            f"{keys[0]} {'không đạt' if walk.item(keys[0]).answer_type == 'pass_fail_na' else walk.item(keys[0]).example}"
        ]
    words = ", ".join(typed + ([walk.say("rest_met")] if easy else []))
    line = walk.say("example", example=words)
    stores = _stores(walk, easy)
    if stores:
        name = "all_met_stores" if len(easy) == len(keys) else "rest_met_stores"
        line += "   " + walk.say(name, values=stores)
    return line


def _stores(walk: Walk, easy: Sequence[str]) -> str:
    """What "đạt" stores beyond the word itself, printed beforehand; empty where it is only the word."""
    if all(walk.item(k).answer_type == "pass_fail_na" for k in easy):
        return ""
    return ", ".join(f"{key} {_stored_by_met(walk, key)}" for key in easy)


def _stored_by_met(walk: Walk, key: str) -> str:
    value = met_value(walk, key)
    if value is None:
        return walk.checklist.items[key.partition(".")[0]].default_words[walk.at]
    item = walk.item(key)
    return QUESTION_TYPES[item.answer_type].show(item, value, walk.language)


def derived_from(checklist: Checklist, code: str) -> tuple[str, ...]:
    """The items the system works out from an answer to `code` (A02 from A01): stored with it, not asked."""
    return tuple(
        item.code
        for item in checklist.items.values()
        if item.system
        and any(
            f"{code}." in name for e in (item.default or {}).values() for name in e.names if not name.startswith(SYSTEM)
        )
    )


def takes_met(walk: Walk, key: str) -> bool:
    """Whether "đạt" says everything about a key: now, or once the items before it are answered."""
    item = walk.item(key)
    return (
        (item.answer_type == "pass_fail_na" and not item.repeats)
        or item.default is not None
        or met_value(walk, key) is not None
    )


def met_value(walk: Walk, key: str) -> Mapping[str, Any] | None:
    """What "đạt" stores for a key; None when the checklist and the system do not know it (yet)."""
    item = walk.item(key)
    if key in walk.visit.known:
        return walk.visit.known[key]
    if item.answer_type == "pass_fail_na":
        return None if item.repeats else {"ket_qua": "dat"}
    return default_value(walk.checklist, walk.facts, key)


# --- one item -------------------------------------------------------------------------------------------------------


def item_prompt(walk: Walk, key: str, *, then: str = "") -> Reply:
    """Ask one item alone: numbered choices, or figures, never both."""
    item, prior = walk.item(key), walk.visit.prior(key)
    place, at = walk.place([key]), walk.at
    photo = ""
    if prior is not None:
        n = int(key.partition(".")[2])
        due = walk.say("finding_due", day=show_day(prior.due)) if prior.due else "."
        lines = [walk.say("finding_head", place=place, total=walk.total, code=item.code, n=n, of=len(walk.visit.priors),
                          number=prior.number, sentence=prior.sentence.rstrip("."), due=due)]  # fmt: skip
        photo = prior.photo
        if photo:
            lines[0] += " " + walk.say("old_photo_above")
        lines.append(walk.say("finding_photo" if photo_rule(walk, key) == "always" else "finding_no_photo"))
    else:
        lines = [
            walk.say("item_head", place=place, total=walk.total, code=key, question=_filled(walk, key, item.question))
        ]
        if item.photo_rule == "forbidden" and item.photo_subject[at]:
            lines.append(item.photo_subject[at])
        elif item.photo_rule == "always":
            lines[0] += walk.say("photos_in_section", codes=item.photo_subject[at].rstrip(".") or key)
    answer = walk.visit.answers.get(key)
    if answer is not None:
        lines.append(walk.say("correcting", value=echo_of(walk, key)))
    numbered = QUESTION_TYPES[item.answer_type].choices(item, walk.language)
    if numbered:
        lines.append("   ".join(f"{n}. {label}" for n, (label, _) in enumerate(numbered, start=1)))
        lines.append(walk.say("example", example="1"))
    else:
        lines.append(walk.say("example", example=item.example))
    choices = tuple(Choice(f"{n}. {label}", value) for n, (label, value) in enumerate(numbered, start=1))
    if not then and answer is None:
        choices += (Choice(walk.say("skip"), "bỏ qua"),)
    focus: dict[str, Any] = {"at": "item", "key": key}
    if then:
        focus["then"] = then
    return Reply("\n".join(lines), choices, focus, photo)


def echo_of(walk: Walk, key: str) -> str:
    """An answer with its verdict, as it is echoed: "02 người, KHÔNG ĐẠT"."""
    item, answer, outcome = walk.item(key), walk.visit.answers[key], walk.outcomes[key]
    kind = QUESTION_TYPES[item.answer_type]
    shown = kind.show(item, answer.value, walk.language)
    if is_na(answer.value):
        return shown
    verdict = {"met": "met", "not_met": "not_met", "na": "na"}.get(outcome.status, "")
    words = walk.say(verdict) if verdict else ""
    if item.answer_type == "pass_fail_na" and not item.repeats:
        return words or shown
    if item.repeats:
        return shown
    return f"{shown}, {words}" if words else shown


# --- what is owed, ready, finished ------------------------------------------------------------------------------------


def reason_question(walk: Walk, key: str) -> str:
    """ "C02 là: a) đi muộn   b) về sớm. Gõ kèm câu sau, ví dụ: C02 a"."""
    at = walk.at
    reasons = walk.item(key).reasons
    listed = "   ".join(f"{r.letter}) {r.label[at]}" for r in reasons)
    return walk.say("which_reason", code=key, reasons=listed, letter=reasons[0].letter)


def note_question(walk: Walk, key: str) -> str:
    """The request for a short note on a failure that has no lettered reasons."""
    return walk.say("note_needed", code=key, example=walk.say("note_example"))


def paper_question(walk: Walk, key: str) -> str:
    """The request for the part of a reference that was left out."""
    item, value = walk.item(key), walk.visit.answers[key].value
    name = "fit_needed" if missing(item, value) == "fit" else "date_needed"
    return walk.say(name, code=key, document=value["so_ky_hieu"], example=item.example)


def owed_prompt(walk: Walk, debts: Debts) -> Reply:
    """Everything is answered, but not everything is proved or explained."""
    lines = [walk.say("all_answered", done=walk.done(), total=walk.total)]
    lines += [walk.say("again", sentence=s, code=k, example=walk.item(k).example) for k, s in debts.clashes]
    lines += [reason_question(walk, key) for key in debts.reasons]
    lines += [note_question(walk, key) for key in debts.notes]
    lines += [paper_question(walk, key) for key in debts.papers]
    if debts.photos:
        lines.append(walk.say("owed_photos", count=f"{len(debts.photos):02d}", codes=", ".join(debts.photos)))
        lines.append(walk.say("owed_excuse", code=debts.photos[-1]))
    if debts.awaited:
        lines.append(walk.say("owed_awaited", count=f"{debts.awaited:02d}"))
    keys = [*[k for k, _ in debts.clashes], *debts.reasons, *debts.notes, *debts.papers, *debts.photos]
    return Reply("\n".join(lines), (), {"at": "owed", "keys": keys, "awaited": debts.awaited})


def failed_words(walk: Walk) -> str:
    """ "05 nội dung chưa đạt: A05, B03, …"."""
    failed = walk.failed()
    if not failed:
        return walk.say("none_failed")
    return walk.say("failed_codes", count=f"{len(failed):02d}", codes=", ".join(failed))


def grade_words(walk: Walk, grade: str | None) -> str:
    """The class in words."""
    return walk.say(f"grade_{grade}") if grade else "…"


def ready_prompt(walk: Walk) -> Reply:
    """All is there: finish, or look again."""
    total = walk.result()
    photos = sum(1 for p in walk.visit.photos if p.key)
    lines = [
        walk.say("complete", done=walk.done(), total=walk.total, photos=f"{photos:02d}"),
        walk.say(
            "provisional",
            score=show_score(total.score),
            grade=grade_words(walk, total.grade),
            failed=failed_words(walk),
        ),
        f"{walk.say('finish')}   {walk.say('look_again')}",
    ]
    choices = (Choice(walk.say("finish"), "1"), Choice(walk.say("look_again"), "2"))
    return Reply("\n".join(lines), choices, {"at": "menu", "name": "ready", "count": 2})


def show_score(score: Decimal | None) -> str:
    """ "89,3"; "…" while nothing is judged."""
    return "…" if score is None else f"{score:.1f}".replace(".", ",")


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
        lines.append(walk.say(name, code=key, sentence=shown.rstrip("."), days=f"{item.remedy_working_days:02d}"))
    return lines


def finished_prompt(walk: Walk) -> Reply:
    """Finished and still correctable: sign, or look again."""
    lines = [walk.say("read_to_unit"), f"{walk.say('sign')}   {walk.say('look_again')}"]
    choices = (Choice(walk.say("sign"), "1"), Choice(walk.say("look_again"), "2"))
    return Reply("\n".join(lines), choices, {"at": "menu", "name": "finished", "count": 2})


# --- what a signature makes -------------------------------------------------------------------------------------------


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
