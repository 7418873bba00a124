"""What is known so far of a directive being entered; each piece is read by itself, and says what is wrong with it.

A draft lives in the focus of the prompt, so that it survives a restart and an older prompt keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.matters.common import unit_name
from bot.talk import Talk
from inspection.access import scope
from inspection.directives import (
    LONGEST,
    LONGEST_SUBJECT,
    LONGEST_WORK,
    cite,
    due_fault,
    read_due,
    read_kind,
    read_number,
    read_yearly,
    split_year,
)
from inspection.figures import show_day
from inspection.obligations import REMEDY, Kind
from inspection.phrases import Phrase
from inspection.words import fold, nfc
from storage import directives, units
from storage.directives import AddresseesError, Demand, Directive
from storage.units import Unit

# id, issuer, number, issued (ISO), subject, parent; of the demand in hand kind, name, work, to, due, yearly;
# demands: those before it; carries: a yearly demand it goes on from; trail: the pieces that were asked, in order.
Draft = dict[str, Any]
DOCUMENT, DEMAND = ("issuer", "number", "subject", "parent"), ("kind", "to", "due", "yearly")
SKIP = ("bo qua", "khong", "khong co", "skip", "none", "no")
_TO = ("tất cả", "loại: xã, phường", "loại: sở")

NUMBER_UNREAD = Phrase(
    "Chưa đọc được số, ký hiệu và ngày của văn bản (ngày phải có trong lịch). Ví dụ: 09/UBND-NC {day}; chỉ có số thì gõ 43 {day}",
    "Number, symbol and date could not be read (the date must exist). Example: 09/UBND-NC {day}; with a number alone 43 {day}",
)
NUMBER_LATER = Phrase(
    "Ngày {on} sau hôm nay. Đề nghị gõ lại số, ký hiệu và ngày. Ví dụ: 09/UBND-NC {day}",
    "{on} is after today. Please type number, symbol and date again. Example: 09/UBND-NC {day}",
)
NUMBER_TWICE = Phrase(
    "Năm {year}, {unit} đã có văn bản số {number} (ngày {on}). Đề nghị gõ lại số; nếu muốn giao thêm việc theo văn bản đó: /vanban {number} {year}",
    "In {year} {unit} has a document {number} already (of {on}). Type another number; to demand more by that one: /directive {number} {year}",
)
SUBJECT_LONG = Phrase(
    "Trích yếu dài {count} ký tự, tối đa {most}. Đề nghị rút gọn.",
    "The subject has {count} characters, at most {most} are kept. Please shorten it.",
)
WORK_LONG = Phrase(
    "Tên việc dài {count} ký tự, tối đa {most}. Đề nghị rút gọn.",
    "The name of the work has {count} characters, at most {most} are kept. Please shorten it.",
)
WORK_EMPTY = Phrase("Đề nghị gõ số hoặc tên việc.", "Please type a number or name the work.")
CHOOSE = Phrase("Đề nghị chọn một số trong danh sách.", "Please choose a number of the list.")
TO_FAULTS = {
    "unknown": Phrase("Không có đơn vị “{words}” trong các đơn vị trực thuộc.", "No unit below is called “{words}”."),
    "several": Phrase("“{words}” có thể là nhiều đơn vị.", "“{words}” may be several units."),
    "gone": Phrase(
        "“{words}” không còn, đã nhập vào đơn vị khác.", "“{words}” is no more, it was merged into another unit."
    ),
    "nobody": Phrase(
        "Không có đơn vị trực thuộc nào như vậy. Đề nghị gõ tên từng đơn vị.",
        "There are no such units below. Please type the names.",
    ),
}
DUE_FAULTS = {
    "unread": Phrase(
        "Chưa đọc được thời hạn, hoặc không có ngày này trong lịch. Ví dụ: {day}, hoặc 10 ngày làm việc, hoặc 30 ngày",
        "The due date could not be read, or there is no such day. Example: {day}, or 10 working days, or 30 days",
    ),
    "period": Phrase(
        "Thời hạn tính từ 1 đến {most} ngày. Ví dụ: 10 ngày làm việc",
        "A period is from 1 to {most} days. Example: 10 working days",
    ),
    "before_directive": Phrase(
        "Thời hạn trước ngày văn bản {issued}. Đề nghị gõ ngày sau ngày đó. Ví dụ: {day}",
        "This is before the day of the document, {issued}. Please type a later day. Example: {day}",
    ),
    "past": Phrase(
        "Thời hạn đã qua, không ai còn làm kịp. Đề nghị gõ ngày từ hôm nay. Ví dụ: {day}",
        "This is over already, nobody could keep it. Please type a day from today on. Example: {day}",
    ),
}
DOUBLED = Phrase(
    "Văn bản này đã giao “{work}”. Đề nghị gõ việc khác.",
    "This document demands “{work}” already. Please name other work.",
)


class FaultError(Exception):
    """One sentence that says what is wrong and the way out; `offered` could be meant instead of `words`."""

    def __init__(self, sentence: str, words: str = "", offered: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.words, self.offered = words, offered or []


def issuers(talk: Talk) -> list[Unit]:
    """The units the person directs for: their own, if there is any below it."""
    found = [units.get(talk.connection, unit_id, on=talk.ledger.today) for unit_id in scope(talk.person, "direct")]
    return [
        unit
        for unit in found
        if unit is not None and units.subtree_ids(talk.connection, unit.id, talk.ledger.today) != {unit.id}
    ]


def missing(draft: Draft) -> str:
    """The next piece to be asked; "" when all is known."""
    wanted = (*(() if "id" in draft else DOCUMENT), *DEMAND)
    return next((name for name in wanted if name not in draft), "")


def issued_of(draft: Draft) -> date:
    """The day of the document."""
    return date.fromisoformat(draft["issued"])


def parents(talk: Talk, draft: Draft) -> list[Directive]:
    """The directives from above that this one may carry out."""
    return directives.received(talk.connection, draft["issuer"], issued_of(draft).year)


def kinds(talk: Talk) -> list[Kind]:
    """The kinds of work to choose from; a remedy comes of a visit alone."""
    return [kind for kind in directives.kinds(talk.connection).values() if kind.code != REMEDY]


def groups(talk: Talk, draft: Draft) -> list[tuple[str, int]]:
    """Whom a number stands for and how many they are, those of which there is any."""
    found = []
    for text in _TO:
        try:
            found.append((text, len(directives.addressed(talk.connection, draft["issuer"], text, talk.ledger.today))))
        except AddresseesError:
            continue
    return found


# --- reading one piece ----------------------------------------------------------------------------------------------


def take(talk: Talk, draft: Draft, name: str, text: str) -> Draft:
    """The draft with one more piece, as typed. Raises FaultError."""
    return draft | _TAKE[name](talk, draft, nfc(text).strip())


def number_of(text: str) -> int:
    """A choice typed as a number, else 0."""
    plain = fold(text).removeprefix("so ").strip(" .()")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 4 else 0


def _issuer(talk: Talk, draft: Draft, text: str) -> Draft:
    listed, number = issuers(talk), number_of(text)
    if not 1 <= number <= len(listed):
        raise FaultError(talk.words(CHOOSE))
    return {"issuer": listed[number - 1].id}


def _number(talk: Talk, draft: Draft, text: str) -> Draft:
    today = talk.ledger.today
    read = read_number(text, year=today.year)
    shown = {"day": show_day(today)}
    if read is None:
        raise FaultError(talk.words(NUMBER_UNREAD, **shown))
    symbol, issued = read
    if issued > today:
        raise FaultError(talk.words(NUMBER_LATER, on=show_day(issued, talk.language), **shown))
    same = directives.same_number(talk.connection, draft["issuer"], symbol, issued)
    if same is not None:
        on, unit = show_day(same.issued, talk.language), unit_name(talk, same.issuer_id)
        raise FaultError(talk.words(NUMBER_TWICE, year=issued.year, unit=unit, number=symbol, on=on))
    return {"number": symbol, "issued": issued.isoformat()}


def _subject(talk: Talk, draft: Draft, text: str) -> Draft:
    if len(text) > LONGEST_SUBJECT:
        raise FaultError(talk.words(SUBJECT_LONG, count=len(text), most=LONGEST_SUBJECT))
    return {"subject": "" if fold(text).strip(" .") in SKIP else " ".join(text.split())}


def _parent(talk: Talk, draft: Draft, text: str) -> Draft:
    listed, number = parents(talk, draft), number_of(text)
    if fold(text).strip(" .") in SKIP:
        return {"parent": ""}
    if not 1 <= number <= len(listed):
        raise FaultError(talk.words(CHOOSE))
    return {"parent": listed[number - 1].id}


def _kind(talk: Talk, draft: Draft, text: str) -> Draft:
    listed, number = kinds(talk), number_of(text)
    if number > len(listed) or not fold(text).strip(" .") or fold(text).strip(" .") == "0":
        raise FaultError(talk.words(CHOOSE if number else WORK_EMPTY))
    if len(text) > LONGEST_WORK:
        raise FaultError(talk.words(WORK_LONG, count=len(text), most=LONGEST_WORK))
    typed = "" if number else " ".join(text.split())
    work, _ = split_year(typed, 0)
    kind = listed[number - 1] if number else read_kind(work)
    work = work or kind.name
    said = [(one["kind"], fold(one["work"])) for one in draft.get("demands", ())]
    stored = "id" in draft and directives.asked_already(talk.connection, draft["id"], kind.code, work)
    if stored or (kind.code, fold(work)) in said:
        raise FaultError(talk.words(DOUBLED, work=work))
    return {"kind": kind.code, "name": kind.name, "work": work}


def _to(talk: Talk, draft: Draft, text: str) -> Draft:
    listed, number = groups(talk, draft), number_of(text)
    if 1 <= number <= len(listed):
        return {"to": listed[number - 1][0]}
    text = "tất cả" if fold(text).strip(" .") in directives.ALL else text
    try:
        directives.addressed(talk.connection, draft["issuer"], text, talk.ledger.today)
    except AddresseesError as error:
        sentence = talk.words(TO_FAULTS[error.why], words=error.words[:60])
        raise FaultError(sentence, error.words, error.offered) from None
    return {"to": text}


def _due(talk: Talk, draft: Draft, text: str) -> Draft:
    issued, today, calendar = issued_of(draft), talk.ledger.today, talk.ledger.calendar()
    fault = due_fault(text, issued, today, calendar)
    if fault is not None:
        day = show_day(calendar.add_working_days(max(issued, today), 10))
        raise FaultError(talk.words(DUE_FAULTS[fault], day=day, issued=show_day(issued, talk.language), most=LONGEST))
    rule = read_due(text, year=issued.year)
    return {"due": rule.show() if rule else text}


def _yearly(talk: Talk, draft: Draft, text: str) -> Draft:
    number = number_of(text)
    yearly = number == 2 if number in (1, 2) else read_yearly(text)
    if yearly is None:
        raise FaultError(talk.words(CHOOSE))
    return {"yearly": yearly}


_TAKE: Mapping[str, Callable[[Talk, Draft, str], Draft]] = {
    "issuer": _issuer, "number": _number, "subject": _subject, "parent": _parent,
    "kind": _kind, "to": _to, "due": _due, "yearly": _yearly,
}  # fmt: skip


# --- what it amounts to ---------------------------------------------------------------------------------------------


def directive_of(talk: Talk, draft: Draft) -> Directive:
    """The directive, stored or to be stored."""
    stored = directives.get(talk.connection, draft["id"]) if "id" in draft else None
    if stored is not None:
        return stored
    issued = issued_of(draft)
    _, year = split_year(draft["subject"], issued.year)
    return Directive("", draft["number"], issued, draft["issuer"], year, draft["subject"], draft["parent"] or None)


def demand_of(one: Mapping[str, Any], demand_id: str = "", directive_id: str = "") -> Demand:
    """A demand of the draft."""
    return Demand(demand_id, directive_id, one["kind"], one["work"], one["due"], one["to"], bool(one["yearly"]))


def demands_of(draft: Draft) -> list[dict[str, Any]]:
    """All demands of a draft that has every piece."""
    return [*draft.get("demands", ()), {name: draft[name] for name in ("kind", "name", "work", "to", "due", "yearly")}]


def citation(talk: Talk, directive: Directive) -> str:
    """A directive with its issuer, "" as quoted in the reader's language."""
    issuer = unit_name(talk, directive.issuer_id)
    return talk.quoted(cite(directive.number_symbol, directive.issued, issuer))
