"""A file is had once, by address and code together, for half an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage import handouts
from storage.database import Database
from storage.handouts import LIFE, TRIES, Handout
from storage.tables import handouts as table

FILE = Handout("BB-02.pdf", "a" * 64)
TOKEN, CODE = "an-address-nobody-can-guess", "482913"


@pytest.fixture
def offered(database: Database, now: datetime) -> Database:
    database.write_now(lambda connection: handouts.offer(connection, FILE, TOKEN, CODE, now))
    return database


def had(database: Database, code: str, at: datetime, token: str = TOKEN) -> Handout | str:
    return database.write_now(lambda connection: handouts.redeem(connection, token, code, at))


async def test_once_for_the_right_code(offered: Database, now: datetime) -> None:
    assert had(offered, "000000", now) == "wrong"
    assert had(offered, CODE, now) == FILE
    assert had(offered, CODE, now) == "gone"


async def test_a_code_belongs_to_its_address(offered: Database, now: datetime) -> None:
    offered.write_now(lambda connection: handouts.offer(connection, FILE, "another", "111111", now))
    assert had(offered, "111111", now) == "wrong"
    assert had(offered, CODE, now, token="nowhere") == "gone"


async def test_guessing_ends_it(offered: Database, now: datetime) -> None:
    for _ in range(TRIES):
        assert had(offered, "000000", now) == "wrong"
    assert had(offered, CODE, now) == "gone"


async def test_it_ends_with_time_and_is_forgotten(offered: Database, now: datetime) -> None:
    late = now + LIFE
    assert offered.write_now(lambda connection: handouts.waiting(connection, TOKEN, late - timedelta(seconds=1)))
    assert not offered.write_now(lambda connection: handouts.waiting(connection, TOKEN, late))
    assert had(offered, CODE, late) == "gone"
    assert offered.write_now(lambda connection: handouts.forget(connection, late + timedelta(days=1))) == 1


async def test_neither_address_nor_code_is_kept(offered: Database) -> None:
    (row,) = offered.write_now(lambda connection: connection.execute(select(table)).all())
    assert TOKEN not in str(row)
    assert CODE not in str(row)
