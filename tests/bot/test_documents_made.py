"""Word and reading copy say the same; what people typed prints as typed; a template is tried before it is kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from bot.documents import samples, word
from bot.documents.field_words import WORDS
from bot.documents.minutes_fields import minutes_fields
from bot.documents.reading_copy import MARK, UnreadableTemplateError, reading_copy, reading_copy_apart
from bot.documents.registry import KINDS, built_in
from bot.documents.word import TemplateFaultError
from inspection.attendance import Present
from inspection.documents.letters import Concluded
from inspection.documents.minutes import Finding, Judged, JudgedSection, Minutes

NOW = datetime(2026, 8, 4, 3, 40, tzinfo=UTC)


def packed(text: str) -> str:
    """The letters alone: how a page is cut into lines is not what is compared."""
    return "".join(char for char in text if not char.isspace() and char != "\u200b")


def words_of_pdf(data: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    return "".join(packed(page.replace(MARK, "")) for page in pages)


@pytest.mark.parametrize("kind", KINDS)
def test_word_and_reading_copy_say_the_same(kind: str) -> None:
    for sample in KINDS[kind].samples:
        filled = word.fill(built_in(kind), KINDS[kind].fields(sample))
        made = reading_copy(filled, NOW)
        copy = words_of_pdf(made)
        lines = [packed(line) for line in word.text_of(filled).split("\n") if packed(line)]
        assert len(lines) > 5
        assert [line for line in lines if line not in copy] == []
        numbers = len(PdfReader(BytesIO(made)).pages) * 2
        assert abs(len(copy) - sum(map(len, lines))) <= numbers + 400  # table heads come again on the next page


def test_a_reading_copy_made_apart_is_the_same_and_says_what_is_wrong() -> None:
    filled = word.fill(built_in("reminder"), KINDS["reminder"].fields(samples.LETTER))
    assert words_of_pdf(reading_copy_apart(filled, NOW)) == words_of_pdf(reading_copy(filled, NOW))
    without_size = docx.Document(BytesIO(filled))
    for section in without_size.element.body.iter(qn("w:pgSz")):
        section.getparent().remove(section)
    held = BytesIO()
    without_size.save(held)
    with pytest.raises(UnreadableTemplateError, match="page size"):
        reading_copy_apart(held.getvalue(), NOW)
    with pytest.raises(OSError, match="not made"):
        reading_copy_apart(b"no Word file", NOW)


def test_every_page_of_a_reading_copy_says_what_it_is() -> None:
    copy = PdfReader(BytesIO(reading_copy(word.fill(built_in("minutes"), minutes_fields(samples.MINUTES)), NOW)))
    assert len(copy.pages) >= 2
    for page in copy.pages:
        assert packed(MARK) in packed(page.extract_text())


def test_page_one_has_no_number_and_the_annex_begins_anew() -> None:
    sections = tuple(replace(samples.MINUTES.sections[0], lines=samples.MINUTES.sections[0].lines * 20) for _ in "ab")
    long = replace(samples.MINUTES, sections=sections, photos=samples.MINUTES.photos * 25)
    pages = PdfReader(BytesIO(reading_copy(word.fill(built_in("minutes"), minutes_fields(long)), NOW))).pages
    heads = [page.extract_text().strip().split("\n")[0].strip() for page in pages]
    annex = next(i for i, head in enumerate(heads) if head.startswith("PHỤ LỤC"))
    assert heads[0] == "DỰ THẢO"
    assert heads[1:annex] == [str(n) for n in range(2, annex + 1)]
    assert heads[annex + 1] == "2"


def pages_of(kind: str, data: Any) -> list[str]:
    copy = PdfReader(BytesIO(reading_copy(word.fill(built_in(kind), KINDS[kind].fields(data)), NOW)))
    return [packed(page.extract_text()) for page in copy.pages]


@pytest.mark.parametrize("lines", range(7, 21))
def test_recipients_and_signatures_never_stand_on_a_page_alone(lines: int) -> None:
    minutes = samples.MINUTES
    long = replace(minutes, strengths=("Một ưu điểm",) * lines, unit=f"Ủy ban nhân dân xã {'Thượng ' * 7}Sơn")
    one = replace(samples.CONCLUSION.findings[0], sentence="Có người đi muộn, chưa đeo thẻ khi làm nhiệm vụ " * 2)
    notice = replace(samples.CONCLUSION, findings=(one,) * (lines // 2))
    for kind, data, beside in (("conclusion", notice, "Đề nghị thủ trưởng"), ("minutes", long, "TRƯỞNG ĐOÀN")):
        held = next(page for page in pages_of(kind, data) if packed("Nơi nhận:") in page)
        assert packed(beside) in held
        assert held.count("-") >= len(KINDS[kind].fields(data)["noi_nhan"])


def ends_of_pages(data: Any) -> list[str]:
    """The last line of each page of the minutes, above its mark."""
    copy = PdfReader(BytesIO(reading_copy(word.fill(built_in("minutes"), minutes_fields(data)), NOW)))
    lines = [page.extract_text().replace(MARK, "").strip().split("\n") for page in copy.pages]
    return [" ".join(page[-1].split()) for page in lines]


def test_the_title_of_a_section_is_never_the_last_row_of_a_page() -> None:
    ends = set()
    for before in range(12):
        sections = tuple(replace(samples.MINUTES.sections[1], code=f"S{n}", title="Tên của mục") for n in range(1, 40))
        long = replace(samples.MINUTES, sections=sections, bases=samples.MINUTES.bases * (before + 1))
        ends |= set(ends_of_pages(long))
    assert len(ends) > 15
    assert [end for end in ends if end.endswith("Tên của mục")] == []


def test_rows_that_would_fill_a_page_are_cut_though_they_are_kept_together() -> None:
    document = docx.Document()
    table = document.add_table(60, 2)
    for n, row in enumerate(table.rows):
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
        row.cells[0].paragraphs[0].text, row.cells[1].text = f"dòng {n}", "nội dung"
    held = BytesIO()
    document.save(held)
    copy = PdfReader(BytesIO(reading_copy(held.getvalue(), NOW)))
    for page in copy.pages:
        page.extract_text(visitor_text=inside)
    assert "".join(page.extract_text() for page in copy.pages).count("dòng") == 60
    assert len(copy.pages) == 3


def test_a_notice_asks_for_what_its_findings_need() -> None:
    draft, issued = (KINDS["conclusion"].fields(one) for one in KINDS["conclusion"].samples[:2])
    assert [one.partition("; ")[2] for one in draft["ton_tai"]] == [
        "trong thời hạn 05 ngày làm việc, tính từ ngày Thông báo này;",
        "đề nghị đơn vị rút kinh nghiệm;",
        "khắc phục dứt điểm theo thời hạn đã giao, ngày 28/8/2026.",
    ]
    assert [one.partition("; ")[2] for one in issued["ton_tai"]] == [
        "thời hạn: ngày 21/8/2026;",
        "đề nghị đơn vị rút kinh nghiệm;",
        "khắc phục dứt điểm theo thời hạn đã giao, ngày 28/8/2026.",
    ]
    put_right = Concluded("TT-2026-033", "Chưa niêm yết nội quy", 10, remedied=True)
    for findings, earlier, asked in (
        ((), (), "tiếp tục duy trì"),
        ((), samples.CONCLUSION.still_open, "khắc phục dứt điểm tồn tại của kỳ trước"),
        (samples.CONCLUSION.findings[1:], (), "chỉ đạo rút kinh nghiệm"),
        ((put_right,), (), "chỉ đạo rút kinh nghiệm"),
        ((put_right, *samples.CONCLUSION_DRAFT.findings), (), "trong thời hạn 05 ngày"),
    ):
        fields = KINDS["conclusion"].fields(replace(samples.CONCLUSION_DRAFT, findings=findings, still_open=earlier))
        assert asked in fields["yeu_cau"]
    assert "đã khắc phục trước ngày Thông báo này" in fields["ton_tai"][0]


HOSTILE = [
    "{{7*7}}",
    "{% for x in y %}",
    "=cmd|' /C calc'!A0",
    '#eval("1") *đậm* $x$ `mã` \\ @nhãn <label>',
    "<w:p>&amp;</w:p>]]>",
    "{{ r.__class__ }} {#x#}",
    "Nguyễn" + "ễ" * 60,
    "điều\u202eđảo\u2066 ngược\u200f",
    "\n".join(f"dòng thứ {n} của ghi chú dài" for n in range(40)),
]


def spoiled(text: str) -> Minutes:
    minutes = samples.MINUTES
    return replace(
        minutes,
        attendance=replace(minutes.attendance, unit=(Present(text, text),), refusal=text),
        sections=(JudgedSection("A", "Mục", (Judged("A01", text, text, text),), 1, 0),),
        findings=(Finding("A01", text, 5),),
        explanation=tuple(line for line in text.split("\n")),
        strengths=(text,),
    )


def inside(text: str, cm: Any, tm: Any, _font: Any, _size: Any) -> None:
    """Whatever is written stands on the page."""
    x, y = (tm[4] * cm[i] + tm[5] * cm[i + 2] + cm[i + 4] for i in (0, 1))
    assert not text.strip() or (0 < x < 596 and 0 < y < 842), (text, x, y)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: packed(text)[:12])
def test_what_people_typed_is_printed_as_typed(text: str) -> None:
    filled = word.fill(built_in("minutes"), minutes_fields(spoiled(text)))
    seen = packed("".join(c for c in text if c not in "\u202e\u2066\u200f"))  # invisible: dropped, the letters stay
    wanted = [packed(line) for line in text.split("\n")] if "\n" in text else [seen]
    for shown in (packed(word.text_of(filled)), words_of_pdf(reading_copy(filled, NOW))):
        for line in wanted:
            assert line in shown.replace("\u202e", "").replace("\u2066", "").replace("\u200f", "")
    for page in PdfReader(BytesIO(reading_copy(filled, NOW))).pages:
        page.extract_text(visitor_text=inside)
    head = docx.Document(BytesIO(filled)).tables[0].rows[0].cells
    assert [round(cell.width / 36000) for cell in head] == [65, 100]


def test_only_the_end_of_the_units_words_is_given_its_full_stop() -> None:
    for told, printed in (
        (("Đơn vị tiếp thu; hẹn", "xong trong tháng 8"), ["Đơn vị tiếp thu; hẹn", "xong trong tháng 8."]),
        (("Nhất trí.",), ["Nhất trí."]),
    ):
        assert minutes_fields(replace(samples.MINUTES, explanation=told))["giai_trinh"] == printed


# --- templates --------------------------------------------------------------------------------------------------------


def template(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def test_no_line_ends_within_a_code() -> None:
    said = " ".join(f"{'x' * (n % 9)} TT-2026-{n:03d}, số {n}/QĐ-UBND (nội dung F02-01) và/hoặc" for n in range(10, 90))
    filled = word.fill(template("{{ y }} - {{ y }}"), {"y": said})
    assert word.text_of(filled) == f"{said} - {said}"
    body = docx.Document(BytesIO(filled)).element.body
    assert "-" not in "".join(t.text for t in body.iter(qn("w:t"))).replace(" - ", "")
    copy = "\n".join(page.extract_text() for page in PdfReader(BytesIO(reading_copy(filled, NOW))).pages)
    lines = [line.rstrip() for line in copy.replace(MARK, "").split("\n")]
    assert len(lines) > 80
    assert [line for line in lines if line.endswith(("/", "-")) and not line.endswith(" -")] == []
    assert copy.count("TT-2026-012") == 2  # and is found as it is typed


MARKED = "{% if du_thao %}DỰ THẢO{% endif %}"


def tried(data: bytes, kind: str = "minutes") -> None:
    word.try_out(data, KINDS[kind].trial(), lambda filled: reading_copy(filled, NOW))


@pytest.mark.parametrize("kind", KINDS)
def test_the_built_in_templates_pass_their_own_trial(kind: str) -> None:
    tried(built_in(kind), kind)


ALWAYS = {"co_quan_chu_quan"}  # in papers of a team: dotted while it is not known


@pytest.mark.parametrize("kind", KINDS)
def test_the_trial_goes_through_every_branch_of_the_built_in_template(kind: str) -> None:
    conditions = set(re.findall(r"\{%p? if (?:not )?(\w+) %\}", word.text_of(built_in(kind))))
    fields = [KINDS[kind].fields(sample) for sample in KINDS[kind].samples]
    assert conditions != set()
    always = ALWAYS if kind in ("minutes", "early_end", "report") else set()
    met = {name: {bool(one[name]) for one in fields} for name in conditions - always}
    assert {name for name, seen in met.items() if seen != {True, False}} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_told_in_words_and_the_built_in_template_prints_what_is_needed(kind: str) -> None:
    trial = KINDS[kind].trial()
    assert set(trial.draft) - set(WORDS) == set()
    assert word.unprinted(built_in(kind), trial, KINDS[kind].needed) == []


def test_what_a_template_leaves_out_is_known() -> None:
    trial, needed = KINDS["minutes"].trial(), KINDS["minutes"].needed
    assert word.unprinted(template(MARKED, "xin chào"), trial, needed) == list(needed)
    some = template(
        MARKED, "{{ so|upper }}", "{% for d in anh %}{{ d.ma }}{% endfor %}", "{% if ton_tai %}có{% endif %}"
    )
    assert word.unprinted(some, trial, needed) == [one for one in needed if one not in ("so", "anh")]
    in_header = docx.Document(BytesIO(some))
    in_header.sections[0].header.paragraphs[0].text = "{{ ten_thu_ky }}"
    held = BytesIO()
    in_header.save(held)
    assert "ten_thu_ky" not in word.unprinted(held.getvalue(), trial, needed)


def test_a_template_of_the_office_fills_its_fields() -> None:
    own = template(MARKED, "Biên bản {{ so }} của chúng tôi", "{%p for y in ton_tai %}", "+ {{ y }}", "{%p endfor %}")
    tried(own)
    filled = word.text_of(word.fill(own, minutes_fields(replace(samples.MINUTES, draft=False))))
    assert "Biên bản Số: 03/BB-ĐKT của chúng tôi" in filled
    assert "+ 1. Có 02 người đi muộn" in filled
    assert "DỰ THẢO" not in filled


def repacked(data: bytes, **changed: bytes | None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            if changed.get(name, b"") is not None:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            if content:
                new.writestr(name, content)
    return held.getvalue()


def faulty() -> Iterator[tuple[str, bytes, str]]:
    good = built_in("minutes")
    yield "unknown field", template(MARKED, "{{ sox }}"), "trường chưa có: sox"
    yield "unknown part", template(MARKED, "{{ so.ky_hieu }}"), "trường chưa có: ky_hieu"
    yield "wrong part of a row", template(MARKED, "{% for d in anh %}{{ d.hash }}{% endfor %}"), "trường chưa có: hash"
    yield "open loop", template(MARKED, "{% for y in ton_tai %}{{ y }}"), "viết sai"
    yield "no draft mark", template("{{ so }}"), "DỰ THẢO"
    yield "always a draft", template("DỰ THẢO {{ so }}"), "DỰ THẢO"
    yield "a refusal only", template(MARKED, "{% if tu_choi_ky %}{{ x.khongco }}{% endif %}"), "trường chưa có: x"
    refused = "{% if tu_choi_ky %}{% for d in anh %}{{ d.khongco }}{% endfor %}{% endif %}"
    yield "a part of a row at a refusal", template(MARKED, refused), "trường chưa có: khongco"
    yield "arithmetic", template(MARKED, "{{ so * 100000000 }}"), "phép tính"
    yield "a function", template(MARKED, "{{ range(9) }}"), "trường chưa có: range"
    yield "a filter that grows", template(MARKED, "{{ so|center(9000000000) }}"), "bộ lọc không có: center"
    yield "a filter there is not", template(MARKED, "{{ don_vi|replace('xã', 'X') }}"), "bộ lọc không có: replace. Chỉ"
    yield "inside Python", template(MARKED, "{{ so.__class__.__mro__ }}"), "phép tính"
    yield "a macro", repacked(good, **{"word/vbaProject.bin": b"x"}), "macro"
    yield "broken", good[: len(good) // 2], "đã hỏng"
    yield "no zip", b"%PDF-1.7", "đã hỏng"
    yield "a zip of something else", repacked(good, **{"word/document.xml": None}), "đã hỏng"
    yield "too large", b"P" * (word.LARGEST + 1), "3 MB"


@pytest.mark.parametrize(("data", "said"), [case[1:] for case in faulty()], ids=[case[0] for case in faulty()])
def test_a_template_that_would_fail_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(TemplateFaultError, match=said) as fault:
        tried(data)
    assert "\n" not in str(fault.value)


def test_a_macro_document_is_known_by_its_type() -> None:
    good = built_in("minutes")
    with zipfile.ZipFile(BytesIO(good)) as package:
        types = package.read("[Content_Types].xml").replace(
            b"officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
        )
    named: dict[str, Any] = {"[Content_Types].xml": types}
    held = io.BytesIO()
    with zipfile.ZipFile(BytesIO(good)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, named.get(name, old.read(name)))
    with pytest.raises(TemplateFaultError, match="macro"):
        tried(held.getvalue())
