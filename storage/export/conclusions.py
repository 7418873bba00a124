"""Notices of conclusions, by which units learn of their findings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import conclusions


def _rows() -> Select[Any]:
    columns = [conclusions.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(conclusions.c.issued, conclusions.c.visit_id)


TABLE = Exported(
    "conclusions",
    "Thông báo kết luận",
    "Thông báo kết luận của từng cuộc kiểm tra; thời hạn khắc phục tính từ ngày này.",
    (
        Field("visit_id", "text", "cuộc kiểm tra (visits.id)"),
        Field("document", "text", "số, ký hiệu thông báo", label="số, ký hiệu thông báo"),
        Field("issued", "day", "ngày thông báo"),
        Field("entered_by", "text", "người nhập (people.id)"),
        Field("entered_at", "moment", "thời điểm nhập"),
    ),
    _rows,
)
