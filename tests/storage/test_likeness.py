"""A photo like an earlier one is found by an index and told apart from those that only share a band with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from inspection.messages import Chat, Media
from inspection.visit import Status, Visit
from storage import checklists, people, units, visits
from storage.database import Database
from storage.likeness import CANDIDATES, NEAR, alike
from storage.migrate import migrate
from storage.people import NewPerson
from storage.tables import evidence, photos
from storage.units import NewUnit
from storage.visits import AwaitedPhoto

NOW = datetime(2026, 8, 4, 1, tzinfo=UTC)
LOOK = "0123456789abcdef" + "5a" * 32


def changed(look: str, coarse: tuple[int, ...] = (), fine: int = 0) -> str:
    """A look with these bits of its coarse half turned, and so many of its fine half."""
    turned = sum(1 << bit for bit in coarse)
    return f"{int(look[:16], 16) ^ turned:016x}{int(look[16:], 16) ^ ((1 << fine) - 1):064x}"


def begin(connection: Connection) -> None:
    units.create(connection, [NewUnit("u", "commune", "xã A", date(2025, 7, 1))])
    people.create(connection, [NewPerson("p", "A", date(2025, 7, 1), "", roles=(("inspector", "u"),))], NOW)
    checklist = checklists.load_builtin(connection, NOW)
    for name in ("v1", "v2"):
        visits.add(connection, Visit(name, "u", "xã A", checklist, Status.IN_PROGRESS, NOW, date(2026, 8, 4), "p"))


def keep(connection: Connection, name: str, sha: str, look: str, **more: Any) -> None:
    """A photo, announced and stored."""
    visit, kind = more.pop("visit", "v1"), more.pop("kind", "photo")
    awaited = AwaitedPhoto(name, Chat("t", "1", "7"), "7", "p", Media("r", name="a.jpg"), visit, kind=kind)
    visits.await_photos(connection, [awaited], NOW)
    details = {"sha256": sha * 64, "size": 1, "mime": "image/jpeg", "width": 1, "height": 1, "look": look,
               "kind": kind, "exif": {}} | more  # fmt: skip
    visits.photo_kept(connection, name, details, NOW + timedelta(minutes=len(name)))


async def test_the_nearest_first_and_the_same_bytes_before_all(database: Database) -> None:
    def work(connection: Connection) -> list[tuple[str, int, bool]]:
        begin(connection)
        keep(connection, "far", "a", changed(LOOK, fine=NEAR))
        keep(connection, "near", "b", changed(LOOK, coarse=(3,), fine=2), visit="v2")
        keep(connection, "too-far", "c", changed(LOOK, fine=NEAR + 1))
        keep(connection, "same", "d", LOOK, visit="v2")
        keep(connection, "this", "d", LOOK)
        return [(one.photo_id, one.distance, one.same_bytes) for one in alike(connection, "this", "d" * 64, LOOK)]

    assert await database.write(work) == [("same", 0, True), ("near", 2, False), ("far", NEAR, False)]


async def test_seven_bits_anywhere_cannot_hide_it(database: Database) -> None:
    def work(connection: Connection) -> dict[int, bool]:
        begin(connection)
        keep(connection, "one", "a", LOOK)
        spread = (0, 5, 16, 21, 32, 37, 48, 53)  # two in each band
        return {
            count: bool(alike(connection, "x", "e" * 64, changed(LOOK, coarse=spread[:count]))) for count in (1, 7, 8)
        }

    assert await database.write(work) == {1: True, 7: True, 8: False}  # eight: two in every band


async def test_without_a_look_only_the_same_bytes_are_found(database: Database) -> None:
    def work(connection: Connection) -> list[str]:
        begin(connection)
        keep(connection, "wall", "a", "")
        keep(connection, "other-wall", "b", "")
        keep(connection, "scene", "c", LOOK)
        keep(connection, "again", "a", "", visit="v2")
        return [one.photo_id for one in alike(connection, "again", "a" * 64, "")]

    assert await database.write(work) == ["wall"]


async def test_proofs_of_reports_and_what_is_still_awaited_are_not_compared(database: Database) -> None:
    def work(connection: Connection) -> list[str]:
        begin(connection)
        keep(connection, "proof", "a", LOOK, visit=None)
        return [one.photo_id for one in alike(connection, "x", "a" * 64, LOOK)]

    assert await database.write(work) == []


def test_candidates_are_found_by_the_index() -> None:
    database = Database("sqlite://")  # the other planner chooses by the number of rows, of which a test has none
    migrate(database)
    with database.engine.connect() as connection:
        asked = CANDIDATES.params(bands=[1, 2, 3]).compile(connection, compile_kwargs={"literal_binds": True})
        plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}"))
    database.stop()
    assert "SEARCH picture_bands" in plan
    assert "SCAN" not in plan


async def test_what_bytes_turned_out_to_be_is_kept(database: Database) -> None:
    def work(connection: Connection) -> Any:
        begin(connection)
        keep(
            connection,
            "one",
            "a",
            LOOK,
            kind="document",
            mime="x" * 100,
            exif={"device": "Điện thoại", "latitude": 1.5},
        )
        keep(connection, "two", "b", "", exif={"device": "no place"})
        placed = visits.photos_with_place(connection, "v1")
        visits.photo_hints(connection, "one", km_apart=5, resembles="two", distance=3)
        row = connection.execute(select(photos).where(photos.c.id == "one")).one()
        file = connection.execute(select(evidence).where(evidence.c.sha256 == "a" * 64)).one()
        return placed, visits.photos_with_place(connection, "v1"), row, file

    placed, after, row, file = await database.write(work)
    assert placed == [("one", {"device": "Điện thoại", "latitude": 1.5})]
    assert after == []
    assert (row.kind, row.name, row.km_apart, row.resembles, row.distance) == ("document", "a.jpg", 5, "two", 3)
    assert json.loads(file.exif)["device"] == "Điện thoại"


async def test_a_kind_nobody_knows_is_refused_by_the_database(database: Database) -> None:
    def work(connection: Connection) -> None:
        begin(connection)
        awaited = AwaitedPhoto("x", Chat("t", "1", "7"), "7", "p", Media("r"), "v1", kind="sticker")
        visits.await_photos(connection, [awaited], NOW)

    with pytest.raises(IntegrityError, match="known_kind"):
        await database.write(work)
