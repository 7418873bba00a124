"""Every unit that is or was."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import units


def _rows() -> Select[Any]:
    columns = [units.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(units.c.id)


TABLE = Exported(
    "units",
    "Đơn vị",
    "Mọi đơn vị, kể cả đơn vị đã hết hiệu lực.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("key", "text", "Mã do cơ quan đặt; trống nếu chưa có"),
        Field("code", "text", "mã chính thức; có thể lặp lại theo thời gian"),
        Field("kind", "text", "loại", words.UNITS),
        Field("name", "text", "tên", width=32),
        Field("former", "text", "tiền thân, như ghi trên thẻ đơn vị", width=40),
        Field("one_stop", "yes", "có Bộ phận Một cửa"),
        Field("staff_total", "whole", "số biên chế"),
        Field("valid_from", "day", "ngày bắt đầu hoạt động"),
        Field("valid_to", "day", "ngày hoạt động cuối cùng; trống nếu còn hoạt động"),
    ),
    _rows,
)
