"""A checklist version never changes once stored: a visit keeps the one it began with, whatever is loaded later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, insert, select

from inspection.checklist import Checklist, Item, Row, Text, parse_checklist, parse_legal_bases
from storage import builtin
from storage.tables import checklists


@dataclass(frozen=True, slots=True)
class Source:
    """A checklist version as it came from a workbook. rows, legal_bases: one mapping a line, column to cell."""

    code: str
    version: int
    title: Text
    valid_from: date
    rows: Sequence[Row]
    legal_bases: Sequence[Row]


class ChecklistChangedError(Exception):
    """A stored version was to be replaced by other content: give it a new version number."""


def load_builtin(connection: Connection, now: datetime) -> int:
    """Store the built-in checklist unless it is stored already; returns its id.

    What is stored stays word for word, since visits were held by it: a title corrected later reaches new databases.
    """
    stored = connection.execute(
        select(checklists.c.id).where(checklists.c.code == builtin.ID, checklists.c.version == builtin.VERSION)
    ).scalar()
    if stored is not None:
        return int(stored)
    source = Source(
        builtin.ID, builtin.VERSION, builtin.TITLE, builtin.VALID_FROM, builtin.checklist_rows(), builtin.legal_rows()
    )
    return load(connection, source, now)


def load(connection: Connection, source: Source, now: datetime) -> int:
    """Store a version; returns its id. The same version with the same content is stored once.

    Raises ChecklistFaults if it cannot be used, ChecklistChangedError if this version exists with other content.
    """
    document = json.dumps(
        {"title": list(source.title), "items": list(source.rows), "legal_bases": list(source.legal_bases)},
        ensure_ascii=False,
    )
    stored = connection.execute(
        select(checklists).where(checklists.c.code == source.code, checklists.c.version == source.version)
    ).first()
    if stored is not None:
        if stored.rows != document:
            raise ChecklistChangedError(f"{source.code} {source.version}")
        return int(stored.id)
    _parsed(source.code, source.version, source.valid_from, document)  # a fault is raised before it is stored
    return int(
        connection.execute(
            insert(checklists)
            .values(
                code=source.code,
                version=source.version,
                valid_from=source.valid_from,
                rows=document,
                loaded_at=now,
            )
            .returning(checklists.c.id)
        ).scalar_one()
    )


def latest(connection: Connection, on: date) -> tuple[int, Checklist] | None:
    """Id and content of the newest version in force on a day."""
    checklist_id = connection.execute(
        select(checklists.c.id)
        .where(checklists.c.valid_from <= on)
        .order_by(checklists.c.valid_from.desc(), checklists.c.version.desc(), checklists.c.id.desc())
        .limit(1)
    ).scalar()
    return None if checklist_id is None else (checklist_id, get(connection, checklist_id))


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version, without its content."""

    id: int
    code: str
    version: int
    valid_from: date


def versions(connection: Connection, limit: int) -> list[Version]:
    """The stored versions, those loaded last first."""
    rows = connection.execute(
        select(checklists.c.id, checklists.c.code, checklists.c.version, checklists.c.valid_from)
        .order_by(checklists.c.loaded_at.desc(), checklists.c.id.desc())
        .limit(limit)
    )
    return [Version(*row) for row in rows]


def ids_by_code(connection: Connection) -> dict[str, tuple[int, ...]]:
    """Every checklist by its code, with the ids of its versions."""
    found: dict[str, tuple[int, ...]] = {}
    for row in connection.execute(
        select(checklists.c.code, checklists.c.id).order_by(checklists.c.code, checklists.c.id)
    ):
        found[row.code] = (*found.get(row.code, ()), row.id)
    return found


def item_named(connection: Connection, code: str, on: date) -> Item | None:
    """An item as the newest version in force that has it says it: versions are compared by the codes of their items."""
    newest = select(checklists.c.id).where(checklists.c.valid_from <= on)
    order = (checklists.c.valid_from.desc(), checklists.c.version.desc(), checklists.c.id.desc())
    for checklist_id in connection.execute(newest.order_by(*order)).scalars():
        item = get(connection, checklist_id).items.get(code)
        if item is not None:
            return item
    return None


def get(connection: Connection, checklist_id: int) -> Checklist:
    """One stored version. Raises LookupError for an unknown id."""
    kept = _KEPT.setdefault(connection.engine, {})
    if checklist_id not in kept:
        row = connection.execute(select(checklists).where(checklists.c.id == checklist_id)).first()
        if row is None:
            raise LookupError(f"no checklist {checklist_id}")
        kept[checklist_id] = _parsed(row.code, row.version, row.valid_from, row.rows)
    return kept[checklist_id]


# Rows never change, so what was read once need not be read again while the database is open.
_KEPT: WeakKeyDictionary[Engine, dict[int, Checklist]] = WeakKeyDictionary()


@lru_cache(maxsize=8)
def _parsed(code: str, version: int, valid_from: date, document: str) -> Checklist:
    content = json.loads(document)
    return parse_checklist(
        content["items"],
        parse_legal_bases(content["legal_bases"]),
        id=code,
        version=version,
        title=Text(*content["title"]),
        valid_from=valid_from,
    )
