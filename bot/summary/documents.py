"""The files of a period, each by an errand: to add one, write its line in DOCUMENTS and its task in `bot/tasks`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.documents.registry import KINDS
from bot.letters import issuer_of
from bot.summary import first, words
from bot.summary.asked import Asked, named, summary_of, time_of, tops
from bot.summary.lists import no_number
from bot.summary.shortcomings import shortcomings
from bot.talk import Talk
from inspection.documents.letters import IndicatorLine, Issuer, PeriodReport, Signer
from inspection.documents.paper import READING_COPY, WORD
from inspection.messages import Choice
from inspection.phrases import Phrase
from storage import units
from storage.external_indices import Ranking
from storage.reports.indicators import Figure
from storage.reports.summary import Row

DOCUMENTS_HEAD = Phrase("Tài liệu của {area}, {time}:", "Documents of {area}, {time}:")
HOW = Phrase(
    "Gõ số để lập; gõ “về” để về trang tổng hợp. Ví dụ: 1",
    "Type a number to have it made; “back” for the summary. Example: 1",
)
BEING_MADE = Phrase(
    "Đang lập bảng số liệu. Hệ thống gửi ngay khi xong.", "The workbook is being made and comes as soon as it is done."
)

REPORT_BEING_MADE = Phrase(
    "Đang lập báo cáo. Hệ thống gửi ngay khi xong.", "The report is being made and comes as soon as it is done."
)


def workbook(talk: Talk, asked: Asked) -> None:
    """Order the workbook of the figures of this moment."""
    summary = summary_of(talk, asked)
    if summary is None:
        return
    talk.order(
        "figures",
        {
            **asked.focus(),
            "units": tops(talk, asked),
            "now": talk.ledger.now.isoformat(),
            "head": f"{named(talk, asked)}, {time_of(talk, asked)}",
            "titles": {code: words.in_words(title, talk.language) for code, title in words.TITLES.items()},
            "figures": figures_of(summary.rows),
        },
    )
    talk.say(BEING_MADE)


def report(talk: Talk, asked: Asked, *, form: str) -> None:
    """Order the report of the period: what is on paper is Vietnamese, and the figures are those of this moment."""
    summary = summary_of(talk, asked)
    if summary is None:
        return
    vietnamese = replace(talk, person=replace(talk.person, language="vi"))
    held = tops(talk, asked)
    issuer = units.get(talk.connection, held[0], on=talk.ledger.today)
    written = PeriodReport(
        issuer=issuer_of(issuer) if issuer else Issuer(""),
        area=named(vietnamese, asked),
        time=time_of(vietnamese, asked),
        aloud=first.aloud(vietnamese, summary).partition(": ")[2],
        results=tuple(f"{line}." for line in first.lines_of(vietnamese, summary)),
        indicators=(*(_line(code, row) for code, row in summary.rows.items()), _sipas(summary.rankings)),
        shortcomings=shortcomings(vietnamese, summary),
        signer=Signer(()),
        recipients=("Như trên", "Lưu: VT"),
    )
    days = f"{asked.period.first.isoformat()}-{min(asked.period.last, talk.ledger.today).isoformat()}"
    talk.order(
        "period_report",
        {
            "fields": KINDS["period"].fields(written),
            "form": form,
            "name": f"bao-cao-{days}.{form}",
            "units": held,
            "head": f"{named(talk, asked)}, {time_of(talk, asked)}",
        },
    )
    talk.say(REPORT_BEING_MADE)


def _line(code: str, row: Row) -> IndicatorLine:
    met = row.indicator.met(row.now, row.target) if row.now is not None and row.target is not None else None
    return IndicatorLine(
        words.in_words(words.TITLES[code], "vi"),
        words.figure(row.now, row.indicator, "vi"),
        words.target(row, "vi"),
        "" if met is None else "đạt" if met else "chưa đạt",
        _compared(row, row.before),
        _compared(row, row.year_before),
    )


def _compared(row: Row, before: Figure | None) -> str:
    """ "40/60 (66,7%), +27,1 điểm %"."""
    shown = words.figure(before, row.indicator, "vi")
    change = words.change(row, before, "vi").strip(" ()")
    return f"{shown}, {change}" if change and change != "=" else shown


def _sipas(rankings: Sequence[Ranking]) -> IndicatorLine:
    title = words.in_words(words.TITLES["KPI-11"], "vi")
    if not rankings:
        return IndicatorLine(title, words.in_words(words.NOT_ENTERED, "vi"), "", "")
    newest, *older = rankings
    shown = words.ranking(newest, older[0] if older else None, "vi")
    return IndicatorLine(f"{title} năm {newest.year}", shown, "", "")


def figures_of(rows: Mapping[str, Row]) -> dict[str, list[int | None]]:
    """The figures of a summary as they are compared with those of its file."""
    return {code: [row.now.part, row.now.of] for code, row in rows.items() if row.now is not None}


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that can be had."""

    label: Phrase
    order: Callable[[Talk, Asked], None]


DOCUMENTS: Sequence[Offered] = (
    Offered(Phrase("Bảng số liệu (Excel)", "Workbook (Excel)"), workbook),
    Offered(Phrase("Báo cáo (Word)", "Report (Word)"), partial(report, form=WORD)),
    Offered(Phrase("Báo cáo, bản đọc (PDF)", "Report, reading copy (PDF)"), partial(report, form=READING_COPY)),
)
WORDS = ("tai lieu", "documents")


def offer(talk: Talk, asked: Asked, unknown: str = "") -> None:
    """What there is, as a prompt; `unknown`: a number typed that is none of these."""
    lines = [f"{n}. {talk.words(one.label)}" for n, one in enumerate(DOCUMENTS, start=1)]
    head = talk.words(DOCUMENTS_HEAD, area=named(talk, asked), time=time_of(talk, asked))
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    if unknown:
        head = f"{no_number(talk, unknown, [choice.value for choice in choices])}\n{head}"
    talk.ask("\n".join([head, "   ".join(lines), talk.words(HOW)]), "summary", "documents", choices, **asked.focus())


def order(talk: Talk, asked: Asked, number: str) -> None:
    """Have one made; of no such number, what there is once more."""
    if 1 <= int(number) <= len(DOCUMENTS):
        DOCUMENTS[int(number) - 1].order(talk, asked)
    else:
        offer(talk, asked, number)
