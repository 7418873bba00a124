"""What a changed calendar moves and what it leaves; a year's plan is provisional until it is confirmed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Connection

from inspection.obligations import Obligation
from storage import calendar, directives, due_dates, obligations, units
from storage.database import Database
from storage.directives import Demand, Directive
from storage.units import NewUnit

SINCE, TODAY = date(2025, 7, 1), date(2026, 11, 16)
CULTURE_DAY = date(2026, 11, 24)
DIRECTIVE = Directive("d1", "43", TODAY, "tinh", 2026)
DEMANDS = (
    Demand("w1", "d1", "impl_plan", "Kế hoạch", "10 ngày làm việc", "tất cả"),
    Demand("w2", "d1", "report", "Báo cáo", "24/11/2026", "tất cả"),
    Demand("w3", "d1", "so_lieu", "Số liệu", "20/11/2026", "tất cả"),
    Demand("w4", "d1", "thong_ke", "Thống kê", "10 ngày làm việc", "tất cả"),
)


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    def work(connection: Connection) -> None:
        units.create(connection, [NewUnit("tinh", "province", "tỉnh Lạng Sơn", SINCE)])
        units.create(connection, [NewUnit("dh", "commune", "xã Điềm He", SINCE, "", "tinh")])
        directives.add(connection, DIRECTIVE, None, now)
        for number, demand in enumerate(DEMANDS):
            directives.add_demand(connection, demand)
            days = calendar.current(connection, TODAY)
            directives.make(connection, DIRECTIVE, demand, 2026, TODAY, days, lambda n=number: f"o{n}")  # type: ignore[misc]
        obligations.extend(connection, "o3", date(2026, 12, 4))
        by_hand = Obligation(
            id="o4", code="NV-2026-0900", unit_id="dh", kind="report", subject="Báo cáo", year=2026, due=CULTURE_DAY,
            original_due=CULTURE_DAY,
        )  # fmt: skip
        obligations.save(connection, [by_hand])

    database.write_now(work)
    return database


def change(connection: Connection, kind: str | None) -> list[tuple[str, date, date]]:
    before = calendar.current(connection, TODAY)
    after = calendar.with_day(connection, TODAY, CULTURE_DAY, kind)  # type: ignore[arg-type]
    moved = due_dates.moves(connection, before, after)
    if kind is None:
        calendar.restore_default(connection, CULTURE_DAY)
    else:
        calendar.override(connection, CULTURE_DAY, "work", "15/UBND-NC")
    assert calendar.current(connection, TODAY) == after
    due_dates.move(connection, moved)
    return [(one.obligation.id, one.before, one.end) for one in moved]


def dues(connection: Connection) -> dict[str, date]:
    return {one.id: one.due for one in obligations.of_units(connection, ["dh"])}


def test_what_was_worked_out_by_the_old_calendar_moves_and_comes_back(filled: Database) -> None:
    first = filled.write_now(dues)
    assert first == {
        "o0": date(2026, 12, 1), "o1": date(2026, 11, 25), "o2": date(2026, 11, 20), "o3": date(2026, 12, 4),
        "o4": CULTURE_DAY,
    }  # fmt: skip
    assert filled.write_now(lambda c: change(c, "work")) == [
        ("o0", date(2026, 12, 1), date(2026, 11, 30)),
        ("o1", date(2026, 11, 25), CULTURE_DAY),
        ("o4", date(2026, 11, 25), CULTURE_DAY),  # by hand: its date stays, its last day does not
    ]
    assert filled.write_now(dues) == first | {"o0": date(2026, 11, 30), "o1": CULTURE_DAY}
    assert len(filled.write_now(lambda c: change(c, None))) == 3
    assert filled.write_now(dues) == first


def test_what_is_reported_stays(filled: Database, now: datetime) -> None:
    filled.write_now(lambda c: obligations.cancel(c, "o0") and obligations.cancel(c, "o1"))
    assert [one[0] for one in filled.write_now(lambda c: change(c, "work"))] == ["o4"]


def test_a_year_is_provisional_until_its_plan_is_confirmed(filled: Database, now: datetime) -> None:
    def known(year: int) -> tuple[bool, str]:
        return filled.write_now(lambda c: (calendar.provisional(c, year), calendar.confirmed_by(c, year)))

    assert (known(2026), known(2027)) == ((False, ""), (True, ""))
    filled.write_now(lambda c: calendar.asked(c, 2027, now))
    assert known(2027) == (True, "")
    filled.write_now(lambda c: calendar.confirm(c, 2027, "15/VPCP-KGVX", now))
    assert (known(2027), known(2028)) == ((False, "15/VPCP-KGVX"), (True, ""))
