"""Importing again updates what the workbook says, leaves alone what it does not, and tells every change."""

from __future__ import annotations

import asyncio
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot import workbooks
from storage import builtin, checklists, people, units
from storage.builtin import builtin_checklist
from storage.database import Database
from storage.migrate import migrate
from storage.sample.load import sample_units
from storage.tables import calendar_overrides, roles, unit_links, work_hours
from storage.workbook import importing
from storage.workbook.reading import read_workbook
from storage.workbook.sheets import SHEETS
from storage.workbook.sheets.stored_checklists import stored_checklists
from storage.workbook.template import write_setup, write_template
from tests.storage.workbook_cases import (
    NOW,
    SINCE,
    TODAY,
    Sheets,
    built,
    everything,
    faults_of,
    ids,
    imported,
    item,
    planned,
    put,
    sound,
)

LATER = TODAY + timedelta(days=10)
U, P, C = "Đơn vị", "Nhân sự", "Nội dung kiểm tra"


def unit_of(connection: Connection, name: str, on: date = TODAY) -> units.Unit:
    (found,) = units.find(connection, name, scope=[top.id for top in units.tops(connection, on)], on=on)[:1]
    return found


def test_the_first_import_brings_everything(database: Database) -> None:
    plan = imported(database, sound())
    assert plan.summary() == [
        "Đơn vị: thêm 16",
        "Nhân sự: thêm 13",
        "Nội dung kiểm tra: thêm 01",
        "Giờ làm việc: thêm 12",
        "Ngày nghỉ: thêm 03",
    ]

    def look(connection: Connection) -> None:
        unit = unit_of(connection, "mẫu 3")
        assert (unit.full_name, unit.parent_name, unit.code) == ("UBND xã Mẫu 3", "UBND tỉnh Mẫu", "90003")
        assert (unit.one_stop, unit.staff_total, unit.former) == (True, 23, "xã cũ")
        (head,) = people.heads_of(connection, [unit.id], TODAY)[unit.id]
        assert (head.name, head.title) == ("Nông Thị Mẫu 3", "Chủ tịch")
        (admin,) = people.administrators(connection, unit.id, TODAY)
        assert [held.role for held in admin.roles] == ["admin", "team-head"]
        found = checklists.latest(connection, TODAY)
        assert found is not None
        assert (found[1].id, found[1].version, len(found[1].items)) == ("bo-mau", 1, 17)
        shifts = connection.execute(select(work_hours).where(work_hours.c.start == "13:00")).all()
        assert [(row.weekday, row.end) for row in shifts] == [(day, "17:00") for day in range(5)]
        kinds = connection.execute(select(calendar_overrides.c.kind).order_by(calendar_overrides.c.day)).scalars()
        assert list(kinds) == ["off", "work", "off"]

    database.write_now(look)


def test_the_same_again_changes_nothing(database: Database) -> None:
    imported(database, sound())
    before = database.write_now(everything)
    assert imported(database, sound(), LATER).changes == ()
    assert database.write_now(everything) == before


def test_headers_in_any_order_without_tones_below_a_title(database: Database) -> None:
    sheets = sound()
    turned: Sheets = {"DON VI": [["DANH SÁCH ĐƠN VỊ"], [], *([*reversed(row), "ghi chú"] for row in sheets[U])]}
    turned["DON VI"][2] = [*reversed(["Ma *", "ten", "LOAI", "thuoc don vi", "Mã Chính Thức"]), "Ghi chú"]
    turned["DON VI"][3:] = [[*reversed(row[:5]), "x"] for row in sheets[U][1:]]
    plan = imported(database, turned)
    assert len(plan.changes) == 16
    assert plan.notes == ("Trang Đơn vị: không dùng cột “Ghi chú”.",)


