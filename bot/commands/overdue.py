"""/quahan: what is overdue in the administrator's area, unit by unit, and what waits for an answer; one or all reminded."""

from __future__ import annotations

from typing import Any

from bot.commands import filters
from bot.commands.base import Command
from bot.commands.directory import COMMANDS
from bot.commands.lists import RETURN, Page, first_of, no_number, page_of
from bot.matters import authority, by_hand
from bot.matters.common import due_shown, how_it_stands, named, overdue_of, split_number, unit_name
from bot.narrowing import narrowed
from bot.talk import Talk
from inspection.access import ADMIN, scope
from inspection.documents.paper import WORD, Paper
from inspection.figures import show_two
from inspection.messages import Choice, Reply
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from inspection.shown import when
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import obligations, requests
from storage.export.scope import area_of

NOTHING = Phrase(
    "Đến {moment}, không có việc quá hạn{filter}, không có đề nghị chờ trả lời.",
    "At {moment} nothing is overdue{filter} and no request is waiting.",
)
LIST = Phrase(
    "Danh sách quá hạn{filter} đến {moment}: {count} việc của {places} đơn vị.\n{lines}\n"
    "Gõ số để mở hồ sơ; gõ “đôn đốc” để nhắc cả {places} đơn vị, “danh sách” để lấy tệp Word; gõ tên đơn vị, loại việc hoặc kỳ để lọc. Ví dụ: /quahan yen phuc",
    "Overdue{filter} at {moment}: {count} (units: {places}).\n{lines}\n"
    "Type a number to open one; “remind” to remind them all; “list” for a Word file; a unit, kind or period to filter. Example: /overdue yen phuc",
)
WAITING = Phrase(
    "Chờ đồng chí trả lời: {count}.\n{lines}\nGõ số để mở.",
    "Waiting for your answer: {count}.\n{lines}\nType a number to open one.",
)
LINE = Phrase("{n}. {unit}, {named}, hạn {due}, {standing}", "{n}. {unit}, {named}, due {due}, {standing}")
WAITING_LINE = Phrase("{n}. {unit}, {named}: {what}", "{n}. {unit}, {named}: {what}")
WHAT = {
    "report": Phrase("báo cáo chờ xác nhận", "report to be confirmed"),
    "extension": Phrase("đề nghị gia hạn", "request for an extension"),
    "not_ours": Phrase("ý kiến không thuộc đơn vị", "said it is not for them"),
    "question": Phrase("nội dung trao đổi", "question"),
}
REMIND_ALL = Phrase("Đôn đốc cả {places}", "Remind all ({places})")
SURE = Phrase(
    "Gửi nhắc việc đến {count} đơn vị: {units}. Mỗi đơn vị nhiều nhất một tin mỗi ngày.\n1. Gửi   2. Không gửi",
    "Remind these units ({count}): {units}. Each at most once a day.\n1. Send   2. Do not send",
)
SEND, LEAVE = Phrase("1. Gửi", "1. Send"), Phrase("2. Không gửi", "2. Do not send")
NOT_SENT = Phrase("Không gửi nhắc việc nào.", "Nobody was reminded.")
LIST_WORDS = ("danh sach", "list")
LIST_COMING = Phrase(
    "Đang lập danh sách đơn vị quá hạn{filter}, gửi ngay sau tin này.",
    "The list of overdue units{filter} is being drawn up and follows this message.",
)
REMIND_WORDS = ("don doc", "nhac", "remind")


