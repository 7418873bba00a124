"""The list of evidence: which file, by fingerprint, belongs to which item of which visit, sent by whom and when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import evidence, photos


def _rows() -> Select[Any]:
    columns = [(evidence if field.name in _OF_FILE else photos).c[field.name] for field in TABLE.fields]
    joined = photos.outerjoin(evidence, evidence.c.sha256 == photos.c.sha256)
    return select(*columns).select_from(joined).order_by(photos.c.received_at, photos.c.id)


_OF_FILE = ("size", "mime", "width", "height")

TABLE = Exported(
    "photos",
    "Danh sách minh chứng",
    "Các ảnh đã gửi. Tệp gốc nằm trong kho minh chứng, tên là SHA-256; được sao lưu bằng lệnh backup.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("visit_id", "text", "cuộc kiểm tra (visits.id), nếu có"),
        Field("obligation_id", "text", "nhiệm vụ (obligations.id), nếu có"),
        Field("sender_id", "text", "người gửi (people.id)"),
        Field("channel", "text", "mạng trò chuyện đã nhận"),
        Field("state", "text", "awaited (đang chờ tệp), stored (đã lưu), refused (không nhận)"),
        Field("sha256", "text", "SHA-256 của tệp gốc"),
        Field("size", "whole", "số byte"),
        Field("mime", "text", "kiểu tệp"),
        Field("width", "whole", "chiều rộng, điểm ảnh"),
        Field("height", "whole", "chiều cao, điểm ảnh"),
        Field("reused", "yes", "đã có trong một cuộc kiểm tra trước"),
        Field("trouble", "text", "lý do không nhận"),
        Field("received_at", "moment", "thời điểm tin nhắn đến"),
        Field("stored_at", "moment", "thời điểm tệp được lưu"),
    ),
    _rows,
)
