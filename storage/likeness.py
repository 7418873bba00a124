"""A picture like one that came before is found by its bands, never by reading all of them.

A look is 16 hexadecimal digits that find and 64 that decide (see `bot.pictures`). The coarse 64 bits are four bands of
16; a picture whose band differs in at most one bit is a candidate, so that up to seven differing bits anywhere cannot
hide it, and 68 look-ups in an index are all it costs. Of the candidates those within NEAR bits of 256 are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from storage.tables import evidence, photos, picture_bands

NEAR = 28  # bits of 256: sample scenes sent again in another size and light stay below, two sheets of paper above
_BANDS, _BITS = 4, 16

CANDIDATES = (
    select(evidence.c.sha256, evidence.c.look)
    .join(picture_bands, picture_bands.c.sha256 == evidence.c.sha256)
    .where(picture_bands.c.band.in_(bindparam("bands", expanding=True)))
    .distinct()
)
_SHOWN = select(photos.c.id, photos.c.visit_id, photos.c.sha256, photos.c.stored_at).where(
    photos.c.sha256.in_(bindparam("wanted", expanding=True)),
    photos.c.id != bindparam("except_id"),
    photos.c.visit_id.is_not(None),
    photos.c.state == "stored",
)
_KEEP = insert(picture_bands)


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier photo of a visit; `distance` in bits of 256, and whether the bytes are the same."""

    photo_id: str
    visit_id: str
    stored_at: datetime
    distance: int
    same_bytes: bool


def keep_look(connection: Connection, sha256: str, look: str) -> None:
    """Let pictures to come be compared with this one."""
    if look:
        connection.execute(_KEEP, [{"band": band, "sha256": sha256} for band in _bands(look)])


def alike(connection: Connection, photo_id: str, sha256: str, look: str) -> list[Alike]:
    """Photos of visits stored before that are the same or nearly so, the nearest first, then the oldest."""
    distances = {sha256: 0}
    if look:
        bands = [other for band in _bands(look) for other in _within_one_bit(band)]
        for other, seen in connection.execute(CANDIDATES, {"bands": bands}):
            distance = _distance(look, seen)
            if distance <= NEAR:
                distances[other] = distance
    rows = connection.execute(_SHOWN, {"wanted": list(distances), "except_id": photo_id})
    found = [Alike(r.id, r.visit_id, r.stored_at, distances[r.sha256], r.sha256 == sha256) for r in rows]
    return sorted(found, key=lambda one: (not one.same_bytes, one.distance, one.stored_at, one.photo_id))


def _bands(look: str) -> list[int]:
    coarse = int(look[:16], 16)
    mask = (1 << _BITS) - 1
    return [place << _BITS | (coarse >> place * _BITS & mask) for place in range(_BANDS)]


def _within_one_bit(band: int) -> list[int]:
    return [band, *(band ^ 1 << bit for bit in range(_BITS))]


def _distance(one: str, other: str) -> int:
    return (int(one[16:], 16) ^ int(other[16:], 16)).bit_count()
