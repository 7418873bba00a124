"""Numbers and bullets Word sets by itself stand in the reading copy; what it cannot show is named at upload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image
from pypdf import PdfReader

from bot.documents.numbering import FORMATS, Numbering
from bot.documents.reading_copy import reading_copy, unseen

NOW = datetime(2026, 8, 4, 3, 40, tzinfo=UTC)


def saved(document: Document) -> bytes:
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def levels(*shapes: tuple[str, str]) -> str:
    """The levels of a list: how each counts, and what it prints."""
    return "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{how}"/><w:lvlText w:val="{text}"/>'
        f'<w:pPr><w:ind w:left="{720 * (n + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
        for n, (how, text) in enumerate(shapes)
    )


def listed(*paragraphs: tuple[str, str, int]) -> Document:
    """Paragraphs of list "90" or "91", which begins anew, at a depth; of no list: ""."""
    document = docx.Document()
    root: Any = document.part.numbering_part.element
    shape = levels(("decimal", "%1."), ("lowerLetter", "%2)"), ("bullet", "\uf0b7"), ("upperRoman", "%1-%4"))
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{shape}</w:abstractNum>'))
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    for number, override in (("90", ""), ("91", anew)):
        num = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="90"/>{override}</w:num>'
        root.append(parse_xml(num))
    for text, number, depth in paragraphs:
        paragraph = document.add_paragraph(text)
        if number:
            inside = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
            paragraph._p.get_or_add_pPr().append(parse_xml(inside))
    return document


def labels(document: Document) -> list[str]:
    numbering = Numbering(document)
    found = (numbering.label([p._p.pPr] if p._p.pPr is not None else []) for p in document.paragraphs)
    return ["" if label is None else label.text for label in found]


def test_lists_are_counted_as_word_counts_them() -> None:
    one, other = ("một", "90", 0), ("khác", "91", 0)
    deeper, bullet, four = ("sâu", "90", 1), ("chấm", "90", 2), ("bốn", "90", 3)
    document = listed(one, deeper, deeper, bullet, four, one, ("giữa", "", 0), deeper, one, other, other, one)
    assert labels(document) == ["1.", "a)", "b)", "•", "1-I", "2.", "", "a)", "3.", "1.", "2.", "3."]


@pytest.mark.parametrize(
    ("how", "counts", "shown"),
    [
        ("lowerLetter", (1, 26, 27), ["a", "z", "aa"]),
        ("upperLetter", (2,), ["B"]),
        ("lowerRoman", (4, 19), ["iv", "xix"]),
        ("upperRoman", (2026,), ["MMXXVI"]),
        ("decimalZero", (7, 12), ["07", "12"]),
        ("none", (3,), [""]),
    ],
)
def test_the_ways_to_count(how: str, counts: Sequence[int], shown: list[str]) -> None:
    assert [FORMATS[how](count) for count in counts] == shown


def words_of(document: Document) -> list[str]:
    pages = PdfReader(BytesIO(reading_copy(saved(document), NOW))).pages
    return "\n".join(page.extract_text() for page in pages).split("\n")


def test_the_reading_copy_prints_them() -> None:
    document = listed(("Nội quy", "90", 0), ("Quy chế", "90", 0), ("Thời giờ làm việc", "90", 1))
    styled = document.add_paragraph("Theo kiểu của Word", style="List Bullet")
    assert styled._p.pPr.find(qn("w:numPr")) is None  # the list is that of the style
    lines = [" ".join(line.split()) for line in words_of(document)]
    for line in ("1. Nội quy", "2. Quy chế", "a) Thời giờ làm việc", "• Theo kiểu của Word"):
        assert line in lines


def logo() -> BytesIO:
    held = BytesIO()
    Image.new("RGB", (8, 8), "red").save(held, "PNG")
    held.seek(0)
    return held


def boxed(document: Document) -> None:
    run = document.add_paragraph("Trước hộp").add_run()
    box = (
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>trong hộp</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    run._r.append(parse_xml(box))


def headed(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "Sở Nội vụ"


def pictured_in_the_footer(document: Document) -> None:
    document.sections[0].footer.paragraphs[0].add_run().add_picture(logo())


@pytest.mark.parametrize(
    ("put", "found"),
    [
        (lambda document: document.add_picture(logo()), ["pictures"]),
        (boxed, ["boxes"]),
        (headed, ["margins"]),
        (pictured_in_the_footer, ["pictures"]),
        (lambda document: document.add_paragraph("chữ"), []),
    ],
)
def test_what_a_reading_copy_cannot_show_is_named(put: Any, found: list[str]) -> None:
    document = docx.Document()
    put(document)
    assert unseen(saved(document)) == found


def test_the_words_of_a_box_do_not_run_into_those_around_it() -> None:
    document = docx.Document()
    boxed(document)
    assert "Trước hộp" in [line.strip() for line in words_of(document)]
