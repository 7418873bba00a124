"""The words of a digest, or of a request to be answered, made at the moment of sending from what is still open.

Nothing left to say sends nothing. What is said is kept in the outbox row, so that a tap finds the choice it stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.matters.authority import task
from bot.matters.common import addressed
from bot.summary.by_itself import speak_summary
from inspection.access import ADMIN, UNIT_HEAD, scope
from inspection.ladder import Listener
from inspection.messages import Chat
from inspection.obligations import OWED, Obligation
from inspection.reminders import Digest, Matter, Waiting, digest, sending_window
from inspection.working_days import LOCAL, Calendar, local_date
from storage import (
    calendar,
    consents,
    directives,
    obligations,
    outbox,
    people,
    reminders,
    requests,
    subscriptions,
    units,
)
from storage.outbox import Parcel, readdress
from storage.people import Person
from storage.reminders import Told

if TYPE_CHECKING:
    from sqlalchemy import Connection

# By the first letter of a stage, who hears of it: a rung's listener; "M", the head whom an administrator reminds.
LISTENERS: dict[str, Listener] = {"D": "head", "M": "head", "F": "delegate", "A": "admin", "S": "superior"}


def speak(connection: Connection, *, parcel: Parcel, now: datetime) -> dict[str, Any] | None:
    """The payload of a digest or a request as of now, kept; None if nothing is left: it is due again."""
    today = now.astimezone(LOCAL).date()
    working_days = calendar.current(connection, today)
    person = _hearer(connection, parcel, today)
    payload = None
    if person is not None and sending_window(now, working_days):
        if parcel.kind == "digest":
            payload = _digest(connection, person, parcel, today, working_days)
        elif "summary" in parcel.payload:
            payload = speak_summary(connection, parcel, person, now)
        else:
            payload = task(connection, int(parcel.payload["request"]), person, today, working_days)
    if payload is not None:
        outbox.said(connection, parcel.id, payload)
    elif parcel.kind == "digest":
        _give_back(connection, parcel)
    elif "summary" in parcel.payload and person is not None and not sending_window(now, working_days):
        subscriptions.give_back(connection, person.id)
    return payload


def _hearer(connection: Connection, parcel: Parcel, today: date) -> Person | None:
    """The person a message is for, if they are still known, have not refused, and this chat is still theirs."""
    if parcel.person_id is None or (parcel.kind == "digest" and parcel.day != today):
        return None
    person = people.get_many(connection, [parcel.person_id], today).get(parcel.person_id)
    if person is None or consents.refused(connection, [person.id]):
        return None
    chats = people.accounts_of(connection, [person.id]).get(person.id, ())
    return person if parcel.chat in [one.chat for one in chats] else None  # unbound, or unreachable since


def next_address(connection: Connection, *, parcel: Parcel, ours: Collection[tuple[str, str]]) -> Parcel | None:
    """A digest that was not taken, addressed to the person's next account of those we serve; None when none is left."""
    tried = {Chat(*one) for one in parcel.payload.get("tried", ())} | {parcel.chat}
    if parcel.person_id is None:
        return None
    accounts = people.accounts_of(connection, [parcel.person_id]).get(parcel.person_id, ())
    left = [a.chat for a in accounts if a.chat not in tried and (a.chat.channel, a.chat.account) in ours]
    return readdress(connection, parcel, left[0]) if left else None


def _give_back(connection: Connection, parcel: Parcel) -> None:
    """A digest that is not sent has told nothing: the next working day's sweep finds it due again."""
    if parcel.person_id is not None and parcel.day is not None:
        ids = reminders.release(connection, parcel.person_id, parcel.day)
        obligations.look_again_at(connection, ids=ids)


