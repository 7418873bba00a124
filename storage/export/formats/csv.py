"""CSV for spreadsheets: UTF-8 with its mark, so that tone marks are read rightly; no text can become a formula.

Moments are Vietnam's time, written so that a spreadsheet takes them for moments: JSON Lines has them in UTC.
A text that a spreadsheet would take for a formula gets an apostrophe in front; figures stay figures.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from inspection.working_days import LOCAL
from storage.export.base import Field, Listed, Values

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last: full width


def write(path: Path, table: Listed, rows: Iterable[Values]) -> int:
    """Write the file; returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in table.fields)
        for row in rows:
            writer.writerow(_cell(field, value) for field, value in zip(table.fields, row, strict=True))
            count += 1
    return count


def _cell(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    text = str(value)
    return f"'{text}" if field.kind in ("text", "json") and text.startswith(_BEGINS_FORMULA) else text
