"""Workbooks for the tests: a sound one of every sheet, and a way to put any cell into it."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any, NamedTuple

import xlsxwriter
from sqlalchemy import Connection, select

from storage.database import Database
from storage.tables import metadata
from storage.workbook import importing
from storage.workbook.faults import Fault

NOW = datetime.fromisoformat("2026-08-04T01:00:00+00:00")
TODAY = date(2026, 8, 4)
Sheets = dict[str, list[list[Any]]]


class Formula(NamedTuple):
    """A cell that computes."""

    text: str
    value: Any = 0


UNIT_HEADERS = [
    "Mã", "Tên", "Loại", "Thuộc đơn vị", "Mã chính thức", "Có Bộ phận Một cửa", "Số biên chế", "Hiệu lực từ",
    "Hiệu lực đến", "Tiền thân",
]  # fmt: skip
PEOPLE_HEADERS = ["Mã", "Họ và tên", "Chức vụ", "Vai trò", "Tại đơn vị", "Từ ngày", "Đến ngày", "Ngôn ngữ"]
ITEM_HEADERS = [
    "Mã", "Mục", "Thứ tự", "Loại trả lời", "Các trường", "Câu hỏi", "Câu hỏi ngắn", "Chỉ hỏi khi", "Điều kiện đạt",
    "Cách tính điểm", "Trọng số", "Số ảnh ít nhất", "Số ảnh nhiều nhất", "Căn cứ", "Ví dụ trả lời", "Trả lời mẫu",
]  # fmt: skip
SINCE = date(2025, 7, 1)
EXAMPLES = {"Đếm nhiều số": "1 1", "Số và ngày văn bản": "12/KH-UBND 06/02/2026", "Ngày": "15/7/2025"}


def item(code: str, order: int, kind: str, **cells: Any) -> list[Any]:
    """A row of items; cells by header, spaces as underscores are not needed: see ITEM_HEADERS."""
    row = {
        "Mã": code, "Mục": code[0], "Thứ tự": order, "Loại trả lời": kind, "Câu hỏi": f"Câu hỏi của {code}?",
        "Câu hỏi ngắn": f"Hỏi {code}", "Trọng số": 10, "Số ảnh ít nhất": 1, "Số ảnh nhiều nhất": 10, "Căn cứ": "ct-26",
        "Ví dụ trả lời": "Ví dụ: 1", "Trả lời mẫu": EXAMPLES.get(kind, "1"),
    } | {name.replace("_", " "): value for name, value in cells.items()}  # fmt: skip
    return [row.get(header, "") for header in ITEM_HEADERS]


def sound() -> Sheets:
    """A workbook without faults."""
    return copy.deepcopy(
        {
            "Đơn vị": [
                UNIT_HEADERS,
                ["TINH", "tỉnh Mẫu", "Tỉnh, thành phố", "", "90", "không", "", SINCE, "", ""],
                ["SNV", "Sở Nội vụ", "Sở, ban, ngành", "TINH", "", "có", 60, SINCE, "", ""],
                *(
                    [f"XA-{n:02d}", f"xã Mẫu {n}", "Xã", "TINH", f"90{n:03d}", "có", 20 + n, SINCE, "", "xã cũ"]
                    for n in range(1, 15)
                ),
            ],
            "Nhân sự": [
                PEOPLE_HEADERS,
                ["NV-01", "Hoàng Văn Mẫu", "Chuyên viên", "quản trị; trưởng đoàn", "TINH", SINCE, "", "Tiếng Việt"],
                *(
                    [f"TT-{n:02d}", f"Nông Thị Mẫu {n}", "Chủ tịch", "thủ trưởng", f"XA-{n:02d}", SINCE, "", ""]
                    for n in range(1, 13)
                ),
            ],
            "Bộ nội dung": [["Mã bộ", "Phiên bản", "Tên bộ", "Hiệu lực từ"], ["bo-mau", 1, "Bộ mẫu", SINCE]],
            "Nội dung kiểm tra": [
                ITEM_HEADERS,
                item("A01", 1, "Đạt / không đạt"),
                item("A02", 2, "Số", Điều_kiện_đạt="${gia_tri} = 0", Chỉ_hỏi_khi="${A01.ket_qua} = 'dat'"),
                item("B01", 3, "Đếm nhiều số", Các_trường="tong; co_mat", Điều_kiện_đạt="${tong} = ${co_mat}"),
                item("B02", 4, "Số và ngày văn bản", Các_trường="so_ky_hieu;ngay_ban_hanh",
                     Điều_kiện_đạt="${so_ky_hieu} != ''"),
                item("C01", 5, "Chữ", Trọng_số=0),
                *(item(f"D{n:02d}", 10 + n, "Số", Điều_kiện_đạt="${gia_tri} = 0") for n in range(1, 13)),
            ],
            "Căn cứ pháp lý": [["Khóa", "Văn bản", "Hiệu lực từ"], ["ct-26", "Chỉ thị số 26/CT-TTg", date(2016, 9, 5)]],
            "Giờ làm việc": [
                ["Đơn vị", "Thứ", "Bắt đầu", "Kết thúc", "Từ ngày"],
                ["TINH", "Thứ Hai - Thứ Sáu", "07:30", "11:30", SINCE],
                ["TINH", "Thứ Hai - Thứ Sáu", time(13, 0), "17h00", SINCE],
                ["SNV", "Thứ Bảy", "07:30", "11:30", SINCE],
                ["XA-14", "Thứ Bảy", "07:30", "11:30", SINCE],
            ],
            "Ngày nghỉ": [
                ["Ngày", "Loại", "Căn cứ"],
                [date(2026, 1, 2), "Nghỉ", "Công văn mẫu"],
                ["10/01/2026", "Làm bù", "Công văn mẫu"],
                [date(2026, 3, 3), "Nghỉ", ""],
            ],
        }
    )  # fmt: skip


def put(sheets: Sheets, title: str, cell: str, value: Any) -> None:
    """Put a value into a cell such as "D12"."""
    column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
    line = sheets[title][row]
    line.extend([""] * (column + 1 - len(line)))
    line[column] = value


def built(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """The workbook as a file."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "in_memory": True}) as book:
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        hours = book.add_format({"num_format": "hh:mm"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, Formula):
                        page.write_formula(number, place, value.text, None, value.value)
                    elif isinstance(value, (date, time)):
                        page.write_datetime(number, place, value, hours if isinstance(value, time) else days)
                    elif isinstance(value, str):
                        page.write_string(number, place, value) if value else None
                    elif value is not None:
                        page.write(number, place, value)
    return target.getvalue()


def ids() -> Callable[[], str]:
    """Ids that can be told apart, in order."""
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"


def planned(connection: Connection, data: bytes, today: date = TODAY) -> importing.Plan:
    """What an import of the file would do."""
    return importing.plan(connection, importing.read(data), now=NOW, today=today, new_id=ids_of(connection))


def ids_of(connection: Connection) -> Callable[[], str]:
    """Ids that no row of the database carries."""
    taken = sum(len(connection.execute(select(table)).all()) for table in metadata.sorted_tables)
    numbers = count(taken + 1)
    return lambda: f"{taken:08x}{next(numbers):024x}"


def imported(database: Database, sheets: Sheets, today: date = TODAY) -> importing.Plan:
    """Import a workbook in one transaction; raises WorkbookFaults."""

    def work(connection: Connection) -> importing.Plan:
        plan = planned(connection, built(sheets), today)
        importing.apply(connection, plan)
        return plan

    return database.write_now(work)


def faults_of(database: Database, sheets: Sheets) -> list[Fault]:
    """What is to be put right."""
    return list(database.write_now(lambda connection: planned(connection, built(sheets))).faults)


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables}
