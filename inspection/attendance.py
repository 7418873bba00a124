"""Who takes part in a visit and by which decision: what the minutes need beside the answers.

It is known beforehand, from the visit before and from who holds which office; what is wrong or missing is corrected by
a few words at any time before the signature ("đại diện Hoàng Thị Lan, Phó Chủ tịch"). Nothing of it holds a visit up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from inspection.figures import document, show_document
from inspection.official import DOTS, in_a_sentence, printable
from inspection.words import fold, has_marks, matches

HEAD, SECRETARY, MEMBER = "Trưởng đoàn", "Thư ký", "thành viên"
LONGEST = 120  # characters of a name or an office
LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Present:
    """One person in the minutes: name, office held, and in the team the task there. `person_id`: "" if unknown."""

    name: str
    title: str = ""
    task: str = ""
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """The team and its decision, and who stands for the unit.

    authority: the unit that sends the team, as it is called ("UBND tỉnh Lạng Sơn"); refusal: why the unit's
    representative would not sign, "" while nobody refused; unmarked: what was typed without any tone mark.
    """

    authority_id: str = ""
    authority: str = ""
    decision: str = ""  # "125/QĐ-SNV"
    decided_on: date | None = None
    team: tuple[Present, ...] = ()
    unit: tuple[Present, ...] = ()
    refusal: str = ""
    unmarked: tuple[str, ...] = ()

    def printed(self) -> Attendance:
        """What of it may be printed: a person or reason typed wholly without tone marks is left out until completed."""
        if not self.unmarked:
            return self
        team = tuple(one for one in self.team if one.task not in self.unmarked)
        refusal = DOTS if "refusal" in self.unmarked else self.refusal
        return replace(self, team=team, unit=() if "unit" in self.unmarked else self.unit, refusal=refusal)

    def with_task(self, task: str) -> Present | None:
        """The team's head or secretary, if known."""
        return next((one for one in self.team if one.task == task), None)

    def missing(self) -> tuple[str, ...]:
        """What the minutes still leave dotted, by the word that completes it."""
        known = {
            "quyết định": bool(self.decision and self.decided_on),
            "trưởng đoàn": self.with_task(HEAD) is not None,
            "thư ký": self.with_task(SECRETARY) is not None,
            "đại diện": bool(self.unit),
        }
        return tuple(word for word, there in known.items() if not there)


UNKNOWN = Attendance()

