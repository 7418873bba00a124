"""KPI-04 for each authority: different units, their mean, and who is below the target, recounted from the visits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from sqlalchemy import Connection, insert, select

from inspection.visit import from_json
from inspection.working_days import LOCAL
from storage import calendar
from storage.database import Database
from storage.external_indices import aim_at
from storage.reports.authorities import Inspecting, by_authority, mean
from storage.reports.summary import Summary, summarise
from storage.tables import roles, visits
from tests.storage.summary_data import AUTHORITIES, NOW, SINCE, TODAY, TOP, generate
from tests.storage.test_summary import NOW_THERE, PERIODS, SEEDS, TODAY_OF


def _listed(connection: Connection, name: str) -> tuple[Summary, list[Inspecting]]:
    summary = summarise(connection, [TOP], PERIODS[name], NOW, calendar.current(connection, TODAY))
    return summary, by_authority(connection, summary)


def _by_hand(connection: Connection, name: str) -> dict[str, dict[str, set[str]]]:
    """By the document of each visit, for units of today."""
    period = PERIODS[name]
    found: dict[str, dict[str, set[str]]] = {}
    for row in connection.execute(select(visits).where(visits.c.status.in_(["signed", "awaiting_signature"]))):
        day, unit = row.finished_at.astimezone(LOCAL).date(), TODAY_OF.get(row.unit_id, row.unit_id)
        if period.first <= day <= min(period.last, TODAY) and unit in NOW_THERE:
            authority = from_json(row.document).attendance.authority_id
            found.setdefault(authority, {}).setdefault(row.form, set()).add(unit)
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["this year", "the month before", "any days"])
async def test_units_are_counted_once_for_each_authority(database: Database, seed: int, name: str) -> None:
    database.write_now(lambda connection: generate(connection, seed))
    _, listed = await database.read(partial(_listed, name=name))
    by_hand = await database.read(partial(_by_hand, name=name))
    assert {one.id for one in listed} == {*by_hand, TOP}  # whose team head is
    for one in listed:
        seen = by_hand.get(one.id, {})
        everything = set().union(*seen.values()) if seen else set()
        assert (one.surprise, one.combined, one.all) == (
            len(seen.get("surprise", ())), len(seen.get("combined", ())), len(everything),
        )  # fmt: skip
    known = [one.surprise for one in listed if one.id]
    assert mean(listed) == Fraction(sum(known), len(known))


async def test_who_sends_no_team_is_below_its_target(database: Database) -> None:
    database.write_now(lambda connection: generate(connection, SEEDS[0]))
    idle = {"person_id": "leader", "role": "team-head", "unit_id": "e", "valid_from": SINCE}
    database.write_now(lambda connection: connection.execute(insert(roles).values(**idle)))
    for unit, value in (("e", 2), ("so", 1)):
        database.write_now(
            partial(aim_at, unit_id=unit, code="KPI-04a", year=2026, value=Decimal(value), person_id="leader", now=NOW)
        )
    _, listed = await database.read(partial(_listed, name="this year"))
    told = {one.id: (one.surprise, one.target, one.below) for one in listed}
    assert told["e"] == (0, 2, True)
    assert told["so"][1:] == (1, False)
    assert told[TOP][1:] == (None, False)  # it has fewer than ten units to inspect
    assert set(told) == {*AUTHORITIES, "e"}
    _, of_a_month = await database.read(partial(_listed, name="the month before"))
    assert {one.target for one in of_a_month} == {None}
