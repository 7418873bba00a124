"""A file for somebody whose network takes none: an address nobody can guess, and a code that opens it once.

Only hashes of address and code are kept. Wrong codes are counted, and after a few the file is had by asking anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from storage.tables import handouts

LIFE = timedelta(minutes=30)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Handout:
    """A file as it is handed out: its name as shown, the SHA-256 of its bytes in the store of what passes through."""

    name: str
    sha256: str


Refusal = Literal["gone", "wrong"]  # the address leads nowhere (any more); the code was not the right one


def offer(connection: Connection, file: Handout, token: str, code: str, now: datetime) -> datetime:
    """Make a file be had by this address and this code; returns until when."""
    end = now + LIFE
    connection.execute(
        insert(handouts).values(
            token_hash=_hash(token),
            code_hash=_hash(f"{token} {code}"),
            name=file.name,
            sha256=file.sha256,
            expires_at=end,
            tries=0,
        )
    )
    return end


def waiting(connection: Connection, token: str, now: datetime) -> bool:
    """Whether there is still something to be had at this address."""
    return _row(connection, token, now) is not None


def redeem(connection: Connection, token: str, code: str, now: datetime) -> Handout | Refusal:
    """The file, once, for the right code."""
    row = _row(connection, token, now)
    if row is None:
        return "gone"
    if row.code_hash != _hash(f"{token} {code}"):
        connection.execute(update(handouts).where(handouts.c.id == row.id).values(tries=handouts.c.tries + 1))
        return "wrong"
    # Two may come with the code at the same moment: whoever changes the row has the file.
    taken = connection.execute(
        update(handouts).where(handouts.c.id == row.id, handouts.c.used_at.is_(None)).values(used_at=now)
    )
    return Handout(row.name, row.sha256) if taken.rowcount == 1 else "gone"


def forget(connection: Connection, before: datetime) -> int:
    """Drop what ended before a moment; returns how many."""
    return connection.execute(delete(handouts).where(handouts.c.expires_at < before)).rowcount


def _row(connection: Connection, token: str, now: datetime) -> Any:
    return connection.execute(
        select(handouts).where(
            handouts.c.token_hash == _hash(token),
            handouts.c.expires_at > now,
            handouts.c.used_at.is_(None),
            handouts.c.tries < TRIES,
        )
    ).first()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
