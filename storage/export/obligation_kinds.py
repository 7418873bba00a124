"""Kinds of obligation an administrator named, and ladders that differ from the default."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import obligation_kinds


def _rows() -> Select[Any]:
    columns = [obligation_kinds.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(obligation_kinds.c.code)


TABLE = Exported(
    "obligation_kinds",
    "Loại việc",
    "Loại việc do quản trị đặt tên, và bậc nhắc khác mặc định.",
    (
        Field("code", "text", "mã loại việc"),
        Field("name", "text", "tên"),
        Field("ladder", "text", "bậc nhắc; trống là mặc định"),
    ),
    _rows,
)
