"""INSERT … ON CONFLICT, which both engines speak alike but SQLAlchemy writes in two places.

Look at what came back: a row that was already there is not in the result, and that is the point of asking.
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT with on_conflict_do_nothing and on_conflict_do_update for the engine at hand."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return cast(sqlite.Insert, postgresql.insert(table))
