"""Every finding from its visit to the visit that closed it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import findings


def _rows() -> Select[Any]:
    columns = [findings.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(findings.c.number)


TABLE = Exported(
    "findings",
    "Tồn tại",
    "Các tồn tại đã ghi nhận và việc khắc phục.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("number", "text", "số của tồn tại, ví dụ TT-2026-031"),
        Field("unit_id", "text", "đơn vị (units.id)"),
        Field("visit_id", "text", "cuộc kiểm tra đã ghi nhận (visits.id)"),
        Field(
            "key", "text", "mã nội dung, như ở answers.key; thêm số thứ tự khi nội dung lặp lại", label="mã ghi nhận"
        ),
        Field("item_code", "text", "mã nội dung"),
        Field("sentence", "text", "câu ghi trong biên bản", width=60),
        Field("remedy_days", "whole", "số ngày làm việc để khắc phục; 0 nếu không phải khắc phục"),
        Field("due", "day", "hạn khắc phục; trống khi chưa có thông báo kết luận"),
        Field(
            "original_due",
            "day",
            "hạn đầu tiên theo thông báo kết luận, giữ nguyên khi được gia hạn",
            label="hạn đầu tiên",
        ),
        Field("status", "text", "tình trạng", words.FINDINGS),
        Field("photo", "file", "SHA-256 của ảnh chứng minh (photos.sha256)", label="SHA-256 của ảnh"),
        Field("closed_by_visit", "text", "cuộc kiểm tra đã xác nhận khắc phục (visits.id)", label="ngày kiểm tra lại"),
        Field("found_on", "day", "ngày ghi nhận"),
        Field("repeat_of", "text", "tồn tại trước đó mà tồn tại này tái diễn (findings.id)", label="tái diễn của"),
    ),
    _rows,
)
