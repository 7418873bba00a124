"""The whole product on one machine: the sample province, the simulated network, a page of phones, a clock to move.

The bot here is the production code path: it talks to the simulator over HTTP as it would to the real network. Only
business time is different, and only forward.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot import consent
from bot.channels.port import Channel, ChannelOptions
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.clock import BusinessClock
from bot.pace import Pace
from bot.service import Service
from bot.simulator.network import DEFAULT_TOKEN
from bot.simulator.server import Running, serve
from bot.simulator.zalo import DEFAULT_ZALO_TOKEN, zalo_id
from bot.web.front import Front, Place, addresses
from inspection.messages import Chat
from inspection.reminders import OPENS
from inspection.working_days import LOCAL
from storage import checklists, consents, people
from storage.clock import ahead, set_ahead
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.migrate import migrate
from storage.outbox import Parcel
from storage.sample.load import load_sample
from storage.sample.photos import write_all

if TYPE_CHECKING:
    from sqlalchemy import Connection

BEGINS = datetime(2026, 8, 4, 8, 0, tzinfo=LOCAL)  # the morning on which the sample year ends
CAST = (  # user id, name in the sample, role shown on the page
    (1001, "Nông Văn Thịnh", "inspector"),
    (1002, "Hoàng Văn Bình", "unit-head"),
    (1003, "Vi Thị Mỹ Hạnh", "admin"),
    (1004, "Đinh Thị Ngân", "team-head"),
)
ON_ZALO = (2001, "Nông Văn Thịnh", "inspector")  # the same person has a phone on each network
ZALO_SILENCE = 20.0  # seconds that close a row of photos; shorter than in earnest
PORTS_TRIED = 20
STRANGER = (1999, "Người lạ", "stranger")


class NoFreePortError(Exception):
    """Neither the port asked for nor the next ones are free."""


class Clockwork(Protocol):
    """The jobs of the clock side, as a demonstration drives them."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    async def remind(self) -> int: ...


MakeJobs = Callable[[Database, Callable[[], datetime], Callable[[Sequence[Parcel]], None]], Clockwork]


def forget(folder: Path) -> None:
    """Start over: drop what earlier runs kept. Raises AlreadyRunningError while one of them still runs."""
    if not folder.exists():
        return
    database = _database(folder)
    database.hold()
    shutil.rmtree(folder)
    database.release()


def _database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'kycuong.db'}")  # makes the folder too


class MovableClock:
    """Business time as the page shows and moves it; each move runs every morning's sweep it crosses."""

    def __init__(self, clock: BusinessClock, database: Database) -> None:
        self.clock = clock
        self.database = database
        self.jobs: Clockwork | None = None

    def now(self) -> datetime:
        """Business time."""
        return self.clock.now()

    async def move(self, to: datetime) -> None:
        """Go forward to a moment. Raises ValueError backwards."""
        if to <= self.now():
            raise ValueError("Đồng hồ chỉ dời về phía trước.")
        for morning in mornings(self.now(), to):
            await self._jump(morning)
        await self._jump(to)

    async def _jump(self, to: datetime) -> None:
        self.clock.ahead += to - self.now()
        difference = self.clock.ahead
        await self.database.write(lambda connection: set_ahead(connection, difference))
        if self.jobs is not None and await self.jobs.remind():
            await asyncio.sleep(0.2)  # lets the digests of this morning leave while it is this morning


def mornings(start: datetime, end: datetime) -> list[datetime]:
    """Every opening of the office after `start` and before `end`."""
    day = start.astimezone(LOCAL).date()
    found = []
    while (morning := datetime.combine(day, OPENS, LOCAL) + timedelta(minutes=1)) < end:
        if morning > start:
            found.append(morning)
        day += timedelta(days=1)
    return found


