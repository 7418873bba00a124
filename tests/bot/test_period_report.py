"""The report of a period prints what was said, and nothing that is the office's to write."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from bot.documents import word
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.tables import outbox
from tests.cast import load
from tests.chat import play, read

TALK = Path(__file__).parents[1] / "conversations" / "the_workbook_of_a_summary.txt"


@pytest.fixture(scope="module")
def files(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the talk sent, by the ending of its name."""
    folder = tmp_path_factory.mktemp("period")
    path, evidence = folder / "kycuong.db", EvidenceStore(folder / "evidence")
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    database.write_now(lambda connection: load(connection, evidence))
    play(read(TALK), f"sqlite:///{path}", evidence, "full")
    payloads = database.write_now(lambda connection: connection.execute(select(outbox.c.payload)).scalars().all())
    database.stop()
    sent = [document for payload in map(json.loads, payloads) if (document := payload.get("document"))]
    return {one["name"].rpartition(".")[2]: evidence.passing.get(one["sha256"]) for one in sent}


def said() -> list[str]:
    """The numbered lines of the summary of the year, as the talk shows them."""
    lines = (TALK.parent / "the_summary_down_to_the_record.txt").read_text(encoding="utf-8").splitlines()
    start = lines.index("Hạnh> /summary")
    return [line.strip() for line in lines[start : start + 12] if line.strip()[:3] in {f"{n}. " for n in range(1, 7)}]


def test_the_reading_copy_prints_the_lines_that_were_said(files: dict[str, bytes]) -> None:
    pages = PdfReader(BytesIO(files["pdf"])).pages
    printed = " ".join("".join(page.extract_text() for page in pages).split())
    assert len(said()) == 6
    for line in said():
        assert f"{line}." in printed
    assert "Bản đọc, không thay thế văn bản đã ký" in printed


def test_the_word_file_leaves_number_day_and_causes_to_the_office(files: dict[str, bytes]) -> None:
    text = word.text_of(files["docx"])
    for line in (
        "Số: ……/BC-……",
        "Lạng Sơn, ngày …… tháng …… năm ………",
        "của Ủy ban nhân dân tỉnh Lạng Sơn tháng 7 năm 2026",
        "Số liệu từ 01/7/2026 đến hết 31/7/2026, tình trạng đến hết ngày 31/7/2026.",
        "Kế hoạch triển khai đã ban hành",
        "Chỉ số SIPAS",
        "chưa nhập",
        "III. HẠN CHẾ, NGUYÊN NHÂN",
    ):
        assert line in text
    assert "Đọc nhanh" not in text


def test_what_falls_short_is_told_and_its_causes_are_left_open(files: dict[str, bytes]) -> None:
    lines = word.text_of(files["docx"]).split("\n")
    part = lines[lines.index("III. HẠN CHẾ, NGUYÊN NHÂN") + 1 : lines.index("IV. NHIỆM VỤ, KIẾN NGHỊ")]
    assert part[:-1] == [
        "Chỉ tiêu chưa đạt mục tiêu: Kế hoạch triển khai đã ban hành 1/2 (50,0%) (mục tiêu 100%).",
        "Kế hoạch triển khai quá hạn ban hành: 01 đơn vị (UBND xã Điềm He).",
        "Nguyên nhân:",
    ]
    assert set(part[-1]) == {"…"}


def test_figures_stand_beside_those_they_are_compared_with(files: dict[str, bytes]) -> None:
    table = next(t for t in docx.Document(BytesIO(files["docx"])).tables if t.rows[0].cells[0].text == "STT")
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][2:] == ["Kết quả", "Mục tiêu", "Đánh giá", "Kỳ trước", "Cùng kỳ năm trước"]
    assert rows[1][2:] == ["1/2 (50,0%)", "100%", "chưa đạt", "1/2 (50,0%)", "không phát sinh"]
    surprise = next(row for row in rows if row[1] == "Đơn vị được kiểm tra đột xuất")
    assert surprise[2:5] == ["00", "", ""]  # a month has no target of the year, so nothing is judged
