"""The built-in calendar reproduces known due dates and the number of working days of each year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inspection.working_days import Calendar
from storage.holidays import default_calendar


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return default_calendar(2024, 2027)


@pytest.mark.parametrize(
    ("event", "count", "due"),
    [
        pytest.param(date(2024, 4, 26), 5, date(2024, 5, 7), id="make-up Saturday counts"),
        pytest.param(date(2025, 4, 23), 3, date(2025, 4, 26), id="due on a make-up Saturday"),
        pytest.param(date(2025, 1, 20), 10, date(2025, 2, 10), id="Tet 2025"),
        pytest.param(date(2025, 12, 29), 5, date(2026, 1, 7), id="Friday 02/01/2026 is off"),
        pytest.param(date(2026, 1, 5), 6, date(2026, 1, 12), id="Saturday 10/01/2026 is worked"),
        pytest.param(date(2026, 2, 10), 5, date(2026, 2, 24), id="Tet 2026"),
        pytest.param(date(2026, 4, 23), 5, date(2026, 5, 5), id="Gio To on a Sunday, compensated"),
        pytest.param(date(2026, 8, 14), 10, date(2026, 8, 27), id="Saturday 22/8 is worked"),
        pytest.param(date(2026, 8, 28), 3, date(2026, 9, 7), id="swap and national day"),
        pytest.param(date(2026, 11, 20), 5, date(2026, 11, 30), id="24/11 is off"),
    ],
)
def test_periods_of_working_days(calendar: Calendar, event: date, count: int, due: date) -> None:
    assert calendar.add_working_days(event, count) == due


@pytest.mark.parametrize(
    ("event", "count", "due"),
    [
        pytest.param(date(2026, 8, 3), 30, date(2026, 9, 3), id="rolls over 02/9"),
        pytest.param(date(2026, 2, 2), 15, date(2026, 2, 23), id="rolls over Tet"),
    ],
)
def test_periods_of_calendar_days(calendar: Calendar, event: date, count: int, due: date) -> None:
    assert calendar.add_days(event, count) == due


def test_the_culture_day_is_a_switch() -> None:
    without = default_calendar(2026, 2027, culture_day_off=False)
    assert without.add_working_days(date(2026, 11, 20), 5) == date(2026, 11, 27)
    assert without.is_working_day(date(2027, 11, 24))


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 250), (2026, 249), (2027, 249)])
def test_working_days_per_year(calendar: Calendar, year: int, days: int) -> None:
    every_day = (date(year, 1, 1) + timedelta(days=step) for step in range(365 + (year == 2024)))
    assert sum(map(calendar.is_working_day, every_day)) == days
    assert calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_the_days_of_one_year_do_not_depend_on_the_span(calendar: Calendar) -> None:
    alone = default_calendar(2026, 2026)
    assert alone.off == {day for day in calendar.off if day.year == 2026}
    assert alone.work == {date(2026, 1, 10), date(2026, 8, 22)}


def test_an_override_wins_over_the_built_in_day() -> None:
    overrides = [(date(2026, 9, 2), "work"), (date(2026, 8, 22), "off"), (date(2026, 9, 28), "off")]
    changed = default_calendar(2026, 2026, overrides=overrides)
    assert changed.is_working_day(date(2026, 9, 2))
    assert not changed.is_working_day(date(2026, 8, 22))
    assert not changed.is_working_day(date(2026, 9, 28))


def test_an_unknown_kind_of_override_is_refused() -> None:
    with pytest.raises(ValueError, match="holiday"):
        default_calendar(2026, 2026, overrides=[(date(2026, 9, 2), "holiday")])
