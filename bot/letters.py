"""What an authority writes to its units and about them: the letter of reminder, the list of what is overdue, the
notice of conclusions. Each is worked out from what is stored at the moment; number, day and signature are the office's.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.documents.letter_fields import overall
from bot.documents.minutes_fields import cited
from bot.matters.common import overdue_of
from bot.narrowing import in_full, narrowed
from inspection.access import scope
from inspection.documents.letters import (
    Concluded,
    Conclusion,
    Issuer,
    OverdueList,
    OverdueUnit,
    Owed,
    ReminderLetter,
    Signer,
)
from inspection.documents.minutes import Minutes
from inspection.obligations import REMEDY, Obligation, overdue_by
from inspection.official import place_of
from inspection.reminders import title_of
from inspection.visit import Visit
from inspection.working_days import LOCAL, Calendar
from storage import calendar, remedies, units
from storage.export.scope import area_of
from storage.people import Person
from storage.units import Unit

if TYPE_CHECKING:
    from sqlalchemy import Connection

LETTER_ANSWER = 3  # working days a letter of reminder leaves for its answer
UNSIGNED = Signer(())
BLANK = "……"  # a symbol the office gives
FILED = "Lưu: VT"
# Subjects that name a document, and no act as "Rà soát thủ tục hành chính" or "Báo cáo kết quả" does.
TO_BE_ISSUED = ("kế hoạch", "nội quy", "quy chế", "quy định", "quyết định", "chỉ thị", "chương trình", "phương án")


def sender(connection: Connection, unit_id: str, by: Person, today: date) -> Unit | None:
    """The unit in whose name somebody writes to another: the nearest above it, or itself, that they answer for."""
    area = scope(by, "answer_request")
    return next((unit for unit in units.chain(connection, unit_id, today) if unit.id in area), None)


def reminder(connection: Connection, unit: Unit, by: Person, now: datetime) -> ReminderLetter | None:
    """The letter that urges a unit, from the unit its sender answers for; None while nothing is overdue there."""
    working_days, today = _today(connection, now)
    issuer = sender(connection, unit.id, by, today)
    late = overdue_of(connection, [unit.id], today, working_days)
    if issuer is None or not late:
        return None
    return ReminderLetter(
        issuer=issuer_of(issuer),
        number=None,
        symbol=BLANK,
        day=None,
        addressed_to=unit.full_name,
        owed=tuple(Owed(_task(o), o.directive, o.due, overdue_by(o, today, working_days)) for o in late),
        answer_by=working_days.add_working_days(today, LETTER_ANSWER),
        signer=UNSIGNED,
        recipients=("Như trên", FILED),
    )


def _task(one: Obligation) -> str:
    """What is to be done, not what is wrong: "Ban hành Kế hoạch …", "Khắc phục tồn tại, hạn chế TT-2026-012: …"."""
    if one.kind == REMEDY:
        return f"{title_of(one)}: {one.subject.rstrip('.')}"
    return f"Ban hành {one.title}" if one.subject.lower().startswith(TO_BE_ISSUED) else one.title


def overdue(connection: Connection, area: Unit, by: Person, now: datetime, words: str) -> OverdueList:
    """What is overdue at a unit and everywhere below it, as the chat lists it; of it what the words name."""
    working_days, today = _today(connection, now)
    below = area_of(connection, [area.id], today).units
    late = narrowed(connection, overdue_of(connection, below, today, working_days), words, today, by.language)
    named = units.get_many(connection, {o.unit_id for o in late}, on=today)

    def line(one: Obligation) -> OverdueUnit:
        return OverdueUnit(
            named[one.unit_id].full_name, _task(one), one.code, one.due, overdue_by(one, today, working_days)
        )

    lines = tuple(line(one) for one in late if one.unit_id in named)
    return OverdueList(
        issuer_of(area), area.full_name, now.astimezone(LOCAL), lines, UNSIGNED, (FILED,),
        only=in_full(connection, late, words, today),
    )  # fmt: skip


def conclusion(connection: Connection, visit: Visit, minutes: Minutes) -> Conclusion:
    """The notice of conclusions of a signed visit: a draft to be numbered and signed, until its number is entered.

    Issued, it reads as it was issued: an extension given later changes what is owed, not the paper that was sent.
    """
    found = remedies.of_visit(connection, visit.id)
    notice = remedies.notice_of(connection, visit.id)
    number, _, symbol = notice.document.partition("/") if notice else ("", "", "")
    dues = [finding.original_due for finding in found if finding.original_due]
    if notice and not dues:  # an earlier day never delays the report on what is new
        dues = [earlier.due for earlier in minutes.still_open if earlier.due and not earlier.overdue]
    return Conclusion(
        issuer=issuer_of_visit(connection, visit, notice.document if notice else visit.attendance.decision),
        number=int(number) if number.isdigit() else None,
        symbol=symbol or f"TB-{BLANK}",
        day=notice.issued if notice else None,
        unit=visit.unit_name,
        visited_on=visit.on,
        minutes=cited(minutes),
        results=(overall(minutes),),
        strengths=minutes.strengths,
        findings=tuple(
            Concluded(one.number, one.sentence, one.remedy_days, one.original_due, one.remedied, one.repeat_of)
            for one in found
        ),
        still_open=minutes.still_open,
        report_due=max(dues, default=None),
        signer=UNSIGNED,
        recipients=(visit.unit_name, FILED),
    )


def _today(connection: Connection, now: datetime) -> tuple[Calendar, date]:
    today = now.astimezone(LOCAL).date()
    return calendar.current(connection, today), today


def issuer_of(unit: Unit) -> Issuer:
    """A unit at the head of what it issues; a department dates it from where its committee sits."""
    return Issuer(unit.full_name, unit.parent_name, place_of(unit.full_name) or place_of(unit.parent_name))


def issuer_of_visit(connection: Connection, visit: Visit, document: str) -> Issuer:
    """Who issues a document about a visit, as its symbol says."""
    authority = visit.attendance.authority
    unit = units.issuing(connection, visit.attendance.authority_id, document, on=visit.on)
    return issuer_of(unit) if unit is not None else Issuer(authority, "", place_of(authority))
