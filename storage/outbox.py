"""What still has to be told to somebody: written in the transaction of the turn, sent after it.

A row is `pending` until the network returned an id (`sent`), refused it for good (`refused`), or there was
nothing left to say (`expired`). Rows of one chat leave in the order of their ids. A digest is `held` before that: until
the sweep has seen everything that belongs into it, and its person is at work.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, and_, bindparam, func, insert, select, update

from inspection.messages import Chat
from storage.tables import outbox
from storage.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way.

    payload: {"text": str, "choices": [[label, value], ...], "photo": sha256 or "",
              "document": {"name", "sha256", "instead"} (as `inspection.messages.Document`),
              "language": "en" (absent: Vietnamese),
              "tried": [[channel, account, chat id], ...] (where a digest was not taken),
              "answer": [callback, text] (end this tap's spinner), "edit": [message_id, text] (rewrite what was tapped)}
    kind: "reply" (goes before everything else), "notice" (not before `next_try_at`), "digest". The text of a digest,
    and of a notice with a "request" in its payload, is built at the moment of sending.
    """

    token: str
    chat: Chat
    kind: str
    payload: dict[str, Any]
    created_at: datetime
    id: int = 0
    attempts: int = 0
    person_id: str | None = None
    day: date | None = None
    next_try_at: datetime | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a parcel. state: sent | refused | expired | pending (try again at `next_try_at`)."""

    id: int
    state: str
    at: datetime
    message_id: int | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    trouble: str = ""


# Built once: putting a statement together takes longer than running it.
_POST = insert(outbox).returning(outbox.c.id)
_POST_MANY = insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True)
_POST_NUMBERED = insert(outbox)
_LAST = select(func.coalesce(func.max(outbox.c.id), 0))
_WRITER = json.JSONEncoder(ensure_ascii=False)
_BY_TOKENS = select(outbox).where(outbox.c.token.in_(bindparam("tokens", expanding=True)))
_SENT_IDS = select(outbox.c.token, outbox.c.message_id, outbox.c.sent_at).where(
    outbox.c.token.in_(bindparam("tokens", expanding=True)), outbox.c.state == "sent"
)
_MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(
        state=bindparam("new_state"),
        sent_at=bindparam("new_sent_at"),
        message_id=bindparam("new_message_id"),
        attempts=bindparam("new_attempts"),
        next_try_at=bindparam("new_next_try_at"),
        trouble=bindparam("new_trouble"),
    )
)
# The sweep asks these every minute, and mostly there is nothing.
_NOW: Any = bindparam("now", type_=UtcDateTime())
_DUE_NOTICES = (
    select(outbox)
    .where(outbox.c.state == "pending", outbox.c.kind == "notice", outbox.c.attempts == 0, outbox.c.next_try_at <= _NOW)
    .order_by(outbox.c.id)
)
_RIPE = (
    select(outbox)
    .where(outbox.c.state == "held", outbox.c.next_try_at <= _NOW)
    .order_by(outbox.c.next_try_at, outbox.c.id)
    .limit(bindparam("most"))
)
_EXPIRE = (
    update(outbox)
    .where(
        outbox.c.id.in_(
            select(outbox.c.id)
            .where(
                outbox.c.state.in_(("held", "pending")),
                outbox.c.kind == "digest",
                outbox.c.day < bindparam("before", type_=Date()),
            )
            .limit(bindparam("most"))
        )
    )
    .values(state="expired", trouble="did not leave on its day")
    .returning(outbox.c.person_id, outbox.c.day)
)


def post(connection: Connection, parcels: Sequence[Parcel], state: str = "pending") -> list[Parcel]:
    """Store parcels; returns them with their ids, in the same order."""
    if not parcels:
        return []
    rows = [
        {
            "token": p.token,
            "channel": p.chat.channel,
            "account": p.chat.account,
            "chat_id": p.chat.chat_id,
            "kind": p.kind,
            "person_id": p.person_id,
            "day": p.day,
            "payload": _WRITER.encode(p.payload),
            "state": state,
            "created_at": p.created_at,
            "next_try_at": p.next_try_at,
        }
        for p in parcels
    ]
    ids = _stored(connection, rows)
    return [
        Parcel(p.token, p.chat, p.kind, p.payload, p.created_at, i, 0, p.person_id, p.day, p.next_try_at)
        for p, i in zip(parcels, ids, strict=True)
    ]


def _stored(connection: Connection, rows: list[dict[str, Any]]) -> list[int]:
    if len(rows) == 1:
        return [connection.execute(_POST, rows[0]).scalar_one()]
    if connection.dialect.name != "sqlite":
        return list(connection.execute(_POST_MANY, rows).scalars())
    # The same numbers SQLite would give, known beforehand because nobody else writes: asking for them costs more
    # than all the rest of the statement.
    last = connection.execute(_LAST).scalar_one()
    ids = list(range(last + 1, last + 1 + len(rows)))
    connection.execute(_POST_NUMBERED, [{**row, "id": number} for row, number in zip(rows, ids, strict=True)])
    return ids


def pending(connection: Connection) -> list[Parcel]:
    """Everything not yet delivered, in the order it was written."""
    return [
        _parcel(r) for r in connection.execute(select(outbox).where(outbox.c.state == "pending").order_by(outbox.c.id))
    ]


def due_notices(connection: Connection, now: datetime) -> list[Parcel]:
    """Notices that waited for office hours, and may go now; also those that are on their way already."""
    return [_parcel(row) for row in connection.execute(_DUE_NOTICES, {"now": now})]


def said(connection: Connection, parcel_id: int, payload: dict[str, Any]) -> None:
    """Keep the words of a message that are made at the moment of sending, so that its buttons mean something."""
    connection.execute(update(outbox).where(outbox.c.id == parcel_id).values(payload=_WRITER.encode(payload)))


def last_said(connection: Connection, chat: Chat) -> Parcel | None:
    """What was last sent into a chat."""
    here = and_(outbox.c.channel == chat.channel, outbox.c.account == chat.account, outbox.c.chat_id == chat.chat_id)
    row = connection.execute(
        select(outbox).where(here, outbox.c.state == "sent").order_by(outbox.c.id.desc()).limit(1)
    ).first()
    return _parcel(row) if row else None


def by_tokens(connection: Connection, tokens: Sequence[str]) -> dict[str, tuple[Parcel, int | None, datetime | None]]:
    """Parcels by token, each with the network's message id and the moment of sending, if it was sent."""
    if not tokens:
        return {}
    rows = connection.execute(_BY_TOKENS, {"tokens": tokens})
    return {r.token: (_parcel(r), r.message_id, r.sent_at) for r in rows}


