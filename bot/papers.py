"""Documents on their way to a chat: ordered in a turn, made when their turn to be sent has come, never in between.

The order lies in the outbox and says only which document of which visit or unit for whom; what it prints is read from
what is stored at the moment of sending, and so are the rights of whoever ordered it. A restart makes it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot import letters
from bot.documents.making import FELL_BACK, Made, filled
from bot.documents.minutes_fields import cited
from bot.documents.registry import KINDS
from bot.ledger import lateness
from inspection.access import may, scope
from inspection.documents.letters import Certificate, Conclusion, Exhibit, ReminderLetter, Report, exhibit_codes
from inspection.documents.minutes import Minutes, is_reportable, minutes_of
from inspection.documents.paper import MINUTES, READING_COPY, Paper
from inspection.figures import show_day
from inspection.phrases import Phrase
from inspection.visit import Status, Visit
from inspection.walk import Rules, Walk
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import calendar, checklists, documents, journal, people, units
from storage.outbox import Parcel
from storage.people import Person
from storage.units import Unit

if TYPE_CHECKING:
    from sqlalchemy import Connection

WORD_TEXT = Phrase("{title}, {unit}, {day} (Word).", "{title}, {unit}, {day} (Word).")
COPY_TEXT = Phrase(
    "{title}, {unit}, {day}: bản đọc (PDF), không thay thế văn bản đã ký.",
    "{title}, {unit}, {day}: reading copy (PDF); it does not replace the signed document.",
)
NARROWED = Phrase("{unit}, theo “{words}”", "{unit}, for “{words}”")
DRAFT = Phrase("Dự thảo {title}", "Draft: {title}")
INSTEAD = Phrase(
    "{title}, {unit}, {day} đã lập xong. Chưa nhận được tệp thì gõ {way} trên mạng gửi được tệp, hoặc liên hệ "
    "quản trị Hệ thống.",
    "{title}, {unit}, {day}: drawn up. If the file has not arrived, type {way} on a network that carries files, or "
    "ask your administrator.",
)
WAY = Phrase("/baocao", "/report")
WAYS = {"reminder": Phrase("/quahan", "/overdue"), "overdue": Phrase("/quahan", "/overdue")}
STEMS = {
    "minutes": "BB", "early_end": "BB", "report": "BC", "certificate": "Chung-thu", "conclusion": "TB",
    "reminder": "Don-doc", "overdue": "Qua-han",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """A document ready to be made: the data it prints, the authority's own template if it has one, and its words."""

    kind: str
    form: str
    data: Any
    template: bytes | None
    name: str
    text: str = ""
    instead: str = ""
    fell_back: str = ""  # said beside the file when the own template failed


def may_read(connection: Connection, person: Person, visit: Visit, on: datetime) -> bool:
    """Whether somebody may have the documents of a visit, by the roles of this moment.

    Those of its team while they inspect at the unit, and administrators of it; never the unit.
    """
    today = on.astimezone(LOCAL).date()
    if may(person, "read_documents") and units.covers(
        connection, scope(person, "read_documents"), visit.unit_id, today
    ):
        return True
    return (
        documents.takes_part(connection, person.id, visit)
        and may(person, "inspect")
        and units.covers(connection, scope(person, "inspect"), visit.unit_id, today)
    )


def ordered(connection: Connection, *, parcel: Parcel, now: datetime) -> Order | None:
    """What an order in the outbox asks for, from what is stored now; None: nothing to write up, or no right to it."""
    paper = Paper(**parcel.payload["paper"])
    person = people.get_many(connection, [parcel.person_id or ""], now.astimezone(LOCAL).date()).get(
        parcel.person_id or ""
    )
    if person is None:
        return None
    return (_of_unit if paper.kind in OF_UNIT else _of_visit)(connection, paper, person, now)


def _of_visit(connection: Connection, paper: Paper, person: Person, now: datetime) -> Order | None:
    visit = documents.visit(connection, paper.about)
    if visit is None or not is_reportable(visit) or not may_read(connection, person, visit, now):
        return None
    kind = "early_end" if paper.kind == MINUTES and visit.status is Status.ENDED_EARLY else paper.kind
    walk = Walk(visit, _rules(connection, visit, now), "vi")
    set_up_by = letters.issuer_of_visit(connection, visit, visit.attendance.decision).name
    minutes = minutes_of(walk, documents.number_of(connection, visit.id), set_up_by)
    data = BUILDERS[paper.kind](connection, visit, minutes, now)
    today = now.astimezone(LOCAL).date()
    return _order(
        Order(
            kind,
            paper.form,
            data,
            documents.template(connection, _ids(connection, visit.attendance.authority_id, today), kind),
            _file_name(_stem(kind, data), visit.unit_name, visit.on, paper.form),
        ),
        person,
        draft=KINDS[kind].drafted and data.draft,
        unit=visit.unit_name,
        day=show_day(visit.on, person.language),
    )


