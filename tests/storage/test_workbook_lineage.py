"""What becomes of units, told by a workbook: recorded once, told at its cells when it cannot be, written out again."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from storage import checklists, people
from storage.database import Database
from storage.people import NewPerson
from storage.tables import findings, unit_lineage, unit_links, units, visits
from storage.workbook.template import write_setup
from tests.storage.workbook_cases import (
    TODAY,
    Sheets,
    everything,
    faults_of,
    imported,
    planned,
    sound,
)

TITLE = "Sắp xếp đơn vị"
HEADERS = ["Ngày", "Hình thức", "Đơn vị cũ", "Đơn vị mới", "Nghị quyết số"]
DAY, EVE = date(2026, 1, 1), date(2025, 12, 31)
NOW = datetime(2025, 9, 1, 1, tzinfo=UTC)


def changes(*rows: list[Any]) -> Sheets:
    """The units of the sound workbook, and what becomes of them."""
    return {"Đơn vị": sound()["Đơn vị"], TITLE: [HEADERS, *rows]}


MERGE = [DAY, "Sáp nhập", "XA-01", "XA-02", "Nghị quyết số 12/NQ-HĐND"]
REFORM = changes(
    MERGE,
    [DAY, "sap nhap", "XA-03", "XA-02", "Nghị quyết số 12/NQ-HĐND"],
    [DAY, "Chia", "XA-04", "XA-05", ""],
    [DAY, "Chia", "XA-04", "XA-06", ""],
    [DAY, "Một phần", "XA-07", "XA-08", ""],
    [DAY, "Giải thể", "XA-09", "", ""],
)


@pytest.fixture
def province(database: Database) -> Database:
    """The units of the sound workbook, with an open finding at XA-01 and at XA-04."""
    imported(database, {"Đơn vị": sound()["Đơn vị"]})
    database.write_now(_found)
    return database


def _found(connection: Connection) -> None:
    checklist_id = checklists.load_builtin(connection, NOW)
    people.create(connection, [NewPerson("leader", "Hoàng Văn Mẫu", NOW.date())], NOW)
    ids = {row.key: row.id for row in connection.execute(select(units))}
    for number, key in enumerate(("XA-01", "XA-04"), start=1):
        visit = {"id": f"v-{key}", "unit_id": ids[key], "checklist_id": checklist_id, "status": "signed"}
        more = {"form": "surprise", "started_at": NOW, "document": "{}", "leader_id": "leader"}
        connection.execute(insert(visits), visit | more)
        found = {"id": f"f-{key}", "number": f"TT-2025-{number:03d}", "unit_id": ids[key], "visit_id": f"v-{key}"}
        says = {"item_code": "C01", "key": "C01", "sentence": "Có người vắng.", "remedy_days": 5, "status": "open"}
        connection.execute(insert(findings), found | says | {"found_on": NOW.date()})


def _read(database: Database, work: Any) -> Any:
    return database.write_now(work)


def _keys(connection: Connection) -> dict[str, str]:
    return {row.id: row.key for row in connection.execute(select(units))}


def test_a_reform_is_recorded_and_what_is_open_passes_on(province: Database) -> None:
    plan = imported(province, REFORM)
    assert plan.summary() == ["Sắp xếp đơn vị: thêm 06"]
    assert plan.notes == (
        "01 tồn tại, việc còn mở của đơn vị cũ sẽ chuyển sang đơn vị kế thừa.",
        "01 tồn tại, việc còn mở của đơn vị cũ sẽ chờ quản trị chọn đơn vị nhận.",
    )

    def look(connection: Connection) -> tuple[Any, ...]:
        keys = _keys(connection)
        ended = {r.key for r in connection.execute(select(units).where(units.c.valid_to == EVE))}
        where = {r.id: keys[r.unit_id] for r in connection.execute(select(findings))}
        told = {(keys[r.from_id], keys[r.to_id], r.kind) for r in connection.execute(select(unit_lineage))}
        return ended, where, told

    ended, where, told = _read(province, look)
    assert ended == {"XA-01", "XA-03", "XA-04", "XA-09"}
    assert where == {"f-XA-01": "XA-02", "f-XA-04": "XA-04"}
    assert told == {
        ("XA-01", "XA-02", "merge"),
        ("XA-03", "XA-02", "merge"),
        ("XA-04", "XA-05", "split"),
        ("XA-04", "XA-06", "split"),
        ("XA-07", "XA-08", "part"),
        ("XA-09", "TINH", "abolish"),
    }


def test_the_same_again_changes_nothing_and_what_is_written_out_neither(province: Database) -> None:
    imported(province, REFORM)
    before = _read(province, everything)
    assert imported(province, REFORM).changes == ()
    target = io.BytesIO()
    _read(province, lambda connection: write_setup(connection, target, TODAY))
    assert _read(province, lambda connection: planned(connection, target.getvalue())).changes == ()
    assert _read(province, everything) == before


def test_what_stood_below_a_merged_unit_stays_with_its_successor(province: Database) -> None:
    sheets = changes(MERGE)
    sheets["Đơn vị"].append(["VP-01", "Văn phòng", "Phòng, ban", "XA-01", "", "không", "", date(2025, 7, 1), "", ""])
    imported(province, {"Đơn vị": sheets["Đơn vị"]}, date(2025, 9, 1))
    imported(province, sheets)
    assert imported(province, sheets).changes == ()

    def parent(connection: Connection) -> str:
        keys = _keys(connection)
        rows = connection.execute(select(unit_links).where(unit_links.c.valid_to.is_(None)))
        return next(keys[row.parent_id] for row in rows if keys[row.unit_id] == "VP-01")

    assert _read(province, parent) == "XA-02"


OLD = date(2025, 7, 1)
FAULTS: dict[str, tuple[list[list[Any]], str, str]] = {
    "an unknown unit": ([[DAY, "Sáp nhập", "XA-01", "XA-99", ""]], "D2", "chưa có đơn vị mã “XA-99”"),
    "an unknown old unit": ([[DAY, "Sáp nhập", "XA-98", "XA-01", ""]], "C2", "chưa có đơn vị mã “XA-98”"),
    "no such form": ([[DAY, "Bán", "XA-01", "XA-02", ""]], "B2", "không có trong danh sách"),
    "no day": ([["", "Sáp nhập", "XA-01", "XA-02", ""]], "A2", "chưa có nội dung"),
    "a day before the unit began": ([[OLD, "Sáp nhập", "XA-01", "XA-02", ""]], "C2", "có từ ngày 01/7/2025"),
    "a merge with itself": ([[DAY, "Sáp nhập", "XA-01", "XA-01", ""]], "C2", "kế thừa chính mình"),
    "a circle": ([MERGE, [DAY, "Sáp nhập", "XA-02", "XA-01", ""]], "C2", "không thể kế thừa"),
    "nobody named": ([[DAY, "Đổi tên", "XA-01", "", ""]], "D2", "chỉ khi giải thể"),
    "a split into one": ([[DAY, "Chia", "XA-01", "XA-02", ""]], "C2", "ít nhất 02 đơn vị kế thừa"),
    "the same twice": ([MERGE, MERGE], "C3", "đã có ở dòng 2"),
    "two ends": ([MERGE, [DAY, "Giải thể", "XA-01", "", ""]], "C2", "một lần"),
    "ended before": ([MERGE, [date(2026, 3, 1), "Sáp nhập", "XA-01", "XA-03", ""]], "C3", "đã kết thúc"),
    "into one that has ceased": (
        [MERGE, [date(2026, 3, 1), "Sáp nhập", "XA-03", "XA-01", ""]], "D3", "không thể kế thừa"
    ),
    "a part, and nobody for the rest": (
        [[DAY, "Một phần", "XA-01", "XA-02", ""], [DAY, "Giải thể", "XA-01", "XA-03", ""]], "C2", "phần còn lại"
    ),
    "the top abolished": ([[DAY, "Giải thể", "TINH", "", ""]], "C2", "cấp trên"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_what_cannot_be_is_told_at_its_cell(what: str, province: Database) -> None:
    rows, cell, words = FAULTS[what]
    before = _read(province, everything)
    found = faults_of(province, changes(*rows))
    assert (TITLE, cell) in [(fault.sheet, fault.cell) for fault in found if words in fault.sentence], found
    assert all(re.search("đề nghị|chỉ khi|danh sách", fault.sentence) for fault in found)
    assert _read(province, everything) == before
