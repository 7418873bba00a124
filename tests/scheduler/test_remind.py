"""The sweep as a table of dates: what a head of unit is sent, on which day, and above all what is not sent."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from secrets import token_hex

import pytest
from sqlalchemy import Connection, insert

from bot.reminding import speak
from inspection.messages import Chat
from inspection.obligations import Obligation
from inspection.working_days import LOCAL
from scheduler.remind import Sweep
from storage import calendar, obligations, outbox, people, reminders, units
from storage.database import Database
from storage.obligations import Report
from storage.outbox import MARKS, Mark, Parcel
from storage.people import NewPerson
from storage.tables import work_hours
from storage.units import NewUnit
from tests.sweeping import sweep

SINCE = date(2025, 7, 1)
DUE = date(2026, 8, 3)  # a Monday
PLAN = Obligation(
    id="o1", code="NV-2026-0147", unit_id="dh", kind="impl_plan", subject="Kế hoạch kỷ luật, kỷ cương", year=2026,
    due=DUE, original_due=DUE,
)  # fmt: skip
SECOND = replace(PLAN, id="o2", code="NV-2026-0148", kind="rule_doc", subject="Quy chế làm việc")
BINH = Chat("telegram", "100001", "1002")


def at(month: int, day: int, hour: int = 8, minute: int = 1) -> datetime:
    """A moment of 2026 on the wall clock of the place."""
    return datetime.combine(date(2026, month, day), time(hour, minute), LOCAL)


class Office:
    """One head of unit, a sweep, and a network that takes what it is given unless told otherwise."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._tokens: Iterator[int] = count()

    def owe(self, *owed: Obligation) -> None:
        self.database.write_now(lambda connection: obligations.save(connection, owed))

    def sweep(self, now: datetime) -> list[Parcel]:
        return sweep(self.database, now, lambda: f"t{next(self._tokens)}")

    def send(self, parcel: Parcel, now: datetime) -> str:
        """What delivery does with a digest: words at the moment of sending, then a mark; "" if it says nothing."""

        def work(connection: Connection) -> str:
            words = speak(connection, parcel=parcel, now=now)
            MARKS.run(connection, [Mark(parcel.id, "sent" if words else "expired", now, message_id=1)])
            return str(words["text"]) if words else ""

        return self.database.write_now(work)

    def morning(self, now: datetime) -> list[str]:
        """A sweep and what leaves at once."""
        return [text for parcel in self.sweep(now) if (text := self.send(parcel, now))]

    def report(self, obligation_id: str) -> None:
        said = Report("15/KH-UBND", date(2026, 8, 3), "binh", at(8, 4, 9))
        assert self.database.write_now(lambda connection: obligations.report(connection, obligation_id, said))


def released(connection: Connection) -> None:
    """What was told on the fourth is forgotten."""
    obligations.look_again_at(connection, ids=reminders.release(connection, "binh", date(2026, 8, 4)))


@pytest.fixture
def office(database: Database, now: datetime) -> Office:
    def fill(connection: Connection) -> None:
        units.create(connection, [NewUnit("dh", "commune", "xã Điềm He", SINCE)])
        people.create(connection, [NewPerson("binh", "Hoàng Văn Bình", SINCE, roles=(("unit-head", "dh"),))], now)
        people.bind_account(connection, "binh", BINH, "1002", now)

    database.write_now(fill)
    return Office(database)


def test_each_stage_is_told_on_its_working_day_and_never_again(office: Office) -> None:
    office.owe(PLAN)
    start = date(2026, 8, 3)
    told = []
    for day in (start + timedelta(days=n) for n in range(36)):
        for hour in (6, 8, 11, 16, 20):
            told += [day for _ in office.morning(datetime.combine(day, time(hour, 1), LOCAL))]
    assert told == [
        date(2026, 8, 3),  # today it is due: D-3 lies back, and is caught up with
        date(2026, 8, 4),  # one working day past due
        date(2026, 8, 6),  # three
        date(2026, 8, 10),  # five, a weekend between
        date(2026, 8, 17),  # ten: the first of the weekly ones
        date(2026, 8, 22),  # fifteen, on the swapped Saturday
        date(2026, 8, 28),  # twenty
    ]


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (at(8, 4, 7, 59), "before the office opens"),
        (at(8, 4, 16, 31), "after it has closed"),
        (at(8, 4, 23, 0), "at night"),
        (at(8, 8), "on a Saturday"),
        (at(8, 9), "on a Sunday"),
        (at(9, 2), "on the national day"),
    ],
)
def test_nobody_is_disturbed(moment: datetime, why: str, office: Office) -> None:
    office.owe(PLAN)
    assert office.sweep(moment) == [], why


