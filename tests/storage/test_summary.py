"""The figures of `/summary` equal a recount made another way: from the raw answers and rows, one by one.

The recount shares nothing with the reports but the checklist's rules and the calendar. Units are followed by hand: in
the generated province a and b became ab, d is called d2 since, and c was split, so its visits are nobody's.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from inspection.measures import measures_of
from inspection.periods import Period, current
from inspection.prompts import Rules, Walk
from inspection.visit import from_json, value_from_json
from inspection.working_days import LOCAL
from storage import calendar, checklists, units
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.external_indices import Ranking, aim_at, enter
from storage.reports import counts, records
from storage.reports.area import area_of
from storage.reports.indicators import INDICATORS, Figure, rounded
from storage.reports.summary import Summary, summarise
from storage.sample.load import load_sample
from storage.tables import answers, findings, item_tallies, journal, measures, obligations, visit_tallies, visits
from tests.storage.summary_data import KINDS, NOW, REFORM, TODAY, TOP, generate

PERIODS = {
    "this year": current("year", TODAY),
    "the year of the reform": current("year", date(2025, 5, 1)),
    "the month before": current("month", date(2026, 7, 9)),
    "any days": Period(date(2025, 6, 15), date(2025, 9, 2)),
    "before the reform": Period(date(2024, 8, 1), date(2025, 6, 30)),
}
SEEDS = (1, 2, 3)
TODAY_OF = {"a": "ab", "b": "ab", "d": "d2"}  # who counts for whom since the reform
NOW_THERE = ("ab", "c1", "c2", "d2", "e", "f", "so")
THEN_THERE = ("a", "b", "c", "d", "e", "f", "so")


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_figure_equals_a_recount_from_raw_answers(database: Database, seed: int) -> None:
    database.write_now(lambda connection: generate(connection, seed))
    for tops in ([TOP], ["ab"], ["e", "so"]):
        for name, period in PERIODS.items():
            counted, recounted = await database.read(partial(_both, tops=tops, period=period))
            assert counted == recounted, f"{tops}, {name}"


async def test_the_recount_notices_what_is_wrong(database: Database) -> None:
    """Each table that figures are read from is spoilt in turn: a recount that agrees then would prove nothing."""
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    year = partial(_both, tops=[TOP], period=PERIODS["this year"])
    counted, recounted = await database.read(year)
    assert counted == recounted
    spoilt = {
        "KPI-08": update(visit_tallies).values(absent=visit_tallies.c.absent + 1),
        "KPI-09": update(visit_tallies).values(rated=visit_tallies.c.rated + 1),
        "KPI-02": update(measures).values(staff=measures.c.staff + 1),
        "items": delete(item_tallies).where(item_tallies.c.code == "H01"),
        "grades": update(visit_tallies).values(visits=visit_tallies.c.visits + 1),
    }
    for figure, statement in spoilt.items():
        database.write_now(lambda connection, statement=statement: connection.execute(statement))
        counted, recounted = await database.read(year)
        assert counted[figure] != recounted[figure], figure


async def test_the_visits_behind_a_figure_add_up_to_it(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[1]))
    names = ("absent", "required", "satisfied", "rated", "apologies", "late_files")

    def work(connection: Connection) -> None:
        summary = _summary(connection, [TOP], PERIODS["this year"])
        listed = records.measured(connection, summary.area.counted, summary.span, *names)
        for place, name in enumerate(names):
            assert sum(figures[place] or 0 for _, figures in listed) == summary.counts.total(name) > 0, name

    await database.read(work)


async def test_the_findings_behind_a_figure_add_up_to_it(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[1], 120))

    def work(connection: Connection) -> None:
        for period in PERIODS.values():
            summary = _summary(connection, [TOP], period)
            listed = counts.due_in(connection, summary.area, summary.span, summary.calendar)
            figure = summary.rows["KPI-06"].now
            assert figure is not None
            assert (sum(one.in_time for one in listed), len(listed)) == (figure.part, figure.of), period
            assert listed == sorted(listed, key=lambda one: one.in_time)
        assert figure.of

    await database.read(work)


async def test_a_visit_under_way_is_in_no_figure(database: Database) -> None:
    """Also one that is started again after its first figures were known: nothing of it shows before it is finished."""
    province = database.write_now(lambda connection: generate(connection, SEEDS[1]))
    before = await database.read(partial(_counted, tops=[TOP], period=PERIODS["this year"]))
    finished = database.write_now(lambda c: [v.id for v in c.execute(select(visits)) if v.finished_at is not None])
    running = [visit for visit in province.visits if visit not in finished]
    assert running
    database.write_now(lambda c: c.execute(update(visits).where(visits.c.id.in_(running)).values(score=1, grade="yeu")))
    assert await database.read(partial(_counted, tops=[TOP], period=PERIODS["this year"])) == before


# --- the figures as the reports give them -----------------------------------------------------------------------------


def _summary(connection: Connection, tops: list[str], period: Period) -> Summary:
    return summarise(connection, tops, period, NOW, calendar.current(connection, TODAY))


def _both(connection: Connection, tops: list[str], period: Period) -> tuple[dict[str, Any], dict[str, Any]]:
    return _counted(connection, tops, period), _recount(connection, tops, period)


def _counted(connection: Connection, tops: list[str], period: Period) -> dict[str, Any]:
    summary = _summary(connection, tops, period)
    held, found = summary.counts, summary.counts.found
    items = counts.by_item(connection, summary.area.counted, summary.span)
    grid = counts.by_unit_and_section(connection, summary.area, summary.span)
    grades = Counter[str]()
    for one in held.units.values():
        grades += one.grades
    return {
        **{code: _plain(row.now) for code, row in summary.rows.items()},
        **{f"{code} before": _plain(row.before) for code, row in summary.rows.items()},
        **{f"{code} a year before": _plain(row.year_before) for code, row in summary.rows.items()},
        "visits": held.visits,
        "apart": sum(one.visits for one in held.apart.values()),
        "ended early": sum(one.ended_early for one in held.units.values()),
        "scores": {unit: (one.tenths, one.scored) for unit, one in held.units.items() if one.visits},
        "grades": dict(grades),
        "findings": (found.total, found.remedied, found.overdue, found.unannounced, found.older, found.older_overdue),
        "items": {code: (one.failed, one.total) for code, one in items.items()},
        "grid": {key: (one.failed, one.total) for key, one in grid.items()},
        "standing": {kind: dict(Counter(one.standing for one in held.owed[kind])) for kind in KINDS},
    }


def _plain(figure: Figure | None) -> Any:
    return None if figure is None else (Fraction(figure.part, figure.scale), figure.of)


# --- and counted once more, row by row --------------------------------------------------------------------------------


def _recount(connection: Connection, tops: list[str], period: Period) -> dict[str, Any]:
    past, year = _earlier(period)
    now, before, year_before = (_Recount(connection, tops, one) for one in (period, past, year))
    told = now.figures()
    told |= {f"{code} before": figure for code, figure in before.indicators().items()}
    return told | {f"{code} a year before": figure for code, figure in year_before.indicators().items()}


def _earlier(period: Period) -> tuple[Period, Period]:
    """The periods compared with, worked out by hand for those of this module."""
    by_hand = {
        PERIODS["this year"]: ((date(2025, 1, 1), date(2025, 8, 4)), (date(2025, 1, 1), date(2025, 8, 4))),
        PERIODS["the year of the reform"]: ((date(2024, 1, 1), date(2024, 12, 31)),) * 2,
        PERIODS["the month before"]: ((date(2026, 6, 1), date(2026, 6, 30)), (date(2025, 7, 1), date(2025, 7, 31))),
        PERIODS["any days"]: ((date(2025, 3, 27), date(2025, 6, 14)), (date(2024, 6, 15), date(2024, 9, 2))),
        PERIODS["before the reform"]: ((date(2023, 9, 1), date(2024, 7, 31)), (date(2023, 8, 1), date(2024, 6, 30))),
    }  # fmt: skip
    return tuple(Period(*days) for days in by_hand[period])  # type: ignore[return-value]


class _Recount:
    """One area and one period."""

    def __init__(self, connection: Connection, tops: list[str], period: Period) -> None:
        self.connection, self.period = connection, period
        self.day = min(period.last, TODAY)
        reformed = self.day >= REFORM or "ab" in tops
        there = NOW_THERE if reformed else THEN_THERE
        self.units = {unit for unit in there if TOP in tops or unit in tops}
        follow = TODAY_OF if self.day > REFORM or (reformed and self.day < REFORM) or self.day == REFORM else {}
        self.unit_of = {unit: unit for unit in self.units} | {
            old: new for old, new in follow.items() if new in self.units
        }
        self.split = "c" if reformed and {"c1", "c2"} & self.units else ""
        ended = [v for v in connection.execute(select(visits)) if v.finished_at and self._in(v.finished_at)]
        self.early = sum(v.status == "ended_early" and v.unit_id in self.unit_of for v in ended)
        done = [v for v in ended if v.status in ("signed", "awaiting_signature")]
        self.apart = sum(v.unit_id == self.split for v in done)
        self.done = [v for v in done if v.unit_id in self.unit_of]
        self.values = {v.id: self._values(v.id) for v in self.done}
        self.walks = {
            v.id: Walk(from_json(v.document), Rules(checklists.get(connection, v.checklist_id)), "vi")
            for v in self.done
        }

    def _in(self, moment: datetime) -> bool:
        local = moment.astimezone(LOCAL)
        return self.period.first <= local.date() <= self.period.last and moment < NOW

    def _values(self, visit_id: str) -> dict[str, dict[str, Any]]:
        """The last answer of each key, from the history of answers."""
        rows = self.connection.execute(select(answers).where(answers.c.visit_id == visit_id))
        return {row.key: value_from_json(row.value) for row in sorted(rows, key=lambda row: row.revision)}

    def _judged(self) -> list[tuple[str, str, str]]:
        return [
            (self.unit_of[v.unit_id], key.partition(".")[0], outcome.status)
            for v in self.done
            for key, outcome in self.walks[v.id].outcomes.items()
            if outcome.status in ("met", "not_met")
        ]

    def figures(self) -> dict[str, Any]:
        scores: dict[str, tuple[int, int]] = {}
        grades = Counter[str]()
        for v in self.done:
            total = self.walks[v.id].result()
            tenths, scored = scores.get(self.unit_of[v.unit_id], (0, 0))
            known = total.score is not None
            scores[self.unit_of[v.unit_id]] = (tenths + int((total.score or 0) * 10), scored + known)
            grades[str(total.grade or "")] += 1
        judged = self._judged()
        items, grid = Counter[str](), Counter[tuple[str, str]]()
        failed_items, failed_grid = Counter[str](), Counter[tuple[str, str]]()
        for unit, code, status in judged:
            items[code] += 1
            grid[unit, code[0]] += 1
            failed_items[code] += status == "not_met"
            failed_grid[unit, code[0]] += status == "not_met"
        every = [f for f in self.connection.execute(select(findings)) if f.unit_id in self.unit_of]
        found = [f for f in every if self.period.first <= f.found_on <= self.day]
        still = [f for f in found if not self._remedied(f)]
        return self.indicators() | {
            "visits": len(self.done),
            "apart": self.apart,
            "ended early": self.early,
            "scores": scores,
            "grades": dict(grades),
            "findings": (
                len(found), sum(self._remedied(f) for f in found),
                sum(f.due is not None and self.day > _rolled(f.due) for f in still),
                sum(f.due is None for f in still),
                sum(not self._remedied(f) and f.found_on < self.period.first for f in every),
                sum(not self._remedied(f) and f.found_on < self.period.first and f.due is not None
                    and self.day > _rolled(f.due) for f in every),
            ),
            "items": {code: (failed_items[code], items[code]) for code in items},
            "grid": {key: (failed_grid[key], grid[key]) for key in grid},
            "standing": {kind: dict(Counter(self._standing(o) for o in self._owed(kind))) for kind in KINDS},
        }  # fmt: skip

    def indicators(self) -> dict[str, Any]:
        def of(code: str, field: str) -> list[tuple[str, int]]:
            return [(v.id, values[code][field]) for v in self.done
                    if field in (values := self.values[v.id]).get(code, {})]  # fmt: skip

        absent, required = dict(of("C01", "vang_khong_ly_do")), dict(of("C01", "tong"))
        files, percents = dict(of("F04", "gia_tri")), dict(of("F07", "gia_tri"))
        late = dict(of("F05", "gia_tri"))
        apologies = {v: n for v, n in of("F06", "gia_tri") if late.get(v)} | {v: 0 for v, n in late.items() if n == 0}
        rated = [v for v in files if files[v] and v in percents]
        briefed, staff = self._briefed()
        owed = {kind: self._owed(kind) for kind in KINDS}
        issued = {
            kind: (Fraction(sum(self._standing(o) not in ("overdue", "within") for o in rows)), len(rows))
            for kind, rows in owed.items()
        }
        surprise = {self.unit_of[v.unit_id] for v in self.done if v.form == "surprise"}
        combined = {self.unit_of[v.unit_id] for v in self.done if v.form == "combined"}
        return {
            "KPI-01": issued["impl_plan"],
            "KPI-02": (Fraction(briefed), staff),
            "KPI-03a": issued["internal_rules"],
            "KPI-03b": issued["working_regulation"],
            "KPI-03c": issued["culture_plan"],
            "KPI-04a": (Fraction(len(surprise)), None),
            "KPI-04b": (Fraction(len(combined)), None),
            "KPI-05": (Fraction(len({self.unit_of[v.unit_id] for v in self.done})), len(self.units)),
            "KPI-06": self._in_time(),
            "KPI-07": self._repeated(),
            "KPI-08": (Fraction(sum(absent.values())), sum(required.values())),
            "KPI-09": (
                sum((Fraction(percents[v]) / 100 * files[v] for v in rated), Fraction()),
                sum(files[v] for v in rated),
            ),
            "KPI-10": (Fraction(sum(apologies.values())), sum(late[v] for v in apologies)),
        }

    def _briefed(self) -> tuple[int, int]:
        last: dict[str, Any] = {}
        for v in sorted(self.done, key=lambda v: (v.finished_at, v.id)):
            last[v.unit_id] = self.values[v.id]["A04"]
        counted = [unit for unit in last if unit in self.units or self.unit_of[unit] not in last]
        return sum(last[u]["da_quan_triet"] for u in counted), sum(last[u]["tong"] for u in counted)

    def _owed(self, kind: str) -> list[Any]:
        rows = self.connection.execute(select(obligations).where(obligations.c.kind == kind))
        return [
            o for o in rows if o.unit_id in self.unit_of and o.year == self.period.last.year and o.state != "cancelled"
        ]

    def _standing(self, o: Any) -> str:
        done = o.issued if o.state in ("reported", "accepted", "returned") else None
        if done is None or done > self.day:
            return "overdue" if self.day > _rolled(o.due) else "within"
        if done <= _rolled(o.original_due):
            return "on_time"
        return "on_time_by_extension" if done <= _rolled(o.due) else "late"

    def _remedied(self, f: Any) -> bool:
        """As it stood on the last day of a period that is over; here only documents have a day."""
        done = [o.issued for o in self.connection.execute(select(obligations)) if o.finding_id == f.id and o.issued]
        return f.status == "verified" and (self.period.last >= TODAY or not done or done[0] <= self.day)

    def _in_time(self) -> tuple[Fraction, int]:
        by_finding = {o.finding_id: o for o in self.connection.execute(select(obligations)) if o.finding_id}
        due = in_time = 0
        for f in self.connection.execute(select(findings)):
            if f.unit_id not in self.unit_of or f.due is None or not self.period.first <= f.due <= self.day:
                continue
            done = by_finding[f.id].issued if f.id in by_finding else None
            remedied = f.status == "verified"
            due += remedied or self.day > _rolled(f.due)
            in_time += remedied and (done is None or done <= _rolled(f.due))
        return Fraction(in_time), due

    def _repeated(self) -> tuple[Fraction, int]:
        mine = [f for f in self.connection.execute(select(findings)) if f.unit_id in self.unit_of]
        back = date(self.day.year - 2, self.day.month, min(self.day.day, 28) if self.day.month == 2 else self.day.day)
        again = {f.repeat_of for f in mine if f.repeat_of and self.period.first <= f.found_on <= self.day}
        closed = [f for f in mine if self._remedied(f) and back <= f.found_on <= self.day]
        return Fraction(len(again)), len(closed)


def _rolled(day: date) -> date:
    while not _CALENDAR.is_working_day(day):
        day += timedelta(days=1)
    return day


_CALENDAR = calendar.default_calendar(2022, 2028)


# --- figures known from elsewhere -------------------------------------------------------------------------------------


def test_absences_of_can_tho_are_computed_not_copied() -> None:
    """22 agencies, 424 to be present, 28 absent without reason: the source prints 6,59 %, which it is not."""
    figure = Figure(28, 424)
    assert figure.percent(INDICATORS["KPI-08"].places) == Decimal("6.60")
    assert figure.percent(1) == Decimal("6.6")
    assert INDICATORS["KPI-08"].met(figure) is False


@pytest.mark.parametrize(
    ("figure", "places", "shown"),
    [
        (Figure(61, 65), 1, "93.8"), (Figure(1, 8), 1, "12.5"), (Figure(1, 16), 1, "6.3"), (Figure(1, 2000), 1, "0.1"),
        (Figure(1, 2001), 1, "0.0"), (Figure(65, 65), 1, "100.0"), (Figure(333, 424), 2, "78.54"),
        (Figure(0, 0), 1, None), (Figure(5), 1, None),
    ],
)  # fmt: skip
def test_shares_are_rounded_half_up_and_nothing_of_nothing_is_no_share(
    figure: Figure, places: int, shown: str | None
) -> None:
    assert figure.percent(places) == (None if shown is None else Decimal(shown))


def test_a_share_is_no_average_of_percentages(database: Database) -> None:
    """98 % of 10 files and 100 % of 990 are 99,98 %, not 99 %."""
    parts = [
        measures_of({"F04": {"gia_tri": n}, "F07": {"gia_tri": Decimal(p)}}, {"F04", "F07"})
        for n, p in ((10, 98), (990, 100))
    ]
    figure = Figure(sum(one.satisfied or 0 for one in parts), sum(one.rated or 0 for one in parts), 10_000)
    assert figure.percent(2) == Decimal("99.98")


def test_a_target_that_is_strict_is_not_reached_by_equality() -> None:
    assert INDICATORS["KPI-09"].met(Figure(98, 100)) is False
    assert INDICATORS["KPI-09"].met(Figure(981, 1000)) is True
    assert INDICATORS["KPI-10"].met(Figure(0, 0)) is None
    assert rounded(Fraction(-1, 8) * 100) == Decimal("-12.5")


@pytest.mark.parametrize(
    ("values", "applicable", "late", "apologies"),
    [
        ({"F05": {"gia_tri": 0}}, {"F05"}, 0, 0),
        ({"F05": {"gia_tri": 3}, "F06": {"gia_tri": 2}}, {"F05", "F06"}, 3, 2),
        ({"F05": {"gia_tri": 3}}, {"F05"}, None, None),  # what became of them is not known: neither counts
        ({"F05": {"gia_tri": 3}, "F06": {"gia_tri": 3}}, set(), None, None),
    ],
)  # fmt: skip
def test_what_a_visit_does_not_say_counts_nowhere(values: Any, applicable: set[str], late: int, apologies: int) -> None:
    measured = measures_of(values, applicable)
    assert (measured.late_files, measured.apologies) == (late, apologies)


async def test_the_sample_says_what_the_history_promises(database: Database) -> None:
    now = datetime(2026, 8, 4, 1, tzinfo=UTC)
    database.write_now(lambda connection: checklists.load_builtin(connection, now))
    load_sample(database, EvidenceStore(None), now)
    top = await database.read(lambda connection: units.tops(connection, TODAY)[0].id)
    summary = await database.read(partial(_summary, tops=[top], period=PERIODS["this year"]))
    found = summary.counts.found
    assert summary.rows["KPI-01"].now == Figure(61, 65)
    assert summary.rows["KPI-04a"].now == Figure(14)
    assert (found.total, found.remedied, found.within, found.overdue, found.unannounced) == (37, 29, 4, 3, 1)
    assert summary.area.reorganised_in(PERIODS["the year of the reform"]) == [REFORM]
    assert summary.area.reorganised_in(PERIODS["this year"]) == []


async def test_former_units_count_for_those_they_were_merged_into(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    since = await database.read(partial(area_of, tops=[TOP], reference=TODAY, today=TODAY))
    assert dict(since.successor) == {unit: unit for unit in NOW_THERE} | TODAY_OF
    assert since.apart == ("c",)
    then = await database.read(partial(area_of, tops=[TOP], reference=REFORM - timedelta(days=1), today=TODAY))
    assert set(then.units) == set(THEN_THERE)
    assert (then.apart, then.changed) == ((), ())
    one = await database.read(partial(area_of, tops=["ab"], reference=date(2024, 1, 1), today=TODAY))
    assert set(one.successor) == {"a", "b", "ab"}


# --- indices and targets ----------------------------------------------------------------------------------------------


async def test_an_index_is_corrected_in_place_and_the_journal_keeps_both(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    first = Ranking(TOP, "SIPAS", 2025, 31, 63)
    assert database.write_now(lambda c: enter(c, first, "leader", NOW)) is None
    assert database.write_now(lambda c: enter(c, replace(first, rank=30), "leader", NOW)) == first
    summary = await database.read(partial(_summary, tops=[TOP], period=PERIODS["this year"]))
    assert [one.rank for one in summary.rankings] == [30]
    told = await database.read(
        lambda c: [json.loads(r.details) for r in c.execute(select(journal).order_by(journal.c.id))]
    )
    assert [(one["value"], one.get("before")) for one in told] == [("31/63", None), ("30/63", "31/63")]


async def test_a_target_of_the_authority_takes_the_place_of_the_usual_one(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    database.write_now(lambda c: aim_at(c, TOP, "KPI-04a", 2026, Decimal(20), "leader", NOW))
    summary = await database.read(partial(_summary, tops=[TOP], period=PERIODS["this year"]))
    assert summary.rows["KPI-04a"].target == 20
    assert summary.rows["KPI-05"].target is None


async def test_ten_units_are_no_target_for_an_area_that_has_fewer(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    summary = await database.read(partial(_summary, tops=[TOP], period=PERIODS["this year"]))
    assert len(summary.area.units) < 10
    assert summary.rows["KPI-04a"].target is None
    assert summary.rows["KPI-01"].target == 100


def test_a_difference_is_that_of_the_figures_shown() -> None:
    """15.36 % is shown as 15.4 and 3.84 % as 3.8: 11.6 lies between them, not 11.5."""
    indicator = INDICATORS["KPI-06"]
    now, before = Figure(1536, 10_000), Figure(384, 10_000)
    assert (now.percent(), before.percent()) == (Decimal("15.4"), Decimal("3.8"))
    assert indicator.change(now, before) == Decimal("11.6")


async def test_a_checklist_narrows_visits_and_findings_but_not_what_is_owed(database: Database) -> None:
    province = database.write_now(lambda connection: generate(connection, SEEDS[0]))

    def by(connection: Connection, checklist: tuple[int, ...]) -> tuple[int, int, int | None]:
        working_days = calendar.current(connection, TODAY)
        told = summarise(connection, [TOP], PERIODS["this year"], NOW, working_days, checklist)
        return told.counts.visits, told.counts.found.total, told.rows["KPI-01"].now.of if told.rows["KPI-01"].now else 0

    every = await database.read(partial(by, checklist=()))
    assert every[0] > 0
    assert await database.read(partial(by, checklist=(province.checklist_id,))) == every
    assert await database.read(partial(by, checklist=(province.checklist_id + 1,))) == (0, 0, every[2])
