"""What is asked next: the one place that decides it, from the visit alone.

A prompt can be built again at any moment, so a lost message or a restart costs nothing. `next_prompt` never
changes the visit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inspection.checklist import Item, Text
from inspection.figures import show_day, show_two
from inspection.messages import Choice, Reply
from inspection.met import met_value, takes_met
from inspection.questions import QUESTION_TYPES
from inspection.questions.doc_ref import by_photo, missing
from inspection.scoring import fill
from inspection.shown import show_score
from inspection.visit import PHOTO, PriorFinding, Status
from inspection.walk import Debts, citizens_about, echo_of, grade_words, photo_rule, shown_key
from inspection.walk import Rules as Rules  # re-exported
from inspection.walk import Walk as Walk

GUIDED, EACH, PAIRS = "guided", "each", "pairs"
PAIR_FITS = 1300  # characters of a prompt, which leave room for what it acknowledges in a message of 2,000


def next_prompt(walk: Walk) -> Reply:
    """The next thing this visit needs from the person who walks it."""
    visit = walk.visit
    if visit.status is Status.AWAITING_SIGNATURE:
        return finished_prompt(walk)
    for skipped_turn in (False, True):
        for group, keys in _asking(walk, skipped_turn):
            prompt = _ask(walk, group, keys, again=skipped_turn)
            return prompt if len(prompt.text) <= PAIR_FITS else _ask_one_section(walk, group, keys, again=skipped_turn)
    debts = walk.debts()
    return owed_prompt(walk, debts) if debts else ready_prompt(walk)


def _asking(walk: Walk, skipped_turn: bool) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The groups that are asked together, in the order of the walk, each with those of its keys that wait."""
    groups = list(walk.steps())
    while groups:
        group = groups.pop(0)
        keys = _waiting(walk, group, skipped_turn)
        if groups and walk.visit.guided == PAIRS:
            following = _waiting(walk, groups[0], skipped_turn)
            if _alike(walk, (group, keys), (groups[0], following)):
                group, keys = (*group, *groups.pop(0)), (*keys, *following)
        if keys:
            yield group, keys


