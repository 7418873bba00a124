"""Directing documents: who issued which number when, and what from above it carries out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import directives


def _rows() -> Select[Any]:
    columns = [directives.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(directives.c.issued, directives.c.id)


TABLE = Exported(
    "directives",
    "Văn bản chỉ đạo",
    "Văn bản chỉ đạo đã nhập.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("key", "text", "mã do cơ quan tự đặt, nếu nạp từ sổ tính"),
        Field("number_symbol", "text", "số, ký hiệu", label="số, ký hiệu"),
        Field("issued", "day", "ngày ban hành"),
        Field("issuer_id", "text", "cơ quan ban hành (units.id)"),
        Field("subject", "text", "trích yếu", width=60),
        Field("year", "whole", "năm thực hiện"),
        Field(
            "parent_id",
            "text",
            "văn bản cấp trên mà văn bản này thực hiện (directives.id)",
            label="thực hiện văn bản cấp trên",
        ),
        Field("entered_by", "text", "người nhập (people.id); trống nếu nạp từ sổ tính"),
        Field("entered_at", "moment", "thời điểm nhập"),
    ),
    _rows,
)
