"""One sweep: what is due now, told once per stage, gathered into one digest a person and working day.

The sweep may run twice, late, or after days of silence: the keys in the database decide what is new, and after an
outage only the latest stage of each obligation is told. A digest belongs to its working day: what it could not tell on
that day is taken back and told by the next one, and who has had a digest today hears of the rest tomorrow.

It is done in pieces, each a transaction of its own, so that no turn waits long for it. A digest is held until the last
piece has seen what belongs into it, and until its person is at work; a sweep that was cut short is ended by the next.
"""

from __future__ import annotations

from collections import deque
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
from storage import calendar, consents, directives, obligations, outbox, people, reminders, requests, units, work_hours
from storage.outbox import Parcel
from storage.people import Person
from storage.reminders import Told

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE = 100  # obligations looked at, or digests let go, in one piece
PROOF_AWAITED = timedelta(hours=2)  # so long a report waits for its photo before the administrator sees it
NOBODY, UNANSWERED, YEARLY = "N", "Q", "Y"  # stages that are no rungs: see `bot.reminding`


class Sweep:
    """A sweep at one moment; `go_on`, each time in a transaction of its own, until it is `done`."""

    def __init__(self, now: datetime, new_token: Callable[[], str]) -> None:
        self.now = now
        self.new_token = new_token
        self._steps = deque(STEPS)

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return not self._steps

    def go_on(self, connection: Connection) -> list[Parcel]:
        """Do the next piece; returns the digests it let go and the requests to be answered.

        Outside office hours nothing happens.
        """
        today = self.now.astimezone(LOCAL).date()
        working_days = calendar.current(connection, today)
        if not sending_window(self.now, working_days):
            self._steps.clear()
            return []
        reminders.one_sweep_at_a_time(connection)
        ladders = directives.ladders(connection)
        round_ = _Round(connection, self.now, today, working_days, self.new_token, ladders)
        while self._steps:
            if self._steps[0](round_):
                break  # a full page: there may be more of it
            self._steps.popleft()
        return round_.posted


