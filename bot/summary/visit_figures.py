"""What the figures of people and files are added up from, visit by visit: the way from an indicator to its records."""

from __future__ import annotations

from collections.abc import Sequence

from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.lists import Detail, Entry
from bot.talk import Talk
from inspection.figures import show_day
from inspection.phrases import Phrase
from inspection.shown import number
from inspection.working_days import LOCAL
from storage.reports import records
from storage.reports.summary import Summary

COUNTED_VISITS = {
    "attendance": Phrase("Số liệu quán triệt, có mặt của từng lượt", "Briefing and attendance, visit by visit"),
    "desk": Phrase("Số liệu Một cửa của từng lượt", "One-stop figures, visit by visit"),
}
ATTENDANCE_SUM = Phrase(
    "Các lượt: đã quán triệt {briefed}; vắng không lý do {absent}. KPI-02 lấy lượt cuối của mỗi đơn vị.",
    "All visits: briefed {briefed}; absent without a reason {absent}. KPI-02 takes the last visit of each unit.",
)
DESK_SUM = Phrase("Tất cả: hài lòng {rated}; xin lỗi {late}.", "In all: satisfied {rated}; apologies {late}.")
NO_FIGURES = Phrase("Chưa có lượt nào có số liệu này trong kỳ.", "No visit of the period has these figures.")
ATTENDANCE_LINE = Phrase(
    "{unit}, {on}: đã quán triệt {briefed}; vắng không lý do {absent}",
    "{unit}, {on}: briefed {briefed}; absent without a reason {absent}",
)
DESK_VISIT_LINE = Phrase(
    "{unit}, {on}: hài lòng {rated}; xin lỗi {late}", "{unit}, {on}: satisfied {rated}; apologies {late}"
)


def counted_acts(talk: Talk, *names: str) -> list[Entry]:
    """The ways into these lists."""
    return [Entry(talk.words(COUNTED_VISITS[name]), f"view:{name}") for name in names]


def attendance(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Behind KPI-02 and KPI-08."""
    names = ("briefed", "staff", "absent", "required")
    listed = records.measured(talk.connection, summary.area.counted, summary.span, *names)
    entries = [
        _counted_entry(talk, one, ATTENDANCE_LINE, briefed=_of(briefed, staff), absent=_of(absent, required))
        for one, (briefed, staff, absent, required) in listed
    ]
    sums = [sum(figures[place] or 0 for _, figures in listed) for place in range(len(names))]
    total = talk.words(ATTENDANCE_SUM, briefed=_of(*sums[:2]), absent=_of(*sums[2:]))
    return _counted_detail(talk, "attendance", entries, f" {total}")


def desk(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Behind KPI-09 and KPI-10."""
    names = ("satisfied", "rated", "apologies", "late_files")
    listed = records.measured(talk.connection, summary.area.counted, summary.span, *names)
    entries = [
        _counted_entry(
            talk, one, DESK_VISIT_LINE, late=_of(apologies, late),
            rated=_weighed(talk, satisfied, rated),
        )
        for one, (satisfied, rated, apologies, late) in listed
    ]  # fmt: skip
    satisfied, rated, *late = (sum(figures[place] or 0 for _, figures in listed) for place in range(len(names)))
    total = talk.words(DESK_SUM, rated=_weighed(talk, satisfied, rated), late=_of(*late))
    return _counted_detail(talk, "desk", entries, f" {total}")


def _counted_detail(talk: Talk, name: str, entries: Sequence[Entry], total: str) -> Detail:
    """The list under its sum, to be checked by eye."""
    return Detail(f"{talk.words(COUNTED_VISITS[name])}.{total}" if entries else talk.words(NO_FIGURES), entries)


def _counted_entry(talk: Talk, one: records.VisitLine, phrase: Phrase, **figures: str) -> Entry:
    on = show_day(one.finished_at.astimezone(LOCAL).date(), talk.language)
    return Entry(talk.words(phrase, unit=one.unit_name, on=on, **figures), f"visit:{one.id}", one.unit_name)


def _weighed(talk: Talk, satisfied: int | None, files: int | None) -> str:
    """ "98,6% (1.247 hồ sơ)": the share, and what it weighs."""
    if not files:
        return "…"
    shown = words.share(satisfied or 0, files * 10_000, talk.language)
    return words.in_words(words.WEIGHED, talk.language).format(share=shown, files=number(files, talk.language))


def _of(part: int | None, whole: int | None) -> str:
    return f"{part}/{whole}" if part is not None and whole is not None else "…"
