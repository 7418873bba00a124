"""One sweep: what is due now, told once per stage, gathered into one digest a person and working day.

The sweep may run twice, late, or after days of silence: the keys in the database decide what is new, and after an
outage only the latest stage of each obligation is told. A digest belongs to its working day: what it could not tell on
that day is taken back and told by the next one, and who has had a digest today hears of the rest tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from inspection import ladder
from inspection.ladder import LISTENERS, Listener, Rung, next_look, stage_due
from inspection.messages import Chat
from inspection.obligations import Obligation
from inspection.reminders import sending_window
from inspection.working_days import LOCAL, Calendar
from scheduler import days_off, summaries
from storage import calendar, consents, directives, obligations, outbox, people, reminders, requests, units
from storage.outbox import Parcel
from storage.people import Person
from storage.reminders import Told

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE = 1000  # obligations looked at in one go
PROOF_AWAITED = timedelta(hours=2)  # so long a report waits for its photo before the administrator sees it
NOBODY, UNANSWERED, YEARLY = "N", "Q", "Y"  # stages that are no rungs: see `bot.reminding`


def sweep(connection: Connection, now: datetime, new_token: Callable[[], str]) -> list[Parcel]:
    """Put today's digests and the requests to be answered into the outbox; returns the new ones.

    Outside office hours nothing happens.
    """
    today = now.astimezone(LOCAL).date()
    working_days = calendar.current(connection, today)
    if not sending_window(now, working_days):
        return []
    for person_id, day in outbox.expire_digests(connection, before=today):
        obligations.look_again_at(connection, ids=reminders.release(connection, person_id, day))
    obligations.look_again_where_roles_changed(connection, today)
    round_ = _Round(connection, now, today, working_days, new_token, directives.ladders(connection))
    while owed := obligations.to_look_at(connection, today, PAGE):
        round_.look_at(owed)
    round_.tell_unanswered()
    round_.tell_yearly()
    asked = days_off.ask_for_plan(connection, now, new_token)
    told = summaries.post_due(connection, now, working_days, new_token)
    return [*round_.posted.values(), *round_.pass_on_requests(), *asked, *told, *outbox.due_notices(connection, now)]


@dataclass(slots=True)
class _Round:
    """One sweep over all pages; `posted` are its digests by person."""

    connection: Connection
    now: datetime
    today: date
    working_days: Calendar
    new_token: Callable[[], str]
    ladders: dict[str, tuple[Rung, ...]]
    posted: dict[str, Parcel] = field(default_factory=dict)
    _listening: dict[tuple[Listener, str], list[Person]] = field(default_factory=dict)
    _reachable: dict[str, Chat | None] = field(default_factory=dict)
    _closed: set[str] = field(default_factory=set)  # had their digest before this sweep

    @property
    def tomorrow(self) -> date:
        """The next working day."""
        return self.working_days.next_working_day(self.today + timedelta(days=1))

    def look_at(self, owed: Sequence[Obligation]) -> None:
        """Claim what is due and not told yet, and see to it that everybody concerned has a digest."""
        silenced = requests.silenced(self.connection, [one.id for one in owed])
        self._learn({one.unit_id for one in owed})
        due: list[Told] = []
        looks: dict[str, date] = {}
        for one in owed:
            rungs = self.ladders.get(one.kind) or ladder.read("")
            told, again = ([], True) if one.id in silenced else self._due(one, rungs)
            due += told
            looks[one.id] = self.tomorrow if again else next_look(one, rungs, self.today, self.working_days)
        self._claim(due)
        obligations.looked_at(self.connection, looks)

    def _due(self, one: Obligation, rungs: Sequence[Rung]) -> tuple[list[Told], bool]:
        """Whom to tell which stage, each person once; and whether somebody is left whom tomorrow may reach."""
        told: dict[str, Told] = {}
        nobody: list[Told] = []  # beside what the administrators hear of it anyway
        again = False
        for listener in LISTENERS:
            stage = stage_due(one, listener, rungs, self.today, self.working_days)
            if stage is None:
                continue
            heard = self._who(listener, one.unit_id)
            reached = [person.id for person in heard if self._reachable[person.id] is not None]
            if listener == "head" and not reached:
                again = True
                nobody = self._nobody(one)
            again = again or len(reached) < len(heard)
            for person_id in reached:
                if person_id in self._closed:
                    again = True
                elif person_id not in told:
                    told[person_id] = self._told(one, stage, person_id)
        return [*nobody, *told.values()], again

    def _nobody(self, one: Obligation) -> list[Told]:
        """The administrators hear once that nobody at the unit can be told of it."""
        delegates = self._who("delegate", one.unit_id)
        if any(self._reachable[person.id] is not None for person in delegates):
            return []
        return [
            self._told(one, NOBODY, person.id)
            for person in self._who("admin", one.unit_id)
            if self._reachable[person.id] is not None and person.id not in self._closed
        ]

    def _told(self, one: Obligation, stage: str, person_id: str) -> Told:
        return Told(one.id, one.owed_by, stage, person_id, self.today, self.now)

    def _claim(self, due: Sequence[Told]) -> None:
        """Write down what is new, and make a digest for those who have none yet."""
        fresh = reminders.claim(self.connection, due)
        digests = {
            t.person_id: Parcel(
                self.new_token(), chat, "digest", {"text": ""}, self.now, person_id=t.person_id, day=self.today
            )
            for t in fresh
            if t.person_id not in self.posted and (chat := self._reachable[t.person_id]) is not None
        }
        new = outbox.post_digests(self.connection, list(digests.values()))
        self.posted |= {parcel.person_id: parcel for parcel in new if parcel.person_id is not None}

    # --- who hears, and whether they can ---------------------------------------------------------------------

    def _who(self, listener: Listener, unit_id: str) -> list[Person]:
        return self._listening.get((listener, unit_id), [])

    def _learn(self, unit_ids: set[str]) -> None:
        """Look up once a sweep who hears of a unit, and by which chat."""
        new = {unit_id for unit_id in unit_ids if ("head", unit_id) not in self._listening}
        if not new:
            return
        for listener, found in self._listeners(new).items():
            for unit_id in new:
                self._listening[listener, unit_id] = found.get(unit_id, [])
        self._learn_chats(person.id for key, listed in self._listening.items() if key[1] in new for person in listed)

    def _listeners(self, new: set[str]) -> dict[Listener, dict[str, list[Person]]]:
        known = units.get_many(self.connection, new, on=self.today)
        above = {unit.id: unit.parent_id for unit in known.values() if unit.parent_id}
        superiors = people.heads_of(self.connection, set(above.values()), self.today)
        return {
            "head": people.heads_of(self.connection, new, self.today),
            "delegate": people.delegates_of(self.connection, new, self.today),
            "admin": people.nearest_administrators(self.connection, new, self.today),
            "superior": {unit_id: superiors.get(parent, []) for unit_id, parent in above.items()},
        }

    def _learn_chats(self, person_ids: Iterable[str]) -> None:
        ids = set(person_ids) - self._reachable.keys()
        chats = people.accounts_of(self.connection, ids - consents.refused(self.connection, ids))
        self._reachable |= {person_id: chats[person_id][0].chat if person_id in chats else None for person_id in ids}
        # A digest that exists may be on its way at this moment: what is claimed for it now might never be said.
        self._closed |= outbox.digested(self.connection, ids, self.today)

    # --- what the authority owes an answer -------------------------------------------------------------------

    def pass_on_requests(self) -> list[Parcel]:
        """Give each new request to the administrators who answer for the unit, but not to whoever asked."""
        parcels: list[Parcel] = []
        for request in requests.to_tell(self.connection, self.now - PROOF_AWAITED):
            chats = self._administrators_for(request)
            if chats:
                requests.passed_on(self.connection, request.id, self.now)
            parcels += [
                Parcel(self.new_token(), chat, "notice", {"text": "", "request": request.id}, self.now, person_id=p)
                for p, chat in chats.items()
            ]
        return outbox.post(self.connection, parcels)

    def _administrators_for(self, request: requests.Request) -> dict[str, Chat]:
        one = obligations.get(self.connection, request.obligation_id)
        if one is None:
            return {}
        self._learn({one.unit_id})
        listed = [person.id for person in self._who("admin", one.unit_id) if person.id != request.asked_by]
        return {person_id: chat for person_id in listed if (chat := self._reachable[person_id]) is not None}

    def tell_unanswered(self) -> None:
        """A request past its time is told once more, in the digest."""
        due = []
        for request in requests.unanswered(self.connection, self.today):
            due += [
                Told(request.obligation_id, request.answer_by, UNANSWERED, person_id, self.today, self.now)
                for person_id in self._administrators_for(request)
                if person_id not in self._closed
            ]
        self._claim(due)

    def tell_yearly(self) -> None:
        """From January on, what is demanded every year and was not made for this one is told once."""
        issuers = [unit_id for person in people.with_role(self.connection, "admin", self.today)
                   for unit_id in person.units("admin")]  # fmt: skip
        due = []
        for directive, demand in directives.missing_this_year(self.connection, set(issuers), self.today.year):
            carrier = directives.last_made(self.connection, demand.id)
            self._learn({directive.issuer_id})
            due += [
                Told(carrier, date(self.today.year, 1, 1), YEARLY, person.id, self.today, self.now)
                for person in self._who("admin", directive.issuer_id)
                if self._reachable[person.id] is not None and person.id not in self._closed
            ]
        self._claim(due)
