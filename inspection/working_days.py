"""A period counts from the day after the event; make-up Saturdays count, public holidays do not.

Bộ luật Dân sự 2015, Điều 147 (the first day is not counted) and Điều 148 (a period that ends on a day off ends on the
next working day). Days are local dates; which weekdays are off and which Saturdays are worked is data.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Weekdays that are off and Saturdays (or Sundays) that are worked; all other weekdays are working days."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day."""
        return day not in self.off if day.weekday() < _SATURDAY else day in self.work

    def next_working_day(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """The day itself if it is a working day, else the last one before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days after the event; 0 is the day itself, below 0 counts back from a due day."""
        if count < 0:
            day = self.previous_working_day(day)
        for _ in range(abs(count)):
            day = self.next_working_day(day + _DAY) if count > 0 else self.previous_working_day(day - _DAY)
        return day

    def add_days(self, day: date, count: int) -> date:
        """The day `count` calendar days after the event, rolled forward to a working day."""
        return self.next_working_day(day + timedelta(days=count))

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        return self._worked_through(end) - self._worked_through(start)

    def latest_overdue(self, today: date) -> date:
        """The latest due date that is overdue today: a query for overdue work asks for `due <= latest_overdue`."""
        return self.previous_working_day(today - _DAY)

    def _worked_through(self, day: date) -> int:
        """Working days from the beginning of time to this day; only differences mean anything.

        Counted by arithmetic and two look-ups, because sweeps ask this of very many obligations.
        """
        weeks, rest = divmod(day.toordinal(), 7)  # day 1 of the calendar was a Monday
        weekdays = weeks * 5 + min(rest, 5)
        return weekdays - bisect_right(self._weekdays_off, day) + bisect_right(self._weekend_worked, day)

    @cached_property
    def _weekdays_off(self) -> list[date]:
        return sorted(day for day in self.off if day.weekday() < _SATURDAY)

    @cached_property
    def _weekend_worked(self) -> list[date]:
        return sorted(day for day in self.work if day.weekday() >= _SATURDAY)


def local_date(moment: datetime) -> date:
    """The day, in Vietnam, of an aware moment."""
    return moment.astimezone(LOCAL).date()
