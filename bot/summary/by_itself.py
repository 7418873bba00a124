"""The summary that comes by itself: asked for and ended by a word, put into words at the moment of sending."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.ledger import Ledger, Outcome, RandomIds
from bot.summary.asked import ACT, Asked, named, summary_of, tops
from bot.summary.first import first_text
from bot.summary.words import in_words
from bot.talk import Talk
from inspection.access import ADMIN, scope
from inspection.messages import Incoming, Kind, Reply
from inspection.periods import current
from inspection.phrases import Phrase
from inspection.words import fold, sort_key
from storage import people, subscriptions, units
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
    "Xem chi tiết, hình vẽ, tài liệu: gõ {call}; thôi nhận: /summary thôi",
    "For details, pictures and files type {call}; to end this: /summary stop",
)
OPEN = Phrase("Xem chi tiết", "Details")
HOW = Phrase(
    "Gửi định kỳ: gõ “hằng tuần” hoặc “hằng tháng”; ai đang nhận: gõ “định kỳ”.",
    "To have it sent by itself: type “weekly” or “monthly”; who is sent it: “subscriptions”.",
)
ONE_UNIT = Phrase(
    "Tổng hợp định kỳ gửi cho một đơn vị hiện nay hoặc cả phạm vi được giao. Ví dụ: /summary diem he hằng tuần",
    "It is sent for a unit of today or your whole area. Example: /summary diem he weekly",
)
LIST_WORDS = ("dinh ky", "gui dinh ky", "subscriptions")
LIST_HEAD = Phrase("Nhận tổng hợp định kỳ trong phạm vi được giao:", "Sent summaries by themselves in your area:")
LIST_LINE = Phrase("{who}: {rhythm}, {unit}", "{who}: {rhythm}, {unit}")
LIST_NONE = Phrase(
    "Chưa có ai nhận tổng hợp định kỳ. Ví dụ: /summary hằng tuần", "Nobody is sent one. Example: /summary weekly"
)
INSTEAD_OF = Phrase(
    "Thay cho việc nhận tổng hợp {rhythm} của {unit}. ", "This takes the place of the {rhythm} one of {unit}. "
)

FOR = re.compile(r"(.+?) (?:cho|for) (?:(?:dong chi|ong|ba) )?(.+)")
BEGUN_FOR = Phrase(
    "Đã ghi: đồng chí {who} nhận tổng hợp của {unit} {rhythm}. Hệ thống báo đồng chí ấy trong giờ hành chính.",
    "Noted: {who} is sent the summary of {unit}, {rhythm}, and is told so in office hours.",
)
RHYTHM = {"week": Phrase("hằng tuần", "weekly"), "month": Phrase("hằng tháng", "monthly")}
ENTERED_BY = Phrase("Đồng chí {by} đăng ký cho đồng chí. {begun}", "Entered for you by {by}. {begun}")
ENDED_FOR = Phrase("Hệ thống thôi gửi tổng hợp định kỳ cho đồng chí {who}.", "{who} is not sent summaries any more.")
NONE_FOR = Phrase("Đồng chí {who} chưa nhận tổng hợp định kỳ.", "No summaries are sent to {who} by themselves.")
NOBODY = Phrase(
    "Không có quản trị duy nhất tên “{name}” trong phạm vi được giao; người nhận phải là quản trị. "
    "Ví dụ: /summary hằng tuần cho {example}",
    "There is no single administrator called “{name}” in your area; whoever receives it has to be one. "
    "Example: /summary weekly for {example}",
)


def hear(talk: Talk, said: str, asked: Asked) -> bool:
    """Begin or end it by a folded word, for oneself or for another administrator; False if the text is no such word."""
    if said in LIST_WORDS:
        _list(talk)
        return True
    found = FOR.fullmatch(said)
    word, name = (found[1], found[2]) if found else (said, "")
    if word not in STOP_WORDS and word not in RHYTHM_WORDS:
        return False
    person = _administrator(talk, name) if name else talk.person
    if person is None:
        talk.say(NOBODY, name=name, example=talk.person.name)
    elif word in STOP_WORDS:
        _end(talk, person)
    else:
        _begin(talk, person, RHYTHM_WORDS[word], asked)
    return True


def rhythm_apart(text: str) -> tuple[str, str]:
    """What a text names before or after a rhythm ("yên phúc hằng tuần"), and the rhythm with whom it is for."""
    pieces = text.split(" ")
    for start in range(1, len(pieces)):
        tail = fold(" ".join(pieces[start:]))
        found = FOR.fullmatch(tail)
        if (found[1] if found else tail) in RHYTHM_WORDS:
            return " ".join(pieces[:start]), tail
    return text, ""


def _list(talk: Talk) -> None:
    """Who is sent what, as far as their figures lie within those of who asks."""
    mine = _administrators(talk)
    held = subscriptions.of_people(talk.connection, [person.id for person in mine])
    known = units.get_many(talk.connection, {one.unit_id for one in held.values()}, on=talk.ledger.today)
    lines = [
        talk.words(
            LIST_LINE, who=person.name, rhythm=talk.words(RHYTHM[held[person.id].every]),
            unit=known[held[person.id].unit_id].full_name,
        )
        for person in mine
        if person.id in held
    ]  # fmt: skip
    talk.reply(Reply("\n".join([talk.words(LIST_HEAD), *lines]) if lines else talk.words(LIST_NONE)))


def _administrator(talk: Talk, name: str) -> Person | None:
    """The only one of this name whose figures all lie within those of who asks."""
    found = [person for person in _administrators(talk) if fold(person.name) == name]
    return found[0] if len(found) == 1 else None


def _administrators(talk: Talk) -> list[Person]:
    """Those whose figures all lie within those of who asks, by name."""
    area, today = scope(talk.person, ACT), talk.ledger.today
    found = [
        person
        for person in people.with_role(talk.connection, ADMIN, today)
        if all(units.covers(talk.connection, area, unit_id, today) for unit_id in scope(person, ACT))
    ]
    return sorted(found, key=lambda person: (sort_key(person.name), person.id))


def _begin(talk: Talk, person: Person, every: Every, asked: Asked) -> None:
    held = [
        one
        for one in (tops(talk, asked) if asked.unit_id or person.id == talk.person.id else scope(person, ACT))
        if units.covers(talk.connection, scope(person, ACT), one, talk.ledger.today)
    ]
    if not held:
        talk.refuse("summary_by_itself")
        return
    if asked.unit_id and len(held) > 1:
        talk.say(ONE_UNIT)
        return
    today = talk.ledger.today
    before = subscriptions.of_people(talk.connection, [person.id]).get(person.id)
    subscriptions.subscribe(
        talk.connection, Subscription(person.id, every, held[0]), today, current(every, today).first
    )
    unit = named(talk, Asked(asked.period, held[0]))
    instead = ""
    if before is not None and (before.every, before.unit_id) != (every, held[0]):
        was = named(talk, Asked(asked.period, before.unit_id))
        instead = talk.words(INSTEAD_OF, rhythm=talk.words(RHYTHM[before.every]), unit=was)
    if person.id == talk.person.id:
        talk.reply(Reply(instead + talk.words(BEGUN[every], unit=unit)))
        return
    told = talk.words(BEGUN_FOR, who=person.name, unit=unit, rhythm=talk.words(RHYTHM[every]))
    talk.reply(Reply(instead + told))
    begun = in_words(BEGUN[every], person.language).format(unit=unit)
    talk.notify([person.id], in_words(ENTERED_BY, person.language).format(by=talk.person.name, begun=begun))


def _end(talk: Talk, person: Person) -> None:
    ended = subscriptions.stop(talk.connection, person.id)
    if person.id == talk.person.id:
        talk.say(ENDED if ended else NONE)
    else:
        talk.say(ENDED_FOR if ended else NONE_FOR, who=person.name)


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
    call = _called(talk, asked)
    text = "\n".join([first_text(talk, asked, summary, menu=False), talk.words(MORE, call=call)])
    return {**parcel.payload, "text": text, "choices": [[talk.words(OPEN), call]]}


def _called(talk: Talk, asked: Asked) -> str:
    """The line that opens these figures again: "/summary xã Điềm He 01/8/2026-31/8/2026"."""
    of_all = asked.unit_id in ("", *scope(talk.person, ACT))
    unit = None if of_all else units.get(talk.connection, asked.unit_id, on=talk.ledger.today)
    first, last = (f"{day.day:02d}/{day.month}/{day.year}" for day in (asked.period.first, asked.period.last))
    return " ".join(["/summary", *([unit.full_name] if unit else []), f"{first}-{last}"])
