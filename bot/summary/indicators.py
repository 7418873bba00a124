"""The eleven indicators and twelve months of the figures behind them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.lists import Detail, Entry
from bot.talk import Talk
from inspection.figures import show_two
from inspection.phrases import Phrase
from storage import external_indices
from storage.reports.summary import Summary
from storage.reports.trend import months

INDICATORS_HEAD = Phrase("Mười một chỉ tiêu{compared}:", "The eleven indicators{compared}:")
COMPARED = Phrase(" ({spans})", " ({spans})")
BEFORE = Phrase("kỳ trước: {span}", "before: {span}")
YEAR_BEFORE = Phrase("cùng kỳ năm trước: {span}", "a year earlier: {span}")
LINE = Phrase("{code} {title}: {figure}{against}", "{code} {title}: {figure}{against}")
SIPAS = Phrase("KPI-11 SIPAS {year}: {shown}", "KPI-11 SIPAS {year}: {shown}")
NO_SIPAS = Phrase(
    "KPI-11 SIPAS: chưa nhập. Ví dụ: /chiso SIPAS 2025 31/63",
    "KPI-11 SIPAS: not entered. Example: /index SIPAS 2025 31/63",
)
INDICES_HEAD = Phrase(
    "Chỉ số do cấp trên công bố; nhập và sửa: /chiso", "Published indices; to enter and correct: /index"
)
NO_INDICES = Phrase(
    "Chưa nhập chỉ số nào. Ví dụ: /chiso SIPAS 2025 31/63", "No index is entered. Example: /index SIPAS 2025 31/63"
)
INDEX_LINE = Phrase("{name} {year}: {shown}", "{name} {year}: {shown}")
# The list behind each indicator, by its code.
BEHIND: Mapping[str, str] = {
    "KPI-01": "plans_all", "KPI-02": "attendance", "KPI-03a": "internal_rules", "KPI-03b": "regulations",
    "KPI-03c": "culture_all", "KPI-04a": "surprise", "KPI-04b": "combined", "KPI-05": "visits",
    "KPI-06": "findings_due", "KPI-07": "findings_closed", "KPI-08": "attendance", "KPI-09": "desk", "KPI-10": "desk",
    "KPI-11": "indices",
}  # fmt: skip
TREND_HEAD = Phrase(
    "Mười hai tháng đến {month}: lượt kiểm tra; điểm bình quân; tồn tại ghi nhận.",
    "Twelve months to {month}: visits; average score; findings made.",
)
TREND_LINE = Phrase(
    "{month}: {visits} lượt; {score}; {found} tồn tại", "{month}: visits {visits}; {score}; findings {found}"
)


def indicators(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """All indicators against target, the period before and the year before; each opens what it is made of."""
    entries = []
    for code, row in summary.rows.items():
        compared = words.against(row, talk.language, alike=summary.compares_once)
        line = talk.words(
            LINE, code=code, title=words.in_words(words.TITLES[code], talk.language),
            figure=words.figure(row.now, row.indicator, talk.language), against=f"; {compared}" if compared else "",
        )  # fmt: skip
        entries.append(Entry(line, f"view:{BEHIND[code]}", code))
    entries.append(Entry(sipas(talk, summary), f"view:{BEHIND['KPI-11']}", "KPI-11"))
    head = talk.words(INDICATORS_HEAD, compared=talk.words(COMPARED, spans=spans_compared(talk, summary)))
    return Detail(head, entries, size=len(entries))


def spans_compared(talk: Talk, summary: Summary) -> str:
    """The days of the periods that stand beside this one: "kỳ trước: 01/4/2026-04/5/2026; cùng kỳ năm trước: …"."""
    before, year_before = (
        words.span(one.period, talk.language) for one in (summary.span_before, summary.span_year_before)
    )
    told = [] if summary.compares_once else [talk.words(BEFORE, span=before)]
    return "; ".join([*told, talk.words(YEAR_BEFORE, span=year_before)])


def sipas(talk: Talk, summary: Summary) -> str:
    """KPI-11 in words."""
    if not summary.rankings:
        return talk.words(NO_SIPAS)
    newest, *older = summary.rankings
    shown = words.ranking(newest, older[0] if older else None, talk.language)
    return talk.words(SIPAS, year=newest.year, shown=f"{shown}; {words.place_aim(newest, talk.language)}")


def indices(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Everything others published about the area, by name, the newest year first."""
    listed = external_indices.of_units(talk.connection, summary.area.tops)
    lines = [
        talk.words(INDEX_LINE, name=one.name, year=one.year, shown=words.ranking(one, None, talk.language))
        for one in listed
        if one.year <= summary.span.period.last.year
    ]
    return Detail("\n".join([talk.words(INDICES_HEAD), *lines]) if lines else talk.words(NO_INDICES))


def trend(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Twelve months to the end of the period, a line each."""
    listed = months(talk.connection, summary.area, summary.span)
    lines = [talk.words(TREND_HEAD, month=f"{listed[-1].first.month}/{listed[-1].first.year}")]
    lines += [
        talk.words(
            TREND_LINE, month=f"{one.first.month:02d}/{one.first.year}", visits=show_two(one.visits, talk.language),
            score=words.average(one.tenths, one.scored, talk.language), found=show_two(one.found, talk.language),
        )
        for one in listed
    ]  # fmt: skip
    return Detail("\n".join(lines))
