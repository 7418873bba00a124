"""How what is owed stood on the last day of a period and stands now, and the act of reminding of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bot.matters.common import STANDS, words_in
from bot.summary.lists import Entry
from bot.talk import Talk
from inspection.access import may
from inspection.figures import show_two
from inspection.phrases import Phrase
from storage.reports.summary import Summary

REMIND = Phrase("Đôn đốc cả {count} đơn vị", "Remind all units: {count}")
REMIND_NOW = Phrase(" Đôn đốc việc đang quá hạn: gõ /quahan.", " To remind of what is overdue now: type /overdue.")
SINCE = Phrase("{then}, nay {now}", "{then}, now {now}")
ALL = Phrase("Xem đủ {count}", "See all {count}")


def reminding(talk: Talk, summary: Summary, places: Collection[str], what: str) -> tuple[str, list[Entry]]:
    """The act of reminding units; under a period that is over only where to do it: it lists what was overdue then."""
    if not places or not may(talk.person, "answer_request"):
        return "", []
    if summary.span.over:
        return talk.words(REMIND_NOW), []
    return "", [Entry(talk.words(REMIND, count=show_two(len(places), talk.language)), f"remind:{what}")]


def as_it_stood(talk: Talk, summary: Summary, standing: str, due: date, now: str) -> str:
    """How its record says it stands now ("": it does not say); before that, of a period that is over, how it stood then."""
    if now and not summary.span.over:
        return now
    calendar = talk.ledger.calendar()
    days = calendar.working_days_between(calendar.next_working_day(due), summary.span.day)
    then = words_in(
        talk.language, STANDS["open" if standing == "within" else standing], days=show_two(days, talk.language)
    )
    return then if now in ("", then) else talk.words(SINCE, then=then, now=now)