def _of_unit(connection: Connection, paper: Paper, person: Person, now: datetime) -> Order | None:
    """A letter to a unit or a list of an area, for an administrator who answers for it."""
    today = now.astimezone(LOCAL).date()
    unit = units.get(connection, paper.about, on=today)
    issuer = letters.sender(connection, unit.id, person, today) if unit is not None else None
    if unit is None or issuer is None:
        return None
    data = OF_UNIT[paper.kind](connection, unit, person, now, paper.words)
    if data is None:
        return None
    about = NARROWED[0 if person.language == "vi" else 1] if paper.words else "{unit}"
    return _order(
        Order(
            paper.kind,
            paper.form,
            data,
            documents.template(connection, _ids(connection, issuer.id, today), paper.kind),
            _file_name(_stem(paper.kind, data), unit.full_name, today, paper.form),
        ),
        person,
        unit=about.format(unit=unit.full_name, words=paper.words.strip()[:40]),
        day=show_day(today, person.language),
    )


def _order(order: Order, person: Person, *, draft: bool = False, **told: str) -> Order:
    """The order with what is said beside the file, or in its place."""
    at = 0 if person.language == "vi" else 1
    title = KINDS[order.kind].title[at]
    told |= {"title": DRAFT[at].format(title=title) if draft else title, "way": WAYS.get(order.kind, WAY)[at]}
    text = (COPY_TEXT if order.form == READING_COPY else WORD_TEXT)[at].format(**told)
    return replace(order, text=text, instead=INSTEAD[at].format(**told), fell_back=FELL_BACK[at])


def made(order: Order, now: datetime) -> Made:
    """The file. Slow, half a second: to be called in a thread."""
    fields = KINDS[order.kind].fields(order.data)
    return filled(order.kind, fields, order.template, now, copy=order.form == READING_COPY)


def _rules(connection: Connection, visit: Visit, now: datetime) -> Rules:
    working_days = calendar.current(connection, now.astimezone(LOCAL).date())
    late = lateness(working_days)
    return Rules(
        checklists.get(connection, visit.checklist_id), {"working-days": lambda due, issued: late(due, issued)}
    )


def _ids(connection: Connection, unit_id: str, today: date) -> list[str]:
    """A unit and those above it, the nearest first: whose template is used."""
    return [unit.id for unit in units.chain(connection, unit_id, today)]


def _stem(kind: str, data: Any) -> str:
    """How a file name begins: "Du-thao-BB", "BB-03" once the paper has a number of its own, "Chung-thu"."""
    stem = STEMS[kind]
    if not KINDS[kind].drafted:
        return stem
    if data.draft:
        return f"Du-thao-{stem}"
    return f"{stem}-{data.number:02d}" if data.number else stem


def _file_name(stem: str, unit_name: str, day: date, form: str) -> str:
    """ "Du-thao-BB-Tan-Doan-04-8-2026.docx"."""
    return f"{stem}-{in_a_file_name(unit_name)}-{show_day(day).replace('/', '-')}.{form}"


def in_a_file_name(unit_name: str) -> str:
    """ "Tan-Doan": letters every system can keep, at most sixty."""
    place = fold(unit_name)
    for prefix in ("ubnd ", "xa ", "phuong ", "tinh "):
        place = place.removeprefix(prefix)
    words = "".join(c if c.isalnum() else " " for c in place).split()
    return "-".join(word.capitalize() for word in words)[:60]


# --- the data of each kind --------------------------------------------------------------------------------------------


def _minutes(connection: Connection, visit: Visit, minutes: Minutes, now: datetime) -> Minutes:
    return minutes


def _report(connection: Connection, visit: Visit, minutes: Minutes, now: datetime) -> Report:
    """The report has its number and day from the office: both stay dotted."""
    return Report(minutes, None, None, minutes.set_up_by)


def _certificate(connection: Connection, visit: Visit, minutes: Minutes, now: datetime) -> Certificate:
    codes = exhibit_codes(minutes, visit)
    exhibits = tuple(
        Exhibit(
            codes.get(p.photo_id, ""),
            p.sender,
            p.received_at.astimezone(LOCAL),
            p.stored_at.astimezone(LOCAL),
            p.size,
            p.mime,
            p.sha256,
        )
        for p in documents.proofs(connection, visit.id)
    )
    seal = journal.newest(connection)
    return Certificate(
        issuer=letters.issuer_of_visit(connection, visit, visit.attendance.decision),
        unit=minutes.unit,
        visited=minutes.started,
        minutes=cited(minutes),
        moment=now.astimezone(LOCAL),
        exhibits=exhibits,
        record=documents.fingerprint(connection, visit.id),
        chain=seal.hash if seal else journal.START,
        row=seal.row if seal else 0,
        sealed_at=seal.at.astimezone(LOCAL) if seal else None,
        chain_whole=journal.verify(connection) is None,
        recipients=(letters.FILED,),
    )


def _conclusion(connection: Connection, visit: Visit, minutes: Minutes, now: datetime) -> Conclusion:
    return letters.conclusion(connection, visit, minutes)


BUILDERS: dict[str, Callable[[Any, Visit, Minutes, datetime], Any]] = {
    "minutes": _minutes,
    "report": _report,
    "certificate": _certificate,
    "conclusion": _conclusion,
}


def _reminder(connection: Connection, unit: Unit, by: Person, now: datetime, words: str) -> ReminderLetter | None:
    return letters.reminder(connection, unit, by, now)


OF_UNIT: dict[str, Callable[[Any, Unit, Person, datetime, str], Any]] = {
    "reminder": _reminder,
    "overdue": letters.overdue,
}
