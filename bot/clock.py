"""Two clocks: business time, which only a demonstration may move, and machine time for retries and pacing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class BusinessClock:
    """The time of due dates, digests and visits: the machine's, plus what a demonstration has moved forward."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC) + self.ahead

    def business_now(self) -> datetime:
        """The same under the name delivery asks for."""
        return self.now()

    def monotonic(self) -> float:
        """Seconds of machine time, for pauses; never moved."""
        return time.monotonic()
