"""What delivery promises when the network does not: order, pace, repetition, and nothing lost over a restart."""

from __future__ import annotations

import asyncio
import heapq
from collections import defaultdict, deque
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from bot.channels.port import Capabilities, Failure, Outgoing, SendFailedError
from bot.delivery import DIGESTS, REPEATED, Delivery
from bot.pace import Pace
from inspection.messages import Chat, Media
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.outbox import MARKS, Mark, Parcel, post
from storage.tables import outbox, people

MORNING = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
A, B, C, D = (Chat("fake", "1", name) for name in "ABCD")


class Time:
    """Both clocks, standing still until everything that runs waits for them."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def business_now(self) -> datetime:
        return MORNING + timedelta(seconds=self.now)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, id(future), future))
        await future

    async def settle(self) -> None:
        for _ in range(50):
            await asyncio.sleep(0)

    async def run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        while not task.done():
            await self.settle()
            if not task.done() and self._sleepers:
                self.now, _, future = heapq.heappop(self._sleepers)
                if not future.done():
                    future.set_result(None)
            elif not task.done():
                await asyncio.sleep(0.001)  # a thread is at work
        await task


class FakeNetwork:
    """Keeps what arrives. `troubles` holds, by chat, what meets the next sends (None: it succeeds)."""

    name = "fake"
    account = "1"
    capabilities = Capabilities(200, 50, True, True, True, 1.0, 100)

    def __init__(self, time: Time) -> None:
        self.time = time
        self.arrived: list[tuple[str, str]] = []
        self.photos: list[bytes] = []
        self.documents: list[tuple[str, bytes] | None] = []
        self.tried: list[float] = []
        self.done: list[str] = []
        self.troubles: dict[str, deque[Exception | None]] = defaultdict(deque)
        self.stuck: dict[str, asyncio.Event] = {}
        self.decoration_trouble: Exception | None = None
        self.dead = 0

    async def alive(self) -> bool:
        self.dead -= 1
        return self.dead < 0

    async def send(self, message: Outgoing) -> int:
        self.tried.append(self.time.now)
        if message.chat_id in self.stuck:
            await self.stuck[message.chat_id].wait()
        troubles = self.troubles[message.chat_id]
        if troubles and (trouble := troubles.popleft()):
            raise trouble
        self.arrived.append((message.chat_id, message.text))
        self.photos.append(message.photo)
        self.documents.append(message.document and (message.document.name, message.document.data))
        self.done.append(f"send {message.text}")
        return 100 + len(self.arrived)

    async def answer_tap(self, callback: str, text: str) -> None:
        self._decorate(f"answer {callback} {text}")

    async def edit(self, chat_id: str, message_id: int, text: str) -> None:
        self._decorate(f"edit {message_id} {text}")

    def _decorate(self, what: str) -> None:
        if self.decoration_trouble:
            raise self.decoration_trouble
        self.done.append(what)

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def listen(self, accept: Any) -> None: ...

    def read(self, payload: dict[str, Any]) -> None: ...

    async def fetch(self, media: Media) -> bytes:
        raise NotImplementedError

    async def set_commands(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None: ...


def failed(failure: Failure, after: float = 0.0) -> SendFailedError:
    return SendFailedError(failure, "đứt", after)


@dataclass
class Office:
    """A delivery with everything around it."""

    database: Database
    time: Time = field(default_factory=Time)
    evidence: EvidenceStore = field(default_factory=lambda: EvidenceStore(None))
    lost: list[Chat] = field(default_factory=list)
    late: dict[int, dict[str, Any] | Exception | None] = field(default_factory=dict)
    pace: Pace = field(default_factory=lambda: Pace(0, 0))

    def __post_init__(self) -> None:
        self.network = FakeNetwork(self.time)
        self.delivery = self.new_delivery()

    def new_delivery(self) -> Delivery:
        return Delivery(
            self.database,
            {("fake", "1"): self.network},
            self.time,
            self.evidence,
            self._late,
            self._unreachable,
            self.pace,
            self.time.sleep,
        )

    async def _late(self, parcel: Parcel) -> dict[str, Any] | None:
        payload = self.late[parcel.id]
        if isinstance(payload, Exception):
            raise payload
        return payload

    async def _unreachable(self, chat: Chat) -> None:
        self.lost.append(chat)

    async def stored(self, *parcels: Parcel) -> list[Parcel]:
        return await self.database.write(lambda connection: post(connection, parcels))

    async def deliver(self, *parcels: Parcel) -> list[Parcel]:
        stored = await self.stored(*parcels)
        self.delivery.hand_over(stored)
        await self.time.run(self.delivery.drain())
        return stored

    async def rows(self) -> list[Any]:
        """(state, attempts, message_id, trouble) of each parcel, with every mark written."""
        await self.database.write(lambda _connection: None)

        def load(connection: Connection) -> list[Any]:
            return list(connection.execute(select(outbox).order_by(outbox.c.id)))

        return await self.database.read(load)

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


_numbers = iter(range(10**6))


def parcel(chat: Chat, text: str, kind: str = "reply", **payload: Any) -> Parcel:
    return Parcel(f"t{next(_numbers)}", chat, kind, {"text": text, "choices": [], **payload}, MORNING)


# --- order and marks ---------------------------------------------------------------------------------------------


async def test_a_chat_gets_its_messages_in_order_and_waits_for_no_other_chat(office: Office) -> None:
    office.network.stuck["A"] = asyncio.Event()
    stored = await office.stored(*(parcel(chat, str(n)) for n in range(3) for chat in (A, B)))
    office.delivery.hand_over(reversed(stored))
    async with asyncio.timeout(10):
        while len(office.network.arrived) < 3:  # noqa: ASYNC110  between two messages a thread writes a mark
            await asyncio.sleep(0.005)
    assert office.network.arrived == [("B", "0"), ("B", "1"), ("B", "2")]
    office.network.stuck["A"].set()
    await office.time.run(office.delivery.drain())
    assert office.network.arrived[3:] == [("A", "0"), ("A", "1"), ("A", "2")]


async def test_an_earlier_parcel_that_comes_while_a_later_one_is_sent_is_neither_lost_nor_mismarked(
    office: Office,
) -> None:
    office.network.stuck["A"] = asyncio.Event()
    first, second = await office.stored(parcel(A, "1"), parcel(A, "2"))
    office.delivery.hand_over([second])
    await office.time.settle()
    office.delivery.hand_over([first])
    office.network.stuck["A"].set()
    await office.time.run(office.delivery.drain())
    assert office.network.arrived == [("A", "2"), ("A", "1")]
    assert [row.message_id for row in await office.rows()] == [102, 101]


async def test_an_answer_waits_for_the_networks_word_on_what_is_in_the_air(office: Office) -> None:
    office.network.stuck["A"] = asyncio.Event()
    office.delivery.hand_over(await office.stored(parcel(A, "câu hỏi")))
    await office.time.settle()
    answer = asyncio.create_task(office.delivery.landing({A, B}))
    await office.time.settle()
    assert not answer.done()
    office.network.stuck["A"].set()
    await answer
    assert [row.message_id for row in await office.rows()] == [101]  # known to whatever is handled after the wait


async def test_nobody_waits_for_a_message_that_has_not_left(office: Office) -> None:
    office.network.stuck["A"] = asyncio.Event()
    office.delivery.hand_over(await office.stored(parcel(A, "một")))
    await asyncio.wait_for(office.delivery.landing({B}), timeout=5)
    office.network.stuck["A"].set()
    await office.time.run(office.delivery.drain())
    await asyncio.wait_for(office.delivery.landing({A}), timeout=5)


async def test_marks_ride_on_the_next_transaction(office: Office) -> None:
    stored = await office.stored(parcel(A, "1"), parcel(B, "2"))
    before = office.database.commits
    office.delivery.hand_over(stored)
    await office.time.run(office.delivery.drain())
    assert office.database.commits == before
    await office.database.write(lambda _connection: None)
    assert office.database.commits == before + 1
    rows = await office.rows()
    assert [(r.state, r.message_id, r.sent_at) for r in rows] == [("sent", 101, MORNING), ("sent", 102, MORNING)]


async def test_marks_are_written_when_nothing_else_is(office: Office) -> None:
    await office.deliver(parcel(A, "1"))
    before = office.database.commits
    async with asyncio.timeout(10):
        while office.database.commits == before:  # noqa: ASYNC110  the writer is a thread, it sets no event
            await asyncio.sleep(0.05)
    assert await office.states() == ["sent"]


async def test_after_a_restart_what_is_pending_is_sent_once_and_what_was_sent_is_not(office: Office) -> None:
    sent, waiting = await office.stored(parcel(A, "đã gửi"), parcel(A, "chưa gửi"))
    await office.database.submit(MARKS, Mark(sent.id, "sent", MORNING, 7))
    await office.delivery.start()
    office.delivery.hand_over([waiting])
    await office.time.run(office.delivery.drain())
    assert office.network.arrived == [("A", "chưa gửi")]


async def test_closing_leaves_the_rest_pending_for_the_next_life(office: Office) -> None:
    office.network.stuck["A"] = asyncio.Event()
    office.delivery.hand_over(await office.stored(parcel(A, "1"), parcel(B, "2")))
    await office.time.settle()
    await office.delivery.close()
    assert await office.states() == ["pending", "sent"]
    office.network.stuck.clear()
    office.delivery = office.new_delivery()
    await office.delivery.start()
    await office.time.run(office.delivery.drain())
    assert office.network.arrived == [("B", "2"), ("A", "1")]


async def test_a_parcel_for_an_account_not_configured_here_stays_pending(office: Office) -> None:
    await office.deliver(parcel(Chat("fake", "2", "A"), "1"))
    assert await office.states() == ["pending"]


# --- failures ----------------------------------------------------------------------------------------------------


async def test_a_network_failure_is_repeated_with_growing_pauses_and_stored(office: Office) -> None:
    office.network.troubles["A"].extend([failed(Failure.TRANSIENT)] * 8)
    await office.deliver(parcel(A, "1"), parcel(A, "2"))
    assert office.network.tried == [0, 1, 3, 7, 15, 31, 63, 123, 183, 183]
    assert office.network.arrived == [("A", "1"), ("A", "2")]
    assert [(r.state, r.attempts) for r in await office.rows()] == [("sent", 8), ("sent", 0)]


async def test_the_next_try_is_stored_and_kept_by_the_next_life(office: Office) -> None:
    office.network.troubles["A"].extend([failed(Failure.TRANSIENT)] * 3)
    office.delivery.hand_over(await office.stored(parcel(A, "1")))
    for seconds in (0, 1, 3):
        await office.time.settle()
        office.time.now = seconds
        if seconds:
            heapq.heappop(office.time._sleepers)[2].set_result(None)
    await office.time.settle()
    await office.delivery.close()
    [row] = await office.rows()
    assert (row.state, row.attempts) == ("pending", 3)
    assert row.next_try_at == MORNING + timedelta(seconds=7)
    assert "đứt" in row.trouble
    office.time._sleepers.clear()
    office.delivery = office.new_delivery()
    await office.delivery.start()
    await office.time.run(office.delivery.drain())
    assert (office.network.tried[-1], office.network.arrived) == (7, [("A", "1")])


async def test_a_reply_is_given_up_after_a_day_a_notice_is_not(office: Office) -> None:
    old = MORNING - timedelta(hours=25)
    for chat in "AB":
        office.network.troubles[chat].append(failed(Failure.TRANSIENT))
    await office.deliver(replace(parcel(A, "1"), created_at=old), replace(parcel(B, "2", "notice"), created_at=old))
    assert await office.states() == ["refused", "sent"]


async def test_too_many_requests_stops_only_that_chat_for_the_time_asked(office: Office) -> None:
    office.network.troubles["A"].append(failed(Failure.THROTTLED, 17))
    await office.deliver(parcel(A, "1"), parcel(B, "2"))
    assert office.network.arrived == [("B", "2"), ("A", "1")]
    assert office.network.tried == [0, 0, 17]


async def test_several_throttled_chats_stop_the_account(office: Office) -> None:
    for chat in "ABC":
        office.network.troubles[chat].append(failed(Failure.THROTTLED, 9))
    office.delivery.hand_over(await office.stored(parcel(A, "1"), parcel(B, "2"), parcel(C, "3")))
    await office.time.settle()
    await office.deliver(parcel(D, "4"))
    assert office.network.tried == [0, 0, 0, 9, 9, 9, 9]


async def test_a_person_who_is_gone_ends_the_messages_that_wait_for_them(office: Office) -> None:
    office.network.troubles["A"].append(failed(Failure.RECIPIENT))
    await office.deliver(parcel(A, "1"), parcel(A, "2"), parcel(B, "3"))
    assert office.lost == [A]
    assert await office.states() == ["refused", "refused", "sent"]
    await office.deliver(parcel(A, "đã quay lại"))
    assert office.network.arrived[-1] == ("A", "đã quay lại")


async def test_a_message_the_network_refuses_is_parked_and_the_rest_goes_on(office: Office) -> None:
    office.network.troubles["A"].append(failed(Failure.REQUEST))
    await office.deliver(parcel(A, "1"), parcel(A, "2"))
    first, second = await office.rows()
    assert (first.state, first.trouble, second.state) == ("refused", "request: đứt", "sent")
    assert len(office.network.tried) == 2


async def test_a_reply_without_an_answer_from_the_network_is_repeated_until_there_is_one(office: Office) -> None:
    office.network.troubles["A"].extend([failed(Failure.AMBIGUOUS)] * 3)
    await office.deliver(parcel(A, "1"))
    assert office.network.arrived == [("A", "1")]
    assert await office.states() == ["sent"]


async def test_a_reminder_is_repeated_once_and_says_so(office: Office) -> None:
    office.network.troubles["A"].append(failed(Failure.AMBIGUOUS))
    office.network.troubles["B"].extend([failed(Failure.AMBIGUOUS)] * 5)
    await office.deliver(parcel(A, "Đến hạn", "notice"), parcel(B, "Đến hạn", "notice"), parcel(B, "sau", "notice"))
    assert ("A", f"{REPEATED}Đến hạn") in office.network.arrived
    rows = await office.rows()
    assert [r.state for r in rows] == ["sent", "refused", "refused"]
    assert rows[1].trouble == "ambiguous: đứt"
    assert len(office.network.troubles["B"]) == 1  # two tries each


async def test_tries_while_the_network_is_dead_are_no_repetitions(office: Office) -> None:
    office.network.troubles["A"].append(failed(Failure.AMBIGUOUS))
    office.network.dead = 5
    await office.deliver(parcel(A, "Đến hạn", "notice"))
    assert office.network.arrived == [("A", f"{REPEATED}Đến hạn")]
    assert len(office.network.tried) == 2


async def test_a_refused_token_keeps_everything_pending(office: Office) -> None:
    office.network.troubles["A"].extend([failed(Failure.CREDENTIAL)] * 2)
    await office.deliver(parcel(A, "1"))
    assert office.network.tried == [0, 60, 120]
    assert await office.states() == ["sent"]


async def test_the_parts_already_sent_are_not_sent_again(office: Office) -> None:
    office.network.troubles["A"].extend([None, failed(Failure.TRANSIENT)])
    await office.deliver(parcel(A, "một " * 40 + "\n\n" + "hai " * 40, choices=[["Đạt", "1"]]))
    assert [text[:9] for _, text in office.network.arrived] == ["(1/2) một", "(2/2) hai"]
    assert [row.message_id for row in await office.rows()] == [102]


async def test_a_bug_with_one_message_does_not_hold_up_the_next(office: Office) -> None:
    office.network.troubles["A"].extend([ValueError("bug")] * 3)
    await office.deliver(parcel(A, "1"), parcel(A, "2"))
    assert office.network.arrived == [("A", "2")]
    assert await office.states() == ["refused", "sent"]


# --- digests, pictures, decorations ------------------------------------------------------------------------------


async def test_a_digest_says_what_is_open_at_the_moment_of_sending(office: Office) -> None:
    def person(connection: Connection) -> None:
        for name in ("p1", "p2"):
            connection.execute(insert(people).values(id=name, name=name, created_at=MORNING))

    await office.database.write(person)
    day = date(2026, 8, 4)
    digests = [replace(parcel(chat, "", "digest"), person_id=p, day=day) for chat, p in ((A, "p1"), (B, "p2"))]
    stored = await office.stored(*digests)
    office.late = {stored[0].id: {"text": "còn 02 việc", "choices": []}, stored[1].id: None}
    office.delivery.hand_over(stored)
    await office.time.run(office.delivery.drain())
    assert office.network.arrived == [("A", "còn 02 việc")]
    assert await office.states() == ["sent", "expired"]


async def test_the_words_of_a_digest_are_made_when_its_turn_is_near(database: Database) -> None:
    """Of very many, few are under way at once; one whose person is lost leaves its place to the next."""
    people_of = [f"p{n:02d}" for n in range(3 * DIGESTS)]

    def persons(connection: Connection) -> None:
        for name in people_of:
            connection.execute(insert(people).values(id=name, name=name, created_at=MORNING))

    await database.write(persons)
    office = Office(database, pace=Pace(overall=5, per_chat=0))
    ahead: list[int] = []

    async def late(parcel: Parcel) -> dict[str, Any]:
        ahead.append(len(ahead) + 1 - len(office.network.tried))
        return {"text": str(parcel.person_id)}

    office.delivery.late = late
    digests = [
        replace(parcel(Chat("fake", "1", p), "", "digest"), person_id=p, day=date(2026, 8, 4)) for p in people_of
    ]
    office.network.troubles["p03"].append(failed(Failure.RECIPIENT))
    stored = await office.stored(*digests)
    office.delivery.hand_over(stored)
    await office.time.settle()
    await office.deliver(parcel(A, "trả lời"))
    told = [text for _, text in office.network.arrived]
    assert sorted(told) == sorted([*people_of[:3], *people_of[4:], "trả lời"])
    assert told.index("trả lời") <= 5
    assert max(ahead) <= DIGESTS


async def test_a_picture_that_is_missing_or_refused_costs_only_the_picture(office: Office) -> None:
    sha = office.evidence.put(b"jpeg")
    await office.deliver(parcel(A, "1", photo=sha), parcel(A, "2", photo="0" * 64))
    assert office.network.photos == [b"jpeg", b""]
    office.network.troubles["A"].append(failed(Failure.REQUEST))
    await office.deliver(parcel(A, "3", photo=sha))
    assert (office.network.arrived[-1], office.network.photos[-1]) == (("A", "3"), b"")


def document(sha: str) -> dict[str, str]:
    return {"name": "xuất.zip", "sha256": sha, "instead": "Lấy trên máy chủ."}


async def test_a_document_is_read_by_its_hash_at_the_moment_of_sending(office: Office) -> None:
    """So also after a restart: the row holds no bytes."""
    stored = await office.stored(parcel(A, "1", document=document(office.evidence.passing.put(b"zip"))))
    assert len(str(stored[0].payload)) < 250
    office.delivery = office.new_delivery()
    await office.delivery.start()
    await office.time.run(office.delivery.drain())
    assert office.network.arrived == [("A", "1")]
    assert office.network.documents == [("xuất.zip", b"zip")]


async def test_a_document_that_is_gone_or_refused_leaves_its_words_and_the_way_to_it(office: Office) -> None:
    sha = office.evidence.passing.put(b"zip")
    office.network.troubles["B"].append(failed(Failure.REQUEST))
    await office.deliver(parcel(A, "1", document=document("0" * 64)), parcel(B, "2", document=document(sha)))
    assert sorted(office.network.arrived) == [("A", "1\nLấy trên máy chủ."), ("B", "2\nLấy trên máy chủ.")]
    assert office.network.documents == [None, None]
    assert await office.states() == ["sent", "sent"]


async def test_a_document_that_may_have_arrived_is_not_sent_twice(office: Office) -> None:
    office.network.troubles["A"].append(failed(Failure.AMBIGUOUS))
    await office.deliver(parcel(A, "1", document=document(office.evidence.passing.put(b"zip"))))
    assert office.network.arrived == [("A", "1\nLấy trên máy chủ.")]
    assert office.network.documents == [None]


async def test_a_document_the_network_did_not_see_is_sent_again(office: Office) -> None:
    office.network.troubles["A"].append(failed(Failure.TRANSIENT))
    await office.deliver(parcel(A, "1", document=document(office.evidence.passing.put(b"zip"))))
    assert office.network.documents == [("xuất.zip", b"zip")]


async def test_a_tap_is_answered_at_once_and_its_message_edited_after_the_next_prompt(office: Office) -> None:
    office.network.stuck["A"] = asyncio.Event()
    office.delivery.hand_over(
        await office.stored(parcel(A, "1"), parcel(A, "2", answer=["cb", "Đã ghi"], edit=[5, "C01: Đạt"]))
    )
    await office.time.settle()
    assert office.network.done == ["answer cb Đã ghi"]
    office.network.stuck["A"].set()
    await office.time.run(office.delivery.drain())
    assert office.network.done[1:] == ["send 1", "send 2", "edit 5 C01: Đạt"]


async def test_a_decoration_that_fails_is_not_repeated_and_harms_nothing(office: Office) -> None:
    office.network.decoration_trouble = failed(Failure.TRANSIENT)
    await office.deliver(parcel(A, "1", answer=["cb", ""], edit=[5, "x"]))
    assert office.network.done == ["send 1"]
    assert await office.states() == ["sent"]


# --- pace --------------------------------------------------------------------------------------------------------


async def test_no_second_sees_more_than_the_pace(database: Database) -> None:
    office = Office(database, pace=Pace(overall=5, per_chat=0))
    await office.deliver(*(parcel(Chat("fake", "1", str(n)), "x", "notice") for n in range(17)))
    assert office.network.tried == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 2


async def test_replies_overtake_reminders_when_the_pace_is_the_bottleneck(database: Database) -> None:
    office = Office(database, pace=Pace(overall=2, per_chat=0))
    notices = await office.stored(*(parcel(Chat("fake", "1", f"n{n}"), "nhắc", "notice") for n in range(6)))
    office.delivery.hand_over(notices)
    await office.time.settle()
    await office.deliver(parcel(A, "trả lời"))
    assert [text for _, text in office.network.arrived].index("trả lời") == 2


async def test_one_chat_gets_a_burst_and_then_one_a_second(database: Database) -> None:
    office = Office(database, pace=Pace(overall=0, per_chat=1, burst=3))
    await office.deliver(*(parcel(A, str(n)) for n in range(5)), parcel(B, "khác"))
    assert [t for t, (chat, _) in zip(office.network.tried, office.network.arrived, strict=True) if chat == "A"] == [
        0, 0, 0, 1, 2,
    ]  # fmt: skip
