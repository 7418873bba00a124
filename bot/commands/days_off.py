"""/ngaynghi: the days off and worked Saturdays to come; an administrator changes one, or confirms a year's plan.

Before anything is stored it is said which due dates move.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from bot.commands.base import Command
from bot.directing.draft import number_of
from bot.matters.common import unit_name
from bot.talk import Talk
from inspection.access import ADMIN, may, may_everywhere
from inspection.figures import day as read_day
from inspection.figures import show_day, show_two
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold, nfc
from inspection.working_days import Calendar
from storage import calendar, due_dates, journal, units
from storage.due_dates import Move
from storage.holidays import DayKind
from storage.journal import Entry

COMMAND = "ngaynghi"
LISTED = 8  # due dates that move, told one by one
_SATURDAY = 5
_WORDS: Final[dict[str, DayKind | None]] = {
    "lam viec": "work", "lam bu": "work", "work": "work", "nghi": "off", "off": "off",
    "mac dinh": None, "default": None,
}  # fmt: skip
_CHANGE: Final = re.compile(
    r"(.*?\d)\s+(làm việc|lam viec|làm bù|lam bu|work|nghỉ|nghi|off|mặc định|mac dinh|default)\b[\s,;:]*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_CONFIRM: Final = re.compile(r"(?:xác nhận|xac nhan|confirm)\s+(20\d\d)[\s,;:]*(.*)", re.IGNORECASE | re.DOTALL)
_SOURCE = 200  # characters

LIST = Phrase(
    "Ngày nghỉ, ngày làm bù {year}{from_day}{plan}:\n{lines}\n{how}",
    "Days off and worked Saturdays of {year}{from_day}{plan}:\n{lines}\n{how}",
)
FROM_DAY = Phrase(", từ {day}", ", from {day} on")
PLANNED = Phrase(" (theo {source})", " (by “{source}”)")
OFFICIAL = Phrase(" (lịch chính thức)", " (official plan)")
PROVISIONAL = Phrase(
    " (dự kiến, chưa xác nhận lịch nghỉ chính thức)", " (provisional, the official plan is not confirmed)"
)
OFF_LINE = Phrase("{days}: nghỉ{source}", "{days}: off{source}")
WORK_LINE = Phrase("{days}: làm việc{source}", "{days}: worked{source}")
BY = Phrase(", {source}", ", “{source}”")
NONE = Phrase("Không còn ngày nào.", "No more.")
HOW = Phrase(
    "Ví dụ sửa một ngày: 24/11/{year} làm việc, Công văn số 15/UBND-NC; về lịch chung: 24/11/{year} mặc định; "
    "xem năm khác: /ngaynghi {next}; xác nhận lịch: xác nhận {next}, Công văn số 15/VPCP",
    "To change a day: 24/11/{year} work, 15/UBND-NC; back to the general calendar: 24/11/{year} default; "
    "another year: /holidays {next}; to confirm a plan: confirm {next}, 15/VPCP",
)
UNREAD = Phrase(
    "Chưa đọc được. Ví dụ: 24/11/{year} làm việc, Công văn số 15/UBND-NC; hoặc 24/11/{year} nghỉ, Công văn số 15/UBND-NC; hoặc 24/11/{year} mặc định",
    "This could not be read. Example: 24/11/{year} work, 15/UBND-NC; or 24/11/{year} off, 15/UBND-NC; or 24/11/{year} default",
)
NO_SUCH_DAY = Phrase(
    "Không có ngày “{words}” trong lịch. Đề nghị gõ lại. Ví dụ: 24/11/{year} nghỉ, Công văn số 15/UBND-NC",
    "There is no day “{words}”. Please type it again. Example: 24/11/{year} off, 15/UBND-NC",
)
TOO_FAR = Phrase(
    "Chỉ sửa được từ {first} đến {last}. Đề nghị gõ ngày khác.",
    "Only days from {first} to {last} can be changed. Please type another.",
)
NEEDS_SOURCE = Phrase(
    "Đề nghị ghi văn bản quy định, tối đa 200 ký tự. Ví dụ: {day} nghỉ, Công văn số 15/UBND-NC",
    "Please add the document that says so, at most 200 characters. Example: {day} off, 15/UBND-NC",
)
NO_CHANGE = Phrase("Ngày {day} đã như vậy. Không thay đổi gì.", "{day} is so already. Nothing was changed.")
KINDS: dict[DayKind, Phrase] = {"off": Phrase("nghỉ", "off"), "work": Phrase("làm việc", "worked")}
CHECK = Phrase(
    "Ngày {day}: {kind}{source}. {moved}\n1. Ghi   2. Không ghi",
    "{day}: {kind}{source}. {moved}\n1. Store   2. Do not store",
)
LABELS = (Phrase("1. Ghi", "1. Store"), Phrase("2. Không ghi", "2. Do not store"))
MOVED = Phrase("Dời thời hạn {count} việc đang mở:\n{lines}", "It moves {count} open due dates:\n{lines}")
NOTHING_MOVES = Phrase("Không dời thời hạn nào đang mở.", "No open due date moves.")
MOVE_LINE = Phrase("{code}, {unit}: {before} → {after}", "{code}, {unit}: {before} → {after}")
MORE = Phrase("… và {count} việc khác", "… and {count} more")
DONE = Phrase("Đã ghi ngày {day}: {kind}. {moved}", "{day} is stored: {kind}. {moved}")
LEFT = Phrase("Không thay đổi gì.", "Nothing was changed.")
CONFIRMED = Phrase(
    "Đã xác nhận lịch nghỉ năm {year} theo {source}; thời hạn trong năm không còn ghi “dự kiến”. Ngày nào khác lịch chung thì sửa ở đây.",
    "The plan of {year} is confirmed by “{source}”; its due dates are no longer marked provisional. Change any day that differs here.",
)
CONFIRM_SOURCE = Phrase(
    "Đề nghị ghi văn bản quy định lịch nghỉ. Ví dụ: xác nhận {year}, Công văn số 15/VPCP",
    "Please add the document. Example: confirm {year}, 15/VPCP",
)


class DaysOff(Command):
    """The calendar; changed only by those whose role holds everywhere, because it holds for everybody."""

    name = COMMAND
    alias = "holidays"
    words = ("ngày nghỉ",)
    roles = (ADMIN,)
    help = Phrase("Ngày nghỉ, ngày làm bù; sửa theo văn bản", "Days off and worked Saturdays; change them")

    def run(self, talk: Talk, argument: str) -> None:
        """The days to come of this year, all of another; or a day to be changed, a plan to be confirmed."""
        word, today = fold(argument).strip(" ."), talk.ledger.today
        if not may(talk.person, "set_calendar"):
            talk.refuse("set_calendar")
        elif not word:
            _show(talk, today.year)
        elif word.isdigit() and today.year - 1 <= int(word) <= today.year + calendar.YEARS_AHEAD:
            _show(talk, int(word))
        elif not _may_change(talk):
            talk.refuse("set_calendar")
        elif confirmed := _CONFIRM.fullmatch(nfc(argument).strip()):
            _confirm(talk, int(confirmed[1]), confirmed[2].strip())
        else:
            _propose(talk, nfc(argument).strip())

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A day to be changed, or whether the one shown is to be stored."""
        number = number_of(text)
        if focus.get("step") != "sure":
            self.run(talk, text)
        elif not _may_change(talk):
            talk.refuse("set_calendar")
        elif number == 1:
            _store(talk, focus)
        elif number == 2:
            talk.say(LEFT)
        else:
            self.run(talk, text)


def _may_change(talk: Talk) -> bool:
    tops = {top.id for top in units.tops(talk.connection, talk.ledger.today)}
    return may_everywhere(talk.person, "set_calendar", tops)


# --- showing --------------------------------------------------------------------------------------------------------


def _show(talk: Talk, year: int) -> None:
    today = talk.ledger.today
    first = max(date(year, 1, 1), today)
    lines = list(_lines(talk, first if year == today.year else date(year, 1, 1), date(year, 12, 31)))
    text = talk.words(
        LIST, year=year, plan=_plan(talk, year), lines="\n".join(lines) or talk.words(NONE),
        from_day=talk.words(FROM_DAY, day=show_day(first, talk.language)) if year == today.year else "",
        how=talk.words(HOW, year=year, next=today.year + 1),
    )  # fmt: skip
    talk.ask(text, COMMAND, "list")


def _plan(talk: Talk, year: int) -> str:
    source = calendar.confirmed_by(talk.connection, year)
    if source:
        return talk.words(PLANNED, source=source)
    return talk.words(PROVISIONAL if calendar.provisional(talk.connection, year) else OFFICIAL)


def _lines(talk: Talk, first: date, last: date) -> Iterator[str]:
    """Weekdays off and weekend days worked, days in a row of one source together."""
    days, said = talk.ledger.calendar(), calendar.said(talk.connection, first.year)
    runs: list[tuple[bool, str, list[date]]] = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        worked = days.is_working_day(day)
        if worked == (day.weekday() < _SATURDAY):
            continue
        source = said[day][1] if day in said else ""
        if runs and runs[-1][:2] == (worked, source) and runs[-1][2][-1] == day - timedelta(days=1):
            runs[-1][2].append(day)
        else:
            runs.append((worked, source, [day]))
    for worked, source, run in runs:
        shown = show_day(run[0], talk.language)
        shown += f" – {show_day(run[-1], talk.language)}" if len(run) > 1 else ""
        by = talk.words(BY, source=source) if source else ""
        yield talk.words(WORK_LINE if worked else OFF_LINE, days=shown, source=by)


