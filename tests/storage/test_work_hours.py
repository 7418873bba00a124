"""A unit is at work by its own hours or those above it, and its people with it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, insert

from inspection.working_days import LOCAL, Calendar
from storage import people, units, work_hours
from storage.database import Database
from storage.people import NewPerson
from storage.tables import work_hours as hours_table
from storage.units import NewUnit

SINCE = date(2025, 7, 1)
SUMMER, WINTER = date(2026, 4, 16), date(2026, 10, 16)
# 22/8/2026, a Saturday, is worked instead of Monday 31/8.
CALENDAR = Calendar(off=frozenset({date(2026, 8, 31)}), work=frozenset({date(2026, 8, 22)}))


@pytest.fixture
def province(database: Database) -> Database:
    """The province has hours by season, one commune has its own on Saturdays alone; another province has none."""

    def row(unit: str, weekday: int, start: str, end: str, since: date, until: date | None) -> dict[str, object]:
        return {"unit_id": unit, "weekday": weekday, "start": start, "end": end, "valid_from": since, "valid_to": until}

    def fill(connection: Connection) -> None:
        units.create(
            connection,
            [
                NewUnit("p", "province", "tỉnh Lạng Sơn", SINCE),
                NewUnit("q", "province", "tỉnh Cao Bằng", SINCE),
                NewUnit("dh", "commune", "xã Điềm He", SINCE, parent_id="p"),
                NewUnit("dd", "commune", "xã Đồng Đăng", SINCE, parent_id="p"),
                NewUnit("vp", "office", "Phòng Kinh tế", SINCE, parent_id="dd"),
            ],
        )
        rows = [row("dd", 5, "07:30", "11:00", SUMMER, None)]
        for weekday in range(5):
            rows += [
                row("p", weekday, "07:30", "11:30", SUMMER, date(2026, 10, 15)),
                row("p", weekday, "13:00", "17:00", SUMMER, date(2026, 10, 15)),
                row("p", weekday, "08:00", "12:00", WINTER, None),
            ]
        connection.execute(insert(hours_table), rows)
        held = {"binh": "dh", "nga": "dd", "khoi": "q"}
        new = [NewPerson(one, one, SINCE, roles=(("unit-head", unit),)) for one, unit in held.items()]
        new.append(NewPerson("hai", "hai", SINCE, roles=(("unit-head", "dh"), ("unit-head", "dd"))))
        people.create(connection, new, datetime(2025, 7, 1, tzinfo=UTC))

    database.write_now(fill)
    return database


@pytest.mark.parametrize(
    ("unit_id", "day", "hours"),
    [
        ("dh", date(2026, 8, 4), ["07:30-11:30", "13:00-17:00"]),  # of the province, in summer
        ("dh", date(2026, 12, 1), ["08:00-12:00"]),  # in winter
        ("dh", date(2026, 8, 22), ["07:30-11:30", "13:00-17:00"]),  # a Saturday, if it is worked: as on Friday
        ("dd", date(2026, 8, 8), ["07:30-11:00"]),  # its own hours, which it has on Saturdays alone
        ("dd", date(2026, 8, 4), []),
        ("vp", date(2026, 8, 8), ["07:30-11:00"]),  # of the unit above
        ("q", date(2026, 8, 4), None),
    ],
)
def test_hours_are_ones_own_or_those_of_the_nearest_unit_above(
    province: Database, unit_id: str, day: date, hours: list[str] | None
) -> None:
    found = province.write_now(lambda connection: work_hours.of_unit(connection, unit_id, day))
    assert (None if found is None else [f"{start:%H:%M}-{end:%H:%M}" for start, end in found]) == hours


@pytest.mark.parametrize(
    ("person", "moment", "opening"),
    [
        ("binh", "2026-08-04 08:00", "2026-08-04 08:00"),
        ("binh", "2026-08-04 07:40", "2026-08-04 08:00"),  # at work, but nobody is written to before eight
        ("binh", "2026-08-04 11:30", "2026-08-04 11:30"),
        ("binh", "2026-08-04 11:31", "2026-08-04 13:00"),  # at noon
        ("binh", "2026-08-04 16:45", "2026-08-05 08:00"),
        ("binh", "2026-12-01 12:01", "2026-12-02 08:00"),  # mornings only, in winter
        ("binh", "2026-08-22 12:00", "2026-08-22 13:00"),  # the Saturday worked instead of a Monday
        ("binh", "2026-08-28 18:00", "2026-09-01 08:00"),
        ("hai", "2026-08-04 11:31", "2026-08-04 13:00"),  # one of the two units opens again
        ("hai", "2026-08-22 11:31", "2026-08-22 13:00"),
        ("nga", "2026-08-04 12:00", "2026-08-04 12:00"),  # no hours on a day that is worked: none are known
        ("khoi", "2026-08-04 12:00", "2026-08-04 12:00"),  # hours unknown
    ],
)
def test_people_are_written_to_while_their_unit_is_at_work(
    province: Database, person: str, moment: str, opening: str
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=LOCAL).astimezone(UTC)

    def work(connection: Connection) -> dict[str, datetime]:
        found = people.get_many(connection, ["binh", "nga", "khoi", "hai"], now.astimezone(LOCAL).date())
        return work_hours.waits(connection, found.values(), now, CALENDAR)

    found = province.write_now(work).get(person, now).astimezone(LOCAL)
    assert f"{found:%Y-%m-%d %H:%M}" == opening
