"""The words of a digest, made at the moment of sending from what is still open; nothing left to say sends nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from inspection.messages import Chat
from inspection.reminders import digest, sending_window
from inspection.working_days import LOCAL
from storage import calendar, consents, obligations, people
from storage.outbox import Parcel, readdress

if TYPE_CHECKING:
    from sqlalchemy import Connection


def digest_of(connection: Connection, *, parcel: Parcel, now: datetime) -> dict[str, Any] | None:
    """The payload of one person's digest, or None: reported meanwhile, no longer the head, or its day is over."""
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
    headed = set(person.units("unit-head"))
    owed = [o for o in obligations.get_many(connection, told).values() if o.unit_id in headed]
    name = f"{person.name}, {person.title}" if person.title else person.name
    text = digest(name, owed, today, working_days)
    return {"text": text} if text else None


def next_address(connection: Connection, *, parcel: Parcel, ours: Collection[tuple[str, str]]) -> Parcel | None:
    """A digest that was not taken, addressed to the person's next account of those we serve; None when none is left."""
    tried = {Chat(*one) for one in parcel.payload.get("tried", ())} | {parcel.chat}
    if parcel.person_id is None:
        return None
    accounts = people.accounts_of(connection, [parcel.person_id]).get(parcel.person_id, ())
    left = [a.chat for a in accounts if a.chat not in tried and (a.chat.channel, a.chat.account) in ours]
    return readdress(connection, parcel, left[0]) if left else None


def give_back(connection: Connection, *, parcel: Parcel) -> None:
    """A digest that is not sent has told nothing: the next working day's sweep finds it due again."""
    if parcel.person_id is not None and parcel.day is not None:
        obligations.release_reminders(connection, parcel.person_id, parcel.day)
