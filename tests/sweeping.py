"""A whole sweep of the clock side, piece by piece as it runs, each piece committed by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from scheduler.remind import Sweep
from storage.database import Database
from storage.outbox import Parcel


def sweep(database: Database, now: datetime, new_token: Callable[[], str]) -> list[Parcel]:
    """What may leave after a sweep at this moment."""
    going = Sweep(now, new_token)
    posted: list[Parcel] = []
    while not going.done:
        posted += database.write_now(going.go_on)
    return posted
