"""Who is sent a summary by itself, weekly or monthly; the row remembers for which week or month that was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, delete, or_, select, update

from storage.tables import subscriptions
from storage.upsert import insert as upsert

Every = Literal["week", "month"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A person, how often, and of which unit with those below."""

    person_id: str
    every: Every
    unit_id: str


def subscribe(connection: Connection, wanted: Subscription, today: date, current_first: date) -> None:
    """Begin with the next week or month: the one that has begun (`current_first`) counts as told."""
    values = {"every": wanted.every, "unit_id": wanted.unit_id, "since": today, "told": current_first}
    connection.execute(
        upsert(connection, subscriptions)
        .values(person_id=wanted.person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )


def of_people(connection: Connection, person_ids: Collection[str]) -> dict[str, Subscription]:
    """What some people are sent, by person; those who are sent nothing are missing."""
    rows = connection.execute(select(subscriptions).where(subscriptions.c.person_id.in_(list(person_ids))))
    return {row.person_id: _subscription(row) for row in rows}


def stop(connection: Connection, person_id: str) -> bool:
    """End it; False if there was none."""
    return connection.execute(delete(subscriptions).where(subscriptions.c.person_id == person_id)).rowcount == 1


def untold(connection: Connection, every: Every, first: date) -> list[Subscription]:
    """Those who have not been sent the summary at the beginning of the week or month that began on this day."""
    rows = connection.execute(
        select(subscriptions)
        .where(subscriptions.c.every == every, or_(subscriptions.c.told.is_(None), subscriptions.c.told < first))
        .order_by(subscriptions.c.person_id)
    )
    return [_subscription(row) for row in rows]


def claim(connection: Connection, person_id: str, first: date) -> bool:
    """Note that it is being sent; False if somebody else noted it before, so that it leaves once."""
    claimed = connection.execute(
        update(subscriptions)
        .where(subscriptions.c.person_id == person_id)
        .where(or_(subscriptions.c.told.is_(None), subscriptions.c.told < first))
        .values(told=first)
    )
    return claimed.rowcount == 1


def give_back(connection: Connection, person_id: str) -> None:
    """It could not leave in office hours: the next sweep finds it due again."""
    connection.execute(update(subscriptions).where(subscriptions.c.person_id == person_id).values(told=None))


def _subscription(row: Any) -> Subscription:
    return Subscription(row.person_id, row.every, row.unit_id)
