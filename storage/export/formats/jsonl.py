"""JSON Lines: one object a line, nothing cut, dates as 2026-08-04, moments in UTC; the format to keep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from storage.export.base import Field, Listed, Values


def write(path: Path, table: Listed, rows: Iterable[Values]) -> int:
    """Write the file; returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            values = {field.name: _value(field, value) for field, value in zip(table.fields, row, strict=True)}
            file.write(json.dumps(values, ensure_ascii=False) + "\n")
            count += 1
    return count


def _value(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.kind == "json":
        return json.loads(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def moment(value: datetime) -> str:
    """An instant as 2026-08-04T01:00:00Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
