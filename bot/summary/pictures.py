"""What a view of the summary looks like as a picture: the figures that were just said, drawn a moment later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from bot.commands import lists
from bot.documents.chart import MOST_ROWS, Bar, Chart, Column, HeatRow
from bot.summary import judged, words
from bot.summary.asked import Asked, named, time_of, tops
from bot.summary.indicators import sipas
from bot.talk import Talk
from inspection.figures import show_two
from inspection.periods import Period
from inspection.phrases import Phrase
from storage.reports.ageing import AGES, ages_of
from storage.reports.counts import FEW, Judged, by_unit_and_section
from storage.reports.indicators import rounded
from storage.reports.summary import Row, Summary
from storage.reports.trend import months

TITLES = {
    "first": Phrase("Chỉ tiêu so với mục tiêu", "Indicators against their targets"),
    "ranking": Phrase("Tỷ lệ nội dung đạt theo đơn vị, từ thấp đến cao", "Share of items met by unit, lowest first"),
    "items": Phrase("Nội dung chưa đạt nhiều nhất", "Items failed most often"),
    "trend": Phrase("Mười hai tháng", "Twelve months"),
    "sections": Phrase("Tỷ lệ đạt theo đơn vị và mục", "Share met by unit and section"),
    "findings": Phrase(
        "Tồn tại, hạn chế chưa khắc phục theo tuổi, kể cả từ trước kỳ",
        "Open findings by age, those from before included",
    ),
}
TARGETS_KEY = Phrase("Vạch đen: mục tiêu. Thanh gạch chéo: chưa đạt.", "Black mark: the target. Hatched: below it.")
WEAKEST = Phrase("{count} đơn vị thấp nhất trong {all} đơn vị.", "The lowest {count} of {all} units.")
TIED = Phrase(" Còn {count} đơn vị bằng đơn vị cuối.", " As low as the last of them: {count} more.")
FEW_NOTE = Phrase(
    "{score}/100 điểm; {visits} lượt, chưa nên so sánh", "score {score}/100; visits: {visits}, not to be compared"
)
SOME_NOTE = Phrase("{score}/100 điểm; {visits} lượt", "score {score}/100; visits: {visits}")
CHANGE_NOTE = Phrase("so với kỳ trước: {change} điểm %", "against the period before: {change} points")
AGAINST = Phrase("Kỳ trước: {span}.", "The period before: {span}.")
REST = Phrase(" Còn {count} nội dung khác có lượt chưa đạt.", " Other items failed at least once: {count}.")
MONTHS_LEGEND = (
    Phrase("Điểm bình quân (từ {floor} đến 100)", "Average score ({floor} to 100)"), Phrase("Lượt kiểm tra", "Visits")
)  # fmt: skip
MONTHS_NOTE = Phrase("Tháng không có lượt kiểm tra thì không có điểm.", "A month without visits has no score.")
HEAT_NOTE = Phrase(
    "Số trong ô: % nội dung đạt, dưới là số đạt/được đánh giá. Ô viền đậm: dưới 70%. Gạch ngang: không đánh giá. {sections}.",
    "In the cells: % of items met, below it met/judged. Framed: below 70%. A dash: not judged. {sections}.",
)
ALL_FEW = Phrase(" Mỗi đơn vị dưới 05 lượt, chưa nên so sánh.", " Fewer than 5 visits each: not to be compared.")
FEW_KEY = Phrase(" (ít): dưới 05 lượt, chưa nên so sánh.", " (few): fewer than 5 visits, not to be compared.")
AGE_LABELS = {
    30: Phrase("Đến 30 ngày", "Up to 30 days"),
    90: Phrase("31 đến 90 ngày", "31 to 90 days"),
    180: Phrase("91 đến 180 ngày", "91 to 180 days"),
    None: Phrase("Trên 180 ngày", "More than 180 days"),
}
AGES_KEY = Phrase("Phần gạch chéo: quá hạn.", "Hatched: overdue.")
OVERDUE_NOTE = Phrase("trong đó quá hạn {count}", "of them overdue: {count}")


def order_picture(talk: Talk, asked: Asked, summary: Summary, view: str) -> None:
    """Have the picture of a view drawn beside the talk; some views have none, nor has one without anything to show.

    The words say everything: on a network without pictures nothing is drawn.
    """
    if not talk.ledger.manner(talk.chat).pictures:
        return
    chart = PICTURES[view](talk, asked, summary) if view in PICTURES else None
    if chart is not None:
        talk.order("picture", {"chart": chart.order(), "units": tops(talk, asked)})


def _titled(talk: Talk, asked: Asked, view: str) -> tuple[str, str]:
    return talk.words(TITLES[view]), f"{named(talk, asked)}, {time_of(talk, asked)}"


def targets(talk: Talk, asked: Asked, summary: Summary) -> Chart | None:
    """Every indicator that has a target and something to show."""
    rows = [
        _bar(talk, row, words.in_words(words.TITLES[code], talk.language))
        for code, row in summary.rows.items()
        if row.now is not None and row.now.arises and row.target is not None
    ]
    if not rows:
        return None
    footer = talk.words(TARGETS_KEY)
    if summary.rankings:  # a place among others is no share: it is said, not drawn
        footer += f"\n{sipas(talk, summary)}"
    return Chart("bars", *_titled(talk, asked, "first"), rows, footer=footer)


def _bar(talk: Talk, row: Row, title: str) -> Bar:
    """A count is drawn against its target; a share that is to be small, with its full length as a tenth."""
    figure, target = row.now, row.target or Decimal(0)
    assert figure is not None  # noqa: S101  the caller has looked
    exact = (figure.exact or Fraction(0)) * (1 if figure.of is None else 100)
    if figure.of is None:
        value, mark = exact * 100 / Fraction(target or 1), Fraction(100)
    else:
        value, mark = exact, Fraction(target)
    short = row.indicator.met(figure, row.target) is False
    shown = words.figure(figure, row.indicator, talk.language)
    return Bar(title, shown, float(value), float(mark), short, words.aim(row, talk.language))


def ranking(talk: Talk, asked: Asked, summary: Summary) -> Chart | None:
    """What the words rank, as far as their first page: the weakest units by the share of items they met."""
    ranked, cut = judged.ranked(talk, summary), lists.SIZE
    if not ranked:
        return None
    rows = [_unit_bar(talk, summary, one) for one in ranked[:cut]]
    note = ""
    if len(ranked) > cut:
        alike = sum(one.share == ranked[cut - 1].share for one in ranked[cut:])
        tied = talk.words(TIED, count=show_two(alike, talk.language)) if alike else ""
        note = talk.words(WEAKEST, count=cut, all=len(ranked)) + tied
    return Chart("bars", *_titled(talk, asked, "ranking"), rows, footer=note)


def _unit_bar(talk: Talk, summary: Summary, one: judged.Ranked) -> Bar:
    held = one.counts
    note = talk.words(
        FEW_NOTE if held.visits < FEW else SOME_NOTE, visits=show_two(held.visits, talk.language),
        score=words.average(held.tenths, held.scored, talk.language),
    )  # fmt: skip
    shown = f"{words.share(one.judged.met, one.judged.total, talk.language)} ({one.judged.met}/{one.judged.total})"
    return Bar(summary.area.units[one.unit_id].full_name, shown, float(one.share * 100), note=note)


def items(talk: Talk, asked: Asked, summary: Summary) -> Chart | None:
    """The items failed most often, with their change."""
    rows, failed = [], judged.failed_items(talk, summary)
    for one in failed[: lists.SIZE]:
        share = words.share(one.judged.failed, one.judged.total, talk.language)
        moved = f"{one.change:+}".replace(".", "," if talk.language == "vi" else ".") if one.change else ""
        note = talk.words(CHANGE_NOTE, change=moved) if moved else ""
        shown = f"{one.judged.failed}/{one.judged.total} ({share})"
        value = one.judged.failed * 100 / one.judged.total
        rows.append(Bar(f"{one.code} {judged.label(talk, one.code)}", shown, value, short=True, note=note))
    if not rows:
        return None
    note = talk.words(AGAINST, span=words.span(summary.span_before.period, talk.language))
    if len(failed) > len(rows):
        note += talk.words(REST, count=show_two(len(failed) - len(rows), talk.language))
    return Chart("bars", *_titled(talk, asked, "items"), rows, footer=note)


def trend(talk: Talk, asked: Asked, summary: Summary) -> Chart | None:
    """Visits and average score, month by month."""
    listed = months(talk.connection, summary.area, summary.span)
    if not any(one.visits for one in listed):
        return None
    rows = [
        Column(
            f"{one.first.month}/{one.first.year % 100:02d}", one.visits,
            float(rounded(Fraction(one.tenths, 10 * one.scored))) if one.scored else None,
            words.average(one.tenths, one.scored, talk.language),
        )
        for one in listed
    ]  # fmt: skip
    floor = min([50, *(int(one.score) // 10 * 10 for one in rows if one.score is not None)])
    legend = tuple(talk.words(phrase, floor=floor) for phrase in MONTHS_LEGEND)
    twelve = replace(asked, period=Period(listed[0].first, asked.period.last))
    return Chart(
        "months", *_titled(talk, twelve, "trend"), rows, legend=legend, floor=floor, note=talk.words(MONTHS_NOTE)
    )


def heat(talk: Talk, asked: Asked, summary: Summary) -> Chart | None:
    """Units and sections; the weakest units, as many as can be read."""
    grid = by_unit_and_section(talk.connection, summary.area, summary.span)
    sections = sorted({section for _, section in grid})
    ranked = judged.ranked(talk, summary)
    if not ranked:
        return None
    shown = ranked[:MOST_ROWS]
    few = [one.counts.visits < FEW for one in shown]
    mark = "" if all(few) else talk.words(judged.FEW_MARK)
    rows = [
        _heat_row(summary.area.units[one.unit_id].full_name + (mark if is_few else ""), [
            grid.get((one.unit_id, section), Judged()) for section in sections
        ])
        for one, is_few in zip(shown, few, strict=True)
    ]  # fmt: skip
    note = talk.words(
        HEAT_NOTE, sections="; ".join(f"{one}\u00a0{judged.section_title(talk, one)}" for one in sections)
    )
    footer = talk.words(WEAKEST, count=len(rows), all=len(ranked)) if len(ranked) > len(rows) else ""
    if any(few):
        footer += talk.words(ALL_FEW if all(few) else FEW_KEY)
    return Chart("heat", *_titled(talk, asked, "sections"), rows, columns=sections, note=note, footer=footer.strip())


def _heat_row(name: str, cells: Sequence[Judged]) -> HeatRow:
    shares = tuple(int(rounded(Fraction(one.met * 100, one.total), 0)) if one.total else None for one in cells)
    return HeatRow(name, shares, tuple(f"{one.met}/{one.total}" if one.total else "" for one in cells))


def ageing(talk: Talk, asked: Asked, summary: Summary) -> Chart | None:
    """Open findings by how long ago they were made, whatever the period; of each bar the overdue part is hatched."""
    ages = ages_of(talk.connection, summary.area, summary.span, talk.ledger.calendar())
    most = max((one.count for one in ages.values()), default=0)
    if not most:
        return None
    rows = [
        Bar(
            talk.words(AGE_LABELS[limit]), show_two(ages[limit].count, talk.language), ages[limit].count * 100 / most,
            weak=ages[limit].overdue * 100 / most,
            note=talk.words(OVERDUE_NOTE, count=show_two(ages[limit].overdue, talk.language)) if ages[limit].overdue else "",
        )
        for limit in AGES
    ]  # fmt: skip
    footer = talk.words(AGES_KEY) if any(one.overdue for one in ages.values()) else ""
    return Chart("bars", *_titled(talk, asked, "findings"), rows, footer=footer)


Drawing = Callable[[Talk, Asked, Summary], Chart | None]
PICTURES: Mapping[str, Drawing] = {
    "first": targets, "ranking": ranking, "items": items, "trend": trend, "sections": heat, "findings": ageing,
}  # fmt: skip
