"""The parts a Word template is put together from, each as Nghị định 30/2020/NĐ-CP, Phụ lục I, wants it.

All measures stand here, in millimetres and points. Lines are paragraph borders, never underlining: their length is
that of the paragraph. What is filled in later stands in the text as docxtpl writes it: `{{ so }}`, `{%p for … %}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, cast

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
PAGE = (210, 297)
MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 15}  # a text 165 mm wide
WIDTH = PAGE[0] - MARGINS["left"] - MARGINS["right"]
HEAD_COLUMNS = (65, 100)  # the Quốc hiệu, 88 mm at 12 points, never wraps
BODY, HEAD, SMALL, LIST, RECIPIENTS = 14, 12, 12, 12, 11
INDENT = 12.7  # first line of a paragraph
AFTER = 6  # points below a paragraph
MOTTO_LINE = 56  # as long as "Độc lập - Tự do - Hạnh phúc" at 13 points
TEAM_LINE = 16  # between a third and a half of "THEO QUYẾT ĐỊNH" at 12 points
OFFICE_LINE = 15  # the same of "ỦY BAN NHÂN DÂN", the upper line of the committees that issue
CENTRE, LEFT, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY,
)  # fmt: skip
SIGNING_LINES = 4  # left free for a signature
SIGN_HERE = "(Chữ ký)"
DRAFT = "DỰ THẢO"

Holder = Document | _Cell


def new_form() -> Document:
    """An empty page with its margins, font and page numbers."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.rPr.append(language)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    _margins(section)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _page_field(number)
    document.core_properties.author = document.core_properties.comments = ""
    return document


def _margins(section: Section) -> None:
    section.top_margin, section.bottom_margin = Mm(MARGINS["top"]), Mm(MARGINS["bottom"])
    section.left_margin, section.right_margin = Mm(MARGINS["left"]), Mm(MARGINS["right"])
    section.header_distance = section.footer_distance = Mm(10)


def _page_field(paragraph: Paragraph) -> None:
    """The page number: Arabic, upright, 13 points."""
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def saved(document: Document) -> bytes:
    """The file."""
    held = BytesIO()
    document.save(held)
    return held.getvalue()


# --- text -----------------------------------------------------------------------------------------------------------


def lower(paragraph: Paragraph, points: float) -> None:
    """Leave more room above a paragraph."""
    paragraph.paragraph_format.space_before = Pt(points)


def say(  # noqa: PLR0913  what a paragraph can look like, each by its name
    holder: Holder, text: str, size: float = BODY, *, style: str = "", align: Any = CENTRE, after: float = 0
) -> Paragraph:
    """A paragraph without indent. `style`: letters of "b" bold, "i" italic, "k" kept with the next."""
    paragraph = _fresh(holder)
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.keep_with_next = "k" in style or None
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), "b" in style or None, "i" in style or None
    return paragraph


def _fresh(holder: Holder) -> Paragraph:
    """A new paragraph; the one an empty cell has by itself is taken first."""
    if isinstance(holder, _Cell) and len(holder.paragraphs) == 1 and not holder.paragraphs[0].runs:
        first = holder.paragraphs[0]
        if first._p.pPr is None:
            return cast("Paragraph", first)
    return holder.add_paragraph()


def body(document: Document, text: str, *, style: str = "") -> Paragraph:
    """A paragraph of the text: justified, first line indented, 6 points to the next."""
    paragraph = say(document, text, style=style, align=JUSTIFY, after=AFTER)
    paragraph.paragraph_format.first_line_indent = Mm(INDENT)
    return paragraph


def heading(document: Document, text: str) -> Paragraph:
    """ "II. KẾT QUẢ KIỂM TRA"."""
    return body(document, text.upper(), style="bk")


def tag(holder: Holder, code: str) -> None:
    """A paragraph that only steers: `{%p if … %}`; it leaves nothing in the document."""
    say(holder, "{%p " + code + " %}", align=LEFT)


