"""The figures of `/summary` equal a recount made another way: from the visits themselves, judged again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

import pytest
from sqlalchemy import Connection, select

from inspection.prompts import Rules, Walk
from inspection.visit import from_json
from inspection.working_days import LOCAL
from storage import calendar, checklists, units
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.reports import summary
from storage.sample.load import load_sample
from storage.tables import findings, obligations, visits

NOW = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
TODAY = date(2026, 8, 4)
PERIODS = {
    "the year": datetime(2026, 1, 1, tzinfo=LOCAL),
    "since the reform": datetime(2025, 7, 1, tzinfo=LOCAL),
    "the quarter": datetime(2026, 7, 1, tzinfo=LOCAL),
    "nothing yet": datetime(2026, 8, 4, 7, 59, tzinfo=LOCAL),
}


@pytest.fixture
def sample(database: Database) -> Database:
    """The sample province."""
    database.write_now(lambda connection: checklists.load_builtin(connection, NOW))
    load_sample(database, EvidenceStore(None), NOW)
    return database


async def test_figures_equal_a_recount_and_a_visit_under_way_is_in_none(sample: Database) -> None:
    """One load of the sample serves all three questions: loading it is the longest part."""
    for area in ("UBND tỉnh Lạng Sơn", "xã Tân Đoàn"):
        for name, start in PERIODS.items():
            counted, recounted = await sample.read(partial(_both, area=area, start=start))
            assert counted == recounted, f"{area}, {name}"
    await _a_part_of_the_province_counts_only_itself(sample)
    await _a_visit_under_way_is_counted_by_nobody(sample)


async def _a_part_of_the_province_counts_only_itself(sample: Database) -> None:
    counted, _ = await sample.read(partial(_both, area="xã Tân Đoàn", start=PERIODS["since the reform"]))
    assert (counted["visits"], counted["units"], counted["findings_open"]) == (1, 1, 1)
    assert counted["average"] == Decimal("83.5")


async def _a_visit_under_way_is_counted_by_nobody(sample: Database) -> None:
    before, _ = await sample.read(partial(_both, area="UBND tỉnh Lạng Sơn", start=PERIODS["the year"]))

    def hide(connection: Connection) -> None:
        one = connection.execute(
            select(visits.c.id).where(visits.c.started_at > datetime(2026, 1, 1, tzinfo=UTC))
        ).scalar()
        connection.execute(visits.update().where(visits.c.id == one).values(status="in_progress", finished_at=None))

    sample.write_now(hide)
    after, _ = await sample.read(partial(_both, area="UBND tỉnh Lạng Sơn", start=PERIODS["the year"]))
    assert after["visits"] == before["visits"] - 1


def test_nothing_divided_by_nothing_is_no_share() -> None:
    assert summary.share(0, 0) is None
    assert summary.share(28, 424) == Decimal("6.6")
    assert summary.share(61, 65) == Decimal("93.8")


def _both(connection: Connection, *, area: str, start: datetime) -> tuple[dict[str, object], dict[str, object]]:
    tree = units.subtree_ids(connection, _unit_id(connection, area), TODAY)
    inspected = summary.inspectable(connection, tree)
    working_days = calendar.current(connection, TODAY)
    figures = summary.summarise(connection, inspected, start, NOW, working_days)
    counted = {
        "visits": figures.visits,
        "units_visited": figures.units_visited,
        "units": figures.units,
        "average": figures.average,
        "grades": figures.grades,
        "findings": figures.findings,
        "findings_open": figures.findings_open,
        "findings_overdue": figures.findings_overdue,
        "findings_older": figures.findings_older,
        "failed": [(f.code, f.failed, f.judged) for f in figures.failed_items],
        "plans": (figures.plans, figures.plans_done, figures.plans_late),
        "overdue": sorted(p.code for p in figures.overdue),
    }
    return counted, _recount(connection, inspected, start)


def _unit_id(connection: Connection, name: str) -> str:
    top = units.tops(connection, TODAY)[0]
    if top.full_name == name:
        return top.id
    return units.find(connection, name, scope=[top.id], on=TODAY)[0].id


def _recount(connection: Connection, inspected: set[str], start: datetime) -> dict[str, object]:
    """Row by row, with the rules applied again; no SQL but `select *`."""
    done = [
        v
        for v in connection.execute(select(visits))
        if v.unit_id in inspected
        and v.status in ("awaiting_signature", "signed")
        and v.finished_at is not None
        and start <= v.finished_at < NOW
    ]
    failed, judged, scores, grades = Counter[str](), Counter[str](), [], Counter[str]()
    for row in done:
        walk = Walk(from_json(row.document), Rules(checklists.get(connection, row.checklist_id)), "vi")
        total = walk.result()
        scores.append(total.score)
        grades[str(total.grade)] += 1
        for key, outcome in walk.outcomes.items():
            code = key.partition(".")[0]
            judged[code] += outcome.status in ("met", "not_met")
            failed[code] += outcome.status == "not_met"
    most = sorted((code for code in failed if failed[code]), key=lambda code: (-failed[code], code))[:5]
    every = [f for f in connection.execute(select(findings)) if f.unit_id in inspected]
    found = [f for f in every if f.found_on >= start.astimezone(LOCAL).date()]
    owed = [
        o
        for o in connection.execute(select(obligations))
        if o.unit_id in inspected and o.kind == "impl_plan" and o.year == TODAY.year
    ]
    reported = [o for o in owed if o.state in ("reported", "accepted")]
    return {
        "visits": len(done),
        "units_visited": len({v.unit_id for v in done}),
        "units": len(inspected),
        "average": _mean(scores),
        "grades": dict(grades),
        "findings": len(found),
        "findings_open": sum(f.status == "open" for f in found),
        "findings_overdue": sum(f.status == "open" and f.due is not None and f.due < TODAY for f in found),
        "findings_older": sum(f.status == "open" for f in every if f not in found),
        "failed": [(code, failed[code], judged[code]) for code in most],
        "plans": (len(owed), len(reported), sum(o.issued > _rolled(o.due) for o in reported)),
        "overdue": sorted(o.code for o in owed if o.state == "open" and _rolled(o.due) < TODAY),
    }


def _mean(scores: list[Decimal | None]) -> Decimal | None:
    known = [score for score in scores if score is not None]
    return (sum(known, Decimal(0)) / len(known)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if known else None


def _rolled(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
