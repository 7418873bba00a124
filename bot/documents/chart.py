"""Pictures of figures: which there are and what each is drawn from; the figures come with the order, none is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.documents.page import picture
from inspection.words import nfc

MOST_ROWS = 14  # that can still be read on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. value, target: 0 to 100 (value None: nothing arises); what falls short is hatched, and `note` says so.

    short: all of it is hatched; weak: so much of its value.
    """

    label: str
    shown: str
    value: float | None
    target: float | None = None
    short: bool = False
    note: str = ""
    weak: float = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A month: how many, and a score of 0 to 100 (None: without)."""

    label: str
    count: int
    score: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A unit with the share met by column, in whole percent, and of how many ("2/3"); None, "": nothing judged."""

    label: str
    values: tuple[int | None, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn; `subtitle` says whose figures they are and as of which moment."""

    kind: Literal["bars", "months", "heat"]
    title: str
    subtitle: str
    rows: Sequence[Bar] | Sequence[Column] | Sequence[HeatRow]
    columns: Sequence[str] = ()
    legend: Sequence[str] = ()
    floor: int = 0  # where the axis of scores begins
    note: str = ""
    footer: str = ""

    def order(self) -> dict[str, Any]:
        """As an errand keeps it."""
        return {**asdict(self), "rows": [asdict(row) for row in self.rows]}


def chart_png(order: dict[str, Any]) -> bytes:
    """The picture of an order as PNG, 1080 pixels wide."""
    return picture("chart", _clean(order))


# A word longer than a column is may be broken anywhere: no name runs over its figure.
_LONG = re.compile(r"\S{16}(?=\S)")


def _clean(value: Any) -> Any:
    """Text composed and without what cannot be seen: direction marks would turn a whole line around."""
    if isinstance(value, str):
        return _LONG.sub("\\g<0>\u200b", nfc(value))
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value