def sent_ids(connection: Connection, tokens: Sequence[str]) -> dict[str, tuple[int | None, datetime | None]]:
    """The network's message id and the moment of sending, for those parcels that were sent."""
    if not tokens:
        return {}
    rows = connection.execute(_SENT_IDS, {"tokens": tokens})
    return {token: (message_id, sent_at) for token, message_id, sent_at in rows}


class Marks:
    """The batch that writes down what became of parcels; it goes before the turns, which read it."""

    rank = 0

    def run(self, connection: Connection, items: Sequence[Mark]) -> list[None]:
        """Write all marks in one statement."""
        connection.execute(
            _MARK,
            [
                {
                    "row_id": m.id,
                    "new_state": m.state,
                    "new_sent_at": m.at if m.state == "sent" else None,
                    "new_message_id": m.message_id,
                    "new_attempts": m.attempts,
                    "new_next_try_at": m.next_try_at,
                    "new_trouble": m.trouble[:300],
                }
                for m in items
            ],
        )
        return [None] * len(items)

    def failed(self, connection: Connection, item: Mark, error: Exception) -> None:
        """A mark that cannot be written is a bug, not something to live with."""
        raise error


MARKS = Marks()


def _parcel(row: Any) -> Parcel:
    return Parcel(
        token=row.token,
        chat=Chat(row.channel, row.account, row.chat_id),
        kind=row.kind,
        payload=json.loads(row.payload),
        created_at=row.created_at,
        id=row.id,
        attempts=row.attempts,
        person_id=row.person_id,
        day=row.day,
        next_try_at=row.next_try_at,
    )


def readdress(connection: Connection, parcel: Parcel, chat: Chat) -> Parcel:
    """Send a parcel that was not taken at its address to another one; returns it as it is now."""
    before = parcel.chat
    tried = [*parcel.payload.get("tried", ()), [before.channel, before.account, before.chat_id]]
    moved = replace(parcel, chat=chat, payload={**parcel.payload, "tried": tried}, attempts=0, next_try_at=None)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == parcel.id)
        .values(
            channel=chat.channel,
            account=chat.account,
            chat_id=chat.chat_id,
            payload=_WRITER.encode(moved.payload),
            state="pending",
            attempts=0,
            next_try_at=None,
        )
    )
    return moved


def last_delivered(connection: Connection, chats: Iterable[Chat]) -> dict[Chat, datetime]:
    """When each chat was last handed a message; one that never was is missing."""
    found = {}
    for chat in chats:
        there = (outbox.c.channel == chat.channel, outbox.c.account == chat.account, outbox.c.chat_id == chat.chat_id)
        statement = select(outbox.c.sent_at).where(*there, outbox.c.state == "sent", outbox.c.sent_at.is_not(None))
        newest = connection.execute(statement.order_by(outbox.c.sent_at.desc()).limit(1)).scalar()
        if newest is not None:
            found[chat] = newest
    return found


# --- digests --------------------------------------------------------------------------------------------------------


def hold_digests(connection: Connection, digests: Sequence[Parcel]) -> None:
    """Store digests of people who have none yet that day; none of them leaves before its `next_try_at`."""
    if not digests:
        return
    have = digested(connection, [d.person_id for d in digests if d.person_id is not None], digests[0].day)
    post(connection, [d for d in digests if d.person_id not in have], state="held")


def digested(connection: Connection, person_ids: Collection[str], day: date | None) -> dict[str, str]:
    """By person id the state of the digest of that day; who has none is missing. Only a `held` one takes more."""
    if not person_ids:
        return {}
    theirs = (outbox.c.person_id.in_(list(person_ids)), outbox.c.day == day)
    rows = connection.execute(select(outbox.c.person_id, outbox.c.state).where(*theirs))
    return {row.person_id: row.state for row in rows}


def closed(connection: Connection, person_ids: Collection[str], day: date) -> set[str]:
    """Those of some people whose digest of that day takes nothing more: there is never a second one."""
    return {person_id for person_id, state in digested(connection, person_ids, day).items() if state != "held"}


def let_go(connection: Connection, now: datetime, most: int) -> list[Parcel]:
    """Turn digests whose time has come into such as may be sent, at most so many; returns them."""
    rows = connection.execute(_RIPE, {"now": now, "most": most}).all()
    if rows:
        ids = [row.id for row in rows]
        connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state="pending", next_try_at=None))
    return [replace(_parcel(row), next_try_at=None) for row in rows]


def expire_digests(connection: Connection, *, before: date, most: int) -> list[tuple[str, date]]:
    """Close digests of earlier days that never left, at most so many; returns the (person id, day) of each."""
    rows = connection.execute(_EXPIRE, {"before": before, "most": most})
    return [(row.person_id, row.day) for row in rows]
