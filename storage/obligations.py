"""What units owe is stored with its dates only; what is due or overdue is asked of them each time.

A report counts once: the row changes only while it is open, and the caller learns whether theirs changed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from inspection.obligations import Obligation, State
from storage.tables import obligations, reminders
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


def save(connection: Connection, owed: Sequence[Obligation]) -> None:
    """Store obligations, new or changed; a row with the same id is replaced."""
    if not owed:
        return
    rows = [{name: getattr(one, name) for name in _FIELDS} for one in owed]
    statement = upsert(connection, obligations)
    changed = {name: statement.excluded[name] for name in _FIELDS if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


def get(connection: Connection, obligation_id: str) -> Obligation | None:
    """One obligation by its id."""
    return _one(connection, select(obligations).where(obligations.c.id == obligation_id))


def get_many(connection: Connection, ids: Iterable[str]) -> dict[str, Obligation]:
    """Obligations by id; unknown ids are missing."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {one.id: one for one in _all(connection, select(obligations).where(obligations.c.id.in_(wanted)))}


def by_code(connection: Connection, code: str) -> Obligation | None:
    """One obligation by its printed code ("NV-2026-0147"), in any case and however spaced."""
    plain = "".join(code.split()).upper()
    return _one(connection, select(obligations).where(obligations.c.code == plain))


def open_due(connection: Connection, on_or_before: date, limit: int) -> list[Obligation]:
    """Open obligations due by a day, the longest due first; at most `limit` of them."""
    return _all(
        connection,
        select(obligations)
        .where(obligations.c.state == "open", obligations.c.due <= on_or_before)
        .order_by(obligations.c.due, obligations.c.id)
        .limit(limit),
    )


def open_due_after(connection: Connection, last: Obligation, on_or_before: date, limit: int) -> list[Obligation]:
    """The next page of `open_due`: what follows the last one of the page before."""
    return _all(
        connection,
        select(obligations)
        .where(
            obligations.c.state == "open",
            obligations.c.due <= on_or_before,
            (obligations.c.due > last.due) | ((obligations.c.due == last.due) & (obligations.c.id > last.id)),
        )
        .order_by(obligations.c.due, obligations.c.id)
        .limit(limit),
    )


def of_units(
    connection: Connection, unit_ids: Iterable[str], state: State | None = "open", *, kind: str = "", year: int = 0
) -> list[Obligation]:
    """What units owe, by due date and code; `state` None: whatever became of it; kind "" and year 0: any."""
    ids = list(unit_ids)
    if not ids:
        return []
    statement = select(obligations).where(obligations.c.unit_id.in_(ids))
    if state is not None:
        statement = statement.where(obligations.c.state == state)
    if kind:
        statement = statement.where(obligations.c.kind == kind)
    if year:
        statement = statement.where(obligations.c.year == year)
    return _all(connection, statement.order_by(obligations.c.due, obligations.c.code))


@dataclass(frozen=True, slots=True)
class Report:
    """A head's word that it is done: number and symbol of the document, its day, who said so and when."""

    document: str
    issued: date | None
    person_id: str
    at: datetime


def report(connection: Connection, obligation_id: str, said: Report) -> bool:
    """Mark an open obligation reported; False if it was not open any more, and then nothing changed."""
    changed = connection.execute(
        update(obligations)
        .where(obligations.c.id == obligation_id, obligations.c.state == "open")
        .values(
            state="reported",
            document=said.document,
            issued=said.issued,
            reported_at=said.at,
            reported_by=said.person_id,
        )
    )
    return changed.rowcount == 1


def next_code(connection: Connection, year: int) -> str:
    """The next free printed code of a year, "NV-2026-0147"; unique because only the one writer asks and then saves."""
    return next_codes(connection, year, 1)[0]


def next_codes(connection: Connection, year: int, count: int) -> list[str]:
    """The next free printed codes of a year, in order."""
    prefix = f"NV-{year}-"
    longest = select(func.max(func.length(obligations.c.code))).where(obligations.c.code.startswith(prefix))
    last = connection.execute(
        select(func.max(obligations.c.code)).where(
            obligations.c.code.startswith(prefix), func.length(obligations.c.code) == longest.scalar_subquery()
        )
    ).scalar()
    number = int(last.removeprefix(prefix)) if last else 0
    return [f"{prefix}{number + step:04d}" for step in range(1, count + 1)]


def claim_reminders(connection: Connection, rows: Sequence[Told]) -> list[Told]:
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


def release_reminders(connection: Connection, person_id: str, day: date) -> int:
    """Take back what a digest of that day was to tell and did not: it is due again; returns how many stages."""
    result = connection.execute(delete(reminders).where(reminders.c.person_id == person_id, reminders.c.day == day))
    return result.rowcount


def reminders_told(connection: Connection, obligation_ids: Iterable[str]) -> dict[str, list[Told]]:
    """What has been told about obligations, oldest first; about which nothing was told is missing."""
    ids = list(obligation_ids)
    if not ids:
        return {}
    statement = select(reminders).where(reminders.c.obligation_id.in_(ids)).order_by(reminders.c.told_at)
    told: dict[str, list[Told]] = {}
    for row in connection.execute(statement):
        told.setdefault(row.obligation_id, []).append(Told(**row._mapping))
    return told


def told_to(connection: Connection, person_id: str, day: date) -> list[Told]:
    """What one person's digest of a working day carries."""
    statement = select(reminders).where(reminders.c.person_id == person_id, reminders.c.day == day)
    return [Told(**row._mapping) for row in connection.execute(statement.order_by(reminders.c.obligation_id))]


_FIELDS = tuple(Obligation.__slots__)
_TOLD = tuple(Told.__slots__)


def _one(connection: Connection, statement: Select[Any]) -> Obligation | None:
    return next(iter(_all(connection, statement)), None)


def _all(connection: Connection, statement: Select[Any]) -> list[Obligation]:
    return [Obligation(**{name: getattr(row, name) for name in _FIELDS}) for row in connection.execute(statement)]
