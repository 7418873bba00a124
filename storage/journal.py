"""The log of administration: who did what to whom, and when; rows are only ever added, each sealed with the one before.

Details hold ids and codes, never names or what people wrote: erasing a person leaves the chain whole. A changed,
removed or inserted row breaks it; rows cut off at the end do not, which is why `head` is worth writing down elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from storage.tables import journal

START = "0" * 64  # what the first row follows
_LOCK = 0x6B79_6A6E  # any fixed number: on PostgreSQL, two writers of the journal wait for each other


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. actor_id and subject_id: of people, or "" where there is none; act: a verb in the past, "invited"."""

    actor_id: str
    act: str
    subject_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it stands in the journal; `at` is aware UTC."""

    id: int
    at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class Seal:
    """The newest row: its id, when it was written (aware UTC), and the hash that seals it with all before it."""

    row: int
    at: datetime
    hash: str


def append(connection: Connection, entry: Entry, now: datetime) -> str:
    """Add an entry to the end of the chain; returns its hash."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    previous = head(connection)
    details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    seal = _seal(previous, now, (entry.actor_id, entry.act, entry.subject_id, details))
    connection.execute(
        insert(journal).values(
            at=now,
            actor_id=entry.actor_id,
            act=entry.act,
            subject_id=entry.subject_id,
            details=details,
            previous=previous,
            hash=seal,
        )
    )
    return seal


def head(connection: Connection) -> str:
    """The hash of the newest row; START while there is none."""
    seal = newest(connection)
    return seal.hash if seal is not None else START


def newest(connection: Connection) -> Seal | None:
    """The newest row; None while there is none."""
    row = connection.execute(
        select(journal.c.id, journal.c.at, journal.c.hash).order_by(journal.c.id.desc()).limit(1)
    ).first()
    return Seal(int(row.id), row.at, row.hash) if row is not None else None


def verify(connection: Connection, *, known_head: str = "") -> int | None:
    """None if the chain is whole; else the id of the first row that does not fit.

    known_head: a hash written down earlier, which must still be found; 0 is returned when it is not.
    """
    last, met = START, known_head in ("", START)
    for row in connection.execute(select(journal).order_by(journal.c.id)):
        content = (row.actor_id, row.act, row.subject_id, row.details)
        if row.previous != last or row.hash != _seal(last, row.at, content):
            return int(row.id)
        last = row.hash
        met = met or last == known_head
    return None if met else 0


def about(connection: Connection, subject_id: str, act: str = "") -> list[Row]:
    """What was done to somebody, oldest first; act "": whatever it was."""
    statement = select(journal).where(journal.c.subject_id == subject_id)
    return _rows(connection, statement.where(journal.c.act == act) if act else statement)


def _rows(connection: Connection, statement: Select[Any]) -> list[Row]:
    return [
        Row(row.id, row.at, Entry(row.actor_id, row.act, row.subject_id, json.loads(row.details)))
        for row in connection.execute(statement.order_by(journal.c.id))
    ]


def _seal(previous: str, at: datetime, content: tuple[str, ...]) -> str:
    sealed = json.dumps([previous, at.astimezone(UTC).isoformat(), *content], ensure_ascii=False)
    return hashlib.sha256(sealed.encode()).hexdigest()
