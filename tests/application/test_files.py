"""Files through the process: an export comes whole, a workbook is imported once, whatever happens."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from python_calamine import load_workbook
from sqlalchemy import Connection, func, select

from bot.simulator import Running
from storage.database import Database
from storage.export.registry import EXPORTED
from storage.tables import calendar_overrides, errands, journal, outbox
from storage.workbook.reading import MOST_ROWS
from tests.application.conftest import ADMIN_CHAT
from tests.application.phone import Phone
from tests.application.process import Application
from tests.storage.workbook_cases import built
from tests.workbooks_sent import days_off, long_sheet


def kept(folder: Path) -> dict[str, int]:
    """How many days off there are, how many imports were journalled, how many errands are open, and of the outbox the
    longest row."""
    database = Database(f"sqlite:///{folder / 'kycuong.db'}")

    def count(connection: Connection) -> dict[str, int]:
        def how_many(statement: object) -> int:
            return int(connection.execute(statement).scalar() or 0)  # type: ignore[call-overload]

        return {
            "days": how_many(select(func.count()).select_from(calendar_overrides)),
            "imports": how_many(select(func.count()).where(journal.c.act == "imported")),
            "exports": how_many(select(func.count()).where(journal.c.act == "exported")),
            "open": how_many(select(func.count()).where(errands.c.state == "open")),
            "longest": how_many(select(func.max(func.length(outbox.c.payload)))),
        }

    try:
        return database.write_now(count)
    finally:
        database.stop()


async def test_an_export_arrives_whole_and_its_bytes_are_in_no_row(application: Application, running: Running) -> None:
    admin = Phone(running.network, ADMIN_CHAT)
    await application.start()
    await application.ready()
    await admin.ask("/xuat", "Đề nghị chọn dạng tệp")
    admin.say("1")
    await admin.hears("Dữ liệu trong phạm vi")
    document = admin.messages[-1].document
    assert document is not None
    body = running.network.files.body(document)
    assert body is not None
    book = load_workbook(io.BytesIO(body))
    assert book.sheet_names[0] == "Chỉ tiêu"
    assert book.sheet_names[-len(EXPORTED) :] == [table.title for table in EXPORTED]
    assert len(book.get_sheet_by_name("Cuộc kiểm tra").to_python()) > 10
    await application.stop()
    found = kept(application.folder)
    assert (found["exports"], found["open"]) == (1, 0)
    assert found["longest"] < 10_000 < len(body)


async def test_a_workbook_is_imported_once_however_often_the_process_is_killed(
    application: Application, running: Running
) -> None:
    """Killed while the file is being fetched, and again while it is being imported."""
    admin = Phone(running.network, ADMIN_CHAT)
    running.network.faults.add({"kind": "500", "method": "getFile", "times": 1})
    await application.start()
    await application.ready()
    days = kept(application.folder)["days"]
    running.network.document(ADMIN_CHAT, built(days_off(25)), "nghỉ lễ.xlsx")
    await admin.hears("tự thử lại")
    application.kill()
    await application.ended()
    await application.start()
    await admin.hears("nghỉ lễ.xlsx đọc được")
    asked = [message for message in admin.messages if message.document is not None]
    assert [message.document.name for message in asked if message.document] == ["thay-doi.txt"]
    admin.say("1")
    await admin.hears("Đang nạp")
    application.kill()
    await application.ended()
    await application.start()
    await admin.hears("Đã nạp nghỉ lễ.xlsx")
    await admin.rest(0.5)
    assert len([text for text in admin.heard if "Đã nạp" in text]) == 1
    await application.stop()
    found = kept(application.folder)
    assert (found["days"] - days, found["imports"], found["open"]) == (25, 1, 0)


async def test_somebody_else_is_answered_while_a_large_file_is_read(application: Application, running: Running) -> None:
    admin, inspector = Phone(running.network, ADMIN_CHAT), Phone(running.network, 1001)
    await application.start()
    await application.ready()
    await inspector.ask("/trogiup", "/kiemtra")
    running.network.document(ADMIN_CHAT, long_sheet(MOST_ROWS - 1), "dài.xlsx")
    await admin.hears("Đã nhận dài.xlsx")
    answered = 0
    while not any("dài.xlsx: có" in text for text in admin.heard):
        async with asyncio.timeout(5):
            await inspector.ask("/trogiup", "/kiemtra")
        answered += 1
    assert answered >= 2
    await application.stop()
    assert kept(application.folder)["open"] == 0
