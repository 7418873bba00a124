"""`kycuong verify`: one line for the journal, one for the evidence, one for each fault. Exit status 1 on a fault."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from storage import verification
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.verification import Chain

if TYPE_CHECKING:
    from sqlalchemy import Connection

Out = Callable[[str], object]
_FAULTS = {"missing": "không đọc được tệp", "damaged": "nội dung tệp khác mã băm"}


def verify(database: Database, store: EvidenceStore, *, known_head: str, out: Out) -> int:
    """Hold the journal and the evidence against their hashes; returns the exit status.

    Closes the database: a command's last act.
    """

    head = "".join(filter(str.isalnum, known_head))  # copied from a PDF, it may hold the marks at which a line may end

    def rows(connection: Connection) -> tuple[Chain, list[str]]:
        return verification.chain(connection, known_head=head), verification.named_pieces(connection)

    async def work() -> tuple[Chain, list[str]]:
        try:
            return await database.read(rows)
        finally:
            await database.close()

    found, named = asyncio.run(work())
    out(_journal_line(found))
    faults = 0
    for piece in verification.pieces(store, named):
        if piece.state != "whole":
            faults += 1
            out(f"Minh chứng {piece.sha256}: {_FAULTS[piece.state]}.")
    told = f"{faults} tệp có lỗi" if faults else "tất cả khớp mã băm"
    out(f"Minh chứng: {len(named)} tệp, {told}.")
    return 1 if faults or found.broken_at is not None else 0


def _journal_line(found: Chain) -> str:
    if found.broken_at is None:
        return f"Nhật ký: {found.rows} dòng, chuỗi băm nguyên vẹn; đầu chuỗi {found.head}."
    if found.broken_at == 0:
        return "Nhật ký: không có dòng mang mã băm đã ghi lại; nhật ký bị cắt hoặc là của cơ sở dữ liệu khác."
    return f"Nhật ký: dòng {found.broken_at} không khớp chuỗi băm; nội dung từ dòng này đã bị thay đổi."
