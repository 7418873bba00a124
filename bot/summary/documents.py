"""The files of a period, each by an errand: to add one, write its line in DOCUMENTS and its task in `bot/tasks`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.summary import words
from bot.summary.asked import Asked, named, summary_of, time_of, tops
from bot.talk import Talk
from inspection.messages import Choice
from inspection.phrases import Phrase
from storage.reports.summary import Row

DOCUMENTS_HEAD = Phrase("Tài liệu của {area}, {time}:", "Documents of {area}, {time}:")
HOW = Phrase(
    "Gõ số để lập; gõ “về” để về trang tổng hợp. Ví dụ: 1",
    "Type a number to have it made; “back” for the summary. Example: 1",
)
BEING_MADE = Phrase(
    "Đang lập bảng số liệu. Hệ thống gửi ngay khi xong.", "The workbook is being made and comes as soon as it is done."
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
            "titles": {code: words.in_words(words.TITLES[code], talk.language) for code in summary.rows},
            "figures": figures_of(summary.rows),
        },
    )
    talk.say(BEING_MADE)


def figures_of(rows: Mapping[str, Row]) -> dict[str, list[int | None]]:
    """The figures of a summary as they are compared with those of its file."""
    return {code: [row.now.part, row.now.of] for code, row in rows.items() if row.now is not None}


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that can be had."""

    label: Phrase
    order: Callable[[Talk, Asked], None]


# The report of a month as Word and PDF takes its line here: it is ordered like the workbook, with the same period.
DOCUMENTS: Sequence[Offered] = (Offered(Phrase("Bảng số liệu (Excel)", "Workbook (Excel)"), workbook),)
WORDS = ("tai lieu", "documents")


def offer(talk: Talk, asked: Asked) -> None:
    """What there is, as a prompt."""
    lines = [f"{n}. {talk.words(one.label)}" for n, one in enumerate(DOCUMENTS, start=1)]
    head = talk.words(DOCUMENTS_HEAD, area=named(talk, asked), time=time_of(talk, asked))
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    talk.ask("\n".join([head, "   ".join(lines), talk.words(HOW)]), "summary", "documents", choices, **asked.focus())


def order(talk: Talk, asked: Asked, number: int) -> None:
    """Have one made; of no such number, what there is once more."""
    if 1 <= number <= len(DOCUMENTS):
        DOCUMENTS[number - 1].order(talk, asked)
    else:
        offer(talk, asked)
