"""Each stage of a reminder is told once, by obligation, due date in force, stage and person, however often one asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, select

from storage.tables import reminders
from storage.upsert import insert as upsert


@dataclass(frozen=True, slots=True)
class Told:
    """One stage of one obligation, told to one person; `day` is the working day whose digest carries it."""

    obligation_id: str
    due: date
    stage: str
    person_id: str
    day: date
    told_at: datetime

    @property
    def key(self) -> tuple[str, date, str, str]:
        """What is told once: obligation, due date in force, stage, person."""
        return self.obligation_id, self.due, self.stage, self.person_id


_TOLD = tuple(Told.__slots__)
_SWEEP = 0x6B79  # any number that nothing else locks


def one_sweep_at_a_time(connection: Connection) -> None:
    """Let no other process put digests together until this transaction ends."""
    if connection.dialect.name == "postgresql":  # SQLite lets one write at a time anyway
        connection.execute(select(func.pg_advisory_xact_lock(_SWEEP)))


def claim(connection: Connection, rows: Sequence[Told]) -> list[Told]:
    """Write down what is going to be told; returns only what was not told before, in the order given."""
    by_key = {row.key: row for row in rows}
    if not by_key:
        return []
    statement = (
        upsert(connection, reminders)
        .on_conflict_do_nothing(index_elements=["obligation_id", "due", "stage", "person_id"])
        .returning(reminders.c.obligation_id, reminders.c.due, reminders.c.stage, reminders.c.person_id)
    )
    values = [{name: getattr(row, name) for name in _TOLD} for row in by_key.values()]
    new = {(r[0], r[1], r[2], r[3]) for r in connection.execute(statement, values)}
    return [row for key, row in by_key.items() if key in new]


def release(connection: Connection, person_id: str, day: date) -> list[str]:
    """Take back what a digest of that day was to tell and did not: it is due again; returns the obligations' ids."""
    gone = connection.execute(
        delete(reminders)
        .where(reminders.c.person_id == person_id, reminders.c.day == day)
        .returning(reminders.c.obligation_id)
    )
    return list(gone.scalars())


def told(connection: Connection, obligation_ids: Iterable[str]) -> dict[str, list[Told]]:
    """What has been told about obligations, oldest first; about which nothing was told is missing."""
    ids = list(obligation_ids)
    if not ids:
        return {}
    statement = select(reminders).where(reminders.c.obligation_id.in_(ids)).order_by(reminders.c.told_at)
    found: dict[str, list[Told]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.obligation_id, []).append(Told(**row._mapping))
    return found


def told_to(connection: Connection, person_id: str, day: date) -> list[Told]:
    """What one person's digest of a working day carries."""
    statement = select(reminders).where(reminders.c.person_id == person_id, reminders.c.day == day)
    return [Told(**row._mapping) for row in connection.execute(statement.order_by(reminders.c.obligation_id))]
