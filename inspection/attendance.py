"""Who takes part in a visit and by which decision: what the minutes need beside the answers.

It is known beforehand, from the visit before and from who holds which office; what is wrong or missing is corrected by
a few words at any time before the signature ("đại diện Hoàng Thị Lan, Phó Chủ tịch"). Nothing of it holds a visit up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from inspection.figures import document, show_document
from inspection.official import DOTS, in_a_sentence, printable
from inspection.words import canonical, fold, has_marks, matches, nfc

ORDER = HEAD, SECRETARY, MEMBER = "Trưởng đoàn", "Thư ký", "thành viên"
LEAVES = "leaves"  # a member who is not of the team after all
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
        team = tuple(one for one in self.team if one.task not in self.unmarked or not _unsure([one]))
        unit = tuple(one for one in self.unit if "unit" not in self.unmarked or not _unsure([one]))
        return replace(self, team=team, unit=unit, refusal=DOTS if "refusal" in self.unmarked else self.refusal)

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
Known = Callable[[str], Present | None]  # the one person of the Hệ thống a name means


def nobody(name: str) -> Present | None:
    """Nobody is known by name."""
    return None


# Who signs or will not, as it is said: a refusal is no name of the unit's representative.
_SIGNS = ("", "đơn vị ", "đại diện ", "đại diện đơn vị ")
_SIGNS_EN = ("", "unit ", "the unit ", "representative ")
# What a piece may begin with; each is followed by what it says.
_OPENINGS = {
    "đại diện đơn vị": "unit",
    "đại diện": "unit",
    "quyết định": "decision",
    "trưởng đoàn": HEAD,
    "thư ký": SECRETARY,
    "thành viên": MEMBER,
    "bớt thành viên": LEAVES,
    **{f"{who}{word}": "refusal" for who in _SIGNS for word in ("từ chối ký", "không ký", "không đồng ý ký")},
    **{f"{who}đồng ý ký": "consent" for who in _SIGNS},
    "representative": "unit",
    "decision": "decision",
    "head of team": HEAD,
    "secretary": SECRETARY,
    "member": MEMBER,
    "remove member": LEAVES,
    **{f"{who}refused to sign": "refusal" for who in _SIGNS_EN},
    **{f"{who}agreed to sign": "consent" for who in _SIGNS_EN},
}
_TASKS_EN = {HEAD: "head of team", SECRETARY: "secretary", MEMBER: "member"}
_LONGEST_OPENING = max(len(phrase.split()) for phrase in _OPENINGS)
_BETWEEN = re.compile(r"([;\n]+)")
# What stands between a refusal and its reason: "(vào) biên bản (làm việc), lý do: …".
_BECAUSE = r"(?:(?:với|voi)\s+)?(?:(?:lý|lí|ly|li)\s+do(?:\s+(?:là|la))?|(?:vì|vi)(?!\s+ph[ạa]m\b)|do|because)\b"
_REASON = re.compile(
    r"^\s*(?:(?:(?:vào|vao)\s+)?(?:biên\s+bản|bien\s+ban)(?:\s+(?:kiểm\s+tra|kiem\s+tra|làm\s+việc|lam\s+viec))?"
    rf"(?=\s*(?:$|[,:.;–-]|{_BECAUSE}))|the\s+minutes\b)?(?:[\s,:.;–-]*{_BECAUSE})*[\s,:.;–-]*",
    re.IGNORECASE,
)
# How people are addressed before their name; a name of two words and more follows, or the given name alone.
# "ba" and "ong" are forms of address only where nothing else has its tone marks either.
_ADDRESS = re.compile(r"^(?:(?:ông|bà|anh|chị|đồng chí|đ/c|mrs?|ms)\b[.:]?\s+)+", re.IGNORECASE)
_ADDRESS_UNMARKED = re.compile(r"^(?:(?:ong|ba|anh|chi|dong chi|d/c|mrs?|ms)\b[.:]?\s+)+", re.IGNORECASE)
_BEFORE_OFFICE = re.compile(r"\s+[-–—]\s+|,")
# Words that make of "tu choi ky" in the place of a name a refusal that was not understood.
_NO_NAME = re.compile(r"\b(?:từ chối|tu choi|không|khong|đồng ý|dong y) (?:ký|ky)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text said of the attendance: the attendance now, and the words it changed, as they open a piece.

    staying: who was to leave and does not, each as the phrase that says why and the name; conducts: the id of the
    person whose visit it is, who does not leave the team.
    """

    attendance: Attendance
    changed: tuple[str, ...]
    staying: tuple[tuple[str, str], ...] = ()
    conducts: str = ""

    def removable(self) -> Present | None:
        """The member named last who can be taken out again."""
        return next((one for one in reversed(_members(self.attendance.team)) if not _is(one, self.conducts)), None)


