"""Standing of an obligation by its dates: computed, never stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.obligations import Obligation, Standing, State, overdue_by, standing
from inspection.working_days import Calendar

TET = Calendar(off=frozenset(date(2026, 2, day) for day in range(16, 21)))
PLAN = Obligation(
    id="o1",
    code="NV-2026-0147",
    unit_id="u1",
    kind="impl_plan",
    subject="Kế hoạch kỷ luật, kỷ cương",
    year=2026,
    due=date(2026, 2, 6),  # a Friday
    original_due=date(2026, 2, 6),
)


@pytest.mark.parametrize(
    ("today", "stands", "days"),
    [
        (date(2026, 2, 3), "open", 0),
        (date(2026, 2, 6), "open", 0),
        (date(2026, 2, 7), "overdue", 0),  # Saturday: past due, but no working day has passed
        (date(2026, 2, 9), "overdue", 1),
        (date(2026, 2, 10), "overdue", 2),
        (date(2026, 2, 23), "overdue", 6),
    ],
)
def test_an_open_obligation(today: date, stands: Standing, days: int) -> None:
    assert standing(PLAN, today, TET) == stands
    assert overdue_by(PLAN, today, TET) == days


@pytest.mark.parametrize(
    ("state", "issued", "reported", "stands"),
    [
        ("reported", date(2026, 2, 6), date(2026, 2, 10), "on_time"),  # told late, issued in time
        ("accepted", date(2026, 2, 6), date(2026, 2, 10), "on_time"),
        ("reported", date(2026, 2, 9), date(2026, 2, 9), "late"),
        ("accepted", None, date(2026, 2, 6), "on_time"),
        ("accepted", None, date(2026, 2, 9), "late"),
        ("accepted", None, None, "on_time"),
        ("cancelled", None, None, "cancelled"),
    ],
)
def test_a_closed_obligation(state: State, issued: date | None, reported: date | None, stands: Standing) -> None:
    told = None if reported is None else datetime(reported.year, reported.month, reported.day, 2, 0, tzinfo=UTC)
    done = replace(PLAN, state=state, issued=issued, reported_at=told)
    assert standing(done, date(2026, 3, 2), TET) == stands
    assert overdue_by(done, date(2026, 3, 2), TET) == 0


def test_the_day_of_a_report_is_the_day_in_vietnam() -> None:
    before_midnight_utc = datetime(2026, 2, 6, 18, 0, tzinfo=UTC)  # 01:00 of the 7th
    done = replace(PLAN, state="reported", reported_at=before_midnight_utc)
    assert standing(done, date(2026, 3, 2), TET) == "late"


def test_a_due_date_on_a_day_off_ends_on_the_next_working_day() -> None:
    in_tet = replace(PLAN, due=date(2026, 2, 17))
    assert standing(in_tet, date(2026, 2, 23), TET) == "open"
    assert standing(in_tet, date(2026, 2, 24), TET) == "overdue"
    assert overdue_by(in_tet, date(2026, 2, 24), TET) == 1


@given(st.dates(date(2026, 2, 1), date(2026, 3, 31)), st.dates(date(2026, 2, 1), date(2026, 3, 31)))
def test_one_bound_finds_all_that_is_overdue(due: date, today: date) -> None:
    is_overdue = standing(replace(PLAN, due=due), today, TET) == "overdue"
    assert is_overdue == (due <= TET.latest_overdue(today))


def test_title_and_extension() -> None:
    assert PLAN.title == "Kế hoạch kỷ luật, kỷ cương năm 2026"
    assert not PLAN.extended
    assert replace(PLAN, due=date(2026, 2, 25)).extended
