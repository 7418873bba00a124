"""The workbook of a summary: its formulas, worked out again from its own cells, give what `/summary` says.

The formulas are read back from the file itself and evaluated here by a reader of the five functions they use, so a
range that misses a row or names a wrong column is noticed.
"""

from __future__ import annotations

import asyncio
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import Connection, update

from storage import calendar
from storage.database import Database
from storage.export import bundle
from storage.export.registry import EXPORTED
from storage.external_indices import Ranking, enter
from storage.reports.book import NONE_ARISES, add_year, write_book
from storage.reports.summary import Summary, summarise
from storage.tables import findings
from tests.storage.summary_data import NOW, TODAY, TOP, generate
from tests.storage.test_summary import PERIODS, SEEDS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NASTY = ("=cmd|' /C calc'!A0", "{{7*7}}", "#eval(1)", "\u202etxet", "+1", "@SUM(A1)")


def _write(connection: Connection, path: Path, period: Any) -> Summary:
    summary = summarise(connection, [TOP], period, NOW, calendar.current(connection, TODAY))
    write_book(connection, path, summary, {code: code for code in (*summary.rows, "KPI-11")}, "tỉnh Mẫu")
    return summary


def _text(cell: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))


class Book:
    """Cells of a written file: constants, and formulas with the value they carry."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as packed:
            kept = "xl/sharedStrings.xml"  # not in one that was written row by row
            shared = ElementTree.fromstring(packed.read(kept)) if kept in packed.namelist() else ()
            self.strings = [_text(one) for one in shared]
            named = ElementTree.fromstring(packed.read("xl/workbook.xml")).find(f"{MAIN}sheets")
            assert named is not None
            self.sheets = [one.attrib["name"] for one in named]
            self.cells: dict[str, dict[str, Any]] = {}
            self.formulas: dict[str, dict[str, str]] = {}
            for number, name in enumerate(self.sheets, start=1):
                self._read(name, ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{number}.xml")))

    def _read(self, name: str, root: ElementTree.Element) -> None:
        cells, formulas = self.cells.setdefault(name, {}), self.formulas.setdefault(name, {})
        for cell in root.iter(f"{MAIN}c"):
            value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
            if formula is not None:
                formulas[cell.attrib["r"]] = formula.text or ""
            if cell.attrib.get("t") == "inlineStr":
                cells[cell.attrib["r"]] = _text(cell)
            elif value is not None and value.text is not None:
                kind = cell.attrib.get("t", "n")
                text = self.strings[int(value.text)] if kind == "s" else value.text
                cells[cell.attrib["r"]] = float(text) if kind == "n" else text

    def worked_out(self, sheet: str, place: str) -> Any:
        """A cell's formula evaluated, without looking at the value it carries."""
        return self._value(sheet, self.formulas[sheet][place])

    def _value(self, sheet: str, text: str) -> Any:
        if found := re.fullmatch(r'IF\((\w+)=0,"(.+?)",(\w+)/(\w+)\)', text):
            whole = self._cell(sheet, found[1])
            return found[2] if whole == 0 else self._cell(sheet, found[3]) / self._cell(sheet, found[4])
        if found := re.fullmatch(r"(.+\))/([0-9]+)", text):
            return self._value(sheet, found[1]) / int(found[2])
        if found := re.fullmatch(r"(\w+)\((.+)\)", text):
            return FUNCTIONS[found[1]](self, sheet, found[2].split(","))
        return self._cell(sheet, text)

    def _cell(self, sheet: str, place: str) -> Any:
        place = place.replace("$", "")
        return self.worked_out(sheet, place) if place in self.formulas[sheet] else self.cells[sheet].get(place)

    def column(self, text: str) -> list[Any]:
        """The cells of a range of one column."""
        found = re.fullmatch(r"'(.+)'!\$([A-Z]+)\$(\d+):\$\2\$(\d+)", text)
        assert found, text
        return [self._cell(found[1], f"{found[2]}{row}") for row in range(int(found[3]), int(found[4]) + 1)]

    def holds(self, sheet: str, value: Any, criterion: str) -> bool:
        if criterion == '">0"':
            return isinstance(value, float | int) and value > 0
        wanted = criterion.strip('"') if criterion.startswith('"') else self._criterion(sheet, criterion)
        return value == wanted

    def _criterion(self, sheet: str, criterion: str) -> Any:
        return float(criterion) if criterion.isdigit() else self._cell(sheet, criterion)


def _countifs(book: Book, sheet: str, given: list[str]) -> int:
    pairs = [(book.column(given[n]), given[n + 1]) for n in range(0, len(given), 2)]
    return sum(all(book.holds(sheet, cells[n], wanted) for cells, wanted in pairs) for n in range(len(pairs[0][0])))


def _sum(book: Book, sheet: str, given: list[str]) -> float:
    return sum(value for value in book.column(given[0]) if isinstance(value, float | int))


