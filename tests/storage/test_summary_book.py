"""The workbook of a summary: its formulas, worked out again from its own cells, give what `/summary` says.

The formulas are read back from the file itself and evaluated by `tests/worked_out.py`, and once by LibreOffice.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import zipfile
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from storage import calendar
from storage.database import Database
from storage.export import bundle
from storage.export.registry import EXPORTED
from storage.external_indices import Ranking, enter
from storage.reports.authorities import by_authority
from storage.reports.book import write_book
from storage.reports.rows import NONE_ARISES
from storage.reports.summary import Summary, summarise
from storage.reports.year import Year
from storage.tables import findings
from tests.storage.summary_data import NOW, TODAY, TOP, generate
from tests.storage.test_summary import PERIODS, SEEDS
from tests.worked_out import Book

NASTY = ("=cmd|' /C calc'!A0", "{{7*7}}", "#eval(1)", "\u202etxet", "+1", "@SUM(A1)")
LIVE = ("Chỉ tiêu", "Lượt trong kỳ", "Theo đơn vị", "Theo cơ quan kiểm tra", "Tồn tại của kỳ", "Việc của kỳ")


def _write(connection: Connection, path: Path, period: Any) -> Summary:
    summary = summarise(connection, [TOP], period, NOW, calendar.current(connection, TODAY))
    write_book(connection, path, summary, {code: code for code in (*summary.rows, "KPI-11")}, "tỉnh Mẫu")
    return summary


def _agrees(book: Book, summary: Summary) -> None:
    for place, (code, row) in enumerate(summary.rows.items(), start=3):
        assert row.now is not None
        said = NONE_ARISES if row.now.exact is None else pytest.approx(float(row.now.exact))
        assert book.worked_out("Chỉ tiêu", f"E{place}") == said, code
        assert book.cells["Chỉ tiêu"][f"E{place}"] == said, code


def _carries_what_it_gives(book: Book) -> int:
    """Every formula of these sheets carries the value it comes to; returns how many there are."""
    count = 0
    for sheet in LIVE:
        for place, text in book.formulas[sheet].items():
            kept, given = book.cells[sheet].get(place, ""), book.worked_out(sheet, place)
            assert given == (pytest.approx(kept) if isinstance(kept, float) else kept), (sheet, place, text)
            count += 1
    return count


@pytest.mark.parametrize("name", PERIODS)
async def test_the_formulas_give_what_the_summary_says(database: Database, tmp_path: Path, name: str) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    path = tmp_path / "book.xlsx"
    summary = await database.read(partial(_write, path=path, period=PERIODS[name]))
    book = Book(path)
    _agrees(book, summary)
    _carries_what_it_gives(book)


async def _exported(database: Database, path: Path, count: int = 120) -> tuple[Book, Summary]:
    database.write_now(lambda connection: generate(connection, SEEDS[2], count))
    lead = Year([TOP], NOW, defaultdict(str))
    await asyncio.to_thread(
        database.read_aside, lambda connection: bundle(connection, path, "xlsx", TODAY, [TOP], lead=lead)
    )
    return Book(path), await database.read(
        partial(_write, path=path.with_name("same.xlsx"), period=PERIODS["this year"])
    )


async def test_an_export_begins_with_the_indicators_of_the_year(database: Database, tmp_path: Path) -> None:
    """Formulas over rows that read the data sheets, and after them every table."""
    book, summary = await _exported(database, tmp_path / "xuat.xlsx")
    assert book.sheets[0] == "Chỉ tiêu"
    assert book.sheets[-len(EXPORTED) :] == [table.title for table in EXPORTED]
    _agrees(book, summary)
    assert _carries_what_it_gives(book) > 500


def _row(book: Book, sheet: str, header: str, value: Any) -> int:
    letter = book.letter(sheet, header)
    return next(
        int(place.removeprefix(letter))
        for place, found in book.cells[sheet].items()
        if found == value and place.rstrip("0123456789") == letter
    )


def _indicator(book: Book, code: str) -> list[Any]:
    row = next(place[1:] for place, value in book.cells["Chỉ tiêu"].items() if value == code)
    return [book.cell("Chỉ tiêu", f"{letter}{row}") for letter in "CDE"]


CHANGES = {  # where somebody types something else, and by how much which indicator moves
    "absent": ("Số liệu của chỉ tiêu", "Số người vắng không lý do", "KPI-08", [1, 0]),
    "done": ("Nhiệm vụ phải thực hiện", "Tình trạng", "KPI-01", [-1, 0]),
    "dropped": ("Nhiệm vụ phải thực hiện", "Tình trạng", "KPI-01", [-1, -1]),
    "reopened": ("Tồn tại", "Tình trạng", "KPI-06", [-1]),
}


def _change(book: Book, name: str) -> tuple[str, str, Any]:
    """The sheet, the cell and the new value."""
    sheet, header, _, _ = CHANGES[name]
    letter = book.letter(sheet, header)
    if name == "absent":
        lead = "Lượt trong kỳ"
        visit = book.cells[lead][f"{book.letter(lead, 'Mã lượt')}2"]
        place = f"{letter}{_row(book, sheet, 'Cuộc kiểm tra (mã)', visit)}"
        return sheet, place, book.cells[sheet].get(place, 0.0) + 1
    lead = "Tồn tại của kỳ" if name == "reopened" else "Việc của kỳ"
    flag = book.letter(lead, "Khắc phục đúng hạn" if name == "reopened" else "Đã xong")
    id_letter = book.letter(lead, "Mã tồn tại" if name == "reopened" else "Mã nhiệm vụ")
    row = next(n for n in range(2, 300) if book.cells[lead].get(f"{flag}{n}") == 1.0)
    place = f"{letter}{_row(book, sheet, 'Mã nội bộ của Hệ thống', book.cells[lead][f'{id_letter}{row}'])}"
    return sheet, place, {"done": "Chưa báo cáo", "dropped": "Đã hủy", "reopened": "Chưa khắc phục"}[name]


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_in_a_data_sheet_moves_the_indicator(database: Database, tmp_path: Path, name: str) -> None:
    book, _ = await _exported(database, tmp_path / "xuat.xlsx")
    code, by = CHANGES[name][2:]
    before = _indicator(book, code)
    book.set(*_change(book, name))
    assert [after - earlier for after, earlier in zip(_indicator(book, code), before, strict=True)][: len(by)] == by


async def test_a_visit_of_another_form_or_cancelled_counts_otherwise(database: Database, tmp_path: Path) -> None:
    book, _ = await _exported(database, tmp_path / "xuat.xlsx")
    sheet = "Cuộc kiểm tra"
    units = {row: book.cell(sheet, f"{book.letter(sheet, 'Đơn vị')}{row}") for row in range(2, 122)}
    before = _indicator(book, "KPI-04a")[0], _indicator(book, "KPI-05")[0]
    assert before[0] > 0
    for row in units:
        book.set(sheet, f"{book.letter(sheet, 'Hình thức')}{row}", "Lồng ghép")
    assert (_indicator(book, "KPI-04a")[0], _indicator(book, "KPI-05")[0]) == (0, before[1])
    for row in units:
        book.set(sheet, f"{book.letter(sheet, 'Tình trạng')}{row}", "Đã hủy")
    assert (_indicator(book, "KPI-05")[0], _indicator(book, "KPI-08")[2]) == (0, NONE_ARISES)


def _turned(cells: dict[str, Any]) -> dict[str, Any]:
    """The rows below the headers, the last first."""
    places = {place: re.match(r"([A-Z]+)(\d+)", place) for place in cells}
    rows = {place: (found[1], int(found[2])) for place, found in places.items() if found}
    last = max(row for _, row in rows.values())
    return {f"{rows[p][0]}{1 if rows[p][1] == 1 else last + 2 - rows[p][1]}": value for p, value in cells.items()}


async def test_a_data_sheet_may_be_sorted(database: Database, tmp_path: Path) -> None:
    """Every filter offers it: a row is then found by its id."""
    book, summary = await _exported(database, tmp_path / "xuat.xlsx")
    for sheet in ("Cuộc kiểm tra", "Số liệu của chỉ tiêu", "Tồn tại", "Nhiệm vụ phải thực hiện"):
        book.cells[sheet] = _turned(book.cells[sheet])
    _agrees(book, summary)


async def test_authorities_are_counted_by_the_units_they_inspected(database: Database, tmp_path: Path) -> None:
    book, summary = await _exported(database, tmp_path / "xuat.xlsx")
    known = await database.read(partial(by_authority, summary=summary))
    assert len({one.id for one in known}) > 2
    sheet = "Theo cơ quan kiểm tra"
    for row, one in enumerate(known, start=2):
        assert book.cells[sheet][f"A{row}"] == (one.name or "Chưa rõ cơ quan")
        assert [book.worked_out(sheet, f"{letter}{row}") for letter in "BCD"] == [one.surprise, one.combined, one.all]
    named = [one.surprise for one in known if one.id]
    assert book.worked_out(sheet, f"B{len(known) + 2}") == pytest.approx(sum(named) / len(named))


# --- LibreOffice ----------------------------------------------------------------------------------------------------


def _recalculated(path: Path, change: tuple[str, str, str | float] | None = None) -> Book:
    """What LibreOffice makes of a workbook whose formulas carry no values, after somebody changed one cell of it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice: install libreoffice-calc")
    bare, sheets = path.with_name("bare.xlsx"), Book(path).sheets
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as stripped:
        for name in packed.namelist():
            data = packed.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
                if change is not None and name == f"xl/worksheets/sheet{sheets.index(change[0]) + 1}.xml":
                    data = _typed(data, change[1], change[2])
            stripped.writestr(name, data)
    assert not any("E3" in cells and sheet == "Chỉ tiêu" for sheet, cells in Book(bare).cells.items())
    (path.parent / "out").mkdir(exist_ok=True)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{path.parent}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(path.parent / "out"), str(bare)],
        env={"PATH": "/usr/bin:/bin", "HOME": str(path.parent)}, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return Book(path.parent / "out" / "bare.xlsx")


