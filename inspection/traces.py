"""What a photo file says of its own time and place, held against what we know: a difference is a hint, never proof.

A phone's clock may be wrong and a photo may have been taken honestly elsewhere; what is said is one short sentence to
the person who can look again, and the unit never sees it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inspection.working_days import LOCAL

LATE = timedelta(days=1)
FAR = 2.0  # kilometres: wider than a phone errs, and than the buildings of one office lie apart
_EARTH = 6371.0  # kilometres


@dataclass(frozen=True, slots=True)
class Traces:
    """What is worth a second look; None where nothing is, or nothing is known."""

    days_apart: int | None = None
    km_apart: int | None = None


NO_TRACES = Traces()


def traces(exif: Mapping[str, Any], received_at: datetime, place: tuple[float, float] | None) -> Traces:
    """Compare what the file says (see `bot.pictures`) with when it came and where the visit says it is."""
    return Traces(_days_apart(exif.get("taken_at"), received_at), _km_apart(exif, place))


def _days_apart(taken_at: str | None, received_at: datetime) -> int | None:
    if not taken_at:
        return None
    taken = datetime.fromisoformat(taken_at)
    apart = abs(received_at - (taken if taken.tzinfo else taken.replace(tzinfo=LOCAL)))
    return apart // timedelta(days=1) if apart > LATE else None


def _km_apart(exif: Mapping[str, Any], place: tuple[float, float] | None) -> int | None:
    if place is None or "latitude" not in exif:
        return None
    apart = distance(place, (float(exif["latitude"]), float(exif["longitude"])))
    return round(apart) if apart > FAR else None


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two places (degrees of latitude and longitude) along the earth's surface."""
    (north, east), (other_north, other_east) = [[math.radians(degrees) for degrees in place] for place in (one, other)]
    half = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    )
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))
