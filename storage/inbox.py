"""Which updates have arrived: an update is acknowledged to its network only once it has a row here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.tables import inbox


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw update and the name it can be recognised by when it comes again."""

    channel: str
    account: str
    key: str
    payload: dict[str, Any]
    received_at: datetime


def accept(connection: Connection, arrivals: Sequence[Arrival], *, status: str) -> set[tuple[str, str, str]]:
    """Store what has not been seen before; returns the (channel, account, key) of the new ones only."""
    rows = {
        (a.channel, a.account, a.key): {
            "channel": a.channel,
            "account": a.account,
            "update_key": a.key,
            "payload": _WRITER.encode(a.payload),
            "status": status,
            "received_at": a.received_at,
        }
        for a in arrivals
    }
    if not rows:
        return set()
    listed = list(rows.values())
    stored = connection.execute(_accepting(connection.dialect.name), listed if len(listed) > 1 else listed[0])
    return {(r[0], r[1], r[2]) for r in stored}


_WRITER = json.JSONEncoder(ensure_ascii=False)


@cache
def _accepting(dialect: str) -> Any:
    # Built once: putting a statement together takes longer than running it.
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    return (
        insert(inbox)
        .on_conflict_do_nothing(index_elements=["channel", "account", "update_key"])
        .returning(inbox.c.channel, inbox.c.account, inbox.c.update_key)
    )


def waiting(connection: Connection) -> list[Arrival]:
    """Stored but not handled yet (the process died in between), in the order they came."""
    rows = connection.execute(select(inbox).where(inbox.c.status == "new").order_by(inbox.c.id))
    return [Arrival(r.channel, r.account, r.update_key, json.loads(r.payload), r.received_at) for r in rows]


def settle(connection: Connection, arrival: Arrival, *, status: str, trouble: str = "") -> None:
    """Mark an update handled ('done') or set aside ('refused', with the reason)."""
    connection.execute(
        update(inbox)
        .where(
            inbox.c.channel == arrival.channel,
            inbox.c.account == arrival.account,
            inbox.c.update_key == arrival.key,
        )
        .values(status=status, trouble=trouble[:300])
    )


def forget(connection: Connection, *, before: datetime) -> int:
    """Drop handled updates received before a moment; returns how many."""
    result = connection.execute(delete(inbox).where(inbox.c.status != "new", inbox.c.received_at < before))
    return result.rowcount
