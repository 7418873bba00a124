"""What is stored comes out whole in each format, as text where it is text, and every field is documented."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from python_calamine import load_workbook
from sqlalchemy import CheckConstraint, Connection, Select, func, insert, make_url, select

from bot import workbooks
from bot.documents.registry import KINDS
from bot.photo_copies import LONGEST, write_copies
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.export import BOOK_FILE, FORMATS, PHOTO_FOLDER, SETUP_FILE
from storage.export.base import Exported, Field, Listed
from storage.export.documentation import documentation
from storage.export.formats import csv as csv_format
from storage.export.formats import jsonl, xlsx
from storage.export.registry import EXPORTED
from storage.migrate import migrate
from storage.reports.year import INDICATORS
from storage.sample.load import load_sample
from storage.tables import metadata, people
from storage.workbook import importing
from storage.workbook.faults import WorkbookFaults
from storage.workbook.reading import read_workbook
from tests.cast import picture
from tests.evidence import scene
from tests.storage.workbook_cases import NOW, TODAY, built, ids, sound

ANSWERS, FINDINGS, OBLIGATIONS, PEOPLE, PHOTOS, UNITS, VISITS = (
    next(table for table in EXPORTED if table.name == name)
    for name in ("answers", "findings", "obligations", "people", "photos", "units", "visits")
)
# Tables and columns that are not taken out, and why.
KEPT_BACK = {
    "accounts": "chat accounts are bound anew by invitation",
    "invitations": "secrets",
    "strangers": "of the day only",
    "evidence": "beside each photo",
    "picture_bands": "worked out from each picture",
    "visit_tallies": "added up from visits and measures", "item_tallies": "added up from visits and results",
    "obligations.look_on": "a hint for the sweep, worked out again at each look",
    "chats": "a dialogue under way",
    "inbox": "raw updates, kept seven days",
    "outbox": "what was still to be sent",
    "errands": "what was still to be made or read",
    "clock": "of the demonstration only",
    "handouts": "secrets of half an hour",
    "message_counts": "what a network has carried this month",
    "sweeps": "of the clock side only",
    "units.search_key": "worked out from the name",
    "visits.document": "the visit as the rules see it, told by answers and results",
    "visits.revision": "a counter",
    "photos.account": "our own account", "photos.chat_id": "a chat", "photos.media": "the network's address of it",
    "document_templates.content": "a file, not a row; it comes back by `kycuong template`",
    "photos.attempts": "a counter", "photos.next_try_at": "of the fetcher",
}  # fmt: skip
STORED_AS = {"holidays": "calendar_overrides"}
NASTY = [
    "=1+1",
    "+84 90",
    "-5",
    "@SUM(A1)",
    "\tx",
    "\rx",
    '=HYPERLINK("x")',
    "=cmd|' /C calc'!A0",
    "＝1",
    "＋1",
    "－1",
    "＠a",
]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with the sample province and its year of visits."""
    folder = tmp_path_factory.mktemp("province")
    address = f"sqlite:///{folder / 'kycuong.db'}"
    database = Database(address)
    migrate(database)
    load_sample(database, EvidenceStore(folder / "evidence"), NOW)
    database.stop()
    return address


def taken_out(address: str, folder: Path, format: str) -> tuple[int, list[str]]:
    lines: list[str] = []
    status = workbooks.export_to(Database(address), folder, format, now=NOW, out=lines.append)
    return status, lines


def counts(address: str) -> dict[str, int]:
    database = Database(address)

    def work(connection: Connection) -> dict[str, int]:
        tables = {table.name: table for table in metadata.sorted_tables}
        return {
            one.name: connection.execute(
                select(func.count()).select_from(tables[STORED_AS.get(one.name, one.name)])
            ).scalar_one()
            for one in EXPORTED
        }

    try:
        return database.write_now(work)
    finally:
        database.stop()


@pytest.mark.parametrize("format", list(FORMATS))
def test_every_row_of_every_table_is_there(province: str, tmp_path: Path, format: str) -> None:
    status, lines = taken_out(province, tmp_path, format)
    wanted = counts(province)
    assert wanted["visits"] > 0
    assert wanted["answers"] > 500
    files = [BOOK_FILE] if format == "xlsx" else [f"{one.name}.{format}" for one in (INDICATORS, *EXPORTED)]
    assert (status, len(lines)) == (0, len(files))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([SETUP_FILE, *files])
    found = {one.name: _rows(tmp_path, one, format) for one in EXPORTED}
    assert {name: len(rows) for name, rows in found.items()} == wanted


