"""Documents on their way to a chat: ordered in a turn, made when their turn to be sent has come, never in between.

The order lies in the outbox and says only which document of which visit for whom; what it prints is read from the
stored visit at the moment of sending, and so are the rights of whoever ordered it. A restart makes it again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from bot.documents import word
from bot.documents.minutes_fields import SYMBOL
from bot.documents.reading_copy import UnreadableTemplateError, reading_copy_apart
from bot.documents.registry import KINDS, built_in
from bot.ledger import lateness
from inspection.access import may, scope
from inspection.documents.letters import Certificate, Exhibit, Issuer, Report, exhibit_codes
from inspection.documents.minutes import Minutes, is_reportable, minutes_of
from inspection.documents.paper import MINUTES, READING_COPY, Paper
from inspection.figures import show_day
from inspection.official import number_symbol
from inspection.phrases import Phrase
from inspection.visit import Status, Visit, to_json
from inspection.walk import Rules, Walk
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import calendar, checklists, documents, journal, people, units
from storage.outbox import Parcel
from storage.people import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

WORD_TEXT = Phrase("{title}, {unit}, {day} (Word).", "{title}, {unit}, {day} (Word).")
COPY_TEXT = Phrase(
    "{title}, {unit}, {day}: bản đọc (PDF), không thay thế văn bản đã ký.",
    "{title}, {unit}, {day}: reading copy (PDF); it does not replace the signed document.",
)
DRAFT = Phrase("Dự thảo {title}", "Draft: {title}")
INSTEAD = Phrase(
    "{title}, {unit}, {day} đã lập xong. Chưa nhận được tệp thì gõ /baocao trên mạng gửi được tệp, hoặc liên hệ "
    "quản trị Hệ thống.",
    "{title}, {unit}, {day}: drawn up. If the file has not arrived, type /report on a network that carries files, or "
    "ask your administrator.",
)
STEMS = {"minutes": "BB", "early_end": "BB", "report": "BC", "certificate": "Chung-thu"}


@dataclass(frozen=True, slots=True)
class Order:
    """A document ready to be made: the data it prints, the authority's own template if it has one, and its words."""

    kind: str
    form: str
    data: Any
    template: bytes | None
    name: str
    text: str
    instead: str


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
    today = now.astimezone(LOCAL).date()
    visit = documents.visit(connection, paper.visit_id)
    person = people.get_many(connection, [parcel.person_id or ""], today).get(parcel.person_id or "")
    if visit is None or person is None or not is_reportable(visit) or not may_read(connection, person, visit, now):
        return None
    kind = "early_end" if paper.kind == MINUTES and visit.status is Status.ENDED_EARLY else paper.kind
    walk = Walk(visit, _rules(connection, visit, now), "vi")
    minutes = minutes_of(walk, documents.number_of(connection, visit.id))
    data = BUILDERS[paper.kind](connection, visit, minutes, now)
    at = 0 if person.language == "vi" else 1
    title = KINDS[kind].title[at]
    if minutes.draft and KINDS[kind].drafted:
        title = DRAFT[at].format(title=title)
    told = {"title": title, "unit": visit.unit_name, "day": show_day(visit.on)}
    return Order(
        kind,
        paper.form,
        data,
        documents.template(connection, _above(connection, visit.attendance.authority_id, now), kind),
        _file_name(kind, minutes, visit, paper.form),
        (COPY_TEXT if paper.form == READING_COPY else WORD_TEXT)[at].format(**told),
        INSTEAD[at].format(**told),
    )


def made(order: Order, now: datetime) -> bytes:
    """The file. Slow, half a second: to be called in a thread. A template that fails is replaced by ours."""
    kind = KINDS[order.kind]
    fields = kind.fields(order.data)
    try:
        filled = word.fill(order.template or built_in(order.kind), fields)
        return reading_copy_apart(filled, now) if order.form == READING_COPY else filled
    except (TemplateError, UnreadableTemplateError):
        if order.template is None:
            raise
        log.exception("the authority's template of %s failed, the built-in one is used", order.kind)
        filled = word.fill(built_in(order.kind), fields)
        return reading_copy_apart(filled, now) if order.form == READING_COPY else filled


def _rules(connection: Connection, visit: Visit, now: datetime) -> Rules:
    working_days = calendar.current(connection, now.astimezone(LOCAL).date())
    late = lateness(working_days)
    return Rules(
        checklists.get(connection, visit.checklist_id), {"working-days": lambda due, issued: late(due, issued)}
    )


def _above(connection: Connection, unit_id: str, now: datetime) -> list[str]:
    """A unit and those above it, the nearest first."""
    found: list[str] = []
    today = now.astimezone(LOCAL).date()
    while unit_id and unit_id not in found:
        found.append(unit_id)
        unit = units.get(connection, unit_id, on=today)
        unit_id = (unit.parent_id if unit else None) or ""
    return found


def _file_name(kind: str, minutes: Minutes, visit: Visit, form: str) -> str:
    """ "Du-thao-BB-Tan-Doan-04-8-2026.docx": letters every system can keep."""
    place = fold(visit.unit_name)
    for prefix in ("ubnd ", "xa ", "phuong ", "tinh "):
        place = place.removeprefix(prefix)
    words = "-".join(word.capitalize() for word in "".join(c if c.isalnum() else " " for c in place).split())
    number = f"-{minutes.number:02d}" if minutes.number and not minutes.draft else ""
    draft = "Du-thao-" if minutes.draft and KINDS[kind].drafted else ""
    return f"{draft}{STEMS[kind]}{number}-{words[:60]}-{show_day(visit.on).replace('/', '-')}.{form}"


# --- the data of each kind --------------------------------------------------------------------------------------------


def _minutes(connection: Connection, visit: Visit, minutes: Minutes, now: datetime) -> Minutes:
    return minutes


def _report(connection: Connection, visit: Visit, minutes: Minutes, now: datetime) -> Report:
    """The report has its number and day from the office: both stay dotted."""
    return Report(minutes, None, None, visit.attendance.authority)


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
    authority = visit.attendance.authority
    place = authority.removeprefix("UBND ").partition(" ")[2] if authority.startswith("UBND ") else ""
    return Certificate(
        issuer=Issuer(authority, "", place),
        unit=minutes.unit,
        visited=minutes.started,
        minutes=f"Biên bản {number_symbol(minutes.number, SYMBOL).replace('Số: ', 'số ')}",
        moment=now.astimezone(LOCAL),
        exhibits=exhibits,
        record=hashlib.sha256(to_json(visit).encode()).hexdigest(),
        chain=journal.head(connection),
        chain_whole=journal.verify(connection) is None,
    )


BUILDERS: dict[str, Callable[[Any, Visit, Minutes, datetime], Any]] = {
    "minutes": _minutes,
    "report": _report,
    "certificate": _certificate,
}
