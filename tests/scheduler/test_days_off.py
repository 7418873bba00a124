"""Next year's plan is asked for once, in December and office hours, of those who may change the calendar."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

import pytest
from sqlalchemy import Connection

from inspection.messages import Chat
from inspection.working_days import LOCAL
from storage import calendar, people, units
from storage.database import Database
from storage.outbox import Parcel
from storage.people import NewPerson
from storage.units import NewUnit
from tests.sweeping import sweep

SINCE = date(2025, 7, 1)


@pytest.fixture
def office(database: Database, now: datetime) -> Database:
    def fill(connection: Connection) -> None:
        units.create(connection, [NewUnit("tinh", "province", "tỉnh Lạng Sơn", SINCE)])
        units.create(connection, [NewUnit("dh", "commune", "xã Điềm He", SINCE, "", "tinh")])
        for place, (name, unit) in enumerate((("hanh", "tinh"), ("xa", "dh"), ("mo", "tinh"))):
            people.create(connection, [NewPerson(name, "Vi Thị Mỹ Hạnh", SINCE, roles=(("admin", unit),))], now)
            if name != "mo":  # cannot be told by chat
                people.bind_account(connection, name, Chat("telegram", "1", str(place)), str(place), now)

    database.write_now(fill)
    return database


def told(office: Database, *moment: int) -> list[Parcel]:
    tokens = count(sum(moment) * 100)
    now = datetime(*moment, tzinfo=LOCAL)  # type: ignore[misc, arg-type]
    return sweep(office, now, lambda: f"t{next(tokens)}")


def test_it_is_asked_once_of_those_who_keep_the_calendar(office: Database) -> None:
    assert told(office, 2026, 11, 30, 9) == []
    assert told(office, 2026, 12, 1, 7) == []  # before office hours
    (asked,) = told(office, 2026, 12, 1, 9)
    assert (asked.person_id, asked.kind) == ("hanh", "notice")
    assert "/ngaynghi xác nhận 2027" in asked.payload["text"]
    assert told(office, 2026, 12, 2, 9) == []


def test_a_confirmed_plan_is_not_asked_for(office: Database) -> None:
    office.write_now(lambda c: calendar.confirm(c, 2027, "15/VPCP-KGVX", datetime(2026, 11, 20, tzinfo=LOCAL)))
    assert told(office, 2026, 12, 1, 9) == []
