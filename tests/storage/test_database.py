"""One writer takes what waits into one transaction; what it says is kept is kept, and one bad piece harms no other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.database import AlreadyRunningError, Database, StorageUnavailableError
from storage.tables import clock, people


class Rows:
    """Work that inserts a row for each item; a negative item cannot be done, and is answered with its refusal."""

    def __init__(self, rank: int = 1) -> None:
        self.rank = rank
        self.sizes: list[int] = []
        self.log: list[int] = []

    def run(self, connection: Connection, items: Sequence[int]) -> list[int]:
        self.sizes.append(len(items))
        for item in items:
            connection.execute(insert(clock).values(id=abs(item), ahead_seconds=item))
            if item < 0:
                raise ValueError("poison")
            self.log.append(item)
        return [item * 10 for item in items]

    def failed(self, connection: Connection, item: int, error: Exception) -> str:
        connection.execute(insert(clock).values(id=1000 + abs(item), ahead_seconds=0))
        return f"set aside: {error}"


async def busy_writer(database: Database) -> tuple[threading.Event, asyncio.Future[Any]]:
    """The writer is inside a transaction until the event is set; what is handed over meanwhile must wait."""
    inside, release = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        inside.set()
        release.wait()

    gate = asyncio.ensure_future(database.write(hold))
    await asyncio.to_thread(inside.wait)
    return release, gate


def stored(connection: Connection) -> list[int]:
    return list(connection.execute(select(clock.c.id).order_by(clock.c.id)).scalars())


async def test_many_submits_share_few_commits(database: Database) -> None:
    batch = Rows()
    release, gate = await busy_writer(database)
    futures = [database.submit(batch, number) for number in range(1, 101)]
    release.set()
    assert await asyncio.gather(*futures) == [number * 10 for number in range(1, 101)]
    await gate
    assert database.commits == 2
    assert batch.sizes == [100]
    assert await database.read(stored) == list(range(1, 101))


async def test_a_poisonous_item_is_set_aside_and_nobody_else_is_stuck(database: Database) -> None:
    batch = Rows()
    release, gate = await busy_writer(database)
    futures = [database.submit(batch, number) for number in (1, 2, -3, 4)]
    release.set()
    assert await asyncio.gather(*futures) == [10, 20, "set aside: poison", 40]
    await gate
    assert await database.read(stored) == [1, 2, 4, 1003]


async def test_a_failing_function_fails_alone(database: Database) -> None:
    def broken(connection: Connection) -> None:
        connection.execute(insert(clock).values(id=1, ahead_seconds=1))
        raise RuntimeError("no")

    def sound(connection: Connection) -> str:
        connection.execute(insert(clock).values(id=2, ahead_seconds=0))
        return "kept"

    good, bad = await asyncio.gather(database.write(sound), database.write(broken), return_exceptions=True)
    assert good == "kept"
    assert isinstance(bad, RuntimeError)
    assert await database.read(stored) == [2]


async def test_a_broken_rule_of_the_tables_is_no_outage(database: Database, now: datetime) -> None:
    """The words of the row stand in the error; "disk" among them must not make the writer try for ever."""

    def twice(connection: Connection) -> None:
        for _ in range(2):
            connection.execute(insert(people).values(id="disk full", name="", created_at=now))

    with pytest.raises(DBAPIError):
        await database.write(twice)


async def test_an_outage_keeps_nothing_and_says_try_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/full.db")
    database.write_now(lambda connection: clock.create(connection))

    def full(connection: Connection) -> None:
        connection.execute(insert(clock).values(id=1, ahead_seconds=0))
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with pytest.raises(StorageUnavailableError):
        await database.write(full)
    assert await database.read(stored) == []
    await database.close()


async def test_ranks_decide_the_order_within_a_transaction(database: Database) -> None:
    late, early = Rows(rank=1), Rows(rank=0)
    early.log = late.log
    release, gate = await busy_writer(database)
    futures = [database.submit(late, 1), database.submit(early, 2)]
    release.set()
    await asyncio.gather(gate, *futures)
    assert late.log == [2, 1]


async def test_riders_wait_for_company(database: Database) -> None:
    batch = Rows()
    database.ride(batch, 1)
    database.ride(batch, 2)
    assert await database.read(stored) == []
    await database.write(lambda connection: None)
    assert await database.read(stored) == [1, 2]
    assert database.commits == 1


async def test_riders_are_written_at_the_end(database_url: str) -> None:
    database = Database(database_url)
    database.ride(Rows(), 5)
    await database.close()
    again = Database(database_url)
    assert await again.read(stored) == [5]
    await again.close()


async def test_riders_survive_an_outage(tmp_path: Path) -> None:
    class Fickle(Rows):
        outages = 1

        def run(self, connection: Connection, items: Sequence[int]) -> list[int]:
            if self.outages:
                self.outages -= 1
                raise OperationalError("INSERT", {}, Exception("disk I/O error"))
            return super().run(connection, items)

    database = Database(f"sqlite:///{tmp_path}/fickle.db")
    database.write_now(lambda connection: clock.create(connection))
    database.ride(Fickle(), 1)
    with pytest.raises(StorageUnavailableError):
        await database.write(lambda connection: None)
    await database.write(lambda connection: None)
    assert await database.read(stored) == [1]
    await database.close()


async def test_readers_see_only_what_is_committed(database: Database) -> None:
    seen: list[list[int]] = []
    inside, release = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        connection.execute(insert(clock).values(id=1, ahead_seconds=0))
        inside.set()
        release.wait()

    writing = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(inside.wait)
    seen.append(await database.read(stored))
    release.set()
    await writing
    seen.append(await database.read(stored))
    assert seen == [[], [1]]


async def test_readers_refuse_to_write(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/kycuong.db")
    database.write_now(lambda connection: clock.create(connection))
    with pytest.raises(OperationalError, match="readonly"):
        await database.read(lambda connection: connection.execute(insert(clock).values(id=1, ahead_seconds=0)))
    await database.close()


async def test_memory_reads_through_the_writer() -> None:
    database = Database("sqlite://")
    await database.write(lambda connection: clock.create(connection))
    await database.write(lambda connection: connection.execute(insert(clock).values(id=1, ahead_seconds=0)))
    assert await database.read(stored) == [1]
    await database.close()


async def test_close_commits_what_was_handed_over(database_url: str) -> None:
    database = Database(database_url)
    future = database.submit(Rows(), 3)
    await database.close()
    assert await future == 30


# --- two processes on one SQLite file -----------------------------------------------------------------------------


def count_up(add: Any, times: int) -> list[Exception]:
    """Two writers count together, each in its own thread; what went wrong in them."""
    errors: list[Exception] = []

    def work(which: int) -> None:
        for _ in range(times):
            try:
                add(which)
            except DBAPIError as error:
                errors.append(error)

    threads = [threading.Thread(target=work, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def read_then_write(connection: Connection) -> None:
    """The shape of every turn: decide on what was read."""
    value = connection.execute(select(clock.c.ahead_seconds).where(clock.c.id == 1)).scalar_one()
    connection.execute(update(clock).where(clock.c.id == 1).values(ahead_seconds=value + 1))


def total(connection: Connection) -> int:
    return int(connection.execute(select(func.max(clock.c.ahead_seconds))).scalar_one())


def test_no_update_is_lost_between_two_processes(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/kycuong.db"
    both = [Database(address), Database(address)]
    both[0].write_now(lambda connection: clock.create(connection))
    both[0].write_now(lambda connection: connection.execute(insert(clock).values(id=1, ahead_seconds=0)))
    assert count_up(lambda which: both[which].write_now(read_then_write), 30) == []
    assert both[0].write_now(total) == 60
    for database in both:
        database.stop()


def test_a_plain_transaction_does_lose_or_refuse_updates(tmp_path: Path) -> None:
    """The negative control: two plain transactions that both read before they write cannot both succeed."""
    address = f"sqlite:///{tmp_path}/kycuong.db"
    engine = create_engine(address, connect_args={"isolation_level": None, "timeout": 0.2})

    @event.listens_for(engine, "begin")
    def plain(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version")
        clock.create(connection)
        connection.execute(insert(clock).values(id=1, ahead_seconds=0))
    barrier = threading.Barrier(2)

    def add(_which: int) -> None:
        with engine.begin() as connection:
            value = connection.execute(select(clock.c.ahead_seconds)).scalar_one()
            barrier.wait()
            connection.execute(update(clock).values(ahead_seconds=value + 1))

    errors = count_up(add, 1)
    with engine.begin() as connection:
        assert total(connection) < 2
    assert errors
    engine.dispose()


# --- the lock -----------------------------------------------------------------------------------------------------


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path}/kycuong.db") for _ in range(2))
    first.hold()
    first.hold()
    with pytest.raises(AlreadyRunningError):
        second.hold()
    assert first.held
    first.stop()
    second.hold()
    second.release()
    assert not second.held
    second.stop()
