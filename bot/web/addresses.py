"""An address of evidence names the bytes by their hash, says until when it holds, and cannot be guessed or changed.

Nothing is stored for it: the signature is made of the secret both sides know, so it holds across restarts.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

LIFE = 6 * 3600  # seconds: a network fetches a picture more than once, and late
LENGTH = 32  # hexadecimal digits of the signature
PICTURES = "anh"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes and judges addresses below `root` (no slash at its end); `now` in Unix seconds of the machine."""

    root: str
    secret: str
    now: Callable[[], float]

    def of(self, sha256: str, ending: str = "jpg") -> str:
        """Where these bytes can be fetched for some hours."""
        end = int(self.now()) + LIFE
        return f"{self.root}/{PICTURES}/{end}-{self._signature(sha256, end)}/{sha256}.{ending}"

    def holds(self, sha256: str, end: int, signature: str) -> bool:
        """Whether an address is ours and still good."""
        return hmac.compare_digest(signature.encode(), self._signature(sha256, end).encode()) and self.now() <= end

    def _signature(self, sha256: str, end: int) -> str:
        key = hashlib.sha256(f"kycuong addresses {self.secret}".encode()).digest()
        return hmac.new(key, f"{sha256} {end}".encode(), hashlib.sha256).hexdigest()[:LENGTH]
