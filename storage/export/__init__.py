"""Everything stored can be taken out again: one file a table, in one of three formats, from one moment of the database.

Beside them stands the set-up part as a workbook that `import` reads; visits and what follows come back by `restore`.
To add a table, write its file, its line in `storage/export/registry.py` and whose it is in `storage/export/scope.py`;
a format, in `FORMATS`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from storage.export.base import Writer
from storage.export.formats import csv, jsonl, xlsx
from storage.export.registry import EXPORTED
from storage.export.scope import area_of, rows_of
from storage.workbook.template import write_setup

FORMATS: Mapping[str, Writer] = {"jsonl": jsonl.write, "csv": csv.write, "xlsx": xlsx.write}
SETUP_FILE = "thiet-lap.xlsx"


def export(
    connection: Connection, folder: Path, format: str, today: date, of_units: Collection[str] | None = None
) -> dict[str, int]:
    """Write every table into the folder; returns how many rows each file has, by file name.

    of_units: only the rows of their area, and the set-up workbook only if that is the whole. The connection must not be
    inside a transaction that has read already. Raises ValueError for an unknown format.
    """
    if format not in FORMATS:
        raise ValueError(f"one of {', '.join(FORMATS)}, not {format}")
    folder.mkdir(parents=True, exist_ok=True)
    one_moment(connection)
    area = None if of_units is None else area_of(connection, of_units, today)
    counts = {}
    for table in EXPORTED:
        path = folder / f"{table.name}.{format}"
        counts[path.name] = FORMATS[format](path, table, rows_of(connection, table, area))
    if area is None or area.whole:
        write_setup(connection, folder / SETUP_FILE, today)
    return counts


def bundle(connection: Connection, path: Path, format: str, today: date, of_units: Collection[str]) -> int:
    """The same of an area as one file to be sent: a workbook of all tables, or a zip; returns the number of rows."""
    if format == "xlsx":
        one_moment(connection)
        area = area_of(connection, of_units, today)
        return xlsx.write_book(path, [(table, rows_of(connection, table, area)) for table in EXPORTED])
    with TemporaryDirectory() as folder:
        counts = export(connection, Path(folder), format, today, of_units)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in sorted(Path(folder).iterdir()):
                packed.write(file, file.name)
    return sum(counts.values())


def one_moment(connection: Connection) -> None:
    """All tables are read as they stood together."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("SAVEPOINT one_moment")  # begins a transaction where there is none
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