def _digest(
    connection: Connection, person: Person, parcel: Parcel, today: date, working_days: Calendar
) -> dict[str, Any] | None:
    told = reminders.told_to(connection, person.id, today)
    owed = obligations.get_many(connection, {t.obligation_id for t in told})
    carried = _Carried(connection, person, today, owed)
    made = digest(
        addressed(person, person.language),
        carried.matters(told),
        today,
        working_days,
        waiting=carried.waiting(told),
        unreached=carried.unreached(told),
        yearly=carried.yearly(told),
        language=person.language,
    )
    return None if made is None else payload_of(made)


def payload_of(made: Digest) -> dict[str, Any]:
    """A digest as the outbox carries it."""
    payload: dict[str, Any] = {"text": made.text}
    if made.choices:
        payload["choices"] = [[choice.label, choice.value] for choice in made.choices]
    return payload


@dataclass(slots=True)
class _Carried:
    """What a person's digest of a day was to tell, as it stands now and as far as it is still their concern."""

    connection: Connection
    person: Person
    today: date
    owed: dict[str, Obligation]

    def matters(self, told: Sequence[Told]) -> list[Matter]:
        unreached = {t.obligation_id for t in told if t.stage == "N"}  # said by themselves
        found = [
            Matter(one, LISTENERS[t.stage[0]])
            for t in told
            if t.stage[0] in LISTENERS
            and self._still_owed(one := self.owed[t.obligation_id])
            and not (t.stage[0] == "A" and one.id in unreached)
        ]
        silenced = requests.silenced(self.connection, [m.obligation.id for m in found])
        mine = [m for m in found if m.obligation.id not in silenced and self._concerns(m)]
        return self._named(list({m.obligation.id: m for m in mine}.values()))

    def unreached(self, told: Sequence[Told]) -> list[Matter]:
        found = [Matter(self.owed[t.obligation_id], "admin") for t in told if t.stage == "N"]
        return self._named([m for m in found if self._still_owed(m.obligation) and self._concerns(m)])

    def waiting(self, told: Sequence[Told]) -> list[Waiting]:
        found = []
        for t in told:
            one = self.owed[t.obligation_id]
            request = requests.waiting(self.connection, one.id, *requests.ANSWERED) if t.stage[0] == "Q" else None
            if request is not None and self._concerns(Matter(one, "admin")):
                found.append(Waiting(one.code, self._unit(one.unit_id), local_date(request.asked_at)))
        return found

    def yearly(self, told: Sequence[Told]) -> list[str]:
        if not any(t.stage == "Y" for t in told):
            return []
        issuers = self.person.units(ADMIN)
        missing = directives.missing_this_year(self.connection, issuers, self.today.year)
        return [f"{demand.subject} ({directives.citation(self.connection, one)})" for one, demand in missing]

    def _still_owed(self, one: Obligation) -> bool:
        return one.state in OWED

    def _concerns(self, matter: Matter) -> bool:
        """Rights of this moment: still the head, the delegate, the administrator, the superior of the unit."""
        unit_id = matter.obligation.unit_id
        if matter.listener in ("head", "delegate"):
            holders = people.heads_of if matter.listener == "head" else people.delegates_of
            answering = holders(self.connection, [unit_id], self.today).get(unit_id, ())
            return any(person.id == self.person.id for person in answering)
        if matter.listener == "admin":
            return units.covers(self.connection, scope(self.person, "answer_request"), unit_id, self.today)
        return units.covers(self.connection, self.person.units(UNIT_HEAD), unit_id, self.today)

    def _named(self, matters: list[Matter]) -> list[Matter]:
        """With the unit's name where the person answers for several."""
        own = [m for m in matters if m.listener in ("head", "delegate")]
        several = len({m.obligation.unit_id for m in own}) > 1
        return [
            replace(m, unit=self._unit(m.obligation.unit_id)) if several or m.listener in ("admin", "superior") else m
            for m in matters
        ]

    def _unit(self, unit_id: str) -> str:
        unit = units.get(self.connection, unit_id, on=self.today)
        return unit.full_name if unit is not None else ""