def opens(text: str) -> bool:
    """Whether a text speaks of the attendance at all."""
    return _opening(text) is not None


def hear(attendance: Attendance, text: str, *, year: int, known: Known = nobody, conducts: str = "") -> Heard | None:
    """Read "đại diện …; thư ký …; quyết định 125/QĐ-SNV 03/8/2026". None: a piece says nothing that can be read.

    Members join those there are; what is known of a person and was not said is filled in.
    """
    changed: list[str] = []
    staying: list[tuple[str, str]] = []
    # Another head or secretary first: who had the task until now may be a plain member by the same text.
    for kind, said in sorted(_gathered(text), key=lambda piece: piece[0] not in (HEAD, SECRETARY)):
        named = _people(attendance, said[::2], known) if kind in (*ORDER, "unit") else []
        stay: list[tuple[str, str]] = []
        if kind == LEAVES:
            named, stay = _leaving(attendance.team, said[::2], conducts)
        after = _heard(attendance, kind, said, named, year)
        staying += stay
        if after is not None:
            attendance = replace(after, unmarked=_unmarked(after, kind, named, bare=not has_marks(text)))
            changed.append(kind)
        elif not stay:
            return None
    return Heard(attendance, tuple(changed), tuple(staying), conducts) if changed or staying else None


def _gathered(text: str) -> list[tuple[str, list[str]]]:
    """What each opening says: pieces, and between any two what was typed between them."""
    gathered: list[tuple[str, list[str]]] = []
    pieces = _BETWEEN.split(nfc(text))
    for between, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        opening = _opening(piece)
        if opening is not None:
            gathered.append((opening[0], [opening[1]]))
        elif gathered and piece.strip():
            gathered[-1][1].extend((between, piece))
    return gathered


def _heard(
    attendance: Attendance, kind: str, said: Sequence[str], named: Sequence[Present], year: int
) -> Attendance | None:
    if kind == "decision":
        return _decided(attendance, said[0], year)
    if kind == "consent":
        return replace(attendance, refusal="")
    if kind == "refusal":
        reason = in_a_sentence(_REASON.sub("", "".join(said)).strip("“” "))[:LONGEST_REASON]
        return replace(attendance, refusal=reason) if reason else None
    if not named or any(_NO_NAME.search(words) for words in said):
        return None
    if kind == LEAVES:
        return replace(attendance, team=tuple(one for one in attendance.team if one not in named))
    if kind == "unit":
        return replace(attendance, unit=tuple(named))
    return replace(attendance, team=_team(attendance.team, kind, named))


def _leaving(
    team: Sequence[Present], said: Sequence[str], conducts: str
) -> tuple[list[Present], list[tuple[str, str]]]:
    """Who leaves the team, and who does not: nobody there is called so, or it is the person whose visit it is."""
    leaving: list[Present] = []
    staying = []
    for name in filter(fold, (_name_and_office(words)[0] for words in said)):
        meant = [one for one in _members(team) if _ends(one.name, name)]
        leaving += [one for one in meant if not _is(one, conducts)]
        staying += [("member_conducts", one.name) for one in meant if _is(one, conducts)]
        if not meant:
            staying.append(("member_not_there", name))
    return leaving, staying


def _members(team: Sequence[Present]) -> list[Present]:
    return [one for one in team if one.task == MEMBER]


def _is(one: Present, person_id: str) -> bool:
    return bool(person_id) and one.person_id == person_id


def _ends(name: str, ending: str) -> bool:
    """Whether a name is this one, or ends as it: the given name stands last."""
    return f" {fold(name)}".endswith(f" {fold(ending)}")


def _unmarked(after: Attendance, kind: str, named: Sequence[Present], *, bare: bool) -> tuple[str, ...]:
    """What is to be typed again with tone marks, now that a piece was heard."""
    about = {"consent": "refusal", LEAVES: MEMBER}.get(kind, kind)
    waits = bare and (kind == "refusal" or (kind != LEAVES and _unsure(named)))
    if about == MEMBER and MEMBER in after.unmarked:
        waits = waits or _unsure([one for one in _members(after.team) if not _among(one.name, named)])
    others = tuple(one for one in after.unmarked if one != about)
    return (*others, about) if waits else others


