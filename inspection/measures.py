"""What a finished visit brings to the indicators: sums are taken over these, never over percentages.

The items are those of the built-in checklist by their codes; a checklist that has none of a code brings nothing to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts; None where the visit says nothing.

    satisfied: hundredths of a percent times the files they are weighed by, so that adding up stays exact.
    """

    briefed: int | None = None
    staff: int | None = None
    absent: int | None = None
    required: int | None = None
    late_files: int | None = None
    apologies: int | None = None
    satisfied: int | None = None
    rated: int | None = None


def measures_of(values: Mapping[str, Mapping[str, Any]], applicable: Collection[str]) -> Measures:
    """From the answers of a visit by item code, and the codes of the items that apply to it."""

    def value(code: str, field: str = "gia_tri") -> Any:
        found = values.get(code, {}).get(field) if code in applicable else None
        return found if isinstance(found, int | Decimal) and not isinstance(found, bool) else None

    briefed, staff = _both(value("A04", "da_quan_triet"), value("A04", "tong"))
    absent, required = _both(value("C01", "vang_khong_ly_do"), value("C01", "tong"))
    late = value("F05")
    apologies, late_files = _both(0 if late == 0 else value("F06"), late)
    files, percent = value("F04"), value("F07")
    if not files or percent is None:
        return Measures(briefed, staff, absent, required, late_files, apologies)
    hundredths = int((Decimal(percent) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Measures(briefed, staff, absent, required, late_files, apologies, hundredths * int(files), int(files))


def _both(part: Any, whole: Any) -> tuple[int | None, int | None]:
    """A part without its whole says nothing, nor a whole without its part."""
    return (None, None) if part is None or whole is None else (int(part), int(whole))
