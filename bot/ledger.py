"""What one batch of turns works on: loaded in a few statements, changed in memory, written in a few statements.

Nothing here decides anything. If the transaction fails, the ledger is thrown away and nothing has happened.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from inspection.documents.minutes import is_reportable
from inspection.documents.paper import Paper
from inspection.found import findings_of
from inspection.messages import Chat, Choice, Manner, Reply
from inspection.turn import Change
from inspection.visit import Status, Visit
from inspection.walk import Rules, Walk
from inspection.working_days import LOCAL, Calendar
from storage import (
    calendar,
    chats,
    checklists,
    consents,
    documents,
    errands,
    obligations,
    outbox,
    people,
    tallies,
    units,
    visits,
    work_hours,
)
from storage.people import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

PROMPTS_KEPT = 8


class Ids(Protocol):
    """Where new names come from; seeded in tests."""

    def new_id(self) -> str: ...

    def token(self) -> str: ...


class RandomIds:
    """Names nobody can guess; for one thread, the writer's."""

    def __init__(self) -> None:
        self._drawn = b""

    def new_id(self) -> str:
        """32 hexadecimal digits."""
        return self._bytes(16).hex()

    def token(self) -> str:
        """Twelve characters that mean nothing by themselves."""
        return urlsafe_b64encode(self._bytes(9)).decode()

    def _bytes(self, count: int) -> bytes:
        # Asking the system lets another thread run, and then this one waits for its turn: so rarely, and for many.
        if len(self._drawn) < count:
            self._drawn = secrets.token_bytes(4096)
        taken, self._drawn = self._drawn[:count], self._drawn[count:]
        return taken


@dataclass(slots=True)
class Outcome:
    """What is to be done after the commit."""

    parcels: list[outbox.Parcel] = field(default_factory=list)
    photos: list[visits.AwaitedPhoto] = field(default_factory=list)
    errands: list[errands.Errand] = field(default_factory=list)
    taps: list[tuple[Chat, str, str]] = field(default_factory=list)  # chat, callback, words shown
    commands: list[tuple[Chat, tuple[str, ...], str]] = field(default_factory=list)  # chat, roles, language


