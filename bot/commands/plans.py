"""/kehoach: what the head's unit owes, and how it is answered: the code, 1, the document's number and date."""

from __future__ import annotations

import re
from typing import Any

from bot.commands.base import Command
from bot.phrases import PHRASES
from bot.talk import Talk
from inspection.access import UNIT_HEAD, scope
from inspection.figures import document, show_day, show_document, show_two
from inspection.messages import Choice
from inspection.obligations import Obligation, overdue_by, standing
from inspection.phrases import Phrase
from inspection.words import fold
from storage import obligations

CODE = re.compile(r"\s*(NV)[-\s]?(\d{4})[-\s]?(\d{1,6})[\s:,.]*", re.IGNORECASE)
NOTHING = Phrase("Đơn vị không có việc nào đang chờ. Trân trọng.", "Your unit owes nothing at present.")
LINE = Phrase("{n}. {code}: {title}, thời hạn {due}, {standing}", "{n}. {code}: {title}, due {due}, {standing}")
OVERDUE = Phrase("quá hạn {days} ngày làm việc", "overdue, working days: {days}")
OPEN = Phrase("còn trong thời hạn", "within time")
LIST = Phrase(
    "Kính gửi đồng chí {name}: đơn vị có {count} việc.\n{lines}\n"
    "Đề nghị đồng chí gõ số thứ tự, hoặc mã việc, số 1 và số, ký hiệu, ngày văn bản. Ví dụ: {code} 1 15/KH-UBND {day}",
    "Dear {name}: this is what your unit owes ({count}).\n{lines}\n"
    "Please type the number of a line, or the code, 1, and the document's number, symbol and date. Example: {code} 1 15/KH-UBND {day}",
)
UNKNOWN = Phrase(
    "Không có việc mang mã {code} của đơn vị. Gõ /kehoach để xem các việc.",
    "Your unit has no item {code}. Type /plans to see what it owes.",
)
ASK_DOCUMENT = Phrase(
    "{code}: đề nghị đồng chí nhập số, ký hiệu và ngày văn bản. Ví dụ: 15/KH-UBND {day}",
    "{code}: please enter the document's number, symbol and date. Example: 15/KH-UBND {day}",
)
UNCLEAR = Phrase(
    "{code}: Hệ thống chưa đọc được số, ký hiệu và ngày. Ví dụ: {code} 1 15/KH-UBND {day}",
    "{code}: number, symbol and date could not be read. Example: {code} 1 15/KH-UBND {day}",
)
FUTURE = Phrase(
    "{code}: ngày {wrong} sau ngày hôm nay. Đề nghị đồng chí nhập lại. Ví dụ: {code} 1 15/KH-UBND {day}",
    "{code}: {wrong} is after today. Please enter it again. Example: {code} 1 15/KH-UBND {day}",
)
REPORTED = Phrase(
    "Kính gửi đồng chí {name}: Hệ thống đã ghi nhận {document} cho việc {code}{year_assumed}. "
    "Nếu có ảnh trang đầu văn bản, đồng chí gửi tiếp; không chụp văn bản có dấu chỉ độ mật. "
    "Hệ thống không nhắc việc này nữa. Trân trọng.",
    "Dear {name}: {document} is recorded for {code}{year_assumed}. You may send a photo of its first page; no documents "
    "with a secrecy mark. There will be no further reminder of it.",
)
YEAR_ASSUMED = Phrase(" (hiểu là năm {year})", " (read as year {year})")
ALREADY = Phrase(
    "Việc {code} đã được ghi nhận trước đó: {document}. Trân trọng.", "{code} was recorded before: {document}."
)
EXTENSION = Phrase(
    "{code}: đề nghị gia hạn hiện gửi bằng văn bản đến cơ quan quản lý. Trường hợp đã ban hành, gõ {code} 1 kèm số, ký hiệu, ngày.",
    "{code}: extensions are asked for in writing at present. If it is issued, type {code} 1 with number, symbol, date.",
)


