"""The chat side put together: an update is acknowledged after its commit, and what cannot be stored is said once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.port import Accept, Capabilities, Outgoing, RawUpdate
from bot.clock import BusinessClock
from bot.pace import Pace
from bot.service import Service
from inspection.messages import Chat, Incoming, Kind
from storage import inbox
from storage.database import Database, StorageUnavailableError
from storage.evidence import EvidenceStore

STRANGER = "Đây là kênh nội bộ"
NOT_STORED = "tạm thời chưa lưu được"


class Line:
    """A network that delivers what a test hands to it, and remembers what was sent."""

    name, account = "telegram", "1"
    capabilities = Capabilities(4096, 1024, True, True, True, 0.1)

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.closed = False

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        self.closed = True

    async def alive(self) -> bool:
        return True

    async def listen(self, accept: Accept) -> None:
        await asyncio.Event().wait()

    def read(self, payload: dict[str, Any]) -> Incoming | None:
        if "text" not in payload:
            raise ValueError("no text")
        chat = Chat(self.name, self.account, str(payload["chat"]))
        return Incoming(Kind.TEXT, chat, str(payload["chat"]), message_id=payload["id"], text=payload["text"])

    async def send(self, message: Outgoing) -> int:
        self.sent.append(message)
        return 1000 + len(self.sent)

    async def answer_tap(self, callback: str, text: str) -> None:
        """No taps here."""

    async def edit(self, chat_id: str, message_id: int, text: str) -> None:
        """No edits here."""

    async def set_commands(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None:
        """No menu here."""

    async def fetch(self, media: Any) -> bytes:
        raise AssertionError("no photos here")


def update(number: int, chat: int = 7, text: str = "xin chào") -> RawUpdate:
    return RawUpdate(str(number), {"chat": chat, "id": number, "text": text})


@pytest.fixture
def line() -> Line:
    return Line()


@pytest_asyncio.fixture
async def service(database: Database, line: Line) -> AsyncIterator[Service]:
    made = Service(
        database, EvidenceStore(None), {("telegram", "1"): line}, BusinessClock(), pace=Pace(0.0, 0.0)  # type: ignore[dict-item]
    )  # fmt: skip
    await made.start()
    yield made
    await made.close()


async def stored(database: Database) -> dict[str, str]:
    """Update keys with their status."""

    def work(connection: Any) -> dict[str, str]:
        rows = connection.exec_driver_sql("SELECT update_key, status FROM inbox")
        return {row[0]: row[1] for row in rows}

    return await database.write(work)


async def test_when_accept_returns_the_update_is_on_disk(service: Service, line: Line) -> None:
    await service.accept(line, [update(1)])  # type: ignore[arg-type]
    assert await stored(service.database) == {"1": "done"}
    await service.delivery.drain()
    assert [STRANGER in message.text for message in line.sent] == [True]


async def test_the_same_update_counts_once_however_often_it_comes(service: Service, line: Line) -> None:
    again = [service.accept(line, [update(1), update(1)]) for _ in range(5)]  # type: ignore[arg-type]
    await asyncio.gather(*again)
    await service.delivery.drain()
    assert len(line.sent) == 1
    assert await stored(service.database) == {"1": "done"}


async def test_an_unreadable_update_is_kept_and_costs_its_neighbours_nothing(service: Service, line: Line) -> None:
    await service.accept(line, [RawUpdate("1", {"chat": 7}), update(2)])  # type: ignore[arg-type]
    await service.delivery.drain()
    assert await stored(service.database) == {"1": "refused", "2": "done"}
    assert len(line.sent) == 1


async def test_what_cannot_be_stored_is_not_acknowledged_and_said_once(
    service: Service, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise StorageUnavailableError("disk full")

    async def outcome() -> Any:
        return full()

    monkeypatch.setattr(service.database, "submit_many", lambda _batch, items: [outcome() for _ in items])
    for _ in range(3):  # the network offers it again and again
        with pytest.raises(StorageUnavailableError):
            await service.accept(line, [update(1), update(2, chat=8)])  # type: ignore[arg-type]
    await asyncio.sleep(0.01)
    assert sorted(m.chat_id for m in line.sent if NOT_STORED in m.text) == ["7", "8"]
    monkeypatch.undo()
    assert await stored(service.database) == {}
    await service.accept(line, [update(1)])  # type: ignore[arg-type]
    await service.delivery.drain()
    assert STRANGER in line.sent[-1].text


async def test_a_bug_in_one_turn_sets_that_update_aside(
    service: Service, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = service.conversation._handle

    def stumble(ledger: Any, incoming: Incoming, outcome: Any) -> None:
        if incoming.text == "độc":
            raise ZeroDivisionError
        handle(ledger, incoming, outcome)

    monkeypatch.setattr(service.conversation, "_handle", stumble)
    await service.accept(line, [update(1), update(2, chat=8, text="độc"), update(3, chat=9)])  # type: ignore[arg-type]
    await service.delivery.drain()
    assert await stored(service.database) == {"1": "done", "2": "refused", "3": "done"}
    told = {message.chat_id: message.text for message in line.sent}
    assert STRANGER in told["7"]
    assert STRANGER in told["9"]
    assert STRANGER not in told["8"]
    assert "ZeroDivisionError" not in told["8"], "a reference to quote, not our troubles"


async def test_what_was_not_sent_is_sent_by_the_next_life(database: Database, line: Line) -> None:
    channels = {("telegram", "1"): line}
    first = Service(database, EvidenceStore(None), channels, BusinessClock(), pace=Pace(0.0, 0.0))  # type: ignore[arg-type]
    first.delivery.hand_over = lambda parcels: None  # type: ignore[method-assign]
    await first.start()
    await first.accept(line, [update(1)])  # type: ignore[arg-type]
    await first.close()
    assert line.closed
    assert line.sent == []
    second = Service(database, EvidenceStore(None), channels, BusinessClock(), pace=Pace(0.0, 0.0))  # type: ignore[arg-type]
    await second.start()
    await second.delivery.drain()
    await second.close()
    assert [STRANGER in message.text for message in line.sent] == [True]


async def test_handled_updates_are_recognised_for_a_week(service: Service, line: Line) -> None:
    await service.accept(line, [update(1)])  # type: ignore[arg-type]
    before = service.clock.now() - timedelta(days=7)
    await service.database.write(lambda connection: inbox.forget(connection, before=before))
    await service.accept(line, [update(1)])  # type: ignore[arg-type]
    await service.delivery.drain()
    assert len(line.sent) == 1
