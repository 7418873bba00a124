"""What people answered to the notice on their data, every answer with its moment and the text that was shown."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import consents


def _rows() -> Select[Any]:
    columns = [consents.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(consents.c.id)


TABLE = Exported(
    "consents",
    "Đồng ý xử lý dữ liệu",
    "Mỗi lần một người trả lời thông báo về dữ liệu cá nhân; câu trả lời mới nhất có giá trị.",
    (
        Field("id", "whole", "thứ tự"),
        Field("person_id", "text", "người trả lời, như people.id"),
        Field("agreed", "yes", "đồng ý hay không"),
        Field("version", "text", "mã băm SHA-256 của văn bản thông báo đã hiển thị"),
        Field("answered_at", "moment", "thời điểm trả lời"),
        Field("channel", "text", "mạng trò chuyện"),
        Field("account", "text", "tài khoản bot trên mạng đó"),
        Field("user_id", "text", "tài khoản người trả lời trên mạng đó"),
    ),
    _rows,
)
