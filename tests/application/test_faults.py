"""Faults of the network, the disk and the machine, over HTTP and in a process of its own: told, survived, made good."""

from __future__ import annotations

import asyncio
import resource
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.simulator import Running, serve
from tests.application.conftest import ADMIN_CHAT, HEAD, HEAD_CHAT, INSPECTORS
from tests.application.phone import Phone
from tests.application.process import Application, kycuong
from tests.application.walker import picture

FIND = "Đề nghị gõ tên đơn vị"
NOT_STORED = "chưa lưu được tin vừa gửi"


async def begin_visit(phone: Phone, unit: str) -> None:
    """From nothing to the first section."""
    for said, heard in (("/kiemtra", FIND), (unit, "1. Bắt đầu"), ("1", "Mục C")):
        await phone.ask(said, heard)


def rows(application: Application, statement: str) -> list[tuple[Any, ...]]:
    """What the database holds, read beside the application."""
    with closing(sqlite3.connect(application.folder / "kycuong.db", timeout=10)) as db:
        return db.execute(statement).fetchall()


# --- the network: one application for all ----------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def network_of_faults() -> AsyncIterator[Running]:
    served = await serve()
    for chat_id, name in {**INSPECTORS, ADMIN_CHAT: "Quản trị", HEAD_CHAT: HEAD}.items():
        served.network.phone(name, user_id=chat_id)
    yield served
    await served.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lasting(
    province: Path, network_of_faults: Running, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Application]:
    folder = tmp_path_factory.mktemp("faults") / "life"
    shutil.copytree(province, folder)
    made = Application(folder, network_of_faults.url)
    await made.start()
    await made.ready()
    yield made
    await made.end()


@pytest_asyncio.fixture(loop_scope="module")
async def phone(network_of_faults: Running, lasting: Application) -> AsyncIterator[Phone]:
    """An inspector; whatever a test broke is whole again afterwards."""
    made = Phone(network_of_faults.network, 1001)
    yield made
    network_of_faults.network.faults.lift()
    network_of_faults.network.block(1001, False)


def fault(running: Running, kind: str, **more: Any) -> None:
    running.network.faults.add({"kind": kind, **more})


@pytest.mark.asyncio(loop_scope="module")
async def test_an_outage_delays_and_loses_nothing(network_of_faults: Running, phone: Phone) -> None:
    fault(network_of_faults, "outage")
    said = ["/trogiup", "/kiemtra"]
    for text in said:
        phone.say(text)
    assert await phone.rest(1.2) == []
    network_of_faults.network.faults.lift()
    await phone.hears(FIND)
    assert await phone.rest() == []
    assert len(phone.heard) == len(said)
    assert FIND in phone.heard[-1], "in the order of what was said"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("kind", "more"),
    [("429", {"retry_after": 1}), ("500", {}), ("drop_before", {})],
)
async def test_a_refused_message_comes_later_and_once(
    kind: str, more: dict[str, Any], network_of_faults: Running, phone: Phone
) -> None:
    fault(network_of_faults, kind, method="sendMessage", chat_id=1001, **more)
    phone.say("/kiemtra")
    await phone.hears(FIND)
    await phone.rest(0.7)
    assert len(phone.heard) == 1


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", ["drop_after", "truncate"])
async def test_a_lost_reply_repeats_the_message_once(kind: str, network_of_faults: Running, phone: Phone) -> None:
    fault(network_of_faults, kind, method="sendMessage", chat_id=1001)
    phone.say("/kiemtra")
    await phone.hears(FIND, times=2)
    await phone.rest(0.7)
    assert len(phone.heard) == 2


@pytest.mark.asyncio(loop_scope="module")
async def test_an_update_that_comes_again_counts_once(
    network_of_faults: Running, lasting: Application, phone: Phone
) -> None:
    fault(network_of_faults, "duplicate", chat_id=1001, times=3)
    for _ in range(3):
        await phone.ask("/kiemtra", FIND)
        assert await phone.rest(0.5) == []
    assert rows(lasting, "SELECT update_key FROM inbox GROUP BY update_key HAVING count(*) > 1") == []


@pytest.mark.asyncio(loop_scope="module")
async def test_updates_out_of_order_are_all_handled(network_of_faults: Running, phone: Phone) -> None:
    fault(network_of_faults, "reorder", times=3)
    for _ in range(3):
        phone.say("/trogiup")
        phone.say("/kiemtra")
    await phone.hears(FIND, times=3)
    await phone.rest(0.5)
    assert len(phone.heard) == 6


@pytest.mark.asyncio(loop_scope="module")
async def test_an_undecodable_update_is_set_aside_and_stepped_over(
    network_of_faults: Running, lasting: Application, phone: Phone
) -> None:
    fault(network_of_faults, "undecodable", chat_id=1001)
    await phone.ask("/kiemtra", FIND)
    refused = rows(lasting, "SELECT payload FROM inbox WHERE status = 'refused'")
    assert len(refused) == 1
    assert "undecodable" in refused[0][0]
    assert await phone.ask("/trogiup", "/kiemtra")


@pytest.mark.asyncio(loop_scope="module")
async def test_who_blocks_the_bot_is_noted_and_welcome_again(
    network_of_faults: Running, lasting: Application, phone: Phone
) -> None:
    unreachable = "SELECT count(*) FROM accounts WHERE chat_id = '1001' AND unreachable_at IS NOT NULL"
    network_of_faults.network.block(1001)
    await _until(lambda: rows(lasting, unreachable) == [(1,)])
    network_of_faults.network.block(1001, False)
    await _until(lambda: rows(lasting, unreachable) == [(0,)])
    await phone.ask("/kiemtra", FIND)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("data", ["A01=1", "x" * 64, "nobody:0", ":", "\u0000", "1:99999999999999999999"])
