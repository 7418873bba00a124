"""What people answered to the notice about their data: kept as proof, never changed; the newest answer counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from storage.tables import accounts, consents


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer: to which text (SHA-256 of the notice), when (aware), and from which chat account."""

    person_id: str
    agreed: bool
    version: str
    answered_at: datetime
    channel: str
    account: str  # our bot's account on that network
    user_id: str


def record(connection: Connection, answers: Sequence[Consent]) -> None:
    """Append answers."""
    if answers:
        connection.execute(insert(consents), [asdict(answer) for answer in answers])


def latest(connection: Connection, person_ids: Iterable[str]) -> dict[str, Consent]:
    """The newest answer by person, in one statement; who never answered is missing."""
    ids = list(person_ids)
    if not ids:
        return {}
    rows = connection.execute(_latest(), {"ids": ids})
    return {row.person_id: Consent(**{name: getattr(row, name) for name in Consent.__slots__}) for row in rows}


@cache
def _latest() -> Select[Any]:
    # Every turn asks it, and putting the statement together takes longer than running it.
    newest = select(func.max(consents.c.id)).where(consents.c.person_id.in_(bindparam("ids", expanding=True)))
    return select(consents).where(consents.c.id.in_(newest.group_by(consents.c.person_id)))


def refused(connection: Connection, person_ids: Iterable[str]) -> set[str]:
    """Those whose newest answer is a refusal: they are written to on paper and are not reminded by chat."""
    return {person_id for person_id, answer in latest(connection, person_ids).items() if not answer.agreed}


def record_for_all_accounts(connection: Connection, version: str, at: datetime) -> int:
    """Record agreement for everybody who has an account and never answered: for invented people only; returns how many.

    A person with several accounts answers once, from the first.
    """
    answered = select(consents.c.person_id)
    rows = connection.execute(select(accounts).where(accounts.c.person_id.not_in(answered)).order_by(accounts.c.id))
    new: dict[str, Consent] = {}
    for row in rows:
        new.setdefault(row.person_id, Consent(row.person_id, True, version, at, row.channel, row.account, row.user_id))
    record(connection, list(new.values()))
    return len(new)
