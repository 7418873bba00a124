"""What a period's report says under "Hạn chế": the figures that are not as they should be; causes are the office's."""

from __future__ import annotations

from collections.abc import Iterator

from bot.summary import words
from bot.summary.judged import failed_items, label
from bot.summary.owed import OWED_TITLES
from bot.talk import Talk
from inspection.figures import show_two
from inspection.words import sort_key
from storage.reports.summary import Summary

NAMED_UNITS = 10
NAMED_ITEMS = 5


def shortcomings(talk: Talk, summary: Summary) -> tuple[str, ...]:
    """A sentence each, in Vietnamese as everything on paper; none where nothing falls short."""
    return (*_missed(summary), *_overdue(summary), *_failed(talk, summary))


def _missed(summary: Summary) -> Iterator[str]:
    """Indicators below their target."""
    told = [
        f"{words.in_words(words.TITLES[code], 'vi')} {words.figure(row.now, row.indicator, 'vi')}"
        f" (mục tiêu {words.target(row, 'vi')})"
        for code, row in summary.rows.items()
        if row.now is not None and row.target is not None and row.indicator.met(row.now, row.target) is False
    ]
    if told:
        yield f"Chỉ tiêu chưa đạt mục tiêu: {'; '.join(told)}."


def _overdue(summary: Summary) -> Iterator[str]:
    """Units that have not issued what they owe, then findings past their time."""
    for kind, owed in summary.counts.owed.items():
        late = {one.unit_id for one in owed if one.standing == "overdue"}
        if late:
            names = sorted((summary.area.units[one].full_name for one in late), key=sort_key)
            more = f" và {show_two(len(names) - NAMED_UNITS)} đơn vị khác" if len(names) > NAMED_UNITS else ""
            title = words.in_words(OWED_TITLES[kind], "vi")
            yield f"{title} quá hạn ban hành: {show_two(len(names))} đơn vị ({', '.join(names[:NAMED_UNITS])}{more})."
    found = summary.counts.found
    if found.overdue:
        yield f"Tồn tại, hạn chế quá hạn khắc phục: {show_two(found.overdue)}, tại {show_two(found.overdue_units)} đơn vị."


def _failed(talk: Talk, summary: Summary) -> Iterator[str]:
    """The items failed most often."""
    told = [
        f"{one.code} {label(talk, one.code)} ({one.judged.failed}/{one.judged.total} lượt)"
        for one in failed_items(talk, summary)[:NAMED_ITEMS]
    ]
    if told:
        yield f"Nội dung chưa đạt nhiều nhất: {'; '.join(told)}."
