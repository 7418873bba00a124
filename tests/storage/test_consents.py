"""Answers to the notice are kept one after the other; the newest counts, and each says to which text it was given."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from inspection.messages import Chat
from storage import consents, people, units
from storage.consents import Consent
from storage.database import Database
from storage.people import NewPerson
from storage.tables import consents as rows
from storage.units import NewUnit

OLD, NEW = "a" * 64, "b" * 64


def answer(person_id: str, agreed: bool, at: datetime, version: str = NEW) -> Consent:
    return Consent(person_id, agreed, version, at, "telegram", "1", f"u-{person_id}")


@pytest.fixture
def staffed(database: Database, now: datetime) -> Database:
    def fill(connection: Connection) -> None:
        units.create(connection, [NewUnit("p", "province", "tỉnh Lạng Sơn", now.date())])
        people.create(connection, [NewPerson(name, name, now.date()) for name in ("an", "ba", "ca")], now)
        for person_id, user_id in (("an", "1"), ("an", "2"), ("ba", "3")):
            people.bind_account(connection, person_id, Chat("telegram", "1", user_id), user_id, now)

    database.write_now(fill)
    return database


def test_the_newest_answer_counts_and_the_older_ones_stay(staffed: Database, now: datetime) -> None:
    def work(connection: Connection) -> None:
        consents.record(connection, [answer("an", True, now, OLD), answer("ba", True, now)])
        consents.record(connection, [answer("an", False, now + timedelta(days=1))])
        found = consents.latest(connection, ["an", "ba", "ca"])
        assert found == {"an": answer("an", False, now + timedelta(days=1)), "ba": answer("ba", True, now)}
        assert consents.refused(connection, ["an", "ba", "ca"]) == {"an"}
        assert connection.execute(select(func.count()).select_from(rows)).scalar_one() == 3

    staffed.write_now(work)


def test_nobody_asked_nothing_found(staffed: Database) -> None:
    assert staffed.write_now(lambda connection: consents.latest(connection, [])) == {}


def test_agreement_for_all_accounts_leaves_answers_alone(staffed: Database, now: datetime) -> None:
    def work(connection: Connection) -> None:
        consents.record(connection, [answer("ba", False, now)])
        assert consents.record_for_all_accounts(connection, NEW, now) == 1
        assert consents.record_for_all_accounts(connection, NEW, now) == 0
        found = consents.latest(connection, ["an", "ba", "ca"])
        assert {name: one.agreed for name, one in found.items()} == {"an": True, "ba": False}
        assert found["an"].user_id == "1"

    staffed.write_now(work)
