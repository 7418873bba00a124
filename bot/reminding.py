"""The words of a digest, made at the moment of sending from what is still open; nothing left to say sends nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from inspection.reminders import digest, sending_window
from inspection.working_days import LOCAL
from storage import calendar, consents, obligations, people
from storage.outbox import Parcel

if TYPE_CHECKING:
    from sqlalchemy import Connection


def digest_of(connection: Connection, *, parcel: Parcel, now: datetime) -> dict[str, Any] | None:
    """The payload of one person's digest, or None: reported meanwhile, no longer the one who answers, or its
    day is over."""
    today = now.astimezone(LOCAL).date()
    working_days = calendar.current(connection, today)
    if parcel.person_id is None or parcel.day != today or not sending_window(now, working_days):
        return None
    person = people.get_many(connection, [parcel.person_id], today).get(parcel.person_id)
    if person is None or consents.refused(connection, [person.id]):
        return None
    if parcel.chat not in [one.chat for one in people.accounts_of(connection, [person.id]).get(person.id, ())]:
        return None  # unbound, or unreachable since
    told = {t.obligation_id for t in obligations.told_to(connection, parcel.person_id, parcel.day)}
    found = obligations.get_many(connection, told).values()
    answering = people.heads_of(connection, {one.unit_id for one in found}, today)
    owed = [one for one in found if any(head.id == person.id for head in answering.get(one.unit_id, ()))]
    name = f"{person.name}, {person.title}" if person.title else person.name
    text = digest(name, owed, today, working_days)
    return {"text": text} if text else None


def give_back(connection: Connection, *, parcel: Parcel) -> None:
    """A digest that is not sent has told nothing: the next working day's sweep finds it due again."""
    if parcel.person_id is not None and parcel.day is not None:
        obligations.release_reminders(connection, parcel.person_id, parcel.day)
