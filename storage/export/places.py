"""Where the rows of a data sheet will stand, known before they are written: sheets in front of them can refer to them.

A reference looks first where the row was written and, when somebody has sorted the sheet, finds it by its id: so it is
right in any order, and quick in the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sqlalchemy import Connection
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from storage.export.base import Exported
from storage.export.columns import columns_of
from storage.export.formats.xlsx import ROWS_OF_SHEET
from storage.export.names import Names
from storage.export.registry import EXPORTED
from storage.export.scope import Area, ids_of


class Place:
    """One data sheet: its rows by id, and its columns by the names of their fields."""

    def __init__(self, connection: Connection, table: Exported, area: Area | None, names: Names) -> None:
        self.title = table.title
        self._columns = {
            column.field: xl_col_to_name(place) for place, column in enumerate(columns_of(table, names)) if column.field
        }
        ids = ids_of(connection, table, area)
        # What goes on in a second sheet is referred to in neither.
        self._rows = {id: row for row, id in enumerate(ids, start=2)} if len(ids) <= ROWS_OF_SHEET else {}
        self._id = table.fields[0].name

    def row(self, id: str | None, cell: str) -> tuple[str, int] | None:
        """The formula that finds a row whose id stands in a cell, and its number as written; None: it is not there."""
        row = self._rows.get(id) if id is not None else None
        if row is None:
            return None
        ids, here = self.column(self._id), f"'{self.title}'!${self._columns[self._id]}${row}"
        return f"IF({here}={cell},{row},MATCH({cell},{ids},0))", row

    def value(self, field: str, row: str) -> str:
        """The value of a field in the row of which a cell tells the number."""
        return f"INDEX({self.column(field)},{row})"

    def column(self, field: str) -> str:
        """A column from its header down."""
        letter = self._columns[field]
        return f"'{self.title}'!${letter}$1:${letter}${max(2, len(self._rows) + 1)}"


class Places:
    """The data sheets of a workbook, of an area or of everything."""

    def __init__(self, connection: Connection, area: Area | None, names: Names) -> None:
        self._told: tuple[Connection, Area | None, Names] = (connection, area, names)
        self._known: dict[str, Place] = {}

    @cached_property
    def _tables(self) -> Mapping[str, Exported]:
        return {table.name: table for table in EXPORTED}

    def of(self, table: str) -> Place:
        """The sheet of a table, of which the first field is the id."""
        if table not in self._known:
            connection, area, names = self._told
            self._known[table] = Place(connection, self._tables[table], area, names)
        return self._known[table]
