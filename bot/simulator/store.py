"""What the network remembers is written behind the request path; only reserved blocks of ids are written ahead of it.

A row written late costs a lost half second of history after a kill; an id given twice would cost the truth of every
test about repeats. So `counters.log` always names an id higher than any given out.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from PIL import Image, ImageOps, UnidentifiedImageError

BLOCK: Final = 1_000
LONG_SIDES: Final = (90, 320, 800, 1280)

Json = dict[str, Any]


class Row(Protocol):
    """What the store keeps: `row` gives its JSON value at the moment of writing."""

    def row(self) -> Any: ...


class Record(NamedTuple):
    """A JSON value that is kept as it is."""

    value: Any

    def row(self) -> Any:
        return self.value


class Rendition(NamedTuple):
    """One size of a photo, as the network keeps it: JPEG bytes without EXIF, pixels, SHA-256."""

    body: bytes
    width: int
    height: int
    digest: str

    @classmethod
    def of(cls, body: bytes, width: int, height: int) -> Rendition:
        return cls(body, width, height, hashlib.sha256(body).hexdigest())


@lru_cache(maxsize=16)
def renditions(original: bytes) -> tuple[Rendition, ...]:
    """The sizes the network makes of a picture, smallest first, long side at most 1280. ValueError: not a picture."""
    try:
        with Image.open(io.BytesIO(original)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError) as fault:
        raise ValueError("IMAGE_PROCESS_FAILED") from fault
    long_side = max(upright.size)
    if sum(upright.size) > 10_000 or long_side > 20 * min(upright.size):
        raise ValueError("PHOTO_INVALID_DIMENSIONS")
    wanted = [side for side in LONG_SIDES if side < long_side] + ([long_side] if long_side <= LONG_SIDES[-1] else [])
    return tuple(_rendition(upright, side / long_side) for side in wanted)


def _rendition(picture: Image.Image, scale: float) -> Rendition:
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    # A fresh image carries no metadata into the file: the real network drops EXIF from photos too.
    smaller = picture.resize(size) if size != picture.size else picture.copy()
    smaller.info.clear()
    written = io.BytesIO()
    smaller.save(written, "JPEG", quality=87)
    return Rendition.of(written.getvalue(), *size)


class Counter:
    """A row of whole numbers never given twice, not even after a kill."""

    __slots__ = ("_limit", "_name", "_reserve", "value")

    def __init__(self, name: str, value: int, reserve: Callable[[str, int], None]) -> None:
        self._name, self.value, self._reserve = name, value, reserve
        self._limit = value

    def next(self, step: int = 1) -> int:
        self.value += step
        self.at_least(self.value)
        return self.value

    def at_least(self, value: int) -> None:
        """Raise the number to `value` at least, and keep the reservation above it."""
        if value > self.value:
            self.value = value
        if self.value >= self._limit:
            self._limit = self.value + BLOCK
            self._reserve(self._name, self._limit)


def journal_line(kind: str, key: str, body: Any) -> str:
    """One line of the journal; the last line of a key holds, and null removes it."""
    return json.dumps([kind, key, body]) + "\n"


class Store:
    """Rows by (kind, key), files by digest, and counters. `folder=None`: everything stays in memory."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._reserved: dict[str, int] = {}
        self._counters: dict[str, Counter] = {}
        self.clean = True
        self._held: dict[str, dict[str, Any]] = {}
        self._blobs_folder = (folder or Path()) / "blobs"
        self._dirty: dict[tuple[str, str], Row | None] = {}
        self._blobs: dict[str, bytes] = {}
        self._unwritten: dict[str, bytes] = {}
        if folder is not None:
            self._open(folder)

    def _open(self, folder: Path) -> None:
        self._blobs_folder.mkdir(parents=True, exist_ok=True)
        self._open_journal(folder / "journal.jsonl")
        counters = folder / "counters.log"
        ended = counters.read_text().splitlines() if counters.exists() else []
        for line in ended:
            name, _, limit = line.partition(" ")
            if limit.isdigit():
                # After an orderly end the last line counts, being exact; after a kill the highest, being reserved.
                self._reserved[name] = (
                    int(limit) if ended[-1] == "closed" else max(int(limit), self._reserved.get(name, 0))
                )
        self.clean = not ended or ended[-1] == "closed"
        whole = "".join(f"{name} {limit}\n" for name, limit in self._reserved.items())
        rewritten = folder / "counters.new"
        rewritten.write_text(whole + "open\n")
        rewritten.replace(counters)
        self._log = os.open(counters, os.O_WRONLY | os.O_APPEND)

    def _open_journal(self, path: Path) -> None:
        """Read what is still true, and begin a journal of just that: this is when it stops growing."""
        if path.exists():
            for line in path.read_bytes().split(b"\n"):
                # Only the last line can be cut short, by a kill in the midst of writing it.
                with contextlib.suppress(ValueError):
                    kind, key, body = json.loads(line)
                    self._held.setdefault(kind, {})[key] = body
        rewritten = path.with_suffix(".new")
        with rewritten.open("w") as fresh:
            for kind, items in self._held.items():
                fresh.writelines(journal_line(kind, key, body) for key, body in items.items() if body is not None)
        rewritten.replace(path)
        self._journal = os.open(path, os.O_WRONLY | os.O_APPEND)

    def counter(self, name: str, start: int = 0) -> Counter:
        self._counters[name] = Counter(name, max(start, self._reserved.get(name, start)), self.reserve)
        return self._counters[name]

    def reserve(self, name: str, limit: int) -> None:
        """Written at once, before any id of the block is used; a few microseconds once in a thousand ids."""
        if self.folder is not None:
            os.write(self._log, f"{name} {limit}\n".encode())

    def put(self, kind: str, key: str, item: Row | None) -> None:
        """Have the item written soon; None removes it."""
        if self.folder is not None:
            self._dirty[kind, key] = item

    def rows(self, kind: str) -> Iterator[Any]:
        """The rows of a kind as they were found at the start; they are handed over once."""
        return (body for body in self._held.pop(kind, {}).values() if body is not None)

    def put_blob(self, digest: str, body: bytes) -> None:
        if self.folder is None:
            self._blobs[digest] = body
        elif not self._blob_path(digest).exists():
            self._unwritten[digest] = body

    def blob(self, digest: str) -> bytes | None:
        held = self._blobs.get(digest) or self._unwritten.get(digest)
        if held is not None or self.folder is None:
            return held
        path = self._blob_path(digest)
        return path.read_bytes() if path.exists() else None

    def _blob_path(self, digest: str) -> Path:
        return self._blobs_folder / digest

    def take(self) -> Callable[[], None]:
        """Freeze what waits to be written and return the writing of it, which may run in another thread."""
        if not self._dirty and not self._unwritten:
            return lambda: None
        lines = [
            journal_line(kind, key, None if item is None else item.row()) for (kind, key), item in self._dirty.items()
        ]
        blobs = dict(self._unwritten)
        self._dirty = {}
        return lambda: self._write("".join(lines).encode(), blobs)

    def _write(self, lines: bytes, blobs: dict[str, bytes]) -> None:
        # Bytes first, row second: a file nobody names is harmless, a name without its file is a lost photo.
        for digest, body in blobs.items():
            part = self._blob_path(digest + ".part")
            part.write_bytes(body)
            part.replace(self._blob_path(digest))
            self._unwritten.pop(digest, None)
        while lines:
            lines = lines[os.write(self._journal, lines) :]

    def close(self) -> None:
        """Write all, and the exact counters, so that an orderly restart leaves no gaps in the ids."""
        if self.folder is None:
            return
        self.take()()
        exact = "".join(f"{name} {counter.value}\n" for name, counter in self._counters.items())
        os.write(self._log, f"{exact}closed\n".encode())
        os.close(self._log)
        os.close(self._journal)
