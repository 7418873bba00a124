"""The authority's side of a matter: what is put to it, how it answers, and how it reminds.

A request is answered once, by somebody other than who asked; whoever comes later is told that it has been answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot import letters
from bot.documents.letter_fields import reminder_in_words
from bot.matters import by_hand, proofs
from bot.matters.common import (
    A_YEAR,
    ANSWERED,
    TOO_FAR,
    day_first,
    document_of,
    due_shown,
    how_it_stands,
    named,
    says_something,
    split_number,
    unit_name,
    words_in,
)
from bot.matters.reminding_now import NEXT_WINDOW, REMINDED, REMINDED_ALREADY, REMINDED_LATER, UNREACHED, remind_now
from bot.talk import Talk
from inspection.access import scope
from inspection.documents.paper import WORD, Paper
from inspection.figures import show_clock, show_day, show_document, show_moment, show_two
from inspection.messages import Choice, Document, Kind, Reply
from inspection.obligations import ANSWER_WITHIN, Obligation, last_day
from inspection.phrases import Phrase
from inspection.reminders import next_window, title_of
from inspection.working_days import LOCAL, Calendar, local_date
from storage import obligations, outbox, people, reminders, requests, units
from storage.obligations import Proof
from storage.people import Person
from storage.requests import Request

if TYPE_CHECKING:
    from sqlalchemy import Connection

COMMAND = "quahan"

TASKS: dict[str, Phrase] = {
    "extension": Phrase(
        "Đề nghị gia hạn {code}, {unit}: {title}, từ {due} đến {until}. Lý do: “{words}”.{after} Lần thứ {times}. Người đề nghị: {who}, {asked}.",
        "Request to extend {code}, {unit}: {title}, from {due} to {until}. Reason: “{words}”.{after} Times asked: {times}. By {who}, {asked}.",
    ),
    "report": Phrase(
        "Báo cáo {code}, {unit}: {title}; {document}; hạn {due}{late}. Minh chứng: {proof}. Người báo cáo: {who}, {asked}.",
        "Report of {code}, {unit}: {title}; {document}; due {due}{late}. Proof: {proof}. Reported by {who}, {asked}.",
    ),
    "not_ours": Phrase(
        "Ý kiến về {code}, {unit}: {title} không thuộc đơn vị. Lý do: “{words}”. Người gửi: {who}, {asked}.",
        "On {code}, {unit}: {title} is not for this unit. Reason: “{words}”. By {who}, {asked}.",
    ),
    "question": Phrase(
        "Nội dung trao đổi về {code}, {unit}, {title}: “{words}”. Người gửi: {who}, {asked}.",
        "Question on {code}, {unit}, {title}: “{words}”. By {who}, {asked}.",
    ),
}
MENUS: dict[str, Phrase] = {
    "extension": Phrase(
        "1. Chấp thuận   2. Chấp thuận đến ngày khác   3. Chưa chấp thuận, gõ kèm lý do",
        "1. Grant   2. Grant to another date   3. Do not grant, with the reason",
    ),
    "report": Phrase("1. Xác nhận   2. Trả lại, gõ kèm lý do", "1. Accept   2. Return, with the reason"),
    "not_ours": Phrase(
        "1. Xác nhận không thuộc đơn vị   2. Vẫn thuộc đơn vị, gõ kèm lý do",
        "1. Confirm it is not for them   2. It is for them, with the reason",
    ),
    "question": Phrase("1. Trả lời, gõ kèm nội dung", "1. Answer, with the words"),
}
EXAMPLES: dict[str, Phrase] = {
    "extension": Phrase(
        "{code} 1; {code} 2 {day}; {code} 3 chưa nêu rõ phần việc còn lại",
        "{code} 1; {code} 2 {day}; {code} 3 what remains to be done is not said",
    ),
    "report": Phrase(
        "{code} 1; {code} 2 ảnh chưa thể hiện phần ngày ban hành và chữ ký",
        "{code} 1; {code} 2 the photo does not show date and signature",
    ),
    "not_ours": Phrase(
        "{code} 1; {code} 2 thuộc nhiệm vụ của đơn vị theo văn bản đã giao",
        "{code} 1; {code} 2 the directive gives it to this unit",
    ),
    "question": Phrase("{code} 1 Sở gửi mẫu kế hoạch kèm theo văn bản", "{code} 1 the form comes with the letter"),
}
EXAMPLE = Phrase("Ví dụ: {example}", "Example: {example}")
AFTER_DUE = Phrase(" Đề nghị sau thời hạn {days} ngày làm việc.", " Asked after the due date, working days: {days}.")
LATE_DOCUMENT = Phrase(", ban hành sau thời hạn", ", issued after the due date")
NO_DOCUMENT = Phrase("không kèm văn bản", "no document")


def task(
    connection: Connection, request_id: int, person: Person, today: date, calendar: Calendar
) -> dict[str, Any] | None:
    """What an administrator is asked about a request, as a payload; None when it has been answered."""
    request = requests.get(connection, request_id)
    one = obligations.get(connection, request.obligation_id) if request is not None else None
    if request is None or one is None or request.state != "waiting":
        return None
    text, choices = _asked(connection, one, request, person.language, today, calendar)
    payload: dict[str, Any] = {"text": text, "choices": [[c.label, c.value] for c in choices], "request": request.id}
    if person.language != "vi":
        payload["language"] = person.language
    return payload | proofs.newest(_proofs(connection, one, request), person.language)


def _proofs(connection: Connection, one: Obligation, request: Request) -> list[Proof]:
    return obligations.proofs(connection, one.id) if request.kind == "report" else []


def _asked(  # noqa: PLR0913  what is shown, to whom, on which day
    connection: Connection, one: Obligation, request: Request, language: str, today: date, calendar: Calendar
) -> tuple[str, list[Choice]]:
    asker = people.get_many(connection, [request.asked_by], today).get(request.asked_by)
    unit = units.get(connection, one.unit_id, on=today)
    asked = request.asked_at.astimezone(LOCAL)
    over = calendar.working_days_between(last_day(one, calendar), asked.date())
    sent = _proofs(connection, one, request)
    values = {
        "code": one.code,
        "unit": unit.full_name if unit else "",
        "title": title_of(one, language),
        "due": due_shown(one, language),
        "until": show_day(request.until, language) if request.until else "",
        "words": request.words,
        "after": words_in(language, AFTER_DUE, days=show_two(over, language)) if over > 0 else "",
        "times": show_two(requests.count(connection, one.id, "extension"), language),
        "document": show_document(request.document, request.issued, language)
        if request.document
        else words_in(language, NO_DOCUMENT),
        "late": words_in(language, LATE_DOCUMENT) if _late(one, request, calendar) else "",
        "proof": proofs.in_words(sent, by_system=request.proof == "system", language=language),
        "who": asker.name if asker else "",
        "asked": show_moment(asked, language),
    }
    menu = words_in(language, MENUS[request.kind])
    later = show_day(calendar.add_working_days(max(today, one.due), 3), language)
    example = words_in(language, EXAMPLES[request.kind], code=one.code, day=later)
    lines = [
        words_in(language, TASKS[request.kind], **values),
        menu,
        words_in(language, EXAMPLE, example=example),
    ]
    choices = [Choice(label, f"{one.code} {n}") for n, label in enumerate(menu.split("   "), start=1)]
    return "\n".join(lines), [*choices, *proofs.choice(one, sent, language)]


def _late(one: Obligation, request: Request, calendar: Calendar) -> bool:
    return request.issued is not None and request.issued > calendar.next_working_day(one.due)


# --- answers --------------------------------------------------------------------------------------------------------

NEEDS_REASON = Phrase(
    "{code}: đề nghị đồng chí gõ kèm lý do. Ví dụ: {example}", "{code}: please add the reason. Example: {example}"
)
NEEDS_WORDS = Phrase(
    "{code}: đề nghị đồng chí gõ nội dung trả lời. Ví dụ: {example}",
    "{code}: please type the answer. Example: {example}",
)
NEEDS_DAY = Phrase(
    "{code}: đề nghị đồng chí gõ ngày sau ngày {after}. Ví dụ: {code} 2 {day}",
    "{code}: please type a date after {after}. Example: {code} 2 {day}",
)
NOT_YOUR_OWN = Phrase(
    "{code}: người báo cáo không tự xác nhận; việc này do quản trị khác trả lời.",
    "{code}: who reported cannot confirm it; another administrator answers this one.",
)
DONE = Phrase("{code}: {what}.{told}", "{code}: {what}.{told}")
IS_TOLD = Phrase(" Hệ thống báo đồng chí {who}.", " Told in office hours: {who}.")
NOBODY_TOLD = Phrase(
    " Đơn vị chưa có thủ trưởng trên Hệ thống, đề nghị thông báo bằng văn bản.",
    " The unit has no head in the system, please tell it in writing.",
)
WHAT = {
    "granted": Phrase("đã chấp thuận gia hạn đến {until}", "extended to {until}"),
    "not_granted": Phrase("chưa chấp thuận gia hạn", "not extended"),
    "accepted": Phrase("đã xác nhận báo cáo ({standing})", "report accepted ({standing})"),
    "returned": Phrase(
        "đã trả lại, bổ sung trước 17:00 ngày {until}", "returned, to be completed before 17:00 on {until}"
    ),
    "released": Phrase("đã xác nhận không thuộc đơn vị", "confirmed as not for this unit"),
    "kept": Phrase("vẫn giao đơn vị thực hiện", "stays with the unit"),
    "answered": Phrase("đã trả lời", "answered"),
}
RECORDED = Phrase(
    "Số, ký hiệu đã được ghi nhận, không phải nhập lại; nếu sai, đề nghị gõ {code} 1 rồi số và ngày đúng. ",
    "Number and symbol are recorded and need not be typed again; if wrong, please type {code} 1 and the right ones. ",
)
TOLD = {  # to whoever asked
    "granted": Phrase(
        "Kính gửi đồng chí {name}: Đề nghị gia hạn việc {code} được chấp thuận đến hết ngày {until} (còn {left} ngày làm việc). "
        "Thời hạn ban đầu ({first}) vẫn được lưu trong hồ sơ. Trân trọng.",
        "Dear {name}: {code} is extended to the end of {until} (working days left: {left}). The first date ({first}) stays on file. Respectfully.",
    ),
    "not_granted": Phrase(
        "Kính gửi đồng chí {name}: Đề nghị gia hạn việc {code} chưa đủ cơ sở chấp thuận ({words}). Thời hạn {due} giữ nguyên. "
        "Đề nghị đồng chí quan tâm chỉ đạo. Trân trọng.",
        "Dear {name}: the extension of {code} could not be granted (“{words}”). The due date {due} stands. Respectfully.",
    ),
    "accepted": Phrase(
        "Kính gửi đồng chí {name}: Báo cáo việc {code}{document} đã được xác nhận ({standing}). Việc {code} kết thúc. Trân trọng.",
        "Dear {name}: the report of {code}{document} is accepted ({standing}). {code} is closed. Respectfully.",
    ),
    "returned": Phrase(
        "V/v {title}: đề nghị bổ sung minh chứng trước 17:00 ngày {until}\n"
        "Kính gửi đồng chí {name}: Báo cáo việc {code} chưa đủ cơ sở xác nhận ({words}). {recorded}"
        "Đề nghị đồng chí chỉ đạo gửi ảnh hoặc tệp bổ sung; trong thời gian này việc không tính là quá hạn. Trân trọng.",
        "Re: {title}: proof to be completed before 17:00 on {until}\n"
        "Dear {name}: the report of {code} could not be accepted yet (“{words}”). {recorded}"
        "Please send a further photo or file; meanwhile nothing counts as overdue. Respectfully.",
    ),
    "released": Phrase(
        "Kính gửi đồng chí {name}: Việc {code} được xác nhận không thuộc đơn vị và kết thúc. Trân trọng.",
        "Dear {name}: {code} is confirmed as not for your unit and is closed. Respectfully.",
    ),
    "kept": Phrase(
        "Kính gửi đồng chí {name}: Việc {code} vẫn giao đơn vị thực hiện ({words}), thời hạn {due}. Trân trọng.",
        "Dear {name}: {code} stays with your unit (“{words}”), due {due}. Respectfully.",
    ),
    "answered": Phrase(
        "Kính gửi đồng chí {name}: Về việc {code}, quản trị trả lời: “{words}”. Trân trọng.",
        "Dear {name}: on {code} the administrator answers: “{words}”. Respectfully.",
    ),
}


def hear(talk: Talk, one: Obligation, rest: str) -> None:
    """What follows the code: an answer to what waits, the wish to see the proof, else the record; rights were looked up.

    A number answers the request it stood under: of two who answer at once, the second must not remind instead, and the
    answer to a question must not accept a report that came after it.
    """
    number, words = split_number(rest)
    waiting = requests.waiting_of(talk.connection, one.id)
    shown = _shown(talk)
    if proofs.asks_to_see(rest):
        proofs.show_all(talk, one)
    elif number and talk.incoming.kind is Kind.TAP and shown and shown not in [r.id for r in waiting]:
        talk.say(ANSWERED, code=one.code)
    elif waiting:
        meant = next((r for r in waiting if r.id == shown), None)
        # A number cannot mean what its sender was not shown, nor one of several: the newest is shown first.
        seen = meant is not None or (len(waiting) == 1 and waiting[0].told_at is not None)
        _hear_answer(talk, one, meant or waiting[-1], number if seen else "", words)
    elif number and _shows_record(talk, one):
        record_step(talk, one, number)
    elif number and any(known.answered_at for known in requests.of(talk.connection, one.id)):
        talk.say(ANSWERED, code=one.code)
    else:
        record(talk, one)


def _hear_answer(talk: Talk, one: Obligation, request: Request, number: str, words: str) -> None:
    if request.asked_by == talk.person.id:
        talk.say(NOT_YOUR_OWN, code=one.code)
    elif number and (answering := ANSWERS[request.kind].get(number)) is not None:
        answering(talk, one, request, words)
    else:
        show_task(talk, one, request)


def _shown(talk: Talk) -> int:
    """The request under which somebody answers: of the button, of the prompt, else of the last message here."""
    parcel = talk.ledger.tapped.get(talk.incoming.token.partition(":")[0])
    if parcel is not None and parcel.payload.get("request"):
        return int(parcel.payload["request"])
    if talk.prompt is not None:
        focus = talk.prompt["f"]
    else:
        focus = {} if parcel is not None else talk.standing() or {}
    if focus.get("request"):
        return int(focus["request"])
    last = outbox.last_said(talk.connection, talk.chat) if parcel is None else None
    return int(last.payload.get("request") or 0) if last is not None else 0


def _shows_record(talk: Talk, one: Obligation) -> bool:
    asked = talk.standing() or {}
    return (asked.get("name"), asked.get("step"), asked.get("code")) == (COMMAND, "record", one.code)


def show_task(talk: Talk, one: Obligation, request: Request) -> None:
    """The request once more, with its choices, as a prompt of this chat."""
    requests.passed_on(talk.connection, request.id, request.told_at or talk.ledger.now)
    text, choices = _asked(talk.connection, one, request, talk.language, talk.ledger.today, talk.ledger.calendar())
    focus = {"at": "command", "name": COMMAND, "step": "task", "code": one.code, "request": request.id}
    sent = proofs.newest(_proofs(talk.connection, one, request), talk.language)
    document = Document(**sent["document"]) if "document" in sent else None
    talk.reply(Reply(text, tuple(choices), focus, sent.get("photo", ""), document=document))


def _grant(talk: Talk, one: Obligation, request: Request, words: str) -> None:
    until = request.until or one.due
    if until <= talk.ledger.today:  # a day that has gone by meanwhile would leave no time
        _grant_other(talk, one, request, "")
    else:
        _extend(talk, one, request, until)


def _grant_other(talk: Talk, one: Obligation, request: Request, words: str) -> None:
    calendar, today = talk.ledger.calendar(), talk.ledger.today
    until, _ = day_first(words, today)
    after = max(today, one.due)
    if until is None or until <= after:
        example = show_day(calendar.add_working_days(after, 3), talk.language)
        _ask(talk, one, request, "2", NEEDS_DAY, after=show_day(after, talk.language), day=example)
    elif until > after + A_YEAR:
        example = show_day(calendar.add_working_days(after, 3), talk.language)
        _ask(talk, one, request, "2", TOO_FAR, until=show_day(until, talk.language), day=example)
    else:
        _extend(talk, one, request, calendar.next_working_day(until))


def _extend(talk: Talk, one: Obligation, request: Request, until: date) -> None:
    calendar, today = talk.ledger.calendar(), talk.ledger.today
    if _answer(talk, one, request, "granted", ""):
        obligations.extend(talk.connection, one.id, until)
        left = calendar.working_days_between(today, until)
        _tell(
            talk, one, request, "granted",
            lambda language: {"until": show_day(until, language), "left": show_two(left, language),
                              "first": show_day(one.original_due, language)},
        )  # fmt: skip


def _refuse(talk: Talk, one: Obligation, request: Request, words: str) -> None:
    outcome = "not_granted" if request.kind == "extension" else "kept"
    if not says_something(words):
        _ask_reason(talk, one, request)
    elif _answer(talk, one, request, "returned", words):
        obligations.look_again_at(talk.connection, ids=[one.id])
        _tell(talk, one, request, outcome, lambda language: {"words": words, "due": show_day(one.due, language)})


def _accept(talk: Talk, one: Obligation, request: Request, words: str) -> None:
    if _answer(talk, one, request, "granted", ""):
        obligations.accept(talk.connection, one.id)
        accepted, today, calendar = replace(one, state="accepted"), talk.ledger.today, talk.ledger.calendar()
        _tell(
            talk, one, request, "accepted",
            lambda language: {"standing": how_it_stands(accepted, today, calendar, language),
                              "document": _in_brackets(document_of(one, language))},
        )  # fmt: skip


def _in_brackets(shown: str) -> str:
    return f" ({shown})" if shown else ""


def _send_back(talk: Talk, one: Obligation, request: Request, words: str) -> None:
    if not says_something(words):
        _ask_reason(talk, one, request)
    elif _answer(talk, one, request, "returned", words):
        until = talk.ledger.calendar().add_working_days(talk.ledger.today, ANSWER_WITHIN)
        obligations.send_back(talk.connection, one.id, until)
        _tell(
            talk, one, request, "returned",
            lambda language: {"until": show_day(until, language), "words": words,
                              "recorded": words_in(language, RECORDED, code=one.code) if one.document else ""},
        )  # fmt: skip


def _release(talk: Talk, one: Obligation, request: Request, words: str) -> None:
    if _answer(talk, one, request, "granted", ""):
        obligations.cancel(talk.connection, one.id)
        _tell(talk, one, request, "released", lambda _: {})


def _reply(talk: Talk, one: Obligation, request: Request, words: str) -> None:
    if not words:
        _ask(talk, one, request, "1", NEEDS_WORDS, example=_example(talk, one, request))
    elif _answer(talk, one, request, "granted", words):
        _tell(talk, one, request, "answered", lambda _: {"words": words})


def _answer(talk: Talk, one: Obligation, request: Request, state: Any, words: str) -> bool:
    done = requests.answer(talk.connection, request.id, state, talk.person.id, talk.ledger.now, words)
    if not done:
        talk.say(ANSWERED, code=one.code)
    return done


def _tell(talk: Talk, one: Obligation, request: Request, outcome: str, values: Callable[[str], dict[str, str]]) -> None:
    """Say what was done, and tell whoever asked, in office hours; `values` by language, because the two may differ."""
    told = _who_is_told(talk, one, request)
    names = ", ".join(person.name for person in told)
    so = talk.words(IS_TOLD, who=names) if told else talk.words(NOBODY_TOLD)
    talk.say(DONE, code=one.code, what=talk.words(WHAT[outcome], **values(talk.language)), told=so)
    for person in told:
        shared = {"name": person.name, "code": one.code, "title": title_of(one, person.language)}
        talk.notify([person.id], words_in(person.language, TOLD[outcome], **shared, **values(person.language)))


def _who_is_told(talk: Talk, one: Obligation, request: Request) -> list[Person]:
    """Whoever asked, while they answer for the unit; its heads of today otherwise."""
    asker = people.get_many(talk.connection, [request.asked_by], talk.ledger.today).get(request.asked_by)
    if asker is not None and one.unit_id in scope(asker, "report_obligation"):
        return [asker]
    return people.heads_of(talk.connection, [one.unit_id], talk.ledger.today).get(one.unit_id, [])


def _ask_reason(talk: Talk, one: Obligation, request: Request) -> None:
    number = "3" if request.kind == "extension" else "2"
    _ask(talk, one, request, number, NEEDS_REASON, example=_example(talk, one, request))


def _example(talk: Talk, one: Obligation, request: Request) -> str:
    return talk.words(EXAMPLES[request.kind], code=one.code, day="").split("; ")[-1]


def _ask(talk: Talk, one: Obligation, request: Request, step: str, phrase: Phrase, **values: object) -> None:
    text = talk.words(phrase, code=one.code, **values)
    talk.ask(text, COMMAND, step, code=one.code, request=request.id)


Answering = Callable[[Talk, Obligation, Request, str], None]
ANSWERS: dict[str, dict[str, Answering]] = {
    "extension": {"1": _grant, "2": _grant_other, "3": _refuse},
    "report": {"1": _accept, "2": _send_back},
    "not_ours": {"1": _release, "2": _refuse},
    "question": {"1": _reply},
}


# --- the record of a matter -----------------------------------------------------------------------------------------

RECORD = Phrase(
    "{unit}: {named}; thời hạn {due}, {standing}.{directive}{told}{history}\n{menu}",
    "{unit}: {named}; due {due}, {standing}.{directive}{told}{history}\n{menu}",
)
CLOSED_RECORD = Phrase(
    "{unit}: {named}; thời hạn {due}, {standing}.{directive}{told}{history}",
    "{unit}: {named}; due {due}, {standing}.{directive}{told}{history}",
)
WATCHING = (Phrase("1. Đôn đốc", "1. Remind now"), Phrase("2. Dự thảo công văn đôn đốc", "2. Draft reminder letter"))
WAY_BACK = Phrase("\nGõ “về” để trở lại.", "\nType “back” to return.")
BACK = Phrase("Về", "Back")
BY = Phrase("\nCăn cứ: {directive}.", "\nBy: {directive}.")
TOLD_ON = Phrase("\nĐã nhắc thủ trưởng: {days}.", "\nHeads reminded on: {days}.")
EVENT = Phrase("\n{day}: {what}{answer}.", "\n{day}: {what}{answer}.")
EVENTS = {
    "report": Phrase("đơn vị báo cáo {document}", "the unit reported {document}"),
    "extension": Phrase("đề nghị gia hạn đến {until}", "asked for an extension to {until}"),
    "not_ours": Phrase("ý kiến không thuộc đơn vị", "said it is not for them"),
    "question": Phrase("gửi nội dung trao đổi", "asked a question"),
    "plan": Phrase("gửi kế hoạch khắc phục {document}", "sent the plan of remedy {document}"),
}
CAME = {
    "waiting": Phrase(", chờ trả lời", ", waiting"),
    "granted": Phrase(", đã chấp thuận", ", granted"),
    "returned": Phrase(", trả lại: {words}", ", returned: “{words}”"),
    "withdrawn": Phrase(", đã nhập lại", ", entered again"),
    "noted": Phrase("", ""),
}


def record(talk: Talk, one: Obligation) -> None:
    """All that is known of one matter, and what can be done about it by whoever answers for the unit."""
    days = sorted({t.day for t in reminders.told(talk.connection, [one.id]).get(one.id, ()) if t.stage[0] in "DMF"})
    values = {
        "unit": unit_name(talk, one.unit_id),
        "named": named(one, talk.language),
        "due": due_shown(one, talk.language),
        "standing": how_it_stands(one, talk.ledger.today, talk.ledger.calendar(), talk.language),
        "directive": talk.words(BY, directive=talk.quoted(one.directive)) if one.directive else "",
        "told": talk.words(TOLD_ON, days=", ".join(show_day(d, talk.language) for d in days)) if days else "",
        "history": "".join(_event(talk, r) for r in requests.of(talk.connection, one.id)),
    }
    if one.state not in ("open", "returned") or not talk.covers("answer_request", one.unit_id):
        talk.say(CLOSED_RECORD, **values)
        return
    labels = [*(talk.words(phrase) for phrase in WATCHING), *by_hand.menu(one, talk.language)]
    text, opened = talk.words(RECORD, **values, menu="   ".join(labels)), _opened_from(talk)
    choices = [Choice(label, str(n)) for n, label in enumerate(labels, 1)]
    if opened:
        text += talk.words(WAY_BACK)
        choices.append(Choice(talk.words(BACK), talk.words(BACK).lower()))
    talk.ask(text, COMMAND, "record", choices, code=one.code, opened=opened)


def _opened_from(talk: Talk) -> dict[str, Any]:
    """The list or the figures from which the record was opened, as its prompt knows them without what it listed."""
    focus = talk.prompt["f"] if talk.prompt is not None else {}
    if (focus.get("name"), focus.get("step")) == (COMMAND, "record"):
        return dict(focus.get("opened") or {})
    if focus.get("at") != "command" or focus.get("code"):
        return {}
    kept = ("p", "o", "seen")  # the period, where the unit was opened from, the figures of the message
    return {key: value for key, value in focus.items() if key in kept or not isinstance(value, list | dict)}


def _event(talk: Talk, request: Request) -> str:
    document = show_document(request.document, request.issued, talk.language) if request.document else ""
    until = show_day(request.until, talk.language) if request.until else ""
    own = by_hand.is_own(request)
    phrase = (by_hand.EVENTS if own else EVENTS)[request.kind]
    return talk.words(
        EVENT,
        day=show_day(local_date(request.asked_at), talk.language),
        what=talk.words(phrase, document=document, until=until, words=request.words).rstrip(),
        answer="" if own else talk.words(CAME[request.state], words=request.answer),
    )


def record_step(talk: Talk, one: Obligation, number: str) -> None:
    """An answer to the record: remind now, the draft letter, or what is done without being asked."""
    if by_hand.offers(one, number) and one.state in ("open", "returned"):
        by_hand.ask(talk, one, number)
    elif number == "1" and one.state in ("open", "returned"):
        remind(talk, [one])
    elif number == "2" and one.state in ("open", "returned"):
        draft_letter(talk, one.unit_id)
    else:
        record(talk, one)


def remind(talk: Talk, matters: list[Obligation]) -> None:
    """Remind the heads of these matters now: each at most once a day, in office hours."""
    now, calendar = talk.ledger.now, talk.ledger.calendar()
    opening = next_window(now, calendar)
    if opening > now:
        talk.say(
            NEXT_WINDOW, clock=show_clock(opening.astimezone(LOCAL)), day=show_day(local_date(opening), talk.language)
        )
        return
    done = remind_now(talk, matters)
    lines = [
        talk.words(phrase, count=show_two(len(listed), talk.language), units=", ".join(unit_name(talk, u) for u in listed))
        for phrase, listed in (
            (REMINDED, done.reminded), (REMINDED_LATER, done.later), (REMINDED_ALREADY, done.already),
            (UNREACHED, done.unreached),
        )
        if listed
    ]  # fmt: skip
    talk.reply(Reply("\n".join(lines)))


# The letter itself is Vietnamese: it is put on paper as it stands.
DRAFT = Phrase("Dự thảo công văn đôn đốc\n{letter}", "Draft reminder letter:\n“{letter}”")
NOT_LATE = Phrase(
    "{unit} không có nhiệm vụ quá thời hạn; công văn đôn đốc lập khi có.",
    "Nothing is overdue at {unit}: a reminder letter is drawn up once something is.",
)


def draft_letter(talk: Talk, unit_id: str) -> None:
    """The reminder letter to a unit, about everything it owes past its day: its words, and the letter as a file.

    Where files cannot be sent the words suffice: they are those of the file.
    """
    unit = units.get(talk.connection, unit_id, on=talk.ledger.today)
    letter = letters.reminder(talk.connection, unit, talk.person, talk.ledger.now) if unit is not None else None
    if letter is None:
        talk.say(NOT_LATE, unit=unit_name(talk, unit_id))
        return
    talk.say(DRAFT, letter=reminder_in_words(letter))
    talk.send_paper(Paper("reminder", unit_id, WORD, beside=True))
