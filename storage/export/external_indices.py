"""Indices published by others, as they stand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import external_indices


def _rows() -> Select[Any]:
    columns = [external_indices.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(external_indices.c.unit_id, external_indices.c.name, external_indices.c.year)


TABLE = Exported(
    "external_indices",
    "Chỉ số công bố",
    "Thứ hạng do cơ quan khác công bố (SIPAS và tương tự), mỗi năm một dòng.",
    (
        Field("unit_id", "text", "đơn vị được xếp hạng (units.id)"),
        Field("name", "text", "tên chỉ số"),
        Field("year", "whole", "năm"),
        Field("rank", "whole", "thứ hạng"),
        Field("total", "whole", "tổng số đơn vị được xếp hạng"),
        Field("value", "figure", "giá trị; trống nếu không công bố"),
        Field("entered_by", "text", "người nhập (people.id)"),
        Field("entered_at", "moment", "thời điểm nhập"),
    ),
    _rows,
)
