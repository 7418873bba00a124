"""A visit in progress, as plain data that survives JSON between any two messages.

Rule 1: every state a visit can be in, and every move between them, stands in `MOVES` below.
Rule 2: this file knows no words; what a text does to a visit is decided in `dialogue`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from inspection.attendance import UNKNOWN, Attendance, Present
from inspection.checklist import Checklist, Item
from inspection.expressions import NO_FUNCTIONS, Functions
from inspection.messages import BURST
from inspection.scoring import Facts, Prior


class Status(StrEnum):
    """Where a visit stands. A signed visit never changes again."""

    IN_PROGRESS = "in_progress"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    ENDED_EARLY = "ended_early"
    CANCELLED = "cancelled"


MOVES: Mapping[Status, frozenset[Status]] = {
    Status.IN_PROGRESS: frozenset({Status.AWAITING_SIGNATURE, Status.ENDED_EARLY, Status.CANCELLED}),
    Status.AWAITING_SIGNATURE: frozenset({Status.SIGNED, Status.IN_PROGRESS}),
    Status.SIGNED: frozenset(),
    Status.ENDED_EARLY: frozenset(),
    Status.CANCELLED: frozenset(),
}


class IllegalMoveError(Exception):
    """A visit was asked to go where it cannot go; nothing happened."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one item: the value, who said it and when, and what explains a failure."""

    value: Mapping[str, Any]
    person_id: str
    at: datetime
    letters: tuple[str, ...] = ()
    note: str = ""


PHOTO, DOCUMENT, VOICE, VIDEO = "photo", "document", "voice", "video"
RECORDINGS = (VOICE, VIDEO)
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of this visit, or a document or recording that came as photos do.

    `key` is None while nobody knows what it shows; `number` counts per item, whatever the kind.
    """

    id: str
    state: str  # awaited | stored
    order: int  # the message it came with
    album: str = ""
    key: str | None = None
    number: int = 0
    codes: tuple[str, ...] = ()  # what its caption named
    words: str = ""  # a caption that is a remark
    sha256: str = ""
    at: datetime | None = None
    kind: str = PHOTO
    mime: str = ""  # as announced until the bytes are stored, then as they are
    name: str = ""  # of the file on the sender's machine
    hints: Mapping[str, Any] = field(default_factory=dict)  # what deserves a second look, see `photos.Kept`


@dataclass(frozen=True, slots=True)
class PriorFinding:
    """An earlier finding of the unit, still open, as the inspector meets it."""

    number: str
    sentence: str
    item_code: str
    found_on: date
    due: date | None = None
    photo: str = ""
    notice: str = ""  # of conclusions, as cited: "Thông báo số 30/TB-SNV ngày 28/11/2025"
    remedied: bool = False  # the unit has reported its remedy, which nobody has confirmed yet


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to one unit by one checklist version."""

    id: str
    unit_id: str
    unit_name: str
    checklist_id: int
    status: Status
    started_at: datetime
    on: date  # the local day of the visit
    leader_id: str
    period_from: date | None = None
    one_stop: bool = True
    priors: tuple[PriorFinding, ...] = ()
    system: Mapping[str, Any] = field(default_factory=dict)  # values the system holds: {"A02.han": date, …}
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # papers already reported, by item
    answers: Mapping[str, Answer] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    excuses: Mapping[str, str] = field(default_factory=dict)  # why an item has no photo
    skipped: tuple[str, ...] = ()
    guided: str = ""  # asked: "" by section, "pairs" by two, "guided" what must be typed alone, "each" every item alone
    echo: str = ""  # said together with the next message, once a photo is stored
    place: tuple[float, float] | None = None
    confirmed: tuple[str, ...] = ()  # critical failures the leader has confirmed
    attendance: Attendance = UNKNOWN  # who takes part, for the minutes
    early_reason: str = ""
    earlier: Mapping[str, str] = field(default_factory=dict)  # by item, the number of a finding that would be repeated
    finished_at: datetime | None = None
    revision: int = 0
    untold: tuple[str, ...] = ()  # ids of stored photos that are acknowledged with the next message

    # --- what there is to answer ---------------------------------------------------------------------------

    def keys(self, checklist: Checklist) -> tuple[str, ...]:
        """Every key of this visit in checklist order; a repeating item has one per earlier finding."""
        return tuple(key for item in checklist.items.values() for key in self.keys_of(item))

    def keys_of(self, item: Item) -> tuple[str, ...]:
        """The keys of one item: its code, or `I03.1`, `I03.2` …, or none where it does not apply to the unit."""
        return keys_of_item(item, one_stop=self.one_stop, findings=len(self.priors))

    def prior(self, key: str) -> PriorFinding | None:
        """The earlier finding a repeated key stands for."""
        number = key.partition(".")[2]
        return self.priors[int(number) - 1] if number else None

    def facts(self, functions: Functions = NO_FUNCTIONS) -> Facts:
        """What the rules are applied to; `functions` supplies what the checklist cannot know (`working-days`)."""
        return Facts(
            answers={key: answer.value for key, answer in self.answers.items()},
            on=self.on,
            one_stop=self.one_stop,
            priors=tuple(
                Prior(p.item_code, p.due is not None and p.due < self.on, p.number, p.sentence) for p in self.priors
            ),
            system=self.system,
            functions=functions,
        )

    # --- photos ----------------------------------------------------------------------------------------------

    def photos_of(self, key: str) -> tuple[Photo, ...]:
        """The photos assigned to a key, awaited ones included."""
        return tuple(p for p in self.photos if p.key == key and p.kind == PHOTO)

    def evidence_of(self, key: str) -> tuple[Photo, ...]:
        """The photos, documents and recordings assigned to a key, awaited ones included."""
        return tuple(p for p in self.photos if p.key == key)

    def awaited(self) -> tuple[Photo, ...]:
        """Photos whose bytes are not stored yet."""
        return tuple(p for p in self.photos if p.state == "awaited")

    def untold_photos(self) -> list[Photo]:
        """Stored photos sent in a row, of which nothing was said yet, in the order they were stored."""
        known = {photo.id: photo for photo in self.photos}
        return [known[photo_id] for photo_id in self.untold if photo_id in known]

    def tray(self) -> tuple[Photo, ...]:
        """Stored photos nobody has said the subject of; an album waits for its last part, a row of photos for none."""
        coming = {p.album for p in self.awaited() if p.album not in ("", BURST)}
        return tuple(p for p in self.photos if p.key is None and p.state == "stored" and p.album not in coming)

    # --- moves -----------------------------------------------------------------------------------------------

    def move(self, status: Status) -> Visit:
        """Go to another state. Raises IllegalMoveError, and nothing happens."""
        if status not in MOVES[self.status]:
            raise IllegalMoveError(f"{self.status} -> {status}")
        return replace(self, status=status)

    @property
    def open_to_answers(self) -> bool:
        """Whether answers can still be given or corrected."""
        return self.status in (Status.IN_PROGRESS, Status.AWAITING_SIGNATURE)


