"""Who of us took part in which visit, beside its leader."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export.base import Exported, Field
from storage.tables import visit_members


def _rows() -> Select[Any]:
    columns = [visit_members.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(visit_members.c.visit_id, visit_members.c.person_id)


TABLE = Exported(
    "visit_members",
    "Thành viên tham gia",
    "Người của Đoàn có tài khoản trong Hệ thống tham gia từng cuộc kiểm tra.",
    (
        Field("visit_id", "text", "cuộc kiểm tra (visits.id)"),
        Field("person_id", "text", "người tham gia (people.id)"),
    ),
    _rows,
)
