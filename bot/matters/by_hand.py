"""What an administrator does about a matter without being asked: enters a document that came on paper, moves the due
date, takes the matter back. Each needs its words, stands in the record, and is told to the unit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bot.matters.common import A_YEAR, day_first, due_shown, how_it_stands, says_something, unit_name, words_in
from bot.talk import Talk
from inspection.figures import document, show_day, show_document
from inspection.obligations import REMEDY, Obligation, kind_of
from inspection.phrases import Phrase
from storage import obligations, people, requests
from storage.requests import Kind, Request

MENU: Final = (
    Phrase("3. Nhập văn bản đã nhận", "3. Enter a document received"),
    Phrase("4. Dời thời hạn", "4. Move the due date"),
    Phrase("5. Thôi giao", "5. Withdraw it"),
)

ASK: dict[str, Phrase] = {
    "3": Phrase(
        "{code}: đề nghị đồng chí gõ số, ký hiệu, ngày văn bản đã nhận của {unit}. Ví dụ: {symbol} {today}",
        "{code}: please type number, symbol and date of the document received from {unit}. Example: {symbol} {today}",
    ),
    "4": Phrase(
        "{code}: thời hạn hiện nay {due}. Đề nghị đồng chí gõ ngày mới (sau hôm nay, trong vòng một năm) và lý do. "
        "Ví dụ: {later}, chờ văn bản hướng dẫn",
        "{code}: due {due} now. Please type the new date (after today, within a year) and the reason. "
        "Example: {later}, guidance is still to come",
    ),
    "5": Phrase(
        "{code}: thôi giao {unit}, việc kết thúc. Đề nghị đồng chí gõ lý do. Ví dụ: giao trùng với văn bản khác",
        "{code}: no longer asked of {unit}, it ends. Please type the reason. Example: asked by another document already",
    ),
}
DONE: dict[str, Phrase] = {
    "3": Phrase(
        "{code}: đã ghi {document}, nhận bằng văn bản ({standing}). Việc kết thúc.",
        "{code}: {document} is entered, received on paper ({standing}). It is closed.",
    ),
    "4": Phrase("{code}: thời hạn dời đến {until}.", "{code}: due on {until} now."),
    "5": Phrase("{code}: thôi giao, việc kết thúc.", "{code}: withdrawn, it is closed."),
}
TOLD: dict[str, Phrase] = {
    "3": Phrase(
        "Kính gửi đồng chí {name}: Việc {code} đã được ghi nhận theo {document}, nhận bằng văn bản ({standing}), và kết thúc. Trân trọng.",
        "Dear {name}: {code} is recorded by {document}, received on paper ({standing}), and closed. Respectfully.",
    ),
    "4": Phrase(
        "Kính gửi đồng chí {name}: Thời hạn việc {code} được dời đến hết ngày {until} ({words}). "
        "Thời hạn ban đầu ({first}) vẫn được lưu trong hồ sơ. Trân trọng.",
        "Dear {name}: {code} is due by the end of {until} now (“{words}”). The first date ({first}) stays on file. Respectfully.",
    ),
    "5": Phrase(
        "Kính gửi đồng chí {name}: Việc {code} thôi giao đơn vị ({words}) và kết thúc. Trân trọng.",
        "Dear {name}: {code} is no longer asked of your unit (“{words}”) and is closed. Respectfully.",
    ),
}
EVENTS: dict[Kind, Phrase] = {
    "report": Phrase("quản trị nhập {document}, nhận bằng văn bản", "an administrator entered {document}, on paper"),
    "extension": Phrase(
        "quản trị dời thời hạn đến {until} ({words})", "an administrator moved it to {until} (“{words}”)"
    ),
    "not_ours": Phrase("quản trị thôi giao ({words})", "an administrator withdrew it (“{words}”)"),
}
CHANGED = Phrase(
    "Việc {code} không còn mở để làm việc này. Gõ {code} để xem hồ sơ.",
    "{code} is not open for this any more. Type {code} for its record.",
)


def menu(one: Obligation, language: str) -> list[str]:
    """What can be done; a finding ends when it is remedied, and not by a word."""
    return [words_in(language, phrase) for phrase in (MENU[:2] if one.kind == REMEDY else MENU)]


def offers(one: Obligation, number: str) -> bool:
    """Whether this number is one of them."""
    return any(label.startswith(f"{number}.") for label in menu(one, "vi"))


def is_own(request: Request) -> bool:
    """Whether an administrator entered it without being asked."""
    return request.state == "granted" and request.asked_by == request.answered_by


def ask(talk: Talk, one: Obligation, step: str) -> None:
    """Ask for the words that a choice of the record needs."""
    today, calendar = talk.ledger.today, talk.ledger.calendar()
    later = calendar.add_working_days(max(today, one.due), 5)
    text = talk.words(
        ASK[step], code=one.code, unit=unit_name(talk, one.unit_id), due=due_shown(one, talk.language),
        symbol=kind_of(one.kind).symbol, today=show_day(today, talk.language), later=show_day(later, talk.language),
    )  # fmt: skip
    talk.ask(text, "quahan", f"by_hand_{step}", code=one.code)


def hear(talk: Talk, one: Obligation, step: str, text: str) -> None:
    """The words themselves; what cannot be read is asked for again."""
    ACTS[step](talk, one, text.strip())


def _enter(talk: Talk, one: Obligation, text: str) -> None:
    read = document(text, year=talk.ledger.today.year)
    if read is None or read.issued is None or not read.number_symbol or read.issued > talk.ledger.today:
        ask(talk, one, "3")
        return
    said = obligations.Report(read.number_symbol, read.issued, talk.person.id, talk.ledger.now)
    if not (obligations.report(talk.connection, one.id, said) and obligations.accept(talk.connection, one.id)):
        talk.say(CHANGED, code=one.code)
        return
    _note(talk, one, "report", document=read.number_symbol, issued=read.issued)
    done = obligations.get(talk.connection, one.id) or one
    today, calendar = talk.ledger.today, talk.ledger.calendar()
    _tell(talk, one, "3", lambda language: {
        "document": show_document(read.number_symbol, read.issued, language),
        "standing": how_it_stands(done, today, calendar, language),
    })  # fmt: skip


def _move(talk: Talk, one: Obligation, text: str) -> None:
    today = talk.ledger.today
    until, words = day_first(text, today)
    if until is None or not today < until <= max(today, one.due) + A_YEAR or not says_something(words):
        ask(talk, one, "4")
        return
    end = talk.ledger.calendar().next_working_day(until)
    if not obligations.extend(talk.connection, one.id, end):
        talk.say(CHANGED, code=one.code)
        return
    _note(talk, one, "extension", until=end, words=words)
    _tell(talk, one, "4", lambda language: {
        "until": show_day(end, language), "words": words, "first": show_day(one.original_due, language),
    })  # fmt: skip


def _withdraw(talk: Talk, one: Obligation, text: str) -> None:
    if not says_something(text):
        ask(talk, one, "5")
    elif not obligations.cancel(talk.connection, one.id):
        talk.say(CHANGED, code=one.code)
    else:
        _note(talk, one, "not_ours", words=text)
        _tell(talk, one, "5", lambda _: {"words": text})


def _note(talk: Talk, one: Obligation, kind: Kind, **more: Any) -> None:
    """Asked and answered by the same person: so the record knows who did it, and when."""
    now, today, who = talk.ledger.now, talk.ledger.today, talk.person.id
    entered = Request(
        obligation_id=one.id, kind=kind, asked_by=who, asked_at=now, answer_by=today, told_at=now,
        state="granted", answered_by=who, answered_at=now, **more,
    )  # fmt: skip
    requests.put(talk.connection, entered)


def _tell(talk: Talk, one: Obligation, step: str, values: Callable[[str], dict[str, str]]) -> None:
    talk.say(DONE[step], code=one.code, **values(talk.language))
    for head in people.heads_of(talk.connection, [one.unit_id], talk.ledger.today).get(one.unit_id, ()):
        text = words_in(head.language, TOLD[step], name=head.name, code=one.code, **values(head.language))
        talk.notify([head.id], text)


ACTS: dict[str, Callable[[Talk, Obligation, str], None]] = {"3": _enter, "4": _move, "5": _withdraw}
