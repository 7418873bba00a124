"""What an errand's task is: slow work in a thread, and the turn that tells its outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from bot.talk import Talk
from storage.errands import Errand
from storage.evidence import EvidenceStore

if TYPE_CHECKING:
    from sqlalchemy import Connection

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Means:
    """What a task works with. data: the file it was ordered for; max_file: bytes that can be sent or had by address.

    progress: to be told now and then what share of the work (0 to 1) is finished.
    """

    read: Callable[[Callable[[Connection], Any]], Any]
    evidence: EvidenceStore
    now: datetime
    max_file: int
    data: bytes = b""
    progress: Callable[[float], None] = lambda _share: None

    @property
    def store(self) -> EvidenceStore:
        """Of what passes through: files that are sent once."""
        return self.evidence.passing


class Task:
    """One kind of errand."""

    kind: ClassVar[str]
    secret: ClassVar[bool] = False  # whether its details are forgotten once it is told

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """Do it, deciding nothing; returns {"outcome": …} and what `tell` needs besides. Blocks; runs in a thread.

        EvidenceUnavailableError and OSError have it tried again; anything else too, but not for long.
        """
        raise NotImplementedError

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Say how it went, by the rights and the data of this moment; the outcome may be the clerk's "trouble"."""
        raise NotImplementedError