def _unsure(people: Sequence[Present]) -> bool:
    """Whether a name may lack its tone marks, because nobody knows the person, or an office."""
    return any(not (one.person_id or has_marks(one.name)) or (one.title and not has_marks(one.title)) for one in people)


def _decided(attendance: Attendance, words: str, year: int) -> Attendance | None:
    """The decision as typed. None where a day was typed that cannot be read: it never wipes the day that is known."""
    read = document(words.strip("“” "), year=year)
    if read is None or (read.issued is None and any(char.isdigit() for char in read.rest)):
        return None
    known = attendance.decided_on if read.number_symbol == attendance.decision else None
    return replace(attendance, decision=read.number_symbol, decided_on=read.issued or known)


def _people(attendance: Attendance, said: Sequence[str], known: Known) -> list[Present]:
    """ "Hoàng Thị Lan, Phó Chủ tịch": the name, then the office; of who is known, office and id as well."""
    people = []
    for words in said:
        name, title = _name_and_office(words)
        if len(fold(name).split()) < 2 or any(char.isdigit() for char in name):
            continue
        here = (one for one in (*attendance.team, *attendance.unit) if _same(name, one.name))
        found = next(here, None) or known(name) or Present(name)
        name = found.name if has_marks(found.name) else name
        title = title if title and fold(title) != fold(found.title) else found.title
        people.append(replace(found, name=name, title=title, task=""))
    return people


def _name_and_office(words: str) -> tuple[str, str]:
    """ "bà Hoàng Thị Lan - Phó Chủ tịch": the name without the form of address, and the office, "" if not said."""
    name, _, title = _BEFORE_OFFICE.sub(",", printable(words), count=1).strip(" ,.:“”").partition(",")
    address = _ADDRESS if has_marks(words) else _ADDRESS_UNMARKED
    return address.sub("", name.strip())[:LONGEST], title.strip()[:LONGEST]


def _same(typed: str, name: str) -> bool:
    """Whether both mean one person: letter by letter, or where one of them has no tone marks without them."""
    return fold(typed) == fold(name) and (
        canonical(typed) == canonical(name) or not has_marks(typed) or not has_marks(name)
    )


def _among(name: str, people: Sequence[Present]) -> bool:
    return any(_same(name, one.name) for one in people)


def _team(team: Sequence[Present], task: str, people: Sequence[Present]) -> tuple[Present, ...]:
    """The team with another head or secretary, or with more members; nobody has two tasks.

    The head and the secretary stay what they are when they are named among the members.
    """
    officers = [one for one in team if one.task != MEMBER]
    named = [one for one in people if not _among(one.name, officers)] if task == MEMBER else people[:1]
    new = [replace(one, task=task) for one in named]
    kept = [one for one in team if not _among(one.name, new) and (task == MEMBER or one.task != task)]
    return tuple(sorted([*kept, *new], key=lambda one: ORDER.index(one.task)))


def _opening(piece: str) -> tuple[str, str] | None:
    """What a piece speaks of, and what it says, maybe nothing; with marks or wholly without."""
    words = piece.strip().split()
    for length in range(min(_LONGEST_OPENING, len(words)), 0, -1):
        head = " ".join(word.rstrip(",:.") for word in words[:length])
        phrase = matches(head, _OPENINGS)
        said = " ".join(words[length:])
        if phrase is not None and not (phrase == "không ký" and _signs_else(words[length - 1], said)):
            return _OPENINGS[phrase], said.lstrip(" :,")
    return None


def _signs_else(last: str, said: str) -> bool:
    """Whether "không ký" goes on with something that is not signed: "không ký sổ trực" is no refusal."""
    return bool(said) and last[-1] not in ",:." and _REASON.sub("", said) == said


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
    members = [one.name for one in _members(attendance.team)]
    if members:
        said.append(f"{MEMBER if vi else _TASKS_EN[MEMBER]} {', '.join(members)}")
    unit = "; ".join(
        ", ".join(filter(None, (one.name, one.title if vi or not one.title else f"“{one.title}”")))
        for one in attendance.unit
    )
    if unit:
        said.append(f"{'đại diện đơn vị' if vi else 'for the unit'} {unit}")
    return "; ".join(said)
