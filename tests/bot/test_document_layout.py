"""The minutes measured against Nghị định 30/2020/NĐ-CP point by point, as Word would find them in the file."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from PIL import ImageFont

from bot.documents import samples, word
from bot.documents.minutes_fields import minutes_fields
from bot.documents.reading_copy import FONTS
from bot.documents.registry import KINDS, built_in
from inspection.attendance import MEMBER, Present

MM = 36000  # of Word's units, a millimetre
BOLD, UPRIGHT, ITALIC = "bold", "", "italic"


@cache
def minutes() -> Document:
    return docx.Document(BytesIO(word.fill(built_in("minutes"), minutes_fields(samples.MINUTES))))


def everywhere(document: Document) -> list[Paragraph]:
    """Every paragraph in the order of the pages, those in tables included."""
    return [Paragraph(p, document) for p in document.element.body.iter(qn("w:p"))]


def the(text: str) -> Paragraph:
    return next(p for p in everywhere(minutes()) if p.text.startswith(text))


def width(text: str, points: float, face: str = "Bold") -> float:
    """Millimetres of a text in a face as wide as Times New Roman."""
    font = ImageFont.truetype(str(FONTS / f"LiberationSerif-{face}.ttf"), 1000)
    return font.getlength(text) / 1000 * points * 25.4 / 72


def test_the_page() -> None:
    for section in minutes().sections:
        assert (round(section.page_width / MM), round(section.page_height / MM)) == (210, 297)
        assert 20 <= round(section.top_margin / MM, 1) <= 25
        assert 20 <= round(section.bottom_margin / MM, 1) <= 25
        assert 30 <= round(section.left_margin / MM, 1) <= 35
        assert 15 <= round(section.right_margin / MM, 1) <= 20


def test_one_font() -> None:
    fonts = {str(f.get(qn("w:ascii"))) for f in minutes().element.body.iter(qn("w:rFonts"))} - {"None"}
    assert fonts <= {"Times New Roman"}
    assert minutes().styles["Normal"].font.name == "Times New Roman"


@pytest.mark.parametrize(
    ("text", "size", "style", "align"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, BOLD, "CENTER"),
        ("Độc lập - Tự do - Hạnh phúc", 13, BOLD, "CENTER"),
        ("UBND TỈNH LẠNG SƠN", 12, UPRIGHT, "CENTER"),
        ("ĐOÀN KIỂM TRA", 12, BOLD, "CENTER"),
        ("SỐ 125/QĐ-SNV", 12, BOLD, "CENTER"),
        ("Số: 03/BB-ĐKT", 13, UPRIGHT, "CENTER"),
        ("BIÊN BẢN", 14, BOLD, "CENTER"),
        ("Kiểm tra đột xuất việc chấp hành", 14, BOLD, "CENTER"),
        ("Thời gian bắt đầu: 08 giờ 05 phút, ngày 04 tháng 8 năm 2026.", 14, UPRIGHT, "JUSTIFY"),
        ("I. CĂN CỨ, NỘI DUNG, PHẠM VI KIỂM TRA", 14, BOLD, "JUSTIFY"),
        ("Căn cứ Quyết định số 125/QĐ-SNV ngày 03 tháng 8 năm 2026 thành lập Đoàn kiểm tra;", 14, ITALIC, "JUSTIFY"),
        ("THƯ KÝ", 14, BOLD, "CENTER"),
        ("ĐẠI DIỆN ĐƠN VỊ", 14, BOLD, "CENTER"),
        ("TRƯỞNG ĐOÀN", 14, BOLD, "CENTER"),
        ("Lương Thị Thảo", 14, BOLD, "CENTER"),
        ("Nơi nhận:", 12, "bold italic", "LEFT"),
        ("- Lưu: VT, Hồ sơ.", 11, UPRIGHT, "LEFT"),
        ("PHỤ LỤC", 14, BOLD, "CENTER"),
        ("DANH MỤC ẢNH KÈM THEO", 14, BOLD, "CENTER"),
        ("(Kèm theo Biên bản số 03/BB-ĐKT ngày 04 tháng 8 năm 2026 của Đoàn kiểm tra)", 14, ITALIC, "CENTER"),
    ],
)
def test_every_element_has_its_size_and_style(text: str, size: float, style: str, align: str) -> None:
    paragraph = the(text)
    run = next(r for r in paragraph.runs if r.text)
    found = " ".join(name for name, on in (("bold", run.bold), ("italic", run.italic)) if on)
    assert (run.font.size.pt if run.font.size else 0, found) == (size, style)
    assert paragraph.alignment is not None
    assert paragraph.alignment.name == align


def test_the_body() -> None:
    form = the("Địa điểm:").paragraph_format
    assert form.first_line_indent is not None
    assert round(form.first_line_indent / MM, 1) == 12.7
    assert form.space_after is not None
    assert form.space_after.pt >= 6
    assert 1.0 <= float(minutes().styles["Normal"].paragraph_format.line_spacing) <= 1.5


@pytest.mark.parametrize(
    ("below", "text", "points", "least", "most"),
    [
        ("Độc lập - Tự do - Hạnh phúc", "Độc lập - Tự do - Hạnh phúc", 13, 0.98, 1.02),  # as long as the text
        ("SỐ 125/QĐ-SNV", "THEO QUYẾT ĐỊNH", 12, 1 / 3, 1 / 2),
        ("tại Ủy ban", "Kiểm tra đột xuất việc chấp hành kỷ luật, kỷ cương hành chính", 14, 1 / 3, 1 / 2),
    ],
)
def test_lines_are_borders_of_the_right_length(below: str, text: str, points: float, least: float, most: float) -> None:
    paragraphs = everywhere(minutes())
    line = paragraphs[next(i for i, p in enumerate(paragraphs) if p.text.startswith(below)) + 1]
    assert line._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:top')}") is not None
    cell = next((c for c in line._p.iterancestors(qn("w:tc"))), None)
    room = 165.0 if cell is None else int(cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}").get(qn("w:w"))) / 1440 * 25.4
    left, right = line.paragraph_format.left_indent, line.paragraph_format.right_indent
    assert left is not None
    assert left == right  # centred
    assert least <= (room - 2 * left / MM) / width(text, points) <= most
    assert not [u for u in minutes().element.body.iter(qn("w:u")) if u.get(qn("w:val")) != "none"]


def test_the_quoc_hieu_cannot_wrap() -> None:
    head = minutes().tables[0]
    widths = [cell.width / MM for cell in head.rows[0].cells]
    assert [round(w) for w in widths] == [65, 100]
    assert width("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12) < widths[1]
    borders = head._tbl.tblPr.find(qn("w:tblBorders"))
    assert borders is None  # and no style with lines
    assert "Grid" not in (head.style.name if head.style else "")


def test_no_line_of_place_and_day() -> None:
    before_title = everywhere(minutes())[: [p.text for p in everywhere(minutes())].index("BIÊN BẢN")]
    assert not [p.text for p in before_title if "ngày" in p.text]


def test_the_text_ends_as_it_must() -> None:
    texts = [p.text for p in everywhere(minutes())]
    assert sum(t.endswith("./.") for t in texts) == 1
    assert next(t for t in texts if t.endswith("./.")).startswith("Buổi kiểm tra kết thúc vào 10 giờ 40 phút")


def test_page_numbers_stand_in_the_top_margin_from_page_two() -> None:
    first, annex = minutes().sections
    for section in (first, annex):
        assert section.different_first_page_header_footer
        assert section.first_page_header.is_linked_to_previous or not section.first_page_header.paragraphs[0].text
    number = first.header.paragraphs[0]
    assert number.alignment is not None
    assert number.alignment.name == "CENTER"
    assert [f.text for f in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert 13 <= number.runs[0].font.size.pt <= 14
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_recipients_end_with_the_file() -> None:
    texts = [p.text for p in everywhere(minutes())]
    listed = texts[texts.index("Nơi nhận:") + 1 :][:3]
    assert [t[:2] for t in listed] == ["- "] * 3
    assert [t[-1] for t in listed] == [";", ";", "."]
    assert listed[-1] == "- Lưu: VT, Hồ sơ."


@pytest.mark.parametrize("kind", ["minutes", "overdue", "period", "certificate"])
def test_an_empty_cell_is_no_taller_than_a_full_one(kind: str) -> None:
    filled = docx.Document(BytesIO(word.fill(built_in(kind), KINDS[kind].fields(KINDS[kind].samples[0]))))
    cells = [cell for table in filled.tables[1:] for row in table.rows[1:] for cell in row.cells]
    written = [p for cell in cells for p in cell.paragraphs if p._p.find(f"{qn('w:pPr')}/{qn('w:rPr')}") is not None]
    assert len(written) >= 5
    for paragraph in written:
        mark = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:sz')}").get(qn("w:val"))
        assert {round(run.font.size.pt * 2) for run in paragraph.runs if run.font.size} <= {int(mark)}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("minutes", "early_end")])
def test_other_kinds_carry_place_and_day(kind: str) -> None:
    filled = word.fill(built_in(kind), KINDS[kind].fields(KINDS[kind].samples[0]))
    dated = next(p for p in everywhere(docx.Document(BytesIO(filled))) if p.text.startswith("Lạng Sơn, ngày "))
    assert dated.runs[0].italic
    assert 13 <= dated.runs[0].font.size.pt <= 14


def test_a_letter_has_no_kind_and_its_subject_below_the_number() -> None:
    texts = word.text_of(word.fill(built_in("reminder"), KINDS["reminder"].fields(samples.LETTER))).split("\n")
    assert texts[texts.index("Số: 45/SNV-XDCQ") + 1].startswith("V/v đôn đốc")
    assert not {"CÔNG VĂN", "THÔNG BÁO"} & set(texts)


def signed(kind: str, refusal: str = "") -> tuple[str, list[str]]:
    """The words of a kind of minutes, and the blocks of its signatures: office and name."""
    sample = KINDS[kind].samples[1]
    members = (*sample.attendance.team, Present("Hà Văn Minh", "Chuyên viên", MEMBER))
    about = replace(sample.attendance, team=members, refusal=refusal)
    filled = word.fill(built_in(kind), KINDS[kind].fields(replace(sample, attendance=about)))
    cells = (cell for table in docx.Document(BytesIO(filled)).tables for row in table.rows for cell in row.cells)
    columns = [blocks_of(cell.text) for cell in cells if "(Chữ ký" in cell.text]
    return word.text_of(filled), [block for row in zip(*columns, strict=True) for block in row]


def blocks_of(cell: str) -> list[str]:
    """The blocks that stand one below the other, each with room to sign above its name."""
    parts = re.split(r"\n{2,}", cell)
    return [
        f"{office.partition('(Chữ ký')[0].strip()}: {name}".replace("\n", " ")
        for office, name in zip(parts[::2], parts[1::2], strict=True)
    ]


WITNESSED = ["THƯ KÝ: Lương Thị Thảo", "TRƯỞNG ĐOÀN: Đinh Thị Ngân"]


def test_a_refused_signature_is_witnessed_by_two_each_in_a_block_of_their_own() -> None:
    text, blocks = signed("minutes", "chưa thống nhất số liệu ở mục C")
    assert "từ chối ký biên bản; lý do: chưa thống nhất số liệu ở mục C. Hai thành viên" in text
    assert "thống nhất nội dung" not in text
    confirmed = "THÀNH VIÊN ĐOÀN XÁC NHẬN VIỆC TỪ CHỐI KÝ"
    assert blocks == [*WITNESSED, f"{confirmed}: Nông Văn Thịnh", f"{confirmed}: Hà Văn Minh"]


def test_what_was_agreed_is_signed_by_the_unit() -> None:
    text, blocks = signed("minutes")
    assert "cùng nghe, thống nhất nội dung và được lập thành 02 bản" in text
    assert blocks == [WITNESSED[0], "ĐẠI DIỆN ĐƠN VỊ ĐƯỢC KIỂM TRA: Triệu Văn Khôi", WITNESSED[1]]


def test_an_early_end_grades_nothing_only_where_something_was_recorded() -> None:
    told = [
        word.text_of(word.fill(built_in("early_end"), minutes_fields(one)))
        for one in (samples.EARLY, samples.BARE_EARLY)
    ]
    assert ["không dùng để xếp loại" in text for text in told] == [True, False]


@pytest.mark.parametrize(
    ("words", "opinion"),
    [
        ((), "Chưa lấy ý kiến của đơn vị."),
        (("Không có",), "Đơn vị được kiểm tra không có ý kiến khác."),
        (("Mất điện từ 7 giờ",), "Mất điện từ 7 giờ."),
    ],
)
def test_a_unit_that_was_not_asked_has_no_opinion(words: tuple[str, ...], opinion: str) -> None:
    fields = minutes_fields(replace(samples.EARLY, explanation=words))
    assert (fields["giai_trinh"], fields["uu_diem"]) == ([opinion], ["Không đánh giá."])


def test_an_early_end_claims_nobody_of_the_unit() -> None:
    text, blocks = signed("early_end")
    for claimed in ("đã được đọc", "thống nhất", "Triệu Văn Khôi"):
        assert claimed not in text
    assert "Biên bản được lập thành 02 bản" in text
    confirmed = "THÀNH VIÊN ĐOÀN XÁC NHẬN"
    assert blocks == [*WITNESSED, f"{confirmed}: Nông Văn Thịnh", f"{confirmed}: Hà Văn Minh"]
    assert "từ chối ký biên bản; lý do: không tiếp Đoàn. Hai" in signed("early_end", "không tiếp Đoàn")[0]
