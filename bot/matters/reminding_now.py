"""An administrator reminds a unit at once: as a digest like any other, so that no person gets two on one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.talk import Talk
from inspection.messages import Chat
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from storage import consents, outbox, people, reminders, work_hours
from storage.outbox import Parcel
from storage.reminders import Told

BY_HAND = "M"  # the stage of a reminder that no rung of the ladder calls for

REMINDED = Phrase("Đã gửi nhắc việc đến {count} đơn vị: {units}.", "Reminded: {units} (units: {count}).")
REMINDED_ALREADY = Phrase(
    "Hôm nay đã nhắc, mỗi ngày nhắc một lần: {units}.", "Reminded already today, once a day is enough: {units}."
)
REMINDED_LATER = Phrase(
    "Sẽ nhắc khi đơn vị vào giờ làm việc: {units}.", "Will be reminded when they are at work: {units}."
)
UNREACHED = Phrase(
    "Chưa có người nhận tin trên Hệ thống, đề nghị gửi công văn: {units}.",
    "Nobody can be reached in the chat, please send a letter: {units}.",
)
NEXT_WINDOW = Phrase(
    "Nhắc việc chỉ gửi trong giờ hành chính. Đề nghị đồng chí đôn đốc từ {clock} ngày {day}.",
    "Reminders leave in office hours only. Please remind from {clock} on {day}.",
)


@dataclass(slots=True)
class Done:
    """Ids of the units by what came of it."""

    reminded: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)


def remind_now(talk: Talk, matters: Sequence[Obligation]) -> Done:
    """Put today's digest of the heads of these matters into the outbox, where they have had none today."""
    connection, now, today = talk.connection, talk.ledger.now, talk.ledger.today
    heads = people.heads_of(connection, {one.unit_id for one in matters}, today)
    heard = {person.id: person for listed in heads.values() for person in listed}
    reachable = people.accounts_of(connection, heard.keys() - consents.refused(connection, heard))
    closed = outbox.closed(connection, heard, today)
    waits = work_hours.waits(connection, heard.values(), now, talk.ledger.calendar())
    done, reminded = Done(), set[str]()
    for one in matters:
        chosen = [person.id for person in heads.get(one.unit_id, ()) if person.id in reachable]
        free = [person_id for person_id in chosen if person_id not in closed]
        told = [Told(one.id, one.owed_by, f"{BY_HAND}{today:%y%m%d}", p, today, now) for p in free]
        reminders.claim(connection, told)
        reminded |= set(free)
        at_once = done.reminded if any(p not in waits for p in free) else done.later
        listed = at_once if free else done.already if chosen else done.unreached
        if one.unit_id not in listed:
            listed.append(one.unit_id)
    _post(talk, {p: reachable[p][0].chat for p in sorted(reminded)}, waits)
    return done


def _post(talk: Talk, chats: Mapping[str, Chat], waits: Mapping[str, datetime]) -> None:
    """Digests of those at work leave with this turn, the others when they are; a held one takes what was claimed."""
    now, today = talk.ledger.now, talk.ledger.today
    have = outbox.digested(talk.connection, chats, today)
    digests = [
        Parcel(
            talk.ledger.ids.token(), chat, "digest", {"text": ""}, now, person_id=p, day=today, next_try_at=waits.get(p)
        )
        for p, chat in chats.items()
        if p not in have
    ]
    outbox.hold_digests(talk.connection, [one for one in digests if one.next_try_at is not None])
    talk.outcome.parcels += [one for one in digests if one.next_try_at is None]
