"""What the answers of each finished visit amount to, item by item."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import results


def _rows() -> Select[Any]:
    columns = [results.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(results.c.visit_id, results.c.key)


TABLE = Exported(
    "results",
    "Kết quả từng nội dung",
    "Kết quả của từng nội dung trong các cuộc kiểm tra đã xong.",
    (
        Field("visit_id", "text", "cuộc kiểm tra (visits.id)"),
        Field(
            "key", "text", "mã nội dung, như ở answers.key; thêm số thứ tự khi nội dung lặp lại", label="mã ghi nhận"
        ),
        Field("code", "text", "mã nội dung"),
        Field("outcome", "text", "kết quả", words.OUTCOMES),
        Field("critical", "yes", "nghiêm trọng"),
    ),
    _rows,
)