def _alike(walk: Walk, *parts: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    """Whether two sections are asked in one: both untouched, or both begun. An earlier finding is asked for itself."""
    if any(not keys or walk.item(keys[0]).repeats for _, keys in parts):
        return False
    return len({len(keys) < len(_asked(walk, group)) for group, keys in parts}) == 1


def _waiting(walk: Walk, group: tuple[str, ...], skipped_turn: bool) -> tuple[str, ...]:
    return tuple(k for k in group if walk.is_open(k) and (k in walk.visit.skipped) is skipped_turn)


def _ask_one_section(walk: Walk, group: tuple[str, ...], keys: tuple[str, ...], *, again: bool) -> Reply:
    """The first section alone, where two would be too long for a message."""
    code = walk.item(keys[0]).section
    first = tuple(k for k in keys if walk.item(k).section == code)
    return _ask(walk, tuple(k for k in group if walk.item(k).section == code), first, again=again)


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
    return _with_head(head, _section_prompt(walk, keys, rest=len(keys) < len(_asked(walk, group))))


def _asked(walk: Walk, group: tuple[str, ...]) -> list[str]:
    """Those of a group that are ever asked on the walk."""
    return [k for k in group if walk.item(k).asked_at == "walk" and walk.status(k) not in ("hidden", "absent")]


def _with_head(head: str, reply: Reply) -> Reply:
    return Reply(head + reply.text, reply.choices, reply.focus, reply.photo)


def _section_prompt(walk: Walk, keys: tuple[str, ...], *, rest: bool) -> Reply:
    sections = dict.fromkeys(walk.item(key).section for key in keys)
    place = {"place": walk.place(keys), "total": walk.total, "section": ", ".join(sections)}
    if rest and walk.visit.guided in ("", PAIRS):
        lines = [walk.say("still_open", codes=", ".join(keys), **place)]
    elif rest:
        lines = [walk.say("rest_of_section", **place)]
        lines += [_label(walk, key) for key in keys]
    else:
        lines = [_section_head(walk, keys, place)]
        lines += [_label(walk, key) for key in keys]
    lines.append(_example_line(walk, keys, rest=rest))
    easy = [key for key in keys if takes_met(walk, key)]
    choices = []
    if len(easy) == len(keys):
        choices.append(Choice(walk.say("all_met"), walk.say("all_met").lower()))
    choices.append(Choice(walk.say("one_by_one"), walk.say("one_by_one").lower()))
    choices.append(Choice(walk.say("skip_section"), walk.say("skip").lower()))
    return Reply("\n".join(lines), tuple(choices), {"at": "section", "keys": list(keys)})


def _section_head(walk: Walk, keys: tuple[str, ...], place: Mapping[str, Any]) -> str:
    """The section's name, or the letters of two; what is to be photographed in them."""
    codes = dict.fromkeys(walk.item(key).section for key in keys)
    hints = dict.fromkeys(_photo_hint(walk, [key for key in keys if walk.item(key).section == code]) for code in codes)
    if len(codes) > 1:
        return walk.say("sections_head", **place) + "".join(hints)
    title = walk.checklist.sections[walk.item(keys[0]).section].short[walk.at]
    return walk.say("section_head", title=title, **place) + "".join(hints)


def _photo_hint(walk: Walk, keys: Sequence[str]) -> str:
    if citizens_about(walk, keys):
        return walk.say("no_photos_of_citizens")
    always = [k for k in keys if walk.item(k).photo_rule == "always" and not walk.proofs(k)]
    return walk.say("photos_in_section", codes=", ".join(always)) if always else ""


def _label(walk: Walk, key: str) -> str:
    return f"{key} {label_words(walk, key)}"


def label_words(walk: Walk, key: str) -> str:
    """An item's short label; a remark in brackets whose figures are not known is left out."""
    return re.sub(r" \([^()]*…[^()]*\)", "", _filled(walk, key, walk.item(key).short))


def _filled(walk: Walk, key: str, text: Text) -> str:
    return fill(walk.checklist, walk.facts, key, text)[walk.at]


def _example_line(walk: Walk, keys: Sequence[str], *, rest: bool) -> str:
    easy = [key for key in keys if takes_met(walk, key)]
    typed = [f"{key} {walk.item(key).example}" for key in keys if key not in easy]
    if not typed:
        typed = [_deviation(walk, keys, rest=rest)]
    line = walk.say("example", example=", ".join(typed + ([walk.say("rest_met")] if easy else [])))
    stores = _stores(walk, easy)
    if stores:
        name = "all_met_stores" if len(easy) == len(keys) else "rest_met_stores"
        line += "   " + walk.say(name, values=stores)
    return line


def _deviation(walk: Walk, keys: Sequence[str], *, rest: bool) -> str:
    """Where all could be met, the example is what is not."""
    verdicts = [k for k in keys if walk.item(k).answer_type == "pass_fail_na"]
    sample = keys[0] if rest or not verdicts else verdicts[0]
    return f"{sample} không đạt" if sample in verdicts else f"{sample} {walk.item(sample).example}"


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


def item_prompt(walk: Walk, key: str, *, then: str = "") -> Reply:
    """Ask one item alone: numbered choices, or figures, never both."""
    item, prior, answer = walk.item(key), walk.visit.prior(key), walk.visit.answers.get(key)
    lines = _question_lines(walk, key) if prior is None else _finding_lines(walk, key, prior)
    if answer is not None:
        lines.append(walk.say("correcting", value=echo_of(walk, key)))
    numbered = QUESTION_TYPES[item.answer_type].choices(item, walk.language)
    if numbered:
        lines.append("   ".join(f"{n}. {label}" for n, (label, _) in enumerate(numbered, start=1)))
    lines.append(walk.say("example", example="1" if numbered else item.example))
    choices = tuple(Choice(f"{n}. {label}", value) for n, (label, value) in enumerate(numbered, start=1))
    if not then and answer is None:
        choices += (Choice(walk.say("skip"), walk.say("skip").lower()),)
    focus: dict[str, Any] = {"at": "item", "key": key} | ({"then": then} if then else {})
    return Reply("\n".join(lines), choices, focus, "" if prior is None else prior.photo)


def _question_lines(walk: Walk, key: str) -> list[str]:
    item, place = walk.item(key), walk.place([key])
    question = _filled(walk, key, item.question)
    lines = [walk.say("item_head", place=place, total=walk.total, code=key, question=question)]
    subject = item.photo_subject[walk.at]
    if item.photo_rule == "forbidden" and subject:
        lines.append(subject)
    elif item.photo_rule == "always" and not walk.proofs(key):
        lines[0] += walk.say("photos_in_section", codes=subject.rstrip(".") or key)
    return lines


def _finding_lines(walk: Walk, key: str, prior: PriorFinding) -> list[str]:
    due = walk.say("finding_due", day=show_day(prior.due, walk.language)) if prior.due else "."
    head = walk.say(
        "finding_head",
        place=walk.place([key]),
        total=walk.total,
        code=key.partition(".")[0],
        n=int(key.partition(".")[2]),
        of=len(walk.visit.priors),
        number=prior.number,
        sentence=lower_first(prior.sentence.rstrip(".")),
        due=due,
    )
    if prior.photo:
        head += " " + walk.say("old_photo_above")
    return [head, walk.say("finding_photo" if photo_rule(walk, key) == "always" else "finding_no_photo")]


def lower_first(sentence: str) -> str:
    """A sentence inside another; names and abbreviations keep their capitals."""
    first, second = sentence[:1], sentence[1:2]
    return first.lower() + sentence[1:] if second and not second.isupper() else sentence


def reason_question(walk: Walk, key: str) -> str:
    """ "C02 là: a) đi muộn   b) về sớm. Gõ kèm câu sau, ví dụ: C02 a"."""
    at = walk.at
    reasons = walk.item(key).reasons
    listed = "   ".join(f"{r.letter}) {r.label[at]}" for r in reasons)
    return walk.say("which_reason", code=shown_key(walk, key), reasons=listed, letter=reasons[0].letter)


def note_question(walk: Walk, key: str) -> str:
    """The request for a short note on a failure that has no lettered reasons."""
    return walk.say("note_needed", code=shown_key(walk, key), example=walk.say("note_example"))


def paper_question(walk: Walk, key: str) -> str:
    """The request for the part of a reference that was left out."""
    item, value = walk.item(key), walk.visit.answers[key].value
    left_out = missing(item, value)
    if left_out == "number":
        return walk.say("number_later", code=key)
    name = "fit_needed" if left_out == "fit" else "date_needed"
    document = "" if by_photo(value) else f" {value['so_ky_hieu']}"
    return walk.say(name, code=key, document=document, example=_paper_example(item, left_out))


def _paper_example(item: Item, left_out: str | None) -> str:
    """Only what is missing needs to be typed."""
    if left_out == "fit":
        return "phù hợp"
    found = re.search(r"\d{1,2}/\d{1,2}/\d{4}", item.example)
    return found[0] if found else item.example


def number_question(walk: Walk, key: str) -> str:
    """The request for number and date of a paper of which there is only a photo."""
    return walk.say("number_needed", code=key, example=walk.item(key).example)


def owed_prompt(walk: Walk, debts: Debts) -> Reply:
    """Everything is answered, but not everything is proved or explained."""
    lines = [walk.say("all_answered", done=walk.done(), total=walk.total, left=walk.at_signing())]
    lines += [walk.say("again", sentence=s, code=k, example=walk.item(k).example) for k, s in debts.clashes]
    lines += [reason_question(walk, key) for key in debts.reasons]
    lines += [note_question(walk, key) for key in debts.notes]
    lines += [paper_question(walk, key) for key in debts.papers]
    if debts.photos:
        codes = [shown_key(walk, key) for key in debts.photos]
        lines.append(walk.say("owed_photos", count=show_two(len(codes), walk.language), codes=", ".join(codes)))
        lines.append(walk.say("owed_excuse", code=codes[-1]))
    if debts.awaited:
        kinds = {photo.kind for photo in walk.visit.awaited()}
        name = "owed_awaited" if kinds == {PHOTO} else "owed_awaited_files"
        lines.append(walk.say(name, count=show_two(debts.awaited, walk.language)))
    keys = [*[k for k, _ in debts.clashes], *debts.reasons, *debts.notes, *debts.papers, *debts.photos]
    return Reply("\n".join(lines), _owed_choices(walk, debts), {"at": "owed", "keys": keys, "awaited": debts.awaited})


def _owed_choices(walk: Walk, debts: Debts) -> tuple[Choice, ...]:
    """The list to tap: a reason is given by its letter, everything else opens its item."""
    taps = [f"{shown_key(walk, key)} {reason.letter}" for key in debts.reasons for reason in walk.item(key).reasons]
    others = [*(key for key, _ in debts.clashes), *debts.notes, *debts.papers, *debts.photos]
    taps += dict.fromkeys(shown_key(walk, key) for key in others)
    return tuple(Choice(words, words) for words in taps)


def ready_prompt(walk: Walk) -> Reply:
    """All is there: finish, or look again."""
    total = walk.result()
    photos = sum(1 for p in walk.visit.photos if p.key and p.kind == PHOTO)
    files = sum(1 for p in walk.visit.photos if p.key and p.kind != PHOTO)
    lines = [
        walk.say(
            "complete",
            done=walk.done(),
            total=walk.total,
            left=walk.at_signing(),
            photos=show_two(photos, walk.language),
            files=walk.say("complete_files", count=show_two(files, walk.language)) if files else "",
        ),
        walk.say(
            "provisional",
            score=show_score(total.score, walk.language),
            grade=grade_words(walk, total.grade),
            failed=walk.failed_words(),
        ),
        f"{walk.say('finish')}   {walk.say('look_again')}",
    ]
    choices = (Choice(walk.say("finish"), "1"), Choice(walk.say("look_again"), "2"))
    return Reply("\n".join(lines), choices, {"at": "menu", "name": "ready", "count": 2})


def finished_prompt(walk: Walk) -> Reply:
    """Finished and still correctable: sign, or look again."""
    lines = [walk.say("read_to_unit"), f"{walk.say('sign')}   {walk.say('look_again')}"]
    choices = (Choice(walk.say("sign"), "1"), Choice(walk.say("look_again"), "2"))
    return Reply("\n".join(lines), choices, {"at": "menu", "name": "finished", "count": 2})
