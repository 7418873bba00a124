"""The log of administration with its chain of hashes, so that whoever holds the export can check it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import journal


def _rows() -> Select[Any]:
    columns = [journal.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(journal.c.id)


TABLE = Exported(
    "journal",
    "Nhật ký quản trị",
    "Việc quản trị đã làm: ai mời, khóa, gỡ ai; mỗi dòng nối với dòng trước bằng mã băm.",
    (
        Field("id", "whole", "thứ tự"),
        Field("at", "moment", "thời điểm"),
        Field("actor_id", "text", "người làm, như people.id; trống: Hệ thống"),
        Field("act", "text", "việc đã làm"),
        Field("subject_id", "text", "người hoặc thứ liên quan"),
        Field("details", "json", "chi tiết dạng JSON: mã, không có họ tên"),
        Field("previous", "text", "mã băm của dòng trước"),
        Field("hash", "text", "mã băm của dòng này"),
    ),
    _rows,
)