def _sumifs(book: Book, sheet: str, given: list[str]) -> float:
    cells, tested = book.column(given[0]), book.column(given[1])
    return sum(v for v, t in zip(cells, tested, strict=True) if isinstance(v, float) and book.holds(sheet, t, given[2]))


FUNCTIONS: dict[str, Callable[[Book, str, list[str]], Any]] = {
    "COUNTIF": _countifs, "COUNTIFS": _countifs, "SUM": _sum, "SUMIFS": _sumifs,
    "COUNTA": lambda book, _, given: sum(value is not None for value in book.column(given[0])),
}  # fmt: skip


@pytest.mark.parametrize("name", PERIODS)
async def test_the_formulas_give_what_the_summary_says(database: Database, tmp_path: Path, name: str) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    path = tmp_path / "book.xlsx"
    summary = await database.read(partial(_write, path=path, period=PERIODS[name]))
    book = Book(path)
    for place, (code, row) in enumerate(summary.rows.items(), start=3):
        assert row.now is not None
        said = NONE_ARISES if row.now.exact is None else pytest.approx(float(row.now.exact))
        assert book.worked_out("Chỉ tiêu", f"E{place}") == said, code
        assert book.cells["Chỉ tiêu"][f"E{place}"] == said, code
    for place in book.formulas["Theo đơn vị"]:
        assert book.worked_out("Theo đơn vị", place) == book.cells["Theo đơn vị"][place]


async def test_an_export_begins_with_the_indicators_of_the_year(database: Database, tmp_path: Path) -> None:
    """The same formulas over the same rows, and after them every table."""
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    path = tmp_path / "xuat.xlsx"
    lead = partial(add_year, unit_ids=[TOP], now=NOW, titles=defaultdict(str))
    await asyncio.to_thread(
        database.read_aside, lambda connection: bundle(connection, path, "xlsx", TODAY, [TOP], lead=lead)
    )
    summary = await database.read(partial(_write, path=tmp_path / "book.xlsx", period=PERIODS["this year"]))
    book = Book(path)
    assert book.sheets[0] == "Chỉ tiêu"
    assert book.sheets[-len(EXPORTED) :] == [table.title for table in EXPORTED]
    for place, (code, row) in enumerate(summary.rows.items(), start=3):
        assert row.now is not None
        said = NONE_ARISES if row.now.exact is None else pytest.approx(float(row.now.exact))
        assert book.worked_out("Chỉ tiêu", f"E{place}") == said, code


async def test_the_place_in_an_index_stands_below_with_the_year_before(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    await database.read(partial(_write, path=tmp_path / "without.xlsx", period=PERIODS["this year"]))
    assert Book(tmp_path / "without.xlsx").cells["Chỉ tiêu"]["E16"] == "chưa nhập"
    for one in (Ranking(TOP, "SIPAS", 2025, 31, 63), Ranking(TOP, "SIPAS", 2024, 33, 63)):
        database.write_now(partial(enter, ranking=one, person_id="leader", now=NOW))
    await database.read(partial(_write, path=tmp_path / "with.xlsx", period=PERIODS["this year"]))
    cells = Book(tmp_path / "with.xlsx").cells["Chỉ tiêu"]
    assert [[cells[f"{column}{row}"] for column in "BEG"] for row in (16, 17)] == [
        ["KPI-11 2025", "31/63", "33/63"],
        ["KPI-11 2024", "33/63", "chưa nhập"],
    ]


async def test_rows_say_what_people_say(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[2]))
    await database.read(partial(_write, path=tmp_path / "book.xlsx", period=PERIODS["this year"]))
    book = Book(tmp_path / "book.xlsx")
    said = {value for sheet in ("Lượt trong kỳ", "Việc của kỳ") for value in book.cells[sheet].values()}
    assert {"Đột xuất", "Lồng ghép", "Kế hoạch triển khai"} <= said
    assert not said & {"surprise", "combined", "tot", "kha", "impl_plan", "internal_rules"}


async def test_text_stays_text_and_a_changed_cell_changes_the_indicator(database: Database, tmp_path: Path) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    for nasty in NASTY:
        database.write_now(lambda c, nasty=nasty: c.execute(update(findings).values(sentence=nasty)))
        path = tmp_path / "nasty.xlsx"
        await database.read(partial(_write, path=path, period=PERIODS["this year"]))
        book = Book(path)
        assert nasty in book.cells["Tồn tại của kỳ"].values()
        assert book.formulas["Tồn tại của kỳ"] == {}
    absent = next(place for place, value in book.cells["Lượt trong kỳ"].items() if value == "Vắng không lý do")
    before = book.worked_out("Chỉ tiêu", "C13")
    book.cells["Lượt trong kỳ"][f"{absent[:-1]}2"] += 1
    assert book.worked_out("Chỉ tiêu", "C13") == before + 1
