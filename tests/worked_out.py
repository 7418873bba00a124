"""A written workbook read back, its formulas worked out from its cells alone and not from the values they carry.

A small reader of the functions the product's formulas use, so that a range that misses a row or names a wrong column is
noticed without a spreadsheet program.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*") | (?P<range>'[^']+'!\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)? | \$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+)
      | (?P<cell>\$?[A-Z]{1,3}\$?\d+\b) | (?P<number>\d+(?:\.\d+)?) | (?P<name>[A-Z]+(?=\())
      | (?P<sign><>|<=|>=|[<>=&*/(),])""",
    re.VERBOSE,
)
_RANGE = re.compile(r"(?:'([^']+)'!)?\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")


def _text(cell: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))


class Book:
    """Cells of a file: constants, and formulas with the value they carry."""

    def __init__(self, path: Path) -> None:
        self._done: dict[tuple[str, str], Any] = {}
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
            elif value is not None and (value.text is not None or formula is not None):
                kind, said = cell.attrib.get("t", "n"), value.text or ""
                text = self.strings[int(said)] if kind == "s" else said
                cells[cell.attrib["r"]] = float(text) if kind == "n" and text else text

    def letter(self, sheet: str, header: str) -> str:
        """The column below a header of the first row."""
        return next(p[:-1] for p, value in self.cells[sheet].items() if value == header and p[:-1].isalpha())

    def set(self, sheet: str, place: str, value: Any) -> None:
        """Change a cell, as somebody who types into it."""
        self.cells[sheet][place] = value
        self.formulas[sheet].pop(place, None)
        self._done.clear()

    def worked_out(self, sheet: str, place: str) -> Any:
        """A cell's formula evaluated."""
        key = sheet, place
        if key not in self._done:
            self._done[key] = _Formula(self, sheet, self.formulas[sheet][place]).value()
        return self._done[key]

    def cell(self, sheet: str, place: str) -> Any:
        """What a cell comes to."""
        return self.worked_out(sheet, place) if place in self.formulas[sheet] else self.cells[sheet].get(place)


@dataclass(frozen=True, slots=True)
class Range:
    """Cells of one column, not yet looked at."""

    book: Book
    sheet: str
    column: str
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __getitem__(self, place: int) -> Any:
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.book.cell(self.sheet, f"{self.column}{self.first + place}")


class _Formula:
    """One formula, read from left to right."""

    def __init__(self, book: Book, sheet: str, text: str) -> None:
        self.book, self.sheet = book, sheet
        self.tokens = [(str(one.lastgroup), one[0]) for one in _TOKEN.finditer(text)]
        assert "".join(token for _, token in self.tokens) == text, text
        self.at = 0

    def value(self) -> Any:
        found = self._compared()
        assert self.at == len(self.tokens)
        return found

    def _next(self, *signs: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def _compared(self) -> Any:
        left = self._joined()
        while sign := self._next("=", "<>", "<", ">", "<=", ">="):
            left = compared(left, sign, self._joined())
        return left

    def _joined(self) -> Any:
        left = self._product()
        while self._next("&"):
            left = _shown(left) + _shown(self._product())
        return left

    def _product(self) -> Any:
        left = self._single()
        while sign := self._next("*", "/"):
            right = self._single()
            if sign == "*":
                left = _number(left) * _number(right)
            else:
                left = _number(left) / _number(right) if _number(right) else "#DIV/0!"
        return left

    def _single(self) -> Any:
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return token[1:-1]
        if kind == "number":
            return float(token)
        if kind == "name":
            return FUNCTIONS[token](*self._given())
        if kind in ("cell", "range"):
            return self._cells(token)
        assert token == "("
        found = self._compared()
        assert self._next(")")
        return found

    def _given(self) -> list[Any]:
        assert self._next("(")
        found = [self._compared()]
        while self._next(","):
            found.append(self._compared())
        assert self._next(")")
        return found

    def _cells(self, token: str) -> Any:
        named = _RANGE.fullmatch(token)
        assert named, token
        sheet = named[1] or self.sheet
        if named[4] is None:
            return self.book.cell(sheet, f"{named[2]}{named[3]}")
        assert named[2] == named[4], token
        return Range(self.book, sheet, named[2], int(named[3]), int(named[5]))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def compared(left: Any, sign: str, right: Any) -> bool:
    """As a spreadsheet compares: an empty cell is nothing or no text, any text comes after any figure."""
    left, right = _filled(left, right), _filled(right, left)
    one, other = (isinstance(left, str), left), (isinstance(right, str), right)
    return {"=": one == other, "<>": one != other, "<": one < other, ">": one > other, "<=": one <= other,
            ">=": one >= other}[sign]  # fmt: skip


def _filled(value: Any, beside: Any) -> Any:
    return value if value is not None else "" if isinstance(beside, str) else 0.0


def _holds(value: Any, criterion: Any) -> bool:
    if isinstance(criterion, str) and (sign := re.match(r"<>|<=|>=|<|>", criterion)):
        rest = criterion[sign.end() :]
        if rest.replace(".", "").isdigit():
            return isinstance(value, int | float) and compared(value, sign[0], float(rest))
        return compared(value, sign[0], rest)
    return bool(value is not None and value == criterion)


def _where(given: Sequence[Any]) -> list[bool]:
    pairs = list(zip(given[::2], given[1::2], strict=True))
    assert len({len(cells) for cells, _ in pairs}) == 1
    return [all(_holds(cells[n], wanted) for cells, wanted in pairs) for n in range(len(pairs[0][0]))]


def _sumifs(added: Range, *given: Any) -> float:
    return math.fsum(_number(value) for value, held in zip(added, _where(given), strict=True) if held)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "COUNTIF": lambda *given: sum(_where(given)),
    "COUNTIFS": lambda *given: sum(_where(given)),
    "SUM": lambda cells: math.fsum(_number(value) for value in cells),
    "SUMIFS": _sumifs,
    "COUNTA": lambda cells: sum(value is not None for value in cells),
    "INDEX": lambda cells, row: cells[int(row) - 1],
    "MATCH": lambda wanted, cells, _: next(n for n, value in enumerate(cells, start=1) if value == wanted),
    "IF": lambda test, then, other: then if test else other,
    "AND": lambda *tests: all(tests),
    "OR": lambda *tests: any(tests),
    "INT": lambda value: math.floor(_number(value)),
    "N": _number,
    "DATE": lambda year, month, day: float((date(int(year), int(month), int(day)) - date(1899, 12, 30)).days),
}
