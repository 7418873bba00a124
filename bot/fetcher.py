"""Photos are fetched beside the talk: bytes to disk first, then one event in the chat's own lane says how it went.

A picture is only taken for one after every pixel row was decoded: headers lie, and half a photo looks whole to them.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from PIL import Image, UnidentifiedImageError

from bot.channels.port import Channel, FetchFailedError
from inspection.messages import Chat, Incoming, Kind
from storage.evidence import EvidenceStore, EvidenceUnavailableError, PhotoRequest

log = logging.getLogger(__name__)

DOWNLOADS = 8  # at once
CHECKS = 2  # at once: decoding takes memory
BACKOFF = (2.0, 5.0, 15.0, 60.0, 300.0)  # seconds after the first, second ... failure; the last one repeats
GIVE_UP = 300  # failures: about a day

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 48_000_000
MAX_SIDE = 20_000

UNREADABLE = "ảnh không mở được, đề nghị chụp lại"
TOO_LARGE = "ảnh lớn hơn 20 MB, đề nghị gửi ảnh nhỏ hơn"
TOO_MANY_PIXELS = "ảnh quá nhiều điểm ảnh, đề nghị chụp lại ở cỡ nhỏ hơn"
NOT_A_PHOTO = "tệp không phải ảnh JPEG, PNG hoặc WEBP, đề nghị chụp lại"
NOT_FETCHED = "chưa tải được ảnh, Hệ thống sẽ thử lại"
NOT_STORED = "chưa lưu được ảnh, Hệ thống sẽ thử lại"
GIVEN_UP = "không tải được ảnh, đề nghị gửi lại"

Deliver = Callable[[Incoming], Awaitable[None]]


class Clock(Protocol):
    """Where the stored time of the next try comes from."""

    def business_now(self) -> datetime: ...


class PictureRefusedError(Exception):
    """These bytes are no photo we can keep; the text says why, to the person who sent them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the bytes turned out to be; width and height in pixels."""

    mime: str
    width: int
    height: int


@dataclass
class Fetcher:
    """`deliver` hands an event to the conversation and returns once its turn is durable.

    FETCHED carries details {"photo_id", "outcome", "album", "attempts"} and, by outcome,
    "stored": sha256, size (bytes), mime, width, height; "refused": reason; "failed": reason, next_try_at (datetime).
    QUIET carries {"album"}.
    """

    channels: Mapping[tuple[str, str], Channel]
    evidence: EvidenceStore
    deliver: Deliver
    clock: Clock
    backoff: tuple[float, ...] = BACKOFF

    def __post_init__(self) -> None:
        self._queue: deque[PhotoRequest] = deque()
        self._open: set[str] = set()  # photo ids in the queue, under way or waiting for their next try
        self._active: Counter[tuple[Chat, str]] = Counter()  # the same by burst, without those that wait
        self._workers = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._retries: set[asyncio.TimerHandle] = set()
        self._silences: dict[tuple[Chat, str], asyncio.TimerHandle] = {}
        self._checking = asyncio.Semaphore(CHECKS)
        self._closed = False

    # --- life ------------------------------------------------------------------------------------------------

    def start(self, requests: Iterable[PhotoRequest]) -> None:
        """Resume the photos an earlier life was still waiting for."""
        self.hand_over(requests)

    def hand_over(self, requests: Iterable[PhotoRequest]) -> None:
        """Take photos whose rows are committed; one that is being fetched already is not fetched twice."""
        for request in requests:
            if request.photo_id not in self._open:
                self._open.add(request.photo_id)
                self._enqueue(request)

    async def close(self) -> None:
        """Stop; what is not stored stays awaited on disk."""
        self._closed = True
        for timer in (*self._retries, *self._silences.values()):
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Wait until no download is under way; tries still to come are not waited for."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _enqueue(self, request: PhotoRequest) -> None:
        self._queue.append(request)
        self._active[request.chat, request.album] += 1
        if self._workers < DOWNLOADS and not self._closed:
            self._workers += 1
            self._spawn(self._work())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while self._queue:
                request = self._queue.popleft()
                try:
                    await self._settle(request)
                finally:
                    self._active[request.chat, request.album] -= 1
                if request.album:
                    self.expect_silence(request.chat, request.user_id, request.album)
                self._active += Counter()  # drops the zeros
        finally:
            self._workers -= 1

    # --- one photo -------------------------------------------------------------------------------------------

    async def _settle(self, request: PhotoRequest) -> None:
        details = await self._fetched(request)
        base = {"photo_id": request.photo_id, "album": request.album, "attempts": request.attempts}
        await self._tell(Incoming(Kind.FETCHED, request.chat, request.user_id, details={**base, **details}))
        if details["outcome"] == "failed":
            self._retry_later(replace(request, attempts=details["attempts"]))
        else:
            self._open.discard(request.photo_id)

    async def _fetched(self, request: PhotoRequest) -> dict[str, Any]:
        try:
            channel = self.channels[request.chat.channel, request.chat.account]
            data = await channel.fetch(request.media)
            async with self._checking:
                picture = await asyncio.to_thread(check, data)
            sha = await asyncio.to_thread(self.evidence.put, data)
        except PictureRefusedError as error:
            return {"outcome": "refused", "reason": str(error)}
        except FetchFailedError as error:
            if error.final:
                return {"outcome": "refused", "reason": TOO_LARGE if "too big" in str(error) else GIVEN_UP}
            return self._failure(request, NOT_FETCHED, error)
        except EvidenceUnavailableError as error:
            return self._failure(request, NOT_STORED, error)
        except Exception as error:  # a photo is not lost because of a bug
            log.exception("photo %s: unexpected", request.photo_id)
            return self._failure(request, NOT_FETCHED, error)
        return {
            "outcome": "stored",
            "sha256": sha,
            "size": len(data),
            "mime": picture.mime,
            "width": picture.width,
            "height": picture.height,
        }

    def _failure(self, request: PhotoRequest, reason: str, error: Exception) -> dict[str, Any]:
        attempts = request.attempts + 1
        log.warning("photo %s: try %d failed: %s", request.photo_id, attempts, error)
        if attempts >= GIVE_UP:
            return {"outcome": "refused", "attempts": attempts, "reason": GIVEN_UP}
        next_try_at = self.clock.business_now() + timedelta(seconds=self._pause(attempts))
        return {"outcome": "failed", "attempts": attempts, "next_try_at": next_try_at, "reason": reason}

    def _pause(self, attempts: int) -> float:
        return self.backoff[min(attempts, len(self.backoff)) - 1]

    def _retry_later(self, request: PhotoRequest) -> None:
        def again() -> None:
            self._retries.discard(timer)
            self._enqueue(request)

        timer = asyncio.get_running_loop().call_later(self._pause(request.attempts), again)
        self._retries.add(timer)

    async def _tell(self, event: Incoming) -> None:
        """The conversation must hear of it, so this goes on until its turn was stored."""
        attempts = 0
        while True:
            try:
                return await self.deliver(event)
            except Exception:  # the bytes are safe; only the news is repeated
                attempts += 1
                log.exception("event %s not taken, offered again", event.kind)
                await asyncio.sleep(self._pause(attempts))

    # --- bursts ----------------------------------------------------------------------------------------------

    def expect_silence(self, chat: Chat, user_id: str, album: str = "") -> None:
        """Deliver QUIET when this burst has been silent for the network's `burst_silence`; asking again begins anew."""
        key = (chat, album)
        if waiting := self._silences.pop(key, None):
            waiting.cancel()
        channel = self.channels.get((chat.channel, chat.account))
        if channel is None or self._closed:
            return

        def silent() -> None:
            del self._silences[key]
            if self._active[key] > 0:  # a download of this burst is still under way
                self.expect_silence(chat, user_id, album)
            else:
                self._spawn(self._tell(Incoming(Kind.QUIET, chat, user_id, album=album, details={"album": album})))

        pause = channel.capabilities.burst_silence
        self._silences[key] = asyncio.get_running_loop().call_later(pause, silent)


