"""Everything stored can be taken out again, in one of three formats, from one moment of the database: one file a table,
or as a workbook one sheet a table.

Beside them stands the set-up part as a workbook that `import` reads; visits and what follows come back by `restore`.
To add a table, write its file, its line in `storage/export/registry.py` and whose it is in `storage/export/scope.py`;
a format for programs, in `WRITERS`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Connection, true

from storage.export.base import Exported, Listed, Values, Writer
from storage.export.columns import columns_of
from storage.export.formats import csv, jsonl, xlsx
from storage.export.names import Names
from storage.export.photos import pictures
from storage.export.places import Places
from storage.export.registry import EXPORTED
from storage.export.scope import WITHIN, Area, area_of, count_of, rows_of
from storage.workbook.template import write_setup

WRITERS: Mapping[str, Writer] = {"jsonl": jsonl.write, "csv": csv.write}
FORMATS = (*WRITERS, "xlsx")
BOOK_FILE = "ky-cuong.xlsx"
SETUP_FILE = "thiet-lap.xlsx"
PHOTO_FOLDER = "minh-chung"

# Writes copies of photos, named by their SHA-256, into a folder; returns the name of the file of each it wrote.
Copy: TypeAlias = Callable[[Sequence[str], Path], Mapping[str, str]]
Progress: TypeAlias = Callable[[float], object]  # hears what share is done, 0 to 1


class Lead(Protocol):
    """What an export begins with: sheets of a workbook that refer to its tables, else a file like the others."""

    @property
    def table(self) -> Listed:
        """What its file holds."""
        ...

    def sheets(self, connection: Connection, book: Any, places: Places) -> object:
        """Write them into a workbook before its tables."""
        ...

    def rows(self, connection: Connection) -> Iterable[Values]:
        """The rows of its table."""
        ...


def _untold(_share: float) -> None:
    """Nobody waits to hear how far it is."""


def export(  # noqa: PLR0913  what, whose, and what goes with it
    connection: Connection,
    folder: Path,
    format: str,
    today: date,
    of_units: Collection[str] | None = None,
    *,
    copy: Copy | None = None,
    lead: Lead | None = None,
    progress: Progress = _untold,
) -> dict[str, int]:
    """Write every table into the folder; returns how many rows each file has, by file name.

    of_units: only the rows of their area, and the set-up workbook only if that is the whole; copy: puts copies of their
    photos into a folder beside. The connection must not be inside a transaction that has read already. Raises
    ValueError for an unknown format.
    """
    if format not in FORMATS:
        raise ValueError(f"one of {', '.join(FORMATS)}, not {format}")
    folder.mkdir(parents=True, exist_ok=True)
    one_moment(connection)
    area = None if of_units is None else area_of(connection, of_units, today)
    counts = {}
    links = _copied(connection, folder, area, copy)
    if links:
        counts[f"{PHOTO_FOLDER}/"] = len(links)
    if format == "xlsx":
        counts[BOOK_FILE] = _book(connection, folder / BOOK_FILE, area, links=links, lead=lead, progress=progress)
    else:
        counts |= _files(connection, folder, format, area, lead=lead, progress=progress)
    if area is None or area.whole:
        write_setup(connection, folder / SETUP_FILE, today)
    return counts


def bundle(  # noqa: PLR0913  what, whose, and what goes with it
    connection: Connection,
    path: Path,
    format: str,
    today: date,
    of_units: Collection[str],
    *,
    copy: Copy | None = None,
    lead: Lead | None = None,
    progress: Progress = _untold,
) -> int:
    """The same of an area as one file to be sent: a workbook of all tables, or a zip; returns the number of their rows.

    copy: of a workbook alone, which then is in a zip too.
    """
    with TemporaryDirectory() as place:
        folder = Path(place)
        if format != "xlsx":
            counts = export(connection, folder, format, today, of_units, lead=lead, progress=progress)
            _pack(folder, path)
            return sum(count for name, count in counts.items() if lead is None or name != f"{lead.table.name}.{format}")
        one_moment(connection)
        area = area_of(connection, of_units, today)
        links = _copied(connection, folder, area, copy)
        book = folder / f"{path.stem}.xlsx" if copy else path
        rows = _book(connection, book, area, links=links, lead=lead, progress=progress)
        if copy:
            _pack(folder, path)
        return rows


def _files(  # noqa: PLR0913  what, whose, and what goes with it
    connection: Connection, folder: Path, format: str, area: Area | None, *, lead: Lead | None, progress: Progress
) -> dict[str, int]:
    """One file a table, the one it begins with first."""
    write, counts = WRITERS[format], {}
    first = [(lead.table, lead.rows(connection))] if lead is not None else []
    for table, rows in (*first, *_counted(connection, area, progress)):
        path = folder / f"{table.name}.{format}"
        counts[path.name] = write(path, table, rows)
    return counts


def _book(  # noqa: PLR0913  whose, and what goes with it
    connection: Connection, path: Path, area: Area | None, *, links: Mapping[str, str], lead: Lead | None,
    progress: Progress,
) -> int:  # fmt: skip
    """One sheet a table, and before them those that refer to them."""
    names = Names(connection)

    def before(book: Any) -> None:
        if lead is not None:
            lead.sheets(connection, book, Places(connection, area, names))

    tables = ((table, columns_of(table, names), rows) for table, rows in _counted(connection, area, progress))
    return xlsx.write_book(path, tables, links=links, lead=before)


def _pack(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            # Photos do not get smaller by being packed once more.
            kind = zipfile.ZIP_STORED if file.suffix == ".jpg" else None
            packed.write(file, file.relative_to(folder), kind)


def _copied(connection: Connection, folder: Path, area: Area | None, copy: Copy | None) -> dict[str, str]:
    """The photos of an area beside the tables; returns, by SHA-256, where each lies from there."""
    if copy is None:
        return {}
    within = true() if area is None else WITHIN["photos"](area)
    names = copy(pictures(connection, within), folder / PHOTO_FOLDER)
    return {sha: f"{PHOTO_FOLDER}/{name}" for sha, name in names.items()}


def _counted(
    connection: Connection, area: Area | None, progress: Progress
) -> Iterator[tuple[Exported, Iterator[Values]]]:
    """Every table with its rows; on the way it is told what share of all rows has been read."""
    total = sum(count_of(connection, table, area) for table in EXPORTED) or 1
    done = count()

    def told(rows: Iterator[Values]) -> Iterator[Values]:
        for row in rows:
            if (number := next(done)) % 500 == 0:
                progress(number / total)
            yield row

    for table in EXPORTED:
        yield table, told(rows_of(connection, table, area))


def one_moment(connection: Connection) -> None:
    """All tables are read as they stood together."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("SAVEPOINT one_moment")  # begins a transaction where there is none
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