def test_a_swapped_saturday_is_a_working_day(office: Office) -> None:
    office.owe(PLAN)
    assert len(office.sweep(at(8, 22))) == 1


def test_the_administrators_day_off_is_kept(office: Office) -> None:
    office.owe(PLAN)
    office.database.write_now(lambda connection: calendar.override(connection, date(2026, 8, 4), "off", "CV 01"))
    assert office.sweep(at(8, 4)) == []


def test_a_sweep_that_runs_twice_tells_once(office: Office) -> None:
    office.owe(PLAN)
    assert len(office.sweep(at(8, 4))) == 1
    assert office.sweep(at(8, 4)) == []
    assert office.sweep(at(8, 4, 8, 2)) == []


def test_after_days_of_silence_only_the_latest_stage_is_told(office: Office) -> None:
    office.owe(PLAN)
    assert len(office.morning(at(8, 20))) == 1
    told = office.database.write_now(lambda connection: reminders.told(connection, ["o1"]))
    assert [t.stage for t in told["o1"]] == ["DW1"]
    assert office.morning(at(8, 21)) == []


def test_several_obligations_are_one_message(office: Office) -> None:
    office.owe(PLAN, SECOND)
    texts = office.morning(at(8, 4))
    assert len(texts) == 1
    assert "NV-2026-0147" in texts[0]
    assert "NV-2026-0148" in texts[0]


