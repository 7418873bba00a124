"""One turn of a visit: what was heard goes in, the changed visit and one reply come out.

`step` is a plain function. It reads against the prompt the person could have seen (`heard.focus`), changes the
visit, and asks the next thing in the same message. Photos are answered when their bytes are stored, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from inspection.checklist import Checklist, Item
from inspection.figures import show_clock, show_day, show_moment
from inspection.messages import Choice, Reply
from inspection.prompts import (
    EACH,
    GUIDED,
    Rules,
    Walk,
    derived_from,
    echo_of,
    failed_words,
    findings_lines,
    grade_words,
    item_prompt,
    lettered,
    met_value,
    next_prompt,
    note_question,
    paper_question,
    reason_question,
    show_score,
    takes_met,
)
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import MetType, UnclearError, Value
from inspection.questions.doc_ref import missing
from inspection.reading import (
    Bare,
    Coded,
    Named,
    PhotoMove,
    Said,
    Word,
    letters_of,
    note_of,
    photo_excuse,
    read_text,
    unmarked,
)
from inspection.scoring import check
from inspection.visit import Answer, Status, Visit
from inspection.words import fold
from inspection.working_days import LOCAL


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is talking: `leads` is whether this person may sign this visit."""

    person_id: str
    language: str = "vi"
    leads: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """A text (typed, tapped or a caption) and the focus of the prompt it answers."""

    text: str
    focus: Mapping[str, Any] | None = None
    standing: Mapping[str, Any] | None = None  # the latest prompt, if it is still unanswered


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that was given or corrected, for the history of answers."""

    key: str
    answer: Answer
    said: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a turn led to. `reply` is None where nothing is to be said yet."""

    visit: Visit
    reply: Reply | None
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Turn:
    """The working state of one step."""

    visit: Visit
    rules: Rules
    speaker: Speaker
    now: datetime
    heard: Heard
    echo: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    prompt: Reply | None = None  # asked instead of the next one
    quiet: bool = False  # the reply needs no prompt
    first: bool = False
    _walk: Walk | None = None

    def __post_init__(self) -> None:
        self.first = not self.visit.answers
        self._walk = None

    @property
    def checklist(self) -> Checklist:
        """The checklist version of this visit."""
        return self.rules.checklist

    @property
    def walk(self) -> Walk:
        """The visit as it is now; built again after each change."""
        if self._walk is None or self._walk.visit is not self.visit:
            self._walk = Walk(self.visit, self.rules, self.speaker.language)
        return self._walk

    def say(self, name: str, /, **values: object) -> None:
        """Add a sentence to the reply."""
        self.lines.append(self.walk.say(name, **values))

    @property
    def local(self) -> datetime:
        """Now, on the wall clock of the place."""
        return self.now.astimezone(LOCAL)


def step(visit: Visit, rules: Rules, heard: Heard, speaker: Speaker, now: datetime) -> Step:
    """Hear one text. Works for visits that can still be changed; a signed one says that it cannot."""
    turn = Turn(visit, rules, speaker, now, heard)
    if not visit.open_to_answers:
        turn.say("already_signed" if visit.status is Status.SIGNED else "already_closed", unit=visit.unit_name)
        return Step(visit, Reply("\n".join(turn.lines)))
    hear(turn, heard.text)
    return finish(turn)


def finish(turn: Turn) -> Step:
    """Put the reply together: what was stored, what is unclear, and what comes next."""
    lines = [*_stored_lines(turn), *turn.lines]
    if turn.quiet:
        return Step(turn.visit, Reply("\n".join(lines)) if lines else None, tuple(turn.changes))
    prompt = turn.prompt or next_prompt(turn.walk)
    text = "\n".join([*lines, prompt.text])
    return Step(turn.visit, Reply(text, prompt.choices, prompt.focus, prompt.photo), tuple(turn.changes))


def caption(turn: Turn, text: str) -> tuple[str, ...]:
    """Read a caption that is more than codes; returns the keys it answered. What it stores is echoed later."""
    hear(turn, text)
    turn.visit = replace(turn.visit, echo="\n".join([*_stored_lines(turn), *turn.lines]))
    return tuple(change.key for change in turn.changes)


