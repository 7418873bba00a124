"""Slow work a turn has ordered, done beside the talk: kept until its outcome is told, so that a restart resumes it.

A row is `open` until the turn that tells the outcome closes it in its own transaction: what was ordered once is told
once, whatever happens in between.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from inspection.messages import Chat
from storage.tables import errands


@dataclass(frozen=True, slots=True)
class Errand:
    """One piece of work: what it is (`kind`), for whom, and with what (`details`, a JSON object)."""

    id: str
    kind: str
    chat: Chat
    user_id: str
    details: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0  # tries that failed so far
    next_try_at: datetime | None = None


def order(connection: Connection, ordered: Sequence[Errand], now: datetime) -> None:
    """Keep what a turn has ordered."""
    if ordered:
        connection.execute(
            insert(errands),
            [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "channel": one.chat.channel,
                    "account": one.chat.account,
                    "chat_id": one.chat.chat_id,
                    "user_id": one.user_id,
                    "details": json.dumps(dict(one.details), ensure_ascii=False),
                    "state": "open",
                    "created_at": now,
                }
                for one in ordered
            ],
        )


def waiting(connection: Connection) -> list[Errand]:
    """What is still to be done or told, in the order it was ordered."""
    rows = connection.execute(
        select(errands).where(errands.c.state == "open").order_by(errands.c.created_at, errands.c.id)
    )
    return [_errand(row) for row in rows]


def of_chat(connection: Connection, chat: Chat, kind: str, *, told: bool = False) -> list[Errand]:
    """What is still to be done or told of one kind in one chat; with `told` also what was told lately."""
    here = and_(errands.c.channel == chat.channel, errands.c.account == chat.account, errands.c.chat_id == chat.chat_id)
    statement = select(errands).where(here, errands.c.kind == kind)
    return [
        _errand(row) for row in connection.execute(statement if told else statement.where(errands.c.state == "open"))
    ]


def get(connection: Connection, errand_id: str) -> Errand | None:
    """An errand, if it is still open."""
    # Locked where there are several writers: whoever comes second finds it closed, and does not tell it again.
    statement = select(errands).where(errands.c.id == errand_id, errands.c.state == "open").with_for_update()
    row = connection.execute(statement).first()
    return _errand(row) if row is not None else None


def postpone(connection: Connection, errand_id: str, *, attempts: int, next_try_at: datetime, trouble: str) -> None:
    """A try failed, and another one follows."""
    connection.execute(
        update(errands)
        .where(errands.c.id == errand_id)
        .values(attempts=attempts, next_try_at=next_try_at, trouble=trouble[:200])
    )


def close(connection: Connection, errand_id: str, trouble: str = "") -> None:
    """The outcome is told in this transaction; `trouble`: it could not be done."""
    values = {"state": "failed" if trouble else "done", "trouble": trouble[:200]}
    connection.execute(update(errands).where(errands.c.id == errand_id).values(**values))


def forget(connection: Connection, *, before: datetime) -> int:
    """Drop what was closed and ordered before a moment; returns how many."""
    return connection.execute(delete(errands).where(errands.c.state != "open", errands.c.created_at < before)).rowcount


def _errand(row: Any) -> Errand:
    chat = Chat(row.channel, row.account, row.chat_id)
    return Errand(row.id, row.kind, chat, row.user_id, json.loads(row.details), row.attempts, row.next_try_at)
