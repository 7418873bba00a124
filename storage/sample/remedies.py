"""What became of the findings of past visits: the notice, the remedy by its day, more time where it was granted.

Everything goes the way it goes in use; only the days are invented. Of the newest visits the notice is still to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import Connection, select

from inspection.obligations import ANSWER_WITHIN, Obligation
from inspection.visit import Visit
from inspection.working_days import LOCAL, Calendar
from storage import obligations, remedies, requests
from storage.remedies import Conclusion
from storage.requests import Request
from storage.sample.people import ADMINISTRATOR, sample_id
from storage.tables import findings

LAST_DAY = date(2026, 7, 31)  # the year of history ends on the morning of 04/8/2026
_ANSWERED_BY = sample_id("person", ADMINISTRATOR)
_NOTICE_AFTER, _NOTICE_AT_MOST = 5, 15  # working days from the visit to its notice
_QUICK_NOTICE_AFTER = 2
_QUICK_SINCE = date(2026, 7, 20)
_REPORTED_BEFORE = 1  # working days before the due day
_EVERY_LATE, _LATE_BY = 7, 2  # every seventh remedy was reported two working days late


@dataclass(frozen=True, slots=True)
class Remedies:
    """Tells what came of the findings of visits, in the order of the visits."""

    connection: Connection
    calendar: Calendar

    def tell(self, visit: Visit, head_id: str, unremedied: Mapping[str, date], number: int) -> None:
        """Of one visit, the `number`-th; `unremedied`: by item, the due day of what is still open."""
        issued = self._notice_day(visit, unremedied)
        if issued > LAST_DAY:
            return
        notice, at = Conclusion(f"{number:02d}/TB-SNV", issued), _at(issued, 15)
        ids = (sample_id("obligation", f"remedy/{visit.id}/{n}") for n in count())
        owed = remedies.conclude(self.connection, visit.id, notice, _ANSWERED_BY, at, self.calendar, lambda: next(ids))
        items = {row.id: row.item_code for row in self._found(visit)}
        for place, one in enumerate(owed or (), start=number):
            still_due = unremedied.get(items[one.finding_id])
            if still_due is None:
                self._remedied(one, head_id, place)
            elif still_due != one.due:
                self._extended(one, head_id, still_due)

    def _found(self, visit: Visit) -> Sequence[Any]:
        return self.connection.execute(select(findings).where(findings.c.visit_id == visit.id)).all()

    def _notice_day(self, visit: Visit, unremedied: Mapping[str, date]) -> date:
        """The day from which the period of an open finding ends on its due day; where none does, the usual one."""
        add, periods = self.calendar.add_working_days, {row.item_code: row.remedy_days for row in self._found(visit)}
        usual = add(visit.on, _QUICK_NOTICE_AFTER if visit.on >= _QUICK_SINCE else _NOTICE_AFTER)
        days = [d for more in range(_NOTICE_AT_MOST - _NOTICE_AFTER) if (d := add(usual, more)) <= LAST_DAY]
        fitting = (day for day in days for item, due in unremedied.items() if add(day, periods[item]) == due)
        return next(fitting, usual)

    def _remedied(self, one: Obligation, head_id: str, place: int) -> None:
        late = place % _EVERY_LATE == 0
        on = min(self.calendar.add_working_days(one.due, _LATE_BY if late else -_REPORTED_BEFORE), LAST_DAY)
        at, document = _at(on, 9, place), f"{20 + place}/BC-UBND"
        obligations.report(self.connection, one.id, obligations.Report(document, on, head_id, at))
        self._asked(one, head_id, at, "report", document=document, issued=on, proof="system")
        obligations.accept(self.connection, one.id)

    def _extended(self, one: Obligation, head_id: str, until: date) -> None:
        on = min(self.calendar.add_working_days(one.due, -_REPORTED_BEFORE), LAST_DAY)
        self._asked(
            one, head_id, _at(on, 9), "extension", until=until, words="chờ bố trí kinh phí theo kế hoạch quý III"
        )
        obligations.extend(self.connection, one.id, until)

    def _asked(self, one: Obligation, head_id: str, at: datetime, kind: requests.Kind, **more: Any) -> None:
        """Asked in the morning and granted in the afternoon."""
        on = at.date()
        request = Request(
            obligation_id=one.id, kind=kind, asked_by=head_id, asked_at=at, told_at=at,
            answer_by=self.calendar.add_working_days(on, ANSWER_WITHIN), state="granted", answered_by=_ANSWERED_BY,
            answered_at=_at(on, 16), **more,
        )  # fmt: skip
        requests.put(self.connection, request)


def _at(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), LOCAL)
