"""The sheet that names the checklist; without it, the items are the next version of the built-in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from inspection.checklist import Text
from storage import builtin
from storage.workbook.sheets.base import Book, CellValue, Change, Column, Row, Sheet, Table, World
from storage.workbook.sheets.stored_checklists import stored_checklists

TITLE = "Bộ nội dung"


@dataclass(frozen=True, slots=True)
class SetRow:
    """A checklist as it is called. version None: the next one. row None: the workbook does not say."""

    row: Row | None
    code: str
    version: int | None
    title: Text
    valid_from: date | None

    @property
    def label(self) -> str:
        """How rows of other sheets name it."""
        return f"{self.code}:{self.version}" if self.version else self.code


UNNAMED = SetRow(None, builtin.ID, None, builtin.TITLE, None)


def _read(table: Table) -> list[SetRow]:
    found: dict[str, SetRow] = {}
    for row in table.rows:
        title = row.needed("title_vi")
        one = SetRow(
            row,
            row.key("code"),
            row.whole("version") or None,
            Text(title, row.text("title_en") or title),
            row.day("valid_from"),
        )
        if one.label in found:
            row.fault("code", f"bộ {one.label} đã có ở dòng trên; đề nghị mỗi phiên bản chỉ một dòng.")
        found[one.label] = one
    return list(found.values())


def _compare(book: Book, world: World) -> Iterator[Change]:
    """A checklist is compared with its items, where they are."""
    if book.get("sets") and not book.get("checklist"):
        for one in book["sets"]:
            one.row.fault("code", "chưa có dòng nào ở trang Nội dung kiểm tra; đề nghị bổ sung hoặc xóa dòng này.")
    return iter(())


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    for one in stored_checklists(connection):
        yield {
            "code": one.code,
            "version": one.version,
            "title_vi": one.title.vi,
            "title_en": one.title.en,
            "valid_from": one.valid_from,
        }


SHEET = Sheet(
    name="sets",
    title=TITLE,
    purpose="Tên gọi của bộ nội dung. Thay đổi nội dung luôn thành phiên bản mới; cuộc kiểm tra đang làm giữ bản cũ.",
    columns=(
        Column("code", "Mã bộ", "Mã của bộ nội dung, giữ nguyên qua các phiên bản.", needed=True, most=64,
               examples=("VD: ky-cuong", "VD: mot-cua")),
        Column("version", "Phiên bản", "Số thứ tự; để trống để Hệ thống tự lấy số tiếp theo.", "whole",
               examples=(1, None),
               width=12),
        Column("title_vi", "Tên bộ", "Tên như ghi trong biên bản.", needed=True,
               examples=("Kiểm tra việc chấp hành kỷ luật, kỷ cương hành chính", "Kiểm tra Bộ phận Một cửa"),
               width=48),
        Column("title_en", "Tên bộ (tiếng Anh)", "Để trống là dùng tên tiếng Việt.", width=40),
        Column("valid_from", "Hiệu lực từ", "Ngày bắt đầu dùng; để trống là ngày nạp.", "date",
               examples=(date(2026, 1, 1), None), width=14),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip
