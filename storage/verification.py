"""What is stored is held against its own hashes: the chain of the journal, and the bytes of every piece of evidence.

Nothing is put right here. A reader's connection is enough, so that the product may go on running beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select

from storage import journal
from storage.evidence import EvidenceStore, EvidenceUnavailableError
from storage.tables import evidence
from storage.tables import journal as journal_rows


@dataclass(frozen=True, slots=True)
class Chain:
    """rows: how many; head: the hash of the newest, worth writing down elsewhere.

    broken_at: the id of the first row that does not fit; 0: the known head is not in it; None: it is whole.
    """

    rows: int
    head: str
    broken_at: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence that a row names, and what its bytes are like."""

    sha256: str
    state: Literal["whole", "missing", "damaged"]


def chain(connection: Connection, *, known_head: str = "") -> Chain:
    """The journal as a whole. known_head: a hash written down earlier, which must still be in it."""
    rows = connection.execute(select(func.count()).select_from(journal_rows)).scalar_one()
    return Chain(int(rows), journal.head(connection), journal.verify(connection, known_head=known_head))


def named_pieces(connection: Connection) -> list[str]:
    """The SHA-256 of every piece of evidence that has a row, in steady order."""
    return list(connection.execute(select(evidence.c.sha256).order_by(evidence.c.sha256)).scalars())


def pieces(store: EvidenceStore, named: list[str]) -> Iterator[Piece]:
    """Each piece read whole and hashed again, one at a time."""
    for sha in named:
        try:
            data = store.get(sha)
        except EvidenceUnavailableError:
            yield Piece(sha, "missing")
        else:
            yield Piece(sha, "whole" if hashlib.sha256(data).hexdigest() == sha else "damaged")
