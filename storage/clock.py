"""How far business time runs ahead of the machine's: a row only a demonstration ever writes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select

from storage.tables import clock
from storage.upsert import insert as upsert


def ahead(connection: Connection) -> timedelta | None:
    """The stored difference, or None: this database lives in real time."""
    seconds = connection.execute(select(clock.c.ahead_seconds).where(clock.c.id == 1)).scalar()
    return None if seconds is None else timedelta(seconds=seconds)


def set_ahead(connection: Connection, difference: timedelta) -> None:
    """Store the difference; from now on `run` refuses this database."""
    statement = upsert(connection, clock).values(id=1, ahead_seconds=int(difference.total_seconds()))
    connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"ahead_seconds": statement.excluded.ahead_seconds})
    )
