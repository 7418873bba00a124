"""What directives demand of whom, by when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import demands


def _rows() -> Select[Any]:
    columns = [demands.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(demands.c.directive_id, demands.c.id)


TABLE = Exported(
    "demands",
    "Việc được giao",
    "Việc mà văn bản chỉ đạo giao, mỗi việc một dòng.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("directive_id", "text", "văn bản (directives.id)"),
        Field("kind", "text", "loại việc (obligation_kinds.code hoặc loại có sẵn)"),
        Field("subject", "text", "nội dung việc", width=60),
        Field("due_rule", "text", "thời hạn như đã ghi: ngày, hoặc số ngày tính từ ngày văn bản"),
        Field("addressees", "text", "đơn vị thực hiện như đã ghi", width=40),
        Field("yearly", "yes", "hằng năm hay một lần"),
    ),
    _rows,
)
