"""Which number the minutes of a visit have, in the series of which team and year."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import document_numbers


def _rows() -> Select[Any]:
    columns = [document_numbers.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(document_numbers.c.visit_id, document_numbers.c.kind)


TABLE = Exported(
    "document_numbers",
    "Số văn bản",
    "Số biên bản của từng cuộc kiểm tra; mỗi Đoàn (theo quyết định) một dãy số, mỗi năm bắt đầu từ 01.",
    (
        Field("visit_id", "text", "cuộc kiểm tra (visits.id)"),
        Field("kind", "text", "loại văn bản", words.NUMBERED),
        Field("authority_id", "text", "cơ quan cử Đoàn (units.id); trống nếu chưa biết"),
        Field("decision", "text", "số, ký hiệu quyết định thành lập Đoàn", label="quyết định thành lập Đoàn"),
        Field("year", "whole", "năm của dãy số"),
        Field("number", "whole", "số", label="số biên bản"),
    ),
    _rows,
)
