"""/summary: the figures of the asker's area for a period, at one moment, and every one of them down to its record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.commands.base import Command
from bot.commands.lists import RETURN, Page, no_number
from bot.commands.overdue import LEAVE, NOT_SENT, SEND, SURE
from bot.matters import authority
from bot.matters.common import unit_name
from bot.summary import asked as asking
from bot.summary import by_itself, documents, views
from bot.summary.asked import Asked
from bot.summary.finding_card import finding_card
from bot.summary.first import first_page
from bot.summary.found import overdue_matters
from bot.summary.lists import Detail, Place, opened, show
from bot.summary.pictures import order_picture
from bot.summary.visit_card import answers_of, take, visit_card
from bot.talk import Talk
from inspection import periods
from inspection.access import ADMIN
from inspection.figures import show_two
from inspection.messages import Choice, Reply
from inspection.phrases import Phrase
from inspection.words import fold, nfc
from storage import obligations
from storage.checklists import ids_by_code

PERIODS: Mapping[str, periods.Kind] = {"1": "week", "2": "month", "3": "quarter", "4": "year"}
OTHER_PERIOD = Phrase(
    "Kỳ khác: 1. Tuần này   2. Tháng này   3. Quý này   4. Năm nay\n"
    "Hoặc gõ kỳ: tuần trước, tháng 7, quý 2/2026, năm 2025, 01/7/2026-31/7/2026. Ví dụ: tháng 7",
    "Other period: 1. This week   2. This month   3. This quarter   4. This year\n"
    "Or type it: last week, month 7, quarter 2/2026, year 2025, 1/7/2026-31/7/2026. Example: month 7",
)
LABELS = {
    "1": Phrase("1. Tuần này", "1. This week"),
    "2": Phrase("2. Tháng này", "2. This month"),
    "3": Phrase("3. Quý này", "3. This quarter"),
    "4": Phrase("4. Năm nay", "4. This year"),
}
OTHER_UNIT = Phrase(
    "Gõ tên đơn vị, có dấu hoặc không dấu; tên cũ cũng được. Gõ “tất cả” để xem cả phạm vi được giao. Ví dụ: {example}",
    "Type the name of a unit, with or without marks; former names too. Type “all” for your whole area. Example: {example}",
)
BY_CHECKLIST = Phrase(
    "Chỉ tính một bộ nội dung: gõ “bộ” và mã của bộ ({names}); mọi bộ: “bộ hết”. Ví dụ: bộ {first}",
    "For one checklist alone type “checklist” and its code ({names}); for all: “checklist all”. Example: checklist {first}",
)
PICTURE_WORDS = ("bieu do", "hinh", "hinh ve", "chart", "picture")
NO_UNIT = Phrase("“{typed}” không phải tên đơn vị.", "“{typed}” is not the name of a unit.")
# "tổng hợp tháng 7", without a slash, below a summary.
_CALLED = re.compile(r"^(?:/?summary|tổng hợp|tong hop)\s+(?=\S)", re.IGNORECASE)
# The records there are, by the word before what names one: each is a place of its own, with a way back.
RECORDS = {"visit": visit_card, "answers": answers_of, "answer": answers_of, "finding": finding_card}
NAMED = 30  # units named in one question
AND_MORE = Phrase("{named} và {count} đơn vị khác", "{named} and {count} more")
NOBODY = Phrase("Không còn đơn vị nào quá hạn ở nội dung này.", "No unit is overdue here any more.")


class Summary(Command):
    """The administrator's figures."""

    name = "summary"
    alias = "tonghop"
    words = ("tổng hợp", "summary")
    roles = (ADMIN,)
    help = Phrase("Tổng hợp số liệu; ví dụ: /summary tháng 7", "Figures in short, e.g. /summary month 7")

    def called(self, language: str) -> str:
        """Both languages know it as /summary."""
        return self.name

    def run(self, talk: Talk, argument: str) -> None:
        """The year by default, or the period and the unit named."""
        _about(talk, argument, Asked(periods.current("year", talk.ledger.today)), {})

    def browses(self, focus: dict[str, Any]) -> bool:
        """Everything but the question whether to remind all."""
        return focus.get("step") != "sure"

    def knows(self, word: str, focus: dict[str, Any]) -> bool:
        """The way back from a detail to the figures."""
        return word == "back"

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A number of what was shown, a way through it, a view by its word, or another period or unit."""
        step, said = str(focus.get("step", "")), fold(text).removeprefix("so ").strip(" .()")
        asked = Asked.of(focus, talk.ledger.today)
        moved = Page.moved(said, int(focus.get("page", 0)))
        if step == "sure":
            _sure(talk, asked, said, focus)
        elif said in RETURN:
            self._back(talk, asked, focus)
        elif step == "period" and said in PERIODS:
            _first(talk, replace(asked, period=periods.current(PERIODS[said], talk.ledger.today)))
        elif moved is not None and step not in ("first", "period", "unit"):
            _open_view(talk, asked, replace(Place.of(focus), page=moved))
        elif said.isdigit():
            _numbered(talk, asked, said, focus)
        else:
            _about(talk, text, asked, focus)

    def _back(self, talk: Talk, asked: Asked, focus: dict[str, Any]) -> None:
        """From a record to the list it was opened from; from a list to what that was opened from."""
        here, record_open = Place.of(focus), talk.focus is not None and talk.focus.get("name") != self.name
        before = here if record_open else here.origin()
        if before is None and asked.origin and focus.get("step") == "first":
            there = replace(asked, unit_id=str(asked.origin["u"]), origin=None, seen=None)
            _open_view(talk, there, Place.of(asked.origin), picture=False)
        elif before is None:
            _first(talk, asked)
        else:
            _open_view(talk, asked, before, picture=False)


def _numbered(talk: Talk, asked: Asked, number: str, focus: dict[str, Any]) -> None:
    """A number of the first page, or of the page of a list that was shown; of none, which there are."""
    step = str(focus.get("step", ""))
    if step == "first":
        _menu(talk, asked, number)
    elif step == "period":
        _ask_period(talk, asked, no_number(talk, number, list(PERIODS)))
    elif step == "unit":
        _ask_unit(talk, asked, talk.words(NO_UNIT, typed=number))
    elif step == "documents":
        documents.order(talk, asked, number)
    elif opened(focus, number):
        _open(talk, asked, opened(focus, number), Place.of(focus))
    else:
        _open_view(talk, asked, Place.of(focus), number)


def _about(talk: Talk, text: str, standing: Asked, focus: dict[str, Any]) -> None:
    """What a text asks for: something by its word, else a period and a unit."""
    text = _CALLED.sub("", nfc(text))
    if _by_word(talk, text.strip(" ."), standing):
        return
    asked = asking.read(talk, text, standing)
    if isinstance(asked, asking.NotAllowed):
        talk.reply(Reply(asked))
    elif isinstance(asked, str) and focus.get("step") == "unit":
        _ask_unit(talk, standing, asked)
    elif isinstance(asked, str):
        _ask_period(talk, standing, asked)
    else:
        _first(talk, asked)


def _by_word(talk: Talk, text: str, standing: Asked) -> bool:
    """A rhythm to be sent it in, the documents, the picture, or a view; False for a text that names none."""
    named, rhythm = by_itself.rhythm_apart(text)
    if rhythm and isinstance(asked := asking.read(talk, named, standing), Asked):
        return by_itself.hear(talk, rhythm, asked)
    said = fold(text)
    view = views.view_of(talk, said)
    if by_itself.hear(talk, said, standing):
        return True
    if said in documents.WORDS:
        documents.offer(talk, standing)
    elif said in PICTURE_WORDS:
        _first(talk, standing)
    elif view:
        _open_view(talk, standing, Place(view))
    else:
        return False
    return True


def _first(talk: Talk, asked: Asked, unknown: str = "") -> None:
    summary = asking.summary_of(talk, asked)
    if summary is not None:
        first_page(talk, asked, summary, unknown)
        if not unknown:
            order_picture(talk, asked, summary, "first")


def _menu(talk: Talk, asked: Asked, typed: str) -> None:
    number = int(typed)
    if 1 <= number <= len(views.NUMBERED):
        _open_view(talk, asked, Place(views.NUMBERED[number - 1]))
    elif number == 7:
        documents.offer(talk, asked)
    elif number == 8:
        _ask_period(talk, asked)
    elif number == 9:
        _ask_unit(talk, asked)
    else:
        _first(talk, asked, typed)


def _ask_unit(talk: Talk, asked: Asked, fault: str = "") -> None:
    codes = list(ids_by_code(talk.connection))
    text = talk.words(OTHER_UNIT, example="diem he")
    if len(codes) > 1:
        text += "\n" + talk.words(BY_CHECKLIST, names=", ".join(codes), first=codes[0])
    talk.ask(f"{fault}\n{text}" if fault else text, "summary", "unit", **asked.focus())


def _ask_period(talk: Talk, asked: Asked, fault: str = "") -> None:
    choices = [Choice(talk.words(label), number) for number, label in LABELS.items()]
    text = talk.words(OTHER_PERIOD)
    talk.ask(f"{fault}\n{text}" if fault else text, "summary", "period", choices, **asked.focus())


def _open_view(talk: Talk, asked: Asked, place: Place, unknown: str = "", *, picture: bool = True) -> None:
    """A page of a view or the card of a visit; `unknown`: a number typed that it does not have."""
    record = RECORDS.get(place.view.partition(":")[0])
    if record is not None:
        record(talk, asked, place, unknown)
        return
    view = views.view_named(place.view)
    summary = asking.summary_of(talk, asked) if view is not None else None
    if view is None:
        _first(talk, asked)
    elif summary is not None:
        show(talk, asked, place, _headed(talk, asked, view(talk, asked, summary)), unknown)
        if picture and not place.page and not unknown:
            order_picture(talk, asked, summary, place.view)


def _headed(talk: Talk, asked: Asked, detail: Detail) -> Detail:
    """Under whose figures they are and of which time."""
    return replace(detail, head=f"{asking.named(talk, asked)}, {asking.time_of(talk, asked)}\n{detail.head}")


def _open(talk: Talk, asked: Asked, what: str, here: Place) -> None:
    """A record, another view, the summary of a unit, or an act; the rights are those of this moment."""
    kind, _, name = what.partition(":")
    if kind == "view" or kind in RECORDS:
        _open_view(talk, asked, here.opening(name if kind == "view" else what))
    elif kind == "unit":
        origin = {"u": asked.unit_id, "step": here.view, "page": here.page, "trail": here.trail}
        _first(talk, replace(asked, unit_id=name, origin=origin))
    elif kind == "paper":
        take(talk, name)
    elif kind == "remind":
        _ask_sure(talk, asked, name, {"step": here.view, "page": here.page, "trail": here.trail})
    else:
        _open_matter(talk, name)


def _open_matter(talk: Talk, code: str) -> None:
    one = obligations.by_code(talk.connection, code)
    if one is not None and talk.covers("answer_request", one.unit_id):
        authority.record(talk, one)
    else:
        talk.refuse("answer_request", code)


def _ask_sure(talk: Talk, asked: Asked, what: str, place: dict[str, Any]) -> None:
    """A digit both opens and acts: so acting on all asks once more, naming them."""
    summary = asking.summary_of(talk, asked)
    if summary is None:
        return
    matters = overdue_matters(talk, summary, what)
    places = list(dict.fromkeys(one.unit_id for one in matters))
    if not places:
        talk.say(NOBODY)
        return
    named = ", ".join(unit_name(talk, unit_id) for unit_id in places[:NAMED])
    if len(places) > NAMED:
        named = talk.words(AND_MORE, named=named, count=show_two(len(places) - NAMED, talk.language))
    choices = (Choice(talk.words(SEND), "1"), Choice(talk.words(LEAVE), "2"))
    text = talk.words(SURE, count=show_two(len(places), talk.language), units=named)
    talk.ask(text, "summary", "sure", choices, what=what, place=place, **asked.focus())


def _sure(talk: Talk, asked: Asked, said: str, focus: dict[str, Any]) -> None:
    """Once it is settled, the list again: nothing is left that could be answered twice."""
    what, place = str(focus["what"]), dict(focus["place"])
    if said in ("1", "gui", "send"):
        summary = asking.summary_of(talk, asked)
        matters = overdue_matters(talk, summary, what) if summary is not None else []
        allowed = [one for one in matters if talk.covers("answer_request", one.unit_id)]
        if allowed:
            authority.remind(talk, allowed)
        elif summary is not None:
            talk.say(NOBODY)
    elif said in ("2", "khong gui", "do not send", *RETURN):
        talk.say(NOT_SENT)
    else:
        _ask_sure(talk, asked, what, place)
        return
    _open_view(talk, asked, Place.of(place), picture=False)
