"""The sheet of directives: what comes of its rows, once; and every fault at its cell."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from storage import directives, obligations
from storage.database import Database
from storage.workbook.faults import WorkbookFaults
from storage.workbook.template import write_setup
from tests.storage.workbook_cases import Sheets, faults_of, imported, planned, put, sound

HEADERS = [
    "Mã", "Số ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Trích yếu", "Năm", "Thực hiện văn bản", "Loại việc",
    "Nội dung việc", "Đơn vị thực hiện", "Thời hạn", "Hằng năm",
]  # fmt: skip
ISSUED = date(2026, 8, 3)
FIRST = ["VB-1", "09/UBND-NC", ISSUED, "TINH", "Tăng cường kỷ cương", 2026, "", "Kế hoạch triển khai",
         "Kế hoạch kỷ luật", "tất cả", date(2026, 8, 29), "có"]  # fmt: skip
SECOND = [*FIRST[:7], "Báo cáo số liệu", "", "XA-01; xã Mẫu 2", "10 ngày làm việc", ""]
THIRD = ["VB-2", "15", ISSUED, "SNV", "", "", "VB-1", "Báo cáo", "", "PHONG", "30 ngày", "không"]


def book(*rows: list[Any]) -> Sheets:
    sheets = sound()
    sheets["Đơn vị"].append(["PHONG", "Phòng Tổ chức", "Phòng, ban", "SNV", "", "không", 6, date(2025, 7, 1), "", ""])
    sheets["Văn bản"] = [HEADERS, *([*row] for row in rows or (FIRST, SECOND, THIRD))]
    return sheets


def owed(database: Database) -> list[tuple[str, str, date]]:
    def work(connection: Any) -> list[tuple[str, str, date]]:
        ids = [one.id for one in directives.every(connection)]
        return [(one.code, one.subject, one.due) for one in obligations.of_directives(connection, ids)]

    return database.write_now(work)


def test_each_unit_owes_what_the_rows_demand_and_never_twice(database: Database) -> None:
    plan = imported(database, book())
    assert plan.summary()[-1] == "Văn bản: thêm 05"
    first = owed(database)
    assert len(first) == 15 + 2 + 1
    assert {(subject, due) for _, subject, due in first} == {
        ("Kế hoạch kỷ luật", date(2026, 9, 3)),  # Saturday 29/8; 31/8 to 02/9 are off
        ("Báo cáo số liệu", date(2026, 8, 17)),
        ("Báo cáo", date(2026, 9, 3)),
    }
    assert imported(database, book()).changes == ()
    assert owed(database) == first


def test_importing_again_updates(database: Database) -> None:
    imported(database, book())
    changed = book(FIRST, [*SECOND[:9], "XA-01; XA-02; XA-03", "20 ngày làm việc", ""], THIRD)
    lines = [change.line for change in imported(database, changed).changes]
    assert lines == [
        "Sửa VB-1 Báo cáo số liệu: Thời hạn 10 ngày làm việc -> 20 ngày làm việc; "
        "Đơn vị thực hiện XA-01; xã Mẫu 2 -> XA-01; XA-02; XA-03"
    ]
    assert [one for one in owed(database) if one[1] == "Báo cáo số liệu"] == [
        ("NV-2026-0016", "Báo cáo số liệu", date(2026, 8, 28)),
        ("NV-2026-0017", "Báo cáo số liệu", date(2026, 8, 28)),
        ("NV-2026-0019", "Báo cáo số liệu", date(2026, 8, 28)),
    ]


def test_what_is_written_out_is_read_again_without_a_change(database: Database) -> None:
    imported(database, book())

    def again(connection: Any) -> tuple[Any, ...]:
        target = io.BytesIO()
        write_setup(connection, target, date(2026, 8, 4))
        plan = planned(connection, target.getvalue())
        return plan.changes, plan.faults

    assert database.write_now(again) == ((), ())


def test_a_directive_of_an_earlier_year_is_history(database: Database) -> None:
    old = ["VB-0", "07/UBND-NC", date(2025, 8, 4), "TINH", "", "", "", "Báo cáo", "", "tất cả", date(2025, 9, 9), ""]
    imported(database, book(old))
    assert owed(database) == []


# cell of the second row (FIRST), its new value -> the column that is at fault and words of the sentence
FAULTS = {
    ("B2", ""): ("B2", "chưa có nội dung"),
    ("C2", "31/02/2026"): ("C2", "không phải ngày"),
    ("C2", "05/8/2026"): ("C2", "sau ngày nạp"),
    ("D2", "KHONG"): ("D2", "chưa có đơn vị mã “KHONG”"),
    ("E2", "a" * 400): ("E2", "tối đa 300"),
    ("F2", 2031): ("F2", "quá một năm"),
    ("G2", "VB-9"): ("G2", "chưa có văn bản mã “VB-9”"),
    ("G2", "VB-2"): ("G2", "văn bản thực hiện nó"),
    ("G2", "VB-1"): ("G2", "chính văn bản này"),
    ("H2", "Khắc phục tồn tại, hạn chế"): ("H2", "chỉ phát sinh từ cuộc kiểm tra"),
    ("J2", "xã Không Có"): ("J2", "không có đơn vị “xã Không Có”"),
    ("J2", "xã Mẫu"): ("J2", "có thể là nhiều đơn vị"),
    ("J2", "xã Cũ Kỹ"): ("J2", "không còn (UBND xã Mẫu 1)"),
    ("J2", "loại: phường"): ("J2", "không có đơn vị trực thuộc như vậy"),
    ("K2", "31/9/2026"): ("K2", "không phải thời hạn"),
    ("K2", "0 ngày"): ("K2", "từ 1 đến 366 ngày"),
    ("K2", "999 ngày"): ("K2", "từ 1 đến 366 ngày"),
    ("K2", "02/8/2026"): ("K2", "trước ngày ban hành 03/8/2026"),
    ("K2", "03/8/2026"): ("K2", "thời hạn đã qua"),
    ("L2", "đôi khi"): ("L2", "có hoặc không"),
}


def test_every_fault_stands_at_its_cell(database: Database) -> None:
    units_only = book()
    del units_only["Văn bản"]
    units_only["Đơn vị"][3][9] = "các xã Cũ Kỹ, Khác"
    imported(database, units_only)
    for (cell, value), (at, words) in FAULTS.items():
        sheets = book()
        sheets["Đơn vị"] = units_only["Đơn vị"]
        put(sheets, "Văn bản", cell, value)
        if cell[0] in "BCDEFG":  # the other row of the document says the same
            put(sheets, "Văn bản", cell.replace("2", "3"), value)
        found = [fault for fault in faults_of(database, sheets) if fault.cell == at]
        assert [words in fault.sentence for fault in found] == [True], (cell, value, faults_of(database, sheets))


def test_faults_between_rows(database: Database) -> None:
    def told(*rows: list[Any]) -> list[tuple[str, str]]:
        return [(fault.cell, fault.sentence.partition(";")[0]) for fault in faults_of(database, book(*rows))]

    assert told(FIRST, [*FIRST[:9], "XA-01", "30 ngày", ""]) == [("I3", "văn bản VB-1 đã giao việc này ở dòng 2")]
    other = [*SECOND]
    other[1] = "10/UBND-NC"
    assert told(FIRST, other) == [("B3", "khác với dòng 2 của cùng văn bản VB-1")]
    twin = ["VB-3", *FIRST[1:]]
    assert told(FIRST, twin) == [("B3", "số 09/UBND-NC năm 2026 của cơ quan này đã là văn bản VB-1")]


def test_whom_only_the_stored_tree_can_tell_is_a_fault_and_nothing_is_kept(
    database: Database,
) -> None:
    sheets = book([*THIRD[:6], "", *THIRD[7:9], "XA-01", *THIRD[10:]])  # SNV directs a commune that is not below it
    with pytest.raises(WorkbookFaults, match=r"Trang Văn bản, dòng 2, cột J .*XA-01"):
        imported(database, sheets)
    assert owed(database) == []