def _typed(sheet: bytes, place: str, value: str | float) -> bytes:
    cell = re.compile(rf'<c r="{place}"([^>]*?)( t="\w+")?(/>|>.*?</c>)'.encode())
    kind, content = (
        (b' t="inlineStr"', f"<is><t>{value}</t></is>") if isinstance(value, str) else (b"", f"<v>{value}</v>")
    )
    changed, count = cell.subn(rb'<c r="' + place.encode() + rb'"\1' + kind + b">" + content.encode() + b"</c>", sheet)
    assert count == 1
    return changed


@pytest.mark.office
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what LibreOffice does with it is the same
async def test_a_spreadsheet_program_calculates_the_same(database: Database, tmp_path: Path) -> None:
    _, summary = await _exported(database, tmp_path / "xuat.xlsx")
    book = _recalculated(tmp_path / "xuat.xlsx")
    for place, (code, row) in enumerate(summary.rows.items(), start=3):
        assert row.now is not None
        said = NONE_ARISES if row.now.exact is None else pytest.approx(float(row.now.exact))
        assert book.cells["Chỉ tiêu"][f"E{place}"] == said, code
    written = Book(tmp_path / "xuat.xlsx")
    for sheet in LIVE:
        for place in written.formulas[sheet]:
            kept, given = written.cells[sheet].get(place, ""), book.cells[sheet].get(place, "")
            assert given == (pytest.approx(kept) if isinstance(kept, float) else kept), (sheet, place)


