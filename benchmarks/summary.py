"""`make bench ARGS="--only summary"`: how long the figures of a province take, and how that grows with its visits.

The rows are written straight into the tables, as a year of visits would leave them; what is measured is everything that
is read for one answer, on a reader's connection, the median of several tries.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from inspection.periods import Period, current
from inspection.working_days import LOCAL
from storage import calendar, checklists, people, tallies, units
from storage.database import Database
from storage.migrate import migrate
from storage.people import NewPerson
from storage.reports.counts import by_item, by_unit_and_section
from storage.reports.summary import summarise
from storage.reports.trend import months
from storage.tables import findings, measures, results, visits
from storage.units import NewUnit

NOW = datetime(2026, 12, 31, 16, 0, tzinfo=LOCAL)
SIZES = (1_000, 5_000, 20_000)
ITEMS = 40
UNITS = 65
TRIES = 5
BATCH = 2_000


def table(folder: Path, sizes: tuple[int, ...] = SIZES) -> str:
    """The measured times as a table, a column for each number of visits."""
    asked = ("month, first page", "year, first page", "year, items", "year, units and sections", "year, twelve months")
    columns = [measured(folder / f"{size}.db", size) for size in sizes]
    head = f"{'visits (answers)':<28}" + "".join(f"{f'{n:,} ({n * ITEMS:,})':>20}" for n in sizes)
    lines = [f"{name:<28}" + "".join(f"{column[name] * 1000:>17.1f} ms" for column in columns) for name in asked]
    return "\n".join([head, *lines])


def measured(path: Path, count: int) -> dict[str, float]:
    """Seconds by question, on a database of its own with so many visits in one year."""
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.write_now(lambda connection: fill(connection, count))
    database.write_now(lambda connection: connection.exec_driver_sql("ANALYZE"))
    try:
        return dict(database.read_aside(_questions))
    finally:
        database.stop()


def _questions(connection: Connection) -> Iterator[tuple[str, float]]:
    working_days = calendar.current(connection, NOW.date())
    year, month = current("year", NOW.date()), Period(date(2026, 6, 1), date(2026, 6, 30), "month")

    def page(period: Period) -> Any:
        return summarise(connection, ["top"], period, NOW, working_days)

    whole = page(year)
    area, span = whole.area, whole.span
    asked: dict[str, Callable[[], object]] = {
        "month, first page": lambda: page(month),
        "year, first page": lambda: page(year),
        "year, items": lambda: by_item(connection, area.counted, span),
        "year, units and sections": lambda: by_unit_and_section(connection, area, span),
        "year, twelve months": lambda: months(connection, area, span),
    }
    return iter([(name, statistics.median(_timed(work) for _ in range(TRIES))) for name, work in asked.items()])


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fill(connection: Connection, count: int) -> None:
    """A province of communes with so many visits in 2026, their results, measures and findings."""
    random = Random(count)
    since = date(2025, 7, 1)
    below = [NewUnit(f"u{n}", "commune", f"xã Mẫu {n:03d}", since, parent_id="top") for n in range(UNITS)]
    units.create(connection, [NewUnit("top", "province", "tỉnh Mẫu", since), *below])
    people.create(connection, [NewPerson("leader", "Người Mẫu", since, roles=(("admin", "top"),))], NOW)
    checklist_id = checklists.load_builtin(connection, NOW)
    codes = [f"{section}{n:02d}" for section in "ABCDEFGHI" for n in range(1, 6)][:ITEMS]
    for start in range(0, count, BATCH):
        rows = [_visit(random, checklist_id, n, count) for n in range(start, min(start + BATCH, count))]
        connection.execute(insert(visits), rows)
        connection.execute(insert(measures), [_measures(random, row["id"]) for row in rows])
        connection.execute(insert(results), [one for row in rows for one in _results(random, row["id"], codes)])
        connection.execute(insert(findings), [_finding(random, row) for row in rows if random.random() < 0.9])
    tallies.add_up_all(connection)


def _visit(random: Random, checklist_id: int, number: int, count: int) -> dict[str, Any]:
    at = datetime(2026, 1, 1, 9, tzinfo=LOCAL) + timedelta(days=364 * number / count)
    return {
        "id": f"v{number:06d}", "unit_id": f"u{random.randrange(UNITS)}", "checklist_id": checklist_id,
        "form": random.choice(("surprise", "combined")), "status": "signed", "leader_id": "leader", "started_at": at,
        "finished_at": at, "score": random.randint(500, 1000) / 10, "grade": "tot", "document": "{}", "revision": 40,
    }  # fmt: skip


def _measures(random: Random, visit_id: str) -> dict[str, Any]:
    staff, files = random.randint(15, 60), random.randint(100, 2000)
    return {
        "visit_id": visit_id, "briefed": staff - 1, "staff": staff, "absent": random.randint(0, 2), "required": staff,
        "late_files": 3, "apologies": 2, "satisfied": 9860 * files, "rated": files,
    }  # fmt: skip


def _results(random: Random, visit_id: str, codes: list[str]) -> Iterator[dict[str, Any]]:
    for code in codes:
        outcome = "not_met" if random.random() < 0.05 else "met"
        yield {"visit_id": visit_id, "key": code, "code": code, "outcome": outcome, "critical": False}


def _finding(random: Random, visit: dict[str, Any]) -> dict[str, Any]:
    on = visit["finished_at"].date()
    return {
        "id": f"f{visit['id']}", "number": f"TT-2026-{int(visit['id'][1:]) + 1:06d}", "unit_id": visit["unit_id"],
        "visit_id": visit["id"], "key": "C02", "item_code": "C02", "sentence": "Có 02 người đi muộn", "remedy_days": 5,
        "due": on + timedelta(days=20), "original_due": on + timedelta(days=20), "found_on": on,
        "status": random.choice(("open", "verified", "verified")),
    }  # fmt: skip
