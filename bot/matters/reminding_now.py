"""An administrator reminds a unit at once: as a digest like any other, so that no person gets two on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.talk import Talk
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from storage import consents, outbox, people, reminders
from storage.outbox import Parcel
from storage.reminders import Told

BY_HAND = "M"  # the stage of a reminder that no rung of the ladder calls for

REMINDED = Phrase("Đã gửi nhắc việc đến {count} đơn vị: {units}.", "Reminded: {units} (units: {count}).")
REMINDED_ALREADY = Phrase(
    "Hôm nay đã nhắc, mỗi ngày nhắc một lần: {units}.", "Reminded already today, once a day is enough: {units}."
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
    already: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)


def remind_now(talk: Talk, matters: Sequence[Obligation]) -> Done:
    """Put today's digest of the heads of these matters into the outbox, where they have had none today."""
    connection, today = talk.connection, talk.ledger.today
    heads = people.heads_of(connection, {one.unit_id for one in matters}, today)
    ids = {person.id for listed in heads.values() for person in listed}
    reachable = people.accounts_of(connection, ids - consents.refused(connection, ids))
    closed = outbox.digested(connection, ids, today)
    done, posted = Done(), set[str]()
    for one in matters:
        chosen = [person.id for person in heads.get(one.unit_id, ()) if person.id in reachable]
        free = [person_id for person_id in chosen if person_id not in closed]
        told = [Told(one.id, one.owed_by, f"{BY_HAND}{today:%y%m%d}", p, today, talk.ledger.now) for p in free]
        reminders.claim(connection, told)
        posted |= set(free)
        listed = done.reminded if free else done.already if chosen else done.unreached
        if one.unit_id not in listed:
            listed.append(one.unit_id)
    talk.outcome.parcels += [
        Parcel(talk.ledger.ids.token(), reachable[p][0].chat, "digest", {"text": ""}, talk.ledger.now, person_id=p,
               day=today)
        for p in sorted(posted)
    ]  # fmt: skip
    return done
