"""Directives on both databases: whom a demand is for, what comes of it once, and what is due every year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import count

import pytest
from sqlalchemy import Connection

from inspection.obligations import kind_of
from storage import calendar, directives, lineage, obligations, units
from storage.database import Database
from storage.directives import AddresseesError, Demand, Directive
from storage.holidays import default_calendar
from storage.lineage import Step
from storage.units import NewUnit

SINCE = date(2020, 7, 1)
ISSUED, TODAY = date(2026, 1, 12), date(2026, 1, 12)
UNITS = (
    NewUnit("tinh", "province", "tỉnh Lạng Sơn", SINCE),
    NewUnit("so", "department", "Sở Nội vụ", SINCE, "20-SNV", "tinh"),
    NewUnit("dh", "commune", "xã Điềm He", SINCE, "06002", "tinh"),
    NewUnit("td", "commune", "xã Tân Đoàn", SINCE, "06001", "tinh"),
    NewUnit("cu", "commune", "xã Tràng Phái", SINCE, "", "tinh"),
    NewUnit("v1", "office", "Phòng Văn hóa - Xã hội", SINCE, "", "dh"),
    NewUnit("v2", "office", "Phòng Văn hóa - Xã hội", SINCE, "", "td"),
    NewUnit("khac", "commune", "xã Xa Lạ", SINCE, "99"),
)
DIRECTIVE = Directive("d1", "09/UBND-NC", ISSUED, "tinh", 2026, "Tăng cường kỷ luật")
DEMAND = Demand("w1", "d1", "impl_plan", "Kế hoạch triển khai", "06/02/2026", "tất cả", yearly=True)


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    def work(connection: Connection) -> None:
        units.create(connection, UNITS)
        lineage.record(connection, [Step(("cu",), ("td",), "merge", date(2025, 7, 1))], today=TODAY)
        directives.add(connection, DIRECTIVE, None, now)
        directives.add_demand(connection, DEMAND)

    database.write_now(work)
    return database


def make(connection: Connection, demand: Demand, year: int = 2026, today: date = TODAY) -> directives.Entered:
    number = count()
    new_id = lambda: f"{demand.id}-{year}-{next(number)}-{today.isoformat()}"  # noqa: E731
    working_days = calendar.current(connection, today)
    return directives.make(connection, DIRECTIVE, demand, year, today, working_days, new_id)


WHOM = {
    ("tinh", "tất cả"): ["dh", "so", "td"],
    ("tinh", "ALL"): ["dh", "so", "td"],
    ("tinh", "loại: xã, phường"): ["dh", "td"],
    ("tinh", "loại: sở"): ["so"],
    ("tinh", "tan doan; diem he; UBND xã Điềm He"): ["dh", "td"],
    ("tinh", "06001; 20-SNV"): ["so", "td"],
    ("tinh", "Phòng Văn hóa - Xã hội, UBND xã Tân Đoàn"): ["v2"],
    ("dh", "tất cả"): ["v1"],
}


def test_whom_a_demand_is_for(filled: Database) -> None:
    def asked(connection: Connection, issuer: str, text: str) -> list[str]:
        return sorted(unit.id for unit in directives.addressed(connection, issuer, text, TODAY))

    assert filled.write_now(lambda c: {case: asked(c, *case) for case in WHOM}) == WHOM


# issuer, text -> why, the words that cannot be told, what is offered instead
NOT_FOR = {
    ("tinh", ""): ("unknown", "", []),
    ("tinh", "diem hee; tan doan"): ("unknown", "diem hee", ["UBND xã Điềm He"]),
    ("tinh", "xa la"): ("unknown", "xa la", []),  # of another province
    ("tinh", "99"): ("unknown", "99", []),
    ("tinh", "loại: sao hỏa"): ("unknown", "sao hoa", []),
    ("tinh", "phong van hoa"): (
        "several", "phong van hoa",
        ["Phòng Văn hóa - Xã hội, UBND xã Điềm He", "Phòng Văn hóa - Xã hội, UBND xã Tân Đoàn"],
    ),
    ("tinh", "trang phai"): ("gone", "trang phai", ["UBND xã Tân Đoàn"]),
    ("tinh", "tinh lang son"): ("unknown", "tinh lang son", []),  # not below itself
    ("dh", "loại: xã"): ("nobody", "loại: xã", []),
    ("so", "tất cả"): ("nobody", "tất cả", []),
}  # fmt: skip


def test_whom_it_cannot_be_for(filled: Database) -> None:
    def fault(connection: Connection, issuer: str, text: str) -> tuple[str, str, list[str]]:
        with pytest.raises(AddresseesError) as caught:
            directives.addressed(connection, issuer, text, TODAY)
        return caught.value.why, caught.value.words, caught.value.offered

    assert filled.write_now(lambda c: {case: fault(c, *case) for case in NOT_FOR}) == NOT_FOR


def test_a_demand_is_made_once_for_each_unit_and_year(filled: Database) -> None:
    first = filled.write_now(lambda c: make(c, DEMAND))
    again = filled.write_now(lambda c: make(c, DEMAND, today=date(2026, 1, 13)))
    assert [(one.unit_id, one.code, one.due, one.year) for one in first.made] == [
        ("so", "NV-2026-0001", date(2026, 2, 6), 2026),
        ("dh", "NV-2026-0002", date(2026, 2, 6), 2026),
        ("td", "NV-2026-0003", date(2026, 2, 6), 2026),
    ]
    assert first.made[0].directive == "Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh Lạng Sơn"
    assert (again.made, sorted(again.already)) == ((), ["dh", "so", "td"])
    stored = filled.write_now(lambda c: obligations.of_directives(c, ["d1"]))
    assert stored == list(first.made)


DUE = {
    ("07/02/2026", 2026): date(2026, 2, 9),  # a Saturday
    ("10 ngày làm việc", 2026): date(2026, 1, 26),
    ("30 ngày", 2026): date(2026, 2, 11),
    ("06/02/2026", 2027): date(2027, 2, 11),  # in the middle of Tết
    ("10 ngày làm việc", 2027): date(2027, 1, 15),
    ("05/01/2027", 2027): date(2028, 1, 5),  # the report of a year, due in the next
}


def test_when_it_is_due() -> None:
    days = default_calendar(2025, 2029)
    found = {
        (rule, year): directives.due_of(DIRECTIVE, replace(DEMAND, due_rule=rule), year, days) for rule, year in DUE
    }
    assert found == DUE


def test_what_is_due_every_year_is_missing_until_it_is_made(filled: Database) -> None:
    def missing(year: int) -> list[str]:
        return [demand.id for _, demand in filled.write_now(lambda c: directives.missing_this_year(c, ["tinh"], year))]

    assert missing(2027) == []  # never made at all
    filled.write_now(lambda c: make(c, DEMAND))
    assert (missing(2026), missing(2027)) == ([], ["w1"])
    filled.write_now(lambda c: make(c, DEMAND, 2027, date(2027, 1, 4)))
    assert missing(2027) == []
    assert missing(2028) == ["w1"]
    filled.write_now(lambda c: directives.no_longer_yearly(c, "w1"))
    assert missing(2028) == []


def test_one_number_of_one_issuer_in_one_year(filled: Database) -> None:
    def same(issuer: str, number: str, issued: date) -> bool:
        return filled.write_now(lambda c: directives.same_number(c, issuer, number, issued)) is not None

    assert same("tinh", "09/UBND-NC", date(2026, 12, 31))
    assert same("tinh", "9/ubnd-nc", date(2026, 1, 1))
    assert not same("tinh", "09/UBND-NC", date(2025, 12, 31))
    assert not same("so", "09/UBND-NC", ISSUED)


def test_a_kind_somebody_named_keeps_its_name_and_its_ladder(filled: Database) -> None:
    kind = replace(kind_of("so_lieu"), name="Báo cáo số liệu")

    def work(connection: Connection) -> tuple[str, int]:
        directives.keep_kind(connection, kind, "quản trị: +1")
        directives.keep_kind(connection, kind)  # by the next directive: the ladder stays
        return directives.kinds(connection)["so_lieu"].name, len(directives.ladders(connection)["so_lieu"])

    assert filled.write_now(work) == ("Báo cáo số liệu", 1)
