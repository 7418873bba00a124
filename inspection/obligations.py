"""Whether an obligation is overdue is computed from the day and the calendar, never stored.

An obligation is what a unit owes by a day: a plan a directive demands, a rule document, a report on remedies. It is
done when the unit reported it; in time or late is decided by the day of its document, not by the day of the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from inspection.working_days import Calendar, local_date

State = Literal["open", "reported", "accepted", "cancelled"]
Standing = Literal["done_on_time", "done_late", "open", "overdue", "cancelled"]


KINDS_EN: Final = {
    "impl_plan": "plan implementing administrative discipline",
    "rule_doc": "internal rules and working regulation",
    "culture_plan": "plan for the culture of public service",
}  # whose subject is always the same; any other says in its own words what is owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """What a unit owes. `due` is the date in force, `original_due` the one before any extension; local days."""

    id: str
    code: str  # as printed and typed: "NV-2026-0147"
    unit_id: str
    kind: str  # "impl_plan", "rule_doc", "culture_plan", "finding", …
    subject: str  # "Kế hoạch kỷ luật, kỷ cương"; the year is added where it is shown
    year: int
    due: date
    original_due: date
    state: State = "open"
    document: str = ""  # number and symbol reported: "15/KH-UBND"
    issued: date | None = None
    reported_at: datetime | None = None  # aware
    directive: str = ""  # the document that demands it, as cited

    @property
    def title(self) -> str:
        """The subject with its year: "Kế hoạch kỷ luật, kỷ cương năm 2026"."""
        return f"{self.subject} năm {self.year}"

    def title_in(self, language: str) -> str:
        """The title as a sentence of this language names it; a subject of the office's own is quoted as it stands."""
        if language == "vi":
            return self.title
        return f"{KINDS_EN.get(self.kind, f'“{self.subject}”')} for {self.year}"

    @property
    def extended(self) -> bool:
        """Whether the date in force is a later one than the first."""
        return self.due > self.original_due


def standing(obligation: Obligation, today: date, calendar: Calendar) -> Standing:
    """How the obligation stands at the end of office hours of the local day `today`."""
    if obligation.state == "cancelled":
        return "cancelled"
    if obligation.state == "open":
        return "overdue" if today > last_day(obligation, calendar) else "open"
    done = _done_on(obligation)
    return "done_late" if done is not None and done > last_day(obligation, calendar) else "done_on_time"


def overdue_by(obligation: Obligation, today: date, calendar: Calendar) -> int:
    """Working days past due, 0 when not overdue; on the days off right after the due day it is still 0."""
    if standing(obligation, today, calendar) != "overdue":
        return 0
    return calendar.working_days_between(last_day(obligation, calendar), today)


def last_day(obligation: Obligation, calendar: Calendar) -> date:
    """The last day on which it is in time: the due date, or the next working day if that date is off (Điều 148)."""
    return calendar.next_working_day(obligation.due)


def _done_on(obligation: Obligation) -> date | None:
    """The day of the document; of the report where no document is dated; None if neither is known (older records)."""
    if obligation.issued is not None or obligation.reported_at is None:
        return obligation.issued
    return local_date(obligation.reported_at)
