"""Errands: what was ordered is there after a restart, is tried again when it failed, and is told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from inspection.messages import Chat
from storage import errands
from storage.database import Database
from storage.errands import Errand

HERE, THERE = Chat("fake", "1", "7"), Chat("fake", "1", "8")


async def test_what_is_ordered_waits_in_order_until_it_is_closed(database: Database, now: datetime) -> None:
    ordered = [
        Errand("b", "export", HERE, "7", {"format": "csv", "units": ["u-1"]}),
        Errand("a", "workbook", THERE, "8", {"name": "đơn vị.xlsx"}),
    ]
    for number, errand in enumerate(ordered):
        moment = now + timedelta(seconds=number)
        await database.write(lambda connection, e=errand, at=moment: errands.order(connection, [e], at))
    assert await database.read(errands.waiting) == ordered
    assert await database.read(lambda connection: errands.of_chat(connection, HERE, "export")) == ordered[:1]
    assert await database.read(lambda connection: errands.of_chat(connection, HERE, "workbook")) == []

    await database.write(lambda connection: errands.close(connection, "b"))
    assert await database.read(errands.waiting) == ordered[1:]
    assert await database.read(lambda connection: errands.get(connection, "b")) is None
    assert await database.read(lambda connection: errands.of_chat(connection, HERE, "export")) == []
    assert await database.read(lambda connection: errands.of_chat(connection, HERE, "export", told=True)) == ordered[:1]


async def test_a_try_that_failed_is_remembered(database: Database, now: datetime) -> None:
    await database.write(lambda connection: errands.order(connection, [Errand("a", "export", HERE, "7")], now))
    later = now + timedelta(seconds=5)
    await database.write(
        lambda connection: errands.postpone(connection, "a", attempts=2, next_try_at=later, trouble="x" * 900)
    )
    [again] = await database.read(errands.waiting)
    assert (again.attempts, again.next_try_at) == (2, later)


async def test_only_what_was_told_is_forgotten(database: Database, now: datetime) -> None:
    both = [Errand("a", "export", HERE, "7"), Errand("b", "export", HERE, "7")]
    await database.write(lambda connection: errands.order(connection, both, now))
    await database.write(lambda connection: errands.close(connection, "a", "trouble"))
    assert await database.write(lambda connection: errands.forget(connection, before=now)) == 0
    assert await database.write(lambda connection: errands.forget(connection, before=now + timedelta(days=7))) == 1
    assert [one.id for one in await database.read(errands.waiting)] == ["b"]