def check(data: bytes) -> Picture:
    """What these bytes are, decoded to the last row. Raises PictureRefusedError with the reason in Vietnamese."""
    if len(data) > MAX_BYTES:
        raise PictureRefusedError(TOO_LARGE)
    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
            return _decoded(image, data)
    except UnidentifiedImageError as error:
        raise PictureRefusedError(NOT_A_PHOTO if data else UNREADABLE) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefusedError(TOO_MANY_PIXELS) from error
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, MemoryError) as error:
        raise PictureRefusedError(UNREADABLE) from error


def _decoded(image: Image.Image, data: bytes) -> Picture:
    width, height, form = image.width, image.height, image.format or ""
    # Below Pillow's own error there is only a warning.
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise PictureRefusedError(TOO_MANY_PIXELS)
    if form == "JPEG":
        if not _has_end(data):
            raise PictureRefusedError(UNREADABLE)
        # Reads every byte all the same, for a fraction of the time and memory.
        image.draft("L", (max(1, width // 8), max(1, height // 8)))
    image.load()
    return Picture(FORMATS[form], width, height)


def _has_end(data: bytes) -> bool:
    """Whether a JPEG's picture is followed by its end mark; Pillow forgives when only that is cut off.

    The segments before the picture are stepped over: an embedded thumbnail has an end mark of its own.
    """
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return False
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker == 0xDA:  # the picture itself; within it, FF D9 can only be the end
            return data.find(b"\xff\xd9", at) > 0
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False
