"""A reminder finds the person's other network; messages sold by the month are counted, the last kept for reminders."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from bot.channels.port import Capabilities, Failure, Outgoing, SendFailedError
from bot.delivery import Delivery
from bot.pace import Pace
from bot.quota import SHORT, Meter
from bot.reminding import next_address
from inspection.messages import Chat, Media
from storage import metering, people
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.outbox import Parcel, post
from storage.tables import outbox as table
from storage.tables import people as people_rows

MORNING = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
DAY = date(2026, 8, 4)
ZALO, TELEGRAM = Chat("zalo", "1", "z"), Chat("telegram", "2", "7")
PLAIN = Capabilities(2000, 2000, False, False, False, 90.0, monthly_messages=100, users=5)


class Time:
    """Business and machine time in one, moved by every wait."""

    def __init__(self) -> None:
        self.passed = 0.0

    def business_now(self) -> datetime:
        return MORNING + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds


class Net:
    """One account that takes messages, or refuses them all."""

    def __init__(self, chat: Chat, capabilities: Capabilities, clock: int = 0) -> None:
        self.name, self.account, self.capabilities, self.clock = chat.channel, chat.account, capabilities, clock
        self.refusing: Failure | None = None
        self.said: list[str] = []

    async def send(self, message: Outgoing) -> int:
        if self.refusing is not None:
            raise SendFailedError(self.refusing, "said the network")
        self.said.append(message.text)
        return self.clock

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def listen(self, accept: Any) -> None: ...

    def read(self, payload: dict[str, Any]) -> None: ...

    async def answer_tap(self, callback: str, text: str) -> None: ...

    async def edit(self, chat_id: str, message_id: int, text: str) -> None: ...

    async def fetch(self, media: Media) -> bytes:
        raise NotImplementedError

    async def set_commands(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None: ...


class Office:
    """A delivery over two networks on which one head of unit has an account each."""

    def __init__(self, database: Database) -> None:
        self.database, self.time = database, Time()
        self.zalo, self.telegram = Net(ZALO, PLAIN), Net(TELEGRAM, Capabilities(4096, 1024, True, True, True, 2.0))
        self.channels = {("zalo", "1"): self.zalo, ("telegram", "2"): self.telegram}
        self.meter = Meter(self.channels, self.time.business_now)  # type: ignore[arg-type]
        self.handed: list[tuple[str, str, str]] = []
        self.evidence = EvidenceStore(None)
        self.delivery = Delivery(
            database, self.channels, self.time, self.evidence, self._late, self._lost, Pace(0, 0), self.time.sleep,
            self._elsewhere, self._hand_out, self.meter,
        )  # type: ignore[arg-type]  # fmt: skip

    async def _late(self, parcel: Parcel) -> dict[str, Any] | None:
        return {"text": "còn 01 việc"}

    async def _lost(self, chat: Chat) -> None:
        await self.database.write(lambda connection: people.mark_unreachable(connection, chat, MORNING))

    async def _elsewhere(self, parcel: Parcel) -> Parcel | None:
        return await self.database.write(partial(next_address, parcel=parcel, ours=set(self.channels)))

    async def _hand_out(self, name: str, sha256: str, language: str) -> str:
        self.handed.append((name, sha256, language))
        return f"{name}: https://us/tep/abc, mã 482913"

    async def deliver(self, *parcels: Parcel) -> list[Any]:
        stored = await self.database.write(lambda connection: post(connection, parcels))
        self.delivery.hand_over(stored)
        await self.delivery.drain()
        await self.database.write(lambda _connection: None)
        return await self.database.read(lambda c: list(c.execute(select(table).order_by(table.c.id))))


@pytest.fixture
def office(database: Database) -> Office:
    def work(connection: Connection) -> None:
        connection.execute(insert(people_rows).values(id="p", name="Bình", created_at=MORNING))
        people.bind_account(connection, "p", TELEGRAM, "7", MORNING)
        people.bind_account(connection, "p", ZALO, "1:z", MORNING - timedelta(days=1))

    database.write_now(work)
    return Office(database)


_numbers = iter(range(10**6))


def parcel(chat: Chat, text: str, kind: str = "reply", **payload: Any) -> Parcel:
    return Parcel(f"r{next(_numbers)}", chat, kind, {"text": text, **payload}, MORNING)


def digest(chat: Chat) -> Parcel:
    return replace(parcel(chat, "", "digest"), person_id="p", day=DAY)


# --- roads ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [Failure.RECIPIENT, Failure.REQUEST, Failure.THROTTLED, Failure.TRANSIENT, Failure.CREDENTIAL]
)
async def test_a_reminder_that_is_not_taken_goes_the_other_road(office: Office, failure: Failure) -> None:
    office.zalo.refusing = failure
    (row,) = await office.deliver(digest(ZALO))
    assert (row.state, row.channel) == ("sent", "telegram")
    assert office.telegram.said == ["còn 01 việc"]
    assert office.time.passed < 60, "within a minute"


async def test_one_that_may_have_arrived_goes_no_other_road(office: Office) -> None:
    office.zalo.refusing = Failure.AMBIGUOUS
    (row,) = await office.deliver(digest(ZALO))
    assert (row.state, row.channel) == ("refused", "zalo")
    assert office.telegram.said == []


async def test_with_no_road_left_it_is_refused_where_it_began_to_end(office: Office) -> None:
    office.zalo.refusing = office.telegram.refusing = Failure.REQUEST
    (row,) = await office.deliver(digest(ZALO))
    assert (row.state, row.channel) == ("refused", "telegram")


async def test_a_digest_for_an_account_that_is_configured_no_more_moves_on(office: Office) -> None:
    (row,) = await office.deliver(digest(Chat("zalo", "gone", "z")))
    assert (row.state, row.channel) == ("sent", "telegram")


async def test_a_reply_stays_where_it_was_asked_for(office: Office) -> None:
    office.zalo.refusing = Failure.REQUEST
    (row,) = await office.deliver(parcel(ZALO, "trả lời"))
    assert (row.state, row.channel) == ("refused", "zalo")
    assert office.telegram.said == []


async def test_the_account_used_last_comes_first(office: Office) -> None:
    def order(connection: Connection) -> list[str]:
        return [one.chat.channel for one in people.accounts_of(connection, ["p"])["p"]]

    assert office.database.write_now(order) == ["telegram", "zalo"], "never used: the one bound last"
    await office.deliver(parcel(TELEGRAM, "trả lời"), parcel(ZALO, "trả lời"))
    assert office.database.write_now(order) == ["zalo", "telegram"]
    await office.deliver(digest(TELEGRAM))  # what we send unasked is no use of it
    assert office.database.write_now(order) == ["zalo", "telegram"]


# --- what is sold by the month ----------------------------------------------------------------------------------------


async def test_every_message_is_counted_and_written_down(office: Office) -> None:
    await office.deliver(parcel(ZALO, "một"), parcel(ZALO, "hai\n\n" + "x" * 3000), parcel(TELEGRAM, "ba"))
    assert office.meter.sent(("zalo", "1")) == len(office.zalo.said) == 3
    stored = office.database.write_now(lambda connection: metering.sent_in(connection, "2026-08"))
    assert stored == {("zalo", "1"): 3}


async def test_at_eighty_percent_the_operator_is_told_once(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    office.meter.start({("zalo", "1"): 78}, {("zalo", "1"): 3})
    assert caplog.text == ""
    await office.deliver(*(parcel(ZALO, str(n)) for n in range(5)))
    assert caplog.text.count("80 of 100 messages of 2026-08 are used") == 1
    office.meter.serves({("zalo", "1"): 4})
    assert caplog.text.count("4 of 5 people") == 1
    report = office.meter.report()["zalo 1"]
    assert report == {"messages": 83, "messages_most": 100, "people": 4, "people_most": 5}


async def test_the_last_messages_are_kept_for_reminders(office: Office) -> None:
    office.meter.start({("zalo", "1"): 95}, {})
    rows = await office.deliver(parcel(ZALO, "một"), parcel(ZALO, "hai"), digest(ZALO), parcel(TELEGRAM, "ba"))
    assert office.zalo.said == [SHORT.vi, "còn 01 việc"], "one sentence says why, then silence; reminders go out"
    assert [row.state for row in rows] == ["refused", "refused", "sent", "sent"]


async def test_a_new_month_begins_anew(office: Office) -> None:
    office.meter.start({("zalo", "1"): 100}, {})
    office.time.passed = timedelta(days=28).total_seconds()
    await office.deliver(replace(parcel(ZALO, "một"), created_at=office.time.business_now()))
    assert office.zalo.said == ["một"]


async def test_too_many_when_the_month_is_used_up_sends_the_reminder_elsewhere_at_once(office: Office) -> None:
    office.meter.start({("zalo", "1"): 100}, {})
    office.zalo.refusing = Failure.THROTTLED
    (row,) = await office.deliver(digest(ZALO))
    assert (row.channel, office.time.passed) == ("telegram", 0.0)


async def test_too_many_without_an_end_is_given_up(office: Office) -> None:
    office.zalo.refusing = Failure.THROTTLED
    (row,) = await office.deliver(parcel(ZALO, "trả lời"))
    assert row.state == "refused"
    assert 3 * 3600 < office.time.passed < 6 * 3600


# --- a network without numbers ----------------------------------------------------------------------------------------


async def test_the_network_s_own_moment_counts_where_it_gives_one(office: Office) -> None:
    took = MORNING - timedelta(seconds=40)  # its clock is behind ours
    office.zalo.clock = int(took.timestamp() * 1000)
    (row,) = await office.deliver(parcel(ZALO, "câu hỏi"))
    assert (row.sent_at, row.message_id) == (took, 0)


async def test_a_file_is_handed_out_where_none_can_be_sent(office: Office) -> None:
    sha = office.evidence.passing.put(b"%PDF")
    file = {"name": "BB.pdf", "sha256": sha, "instead": "Nhận tại cơ quan."}
    await office.deliver(parcel(ZALO, "Dự thảo", document=file, language="en"))
    assert office.handed == [("BB.pdf", sha, "en")]
    assert office.zalo.said == ["Dự thảo\nBB.pdf: https://us/tep/abc, mã 482913"]
    lost = {**file, "sha256": "0" * 64}
    await office.deliver(parcel(ZALO, "Dự thảo", document=lost))
    assert office.zalo.said[-1] == "Dự thảo\nNhận tại cơ quan.", "no address for what is not there"