@dataclass(slots=True)
class Ledger:
    """The working set of one transaction."""

    connection: Connection
    now: datetime
    ids: Ids
    manner: Callable[[Chat], Manner] = lambda _: Manner()
    states: dict[Chat, dict[str, Any]] = field(default_factory=dict)
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    sent: dict[str, tuple[int | None, datetime | None]] = field(default_factory=dict)
    tapped: dict[str, outbox.Parcel] = field(default_factory=dict)
    _visits: dict[str, Visit] = field(default_factory=dict)
    _before: dict[str, Visit] = field(default_factory=dict)
    _new: dict[str, str] = field(default_factory=dict)
    _rows: list[visits.AnswerRow] = field(default_factory=list)
    _signers: dict[str, str] = field(default_factory=dict)
    _touched: set[Chat] = field(default_factory=set)
    _ancestry: dict[str, set[str]] = field(default_factory=dict)
    _calendar: Calendar | None = None

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(LOCAL).date()

    def calendar(self) -> Calendar:
        """The working-day calendar in force, asked once a transaction."""
        if self._calendar is None:
            self._calendar = calendar.current(self.connection, self.today)
        return self._calendar

    def calendar_changed(self) -> None:
        """A day was made off or worked in this transaction: the next to ask is given the new calendar."""
        self._calendar = None

    # --- loading -----------------------------------------------------------------------------------------------

    def load(self, wanted: Iterable[Chat], accounts: Iterable[tuple[str, str]], taps: Iterable[str]) -> None:
        """Load what the whole batch needs."""
        self.states = chats.load(self.connection, set(wanted))
        self.people = people.by_accounts(self.connection, set(accounts), self.today)
        unsent = [p["t"] for state in self.states.values() for p in state.get("prompts", ()) if "m" not in p]
        self.sent = outbox.sent_ids(self.connection, unsent)
        self.tapped = {t: found[0] for t, found in outbox.by_tokens(self.connection, list(taps)).items()}
        active = {str(state["visit"]) for state in self.states.values() if state.get("visit")}
        self._visits = visits.documents(self.connection, active)
        self._before = dict(self._visits)
        self._ancestry = units.ancestry(self.connection, {v.unit_id for v in self._visits.values()}, self.today)

    def refresh(self, person_ids: Iterable[str]) -> None:
        """Roles changed in this transaction: what of the batch is still to come finds people as they are now."""
        changed = set(person_ids)
        keys = [key for key, person in self.people.items() if person.id in changed]
        for key in keys:
            del self.people[key]
        self.people |= people.by_accounts(self.connection, keys, self.today)

    def state(self, chat: Chat) -> dict[str, Any]:
        """The state of a chat, to be changed in place."""
        self._touched.add(chat)
        return self.states.setdefault(chat, {})

    def visit(self, visit_id: str) -> Visit | None:
        """A visit by id."""
        if visit_id not in self._visits:
            self._visits |= visits.documents(self.connection, [visit_id])
            if visit_id in self._visits:
                self._before[visit_id] = self._visits[visit_id]
        return self._visits.get(visit_id)

    def ancestry(self, unit_id: str) -> set[str]:
        """The unit and everything above it today; of one that has ceased, above it on its last day."""
        if unit_id not in self._ancestry:
            self._ancestry |= units.ancestry(self.connection, [unit_id], self.today)
            ended = units.last_day(self.connection, unit_id) if self._ancestry[unit_id] == {unit_id} else None
            if ended is not None and ended < self.today:
                self._ancestry |= units.ancestry(self.connection, [unit_id], ended)
        return self._ancestry[unit_id]

    def rules(self, visit: Visit) -> Rules:
        """What a visit is judged by: the checklist version it began with, and the calendar."""
        checklist = checklists.get(self.connection, visit.checklist_id)
        return Rules(checklist, {"working-days": lambda due, issued: lateness(self.calendar())(due, issued)})

    # --- changing ----------------------------------------------------------------------------------------------

    def begin(self, visit: Visit, *, form: str = "surprise") -> None:
        """A visit that starts in this transaction."""
        visits.add(self.connection, visit, form=form)
        documents.keep_members(self.connection, visit)
        self._visits[visit.id] = self._before[visit.id] = visit

    def keep(self, visit: Visit, changes: Iterable[Change], person_id: str) -> Visit:
        """A visit as a turn left it, with the answers that changed."""
        revision = visit.revision
        for change in changes:
            revision += 1
            self._rows.append(visits.history_row(visit.id, revision, change.key, change.answer, change.said))
        if revision != visit.revision:
            visit = replace(visit, revision=revision)
        before = self._visits[visit.id]
        self._visits[visit.id] = visit
        if visit.status is Status.SIGNED and before.status is not Status.SIGNED:
            self._signers[visit.id] = person_id
        return visit

    def post(self, outcome: Outcome, chat: Chat, reply: Reply, **decorations: Any) -> str:
        """Put a reply into the outbox; returns its token."""
        token = self.ids.token()
        payload: dict[str, Any] = {"text": reply.text}
        if reply.choices:
            payload["choices"] = [[c.label, c.value] for c in reply.choices]
        if reply.photo:
            payload["photo"] = reply.photo
        if reply.document is not None:
            payload["document"] = asdict(reply.document)
        payload |= {name: value for name, value in decorations.items() if value}
        kind = "reply"
        outcome.parcels.append(outbox.Parcel(token, chat, kind, payload, self.now))
        return token

    def notify(self, outcome: Outcome, person_ids: Sequence[str], text: str, choices: Sequence[Choice] = ()) -> None:
        """Put a notice to people into the outbox; outside their working hours it waits for the next opening."""
        heard = people.get_many(
            self.connection, set(person_ids) - consents.refused(self.connection, set(person_ids)), self.today
        )
        chats_of = people.accounts_of(self.connection, heard)
        waits = work_hours.waits(self.connection, heard.values(), self.now, self.calendar())
        payload: dict[str, Any] = {"text": text}
        if choices:
            payload["choices"] = [[c.label, c.value] for c in choices]
        outcome.parcels += [
            outbox.Parcel(
                self.ids.token(), listed[0].chat, "notice", payload, self.now, person_id=person_id,
                next_try_at=waits.get(person_id),
            )
            for person_id, listed in chats_of.items()
        ]  # fmt: skip

    def post_paper(self, outcome: Outcome, chat: Chat, paper: Paper, person_id: str) -> None:
        """A document to be made when its turn to be sent has come, for this person, if they may read it then."""
        payload = {"paper": asdict(paper)}
        outcome.parcels.append(outbox.Parcel(self.ids.token(), chat, "notice", payload, self.now, person_id=person_id))

    # --- writing -----------------------------------------------------------------------------------------------

    def write(self, outcomes: Iterable[Outcome]) -> None:
        """Write everything that changed; parcels get their ids."""
        changed = [v for v in self._visits.values() if v is not self._before.get(v.id)]
        visits.save(self.connection, changed, signer_id=self._signers, now=self.now)
        visits.keep_answers(self.connection, self._rows)
        for visit in changed:
            self._conclude(visit)
            self._documented(visit)
        tallies.add_up(self.connection, self._months_of(changed))
        listed = list(outcomes)
        visits.await_photos(self.connection, [p for o in listed for p in o.photos], self.now)
        errands.order(self.connection, [e for o in listed for e in o.errands], self.now)
        chats.save(self.connection, {chat: self.states[chat] for chat in self._touched if chat in self.states})
        posted = iter(outbox.post(self.connection, [p for o in listed for p in o.parcels]))
        for outcome in listed:
            outcome.parcels = [next(posted) for _ in outcome.parcels]

    def _conclude(self, visit: Visit) -> None:
        """A finished visit has results, also after a correction; a signed one makes and closes findings."""
        if visit.status not in (Status.AWAITING_SIGNATURE, Status.SIGNED):
            return
        walk = Walk(visit, self.rules(visit), "vi")
        total = walk.result()
        verdicts = [
            visits.Verdict(key, key.partition(".")[0], outcome.status, outcome.critical)
            for key, outcome in walk.outcomes.items()
            if outcome.status in ("met", "not_met", "na", "info", "absent")
        ]
        visits.conclude(self.connection, visit, verdicts, score=total.score, grade=total.grade)
        if visit.id in self._signers:
            found = findings_of(walk)
            new = [visits.NewFinding(f.key, f.code, f.sentence, f.remedy_days, f.photo) for f in found]
            visits.record_findings(self.connection, visit, new, ids=[self.ids.new_id() for _ in new])
            remedied = walk.remedied()
            visits.close_findings(self.connection, visit, remedied)
            obligations.verified_on_the_spot(self.connection, remedied)

    def _months_of(self, changed: Iterable[Visit]) -> Iterator[tallies.Month]:
        """The months whose counts may be others now: where a visit was finished before this turn, and where it is."""
        for visit in changed:
            for one in (self._before.get(visit.id), visit):
                if one is not None and one.finished_at is not None:
                    yield tallies.month_of(one.unit_id, one.finished_at)

    def _documented(self, visit: Visit) -> None:
        """Who takes part may read the documents; what can be written up has a number, once its decision is known."""
        before = self._before.get(visit.id)
        if before is None or before.attendance != visit.attendance:
            documents.keep_members(self.connection, visit)
        if is_reportable(visit):
            documents.give_number(self.connection, visit)


def remember_prompt(state: dict[str, Any], token: str, focus: dict[str, Any]) -> None:
    """Keep the last few prompts of a chat: what a bare answer can still refer to."""
    prompts = state.setdefault("prompts", [])
    prompts.append({"t": token, "f": focus})
    del prompts[:-PROMPTS_KEPT]


def lateness(working_days: Calendar) -> Callable[..., int | None]:
    """How many working days after a due date something was issued; 0 in time, None while a date is unknown."""

    def late(due: object, issued: object) -> int | None:
        if not isinstance(due, date) or not isinstance(issued, date):
            return None
        return max(0, working_days.working_days_between(working_days.next_working_day(due), issued))

    return late
