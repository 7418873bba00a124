"""The exported tables there are, in the order in which one refers to another."""

from __future__ import annotations

from storage.export import (
    answers,
    calendar_plans,
    checklists,
    consents,
    demands,
    directives,
    findings,
    holidays,
    journal,
    obligation_kinds,
    obligations,
    people,
    photos,
    results,
    roles,
    unit_lineage,
    unit_links,
    units,
    visits,
    work_hours,
)
from storage.export.base import Exported

EXPORTED: tuple[Exported, ...] = (
    units.TABLE,
    unit_links.TABLE,
    unit_lineage.TABLE,
    people.TABLE,
    roles.TABLE,
    work_hours.TABLE,
    holidays.TABLE,
    calendar_plans.TABLE,
    checklists.TABLE,
    visits.TABLE,
    answers.TABLE,
    results.TABLE,
    findings.TABLE,
    photos.TABLE,
    obligation_kinds.TABLE,
    directives.TABLE,
    demands.TABLE,
    obligations.TABLE,
    consents.TABLE,
    journal.TABLE,
)
