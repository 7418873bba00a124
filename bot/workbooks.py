"""The commands that carry an authority's own data in and out: all is told, and a workbook with faults does nothing.

Exit statuses: 0 done (or nothing to do), 1 the workbook is to be put right and nothing was changed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.photo_copies import write_copies
from bot.summary.words import TITLES
from inspection.working_days import local_date
from storage import export
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.reports.year import Year
from storage.workbook import importing, template
from storage.workbook.faults import Fault, WorkbookFaults

if TYPE_CHECKING:
    from sqlalchemy import Connection

Out = Callable[[str], object]
_MOST_FAULTS = 1_000  # lines; who has more has one cause for most of them


class UnreadableFileError(Exception):
    """The file cannot be opened, or the place to write cannot be written; the message says so in Vietnamese."""


def import_file(database: Database, path: Path, *, check: bool, now: datetime, out: Out) -> int:
    """Import a workbook, or with `check` only say what would happen. Writes line by line to `out`.

    Raises UnreadableFileError, StorageUnavailableError.
    """
    out(f"Đang đọc {path.name} …")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"Không đọc được tệp {path}: {error.strerror}.") from error
    try:
        book = importing.read(data, path.name)
        for title, count in book.counts.items():
            out(f"  {title}: {_counted(count)} dòng")
        out("Đang so với cơ sở dữ liệu …")
        plan = _carry_out(database, book, check=check, now=now, out=out)
    except WorkbookFaults as refused:
        _tell_faults(refused.faults, out)
        return 1
    _tell(plan, check=check, out=out)
    return 0


def _carry_out(database: Database, book: importing.ReadBook, *, check: bool, now: datetime, out: Out) -> importing.Plan:
    """Compare and write in one transaction, so that nothing comes between."""

    def work(connection: Connection) -> importing.Plan:
        plan = importing.plan(connection, book, now=now, today=local_date(now), new_id=lambda: secrets.token_hex(16))
        if plan.faults:
            raise WorkbookFaults(plan.faults)
        if not check and plan.changes:
            out(f"Đang ghi {_counted(len(plan.changes))} thay đổi …")
            importing.apply(connection, plan)
        return plan

    return database.write_now(work)


def _tell_faults(faults: Iterable[Fault], out: Out) -> None:
    lines = [fault.line for fault in faults]
    out(f"Có {len(lines):02d} điểm cần sửa; chưa có gì được ghi:")
    for line in lines[:_MOST_FAULTS]:
        out(f"- {line}")
    if len(lines) > _MOST_FAULTS:
        out(f"… và {_counted(len(lines) - _MOST_FAULTS)} điểm nữa.")


def _tell(plan: importing.Plan, *, check: bool, out: Out) -> None:
    for note in plan.notes:
        out(f"Lưu ý: {note}")
    if not plan.changes:
        out("Không có gì thay đổi.")
        return
    out("Sẽ thay đổi (chưa ghi):" if check else "Đã ghi:")
    for line in plan.lines():
        out(f"- {line}")
    for line in plan.summary():
        out(line)


def write_template(path: Path) -> None:
    """Write the empty workbook with explanations, lists and examples. Raises UnreadableFileError."""
    try:
        template.write_template(path)
    except OSError as error:
        raise UnreadableFileError(f"Không ghi được tệp {path}: {error.strerror or error}.") from error


def export_to(  # noqa: PLR0913  what, where to, and what goes with it
    database: Database, folder: Path, format: str, *, now: datetime, out: Out, photos: EvidenceStore | None = None
) -> int:
    """Write everything stored into a folder as "jsonl", "csv" or "xlsx", and the set-up part as one workbook.

    It begins with the indicators of this year; with `photos` come copies of all photos that are stored.

    Closes the database: a command's last act. Raises UnreadableFileError, and ValueError for another format.
    """

    def write(connection: Connection) -> dict[str, int]:
        copy = partial(write_copies, photos) if photos is not None else None
        lead = Year(None, now, {code: title.vi for code, title in TITLES.items()})
        return export.export(connection, folder, format, local_date(now), copy=copy, lead=lead)

    async def work() -> dict[str, int]:
        try:
            return await database.read(write)
        finally:
            await database.close()

    try:
        counts = asyncio.run(work())
    except OSError as error:
        raise UnreadableFileError(f"Không ghi được vào {folder}: {error.strerror or error}.") from error
    for name, count in counts.items():
        out(f"{name}: {_counted(count)} {'ảnh' if name.endswith('/') else 'dòng'}")
    return 0


def _counted(count: int) -> str:
    return f"{count:,}".replace(",", ".")
