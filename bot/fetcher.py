"""Photos and files are fetched beside the talk: bytes to disk first, then one event in the chat's lane.

What the bytes are is judged in `pictures` and `file_kinds`; nothing that is neither reaches the disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot import file_kinds, pictures
from bot.channels.port import Channel, FetchFailedError
from bot.insisting import Deliver, insist, pause
from inspection.messages import Chat, Incoming, Kind
from inspection.visit import PDF, PHOTO
from storage.evidence import EvidenceStore, EvidenceUnavailableError, PhotoRequest

log = logging.getLogger(__name__)

DOWNLOADS = 8  # at once
CHECKS = 2  # at once: decoding takes memory
BACKOFF = (2.0, 5.0, 15.0, 60.0, 300.0)  # seconds after the first, second ... failure; the last one repeats
GIVE_UP = 300  # failures: about a day

NOT_FETCHED = "chưa tải được, Hệ thống sẽ thử lại"
NOT_STORED = "chưa lưu được, Hệ thống sẽ thử lại"
GIVEN_UP = "không tải được, đề nghị gửi lại"
NO_PROOF = "báo cáo được chứng minh bằng ảnh hoặc tệp PDF của văn bản, đề nghị gửi lại ở dạng đó"


class Clock(Protocol):
    """Where the stored time of the next try comes from."""

    def business_now(self) -> datetime: ...


@dataclass
class Fetcher:
    """`deliver` hands an event to the conversation and returns once its turn is durable.

    FETCHED carries details {"photo_id", "outcome", "album", "attempts"} and, by outcome,
    "stored": sha256, size (bytes) and what `judged` found; "refused": reason; "failed": reason, next_try_at (datetime).
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
        """Resume what an earlier life was still waiting for."""
        self.hand_over(requests)

    def hand_over(self, requests: Iterable[PhotoRequest]) -> None:
        """Take what has its row committed; one that is being fetched already is not fetched twice."""
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
        event = Incoming(Kind.FETCHED, request.chat, request.user_id, details={**base, **details})
        await insist(self.deliver, event, self.backoff)
        if details["outcome"] == "failed":
            self._retry_later(replace(request, attempts=details["attempts"]))
        else:
            self._open.discard(request.photo_id)

    async def _fetched(self, request: PhotoRequest) -> dict[str, Any]:
        try:
            channel = self.channels[request.chat.channel, request.chat.account]
            data = await channel.fetch(request.media)
            async with self._checking:
                found = await asyncio.to_thread(judged, request, data)
            sha = await asyncio.to_thread(self.evidence.put, data)
        except pictures.RefusedError as error:
            return {"outcome": "refused", "reason": str(error)}
        except FetchFailedError as error:
            if error.final:
                return {"outcome": "refused", "reason": _too_large(request) if "too big" in str(error) else GIVEN_UP}
            return self._failure(request, NOT_FETCHED, error)
        except EvidenceUnavailableError as error:
            return self._failure(request, NOT_STORED, error)
        except Exception as error:  # nothing is lost because of a bug
            log.exception("photo %s: unexpected", request.photo_id)
            return self._failure(request, NOT_FETCHED, error)
        return {"outcome": "stored", "sha256": sha, "size": len(data), **found}

    def _failure(self, request: PhotoRequest, reason: str, error: Exception) -> dict[str, Any]:
        attempts = request.attempts + 1
        log.warning("photo %s: try %d failed: %s", request.photo_id, attempts, error)
        if attempts >= GIVE_UP:
            return {"outcome": "refused", "attempts": attempts, "reason": GIVEN_UP}
        next_try_at = self.clock.business_now() + timedelta(seconds=pause(self.backoff, attempts))
        return {"outcome": "failed", "attempts": attempts, "next_try_at": next_try_at, "reason": reason}

    def _retry_later(self, request: PhotoRequest) -> None:
        def again() -> None:
            self._retries.discard(timer)
            self._enqueue(request)

        timer = asyncio.get_running_loop().call_later(pause(self.backoff, request.attempts), again)
        self._retries.add(timer)

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
                event = Incoming(Kind.QUIET, chat, user_id, album=album, details={"album": album})
                self._spawn(insist(self.deliver, event, self.backoff))

        silence = channel.capabilities.burst_silence
        self._silences[key] = asyncio.get_running_loop().call_later(silence, silent)


def judged(request: PhotoRequest, data: bytes) -> dict[str, Any]:
    """What was announced as a photo or file turned out to be: kind, mime, width, height (pixels), look and exif.

    A picture sent as a file under any name is a photo. Raises pictures.RefusedError.
    """
    if request.kind == PHOTO or pictures.is_picture(data):
        seen = pictures.check(data)
        return {
            "kind": PHOTO,
            "mime": seen.mime,
            "width": seen.width,
            "height": seen.height,
            "look": seen.look,
            "exif": dict(seen.exif),
        }
    found = file_kinds.check(data, request.media.name)
    if request.proof and found.mime != PDF:
        raise file_kinds.FileRefusedError(NO_PROOF)
    return {"kind": found.kind, "mime": found.mime, "width": 0, "height": 0, "look": "", "exif": {}}


def _too_large(request: PhotoRequest) -> str:
    return pictures.TOO_LARGE if request.kind == PHOTO else file_kinds.FILE_TOO_LARGE
