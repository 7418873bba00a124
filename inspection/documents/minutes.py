"""The minutes of a visit (biên bản kiểm tra), built from the visit alone: nothing in them is worked out twice.

Words typed wholly without tone marks are left dotted; a finding is a shortcoming ("tồn tại, hạn chế"), never more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from inspection.attendance import MEMBER, Attendance, Present
from inspection.checklist import Item
from inspection.found import StillOpen, findings_of, still_open_of
from inspection.official import dated_in_full, day_of, in_a_sentence, in_full, lines_of, or_dots, rank_of
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import is_na
from inspection.scoring import fill
from inspection.visit import Answer, Photo, Status, Visit
from inspection.walk import Walk, shown_key, unasked_words
from inspection.working_days import LOCAL

PRESENCE = ("tong", "co_mat", "vang_co_ly_do", "vang_khong_ly_do")  # the fields that make an item the count of heads
COPIES = 2
EARLIER_NOTICE = "Thông báo kết luận kiểm tra kỳ trước"  # as a checklist names the basis nobody can number
OR_NONE = (", hoặc không có", ", or none")
ELSEWHERE = "Ghi tại phần ý kiến của đơn vị"


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of the table of results; code: of its item, by which a finding points to it."""

    code: str
    label: str
    result: str
    note: str


@dataclass(frozen=True, slots=True)
class JudgedSection:
    """A part of the checklist with its lines; met and failed count its items."""

    code: str
    title: str
    lines: tuple[Judged, ...]
    met: int
    failed: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Heads counted at a moment of the visit ("08:12")."""

    clock: str
    total: int
    present: int
    absent_with_reason: int
    absent_without_reason: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A shortcoming as the minutes record it; remedy_days: working days from the notice, 0 = to be learnt from.

    repeat_of: the number of the earlier finding it repeats, "" for none.
    """

    code: str
    sentence: str
    remedy_days: int
    photos: tuple[str, ...] = ()
    repeat_of: str = ""


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo of the annex: its code ("A04-01"), what it shows, when it was stored (local), its fingerprint."""

    code: str
    subject: str
    at: datetime | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything the minutes print. Times are local. `early_reason`: why the visit ended before its end, else ""."""

    draft: bool
    number: int | None
    attendance: Attendance
    set_up_by: str  # who decided on the team and is reported to: "Sở Nội vụ"
    unit: str  # in full: "Ủy ban nhân dân xã Điềm He"
    area: str  # "tỉnh Lạng Sơn", "" if unknown
    started: datetime
    ended: datetime | None
    period_from: date | None
    bases: tuple[str, ...]
    sections: tuple[JudgedSection, ...]
    presence: Presence | None
    strengths: tuple[str, ...]
    findings: tuple[Finding, ...]
    still_open: tuple[StillOpen, ...]
    explanation: tuple[str, ...]  # the unit's own words, a paragraph each
    photos: tuple[PhotoLine, ...]
    score: Decimal | None = None
    grade: str | None = None
    early_reason: str = ""
    no_photo: str = ""  # why an early end has no photo
    copies: int = COPIES

    def witnesses(self) -> tuple[Present, ...]:
        """The two of the team who sign where nobody of the unit does; head and secretary sign as such already."""
        return tuple(one for one in self.attendance.team if one.task == MEMBER)[:2]


def minutes_of(walk: Walk, number: int | None, set_up_by: str) -> Minutes:
    """The minutes of a visit as it stands; a draft until it is signed or ended; `set_up_by`: who sent the team."""
    visit = walk.visit
    judged = walk.result()
    return Minutes(
        draft=visit.status not in (Status.SIGNED, Status.ENDED_EARLY),
        number=number,
        attendance=visit.attendance.printed(),
        set_up_by=set_up_by,
        unit=in_full(visit.unit_name),
        area=_area(visit.attendance.authority),
        started=visit.started_at.astimezone(LOCAL),
        ended=visit.finished_at.astimezone(LOCAL) if visit.finished_at else None,
        period_from=visit.period_from,
        bases=_bases(walk),
        sections=tuple(_sections(walk)),
        presence=_presence(walk),
        strengths=tuple(_strengths(walk)),
        findings=tuple(_findings(walk)),
        still_open=tuple(still_open_of(walk)),
        explanation=_explanation(walk),
        photos=tuple(_photos(walk)),
        score=judged.score,
        grade=judged.grade,
        early_reason=or_dots(in_a_sentence(visit.early_reason)) if visit.early_reason else "",
        no_photo=or_dots(in_a_sentence(visit.excuses["early"])) if "early" in visit.excuses else "",
    )


