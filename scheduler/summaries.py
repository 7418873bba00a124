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
from storage import consents, outbox, people, subscriptions, work_hours
from storage.outbox import Parcel
from storage.subscriptions import Every

if TYPE_CHECKING:
    from sqlalchemy import Connection

RHYTHMS: tuple[Every, ...] = ("week", "month")


def post_due(
    connection: Connection, now: datetime, working_days: Calendar, new_token: Callable[[], str]
) -> list[Parcel]:
    """Put what is due into the outbox, to leave when its reader is at work; returns the new parcels."""
    today = local_date(now)
    parcels: list[Parcel] = []
    for every in RHYTHMS:
        first = current(every, today).first
        if working_days.next_working_day(first) <= today:
            parcels += _begun(connection, every, first, now, working_days, new_token)
    return outbox.post(connection, parcels)


def _begun(  # noqa: PLR0913  one week or month, and the moment
    connection: Connection, every: Every, first: date, now: datetime, working_days: Calendar,
    new_token: Callable[[], str],
) -> list[Parcel]:  # fmt: skip
    due = subscriptions.untold(connection, every, first)
    if not due:
        return []
    readers = people.get_many(connection, {one.person_id for one in due}, local_date(now))
    reached = people.accounts_of(connection, readers.keys() - consents.refused(connection, readers))
    waits = work_hours.waits(connection, (readers[person_id] for person_id in reached), now, working_days)
    past = current(every, first - timedelta(days=1))
    about = {"p": [past.first.isoformat(), past.last.isoformat(), past.kind]}
    return [
        Parcel(
            new_token(), reached[one.person_id][0].chat, "notice", {"text": "", "summary": {**about, "u": one.unit_id}},
            now, person_id=one.person_id, next_try_at=waits.get(one.person_id),
        )
        for one in due
        if one.person_id in reached and subscriptions.claim(connection, one.person_id, first)
    ]  # fmt: skip