class Overdue(Command):
    """What is late, and who has to answer what."""

    name = "quahan"
    alias = "overdue"
    words = ("quá hạn",)
    roles = (ADMIN,)
    help = Phrase("Việc quá hạn, đề nghị chờ trả lời; đôn đốc", "What is overdue or waits for an answer; remind")
    lists = ("list", "record")

    def run(self, talk: Talk, argument: str) -> None:
        """Requests to be answered first, then what is overdue; words filter by unit or kind."""
        _show(talk, "" if fold(argument).strip(" .") in filters.ALL_WORDS else argument, 0)

    def knows(self, word: str, focus: dict[str, Any]) -> bool:
        """The way back from a record, and from the question whether to remind all."""
        return word == "back"

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A number of the list, an answer to what was opened, or the word to remind all."""
        number = fold(text).removeprefix("so ").strip(" .()")
        if number in RETURN:
            _return(talk, text, focus)
        elif focus.get("code"):
            _about_one(talk, text, focus)
        elif focus.get("step") == "sure":
            _sure(talk, number, str(focus.get("words", "")))
        elif number in REMIND_WORDS or number.startswith("don doc ca"):
            _ask_sure(talk, str(focus.get("words", "")))
        elif number in LIST_WORDS:
            _send_list(talk, str(focus.get("words", "")))
        elif (moved := Page.moved(number, int(focus.get("page", 0)))) is not None:
            _show(talk, str(focus.get("words", "")), moved)
        elif number.isdigit():
            _open(talk, int(number), focus)
        else:
            self.run(talk, text)


def _return(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """Back to the list, or to what a record was opened from."""
    opened = focus.get("opened")
    if opened:
        COMMANDS[opened["name"]].hear(talk, text, opened)
    else:
        _show(talk, str(focus.get("words", "")), int(focus.get("page", 0)))


def _about_one(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    one = obligations.by_code(talk.connection, str(focus["code"]))
    if one is None or not talk.covers("answer_request", one.unit_id):
        talk.refuse("answer_request", str(focus["code"]))
        return
    step = str(focus.get("step", ""))
    number, words = split_number(text)
    if step.startswith("by_hand_"):
        by_hand.hear(talk, one, step.removeprefix("by_hand_"), text)
    elif step == "record" and number and requests.waiting(talk.connection, one.id, *requests.ANSWERED) is None:
        authority.record_step(talk, one, number)
    elif step in ("1", "2", "3") and number and not words:  # another choice, and no reason: it is shown once more
        authority.hear(talk, one, "")
    elif step in ("1", "2", "3"):  # the words this choice still needs
        authority.hear(talk, one, f"{step} {words if number == step else text}")
    else:
        authority.hear(talk, one, text)


def _send_list(talk: Talk, words: str) -> None:
    """What was shown, of each area the person answers for, as a file."""
    talk.say(LIST_COMING, filter=filters.read(talk, words, "").shown(talk))
    for unit_id in scope(talk.person, "answer_request"):
        talk.send_paper(Paper("overdue", unit_id, WORD, words=words))


def _area(talk: Talk) -> set[str]:
    """With the units that have ceased there: what they left open is somebody's to decide."""
    return set(area_of(talk.connection, scope(talk.person, "answer_request"), talk.ledger.today).units)


def _overdue(talk: Talk, words: str) -> list[Obligation]:
    """What is overdue in the area, the longest first; of it what the words name, by unit or by kind."""
    today, calendar = talk.ledger.today, talk.ledger.calendar()
    late = overdue_of(talk.connection, _area(talk), today, calendar)
    return narrowed(talk.connection, late, words, today, talk.language)