@dataclass(slots=True)
class _Round:
    """One piece of a sweep; `posted` is what may leave. A step returns whether it has filled its page."""

    connection: Connection
    now: datetime
    today: date
    working_days: Calendar
    new_token: Callable[[], str]
    ladders: dict[str, tuple[Rung, ...]]
    posted: list[Parcel] = field(default_factory=list)
    _listening: dict[tuple[Listener, str], list[Person]] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)
    _reachable: dict[str, Chat | None] = field(default_factory=dict)
    _closed: set[str] = field(default_factory=set)  # have had their digest

    @property
    def tomorrow(self) -> date:
        """The next working day."""
        return self.working_days.next_working_day(self.today + timedelta(days=1))

    def take_back(self) -> bool:
        """What the digests of earlier days did not tell is due again."""
        stale = outbox.expire_digests(self.connection, before=self.today, most=PAGE)
        for person_id, day in stale:
            obligations.look_again_at(self.connection, ids=reminders.release(self.connection, person_id, day))
        return len(stale) == PAGE

    def follow_roles(self) -> bool:
        """Who has come into an office hears of what was told to others."""
        obligations.look_again_where_roles_changed(self.connection, self.today)
        return False

    def look(self) -> bool:
        """Claim what is due and not told yet, and see to it that everybody concerned has a digest."""
        owed = obligations.to_look_at(self.connection, self.today, PAGE)
        if not owed:
            return False
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
        return len(owed) == PAGE

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
        """Write down what is new, and hold a digest for those who have none yet."""
        fresh = dict.fromkeys(told.person_id for told in reminders.claim(self.connection, due))
        chats = {person_id: chat for person_id in fresh if (chat := self._reachable[person_id]) is not None}
        waits = self._waits(chats)
        digests = [
            Parcel(
                self.new_token(), chat, "digest", {"text": ""}, self.now,
                person_id=person_id, day=self.today, next_try_at=waits.get(person_id, self.now),
            )
            for person_id, chat in chats.items()
        ]  # fmt: skip
        outbox.hold_digests(self.connection, digests)

    def _waits(self, person_ids: Iterable[str]) -> dict[str, datetime]:
        wanted = [self._people[person_id] for person_id in person_ids]
        return work_hours.waits(self.connection, wanted, self.now, self.working_days)

    def let_go(self) -> bool:
        """All that is due today is claimed: digests whose people are at work may leave."""
        ready = outbox.let_go(self.connection, self.now, PAGE)
        self.posted += ready
        return len(ready) == PAGE

    # --- who hears, and whether they can ---------------------------------------------------------------------

    def _who(self, listener: Listener, unit_id: str) -> list[Person]:
        return self._listening.get((listener, unit_id), [])

    def _learn(self, unit_ids: set[str]) -> None:
        """Look up who hears of a unit, and by which chat."""
        new = {unit_id for unit_id in unit_ids if ("head", unit_id) not in self._listening}
        if not new:
            return
        for listener, found in self._listeners(new).items():
            for unit_id in new:
                self._listening[listener, unit_id] = found.get(unit_id, [])
        self._learn_chats(person for key, listed in self._listening.items() if key[1] in new for person in listed)

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

    def _learn_chats(self, heard: Iterable[Person]) -> None:
        self._people |= {person.id: person for person in heard}
        ids = self._people.keys() - self._reachable.keys()
        chats = people.accounts_of(self.connection, ids - consents.refused(self.connection, ids))
        self._reachable |= {person_id: chats[person_id][0].chat if person_id in chats else None for person_id in ids}
        # A digest that is held no more may be on its way: what is claimed for it now might never be said.
        self._closed |= outbox.closed(self.connection, ids, self.today)

    # --- what the authority owes an answer -------------------------------------------------------------------

    def pass_on_requests(self) -> bool:
        """Give each new request to the administrators who answer for the unit, but not to whoever asked."""
        parcels: list[Parcel] = []
        for request in requests.to_tell(self.connection, self.now - PROOF_AWAITED):
            chats = self._administrators_for(request)
            if chats:
                requests.passed_on(self.connection, request.id, self.now)
            waits = self._waits(chats)
            parcels += [
                Parcel(
                    self.new_token(), chat, "notice", {"text": "", "request": request.id}, self.now,
                    person_id=p, next_try_at=waits.get(p),
                )
                for p, chat in chats.items()
            ]  # fmt: skip
        self._post(outbox.post(self.connection, parcels))
        return False

    def post_notices(self) -> bool:
        """What is asked or told by itself, and every notice whose time has come."""
        self._post(days_off.ask_for_plan(self.connection, self.now, self.working_days, self.new_token))
        self._post(summaries.post_due(self.connection, self.now, self.working_days, self.new_token))
        self._post(outbox.due_notices(self.connection, self.now))
        return False

    def _post(self, parcels: Iterable[Parcel]) -> None:
        self.posted += [one for one in parcels if one.next_try_at is None or one.next_try_at <= self.now]

    def _administrators_for(self, request: requests.Request) -> dict[str, Chat]:
        one = obligations.get(self.connection, request.obligation_id)
        if one is None:
            return {}
        for unit in units.chain(self.connection, one.unit_id, self.today):
            self._learn({unit.id})
            listed = [person.id for person in self._who("admin", unit.id) if person.id != request.asked_by]
            found = {person_id: chat for person_id in listed if (chat := self._reachable[person_id]) is not None}
            if found:  # else those above: nobody confirms a report of their own
                return found
        return {}

    def tell_unanswered(self) -> bool:
        """A request past its time is told once more, in the digest, and again each week: it keeps the unit waiting."""
        due = []
        for request in requests.unanswered(self.connection, self.today):
            weeks = (self.working_days.working_days_between(request.answer_by, self.today) - 1) // 5
            stage = f"{UNANSWERED}{weeks or ''}"
            due += [
                Told(request.obligation_id, request.answer_by, stage, person_id, self.today, self.now)
                for person_id in self._administrators_for(request)
                if person_id not in self._closed
            ]
        self._claim(due)
        return False

    def tell_yearly(self) -> bool:
        """From January on, what is demanded every year and was not made for this one is told once."""
        due = []
        for directive, demand in directives.missing_this_year(self.connection, None, self.today.year):
            carrier = directives.last_made(self.connection, demand.id)
            self._learn({directive.issuer_id})
            due += [
                Told(carrier, date(self.today.year, 1, 1), YEARLY, person.id, self.today, self.now)
                for person in self._who("admin", directive.issuer_id)
                if directive.issuer_id in person.units("admin")
                and self._reachable[person.id] is not None
                and person.id not in self._closed
            ]
        self._claim(due)
        return False


# In this order, because a digest may leave only when everything that belongs into it is claimed.
STEPS: tuple[Callable[[_Round], bool], ...] = (
    _Round.take_back,
    _Round.follow_roles,
    _Round.look,
    _Round.tell_unanswered,
    _Round.tell_yearly,
    _Round.let_go,
    _Round.pass_on_requests,
    _Round.post_notices,
)
