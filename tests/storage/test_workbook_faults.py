"""A workbook with faults reports every one of them, each at its cell, and changes nothing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

import pytest

from storage.database import Database
from storage.workbook import importing
from storage.workbook.faults import WorkbookFaults, letters
from tests.storage.workbook_cases import (
    Formula,
    Sheets,
    built,
    everything,
    faults_of,
    imported,
    item,
    planned,
    put,
    sound,
)

U, P, C, H, O = "Đơn vị", "Nhân sự", "Nội dung kiểm tra", "Giờ làm việc", "Ngày nghỉ"  # noqa: E741
TCVN3, VNI = "x· §iÒm He", "Nguyeãn Vaên Maãu"

# Sheet, cell, what is put there, and a word of the sentence that must answer it.
PLANTED: list[tuple[str, str, Any, str]] = [
    (U, "K1", "Tên", "hai lần"),
    (U, "A4", "SNV", "đã có ở dòng 3"),
    (U, "B5", "", "chưa có nội dung"),
    (U, "C6", "Quận", "không có trong danh sách"),
    (U, "D7", "TINH-2", "chưa có đơn vị"),
    (U, "D8", "XA-05", "chính đơn vị này"),
    (U, "E9", "90003", "đang là của đơn vị"),
    (U, "F10", "nhiều", "có hoặc không"),
    (U, "G11", "hai mươi", "số nguyên"),
    (U, "H12", "31/02/2025", "không phải ngày"),
    (U, "I13", date(2024, 1, 1), "trước ngày hiệu lực"),
    (U, "J14", Formula("=1+1"), "công thức"),
    (U, "B15", TCVN3, "bảng mã cũ"),
    (U, "E16", date(2025, 3, 4), "đổi thành ngày"),
    (P, "E3", "", "chưa ghi đơn vị"),
    (P, "D4", "giám sát", "không có trong danh sách"),
    (P, "E5", "XA-99", "chưa có đơn vị"),
    (P, "B6", VNI, "bảng mã cũ"),
    (P, "B7", "M" * 121, "tối đa 120"),
    (P, "H8", "Tiếng Pháp", "không có trong danh sách"),
    (P, "G9", date(2024, 1, 1), "trước ngày bắt đầu"),
    (P, "D11", "thủ trưởng; trưởng đoàn; thành viên đoàn", "3 vai trò"),
    (P, "A12", "TT-11;TT", "dấu ;"),
    (P, "F13", 45000.5, "không phải ngày"),
    (C, "D2", "Xem", "không có trong danh sách"),
    (C, "I3", "${so_luong} = 0", "không có giá trị nào tên"),
    (C, "I4", "${tong} = 'đủ'", "phép so sánh"),
    (C, "I5", "${so_ky_hieu} ==", "so sánh bằng"),
    (C, "K6", 5, "không có điều kiện đạt"),
    (C, "K7", "-4", "không phải trọng số"),
    (C, "H8", "${D12.gia_tri} > 0", "hỏi sau"),
    (C, "L9", 11, "lớn hơn số ảnh nhiều nhất"),
    (C, "N10", "ct-27", "chưa có văn bản"),
    (C, "A11", "D04", "đã có ở dòng trên"),
    (C, "F12", "", "chưa có nội dung"),
    (C, "J13", "${gia_tri} and 1", "điều kiện"),
    (C, "C14", "mười", "số nguyên"),
    (H, "A4", "XA-77", "chưa có đơn vị"),
    (H, "C5", "25:00", "không phải giờ"),
    (O, "A4", date(2026, 1, 2), "đã có ở dòng"),
    (O, "B2", "Nghỉ phép", "không có trong danh sách"),
]  # fmt: skip


def with_planted() -> Sheets:
    sheets = sound()
    for sheet, cell, value, _ in PLANTED:
        put(sheets, sheet, cell, value)
    put(sheets, P, "E11", "XA-10; TINH")  # two units for three roles
    return sheets


def test_every_planted_fault_is_told_at_its_cell_and_nothing_changes(database: Database) -> None:
    imported(database, {U: sound()[U][:3]})
    before = database.write_now(everything)
    found = faults_of(database, with_planted())
    told = {(fault.sheet, fault.cell): fault.sentence for fault in found}
    # The roles stay as they are, their number does not fit the units: the fault stands at the units.
    wanted = {(s, "E11" if (s, c) == (P, "D11") else c): word for s, c, _, word in PLANTED}
    assert len(wanted) >= 30
    assert sorted(set(wanted) ^ set(told)) == []
    assert [(place, told[place]) for place, word in wanted.items() if word not in told[place]] == []
    with pytest.raises(WorkbookFaults) as refused:
        imported(database, with_planted())
    assert len(refused.value.faults) == len(found)
    assert database.write_now(everything) == before


def test_the_same_workbook_without_them_has_none(database: Database) -> None:
    assert faults_of(database, sound()) == []
    imported(database, sound())
    assert faults_of(database, sound()) == []


def test_a_fault_reads_as_a_person_looks_for_it(database: Database) -> None:
    sheets = sound()
    put(sheets, P, "E3", "")
    assert [fault.line for fault in faults_of(database, sheets)] == [
        "Trang Nhân sự, dòng 3, cột E (Tại đơn vị): chưa ghi đơn vị; đề nghị ghi Mã của đơn vị nơi giữ vai trò."
    ]
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_every_sentence_says_what_to_do(database: Database) -> None:
    advice = re.compile("đề nghị|viết|cần|phải|danh sách|ghi ")
    found = faults_of(database, with_planted())
    assert [fault.line for fault in found if not advice.search(fault.sentence)] == []


def told(database: Database, sheets: Sheets) -> list[tuple[str, str, str]]:
    return [(fault.sheet, fault.cell, fault.sentence) for fault in faults_of(database, sheets)]


def test_a_missing_header_is_told_once(database: Database) -> None:
    sheets = sound()
    for row in sheets[U]:
        del row[2]
    for row in sheets[C]:
        del row[14]
    for row in sheets[H]:
        del row[3]
    found = faults_of(database, sheets)
    assert [(f.sheet, f.row, f.header) for f in found] == [(U, 1, "Loại"), (C, 1, "Ví dụ trả lời"), (H, 1, "Kết thúc")]
    assert "thiếu cột" in found[0].sentence


def test_parents_in_a_circle_are_each_told(database: Database) -> None:
    sheets = sound()
    put(sheets, U, "D4", "XA-02")
    put(sheets, U, "D5", "XA-03")
    put(sheets, U, "D6", "XA-01")
    assert [cell for _, cell, _ in told(database, sheets)] == ["D4", "D5", "D6"]


def test_a_circle_may_close_in_the_database(database: Database) -> None:
    imported(database, sound())
    row = ["TINH", "tỉnh Mẫu", "Tỉnh, thành phố", "XA-01"]
    assert [cell for _, cell, _ in told(database, {U: [sound()[U][0][:4], row]})] == ["D2"]


def test_a_parent_that_has_ceased_is_told(database: Database) -> None:
    sheets = sound()
    put(sheets, U, "I3", date(2025, 12, 31))
    put(sheets, U, "D4", "SNV")
    put(sheets, U, "H4", date(2026, 1, 1))
    assert [cell for _, cell, _ in told(database, sheets)] == ["D4"]


def test_two_heads_of_one_unit(database: Database) -> None:
    sheets = sound()
    put(sheets, P, "E4", "XA-01")
    found = told(database, sheets)
    assert [cell for _, cell, _ in found] == ["D4"]
    assert "đã có thủ trưởng TT-01" in found[0][2]
    put(sheets, P, "G3", date(2025, 12, 31))
    put(sheets, P, "F4", date(2026, 1, 1))
    assert told(database, sheets) == []


def test_a_head_who_is_only_stored_counts(database: Database) -> None:
    imported(database, sound())
    new = {P: [sound()[P][0], ["TT-99", "Vi Văn Mẫu", "", "thủ trưởng", "XA-01", date(2026, 1, 1), "", ""]]}
    assert [cell for _, cell, _ in told(database, new)] == ["D2"]


def test_one_administrator_remains(database: Database) -> None:
    imported(database, sound())
    gone = {P: [sound()[P][0], ["NV-01", "Hoàng Văn Mẫu", "", "thành viên đoàn", "TINH", "", "", ""]]}
    found = told(database, gone)
    assert [cell for _, cell, _ in found] == ["D2"]
    assert "quản trị" in found[0][2]


def test_periods_of_one_role_do_not_overlap(database: Database) -> None:
    sheets = sound()
    put(sheets, P, "D2", "quản trị; quản trị")
    put(sheets, P, "F2", "01/7/2025; 01/01/2026")
    assert [cell for _, cell, _ in told(database, sheets)] == ["F2"]
    put(sheets, P, "G2", "31/12/2025;")
    assert told(database, sheets) == []


def test_shifts_do_not_overlap(database: Database) -> None:
    sheets = sound()
    put(sheets, H, "C3", "11:00")
    assert [(cell, "chồng" in sentence) for _, cell, sentence in told(database, sheets)] == [("C3", True)]


def test_items_that_wait_for_each_other_are_each_told(database: Database) -> None:
    sheets = sound()
    sheets[C] += [
        item("E01", 30, "Số", Chỉ_hỏi_khi="${E02.gia_tri} > 0", Điều_kiện_đạt="${gia_tri} = 0"),
        item("E02", 31, "Số", Chỉ_hỏi_khi="${E01.gia_tri} > 0", Điều_kiện_đạt="${gia_tri} = 0"),
    ]
    found = told(database, sheets)
    assert [(cell, "chờ lẫn nhau" in sentence) for _, cell, sentence in found if "chờ" in sentence] == [
        ("H19", True),
        ("H20", True),
    ]


def test_weights_that_are_all_nothing(database: Database) -> None:
    sheets = sound()
    for row in range(2, len(sheets[C]) + 1):
        put(sheets, C, f"K{row}", 0)
    assert [(f.row, f.header) for f in faults_of(database, sheets)] == [(1, "Trọng số")]


@pytest.mark.parametrize("weight", ["-1", "NaN", "Infinity", "1e999999", 1001, "mười", "5%"])
def test_a_weight_that_makes_no_sense(database: Database, weight: Any) -> None:
    sheets = sound()
    put(sheets, C, "K2", weight)
    assert [(cell, "từ 0 đến 1000" in sentence) for _, cell, sentence in told(database, sheets)] == [("K2", True)]


@pytest.mark.parametrize(
    "condition", ["${gia_tri} = 0", "${A02.gia_tri} = 0", "${A01.ket_qua} = 'dat' and ${gia_tri} > 1"]
)
def test_an_item_that_waits_for_its_own_answer(database: Database, condition: str) -> None:
    sheets = sound()
    put(sheets, C, "H3", condition)
    assert [(cell, "chính câu trả lời" in sentence) for _, cell, sentence in told(database, sheets)] == [("H3", True)]


@pytest.mark.parametrize(
    ("cell", "example"), [("P2", "có lẽ"), ("P3", "hai"), ("P4", "1 2 3"), ("P5", "đã có"), ("P4", "1,5 2")]
)
def test_an_example_that_would_not_be_accepted(database: Database, cell: str, example: str) -> None:
    sheets = sound()
    put(sheets, C, cell, example)
    assert [(at, "không phải câu trả lời" in sentence) for _, at, sentence in told(database, sheets)] == [(cell, True)]


WRONG_TYPES = [
    ("Điều_kiện_đạt", "${gia_tri} + 1"),
    ("Điều_kiện_đạt", "${gia_tri} = 1 and 5"),
    ("Điều_kiện_đạt", "not(${gia_tri})"),
    ("Điều_kiện_đạt", "${gia_tri} > ${ngay_kiem_tra}"),
    ("Điều_kiện_đạt", "if(${gia_tri} = 0, 'đạt', 0) = 0"),
    ("Điều_kiện_đạt", "round('2') = 2"),
    ("Điều_kiện_đạt", "working-days(${gia_tri}, ${ngay_kiem_tra}) = 0"),
    ("Cách_tính_điểm", "'cao'"),
    ("Cách_tính_điểm", "max(${gia_tri}, ${ngay_kiem_tra})"),
    ("Cách_tính_điểm", "-${ngay_kiem_tra}"),
]


def test_a_wrong_type_is_told_where_it_stands(database: Database) -> None:
    sheets = sound()
    for number, (column, text) in enumerate(WRONG_TYPES):
        cells = {"Điều_kiện_đạt": "${gia_tri} = 0"} | {column: text}
        sheets[C].append(item(f"E{number:02d}", 40, "Số", **cells))
    wanted = [
        f"{'I' if column == 'Điều_kiện_đạt' else 'J'}{row}" for row, (column, _) in enumerate(WRONG_TYPES, start=19)
    ]
    assert [cell for _, cell, _ in told(database, sheets)] == wanted


def test_text_typed_in_decomposed_letters_is_composed(database: Database) -> None:
    sheets = sound()
    sheets = {
        unicodedata.normalize("NFD", title): [
            [unicodedata.normalize("NFD", value) if isinstance(value, str) else value for value in row] for row in rows
        ]
        for title, rows in sheets.items()
    }
    imported(database, sheets)
    assert faults_of(database, sound()) == []
    assert database.write_now(lambda connection: planned(connection, built(sound()))).changes == ()


@pytest.mark.parametrize("text", [TCVN3, VNI, "Ñôn vò", "KiÓm tra", "Nguyeãn", "NguyÔn V¨n", "¤ng V¨n"])
def test_old_encodings_are_refused(text: str) -> None:
    sheets = sound()
    put(sheets, U, "B3", text)
    found = importing.read(built(sheets)).faults
    assert [(fault.cell, "bảng mã cũ" in fault.sentence) for fault in found] == [("B3", True)]


@pytest.mark.parametrize(
    "text",
    [
        "Hoà Bình",
        "toà nhà",
        "quê quán",
        "Ea H'leo",
        "Krông Pắc",
        "Cư M'gar",
        "Müller",
        "khoá XV",
        "40 m²",
        "Ê-đê",
        "hoãn",
    ],
)
def test_what_is_written_rightly_is_taken(text: str) -> None:
    sheets = sound()
    put(sheets, U, "B3", text)
    assert importing.read(built(sheets)).faults == ()


def test_the_same_sheet_twice_and_no_sheet_at_all(database: Database) -> None:
    twice = {**sound(), "don vi": sound()[U]}
    assert ["hai trang" in sentence for *_, sentence in told(database, twice)] == [True]
    with pytest.raises(WorkbookFaults, match="không thấy trang nào"):
        faults_of(database, {"Sheet1": [["a"]]})
