"""/baocao: every finished visit can be reached, page by page or by its unit's name; every paper as Word and as PDF."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from inspection.visit import Status, Visit
from storage import visits
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.tables import visits as visit_rows
from tests.bot.test_commands_people import HANH, Office
from tests.cast import load

FIRST = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PLACES = (("u-diem-he", "UBND xã Điềm He"), ("u-tan-doan", "UBND xã Tân Đoàn"))


@pytest.fixture
def office(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Office]:
    """Besides the one of last year, 24 visits were signed, one each week, to two units in turn."""
    database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'office.db')}")
    database.write_now(lambda connection: load(connection, EvidenceStore(tmp_path / "evidence")))
    database.write_now(signed)
    yield Office(database)
    database.stop()


def signed(connection: Connection) -> None:
    checklist = connection.execute(select(visit_rows.c.checklist_id)).scalar_one()
    for week in range(24):
        began, (unit_id, name) = FIRST + timedelta(weeks=week), PLACES[week % 2]
        on = date.fromordinal(began.toordinal())
        visit = Visit(f"v-{week}", unit_id, name, checklist, Status.SIGNED, began, on, "p-1001")
        visits.add(connection, visit)
        visits.save(connection, [visit], signer_id={visit.id: "p-1002"}, now=began)


def lines(said: str) -> list[str]:
    return [line for line in said.split("\n") if line[:1].isdigit()]


def test_every_visit_is_reached_page_by_page(office: Office) -> None:
    said = office.types(HANH, "/baocao")
    assert "(25 lượt):" in said
    assert "gõ tên đơn vị để lọc" in said
    assert lines(said)[0] == "1. UBND xã Tân Đoàn, 15/6/2026"
    assert len(lines(said)) == 10
    assert "Gõ “tiếp” để xem trang sau." in said
    assert lines(office.types(HANH, "tiếp"))[0].startswith("11. ")
    last = office.types(HANH, "tiếp")
    assert [line[:3] for line in lines(last)] == ["21.", "22.", "23.", "24.", "25."]
    assert lines(last)[-1] == "25. UBND xã Tân Đoàn, 12/11/2025"
    assert "tiếp" not in last
    assert office.types(HANH, "25").startswith("UBND xã Tân Đoàn, 12/11/2025. Chọn văn bản:")


def test_a_wrong_number_shows_the_same_list_again(office: Office) -> None:
    said = office.types(HANH, "/baocao xã Điềm He")
    assert "12 lượt tại “xã Điềm He”):" in said
    assert all("UBND xã Điềm He" in line for line in lines(said))
    for wrong in ("99", "0", "11"):
        assert office.types(HANH, wrong) == said
    second = office.types(HANH, "tiếp")
    assert [line[:3] for line in lines(second)] == ["11.", "12."]
    assert "UBND xã Điềm He" in office.types(HANH, "11")


def test_a_name_that_is_typed_filters_as_names_are_read(office: Office) -> None:
    office.types(HANH, "/baocao")
    for name in ("tan doan", "UBND xã Tân Đoàn", "tân đoàn"):
        assert f"13 lượt tại “{name}”):" in office.types(HANH, name)
    assert "Không có lượt kiểm tra đã hoàn thành" in office.types(HANH, "/baocao yen binh")


def test_every_paper_is_offered_as_word_and_as_pdf(office: Office) -> None:
    office.types(HANH, "/baocao")
    assert lines(office.types(HANH, "1")) == [
        "1. Biên bản (Word)",
        "2. Biên bản, bản đọc (PDF)",
        "3. Báo cáo kết quả (Word)",
        "4. Báo cáo kết quả, bản đọc (PDF)",
        "5. Chứng thư minh chứng (Word)",
        "6. Chứng thư minh chứng, bản đọc (PDF)",
        "7. Dự thảo Thông báo kết luận (Word)",
        "8. Dự thảo Thông báo kết luận, bản đọc (PDF)",
    ]
