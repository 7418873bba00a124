"""What is stored comes out whole in each format, as text where it is text, and every field is documented."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from python_calamine import load_workbook
from sqlalchemy import Connection, Select, func, insert, make_url, select

from bot import workbooks
from bot.photo_copies import LONGEST, write_copies
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.export import FORMATS, PHOTO_FOLDER, SETUP_FILE
from storage.export.base import Exported, Field
from storage.export.documentation import documentation
from storage.export.formats import csv as csv_format
from storage.export.formats import jsonl, xlsx
from storage.export.registry import EXPORTED
from storage.migrate import migrate
from storage.sample.load import load_sample
from storage.tables import metadata, people
from storage.workbook import importing
from storage.workbook.faults import WorkbookFaults
from storage.workbook.reading import read_workbook
from tests.cast import picture
from tests.evidence import scene
from tests.storage.workbook_cases import NOW, TODAY, built, ids, sound

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
    beside = [workbooks.INDICATORS_FILE] if format == "xlsx" else []
    assert (status, len(lines)) == (0, len(EXPORTED) + len(beside))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [SETUP_FILE, *beside, *(f"{one.name}.{format}" for one in EXPORTED)]
    )
    found = {one.name: _rows(tmp_path / f"{one.name}.{format}") for one in EXPORTED}
    assert {name: len(rows) for name, rows in found.items()} == wanted


def test_with_its_photos_a_workbook_opens_them(province: str, tmp_path: Path) -> None:
    """A fingerprint is a link to a copy beside the workbook: upright, smaller, without what the camera wrote."""
    store = EvidenceStore(Path(make_url(province).database or "").parent / "evidence")
    lines: list[str] = []
    workbooks.export_to(Database(province), tmp_path, "xlsx", now=NOW, out=lines.append, photos=store)
    copies = {path.name: path for path in (tmp_path / PHOTO_FOLDER).iterdir()}
    assert f"{PHOTO_FOLDER}/: {len(copies)} ảnh" in lines
    stored = [row for row in _rows(tmp_path / "photos.xlsx") if row[6] == "photo"]
    assert {f"{row[8][:16]}.jpg" for row in stored if len(row[8]) == 64} == set(copies)
    assert len(copies) > 5
    for name, path in copies.items():
        with Image.open(path) as image:
            assert max(image.size) <= LONGEST
            assert not image.getexif(), name
    with zipfile.ZipFile(tmp_path / "photos.xlsx") as packed:
        links = packed.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        assert all(f'Target="{PHOTO_FOLDER}/{name}"' in links for name in copies)
        assert b"<autoFilter" in packed.read("xl/worksheets/sheet1.xml")


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


def test_the_indicators_of_the_year_come_along_as_formulas(province: str, tmp_path: Path) -> None:
    taken_out(province, tmp_path, "xlsx")
    page = load_workbook(str(tmp_path / workbooks.INDICATORS_FILE)).get_sheet_by_name("Chỉ tiêu").to_python()
    plans = next(row for row in page if row[0] == "KPI-01")
    assert [str(cell) for cell in plans[:4]] == ["KPI-01", "Kế hoạch triển khai đã ban hành", "61.0", "65.0"]
    with zipfile.ZipFile(tmp_path / workbooks.INDICATORS_FILE) as packed:
        assert b"<f>COUNTIFS(" in packed.read("xl/worksheets/sheet1.xml")


def _rows(path: Path) -> list[Any]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    return load_workbook(str(path)).get_sheet_by_index(0).to_python()[1:]


def test_the_three_formats_say_the_same(province: str, tmp_path: Path) -> None:
    for format in FORMATS:
        taken_out(province, tmp_path / format, format)
    (first, *_) = _rows(tmp_path / "jsonl" / "visits.jsonl")
    (as_csv, *_) = _rows(tmp_path / "csv" / "visits.csv")
    (as_xlsx, *_) = _rows(tmp_path / "xlsx" / "visits.xlsx")
    names = list(first)
    assert as_csv["id"] == as_xlsx[0] == first["id"]
    assert as_csv["started_at"] == first["started_at"]
    moment = as_xlsx[names.index("started_at")]
    assert isinstance(moment, datetime)
    assert (moment.hour, first["started_at"][11:13]) == (8, "01")  # eight in Vietnam is one in UTC
    assert Decimal(as_csv["score"]) == Decimal(str(first["score"])) == Decimal(str(as_xlsx[names.index("score")]))
    answer = _rows(tmp_path / "jsonl" / "answers.jsonl")[0]["value"]
    assert isinstance(answer, dict)


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
        "2026-08-04,2026-08-04T01:00:00Z,1",
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
    names = [row["name"] for row in _rows(tmp_path / "people.jsonl")]
    assert (len(names), "=1+1" in names) == (14, True)
    assert all(row["key"] for row in _rows(tmp_path / "units.jsonl"))
    with pytest.raises(WorkbookFaults):
        importing.read(b"x")


def test_the_page_about_data_says_what_the_program_does() -> None:
    page = Path(__file__).parents[2] / "docs" / "du-lieu.md"
    assert page.read_text(encoding="utf-8") == documentation(), (
        "python -m storage.export.documentation > docs/du-lieu.md"
    )
