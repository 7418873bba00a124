"""How units and items were judged: the one-stop desk, the ranking of units, sections, items and their findings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.found import finding_entry, found_in
from bot.summary.lists import Detail, Entry, View
from bot.summary.visit_figures import counted_acts
from bot.talk import Talk
from inspection import labels
from inspection.figures import show_two
from inspection.phrases import Phrase
from inspection.words import sort_key
from storage import checklists
from storage.reports.counts import FEW, Judged, UnitCounts, by_item, by_unit_and_section
from storage.reports.indicators import rounded
from storage.reports.summary import Summary

DESK_HEAD = Phrase(
    "Bộ phận Một cửa. Hài lòng: {rated}. Hồ sơ quá hạn có văn bản xin lỗi: {late}. Số liệu theo các lượt kiểm tra trong kỳ; "
    "tỷ lệ hài lòng gia quyền theo số hồ sơ tiếp nhận.{units}",
    "One-stop desk. Satisfied: {rated}. Late files with an apology: {late}. From the visits of the period; the share of "
    "satisfied is weighed by the files received.{units}",
)
DESK_UNITS = Phrase(" Đơn vị chưa đạt mục tiêu:", " Units below a target:")
DESK_LINE = Phrase("{unit}: hài lòng {rated}; xin lỗi {late}", "{unit}: satisfied {rated}; apologies {late}")
RANKING_HEAD = Phrase(
    "Tỷ lệ nội dung đạt theo đơn vị, từ thấp đến cao; (ít): dưới 05 lượt, chưa nên so sánh.",
    "Share of items met by unit, lowest first; (few): fewer than 5 visits, not to be compared.",
)
RANKING_LINE = Phrase(
    "{unit}: {share} ({met}/{total}), {score}/100 điểm, {visits} lượt{few}",
    "{unit}: {share} ({met}/{total}), score {score}/100, visits: {visits}{few}",
)
FEW_MARK = Phrase(" (ít)", " (few)")
SECTIONS_HEAD = Phrase("Tỷ lệ đạt theo mục (đạt/được đánh giá):", "Share met by section (met/judged):")
ITEMS_HEAD = Phrase(
    "Nội dung chưa đạt nhiều nhất (chưa đạt/được đánh giá; so với kỳ trước {span}):",
    "Items failed most often (failed/judged; against the period before, {span}):",
)
SECTION_HEAD = Phrase("Mục {code}. {title} (chưa đạt/được đánh giá; so với kỳ trước {span}):",
                      "Section {code}. {title} (failed/judged; against the period before, {span}):")  # fmt: skip
ITEM_LINE = Phrase("{code} {short}: {failed}{change}", "{code} {short}: {failed}{change}")
ITEM_HEAD = Phrase("{code} {short}: {count} tồn tại trong kỳ.", "{code} {short}. Findings in the period: {count}.")
NONE_JUDGED = Phrase("Chưa có nội dung nào được đánh giá trong kỳ.", "No item was judged in the period.")
NO_VISITS = Phrase("Chưa có lượt kiểm tra nào trong kỳ.", "No visit in the period.")


def one_stop(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """6: both shares, and the units that keep them from their targets."""
    rated, late = summary.rows["KPI-09"], summary.rows["KPI-10"]
    entries = []
    for unit_id, one in summary.counts.units.items():
        satisfied, files = one.sums["satisfied"], one.sums["rated"]
        short = files and satisfied <= files * 98 * 100
        if short or one.sums["apologies"] < one.sums["late_files"]:
            share = words.share(satisfied, files * 10_000, talk.language) or words.in_words(
                words.NONE_ARISES, talk.language
            )
            apologies = f"{one.sums['apologies']}/{one.sums['late_files']}"
            unit = summary.area.units[unit_id].full_name
            entries.append(
                Entry(talk.words(DESK_LINE, unit=unit, rated=share, late=apologies), f"unit:{unit_id}", unit)
            )
    head = talk.words(
        DESK_HEAD, rated=words.figure(rated.now, rated.indicator, talk.language),
        late=words.figure(late.now, late.indicator, talk.language), units=talk.words(DESK_UNITS) if entries else "",
    )  # fmt: skip
    return Detail(head, sorted(entries, key=lambda entry: sort_key(entry.label)), counted_acts(talk, "desk"))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit with how often its items were met, and its visits."""

    unit_id: str
    judged: Judged
    counts: UnitCounts

    @property
    def share(self) -> Fraction:
        """Of items met, 0 to 1."""
        return Fraction(self.judged.met, self.judged.total)


def ranked(talk: Talk, summary: Summary) -> list[Ranked]:
    """Units by the share of items they met, the weakest first."""
    by_unit: dict[str, Judged] = {}
    for (unit_id, _), one in by_unit_and_section(talk.connection, summary.area, summary.span).items():
        by_unit[unit_id] = by_unit.get(unit_id, Judged()) + one
    found = [Ranked(unit_id, one, summary.counts.units[unit_id]) for unit_id, one in by_unit.items() if one.total]
    return sorted(found, key=lambda one: (one.share, sort_key(summary.area.units[one.unit_id].name), one.unit_id))