def test_only_what_differs_is_told_and_written(database: Database) -> None:
    imported(database, sound())
    sheets: Sheets = {U: [sound()[U][0], sound()[U][4]], P: [sound()[P][0], sound()[P][3]]}
    put(sheets, U, "B2", "Xã Mẫu mới")
    put(sheets, U, "G2", 50)
    put(sheets, U, "F2", "không")
    put(sheets, P, "C2", "Bí thư")
    plan = imported(database, sheets, LATER)
    assert list(plan.lines()) == [
        "Đơn vị: Sửa XA-02 xã Mẫu mới: Tên xã Mẫu 2 -> xã Mẫu mới; "
        "Có Bộ phận Một cửa có -> không; Số biên chế 22 -> 50",
        "Nhân sự: Sửa TT-02 Nông Thị Mẫu 2: Chức vụ Chủ tịch -> Bí thư",
    ]
    unit = database.write_now(lambda connection: unit_of(connection, "mau moi", LATER))
    assert (unit.name, unit.staff_total, unit.former) == ("xã Mẫu mới", 50, "xã cũ")


def test_a_missing_column_keeps_and_an_empty_cell_empties(database: Database) -> None:
    imported(database, sound())
    imported(database, {U: [["Mã", "Tên", "Loại"], ["XA-02", "xã Mẫu 2", "Xã"]]})
    unit = database.write_now(lambda connection: unit_of(connection, "mẫu 2"))
    assert (unit.former, unit.staff_total, unit.parent_name) == ("xã cũ", 22, "UBND tỉnh Mẫu")
    imported(database, {U: [["Mã", "Tên", "Loại", "Tiền thân"], ["XA-02", "xã Mẫu 2", "Xã", ""]]})
    assert database.write_now(lambda connection: unit_of(connection, "mẫu 2")).former == ""


def test_a_unit_that_moves_keeps_its_past(database: Database) -> None:
    imported(database, sound())
    moved: Sheets = {U: [sound()[U][0], sound()[U][5]]}
    put(moved, U, "D2", "SNV")
    plan = imported(database, moved, LATER)
    assert list(plan.lines()) == ["Đơn vị: Sửa XA-03 xã Mẫu 3: Thuộc đơn vị TINH -> SNV"]

    def parents(connection: Connection) -> list[str]:
        return [
            found.parent_name
            for on in (LATER - timedelta(days=1), LATER)
            if (found := units.get(connection, unit_of(connection, "mẫu 3", LATER).id, on=on))
        ]

    assert database.write_now(parents) == ["UBND tỉnh Mẫu", "Sở Nội vụ"]
    put(moved, U, "D2", "XA-04")  # put right on the same day: no third link
    imported(database, moved, LATER)
    assert database.write_now(parents) == ["UBND tỉnh Mẫu", "UBND xã Mẫu 4"]
    put(moved, U, "D2", "")
    imported(database, moved, LATER)
    assert database.write_now(parents) == ["UBND tỉnh Mẫu", ""]
    assert imported(database, moved, LATER).changes == ()
    links = database.write_now(lambda connection: connection.execute(select(unit_links)).all())
    assert len([row for row in links if row.valid_to]) == 1


def test_a_role_that_is_no_longer_there_ends(database: Database) -> None:
    imported(database, sound())
    sheets: Sheets = {P: [sound()[P][0], sound()[P][1]]}
    put(sheets, P, "D2", "quản trị; thành viên đoàn")
    put(sheets, P, "E2", "TINH; XA-02")
    put(sheets, P, "F2", "")
    plan = imported(database, sheets, LATER)
    assert plan.changes[0].differences == (
        ("Vai trò", "(trống)", "thành viên đoàn tại XA-02 từ 14/8/2026"),
        ("Vai trò", "trưởng đoàn tại TINH từ 01/7/2025", "trưởng đoàn tại TINH từ 01/7/2025 đến 13/8/2026"),
    )
    rows = database.write_now(lambda connection: connection.execute(select(roles)).all())
    held = {(row.role, row.valid_from, row.valid_to) for row in rows if row.role != "unit-head"}
    assert held == {
        ("admin", SINCE, None),
        ("team-head", SINCE, LATER - timedelta(days=1)),
        ("inspector", LATER, None),
    }
    assert imported(database, sheets, LATER).changes == ()
    put(sheets, P, "D2", "quản trị")
    put(sheets, P, "E2", "TINH")
    imported(database, sheets, LATER)  # given and taken back on one day: it leaves no trace
    rows = database.write_now(lambda connection: connection.execute(select(roles)).all())
    assert {row.role for row in rows} == {"admin", "team-head", "unit-head"}


