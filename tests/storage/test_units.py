"""Units are found as people type them, and only inside what the asker may see."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from sqlalchemy import Connection, update

from storage import units
from storage.database import Database
from storage.tables import unit_links
from storage.units import NewUnit, Unit

SINCE = date(2025, 7, 1)
ON = date(2026, 8, 4)


def commune(unit_id: str, name: str, parent: str = "p", kind: str = "commune") -> NewUnit:
    return NewUnit(unit_id, kind, name, SINCE, parent_id=parent)


@pytest.fixture
def province(database: Database) -> Database:
    new = [
        NewUnit("p", "province", "tỉnh Lạng Sơn", SINCE),
        NewUnit("q", "province", "tỉnh Cao Bằng", SINCE),
        NewUnit("old", "district", "huyện Văn Quan", date(2000, 1, 1), parent_id="p"),
        commune("dh", "xã Điềm He"),
        commune("dd", "xã Đồng Đăng"),
        commune("cl", "xã Chi Lăng"),
        commune("cls", "xã Chi Lăng Sơn"),
        commune("tcl", "phường Tân Chi Lăng", kind="ward"),
        commune("q1", "xã Chi Lăng", "q"),
        commune("qh", "xã Quý Hòa"),
        NewUnit("vp", "office", "Phòng Kinh tế", SINCE, parent_id="dh"),
        NewUnit("vp2", "office", "Phòng Kinh tế", SINCE, parent_id="dd"),
    ]

    def fill(connection: Connection) -> None:
        units.create(connection, new)

    database.write_now(fill)
    return database


def search(database: Database, text: str, scope: tuple[str, ...] = ("p",), limit: int = 8) -> list[Unit]:
    return database.write_now(lambda connection: units.find(connection, text, scope=scope, on=ON, limit=limit))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("diem he", ["dh"]),
        ("Điềm He", ["dh"]),
        (unicodedata.normalize("NFD", "điềm he"), ["dh"]),
        ("  UBND   xã  ĐIỀM HE ", ["dh"]),
        ("ủy ban nhân dân xã điềm", ["dh"]),
        ("dong dang", ["dd"]),
        ("qui hoa", ["qh"]),
        ("chi lang", ["cl", "cls", "tcl"]),
        ("lang son", ["p", "cls"]),
        ("100%", []),
        ("_", []),
        ("", []),
        ("khong co", []),
    ],
)
def test_find(province: Database, typed: str, found: list[str]) -> None:
    assert [unit.id for unit in search(province, typed)] == found


def test_nothing_outside_the_scope(province: Database) -> None:
    assert search(province, "chi lang", scope=("dh",)) == []
    assert [unit.id for unit in search(province, "diem he", scope=("dh",))] == ["dh"]
    assert search(province, "diem he", scope=()) == []


def test_equal_names_are_shown_with_their_parent(province: Database) -> None:
    found = search(province, "xa chi lang", scope=("p", "q"))
    assert units.labels(found) == [
        "UBND xã Chi Lăng, UBND tỉnh Cao Bằng",
        "UBND xã Chi Lăng, UBND tỉnh Lạng Sơn",
        "UBND xã Chi Lăng Sơn",
        "UBND phường Tân Chi Lăng",
    ]
    assert units.labels(search(province, "phong kinh te")) == [
        "Phòng Kinh tế, UBND xã Điềm He",
        "Phòng Kinh tế, UBND xã Đồng Đăng",
    ]


def test_limit_keeps_the_closest(province: Database) -> None:
    assert [unit.id for unit in search(province, "chi lang", limit=1)] == ["cl"]


def test_subtree_follows_the_links_of_the_day(province: Database) -> None:
    def move(connection: Connection) -> tuple[set[str], set[str]]:
        connection.execute(update(unit_links).where(unit_links.c.unit_id == "dh").values(valid_to=date(2026, 6, 30)))
        return (
            units.subtree_ids(connection, "p", date(2026, 6, 30)),
            units.subtree_ids(connection, "p", date(2026, 7, 1)),
        )

    before, after = province.write_now(move)
    assert before - after == {"dh", "vp"}
    assert after >= {"p", "dd", "cl"}


def test_a_unit_is_shown_as_the_card_needs_it(province: Database) -> None:
    unit = province.write_now(lambda connection: units.get(connection, "dh", on=ON))
    assert unit == Unit("dh", "", "commune", "xã Điềm He", "UBND xã Điềm He", "p", "UBND tỉnh Lạng Sơn")
    assert province.write_now(lambda connection: units.get(connection, "none", on=ON)) is None


async def test_readers_see_the_same(province: Database) -> None:
    found = await province.read(lambda connection: units.find(connection, "diem", scope=["p"], on=ON))
    assert [unit.id for unit in found] == ["dh"]
