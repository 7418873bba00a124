"""The one door to the database: one writer with group commit, many query-only readers.

Everything that wants to write hands its work to one thread. The thread takes all that waits into one
transaction: one commit, one fsync, for as many turns as have gathered meanwhile. If that transaction
fails, it is repeated with a savepoint around each piece of work, so that one poisonous message is set
aside and nobody else is stuck. See docs/decisions for why a thread and not an async engine.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, StaticPool

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[Connection], R]


class StorageUnavailableError(Exception):
    """The database could not take the work (disk full, locked, gone): nothing of it was kept; try again."""


class AlreadyRunningError(Exception):
    """Another process holds this database."""


class Batch(Protocol):
    """A kind of work that is done for many items at once."""

    def run(self, connection: Connection, items: Sequence[Any]) -> Sequence[Any]:
        """Do the work of all items; the results stand in the order of the items."""
        ...

    def failed(self, connection: Connection, item: Any, error: Exception) -> Any:
        """Say what becomes of the one item whose work failed by itself; may write, may raise."""
        ...


class _Single:
    """Plain functions, each run for itself."""

    def run(self, connection: Connection, items: Sequence[Work[Any]]) -> list[Any]:
        results: list[Any] = []
        for work in items:
            if results:
                # A thread that lets go of the interpreter for each statement, and takes it again at once, starves the
                # event loop: who waits for it never waits long enough to be given it.
                time.sleep(0)
            results.append(work(connection))
        return results

    def failed(self, connection: Connection, item: Work[Any], error: Exception) -> Any:
        raise error


SINGLE = _Single()


@dataclass(slots=True)
class _Job:
    batch: Batch
    item: Any
    done: Callable[[Any, Exception | None], None]
    loop: asyncio.AbstractEventLoop | None = None  # where `done` must be called, if not in the writer's thread


class Database:
    """Opened once per process; `close()` waits for what was handed over."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.in_memory = self.sqlite and self.url.database in (None, "", ":memory:")
        self._lock_file: Any = None
        self._writer = _sqlite_writer(self) if self.sqlite else create_engine(_driver(self.url, "psycopg"), pool_size=1)
        self._readers: AsyncEngine | None = None if self.in_memory else _readers(self)
        self._queue: queue.SimpleQueue[tuple[_Job, ...] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._riders: deque[_Job] = deque()
        self.commits = 0  # how many transactions were committed, for the benchmark and `doctor`

    # --- writing ---------------------------------------------------------------------------------------------

    def submit(self, batch: Batch, item: T) -> asyncio.Future[Any]:
        """Hand one item over; the future is done when its transaction is durable."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._enqueue(_Job(batch, item, _settle(future), loop))
        return future

    def submit_many(self, batch: Batch, items: Sequence[Any]) -> list[asyncio.Future[Any]]:
        """Hand several items over at once, so that they share a transaction."""
        loop = asyncio.get_running_loop()
        futures: list[asyncio.Future[Any]] = [loop.create_future() for _ in items]
        self._enqueue(*(_Job(batch, i, _settle(f), loop) for i, f in zip(items, futures, strict=True)))
        return futures

    async def write(self, work: Work[R]) -> R:
        """Run one function in the next transaction and return what it returned, once durable."""
        return cast(R, await self.submit(SINGLE, work))

    def write_now(self, work: Work[R]) -> R:
        """The same for plain synchronous code (command line, tests)."""
        finished: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()
        self._enqueue(_Job(SINGLE, work, lambda value, error: finished.put((value, error))))
        value, error = finished.get()
        if error is not None:
            raise error
        return cast(R, value)

    def ride(self, batch: Batch, item: Any) -> None:
        """Hand over work that may wait for the next transaction, or for `flush()`; kept until it is durable."""

        def done(_value: Any, error: Exception | None) -> None:
            if isinstance(error, StorageUnavailableError):
                self._riders.append(_Job(batch, item, done))
            elif error is not None:
                log.error("lost on the ride: %r", item, exc_info=error)

        self._riders.append(_Job(batch, item, done))

    def flush(self) -> None:
        """Write what is riding now; the owner of the event loop calls it when nothing else came along."""
        if self._riders:
            self._enqueue(_Job(SINGLE, lambda _connection: None, lambda _value, _error: None))

    def _enqueue(self, *jobs: _Job) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        self._queue.put(jobs)

    def _run(self) -> None:
        while (handed := self._queue.get()) is not None:
            jobs = list(handed)
            stop = False
            while not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    stop = True
                    break
                jobs.extend(following)
            riders = [self._riders.popleft() for _ in range(len(self._riders))]
            self._commit([*riders, *jobs])  # what rode along was said before what was handed over
            if stop:
                return

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            outcomes = self._together(jobs)
        except Exception as error:  # noqa: BLE001  whatever it was, each job must hear of it
            outcomes = self._after(jobs, error)
        # Waking an event loop costs a system call and perhaps the processor: once for all jobs of a transaction.
        woken: dict[asyncio.AbstractEventLoop, list[Callable[[], None]]] = {}
        for job, (value, error_or_none) in zip(jobs, outcomes, strict=True):
            if job.loop is None:
                job.done(value, error_or_none)
            else:
                woken.setdefault(job.loop, []).append(partial(job.done, value, error_or_none))
        for loop, calls in woken.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_each, calls)

    def _together(self, jobs: list[_Job]) -> list[tuple[Any, Exception | None]]:
        """One transaction for all; marks of what was sent come first, because turns read them."""
        outcomes: dict[int, Any] = {}
        groups: dict[int, list[int]] = {}
        for position, job in enumerate(jobs):
            groups.setdefault(id(job.batch), []).append(position)
        with self._writer.begin() as connection:
            for positions in sorted(groups.values(), key=lambda p: getattr(jobs[p[0]].batch, "rank", 1)):
                batch = jobs[positions[0]].batch
                results = batch.run(connection, [jobs[p].item for p in positions])
                outcomes.update(zip(positions, results, strict=True))
        self.commits += 1
        return [(outcomes[p], None) for p in range(len(jobs))]

    def _after(self, jobs: list[_Job], error: Exception) -> list[tuple[Any, Exception | None]]:
        if isinstance(error, DBAPIError) and _is_outage(error):
            return [(None, StorageUnavailableError(str(error.orig)))] * len(jobs)
        try:
            return self._one_by_one(jobs)
        except Exception as again:  # noqa: BLE001  the commit itself failed: nothing was kept
            return [(None, StorageUnavailableError(str(again)))] * len(jobs)

    def _one_by_one(self, jobs: list[_Job]) -> list[tuple[Any, Exception | None]]:
        ordered = sorted(jobs, key=lambda job: getattr(job.batch, "rank", 1))
        with self._writer.begin() as connection:
            outcomes = [_alone(connection, job) for job in ordered]
        order = {id(job): outcome for job, outcome in zip(ordered, outcomes, strict=True)}
        self.commits += 1
        return [order[id(job)] for job in jobs]

    # --- reading ---------------------------------------------------------------------------------------------

    async def read(self, work: Work[R]) -> R:
        """Run a query-only function beside the writer; it sees what was committed."""
        if self._readers is None:
            return await self.write(work)
        async with self._readers.connect() as connection:
            return await connection.run_sync(work)

    def read_aside(self, work: Work[R]) -> R:
        """The same for slow work in a thread of its own: what it computes between two rows holds up no event loop."""
        if self.in_memory:
            return self.write_now(work)
        engine = _reader_aside(self)
        try:
            with engine.connect() as connection:
                return work(connection)
        finally:
            engine.dispose()

    # --- life ------------------------------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The writer's engine, for migrations at start-up only."""
        return self._writer

    def hold(self) -> None:
        """Keep other processes from running on this database; raises AlreadyRunningError."""
        if not self.sqlite or self.in_memory or self.held:
            return
        self._lock_file = Path(f"{self.url.database}.lock").open("w")  # noqa: SIM115  held while we live
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock_file.close()
            self._lock_file = None
            raise AlreadyRunningError(str(self.url.database)) from None

    @property
    def held(self) -> bool:
        """Whether this object keeps others from running."""
        return self._lock_file is not None

    def release(self) -> None:
        """Let other processes run on this database again."""
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    async def close(self) -> None:
        """Commit what waits, then let go of every connection."""
        self.stop()
        if self._readers is not None:
            await self._readers.dispose()

    def stop(self) -> None:
        """`close()` for synchronous code that never read."""
        self.flush()
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        self._writer.dispose()
        self.release()


def _alone(connection: Connection, job: _Job) -> tuple[Any, Exception | None]:
    try:
        with connection.begin_nested():
            return job.batch.run(connection, [job.item])[0], None
    except Exception as error:  # noqa: BLE001  the poisonous one is set aside by its own batch
        try:
            with connection.begin_nested():
                return job.batch.failed(connection, job.item, error), None
        except Exception as final:  # noqa: BLE001
            return None, final


def _settle(future: asyncio.Future[Any]) -> Callable[[Any, Exception | None], None]:
    def done(value: Any, error: Exception | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    return done


def _each(calls: Sequence[Callable[[], None]]) -> None:
    for call in calls:
        call()


def _is_outage(error: DBAPIError) -> bool:
    if not isinstance(error, (OperationalError, InterfaceError, InternalError)):
        return False  # a broken rule of the tables is quoted with the row, whose words prove nothing
    text = str(error.orig).lower()
    signs = ("disk", "full", "locked", "i/o", "readonly", "read-only", "unable to open", "connection", "server closed")
    return error.connection_invalidated or any(sign in text for sign in signs)


def _driver(url: Any, driver: str) -> Any:
    return url.set(drivername=f"{url.get_backend_name()}+{driver}")


def _sqlite_writer(database: Database) -> Engine:
    if not database.in_memory:
        Path(cast(str, database.url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        _driver(database.url, "pysqlite"),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": 10, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}").close()

    # In the dialect, because an engine with listeners of its own pays for them at every statement.
    engine.dialect.do_begin = _begin_immediately  # type: ignore[assignment]
    return engine


def _begin_immediately(connection: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")  # a plain BEGIN loses updates without a word
    cursor.close()


def _readers(database: Database) -> AsyncEngine:
    if not database.sqlite:
        return create_async_engine(_driver(database.url, "psycopg"), pool_size=4)
    engine = create_async_engine(_driver(database.url, "aiosqlite"), pool_size=4)
    event.listen(engine.sync_engine, "connect", _only_query)
    return engine


def _reader_aside(database: Database) -> Engine:
    if not database.sqlite:
        engine = create_engine(_driver(database.url, "psycopg"), poolclass=NullPool)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SET TRANSACTION READ ONLY"))
        return engine
    engine = create_engine(_driver(database.url, "pysqlite"), poolclass=NullPool)
    event.listen(engine, "connect", _only_query)
    return engine


def _only_query(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
