"""Copies of photos that go with an export: upright, of a size to be carried, without what the camera wrote into them.

The originals stay where they are; a copy is named by the beginning of the fingerprint of its original.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageOps

from storage.evidence import EvidenceStore, EvidenceUnavailableError

log = logging.getLogger(__name__)

LONGEST = 1600  # pixels of the longer side
QUALITY = 80


def write_copies(
    store: EvidenceStore,
    shas: Sequence[str],
    folder: Path,
    most: int | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> dict[str, str]:
    """Write copies into a folder until they take `most` bytes; returns the file names of those written, by SHA-256.

    A photo that cannot be read is left out, and the log says which.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    left = most
    for done, sha in enumerate(shas):
        progress(done / len(shas))
        try:
            copy = _copy(store.get(sha))
        except (EvidenceUnavailableError, OSError, Image.DecompressionBombError) as error:
            log.error("no copy of photo %s: %s", sha, error)
            continue
        if left is not None:
            left -= len(copy)
            if left < 0:
                break
        names[sha] = f"{sha[:16]}.jpg"
        (folder / names[sha]).write_bytes(copy)
    return names


def _copy(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST, LONGEST))
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