def test_a_person_without_any_role_is_said_so(database: Database) -> None:
    imported(database, sound())
    sheets: Sheets = {P: [sound()[P][0], ["TT-01", "Nông Thị Mẫu 1", "Chủ tịch", "không", "", "", "", ""]]}
    imported(database, sheets, LATER)
    (person,) = database.write_now(lambda connection: people.named(connection, "Nông Thị Mẫu 1", LATER))
    assert person.roles == ()


def test_people_and_units_made_elsewhere_are_found_by_their_own_id(database: Database) -> None:
    new = sample_units()
    database.write_now(lambda connection: units.create(connection, new))
    target = io.BytesIO()
    database.write_now(lambda connection: write_setup(connection, target, TODAY))
    plan = database.write_now(lambda connection: planned(connection, target.getvalue()))
    assert (plan.changes, plan.faults) == ((), ())


def test_a_changed_checklist_is_a_new_version_and_the_old_one_stays(database: Database) -> None:
    imported(database, sound())
    sheets = sound()
    put(sheets, "Bộ nội dung", "B2", "")
    assert imported(database, sheets).changes == ()
    put(sheets, C, "F2", "Câu hỏi mới của A01?")
    put(sheets, C, "K4", 12)
    sheets[C].append(item("E01", 40, "Chọn một"))
    sheets[C][0] = [*sheets[C][0], "Các lựa chọn"]
    sheets[C][-1] = [*sheets[C][-1][:10], 0, *sheets[C][-1][11:], "tot | tốt\nkem | kém"]
    plan = imported(database, sheets)
    assert list(plan.lines()) == [
        "Nội dung kiểm tra: Sửa bộ bo-mau, phiên bản 2 (18 nội dung): Phiên bản 1 -> 2; E01 (trống) -> có; "
        "A01 Câu hỏi Câu hỏi của A01? -> Câu hỏi mới của A01?; B01 Trọng số 10 -> 12"
    ]
    found = database.write_now(lambda connection: checklists.latest(connection, TODAY))
    assert found is not None
    assert (found[1].version, found[1].items["A01"].question.vi) == (2, "Câu hỏi mới của A01?")
    first = database.write_now(lambda connection: checklists.get(connection, found[0] - 1))
    assert first.items["A01"].question.vi == "Câu hỏi của A01?"
    put(sheets, "Bộ nội dung", "B2", 1)
    (fault,) = faults_of(database, sheets)
    assert (fault.sheet, fault.cell) == ("Bộ nội dung", "B2")


def test_the_builtin_checklist_is_itself_such_a_workbook(database: Database) -> None:
    target = io.BytesIO()

    def out(connection: Connection) -> None:
        checklists.load_builtin(connection, NOW)
        write_setup(connection, target, TODAY)

    database.write_now(out)
    book = importing.read(target.getvalue())
    read = [row.cells for row in book.rows["checklist"]]
    assert [
        {name: row[name] for name in source} for row, source in zip(read, builtin.checklist_rows(), strict=True)
    ] == (builtin.checklist_rows())
    assert [row.cells for row in book.rows["legal"]] == builtin.legal_rows()
    again = Database("sqlite:///:memory:")
    try:
        migrate(again)

        def into(connection: Connection) -> Any:
            plan = importing.plan(connection, book, now=NOW, today=TODAY, new_id=ids())
            importing.apply(connection, plan)
            return checklists.latest(connection, TODAY)

        assert again.write_now(into)[1] == builtin_checklist()
    finally:
        again.stop()


def test_every_column_of_the_checklist_has_its_header() -> None:
    (sheet,) = (sheet for sheet in SHEETS if sheet.name == "checklist")
    names = [column.name for column in sheet.columns]
    assert set(builtin.checklist_rows()[0]) <= set(names)
    for one in SHEETS:
        headers = [column.header for column in one.columns]
        assert len(set(headers)) == len(headers)


