"""What units owe, with the date in force and the first one, and how it was reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import obligations


def _rows() -> Select[Any]:
    columns = [obligations.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(obligations.c.code)


TABLE = Exported(
    "obligations",
    "Nhiệm vụ phải thực hiện",
    "Nhiệm vụ, kế hoạch các đơn vị phải thực hiện.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("code", "text", "mã nhiệm vụ, ví dụ NV-2026-0147"),
        Field("unit_id", "text", "đơn vị (units.id)"),
        Field("kind", "text", "loại nhiệm vụ (obligation_kinds.code hoặc loại có sẵn)"),
        Field("subject", "text", "nội dung", width=60),
        Field("directive", "text", "văn bản giao", width=40),
        Field("directive_id", "text", "văn bản đã nhập (directives.id), nếu có"),
        Field("demand_id", "text", "việc được giao trong văn bản đó (demands.id), nếu có", label="việc được giao"),
        Field("finding_id", "text", "tồn tại phải khắc phục (findings.id)"),
        Field("year", "whole", "năm"),
        Field("due", "day", "hạn đang có hiệu lực"),
        Field("original_due", "day", "hạn ban đầu"),
        Field("complete_by", "day", "khi báo cáo được trả lại: hạn bổ sung minh chứng", label="hạn bổ sung minh chứng"),
        Field("state", "text", "tình trạng", words.OBLIGATIONS),
        Field("document", "text", "số, ký hiệu văn bản đã báo cáo", label="số, ký hiệu văn bản báo cáo"),
        Field("issued", "day", "ngày văn bản đã báo cáo"),
        Field("reported_at", "moment", "thời điểm báo cáo"),
        Field("reported_by", "text", "người báo cáo (people.id)"),
    ),
    _rows,
)
