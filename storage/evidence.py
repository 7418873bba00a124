"""Pictures lie under the SHA-256 of their bytes: what has a name here is whole, on disk, and never changes.

Bytes first, row second: a file without a row is harmless and swept up later, a row without bytes is lost evidence.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from inspection.messages import Chat, Media

UNFINISHED = ".part-"
PASSING = "passing"
KEPT = timedelta(days=7)  # longer than any reply waits to be sent
_DIGITS = frozenset("0123456789abcdef")


class EvidenceUnavailableError(Exception):
    """The bytes could not be written or read (disk full, read-only, missing): nothing was kept; try again."""


@dataclass(frozen=True, slots=True)
class PhotoRequest:
    """A photo that was announced and whose bytes are still with the network."""

    photo_id: str
    chat: Chat
    user_id: str
    media: Media
    album: str = ""
    attempts: int = 0  # downloads that failed so far


class EvidenceStore:
    """All methods block: asynchronous callers use `asyncio.to_thread`. Without a folder it lives in memory."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._memory: dict[str, bytes] = {}
        self._passing: EvidenceStore | None = None

    @classmethod
    def from_url(cls, url: str) -> EvidenceStore:
        """`:memory:`, a folder, or its file:// address. Raises ValueError for anything else."""
        if url == ":memory:":
            return cls(None)
        address = urlsplit(url)
        if address.scheme == "file":
            return cls(Path(unquote(address.netloc + address.path)))
        if address.scheme or not url:
            raise ValueError(f"evidence address not understood: {address.scheme or 'empty'}")
        return cls(Path(url))

    @property
    def passing(self) -> EvidenceStore:
        """Beside the evidence, what only passes through: files on their way to a chat, workbooks to be answered about.

        All of it can be made or sent again, so it is forgotten after `KEPT`, see `forget_passed`.
        """
        if self._passing is None:
            self._passing = EvidenceStore(None if self.folder is None else self.folder / PASSING)
        return self._passing

    def put(self, data: bytes) -> str:
        """Store bytes for good and return their SHA-256; storing them again changes nothing."""
        sha = hashlib.sha256(data).hexdigest()
        if self.folder is None:
            self._memory[sha] = data
            return sha
        target = self.path(sha)
        try:
            if not target.exists():
                _store(self.folder, target, data)
            elif self.folder.name == PASSING:
                os.utime(target)  # its time begins anew
        except OSError as error:
            raise EvidenceUnavailableError(f"not stored: {error.strerror}") from error
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes stored under this name. Raises EvidenceUnavailableError."""
        try:
            return self._memory[sha] if self.folder is None else self.path(sha).read_bytes()
        except (KeyError, OSError) as error:
            raise EvidenceUnavailableError(f"not readable: {sha[:12]}") from error

    def exists(self, sha: str) -> bool:
        """Whether these bytes are stored."""
        return sha in self._memory if self.folder is None else self.path(sha).exists()

    def path(self, sha: str) -> Path:
        """Where the bytes lie. Raises ValueError for what is no SHA-256, or without a folder."""
        if len(sha) != 64 or not _DIGITS.issuperset(sha):
            raise ValueError("not a SHA-256")
        if self.folder is None:
            raise ValueError("evidence is kept in memory")
        return self.folder / sha[:2] / sha[2:4] / sha

    def forget_passed(self, now: datetime) -> int:
        """Drop what passed through longer than `KEPT` ago; returns how many files."""
        old = self.passing.orphans(frozenset(), now - KEPT)
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def orphans(self, known: Set[str], older_than: datetime) -> list[Path]:
        """Files that no row names, unfinished ones included, last written before a moment; the caller removes them."""
        if self.folder is None or not self.folder.exists():
            return []
        limit = older_than.timestamp()
        return [path for path in _files(self.folder) if path.name not in known and path.stat().st_mtime < limit]


def _store(root: Path, target: Path, data: bytes) -> None:
    _make_folder(target.parent, root)
    descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=target.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _make_folder(folder: Path, root: Path) -> None:
    """A new folder is durable only once its own parent is synced; where folders were before, nothing is to be done."""
    new = [place for place in (folder, *folder.parents) if place.is_relative_to(root) and not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in new:
        if place != root:
            _sync(place.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("??/??/*")) if path.is_file())