def keys_of_item(item: Item, *, one_stop: bool, findings: int) -> tuple[str, ...]:
    """The keys of an item at a unit with or without a one-stop office and with so many earlier findings."""
    if item.applies_to == "one_stop" and not one_stop:
        return ()
    if item.applies_to == "has_prior" and not findings:
        return ()
    if not item.repeats:
        return (item.code,)
    return tuple(f"{item.code}.{n}" for n in range(1, findings + 1))


# --- JSON -----------------------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    raise TypeError(f"not for JSON: {value!r}")


_WRITER = json.JSONEncoder(ensure_ascii=False, default=_plain)


def _typed(pairs: dict[str, Any]) -> Any:
    if len(pairs) == 1:
        ((name, value),) = pairs.items()
        if name == "$number":
            return Decimal(value)
        if name == "$day":
            return date.fromisoformat(value)
        if name == "$moment":
            return datetime.fromisoformat(value)
    return pairs


def value_to_json(value: Mapping[str, Any]) -> str:
    """An answer's value as it is kept in the history of answers."""
    return _WRITER.encode(value)


def value_from_json(text: str) -> dict[str, Any]:
    """The reverse of `value_to_json`."""
    return dict(json.loads(text, object_hook=_typed))


def to_json(visit: Visit) -> str:
    """The whole visit as text; `from_json` gives the same visit back."""
    plain = {name: getattr(visit, name) for name in _FIELDS}
    plain["answers"] = {key: _answered(answer) for key, answer in visit.answers.items()}
    plain["photos"] = [_row(photo) for photo in visit.photos]
    plain["priors"] = [_row(prior) for prior in visit.priors]
    plain["attendance"] = attendance_to_plain(visit.attendance)
    return _WRITER.encode(plain)


def from_json(text: str) -> Visit:
    """A visit from the text `to_json` made."""
    plain = json.loads(text, object_hook=_typed)
    plain["status"] = Status(plain["status"])
    plain["answers"] = {key: _answer(row) for key, row in plain["answers"].items()}
    plain["photos"] = tuple(_photo(row) for row in plain["photos"])
    plain["priors"] = tuple(PriorFinding(*row) for row in plain["priors"])
    plain["attendance"] = attendance_from_plain(plain.get("attendance", []))
    for name in ("skipped", "confirmed", "untold"):
        plain[name] = tuple(plain.get(name, ()))
    plain["place"] = tuple(plain["place"]) if plain["place"] else None
    return Visit(**plain)


def attendance_to_plain(attendance: Attendance) -> list[Any]:
    """An attendance as JSON can hold it, also in the focus of a prompt; `attendance_from_plain` reads it."""
    row = _row(attendance)
    if attendance.decided_on is not None:
        row[_DECIDED] = attendance.decided_on.isoformat()
    row[_TEAM] = [_row(one) for one in attendance.team]
    row[_UNIT] = [_row(one) for one in attendance.unit]
    return row


def attendance_from_plain(row: list[Any]) -> Attendance:
    """The reverse of `attendance_to_plain`; nothing is known where there is no row."""
    if not row:
        return UNKNOWN
    fields = list(row)
    fields[_DECIDED] = date.fromisoformat(fields[_DECIDED]) if fields[_DECIDED] else None
    for place in (_TEAM, _UNIT):
        fields[place] = tuple(Present(*one) for one in fields[place])
    fields[-1] = tuple(fields[-1])
    return Attendance(*fields)


_DECIDED, _TEAM, _UNIT = (Attendance.__slots__.index(name) for name in ("decided_on", "team", "unit"))


def _row(value: Any) -> list[Any]:
    return [getattr(value, name) for name in value.__slots__]


def _answered(answer: Answer) -> list[Any]:
    # The moment stands at a place of its own and needs no mark: marking it costs more than all the rest.
    return [answer.value, answer.person_id, answer.at.isoformat(), answer.letters, answer.note]


def _answer(row: list[Any]) -> Answer:
    value, person_id, at, letters, note = row
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at  # marked, in documents of before
    return Answer(value, person_id, moment, tuple(letters), note)


def _photo(row: list[Any]) -> Photo:
    fields = list(row)
    fields[6] = tuple(fields[6])
    return Photo(*fields)


_FIELDS = Visit.__slots__