async def play(folder: Path, port: int, *, jobs: MakeJobs) -> None:
    """Bring everything up and stay until cancelled."""
    database = _database(folder)
    database.hold()
    migrate(database)
    evidence = EvidenceStore(folder / "evidence")
    clock = BusinessClock()
    fresh = _prepare(database, evidence, clock)
    movable = MovableClock(clock, database)
    network = await serve(port=free_port(port), folder=folder / "network", clock=movable, samples=_samples(folder))
    place = _place(network)
    front = Front.of(place, database, evidence, clock)
    channels = _channels(network, place)
    service = Service(database, evidence, channels, clock, pace=Pace(28.0, 0.0), hand_out=front.hand_out)
    movable.jobs = jobs(database, clock.now, service.hand_over)
    _hand_out_phones(network, database, clock)
    await front.start(service.health)
    await service.start()
    if fresh:
        _greet(network)
    movable.jobs.start()
    print(f"Kỷ Cương đang chạy thử tại {network.url}  (Ctrl+C để dừng; dữ liệu ở {folder}/)", flush=True)  # noqa: T201
    try:
        await service.serve()
    finally:
        movable.jobs.stop()
        await front.close()
        await service.close()
        await network.close()
        await database.close()


def _place(network: Running) -> Place:
    """The simulated networks are on this machine too, so that an address here can be followed by them."""
    listen = f"127.0.0.1:{free_port(network.port + 1)}"
    return Place(listen, f"http://{listen}", secrets.token_urlsafe(32))


def _channels(network: Running, place: Place) -> dict[tuple[str, str], Channel]:
    """A bot on each network; Zalo with its free plan, which makes messages few."""
    zalo = ChannelOptions(ZALO_SILENCE, 3000, 50, addresses(place.root, place.secret).of)
    made: list[Channel] = [
        TelegramChannel(DEFAULT_TOKEN, network.url),
        ZaloChannel(DEFAULT_ZALO_TOKEN, network.url, zalo, floor=0.2),
    ]
    return {(channel.name, channel.account): channel for channel in made}


def _samples(folder: Path) -> Path:
    """The pictures the phones can send, drawn once."""
    samples = folder / "samples"
    if not samples.exists():
        write_all(samples)
    return samples


def free_port(wanted: int) -> int:
    """The port asked for, or one of the next if somebody else is using it; 0 stays 0, any. Raises NoFreePortError."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return wanted and port
    raise NoFreePortError(wanted)


def _prepare(database: Database, evidence: EvidenceStore, clock: BusinessClock) -> bool:
    """Load the sample once and set business time; returns whether this is the first run."""
    stored = database.write_now(ahead)
    if stored is not None:
        clock.ahead = stored
        return False
    clock.ahead = BEGINS - clock.now()
    difference = clock.ahead
    database.write_now(lambda connection: checklists.load_builtin(connection, clock.now()))
    load_sample(database, evidence, BEGINS.astimezone(UTC))
    database.write_now(lambda connection: set_ahead(connection, difference))
    return True


def _hand_out_phones(network: Running, database: Database, clock: BusinessClock) -> None:
    """A phone for each of the cast, bound as their invitation would have bound it, and one for a stranger."""
    telegram, zalo = DEFAULT_TOKEN.partition(":")[0], DEFAULT_ZALO_TOKEN.partition(":")[0]
    for user_id, name, role in CAST:
        chat = Chat("telegram", telegram, str(user_id))
        person = database.write_now(partial(_bind, name=name, chat=chat, user_id=str(user_id), now=clock.now()))
        network.network.phone(name, role=role, title=person.title, user_id=user_id)
    user_id, name, role = ON_ZALO
    chat = Chat("zalo", zalo, zalo_id(user_id))
    person = database.write_now(partial(_bind, name=name, chat=chat, user_id=f"{zalo}:{chat.chat_id}", now=clock.now()))
    network.network.phone(name, role=role, title=person.title, user_id=user_id, bot=zalo)
    agreed = partial(consents.record_for_all_accounts, version=consent.VERSION, at=clock.now())  # they are invented
    database.write_now(agreed)
    network.network.phone(STRANGER[1], role=STRANGER[2], title="", user_id=STRANGER[0])


def _bind(connection: Connection, *, name: str, chat: Chat, user_id: str, now: datetime) -> people.Person:
    person = people.named(connection, name, now.astimezone(LOCAL).date())[0]
    people.bind_account(connection, person.id, chat, user_id, now)
    return person


def _greet(network: Running) -> None:
    for user_id, _, _ in (*CAST, ON_ZALO):
        network.network.say(user_id, "/start")
