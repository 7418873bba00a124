"""A workbook from outside is opened only after its declared sizes are known, and read only from what we unpacked.

The reader of spreadsheets is fast but trusting: one cell in the last corner of a sheet, or one long text used by every
cell, makes it hold gigabytes. So the few parts that carry cells are unpacked here within a limit, each sheet is scanned
once for its extent, its formulas and its errors, and only then handed over. Macros never get that far.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from xml.parsers import expat  # no declarations are accepted, so nothing can expand

from python_calamine import CalamineError, load_workbook

from storage.workbook.faults import WHOLE, Fault, WorkbookFaults, letters

Value: TypeAlias = Any  # str, float, bool, date, datetime, time, timedelta; "" where there is nothing

MOST_BYTES = 20 * 1024 * 1024  # of the file; what the chat network hands over at most
MOST_UNPACKED = 96 * 1024 * 1024  # of all parts that carry cells
MOST_PARTS = 2_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_TEXT = 60_000_000  # characters in all cells together

_OLD_BINARY = b"\xd0\xcf\x11\xe0"
_SPLIT = "đề nghị tách thành nhiều tệp rồi nạp lần lượt"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PARTS = ("[content_types].xml", "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml")


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as it was found. rows start at row 1; formulas and errors: (row, column), row from 1, column from 0."""

    title: str
    rows: Sequence[Sequence[Value]]
    formulas: frozenset[tuple[int, int]]
    errors: frozenset[tuple[int, int]]


def read_workbook(data: bytes, name: str = "") -> list[RawSheet]:
    """The sheets of an .xlsx file. Raises WorkbookFaults if the file as a whole cannot be taken."""
    parts = _unpack(data, name)
    try:
        scans = _scan_all(parts)
        book = load_workbook(io.BytesIO(_packed(parts)))
        return [
            RawSheet(
                title,
                book.get_sheet_by_name(title).to_python(skip_empty_area=False),
                frozenset(scans[title].formulas),
                frozenset(scans[title].errors),
            )
            for title in book.sheet_names
            if title in scans
        ]
    except (CalamineError, expat.ExpatError, ValueError, KeyError, IndexError) as error:
        if isinstance(error, WorkbookFaults):
            raise
        raise _refused(
            "tệp bị hỏng; đề nghị mở bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi nạp lại."
        ) from error


def _refused(sentence: str, sheet: str = "") -> WorkbookFaults:
    return WorkbookFaults([Fault(sheet, 0, WHOLE, "", sentence)])


# --- unpacking ------------------------------------------------------------------------------------------------------


