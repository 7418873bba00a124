"""The tables of a database are brought up to date by migrations, and nothing runs on tables that are not.

A developer who changed `storage/tables.py` writes the next migration with
`python -m storage.migrate "what changes"`, reads it, and commits it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x6B79_6375  # any fixed number: two migrations of one PostgreSQL database wait for each other


class OutdatedDatabaseError(Exception):
    """The database was made by another version of the product; `kycuong init` brings it up to date."""


class BrokenReferencesError(Exception):
    """After a migration some rows point to rows that do not exist; nothing of it was kept."""


def migrate(database: Database) -> None:
    """Bring all tables to the newest state; does nothing if they are there.

    Raises AlreadyRunningError while another process runs on the database (unless `database` itself is held).
    """
    if database.held:
        _upgrade(database)
        return
    database.hold()
    try:
        _upgrade(database)
    finally:
        database.release()


def check_current(database: Database) -> None:
    """Raises OutdatedDatabaseError unless the tables are exactly those of this version."""
    with database.engine.begin() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if present != newest:
        raise OutdatedDatabaseError(f"{present or 'empty'} instead of {newest}")


def _upgrade(database: Database) -> None:
    with _connection(database) as connection:
        command.upgrade(_config(connection), "head")


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    """One transaction around everything. Rebuilding a table on SQLite needs its foreign keys off meanwhile."""
    with database.engine.connect() as connection:
        if database.sqlite:
            _foreign_keys(connection, "OFF")  # has no effect inside a transaction, so it stands before
        try:
            with connection.begin():
                if not database.sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
                yield connection
                if database.sqlite:
                    _no_broken_references(connection)
        finally:
            if database.sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={state}")


def _no_broken_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise BrokenReferencesError(", ".join(sorted({str(row[0]) for row in broken})))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def write_migration(message: str) -> Path:
    """Write the migration from the existing ones to the tables as they now are; returns its file."""
    scripts = ScriptDirectory.from_config(_config())
    number = f"{len(list(scripts.walk_revisions())) + 1:04d}"
    database = Database("sqlite://")
    _upgrade(database)
    with database.engine.begin() as connection:
        config = _config(connection)
        config.set_section_option("post_write_hooks", "hooks", "sort, format")
        for hook, options in {"sort": "check --fix --quiet --select I", "format": "format --quiet"}.items():
            config.set_section_option("post_write_hooks", f"{hook}.type", "module")
            config.set_section_option("post_write_hooks", f"{hook}.module", "ruff")
            config.set_section_option("post_write_hooks", f"{hook}.options", f"{options} REVISION_SCRIPT_FILENAME")
        command.revision(config, message, autogenerate=True, rev_id=number)
    database.stop()
    return next((_SCRIPTS / "versions").glob(f"{number}_*.py"))


if __name__ == "__main__":
    sys.stdout.write(f"{write_migration(sys.argv[1])}\n")
