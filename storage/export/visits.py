"""Every visit with its result; drafts of visits under way are told by their answers, not by their dialogue."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import visits


def _rows() -> Select[Any]:
    columns = [visits.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(visits.c.started_at, visits.c.id)


TABLE = Exported(
    "visits",
    "Cuộc kiểm tra",
    "Mọi cuộc kiểm tra đã bắt đầu.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("unit_id", "text", "đơn vị được kiểm tra (units.id)", label="đơn vị"),
        Field("checklist_id", "whole", "phiên bản nội dung kiểm tra (checklists.id)", width=40),
        Field("form", "text", "hình thức", words.FORMS),
        Field("status", "text", "tình trạng", words.VISITS),
        Field("leader_id", "text", "người phụ trách lượt kiểm tra (people.id)"),
        Field("authority_id", "text", "cơ quan cử Đoàn (units.id); trống nếu chưa biết"),
        Field("started_at", "moment", "thời điểm bắt đầu"),
        Field("finished_at", "moment", "thời điểm trả lời xong"),
        Field("signed_at", "moment", "thời điểm ký"),
        Field("signed_by", "text", "người ký (people.id)"),
        Field("score", "figure", "điểm, từ 0 đến 100"),
        Field("grade", "text", "xếp loại", words.GRADES),
    ),
    _rows,
)
