"""Every person known to the system; chat accounts and invitations are not taken out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import people


def _rows() -> Select[Any]:
    columns = [people.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(people.c.id)


TABLE = Exported(
    "people",
    "Nhân sự",
    "Mọi người dùng Hệ thống. Tài khoản trò chuyện và mã mời không được xuất.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("key", "text", "Mã do cơ quan đặt; trống nếu chưa có"),
        Field("name", "text", "họ và tên"),
        Field("title", "text", "chức vụ", width=32),
        Field("language", "text", "ngôn ngữ", words.LANGUAGES),
        Field("blocked_at", "moment", "thời điểm bị khóa; trống nếu không bị khóa"),
        Field("created_at", "moment", "thời điểm được ghi vào Hệ thống"),
    ),
    _rows,
)
