"""The journal of administration shows every tampering that a chain can show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.exc import IntegrityError

from storage import journal
from storage.database import Database
from storage.journal import START, Entry
from storage.tables import journal as rows


@pytest.fixture
def written(database: Database, now: datetime) -> Database:
    def fill(connection: Connection) -> None:
        for n, (act, subject) in enumerate((("invited", "binh"), ("blocked", "binh"), ("invited", "lan"))):
            entry = Entry("hanh", act, subject, {"unit": "u-điềm-he", "n": n})
            journal.append(connection, entry, now + timedelta(minutes=n))

    database.write_now(fill)
    return database


def test_what_was_appended_is_read_back(written: Database, now: datetime) -> None:
    found = written.write_now(lambda connection: journal.about(connection, "binh"))
    assert [(row.at, row.entry) for row in found] == [
        (now, Entry("hanh", "invited", "binh", {"unit": "u-điềm-he", "n": 0})),
        (now + timedelta(minutes=1), Entry("hanh", "blocked", "binh", {"unit": "u-điềm-he", "n": 1})),
    ]
    invited = written.write_now(lambda connection: journal.about(connection, "binh", "invited"))
    assert [row.entry.act for row in invited] == ["invited"]


def test_an_untouched_chain_is_whole(written: Database) -> None:
    def work(connection: Connection) -> None:
        assert journal.verify(connection) is None
        assert journal.verify(connection, known_head=journal.head(connection)) is None

    written.write_now(work)


def test_an_empty_journal_is_whole(database: Database) -> None:
    assert database.write_now(lambda connection: (journal.head(connection), journal.verify(connection))) == (
        START,
        None,
    )


def change(**values: Any) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(update(rows).where(rows.c.act == "blocked").values(**values))


@pytest.mark.parametrize(
    ("tamper", "first_wrong"),
    [
        (change(subject_id="lan"), 2),
        (change(actor_id=""), 2),
        (change(act="unblocked"), 2),
        (change(details="{}"), 2),
        (change(at=datetime.fromisoformat("2026-08-04T01:01:01+00:00")), 2),
        (lambda connection: connection.execute(delete(rows).where(rows.c.id == 2)), 3),
        (lambda connection: connection.execute(delete(rows).where(rows.c.id == 1)), 2),
    ],
    ids=["subject", "actor", "act", "details", "moment", "one taken out", "the first taken out"],
)
def test_tampering_shows(written: Database, tamper: Callable[[Connection], object], first_wrong: int) -> None:
    def work(connection: Connection) -> int | None:
        tamper(connection)
        return journal.verify(connection)

    assert written.write_now(work) == first_wrong


def test_rows_cut_off_the_end_show_only_against_a_head_written_down(written: Database) -> None:
    def work(connection: Connection) -> None:
        kept = journal.head(connection)
        connection.execute(delete(rows).where(rows.c.id == 3))
        assert journal.verify(connection) is None
        assert journal.verify(connection, known_head=kept) == 0

    written.write_now(work)


def test_the_chain_cannot_fork(written: Database, now: datetime) -> None:
    forked = {
        "at": now,
        "actor_id": "",
        "act": "x",
        "subject_id": "",
        "details": "{}",
        "previous": START,
        "hash": "c" * 64,
    }
    with pytest.raises(IntegrityError):
        written.write_now(lambda connection: connection.execute(insert(rows).values(forked)))
