"""/summary: the figures of the asker's area for a period, at one moment, in words that can be read aloud."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from bot.commands.base import Command
from bot.talk import Talk
from inspection.access import ADMIN, scope
from inspection.figures import show_day, show_two
from inspection.messages import Choice
from inspection.obligations import overdue_by
from inspection.phrases import Phrase, say
from inspection.shown import show_score, when
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import checklists, obligations, units
from storage.reports import summary

PERIODS = ("week", "month", "quarter", "year")
WORDS = {
    "tuan": "week", "tuan nay": "week", "week": "week", "thang": "month", "thang nay": "month", "month": "month",
    "quy": "quarter", "quy nay": "quarter", "quarter": "quarter", "nam": "year", "nam nay": "year", "year": "year",
}  # fmt: skip
LABELS = {
    "week": Phrase("Tuần này", "This week"),
    "month": Phrase("Tháng này", "This month"),
    "quarter": Phrase("Quý này", "This quarter"),
    "year": Phrase("Năm nay", "This year"),
}
HEAD = Phrase(
    "TỔNG HỢP KỶ LUẬT, KỶ CƯƠNG HÀNH CHÍNH\n{area}, từ {start} đến {moment}",
    "SUMMARY OF ADMINISTRATIVE DISCIPLINE\n{area}, from {start} to {moment}",
)
ALOUD = Phrase(
    "Đọc nhanh: {visits} lượt kiểm tra tại {places} đơn vị; {open} tồn tại, hạn chế chưa khắc phục; {overdue} đơn vị quá hạn kế hoạch.",
    "In short: visits {visits}, units visited {places}, findings open {open}, units with an overdue plan {overdue}.",
)
VISITS = Phrase(
    "- Kiểm tra: {visits} lượt tại {places}/{units} đơn vị{early}",
    "- Visits: {visits}, to {places} of {units} units{early}",
)
EARLY = Phrase("; {count} lượt kết thúc sớm", "; {count} ended early")
SCORE = Phrase("- Điểm bình quân: {score}/100; {grades}", "- Average score: {score}/100; {grades}")
NO_SCORE = Phrase("- Chưa có lượt kiểm tra nào trong kỳ.", "- No visit in this period.")
FEW = Phrase(" (dưới 05 lượt, chưa nên so sánh)", " (fewer than 5 visits: do not compare)")
FINDINGS = Phrase(
    "- Tồn tại, hạn chế trong kỳ: {total}; đã khắc phục {remedied}, còn {open}, trong đó quá hạn {overdue}{older}",
    "- Findings of the period: {total}; remedied {remedied}, open {open}, of them overdue {overdue}{older}",
)
OLDER = Phrase("; còn từ trước {count}", "; open from before {count}")
FAILED = Phrase("- Nội dung chưa đạt nhiều nhất:\n{lines}", "- Items failed most often:\n{lines}")
FAILED_LINE = Phrase("  {code} {short}: {failed}/{judged} lượt", "  {code} {short}: {failed} of {judged}")
NONE_FAILED = Phrase("- Không có nội dung chưa đạt.", "- No item failed.")
PLANS = Phrase(
    "- Kế hoạch triển khai năm {year}: {done}/{total} đơn vị{share}, trong đó ban hành sau hạn {late}; quá hạn {overdue}",
    "- Implementation plans {year}: {done} of {total} units{share}, of them issued late {late}; overdue {overdue}",
)
NO_PLANS = Phrase("- Kế hoạch triển khai năm {year}: không phát sinh", "- Implementation plans {year}: none owed")
OVERDUE_LINE = Phrase(
    "  {unit}, {code}, hạn {due}, quá {days} ngày làm việc", "  {unit}, {code}, due {due}, working days over: {days}"
)
OTHER = Phrase(
    "Kỳ khác: 1. Tuần này   2. Tháng này   3. Quý này   4. Năm nay",
    "Other period: 1. This week   2. This month   3. This quarter   4. This year",
)
UNKNOWN = Phrase(
    "Hệ thống chưa rõ kỳ này. Gõ tuần, tháng, quý hoặc năm. Ví dụ: /summary tháng",
    "This period is not understood. Type week, month, quarter or year. Example: /summary month",
)


class Summary(Command):
    """The administrator's figures."""

    name = "summary"
    alias = "tonghop"
    words = ("tổng hợp", "summary")
    roles = (ADMIN,)
    help = Phrase("Tổng hợp số liệu", "Figures in short")

    def called(self, language: str) -> str:
        """Both languages know it as /summary."""
        return self.name

    def run(self, talk: Talk, argument: str) -> None:
        """The year by default, or the period named."""
        period = WORDS.get(fold(argument), "" if argument else "year")
        if period:
            _answer(talk, period)
        else:
            _ask_period(talk, talk.words(UNKNOWN))

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A period by its number or its word."""
        number = fold(text).strip(" .()")
        if number.isdigit() and 1 <= int(number) <= len(PERIODS):
            _answer(talk, PERIODS[int(number) - 1])
        else:
            self.run(talk, text)


def first_day(period: str, today: date) -> date:
    """The first day of the current week, month, quarter or year."""
    if period == "week":
        return today - timedelta(days=today.weekday())
    if period == "month":
        return today.replace(day=1)
    if period == "quarter":
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return today.replace(month=1, day=1)


def _answer(talk: Talk, period: str) -> None:
    today, now = talk.ledger.today, talk.ledger.now
    area = scope(talk.person, "summary")
    ids = set().union(*(units.subtree_ids(talk.connection, unit_id, today) for unit_id in area))
    inspected = summary.inspectable(talk.connection, ids)
    first = first_day(period, today)
    start = datetime.combine(first, datetime.min.time(), LOCAL)
    figures = summary.summarise(talk.connection, inspected, start, now, talk.ledger.calendar())
    names = ", ".join(role.unit_name for role in talk.person.roles if role.unit_id in area)
    lines = [
        talk.words(HEAD, area=names, start=show_day(first, talk.language), moment=when(talk.language, now.astimezone(LOCAL))),
        talk.words(ALOUD, visits=show_two(figures.visits, talk.language), places=show_two(figures.units_visited, talk.language),
                   open=show_two(figures.findings_open + figures.findings_older, talk.language),
                   overdue=show_two(len(figures.overdue), talk.language)),
        *_visit_lines(talk, figures),
        _findings(talk, figures),
        _failed(talk, figures),
        *_plan_lines(talk, figures),
    ]  # fmt: skip
    _ask_period(talk, "\n".join(lines))


def _ask_period(talk: Talk, text: str) -> None:
    choices = [Choice(f"{n}. {talk.words(LABELS[p])}", str(n)) for n, p in enumerate(PERIODS, start=1)]
    talk.ask(f"{text}\n{talk.words(OTHER)}", "summary", "period", choices)


def _visit_lines(talk: Talk, figures: summary.Summary) -> list[str]:
    early = talk.words(EARLY, count=show_two(figures.ended_early, talk.language)) if figures.ended_early else ""
    visits = talk.words(VISITS, visits=show_two(figures.visits, talk.language), places=show_two(figures.units_visited, talk.language),
                        units=figures.units, early=early)  # fmt: skip
    if figures.average is None:
        return [visits, talk.words(NO_SCORE)]
    grades = ", ".join(
        f"{say(talk.language, f'grade_{grade}')} {show_two(figures.grades[grade], talk.language)}"
        for grade in ("tot", "kha", "trung_binh", "yeu")
        if figures.grades.get(grade)
    )
    few = talk.words(FEW) if figures.visits < 5 else ""
    return [visits, talk.words(SCORE, score=show_score(figures.average, talk.language), grades=grades) + few]


def _findings(talk: Talk, figures: summary.Summary) -> str:
    older = talk.words(OLDER, count=show_two(figures.findings_older, talk.language)) if figures.findings_older else ""
    return talk.words(
        FINDINGS,
        total=show_two(figures.findings, talk.language),
        remedied=show_two(figures.findings - figures.findings_open, talk.language),
        open=show_two(figures.findings_open, talk.language),
        overdue=show_two(figures.findings_overdue, talk.language),
        older=older,
    )


def _failed(talk: Talk, figures: summary.Summary) -> str:
    if not figures.failed_items:
        return talk.words(NONE_FAILED)
    lines = [
        talk.words(FAILED_LINE, code=f.code, short=_label(talk, f.code),
                   failed=show_two(f.failed, talk.language), judged=show_two(f.judged, talk.language))
        for f in figures.failed_items
    ]  # fmt: skip
    return talk.words(FAILED, lines="\n".join(lines))


def _label(talk: Talk, code: str) -> str:
    """What an item is about; one that the present version no longer has keeps the words of the last that had it."""
    item = checklists.item_named(talk.connection, code, talk.ledger.today)
    return _short(item.short[0 if talk.language == "vi" else 1], talk.ledger.today.year) if item else ""


def _short(label: str, year: int) -> str:
    """A label without what only the form needs: the figures to type; of several counts the one that is judged."""
    words = label.replace("{nam}", str(year))
    words = words.partition(":")[0] if ":" in words else words.rpartition(";")[2].strip()
    return words[:1].upper() + words[1:]


def _plan_lines(talk: Talk, figures: summary.Summary) -> list[str]:
    year = talk.ledger.today.year
    if not figures.plans:
        return [talk.words(NO_PLANS, year=year)]
    share = f" ({show_score(summary.share(figures.plans_done, figures.plans), talk.language)}%)"
    lines = [
        talk.words(PLANS, year=year, done=show_two(figures.plans_done, talk.language), total=figures.plans, share=share,
                   late=show_two(figures.plans_late, talk.language), overdue=show_two(len(figures.overdue), talk.language))
    ]  # fmt: skip
    named = units.get_many(talk.connection, {p.unit_id for p in figures.overdue}, on=talk.ledger.today)
    calendar, today = talk.ledger.calendar(), talk.ledger.today
    for plan in figures.overdue[:10]:
        one = obligations.by_code(talk.connection, plan.code)
        if one is not None and plan.unit_id in named:
            days = show_two(overdue_by(one, today, calendar), talk.language)
            lines.append(talk.words(OVERDUE_LINE, unit=named[plan.unit_id].full_name, code=plan.code,
                                    due=show_day(plan.due, talk.language), days=days))  # fmt: skip
    return lines
