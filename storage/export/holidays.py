"""Days off and make-up days set by the administrator."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import calendar_overrides


def _rows() -> Select[Any]:
    columns = [calendar_overrides.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(calendar_overrides.c.day)


TABLE = Exported(
    "holidays",
    "Ngày nghỉ",
    "Ngày nghỉ và ngày làm bù khác với lịch chung.",
    (
        Field("day", "day", "ngày"),
        Field("kind", "text", "loại", words.DAYS),
        Field("source", "text", "văn bản quy định", width=40),
    ),
    _rows,
)