def test_with_its_photos_a_workbook_opens_them(province: str, tmp_path: Path) -> None:
    """A fingerprint is a link to a copy beside the workbook: upright, smaller, without what the camera wrote."""
    store = EvidenceStore(Path(make_url(province).database or "").parent / "evidence")
    lines: list[str] = []
    workbooks.export_to(Database(province), tmp_path, "xlsx", now=NOW, out=lines.append, photos=store)
    copies = {path.name: path for path in (tmp_path / PHOTO_FOLDER).iterdir()}
    assert f"{PHOTO_FOLDER}/: {len(copies)} ảnh" in lines
    stored = [row for row in _rows(tmp_path, PHOTOS, "xlsx") if row["Loại tệp"] == "Ảnh"]
    shas = {row["SHA-256 của tệp gốc"] for row in stored}
    assert {f"{sha[:16]}.jpg" for sha in shas if len(sha) == 64} == set(copies)
    assert len(copies) > 5
    for name, path in copies.items():
        with Image.open(path) as image:
            assert max(image.size) <= LONGEST
            assert not image.getexif(), name
    number = load_workbook(str(tmp_path / BOOK_FILE)).sheet_names.index(PHOTOS.title) + 1
    with zipfile.ZipFile(tmp_path / BOOK_FILE) as packed:
        links = packed.read(f"xl/worksheets/_rels/sheet{number}.xml.rels").decode()
        assert all(f'Target="{PHOTO_FOLDER}/{name}"' in links for name in copies)


def test_a_photo_that_cannot_be_read_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    good, broken, gone = store.put(picture(1)), store.put(b"\xff\xd8 no picture"), "0" * 64
    assert write_copies(store, [good, broken, gone], tmp_path / "to") == {good: f"{good[:16]}.jpg"}
    assert [record.args[0] for record in caplog.records if record.args] == [broken, gone]


