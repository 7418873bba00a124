"""Every figure of a result follows from the answers and the checklist alone, exactly: no floats, nothing stored.

An answer is a mapping of plain values: `{"ket_qua": "dat" | "khong_dat" | "khong_ap_dung"}`; a number
`{"gia_tri": …}`; a count, its fields as ints; a document `{"so_ky_hieu": "" (none exists) or "45/QĐ-UBND",
"ngay_ban_hanh": date | None, "phu_hop": "co" | "khong"}`; a text `{"noi_dung": …}`; any of them
`{"khong_ap_dung": True}`. A key is an item's code, or code and number (`I03.1`) where the item repeats for each
earlier finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from inspection.checklist import SYSTEM, VISIT_NAMES, Check, Checklist, Item, Text
from inspection.expressions import Functions, Lookup, Value
from inspection.figures import show_day, show_document, show_number, show_two

AnswerValue: TypeAlias = Mapping[str, Any]
Status: TypeAlias = Literal["open", "met", "not_met", "na", "info", "hidden", "absent"]

# Least score of each class, best first. Compared with the score as it is printed, so that 90,0 is never "Khá".
GRADES: tuple[tuple[str, Decimal], ...] = (
    ("tot", Decimal(90)),
    ("kha", Decimal(80)),
    ("trung_binh", Decimal(65)),
    ("yeu", Decimal(0)),
)
CAPS: Mapping[str, str] = {"average": "trung_binh", "weak": "yeu"}
ONE, NOTHING = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class Prior:
    """An earlier finding, still open on the day of the visit."""

    item_code: str
    overdue: bool
    number: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a visit is judged by.

    `system` holds what the system knows, by item and name (`A02.han`, `I01.tong`); `functions` may supply
    `working-days(a, b)`.
    """

    answers: Mapping[str, AnswerValue]
    on: date
    one_stop: bool = True
    priors: tuple[Prior, ...] = ()
    system: Mapping[str, Value] = field(default_factory=dict)
    functions: Functions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer amounts to.

    `hidden` left the sheet by its `show_if`; `absent` did so too, but scores 0 without a finding of its own; `info` is
    recorded and not judged; `open` waits for an answer or for a figure of another item. `score` is 0 to 1, None where
    the item has no part in the result.
    """

    status: Status
    score: Fraction | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """The result of the items judged so far; final when `open` is 0.

    `score` has one decimal, of 100; None while nothing is judged. The counts are of items: a repeating one counts once.
    `na` counts those that left the sheet as well.
    `critical_failed` lists the keys that cap the class.
    """

    score: Decimal | None
    grade: str | None
    met: int
    not_met: int
    na: int
    info: int
    open: int
    critical_failed: tuple[str, ...]


OPEN, NA, INFO, HIDDEN = Outcome("open"), Outcome("na"), Outcome("info"), Outcome("hidden")
ABSENT = Outcome("absent", NOTHING)
UNJUDGED: Mapping[Status, Outcome] = {one.status: one for one in (OPEN, NA, INFO, HIDDEN, ABSENT)}


# --- one item -------------------------------------------------------------------------------------------------------


def judge_one(checklist: Checklist, facts: Facts, key: str) -> Outcome:
    """What one key amounts to, answered or not."""
    return _outcome(checklist.items[key.partition(".")[0]], facts, key)


def _outcome(item: Item, facts: Facts, key: str, status: Status | None = None) -> Outcome:
    """The outcome of a key; `status` is that of `_status`, where it is known."""
    status = status or _status(item, facts, key)
    return UNJUDGED.get(status) or _scored(item, facts, key, status)


def _status(item: Item, facts: Facts, key: str) -> Status:
    """The status of a key alone: most of what a turn asks, and far cheaper than a score."""
    answer = facts.answers.get(key)
    if answer is None and item.show_if is None and item.na_if is None:
        return "open"  # most of a visit, most of the time
    look = _Lookup(item, facts, key)
    if item.show_if is not None and item.show_if.evaluate(look, facts.functions) is False:
        return "absent" if item.hidden_as == "zero" else "hidden"
    if answer is not None and is_na(answer):
        return "na"
    if item.na_if is not None and item.na_if.evaluate(look, facts.functions) is True:
        return "na"
    if answer is None:
        return "open"
    if item.informs_only:
        return "info"
    passed = look("ket_qua") == "dat" if item.pass_if is None else item.pass_if.evaluate(look, facts.functions)
    if passed is None:
        return "open"
    return "met" if passed else "not_met"


def _scored(item: Item, facts: Facts, key: str, status: Status) -> Outcome:
    look, passed = _Lookup(item, facts, key), status == "met"
    score = ONE if passed else NOTHING
    if item.score is not None:
        given = item.score.evaluate(look, facts.functions)
        if isinstance(given, (int, Fraction)):  # otherwise a figure it is measured against is still missing
            score = _within(given)
    critical = not passed and item.critical_if is not None and item.critical_if.evaluate(look, facts.functions) is True
    return Outcome(status, score, critical)


def _within(score: int | Fraction) -> Fraction:
    """A score held between 0 and 1; the two ends are always the same two objects."""
    if score.numerator >= score.denominator:
        return ONE
    return Fraction(score) if score.numerator > 0 else NOTHING


def is_na(answer: AnswerValue) -> bool:
    """Whether an answer says that the item does not apply, or could not be checked."""
    return bool(answer.get("khong_ap_dung")) or answer.get("ket_qua") == "khong_ap_dung"


class _Lookup:
    """What a name means in the expressions of an item: its answer, a derived value, the system's, another answer.

    An object and no closure: one that names itself would be garbage only the collector finds.
    """

    __slots__ = ("facts", "item", "key", "own")

    def __init__(self, item: Item, facts: Facts, key: str) -> None:
        self.item = item
        self.facts = facts
        self.key = key
        self.own = facts.answers.get(key, _NO_ANSWER)

    def __call__(self, name: str) -> Value:
        if name in self.own:
            return self.own[name]  # type: ignore[no-any-return]
        code, dot, part = name.partition(".")
        if not dot:
            return _own_value(self.item, self.facts, self.key, name, self)
        if code == SYSTEM:
            return self.facts.system.get(f"{self.item.code}.{part}")
        return self.facts.answers.get(code, _NO_ANSWER).get(part)


_NO_ANSWER: AnswerValue = {}


def _own_value(item: Item, facts: Facts, key: str, name: str, look: Lookup) -> Value:
    """A name without a code that is no part of the answer."""
    if name in item.derive:
        return item.derive[name].evaluate(look, facts.functions)
    if name in item.system:
        return facts.system.get(f"{item.code}.{name}")
    if name in VISIT_NAMES:
        return facts.on if name == "ngay_kiem_tra" else facts.on.year
    if not item.repeats or "." not in key:
        return None
    prior = facts.priors[int(key.partition(".")[2]) - 1]
    values: Mapping[str, Value] = {
        "qua_han": prior.overdue,
        "ma_ton_tai": prior.number or None,
        "noi_dung_ton_tai": prior.sentence or None,
    }
    return values.get(name)


def default_value(checklist: Checklist, facts: Facts, key: str) -> dict[str, Any] | None:
    """What "đạt" stores for a key beyond the word; None where it must be typed or is not known yet."""
    item = checklist.items[key.partition(".")[0]]
    look = _Lookup(item, facts, key)
    if item.na_if is not None and item.na_if.evaluate(look, facts.functions) is True:
        return {"khong_ap_dung": True}
    if item.default is None:
        return None
    value = {name: expression.evaluate(look, facts.functions) for name, expression in item.default.items()}
    return None if None in value.values() or value.get("khong_ap_dung") is False else value


# --- the whole visit -------------------------------------------------------------------------------------------------


def keys(checklist: Checklist, facts: Facts) -> Iterator[str]:
    """The keys of the items that apply to this unit, in the order of the checklist."""
    for item in checklist.items.values():
        yield from _keys_of(item, facts)


def _keys_of(item: Item, facts: Facts) -> Sequence[str]:
    if item.applies_to == "one_stop" and not facts.one_stop:
        return ()
    if item.applies_to == "has_prior" and not facts.priors:
        return ()
    if item.repeats:
        return [f"{item.code}.{number}" for number in range(1, len(facts.priors) + 1)]
    return (item.code,)


def judge(checklist: Checklist, facts: Facts) -> dict[str, Outcome]:
    """What every key amounts to."""
    return dict(Verdicts(checklist, facts))


class Verdicts(Mapping[str, Outcome]):
    """What every key amounts to, each judged when it is first asked for: a turn looks at a few of them only."""

    __slots__ = ("_checklist", "_facts", "_judged", "_statuses")

    def __init__(self, checklist: Checklist, facts: Facts) -> None:
        self._checklist = checklist
        self._facts = facts
        self._judged: dict[str, Outcome] = {}
        self._statuses: dict[str, Status] = {}

    def __getitem__(self, key: str) -> Outcome:
        found = self._judged.get(key)
        if found is None:
            item = self._checklist.items[key.partition(".")[0]]
            found = self._judged[key] = _outcome(item, self._facts, key, self.status(key))
        return found

    def status(self, key: str) -> Status:
        """The status alone, without the score."""
        found = self._statuses.get(key)
        if found is None:
            item = self._checklist.items[key.partition(".")[0]]
            if key not in _keys_of(item, self._facts):
                raise KeyError(key)
            found = self._statuses[key] = _status(item, self._facts, key)
        return found

    def __iter__(self) -> Iterator[str]:
        return keys(self._checklist, self._facts)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def result(checklist: Checklist, outcomes: Mapping[str, Outcome]) -> Result:
    """Score and class: the weighted mean of what was judged, and the cap of what failed critically."""
    groups: dict[str, list[Outcome]] = {}
    for key, outcome in outcomes.items():
        groups.setdefault(key.partition(".")[0], []).append(outcome)
    full, possible, partly = Decimal(0), Decimal(0), NOTHING  # most items earn all or nothing: fractions are slow
    counts: dict[str, int] = {}
    for code, group in groups.items():
        status = _together(group)
        counts[status] = counts.get(status, 0) + 1
        scores = [outcome.score for outcome in group if outcome.score is not None]
        if not scores:
            continue
        weight = checklist.items[code].weight
        possible += weight
        if all(score is ONE for score in scores):
            full += weight
        elif any(score is not NOTHING for score in scores):
            partly += Fraction(weight) * sum(scores, NOTHING) / len(scores)
    score = _one_decimal((Fraction(full) + partly) / Fraction(possible) * 100) if possible else None
    critical = tuple(key for key, outcome in outcomes.items() if outcome.critical)
    return Result(
        score=score,
        grade=None if score is None else _grade(checklist, score, critical),
        met=counts.get("met", 0),
        not_met=counts.get("not_met", 0),
        na=counts.get("na", 0) + counts.get("hidden", 0),
        info=counts.get("info", 0),
        open=counts.get("open", 0),
        critical_failed=critical,
    )


def _together(group: list[Outcome]) -> Status:
    """One status for all repeats of an item: what is open or failed decides, what could not be checked is left out."""
    if len(group) == 1:
        return group[0].status
    found = {outcome.status for outcome in group}
    order: tuple[Status, ...] = ("open", "not_met", "met", "na", "info", "absent", "hidden")
    return next(status for status in order if status in found)


def _one_decimal(score: Fraction) -> Decimal:
    tenths = (score * 10 + Fraction(1, 2)).__floor__()
    return (Decimal(tenths) / 10).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _grade(checklist: Checklist, score: Decimal, critical: tuple[str, ...]) -> str:
    names = [name for name, _ in GRADES]
    reached = next(place for place, (_, least) in enumerate(GRADES) if score >= least)
    caps = [names.index(CAPS[checklist.items[key.partition(".")[0]].caps]) for key in critical]
    return names[max([reached, *caps])]


# --- sentences -------------------------------------------------------------------------------------------------------


def check(checklist: Checklist, facts: Facts, key: str) -> tuple[Text, ...]:
    """What does not add up in an answer, a sentence each; nothing is said of figures that are not known yet."""
    code = key.partition(".")[0]
    said = _failed(checklist, facts, key, checklist.items[code].check)
    return tuple(Text(f"{code} chưa khớp: {vi}.", f"{code} does not add up: {en}.") for vi, en in said)


def warnings(checklist: Checklist, facts: Facts, key: str) -> tuple[Text, ...]:
    """What is unusual though possible: said, and stored all the same."""
    code = key.partition(".")[0]
    said = _failed(checklist, facts, key, checklist.items[code].warn)
    return tuple(Text(f"{code}: {vi}.", f"{code}: {en}.") for vi, en in said)


def _failed(checklist: Checklist, facts: Facts, key: str, checks: tuple[Check, ...]) -> list[Text]:
    if not checks or key not in facts.answers:
        return []
    item = checklist.items[key.partition(".")[0]]
    if _status(item, facts, key) in ("na", "hidden", "absent"):
        return []
    look = _Lookup(item, facts, key)
    failed = (rule.sentence for rule in checks if rule.expression.evaluate(look, facts.functions) is False)
    return [Text(_filled(text.vi, look, _plain_vi), _filled(text.en, look, _plain_en)) for text in failed]


def finding_sentence(checklist: Checklist, facts: Facts, key: str, letters: tuple[str, ...] = ()) -> Text:
    """The sentence of the minutes for a failed key, without a full stop; `letters` are the reasons chosen.

    Where reasons exist and none is chosen yet, `{ly_do}` names them all, divided by strokes.
    """
    item = checklist.items[key.partition(".")[0]]
    look = _Lookup(item, facts, key)
    for variant in item.variants:
        if variant.when.evaluate(look, facts.functions) is True:
            return _said(variant.finding, look, Text("", ""))
    chosen = [reason for reason in item.reasons if reason.letter in letters]
    if chosen and all(reason.finding.vi for reason in chosen):
        said = [_said(reason.finding, look, reason.label) for reason in chosen]
        return Text("; ".join(text.vi for text in said), "; ".join(text.en for text in said))
    labels, stroke = (chosen, ", ") if chosen else (item.reasons, "/")
    why = Text(stroke.join(r.label.vi for r in labels), stroke.join(r.label.en for r in labels))
    return _said(item.finding, look, why)


def fill(checklist: Checklist, facts: Facts, key: str, text: Text) -> Text:
    """A question or label with what the system knows put in; what it does not know is shown as "…"."""
    look = _Lookup(checklist.items[key.partition(".")[0]], facts, key)
    return Text(_filled(text.vi, look, _plain_vi), _filled(text.en, look, _plain_en))


_BRACES = re.compile(r"\{([a-z_0-9A-Z.]+)\}")


def _said(text: Text, look: Lookup, why: Text) -> Text:
    def named(label: str, language: str) -> Lookup:
        values: Mapping[str, Value] = {"ly_do": label, "van_ban": _document(look, language)}
        return lambda name: values[name] if name in values else look(name)

    return Text(_filled(text.vi, named(why.vi, "vi"), _office), _filled(text.en, named(why.en, "en"), _plain_en))


def _document(look: Lookup, language: str) -> str:
    symbol, issued = look("so_ky_hieu"), look("ngay_ban_hanh")
    if not isinstance(symbol, str):
        return "…"
    return show_document(symbol, issued if isinstance(issued, date) else None, language)


def _filled(text: str, look: Lookup, show: Callable[[Value], str]) -> str:
    def shown(found: re.Match[str]) -> str:
        value = look(found[1])
        return str(value) if found[1] == "nam" else show(value)  # a year takes no thousands dot

    return _BRACES.sub(shown, text)


def _plain_vi(value: Value) -> str:
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / value.denominator
    if isinstance(value, (int, Decimal)):
        return show_number(value)
    return "…" if value is None else str(value)


def _office(value: Value) -> str:
    """As `_plain_vi`, with small whole numbers in two digits: "02 người"."""
    if isinstance(value, (int, Fraction, Decimal)) and 0 < value < 10 and value == int(value):
        return show_two(int(value))
    return _plain_vi(value)


def _plain_en(value: Value) -> str:
    if isinstance(value, date):
        return show_day(value, "en")
    if isinstance(value, (int, Decimal, Fraction)):
        return _plain_vi(value).replace(".", ";").replace(",", ".").replace(";", ",")
    return _plain_vi(value)
