"""What is no plain workbook is refused before it is opened, whatever its name says."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from storage.workbook import reading
from storage.workbook.faults import WorkbookFaults
from storage.workbook.reading import MOST_ROWS, MOST_UNPACKED, read_workbook
from storage.workbook.template import write_template
from tests.storage.workbook_cases import Formula, built, sound

PLAIN = built({"Đơn vị": [["Mã", "Tên"], ["A", Formula("=1+1")], ["B", 2]]})
SHEET = "xl/worksheets/sheet1.xml"


def changed(parts: Mapping[str, bytes], data: bytes = PLAIN) -> bytes:
    """The workbook with some of its parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts.get(name) or old.read(name))
    return target.getvalue()


def sheet(rows: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    ).encode()


def test_a_plain_one_is_read() -> None:
    (found,) = read_workbook(PLAIN)
    assert (found.title, found.rows[0], found.formulas, found.errors) == (
        "Đơn vị",
        ["Mã", "Tên"],
        frozenset({(2, 1)}),
        frozenset(),
    )


def test_sheets_without_cells_and_big_pictures_are_no_matter() -> None:
    data = changed({"xl/media/image1.png": b"\0" * (MOST_UNPACKED + 1)}, built({"Trống": [], "Đơn vị": [["Mã"]]}))
    assert [found.title for found in read_workbook(data)] == ["Trống", "Đơn vị"]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "tep.xlsx", "xls cũ"),
        (b"ma,ten\n1,2\n", "tep.xlsx", "không phải sổ tính"),
        (b"", "tep.xlsx", "không phải sổ tính"),
        (PLAIN[: len(PLAIN) // 2], "tep.xlsx", "không phải sổ tính"),
        (PLAIN, "tep.XLSM", "macro"),
        (changed({"xl/vbaProject.bin": b"x"}), "tep.xlsx", "macro"),
        (changed({"xl/macrosheets/sheet1.xml": b"<x/>"}), "tep.xlsx", "macro"),
        (changed({SHEET: b"<worksheet>"}), "tep.xlsx", "hỏng"),
        (changed({SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet("")}), "tep.xlsx", "hỏng"),
        (changed({SHEET: sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')}), "tep.xlsx", "hỏng"),
        (changed({SHEET: sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>')}), "tep.xlsx", "dòng"),
        (changed({SHEET: sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')}), "tep.xlsx", "cột XFD"),
        (changed({SHEET: sheet('<row r="1048576"/>')}), "tep.xlsx", "dòng"),
    ],
)
def test_anything_else_is_refused(data: bytes, name: str, sentence: str) -> None:
    with pytest.raises(WorkbookFaults, match=sentence) as refused:
        read_workbook(data, name)
    assert "đề nghị" in refused.value.faults[0].sentence


def test_a_bomb_is_refused_by_what_it_declares() -> None:
    bomb = changed({SHEET: b" " * (MOST_UNPACKED + 1)})
    assert len(bomb) < 300_000
    with pytest.raises(WorkbookFaults, match="giải nén"):
        read_workbook(bomb)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    data = changed({SHEET: b" " * 10_000_000})
    lied = data.replace(struct.pack("<L", 10_000_000), struct.pack("<L", 1_000))
    assert lied != data
    with pytest.raises(WorkbookFaults):
        read_workbook(lied)


def test_two_parts_of_one_name_are_refused() -> None:
    target = io.BytesIO(PLAIN)
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, sheet(""))
    with pytest.raises(WorkbookFaults):
        read_workbook(target.getvalue())


def test_a_hundred_thousand_rows_are_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 100_001))
    with pytest.raises(WorkbookFaults, match=r"50\.000 dòng"):
        read_workbook(changed({SHEET: sheet(rows)}))
    assert MOST_ROWS == 50_000


def test_one_long_text_used_by_every_cell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = built({"Đơn vị": [["M" * 30_000] * 20] * 20})
    assert len(read_workbook(data)[0].rows) == 20
    monkeypatch.setattr(reading, "MOST_TEXT", 1_000_000)
    with pytest.raises(WorkbookFaults, match="quá nhiều chữ"):
        read_workbook(data)


def test_errors_of_a_spreadsheet_are_seen() -> None:
    cells = '<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>'
    (found,) = read_workbook(changed({SHEET: sheet(cells)}))
    assert found.errors == frozenset({(2, 1)})


def test_the_whole_sound_workbook_is_read() -> None:
    assert [found.title for found in read_workbook(built(sound()))] == list(sound())


def test_the_template_has_lists_and_examples() -> None:
    target = io.BytesIO()
    write_template(target)
    found = {one.title: one for one in read_workbook(target.getvalue())}
    assert {len(one.rows) for title, one in found.items() if title not in ("Danh mục", "Hướng dẫn")} == {3}
    with zipfile.ZipFile(io.BytesIO(target.getvalue())) as archive:
        assert b'type="list"' in archive.read("xl/worksheets/sheet1.xml")