def test_copies_end_where_the_file_is_full(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    shas = [store.put(scene(n)) for n in range(6)]
    whole = write_copies(store, shas, tmp_path / "all")
    sizes = [(tmp_path / "all" / name).stat().st_size for name in whole.values()]
    some = write_copies(store, shas, tmp_path / "some", sum(sizes[:3]) + 1)
    assert list(some) == shas[:3]


def _rows(folder: Path, table: Listed, format: str) -> list[dict[str, Any]]:
    """The rows of a table, by the names of its fields, in a workbook by the headers of its columns."""
    path = folder / f"{table.name}.{format}"
    if format == "jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if format == "csv":
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    heads, *rows = load_workbook(str(folder / BOOK_FILE)).get_sheet_by_name(table.title).to_python()
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_the_three_formats_say_the_same(province: str, tmp_path: Path) -> None:
    for format in FORMATS:
        taken_out(province, tmp_path / format, format)
    (first, *_), (as_csv, *_), (as_xlsx, *_) = (_rows(tmp_path / format, VISITS, format) for format in FORMATS)
    assert as_csv["id"] == as_xlsx["Mã nội bộ của Hệ thống"] == first["id"]
    moment = as_xlsx["Thời điểm bắt đầu"]
    assert isinstance(moment, datetime)
    assert as_csv["started_at"] == f"{moment:%Y-%m-%d %H:%M:%S}"
    assert (moment.hour, first["started_at"][11:13]) == (8, "01")  # eight in Vietnam is one in UTC
    assert Decimal(as_csv["score"]) == Decimal(str(first["score"])) == Decimal(str(as_xlsx["Điểm"]))
    assert first["form"] == as_csv["form"] == "surprise"
    assert (as_xlsx["Hình thức"], as_xlsx["Tình trạng"]) == ("Đột xuất", "Đã ký")
    answer = _rows(tmp_path / "jsonl", ANSWERS, "jsonl")[0]["value"]
    assert isinstance(answer, dict)


def test_the_indicators_are_the_same_in_the_three_formats(province: str, tmp_path: Path) -> None:
    for format in FORMATS:
        taken_out(province, tmp_path / format, format)
    told, as_csv = (_rows(tmp_path / format, INDICATORS, format) for format in ("jsonl", "csv"))
    assert [row["code"] for row in told] == [row["code"] for row in as_csv]
    page = load_workbook(str(tmp_path / "xlsx" / BOOK_FILE)).get_sheet_by_name("Chỉ tiêu").to_python()[2:]
    shown = {row[0]: row for row in page}
    for row, other in zip(told, as_csv, strict=True):
        for name, cell in zip(("numerator", "denominator", "value", "target", "before", "year_before"),
                              shown[row["code"]][2:], strict=True):  # fmt: skip
            if row["code"] != "KPI-11" or name in ("numerator", "denominator"):
                assert row[name] == (pytest.approx(cell) if isinstance(cell, float) else None), (row["code"], name)
                assert (float(other[name]) if other[name] else None) == row[name]
        assert (other["last_day"][:4], other["as_of"]) == (row["last_day"][:4], "2026-08-04 08:00:00")
    assert shown["KPI-01"][1:4] == ["Kế hoạch triển khai đã ban hành", 61.0, 65.0]
    assert {row["code"]: row["aim"] for row in told}["KPI-09"] == "above"


def test_a_workbook_is_read_by_people(province: str, tmp_path: Path) -> None:
    """Units and people stand with their names, closed lists with their words, answers with their questions."""
    taken_out(province, tmp_path, "xlsx")
    answers = _rows(tmp_path, ANSWERS, "xlsx")
    one = next(row for row in answers if row["Mã nội dung"] == "B01")
    assert (one["Nội dung"], one["Câu trả lời"]) == ("Nội quy còn hiệu lực, đã niêm yết", "Đạt")
    assert one["Đơn vị"].startswith(("UBND ", "Sở ", "Ban ", "Thanh "))
    assert isinstance(one["Ngày kiểm tra"], date)
    assert json.loads(one["Câu trả lời (mã)"]) == {"ket_qua": "dat"}
    assert not [row for row in answers if row["Câu trả lời"].startswith("{")]
    assert any("; ghi chú: " in row["Câu trả lời"] or ";" in row["Câu trả lời"] for row in answers)
    found = _rows(tmp_path, FINDINGS, "xlsx")
    assert {row["Tình trạng"] for row in found} == {"Chưa khắc phục", "Đã khắc phục"}
    owed = _rows(tmp_path, OBLIGATIONS, "xlsx")
    assert "Kế hoạch triển khai" in {row["Loại nhiệm vụ"] for row in owed}
    for rows in (answers, found, owed):
        assert all(row["Đơn vị"] for row in rows)
    for table in EXPORTED:
        heads = load_workbook(str(tmp_path / BOOK_FILE)).get_sheet_by_name(table.title).to_python()[0]
        assert len(set(heads)) == len(heads) >= len(table.fields), table.name
        assert not {field.name for field in table.fields} & set(map(str, heads)), table.name


def test_every_sheet_is_ready_to_be_read_and_printed(province: str, tmp_path: Path) -> None:
    taken_out(province, tmp_path, "xlsx")
    with zipfile.ZipFile(tmp_path / BOOK_FILE) as packed:
        sheets = [name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+.xml", name)]
        assert len(sheets) == 7 + len(EXPORTED)
        for name in sheets:
            sheet = packed.read(name).decode()
            assert '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>' in sheet, name
            assert "<autoFilter" in sheet, name
            assert 'state="frozen"' in sheet, name
        assert packed.read("xl/workbook.xml").decode().count("_xlnm.Print_Titles") == len(sheets)


def test_every_value_of_a_closed_list_has_its_word() -> None:
    """What the database lets be stored, a workbook can say."""
    words = {
        f"{STORED_AS.get(one.name, one.name)}.{field.name}": field.words for one in EXPORTED for field in one.fields
    }
    checked = 0
    for table in metadata.sorted_tables:
        for rule in table.constraints:
            listed = (
                re.fullmatch(r"(\w+) in \((.+)\)", str(rule.sqltext)) if isinstance(rule, CheckConstraint) else None
            )
            if listed and words.get(f"{table.name}.{listed[1]}") is not None:
                assert set(re.findall(r"'([\w-]+)'", listed[2])) <= set(words[f"{table.name}.{listed[1]}"]), table.name
                checked += 1
    assert checked > 5
    assert set(KINDS) == set(words["document_templates.kind"])


def test_the_set_up_part_goes_into_an_empty_database_and_comes_out_equal(province: str, tmp_path: Path) -> None:
    taken_out(province, tmp_path / "first", "csv")
    data = (tmp_path / "first" / SETUP_FILE).read_bytes()
    address = f"sqlite:///{tmp_path / 'empty.db'}"
    database = Database(address)
    migrate(database)

    def work(connection: Connection) -> None:
        plan = importing.plan(connection, importing.read(data), now=NOW, today=TODAY, new_id=ids())
        assert [fault.line for fault in plan.faults] == []
        importing.apply(connection, plan)

    database.write_now(work)
    database.stop()
    taken_out(address, tmp_path / "second", "csv")
    again = (tmp_path / "second" / SETUP_FILE).read_bytes()
    for one, other in zip(read_workbook(data), read_workbook(again), strict=True):
        assert (one.title, list(one.rows)) == (other.title, list(other.rows))
    assert len(read_workbook(data)[0].rows) > 65


def test_nothing_stored_is_forgotten() -> None:
    """A new table or column is taken out, or stands in the list above with its reason."""
    exported = {f"{STORED_AS.get(one.name, one.name)}.{field.name}" for one in EXPORTED for field in one.fields}
    exported |= {f"evidence.{column.name}" for column in metadata.tables["evidence"].columns}
    numbered = {"unit_links.id", "roles.id", "work_hours.id"}  # counters of the database
    stored = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name not in KEPT_BACK
        for column in table.columns
    }
    assert stored - exported - numbered - set(KEPT_BACK) == set()


# --- formats --------------------------------------------------------------------------------------------------------


def _table(*kinds: str) -> Exported:
    fields = tuple(Field(f"f{n}", kind, "") for n, kind in enumerate(kinds))  # type: ignore[arg-type]

    def rows() -> Select[Any]:
        raise NotImplementedError

    return Exported("thu", "Thử", "", fields, rows)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    table = _table("text", "figure", "whole")
    csv_format.write(tmp_path / "a.csv", table, [(text, Decimal("-1.5"), -5)])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}", "-1.5", "-5"]
    xlsx.write(tmp_path / "a.xlsx", table, [(text, Decimal("-1.5"), -5)])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    if text.strip() == text:
        assert load_workbook(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()[1] == [text, -1.5, -5.0]


def test_a_long_text_is_cut_in_a_workbook_and_says_so(tmp_path: Path) -> None:
    long = "kỷ cương " * 5_000
    xlsx.write(tmp_path / "a.xlsx", _table("text"), [(long,), ("😀" * 20_000,)])
    (_, (cut,), (emoji,)) = load_workbook(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()
    assert (len(cut), cut.endswith(xlsx.CUT)) == (32_767, True)
    assert (len(emoji.encode("utf-16-le")) // 2 <= 32_767, emoji.endswith(xlsx.CUT)) == (True, True)
    jsonl.write(tmp_path / "a.jsonl", _table("text"), [(long,)])
    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8")) == {"f0": long}


def test_dates_are_dates_and_a_long_table_goes_on_in_the_next_sheet(tmp_path: Path) -> None:
    table = _table("day", "moment", "yes")
    moment = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
    assert xlsx.write(tmp_path / "a.xlsx", table, [(TODAY, moment, True)] * 5, rows_of_sheet=2) == 5
    book = load_workbook(str(tmp_path / "a.xlsx"))
    assert book.sheet_names == ["Thử", "Thử 2", "Thử 3"]
    assert book.get_sheet_by_index(2).to_python()[1:] == [[date(2026, 8, 4), datetime(2026, 8, 4, 8, 0), True]]  # noqa: DTZ001
    csv_format.write(tmp_path / "a.csv", table, [(TODAY, moment, True), (None, None, False)])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "2026-08-04,2026-08-04 08:00:00,1",
        ",,0",
    ]


def test_an_unknown_format_and_a_folder_that_cannot_be_made_are_told(province: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="jsonl, csv, xlsx"):
        taken_out(province, tmp_path, "xml")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(workbooks.UnreadableFileError, match="Không ghi được"):
        taken_out(province, tmp_path / "file" / "folder", "csv")


def test_postgresql_is_taken_out_too(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    plan = importing.read(built(sound()))

    def work(connection: Connection) -> None:
        done = importing.plan(connection, plan, now=NOW, today=TODAY, new_id=ids())
        importing.apply(connection, replace(done, faults=()))
        row = {"id": "x", "name": "=1+1", "title": "", "language": "vi", "created_at": NOW}
        connection.execute(insert(people), [row])

    database.write_now(work)
    database.stop()
    status, _ = taken_out(database_url, tmp_path, "jsonl")
    assert status == 0
    names = [row["name"] for row in _rows(tmp_path, PEOPLE, "jsonl")]
    assert (len(names), "=1+1" in names) == (14, True)
    assert all(row["key"] for row in _rows(tmp_path, UNITS, "jsonl"))
    with pytest.raises(WorkbookFaults):
        importing.read(b"x")


def test_the_page_about_data_says_what_the_program_does() -> None:
    page = Path(__file__).parents[2] / "docs" / "du-lieu.md"
    assert page.read_text(encoding="utf-8") == documentation(), (
        "python -m storage.export.documentation > docs/du-lieu.md"
    )
