"""Photos and files: whole ones are stored before anybody hears of them, broken refused, lost ones tried again."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.channels.port import Capabilities, FetchFailedError, Outgoing
from bot.fetcher import BACKOFF, Fetcher, judged
from bot.file_kinds import FileRefusedError
from bot.insisting import pause
from bot.pictures import PictureRefusedError
from inspection.messages import Chat, Incoming, Kind, Media
from storage.evidence import EvidenceStore, EvidenceUnavailableError, PhotoRequest
from tests.evidence import VOICE, named, pdf

MORNING = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
CHAT = Chat("fake", "1", "7")


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    written = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(written, form, **options)
    return written.getvalue()


class FakeNetwork:
    """Gives out prepared bytes; `troubles` come first, and while `hold` is given downloads wait for it."""

    name = "fake"
    account = "1"
    capabilities = Capabilities(2000, 0, False, False, False, 0.05)

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.troubles: list[Exception] = []
        self.asked: list[str] = []
        self.running = self.most = 0
        self.hold: asyncio.Event | None = None

    async def fetch(self, media: Media) -> bytes:
        self.asked.append(media.ref)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await (self.hold.wait() if self.hold else asyncio.sleep(0))
        finally:
            self.running -= 1
        if self.troubles:
            raise self.troubles.pop(0)
        return self.files[media.ref]

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def listen(self, accept: Any) -> None: ...

    def read(self, payload: dict[str, Any]) -> None: ...

    async def send(self, message: Outgoing) -> int:
        raise NotImplementedError

    async def answer_tap(self, callback: str, text: str) -> None: ...

    async def edit(self, chat_id: str, message_id: int, text: str) -> None: ...

    async def set_commands(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None: ...


class Desk:
    """The conversation's side: keeps events, checks what is on disk when each arrives."""

    def __init__(self, folder: Path) -> None:
        self.network = FakeNetwork()
        self.evidence = EvidenceStore(folder)
        self.events: list[Incoming] = []
        self.on_disk: list[bool] = []
        self.refusals = 0
        self.news = asyncio.Condition()
        self.fetcher = self.new_fetcher()

    def new_fetcher(self, backoff: tuple[float, ...] = (0.01,)) -> Fetcher:
        return Fetcher({("fake", "1"): self.network}, self.evidence, self._deliver, self, backoff)

    def business_now(self) -> datetime:
        return MORNING

    async def _deliver(self, event: Incoming) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("database is gone")
        self.events.append(event)
        self.on_disk.append(self.evidence.exists(event.details.get("sha256", "0" * 64)))
        async with self.news:
            self.news.notify_all()

    async def until(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(10), self.news:
            await self.news.wait_for(lambda: len(self.events) >= count)
        return [event.details for event in self.events]


@pytest.fixture
async def desk(tmp_path: Path) -> Any:
    made = Desk(tmp_path / "evidence")
    yield made
    await made.fetcher.close()


def request(number: int = 1, album: str = "", attempts: int = 0) -> PhotoRequest:
    return PhotoRequest(f"p{number}", CHAT, "42", Media(f"file{number}"), album, attempts)


# --- one photo ---------------------------------------------------------------------------------------------------


async def test_the_bytes_are_on_disk_before_the_conversation_hears_of_them(desk: Desk) -> None:
    data = desk.network.files["file1"] = picture()
    desk.fetcher.hand_over([request()])
    [details] = await desk.until(1)
    assert details == {
        "photo_id": "p1",
        "album": "",
        "attempts": 0,
        "outcome": "stored",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "mime": "image/jpeg",
        "kind": "photo",
        "width": 64,
        "height": 48,
        "look": details["look"],
        "exif": {},
    }
    assert (desk.events[0].kind, desk.events[0].chat, desk.events[0].user_id) == (Kind.FETCHED, CHAT, "42")
    assert desk.on_disk == [True]


async def test_three_failures_are_told_with_the_next_try_and_then_it_works(desk: Desk) -> None:
    desk.network.files["file1"] = picture()
    desk.network.troubles = [
        FetchFailedError("đứt", final=False),
        FetchFailedError("đứt", final=False),
        KeyError("bug"),
    ]
    desk.fetcher.hand_over([request()])
    details = await desk.until(4)
    assert [(d["outcome"], d["attempts"]) for d in details] == [
        ("failed", 1),
        ("failed", 2),
        ("failed", 3),
        ("stored", 3),
    ]
    assert details[0]["next_try_at"] == MORNING + timedelta(seconds=0.01)
    assert details[0]["reason"] == "chưa tải được, Hệ thống sẽ thử lại"


def test_the_pauses_grow_to_five_minutes() -> None:
    assert [pause(BACKOFF, n) for n in range(1, 8)] == [2, 5, 15, 60, 300, 300, 300]


async def test_a_file_too_big_for_the_network_is_refused_at_once(desk: Desk) -> None:
    desk.network.troubles = [FetchFailedError("file is too big", final=True)]
    desk.fetcher.hand_over([request()])
    [details] = await desk.until(1)
    assert (details["outcome"], details["reason"]) == ("refused", "ảnh lớn hơn 20 MB, đề nghị gửi ảnh nhỏ hơn")


async def test_a_photo_that_never_comes_is_given_up_after_a_day(desk: Desk) -> None:
    desk.network.troubles = [FetchFailedError("đứt", final=False)]
    desk.fetcher.start([request(attempts=299)])
    [details] = await desk.until(1)
    assert (details["outcome"], details["reason"]) == ("refused", "không tải được, đề nghị gửi lại")


async def test_a_broken_picture_is_refused_and_nothing_stored(desk: Desk) -> None:
    desk.network.files["file1"] = picture()[:200]
    desk.fetcher.hand_over([request()])
    [details] = await desk.until(1)
    assert (details["outcome"], details["reason"]) == ("refused", "ảnh không mở được, đề nghị chụp lại")
    assert not desk.evidence.exists(hashlib.sha256(desk.network.files["file1"]).hexdigest())


async def test_a_full_disk_is_told_and_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.network.files["file1"] = picture()
    put, full = desk.evidence.put, [True]

    def sometimes(data: bytes) -> str:
        if full.pop() if full else False:
            raise EvidenceUnavailableError("No space left on device")
        return put(data)

    monkeypatch.setattr(desk.evidence, "put", sometimes)
    desk.fetcher.hand_over([request()])
    details = await desk.until(2)
    assert details[0]["reason"] == "chưa lưu được, Hệ thống sẽ thử lại"
    assert details[1]["outcome"] == "stored"


async def test_news_the_conversation_could_not_take_is_offered_again(desk: Desk) -> None:
    desk.network.files["file1"] = picture()
    desk.refusals = 3
    desk.fetcher.hand_over([request()])
    assert (await desk.until(1))[0]["outcome"] == "stored"
    assert len(desk.network.asked) == 1


async def test_no_more_than_eight_downloads_at_once_and_none_twice(desk: Desk) -> None:
    desk.network.hold = asyncio.Event()
    requests = [request(n) for n in range(20)]
    for each in requests:
        desk.network.files[each.media.ref] = picture()
    desk.fetcher.hand_over(requests)
    desk.fetcher.start(requests)
    for _ in range(20):
        await asyncio.sleep(0)
    desk.network.hold.set()
    await desk.until(20)
    assert desk.network.most == 8
    assert len(desk.network.asked) == 20


# --- bursts ------------------------------------------------------------------------------------------------------


async def test_an_album_is_closed_once_after_its_last_photo(desk: Desk) -> None:
    for n in range(3):
        desk.network.files[f"file{n}"] = picture(size=(64, 48 + n))
    desk.fetcher.hand_over([request(n, "bộ") for n in range(3)])
    await desk.until(4)
    await asyncio.sleep(0.15)
    assert [event.kind for event in desk.events] == [Kind.FETCHED] * 3 + [Kind.QUIET]
    assert (desk.events[3].details, desk.events[3].album, desk.events[3].user_id) == ({"album": "bộ"}, "bộ", "42")


async def test_silence_waits_for_downloads_under_way(desk: Desk) -> None:
    desk.network.hold = asyncio.Event()
    desk.network.files["file1"] = picture()
    desk.fetcher.hand_over([request(1, "bộ")])
    desk.fetcher.expect_silence(CHAT, "42", "bộ")
    await asyncio.sleep(0.15)
    assert desk.events == []
    desk.network.hold.set()
    await desk.until(2)
    assert [event.kind for event in desk.events] == [Kind.FETCHED, Kind.QUIET]


async def test_a_single_photo_ends_no_burst_unless_asked(desk: Desk) -> None:
    desk.network.files["file1"] = picture()
    desk.fetcher.hand_over([request()])
    await desk.until(1)
    assert desk.fetcher._silences == {}
    desk.fetcher.expect_silence(CHAT, "42")
    desk.fetcher.expect_silence(CHAT, "42")
    await desk.until(2)
    assert desk.events[1].kind is Kind.QUIET


# --- files -------------------------------------------------------------------------------------------------------


def of_kind(kind: str, name: str = "", *, proof: bool = False) -> PhotoRequest:
    return PhotoRequest("p1", CHAT, "42", Media("file1", name=name), kind=kind, proof=proof)


async def test_a_document_is_stored_as_it_is_and_named_by_its_bytes(desk: Desk) -> None:
    data = desk.network.files["file1"] = pdf()
    desk.fetcher.hand_over([of_kind("document", "quy-che.doc")])
    [details] = await desk.until(1)
    assert (details["kind"], details["mime"], details["width"]) == ("document", "application/pdf", 0)
    assert desk.evidence.get(details["sha256"]) == data


async def test_a_cut_document_is_refused_and_nothing_stored(desk: Desk) -> None:
    data = desk.network.files["file1"] = pdf()[:-20]
    desk.fetcher.hand_over([of_kind("document", "quy-che.pdf")])
    [details] = await desk.until(1)
    assert details["outcome"] == "refused"
    assert "không mở được" in details["reason"]
    assert not desk.evidence.exists(hashlib.sha256(data).hexdigest())


async def test_a_document_too_big_for_the_network_is_told_in_the_words_of_a_file(desk: Desk) -> None:
    desk.network.troubles = [FetchFailedError("file is too big", final=True)]
    desk.fetcher.hand_over([of_kind("video")])
    assert (await desk.until(1))[0]["reason"].startswith("tệp lớn hơn 20 MB")


def test_a_picture_under_any_name_is_a_photo() -> None:
    assert judged(of_kind("document", "anh.dat"), picture())["kind"] == "photo"
    with pytest.raises(PictureRefusedError):
        judged(of_kind("document", "anh.dat"), picture()[:-50])


def test_a_document_announced_as_a_photo_is_none() -> None:
    with pytest.raises(PictureRefusedError, match="không phải ảnh"):
        judged(of_kind("photo"), pdf())


def test_a_report_is_proved_by_a_photo_or_a_pdf() -> None:
    assert judged(of_kind("document", proof=True), pdf())["mime"] == "application/pdf"
    assert judged(of_kind("photo", proof=True), picture())["kind"] == "photo"
    for kind, data in (("document", named("a.docx")), ("voice", VOICE)):
        with pytest.raises(FileRefusedError, match="PDF"):
            judged(of_kind(kind, proof=True), data)
