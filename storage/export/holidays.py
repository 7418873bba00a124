"""Days off and make-up days set by the administrator."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from storage.export.base import Exported, Field, Values, streamed
from storage.tables import calendar_overrides


def _rows(connection: Connection) -> Iterator[Values]:
    columns = [calendar_overrides.c[field.name] for field in TABLE.fields]
    return streamed(connection, select(*columns).order_by(calendar_overrides.c.day))


TABLE = Exported(
    "holidays",
    "Ngày nghỉ",
    "Ngày nghỉ và ngày làm bù khác với lịch chung.",
    (
        Field("day", "day", "ngày"),
        Field("kind", "text", "off (nghỉ) hoặc work (làm bù)"),
        Field("source", "text", "văn bản quy định"),
    ),
    _rows,
)
