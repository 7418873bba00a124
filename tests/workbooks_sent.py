"""The workbooks of the transcripts: `[sổ tính nghi.xlsx]`, or under another name `[sổ tính cu.xlsx, nhị phân cũ]`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import docx

from tests.storage.workbook_cases import Sheets, built

HOLIDAYS = ["Ngày", "Loại", "Căn cứ"]
PEOPLE = ["Mã", "Họ và tên", "Chức vụ", "Vai trò", "Tại đơn vị", "Từ ngày", "Đến ngày", "Ngôn ngữ"]


def days_off(count: int, source: str = "Thông báo số 01/TB-UBND") -> Sheets:
    """Days off, one after the other."""
    first = date(2026, 9, 3)
    return {"Ngày nghỉ": [HOLIDAYS, *([first + timedelta(n), "Nghỉ", source] for n in range(count))]}


def merged() -> Sheets:
    """Tân Đoàn goes into Điềm He today."""
    headers = ["Ngày", "Hình thức", "Đơn vị cũ", "Đơn vị mới", "Nghị quyết số"]
    row = [date(2026, 8, 4), "Sáp nhập", "u-tan-doan", "u-diem-he", "Nghị quyết số 12/NQ-HĐND"]
    return {"Sắp xếp đơn vị": [headers, row]}


def faulty(rows: int) -> Sheets:
    """People of whom each has an unknown role and unit."""
    return {"Nhân sự": [PEOPLE, *([f"NV-{n:02d}", "Hoàng Văn Mẫu", "", "vua", "XA-99"] for n in range(rows))]}


def with_macros() -> bytes:
    """A sound workbook, with a part that carries macros put into it."""
    held = io.BytesIO(built(days_off(1)))
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return held.getvalue()


def bomb() -> bytes:
    """A few hundred kilobytes that unpack to more than is ever taken."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(30 * 1024 * 1024))
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return held.getvalue()


def long_sheet(rows: int) -> bytes:
    """A sheet of so many rows with one short cell each."""
    held = io.BytesIO(built({"Ngày nghỉ": [HOLIDAYS]}))
    lines = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, rows + 2))
    written = io.BytesIO()
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", lines.encode() + b"</sheetData>")
            target.writestr(name, content)
    return written.getvalue()


def form(text: str, header: str = "") -> bytes:
    """A Word template of one paragraph, with words at the head of its pages or without."""
    document = docx.Document()
    document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "mẫu riêng": lambda: form("{% if du_thao %}DỰ THẢO{% endif %} {{ so }} tại {{ don_vi }}"),
    "mẫu có đầu trang": lambda: form(
        "{{ so }} {{ ngay }} {{ kinh_gui }} {{ viec }} {{ nguoi_ky }} {{ noi_nhan }}", "Sở"
    ),
    "mẫu sai trường": lambda: form("{% if du_thao %}DỰ THẢO{% endif %} {{ so_bien_ban }}"),
    "nghi.xlsx": lambda: built(days_off(2)),
    "nghi-doi.xlsx": lambda: built(days_off(2, "Thông báo số 02/TB-UBND")),
    "nghi-dai.xlsx": lambda: built(days_off(25)),
    "sap-nhap.xlsx": lambda: built(merged()),
    "sai.xlsx": lambda: built(faulty(1)),
    "sai-nhieu.xlsx": lambda: built(faulty(30)),
    "nhị phân cũ": lambda: b"\xd0\xcf\x11\xe0" + bytes(500),
    "có macro": with_macros,
    "bom nén": bomb,
    "100.000 dòng": lambda: long_sheet(100_000),
    "hỏng": lambda: built(days_off(2))[:900],
    "trang lạ": lambda: built({"Trang 1": [["x"]]}),
}
