"""/kiemtra: find the unit, see its card, press "Bắt đầu". Until then nobody but the inspector knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.attending import proposed, who
from bot.commands.base import Command
from bot.talk import Talk
from bot.walking import open_visit
from inspection.access import INSPECTOR, TEAM_HEAD, scope
from inspection.attendance import Attendance, described, hear, opens
from inspection.dialogue import begin
from inspection.figures import show_clock, show_day, show_two
from inspection.messages import Choice
from inspection.phrases import Phrase, say
from inspection.prompts import PAIRS, lower_first
from inspection.shown import show_score
from inspection.taking_part import about_members
from inspection.visit import PriorFinding, Status, Visit, attendance_from_plain, attendance_to_plain
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import checklists, obligations, units, visits, work_hours
from storage.units import Unit

FIND = Phrase(
    "Đề nghị gõ tên đơn vị được kiểm tra. Không thông báo trước cho đơn vị. Ví dụ: tan doan",
    "Type the name of the unit to inspect. Do not announce it. Example: tan doan",
)
NOT_FOUND = Phrase(
    'Không tìm thấy đơn vị "{words}" trong phạm vi được giao. Gõ tên khác, có dấu hoặc không dấu. Ví dụ: diem he',
    'No unit "{words}" in your area. Type another name, with or without marks. Example: diem he',
)
WHICH = Phrase(
    "Chọn đơn vị:\n{lines}\nTrả lời bằng số. Ví dụ: 1", "Choose the unit:\n{lines}\nAnswer with its number. Example: 1"
)
FORMER = Phrase(" ({former})", " ({former})")
ONE_STOP = Phrase(" Có Bộ phận Một cửa.", " Has a one-stop desk.")
LAST = Phrase("Lần trước {day}: {score}/100, {grade}.", "Last visit {day}: {score}/100, {grade}.")
NEVER = Phrase("Chưa có lượt kiểm tra trước.", "No earlier visit.")
OPEN = Phrase(" Còn {count} tồn tại chưa xác nhận: {numbers}.", " Findings still open ({count}): {numbers}.")
WILL_SAY = Phrase(
    "Biên bản sẽ ghi: {known}.\nKhác thì gõ, ví dụ: đại diện Hoàng Thị Lan, Phó Chủ tịch",
    "The minutes will say: {known}.\nIf not so, type e.g.: representative “Hoàng Thị Lan, Phó Chủ tịch”",
)
OUTSIDE = Phrase(
    "Hiện ngoài giờ làm việc của đơn vị (hôm nay {hours}): số có mặt, đi muộn chỉ có giá trị khi đếm trong giờ.",
    "Outside the unit's working hours (today {hours}): who is present or late can be counted within them only.",
)
NO_HOURS = Phrase(
    "Hôm nay đơn vị không làm việc theo giờ đã nhập: số có mặt, đi muộn chỉ có giá trị khi đếm trong giờ.",
    "The unit does not work today by the hours entered: who is present or late can be counted within them only.",
)
START = Phrase("1. Bắt đầu   2. Đơn vị khác", "1. Begin   2. Another unit")
START_LABEL = Phrase("1. Bắt đầu", "1. Begin")
OTHER_LABEL = Phrase("2. Đơn vị khác", "2. Another unit")
BUSY = Phrase(
    "{unit} đang có lượt kiểm tra do {name} phụ trách.", "{unit} is being inspected now; the visit is led by {name}."
)
MINE = Phrase(
    "{unit} đang có lượt kiểm tra của đồng chí, tiếp tục lượt này.",
    "You have a visit to {unit} under way; going on with it.",
)
NO_CHECKLIST = Phrase("Chưa có bộ nội dung kiểm tra nào có hiệu lực.", "No checklist is in force.")


class Inspect(Command):
    """Begins a surprise visit."""

    name = "kiemtra"
    alias = "inspect"
    words = ("kiểm tra",)
    roles = (INSPECTOR, TEAM_HEAD)
    help = Phrase("Bắt đầu kiểm tra một đơn vị", "Begin the inspection of a unit")

    def run(self, talk: Talk, argument: str) -> None:
        """Ask for the unit, or look for the one named in the line."""
        if argument:
            _find(talk, argument)
        else:
            talk.ask(talk.words(FIND), self.name, "find")

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A name, a number from the list, or the word to begin."""
        number = fold(text).removeprefix("so ").strip(" .()")
        if focus["step"] == "which" and number.isdigit():
            _chosen(talk, int(number), [str(unit_id) for unit_id in focus["units"]])
        elif focus["step"] == "card" and number in ("1", "bat dau"):
            _begin(talk, str(focus["unit"]), attendance_from_plain(focus.get("attendance", [])))
        elif focus["step"] == "card" and opens(text):
            _corrected(talk, text, focus)
        elif number.isdigit() or number == "don vi khac":
            talk.ask(talk.words(FIND), self.name, "find")
        else:
            _find(talk, text)


