"""What units put to the authority about their obligations, and what was answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import requests


def _rows() -> Select[Any]:
    columns = [requests.c[field.name] for field in TABLE.fields]
    return select(*columns).order_by(requests.c.id)


TABLE = Exported(
    "requests",
    "Báo cáo, đề nghị của đơn vị",
    "Những gì đơn vị báo cáo, đề nghị, hỏi về nhiệm vụ và câu trả lời.",
    (
        Field("id", "whole", "số thứ tự"),
        Field("obligation_id", "text", "nhiệm vụ (obligations.id)"),
        Field("kind", "text", "loại", words.REQUESTS),
        Field("asked_by", "text", "người gửi (people.id)"),
        Field("asked_at", "moment", "thời điểm gửi"),
        Field("until", "day", "gia hạn: ngày đề nghị", label="gia hạn đến ngày"),
        Field("document", "text", "số, ký hiệu văn bản báo cáo hoặc kế hoạch", label="số, ký hiệu"),
        Field("issued", "day", "ngày của văn bản đó"),
        Field("proof", "text", "minh chứng", words.PROOFS),
        Field("words", "text", "lý do, nội dung trao đổi", label="lý do, nội dung", width=60),
        Field("answer_by", "day", "hạn trả lời"),
        Field("told_at", "moment", "thời điểm chuyển đến quản trị"),
        Field("state", "text", "tình trạng", words.REQUEST_STATES),
        Field("answered_by", "text", "người trả lời (people.id)"),
        Field("answered_at", "moment", "thời điểm trả lời"),
        Field("answer", "text", "nội dung trả lời", width=60),
    ),
    _rows,
)  # fmt: skip
