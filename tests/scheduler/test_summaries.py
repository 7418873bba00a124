"""A summary that comes by itself leaves once a week or month, in office hours, also after an outage, and by the rights
of the moment of sending."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count

import pytest
from sqlalchemy import Connection, update

from bot.reminding import speak
from inspection.periods import current
from inspection.working_days import LOCAL
from storage import subscriptions
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.outbox import Parcel
from storage.subscriptions import Every, Subscription
from storage.tables import roles
from tests.cast import PROVINCE, load
from tests.sweeping import sweep

ADMIN = "p-1003"
ASKED = date(2026, 8, 20)


@pytest.fixture
def province(database: Database) -> Database:
    """The cast's province."""
    database.write_now(lambda connection: load(connection, EvidenceStore(None)))
    return database


def _subscribe(database: Database, every: Every) -> None:
    wanted = Subscription(ADMIN, every, PROVINCE)
    database.write_now(lambda c: subscriptions.subscribe(c, wanted, ASKED, current(every, ASKED).first))


_TOKENS = count()


def _swept(database: Database, local: datetime) -> list[Parcel]:
    now = local.replace(tzinfo=LOCAL).astimezone(UTC)
    found = sweep(database, now, lambda: f"token-{next(_TOKENS)}")
    return [one for one in found if "summary" in one.payload]


@pytest.mark.parametrize(
    ("every", "moments"),
    [
        # the first is a Tuesday: Monday 31/8 is off, worked on Saturday 22/8; 1 and 2 September are holidays
        ("month", [("2026-08-22 08:00", 0), ("2026-09-01 08:00", 0), ("2026-09-03 06:00", 0), ("2026-09-03 08:00", 1),
                   ("2026-09-03 08:01", 0), ("2026-09-28 08:00", 0), ("2026-10-01 08:00", 1)]),
        ("week", [("2026-08-21 08:00", 0), ("2026-08-24 08:00", 1), ("2026-08-25 08:00", 0), ("2026-09-03 08:00", 1)]),
        # silent for seven weeks: what is due is told once, and only the newest
        ("week", [("2026-10-14 09:00", 1), ("2026-10-14 09:01", 0), ("2026-10-19 08:00", 1)]),
    ],
)  # fmt: skip
def test_it_leaves_once_on_the_first_working_day(
    province: Database, every: Every, moments: list[tuple[str, int]]
) -> None:
    _subscribe(province, every)
    for moment, expected in moments:
        assert len(_swept(province, datetime.fromisoformat(moment))) == expected, moment


def test_it_is_about_the_week_before(province: Database) -> None:
    _subscribe(province, "week")
    (parcel,) = _swept(province, datetime(2026, 8, 24, 8, tzinfo=LOCAL))
    assert parcel.payload["summary"] == {"p": ["2026-08-17", "2026-08-23", "week"], "u": PROVINCE}


def _spoken(connection: Connection, parcel: Parcel, local: datetime) -> str:
    payload = speak(connection, parcel=parcel, now=local.replace(tzinfo=LOCAL).astimezone(UTC))
    return str(payload["text"]) if payload is not None else ""


def test_who_is_no_administrator_any_more_is_sent_nothing(province: Database) -> None:
    _subscribe(province, "week")
    (parcel,) = _swept(province, datetime(2026, 8, 24, 8, tzinfo=LOCAL))
    assert "17/8/2026" in province.write_now(
        partial(_spoken, parcel=parcel, local=datetime(2026, 8, 24, 8, 1, tzinfo=LOCAL))
    )
    yesterday = update(roles).where(roles.c.person_id == ADMIN).values(valid_to=date(2026, 8, 23))
    province.write_now(lambda connection: connection.execute(yesterday))
    assert province.write_now(partial(_spoken, parcel=parcel, local=datetime(2026, 8, 24, 8, 2, tzinfo=LOCAL))) == ""
    assert not province.write_now(lambda c: subscriptions.stop(c, ADMIN)), "it has been ended"


def test_what_could_not_leave_in_office_hours_is_due_again(province: Database) -> None:
    _subscribe(province, "week")
    (parcel,) = _swept(province, datetime(2026, 8, 24, 16, 0, tzinfo=LOCAL))
    late = datetime(2026, 8, 24, 20, tzinfo=LOCAL)
    assert province.write_now(partial(_spoken, parcel=parcel, local=late)) == ""
    assert _swept(province, late + timedelta(minutes=1)) == []
    assert len(_swept(province, datetime(2026, 8, 25, 8, tzinfo=LOCAL))) == 1
