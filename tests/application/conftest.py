"""A province, a simulated network, and `kycuong run` beside them as the process an operator would start."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Connection

from bot import consent
from bot.simulator import Running, serve
from bot.simulator.network import DEFAULT_TOKEN
from inspection.messages import Chat
from storage import checklists, consents, people
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.migrate import migrate
from storage.sample.load import load_sample
from storage.sample.people import ADMINISTRATOR, INSPECTOR
from tests.application.process import Application

ACCOUNT = DEFAULT_TOKEN.partition(":")[0]
ADMIN_CHAT = 1003
HEAD_CHAT, HEAD = 1002, "Hoàng Văn Bình"
INSPECTORS = {
    1001: INSPECTOR,
    1011: "Hứa Văn Lâm",
    1012: "Lý Thị Duyên",
    1013: "Mông Văn Quyền",
    1014: "Bế Thị Hoài",
}


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with database and evidence as `init --sample` leaves them, and people who have redeemed their codes."""
    folder = tmp_path_factory.mktemp("province")
    database = Database(f"sqlite:///{folder / 'kycuong.db'}")
    now = datetime.now(UTC)
    migrate(database)
    database.write_now(lambda connection: checklists.load_builtin(connection, now))
    load_sample(database, EvidenceStore(folder / "evidence"), now)
    for chat_id, name in {**INSPECTORS, ADMIN_CHAT: ADMINISTRATOR, HEAD_CHAT: HEAD}.items():
        database.write_now(lambda connection, c=chat_id, n=name: bind(connection, c, n, now))
    database.write_now(lambda connection: consents.record_for_all_accounts(connection, consent.VERSION, now))
    database.stop()
    return folder


def bind(connection: Connection, chat_id: int, name: str, now: datetime) -> None:
    """What redeeming an invitation does."""
    person = people.named(connection, name, now.date())[0]
    people.bind_account(connection, person.id, Chat("telegram", ACCOUNT, str(chat_id)), str(chat_id), now)


@pytest_asyncio.fixture
async def running() -> AsyncIterator[Running]:
    """The simulated network, in this process."""
    served = await serve()
    for chat_id, name in {**INSPECTORS, ADMIN_CHAT: ADMINISTRATOR, HEAD_CHAT: HEAD}.items():
        served.network.phone(name, user_id=chat_id)
    yield served
    await served.close()


@pytest_asyncio.fixture
async def application(province: Path, running: Running, tmp_path: Path) -> AsyncIterator[Application]:
    """`kycuong run` on a copy of the province, not started yet."""
    folder = tmp_path / "life"
    shutil.copytree(province, folder)
    made = Application(folder, running.url)
    yield made
    await made.end()
