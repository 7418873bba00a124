"""Which Word templates of its own an authority has kept, and when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import document_templates


def _rows() -> Select[Any]:
    columns = [document_templates.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(document_templates.c.id)


TABLE = Exported(
    "document_templates",
    "Mẫu văn bản",
    "Mẫu Word riêng của cơ quan; bản mới nhất của mỗi loại được dùng. Tệp lấy ra bằng kycuong template --to.",
    (
        Field("id", "whole", "số thứ tự"),
        Field("unit_id", "text", "cơ quan (units.id)"),
        Field("kind", "text", "loại văn bản", words.PAPERS),
        Field("sha256", "text", "SHA-256 của tệp mẫu"),
        Field("kept_at", "moment", "thời điểm lưu"),
        Field("kept_by", "text", "người lưu (people.id); trống nếu lưu trên máy chủ"),
    ),
    _rows,
)
