"""The files of a period, each by an errand: to add one, write its line in DOCUMENTS and its task in `bot/tasks`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from bot.commands.lists import no_number
from bot.documents.registry import KINDS
from bot.letters import issuer_of, sender
from bot.papers import in_a_file_name
from bot.summary import by_itself, first, words
from bot.summary.asked import Asked, named, summary_of, time_of, tops
from bot.summary.lists import BACK
from bot.summary.shortcomings import shortcomings
from bot.talk import Talk
from inspection.documents.letters import IndicatorLine, Issuer, PeriodReport, Signer
from inspection.documents.paper import READING_COPY, WORD, Paper
from inspection.figures import show_clock, show_day
from inspection.messages import Choice, Reply
from inspection.periods import Period, in_full
from inspection.phrases import Phrase
from inspection.working_days import LOCAL
from storage.external_indices import Ranking
from storage.reports.indicators import PLACE, Figure
from storage.reports.summary import Row, Summary

DOCUMENTS_HEAD = Phrase("Tài liệu của {area}, {time}:", "Documents of {area}, {time}:")
HOW = Phrase(
    "Gõ số để lập; gõ “về” để về trang tổng hợp. Ví dụ: 1",
    "Type a number to have it made; “back” for the summary. Example: 1",
)
BEING_MADE = Phrase(
    "Đang lập bảng số liệu. Hệ thống gửi ngay khi xong.", "The workbook is being made and comes as soon as it is done."
)

MINUS = "\u2212"
CHANGED = Phrase(
    "Có số liệu thay đổi sau tin trên; tài liệu lấy số liệu lúc {clock}.",
    "Some figures have changed since the message above; the file has those of {clock}.",
)
LIST_BEING_MADE = Phrase(
    "Đang lập danh sách quá hạn đến thời điểm này. Hệ thống gửi ngay khi xong.",
    "The list of what is overdue now is being made and comes as soon as it is done.",
)
ONE_UNIT = Phrase(
    "Danh sách quá hạn lập cho một đơn vị hiện nay hoặc cả phạm vi được giao. Ví dụ: /quahan yen phuc, rồi gõ “danh sách”",
    "The list of what is overdue is made for a unit of today or your whole area. Example: /overdue yen phuc, then type “list”",
)
REPORT_BEING_MADE = Phrase(
    "Đang lập báo cáo. Hệ thống gửi ngay khi xong.", "The report is being made and comes as soon as it is done."
)


@dataclass(frozen=True, slots=True)
class Read:
    """The figures a file is made of: those of the message it was ordered under, or of now where some changed since."""

    summary: Summary
    moment: datetime
    changed: bool


def read_again(talk: Talk, asked: Asked) -> Read | None:
    """As of the moment of the message, if its figures are still the same; None where they may not be had."""
    if asked.seen:
        moment = datetime.fromisoformat(asked.seen["t"])
        summary = summary_of(talk, asked, moment)
        if summary is None:
            return None
        if first.figures_of(summary) == asked.seen["f"]:
            return Read(summary, moment, changed=False)
    summary = summary_of(talk, asked)
    return Read(summary, talk.ledger.now, changed=bool(asked.seen)) if summary is not None else None


def workbook(talk: Talk, asked: Asked) -> None:
    """Order the workbook of the figures that were said."""
    read = read_again(talk, asked)
    if read is None:
        return
    talk.order(
        "figures",
        {
            **asked.focus(),
            "units": tops(talk, asked),
            "now": read.moment.isoformat(),
            "name": _file_name(talk, asked, "Tong-hop", "xlsx"),
            "head": f"{named(talk, asked)}, {time_of(talk, asked, read.moment)}",
            "titles": {code: words.in_words(title, talk.language) for code, title in words.TITLES.items()},
            "figures": first.figures_of(read.summary),
        },
    )
    _announce(talk, BEING_MADE, read)


def report(talk: Talk, asked: Asked, *, form: str) -> None:
    """Order the report of the period: what is on paper is Vietnamese, and the figures are those that were said."""
    read = read_again(talk, asked)
    if read is None:
        return
    summary = read.summary
    vietnamese = replace(talk, person=replace(talk.person, language="vi"))
    held = tops(talk, asked)
    issuer = sender(talk.connection, held[0], talk.person, talk.ledger.today)
    written = PeriodReport(
        issuer=issuer_of(issuer) if issuer else Issuer(""),
        area=named(vietnamese, asked),
        called=_called(asked.period, talk.ledger.today),
        time=time_of(vietnamese, asked, read.moment),
        aloud=first.aloud(vietnamese, summary).partition(": ")[2],
        results=tuple(f"{line}." for line in first.lines_of(vietnamese, summary)),
        indicators=(*(_line(code, row) for code, row in summary.rows.items()), _sipas(summary.rankings)),
        shortcomings=shortcomings(vietnamese, summary),
        signer=Signer(()),
        recipients=("Như trên", "Lưu: VT"),
    )
    talk.order(
        "period_report",
        {
            "fields": KINDS["period"].fields(written),
            "form": form,
            "name": _file_name(talk, asked, "Bao-cao", form),
            "units": held,
            "issuer": issuer.id if issuer else held[0],
            "head": f"{named(talk, asked)}, {time_of(talk, asked, read.moment)}",
        },
    )
    _announce(talk, REPORT_BEING_MADE, read)


def _called(period: Period, today: date) -> str:
    """ "quý II năm 2026"; of a period that is not over, its days so far."""
    return in_full(period) if period.last < today else f"từ {show_day(period.first)} đến {show_day(today)}"


def _file_name(talk: Talk, asked: Asked, stem: str, form: str) -> str:
    """ "Bao-cao-Diem-He-2026-07-01-2026-07-31.docx": whose figures, and of which days."""
    days = asked.period.until(talk.ledger.today)
    place = in_a_file_name(named(talk, asked))
    return f"{stem}-{place}-{days.first.isoformat()}-{days.last.isoformat()}.{form}"


def _announce(talk: Talk, phrase: Phrase, read: Read) -> None:
    """That it is being made; where figures changed since they were said, that too."""
    text = talk.words(phrase)
    if read.changed:
        clock = show_clock(read.moment.astimezone(LOCAL))
        text = f"{talk.words(CHANGED, clock=clock)} {text}"
    talk.reply(Reply(text))


def overdue_list(talk: Talk, asked: Asked) -> None:
    """The list of overdue units, as /overdue has it made."""
    held = tops(talk, asked)
    if not held:
        talk.refuse("summary", asked.unit_id)
        return
    if asked.unit_id and len(held) > 1:
        talk.say(ONE_UNIT)
        return
    talk.say(LIST_BEING_MADE)
    for unit_id in held:
        talk.send_paper(Paper("overdue", unit_id, WORD))


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
    # A minus sign, not a hyphen: a line must not end between it and its figure.
    change = words.change(row, before, "vi").strip(" ()").replace("-", MINUS)
    return f"{shown}, {change}" if change and change != "=" else shown


def _sipas(rankings: Sequence[Ranking]) -> IndicatorLine:
    title = words.in_words(words.TITLES["KPI-11"], "vi")
    if not rankings:
        return IndicatorLine(title, words.in_words(words.NOT_ENTERED, "vi"), "", "")
    newest, *older = rankings
    shown = words.ranking(newest, older[0] if older else None, "vi")
    aim = words.in_words(words.PLACE_TARGET, "vi").format(place="/".join(map(str, PLACE)))
    verdict = words.in_words(words.REACHED[words.place_met(newest)], "vi")
    return IndicatorLine(f"{title} năm {newest.year}", shown, aim, verdict)


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that can be had."""

    label: Phrase
    order: Callable[[Talk, Asked], None]


