"""Working hours by unit, day of the week and season."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import work_hours


def _rows() -> Select[Any]:
    columns = [work_hours.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(work_hours.c.id)


TABLE = Exported(
    "work_hours",
    "Giờ làm việc",
    "Giờ làm việc theo ca và theo mùa.",
    (
        Field("unit_id", "text", "đơn vị (units.id)"),
        Field("weekday", "whole", "ngày trong tuần: 0 là thứ Hai, 6 là chủ nhật"),
        Field("start", "text", "giờ bắt đầu, ví dụ 07:30, giờ Việt Nam"),
        Field("end", "text", "giờ kết thúc"),
        Field("valid_from", "day", "từ ngày"),
        Field("valid_to", "day", "đến hết ngày; trống nếu chưa định"),
    ),
    _rows,
)
