"""A unit's side of a matter: report it done and prove it, ask for more time, say it is not theirs, ask a question.

A report silences reminders at once. Its proof may be a photo, a file, or the word that the document went through the
document-management system; the administrator is given it when the proof is in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from bot.matters.common import (
    A_YEAR,
    TOO_FAR,
    day_first,
    document_of,
    due_shown,
    how_it_stands,
    named,
    says_something,
    split_number,
    words_in,
)
from bot.talk import Talk
from inspection.figures import document, show_clock, show_day, show_document, show_number
from inspection.messages import Choice
from inspection.obligations import ANSWER_WITHIN, OWED, REMEDY, Obligation, kind_of, last_day
from inspection.phrases import Phrase
from inspection.reminders import menu
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import obligations, people, requests
from storage.requests import Request

COMMAND = "kehoach"
LONGEST = 1000  # signs of a reason: what is put to the authority must fit one message of any network
CARD = Phrase(
    "{named}: thời hạn {due}, {standing}.\n{menu}\nVí dụ: {code} 1 {symbol} {day}",
    "{named}: due {due}, {standing}.\n{menu}\nExample: {code} 1 {symbol} {day}",
)
ASK_DOCUMENT = Phrase(
    "{code}: đề nghị đồng chí nhập số, ký hiệu và ngày văn bản. Ví dụ: {symbol} {day}",
    "{code}: please enter the document's number, symbol and date. Example: {symbol} {day}",
)
ASK_REMEDY = Phrase(
    "{code}: đề nghị đồng chí gửi ảnh sau khắc phục (cùng góc chụp), hoặc nhập số, ký hiệu và ngày báo cáo. Ví dụ: {symbol} {day}",
    "{code}: please send a photo taken after the remedy (from the same place), or enter the report's number, symbol and date. Example: {symbol} {day}",
)
UNCLEAR = Phrase(
    "{code}: Hệ thống chưa đọc được số, ký hiệu và ngày. Ví dụ: {code} 1 {symbol} {day}",
    "{code}: number, symbol and date could not be read. Example: {code} 1 {symbol} {day}",
)
FUTURE = Phrase(
    "{code}: ngày {wrong} sau ngày hôm nay. Đề nghị đồng chí nhập lại. Ví dụ: {code} 1 {symbol} {day}",
    "{code}: {wrong} is after today. Please enter it again. Example: {code} 1 {symbol} {day}",
)
EARLY = Phrase(
    "{code}: văn bản đề ngày {typed}, trước ngày văn bản chỉ đạo {first}. Nếu đúng, trả lời 1; nếu nhầm, nhập lại số, ký hiệu và ngày. "
    "Ví dụ: {code} 1 {symbol} {day}",
    "{code}: the document is dated {typed}, before the directive of {first}. If that is right, answer 1; if not, enter number, symbol and "
    "date again. Example: {code} 1 {symbol} {day}",
)
LONG_AGO = Phrase(
    "{code}: văn bản đề ngày {typed}, trước thời hạn hơn một năm. Nếu đúng, trả lời 1; nếu nhầm, nhập lại số, ký hiệu và ngày. "
    "Ví dụ: {code} 1 {symbol} {day}",
    "{code}: the document is dated {typed}, more than a year before the due date. If that is right, answer 1; if not, enter number, symbol "
    "and date again. Example: {code} 1 {symbol} {day}",
)
AS_DATED = Phrase("1. Đúng ngày này", "1. That is right")
WRITTEN_DOWN = Phrase(
    "Đã ghi: {document}{assumed}, việc {code}.{withdrawn} Đề nghị đồng chí gửi 01 ảnh trang đầu hoặc tệp PDF; không chụp văn bản có dấu chỉ độ mật.\n"
    "1. Văn bản đã gửi qua hệ thống quản lý văn bản và điều hành, không cần ảnh   2. Nhập lại số, ngày",
    "Stored: {document}{assumed}, for {code}.{withdrawn} Please send a photo of its first page or a PDF file; no documents with a secrecy mark.\n"
    "1. It was sent through the document-management system, no photo needed   2. Enter number and date again",
)
ASSUMED = Phrase(" (hiểu là năm {year})", " (read as year {year})")
THROUGH_SYSTEM, ENTER_AGAIN = (
    Phrase("1. Đã gửi qua hệ thống văn bản", "1. Sent through the system"),
    Phrase("2. Nhập lại số, ngày", "2. Enter again"),
)
RECEIVED = Phrase(
    "Kính gửi đồng chí {name}: Đã nhận báo cáo việc {code} lúc {clock} ngày {day} ({what}), chuyển quản trị xác nhận.{withdrawn} "
    "Hệ thống không nhắc việc này nữa. Trân trọng.",
    "Dear {name}: the report of {code} was received at {clock} on {day} ({what}) and goes to the administrator.{withdrawn} "
    "There will be no further reminder of it. Respectfully.",
)
COMPLETED = Phrase(
    "Kính gửi đồng chí {name}: Đã nhận minh chứng bổ sung việc {code} lúc {clock} ngày {day}.{withdrawn} Trân trọng.",
    "Dear {name}: the further proof of {code} was received at {clock} on {day}.{withdrawn} Respectfully.",
)
WITHDRAWN_BY = Phrase(
    "Việc {code} đã được đồng chí {who} báo cáo hoàn thành.{withdrawn} Trân trọng.",
    "{who} has reported {code} as done.{withdrawn} Respectfully.",
)
WITHDRAWN = {
    "extension": Phrase(
        " Đề nghị gia hạn đang chờ trả lời được rút lại.", " The request for an extension is withdrawn."
    ),
    "not_ours": Phrase(
        " Ý kiến việc không thuộc đơn vị được rút lại.", " The word that it is not for your unit is withdrawn."
    ),
}
REPORT_BEFORE_PROOF = Phrase(
    "Đã ghi: {document}{assumed}, việc {code}.{withdrawn} Hệ thống đang lưu minh chứng gửi kèm.",
    "Stored: {document}{assumed}, for {code}.{withdrawn} The proof that came with it is being stored.",
)
PROOF_BEFORE_REPORT = Phrase(
    "Đã nhận 01 minh chứng cho việc {code}. Đề nghị đồng chí nhập số, ký hiệu và ngày văn bản. Ví dụ: {symbol} {day}",
    "One proof was received for {code}. Please enter the document's number, symbol and date. Example: {symbol} {day}",
)
ANOTHER = Phrase("Đã nhận thêm 01 minh chứng cho việc {code}.", "One more proof was received for {code}.")
BY_PHOTO, BY_SYSTEM = (
    Phrase("có minh chứng kèm theo", "with proof"),
    Phrase("văn bản gửi qua hệ thống quản lý văn bản", "sent through the document-management system"),
)
ALREADY = Phrase(
    "Việc {code} đã được báo cáo{document}, đang chờ xác nhận. Trân trọng.",
    "{code} was reported{document} and waits to be confirmed. Respectfully.",
)
OVER = Phrase(
    "Việc {code} đã kết thúc: {standing}{document}. Trân trọng.", "{code} is over: {standing}{document}. Respectfully."
)
NEEDS_PROOF = Phrase(
    "Việc {code} chờ bổ sung minh chứng, thời hạn bổ sung {last}: đề nghị đồng chí gửi ảnh hoặc tệp. Số, ký hiệu đã được ghi nhận.\n"
    "1. Văn bản đã gửi qua hệ thống quản lý văn bản và điều hành, không cần ảnh\n"
    "Số, ký hiệu hoặc ngày chưa đúng thì nhập lại. Ví dụ: {code} 1 {symbol} {day}",
    "{code} waits for its proof, by {last}: please send a photo or a file. Number and symbol are recorded.\n"
    "1. It was sent through the document-management system, no photo needed\n"
    "If number, symbol or date is wrong, please enter them again. Example: {code} 1 {symbol} {day}",
)

ASK_EXTENSION = Phrase(
    "{code}: đề nghị đồng chí nhập ngày hoàn thành và lý do. Ví dụ: {code} 2 {day}, chờ kiện toàn nhân sự Văn phòng",
    "{code}: please enter the new date and the reason. Example: {code} 2 {day}, the office is being staffed",
)
NO_DAY = Phrase(
    "{code}: Hệ thống chưa đọc được ngày. Đề nghị nhập ngày và lý do. Ví dụ: {code} 2 {day}, chờ kiện toàn nhân sự",
    "{code}: the date could not be read. Please enter date and reason. Example: {code} 2 {day}, the office is being staffed",
)
NO_REASON = Phrase(
    "{code}: đề nghị đồng chí nhập kèm lý do. Ví dụ: {code} 2 {day}, chờ kiện toàn nhân sự Văn phòng",
    "{code}: please add the reason. Example: {code} 2 {day}, the office is being staffed",
)
NOT_LATER = Phrase(
    "{code}: ngày {wrong} không sau {limit}. Đề nghị nhập ngày muộn hơn. Ví dụ: {code} 2 {day}, chờ kiện toàn nhân sự",
    "{code}: {wrong} is not after {limit}. Please enter a later date. Example: {code} 2 {day}, the office is being staffed",
)
ASKED_EXTENSION = Phrase(
    "Kính gửi đồng chí {name}: Đã ghi nhận đề nghị gia hạn việc {code} đến hết ngày {until}{moved}{after}, chuyển quản trị xem xét, "
    "trả lời chậm nhất ngày {answer_by}. Trong thời gian chờ, Hệ thống không nhắc việc này. Trân trọng.",
    "Dear {name}: your request to extend {code} to the end of {until}{moved}{after} goes to the administrator, who answers by {answer_by}. "
    "Until then there will be no reminder of it. Respectfully.",
)
MOVED = Phrase(" (ngày {day} là ngày nghỉ)", " ({day} is a day off)")
AFTER_DUE = Phrase(" (đề nghị sau thời hạn)", " (asked after the due date)")
WAITS = Phrase(
    "Việc {code} đang có đề nghị chờ trả lời, chậm nhất ngày {answer_by}. Trân trọng.",
    "{code} has a request waiting for its answer, by {answer_by} at the latest. Respectfully.",
)

TOO_LONG = Phrase(
    "{code}: nội dung dài {length} ký tự, Hệ thống nhận nhiều nhất {longest} ký tự. Đề nghị đồng chí nhập gọn hơn.",
    "{code}: this has {length} characters, at most {longest} are taken. Please type it shorter.",
)
ASK_WHY = Phrase(
    "{code}: đề nghị đồng chí nêu lý do việc này không thuộc đơn vị. Ví dụ: {code} 3 thuộc thẩm quyền của Phòng Kinh tế",
    "{code}: please say why this is not for your unit. Example: {code} 3 it is for the economy office",
)
NOT_OURS = Phrase(
    "Kính gửi đồng chí {name}: Đã ghi nhận ý kiến về việc {code}, chuyển quản trị xem xét, trả lời chậm nhất ngày {answer_by}. "
    "Trong thời gian chờ, Hệ thống không nhắc việc này. Trân trọng.",
    "Dear {name}: your word on {code} goes to the administrator, who answers by {answer_by}. Until then there will be no reminder of it. Respectfully.",
)
ASK_PLAN = Phrase(
    "{code}: đề nghị đồng chí nhập số, ký hiệu và ngày kế hoạch khắc phục. Ví dụ: {code} 3 16/KH-UBND {day}",
    "{code}: please enter number, symbol and date of the plan of remedy. Example: {code} 3 16/KH-UBND {day}",
)
PLANNED = Phrase(
    "Kính gửi đồng chí {name}: Đã ghi nhận {document}, kế hoạch khắc phục {code}; thời hạn khắc phục {due}. Trân trọng.",
    "Dear {name}: {document} is recorded as the plan of remedy of {code}; the remedy is due {due}. Respectfully.",
)
ASK_QUESTION = Phrase(
    "{code}: đề nghị đồng chí nhập nội dung cần trao đổi. Ví dụ: {code} 4 đề nghị hướng dẫn mẫu kế hoạch",
    "{code}: please type what you wish to ask. Example: {code} 4 is there a form for the plan",
)
QUESTION_SENT = Phrase(
    "Kính gửi đồng chí {name}: Đã chuyển nội dung về việc {code} đến quản trị, trả lời chậm nhất ngày {answer_by}. Trân trọng.",
    "Dear {name}: your question on {code} goes to the administrator, who answers by {answer_by}. Respectfully.",
)


def hear(talk: Talk, one: Obligation, rest: str) -> None:
    """What follows the code: a choice and its words, a document, or nothing; the caller has looked up the rights."""
    number, words = split_number(rest)
    if one.state not in OWED:
        _over(talk, one, rest)
    elif (waiting := requests.waiting(talk.connection, one.id)) and not is_report(talk, rest):
        talk.say(WAITS, code=one.code, answer_by=show_day(waiting.answer_by, talk.language))
    elif number in STEPS:
        STEPS[number](talk, one, words)
    elif one.state == "returned" and document(rest, year=talk.ledger.today.year) is None:
        _ask_to_complete(talk, one)
    elif rest:
        _report(talk, one, rest)
    else:
        card(talk, one)


def is_report(talk: Talk, rest: str) -> bool:
    """Whether what follows the code says that it is done."""
    number, words = split_number(rest)
    return number == "1" or (not number and document(words, year=talk.ledger.today.year) is not None)


def card(talk: Talk, one: Obligation) -> None:
    """A matter with its ways out, as a prompt: here a bare number is enough."""
    line, _ = menu(one, talk.language)
    labels = line.split("   ")
    text = talk.words(
        CARD, named=named(one, talk.language), due=due_shown(one, talk.language), menu=line, code=one.code,
        standing=how_it_stands(one, talk.ledger.today, talk.ledger.calendar(), talk.language),
        symbol=kind_of(one.kind).symbol, day=show_day(talk.ledger.today, talk.language),
    )  # fmt: skip
    talk.ask(text, COMMAND, "matter", [Choice(label, str(n)) for n, label in enumerate(labels, 1)], code=one.code)


def hear_step(talk: Talk, one: Obligation, step: str, text: str) -> None:
    """An answer to one of the prompts below, without its code."""
    if step == "proof":
        _hear_proof(talk, one, text)
    elif step == "early" and split_number(text) == ("1", ""):
        hear(talk, one, f"1 {(talk.focus or {})['document']}")
    elif step in ("matter", "complete", "early"):
        hear(talk, one, text)
    else:
        number, words = split_number(text)
        begins_with_day = step == "2" and day_first(text, talk.ledger.today)[0] is not None  # "2 Mar 2026"
        if number in STEPS and not words:  # one of the four choices, at whichever of their prompts
            hear(talk, one, number)
        else:
            hear(talk, one, f"{step} {words if number == step and not begins_with_day else text}")


# --- reports --------------------------------------------------------------------------------------------------------


def _report(talk: Talk, one: Obligation, words: str) -> None:
    if not words and one.state == "returned":
        _complete(talk, one, "system")
        return
    if not words:
        if one.kind == REMEDY:
            talk.state["proof"] = one.id
        _ask(talk, one, "1", ASK_REMEDY if one.kind == REMEDY else ASK_DOCUMENT)
        return
    read = document(words, year=talk.ledger.today.year)
    if read is None or read.issued is None or not read.number_symbol:
        _ask(talk, one, "1", UNCLEAR)
    elif read.issued > talk.ledger.today:
        _ask(talk, one, "1", FUTURE, wrong=show_day(read.issued, talk.language))
    elif not _may_be_dated(talk, one, read.number_symbol, read.issued):
        _ask_whether_early(talk, one, read.number_symbol, read.issued)
    else:
        said = obligations.Report(read.number_symbol, read.issued, talk.person.id, talk.ledger.now)
        obligations.report(talk.connection, one.id, said)
        assumed = talk.words(ASSUMED, year=read.issued.year) if read.year_assumed else ""
        _stored(talk, replace(one, document=read.number_symbol, issued=read.issued), assumed)


def _may_be_dated(talk: Talk, one: Obligation, symbol: str, issued: date) -> bool:
    """A plan older than what demands it is most often a slip, and would count as in time; it is asked about once."""
    asked = talk.focus or talk.standing() or {}
    confirmed = asked.get("step") == "early" and asked.get("document") == _typed(symbol, issued)
    return confirmed or issued >= (_demanded_on(one) or one.due - A_YEAR)


def _demanded_on(one: Obligation) -> date | None:
    read = document(one.directive, year=one.year)
    return read.issued if read is not None else None


def _typed(symbol: str, issued: date) -> str:
    return f"{symbol} {show_day(issued)}"


def _ask_whether_early(talk: Talk, one: Obligation, symbol: str, issued: date) -> None:
    demanded = _demanded_on(one)
    text = talk.words(
        EARLY if demanded else LONG_AGO, code=one.code, typed=show_day(issued, talk.language),
        first=show_day(demanded, talk.language) if demanded else "", symbol=kind_of(one.kind).symbol,
        day=show_day(talk.ledger.today, talk.language),
    )  # fmt: skip
    as_dated = Choice(talk.words(AS_DATED), "1")
    talk.ask(text, COMMAND, "early", [as_dated], code=one.code, document=_typed(symbol, issued))


def _stored(talk: Talk, one: Obligation, assumed: str) -> None:
    """Its proof may have come before the report, may come with it, or is asked for."""
    of, before = talk.state.pop("proof_before", ("", ""))
    proof = before if of == one.id else ""
    withdrawn = _put_report(talk, one, document=one.document, issued=one.issued, proof=proof)
    shown = document_of(one, talk.language)
    talk.state["proof"] = one.id
    if proof:
        _received(talk, one, f"{shown}{assumed}, {talk.words(BY_PHOTO)}", withdrawn)
    elif talk.incoming.media is not None:
        talk.say(REPORT_BEFORE_PROOF, document=shown, assumed=assumed, code=one.code, withdrawn=withdrawn)
    else:
        _ask_proof(talk, one, shown, assumed, withdrawn)


def _put_report(talk: Talk, one: Obligation, **more: Any) -> str:
    """Store a report; what is done needs no more time, so a request that waits is withdrawn, and that is returned."""
    waiting = requests.waiting(talk.connection, one.id)
    if waiting is not None:
        _withdraw(talk, one, waiting)
    _put(talk, one, "report", **more)
    return talk.words(WITHDRAWN[waiting.kind]) if waiting is not None else ""


def _withdraw(talk: Talk, one: Obligation, waiting: Request) -> None:
    """A colleague who asked would otherwise go on waiting for the answer."""
    requests.withdraw(talk.connection, waiting.id)
    asker = people.get_many(talk.connection, [waiting.asked_by], talk.ledger.today).get(waiting.asked_by)
    if asker is not None and asker.id != talk.person.id:
        withdrawn = words_in(asker.language, WITHDRAWN[waiting.kind])
        text = words_in(asker.language, WITHDRAWN_BY, code=one.code, who=talk.person.name, withdrawn=withdrawn)
        talk.notify([asker.id], text)


def _ask_proof(talk: Talk, one: Obligation, shown: str, assumed: str = "", withdrawn: str = "") -> None:
    choices = [Choice(talk.words(THROUGH_SYSTEM), "1"), Choice(talk.words(ENTER_AGAIN), "2")]
    text = talk.words(WRITTEN_DOWN, document=shown, assumed=assumed, code=one.code, withdrawn=withdrawn)
    talk.ask(text, COMMAND, "proof", choices, code=one.code)


def _hear_proof(talk: Talk, one: Obligation, text: str) -> None:
    """Instead of a photo: the system word, or number and date once more while nobody has answered."""
    waiting = requests.waiting(talk.connection, one.id, "report")
    number, words = split_number(text)
    if one.state != "reported" or waiting is None:
        hear(talk, one, "")
    elif number == "1" and not words:
        requests.proved(talk.connection, waiting.id, "system")
        talk.state.pop("proof", None)
        _received(talk, one, f"{one.document}, {talk.words(BY_SYSTEM)}")
    elif number == "2" or document(words, year=talk.ledger.today.year) is not None:
        _enter_again(talk, one, waiting, words)
    else:
        _ask_proof(talk, one, document_of(one, talk.language))


def _enter_again(talk: Talk, one: Obligation, waiting: Request, words: str) -> None:
    if waiting.asked_by != talk.person.id or waiting.told_at is not None:
        talk.say(ALREADY, code=one.code, document=f": {document_of(one, talk.language)}")
        return
    obligations.take_back(talk.connection, one.id)
    requests.withdraw(talk.connection, waiting.id)
    _report(talk, replace(one, state="open", document="", issued=None), words)


def proof_kept(talk: Talk, obligation_id: str, proof: str) -> None:
    """A photo or file sent as proof is stored; `proof`: "photo" or "file"."""
    one = obligations.get(talk.connection, obligation_id)
    if one is None:
        return
    waiting = requests.waiting(talk.connection, one.id, "report")
    if one.state not in (*OWED, "reported"):
        _over(talk, one, "")
    elif one.state == "returned":
        _complete(talk, one, proof)
    elif one.state == "open" and one.kind == REMEDY and _step_asked(talk, one) != "early":
        said = obligations.Report("", None, talk.person.id, talk.ledger.now)
        obligations.report(talk.connection, one.id, said)
        withdrawn = _put_report(talk, one, proof=proof)
        _received(talk, one, talk.words(BY_PHOTO), withdrawn)
    elif one.state == "open":
        _proof_before_report(talk, one, proof)
    elif waiting is not None and not waiting.proof:
        requests.proved(talk.connection, waiting.id, proof)
        _received(talk, one, f"{one.document}, {talk.words(BY_PHOTO)}")
    else:
        talk.say(ANOTHER, code=one.code)


def _proof_before_report(talk: Talk, one: Obligation, proof: str) -> None:
    """Kept for the report to come, which is asked for once."""
    talk.state["proof_before"] = [one.id, proof]
    if _step_asked(talk, one) in ("1", "early"):
        talk.say(ANOTHER, code=one.code)
    else:
        _ask(talk, one, "1", PROOF_BEFORE_REPORT)


def _step_asked(talk: Talk, one: Obligation) -> str:
    """What this chat is being asked about a matter, "" if nothing."""
    asked = talk.standing() or {}
    return str(asked.get("step", "")) if asked.get("code") == one.code else ""


def _received(talk: Talk, one: Obligation, what: str, withdrawn: str = "") -> None:
    talk.say(RECEIVED, code=one.code, what=what, withdrawn=withdrawn, **_moment(talk))


def _moment(talk: Talk) -> dict[str, str]:
    local = talk.ledger.now.astimezone(LOCAL)
    return {"name": talk.person.name, "clock": show_clock(local), "day": show_day(local.date(), talk.language)}


def _over(talk: Talk, one: Obligation, rest: str) -> None:
    shown = document_of(one, talk.language)
    if one.state != "reported":
        stands = how_it_stands(one, talk.ledger.today, talk.ledger.calendar(), talk.language)
        talk.say(OVER, code=one.code, standing=stands, document=f", {shown}" if shown else "")
    elif fold(rest).strip(" .") == "2" and talk.state.get("proof") == one.id:
        _hear_proof(talk, one, rest)
    else:
        talk.say(ALREADY, code=one.code, document=f": {shown}" if shown else "")


def _ask_to_complete(talk: Talk, one: Obligation) -> None:
    last = show_day(last_day(one, talk.ledger.calendar()), talk.language)
    text = talk.words(
        NEEDS_PROOF, code=one.code, last=last, symbol=kind_of(one.kind).symbol,
        day=show_day(talk.ledger.today, talk.language),
    )  # fmt: skip
    talk.ask(text, COMMAND, "complete", [Choice(talk.words(THROUGH_SYSTEM), "1")], code=one.code)


def _complete(talk: Talk, one: Obligation, proof: str) -> None:
    """What was missing in a returned report; its number and day stand."""
    talk.state["proof"] = one.id  # what follows it in an album, or on its next page, belongs to it as well
    obligations.reported_again(talk.connection, one.id)
    withdrawn = _put_report(talk, one, document=one.document, issued=one.issued, proof=proof)
    talk.say(COMPLETED, code=one.code, withdrawn=withdrawn, **_moment(talk))


# --- requests -------------------------------------------------------------------------------------------------------


def _extend(talk: Talk, one: Obligation, words: str) -> None:
    if not words:
        _ask(talk, one, "2", ASK_EXTENSION)
        return
    calendar, today = talk.ledger.calendar(), talk.ledger.today
    until, reason = day_first(words, today)
    limit = max(today, one.owed_by)
    if until is None:
        _ask(talk, one, "2", NO_DAY)
    elif until <= limit:
        _ask(talk, one, "2", NOT_LATER, wrong=show_day(until, talk.language), limit=show_day(limit, talk.language))
    elif until > limit + A_YEAR:
        _ask(talk, one, "2", TOO_FAR, until=show_day(until, talk.language))
    elif _are_words(talk, one, "2", reason, NO_REASON):
        end = calendar.next_working_day(until)
        answer_by = _put(talk, one, "extension", until=end, words=reason)
        talk.say(
            ASKED_EXTENSION, name=talk.person.name, code=one.code, until=show_day(end, talk.language), answer_by=answer_by,
            moved=talk.words(MOVED, day=show_day(until, talk.language)) if end != until else "",
            after=talk.words(AFTER_DUE) if today > last_day(one, calendar) else "",
        )  # fmt: skip


def _third(talk: Talk, one: Obligation, words: str) -> None:
    """Of a finding the plan of its remedy, of anything else the word that it is not for this unit."""
    if one.kind == REMEDY:
        _plan(talk, one, words)
    elif _are_words(talk, one, "3", words, ASK_WHY):
        answer_by = _put(talk, one, "not_ours", words=words)
        talk.say(NOT_OURS, name=talk.person.name, code=one.code, answer_by=answer_by)


def _plan(talk: Talk, one: Obligation, words: str) -> None:
    read = document(words, year=talk.ledger.today.year) if words else None
    if read is None or read.issued is None or read.issued > talk.ledger.today:
        _ask(talk, one, "3", ASK_PLAN)
        return
    _put(talk, one, "plan", document=read.number_symbol, issued=read.issued, state="noted")
    shown = show_document(read.number_symbol, read.issued, talk.language)
    talk.say(PLANNED, name=talk.person.name, document=shown, code=one.code, due=show_day(one.due, talk.language))


def _question(talk: Talk, one: Obligation, words: str) -> None:
    if _are_words(talk, one, "4", words, ASK_QUESTION):
        answer_by = _put(talk, one, "question", words=words)
        talk.say(QUESTION_SENT, name=talk.person.name, code=one.code, answer_by=answer_by)


def _are_words(talk: Talk, one: Obligation, step: str, words: str, missing: Phrase) -> bool:
    """Whether somebody can be asked to answer this; otherwise it is asked for again."""
    if not says_something(words):
        _ask(talk, one, step, missing)
    elif len(words) > LONGEST:
        _ask(talk, one, step, TOO_LONG, length=show_number(len(words)), longest=show_number(LONGEST))
    else:
        return True
    return False


def _put(talk: Talk, one: Obligation, kind: requests.Kind, **more: Any) -> str:
    """Store a request; returns the day by which it is answered, as shown."""
    answer_by = talk.ledger.calendar().add_working_days(talk.ledger.today, ANSWER_WITHIN)
    request = Request(
        obligation_id=one.id, kind=kind, asked_by=talk.person.id, asked_at=talk.ledger.now, answer_by=answer_by, **more
    )
    requests.put(talk.connection, request)
    return show_day(answer_by, talk.language)


def _ask(talk: Talk, one: Obligation, step: str, phrase: Phrase, **values: object) -> None:
    """The next thing typed is what is missing, with or without the code; the example would be accepted."""
    later = talk.ledger.calendar().add_working_days(max(talk.ledger.today, one.due), 10)
    example = show_day(talk.ledger.today if step in ("1", "3") else later, talk.language)
    text = talk.words(phrase, code=one.code, day=example, symbol=kind_of(one.kind).symbol, **values)
    talk.ask(text, COMMAND, step, code=one.code)


STEPS: dict[str, Callable[[Talk, Obligation, str], None]] = {"1": _report, "2": _extend, "3": _third, "4": _question}
