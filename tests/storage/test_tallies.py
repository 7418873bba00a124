"""What is added up by unit and month is what the rows say, whatever happens to a visit after it was counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, delete, func, select, update

from inspection.working_days import LOCAL
from storage import tallies
from storage.database import Database
from storage.migrate import _config, _connection, migrate
from storage.tables import item_tallies, measures, results, visit_tallies, visits
from storage.tallies import Within, items_in, visits_in
from tests.storage.summary_data import generate


def told(connection: Connection) -> list[list[tuple[Any, ...]]]:
    """Everything that is added up, in a steady order."""
    return [sorted(tuple(row) for row in connection.execute(select(table))) for table in (visit_tallies, item_tallies)]


def reopened(connection: Connection, visit_id: str) -> None:
    connection.execute(update(visits).where(visits.c.id == visit_id).values(status="in_progress", finished_at=None))


def corrected(connection: Connection, visit_id: str) -> None:
    connection.execute(update(results).where(results.c.visit_id == visit_id).values(outcome="not_met"))
    connection.execute(update(measures).where(measures.c.visit_id == visit_id).values(absent=7))
    connection.execute(update(visits).where(visits.c.id == visit_id).values(score=12.5, grade="yeu"))


def ended_early(connection: Connection, visit_id: str) -> None:
    connection.execute(delete(results).where(results.c.visit_id == visit_id))
    connection.execute(
        update(visits).where(visits.c.id == visit_id).values(status="ended_early", score=None, grade=None)
    )


def moved_on(connection: Connection, visit_id: str) -> None:
    """Finished again, in another month."""
    later = datetime(2026, 7, 31, 23, 59, tzinfo=LOCAL)
    connection.execute(update(visits).where(visits.c.id == visit_id).values(finished_at=later))


@pytest.mark.parametrize("happens", [reopened, corrected, ended_early, moved_on])
def test_a_month_is_added_up_anew(happens: Callable[[Connection, str], None], database: Database) -> None:
    def work(connection: Connection) -> None:
        generate(connection, 1)
        visit = connection.execute(select(visits).where(visits.c.status == "signed").limit(1)).one()
        before = told(connection)
        happens(connection, visit.id)
        moments = [
            visit.finished_at,
            connection.execute(select(visits.c.finished_at).where(visits.c.id == visit.id)).scalar(),
        ]
        tallies.add_up(connection, [tallies.month_of(visit.unit_id, at) for at in moments if at is not None])
        after = told(connection)
        assert after != before
        for table in (visit_tallies, item_tallies):
            connection.execute(delete(table))
        tallies.add_up_all(connection)
        assert told(connection) == after

    database.write_now(work)


def test_the_migration_adds_up_what_is_there(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, 3, 120))
    before, sent = database.write_now(told), database.write_now(_authorities)
    assert all(before)
    assert len(set(sent.values())) > 1
    with _connection(database) as connection:
        command.downgrade(_config(connection), "0012")
    migrate(database)
    assert database.write_now(told) == before
    assert database.write_now(_authorities) == sent  # read from the documents


def _authorities(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(visits.c.id, visits.c.authority_id))
    return {row.id: row.authority_id for row in rows}


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-01-01 00:00", "2026-08-04 08:10"),
        ("2026-01-01 00:00", "2026-08-01 00:00"),
        ("2026-01-01 00:01", "2026-03-31 23:59"),
        ("2026-02-03 00:00", "2026-02-20 00:00"),
        ("2026-02-28 00:00", "2026-03-01 00:00"),
        ("2024-01-01 00:00", "2026-08-04 08:10"),
        ("2026-03-01 00:00", "2026-03-01 00:00"),
    ],
)  # fmt: skip
def test_a_span_is_its_months_and_what_is_left(begins: str, ends: str, database: Database) -> None:
    start, end = (datetime.fromisoformat(moment).replace(tzinfo=LOCAL) for moment in (begins, ends))

    def work(connection: Connection) -> None:
        generate(connection, 2, 120)
        here = (visits.c.finished_at >= start, visits.c.finished_at < end, visits.c.status.in_(tallies.COUNTED))
        within = Within(["ab", "c1", "d2", "e", "a", "b", "f", "so"], start, end)
        counted = visits_in(within)
        total = select(func.coalesce(func.sum(counted.c.visits), 0), func.coalesce(func.sum(counted.c.absent), 0))
        raw = select(func.count(), func.coalesce(func.sum(measures.c.absent), 0)).select_from(
            visits.outerjoin(measures, measures.c.visit_id == visits.c.id)
        ).where(*here, visits.c.unit_id.in_(within.unit_ids))  # fmt: skip
        assert [*map(int, connection.execute(total.where(counted.c.status.in_(tallies.COUNTED))).one())] == [
            *map(int, connection.execute(raw).one())
        ]
        items = items_in(within)
        failed = select(func.coalesce(func.sum(items.c.failed), 0))
        not_met = select(func.count()).select_from(results.join(visits, visits.c.id == results.c.visit_id)).where(
            *here, visits.c.unit_id.in_(within.unit_ids), results.c.outcome == "not_met"
        )  # fmt: skip
        assert int(connection.execute(failed).scalar_one()) == connection.execute(not_met).scalar_one()

    database.write_now(work)
