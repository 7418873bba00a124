"""What became of units that were merged, split, renamed or abolished."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import unit_lineage


def _rows() -> Select[Any]:
    columns = [unit_lineage.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(unit_lineage.c.from_id, unit_lineage.c.to_id, unit_lineage.c.on)


TABLE = Exported(
    "unit_lineage",
    "Sắp xếp đơn vị",
    "Đơn vị cũ đã thành đơn vị nào.",
    (
        Field("from_id", "text", "đơn vị trước (units.id)"),
        Field("to_id", "text", "đơn vị sau (units.id)"),
        Field("kind", "text", "hình thức", words.LINEAGE),
        Field("on", "day", "ngày có hiệu lực"),
        Field("resolution", "text", "nghị quyết", width=32),
    ),
    _rows,
)
