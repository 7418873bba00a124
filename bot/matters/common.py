"""Sentences and small readings that both sides of a matter share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.talk import Talk
from inspection.access import may
from inspection.figures import DAY_TYPED, day, show_day, show_document, show_two
from inspection.obligations import Obligation, last_day, overdue_by, standing
from inspection.phrases import Phrase
from inspection.reminders import title_of
from inspection.words import fold, nfc, sort_key
from inspection.working_days import Calendar
from storage import obligations, requests, units
from storage.people import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

UNKNOWN = Phrase(
    "Không có việc mang mã {code} trong phạm vi của đồng chí. {instead}",
    "There is no task {code} in your area. {instead}",
)
INSTEAD = {  # by what somebody may do
    "report_obligation": Phrase("Gõ /kehoach để xem các việc.", "Type /plans for what is owed."),
    "answer_request": Phrase("Gõ /quahan để xem các việc quá hạn.", "Type /overdue for what is overdue."),
    "see_findings": Phrase("Gõ /tontai để xem các tồn tại, hạn chế.", "Type /findings for the findings."),
}
OTHERWISE = Phrase("Gõ /trogiup để xem các lệnh.", "Type /help for the commands.")
ANSWERED = Phrase(
    "Việc {code} đã có người trả lời trước đó. Không thay đổi gì.",
    "{code} has been answered before. Nothing was changed.",
)
STANDS = {
    "open": Phrase("còn trong thời hạn", "within time"),
    "overdue": Phrase("quá hạn {days} ngày làm việc", "overdue, working days: {days}"),
    "on_time": Phrase("hoàn thành đúng hạn", "done in time"),
    "on_time_by_extension": Phrase("hoàn thành đúng thời hạn đã gia hạn", "done in time, as extended"),
    "late": Phrase("hoàn thành trễ hạn", "done late"),
    "cancelled": Phrase("không thực hiện", "not to be done"),
}
REPORTED = Phrase("đã báo cáo, chờ xác nhận", "reported, to be confirmed")
TO_COMPLETE = Phrase("chờ bổ sung minh chứng", "proof to be completed")
LATE_TO_COMPLETE = Phrase(
    "quá hạn bổ sung minh chứng {days} ngày làm việc", "proof to be completed, working days overdue: {days}"
)
TOO_FAR = Phrase(
    "{code}: ngày {until} cách thời hạn hơn một năm, đề nghị đồng chí xem lại năm. Ví dụ: {code} 2 {day}",
    "{code}: {until} is more than a year after the due date, please look at the year. Example: {code} 2 {day}",
)
DUE_MOVED = Phrase("{due} (đã gia hạn, ban đầu {first})", "{due} (extended, at first {first})")

A_YEAR = timedelta(days=366)
FEWEST_LETTERS = 3  # of a reason
_DAY_FIRST = re.compile(
    rf"(?:(?:đến|den|ngày|ngay|until|to)\s+)*(?P<typed>{DAY_TYPED})[\s,;:.-]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


def words_in(language: str, phrase: Phrase, **values: object) -> str:
    """A phrase for somebody who is not the one speaking."""
    return (phrase.vi if language == "vi" else phrase.en).format(**values)


def say_unknown(talk: Talk, code: str) -> None:
    """That there is no such code for this person, with the list they may look it up in."""
    instead = next((phrase for act, phrase in INSTEAD.items() if may(talk.person, act)), OTHERWISE)
    talk.say(UNKNOWN, code=code, instead=talk.words(instead))


def overdue_of(connection: Connection, unit_ids: Iterable[str], today: date, calendar: Calendar) -> list[Obligation]:
    """What is overdue at units, and what was returned and not completed: not what waits for an answer.

    The longest overdue first, then in the order of the units' names, in the chat as on paper.
    """
    late = [o for o in obligations.of_units(connection, unit_ids) if is_overdue(o, today, calendar)]
    silenced = requests.silenced(connection, [o.id for o in late])
    named = units.get_many(connection, {o.unit_id for o in late}, on=today)

    def place(one: Obligation) -> tuple[int, str]:
        name = named[one.unit_id].name if one.unit_id in named else ""
        return -overdue_by(one, today, calendar), sort_key(name)

    return sorted((o for o in late if o.id not in silenced), key=place)


def is_overdue(one: Obligation, today: date, calendar: Calendar) -> bool:
    """Whether a unit has let its last day go by: the due date, or the day by which a returned report is completed."""
    returned = one.state == "returned" and today > last_day(one, calendar)
    return returned or standing(one, today, calendar) == "overdue"


def due_shown(one: Obligation, language: str) -> str:
    """The due date in force, and the first one where it was moved."""
    if not one.extended:
        return show_day(one.due, language)
    return words_in(language, DUE_MOVED, due=show_day(one.due, language), first=show_day(one.original_due, language))


def how_it_stands(one: Obligation, today: date, calendar: Calendar, language: str) -> str:
    """ "quá hạn 03 ngày làm việc", "đã báo cáo, chờ xác nhận"."""
    if one.state == "reported":
        return words_in(language, REPORTED)
    if one.state == "returned":
        late = calendar.working_days_between(last_day(one, calendar), today)
        return words_in(language, LATE_TO_COMPLETE if late > 0 else TO_COMPLETE, days=show_two(late, language))
    days = show_two(overdue_by(one, today, calendar), language)
    return words_in(language, STANDS[standing(one, today, calendar)], days=days)


def named(one: Obligation, language: str) -> str:
    """ "NV-2026-0147, Kế hoạch kỷ luật, kỷ cương năm 2026"."""
    title = title_of(one, language)
    return title if one.code in title else f"{one.code}, {title}"


def document_of(one: Obligation, language: str) -> str:
    """The document that reports it, "" where photos did."""
    return show_document(one.document, one.issued, language) if one.document else ""


def addressed(person: Person, language: str) -> str:
    """ "Hoàng Văn Bình, Chủ tịch Ủy ban nhân dân xã Điềm He"; a title is quoted in an English sentence."""
    title = person.title if language == "vi" else f"“{person.title}”"
    return f"{person.name}, {title}" if person.title else person.name


def unit_name(talk: Talk, unit_id: str) -> str:
    """A unit as it is called today."""
    found = units.get(talk.connection, unit_id, on=talk.ledger.today)
    return found.full_name if found is not None else ""


def day_first(text: str, today: date) -> tuple[date | None, str]:
    """A day at the beginning of a text, and what follows it; without a year it is the next such day."""
    found = _DAY_FIRST.match(nfc(text).strip())
    if found is None:
        return None, text.strip()
    read = day(found["typed"], year=today.year)
    if read is not None and read < today and not (found["year"] or found["of"]):
        read = day(found["typed"], year=today.year + 1)
    return read, found["rest"].strip()


def says_something(words: str) -> bool:
    """Whether it may be a reason: a number alone is a choice somebody meant, "ok" a slip of the thumb."""
    return sum(letter.isalpha() for letter in words) >= FEWEST_LETTERS


def split_number(text: str) -> tuple[str, str]:
    """A leading choice and the rest: "1 15/KH-UBND" is ("1", "15/KH-UBND"); "15/KH-UBND" is ("", "15/KH-UBND")."""
    head, _, rest = text.strip().partition(" ")
    number = fold(head).removeprefix("so").strip(" .(),:")
    return (number, rest.strip()) if number.isdigit() and len(number) == 1 else ("", text.strip())
