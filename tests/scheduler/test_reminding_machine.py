"""Any order of events, days off, outages and clocks that jump: who is told what is worked out a second time, by dates.

The model beside the machine is a few lines of arithmetic on a list of working days: for each person, listener and
matter the latest stage whose day has come, told once, on the first sweep on which the person can be reached.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Connection

from bot.reminding import speak
from inspection.messages import Chat
from inspection.obligations import Obligation
from inspection.working_days import LOCAL
from scheduler.remind import Sweep, _Round
from storage import calendar, obligations, people, requests, units
from storage.database import Database
from storage.outbox import MARKS, Mark, Parcel
from storage.people import NewPerson, RoleAt
from storage.requests import Request
from storage.units import NewUnit

FIRST, LAST = date(2026, 1, 26), date(2026, 3, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 60)]
OFF = {date(2026, 2, day) for day in range(16, 21)}  # Tết
HEADS, STAND_IN, DELEGATE, ADMIN = ("binh", "khoi"), "lam", "duyen", "hanh"
EVERYBODY = (*HEADS, STAND_IN, DELEGATE, ADMIN)
MATTERS = ("o1", "o2", "o3")
# The ladder as it stands in the documents: working days past due; the head's weekly ones go on from D+10.
RUNGS = {"head": (-3, 1, 3, 5), "delegate": (-5, -1, 0), "admin": (3,)}
LETTER = {"head": "D", "delegate": "F", "admin": "A"}


@dataclass
class Owed:
    """What the model knows of one matter."""

    due: date
    first: date
    open: bool = True
    waiting: int = 0  # the id of a request that silences it


@dataclass
class Model:
    """What should be said: a plain calendar, who holds what, who can be reached, what was told."""

    work: set[date] = field(default_factory=lambda: {d for d in DAYS if d.weekday() < 5} - OFF)
    owed: dict[str, Owed] = field(default_factory=dict)
    head: str = "binh"
    stand_in: tuple[date, date] | None = None
    reached: set[str] = field(default_factory=lambda: set(EVERYBODY))
    told: set[tuple[str, date, str, str]] = field(default_factory=set)

    def past(self, owed: Owed, today: date) -> int:
        """Working days past the last day in time, negative before it."""
        end = min(day for day in self.work if day >= owed.due)
        if today >= end:
            return sum(end < day <= today for day in self.work)
        return -sum(today < day <= end for day in self.work)

    def stage(self, owed: Owed, listener: str, today: date) -> str | None:
        past, rungs = self.past(owed, today), RUNGS[listener]
        if listener == "head" and owed.due != owed.first:
            rungs = (-1, 1, 3, 5)
        if listener == "head" and past >= 10:
            return f"DW{(past - 10) // 5 + 1}"
        reached = [rung for rung in rungs if rung <= past]
        return f"{LETTER[listener]}{reached[-1]:+d}" if reached else None

    def heads_on(self, today: date) -> set[str]:
        """The head, or who stands in for the head that day."""
        away = self.stand_in is not None and self.stand_in[0] <= today <= self.stand_in[1]
        return {STAND_IN} if away else {self.head}

    def expected(self, today: date, closed: set[str]) -> dict[str, set[tuple[str, date, str, str]]]:
        """By person, what their digest of this day tells; whoever had one today hears of the rest tomorrow."""
        found: dict[str, set[tuple[str, date, str, str]]] = {}
        for code, owed in self.owed.items():
            for person, stage in self._stages(owed, today) if owed.open and not owed.waiting else ():
                key = (code, owed.due, stage, person)
                if person in self.reached - closed and key not in self.told:
                    found.setdefault(person, set()).add(key)
        return found

    def _stages(self, owed: Owed, today: date) -> Iterator[tuple[str, str]]:
        heads = self.heads_on(today)
        for listener, holders in (("head", heads), ("delegate", {DELEGATE}), ("admin", {ADMIN})):
            stage = self.stage(owed, listener, today)
            if stage is not None:
                yield from ((person, stage) for person in holders)
                if listener == "head" and not (heads | {DELEGATE}) & self.reached:
                    yield ADMIN, "N"


class Reminding(RuleBasedStateMachine):
    """The real sweep and the real words on SQLite, a day at a time, beside the model."""

    stage_folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.stage_folder / "kycuong.db", self.folder / "kycuong.db")
        self.database = Database(f"sqlite:///{self.folder / 'kycuong.db'}")
        self.model = Model()
        self.today = FIRST
        self.tokens: Iterator[int] = count()
        self.sent: set[tuple[str, date]] = set()  # who has had a digest on which day

    def teardown(self) -> None:
        self.database.stop()
        shutil.rmtree(self.folder)

    @initialize(dues=st.lists(st.integers(1, 25), min_size=3, max_size=3))
    def owe(self, dues: list[int]) -> None:
        rows = []
        for number, (code, days) in enumerate(zip(MATTERS, dues, strict=True)):
            due = FIRST + timedelta(days=days)
            self.model.owed[code] = Owed(due, due)
            rows.append(
                Obligation(id=code, code=f"NV-2026-{number:04d}", unit_id="dh", kind="impl_plan", subject="Kế hoạch",
                           year=2026, due=due, original_due=due)
            )  # fmt: skip
        self.database.write_now(lambda connection: obligations.save(connection, rows))

    # --- a day ------------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 5), off=st.booleans())
    def some_days_pass(self, days: int, off: bool) -> None:
        self.days_pass(days, off=off)

    def days_pass(self, days: int, *, off: bool) -> None:
        """One by one with a sweep each, or with the machine switched off until the last."""
        for n in range(1, days + 1):
            if self.today >= LAST:
                return
            self.today += timedelta(days=1)
            if not off or n == days:
                self.sweeps()

    def sweeps(self) -> None:
        """Before office hours, twice in them by two schedulers, again an hour back, and after them."""
        self.sweep(time(7, 59))
        self.sweep(time(9, 30))
        self.sweep(time(8, 30))
        self.sweep(time(16, 31))

    def sweep(self, clock: time, pieces: int = 0) -> None:
        """Two schedulers at the same moment, piece by piece in turn; what both put out is what the model says.

        pieces: so many are done, then both are killed; who has a digest by then has a whole one.
        """
        now = datetime.combine(self.today, clock, LOCAL)
        running = deque(Sweep(now, lambda: f"t{next(self.tokens)}") for _ in range(2))
        parcels: list[Parcel] = []
        for done in count(1):
            parcels += self.database.write_now(running[0].go_on)
            running.rotate()
            if done == pieces or all(one.done for one in running):
                break
        self.check(now, [one for one in parcels if one.kind == "digest"], whole=all(one.done for one in running))

    def check(self, now: datetime, digests: list[Parcel], *, whole: bool) -> None:
        """Nobody has two, each names all it should, and after whole sweeps nobody is left out."""
        closed = {person for person, day in self.sent if day == self.today}
        in_hours = self.today in self.model.work and time(8) <= now.time() <= time(16, 30)
        expected = self.model.expected(self.today, closed) if in_hours else {}
        said = {str(one.person_id): self.words(one, now) for one in digests}
        assert len(said) == len(digests), "two digests for one person"
        named = {p: {m for n, m in enumerate(MATTERS) if f"NV-2026-{n:04d}" in text} for p, text in said.items()}
        due = {p: {key[0] for key in keys} for p, keys in expected.items() if whole or p in said}
        assert named == due, f"{now:%d/%m %H:%M}"
        self.model.told |= {key for p in said for key in expected[p]}
        self.sent |= {(person, self.today) for person in said}

    def words(self, parcel: Parcel, now: datetime) -> str:
        def work(connection: Connection) -> str:
            words = speak(connection, parcel=parcel, now=now)
            MARKS.run(connection, [Mark(parcel.id, "sent" if words else "expired", now, message_id=1)])
            return str(words["text"]) if words else ""

        return self.database.write_now(work)

    # --- what happens between the sweeps ----------------------------------------------------------------------

    @rule(days=st.integers(2, 4))
    def more_days_pass(self, days: int) -> None:
        self.days_pass(days, off=False)

    @rule(pieces=st.integers(1, 12))
    def it_is_killed_in_the_midst_of_the_mornings_sweep(self, pieces: int) -> None:
        if self.today < LAST:
            self.today += timedelta(days=1)
            self.sweep(time(8, 15), pieces)

    @rule()
    def it_sweeps_again_the_same_day(self) -> None:
        self.sweeps()

    @rule()
    def the_clock_jumps_forward_a_day_and_back(self) -> None:
        self.sweeps()
        self.today += timedelta(days=1)
        self.sweeps()
        self.today -= timedelta(days=1)
        self.sweeps()
        self.today += timedelta(days=1)
        self.sweeps()

    @rule(code=st.sampled_from(MATTERS), cancelled=st.booleans())
    def it_is_done_or_cancelled(self, code: str, cancelled: bool) -> None:
        owed = self.model.owed[code]
        if owed.open and not owed.waiting:
            owed.open = False
            said = obligations.Report("15/KH-UBND", self.today, "binh", self.now)
            self.do(lambda c: obligations.cancel(c, code) if cancelled else obligations.report(c, code, said))

    @rule(code=st.sampled_from(MATTERS), granted=st.booleans(), days=st.integers(1, 12))
    def more_time_is_asked_for_or_the_answer_comes(self, code: str, granted: bool, days: int) -> None:
        owed = self.model.owed[code]
        if not owed.waiting and owed.open:
            asked = Request(obligation_id=code, kind="extension", asked_by="binh", asked_at=self.now, told_at=self.now,
                            answer_by=date(2027, 1, 1))  # fmt: skip
            owed.waiting = self.database.write_now(lambda c: requests.put(c, asked))
        elif owed.waiting:
            number, owed.waiting = owed.waiting, 0
            self.do(lambda c: requests.answer(c, number, "granted" if granted else "returned", ADMIN, self.now))
            if granted:
                owed.due = max(owed.due, self.today) + timedelta(days=days)
                self.do(lambda c: obligations.extend(c, code, owed.due))
            else:
                self.do(lambda c: obligations.look_again_at(c, ids=[code]))

    @rule(person=st.sampled_from(EVERYBODY))
    def an_account_is_lost_or_found(self, person: str) -> None:
        lost = person in self.model.reached
        self.model.reached ^= {person}
        chat = Chat("telegram", "1", person)
        self.do(
            lambda c: people.mark_unreachable(c, chat, self.now) if lost else people.mark_reachable(c, chat, self.today)
        )

    @rule()
    def another_head_comes(self) -> None:
        if self.model.stand_in is not None and self.model.stand_in[1] >= self.today:
            return
        old, new = self.model.head, next(one for one in HEADS if one != self.model.head)
        self.model.head = new
        self.do(lambda c: people.end_role(c, old, "unit-head", "dh", self.today))
        self.do(lambda c: people.give_role(c, new, "unit-head", "dh", self.today))

    @rule(starts=st.integers(0, 4), lasts=st.integers(0, 6))
    def somebody_will_stand_in(self, starts: int, lasts: int) -> None:
        if self.model.stand_in is not None and self.model.stand_in[1] >= self.today:
            return
        first = self.today + timedelta(days=starts)
        self.model.stand_in = (first, first + timedelta(days=lasts))
        held = RoleAt("unit-head", "dh", "xã Điềm He", self.model.head, self.model.stand_in[1])
        assert self.database.write_now(lambda c: people.stand_in(c, STAND_IN, held, first))

    @rule(ahead=st.integers(1, 12))
    def a_day_becomes_off_or_worked(self, ahead: int) -> None:
        day = self.today + timedelta(days=ahead)
        off = day in self.model.work
        self.model.work ^= {day}
        self.do(lambda c: calendar.override(c, day, "off" if off else "work", "Văn bản số 1/UBND"))

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(10), LOCAL)

    def do(self, work: Callable[[Connection], object]) -> None:
        self.database.write_now(work)


def _fill(connection: Connection) -> None:
    since, now = date(2025, 7, 1), datetime(2025, 7, 1, 1, tzinfo=LOCAL)
    units.create(
        connection,
        [NewUnit("p", "province", "tỉnh Lạng Sơn", since), NewUnit("dh", "commune", "xã Điềm He", since, "", "p")],
    )
    held = {"binh": ("unit-head", "dh"), DELEGATE: ("delegate", "dh"), ADMIN: ("admin", "p")}
    new = [NewPerson(one, one.title(), since, roles=(held[one],) if one in held else ()) for one in EVERYBODY]
    people.create(connection, new, now)
    for one in EVERYBODY:
        people.bind_account(connection, one, Chat("telegram", "1", one), one, now)


@pytest.fixture
def machine(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Reminding]:
    """The machine on a database of one commune, copied for each run; each matter is a page of its own."""
    monkeypatch.setattr("scheduler.remind.PAGE", 1)
    shutil.copy(migrated_sqlite, tmp_path / "kycuong.db")
    database = Database(f"sqlite:///{tmp_path / 'kycuong.db'}")
    database.write_now(_fill)
    database.stop()
    return type("Machine", (Reminding,), {"stage_folder": tmp_path})


def play(machine: type[Reminding], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,), print_blob=False,
        ),
    )  # fmt: skip


def test_everybody_is_told_what_the_dates_say(machine: type[Reminding]) -> None:
    play(machine, 15)


@pytest.mark.parametrize(
    ("broken", "instead"),
    [
        ("storage.reminders.claim", lambda _, rows: list(rows)),  # each stage told once: the key
        ("storage.requests.silenced", lambda *_: set()),  # what waits for an answer is not reminded
        ("storage.obligations.look_again_at", lambda *_, **__: None),  # who comes, who is moved, is looked up again
        # in office hours of working days only: looked at before a sweep, and a digest waits for them
        ("scheduler.remind.sending_window storage.work_hours.waits", lambda *_: {"somebody": None}),
        ("storage.outbox.expire_digests", lambda *_, **__: []),  # what a day did not tell, the next one does
        # a digest leaves when all that belongs into it is claimed
        ("scheduler.remind.STEPS", (_Round.take_back, _Round.follow_roles, _Round.let_go, _Round.look)),
    ],
    ids=["key", "silence", "changes", "window", "release", "whole"],
)
def test_the_machine_notices(
    broken: str, instead: object, machine: type[Reminding], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in broken.split():
        monkeypatch.setattr(name, instead)
    with pytest.raises(Exception):  # noqa: B017, PT011  an assertion, or what the database refuses
        play(machine, 40)
