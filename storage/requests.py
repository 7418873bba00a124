"""What a unit puts to the authority about an obligation, and what was answered; while one waits, nobody is reminded.

At most one request, report or refusal of an obligation waits at a time; a question silences nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Date, bindparam, func, insert, or_, select, update

from storage.tables import obligations, requests
from storage.types import UtcDateTime

Kind = Literal["report", "extension", "not_ours", "question", "plan"]
SILENCING: tuple[Kind, ...] = ("report", "extension", "not_ours")
ANSWERED: tuple[Kind, ...] = (*SILENCING, "question")  # a plan is only noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One matter put to the authority. `answer_by`: the last working day to answer; `told_at`: when passed on."""

    obligation_id: str
    kind: Kind
    asked_by: str
    asked_at: datetime
    answer_by: date
    until: date | None = None
    document: str = ""
    issued: date | None = None
    proof: str = ""
    words: str = ""
    state: str = "waiting"
    told_at: datetime | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str = ""
    id: int = 0


_FIELDS = tuple(Request.__slots__)


# The sweep asks these every minute, and mostly there is nothing.
_WAITING = select(requests).where(requests.c.state == "waiting").order_by(requests.c.id)
_TO_TELL = _WAITING.where(
    requests.c.told_at.is_(None),
    or_(
        requests.c.kind != "report",
        requests.c.proof != "",
        requests.c.asked_at <= bindparam("unproved_before", type_=UtcDateTime()),
    ),
)
_UNANSWERED = _WAITING.where(requests.c.answer_by < bindparam("before", type_=Date()))


def put(connection: Connection, request: Request) -> int:
    """Store a request; returns its id."""
    values = {name: getattr(request, name) for name in _FIELDS if name != "id"}
    return int(connection.execute(insert(requests).values(values).returning(requests.c.id)).scalar_one())


def waiting(connection: Connection, obligation_id: str, *kinds: Kind) -> Request | None:
    """The request of an obligation that waits for an answer; of these kinds, or of those that silence reminders."""
    statement = (
        select(requests)
        .where(
            requests.c.obligation_id == obligation_id,
            requests.c.state == "waiting",
            requests.c.kind.in_(kinds or SILENCING),
        )
        .order_by(requests.c.id.desc())
        .limit(1)
    )
    row = connection.execute(statement).first()
    return _request(row) if row else None


def waiting_of(connection: Connection, obligation_id: str) -> list[Request]:
    """All requests of an obligation that wait for an answer, oldest first."""
    return [one for one in of(connection, obligation_id) if one.state == "waiting" and one.kind in ANSWERED]


def silenced(connection: Connection, obligation_ids: Collection[str]) -> set[str]:
    """Those of some obligations about which nobody is to be reminded now."""
    if not obligation_ids:
        return set()
    statement = select(requests.c.obligation_id).where(
        requests.c.obligation_id.in_(list(obligation_ids)),
        requests.c.state == "waiting",
        requests.c.kind.in_(SILENCING),
    )
    return set(connection.execute(statement).scalars())


def get(connection: Connection, request_id: int) -> Request | None:
    """One request by its id."""
    row = connection.execute(select(requests).where(requests.c.id == request_id)).first()
    return _request(row) if row else None


def of(connection: Connection, obligation_id: str) -> list[Request]:
    """Everything ever asked about an obligation, oldest first."""
    rows = connection.execute(select(requests).where(requests.c.obligation_id == obligation_id).order_by(requests.c.id))
    return [_request(row) for row in rows]


def proved(connection: Connection, request_id: int, proof: str) -> None:
    """Note how a waiting report is proved: "photo", "file" or "system"."""
    connection.execute(
        update(requests).where(requests.c.id == request_id, requests.c.state == "waiting").values(proof=proof)
    )


def withdraw(connection: Connection, request_id: int) -> None:
    """The one who asked enters it again before anybody was given it, or reports what it asked time for as done."""
    connection.execute(
        update(requests).where(requests.c.id == request_id, requests.c.state == "waiting").values(state="withdrawn")
    )


def answer(  # noqa: PLR0913  who answered what, when, in which words
    connection: Connection, request_id: int, state: Literal["granted", "returned"], person_id: str, at: datetime,
    words: str = "",
) -> bool:  # fmt: skip
    """Answer a waiting request; False if somebody has answered it already, and then nothing changed."""
    changed = connection.execute(
        update(requests)
        .where(requests.c.id == request_id, requests.c.state == "waiting")
        .values(state=state, answered_by=person_id, answered_at=at, answer=words)
    )
    return changed.rowcount == 1


def to_tell(connection: Connection, unproved_before: datetime) -> list[Request]:
    """Requests no administrator was given yet; a report without its proof only when it was sent before a moment."""
    return [_request(row) for row in connection.execute(_TO_TELL, {"unproved_before": unproved_before})]


def passed_on(connection: Connection, request_id: int, at: datetime) -> None:
    """The administrators have been given it."""
    connection.execute(update(requests).where(requests.c.id == request_id).values(told_at=at))


def unanswered(connection: Connection, before: date) -> list[Request]:
    """What should have been answered by an earlier day."""
    return [_request(row) for row in connection.execute(_UNANSWERED, {"before": before})]


def waiting_in(connection: Connection, unit_ids: Collection[str]) -> list[Request]:
    """What waits for an answer about obligations of these units, oldest first."""
    if not unit_ids:
        return []
    statement = (
        select(requests)
        .join(obligations, obligations.c.id == requests.c.obligation_id)
        .where(requests.c.state == "waiting", obligations.c.unit_id.in_(list(unit_ids)))
        .order_by(requests.c.id)
    )
    return [_request(row) for row in connection.execute(statement)]


def count(connection: Connection, obligation_id: str, kind: Kind) -> int:
    """How often something was asked about an obligation."""
    asked = select(func.count()).where(requests.c.obligation_id == obligation_id, requests.c.kind == kind)
    return int(connection.execute(asked).scalar_one())


def _request(row: Any) -> Request:
    return Request(**{name: getattr(row, name) for name in _FIELDS})
