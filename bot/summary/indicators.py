"""The eleven indicators and twelve months of the figures behind them."""

from __future__ import annotations

from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.lists import Detail, Entry
from bot.summary.visit_figures import counted_acts
from bot.talk import Talk
from inspection.figures import show_two
from inspection.phrases import Phrase
from storage.reports.summary import Summary
from storage.reports.trend import months

INDICATORS_HEAD = Phrase("Mười một chỉ tiêu:", "The eleven indicators:")
INDICATOR_LINE = Phrase("{code} {title}: {figure}{against}", "{code} {title}: {figure}{against}")
SIPAS = Phrase("KPI-11 SIPAS {year}: {shown}", "KPI-11 SIPAS {year}: {shown}")
NO_SIPAS = Phrase(
    "KPI-11 SIPAS: chưa nhập. Ví dụ: /chiso SIPAS 2025 31/63",
    "KPI-11 SIPAS: not entered. Example: /index SIPAS 2025 31/63",
)
PLANS_BEHIND = Phrase("Kế hoạch của từng đơn vị", "Plans, unit by unit")
VISITS_BEHIND = Phrase("Các lượt kiểm tra", "The visits")
FINDINGS_BEHIND = Phrase("Các tồn tại, hạn chế", "The findings")
TREND_HEAD = Phrase(
    "Mười hai tháng đến {month}: lượt kiểm tra; điểm bình quân; tồn tại ghi nhận.",
    "Twelve months to {month}: visits; average score; findings made.",
)
TREND_LINE = Phrase(
    "{month}: {visits} lượt; {score}; {found} tồn tại", "{month}: visits {visits}; {score}; findings {found}"
)


def indicators(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """All indicators against target, the period before and the year before."""
    lines = [talk.words(INDICATORS_HEAD)]
    for code, row in summary.rows.items():
        compared = words.against(row, talk.language)
        lines.append(
            talk.words(
                INDICATOR_LINE, code=code, title=words.in_words(words.TITLES[code], talk.language),
                figure=words.figure(row.now, row.indicator, talk.language), against=f"; {compared}" if compared else "",
            )
        )  # fmt: skip
    acts = [
        Entry(talk.words(phrase), f"view:{name}")
        for name, phrase in (
            ("plans_all", PLANS_BEHIND), ("visits", VISITS_BEHIND), ("findings_all", FINDINGS_BEHIND)
        )
    ]  # fmt: skip
    return Detail("\n".join([*lines, _sipas(talk, summary)]), (), [*acts, *counted_acts(talk, "attendance", "desk")])


def _sipas(talk: Talk, summary: Summary) -> str:
    if not summary.rankings:
        return talk.words(NO_SIPAS)
    newest, *older = summary.rankings
    shown = words.ranking(newest, older[0] if older else None, talk.language)
    return talk.words(SIPAS, year=newest.year, shown=shown)


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
