"""What units that have ceased left open is passed on or told of once, and every step stands in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection

from inspection.messages import Chat
from inspection.obligations import Obligation
from scheduler import succession
from storage import journal, lineage, obligations, people, units
from storage.database import Database
from storage.lineage import Step
from storage.outbox import Parcel
from storage.people import NewPerson
from storage.units import NewUnit

SINCE, REFORM = date(2025, 7, 1), date(2026, 8, 3)
HOURS = timedelta(hours=1)


@pytest.fixture
def province(database: Database, now: datetime) -> Database:
    """Xã Cũ owes two plans and has gone; one administrator for all, one for xã Một alone."""

    def fill(connection: Connection) -> None:
        new = [NewUnit(name, "commune", f"xã {name}", SINCE, parent_id="p") for name in ("Cũ", "Một", "Hai")]
        units.create(connection, [NewUnit("p", "province", "tỉnh Mẫu", SINCE), *new])
        held = (("all", "p"), ("one", "Một"))
        people.create(connection, [NewPerson(who, who, SINCE, roles=(("admin", at),)) for who, at in held], now)
        for who, _ in held:
            people.bind_account(connection, who, Chat("telegram", "bot", who), who, now)
        due = date(2026, 12, 1)
        owed = [
            Obligation(
                id=f"o{n}", code=f"NV-2026-{n:04d}", unit_id="Cũ", kind="impl_plan", subject="Kế hoạch", year=2026,
                due=due, original_due=due,
            )
            for n in (1, 2)
        ]  # fmt: skip
        obligations.save(connection, owed)

    database.write_now(fill)
    return database


def do(database: Database, work: Callable[[Connection], Any]) -> Any:
    return database.write_now(work)


def ceases(database: Database, *into: str) -> None:
    step = Step(("Cũ",), into, "split" if len(into) > 1 else "merge", REFORM)
    do(database, lambda connection: lineage.record(connection, [step], today=REFORM - timedelta(days=1)))


def settled(database: Database, now: datetime) -> list[Parcel]:
    numbers = count(int(now.timestamp()))
    found: list[Parcel] = do(database, lambda c: succession.settle(c, now, lambda: f"t{next(numbers)}"))
    return found


def acts(database: Database, matter: str) -> list[tuple[str, str, dict[str, Any]]]:
    rows = do(database, lambda connection: journal.about(connection, matter))
    return [(row.entry.actor_id, row.entry.act, dict(row.entry.details)) for row in rows]


def test_a_merger_passes_on_by_itself(province: Database, now: datetime) -> None:
    ceases(province, "Một")
    assert settled(province, now) == []
    assert acts(province, "o1") == [("", "passed_on", {"kind": "obligation", "from": "Cũ", "to": "Một"})]
    settled(province, now + HOURS)
    assert len(acts(province, "o1")) == 1


def test_the_head_of_the_successor_is_told_when_at_work(province: Database, now: datetime) -> None:
    do(province, lambda connection: people.give_role(connection, "one", "unit-head", "Một", SINCE))
    ceases(province, "Một")
    (told,) = settled(province, now - 12 * HOURS)
    assert (told.chat.chat_id, told.next_try_at) == ("one", now)
    assert "UBND xã Một kế thừa 02 việc đang mở của UBND xã Cũ: NV-2026-0001, NV-2026-0002." in told.payload["text"]
    assert settled(province, now) == []


def test_of_a_split_those_in_charge_of_all_successors_hear_once(province: Database, now: datetime) -> None:
    ceases(province, "Một", "Hai")
    evening = now - 12 * HOURS
    assert settled(province, evening) == [], "not at night"
    (told,) = settled(province, now)
    assert (told.chat.chat_id, told.kind) == ("all", "notice")
    assert "UBND xã Cũ đã chia tách, còn 02 nội dung" in told.payload["text"]
    assert settled(province, now + HOURS) == []
    assert [act for _, act, _ in acts(province, "o2")] == ["undecided"]


def test_where_nobody_can_be_told_it_waits(province: Database, now: datetime) -> None:
    ceases(province, "Một", "Hai")
    do(province, lambda connection: people.mark_unreachable(connection, Chat("telegram", "bot", "all"), now))
    assert settled(province, now) == []
    do(province, lambda connection: people.mark_reachable(connection, Chat("telegram", "bot", "all"), now.date()))
    assert len(settled(province, now + HOURS)) == 1