def _unpack(data: bytes, name: str) -> dict[str, bytes]:
    if name.lower().endswith((".xlsm", ".xltm", ".xlsb")):
        raise _refused("tệp có thể chứa macro; đề nghị lưu lại dạng .xlsx (không macro) rồi nạp lại.")
    if len(data) > MOST_BYTES:
        raise _refused(f"tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB; {_SPLIT}.")
    if data.startswith(_OLD_BINARY):
        raise _refused(
            "tệp ở dạng .xls cũ hoặc có đặt mật khẩu; đề nghị mở bằng Excel hoặc LibreOffice, bỏ mật khẩu, "
            "lưu lại dạng .xlsx rồi nạp lại."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _refused("tệp không phải sổ tính .xlsx; đề nghị dùng tệp mẫu của Hệ thống.") from error


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """What carries cells, by name; sizes are judged as declared, and nothing beyond them is unpacked."""
    infos = archive.infolist()
    names = [info.filename.lower() for info in infos]
    if len(infos) > MOST_PARTS or len(set(names)) < len(names):
        raise zipfile.BadZipFile("too many parts, or two of one name")
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise _refused("tệp chứa macro; đề nghị lưu lại dạng .xlsx (không macro) rồi nạp lại.")
    wanted = [info for info in infos if _carries_cells(info.filename.lower())]
    if sum(info.file_size for info in wanted) > MOST_UNPACKED:
        raise _refused(f"nội dung giải nén lớn hơn {MOST_UNPACKED // 1024 // 1024} MB; {_SPLIT}.")
    parts = {}
    for info in wanted:
        with archive.open(info) as part:
            parts[info.filename] = part.read(info.file_size + 1)
    if "xl/workbook.xml" not in {name.lower() for name in parts}:
        raise zipfile.BadZipFile("not a workbook")
    return parts


def _carries_cells(name: str) -> bool:
    return name in _PARTS or (
        name.startswith(("xl/worksheets/", "xl/_rels/", "_rels/")) and name.endswith(("ml", "rels"))
    )


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


# --- scanning -------------------------------------------------------------------------------------------------------


def _scan_all(parts: Mapping[str, bytes]) -> dict[str, _Scan]:
    lower = {name.lower(): content for name, content in parts.items()}
    lengths = _Lengths().over(lower.get("xl/sharedstrings.xml", b"<sst/>")).lengths
    scans = {}
    room = MOST_TEXT
    for title, path in _sheet_paths(lower):
        scan = _Scan(title, lengths, room)
        scan.over(lower[path])
        room -= scan.text
        scans[title] = scan
    return scans


def _sheet_paths(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Titles of the sheets with the lower-case names of their parts; charts and the like are left out."""
    targets = {
        found["Id"]: found["Target"]
        for found in _Attributes("Relationship").over(parts["xl/_rels/workbook.xml.rels"]).found
        if found.get("Type", "").endswith("/worksheet")
    }
    for found in _Attributes("sheet").over(parts["xl/workbook.xml"]).found:
        reference = next((value for name, value in found.items() if name.rpartition(":")[2] == "id"), "")
        if reference in targets:
            target = targets[reference].lower()
            yield found["name"], target.lstrip("/") if target.startswith("/") else f"xl/{target}"


class _Walk:
    """Goes once over a part, element by element; a document type declaration ends it."""

    def over(self, content: bytes) -> Any:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self._declaration
        parser.Parse(content, True)
        return self

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def characters(self, text: str) -> None: ...

    def _declaration(self, *_declared: object) -> None:
        raise ValueError("a workbook declares no document type")


class _Attributes(_Walk):
    """The attributes of every element of one name."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == self.wanted:
            self.found.append(attributes)


class _Lengths(_Walk):
    """How long each shared text is."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def characters(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class _Scan(_Walk):
    """The extent of a sheet, and its cells that hold formulas or errors."""

    def __init__(self, title: str, lengths: Sequence[int], room: int) -> None:
        self.title, self.lengths, self.room = title, lengths, room
        self.formulas: list[tuple[int, int]] = []
        self.errors: list[tuple[int, int]] = []
        self.text = 0
        self._row, self._column = 0, -1
        self._shared = self._in_value = False
        self._value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name == "v":
            self._in_value, self._value = self._shared, ""
        elif name == "f":
            self.formulas.append((self._row, self._column))
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
            self._check()

    def end(self, name: str) -> None:
        if self._in_value and name.rpartition(":")[2] == "v":
            self._in_value = False
            self.text += self.lengths[int(self._value)]
            if self.text > self.room:
                raise _refused(f"các ô chứa quá nhiều chữ; {_SPLIT}.", self.title)

    def characters(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def _cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise ValueError(reference)
            self._row, self._column = int(found[2]), _number(found[1])
        self._check()
        kind = attributes.get("t")
        self._shared = kind == "s"
        if kind == "e":
            self.errors.append((self._row, self._column))

    def _check(self) -> None:
        if self._row > MOST_ROWS:
            most = f"{MOST_ROWS:,}".replace(",", ".")
            raise _refused(f"trang có hơn {most} dòng; {_SPLIT}.", self.title)
        if self._column >= MOST_COLUMNS:
            raise _refused(
                f"có ô ở cột {letters(self._column)}, ngoài phạm vi Hệ thống đọc; đề nghị xóa các cột thừa.", self.title
            )


def _number(name: str) -> int:
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
