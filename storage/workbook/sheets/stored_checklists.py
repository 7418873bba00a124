"""Checklist versions as they were stored, row by row: what is written back to a workbook is what came from one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from inspection.checklist import Text
from storage.tables import checklists


@dataclass(frozen=True, slots=True)
class StoredChecklist:
    """One version. items, legal_bases: column to cell, one mapping a row."""

    id: int
    code: str
    version: int
    title: Text
    valid_from: date
    items: list[dict[str, Any]]
    legal_bases: list[dict[str, Any]]

    @property
    def label(self) -> str:
        """How rows of a workbook name it."""
        return f"{self.code}:{self.version}"


def stored_checklists(connection: Connection) -> list[StoredChecklist]:
    """Every version, by code and number."""
    found = []
    for row in connection.execute(select(checklists).order_by(checklists.c.code, checklists.c.version)):
        content = json.loads(row.rows)
        title = Text(*content["title"])
        found.append(
            StoredChecklist(
                row.id, row.code, row.version, title, row.valid_from, content["items"], content["legal_bases"]
            )
        )
    return found
