"""Targets an authority set itself for a year."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import targets


def _rows() -> Select[Any]:
    columns = [targets.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(targets.c.unit_id, targets.c.code, targets.c.year)


TABLE = Exported(
    "targets",
    "Mục tiêu năm",
    "Mục tiêu của cơ quan khác với mục tiêu chung.",
    (
        Field("unit_id", "text", "cơ quan (units.id)"),
        Field("code", "text", "mã chỉ tiêu"),
        Field("year", "whole", "năm"),
        Field("value", "figure", "mục tiêu"),
    ),
    _rows,
)
