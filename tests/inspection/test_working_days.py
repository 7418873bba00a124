"""Working days by hand-made calendars; the real years are in tests/storage/test_holidays.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.working_days import Calendar, local_date

# Monday 31/8 off in exchange for Saturday 22/8; Quốc khánh on 01/9 and 02/9/2026.
AUGUST = Calendar(
    off=frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}),
    work=frozenset({date(2026, 8, 22)}),
)
DAYS = st.dates(date(2026, 7, 1), date(2026, 10, 31))
CALENDARS = st.builds(
    Calendar, off=st.frozensets(DAYS, max_size=12).map(frozenset), work=st.frozensets(DAYS, max_size=6).map(frozenset)
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 8, 21), True),
        (date(2026, 8, 22), True),
        (date(2026, 8, 23), False),
        (date(2026, 8, 29), False),
        (date(2026, 8, 31), False),
        (date(2026, 9, 2), False),
        (date(2026, 9, 3), True),
    ],
)
def test_is_working_day(day: date, worked: bool) -> None:
    assert AUGUST.is_working_day(day) is worked


@pytest.mark.parametrize(
    ("event", "count", "due"),
    [
        (date(2026, 8, 14), 10, date(2026, 8, 27)),
        (date(2026, 8, 28), 3, date(2026, 9, 7)),
        (date(2026, 8, 28), 0, date(2026, 8, 28)),
        (date(2026, 8, 29), 1, date(2026, 9, 3)),  # the event on a day off
        (date(2026, 8, 24), -1, date(2026, 8, 22)),
        (date(2026, 9, 3), -3, date(2026, 8, 26)),
        (date(2026, 9, 2), -1, date(2026, 8, 27)),  # one working day is left, Friday 28/8
    ],
)
def test_add_working_days(event: date, count: int, due: date) -> None:
    assert AUGUST.add_working_days(event, count) == due


def test_calendar_days_roll_forward_only_from_a_day_off() -> None:
    assert AUGUST.add_days(date(2026, 8, 3), 30) == date(2026, 9, 3)
    assert AUGUST.add_days(date(2026, 8, 3), 19) == date(2026, 8, 22)
    assert AUGUST.add_days(date(2026, 8, 3), 20) == date(2026, 8, 24)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 8, 21), date(2026, 8, 21), 0),
        (date(2026, 8, 21), date(2026, 8, 23), 1),
        (date(2026, 8, 28), date(2026, 9, 2), 0),
        (date(2026, 8, 28), date(2026, 9, 3), 1),
        (date(2026, 9, 3), date(2026, 8, 28), -1),
    ],
)
def test_working_days_between(start: date, end: date, count: int) -> None:
    assert AUGUST.working_days_between(start, end) == count


@given(CALENDARS, DAYS, st.integers(1, 30))
def test_adding_and_counting_are_inverse(calendar: Calendar, event: date, count: int) -> None:
    due = calendar.add_working_days(event, count)
    assert calendar.is_working_day(due)
    assert calendar.working_days_between(event, due) == count
    assert calendar.working_days_between(event, due - timedelta(days=1)) == count - 1


@given(CALENDARS, DAYS, st.integers(1, 30))
def test_counting_back_from_a_due_day_leaves_that_many_days(calendar: Calendar, due: date, count: int) -> None:
    earlier = calendar.add_working_days(due, -count)
    assert calendar.is_working_day(earlier)
    assert calendar.working_days_between(earlier, due) == count


@given(CALENDARS, DAYS, DAYS)
def test_counting_by_arithmetic_agrees_with_counting_day_by_day(calendar: Calendar, one: date, other: date) -> None:
    start, end = sorted((one, other))
    after = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    assert calendar.working_days_between(start, end) == sum(map(calendar.is_working_day, after))


def test_local_date_is_ahead_of_utc() -> None:
    assert local_date(datetime(2026, 2, 6, 17, 0, tzinfo=UTC)) == date(2026, 2, 7)
    assert local_date(datetime(2026, 2, 6, 16, 59, tzinfo=UTC)) == date(2026, 2, 6)
