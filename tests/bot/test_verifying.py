"""`kycuong verify` is silent about nothing: each kind of damage has its line, and makes the command fail."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, update

from bot.verifying import verify
from storage import journal
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.journal import Entry
from storage.tables import evidence
from storage.tables import journal as journal_rows

PICTURES = (b"first picture", b"second picture")


@pytest.fixture
def folder(migrated_sqlite: Path, tmp_path: Path, now: datetime) -> Path:
    """Three acts in the journal, two pictures in the store."""
    shutil.copy(migrated_sqlite, tmp_path / "kycuong.db")
    store = EvidenceStore(tmp_path / "evidence")

    def fill(connection: Connection) -> None:
        for act in ("invited", "blocked", "unblocked"):
            journal.append(connection, Entry("hanh", act, "binh"), now)
        for data in PICTURES:
            row = {"sha256": store.put(data), "size": len(data), "mime": "image/jpeg", "width": 1, "height": 1}
            connection.execute(insert(evidence).values(stored_at=now, **row))

    changed(tmp_path, fill)
    return tmp_path


def changed(folder: Path, work: Callable[[Connection], Any]) -> Any:
    database = Database(f"sqlite:///{folder / 'kycuong.db'}")
    try:
        return database.write_now(work)
    finally:
        database.stop()


def verified(folder: Path, known_head: str = "") -> tuple[int, list[str]]:
    lines: list[str] = []
    database = Database(f"sqlite:///{folder / 'kycuong.db'}")
    store = EvidenceStore(folder / "evidence")
    return verify(database, store, known_head=known_head, out=lines.append), lines


def file_of(folder: Path, data: bytes) -> Path:
    store = EvidenceStore(folder / "evidence")
    return store.path(store.put(data))


def test_what_is_whole_is_said_to_be(folder: Path) -> None:
    head = changed(folder, journal.head)
    assert verified(folder, head) == (
        0,
        [f"Nhật ký: 3 dòng, chuỗi băm nguyên vẹn; đầu chuỗi {head}.", "Minh chứng: 2 tệp, tất cả khớp mã băm."],
    )


def test_a_head_is_found_as_it_is_copied_from_a_page(folder: Path) -> None:
    head = changed(folder, journal.head)
    assert verified(folder, f" {chr(0x200B).join(head[:40])}\n{head[40:]} ")[0] == 0
    assert verified(folder, f"{chr(0x200B).join(head[:40])}{'0' * 24}")[0] == 1


def test_a_changed_row_of_the_journal(folder: Path) -> None:
    tampered = update(journal_rows).where(journal_rows.c.act == "blocked").values(subject_id="lan")
    changed(folder, lambda connection: connection.execute(tampered))
    status, lines = verified(folder)
    assert (status, lines[0]) == (1, "Nhật ký: dòng 2 không khớp chuỗi băm; nội dung từ dòng này đã bị thay đổi.")


def test_a_journal_cut_off_shows_beside_the_head_written_down(folder: Path) -> None:
    head = changed(folder, journal.head)
    changed(folder, lambda connection: connection.execute(delete(journal_rows).where(journal_rows.c.id == 3)))
    assert verified(folder)[0] == 0, "by itself a shorter chain is whole"
    status, lines = verified(folder, head)
    assert (status, "nhật ký bị cắt" in lines[0]) == (1, True)


def test_a_damaged_and_a_missing_file(folder: Path) -> None:
    damaged, missing = (file_of(folder, data) for data in PICTURES)
    damaged.write_bytes(b"another picture")
    missing.unlink()
    status, lines = verified(folder)
    assert status == 1
    assert sorted(lines[1:-1]) == sorted(
        [
            f"Minh chứng {damaged.name}: nội dung tệp khác mã băm.",
            f"Minh chứng {missing.name}: không đọc được tệp.",
        ]
    )
    assert lines[-1] == "Minh chứng: 2 tệp, 2 tệp có lỗi."
