"""What faces the outside, put together from the settings: without a public address only the health page is left."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.clock import BusinessClock
from bot.delivery import HandOut
from bot.service import Hook
from bot.web.addresses import Addresses
from bot.web.handouts import Handouts
from bot.web.health import Report
from bot.web.intake import Intake
from bot.web.pictures import Pictures
from bot.web.server import Server
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.handouts import Handout


def addresses(root: str, secret: str) -> Addresses:
    """The maker of signed addresses below a public root."""
    return Addresses(root, secret, time.time)  # noqa: TID251  machine time: how long an address is good


@dataclass(frozen=True, slots=True)
class Place:
    """Where we listen ("host:port"), under which public root (no slash at its end, "" for none), with which secret."""

    listen: str
    root: str = ""
    secret: str = ""


@dataclass(slots=True)
class Front:
    """The listening side; `hook` and `hand_out` are None where nobody outside could follow an address of ours."""

    listen: str
    intake: Intake
    pictures: Pictures
    handouts: Handouts
    hook: Hook | None
    hand_out: HandOut | None
    server: Server | None = None

    @classmethod
    def of(cls, place: Place, database: Database, evidence: EvidenceStore, clock: BusinessClock) -> Front:
        """For a place; without a root nothing of ours can be followed from outside."""
        root, secret = place.root, place.secret
        intake, handouts = Intake(secret), Handouts(root, database, evidence, clock)

        async def hand_out(name: str, sha256: str, language: str) -> str:
            return await handouts.offer(Handout(name, sha256), language)

        hook = Hook(root, secret, intake) if root else None
        pictures = Pictures(addresses(root, secret), evidence)
        return cls(place.listen, intake, pictures, handouts, hook, hand_out if root else None)

    async def start(self, report: Report) -> None:
        """Listen. Raises OSError when the port is taken."""
        self.server = Server(self.listen, self.intake, self.pictures, self.handouts, report)
        await self.server.start()

    async def close(self) -> None:
        """Listen no more."""
        if self.server is not None:
            await self.server.close()
