"""Who is sent a summary by itself, and how often."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import subscriptions


def _rows() -> Select[Any]:
    columns = [subscriptions.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(subscriptions.c.person_id)


TABLE = Exported(
    "subscriptions",
    "Tổng hợp gửi định kỳ",
    "Người nhận tổng hợp hằng tuần hoặc hằng tháng.",
    (
        Field("person_id", "text", "người nhận (people.id)"),
        Field("every", "text", "định kỳ", words.EVERY),
        Field(
            "unit_id", "text", "đơn vị và các đơn vị trực thuộc được tổng hợp (units.id)", label="đơn vị được tổng hợp"
        ),
        Field("since", "day", "nhận từ ngày"),
        Field("told", "day", "ngày đầu của tuần hoặc tháng đã gửi gần nhất"),
    ),
    _rows,
)
