"""Whether an obligation is overdue is computed from the day and the calendar, never stored.

An obligation is what a unit owes by a day: a plan a directive demands, a rule document, the remedy of a finding. It is
done when the unit has reported it and the authority has accepted it; in time or late is decided by the day of its
document, not by the day of the message, so that a proof that is returned makes nothing overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from inspection.phrases import Phrase
from inspection.working_days import Calendar, local_date

# open: owed. reported: the authority has two working days. returned: something is missing in the proof, the document
# stands. accepted, cancelled: over.
State = Literal["open", "reported", "returned", "accepted", "cancelled"]
Standing = Literal["on_time", "on_time_by_extension", "late", "open", "overdue", "cancelled"]

OWED: Final = ("open", "returned")  # the unit has something to do
DONE: Final = ("on_time", "on_time_by_extension", "late")
ANSWER_WITHIN: Final = 2  # working days: the authority to answer, the unit to complete a proof


NUMBER = Phrase("số, ký hiệu văn bản", "the document's number and symbol")
ISSUED = Phrase("đã ban hành", "issued")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of obligation, as reminders speak of it. `symbol`: a document that would report it, as an example.

    `english`: what an English sentence calls it; "" for one the office named itself, which is quoted as it stands.
    """

    code: str
    name: str
    symbol: str
    missing: Phrase = NUMBER  # what the system has not received
    done: Phrase = ISSUED  # "Báo cáo đã ban hành", "Report it issued"
    english: str = ""


def _issued(code: str, name: str, symbol: str, english: str) -> Kind:
    return Kind(code, name, symbol, english=english)


REMEDY: Final = "finding"
_ALWAYS_THE_SAME: Final = (  # whose subject says no more than the kind does
    _issued("impl_plan", "Kế hoạch triển khai", "15/KH-UBND", "plan implementing administrative discipline"),
    _issued("internal_rules", "Nội quy cơ quan", "15/QĐ-UBND", "internal rules"),
    _issued("working_regulation", "Quy chế làm việc", "15/QĐ-UBND", "working regulation"),
    _issued("culture_plan", "Kế hoạch văn hóa công vụ", "15/KH-UBND", "plan for the culture of public service"),
)
KINDS: Final = {
    kind.code: kind
    for kind in (
        *_ALWAYS_THE_SAME,
        Kind("report", "Báo cáo", "15/BC-UBND", done=Phrase("đã gửi", "sent"), english="report"),
        Kind(
            REMEDY, "Khắc phục tồn tại, hạn chế", "15/BC-UBND",
            Phrase("báo cáo kết quả khắc phục", "the report of the remedy"), Phrase("đã khắc phục", "remedied"),
            "remedy of a finding",
        ),
    )
}  # fmt: skip
_TITLES_EN: Final = {kind.code: kind.english for kind in _ALWAYS_THE_SAME}


def kind_of(code: str) -> Kind:
    """The kind; one the administrator named awaits a document like any other."""
    return KINDS.get(code) or Kind(code, code, "15/QĐ-UBND")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """What a unit owes. `due` is the date in force, `original_due` the one before any extension; local days."""

    id: str
    code: str  # as printed and typed: "NV-2026-0147"; the remedy of a finding has the finding's: "TT-2026-031"
    unit_id: str
    kind: str  # of KINDS, or one the administrator named
    subject: str  # "Kế hoạch kỷ luật, kỷ cương"; the year is added where it is shown
    year: int
    due: date
    original_due: date
    state: State = "open"
    document: str = ""  # number and symbol reported: "15/KH-UBND"
    issued: date | None = None
    reported_at: datetime | None = None  # aware
    reported_by: str | None = None
    directive: str = ""  # the document that demands it, as cited
    directive_id: str | None = None
    demand_id: str | None = None
    finding_id: str | None = None
    complete_by: date | None = None  # of a returned one: until when its proof is to be completed

    @property
    def title(self) -> str:
        """The subject with its year: "Kế hoạch kỷ luật, kỷ cương năm 2026"; a finding's sentence as it is."""
        return self.subject if self.kind == REMEDY else f"{self.subject} năm {self.year}"

    def title_in(self, language: str) -> str:
        """The title as a sentence of this language names it; a subject of the office's own is quoted as it stands."""
        if language == "vi":
            return self.title
        if self.kind == REMEDY:
            return f"“{self.subject}”"
        return f"{_TITLES_EN.get(self.kind, f'“{self.subject}”')} for {self.year}"

    @property
    def extended(self) -> bool:
        """Whether the date in force is a later one than the first."""
        return self.due > self.original_due

    @property
    def owed_by(self) -> date:
        """The day the ladder counts from: the due date, or the day a returned proof is to be completed by."""
        return self.complete_by if self.state == "returned" and self.complete_by is not None else self.due


def standing(obligation: Obligation, today: date, calendar: Calendar) -> Standing:
    """How the obligation stands at the end of office hours of the local day `today`."""
    if obligation.state == "cancelled":
        return "cancelled"
    if obligation.state == "open" or (obligation.state == "returned" and obligation.issued is None):
        return "overdue" if today > last_day(obligation, calendar) else "open"
    done = _done_on(obligation)
    if done is None or done <= calendar.next_working_day(obligation.original_due):
        return "on_time"
    return "on_time_by_extension" if done <= calendar.next_working_day(obligation.due) else "late"


def overdue_by(obligation: Obligation, today: date, calendar: Calendar) -> int:
    """Working days past due, 0 when not overdue; on the days off right after the due day it is still 0."""
    if standing(obligation, today, calendar) != "overdue":
        return 0
    return calendar.working_days_between(last_day(obligation, calendar), today)


def last_day(obligation: Obligation, calendar: Calendar) -> date:
    """The last day on which it is in time: the day owed by, or the next working day if that is off (Điều 148)."""
    return calendar.next_working_day(obligation.owed_by)


def _done_on(obligation: Obligation) -> date | None:
    """The day of the document; of the report where no document is dated; None if neither is known (older records)."""
    if obligation.issued is not None or obligation.reported_at is None:
        return obligation.issued
    return local_date(obligation.reported_at)