def _stored_lines(turn: Turn) -> list[str]:
    if not turn.echo:
        return []
    clock = show_clock(turn.local)
    answers = "; ".join(turn.echo)
    if turn.first:
        key = turn.changes[0].key if turn.changes else "C02"
        example = f"{key} {turn.walk.item(key).example}"
        return [turn.walk.say("stored_first", clock=clock, answers=answers, example=example)]
    return [turn.walk.say("stored", clock=clock, answers=answers)]


def hear(turn: Turn, text: str) -> None:
    """Take one text apart and let each piece do its work; "the rest met" comes last, it builds on the others."""
    focus = turn.heard.focus or {}
    key = str(focus.get("key", ""))
    free = bool(key) and turn.checklist.items[key.partition(".")[0]].answer_type == "text"
    pieces = read_text(text, turn.checklist.items, free=free)
    if not pieces:
        turn.say("not_understood", words=text.strip()[:60])
        return
    rest = [piece for piece in pieces if isinstance(piece, Word) and piece.word == "rest"]
    others = [piece for piece in pieces if piece not in rest]
    repeated = bool(rest) and _nothing_new(turn, others)
    for piece in others:
        _hear_piece(turn, piece, focus)
    for word in rest:
        if not repeated:
            _rest_met(turn, word, others, focus)


def _hear_piece(turn: Turn, piece: Said, focus: Mapping[str, Any]) -> None:
    match piece:
        case Coded():
            _coded(turn, piece, focus)
        case Named():
            _named(turn, piece)
        case Word():
            WORDS[piece.word](turn, focus)
        case PhotoMove():
            move_photo(turn, piece)
        case Bare():
            _bare(turn, piece, focus)


# --- answers ----------------------------------------------------------------------------------------------------------


def _coded(turn: Turn, piece: Coded, focus: Mapping[str, Any]) -> None:
    key = _key_of(turn, piece)
    if key is None:
        turn.say("not_asked", code=piece.code)
    elif piece.parts:
        answer(turn, key, piece.parts, piece.said)
    elif turn.visit.tray():
        from_tray(turn, key)
    else:
        turn.prompt = item_prompt(turn.walk, key, then="")


def _key_of(turn: Turn, piece: Coded) -> str | None:
    keys = turn.visit.keys_of(turn.checklist.items[piece.code])
    if piece.repeat:
        wanted = f"{piece.code}.{piece.repeat}"
        return wanted if wanted in keys else None
    if len(keys) <= 1:
        return keys[0] if keys else None
    asked = str((turn.heard.focus or {}).get("key", ""))
    if asked in keys:
        return asked
    return next((key for key in keys if turn.walk.is_open(key)), keys[-1])


def _named(turn: Turn, piece: Named) -> None:
    for n, prior in enumerate(turn.visit.priors, start=1):
        if prior.number == piece.finding:
            item = next(i for i in turn.checklist.items.values() if i.repeats)
            _coded(turn, Coded(item.code, n, piece.parts, piece.said), {})
            return
    turn.say("unknown_finding", finding=piece.finding)


