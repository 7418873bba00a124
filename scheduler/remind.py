"""One sweep: what is due now, told once per stage, gathered into one digest a person and working day.

The sweep may run twice, late, or after days of silence: the keys in the database decide what is new, and after an
outage only the latest stage of each obligation is told. A digest belongs to its working day: what it could not tell on
that day is taken back and told by the next one, and who has had a digest today hears of the rest tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from inspection.messages import Chat
from inspection.obligations import Obligation
from inspection.reminders import sending_window, stage_due
from inspection.working_days import LOCAL, Calendar
from storage import calendar, consents, obligations, outbox, people
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
    for person_id, day in outbox.expire_digests(connection, before=today):
        obligations.release_reminders(connection, person_id, day)
    round_ = _Round(connection, now, today, working_days, new_token)
    owed = obligations.open_due(connection, working_days.latest_overdue(today), PAGE)
    while owed:
        round_.tell(owed)
        owed = obligations.open_due_after(connection, owed[-1], working_days.latest_overdue(today), PAGE)
    return list(round_.posted.values())


@dataclass(slots=True)
class _Round:
    """One sweep over all pages; `posted` are its digests by person."""

    connection: Connection
    now: datetime
    today: date
    working_days: Calendar
    new_token: Callable[[], str]
    posted: dict[str, Parcel] = field(default_factory=dict)

    def tell(self, owed: Sequence[Obligation]) -> None:
        """Claim what is due and not told yet, and see to it that everybody concerned has a digest."""
        heads = people.heads_of(self.connection, {one.unit_id for one in owed}, self.today)
        ids = {head.id for listed in heads.values() for head in listed}
        reachable = people.accounts_of(self.connection, ids - consents.refused(self.connection, ids))
        # A digest that exists may be on its way at this moment: what is claimed for it now might never be said.
        closed = outbox.digested(self.connection, ids, self.today) - self.posted.keys()
        due = [
            Told(one.id, one.due, stage, head.id, self.today, self.now)
            for one in owed
            if (stage := stage_due(one, self.today, self.working_days)) is not None
            for head in heads.get(one.unit_id, ())
            if head.id in reachable and head.id not in closed
        ]
        fresh = obligations.claim_reminders(self.connection, due)
        chats = {t.person_id: reachable[t.person_id][0].chat for t in fresh if t.person_id not in self.posted}
        new = outbox.post_digests(self.connection, [self._digest(p, c) for p, c in chats.items()])
        self.posted |= {parcel.person_id: parcel for parcel in new if parcel.person_id is not None}

    def _digest(self, person_id: str, chat: Chat) -> Parcel:
        return Parcel(self.new_token(), chat, "digest", {"text": ""}, self.now, person_id=person_id, day=self.today)