# --- the commands ---------------------------------------------------------------------------------------------------


def told(database: Database, path: Path, *, check: bool = False) -> tuple[int, list[str]]:
    lines: list[str] = []
    status = workbooks.import_file(database, path, check=check, now=NOW, out=lines.append)
    return status, lines


def test_check_says_what_would_happen_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "tep.xlsx"
    path.write_bytes(built(sound()))
    before = database.write_now(everything)
    status, lines = told(database, path, check=True)
    assert (status, lines[-5:]) == (
        0,
        [
            "Đơn vị: thêm 16",
            "Nhân sự: thêm 13",
            "Nội dung kiểm tra: thêm 01",
            "Giờ làm việc: thêm 12",
            "Ngày nghỉ: thêm 03",
        ],
    )
    assert "Sẽ thay đổi (chưa ghi):" in lines
    assert database.write_now(everything) == before
    assert told(database, path)[0] == 0
    assert told(database, path) == (
        0,
        [
            "Đang đọc tep.xlsx …",
            "  Đơn vị: 16 dòng",
            "  Nhân sự: 13 dòng",
            "  Bộ nội dung: 1 dòng",
            "  Nội dung kiểm tra: 17 dòng",
            "  Căn cứ pháp lý: 1 dòng",
            "  Giờ làm việc: 4 dòng",
            "  Ngày nghỉ: 3 dòng",
            "Đang so với cơ sở dữ liệu …",
            "Lưu ý: Bộ bo-mau:1: tổng trọng số là 160, không phải 100.",
            "Không có gì thay đổi.",
        ],
    )


def test_faults_are_told_and_the_status_says_so(database: Database, tmp_path: Path) -> None:
    sheets = sound()
    put(sheets, U, "B3", "")
    path = tmp_path / "tep.xlsx"
    path.write_bytes(built(sheets))
    status, lines = told(database, path)
    assert status == 1
    assert lines[-2:] == [
        "Có 01 điểm cần sửa; chưa có gì được ghi:",
        "- Trang Đơn vị, dòng 3, cột B (Tên): chưa có nội dung; đề nghị ghi vào ô này.",
    ]
    path.write_bytes(b"ma,ten")
    assert told(database, path)[0] == 1
    with pytest.raises(workbooks.UnreadableFileError, match="Không đọc được tệp"):
        told(database, tmp_path / "khong-co.xlsx")