# --- changing a day -------------------------------------------------------------------------------------------------


def _propose(talk: Talk, text: str) -> None:
    """One day, what it is to be and by which document: what would move is said before it is stored."""
    today = talk.ledger.today
    read = _CHANGE.fullmatch(text)
    day = read_day(read[1], year=today.year) if read else None
    first, last = date(today.year - 1, 1, 1), date(today.year + calendar.YEARS_AHEAD, 12, 31)
    if read is None:
        talk.ask(talk.words(UNREAD, year=today.year), COMMAND, "list")
    elif day is None:
        talk.ask(talk.words(NO_SUCH_DAY, words=read[1][:40], year=today.year), COMMAND, "list")
    elif not first <= day <= last:
        shown = {"first": show_day(first, talk.language), "last": show_day(last, talk.language)}
        talk.ask(talk.words(TOO_FAR, **shown), COMMAND, "list")
    elif _WORDS[fold(read[2])] is not None and not 0 < len(read[3].strip(" .")) <= _SOURCE:
        talk.ask(talk.words(NEEDS_SOURCE, day=show_day(day)), COMMAND, "list")
    else:
        _ask_sure(talk, day, _WORDS[fold(read[2])], read[3].strip(" ."))


def _ask_sure(talk: Talk, day: date, kind: DayKind | None, source: str) -> None:
    after = calendar.with_day(talk.connection, talk.ledger.today, day, kind)
    said = calendar.said(talk.connection, day.year)
    same_word = (kind is None and day not in said) or said.get(day) == (kind, source)
    if same_word or (day not in said and after.is_working_day(day) == talk.ledger.calendar().is_working_day(day)):
        talk.say(NO_CHANGE, day=show_day(day, talk.language))
        return
    moved = due_dates.moves(talk.connection, talk.ledger.calendar(), after)
    text = talk.words(
        CHECK, day=show_day(day, talk.language), kind=_kind(talk, after, day),
        source=talk.words(BY, source=source) if source else "", moved=_moved(talk, moved),
    )  # fmt: skip
    labels = [talk.words(label) for label in LABELS]
    choices = [Choice(label, label[0]) for label in labels]
    talk.ask(text, COMMAND, "sure", choices, day=day.isoformat(), kind=kind, source=source)


def _kind(talk: Talk, days: Calendar, day: date) -> str:
    return talk.words(KINDS["work" if days.is_working_day(day) else "off"])


def _moved(talk: Talk, moved: Sequence[Move]) -> str:
    if not moved:
        return talk.words(NOTHING_MOVES)
    lines = [
        talk.words(
            MOVE_LINE, code=one.obligation.code, unit=unit_name(talk, one.obligation.unit_id),
            before=show_day(one.before, talk.language), after=show_day(one.end, talk.language),
        )
        for one in moved[:LISTED]
    ]  # fmt: skip
    if len(moved) > LISTED:
        lines.append(talk.words(MORE, count=show_two(len(moved) - LISTED, talk.language)))
    return talk.words(MOVED, count=show_two(len(moved), talk.language), lines="\n".join(lines))


def _store(talk: Talk, focus: dict[str, Any]) -> None:
    """The day and the due dates that hang on it, together."""
    ledger = talk.ledger
    day, kind = date.fromisoformat(focus["day"]), focus["kind"]
    after = calendar.with_day(talk.connection, ledger.today, day, kind)
    moved = due_dates.moves(talk.connection, ledger.calendar(), after)
    if kind is None:
        calendar.restore_default(talk.connection, day)
    else:
        calendar.override(talk.connection, day, kind, focus["source"])
    due_dates.move(talk.connection, moved)
    ledger.calendar_changed()
    details = {"day": day.isoformat(), "kind": kind or "", "moved": len(moved)}
    journal.append(talk.connection, Entry(talk.person.id, "calendar_changed", "", details), ledger.now)
    talk.say(DONE, day=show_day(day, talk.language), kind=_kind(talk, after, day), moved=_moved(talk, moved))


def _confirm(talk: Talk, year: int, source: str) -> None:
    today = talk.ledger.today
    if not today.year - 1 <= year <= today.year + calendar.YEARS_AHEAD:
        shown = {"first": str(today.year - 1), "last": str(today.year + calendar.YEARS_AHEAD)}
        talk.ask(talk.words(TOO_FAR, **shown), COMMAND, "list")
    elif not 0 < len(source.strip(" .")) <= _SOURCE:
        talk.ask(talk.words(CONFIRM_SOURCE, year=year), COMMAND, "list")
    else:
        calendar.confirm(talk.connection, year, source.strip(" ."), talk.ledger.now)
        journal.append(talk.connection, Entry(talk.person.id, "plan_confirmed", "", {"year": year}), talk.ledger.now)
        talk.say(CONFIRMED, year=year, source=source.strip(" ."))
