"""A stored checklist version never changes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Connection

from storage import builtin, checklists
from storage.checklists import ChecklistChangedError, Source
from storage.database import Database


def source() -> Source:
    rows, legal = builtin.checklist_rows(), builtin.legal_rows()
    return Source(builtin.ID, builtin.VERSION, builtin.TITLE, builtin.VALID_FROM, rows, legal)


def test_the_builtin_checklist_is_stored_once(database: Database, now: datetime, today: date) -> None:
    def work(connection: Connection) -> None:
        first = checklists.load_builtin(connection, now)
        assert checklists.load_builtin(connection, now) == first
        found = checklists.latest(connection, today)
        assert found is not None
        assert found[0] == first
        assert found[1] is checklists.get(connection, first)
        assert len(found[1].items) == 40

    database.write_now(work)


def test_the_builtin_checklist_stays_as_it_was_stored(database: Database, now: datetime) -> None:
    before = [base | {"title": base["title"].upper()} for base in source().legal_bases]

    def work(connection: Connection) -> None:
        stored = checklists.load(connection, replace(source(), legal_bases=before), now)
        assert checklists.load_builtin(connection, now) == stored

    database.write_now(work)


def test_a_version_is_not_replaced_but_followed(database: Database, now: datetime, today: date) -> None:
    changed = replace(source(), rows=source().rows[:-1])

    def work(connection: Connection) -> None:
        old = checklists.load_builtin(connection, now)
        with pytest.raises(ChecklistChangedError):
            checklists.load(connection, changed, now)
        new = checklists.load(connection, replace(changed, version=2, valid_from=today), now)
        for day, wanted in ((today, new), (date(2026, 8, 3), old)):
            found = checklists.latest(connection, day)
            assert found is not None
            assert found[0] == wanted
        assert checklists.latest(connection, date(2020, 1, 1)) is None
        assert len(checklists.get(connection, old).items) == 40
        with pytest.raises(LookupError):
            checklists.get(connection, 99)

    database.write_now(work)


def test_built_in_items_change_only_with_their_version() -> None:
    """Visits were held by version 1, and a database that has it keeps it: another item needs another number."""
    rows = json.dumps([list(row.items()) for row in builtin.checklist_rows()], ensure_ascii=False)
    assert (builtin.VERSION, hashlib.sha256(rows.encode()).hexdigest()[:16]) == (1, "a0cd26878a172899")
