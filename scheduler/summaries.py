"""Summaries that are sent by themselves: on the first working day of a week or month, about the one before, once.

After an outage it is made up for as long as its week or month lasts. The words, and whether the person may still see
them, are settled at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from inspection.periods import current
from inspection.working_days import Calendar, local_date
from storage import consents, outbox, people, subscriptions
from storage.outbox import Parcel
from storage.subscriptions import Every

if TYPE_CHECKING:
    from sqlalchemy import Connection

RHYTHMS: tuple[Every, ...] = ("week", "month")


def post_due(
    connection: Connection, now: datetime, working_days: Calendar, new_token: Callable[[], str]
) -> list[Parcel]:
    """Put what is due into the outbox; returns the new parcels. The caller has seen to office hours."""
    today = local_date(now)
    parcels: list[Parcel] = []
    for every in RHYTHMS:
        first = current(every, today).first
        if working_days.next_working_day(first) <= today:
            parcels += _begun(connection, every, first, now, new_token)
    return outbox.post(connection, parcels)


def _begun(
    connection: Connection, every: Every, first: date, now: datetime, new_token: Callable[[], str]
) -> list[Parcel]:
    due = subscriptions.untold(connection, every, first)
    ids = {one.person_id for one in due}
    reached = people.accounts_of(connection, ids - consents.refused(connection, ids))
    past = current(every, first - timedelta(days=1))
    about = {"p": [past.first.isoformat(), past.last.isoformat(), past.kind]}
    return [
        Parcel(
            new_token(), reached[one.person_id][0].chat, "notice", {"text": "", "summary": {**about, "u": one.unit_id}},
            now, person_id=one.person_id,
        )
        for one in due
        if one.person_id in reached and subscriptions.claim(connection, one.person_id, first)
    ]  # fmt: skip
