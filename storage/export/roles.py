"""Who held which role where, from when to when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import roles


def _rows() -> Select[Any]:
    columns = [roles.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(roles.c.person_id, roles.c.id)


TABLE = Exported(
    "roles",
    "Vai trò",
    "Vai trò của từng người, theo thời gian.",
    (
        Field("person_id", "text", "người giữ vai trò (people.id)"),
        Field("role", "text", "vai trò", words.ROLES),
        Field("unit_id", "text", "đơn vị nơi giữ vai trò (units.id)"),
        Field("valid_from", "day", "từ ngày"),
        Field("valid_to", "day", "đến hết ngày; trống nếu chưa định"),
        Field("for_id", "text", "giữ thay người đi vắng này (people.id); trống nếu là vai trò của chính mình"),
    ),
    _rows,
)
