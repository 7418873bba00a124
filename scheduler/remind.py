"""One sweep: what is due now, told once per stage, gathered into one digest a person and working day.

The sweep may run twice, late, or after days of silence: the keys in the database decide what is new, and after an
outage only the latest stage of each obligation is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from inspection.messages import Chat
from inspection.obligations import Obligation
from inspection.reminders import sending_window, stage_due
from inspection.working_days import LOCAL, Calendar
from storage import calendar, obligations, outbox, people
from storage.obligations import Told
from storage.outbox import Parcel

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE = 1000  # obligations looked at in one transaction


def sweep(connection: Connection, now: datetime, new_token: Callable[[], str]) -> list[Parcel]:
    """Put today's digests into the outbox; returns the new ones. Outside office hours nothing happens."""
    today = now.astimezone(LOCAL).date()
    working_days = calendar.current(connection, today)
    if not sending_window(now, working_days):
        return []
    owed = obligations.open_due(connection, working_days.latest_overdue(today), PAGE)
    posted: list[Parcel] = []
    while owed:
        posted += _tell(connection, owed, now, working_days, new_token)
        owed = obligations.open_due_after(connection, owed[-1], working_days.latest_overdue(today), PAGE)
    return posted


def _tell(
    connection: Connection,
    owed: Sequence[Obligation],
    now: datetime,
    working_days: Calendar,
    new_token: Callable[[], str],
) -> list[Parcel]:
    today = now.astimezone(LOCAL).date()
    heads = people.heads_of(connection, {one.unit_id for one in owed}, today)
    reachable = people.accounts_of(connection, {head.id for listed in heads.values() for head in listed})
    due = [
        Told(one.id, one.due, stage, head.id, today, now)
        for one in owed
        if (stage := stage_due(one, today, working_days)) is not None
        for head in heads.get(one.unit_id, ())
        if head.id in reachable
    ]
    fresh = obligations.claim_reminders(connection, due)
    chats = {told.person_id: reachable[told.person_id][0].chat for told in fresh}
    return outbox.post_digests(connection, [_digest(p, c, now, new_token()) for p, c in chats.items()])


def _digest(person_id: str, chat: Chat, now: datetime, token: str) -> Parcel:
    day = now.astimezone(LOCAL).date()
    return Parcel(token, chat, "digest", {"text": ""}, now, person_id=person_id, day=day)