@pytest.mark.office
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what LibreOffice does with it is the same
async def test_a_spreadsheet_program_follows_a_changed_cell(database: Database, tmp_path: Path) -> None:
    book, _ = await _exported(database, tmp_path / "xuat.xlsx")
    before = _indicator(book, "KPI-01")
    after = _recalculated(tmp_path / "xuat.xlsx", _change(book, "done"))
    row = next(place[1:] for place, value in after.cells["Chỉ tiêu"].items() if value == "KPI-01")
    assert [after.cells["Chỉ tiêu"][f"{letter}{row}"] for letter in "CD"] == [before[0] - 1, before[1]]


# --- what stands in it ----------------------------------------------------------------------------------------------


async def test_the_place_in_an_index_stands_below_with_the_year_before(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    await database.read(partial(_write, path=tmp_path / "without.xlsx", period=PERIODS["this year"]))
    assert Book(tmp_path / "without.xlsx").cells["Chỉ tiêu"]["E16"] == "chưa nhập"
    for one in (Ranking(TOP, "SIPAS", 2025, 31, 63), Ranking(TOP, "SIPAS", 2024, 33, 63)):
        database.write_now(partial(enter, ranking=one, person_id="leader", now=NOW))
    await database.read(partial(_write, path=tmp_path / "with.xlsx", period=PERIODS["this year"]))
    cells = Book(tmp_path / "with.xlsx").cells["Chỉ tiêu"]
    assert [[cells[f"{column}{row}"] for column in "BEFG"] for row in (16, 17)] == [
        ["KPI-11 2025", "31/63", "tốt hơn 31/63", "33/63"],
        ["KPI-11 2024", "33/63", "tốt hơn 31/63", "chưa nhập"],
    ]


async def test_rows_say_what_people_say(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    await database.read(partial(_write, path=tmp_path / "book.xlsx", period=PERIODS["this year"]))
    book = Book(tmp_path / "book.xlsx")
    said = {value for sheet in ("Lượt trong kỳ", "Việc của kỳ") for value in book.cells[sheet].values()}
    assert {"Đột xuất", "Lồng ghép", "Kế hoạch triển khai"} <= said
    assert not said & {"surprise", "combined", "tot", "kha", "impl_plan", "internal_rules"}


async def test_items_have_names_targets_their_signs_and_visits_their_share(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    await database.read(partial(_write, path=tmp_path / "book.xlsx", period=PERIODS["this year"]))
    book = Book(tmp_path / "book.xlsx")
    named = {book.cells["Theo nội dung"][f"A{row}"]: book.cells["Theo nội dung"][f"B{row}"] for row in range(2, 20)}
    assert (named["A01"], named["A04"]) == ("Kế hoạch kỷ luật, kỷ cương", "Tổng số người; số đã được quán triệt")
    assert not [name for name in named.values() if not name or "{" in name]
    row = next(place[1:] for place, value in book.cells["Chỉ tiêu"].items() if value == "KPI-09")
    assert book.cells["Chỉ tiêu"][f"F{row}"] == pytest.approx(0.98)
    with zipfile.ZipFile(tmp_path / "book.xlsx") as packed:
        assert b'formatCode="&quot;&gt;&quot;0%"' in packed.read("xl/styles.xml")
    lead = "Lượt trong kỳ"
    share, files, weighed = (
        book.letter(lead, head) for head in ("Tỷ lệ hài lòng", "Hồ sơ gia quyền", "Hài lòng × hồ sơ")
    )
    rated = [n for n in range(2, 300) if book.cells[lead].get(f"{files}{n}")]
    assert len(rated) > 3
    for n in rated:
        told = book.cells[lead][f"{weighed}{n}"] / book.cells[lead][f"{files}{n}"] / 10_000
        assert book.cells[lead][f"{share}{n}"] == pytest.approx(told)
        assert 0.5 < told <= 1


async def test_text_stays_text_and_a_changed_cell_changes_the_indicator(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    for nasty in NASTY:
        database.write_now(lambda c, nasty=nasty: c.execute(update(findings).values(sentence=nasty)))
        path = tmp_path / "nasty.xlsx"
        await database.read(partial(_write, path=path, period=PERIODS["this year"]))
        book = Book(path)
        assert nasty in book.cells["Tồn tại của kỳ"].values()
        letter = book.letter("Tồn tại của kỳ", "Tồn tại")
        assert not [place for place in book.formulas["Tồn tại của kỳ"] if place.rstrip("0123456789") == letter]
    absent = f"{book.letter('Lượt trong kỳ', 'Vắng không lý do')}2"
    before = book.worked_out("Chỉ tiêu", "C13")
    book.set("Lượt trong kỳ", absent, book.cells["Lượt trong kỳ"][absent] + 1)
    assert book.worked_out("Chỉ tiêu", "C13") == before + 1
