"""The default calendar is the `holidays` package plus the decisions it does not know; any day can be overridden.

The package is a default only: each year's plan is decided by the Prime Minister, swaps of a working day for a Saturday
included, and is confirmed by the administrator every December.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

import holidays

from inspection.working_days import Calendar

DayKind = Literal["off", "work"]

# Official document 12729/VPCP-KGVX of 25/12/2025: Friday 02/01/2026 off, Saturday 10/01/2026 worked in exchange.
MISSING_SWAPS: Final[tuple[tuple[date, DayKind], ...]] = ((date(2026, 1, 2), "off"), (date(2026, 1, 10), "work"))
LAST_PLANNED: Final = 2026  # of later years the package only works out what the plan may be
# Ngày Văn hóa Việt Nam: chosen by Nghị quyết 80-NQ/TW, counted by the package from 2026, not yet seen in the law.
CULTURE_DAY: Final = (11, 24)


def default_calendar(
    first_year: int,
    last_year: int,
    *,
    culture_day_off: bool = True,
    overrides: Iterable[tuple[date, str]] = (),
) -> Calendar:
    """The calendar of the years from first to last, both included.

    `overrides` are days with "off" or "work" and win over everything else; a ValueError names another kind.
    """
    years = range(first_year, last_year + 1)
    vietnam = holidays.country_holidays("VN", years=years)
    kinds: dict[date, str] = dict.fromkeys(vietnam, "off")
    if not culture_day_off:
        kinds = {day: kind for day, kind in kinds.items() if (day.month, day.day) != CULTURE_DAY}
    kinds |= dict.fromkeys(vietnam.weekend_workdays, "work")
    kinds |= dict(MISSING_SWAPS)
    kinds |= dict(overrides)
    return Calendar(off=_of_kind(kinds, "off", years), work=_of_kind(kinds, "work", years))


def _of_kind(kinds: dict[date, str], wanted: str, years: range) -> frozenset[date]:
    unknown = sorted(set(kinds.values()) - {"off", "work"})
    if unknown:
        raise ValueError(f"a calendar day is off or work, not {', '.join(unknown)}")
    return frozenset(day for day, kind in kinds.items() if kind == wanted and day.year in years)
