"""The list of evidence: which file, by fingerprint, came for which visit or report, by whom, when, and its hints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from storage.export import words
from storage.export.base import Exported, Field
from storage.tables import evidence, photos


def pictures(connection: Connection, within: ColumnElement[bool]) -> list[str]:
    """The fingerprints of the photos among these rows, the newest first."""
    newest = func.max(photos.c.received_at)
    stored = and_(within, photos.c.kind == "photo", photos.c.state == "stored")
    statement = select(photos.c.sha256).where(stored).group_by(photos.c.sha256).order_by(newest.desc(), photos.c.sha256)
    return list(connection.execute(statement).scalars())


def _rows() -> Select[Any]:
    columns = [(evidence if field.name in _OF_FILE else photos).c[field.name] for field in TABLE.fields]
    joined = photos.outerjoin(evidence, evidence.c.sha256 == photos.c.sha256)
    return select(*columns).select_from(joined).order_by(photos.c.received_at, photos.c.id)


_OF_FILE = ("size", "mime", "width", "height", "exif")

TABLE = Exported(
    "photos",
    "Danh sách minh chứng",
    "Ảnh, tài liệu, ghi âm, video đã gửi. Ảnh trùng, giờ và vị trí ghi trong tệp là dấu hiệu để xem lại, không phải "
    "bằng chứng gian dối. Tệp gốc nằm trong kho minh chứng, tên là SHA-256; được sao lưu bằng lệnh backup. Xuất kèm "
    "ảnh thì ô SHA-256 của ảnh trong bảng Excel mở bản sao ở thư mục minh-chung.",
    (
        Field("id", "text", "mã nội bộ của Hệ thống, không đổi"),
        Field("visit_id", "text", "cuộc kiểm tra (visits.id), nếu có"),
        Field("obligation_id", "text", "nhiệm vụ (obligations.id), nếu có"),
        Field("sender_id", "text", "người gửi (people.id)"),
        Field("channel", "text", "mạng trò chuyện đã nhận"),
        Field("state", "text", "tình trạng", words.FILE_STATES),
        Field("kind", "text", "loại tệp", words.FILES),
        Field("name", "text", "tên tệp trên máy người gửi, nếu có"),
        Field("sha256", "file", "SHA-256 của tệp gốc"),
        Field("size", "whole", "số byte"),
        Field("mime", "text", "kiểu tệp, xác định theo nội dung"),
        Field("width", "whole", "chiều rộng, điểm ảnh; 0 nếu không phải ảnh"),
        Field("height", "whole", "chiều cao, điểm ảnh; 0 nếu không phải ảnh"),
        Field("exif", "json", "máy ảnh ghi trong tệp: taken_at (giờ chụp), latitude, longitude (vị trí), device (máy)"),
        Field("reused", "yes", "tệp giống hệt đã được lưu trước đó"),
        Field("resembles", "text", "ảnh trước đó giống ảnh này (photos.id); trống nếu không có"),
        Field("distance", "whole", "mức khác nhau của hai ảnh, 0 đến 28 trên 256; 0 là trùng hoặc không phân biệt"),
        Field(
            "days_apart",
            "whole",
            "số ngày giữa giờ chụp ghi trong tệp và lúc gửi, khi lệch quá một ngày",
            label="lệch giờ chụp (ngày)",
        ),
        Field(
            "km_apart",
            "whole",
            "số ki-lô-mét giữa vị trí ghi trong tệp và vị trí đã chia sẻ, khi xa quá 2 km",
            label="lệch vị trí (km)",
        ),
        Field("trouble", "text", "lý do không nhận"),
        Field("received_at", "moment", "thời điểm tin nhắn đến"),
        Field("stored_at", "moment", "thời điểm tệp được lưu"),
    ),
    _rows,
)