def _bare(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    at = focus.get("at")
    if at == "menu":
        MENUS[str(focus["name"])](turn, piece, focus)
    elif at == "early":
        _early_proof(turn, piece, focus)
    elif letters_of(piece.parts[0]):
        _bare_letters(turn, piece)
    elif at == "item":
        answer(turn, str(focus["key"]), piece.parts, piece.text)
        if focus.get("then") == "sign" and str(focus["key"]) in turn.visit.answers:
            sign(turn)
    elif (key := _only_fit(turn, piece, focus)) is not None:
        answer(turn, key, piece.parts, piece.text)
    else:
        turn.say("not_understood", words=piece.text[:60])


def _only_fit(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> str | None:
    """Figures without a code belong to the one item of the prompt that takes exactly so many, if at least two."""
    fits = []
    for key in focus.get("keys", ()):
        item = turn.walk.item(key)
        if item.answer_type == "count" and (turn.walk.is_open(key) or focus.get("at") == "owed"):
            try:
                QUESTION_TYPES["count"].read(item, piece.parts[0], year=turn.visit.on.year)
            except UnclearError:
                continue
            fits.append(key)
    return fits[0] if len(fits) == 1 else None


def answer(turn: Turn, key: str, parts: tuple[str, ...], said: str) -> None:
    """Read what was said about one key and store it, or say what is unclear; never both, never half."""
    item = turn.walk.item(key)
    if _aside(turn, key, item, parts):
        return
    try:
        value, used = _read(turn, key, item, parts)
    except UnclearError as unclear:
        turn.say(unclear.phrase, **(unclear.values | _spoken(turn, unclear.values)))
        return
    letters, note = _explained(turn, item, parts[used:])
    store(turn, key, value, said, letters=letters, note=note)


def _spoken(turn: Turn, values: Mapping[str, object]) -> dict[str, object]:
    """Labels come in both languages; a sentence takes the reader's."""
    at = turn.walk.at
    return {name: value[at] for name, value in values.items() if isinstance(value, tuple)}


def _aside(turn: Turn, key: str, item: Item, parts: tuple[str, ...]) -> bool:
    """Things said about an item that are no answer to it: a reason, a note, why there is no photo, skip."""
    first = parts[0]
    excuse = photo_excuse(first)
    note = note_of(first)
    if excuse is not None:
        reason = ", ".join([excuse, *parts[1:]]).strip(" ,")
        if reason:
            turn.visit = replace(turn.visit, excuses={**turn.visit.excuses, key: reason})
            turn.say("excused", code=key, reason=reason)
        else:
            turn.say("excuse_needs_reason", code=key)
    elif note is not None:
        _note(turn, key, ", ".join([note, *parts[1:]]).strip(" ,"))
    elif lettered(item) and letters_of(first) and _takes_letters(turn, key):
        _letters(turn, key, letters_of(first), ", ".join(parts[1:]))
    elif fold(first) in ("bo qua", "de sau"):
        turn.visit = replace(turn.visit, skipped=(*turn.visit.skipped, key))
        turn.say("skipped", codes=key)
    else:
        return False
    return True


def _takes_letters(turn: Turn, key: str) -> bool:
    """A letter explains a failure; to a yes-or-no item not answered yet it is the failure."""
    return key in turn.visit.answers or turn.walk.item(key).answer_type == "pass_fail_na"


def _read(turn: Turn, key: str, item: Item, parts: tuple[str, ...]) -> tuple[Value, int]:
    """The value said, and how many parts it took."""
    kind, year = QUESTION_TYPES[item.answer_type], turn.visit.on.year
    if item.answer_type == "count":
        parts, joined = _joined_figures(parts)
    else:
        joined = 0
    value = kind.read(item, parts[0], year=year)
    if isinstance(value, MetType):
        known = met_value(turn.walk, key)
        if known is None:
            raise UnclearError("needs_figures", code=key, example=item.example)
        value = known
    used = 1
    for part in parts[1:]:
        extended = kind.extend(item, value, part, year=year)
        if extended is None:
            break
        value, used = extended, used + 1
    return value, used + joined


def _joined_figures(parts: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """`25, 22, 2, 1` was cut at its commas; figures that follow figures belong together."""
    figures = [part for part in parts if part.replace(" ", "").isdigit()]
    if len(figures) > 1 and tuple(figures) == parts[: len(figures)]:
        return (" ".join(figures), *parts[len(figures) :]), len(figures) - 1
    return parts, 0


def _explained(turn: Turn, item: Item, parts: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    letters: tuple[str, ...] = ()
    words: list[str] = []
    for part in parts:
        found = letters_of(part) if lettered(item) else ()
        if found and not words:
            letters = (*letters, *found)
        else:
            words.append(note_of(part) or part)
    return letters, ", ".join(words)


def store(
    turn: Turn,
    key: str,
    value: Value,
    said: str,
    *,
    letters: tuple[str, ...] = (),
    note: str = "",
    silent: bool = False,
) -> bool:
    """Store one answer unless its figures contradict each other; recomputes what depends on it."""
    item, before = turn.walk.item(key), turn.visit.answers.get(key)
    if any(f.name == "thoi_diem" for f in item.fields) and not value.get("khong_ap_dung"):
        value = {**value, "thoi_diem": turn.local.strftime("%H:%M")}
    troubles = _troubles(turn, key, item, value)
    if troubles:
        turn.lines.extend(turn.walk.say("again", sentence=t, code=key, example=item.example) for t in troubles)
        return False
    kept = before is not None and _same(before.value, value)
    answered = Answer(
        before.value if kept and before is not None else value,
        turn.speaker.person_id,
        turn.now,
        letters or (before.letters if kept and before is not None else ()),
        note or (before.note if kept and before is not None else ""),
    )
    changed = before is None or not kept or bool(letters or note)
    old = echo_of(turn.walk, key) if before is not None and not kept else ""
    turn.visit = replace(
        turn.visit,
        answers={**turn.visit.answers, key: answered} if changed else turn.visit.answers,
        skipped=tuple(k for k in turn.visit.skipped if k != key),
    )
    if changed:
        turn.changes.append(Change(key, answered, said))
    if not silent:
        shown = f"{key} {echo_of(turn.walk, key)}"
        turn.echo.append(shown + (turn.walk.say("before", value=old) if old else ""))
    _ask_for_explanation(turn, key, item, answered)
    _derive(turn, key)
    return True


def _same(one: Value, other: Value) -> bool:
    ignored = {"thoi_diem", "nam_suy_ra"}
    names = (set(one) | set(other)) - ignored
    return all(one.get(name) == other.get(name) for name in names)


def _troubles(turn: Turn, key: str, item: Item, value: Value) -> list[str]:
    at = turn.walk.at
    trial = replace(turn.visit, answers={**turn.visit.answers, key: Answer(value, "", turn.now)})
    return [str(sentence[at]) for sentence in check(turn.checklist, trial.facts(turn.rules.functions), key)]


def _ask_for_explanation(turn: Turn, key: str, item: Item, answered: Answer) -> None:
    if item.answer_type == "doc_ref":
        if answered.value.get("nam_suy_ra") and answered.value.get("ngay_ban_hanh"):
            turn.say("year_assumed", code=key, year=answered.value["ngay_ban_hanh"].year)
        if missing(item, answered.value):
            turn.lines.append(paper_question(turn.walk, key))
    if answered.note and unmarked(answered.note):
        turn.say("note_unmarked", code=key, note=answered.note)
    if turn.walk.outcomes[key].status != "not_met":
        return
    if lettered(item) and not answered.letters:
        turn.lines.append(reason_question(turn.walk, key))
    elif item.note_on_fail and not answered.note:
        turn.lines.append(note_question(turn.walk, key))


def _derive(turn: Turn, key: str) -> None:
    """Items the system computes from this answer (A02 from A01) are stored with it, and echoed."""
    for other in derived_from(turn.checklist, key.partition(".")[0]):
        if other in turn.visit.answers and turn.visit.answers[other].person_id:
            continue
        value = met_value(turn.walk, other) if turn.walk.outcomes[other].status in ("open", "met", "not_met") else None
        if value is not None:
            store(turn, other, value, "")


def _letters(turn: Turn, key: str, letters: tuple[str, ...], words: str) -> None:
    item = turn.walk.item(key)
    known = {reason.letter: reason for reason in item.reasons}
    if not set(letters) <= set(known):
        turn.say("letter_unknown", code=key, letters=", ".join(letters), question=reason_question(turn.walk, key))
        return
    if key not in turn.visit.answers:
        store(turn, key, {"ket_qua": "khong_dat"}, ", ".join(letters), letters=letters, note=words)
        return
    _explain(turn, key, letters=letters, note=words)
    at = turn.walk.at
    turn.say("reason_kept", code=key, reasons="; ".join(known[letter].label[at] for letter in letters))


def _note(turn: Turn, key: str, words: str) -> None:
    if key not in turn.visit.answers:
        turn.lines.append(item_prompt(turn.walk, key).text)
        return
    _explain(turn, key, note=words)
    if unmarked(words):
        turn.say("note_unmarked", code=key, note=words)
    else:
        turn.say("note_kept", code=key)


def _explain(turn: Turn, key: str, *, letters: tuple[str, ...] = (), note: str = "") -> None:
    before = turn.visit.answers[key]
    after = replace(
        before,
        letters=letters or before.letters,
        note=note or before.note,
        person_id=turn.speaker.person_id,
        at=turn.now,
    )
    turn.visit = replace(turn.visit, answers={**turn.visit.answers, key: after})
    turn.changes.append(Change(key, after, turn.heard.text))


def _bare_letters(turn: Turn, piece: Bare) -> None:
    letters = letters_of(piece.parts[0])
    waiting = turn.walk.debts().reasons
    if len(waiting) == 1:
        _letters(turn, waiting[0], letters, ", ".join(piece.parts[1:]))
    else:
        example = f"{waiting[0]} {letters[0]}" if waiting else f"C02 {letters[0]}"
        turn.say("letters_unclear", letters=", ".join(letters), example=example)


# --- the rest met -----------------------------------------------------------------------------------------------------


def _nothing_new(turn: Turn, pieces: list[Said]) -> bool:
    """A text sent twice: every coded piece says what is stored already, so its "rest met" was meant for then."""
    coded = [piece for piece in pieces if isinstance(piece, Coded) and piece.parts]
    if not coded or len(coded) != len(pieces):
        return False
    return all(_says_the_same(turn, piece) for piece in coded)


def _says_the_same(turn: Turn, piece: Coded) -> bool:
    key = _key_of(turn, piece)
    before = turn.visit.answers.get(key or "")
    if key is None or before is None:
        return False
    letters = letters_of(piece.parts[0])
    if letters:
        return letters == before.letters
    try:
        value, _ = _read(turn, key, turn.walk.item(key), piece.parts)
    except UnclearError:
        return False
    return _same(before.value, value)


def _rest_met(turn: Turn, word: Word, others: list[Said], focus: Mapping[str, Any]) -> None:
    keys = _rest_keys(turn, word, others, focus)
    needing = []
    for key in keys:
        if not turn.walk.is_open(key):
            continue
        value = met_value(turn.walk, key) if takes_met(turn.walk, key) else None
        if value is None or not store(turn, key, value, "đạt"):
            needing.append(key)
    if not keys:
        turn.say("not_understood", words="còn lại đạt")


def _rest_keys(turn: Turn, word: Word, others: list[Said], focus: Mapping[str, Any]) -> list[str]:
    """Whose rest is meant: the section named, else that of the prompt, else that of the codes just given."""
    prompted = [str(k) for k in focus.get("keys", ())] if focus.get("at") == "section" else []
    if focus.get("at") == "item":
        prompted = [k for group in turn.walk.steps() for k in group if str(focus["key"]) in group]
    letters = [p for p in others if isinstance(p, Coded) and p.parts and letters_of(p.parts[0])]
    mentioned = {p.code[0] for p in others if isinstance(p, Coded) and p not in letters}
    if word.section:
        mentioned, prompted = {word.section}, []
    if mentioned and not any(key[0] in mentioned for key in prompted):
        return [k for k in turn.walk.keys if k[0] in mentioned and not turn.walk.item(k).repeats]
    return [k for k in prompted if not turn.walk.item(k).repeats]


# --- words ------------------------------------------------------------------------------------------------------------


def _skip(turn: Turn, focus: Mapping[str, Any]) -> None:
    keys = [str(focus["key"])] if focus.get("at") == "item" else [str(k) for k in focus.get("keys", ())]
    keys = [key for key in keys if turn.walk.is_open(key)]
    if not keys:
        turn.say("help")
        return
    kept = tuple(k for k in turn.visit.skipped if k not in keys)
    turn.visit = replace(turn.visit, skipped=(*kept, *keys))
    turn.say("skipped", codes=", ".join(keys))


def _one_by_one(turn: Turn, focus: Mapping[str, Any]) -> None:
    turn.visit = replace(turn.visit, guided=EACH if turn.visit.guided == GUIDED else GUIDED)


def _by_section(turn: Turn, focus: Mapping[str, Any]) -> None:
    turn.visit = replace(turn.visit, guided="")


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


def _done(turn: Turn, focus: Mapping[str, Any]) -> None:
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
        keys = [k for k in turn.walk.keys if k[0] == section.code and k in turn.visit.answers]
        if keys:
            turn.lines.append("; ".join(f"{k} {echo_of(turn.walk, k)}" for k in keys) + ".")
    turn.say("review_tail")


def cancel(turn: Turn, focus: Mapping[str, Any]) -> None:
    """Leave the visit: three ways, none of them by accident."""
    if turn.visit.status is not Status.IN_PROGRESS:
        turn.say("review_tail")
        return
    walk = turn.walk
    text = walk.say("cancel_menu", unit=turn.visit.unit_name, done=walk.done(), total=walk.total)
    turn.prompt = _menu(walk, "cancel", text, ("cancel_go_on", "cancel_early", "cancel_drop"))


def _sign_word(turn: Turn, focus: Mapping[str, Any]) -> None:
    if turn.visit.status is Status.AWAITING_SIGNATURE:
        sign(turn)


WORDS: dict[str, Callable[[Turn, Mapping[str, Any]], None]] = {
    "skip": _skip,
    "one_by_one": _one_by_one,
    "by_section": _by_section,
    "back": _back,
    "repeat": _repeat,
    "help": _help,
    "done": _done,
    "review": review,
    "sign": _sign_word,
    "cancel": cancel,
    "stop": _stop,
}


# --- menus ------------------------------------------------------------------------------------------------------------


def _menu(walk: Walk, name: str, text: str, labels: tuple[str, ...], **extra: object) -> Reply:
    choices = tuple(Choice(walk.say(label), str(n)) for n, label in enumerate(labels, start=1))
    return Reply(text, choices, {"at": "menu", "name": name, "count": len(labels), **extra})


def _number(piece: Bare) -> int:
    text = fold(piece.parts[0]).removeprefix("so ").strip(" .()")
    return int(text) if text.isdigit() and len(text) <= 2 else 0


def _ready_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number = _number(piece)
    if number == 1:
        _done(turn, focus)
    elif number == 2:
        review(turn, focus)
    else:
        turn.say("choose_number")


def complete(turn: Turn) -> None:
    """All is there: the visit waits for its signature and can still be corrected."""
    turn.visit = replace(turn.visit.move(Status.AWAITING_SIGNATURE), finished_at=turn.now)
    walk, total = turn.walk, turn.walk.result()
    turn.say("finished", moment=show_moment(turn.local), met=f"{total.met:02d}", not_met=f"{total.not_met:02d}",
             na=f"{total.na:02d}", info=f"{total.info:02d}", score=show_score(total.score), grade=grade_words(walk, total.grade))  # fmt: skip
    findings = findings_lines(walk)
    turn.say("findings_head" if findings else "no_findings")
    turn.lines.extend(findings)
    if total.critical_failed:
        turn.say("critical_waits", codes=", ".join(total.critical_failed))


def _finished_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number = _number(piece)
    if number == 1:
        sign(turn)
    elif number == 2:
        review(turn, focus)
    else:
        turn.say("choose_number")


def sign(turn: Turn) -> None:
    """Sign, once everything that belongs before a signature is there; asks for it one thing at a time."""
    walk, visit = turn.walk, turn.visit
    if not turn.speaker.leads:
        turn.say("not_your_signature", leader=str(visit.system.get("leader", "")))
        return
    if walk.debts() or any(walk.is_open(key) for key in walk.keys):
        turn.visit = replace(visit.move(Status.IN_PROGRESS), finished_at=None)
        return
    last_words = [k for k in walk.keys if walk.item(k).asked_at == "sign_off" and k not in visit.answers]
    if last_words:
        turn.prompt = item_prompt(walk, last_words[0], then="sign")
        return
    unfinished = [k for k, a in visit.answers.items() if a.note and unmarked(a.note)]
    if unfinished:
        for key in unfinished:
            turn.say("note_unmarked", code=key, note=visit.answers[key].note)
            turn.say("note_needed", code=key, example=turn.walk.say("note_example"))
        return
    critical = [k for k in walk.result().critical_failed if k not in visit.confirmed]
    if critical:
        lines = [line for line in findings_lines(walk) if line.split(" ", 1)[0] in critical]
        text = walk.say("confirm_critical", lines="\n".join(lines))
        turn.prompt = _menu(walk, "critical", text, ("confirm_and_sign", "look_again"), keys=critical)
        return
    turn.visit = visit.move(Status.SIGNED)
    total = walk.result()
    turn.say("signed", moment=show_moment(turn.local), unit=visit.unit_name, score=show_score(total.score),
             grade=grade_words(walk, total.grade))  # fmt: skip
    turn.quiet = True


def _critical_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number = _number(piece)
    if number == 1 and turn.speaker.leads:
        turn.visit = replace(turn.visit, confirmed=(*turn.visit.confirmed, *focus["keys"]))
        sign(turn)
    elif number == 2:
        review(turn, focus)
    else:
        turn.say("choose_number")


def _cancel_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number, walk = _number(piece), turn.walk
    if number == 2:
        turn.prompt = _menu(walk, "early", walk.say("early_menu"), ("early_1", "early_2", "early_3"))
    elif number == 3:
        text = walk.say("cancel_sure", unit=turn.visit.unit_name, done=f"{len(turn.visit.answers):02d}")
        turn.prompt = _menu(walk, "cancel_sure", text, ("cancel_yes", "cancel_no"))
    elif number != 1:
        cancel(turn, focus)


def _cancel_sure_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    if _number(piece) == 1:
        turn.visit = turn.visit.move(Status.CANCELLED)
        turn.say("cancelled", unit=turn.visit.unit_name)
        turn.quiet = True
    elif _number(piece) != 2:
        turn.say("choose_number")


def _early_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number, walk = _number(piece), turn.walk
    if number == 3:
        turn.prompt = Reply(walk.say("early_type_reason"), (), {"at": "menu", "name": "early", "count": 0})
        return
    reason = walk.say(f"early_reason_{number}") if number in (1, 2) else piece.text
    turn.prompt = Reply(walk.say("early_photo", reason=reason), (), {"at": "early", "reason": reason})


def _early_proof(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    excuse = photo_excuse(piece.parts[0])
    reason = str(focus["reason"])
    if excuse is None or not ", ".join([excuse, *piece.parts[1:]]).strip(" ,"):
        turn.prompt = Reply(turn.walk.say("early_photo", reason=reason), (), dict(focus))
        return
    words = ", ".join([excuse, *piece.parts[1:]]).strip(" ,")
    turn.visit = replace(turn.visit, excuses={**turn.visit.excuses, "early": words})
    end_early(turn, reason)


def end_early(turn: Turn, reason: str) -> None:
    """The office was shut or would not receive the team: a result of its own, without a class."""
    turn.visit = replace(turn.visit.move(Status.ENDED_EARLY), early_reason=reason, finished_at=turn.now)
    turn.say("ended_early", moment=show_moment(turn.local), unit=turn.visit.unit_name, reason=reason)
    turn.quiet = True


def _tray_menu(turn: Turn, piece: Bare, focus: Mapping[str, Any]) -> None:
    number, keys = _number(piece), list(focus["keys"])
    if 1 <= number <= len(keys):
        from_tray(turn, keys[number - 1], photo_id=str(focus["photo"]))
    elif number == len(keys) + 2:
        turn.visit = replace(turn.visit, photos=tuple(p for p in turn.visit.photos if p.id != focus["photo"]))
        turn.say("photo_dropped")
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


# --- photos that are known already --------------------------------------------------------------------------------------


def tray_prompt(walk: Walk) -> Reply:
    """Ask what the first photo of the tray shows, offering the items that wait for one."""
    tray = walk.visit.tray()
    waiting = list(dict.fromkeys(walk.debts().photos)) or [
        key for group in walk.steps() for key in group if walk.item(key).photo_rule == "always"
    ]
    keys = waiting[:6]
    at = walk.at
    labels = [f"{n}. {key} {walk.item(key).short[at]}" for n, key in enumerate(keys, start=1)]
    labels.append(f"{len(keys) + 1}. {walk.say('other_item')}")
    labels.append(f"{len(keys) + 2}. {walk.say('drop_photo')}")
    name, values = ("which_item", {}) if len(tray) == 1 else ("which_item_of", {"n": 1, "of": len(tray)})
    text = walk.say(name, choices="\n" + "\n".join(labels), **values)
    choices = tuple(Choice(label, str(n)) for n, label in enumerate(labels, start=1))
    focus = {"at": "menu", "name": "tray", "photo": tray[0].id, "keys": keys, "count": len(labels)}
    return Reply(text, choices, focus)


def from_tray(turn: Turn, key: str, *, photo_id: str = "") -> None:
    """Give a photo of the tray its item: the one named, else the first."""
    photo = next((p for p in turn.visit.tray() if not photo_id or p.id == photo_id), None)
    if photo is None:
        turn.say("photo_unknown", label=key)
        return
    if not assign(turn, photo.id, key):
        return
    labelled = next(p for p in turn.visit.photos if p.id == photo.id)
    turn.say("photo_stored", label=label_of(labelled), clock=show_clock(turn.local))


def assign(turn: Turn, photo_id: str, key: str) -> bool:
    """Let a photo show an item, unless the item takes none or has as many as it takes."""
    item, walk = turn.walk.item(key), turn.walk
    at = turn.walk.at
    if item.photo_rule == "forbidden":
        turn.say("photo_forbidden", code=key, subject=item.photo_subject[at])
        turn.visit = replace(turn.visit, photos=tuple(p for p in turn.visit.photos if p.id != photo_id))
        return False
    mine = walk.visit.photos_of(key)
    if item.photo_max and len(mine) >= item.photo_max:
        turn.say("photos_too_many", code=key, most=f"{item.photo_max:02d}")
        return False
    number = max((p.number for p in mine), default=0) + 1
    photos = tuple(replace(p, key=key, number=number) if p.id == photo_id else p for p in turn.visit.photos)
    turn.visit = replace(turn.visit, photos=photos)
    return True


def label_of(photo: Any) -> str:
    """ "B01-01"."""
    return f"{photo.key}-{photo.number:02d}"


def move_photo(turn: Turn, piece: PhotoMove) -> None:
    """`ảnh G02-01 là B01`."""
    photo = next((p for p in turn.visit.photos if p.key == piece.key and p.number == piece.number), None)
    old = f"{piece.key}-{piece.number:02d}"
    keys = turn.visit.keys_of(turn.checklist.items[piece.code]) if piece.code in turn.checklist.items else ()
    if photo is None or not keys:
        turn.say("photo_unknown", label=old)
    elif assign(turn, photo.id, keys[0]):
        turn.say("photo_moved", old=old, new=label_of(next(p for p in turn.visit.photos if p.id == photo.id)))


def begin(visit: Visit, rules: Rules, speaker: Speaker, now: datetime, *, period_from: date | None) -> Reply:
    """The first message of a visit: started, which period, and the first section."""
    walk = Walk(visit, rules, speaker.language)
    period = show_day(period_from) if period_from else show_day(date(visit.on.year, 1, 1))
    started = walk.say("started", moment=show_moment(now.astimezone(LOCAL)), period=period)
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
    last = max(visit.answers, key=lambda k: visit.answers[k].at, default=None)
    line = walk.say("resumed", unit=visit.unit_name, done=walk.done(), total=walk.total)
    if last is not None:
        line += " " + walk.say("resumed_last", key=last, value=echo_of(walk, last))
    photos = list(dict.fromkeys(walk.debts().photos))
    if photos:
        line += " " + walk.say("resumed_photos", codes=", ".join(photos))
    if visit.status is Status.AWAITING_SIGNATURE:
        total = walk.result()
        line += " " + walk.say(
            "provisional",
            score=show_score(total.score),
            grade=grade_words(walk, total.grade),
            failed=failed_words(walk),
        )
    turn.lines.append(line)
    if visit.tray():
        turn.prompt = tray_prompt(walk)
    reply = finish(turn).reply
    assert reply is not None  # noqa: S101  a step that is not quiet always replies
    return reply
