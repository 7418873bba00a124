"""The time and place in a photo's file are hints: none within a day or two kilometres, none where nothing is known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from inspection.traces import Traces, distance, traces

NOW = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)  # 08:00 in Vietnam
HERE = (21.85, 106.76)


@pytest.mark.parametrize(
    ("exif", "place", "expected"),
    [
        ({}, HERE, Traces()),
        ({"taken_at": "2026-08-04T07:55:00"}, HERE, Traces()),
        ({"taken_at": "2026-08-03T08:00:00"}, HERE, Traces()),  # a day to the second
        ({"taken_at": "2026-08-03T07:59:59"}, HERE, Traces(days_apart=1)),
        ({"taken_at": "2026-07-12T15:20:00"}, None, Traces(days_apart=22)),
        ({"taken_at": "2026-08-06T09:00:00"}, HERE, Traces(days_apart=2)),  # a clock that is ahead
        ({"taken_at": "2026-08-03T02:00:00+00:00"}, HERE, Traces()),  # the camera knows its zone
        ({"latitude": 21.86, "longitude": 106.77}, HERE, Traces()),
        ({"latitude": 21.0278, "longitude": 105.8342}, HERE, Traces(km_apart=132)),
        ({"latitude": 21.0278, "longitude": 105.8342}, None, Traces()),
    ],
)
def test_what_deserves_a_second_look(exif: dict[str, Any], place: tuple[float, float] | None, expected: Traces) -> None:
    assert traces(exif, NOW, place) == expected


def test_distances_are_those_of_the_map() -> None:
    assert distance((21.0278, 105.8342), (10.7769, 106.7009)) == pytest.approx(1143, rel=0.01)  # Hà Nội to the south
    assert distance(HERE, HERE) == 0
    assert distance((0, 179.9), (0, -179.9)) == pytest.approx(22.2, rel=0.01)
