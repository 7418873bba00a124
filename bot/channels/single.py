"""Two who ask with one token share the messages between them, so only one on a machine may ask."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path


class SingleConsumer:
    """A lock named after a hash; the system frees it when the process ends, however it ends.

    `source`: the address that is asked, token included; the same token on a simulated network is another source.
    """

    def __init__(self, source: str, folder: Path | None = None) -> None:
        name = f"kycuong-{hashlib.sha256(source.encode()).hexdigest()[:16]}.lock"
        self._path = (folder or Path(tempfile.gettempdir())) / name
        self._held: int | None = None

    def take(self) -> bool:
        """Whether we are the one; asking again is harmless."""
        if self._held is not None:
            return True
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError:  # another user of this machine has it
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._held = descriptor
        return True

    def release(self) -> None:
        """Let another one ask; harmless when it is not held."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
