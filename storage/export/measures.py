"""What each finished visit brings to the indicators."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import measures


def _rows() -> Select[Any]:
    columns = [measures.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(measures.c.visit_id)


TABLE = Exported(
    "measures",
    "Số liệu của chỉ tiêu",
    "Con số của từng cuộc kiểm tra đã xong mà các chỉ tiêu cộng lại; trống khi cuộc kiểm tra không có số liệu.",
    (
        Field("visit_id", "text", "cuộc kiểm tra (visits.id)"),
        Field("briefed", "whole", "số người đã quán triệt"),
        Field("staff", "whole", "tổng số người"),
        Field("absent", "whole", "số người vắng không lý do"),
        Field("required", "whole", "số người phải có mặt"),
        Field("late_files", "whole", "số hồ sơ quá hạn"),
        Field("apologies", "whole", "số hồ sơ quá hạn có văn bản xin lỗi"),
        Field(
            "satisfied",
            "whole",
            "tỷ lệ hài lòng tính bằng phần vạn, nhân với số hồ sơ gia quyền",
            label="hài lòng × hồ sơ",
        ),
        Field("rated", "whole", "số hồ sơ gia quyền"),
    ),
    _rows,
)
