"""The migrations lead to exactly the tables the code speaks of, on both engines, and never under a running product."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, insert, select

from storage.database import AlreadyRunningError, Database
from storage.migrate import OutdatedDatabaseError, check_current, migrate
from storage.tables import clock, metadata


def differences(database: Database, wanted: MetaData) -> list[object]:
    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, wanted))


async def test_migrated_tables_are_those_of_the_code(database: Database) -> None:
    assert differences(database, metadata) == []


async def test_the_comparison_notices_a_missing_column(database: Database) -> None:
    other = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(other)
    other.tables["clock"].append_column(Column("forgotten", Integer))
    assert len(differences(database, other)) == 1


async def test_migrating_twice_changes_nothing_and_keeps_the_rows(database: Database) -> None:
    database.write_now(lambda connection: connection.execute(insert(clock).values(id=1, ahead_seconds=60)))
    migrate(database)
    check_current(database)
    assert database.write_now(lambda connection: connection.execute(select(clock.c.ahead_seconds)).scalar_one()) == 60


def test_an_empty_database_is_outdated() -> None:
    database = Database("sqlite://")
    with pytest.raises(OutdatedDatabaseError):
        check_current(database)
    migrate(database)
    check_current(database)
    database.stop()


def test_foreign_keys_are_enforced_after_a_migration() -> None:
    database = Database("sqlite://")
    migrate(database)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    database.stop()


def test_no_migration_under_a_running_product(tmp_path: object) -> None:
    address = f"sqlite:///{tmp_path}/kycuong.db"
    running, other = Database(address), Database(address)
    running.hold()
    with pytest.raises(AlreadyRunningError):
        migrate(other)
    migrate(running)
    assert running.held
    running.stop()
    migrate(other)
    assert not other.held
    other.stop()