# What a piece may begin with; each is followed by what it says.
_OPENINGS = {
    "đại diện đơn vị": "unit",
    "đại diện": "unit",
    "quyết định": "decision",
    "trưởng đoàn": HEAD,
    "thư ký": SECRETARY,
    "thành viên": MEMBER,
    "đơn vị từ chối ký": "refusal",
    "từ chối ký": "refusal",
    "đơn vị đồng ý ký": "consent",
    "đồng ý ký": "consent",
    "representative": "unit",
    "decision": "decision",
    "head of team": HEAD,
    "secretary": SECRETARY,
    "member": MEMBER,
    "refused to sign": "refusal",
    "agreed to sign": "consent",
}
_TASKS_EN = {HEAD: "head of team", SECRETARY: "secretary", MEMBER: "member"}
_LONGEST_OPENING = max(len(phrase.split()) for phrase in _OPENINGS)
_BETWEEN = re.compile(r"([;\n]+)")
_REASON = re.compile(r"^\s*(?:,|:|vì|vi\b|lý do|ly do|do\b)[\s:,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text said of the attendance: the attendance now, and the words it changed, as they open a piece."""

    attendance: Attendance
    changed: tuple[str, ...]


def opens(text: str) -> bool:
    """Whether a text speaks of the attendance at all."""
    return _opening(text) is not None


def hear(attendance: Attendance, text: str, *, year: int) -> Heard | None:
    """Read "đại diện …; thư ký …; quyết định 125/QĐ-SNV 03/8/2026". None: a piece says nothing that can be read."""
    changed: list[str] = []
    gathered: list[tuple[str, list[str]]] = []
    pieces = _BETWEEN.split(text)
    for between, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        opening = _opening(piece)
        if opening is not None:
            gathered.append((opening[0], [opening[1]]))
        elif gathered and piece.strip():
            gathered[-1][1].extend((between, piece))
    for kind, said in gathered:
        after = _heard(attendance, kind, said, year)
        if after is None:
            return None
        about = "refusal" if kind == "consent" else kind
        unmarked = tuple(k for k in attendance.unmarked if k != about)
        typed_bare = kind not in ("decision", "consent") and not has_marks(text)
        attendance = replace(after, unmarked=(*unmarked, kind) if typed_bare else unmarked)
        changed.append(kind)
    return Heard(attendance, tuple(changed)) if changed else None


def _heard(attendance: Attendance, kind: str, said: Sequence[str], year: int) -> Attendance | None:
    if kind == "decision":
        return _decided(attendance, said[0], year)
    if kind == "consent":
        return replace(attendance, refusal="")
    if kind == "refusal":
        reason = in_a_sentence(_REASON.sub("", "".join(said)).strip("“” "))[:LONGEST_REASON]
        return replace(attendance, refusal=reason) if reason else None
    people = [one for one in (_person(words) for words in said[::2]) if one is not None]
    if not people:
        return None
    if kind == "unit":
        return replace(attendance, unit=tuple(people))
    return replace(attendance, team=_team(attendance.team, kind, people))


def _decided(attendance: Attendance, words: str, year: int) -> Attendance | None:
    read = document(words.strip("“” "), year=year)
    if read is None:
        return None
    return replace(attendance, decision=read.number_symbol, decided_on=read.issued)


def _person(words: str) -> Present | None:
    """ "Hoàng Thị Lan, Phó Chủ tịch": the name, then the office."""
    name, _, title = printable(words).strip(" ,.:“”").partition(",")
    if len(fold(name).split()) < 2 or any(char.isdigit() for char in name):
        return None
    return Present(name.strip()[:LONGEST], title.strip()[:LONGEST])


def _team(team: Sequence[Present], task: str, people: Sequence[Present]) -> tuple[Present, ...]:
    """The team with its head or secretary replaced, or with other members; who changes task keeps office and id."""
    known = {fold(one.name): one for one in team}
    new = []
    for one in people if task == MEMBER else people[:1]:
        before = known.get(fold(one.name), one)
        new.append(replace(before, task=task, title=one.title or before.title))
    names = {fold(one.name) for one in new}
    kept = [one for one in team if one.task != task and fold(one.name) not in names]
    order = (HEAD, SECRETARY, MEMBER)
    return tuple(sorted([*kept, *new], key=lambda one: order.index(one.task)))


def _opening(piece: str) -> tuple[str, str] | None:
    """What a piece speaks of, and what it says, maybe nothing; with marks or wholly without."""
    words = piece.strip().split()
    for length in range(min(_LONGEST_OPENING, len(words)), 0, -1):
        head = " ".join(words[:length]).rstrip(" ,:.")
        phrase = matches(head, _OPENINGS)
        if phrase is not None:
            return _OPENINGS[phrase], " ".join(words[length:]).lstrip(" :,")
    return None


def described(attendance: Attendance, language: str = "vi") -> str:
    """In one line, as the card of a unit shows it; what is not known is left out. Offices are quoted in English."""
    vi = language == "vi"
    said = []
    if attendance.decision:
        said.append(show_document(attendance.decision, attendance.decided_on, language))
    for task in (HEAD, SECRETARY):
        one = attendance.with_task(task)
        if one is not None:
            said.append(f"{task if vi else _TASKS_EN[task]} {one.name}")
    members = [one.name for one in attendance.team if one.task == MEMBER]
    if members:
        said.append(f"{MEMBER if vi else _TASKS_EN[MEMBER]} {', '.join(members)}")
    unit = "; ".join(
        ", ".join(filter(None, (one.name, one.title if vi or not one.title else f"“{one.title}”")))
        for one in attendance.unit
    )
    if unit:
        said.append(f"{'đại diện đơn vị' if vi else 'for the unit'} {unit}")
    return "; ".join(said)
