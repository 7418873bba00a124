"""The summary that comes by itself: asked for and ended by a word, put into words at the moment of sending."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.ledger import Ledger, Outcome, RandomIds
from bot.summary.asked import Asked, named, summary_of, tops
from bot.summary.first import first_text
from bot.talk import Talk
from inspection.messages import Incoming, Kind
from inspection.periods import current
from inspection.phrases import Phrase
from storage import subscriptions
from storage.outbox import Parcel
from storage.people import Person
from storage.subscriptions import Every, Subscription

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

RHYTHM_WORDS: dict[str, Every] = {
    "hang tuan": "week", "weekly": "week", "moi tuan": "week",
    "hang thang": "month", "monthly": "month", "moi thang": "month",
}  # fmt: skip
STOP_WORDS = ("thoi", "stop")
BEGUN = {
    "week": Phrase(
        "Từ tuần tới, Hệ thống gửi đồng chí tổng hợp tuần trước của {unit} vào ngày làm việc đầu tiên của mỗi tuần, trong giờ hành chính. "
        "Thôi nhận: gõ /summary thôi",
        "From next week on you are sent the summary of the week before, of {unit}, on the first working day of each week, in office hours. "
        "To end it: type /summary stop",
    ),
    "month": Phrase(
        "Từ tháng tới, Hệ thống gửi đồng chí tổng hợp tháng trước của {unit} vào ngày làm việc đầu tiên của mỗi tháng, trong giờ hành chính. "
        "Thôi nhận: gõ /summary thôi",
        "From next month on you are sent the summary of the month before, of {unit}, on the first working day of each month, in office hours. "
        "To end it: type /summary stop",
    ),
}
ENDED = Phrase("Hệ thống thôi gửi tổng hợp định kỳ.", "Summaries are not sent by themselves any more.")
NONE = Phrase(
    "Đồng chí chưa nhận tổng hợp định kỳ. Muốn nhận: /summary hằng tuần hoặc /summary hằng tháng",
    "No summaries are sent to you by themselves. To have them: /summary weekly or /summary monthly",
)
MORE = Phrase(
    "Gõ /summary để xem chi tiết; thôi nhận: /summary thôi", "Type /summary for details; to end this: /summary stop"
)


def hear(talk: Talk, said: str, asked: Asked) -> bool:
    """Begin or end it by a folded word; False if the text is no such word."""
    if said in STOP_WORDS:
        talk.say(ENDED if subscriptions.stop(talk.connection, talk.person.id) else NONE)
        return True
    if said not in RHYTHM_WORDS:
        return False
    every, held = RHYTHM_WORDS[said], tops(talk, asked)
    if held:
        wanted = Subscription(talk.person.id, every, held[0])
        today = talk.ledger.today
        subscriptions.subscribe(talk.connection, wanted, today, current(every, today).first)
        talk.say(BEGUN[every], unit=named(talk, Asked(asked.period, held[0])))
    return True


def speak_summary(connection: Connection, parcel: Parcel, person: Person, now: datetime) -> dict[str, Any] | None:
    """The payload as of now; None if the person may not have these figures any more."""
    ledger = Ledger(connection, now, RandomIds())
    talk = Talk(ledger, Incoming(Kind.DONE, parcel.chat, ""), person, Outcome())
    asked = Asked.of(parcel.payload["summary"], ledger.today)
    summary = summary_of(talk, asked) if tops(talk, asked) else None
    if summary is None:
        log.warning("a summary by itself is not sent any more: person %s", person.id)
        subscriptions.stop(connection, person.id)
        return None
    return {**parcel.payload, "text": "\n".join([first_text(talk, asked, summary, menu=False), talk.words(MORE)])}
