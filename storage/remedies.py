"""Findings become known to a unit by the notice of conclusions, and from its day their remedies are owed.

Before the notice nobody at the unit sees them; with it each finding that is to be remedied becomes an obligation under
the finding's own number, with the ladder, the proofs and the answers of any other obligation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from inspection.directives import cite
from inspection.obligations import REMEDY, Obligation
from inspection.working_days import Calendar
from storage import obligations as owed_rows
from storage import units
from storage.tables import conclusions, findings, obligations, visits


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """A signed visit whose conclusions have not been sent: how many findings wait for the notice."""

    visit_id: str
    unit_id: str
    on: date
    findings: int


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A notice of conclusions: "15/TB-SNV" of a day."""

    document: str
    issued: date


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with what became of it. `notice`: None before the unit was told; `photo`: SHA-256, "" without one.

    due: the day in force; original_due: the day the notice gave, whatever was extended since.
    """

    number: str
    unit_id: str
    visit_id: str
    item_code: str
    sentence: str
    found_on: date
    due: date | None
    original_due: date | None
    remedied: bool
    photo: str
    repeat_of: str  # the number of the earlier finding
    remedy_days: int  # working days from the notice, 0 = to be learnt from
    notice: Conclusion | None
    remedy: Obligation | None


def inconclusive(connection: Connection, unit_ids: Collection[str]) -> list[Inconclusive]:
    """Signed visits of these units whose notice of conclusions is to be entered, the longest waiting first."""
    if not unit_ids:
        return []
    rows = connection.execute(
        select(visits.c.id, visits.c.unit_id, func.min(findings.c.found_on).label("on"), func.count().label("total"))
        .join(findings, findings.c.visit_id == visits.c.id)
        .outerjoin(conclusions, conclusions.c.visit_id == visits.c.id)
        .where(visits.c.unit_id.in_(list(unit_ids)), visits.c.status == "signed", conclusions.c.visit_id.is_(None))
        .group_by(visits.c.id, visits.c.unit_id)
        .order_by(func.min(findings.c.found_on), visits.c.id)
    )
    return [Inconclusive(r.id, r.unit_id, r.on, int(r.total)) for r in rows]


def conclude(  # noqa: PLR0913  the notice, who enters it, and what due days are worked out with
    connection: Connection, visit_id: str, notice: Conclusion, entered_by: str | None, now: datetime,
    calendar: Calendar, new_id: Callable[[], str],
) -> list[Obligation] | None:  # fmt: skip
    """Enter the notice of conclusions of a visit; returns the remedies now owed, None if it was entered before.

    A finding without a period is a lesson: nothing is owed for it, and it is closed with the notice.
    """
    if connection.execute(select(conclusions.c.visit_id).where(conclusions.c.visit_id == visit_id)).first():
        return None
    connection.execute(
        insert(conclusions).values(
            visit_id=visit_id, document=notice.document, issued=notice.issued, entered_by=entered_by, entered_at=now
        )
    )
    open_ones = select(findings).where(findings.c.visit_id == visit_id, findings.c.status == "open")
    rows = connection.execute(open_ones.order_by(findings.c.number)).all()
    lessons = [row.id for row in rows if not row.remedy_days]
    if lessons:
        connection.execute(update(findings).where(findings.c.id.in_(lessons)).values(status="verified"))
    issuer = _issuer(connection, visit_id, notice.document, now.date())
    owed = [_remedy(row, notice, issuer, calendar, new_id()) for row in rows if row.remedy_days]
    owed_rows.save(connection, owed)
    for one in owed:
        connection.execute(
            update(findings).where(findings.c.id == one.finding_id).values(due=one.due, original_due=one.due)
        )
    return owed


def _remedy(row: Any, notice: Conclusion, issuer: str, calendar: Calendar, obligation_id: str) -> Obligation:
    due = calendar.add_working_days(notice.issued, row.remedy_days)
    return Obligation(
        id=obligation_id, code=row.number, unit_id=row.unit_id, kind=REMEDY, subject=row.sentence[:300],
        year=notice.issued.year, due=due, original_due=due, finding_id=row.id,
        directive=cite(notice.document, notice.issued, issuer),
    )  # fmt: skip


def _issuer(connection: Connection, visit_id: str, document: str, on: date) -> str:
    """Who concludes: the unit above the one visited, or its department whom the symbol of the notice names."""
    unit_id = connection.execute(select(visits.c.unit_id).where(visits.c.id == visit_id)).scalar_one()
    unit = units.get(connection, unit_id, on=on)
    issuer = units.issuing(connection, unit.parent_id, document, on=on) if unit and unit.parent_id else None
    return issuer.full_name if issuer else ""


def listed(
    connection: Connection, unit_ids: Collection[str], *, open_only: bool = True, told_only: bool = False
) -> list[Finding]:
    """The findings of units, the oldest due first; `told_only`: those whose notice the unit has received."""
    if not unit_ids:
        return []
    statement = _findings().where(findings.c.unit_id.in_(list(unit_ids)))
    if open_only:
        statement = statement.where(findings.c.status == "open")
    if told_only:
        statement = statement.where(conclusions.c.visit_id.is_not(None))
    return _read(connection, statement.order_by(func.coalesce(findings.c.due, date.max), findings.c.number))


def of_visit(connection: Connection, visit_id: str) -> list[Finding]:
    """The findings of one visit by their numbers, whatever became of them."""
    return _read(connection, _findings().where(findings.c.visit_id == visit_id).order_by(findings.c.number))


def notice_of(connection: Connection, visit_id: str) -> Conclusion | None:
    """The notice of conclusions of a visit; None while it has not been entered."""
    row = connection.execute(select(conclusions).where(conclusions.c.visit_id == visit_id)).first()
    return Conclusion(row.document, row.issued) if row is not None else None


def by_number(connection: Connection, number: str) -> Finding | None:
    """One finding by its number."""
    return next(iter(_read(connection, _findings().where(findings.c.number == number.upper()))), None)


def _findings() -> Any:
    earlier = findings.alias("earlier")
    return (
        select(
            findings, conclusions.c.document.label("notice_document"), conclusions.c.issued.label("notice_issued"),
            earlier.c.number.label("repeat_number"), obligations.c.id.label("remedy_id"),
        )
        .outerjoin(conclusions, conclusions.c.visit_id == findings.c.visit_id)
        .outerjoin(obligations, obligations.c.finding_id == findings.c.id)
        .outerjoin(earlier, earlier.c.id == findings.c.repeat_of)
    )  # fmt: skip


def _read(connection: Connection, statement: Any) -> list[Finding]:
    rows = connection.execute(statement).all()
    remedies = owed_rows.get_many(connection, [row.remedy_id for row in rows if row.remedy_id])
    return [
        Finding(
            row.number, row.unit_id, row.visit_id, row.item_code, row.sentence, row.found_on, row.due,
            row.original_due, row.status == "verified", row.photo or "", row.repeat_number or "", row.remedy_days,
            Conclusion(row.notice_document, row.notice_issued) if row.notice_document else None,
            remedies.get(row.remedy_id),
        )
        for row in rows
    ]  # fmt: skip