def ranking(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Units by the share of items met; those with few visits are marked."""
    entries = []
    for one in ranked(talk, summary):
        unit, counts = summary.area.units[one.unit_id].full_name, one.counts
        line = talk.words(
            RANKING_LINE, unit=unit, share=words.share(one.judged.met, one.judged.total, talk.language),
            met=one.judged.met, total=one.judged.total,
            score=words.average(counts.tenths, counts.scored, talk.language),
            visits=show_two(counts.visits, talk.language), few=talk.words(FEW_MARK) if counts.visits < FEW else "",
        )  # fmt: skip
        entries.append(Entry(line, f"unit:{one.unit_id}", unit))
    return Detail(talk.words(RANKING_HEAD if entries else NO_VISITS), entries)


def sections(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """How often the items of each section were met."""
    by_section: dict[str, Judged] = {}
    for code, one in by_item(talk.connection, summary.area.counted, summary.span).items():
        by_section[code[:1]] = by_section.get(code[:1], Judged()) + one
    entries = []
    for code, one in sorted(by_section.items()):
        shown = f"{code}. {section_title(talk, code)}"
        figure = f"{one.met}/{one.total} ({words.share(one.met, one.total, talk.language)})"
        entries.append(Entry(f"{shown}: {figure}", f"view:section {code}", shown))
    return Detail(talk.words(SECTIONS_HEAD if entries else NONE_JUDGED), entries)


def items(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """The items failed most often."""
    span = words.span(summary.span_before.period, talk.language)
    return _items(talk, summary, "", talk.words(ITEMS_HEAD, span=span))


def section(code: str) -> View:
    """The items of one section."""

    def view(talk: Talk, asked: Asked, summary: Summary) -> Detail:
        span = words.span(summary.span_before.period, talk.language)
        head = talk.words(SECTION_HEAD, code=code, title=section_title(talk, code), span=span)
        return _items(talk, summary, code, head)

    return view


@dataclass(frozen=True, slots=True)
class FailedItem:
    """An item with how often it was failed, now and in the period before (percentage points; None: not judged then)."""

    code: str
    judged: Judged
    change: Decimal | None


def failed_items(talk: Talk, summary: Summary, section: str = "") -> list[FailedItem]:
    """Items failed at least once, most often first; of one section all that were judged."""
    now = by_item(talk.connection, summary.area.counted, summary.span)
    before = by_item(talk.connection, summary.area.counted, summary.span_before)
    wanted = [(code, one) for code, one in now.items() if code.startswith(section) and (section or one.failed)]
    wanted.sort(key=lambda found: (-found[1].failed, found[0]))
    return [FailedItem(code, one, _change(one, before.get(code))) for code, one in wanted]


def _change(now: Judged, before: Judged | None) -> Decimal | None:
    if before is None or not before.total or not now.total:
        return None
    shown, earlier = (rounded(Fraction(100 * one.failed, one.total)) for one in (now, before))
    return shown - earlier


def _items(talk: Talk, summary: Summary, section: str, head: str) -> Detail:
    entries = []
    for one in failed_items(talk, summary, section):
        short = label(talk, one.code)
        failed = f"{one.judged.failed}/{one.judged.total}"
        moved = f" ({one.change:+}".replace(".", "," if talk.language == "vi" else ".") + ")" if one.change else ""
        line = talk.words(ITEM_LINE, code=one.code, short=short, failed=failed, change=moved)
        entries.append(Entry(line, f"view:item {one.code}", f"{one.code} {short}"))
    return Detail(head if entries else talk.words(NONE_JUDGED), entries)


def item(code: str) -> View:
    """The findings an item made in the period."""

    def view(talk: Talk, asked: Asked, summary: Summary) -> Detail:
        listed = [one for one in found_in(talk, summary) if one.finding.item_code == code]
        head = talk.words(ITEM_HEAD, code=code, short=label(talk, code), count=show_two(len(listed), talk.language))
        return Detail(head, [finding_entry(talk, one, summary) for one in listed])

    return view


def label(talk: Talk, code: str) -> str:
    """What an item is about; one that the present version no longer has keeps the words of the last that had it."""
    found = checklists.item_named(talk.connection, code, talk.ledger.today)
    return labels.label(found, talk.language, talk.ledger.today.year) if found else ""


def section_title(talk: Talk, code: str) -> str:
    """The short name of a section, as the newest checklist has it."""
    latest = checklists.latest(talk.connection, talk.ledger.today)
    found = latest[1].sections.get(code) if latest is not None else None
    return found.short[0 if talk.language == "vi" else 1].partition(" (")[0] if found is not None else code
