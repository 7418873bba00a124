"""Everything stored can be taken out again: one file a table, in one of three formats, from one moment of the database.

Beside them stands the set-up part as a workbook that `import` reads; visits and what follows come back by `restore`.
To add a table, write its file and its line in `storage/export/registry.py`; a format, in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from storage.export.base import Writer
from storage.export.formats import csv, jsonl, xlsx
from storage.export.registry import EXPORTED
from storage.workbook.template import write_setup

FORMATS: Mapping[str, Writer] = {"jsonl": jsonl.write, "csv": csv.write, "xlsx": xlsx.write}
SETUP_FILE = "thiet-lap.xlsx"


def export(connection: Connection, folder: Path, format: str, today: date) -> dict[str, int]:
    """Write every table into the folder; returns how many rows each file has, by file name.

    The connection must not be inside a transaction that has read already. Raises ValueError for an unknown format.
    """
    if format not in FORMATS:
        raise ValueError(f"one of {', '.join(FORMATS)}, not {format}")
    folder.mkdir(parents=True, exist_ok=True)
    _one_moment(connection)
    counts = {}
    for table in EXPORTED:
        path = folder / f"{table.name}.{format}"
        counts[path.name] = FORMATS[format](path, table, table.rows(connection))
    write_setup(connection, folder / SETUP_FILE, today)
    return counts


def _one_moment(connection: Connection) -> None:
    """All tables are read as they stood together."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("SAVEPOINT one_moment")  # begins a transaction where there is none
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
