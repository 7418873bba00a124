"""Every value ever given, in the order of giving: the last of a key counts, the earlier ones are its history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import answers


def _rows() -> Select[Any]:
    columns = [answers.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(answers.c.visit_id, answers.c.revision)


TABLE = Exported(
    "answers",
    "Câu trả lời",
    "Mọi câu trả lời, kể cả giá trị đã được sửa; giá trị cuối cùng của một nội dung là giá trị được tính.",
    (
        Field("visit_id", "text", "cuộc kiểm tra (visits.id)"),
        Field("revision", "whole", "thứ tự ghi trong cuộc kiểm tra"),
        Field("key", "text", "mã nội dung; thêm số thứ tự khi nội dung lặp lại, ví dụ I03.1"),
        Field("value", "json", "giá trị theo từng trường của nội dung", label="câu trả lời", width=40),
        Field("person_id", "text", "người trả lời (people.id)"),
        Field("recorded_at", "moment", "thời điểm ghi"),
        Field("said", "text", "nguyên văn tin nhắn", width=40),
    ),
    _rows,
)