def _area(authority: str) -> str:
    return authority.removeprefix("UBND ") if authority.startswith("UBND ") else ""


def _bases(walk: Walk) -> tuple[str, ...]:
    """The legal documents behind the findings that were in force on the day of the visit, by rank and day.

    "The earlier notice" cites nothing: the notices of the findings still open stand for it, if there are any.
    """
    found = {base for key in walk.failed() for base in walk.checklist.bases_in_force(walk.item(key), walk.visit.on)}
    titles = {base.title: base.valid_from for base in found if base.title != EARLIER_NOTICE}
    if EARLIER_NOTICE in {base.title for base in found}:
        notices = {prior.notice for prior in walk.visit.priors if prior.notice}
        titles |= {f"{notice} kết luận kiểm tra kỳ trước": None for notice in notices}
    ranked = sorted(titles, key=lambda title: (rank_of(title), day_of(title) or titles[title] or date.max, title))
    return tuple(dated_in_full(title) for title in ranked)


def _sections(walk: Walk) -> Iterator[JudgedSection]:
    for section in walk.checklist.sections.values():
        keys = [key for key in _told(walk) if walk.item(key).section == section.code]
        lines = [_judged(walk, key) for key in keys]
        if not all(_is_explanation(walk.item(key)) for key in keys):  # which has a part of its own
            counts = [walk.status(key) for key in keys]
            yield JudgedSection(
                section.code, section.title.vi, tuple(lines), counts.count("met"), counts.count("not_met")
            )


def _told(walk: Walk) -> list[str]:
    """What has a line: all that is settled, but after an early end only what somebody answered."""
    return [key for key in walk.settled() if key in walk.visit.answers or not walk.visit.early_reason]


def _judged(walk: Walk, key: str) -> Judged:
    result = _result(walk, key)
    return Judged(shown_key(walk, key), label_of(walk, key), result[:1].upper() + result[1:], _note(walk, key))


def _result(walk: Walk, key: str) -> str:
    unasked = unasked_words(walk, key)
    if unasked:
        return unasked
    item, status, answer = walk.item(key), walk.status(key), walk.visit.answers[key]
    if item.answer_type == "text":
        return ELSEWHERE if _is_explanation(item) and not walk.visit.early_reason else _words(answer)
    result = QUESTION_TYPES[item.answer_type].show(item, answer.value, "vi")
    if status in ("met", "not_met") and item.answer_type != "pass_fail_na" and not is_na(answer.value):
        result = f"{result}; {'đạt' if status == 'met' else 'không đạt'}"
    return result


def _words(answer: Answer) -> str:
    """Free words line by line, and a note that was made of them."""
    told = "\n".join((str(answer.value["noi_dung"]), answer.note))
    return or_dots("\n".join(lines_of(told)))


def label_of(walk: Walk, key: str, language: str = "vi") -> str:
    """What a line is about, in the words of the prompt without what only the prompt needs."""
    item, place = walk.item(key), 0 if language == "vi" else 1
    if item.answer_type == "count" and item.system:  # its prompt shows the system's figures, not what they are
        return fill(walk.checklist, walk.facts, key, item.question)[place].partition("?")[0]
    text = fill(walk.checklist, walk.facts, key, item.short)[place]
    if item.answer_type == "text":
        return text.removesuffix(OR_NONE[place])
    return text.partition(":")[0] if item.answer_type == "doc_ref" else text.partition(" (")[0]


