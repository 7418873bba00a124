"""Another day off moves the due dates worked out with it; one that was extended or came without a rule stays as it is.

What stays can still end on another day: a due date that has become a day off gives way to the next working day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from inspection.obligations import OWED, Obligation, last_day
from inspection.working_days import Calendar
from storage import directives
from storage import obligations as owed_rows
from storage.tables import conclusions, demands, findings, obligations
from storage.tables import directives as directive_rows


@dataclass(frozen=True, slots=True)
class Move:
    """An obligation whose last day in time changes; `due` is the new date to be stored, `end` the last day."""

    obligation: Obligation
    due: date
    before: date
    end: date


def moves(connection: Connection, before: Calendar, after: Calendar) -> list[Move]:
    """What of the open obligations a change of the calendar moves, by code."""
    if before == after:
        return []
    found = []
    rules = {row.id: row for row in connection.execute(_RULES)}
    for one in owed_rows.get_many(connection, rules).values():
        due = _again(rules[one.id], one, before, after)
        moved = replace(one, due=due, original_due=due) if due != one.due else one
        ends = last_day(one, before), last_day(moved, after)
        if ends[0] != ends[1]:
            found.append(Move(one, due, *ends))
    return sorted(found, key=lambda move: move.obligation.code)


def move(connection: Connection, moved: Sequence[Move]) -> None:
    """Store the new due dates; the findings of remedies get theirs too."""
    for one in moved:
        values = {"due": one.due, "original_due": one.due}
        if one.due == one.obligation.due:
            continue
        connection.execute(update(obligations).where(obligations.c.id == one.obligation.id).values(values))
        if one.obligation.finding_id is not None:
            connection.execute(update(findings).where(findings.c.id == one.obligation.finding_id).values(values))


_RULES = (
    select(
        obligations.c.id, obligations.c.year, demands.c.due_rule, demands.c.id.label("demand"), findings.c.remedy_days,
        conclusions.c.issued.label("concluded"), directive_rows.c.issued, directive_rows.c.year.label("of"),
    )
    .outerjoin(demands, demands.c.id == obligations.c.demand_id)
    .outerjoin(directive_rows, directive_rows.c.id == demands.c.directive_id)
    .outerjoin(findings, findings.c.id == obligations.c.finding_id)
    .outerjoin(conclusions, conclusions.c.visit_id == findings.c.visit_id)
    .where(obligations.c.state.in_(OWED))
)  # fmt: skip


def _again(rule: Any, one: Obligation, before: Calendar, after: Calendar) -> date:
    """The due date by the new calendar, if the old one gave the date in force; else that date."""

    def worked_out(calendar: Calendar) -> date:
        if rule.demand is not None:
            return directives.due_by(rule.due_rule, rule.issued, rule.of, rule.year, calendar)
        if rule.concluded is not None:
            return calendar.add_working_days(rule.concluded, rule.remedy_days)
        return one.due

    unmoved = not one.extended and worked_out(before) == one.due
    return worked_out(after) if unmoved else one.due


def set_due(connection: Connection, demand_id: str, year: int, due: date) -> None:
    """A demand says another day: what is still owed and was not extended follows it."""
    of_demand = obligations.c.demand_id == demand_id, obligations.c.year == year
    unmoved = obligations.c.state.in_(OWED), obligations.c.due == obligations.c.original_due, obligations.c.due != due
    connection.execute(update(obligations).where(*of_demand, *unmoved).values(due=due, original_due=due))