DOCUMENTS: Sequence[Offered] = (
    Offered(Phrase("Bảng số liệu (Excel)", "Workbook (Excel)"), workbook),
    Offered(Phrase("Báo cáo (Word)", "Report (Word)"), partial(report, form=WORD)),
    Offered(Phrase("Báo cáo, bản đọc (PDF)", "Report, reading copy (PDF)"), partial(report, form=READING_COPY)),
    Offered(Phrase("Danh sách quá hạn (Word)", "List of what is overdue (Word)"), overdue_list),
)
WORDS = ("tai lieu", "documents")


def offer(talk: Talk, asked: Asked, unknown: str = "") -> None:
    """What there is, as a prompt; `unknown`: a number that is none of these."""
    lines = [f"{n}. {talk.words(one.label)}" for n, one in enumerate(DOCUMENTS, start=1)]
    moment = datetime.fromisoformat(asked.seen["t"]) if asked.seen else None
    head = talk.words(DOCUMENTS_HEAD, area=named(talk, asked), time=time_of(talk, asked, moment))
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    if unknown:
        head = f"{no_number(talk, unknown, [choice.value for choice in choices])}\n{head}"
    back = Choice(talk.words(BACK), talk.words(BACK).lower())
    text = "\n".join([head, "   ".join(lines), talk.words(HOW), talk.words(by_itself.HOW)])
    talk.ask(text, "summary", "documents", [*choices, back], **asked.focus())


def order(talk: Talk, asked: Asked, number: str) -> None:
    """Have one made; of no such number, what there is once more."""
    if 1 <= int(number) <= len(DOCUMENTS):
        DOCUMENTS[int(number) - 1].order(talk, asked)
    else:
        offer(talk, asked, number)
