"""Every test of storage runs on SQLite and on PostgreSQL; each test finds migrated, empty tables."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.database import Database
from storage.migrate import migrate
from storage.tables import metadata

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def now() -> datetime:
    """Eight o'clock in the morning of the sample's today, in UTC."""
    return datetime(2026, 8, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def today() -> date:
    """The day of `now` in Vietnam."""
    return date(2026, 8, 4)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to be copied: migrating anew for each test would be the longest part of most of them."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.stop()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The address of the server's maintenance database."""
    address = os.environ.get("KYCUONG_TEST_POSTGRES_URL", "")
    if not address:
        pytest.skip("no PostgreSQL server: set KYCUONG_TEST_POSTGRES_URL")
    return address


@pytest.fixture(scope="session")
def new_postgresql(postgresql_server: str) -> Iterator[NewPostgresql]:
    """Makes empty databases of this run's own, and drops them at its end."""
    made = NewPostgresql(postgresql_server)
    yield made
    made.drop_all()


class NewPostgresql:
    """Each call makes one more database; returns its address."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._run = f"kycuong_test_{os.getpid()}_{secrets.token_hex(4)}"
        self._names: list[str] = []

    def __call__(self) -> str:
        name = f"{self._run}_{len(self._names)}"
        self._execute(f'CREATE DATABASE "{name}"')
        self._names.append(name)
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop_all(self) -> None:
        for name in self._names:
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql(new_postgresql: NewPostgresql) -> str:
    """One migrated database for the run; tests empty its tables rather than make their own."""
    address = new_postgresql()
    database = Database(address)
    migrate(database)
    database.stop()
    return address


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "kycuong.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    address: str = request.getfixturevalue("migrated_postgresql")
    engine = create_engine(address)
    with engine.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return address


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with migrated, empty tables, once on each engine."""
    opened = Database(database_url)
    yield opened
    await opened.close()
