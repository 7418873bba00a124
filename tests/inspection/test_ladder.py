"""The ladder by tables of dates: who hears of what on which day, and how a ladder is written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection import ladder
from inspection.ladder import DEFAULT, LISTENERS, LadderError, Listener, next_look, read, show, stage_due
from inspection.obligations import Obligation, State
from inspection.working_days import Calendar

TET = Calendar(off=frozenset(date(2026, 2, day) for day in range(16, 21)))
PLAN = Obligation(
    id="o1", code="NV-2026-0147", unit_id="u1", kind="impl_plan", subject="Kế hoạch", year=2026,
    due=date(2026, 2, 6), original_due=date(2026, 2, 6),  # a Friday
)  # fmt: skip


def stage(one: Obligation, listener: Listener, today: date) -> str | None:
    return stage_due(one, listener, read(""), today, TET)


@pytest.mark.parametrize(
    ("today", "head", "delegate", "admin"),
    [
        (date(2026, 1, 29), None, None, None),
        (date(2026, 1, 30), None, "F-5", None),
        (date(2026, 2, 2), None, "F-5", None),
        (date(2026, 2, 3), "D-3", "F-5", None),
        (date(2026, 2, 5), "D-3", "F-1", None),
        (date(2026, 2, 6), "D-3", "F+0", None),
        (date(2026, 2, 8), "D-3", "F+0", None),  # Sunday: no working day has passed
        (date(2026, 2, 9), "D+1", "F+0", None),
        (date(2026, 2, 10), "D+1", "F+0", None),
        (date(2026, 2, 11), "D+3", "F+0", "A+3"),
        (date(2026, 2, 13), "D+5", "F+0", "A+3"),
        (date(2026, 2, 23), "D+5", "F+0", "A+3"),  # Tết lies between
        (date(2026, 2, 27), "DW1", "F+0", "A+3"),
        (date(2026, 3, 5), "DW1", "F+0", "A+3"),
        (date(2026, 3, 6), "DW2", "F+0", "A+3"),
    ],
)
def test_the_latest_stage_whose_day_has_come(
    today: date, head: str | None, delegate: str | None, admin: str | None
) -> None:
    assert [stage(PLAN, one, today) for one in LISTENERS] == [head, delegate, admin, None]


@pytest.mark.parametrize("state", ["reported", "accepted", "cancelled"])
def test_silence_as_soon_as_nothing_is_owed(state: State) -> None:
    done = replace(PLAN, state=state)
    assert [stage(done, one, date(2026, 2, 11)) for one in LISTENERS] == [None] * 4


@pytest.mark.parametrize(
    ("today", "head"),
    [
        (date(2026, 2, 12), None),
        (date(2026, 2, 23), None),  # D-2
        (date(2026, 2, 24), "D-1"),  # announced once, on the day before
        (date(2026, 2, 25), "D-1"),
        (date(2026, 2, 26), "D+1"),
    ],
)
def test_an_extended_date_is_announced_once(today: date, head: str | None) -> None:
    assert stage(replace(PLAN, due=date(2026, 2, 25)), "head", today) == head


def test_a_returned_proof_has_a_ladder_of_its_own() -> None:
    returned = replace(PLAN, state="returned", issued=date(2026, 2, 6), complete_by=date(2026, 2, 27))
    assert stage(returned, "head", date(2026, 2, 25)) is None
    assert stage(returned, "head", date(2026, 2, 26)) == "D-1"
    assert stage(returned, "head", date(2026, 3, 2)) == "D+1"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("", DEFAULT.replace("-3 +1", "-3 +1")),
        ("thu truong: -1, +2; quan tri: +2 hang tuan", "Thủ trưởng: -1 +2; quản trị: +2 tuần"),
        ("Thủ trưởng: +1 tuần; người theo dõi: không", "Thủ trưởng: +1 tuần"),
        ("head: +1; superior: +5", "Thủ trưởng: +1; cấp trên: +5"),
    ],
)
def test_a_ladder_is_read_and_shown(written: str, read_as: str) -> None:
    assert show(read(written)) == read_as
    assert read(show(read(written))) == read(written)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("giám đốc: +1", "chưa rõ người nhận “giám đốc”"),
        ("thủ trưởng +1", "chưa rõ người nhận"),
        ("thủ trưởng: mai", "chưa đọc được “mai”"),
        ("thủ trưởng: +999", "chưa đọc được “+999”"),
        ("thủ trưởng: +1; thủ trưởng: +3", "ghi hai lần"),
        ("thủ trưởng: không", "chưa có người nhận nào"),
    ],
)
def test_a_ladder_that_cannot_be_read_says_what_to_write(written: str, says: str) -> None:
    with pytest.raises(LadderError, match=re.escape(says)):
        read(written)


@given(
    st.dates(date(2026, 1, 5), date(2026, 4, 30)),
    st.dates(date(2026, 1, 5), date(2026, 4, 30)),
    st.sampled_from(["", "Thủ trưởng: -10 0 +1 tuần; quản trị: +2 +7 tuần", "Thủ trưởng: +5"]),
)
def test_between_one_look_and_the_next_nothing_becomes_due(due: date, today: date, written: str) -> None:
    """The sweep may skip every day before the next look: on none of them would anybody hear of something new."""
    one, rungs = replace(PLAN, due=due, original_due=due), ladder.read(written)
    look = next_look(one, rungs, today, TET)
    for listener in LISTENERS:
        now = stage_due(one, listener, rungs, today, TET)
        day = today
        while (day := day + timedelta(days=1)) < min(look, today + timedelta(days=120)):
            assert stage_due(one, listener, rungs, day, TET) == now
    if look < date.max:
        assert any(
            stage_due(one, who, rungs, look, TET) != stage_due(one, who, rungs, look - timedelta(days=1), TET)
            for who in LISTENERS
        )
