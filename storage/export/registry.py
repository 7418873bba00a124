"""The exported tables there are, in the order in which one refers to another."""

from __future__ import annotations

from storage.export import (
    answers,
    checklists,
    conclusions,
    consents,
    document_numbers,
    document_templates,
    findings,
    holidays,
    journal,
    obligations,
    people,
    photos,
    reminders,
    requests,
    results,
    roles,
    unit_lineage,
    unit_links,
    units,
    visit_members,
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
    visit_members.TABLE,
    document_numbers.TABLE,
    document_templates.TABLE,
    answers.TABLE,
    results.TABLE,
    conclusions.TABLE,
    findings.TABLE,
    photos.TABLE,
    obligations.TABLE,
    requests.TABLE,
    reminders.TABLE,
    consents.TABLE,
    journal.TABLE,
)
