"""People are known by their chat account, with the roles of the day, in one statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, update

from inspection.messages import Chat
from storage import people, units
from storage.database import Database
from storage.people import NewPerson, Person, RoleAt
from storage.tables import roles
from storage.units import NewUnit

SINCE = date(2025, 7, 1)
THINH = Chat("telegram", "bot", "700")
BINH = Chat("zalo", "oa", "z1")


@pytest.fixture
def staffed(database: Database, now: datetime) -> Database:
    def fill(connection: Connection) -> None:
        units.create(
            connection,
            [
                NewUnit("p", "province", "tỉnh Lạng Sơn", SINCE),
                NewUnit("dh", "commune", "xã Điềm He", SINCE, parent_id="p"),
                NewUnit("td", "commune", "xã Tân Đoàn", SINCE, parent_id="p"),
            ],
        )
        people.create(
            connection,
            [
                NewPerson("hanh", "Vi Thị Mỹ Hạnh", SINCE, roles=(("admin", "p"),)),
                NewPerson("thinh", "Nông Văn Thịnh", SINCE, roles=(("inspector", "p"), ("team-head", "td"))),
                NewPerson("binh", "Hoàng Văn Bình", SINCE, "Chủ tịch UBND xã", roles=(("unit-head", "dh"),)),
                NewPerson("idle", "Lý Văn Nhàn", SINCE),
            ],
            now,
        )
        people.bind_account(connection, "thinh", THINH, "700", now)
        people.bind_account(connection, "binh", BINH, "z1", now)

    database.write_now(fill)
    return database


def known(database: Database, today: date, *pairs: tuple[str, str]) -> dict[tuple[str, str], Person]:
    return database.write_now(lambda connection: people.by_accounts(connection, set(pairs), today))


def test_by_accounts(staffed: Database, today: date) -> None:
    found = known(staffed, today, ("telegram", "700"), ("zalo", "z1"), ("telegram", "z1"))
    assert set(found) == {("telegram", "700"), ("zalo", "z1")}
    thinh = found["telegram", "700"]
    assert (thinh.name, thinh.language, thinh.channel, thinh.account, thinh.chat_id) == (
        *("Nông Văn Thịnh", "vi"),
        *("telegram", "bot", "700"),
    )
    assert thinh.roles == (
        RoleAt("inspector", "p", "UBND tỉnh Lạng Sơn"),
        RoleAt("team-head", "td", "UBND xã Tân Đoàn"),
    )
    assert thinh.units("inspector", "team-head") == ["p", "td"]
    assert thinh.has("team-head")
    assert not thinh.has("admin")


def test_by_accounts_is_one_statement(staffed: Database, today: date) -> None:
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(staffed.engine, "before_cursor_execute", count)
    known(staffed, today, *(("telegram", str(number)) for number in range(650, 750)))
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_roles_out_of_date_are_not_seen(staffed: Database, today: date) -> None:
    staffed.write_now(
        lambda connection: connection.execute(
            update(roles).where(roles.c.role == "inspector").values(valid_to=today - timedelta(days=1))
        )
    )
    found = known(staffed, today, ("telegram", "700"))
    assert [held.role for held in found["telegram", "700"].roles] == ["team-head"]
    assert known(staffed, SINCE - timedelta(days=1), ("telegram", "700"))["telegram", "700"].roles == ()


def test_the_blocked_are_strangers(staffed: Database, today: date, now: datetime) -> None:
    staffed.write_now(lambda connection: people.block(connection, "thinh", now))
    assert known(staffed, today, ("telegram", "700")) == {}
    assert staffed.write_now(lambda connection: people.get_many(connection, ["thinh", "binh"], today)).keys() == {
        "binh"
    }


def test_an_account_passes_to_the_next_person(staffed: Database, today: date, now: datetime) -> None:
    first, second = staffed.write_now(
        lambda connection: (
            people.accounts_of(connection, ["thinh"])["thinh"][0].id,
            people.bind_account(connection, "idle", THINH, "700", now),
        )
    )
    assert first == second
    assert known(staffed, today, ("telegram", "700"))["telegram", "700"].name == "Lý Văn Nhàn"


def test_heads_and_administrators(staffed: Database, today: date) -> None:
    heads = staffed.write_now(lambda connection: people.heads_of(connection, ["dh", "td"], today))
    assert {unit: [head.id for head in found] for unit, found in heads.items()} == {"dh": ["binh"]}
    for unit in ("dh", "p"):
        above: Callable[[Connection], list[Person]] = lambda connection, unit=unit: people.administrators(  # noqa: E731
            connection, unit, today
        )
        assert [person.id for person in staffed.write_now(above)] == ["hanh"]


def test_unreachable_chats_are_not_written_to(staffed: Database, now: datetime) -> None:
    def reach(connection: Connection) -> list[set[str]]:
        states = [set(people.accounts_of(connection, ["thinh", "binh"]))]
        people.mark_unreachable(connection, BINH, now)
        states.append(set(people.accounts_of(connection, ["thinh", "binh"])))
        people.mark_reachable(connection, BINH, now.date())
        states.append(set(people.accounts_of(connection, ["thinh", "binh"])))
        return states

    assert staffed.write_now(reach) == [{"thinh", "binh"}, {"thinh"}, {"thinh", "binh"}]


def test_language_is_remembered(staffed: Database, today: date) -> None:
    staffed.write_now(lambda connection: people.set_language(connection, "binh", "en"))
    assert known(staffed, today, ("zalo", "z1"))["zalo", "z1"].language == "en"
