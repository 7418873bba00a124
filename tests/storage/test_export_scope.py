"""An export for somebody holds the rows of their area and no others, and never a visit under way."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook
from sqlalchemy import Connection, select, update

from storage import units
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.export import SETUP_FILE, bundle
from storage.export.registry import EXPORTED
from storage.export.scope import WITHIN, Area, area_of, rows_of
from storage.lineage import Step, record
from storage.reports.indicators import INDICATORS as CODES
from storage.reports.year import INDICATORS, Year
from storage.tables import visits
from tests.cast import PROVINCE, load
from tests.storage.workbook_cases import NOW, TODAY

TITLES = {code: code for code in (*CODES, "KPI-11")}
TABLES = {table.name: table for table in EXPORTED}


def told(connection: Connection, area: Area | None, name: str, *fields: str) -> list[Any]:
    """What an export of the area holds of one table; one field as it is, several as tuples."""
    places = [[field.name for field in TABLES[name].fields].index(field) for field in fields]
    rows = [tuple(row[place] for place in places) for row in rows_of(connection, TABLES[name], area)]
    return [row[0] for row in rows] if len(fields) == 1 else rows


@pytest.fixture
def stage(database: Database) -> Database:
    """The cast with a visit to Tân Đoàn that is signed."""
    database.write_now(lambda connection: load(connection, EvidenceStore(None)))
    return database


def test_every_exported_table_says_whose_its_rows_are() -> None:
    assert list(WITHIN) == list(TABLES)


def test_without_an_area_nothing_is_left_out(stage: Database) -> None:
    def work(connection: Connection) -> None:
        whole = area_of(connection, [PROVINCE], TODAY)
        assert whole.whole
        for table in EXPORTED:
            everything = list(rows_of(connection, table))
            assert list(rows_of(connection, table, whole)) == everything, table.name

    stage.write_now(work)


def test_an_area_holds_its_units_and_those_below_and_nothing_of_others(stage: Database) -> None:
    def work(connection: Connection) -> None:
        diem_he = area_of(connection, ["u-diem-he"], TODAY)
        assert diem_he == Area(("u-diem-he", "u-vh-2"))
        assert told(connection, diem_he, "units", "id") == ["u-diem-he", "u-vh-2"]
        assert told(connection, diem_he, "people", "name") == ["Hoàng Văn Bình", "Lý Thị Duyên"]
        assert set(told(connection, diem_he, "roles", "unit_id")) == {"u-diem-he"}
        assert told(connection, diem_he, "obligations", "code") == ["NV-2026-0147"]
        for name in ("answers", "results", "findings", "photos"):
            assert told(connection, diem_he, name, "visit_id") == []
        assert told(connection, diem_he, "journal", "id") == []
        tan_doan = area_of(connection, ["u-tan-doan"], TODAY)
        assert told(connection, tan_doan, "visits", "id") == ["v-2025"]
        assert set(told(connection, tan_doan, "findings", "visit_id")) == {"v-2025"}
        both = area_of(connection, ["u-tan-doan", "u-diem-he"], TODAY)
        assert len(told(connection, both, "units", "id")) == 4

    stage.write_now(work)


def test_a_visit_under_way_is_in_no_area(stage: Database) -> None:
    def work(connection: Connection) -> None:
        connection.execute(update(visits).where(visits.c.id == "v-2025").values(status="in_progress"))
        whole = area_of(connection, [PROVINCE], TODAY)
        assert told(connection, whole, "visits", "id") == []
        for name in ("answers", "results", "photos"):
            assert told(connection, whole, name, "visit_id") == []
        assert told(connection, None, "visits", "id") == ["v-2025"]

    stage.write_now(work)


def test_a_merged_unit_goes_with_what_it_became(stage: Database) -> None:
    """Its visits and findings are not lost to the one who answers for the new unit."""

    def work(connection: Connection) -> None:
        on = date(2026, 7, 1)
        units.create(connection, [units.NewUnit("u-new", "commune", "xã Mới", on, parent_id=PROVINCE)])
        merged = Step(("u-tan-doan", "u-tan-tri"), ("u-new",), "merge", on)
        record(connection, [merged, Step(("u-diem-he",), ("u-new",), "part", on)], today=TODAY)
        assert not connection.execute(select(visits.c.id).where(visits.c.unit_id == "u-new")).all()
        new = area_of(connection, ["u-new"], TODAY)
        assert set(new.units) == {"u-new", "u-tan-doan", "u-tan-tri", "u-vh-1"}  # of Điềm He, that goes on, nothing
        assert told(connection, new, "visits", "id") == ["v-2025"]
        assert area_of(connection, [PROVINCE], TODAY).whole
        assert told(connection, area_of(connection, ["u-diem-he"], TODAY), "visits", "id") == []

    stage.write_now(work)


@pytest.mark.parametrize("format", ["xlsx", "csv", "jsonl"])
def test_one_file_holds_all_tables(stage: Database, tmp_path: Path, format: str) -> None:
    def work(connection: Connection) -> int:
        return bundle(connection, tmp_path / "file", format, TODAY, [PROVINCE], lead=Year([PROVINCE], NOW, TITLES))

    rows = stage.read_aside(work)
    wanted = stage.read_aside(lambda connection: sum(len(list(rows_of(connection, table))) for table in EXPORTED))
    assert rows == wanted > 40
    if format == "xlsx":
        book = load_workbook(str(tmp_path / "file"))
        assert book.sheet_names[0] == INDICATORS.title
        assert book.sheet_names[-len(EXPORTED) :] == [table.title for table in EXPORTED]
        assert len(book.get_sheet_by_name("Đơn vị").to_python()) == 1 + 8
        return
    with zipfile.ZipFile(tmp_path / "file") as packed:
        names = [SETUP_FILE, *(f"{table.name}.{format}" for table in (INDICATORS, *EXPORTED))]
        assert sorted(packed.namelist()) == sorted(names)
        if format == "jsonl":
            lines = packed.read("visits.jsonl").decode().splitlines()
            assert [json.loads(line)["id"] for line in lines] == ["v-2025"]


def test_the_set_up_workbook_goes_with_the_whole_only(stage: Database, tmp_path: Path) -> None:
    """It carries everybody's units and people."""
    stage.read_aside(lambda connection: bundle(connection, tmp_path / "f", "csv", TODAY, ["u-diem-he"]))
    with zipfile.ZipFile(tmp_path / "f") as packed:
        assert SETUP_FILE not in packed.namelist()
        assert "Thịnh" not in packed.read("people.csv").decode("utf-8-sig")


def test_a_reader_aside_sees_what_was_committed_and_writes_nothing(stage: Database) -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert stage.read_aside(lambda connection: units.get(connection, "u-diem-he", on=tomorrow)) is not None
    with pytest.raises(Exception, match=r"readonly|read-only"):
        stage.read_aside(lambda connection: connection.execute(update(visits).values(status="signed")))
