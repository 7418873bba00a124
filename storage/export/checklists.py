"""Every version of every checklist, whole, as it was loaded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import checklists


def _rows() -> Select[Any]:
    columns = [checklists.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(checklists.c.id)


TABLE = Exported(
    "checklists",
    "Bộ nội dung kiểm tra",
    "Mọi phiên bản của các bộ nội dung kiểm tra.",
    (
        Field("id", "whole", "số của phiên bản (visits.checklist_id)"),
        Field("code", "text", "mã bộ"),
        Field("version", "whole", "phiên bản"),
        Field("valid_from", "day", "ngày bắt đầu dùng"),
        Field("rows", "json", "toàn bộ nội dung: title (tên), items (các nội dung), legal_bases (căn cứ pháp lý)"),
        Field("loaded_at", "moment", "thời điểm nạp"),
    ),
    _rows,
)
