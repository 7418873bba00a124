"""The official plans of days off, by year."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import calendar_plans


def _rows() -> Select[Any]:
    columns = [calendar_plans.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(calendar_plans.c.year)


TABLE = Exported(
    "calendar_plans",
    "Lịch nghỉ chính thức",
    "Lịch nghỉ của năm đã được hỏi hoặc xác nhận.",
    (
        Field("year", "whole", "năm"),
        Field("asked_at", "moment", "thời điểm đã hỏi quản trị"),
        Field("source", "text", "văn bản quy định; trống là chưa xác nhận", width=40),
        Field("confirmed_at", "moment", "thời điểm xác nhận"),
    ),
    _rows,
)
