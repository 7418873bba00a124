"""A workbook becomes a plan of changes, and the plan is carried out whole in one transaction or not at all.

book = importing.read(data, "tep.xlsx")              # no database; raises WorkbookFaults when it is no workbook
plan = importing.plan(connection, book, now, today, new_id)   # compares; plan.faults says what is to be put right
importing.apply(connection, plan)                    # in the same transaction; refuses a plan with faults
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update

from inspection.words import fold
from storage import calendar, due_dates
from storage.obligations import look_again
from storage.tables import (
    calendar_overrides,
    demands,
    directives,
    people,
    roles,
    unit_links,
    units,
    work_hours,
)
from storage.workbook.faults import WHOLE, Fault, WorkbookFaults
from storage.workbook.reading import RawSheet, read_workbook
from storage.workbook.sheets import SHEETS
from storage.workbook.sheets.base import Change, Faults, Table, World, Write

HELP_TITLES = ("Hướng dẫn", "Danh mục")  # written by the template, never read
# Whatever is referred to comes first.
_TABLES = (units, unit_links, people, roles, work_hours, calendar_overrides, directives, demands)
_ACTIONS = ("delete", "update", "insert")


@dataclass(frozen=True, slots=True)
class ReadBook:
    """A workbook as it was read, before it is compared. rows: by the name of the sheet."""

    rows: Mapping[str, Sequence[Any]]
    counts: Mapping[str, int]  # rows by title of the sheet
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do. With any faults it does nothing."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    today: date

    def summary(self) -> list[str]:
        """ "Đơn vị: thêm 65, sửa 02", one line for each sheet that changes."""
        lines = []
        for title, found in groupby(self.changes, key=lambda change: change.sheet):
            changes = list(found)
            new = sum(not change.differences for change in changes)
            parts = [f"thêm {new:02d}" if new else "", f"sửa {len(changes) - new:02d}" if new < len(changes) else ""]
            lines.append(f"{title}: {', '.join(filter(None, parts))}")
        return lines

    def lines(self, most_new: int = 20) -> Iterator[str]:
        """Everything that changes, old -> new; of what is new, the first of each sheet and how many more."""
        for title, found in groupby(self.changes, key=lambda change: change.sheet):
            changes = list(found)
            new = [change for change in changes if not change.differences]
            yield from (f"{title}: {change.line}" for change in changes if change.differences)
            yield from (f"{title}: {change.line}" for change in new[:most_new])
            if len(new) > most_new:
                yield f"{title}: và thêm {len(new) - most_new} dòng nữa"


def read(data: bytes, name: str = "") -> ReadBook:
    """The rows of every known sheet, with all that is wrong in them by themselves.

    Raises WorkbookFaults if the file cannot be taken as a workbook at all.
    """
    faults = Faults()
    tables = {table.sheet.name: table for table in _tables(read_workbook(data, name), faults)}
    if not tables:
        titles = ", ".join(sheet.title for sheet in SHEETS)
        raise WorkbookFaults(
            [Fault("", 0, WHOLE, "", f"không thấy trang nào trong: {titles}; đề nghị dùng tệp mẫu của Hệ thống.")]
        )
    rows = {sheet.name: sheet.read(tables[sheet.name]) for sheet in SHEETS if sheet.name in tables}
    counts = {table.sheet.title: len(table.rows) for table in tables.values()}
    return ReadBook(rows, counts, tuple(faults.found), tuple(faults.notes))


def plan(connection: Connection, book: ReadBook, *, now: datetime, today: date, new_id: Callable[[], str]) -> Plan:
    """Compare with what is stored. Rows keep their faults; those that show only beside the database are added."""
    faults = Faults()
    world = World(connection, now, today, new_id, faults)
    with _told_to(faults, book):
        changes = tuple(change for sheet in SHEETS for change in sheet.compare(book.rows, world))
    found = tuple(sorted({*book.faults, *faults.found}, key=_place))
    return Plan(changes, found, (*book.notes, *faults.notes), today)


def apply(connection: Connection, plan: Plan) -> None:
    """Carry the plan out; nothing is kept unless the caller's transaction commits. Raises WorkbookFaults."""
    if plan.faults:
        raise WorkbookFaults(plan.faults)
    before = calendar.current(connection, plan.today)
    writes = [write for change in plan.changes for write in change.writes]
    for _, same in groupby(sorted(writes, key=_order), key=_order):
        _execute(connection, list(same))
    due_dates.move(connection, due_dates.moves(connection, before, calendar.current(connection, plan.today)))
    for change in plan.changes:
        if change.then is not None:
            change.then(connection)
    if plan.changes:
        look_again(connection)  # other days off, other heads: what is due may have changed


# --- reading --------------------------------------------------------------------------------------------------------


def _tables(raw: Sequence[RawSheet], faults: Faults) -> Iterator[Table]:
    by_title = {fold(sheet.title): sheet for sheet in SHEETS}
    seen: dict[str, str] = {}
    for found in raw:
        title = " ".join(fold(found.title).split())
        sheet = by_title.get(title)
        if sheet is None:
            if title not in {fold(known) for known in HELP_TITLES} and found.rows:
                faults.notes.append(f"Không dùng trang “{found.title}”.")
        elif title in seen:
            sentence = f"có hai trang “{seen[title]}” và “{found.title}”; đề nghị chỉ giữ một trang."
            faults.add(Fault(sheet.title, 0, WHOLE, "", sentence))
        else:
            seen[title] = found.title
            if found.rows:
                yield Table(sheet, found, faults)


@contextmanager
def _told_to(faults: Faults, book: ReadBook) -> Iterator[None]:
    """While rows are compared, what they report goes to this plan, not to the book they were read with."""
    tables = {id(table): table for rows in book.rows.values() for one in rows if (table := _table_of(one))}
    before = {number: table.faults for number, table in tables.items()}
    for table in tables.values():
        table.faults = faults
    try:
        yield
    finally:
        for number, table in tables.items():
            table.faults = before[number]


def _table_of(one: Any) -> Table | None:
    return one.row.table if one.row is not None else None


def _place(fault: Fault) -> tuple[int, int, int, str]:
    titles = [sheet.title for sheet in SHEETS]
    sheet = titles.index(fault.sheet) if fault.sheet in titles else -1
    return sheet, fault.row, fault.column, fault.sentence


# --- writing --------------------------------------------------------------------------------------------------------


def _order(write: Write) -> tuple[int, int, tuple[str, ...]]:
    return _TABLES.index(write.table), _ACTIONS.index(write.action), tuple(sorted(write.values))


def _execute(connection: Connection, writes: Sequence[Write]) -> None:
    """Many statements of one shape at once."""
    first = writes[0]
    if first.action == "insert":
        names = sorted(first.values)
        connection.execute(insert(first.table), [{name: write.values[name] for name in names} for write in writes])
        return
    matches = [first.table.c[name] == bindparam(f"match_{name}") for name in first.match]
    keys = [{f"match_{name}": value for name, value in write.match.items()} for write in writes]
    if first.action == "delete":
        connection.execute(delete(first.table).where(*matches), keys)
        return
    statement = update(first.table).where(*matches).values({name: bindparam(f"new_{name}") for name in first.values})
    values = [{f"new_{name}": value for name, value in write.values.items()} for write in writes]
    connection.execute(statement, [key | value for key, value in zip(keys, values, strict=True)])