def test_several_pages_are_one_message(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.remind.PAGE", 2)
    office.owe(*[replace(PLAN, id=f"o{n}", code=f"NV-2026-{n:04d}") for n in range(5)])
    (text,) = office.morning(at(8, 4))
    assert all(f"NV-2026-{n:04d}" in text for n in range(5))


def test_a_digest_leaves_when_all_pages_are_seen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that was cut short has sent nothing; the next one sends the whole, and a new day begins anew."""
    monkeypatch.setattr("scheduler.remind.PAGE", 2)
    office.owe(*[replace(PLAN, id=f"o{n}", code=f"NV-2026-{n:04d}") for n in range(5)])
    for day in (4, 5):
        cut = Sweep(at(8, day), lambda day=day: f"cut {day}")
        assert office.database.write_now(cut.go_on) == []
    (text,) = office.morning(at(8, 5, 9))
    assert all(f"NV-2026-{n:04d}" in text for n in range(5))
    assert office.morning(at(8, 5, 10)) == []


def test_two_clocks_at_the_same_moment_send_one_whole_digest(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.remind.PAGE", 1)
    office.owe(*[replace(PLAN, id=f"o{n}", code=f"NV-2026-{n:04d}") for n in range(8)])
    clocks = [Database(office.database.url.render_as_string(hide_password=False)) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(sweep, clock, at(8, 4), partial(token_hex, 6)) for clock in clocks]
        parcels = [parcel for one in running for parcel in one.result()]
    for clock in clocks:
        clock.stop()
    (text,) = [office.send(parcel, at(8, 4)) for parcel in parcels]
    assert all(f"NV-2026-{n:04d}" in text for n in range(8))


def test_a_digest_waits_until_its_person_is_at_work(office: Office) -> None:
    """Found after a morning's outage at noon, it leaves when the unit opens again, with what was found meanwhile."""
    rows = [
        {"unit_id": "dh", "weekday": 1, "start": start, "end": end, "valid_from": SINCE}
        for start, end in (("07:30", "11:30"), ("13:30", "17:00"))
    ]
    office.database.write_now(lambda connection: connection.execute(insert(work_hours), rows))
    office.owe(PLAN)
    assert office.sweep(at(8, 4, 11, 45)) == []
    office.owe(SECOND)
    assert office.sweep(at(8, 4, 13, 29)) == []
    (text,) = office.morning(at(8, 4, 13, 30))
    assert "NV-2026-0147" in text
    assert "NV-2026-0148" in text


def test_the_words_are_made_at_the_moment_of_sending(office: Office) -> None:
    office.owe(PLAN, SECOND)
    (parcel,) = office.sweep(at(8, 4))
    office.report("o1")
    text = office.send(parcel, at(8, 4, 9))
    assert "NV-2026-0148" in text
    assert "NV-2026-0147" not in text


def test_what_was_reported_in_between_is_not_spoken_of(office: Office) -> None:
    office.owe(PLAN)
    (parcel,) = office.sweep(at(8, 4))
    office.report("o1")
    assert office.send(parcel, at(8, 4, 9)) == ""


def test_who_is_no_longer_the_head_hears_nothing(office: Office) -> None:
    office.owe(PLAN)
    (parcel,) = office.sweep(at(8, 4))
    office.database.write_now(lambda connection: people.block(connection, "binh", at(8, 4)))
    assert office.send(parcel, at(8, 4, 9)) == ""


def test_who_cannot_be_reached_misses_no_stage(office: Office) -> None:
    office.owe(PLAN)
    office.database.write_now(lambda connection: people.mark_unreachable(connection, BINH, at(8, 3)))
    assert office.sweep(at(8, 4)) == []
    office.database.write_now(lambda connection: people.mark_reachable(connection, BINH, date(2026, 8, 4)))
    assert len(office.morning(at(8, 4, 14))) == 1
    assert office.morning(at(8, 5)) == []


# --- one digest a day, and none lost ---------------------------------------------------------------------------------


def test_what_falls_due_after_the_digest_left_is_told_the_next_working_day(office: Office) -> None:
    office.owe(PLAN)
    assert len(office.morning(at(8, 4))) == 1
    office.owe(SECOND)
    assert office.morning(at(8, 4, 10)) == []  # one digest a person and day
    (text,) = office.morning(at(8, 5))
    assert "NV-2026-0148" in text
    assert office.morning(at(8, 5, 10)) == []


def test_what_falls_due_while_the_digest_waits_is_told_too(office: Office) -> None:
    office.owe(PLAN)
    (parcel,) = office.sweep(at(8, 4))
    office.owe(SECOND)
    assert office.sweep(at(8, 4, 8, 2)) == []
    later = [office.send(parcel, at(8, 4, 9)), *office.morning(at(8, 5))]
    assert len(later) == 2
    assert "NV-2026-0148" in " ".join(later)


@pytest.mark.parametrize("tried_at", [at(8, 4, 16, 31), at(8, 4, 23), at(8, 5, 6)])
def test_a_digest_that_could_not_leave_comes_the_next_working_day(tried_at: datetime, office: Office) -> None:
    office.owe(PLAN)
    (parcel,) = office.sweep(at(8, 4))
    assert office.send(parcel, tried_at) == ""  # the network came back when nobody may be disturbed
    (text,) = office.morning(at(8, 5))
    assert "NV-2026-0147" in text
    assert office.morning(at(8, 5, 10)) == []


def test_a_digest_that_waits_until_morning_becomes_that_mornings(office: Office) -> None:
    """The machine was off: the sweep of the new day comes before, or after, delivery has looked at the old digest."""
    office.owe(PLAN)
    (old,) = office.sweep(at(8, 4))
    office.owe(SECOND)
    (new,) = office.sweep(at(8, 5))
    assert office.send(old, at(8, 5, 8, 2)) == ""
    text = office.send(new, at(8, 5, 8, 2))
    assert "NV-2026-0147" in text
    assert "NV-2026-0148" in text
    assert office.morning(at(8, 5, 10)) == []


def test_a_digest_left_over_the_weekend_is_told_on_monday_once(office: Office) -> None:
    office.owe(replace(PLAN, due=date(2026, 8, 6), original_due=date(2026, 8, 6)))
    (friday,) = office.sweep(at(8, 7))
    assert office.send(friday, at(8, 7, 17)) == ""
    assert office.morning(at(8, 8)) == []
    assert len(office.morning(at(8, 10))) == 1
    assert office.morning(at(8, 10, 9)) == []


def test_without_the_key_a_stage_would_be_told_again(office: Office) -> None:
    """The control: take the memory of what was told away, and the next day repeats it."""
    office.owe(PLAN)
    assert len(office.morning(at(8, 4))) == 1
    office.database.write_now(lambda connection: released(connection))
    assert len(office.morning(at(8, 5))) == 1


def test_a_digest_of_a_day_is_never_made_twice(office: Office) -> None:
    first = Parcel("a", BINH, "digest", {"text": ""}, at(8, 4), person_id="binh", day=date(2026, 8, 4),
                   next_try_at=at(8, 4))  # fmt: skip

    def twice(connection: Connection) -> list[Parcel]:
        outbox.hold_digests(connection, [first])
        outbox.hold_digests(connection, [replace(first, token="b")])
        return outbox.let_go(connection, at(8, 4), 10)

    assert [one.token for one in office.database.write_now(twice)] == ["a"]