def _show(talk: Talk, words: str, page: int, unknown: str = "") -> None:
    """The list as it stands; `unknown`: a number typed that it does not have."""
    asked_for = filters.read(talk, words, "/quahan" if talk.language == "vi" else "/overdue")
    if asked_for.fault:
        talk.reply(Reply(asked_for.fault))
        return
    unanswered = [] if page else _asked(talk, words)
    asked, more = first_of(unanswered, talk.language)
    late = _overdue(talk, words)
    moment = when(talk.language, talk.ledger.now.astimezone(LOCAL))
    if not asked and not late:
        like = filters.similar(talk, asked_for, scope(talk.person, "answer_request"))
        talk.reply(Reply(talk.words(NOTHING, moment=moment, filter=asked_for.shown(talk)) + like))
        return
    opened = [one for one, _ in asked]
    texts, choices = [], []
    if asked:
        lines = [
            talk.words(WAITING_LINE, n=n, unit=unit_name(talk, one.unit_id), named=named(one, talk.language),
                       what=talk.words(WHAT[kind]))
            for n, (one, kind) in enumerate(asked, start=1)
        ]  # fmt: skip
        texts.append(
            talk.words(WAITING, count=show_two(len(unanswered), talk.language), lines="\n".join([*lines, *more]))
        )
        choices += [Choice(f"{n}. {one.code}", str(n)) for n, (one, _) in enumerate(asked, start=1)]
    if late:
        shown_page = page_of(late, page)
        numbered = [(n + len(asked), one) for n, one in shown_page.numbered]
        lines = [_line(talk, n, one) for n, one in numbered]
        places = show_two(len({one.unit_id for one in late}), talk.language)
        ways = shown_page.ways(talk.language)
        texts.append("\n".join([talk.words(LIST, moment=moment, filter=asked_for.shown(talk), count=show_two(len(late), talk.language), places=places,
                                           lines="\n".join(lines)), *ways.lines]))  # fmt: skip
        choices += [Choice(f"{n}. {one.code}", str(n)) for n, one in numbered]
        choices += [Choice(talk.words(REMIND_ALL, places=places), "đôn đốc"), *ways.choices]
    codes = [one.code for one in [*opened, *late]]
    if unknown:
        texts.insert(0, no_number(talk, unknown, [choice.value for choice in choices if choice.value.isdigit()]))
    talk.ask("\n".join(texts), "quahan", "list", choices, codes=codes, page=page, words=words)


def _asked(talk: Talk, words: str) -> list[tuple[Obligation, str]]:
    """What waits for an answer of somebody other than who asked; of it what the words name."""
    waiting = requests.waiting_in(talk.connection, _area(talk))
    mine = [r for r in waiting if r.asked_by != talk.person.id and r.kind in requests.ANSWERED]
    known = obligations.get_many(talk.connection, {r.obligation_id for r in mine})
    kept = narrowed(talk.connection, list(known.values()), words, talk.ledger.today, talk.language)
    wanted = {one.id for one in kept}
    return [(known[r.obligation_id], r.kind) for r in mine if r.obligation_id in wanted]


def _line(talk: Talk, n: int, one: Obligation) -> str:
    return talk.words(
        LINE,
        n=n,
        unit=unit_name(talk, one.unit_id),
        named=named(one, talk.language),
        due=due_shown(one, talk.language),
        standing=how_it_stands(one, talk.ledger.today, talk.ledger.calendar(), talk.language),
    )


def _open(talk: Talk, number: int, focus: dict[str, Any]) -> None:
    codes = [str(code) for code in focus.get("codes", ())]
    if not 1 <= number <= len(codes):
        _show(talk, str(focus.get("words", "")), int(focus.get("page", 0)), str(number))
        return
    one = obligations.by_code(talk.connection, codes[number - 1])
    if one is None or not talk.covers("answer_request", one.unit_id):
        _show(talk, str(focus.get("words", "")), int(focus.get("page", 0)))
    else:
        authority.hear(talk, one, "")


def _ask_sure(talk: Talk, words: str) -> None:
    """A digit both opens and acts: so acting on all asks once more, naming them."""
    late = _overdue(talk, words)
    if not late:
        _show(talk, words, 0)
        return
    places = list(dict.fromkeys(one.unit_id for one in late))
    named_units = ", ".join(unit_name(talk, unit_id) for unit_id in places)
    choices = (Choice(talk.words(SEND), "1"), Choice(talk.words(LEAVE), "2"))
    text = talk.words(SURE, count=show_two(len(places), talk.language), units=named_units)
    talk.ask(text, "quahan", "sure", choices, words=words)


def _sure(talk: Talk, number: str, words: str) -> None:
    if number in ("1", "gui", "send"):
        authority.remind(talk, _overdue(talk, words))
    elif number in ("2", "khong gui", "do not send"):
        talk.say(NOT_SENT)
    else:
        _ask_sure(talk, words)
        return
    _show(talk, words, 0)
