"""The records behind a figure: visits of a span, one visit with what was not met, the findings of an item."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, false, or_, select

from inspection.visit import from_json
from storage.reports.counts import Span
from storage.tables import answers, conclusions, findings, measures, people, results, units, visits
from storage.tallies import COUNTED
from storage.units import full_name


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A finished visit in a list."""

    id: str
    unit_id: str
    unit_name: str
    form: str
    status: str
    finished_at: datetime
    score: Decimal | None
    grade: str


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """A finished visit: the codes not met, the findings it made (number, sentence), the notice, and its checklist."""

    line: VisitLine
    checklist_id: int
    failed: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]
    notice: tuple[str, date] | None
    early_reason: str


def visits_of(connection: Connection, unit_ids: Collection[str], span: Span, form: str = "") -> list[VisitLine]:
    """Finished visits of units, the newest first; form "": of any, those ended early included."""
    held = visits.c.unit_id.in_(list(unit_ids)) if unit_ids else false()
    statuses = COUNTED if form else (*COUNTED, "ended_early")
    statement = _lines().where(held, span.finished, visits.c.status.in_(statuses))
    if form:
        statement = statement.where(visits.c.form == form)
    return [_line(row) for row in connection.execute(statement.order_by(visits.c.finished_at.desc(), visits.c.id))]


def measured(
    connection: Connection, unit_ids: Collection[str], span: Span, *names: str
) -> list[tuple[VisitLine, tuple[int | None, ...]]]:
    """Finished visits that have one of these measures, the newest first, each with the measures."""
    held = visits.c.unit_id.in_(list(unit_ids)) if unit_ids else false()
    some = or_(*(measures.c[name].is_not(None) for name in names))
    statement = (
        _lines()
        .add_columns(*(measures.c[name] for name in names))
        .join(measures, measures.c.visit_id == visits.c.id)
        .where(held, span.finished, visits.c.status.in_(COUNTED), some)
        .order_by(visits.c.finished_at.desc(), visits.c.id)
    )
    return [(_line(row), tuple(getattr(row, name) for name in names)) for row in connection.execute(statement)]


def visit(connection: Connection, visit_id: str) -> VisitRecord | None:
    """One visit that is finished; None for one under way, which is nobody's to see."""
    finished = and_(visits.c.id == visit_id, visits.c.status.in_((*COUNTED, "ended_early")))
    row = connection.execute(_lines().add_columns(visits.c.document, visits.c.checklist_id).where(finished)).first()
    if row is None:
        return None
    failed = connection.execute(
        select(results.c.key)
        .where(results.c.visit_id == visit_id, results.c.outcome == "not_met")
        .order_by(results.c.key)
    ).scalars()
    found = connection.execute(
        select(findings.c.number, findings.c.sentence)
        .where(findings.c.visit_id == visit_id)
        .order_by(findings.c.number)
    )
    notice = connection.execute(
        select(conclusions.c.document, conclusions.c.issued).where(conclusions.c.visit_id == visit_id)
    ).first()
    document = from_json(row.document)
    return VisitRecord(
        _line(row), row.checklist_id, tuple(failed), tuple((one.number, one.sentence) for one in found),
        (notice.document, notice.issued) if notice else None, str(getattr(document, "early_reason", "") or ""),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """One value ever given to an item: by whom, when, and word for word."""

    value: Mapping[str, Any]
    name: str
    at: datetime
    said: str


def given(connection: Connection, visit_id: str, key: str) -> list[Given]:
    """The values an item of a visit was given, the newest first: that one counts, the others are its history."""
    rows = connection.execute(
        select(answers.c.value, answers.c.recorded_at, answers.c.said, people.c.name)
        .join(people, people.c.id == answers.c.person_id)
        .where(answers.c.visit_id == visit_id, answers.c.key == key)
        .order_by(answers.c.revision.desc())
    )
    return [Given(json.loads(row.value), row.name, row.recorded_at, row.said) for row in rows]


def made_by(connection: Connection, visit_ids: Collection[str], span: Span) -> set[str]:
    """Those of some visits that were made by the checklists of a span."""
    ids = list(dict.fromkeys(visit_ids))
    return set(connection.execute(select(visits.c.id).where(visits.c.id.in_(ids), span.by_checklist)).scalars())


def _lines() -> Any:
    return select(
        visits.c.id, visits.c.unit_id, visits.c.form, visits.c.status, visits.c.finished_at, visits.c.score,
        visits.c.grade, units.c.kind, units.c.name,
    ).join(units, units.c.id == visits.c.unit_id)  # fmt: skip


def _line(row: Any) -> VisitLine:
    return VisitLine(
        row.id, row.unit_id, full_name(row.kind, row.name), row.form, row.status, row.finished_at, row.score,
        row.grade or "",
    )  # fmt: skip
