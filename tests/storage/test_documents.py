"""Numbers are given once, in the series of team and year; templates belong to an authority, rights to the team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from inspection.attendance import HEAD, MEMBER, UNKNOWN, Attendance, Present
from inspection.visit import Status, Visit
from storage import checklists, documents, people, units, visits
from storage.database import Database
from storage.people import NewPerson
from storage.units import NewUnit

SINCE = date(2025, 7, 1)
START = datetime(2026, 8, 4, 1, 5, tzinfo=UTC)
TEAM = Attendance(
    authority_id="tinh",
    authority="UBND tỉnh Lạng Sơn",
    decision="125/QĐ-SNV",
    decided_on=date(2026, 8, 3),
    team=(Present("Đinh Thị Ngân", "", HEAD, "ngan"), Present("Người ngoài", "", MEMBER)),
)


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    def work(connection: Connection) -> None:
        units.create(connection, [NewUnit("tinh", "province", "tỉnh Lạng Sơn", SINCE)])
        units.create(connection, [NewUnit(u, "commune", f"xã {u}", SINCE, "", "tinh") for u in ("dh", "yp")])
        people.create(connection, [NewPerson(p, p, SINCE) for p in ("thinh", "ngan", "lam")], now)
        assert checklists.load_builtin(connection, now) == 1

    database.write_now(work)
    return database


def begun(connection: Connection, name: str, *, on: date = date(2026, 8, 4), **changes: Any) -> Visit:
    visit = Visit(name, "dh", "UBND xã Điềm He", 1, Status.AWAITING_SIGNATURE, START, on, "thinh", attendance=TEAM)
    visit = replace(visit, **changes)
    visits.add(connection, visit)
    documents.keep_members(connection, visit)
    return visit


def numbers(database: Database, work: Callable[[Connection], list[int | None]]) -> list[int | None]:
    return database.write_now(work)


def test_a_team_has_its_own_series_from_01_each_year(filled: Database) -> None:
    other = replace(TEAM, decision="130/QĐ-SNV")

    def work(connection: Connection) -> list[int | None]:
        listed = [
            begun(connection, "v1"),
            begun(connection, "v2"),
            begun(connection, "v3", attendance=other),
            begun(connection, "v4", on=date(2027, 1, 5)),
            begun(connection, "v5"),
            begun(connection, "v6", attendance=replace(TEAM, authority_id="dh")),
            begun(connection, "v7", attendance=UNKNOWN),
        ]
        return [documents.give_number(connection, visit) for visit in listed]

    assert numbers(filled, work) == [1, 2, 1, 1, 3, 1, None]


def test_a_number_is_given_once_and_kept(filled: Database) -> None:
    def work(connection: Connection) -> list[int | None]:
        first, second = begun(connection, "v1"), begun(connection, "v2")
        given = [documents.give_number(connection, v) for v in (first, second, first, second)]
        return [*given, documents.number_of(connection, "v1"), documents.number_of(connection, "v9")]

    assert numbers(filled, work) == [1, 2, 1, 2, 1, None]


def test_a_corrected_decision_is_another_series(filled: Database) -> None:
    def work(connection: Connection) -> list[int | None]:
        first, second = begun(connection, "v1"), begun(connection, "v2")
        documents.give_number(connection, first)
        documents.give_number(connection, second)
        moved = replace(second, attendance=replace(TEAM, decision="130/QĐ-SNV"))
        third = begun(connection, "v3")
        return [documents.give_number(connection, v) for v in (moved, third, first)]

    assert numbers(filled, work) == [1, 2, 1]  # the number set free was the last of its series


def test_who_takes_part_may_read_and_the_newest_stand_first(filled: Database) -> None:
    def work(connection: Connection) -> list[list[str]]:
        begun(connection, "old", started_at=START.replace(month=7))
        begun(connection, "new")
        begun(connection, "running", status=Status.IN_PROGRESS)
        begun(connection, "elsewhere", unit_id="yp", leader_id="lam", attendance=UNKNOWN)
        return [
            [one.id for one in documents.reportable(connection, person, area)[0]]
            for person, area in (("thinh", ()), ("ngan", ()), ("lam", ()), ("lam", ("dh",)), ("nobody", ()))
        ]

    led, member, other, area, nobody = filled.write_now(work)
    assert (led, member, nobody) == (["new", "old"], ["new", "old"], [])
    assert other == ["elsewhere"]
    assert sorted(area) == ["elsewhere", "new", "old"]


def test_the_team_of_the_last_visit_is_remembered(filled: Database) -> None:
    def work(connection: Connection) -> list[Attendance]:
        begun(connection, "v1", started_at=START.replace(month=7))
        begun(connection, "v2", attendance=replace(TEAM, decision="130/QĐ-SNV"))
        begun(connection, "v3", status=Status.CANCELLED, started_at=START.replace(month=9), attendance=UNKNOWN)
        return [documents.last_attendance(connection, "thinh"), documents.last_attendance(connection, "lam"),
                documents.last_attendance_at(connection, "dh")]  # fmt: skip

    mine, nobodys, at_unit = filled.write_now(work)
    assert (mine.decision, nobodys, at_unit.decision) == ("130/QĐ-SNV", UNKNOWN, "130/QĐ-SNV")


def test_the_nearest_newest_template_counts_and_an_empty_one_takes_it_back(filled: Database) -> None:
    def work(connection: Connection) -> list[bytes | None]:
        found = [documents.template(connection, ["dh", "tinh"], "minutes")]
        for unit_id, content in (("tinh", b"one"), ("tinh", b"two"), ("dh", b"mine"), ("dh", b"")):
            documents.keep_template(connection, unit_id, "minutes", content, now=START)
            found.append(documents.template(connection, ["dh", "tinh"], "minutes"))
        return [*found, documents.template(connection, ["dh"], "report")]

    assert filled.write_now(work) == [None, b"one", b"two", b"mine", b"two", None]
