"""Whoever stands in holds the role from its first day to its last, answers for the unit, and leaves as they came."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from inspection.messages import Chat
from storage import people, units
from storage.database import Database
from storage.people import NewPerson, Person, RoleAt, StandIn
from storage.tables import roles
from storage.units import NewUnit
from storage.workbook.template import write_setup
from tests.storage.workbook_cases import TODAY, Sheets, faults_of, imported, planned, put, sound

SINCE = date(2025, 7, 1)
FIRST, LAST = date(2026, 8, 10), date(2026, 8, 14)
HEAD = RoleAt("unit-head", "dh", "UBND xã Điềm He", "binh", LAST)
DAY = timedelta(days=1)


@pytest.fixture
def staffed(database: Database, now: datetime) -> Database:
    """Bình heads Điềm He and is away from the 10th to the 14th; An stands in for him."""

    def fill(connection: Connection) -> None:
        units.create(
            connection,
            [
                NewUnit("p", "province", "tỉnh Lạng Sơn", SINCE),
                NewUnit("dh", "commune", "xã Điềm He", SINCE, parent_id="p"),
            ],
        )
        people.create(
            connection,
            [
                NewPerson("hanh", "Vi Thị Mỹ Hạnh", SINCE, roles=(("admin", "p"),)),
                NewPerson("binh", "Hoàng Văn Bình", SINCE, roles=(("unit-head", "dh"),)),
                NewPerson("an", "Lộc Văn An", SINCE),
            ],
            now,
        )
        for number, one in enumerate(("hanh", "binh", "an")):
            people.bind_account(connection, one, Chat("telegram", "bot", str(number)), str(number), now)
        assert people.stand_in(connection, "an", HEAD, FIRST)

    database.write_now(fill)
    return database


def answering(database: Database, on: date) -> list[str]:
    found = database.write_now(lambda connection: people.heads_of(connection, ["dh"], on))
    return [person.id for person in found["dh"]]


def person(database: Database, person_id: str, on: date) -> Person:
    return database.write_now(lambda connection: people.get_many(connection, [person_id], on))[person_id]


@pytest.mark.parametrize(
    ("on", "who"),
    [(FIRST - DAY, "binh"), (FIRST, "an"), (LAST, "an"), (LAST + DAY, "binh")],
)
def test_who_answers_for_the_unit_on_a_day(staffed: Database, on: date, who: str) -> None:
    assert answering(staffed, on) == [who]
    assert person(staffed, "an", on).has("unit-head") is (who == "an")
    assert person(staffed, "binh", on).has("unit-head"), "the absent keep their role; only reminders go elsewhere"


def test_a_second_head_who_is_there_goes_on_answering(staffed: Database, now: datetime) -> None:
    second = NewPerson("ba", "Lê Văn Ba", SINCE, roles=(("unit-head", "dh"),))
    staffed.write_now(lambda connection: people.create(connection, [second], now))
    assert sorted(answering(staffed, FIRST)) == ["an", "ba"]


def test_where_the_absent_heads_own_role_ends_the_stand_in_goes_on_to_the_last_day(staffed: Database) -> None:
    ended = update(roles).where(roles.c.person_id == "binh").values(valid_to=FIRST)
    staffed.write_now(lambda connection: connection.execute(ended))
    assert answering(staffed, LAST) == ["an"]


@pytest.mark.parametrize(
    ("who", "since", "until", "taken"),
    [
        ("an", LAST, LAST + DAY, True),  # holds it already
        ("hanh", LAST, LAST + DAY, True),  # somebody else stands in then
        ("hanh", LAST + DAY, LAST + DAY, False),
        ("hanh", FIRST - DAY, FIRST - DAY, False),
    ],
)
def test_one_stand_in_at_a_time(staffed: Database, who: str, since: date, until: date, taken: bool) -> None:
    held = RoleAt("unit-head", "dh", "", "binh", until)
    assert staffed.write_now(lambda c: people.stand_in(c, who, held, since)) is not taken


def listed(database: Database, on: date) -> list[StandIn]:
    return database.write_now(lambda connection: people.stand_ins(connection, on))


def test_ending_holds_from_the_day_it_is_said(staffed: Database) -> None:
    (one,) = listed(staffed, FIRST)
    assert (one.person_name, one.for_name, one.unit_name) == ("Lộc Văn An", "Hoàng Văn Bình", "UBND xã Điềm He")
    on = FIRST + DAY
    staffed.write_now(lambda connection: people.end_stand_in(connection, one, on))
    assert (answering(staffed, FIRST), answering(staffed, on)) == (["an"], ["binh"])
    assert listed(staffed, on) == []


def test_what_never_began_leaves_no_trace(staffed: Database) -> None:
    (one,) = listed(staffed, FIRST - DAY)
    staffed.write_now(lambda connection: people.end_stand_in(connection, one, FIRST - DAY))
    kept = select(roles).where(roles.c.for_id.is_not(None))
    assert staffed.write_now(lambda connection: connection.execute(kept).all()) == []


def test_a_stand_in_is_no_administrator_to_be_left_alone(staffed: Database, now: datetime) -> None:
    admin = RoleAt("admin", "p", "", "hanh", LAST)
    staffed.write_now(lambda connection: people.stand_in(connection, "binh", admin, now.date()))
    assert not staffed.write_now(lambda connection: people.block_unless_last(connection, "hanh", now, now.date()))


@pytest.mark.parametrize(("until", "enough"), [(LAST, False), (None, True)])
def test_whoever_leaves_first_is_no_administrator_to_be_left_alone(
    staffed: Database, now: datetime, until: date | None, enough: bool
) -> None:
    def work(connection: Connection) -> bool:
        people.create(connection, [NewPerson("lan", "Lan", SINCE, roles=(("admin", "p"),))], now)
        people.bind_account(connection, "lan", Chat("telegram", "bot", "9"), "9", now)
        connection.execute(update(roles).where(roles.c.person_id == "lan").values(valid_to=until))
        return people.block_unless_last(connection, "hanh", now, now.date())

    assert staffed.write_now(work) is enough


# --- the workbook ---------------------------------------------------------------------------------------------------

P = "Nhân sự"
UNTIL = TODAY + timedelta(days=5)


def standing(until: date | None = UNTIL, whom: str = "TT-01", role: str = "thủ trưởng") -> Sheets:
    """The sound workbook, in which NV-01 stands in for the head of XA-01 as well."""
    sheets = sound()
    put(sheets, P, "I1", "Thay cho")
    last = f"; {until:%d/%m/%Y}" if until else ""
    cells = {"D2": f"quản trị; {role}", "E2": "TINH; XA-01", "F2": f"01/7/2025; {TODAY:%d/%m/%Y}", "G2": last}
    for cell, value in (cells | {"I2": f"; {whom}"}).items():
        put(sheets, P, cell, value)
    return sheets


def at_unit_one(database: Database, on: date) -> list[str]:
    def work(connection: Connection) -> list[str]:
        tops = [top.id for top in units.tops(connection, on)]
        unit = units.find(connection, "mẫu 1", scope=tops, on=on)[0]
        return [one.name for one in people.heads_of(connection, [unit.id], on)[unit.id]]

    return database.write_now(work)


def test_a_stand_in_comes_by_workbook_and_goes_by_workbook(database: Database) -> None:
    imported(database, sound())
    plan = imported(database, standing())
    assert any("thủ trưởng tại XA-01 thay TT-01 từ" in line for line in plan.lines())
    assert (at_unit_one(database, UNTIL), at_unit_one(database, UNTIL + DAY)) == (["Hoàng Văn Mẫu"], ["Nông Thị Mẫu 1"])
    assert imported(database, standing()).changes == ()
    back = sound()
    put(back, P, "I1", "Thay cho")
    imported(database, back)
    assert at_unit_one(database, TODAY) == ["Nông Thị Mẫu 1"]


def test_a_workbook_without_the_column_leaves_stand_ins_alone(database: Database) -> None:
    imported(database, standing())
    back = sound()
    put(back, P, "D2", "quản trị")
    imported(database, back)
    assert at_unit_one(database, TODAY) == ["Hoàng Văn Mẫu"]


def test_what_is_written_out_comes_in_again_unchanged(database: Database) -> None:
    imported(database, standing())

    def again(connection: Connection) -> tuple[object, object]:
        target = io.BytesIO()
        write_setup(connection, target, TODAY)
        plan = planned(connection, target.getvalue())
        return plan.faults, plan.changes

    assert database.write_now(again) == ((), ())


@pytest.mark.parametrize(
    ("sheets", "cell", "words"),
    [
        (standing(until=None), "G2", "cần ngày cuối cùng"),
        (standing(whom="NV-01"), "I2", "không thể thay chính mình"),
        (standing(whom="TT-02"), "I2", "TT-02 không giữ vai trò thủ trưởng tại XA-01"),
        (standing(whom="TT-77"), "I2", "TT-77 không giữ vai trò"),
        (standing(role="trưởng đoàn"), "I2", "TT-01 không giữ vai trò trưởng đoàn tại XA-01"),
    ],
)
def test_what_cannot_be_is_told(database: Database, sheets: Sheets, cell: str, words: str) -> None:
    found = faults_of(database, sheets)
    assert [(f"{'ABCDEFGHI'[one.column]}{one.row}", words in one.sentence) for one in found] == [(cell, True)]


@pytest.mark.parametrize(
    ("until", "told"),
    [(TODAY, "từ ngày"), (TODAY - DAY, "không còn ai giữ"), (None, "")],
)
def test_no_day_comes_without_an_administrator(database: Database, until: date | None, told: str) -> None:
    imported(database, sound())
    sheets = sound()
    put(sheets, P, "G2", until or "")
    found = [one.sentence for one in faults_of(database, sheets)]
    assert [told in sentence for sentence in found] == ([True] if told else [])
    sheets[P].append(["NV-02", "Vi Văn Mẫu", "", "quản trị", "TINH", TODAY, "", ""])
    assert faults_of(database, sheets) == []
