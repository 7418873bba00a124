"""What came twice counts once; what is to be told leaves in the order it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from inspection.messages import Chat
from storage import inbox, outbox
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import MARKS, Mark, Parcel

CHAT = Chat("telegram", "bot", "700")


def arrival(key: str, now: datetime, account: str = "bot") -> Arrival:
    return Arrival("telegram", account, key, {"text": "Điềm He"}, now)


def parcel(token: str, now: datetime) -> Parcel:
    return Parcel(token, CHAT, "reply", {"text": f"tin {token}", "choices": []}, now)


async def test_an_update_is_new_once(database: Database, now: datetime) -> None:
    async def accept(*arrivals: Arrival) -> set[tuple[str, str, str]]:
        return await database.write(lambda connection: inbox.accept(connection, arrivals, status="new"))

    assert await accept(arrival("1", now)) == {("telegram", "bot", "1")}
    for _ in range(10):
        assert await accept(arrival("1", now)) == set()
    assert await accept(arrival("1", now), arrival("2", now), arrival("2", now)) == {("telegram", "bot", "2")}
    assert await accept(arrival("1", now, account="other")) == {("telegram", "other", "1")}
    assert await accept() == set()


async def test_what_waits_comes_back_in_order_until_settled(database: Database, now: datetime) -> None:
    def work(connection: Connection) -> list[list[str]]:
        inbox.accept(connection, [arrival(key, now) for key in ("9", "1", "5")], status="new")
        before = [waiting.key for waiting in inbox.waiting(connection)]
        inbox.settle(connection, arrival("1", now), status="done")
        inbox.settle(connection, arrival("9", now), status="refused", trouble="x" * 400)
        return [before, [waiting.key for waiting in inbox.waiting(connection)]]

    assert await database.write(work) == [["9", "1", "5"], ["5"]]
    (left,) = await database.read(inbox.waiting)
    assert left == arrival("5", now)


async def test_only_handled_updates_are_forgotten(database: Database, now: datetime) -> None:
    def work(connection: Connection) -> int:
        inbox.accept(connection, [arrival("old", now - timedelta(days=8))], status="done")
        inbox.accept(connection, [arrival("waiting", now - timedelta(days=8))], status="new")
        inbox.accept(connection, [arrival("young", now)], status="done")
        return inbox.forget(connection, before=now - timedelta(days=7))

    assert await database.write(work) == 1


async def test_parcels_keep_their_order(database: Database, now: datetime) -> None:
    posted = await database.write(lambda connection: outbox.post(connection, [parcel(t, now) for t in "cab"]))
    assert [one.token for one in posted] == ["c", "a", "b"]
    assert [one.id for one in posted] == sorted(one.id for one in posted)
    assert await database.read(outbox.pending) == posted
    assert await database.write(lambda connection: outbox.post(connection, [])) == []


async def test_marks(database: Database, now: datetime) -> None:
    first, second, third = await database.write(
        lambda connection: outbox.post(connection, [parcel(t, now) for t in "xyz"])
    )
    later = now + timedelta(seconds=30)
    await database.submit(MARKS, Mark(first.id, "sent", now, message_id=41, attempts=1))
    await database.submit(
        MARKS, Mark(second.id, "pending", now, attempts=2, next_try_at=later, trouble="429 " + "x" * 400)
    )
    assert await database.read(outbox.pending) == [replace(second, attempts=2, next_try_at=later), third]
    found = await database.read(lambda connection: outbox.by_tokens(connection, ["x", "y", "none"]))
    assert {token: (entry[1], entry[2]) for token, entry in found.items()} == {"x": (41, now), "y": (None, None)}


async def test_one_digest_a_person_and_day(database: Database, now: datetime) -> None:
    def work(connection: Connection) -> None:
        connection.exec_driver_sql(
            "INSERT INTO people (id, name, title, language, created_at) "
            "VALUES ('p', 'Hoàng Văn Bình', '', 'vi', '2026-01-01 00:00:00')"
        )
        digest = replace(parcel("d1", now), kind="digest", person_id="p", day=now.date())
        outbox.post(connection, [digest])
        outbox.post(connection, [replace(digest, token="d2")])

    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.write(work)
    assert await database.read(outbox.pending) == []