def _find(talk: Talk, text: str) -> None:
    found = units.find(talk.connection, text, scope=scope(talk.person, "inspect"), on=talk.ledger.today, limit=8)
    if not found:
        talk.ask(talk.words(NOT_FOUND, words=text.strip()[:60]), "kiemtra", "find")
    elif len(found) == 1 or units.is_exactly(found, text):
        _card(talk, found[0].id)
    else:
        _which(talk, found)


def _which(talk: Talk, found: Sequence[Unit]) -> None:
    labels = [f"{n}. {label}" for n, label in enumerate(units.labels(found, talk.language), start=1)]
    choices = [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]
    talk.ask(talk.words(WHICH, lines="\n".join(labels)), "kiemtra", "which", choices, units=[u.id for u in found])


def _chosen(talk: Talk, number: int, offered: list[str]) -> None:
    """A number of the list; another number shows the list again."""
    if 1 <= number <= len(offered):
        _card(talk, offered[number - 1])
        return
    known = units.get_many(talk.connection, offered, on=talk.ledger.today)
    _which(talk, [known[unit_id] for unit_id in offered if unit_id in known])


def _corrected(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """What the minutes will say of who takes part, put right on the card."""
    before = attendance_from_plain(focus.get("attendance", []))
    unit_id = str(focus["unit"])
    heard = hear(before, text, year=talk.ledger.today.year, known=who(talk, unit_id), conducts=talk.person.id)
    lines = [say(talk.language, "attendance_unclear")] if heard is None else about_members(heard, talk.language)
    _card(talk, unit_id, heard.attendance if heard else before, "\n".join(lines))


def _card(talk: Talk, unit_id: str, attendance: Attendance | None = None, head: str = "") -> None:
    """The card of a unit; with who takes part as corrected, else as it is most likely."""
    unit = units.get(talk.connection, unit_id, on=talk.ledger.today)
    if unit is None or not talk.covers("inspect", unit_id):
        talk.ask(talk.words(NOT_FOUND, words=""), "kiemtra", "find")
        return
    busy = visits.under_way(talk.connection, unit_id)
    if busy is not None:
        _busy(talk, unit, *busy)
        return
    taking_part = attendance or proposed(talk, unit)
    known = talk.words(WILL_SAY, known=described(taking_part, talk.language)) if described(taking_part) else ""
    lines = [head, _about(talk, unit), _history(talk, unit), _hours(talk, unit), known, talk.words(START)]
    text = "\n".join(line for line in lines if line)
    choices = (Choice(talk.words(START_LABEL), "1"), Choice(talk.words(OTHER_LABEL), "2"))
    talk.ask(text, "kiemtra", "card", choices, unit=unit_id, attendance=attendance_to_plain(taking_part))


def _about(talk: Talk, unit: Unit) -> str:
    lineage = units.lineage(unit, talk.language)
    former = talk.words(FORMER, former=lineage) if lineage else ""
    return f"{unit.full_name}{former}.{talk.words(ONE_STOP) if unit.one_stop else ''}"


def _hours(talk: Talk, unit: Unit) -> str:
    """That nobody need be there now: who is present can be counted in the unit's working hours only."""
    now = talk.ledger.now.astimezone(LOCAL)
    hours = work_hours.of_unit(talk.connection, unit.id, now.date())
    if hours is None:
        return ""
    if not talk.ledger.calendar().is_working_day(now.date()):
        return talk.words(NO_HOURS)
    if any(start <= now.time() <= end for start, end in hours):
        return ""
    shown = ", ".join(f"{show_clock(start)}-{show_clock(end)}" for start, end in hours)
    return talk.words(OUTSIDE, hours=shown) if hours else talk.words(NO_HOURS)


def _history(talk: Talk, unit: Unit) -> str:
    last = visits.last_visit(talk.connection, unit.id)
    if last is None:
        return talk.words(NEVER)
    grade = say(talk.language, f"grade_{last.grade}") if last.grade else "…"
    line = talk.words(
        LAST,
        day=show_day(last.on.astimezone(LOCAL).date(), talk.language),
        score=show_score(last.score, talk.language),
        grade=grade,
    )
    findings = visits.open_findings(talk.connection, unit.id)
    if findings:
        line += talk.words(OPEN, count=show_two(len(findings), talk.language), numbers=_named(talk, findings))
    return line


def _named(talk: Talk, findings: Sequence[PriorFinding]) -> str:
    """Up to three findings with what they say, more by number alone."""
    if len(findings) > 3:
        return ", ".join(f.number for f in findings)
    return "; ".join(f"{f.number}, {talk.quoted(lower_first(f.sentence.rstrip('.')))}" for f in findings)


def _busy(talk: Talk, unit: Unit, visit_id: str, leader: str) -> None:
    visit = talk.ledger.visit(visit_id)
    if visit is not None and visit.leader_id == talk.person.id:
        open_visit(talk, visit_id, head=talk.words(MINE, unit=unit.full_name))
    else:
        talk.say(BUSY, unit=unit.full_name, name=leader)


def _begin(talk: Talk, unit_id: str, attendance: Attendance) -> None:
    """The visit starts: what the rules need to know of the unit is fixed now, with the checklist version."""
    unit = units.get(talk.connection, unit_id, on=talk.ledger.today)
    version = checklists.latest(talk.connection, talk.ledger.today)
    if unit is None or not talk.covers("inspect", unit_id):
        talk.ask(talk.words(NOT_FOUND, words=""), "kiemtra", "find")
        return
    busy = visits.under_way(talk.connection, unit_id)
    if busy is not None:
        _busy(talk, unit, *busy)
        return
    if version is None:
        talk.say(NO_CHECKLIST)
        return
    visit = replace(_opened(talk, unit, version[0]), attendance=attendance)
    talk.ledger.begin(visit)
    talk.state["visit"] = visit.id
    reply = begin(visit, talk.ledger.rules(visit), talk.speaker(visit), talk.ledger.now, period_from=visit.period_from)
    talk.visit_reply(visit, reply)


def _opened(talk: Talk, unit: Unit, checklist_id: int) -> Visit:
    today = talk.ledger.today
    last = visits.last_visit(talk.connection, unit.id)
    earlier = visits.earlier_findings(talk.connection, unit.id, today)
    return Visit(
        id=talk.ledger.ids.new_id(),
        unit_id=unit.id,
        unit_name=unit.full_name,
        checklist_id=checklist_id,
        status=Status.IN_PROGRESS,
        started_at=talk.ledger.now,
        on=today,
        leader_id=talk.person.id,
        period_from=last.on.astimezone(LOCAL).date() if last else date(today.year, 1, 1),
        one_stop=unit.one_stop,
        priors=visits.open_findings(talk.connection, unit.id),
        system=_system(talk, unit),
        known=_known(talk, unit),
        guided=PAIRS if talk.sparing else "",
        earlier={item: number for item, (_, number) in earlier.items()},
    )


def _system(talk: Talk, unit: Unit) -> dict[str, Any]:
    """What the system holds: the plan's due date, totals of earlier findings, when the remedy report was due."""
    today = talk.ledger.today
    plans = obligations.of_units(talk.connection, [unit.id], None, kind="impl_plan", year=today.year)
    system: dict[str, Any] = {"leader": talk.person.name}
    if plans:
        system["A02.han"] = plans[0].due
    totals = visits.finding_totals(talk.connection, unit.id, today)
    if totals["tong"]:
        system |= {f"I01.{name}": value for name, value in totals.items()}
        report_due = visits.remedy_report_due(talk.connection, unit.id)
        system["I02.han"] = report_due or today - timedelta(days=1)
    return system


def _known(talk: Talk, unit: Unit) -> dict[str, dict[str, Any]]:
    """Papers the unit has reported already: shown, and counted under "còn lại đạt" once they were seen."""
    year = talk.ledger.today.year
    plans = obligations.of_units(talk.connection, [unit.id], None, kind="impl_plan", year=year)
    known = {}
    if plans and plans[0].document and plans[0].issued:
        known["A01"] = {"so_ky_hieu": plans[0].document, "ngay_ban_hanh": plans[0].issued}
    return known