class Plans(Command):
    """Lists what is owed and takes reports."""

    name = "kehoach"
    alias = "plans"
    words = ("kế hoạch",)
    roles = (UNIT_HEAD,)
    help = Phrase("Xem và báo cáo việc của đơn vị", "See and report what your unit owes")

    def run(self, talk: Talk, argument: str) -> None:
        """Everything open, most urgent first."""
        owed = obligations.of_units(talk.connection, scope(talk.person, "report_obligation"))
        if not owed:
            talk.say(NOTHING)
            return
        lines = [_line(talk, n, one) for n, one in enumerate(owed, start=1)]
        text = talk.words(LIST, name=talk.person.name, count=show_two(len(owed), talk.language), lines="\n".join(lines),
                          code=owed[0].code, day=show_day(talk.ledger.today, talk.language))  # fmt: skip
        choices = [Choice(f"{n}. {one.code}", str(n)) for n, one in enumerate(owed[:9], start=1)]
        talk.ask(text, self.name, "list", choices, codes=[one.code for one in owed])

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """An answer with its code, or the document asked for just now."""
        if not set(self.roles) & {role.role for role in talk.person.roles}:
            talk.say(PHRASES["not_allowed"])
            return
        code, codes = CODE.match(text), focus.get("codes", ())
        number = fold(text).strip(" .()")
        if code is not None:
            _coded(talk, f"NV-{code[2]}-{int(code[3]):04d}", text[code.end() :].strip())
        elif focus.get("step") == "document":
            _coded(talk, str(focus["code"]), f"1 {text}")
        elif number.isdigit() and 1 <= int(number) <= len(codes):
            _coded(talk, str(codes[int(number) - 1]), "1")
        elif len(codes) == 1 and document(text, year=talk.ledger.today.year) is not None:
            _coded(talk, str(codes[0]), f"1 {text}")
        else:
            self.run(talk, "")


def _line(talk: Talk, n: int, one: Obligation) -> str:
    today, calendar = talk.ledger.today, talk.ledger.calendar()
    late = standing(one, today, calendar) == "overdue"
    words = (
        talk.words(OVERDUE, days=show_two(overdue_by(one, today, calendar), talk.language))
        if late
        else talk.words(OPEN)
    )
    return talk.words(
        LINE,
        n=n,
        code=one.code,
        title=one.title_in(talk.language),
        due=show_day(one.due, talk.language),
        standing=words,
    )


def _coded(talk: Talk, code: str, rest: str) -> None:
    """Rights are looked up now: the obligation must be of a unit this person heads."""
    one = obligations.by_code(talk.connection, code)
    if one is None or one.unit_id not in scope(talk.person, "report_obligation"):
        talk.say(UNKNOWN, code=code)
        return
    choice, _, words = rest.partition(" ")
    number = fold(choice).strip(".()")
    if one.state != "open":
        talk.say(ALREADY, code=code, document=show_document(one.document, one.issued, talk.language))
    elif number == "2":
        talk.say(EXTENSION, code=code)
    elif not rest or (number == "1" and not words.strip()):
        _ask_document(talk, ASK_DOCUMENT, code)
    else:
        _report(talk, one, words if number == "1" else rest)


def _ask_document(talk: Talk, phrase: Phrase, code: str, **values: object) -> None:
    """The next thing typed is the document of this item, with or without its code; the example would be accepted."""
    text = talk.words(phrase, code=code, day=show_day(talk.ledger.today, talk.language), **values)
    talk.ask(text, "kehoach", "document", code=code)


def _report(talk: Talk, one: Obligation, words: str) -> None:
    read = document(words, year=talk.ledger.today.year)
    if read is None or read.issued is None or not read.number_symbol:
        _ask_document(talk, UNCLEAR, one.code)
        return
    if read.issued > talk.ledger.today:
        _ask_document(talk, FUTURE, one.code, wrong=show_day(read.issued, talk.language))
        return
    said = obligations.Report(read.number_symbol, read.issued, talk.person.id, talk.ledger.now)
    if not obligations.report(talk.connection, one.id, said):
        talk.say(UNKNOWN, code=one.code)
        return
    talk.state["proof"] = one.id
    assumed = talk.words(YEAR_ASSUMED, year=read.issued.year) if read.year_assumed else ""
    talk.say(REPORTED, name=talk.person.name, document=show_document(read.number_symbol, read.issued, talk.language), code=one.code,
             year_assumed=assumed)  # fmt: skip
