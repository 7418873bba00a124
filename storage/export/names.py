"""What the rows of a workbook refer to by id, under the names people know; read once, when the workbook begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from inspection.checklist import Item
from inspection.labels import label
from inspection.questions import QUESTION_TYPES
from inspection.visit import value_from_json
from inspection.working_days import local_date
from storage import checklists as checklist_rows
from storage import directives as directive_rows
from storage.tables import checklists, demands, directives, findings, obligations, people, units, visits
from storage.units import full_name

_KEPT = 100_000  # different answers of which the words are remembered


class Held(NamedTuple):
    """What is to be said of a visit: where and on which day it was, and by which checklist."""

    unit_id: str
    day: date
    checklist_id: int


class Names:
    """Of everything stored, not of an area alone: who signed for a unit is named to whoever may see the row."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.answer = lru_cache(_KEPT)(self._answer)

    def _rows(self, *columns: Any) -> Any:
        return self._connection.execute(select(*columns)).all()

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Full names."""
        return {row.id: full_name(row.kind, row.name) for row in self._rows(units.c.id, units.c.kind, units.c.name)}

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Names."""
        return dict(self._rows(people.c.id, people.c.name))

    @cached_property
    def visits(self) -> Mapping[str, Held]:
        """Visits, the day of one that is under way being that of its beginning."""
        at = func.coalesce(visits.c.finished_at, visits.c.started_at, type_=visits.c.started_at.type)
        rows = self._rows(visits.c.id, visits.c.unit_id, at, visits.c.checklist_id)
        return {visit: Held(unit, local_date(moment), checklist) for visit, unit, moment, checklist in rows}

    @cached_property
    def obligations(self) -> Mapping[str, tuple[str, str]]:
        """Code and unit."""
        rows = self._rows(obligations.c.id, obligations.c.code, obligations.c.unit_id)
        return {id: (code, unit) for id, code, unit in rows}

    @cached_property
    def findings(self) -> Mapping[str, str]:
        """Numbers."""
        return dict(self._rows(findings.c.id, findings.c.number))

    @cached_property
    def directives(self) -> Mapping[str, str]:
        """Numbers and symbols."""
        return dict(self._rows(directives.c.id, directives.c.number_symbol))

    @cached_property
    def demands(self) -> Mapping[str, str]:
        """What is demanded."""
        return dict(self._rows(demands.c.id, demands.c.subject))

    @cached_property
    def checklists(self) -> Mapping[int, str]:
        """Titles with their versions."""
        return {id: f"{checklist.title.vi}, phiên bản {checklist.version}" for id, checklist in self._stored.items()}

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Kinds of obligation, those an administrator named included."""
        return {code: kind.name for code, kind in directive_rows.kinds(self._connection).items()}

    @cached_property
    def _stored(self) -> Mapping[int, Any]:
        return {row.id: checklist_rows.get(self._connection, row.id) for row in self._rows(checklists.c.id)}

    @cached_property
    def items(self) -> Mapping[tuple[int, str], str]:
        """What each item of each checklist is about."""
        return {(id, code): label(item) for id, one in self._stored.items() for code, item in one.items.items()}

    def of(self, table: str) -> Callable[[Any], str | None] | None:
        """How a row of this table is called, by its id; None: it has no name."""
        named: Mapping[Any, str]
        match table:
            case "units" | "people" | "findings" | "directives" | "demands" | "checklists":
                named = getattr(self, table)
            case "obligation_kinds":
                named = self.kinds
            case _:
                return None
        return named.get

    def _answer(self, checklist_id: int, key: str, value: str) -> str:
        """An answer in the words the minutes have for it; one that is not of its item's form as it is stored."""
        item = self._stored[checklist_id].items.get(key.partition(".")[0])
        try:
            return said(item, value_from_json(value)) if item is not None else value
        except (LookupError, ValueError, TypeError):
            return value


def said(item: Item, value: Mapping[str, Any]) -> str:
    """An answer with its reasons and its note; free words whole."""
    words = value.get("noi_dung") or QUESTION_TYPES[item.answer_type].show(item, value, "vi")
    reasons = [reason.label.vi for reason in item.reasons if reason.letter in value.get("ly_do", ())]
    note = [f"ghi chú: {value['ghi_chu']}"] if value.get("ghi_chu") else []
    text = "; ".join([str(words), *reasons, *note])
    return text[:1].upper() + text[1:]
