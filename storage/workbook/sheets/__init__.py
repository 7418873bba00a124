"""The sheets there are, in the order in which they are imported: to add one, write its file and its line here."""

from __future__ import annotations

from storage.workbook.sheets import checklist, directives, holidays, hours, legal, lineage, people, sets, units
from storage.workbook.sheets.base import Sheet

SHEETS: tuple[Sheet, ...] = (
    units.SHEET,
    people.SHEET,
    sets.SHEET,
    checklist.SHEET,
    legal.SHEET,
    hours.SHEET,
    holidays.SHEET,
    directives.SHEET,
    lineage.SHEET,
)
