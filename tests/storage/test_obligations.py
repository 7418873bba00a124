"""What units owe: stored with its dates, reported once, each stage told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from inspection.obligations import Obligation
from storage import calendar, obligations, people, reminders, units
from storage.database import Database
from storage.obligations import Report
from storage.people import NewPerson
from storage.reminders import Told
from storage.units import NewUnit

SINCE = date(2025, 7, 1)
DUE = date(2026, 2, 6)


def owed(number: int, **changes: object) -> Obligation:
    base = Obligation(
        id=f"o{number:03d}",
        code=f"NV-2026-{number:04d}",
        unit_id="dh",
        kind="impl_plan",
        subject="Kế hoạch kỷ luật, kỷ cương",
        year=2026,
        due=DUE,
        original_due=DUE,
        directive="Văn bản số 09/UBND-NC ngày 12/01/2026",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    def work(connection: Connection) -> None:
        units.create(connection, [NewUnit(unit, "commune", f"xã {unit}", SINCE) for unit in ("dh", "yp")])
        people.create(connection, [NewPerson("binh", "Hoàng Văn Bình", SINCE)], now)
        obligations.save(connection, [owed(3), owed(1), owed(2, unit_id="yp", due=date(2026, 3, 2))])

    database.write_now(work)
    return database


def test_what_is_saved_comes_back(filled: Database) -> None:
    def work(connection: Connection) -> list[Obligation | None]:
        changed = owed(1, due=date(2026, 2, 25))
        obligations.save(connection, [changed])
        return [
            obligations.get(connection, "o001"),
            obligations.by_code(connection, " nv-2026-0003 "),
            obligations.by_code(connection, "NV-2026-0009"),
        ]

    assert filled.write_now(work) == [owed(1, due=date(2026, 2, 25)), owed(3), None]


def test_the_sweep_looks_at_each_until_its_next_look(filled: Database) -> None:
    today = date(2026, 2, 9)

    def look(connection: Connection, on: date = today) -> list[str]:
        return [one.id for one in obligations.to_look_at(connection, on, 9)]

    def work(connection: Connection) -> list[list[str]]:
        pages = [[one.id for one in obligations.to_look_at(connection, today, 2)], look(connection)]
        obligations.looked_at(connection, {"o001": date(2026, 2, 11), "o002": date(2026, 2, 11), "o003": date.max})
        after = [look(connection), look(connection, date(2026, 2, 11))]
        obligations.extend(connection, "o003", date(2026, 2, 25))  # whatever changes is looked at again
        after.append(look(connection))
        calendar.override(connection, date(2026, 2, 10), "off", "CV 01")
        return [*pages, *after, look(connection)]

    assert filled.write_now(work) == [
        ["o001", "o002"], ["o001", "o002", "o003"], [], ["o001", "o002"], ["o003"], ["o001", "o002", "o003"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "state", "done"),
    [
        (lambda c: obligations.accept(c, "o001"), "open", False),  # nothing was reported
        (lambda c: obligations.send_back(c, "o001", date(2026, 2, 11)), "open", False),
        (lambda c: obligations.extend(c, "o001", date(2026, 2, 25)), "open", True),
        (lambda c: obligations.cancel(c, "o001"), "cancelled", True),
        (lambda c: reported(c) and obligations.accept(c, "o001"), "accepted", True),
        (lambda c: reported(c) and obligations.extend(c, "o001", date(2026, 2, 25)), "reported", False),
        (lambda c: reported(c) and obligations.send_back(c, "o001", date(2026, 2, 11)), "returned", True),
        (lambda c: reported(c) and obligations.take_back(c, "o001"), "open", True),
        (lambda c: reported(c) and obligations.cancel(c, "o001") and obligations.accept(c, "o001"), "cancelled", False),
    ],
    ids=[
        "accept unreported",
        "return unreported",
        "extend",
        "cancel",
        "accept",
        "extend reported",
        "return",
        "take back",
        "accept cancelled",
    ],
)
def test_a_change_starts_from_its_state_alone(filled: Database, act: Any, state: str, done: bool) -> None:
    assert filled.write_now(act) is done
    stored = filled.write_now(lambda connection: obligations.get(connection, "o001"))
    assert stored is not None
    assert stored.state == state


def reported(connection: Connection) -> bool:
    said = Report("15/KH-UBND", date(2026, 2, 5), "binh", datetime(2026, 2, 9, 2, tzinfo=UTC))
    return obligations.report(connection, "o001", said)


def test_a_report_counts_once(filled: Database, now: datetime) -> None:
    said = Report("15/KH-UBND", date(2026, 2, 24), "binh", now)
    assert filled.write_now(lambda connection: obligations.report(connection, "o001", said))
    again = replace(said, document="99/KH-UBND")
    assert not filled.write_now(lambda connection: obligations.report(connection, "o001", again))
    stored = filled.write_now(lambda connection: obligations.get(connection, "o001"))
    assert stored == owed(1, state="reported", document="15/KH-UBND", issued=date(2026, 2, 24), reported_at=now,
                           reported_by="binh")  # fmt: skip
    assert filled.write_now(lambda c: [o.id for o in obligations.of_units(c, ["dh"])]) == ["o003"]
    assert filled.write_now(lambda c: [o.id for o in obligations.of_units(c, ["dh"], None)]) == ["o001", "o003"]


def test_codes_go_on_within_their_year(filled: Database) -> None:
    def work(connection: Connection) -> list[str]:
        found = [*obligations.next_codes(connection, 2026, 1), *obligations.next_codes(connection, 2027, 1)]
        obligations.save(connection, [owed(9999), replace(owed(500), code="NV-2026-10000")])
        return [*found, *obligations.next_codes(connection, 2026, 2)]

    assert filled.write_now(work) == ["NV-2026-0004", "NV-2027-0001", "NV-2026-10001", "NV-2026-10002"]


def test_each_stage_is_told_once(filled: Database, now: datetime, today: date) -> None:
    first = Told("o001", DUE, "D+1", "binh", today, now)
    third = replace(first, stage="D+3")

    def claim(*rows: Told) -> list[Told]:
        return filled.write_now(lambda connection: reminders.claim(connection, rows))

    assert claim(first) == [first]
    assert claim(first) == []
    assert claim(third, first, third) == [third]
    assert claim(replace(first, due=date(2026, 2, 25))) == [replace(first, due=date(2026, 2, 25))]
    assert claim() == []
    told = filled.write_now(lambda connection: reminders.told(connection, ["o001", "o002"]))
    assert {key: len(rows) for key, rows in told.items()} == {"o001": 3}
    assert len(filled.write_now(lambda connection: reminders.told_to(connection, "binh", today))) == 3


def test_the_calendar_follows_the_administrator(database: Database, today: date) -> None:
    def work(connection: Connection) -> list[bool]:
        states = [calendar.current(connection, today).is_working_day(today)]
        calendar.override(connection, today, "off", "Công điện số 01 ngày 03/8/2026")
        states.append(calendar.current(connection, today).is_working_day(today))
        calendar.override(connection, today, "work", "thu hồi")
        states.append(calendar.current(connection, today).is_working_day(today))
        calendar.override(connection, date(2026, 8, 8), "work", "làm bù")
        states.append(calendar.current(connection, today).is_working_day(date(2026, 8, 8)))
        calendar.restore_default(connection, date(2026, 8, 8))
        states.append(calendar.current(connection, today).is_working_day(date(2026, 8, 8)))
        return states

    assert database.write_now(work) == [True, False, True, True, False]
