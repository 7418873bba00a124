"""The indicators, each defined once: what is divided by what, what is aimed at, and which way is better.

With nothing to divide by there is no share: the figure is "không phát sinh", never 0 %. Shares are never averages of
percentages. To add one, write its line in INDICATORS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Literal

from storage.reports.counts import Counts

Unit = Literal["share", "count"]
Aim = Literal["at_least", "above", "at_most", "below"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A count, or a share of two counts; `of` None: a count. `scale` divides a numerator that is kept finer."""

    part: int
    of: int | None = None
    scale: int = 1

    @property
    def arises(self) -> bool:
        """Whether there is anything to speak of: 0 of 0 is not 0 %."""
        return self.of is None or self.of > 0

    @property
    def exact(self) -> Fraction | None:
        """The share (1 = 100 %) or the count, without rounding; None where nothing arises."""
        if self.of is None:
            return Fraction(self.part, self.scale)
        return Fraction(self.part, self.scale * self.of) if self.of else None

    def percent(self, places: int = 1) -> Decimal | None:
        """The share in percent, half up; None where nothing arises or for a count."""
        return None if self.of is None or self.exact is None else rounded(self.exact * 100, places)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. measure: None where its data has to be entered and is not.

    target: in percent for a share; None: the authority sets it, or there is none. places: decimals of a share.
    """

    code: str
    measure: Callable[[Counts], Figure | None]
    unit: Unit
    aim: Aim
    target: Decimal | None
    places: int = 1
    yearly: bool = False  # the target is one for a whole year

    def met(self, figure: Figure, target: Decimal | None = None) -> bool | None:
        """Whether a figure reaches the target; None without a target or with nothing to judge."""
        wanted = self.target if target is None else target
        if wanted is None or figure.exact is None:
            return None
        reached, goal = figure.exact * (1 if figure.of is None else 100), Fraction(wanted)
        return {
            "at_least": reached >= goal, "above": reached > goal, "at_most": reached <= goal, "below": reached < goal
        }[self.aim]  # fmt: skip

    def change(self, now: Figure | None, before: Figure | None) -> Decimal | None:
        """By how much what is shown changed, in percentage points or in number; None where either did not arise."""
        if now is None or before is None or now.exact is None or before.exact is None:
            return None
        if now.of is None:
            return rounded(now.exact - before.exact, 0)
        return rounded(now.exact * 100, self.places) - rounded(before.exact * 100, self.places)


def rounded(value: Fraction, places: int = 1) -> Decimal:
    """Half up, as offices round; the fraction is divided by whole numbers, so that no binary error decides."""
    step = Decimal(1).scaleb(-places)
    doubled = value * 10**places * 2
    whole = (abs(doubled.numerator) // doubled.denominator + 1) // 2
    return (Decimal(-whole if value < 0 else whole) * step).quantize(step, rounding=ROUND_HALF_UP)


def _issued(kind: str) -> Callable[[Counts], Figure]:
    return lambda counts: Figure(sum(one.done for one in counts.owed[kind]), len(counts.owed[kind]))


_ALL: Final = Decimal(100)
PLACE: Final = (31, 63)  # KPI-11: the place among so many that is to be bettered
INDICATORS: Final[Mapping[str, Indicator]] = {
    one.code: one
    for one in (
        Indicator("KPI-01", _issued("impl_plan"), "share", "at_least", _ALL),
        Indicator("KPI-02", lambda counts: Figure(*counts.briefed), "share", "at_least", _ALL),
        Indicator("KPI-03a", _issued("internal_rules"), "share", "at_least", _ALL),
        Indicator("KPI-03b", _issued("working_regulation"), "share", "at_least", _ALL),
        Indicator("KPI-03c", _issued("culture_plan"), "share", "at_least", _ALL),
        Indicator(
            "KPI-04a", lambda counts: Figure(len(counts.visited("surprise"))), "count", "at_least", Decimal(10),
            places=0, yearly=True,
        ),
        Indicator(
            "KPI-04b", lambda counts: Figure(len(counts.visited("combined"))), "count", "at_least", None, places=0
        ),
        Indicator(
            "KPI-05", lambda counts: Figure(len(counts.visited()), len(counts.area.units)), "share", "at_least", None,
            yearly=True,
        ),
        Indicator(
            "KPI-06", lambda counts: Figure(counts.found.due_remedied_in_time, counts.found.due), "share", "at_least",
            _ALL,
        ),
        Indicator(
            "KPI-07", lambda counts: Figure(counts.found.repeated, counts.found.closed), "share", "at_most", Decimal(0)
        ),
        Indicator(
            "KPI-08", lambda counts: Figure(counts.total("absent"), counts.total("required")), "share", "at_most",
            Decimal(0), places=2,
        ),
        Indicator(
            "KPI-09", lambda counts: Figure(counts.total("satisfied"), counts.total("rated"), 10_000), "share", "above",
            Decimal(98),
        ),
        Indicator(
            "KPI-10", lambda counts: Figure(counts.total("apologies"), counts.total("late_files")), "share", "at_least",
            _ALL,
        ),
    )
}  # fmt: skip