def test_the_template_goes_in_without_doing_anything(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    workbooks.write_template(path)
    status, lines = told(database, path)
    assert (status, lines[-1]) == (0, "Không có gì thay đổi.")
    assert sum("bỏ qua 02 dòng ví dụ" in line for line in lines) == len(SHEETS)


def test_the_examples_of_the_template_are_good_ones(database: Database) -> None:
    target = io.BytesIO()
    write_template(target)
    sheets: Sheets = {}
    for found in read_workbook(target.getvalue()):
        rows = [list(row) for row in found.rows]
        sheets[found.title] = [
            [cell.removeprefix("VD: ") if isinstance(cell, str) else cell for cell in row] for row in rows
        ]
    sheets["Bộ nội dung"] = sheets["Bộ nội dung"][:2]
    sheets[U] += [[key, *sheets[U][-1][1:4], "", *sheets[U][-1][5:]] for key in ("XA-02", "XA-03")]
    del sheets["Danh mục"], sheets["Hướng dẫn"]
    assert [fault.line for fault in faults_of(database, sheets)] == []
    assert imported(database, sheets).summary()[0] == "Đơn vị: thêm 04"


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_four_thousand_units_and_twenty_thousand_people(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lon.xlsx"
    path.write_bytes(built(many(4_000, 20_000)))
    lines: list[str] = []
    loop = asyncio.new_event_loop()
    begun = loop.time()
    status = workbooks.import_file(database, path, check=False, now=NOW, out=lines.append)
    spent = loop.time() - begun
    loop.close()
    with capsys.disabled():
        print(f"\n4,000 units and 20,000 people on {database.url.get_backend_name()}: {spent:.1f} s")  # noqa: T201  a figure to look at
    assert (status, lines[-2:]) == (0, ["Đơn vị: thêm 4000", "Nhân sự: thêm 20000"])
    unit = database.write_now(lambda connection: unit_of(connection, "mẫu 3999"))
    assert database.write_now(lambda connection: people.heads_of(connection, [unit.id], TODAY)[unit.id])


def many(unit_count: int, person_count: int) -> Sheets:
    """A province of that many communes; every unit has a head, the rest are inspectors."""
    rows: list[list[Any]] = [["TINH", "tỉnh Mẫu", "Tỉnh, thành phố", "", SINCE]]
    rows += [[f"X-{n}", f"xã Mẫu {n}", "Xã", "TINH", SINCE] for n in range(1, unit_count)]
    staff = [
        [
            f"NV-{n}",
            f"Nông Văn Mẫu {n}",
            "thủ trưởng" if n < unit_count else "thành viên đoàn",
            f"X-{n % (unit_count - 1) + 1}",
        ]
        for n in range(person_count)
    ]
    for row in staff[unit_count - 1 : unit_count]:
        row[2] = "quản trị"
    return {
        U: [["Mã", "Tên", "Loại", "Thuộc đơn vị", "Hiệu lực từ"], *rows],
        P: [["Mã", "Họ và tên", "Vai trò", "Tại đơn vị"], *staff],
    }


# --- several checklists in one workbook -----------------------------------------------------------------------------


def _of(rows: list[list[Any]], names: list[str]) -> list[list[Any]]:
    """A sheet with the column that says to which checklist each row belongs."""
    return [[*rows[0], "Thuộc bộ"], *([*row, name] for row, name in zip(rows[1:], names, strict=True))]


def two_sets() -> Sheets:
    """Two checklists that use the same codes and legal keys, and mean other things by them."""
    sheets = sound()
    first, counter = len(sheets[C]) - 1, [item("A01", 1, "Đạt / không đạt", Câu_hỏi="Bộ phận Một cửa có mở cửa?")]
    sheets["Bộ nội dung"].append(["mot-cua", 1, "Kiểm tra Một cửa", SINCE])
    sheets[C] = _of([*sheets[C], *counter], ["bo-mau"] * first + ["mot-cua:1"])
    legal = [["ct-26", "Nghị định số 61/2018/NĐ-CP", date(2018, 6, 21)]]
    sheets["Căn cứ pháp lý"] = _of([*sheets["Căn cứ pháp lý"], *legal], ["bo-mau:1", "mot-cua"])
    return sheets


def test_each_of_two_checklists_has_its_own_items_and_bases(database: Database) -> None:
    assert "Nội dung kiểm tra: thêm 02" in imported(database, two_sets()).summary()
    listed = database.write_now(stored_checklists)
    assert [(one.code, len(one.items), [base["title"] for base in one.legal_bases]) for one in listed] == [
        ("bo-mau", 17, ["Chỉ thị số 26/CT-TTg"]),
        ("mot-cua", 1, ["Nghị định số 61/2018/NĐ-CP"]),
    ]


def test_what_was_taken_out_with_two_checklists_changes_nothing(database: Database) -> None:
    imported(database, two_sets())
    target = io.BytesIO()
    database.write_now(lambda connection: write_setup(connection, target, TODAY))
    assert database.write_now(lambda connection: planned(connection, target.getvalue())).changes == ()


@pytest.mark.parametrize(
    ("cell", "of", "told"),
    [
        ("Q18", "mot-cua:2", "“mot-cua:2” không phải bộ nào ở trang Bộ nội dung"),
        ("Q18", "", "“” không phải bộ nào ở trang Bộ nội dung"),
        ("Q19", "bo-mau", "bộ mot-cua:1 chưa có nội dung nào"),
    ],
)
def test_a_row_of_no_checklist_is_told(database: Database, cell: str, of: str, told: str) -> None:
    sheets = two_sets()
    put(sheets, C, cell, of)
    assert any(told in fault.line for fault in faults_of(database, sheets))
