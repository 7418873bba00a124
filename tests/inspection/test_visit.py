"""A visit comes back from JSON as it was, and goes nowhere it may not go."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.visit import (
    MOVES,
    Answer,
    IllegalMoveError,
    Photo,
    PriorFinding,
    Status,
    Visit,
    from_json,
    to_json,
    value_from_json,
    value_to_json,
)

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
DAYS = st.dates(date(2025, 1, 1), date(2030, 1, 1))
WORDS = st.text(max_size=20)
KEYS = st.sampled_from(["A01", "B03", "C02", "I03.1", "I03.2"])
FIGURES = st.one_of(st.integers(0, 10**6), st.decimals(0, 1000, places=2))
VALUES = st.dictionaries(
    st.sampled_from(["gia_tri", "tong", "ket_qua", "so_ky_hieu", "ngay_ban_hanh", "khong_ap_dung"]),
    st.one_of(FIGURES, WORDS, st.none(), st.booleans(), DAYS),
)
ANSWERS = st.builds(Answer, VALUES, WORDS, MOMENTS, st.tuples(st.sampled_from("abc")), WORDS)
PHOTOS = st.builds(
    Photo, WORDS, st.sampled_from(["awaited", "stored"]), st.integers(0, 99), WORDS, st.none() | KEYS,
    st.integers(0, 9), st.tuples(KEYS), WORDS, WORDS, st.none() | MOMENTS,
)  # fmt: skip
PRIORS = st.builds(PriorFinding, WORDS, WORDS, KEYS, DAYS, st.none() | DAYS, WORDS)
VISITS = st.builds(
    Visit,
    id=WORDS,
    unit_id=WORDS,
    unit_name=WORDS,
    checklist_id=st.integers(1, 99),
    status=st.sampled_from(Status),
    started_at=MOMENTS,
    on=DAYS,
    leader_id=WORDS,
    period_from=st.none() | DAYS,
    one_stop=st.booleans(),
    priors=st.lists(PRIORS, max_size=2).map(tuple),
    system=st.dictionaries(KEYS, st.one_of(FIGURES, DAYS)),
    known=st.dictionaries(KEYS, VALUES, max_size=2),
    answers=st.dictionaries(KEYS, ANSWERS, max_size=3),
    photos=st.lists(PHOTOS, max_size=2).map(tuple),
    excuses=st.dictionaries(KEYS, WORDS, max_size=2),
    skipped=st.lists(KEYS, max_size=2).map(tuple),
    guided=st.sampled_from(["", "pairs", "guided", "each"]),
    echo=WORDS,
    place=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    confirmed=st.lists(KEYS, max_size=2).map(tuple),
    early_reason=WORDS,
    finished_at=st.none() | MOMENTS,
    revision=st.integers(0, 999),
)


@given(VISITS)
def test_a_visit_survives_json(visit: Visit) -> None:
    assert from_json(to_json(visit)) == visit


@given(VALUES)
def test_a_value_survives_json(value: dict[str, object]) -> None:
    back = value_from_json(value_to_json(value))
    assert back == value
    assert [type(one) for one in back.values()] == [type(one) for one in value.values()]


def visit(status: Status) -> Visit:
    return Visit("v", "u", "UBND xã Tân Đoàn", 1, status, datetime(2026, 8, 4, 1, tzinfo=UTC), date(2026, 8, 4), "p")


@pytest.mark.parametrize("there", Status)
@pytest.mark.parametrize("here", Status)
def test_only_the_moves_of_the_table_are_possible(here: Status, there: Status) -> None:
    before = visit(here)
    if there in MOVES[here]:
        assert before.move(there).status is there
    else:
        with pytest.raises(IllegalMoveError):
            before.move(there)
    assert before.status is here


def test_every_status_has_its_line_and_what_is_over_stays_over() -> None:
    assert set(MOVES) == set(Status)
    assert all(not MOVES[status] for status in (Status.SIGNED, Status.ENDED_EARLY, Status.CANCELLED))
    assert [status for status in Status if visit(status).open_to_answers] == [
        Status.IN_PROGRESS,
        Status.AWAITING_SIGNATURE,
    ]


def test_what_is_no_plain_value_is_not_written() -> None:
    with pytest.raises(TypeError):
        value_to_json({"gia_tri": object()})


def test_a_number_keeps_its_digits() -> None:
    assert value_from_json(value_to_json({"gia_tri": Decimal("98.60")}))["gia_tri"] == Decimal("98.60")


def test_an_album_waits_in_the_tray_until_its_last_part_is_here() -> None:
    parts = (Photo("1", "stored", 1, "g"), Photo("2", "awaited", 2, "g"), Photo("3", "stored", 3))
    waiting = Visit(
        "v", "u", "n", 1, Status.IN_PROGRESS, datetime(2026, 8, 4, 1, tzinfo=UTC), date(2026, 8, 4), "p", photos=parts
    )
    assert [photo.id for photo in waiting.tray()] == ["3"]