def _note(walk: Walk, key: str) -> str:
    visit, answer, item = walk.visit, walk.visit.answers.get(key), walk.item(key)
    if answer is None:
        return ""
    said = []
    if walk.status(key) == "not_met":
        said += [reason.label.vi for reason in item.reasons if reason.letter in answer.letters]
    if answer.note and item.answer_type != "text":
        said.append(or_dots("\n".join(lines_of(answer.note))))
    codes = _codes(walk, key)
    if codes:
        said.append(f"ảnh {', '.join(codes)}")
    if key in visit.excuses and not codes:
        said.append(f"không có ảnh: {or_dots(in_a_sentence(visit.excuses[key]))}")
    noted = "; ".join(said)
    return noted[:1].upper() + noted[1:]


def _codes(walk: Walk, key: str) -> tuple[str, ...]:
    return tuple(photo_code(walk, photo) for photo in walk.visit.photos_of(key) if photo.state == "stored")


def photo_code(walk: Walk, photo: Photo) -> str:
    """ "A04-01"; a photo of an early end belongs to no item: "00-01"."""
    return f"{shown_key(walk, photo.key) if photo.key in walk.keys else '00'}-{photo.number:02d}"


def _presence(walk: Walk) -> Presence | None:
    for key in walk.keys:
        answer = walk.visit.answers.get(key)
        if answer is not None and set(PRESENCE) <= set(answer.value):
            counted = (int(answer.value[name]) for name in PRESENCE)
            return Presence(str(answer.value.get("thoi_diem", "")), *counted)
    return None


def _strengths(walk: Walk) -> Iterator[str]:
    """The parts where everything judged was met, and what has been remedied since the visit before."""
    for section in _sections(walk):
        if section.met and not section.failed:
            yield f"{section.title}: {section.met:02d}/{section.met:02d} nội dung đạt"
    for key in walk.keys:
        prior = walk.visit.prior(key)
        if prior is not None and walk.status(key) == "met":
            yield f"Đã khắc phục tồn tại {prior.number}: {prior.sentence.rstrip('.')}"


def _findings(walk: Walk) -> Iterator[Finding]:
    for found in findings_of(walk):
        codes = _codes(walk, found.key)
        yield Finding(found.code, found.sentence.rstrip("."), found.remedy_days, codes, found.repeat_of)


def _explanation(walk: Walk) -> tuple[str, ...]:
    """The unit's own words: the free text that is asked before the signature."""
    said: list[str] = []
    for key in walk.keys:
        item, answer = walk.item(key), walk.visit.answers.get(key)
        if answer is not None and _is_explanation(item):
            said += _words(answer).split("\n")
    return tuple(said)


def _is_explanation(item: Item) -> bool:
    return item.answer_type == "text" and item.asked_at == "sign_off"


def _photos(walk: Walk) -> Iterator[PhotoLine]:
    places = {key: place for place, key in enumerate(walk.keys)}
    stored = [photo for photo in walk.visit.photos if photo.state == "stored"]
    for photo in sorted(stored, key=lambda p: (places.get(p.key or "", len(places)), p.number)):
        subject = label_of(walk, photo.key) if photo.key in places else "Trụ sở đơn vị tại thời điểm kiểm tra"
        at = photo.at.astimezone(LOCAL) if photo.at else None
        yield PhotoLine(photo_code(walk, photo), subject, at, photo.sha256)


def grouped_by_days(findings: Sequence[Finding]) -> dict[int, list[int]]:
    """The places (from 1) of the findings by the working days they have, the shortest first; 0 stands last."""
    groups: dict[int, list[int]] = {}
    for place, finding in enumerate(findings, start=1):
        groups.setdefault(finding.remedy_days, []).append(place)
    return dict(sorted(groups.items(), key=lambda group: (group[0] == 0, group[0])))


def is_reportable(visit: Visit) -> bool:
    """Whether there is something to write up: complete, signed or ended early."""
    return visit.status in (Status.AWAITING_SIGNATURE, Status.SIGNED, Status.ENDED_EARLY)
