"""The exported tables there are, in the order in which one refers to another."""

from __future__ import annotations

from storage.export import (
    answers,
    checklists,
    consents,
    external_indices,
    findings,
    holidays,
    journal,
    measures,
    obligations,
    people,
    photos,
    results,
    roles,
    subscriptions,
    targets,
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
    checklists.TABLE,
    visits.TABLE,
    answers.TABLE,
    results.TABLE,
    measures.TABLE,
    findings.TABLE,
    photos.TABLE,
    obligations.TABLE,
    external_indices.TABLE,
    targets.TABLE,
    subscriptions.TABLE,
    consents.TABLE,
    journal.TABLE,
)