def each(document: Document, name: str, text: str = "- {{ y }}", *, style: str = "") -> None:
    """A paragraph for each entry of a list, which is called `y` in the text."""
    tag(document, f"for y in {name}")
    body(document, text, style=style)
    tag(document, "endfor")


def line(holder: Holder, length: float, within: float, *, after: float = 0) -> None:
    """A centred line so many millimetres long: the upper border of a flat paragraph."""
    paragraph = _fresh(holder)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm((within - length) / 2)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    form.space_before, form.space_after = Pt(2), Pt(after)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph.add_run("").font.size = Pt(2)


# --- the head of page 1 ---------------------------------------------------------------------------------------------


def head(document: Document, *, issuer: Sequence[str], number: str, place_and_day: str = "", about: str = "") -> None:
    """Issuer and number on the left, below the body above it if there is one; Quốc hiệu and Tiêu ngữ on the right.

    No borders, no wrapping.
    `place_and_day` stays empty in minutes, which tell both in their text; `about` is the trích yếu of a letter.
    """
    left, right = columns(document, HEAD_COLUMNS)
    tag(left, "if co_quan_chu_quan")
    say(left, "{{ co_quan_chu_quan }}", HEAD)
    tag(left, "endif")
    for words in issuer:
        say(left, words, HEAD, style="b")
    line(left, TEAM_LINE if len(issuer) > 1 else OFFICE_LINE, HEAD_COLUMNS[0])
    say(left, number, 13)
    if about:
        say(left, about, 12)
    say(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", HEAD, style="b")
    say(right, "Độc lập - Tự do - Hạnh phúc", 13, style="b")
    line(right, MOTTO_LINE, HEAD_COLUMNS[1])
    if place_and_day:
        say(right, place_and_day, BODY, style="i").paragraph_format.space_before = Pt(6)


def draft_mark(document: Document) -> None:
    """ "DỰ THẢO" above everything, as long as it is one."""
    tag(document, "if du_thao")
    say(document, DRAFT, 13, style="b", align=LEFT, after=4)
    tag(document, "endif")


def title(document: Document, kind: str, about: Sequence[str], line_length: float) -> None:
    """The kind of document and what it is about, with a line of a third to a half of the words below."""
    say(document, kind, style="bk").paragraph_format.space_before = Pt(14)
    for words in about:
        say(document, words, style="bk")
    line(document, line_length, WIDTH, after=10)


# --- tables ---------------------------------------------------------------------------------------------------------


def columns(document: Document, widths: Sequence[float]) -> tuple[_Cell, ...]:
    """One row without borders, cells without margins; what is too wide would wrap, so widths are what they are."""
    table = _table(document, widths, rows=1)
    _property(
        table, "w:tblCellMar", [("w:left", {"w:w": "0", "w:type": "dxa"}), ("w:right", {"w:w": "0", "w:type": "dxa"})]
    )
    row = table.rows[0]
    _whole(row)
    return tuple(row.cells)


def grid(document: Document, widths: Sequence[float], titles: Sequence[str], *, size: float = SMALL) -> Table:
    """A table with borders whose first row returns on each page."""
    table = _table(document, widths, rows=1)
    table.style = "Table Grid"
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    _whole(table.rows[0])
    for cell, words in zip(table.rows[0].cells, titles, strict=True):
        say(cell, words, size, style="b")
    return table


def row(table: Table, texts: Sequence[str], *, style: str = "", size: float = SMALL, aligns: str = "") -> Any:
    """A row; `aligns` is a letter for each cell: c, l."""
    added = table.add_row()  # type: ignore[no-untyped-call]  # python-docx types only in part
    _whole(added)
    for place, (cell, words) in enumerate(zip(added.cells, texts, strict=True)):
        said = say(cell, words, size, style=style, align=CENTRE if aligns[place : place + 1] == "c" else LEFT)
        _mark_size(said, size)
    return added


def _mark_size(paragraph: Paragraph, size: float) -> None:
    """An empty paragraph is as tall as its mark: without a size of its own, a cell left empty would widen its row."""
    mark, height = OxmlElement("w:rPr"), OxmlElement("w:sz")
    height.set(qn("w:val"), str(round(size * 2)))
    mark.append(height)
    paragraph._p.get_or_add_pPr().append(mark)


def steer(table: Table, code: str) -> None:
    """A row that only steers."""
    added = table.add_row()  # type: ignore[no-untyped-call]  # python-docx types only in part
    say(added.cells[0], "{%tr " + code + " %}", SMALL, align=LEFT)


def _table(document: Document, widths: Sequence[float], rows: int) -> Table:
    table: Table = document.add_table(rows, len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)
    _property(table, "w:tblW", [], {"w:w": str(round(sum(widths) / 25.4 * 1440)), "w:type": "dxa"})
    return table


def _property(
    table: Table, name: str, children: Sequence[tuple[str, dict[str, str]]], own: dict[str, str] | None = None
) -> None:
    properties = table._tbl.tblPr
    found = properties.find(qn(name))
    element = OxmlElement(name) if found is None else found
    for key, value in (own or {}).items():
        element.set(qn(key), value)
    for child, values in children:
        inner = OxmlElement(child)
        for key, value in values.items():
            inner.set(qn(key), value)
        element.append(inner)
    if found is None:
        look = properties.find(qn("w:tblLook"))
        properties.append(element) if look is None else look.addprevious(element)


def _whole(table_row: Any) -> None:
    """A row is not cut in two by the end of a page."""
    table_row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


# --- the end --------------------------------------------------------------------------------------------------------


def signatures(document: Document, *rows: Sequence[tuple[float, Sequence[str], str, str]]) -> None:
    """Rows of blocks side by side, each block: width, office in lines, what is signed, the name.

    All rows stand in one row of a table, which no program tears apart, so that none is on a page without the others.
    """
    spacer = say(document, "", SMALL, style="k")
    spacer.paragraph_format.line_spacing_rule, spacer.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(6)
    cells = columns(document, [block[0] for block in rows[0]])
    for place, blocks in enumerate(rows):
        tallest = max(len(office) for _, office, _, _ in blocks)
        for cell, (_, office, sign, name) in zip(cells, blocks, strict=True):
            if place:
                say(cell, "", SMALL, style="k")
            # offices of one line leave more room, so that all names stand on one line
            _block(cell, office, sign, name, SIGNING_LINES + tallest - len(office))


def _block(cell: _Cell, office: Sequence[str], sign: str, name: str, free: int) -> None:
    for words in office:
        say(cell, words, style="bk")
    say(cell, sign, 13, style="ik")
    for _ in range(free):
        say(cell, "", style="k")
    say(cell, name, style="bk")  # with what follows: the recipients are never on a page without a signature


def recipients(holder: Holder, before: float = 6) -> None:
    """ "Nơi nhận:" and its list."""
    say(holder, "Nơi nhận:", LIST, style="bik", align=LEFT).paragraph_format.space_before = Pt(before)
    tag(holder, "for y in noi_nhan")
    say(holder, "- {{ y }}", RECIPIENTS, style="k", align=LEFT)
    tag(holder, "endfor")


def signed_by(document: Document) -> None:
    """Recipients on the left, the signer's office level with them on the right, line by line."""
    say(document, "", SMALL, style="k")
    left, right = columns(document, (75, 90))
    recipients(left, before=0)
    tag(right, "for y in chuc_vu")
    say(right, "{{ y }}", style="bk")
    tag(right, "endfor")
    for _ in range(SIGNING_LINES):
        say(right, "", style="k")
    say(right, "{{ nguoi_ky }}", style="b")


def annex(document: Document, name: str, subject: str, belongs_to: str) -> None:
    """A part on pages of its own, numbered from 1."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _margins(section)
    section.different_first_page_header_footer = True
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    after = section._sectPr.find(qn("w:cols"))
    section._sectPr.append(numbering) if after is None else after.addprevious(numbering)
    say(document, name, style="bk")
    say(document, subject.upper(), style="bk")
    say(document, belongs_to, style="ik", after=10)