async def test_a_button_that_was_never_ours_does_nothing(data: str, network_of_faults: Running, phone: Phone) -> None:
    await phone.ask("/kiemtra", FIND)
    shown = len(phone.messages)
    network_of_faults.network.tap(1001, phone.messages[-1].message_id, data)
    assert await phone.toasted(), "the spinner ends, with a word"
    assert len(phone.messages) == shown


@pytest.mark.asyncio(loop_scope="module")
async def test_a_button_of_another_person_does_nothing(network_of_faults: Running, phone: Phone) -> None:
    await phone.ask("/kiemtra", FIND)
    await phone.ask("xã Tri Lễ", "1. Bắt đầu")
    data = phone.messages[-1].inline
    assert data
    other = Phone(network_of_faults.network, 1011)
    network_of_faults.network.tap(1011, 1, data[0][0]["callback_data"])
    await other.toasted()
    assert other.heard == []


async def _until(holds: Any) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  the database tells nobody
            await asyncio.sleep(0.05)


# --- the disk ---------------------------------------------------------------------------------------------------------


def allow_files_of(application: Application, size: int) -> None:
    """No file of the process may grow beyond `size` bytes: to it, the disk is full."""
    assert application.process is not None
    resource.prlimit(application.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_full_disk_is_said_and_nothing_is_half_done(network_of_faults: Running, lasting: Application) -> None:
    phone = Phone(network_of_faults.network, 1011)
    await begin_visit(phone, "xã Tri Lễ")
    before = rows(lasting, "SELECT count(*) FROM answers"), rows(lasting, "SELECT count(*) FROM outbox")
    allow_files_of(lasting, 0)
    await phone.ask("C01 25 23 2 0, C02 0, còn lại đạt", NOT_STORED)
    assert (rows(lasting, "SELECT count(*) FROM answers"), rows(lasting, "SELECT count(*) FROM outbox")) == before
    assert [text for text in await phone.rest(0.7) if "đã ghi" in text] == []
    allow_files_of(lasting, resource.RLIM_INFINITY)
    await phone.hears("đã ghi: C01")  # the same message, without anybody sending it again
    assert len([text for text in phone.heard if NOT_STORED in text]) == 1
    assert len([text for text in phone.heard if "đã ghi: C01" in text]) == 1
    assert rows(lasting, "PRAGMA integrity_check") == [("ok",)]
    assert rows(lasting, "SELECT count(*) FROM answers WHERE key = 'C01' AND said LIKE 'C01 25%'") == [(1,)]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_photo_that_cannot_be_written_is_kept_waiting(network_of_faults: Running, lasting: Application) -> None:
    phone = Phone(network_of_faults.network, 1012)
    await begin_visit(phone, "xã Tràng Định")
    evidence, away = lasting.folder / "evidence", lasting.folder / "away"
    evidence.rename(away)
    evidence.touch()  # where the folder should be
    network_of_faults.network.photo(1012, [picture(1012, 1)], caption="B01")
    await phone.hears("Ảnh chưa tải được")
    assert rows(lasting, "SELECT state FROM photos WHERE chat_id = '1012'") == [("awaited",)]
    evidence.unlink()
    away.rename(evidence)
    await phone.hears("Đã lưu ảnh B01-01")


# --- the machine ------------------------------------------------------------------------------------------------------


@pytest.mark.asyncio(loop_scope="module")
async def test_a_second_run_is_refused_and_the_first_goes_on(network_of_faults: Running, lasting: Application) -> None:
    phone = Phone(network_of_faults.network, 1013)
    status, out, err = await kycuong(lasting.folder, "run", env=lasting.env)
    assert status == 2
    assert "đang được một tiến trình khác dùng" in err
    assert "Traceback" not in out + err
    await phone.ask("/kiemtra", FIND)


@pytest.mark.asyncio(loop_scope="module")
async def test_an_invitation_can_be_made_beside_it(network_of_faults: Running, lasting: Application) -> None:
    status, out, err = await kycuong(
        lasting.folder, "invite", "--role", "inspector", "--unit", "tỉnh Lạng Sơn", "--name", "Lộc Văn Mới",
        env=lasting.env,
    )  # fmt: skip
    assert status == 0, err
    network_of_faults.network.phone("Lộc Văn Mới", user_id=1777)
    newcomer = Phone(network_of_faults.network, 1777)
    line = out.splitlines()[0]
    assert line.startswith("/start ")
    assert f"https://t.me/{network_of_faults.network.bot['username']}?start=" in out
    await newcomer.ask(line, "Đồng ý")
    await newcomer.ask("1", "Lộc Văn Mới")
    await newcomer.ask("/kiemtra", FIND)


@pytest.mark.asyncio
async def test_it_ends_when_asked_to(application: Application, running: Running) -> None:
    phone = Phone(running.network, 1001)
    await application.start()
    await application.ready()
    await phone.ask("/kiemtra", FIND)
    assert await application.stop(signal.SIGTERM) == 0
    assert "Traceback" not in application.printed()
    assert rows(application, "SELECT count(*) FROM outbox WHERE chat_id = '1001' AND state <> 'sent'") == [(0,)]
