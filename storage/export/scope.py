"""Which rows belong to an area of units: the one place that narrows an export, table by table.

An area holds the units given, all below them today, and what is no more but led to them: a unit that ended, by its
last place in the tree, and a unit merged into one of the area. A visit under way is in no area: only its leader is
told of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, true

from storage.export.base import Exported, Values
from storage.tables import answers as answer_rows
from storage.tables import (
    conclusions,
    consents,
    demands,
    directives,
    document_numbers,
    document_templates,
    external_indices,
    findings,
    measures,
    obligations,
    people,
    photos,
    reminders,
    requests,
    roles,
    subscriptions,
    targets,
    unit_lineage,
    unit_links,
    units,
    visit_members,
    visits,
    work_hours,
)
from storage.tables import results as result_rows
from storage.units import in_force

_AT_ONCE = 2_000  # rows held in memory


@dataclass(frozen=True, slots=True)
class Area:
    """Units by id; `whole`: all there are, so that what belongs to no unit (the journal) belongs to it too."""

    units: tuple[str, ...]
    whole: bool = False

    def holds(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a column names a unit of the area."""
        return true() if self.whole else column.in_(self.units)


def area_of(connection: Connection, unit_ids: Collection[str], today: date) -> Area:
    """The area of somebody whose role holds at these units on a day."""
    led_to: dict[str, set[str]] = defaultdict(set)
    ended = select(units.c.id).where(units.c.valid_to < today)
    below = select(unit_links.c.parent_id, unit_links.c.unit_id).where(
        or_(in_force(unit_links, today), unit_links.c.unit_id.in_(ended))
    )
    for above, unit_id in connection.execute(below.order_by(unit_links.c.valid_from)):
        led_to[above].add(unit_id)
    # Of a unit that goes on, a part may have become another: its own rows stay its own.
    became = select(unit_lineage.c.to_id, unit_lineage.c.from_id).where(unit_lineage.c.from_id.in_(ended))
    for successor, unit_id in connection.execute(became):
        led_to[successor].add(unit_id)
    found, waiting = set(unit_ids), list(unit_ids)
    while waiting:
        new = led_to[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    total = connection.execute(select(func.count()).select_from(units)).scalar_one()
    return Area(tuple(sorted(found)), whole=len(found) == total)


def rows_of(connection: Connection, table: Exported, area: Area | None = None) -> Iterator[Values]:
    """The rows of a table, a few at a time; those of an area, or without one all there are."""
    statement = _narrowed(table, area)
    for row in connection.execute(statement.execution_options(yield_per=_AT_ONCE)):
        yield tuple(row)


def count_of(connection: Connection, table: Exported, area: Area | None = None) -> int:
    """How many rows that is."""
    statement = _narrowed(table, area).order_by(None)
    return connection.execute(select(func.count()).select_from(statement.subquery())).scalar_one()


def ids_of(connection: Connection, table: Exported, area: Area | None = None) -> list[str]:
    """The first field of these rows, in their order."""
    statement = _narrowed(table, area)
    return list(connection.execute(statement.with_only_columns(statement.selected_columns[0])).scalars())


def _narrowed(table: Exported, area: Area | None) -> Select[Any]:
    statement = table.rows()
    return statement if area is None else statement.where(WITHIN[table.name](area))


def _over(area: Area) -> Select[Any]:
    return select(visits.c.id).where(_visit(area))


def _visit(area: Area) -> ColumnElement[bool]:
    return and_(area.holds(visits.c.unit_id), visits.c.status != "in_progress")


def _photo(area: Area) -> ColumnElement[bool]:
    return or_(photos.c.visit_id.in_(_over(area)), photos.c.obligation_id.in_(_owed(area)))


def _owed(area: Area) -> Select[Any]:
    return select(obligations.c.id).where(area.holds(obligations.c.unit_id))


def _directive(area: Area) -> Select[Any]:
    """Of the area's own issuers, and those under which a unit of the area owes something."""
    owed = select(obligations.c.directive_id).where(
        area.holds(obligations.c.unit_id), obligations.c.directive_id.is_not(None)
    )
    return select(directives.c.id).where(or_(area.holds(directives.c.issuer_id), directives.c.id.in_(owed)))


def _person(area: Area, column: ColumnElement[Any]) -> ColumnElement[bool]:
    return true() if area.whole else column.in_(select(roles.c.person_id).where(area.holds(roles.c.unit_id)))


WITHIN: Mapping[str, Callable[[Area], ColumnElement[bool]]] = {
    "units": lambda area: area.holds(units.c.id),
    "unit_links": lambda area: area.holds(unit_links.c.unit_id),
    "unit_lineage": lambda area: or_(area.holds(unit_lineage.c.from_id), area.holds(unit_lineage.c.to_id)),
    "people": lambda area: _person(area, people.c.id),
    "roles": lambda area: area.holds(roles.c.unit_id),
    "work_hours": lambda area: area.holds(work_hours.c.unit_id),
    "holidays": lambda _: true(),
    "calendar_plans": lambda _: true(),
    "checklists": lambda _: true(),
    "visits": _visit,
    "visit_members": lambda area: visit_members.c.visit_id.in_(_over(area)),
    "document_numbers": lambda area: document_numbers.c.visit_id.in_(_over(area)),
    "document_templates": lambda area: area.holds(document_templates.c.unit_id),
    "answers": lambda area: answer_rows.c.visit_id.in_(_over(area)),
    "results": lambda area: result_rows.c.visit_id.in_(_over(area)),
    "conclusions": lambda area: conclusions.c.visit_id.in_(_over(area)),
    "measures": lambda area: measures.c.visit_id.in_(_over(area)),
    "findings": lambda area: area.holds(findings.c.unit_id),
    "photos": _photo,
    "obligation_kinds": lambda _: true(),
    "directives": lambda area: directives.c.id.in_(_directive(area)),
    "demands": lambda area: demands.c.directive_id.in_(_directive(area)),
    "obligations": lambda area: area.holds(obligations.c.unit_id),
    "requests": lambda area: requests.c.obligation_id.in_(_owed(area)),
    "reminders": lambda area: reminders.c.obligation_id.in_(_owed(area)),
    "external_indices": lambda area: area.holds(external_indices.c.unit_id),
    "targets": lambda area: area.holds(targets.c.unit_id),
    "subscriptions": lambda area: area.holds(subscriptions.c.unit_id),
    "consents": lambda area: _person(area, consents.c.person_id),
    "journal": lambda area: true() if area.whole else false(),
}
