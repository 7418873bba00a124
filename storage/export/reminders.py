"""Who was reminded of what, on which working day, and when the network took the message."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, select

from storage.export.base import Exported, Field
from storage.tables import outbox, reminders


def _rows() -> Select[Any]:
    # One digest a person and day: the join adds no row. Only a message with the network's id counts as delivered.
    digest = and_(outbox.c.person_id == reminders.c.person_id, outbox.c.day == reminders.c.day)
    told = [reminders.c[field.name] for field in TABLE.fields[:-1]]
    return (
        select(*told, outbox.c.sent_at)
        .outerjoin(outbox, and_(digest, outbox.c.message_id.is_not(None)))
        .order_by(reminders.c.day, reminders.c.obligation_id, reminders.c.stage, reminders.c.person_id, reminders.c.due)
    )


TABLE = Exported(
    "reminders",
    "Nhắc việc",
    "Từng lần nhắc việc đối với từng người.",
    (
        Field("obligation_id", "text", "nhiệm vụ (obligations.id)"),
        Field("due", "day", "hạn đang có hiệu lực khi nhắc"),
        Field(
            "stage", "text",
            "bậc nhắc: D thủ trưởng, F người theo dõi, A quản trị, S cấp trên, số ngày làm việc so với hạn, DW1 là "
            "tuần thứ nhất; M đôn đốc theo yêu cầu; N chưa có ai nhận tin; Q chờ trả lời; Y việc hằng năm",
        ),
        Field("person_id", "text", "người được nhắc (people.id)"),
        Field("day", "day", "ngày làm việc của tin nhắc"),
        Field("told_at", "moment", "thời điểm lập tin"),
        Field("delivered_at", "moment", "thời điểm mạng đã nhận tin; trống nếu chưa"),
    ),
    _rows,
)  # fmt: skip
