"""The sheet of legal documents that the items cite, each with the days on which it is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from storage.workbook.sheets.base import KEY_LENGTH, Book, CellValue, Change, Column, Row, Sheet, Table, World
from storage.workbook.sheets.stored_checklists import stored_checklists

TITLE = "Căn cứ pháp lý"


@dataclass(frozen=True, slots=True)
class LegalRow:
    """cells: as the parser of checklists reads them; of: the checklist it belongs to, "" where there is only one."""

    row: Row
    of: str
    cells: dict[str, str]


def _read(table: Table) -> list[LegalRow]:
    return [_row(row) for row in table.rows]


def _row(row: Row) -> LegalRow:
    start, end = row.day("valid_from"), row.day("valid_to")
    if start and end and end < start:
        row.fault("valid_to", "trước ngày hiệu lực; đề nghị ghi lại một trong hai ngày.")
    cells = {
        "key": row.text("key"),
        "title": row.text("title"),
        "valid_from": start.isoformat() if start else "",
        "valid_to": end.isoformat() if end else "",
        "superseded_by": row.text("superseded_by"),
    }
    return LegalRow(row, row.text("of"), cells)


def _compare(book: Book, world: World) -> Iterator[Change]:
    """Documents are stored with the checklist that cites them."""
    return iter(())


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    stored = stored_checklists(connection)
    for one in stored:
        for row in one.legal_bases:
            yield {
                "key": row["key"],
                "title": row["title"],
                "valid_from": _day(row.get("valid_from")),
                "valid_to": _day(row.get("valid_to")),
                "superseded_by": row.get("superseded_by") or "",
                "of": one.label if len(stored) > 1 else "",
            }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


SHEET = Sheet(
    name="legal",
    title=TITLE,
    purpose="Các văn bản được viện dẫn ở trang Nội dung kiểm tra.",
    columns=(
        Column("key", "Khóa", "Tên ngắn không dấu của văn bản, dùng ở cột Căn cứ.", needed=True, most=KEY_LENGTH,
               examples=("VD: ct-26-2016", "VD: nd-118-2025"), width=22),
        Column("title", "Văn bản", "Tên đầy đủ như ghi trong biên bản.", needed=True, width=70,
               examples=("Chỉ thị số 26/CT-TTg ngày 05/9/2016 của Thủ tướng Chính phủ",
                         "Nghị định số 118/2025/NĐ-CP ngày 09/6/2025 của Chính phủ")),
        Column("valid_from", "Hiệu lực từ", "Ngày có hiệu lực; để trống nếu không rõ.", "date",
               examples=(date(2016, 9, 5), date(2025, 7, 1)), width=14),
        Column("valid_to", "Hiệu lực đến", "Ngày cuối cùng có hiệu lực; để trống nếu còn hiệu lực.", "date",
               width=14),
        Column("superseded_by", "Thay bằng", "Khóa của văn bản thay thế, nếu có.", width=22),
        Column("of", "Thuộc bộ", "Chỉ khi tệp có nhiều bộ: mã bộ và phiên bản, ví dụ ky-cuong:1.", width=16),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip
