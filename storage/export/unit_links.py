"""Where each unit stood in the tree, from when to when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import unit_links


def _rows() -> Select[Any]:
    columns = [unit_links.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(unit_links.c.unit_id, unit_links.c.valid_from)


TABLE = Exported(
    "unit_links",
    "Quan hệ cấp trên",
    "Đơn vị trực thuộc đơn vị nào, theo thời gian.",
    (
        Field("unit_id", "text", "đơn vị (units.id)"),
        Field("parent_id", "text", "đơn vị cấp trên trực tiếp (units.id)"),
        Field("valid_from", "day", "từ ngày"),
        Field("valid_to", "day", "đến hết ngày; trống nếu còn hiệu lực"),
    ),
    _rows,
)
