"""Units are found as people type them, and only inside what the asker may see."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from sqlalchemy import Connection, update

from storage import lineage, units
from storage.database import Database
from storage.lineage import Step
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


# --- former names -------------------------------------------------------------------------------------------------

BEFORE = date(2020, 1, 1)
FORMER = [
    NewUnit("vq", "district", "huyện Văn Quan", BEFORE, parent_id="p"),
    NewUnit("bg", "district", "huyện Bình Gia", BEFORE, parent_id="p"),
    NewUnit("hb1", "commune", "xã Hòa Bình", BEFORE, "06253", "vq"),
    NewUnit("hb2", "commune", "xã Hòa Bình", BEFORE, parent_id="bg"),
    NewUnit("hbs", "commune", "xã Hòa Bình Sơn", BEFORE, parent_id="bg"),
    NewUnit("dh0", "commune", "xã Điềm He", BEFORE, parent_id="vq"),
    NewUnit("ddo", "commune", "xã Đồng Đăng Đông", BEFORE, parent_id="vq"),
    NewUnit("mid", "commune", "xã Tú Xuyên", date(2024, 12, 1), parent_id="vq"),
    NewUnit("now", "commune", "xã Văn Quan", SINCE, "06253", "p"),
    NewUnit("now2", "commune", "xã Thiện Long", SINCE, parent_id="p"),
]
CHANGES = (
    Step(("hb1",), ("mid",), "merge", date(2024, 12, 1)),
    Step(("mid",), ("now",), "merge", SINCE),
    Step(("hb2", "hbs"), ("now2",), "merge", SINCE),
    Step(("dh0", "ddo"), ("dh",), "merge", SINCE),
    Step(("vq", "bg"), ("p",), "abolish", SINCE),
)


@pytest.fixture
def reformed(province: Database) -> Database:
    def fill(connection: Connection) -> None:
        units.create(connection, FORMER)
        lineage.record(connection, CHANGES, today=ON)

    province.write_now(fill)
    return province


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        (
            "hoà bình",
            [
                "UBND xã Thiện Long (xã Hòa Bình, huyện Bình Gia trước đây)",
                "UBND xã Văn Quan (xã Hòa Bình, huyện Văn Quan trước đây)",
            ],
        ),
        ("xa hoa binh son", ["UBND xã Thiện Long (xã Hòa Bình Sơn, huyện Bình Gia trước đây)"]),
        ("tu xuyen", ["UBND xã Văn Quan (xã Tú Xuyên, huyện Văn Quan trước đây)"]),
        ("diem he", ["UBND xã Điềm He"]),
        ("dong dang", ["UBND xã Đồng Đăng", "UBND xã Điềm He (xã Đồng Đăng Đông, huyện Văn Quan trước đây)"]),
        ("binh gia", []),  # an abolished district has no unit of its own kind to offer
        ("oa bin", []),  # inside a word of a former name: too far
    ],
)
def test_a_former_name_offers_the_unit_of_today(reformed: Database, typed: str, labels: list[str]) -> None:
    assert units.labels(search(reformed, typed)) == labels


def test_a_former_name_stays_inside_the_scope_and_the_limit(reformed: Database) -> None:
    assert [unit.id for unit in search(reformed, "hoa binh", scope=("now",))] == ["now"]
    assert search(reformed, "hoa binh", scope=("dd", "q")) == []
    assert [unit.id for unit in search(reformed, "hoa binh", limit=1)] == ["now2"]
    (found,) = search(reformed, "tu xuyen")
    assert units.labels([found], "en") == ["UBND xã Văn Quan (formerly xã Tú Xuyên, huyện Văn Quan)"]
    assert not units.is_exactly([found], "tu xuyen")


def test_on_a_day_of_the_past_the_units_of_that_day_are_found(reformed: Database) -> None:
    def on(day: date) -> list[str]:
        find = units.find
        return reformed.write_now(
            lambda connection: units.labels(find(connection, "hoa binh", scope=["vq", "bg"], on=day))
        )

    assert on(date(2024, 1, 1)) == [
        "UBND xã Hòa Bình, UBND huyện Bình Gia",
        "UBND xã Hòa Bình, UBND huyện Văn Quan",
        "UBND xã Hòa Bình Sơn",
    ]
    assert on(date(2025, 1, 1)) == [
        "UBND xã Hòa Bình",
        "UBND xã Hòa Bình Sơn",
        "UBND xã Tú Xuyên (xã Hòa Bình, huyện Văn Quan trước đây)",
    ]


def test_a_unit_of_the_past_is_told_from_its_namesakes(reformed: Database) -> None:
    found = reformed.write_now(lambda connection: units.get_many(connection, ["hb1", "hb2", "now"], on=ON))
    told = {unit_id: units.told_apart(unit) for unit_id, unit in found.items()}
    assert told == {
        "hb1": "xã Hòa Bình, huyện Văn Quan",
        "hb2": "xã Hòa Bình, huyện Bình Gia",
        "now": "xã Văn Quan, tỉnh Lạng Sơn",
    }


def test_a_code_belongs_to_one_unit_at_a_time(reformed: Database) -> None:
    def holders(connection: Connection) -> list[list[str]]:
        days = (date(2019, 12, 31), BEFORE, date(2024, 11, 30), date(2024, 12, 1), SINCE)
        return [[unit.id for unit in units.by_code(connection, "06253", on=day)] for day in days]

    assert reformed.write_now(holders) == [[], ["hb1"], ["hb1"], [], ["now"]]


def test_the_card_tells_the_lineage(reformed: Database) -> None:
    unit = reformed.write_now(lambda connection: units.get(connection, "now2", on=ON))
    assert unit is not None
    assert units.lineage(unit) == "trước là các xã Hòa Bình, Hòa Bình Sơn"


def test_without_a_lineage_the_stored_text_is_searched(province: Database) -> None:
    stored = "thị trấn Cao Lộc, phường Hoàng Văn Thụ và các xã Hợp Thành, Bính Xá (một phần)"

    def fill(connection: Connection) -> None:
        units.create(connection, [NewUnit("kl", "ward", "phường Kỳ Lừa", SINCE, parent_id="p", former=stored)])

    province.write_now(fill)
    assert units.labels(search(province, "hợp thành")) == ["UBND phường Kỳ Lừa (xã Hợp Thành trước đây)"]
    assert units.labels(search(province, "cao loc")) == ["UBND phường Kỳ Lừa (thị trấn Cao Lộc trước đây)"]
    assert units.labels(search(province, "binh xa")) == ["UBND phường Kỳ Lừa (xã Bính Xá trước đây)"]
    assert search(province, "hop thanh", scope=("q", "dh")) == []
    assert search(province, "mot phan") == []
