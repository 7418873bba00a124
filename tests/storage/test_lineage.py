"""Units merge, split and are renamed: the past stays as it was, and what is open finds who must answer for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, insert, select, update

from inspection.obligations import Obligation
from inspection.visit import Status, Visit
from storage import checklists, lineage, obligations, people, remedies, units
from storage import visits as visits_of
from storage.database import Database
from storage.lineage import LineageError, Settlement, Step, Undecided
from storage.people import NewPerson
from storage.tables import findings, roles, unit_lineage, unit_links, visits, work_hours
from storage.tables import units as unit_rows
from storage.units import NewUnit

R = TypeVar("R")
BEFORE = date(2020, 1, 1)
EVE = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
TODAY = date(2026, 8, 4)
NOW = datetime(2025, 1, 2, 1, tzinfo=UTC)


def old(unit_id: str, name: str, parent: str = "h", kind: str = "commune") -> NewUnit:
    return NewUnit(unit_id, kind, name, BEFORE, parent_id=parent)


def new(unit_id: str, name: str, since: date = REFORM) -> NewUnit:
    return NewUnit(unit_id, "commune", name, since, parent_id="p")


UNITS = [
    NewUnit("p", "province", "tỉnh Lạng Sơn", BEFORE),
    old("h", "huyện Văn Quan", "p", "district"),
    old("a", "xã An Sơn"),
    old("b", "xã Bình Phúc"),
    old("c", "xã Tri Lễ"),
    old("t", "thị trấn Văn Quan", kind="town"),
    old("vp", "Phòng Kinh tế", "a", "office"),
    new("x", "xã Yên Phúc"),
    new("y", "xã Điềm He"),
    new("z", "xã Tri Lễ"),
    new("later", "xã Khánh Khê", date(2026, 1, 1)),
]


@pytest.fixture
def province(database: Database) -> Database:
    def fill(connection: Connection) -> None:
        units.create(connection, UNITS)
        people.create(connection, [NewPerson("chief", "Nông Văn Thịnh", BEFORE, roles=(("unit-head", "a"),))], NOW)
        checklist_id = checklists.load_builtin(connection, NOW)
        for unit_id in ("a", "b"):
            _matters(connection, unit_id, checklist_id)

    database.write_now(fill)
    return database


def _matters(connection: Connection, unit_id: str, checklist_id: int) -> None:
    """A visit with an open and a remedied finding, a plan that is open, one that is reported and one that is over."""
    connection.execute(
        insert(visits).values(
            id=f"visit-{unit_id}", unit_id=unit_id, checklist_id=checklist_id, status="signed", leader_id="chief",
            started_at=NOW, finished_at=NOW, document="{}",
        )
    )  # fmt: skip
    connection.execute(
        insert(findings),
        [
            {
                "id": f"{status}-{unit_id}", "number": f"TT-2025-{status}-{unit_id}", "unit_id": unit_id,
                "visit_id": f"visit-{unit_id}", "key": key, "item_code": key, "sentence": "Chưa niêm yết nội quy.",
                "remedy_days": 5, "status": status, "found_on": date(2025, 1, 2),
            }
            for key, status in (("B01", "open"), ("B04", "verified"))
        ],
    )  # fmt: skip
    due = date(2025, 12, 31)
    owed = [
        Obligation(id=f"{state}-plan-{unit_id}", code=f"NV-{state}-{unit_id}", unit_id=unit_id, kind="impl_plan",
                   subject="Kế hoạch", year=2025, due=due, original_due=due, state=state)
        for state in ("open", "reported", "accepted")
    ]  # fmt: skip
    obligations.save(connection, owed)


def do(database: Database, work: Callable[[Connection], R]) -> R:
    return database.write_now(work)


def record(database: Database, *steps: Step, today: date = TODAY) -> list[Undecided]:
    return do(database, lambda connection: lineage.record(connection, steps, today=today))


def merge(olds: str, into: str, on: date = REFORM) -> Step:
    return Step(tuple(olds.split()), (into,), "merge", on)


def owners(connection: Connection) -> dict[str, str]:
    """The unit of every matter."""
    found = {row.id: row.unit_id for row in connection.execute(select(findings.c.id, findings.c.unit_id))}
    return found | {one.id: one.unit_id for one in obligations.of_units(connection, [unit.id for unit in UNITS], None)}


def spans(connection: Connection, table: Any, unit_id: str) -> list[tuple[Any, ...]]:
    column = table.c.parent_id if table is unit_links else table.c.unit_id
    own = table.c.unit_id
    statement = select(own, column, table.c.valid_from, table.c.valid_to).where(own == unit_id)
    return [tuple(row) for row in connection.execute(statement.order_by(table.c.valid_from))]


def ids(found: list[units.Unit]) -> list[str]:
    return [unit.id for unit in found]


def test_a_merger_closes_the_old_and_keeps_their_history(province: Database) -> None:
    assert record(province, merge("a b", "x")) == []

    def look(connection: Connection) -> None:
        rows = connection.execute(select(unit_rows).where(unit_rows.c.id.in_(["a", "b", "x"]))).all()
        assert {row.id: row.valid_to for row in rows} == {"a": EVE, "b": EVE, "x": None}
        assert spans(connection, unit_links, "a") == [("a", "h", BEFORE, EVE)]
        assert units.subtree_ids(connection, "h", EVE) >= {"a", "b"}
        assert not units.subtree_ids(connection, "p", REFORM) & {"a", "b"}
        assert connection.execute(select(visits.c.unit_id).order_by(visits.c.id)).scalars().all() == ["a", "b"]
        assert ids(lineage.successors(connection, "a", TODAY)) == ["x"]
        assert ids(lineage.predecessors(connection, "x", EVE)) == ["a", "b"]
        assert lineage.predecessors(connection, "x", TODAY) == []
        assert lineage.former_names(connection, "x") == "trước là các xã An Sơn, Bình Phúc"

    do(province, look)


def test_open_matters_pass_to_the_one_successor(province: Database) -> None:
    record(province, merge("a b", "x"))
    assert do(province, owners) == {
        "open-a": "x", "open-b": "x", "verified-a": "a", "verified-b": "b",
        "open-plan-a": "x", "open-plan-b": "x", "reported-plan-a": "x", "reported-plan-b": "x",
        "accepted-plan-a": "a", "accepted-plan-b": "b",
    }  # fmt: skip


def test_a_split_asks_and_the_answer_counts_once(province: Database) -> None:
    asked = record(province, Step(("a",), ("x", "y"), "split", REFORM))
    candidates = ("y", "x")  # Điềm He, Yên Phúc
    assert asked == [
        Undecided("finding", "open-a", "a", candidates),
        Undecided("obligation", "open-plan-a", "a", candidates),
        Undecided("obligation", "reported-plan-a", "a", candidates),
    ]
    assert do(province, owners)["open-a"] == "a"

    def choose(connection: Connection) -> tuple[bool, bool, list[Undecided]]:
        first = lineage.decide(connection, asked[0], "y")
        return first, lineage.decide(connection, asked[0], "x"), lineage.undecided(connection, TODAY)

    assert do(province, choose) == (True, False, asked[1:])
    assert do(province, owners)["open-a"] == "y"
    with pytest.raises(LineageError, match="một trong các đơn vị đã nêu"):
        do(province, lambda connection: lineage.decide(connection, asked[1], "z"))


def test_a_part_of_a_unit_that_lives_on_takes_nothing_with_it(province: Database) -> None:
    assert record(province, Step(("a",), ("x",), "part", REFORM)) == []

    def look(connection: Connection) -> None:
        assert owners(connection)["open-a"] == "a"
        assert lineage.successors(connection, "a", TODAY) == []
        assert lineage.former_names(connection, "x") == "trước là xã An Sơn (một phần)"

    do(province, look)
    assert record(province, merge("a", "y", date(2026, 1, 1))) == []
    assert do(province, lambda connection: ids(lineage.successors(connection, "a", TODAY))) == ["y"]


def test_parts_of_a_unit_that_ends_ask_as_a_split_does(province: Database) -> None:
    asked = record(province, Step(("a",), ("x",), "part", REFORM), merge("a b", "y"))
    assert [(one.id, one.candidates) for one in asked] == [
        (left, ("y", "x")) for left in ("open-a", "open-plan-a", "reported-plan-a")
    ]
    assert do(province, owners)["open-b"] == "y"
    told = do(province, lambda connection: units.former_texts(connection, ["x", "y"]))
    assert told == {"x": "xã An Sơn (một phần)", "y": "các xã An Sơn (phần còn lại), Bình Phúc"}


def test_a_unit_that_takes_another_in_is_one_of_its_own_makers(province: Database) -> None:
    record(province, merge("c", "t"))
    assert do(province, lambda connection: lineage.former_names(connection, "t")) == (
        "trước là thị trấn Văn Quan và xã Tri Lễ"
    )


def test_a_rename_carries_on_roles_hours_and_key(province: Database) -> None:
    def prepare(connection: Connection) -> None:
        connection.execute(update(unit_rows).where(unit_rows.c.id == "a").values(key="XA-01"))
        connection.execute(
            insert(work_hours).values(unit_id="a", weekday=0, start="07:00", end="11:00", valid_from=BEFORE)
        )

    do(province, prepare)
    record(province, Step(("a",), ("x",), "rename", REFORM))

    def look(connection: Connection) -> None:
        assert people.heads_of(connection, ["a", "x"], EVE).keys() == {"a"}
        assert people.heads_of(connection, ["a", "x"], REFORM).keys() == {"x"}
        for table in (roles, work_hours):
            assert spans(connection, table, "a") == [("a", "a", BEFORE, EVE)]
            assert spans(connection, table, "x") == [("x", "x", REFORM, None)]
        keys = connection.execute(select(unit_rows.c.id).where(unit_rows.c.key == "XA-01")).scalars().all()
        assert keys == ["x"]
        assert spans(connection, unit_links, "vp") == [("vp", "a", BEFORE, EVE), ("vp", "x", REFORM, None)]
        assert owners(connection)["open-plan-a"] == "x"

    do(province, look)


def test_an_abolished_tier_leaves_its_units_to_the_one_above(province: Database) -> None:
    law = "Luật Tổ chức chính quyền địa phương số 72/2025/QH15"
    record(province, merge("a", "x"), Step(("h",), (), "abolish", REFORM, law))

    def look(connection: Connection) -> None:
        assert spans(connection, unit_links, "b") == [("b", "h", BEFORE, EVE), ("b", "p", REFORM, None)]
        assert spans(connection, unit_links, "vp") == [("vp", "a", BEFORE, EVE), ("vp", "x", REFORM, None)]
        assert ids(units.tops(connection, TODAY)) == ["p"]
        assert ids(lineage.successors(connection, "h", TODAY)) == ["p"]
        assert lineage.former_names(connection, "p") == ""
        assert lineage.predecessors(connection, "p", EVE) == []
        row = connection.execute(select(unit_lineage).where(unit_lineage.c.from_id == "h")).one()
        assert (row.to_id, row.kind, row.on, row.resolution) == ("p", "abolish", REFORM, law)

    do(province, look)


def test_a_chain_of_changes_is_followed_to_today(province: Database) -> None:
    steps = (merge("x", "later", date(2026, 1, 1)), merge("a", "b", date(2024, 12, 1)), merge("b", "x"))
    assert record(province, *steps) == []

    def look(connection: Connection) -> None:
        days = (date(2024, 1, 1), date(2025, 1, 1), date(2025, 8, 1), TODAY)
        assert [ids(lineage.successors(connection, "a", on)) for on in days] == [[], ["b"], ["x"], ["later"]]
        assert [ids(lineage.predecessors(connection, "later", on)) for on in days] == [["a", "b"], ["b"], ["x"], []]
        assert owners(connection)["open-a"] == owners(connection)["open-plan-b"] == "later"

    do(province, look)


def test_nothing_passes_before_the_day(province: Database) -> None:
    assert record(province, merge("a b", "x"), today=EVE) == []
    assert do(province, owners)["open-a"] == "a"
    assert do(province, lambda connection: lineage.settle(connection, EVE)) == Settlement((), ())
    assert do(province, owners)["open-a"] == "a"
    passed = do(province, lambda connection: lineage.settle(connection, REFORM)).passed
    assert {(one.id, one.from_unit, one.to_unit) for one in passed} >= {("open-a", "a", "x"), ("open-plan-b", "b", "x")}
    assert do(province, owners)["open-a"] == "x"


def test_a_finding_signed_after_the_reform_passes_on_too(province: Database) -> None:
    record(province, merge("a b", "x"))

    def late(connection: Connection) -> dict[str, str]:
        connection.execute(update(findings).where(findings.c.id == "verified-a").values(status="open"))
        lineage.settle(connection, TODAY)
        return owners(connection)

    assert do(province, late)["verified-a"] == "x"


REFUSED = (
    ([merge("a", "a")], "UBND xã An Sơn không thể kế thừa chính mình"),
    ([merge("a b a", "x")], "UBND xã An Sơn được nêu hai lần"),
    ([merge("a", "none")], "Không có đơn vị “none”"),
    ([Step(("a",), ("x",), "split", REFORM)], "ít nhất 02 đơn vị kế thừa"),
    ([Step(("a",), ("x", "y"), "merge", REFORM)], "đúng 01 đơn vị kế thừa"),
    ([Step(("a",), (), "part", REFORM)], "ít nhất 01 đơn vị nhận"),
    ([Step(("a", "b"), ("x",), "rename", REFORM)], "Đổi tên cần"),
    ([Step(("a",), ("x", "y"), "abolish", REFORM)], "nhiều nhất 01 đơn vị tiếp nhận"),
    ([Step(("a",), ("x",), "swap", REFORM)], "Không có hình thức sắp xếp “swap”"),  # type: ignore[arg-type]
    ([merge("a", "b", BEFORE)], "UBND xã An Sơn có từ ngày 01/01/2020, không thể kết thúc trước ngày 01/01/2020"),
    ([merge("a", "later")], "UBND xã Khánh Khê có từ ngày 01/01/2026, không thể kế thừa từ ngày 01/7/2025"),
    ([merge("a", "b"), merge("b", "x")], "UBND xã Bình Phúc không còn từ ngày 01/7/2025"),
    ([merge("a", "b"), merge("b", "a")], "không còn từ ngày 01/7/2025"),
    ([merge("a", "x"), merge("a", "y")], "UBND xã An Sơn chỉ có thể kết thúc một lần"),
    ([merge("a", "x"), merge("a", "y", date(2026, 1, 1))], "UBND xã An Sơn đã kết thúc từ ngày 30/6/2025"),
    ([merge("a", "x", date(2026, 1, 1)), merge("b", "a", date(2026, 2, 1))], "UBND xã An Sơn không còn"),
    ([Step(("a",), ("x",), "part", REFORM), Step(("a",), (), "abolish", REFORM)], "nhận phần còn lại"),
    ([Step(("a",), ("x",), "part", REFORM), Step(("a",), ("y", "z"), "split", REFORM)], "nhận phần còn lại"),
    ([Step(("a",), ("x",), "part", REFORM), merge("a", "x")], "UBND xã Yên Phúc đã được nêu là đơn vị kế thừa"),
    ([Step(("p",), (), "abolish", REFORM)], "UBND tỉnh Lạng Sơn không có cấp trên"),
    ([merge("h", "b")], "UBND huyện Văn Quan còn đơn vị trực thuộc"),
)  # fmt: skip


def test_what_cannot_be_is_refused_and_changes_nothing(province: Database) -> None:
    def everything(connection: Connection) -> list[Any]:
        tables = (unit_rows, unit_links, unit_lineage, findings, obligations.obligations, roles)
        return [sorted(map(repr, connection.execute(select(table)))) for table in tables]

    before = do(province, everything)
    for steps, sentence in REFUSED:
        with pytest.raises(LineageError, match=sentence):
            record(province, *steps)
        assert do(province, everything) == before, sentence


def test_a_unit_of_which_the_end_is_stored_may_be_given_its_successor_later(province: Database) -> None:
    def end(connection: Connection) -> None:
        connection.execute(update(unit_rows).where(unit_rows.c.id == "a").values(valid_to=EVE))

    do(province, end)
    with pytest.raises(LineageError, match="nhận phần còn lại"):
        record(province, Step(("a",), ("x",), "part", REFORM))
    record(province, merge("a", "x"))
    with pytest.raises(LineageError, match="chỉ có thể kết thúc một lần"):
        record(province, merge("a", "y"))
    assert do(province, owners)["open-a"] == "x"


def test_the_card_falls_back_to_the_stored_text(province: Database) -> None:
    def look(connection: Connection) -> tuple[str, str]:
        stored = "các xã Tân Thành, Tràng Phái, Tân Đoàn"
        connection.execute(update(unit_rows).where(unit_rows.c.id == "x").values(former=stored))
        before = lineage.former_names(connection, "x")
        lineage.record(connection, [merge("b a", "x")], today=TODAY)
        return before, lineage.former_names(connection, "x")

    assert do(province, look) == (
        "trước là các xã Tân Thành, Tràng Phái, Tân Đoàn",
        "trước là các xã An Sơn, Bình Phúc",
    )


# --- findings that come again ---------------------------------------------------------------------------------------


def _sign(connection: Connection, unit_id: str, on: date, *codes: str) -> list[tuple[str, str | None]]:
    """A visit of that day with these items not met; what its findings repeat, by item."""
    started = datetime(on.year, on.month, on.day, 1, tzinfo=UTC)
    visit = Visit(f"new-{unit_id}-{on}", unit_id, "", 1, Status.SIGNED, started, on, "chief")
    visits_of.add(connection, visit)
    new = [visits_of.NewFinding(code, code, "Chưa niêm yết.", 5, "") for code in codes]
    visits_of.record_findings(connection, visit, new, ids=[f"{visit.id}-{code}" for code in codes])
    rows = connection.execute(
        select(findings.c.item_code, findings.c.repeat_of)
        .where(findings.c.visit_id == visit.id)
        .order_by(findings.c.item_code)
    )
    return [(row.item_code, row.repeat_of) for row in rows]


def test_a_finding_is_linked_to_the_one_it_repeats(province: Database) -> None:
    """The newest of the same item counts, remedied or not, at this unit or one it was formed from, for 24 months."""

    def work(connection: Connection) -> None:
        lineage.record(connection, [merge("a b", "x")], today=TODAY)
        connection.execute(update(findings).where(findings.c.id == "open-b").values(found_on=date(2025, 1, 3)))
        assert _sign(connection, "x", date(2026, 8, 4), "B01", "B04", "F02") == [
            ("B01", "open-b"), ("B04", "verified-b"), ("F02", None),
        ]  # fmt: skip
        assert _sign(connection, "x", date(2026, 8, 5), "B01") == [("B01", "new-x-2026-08-04-B01")]
        assert _sign(connection, "y", date(2026, 8, 5), "B01") == [("B01", None)]  # formed of neither
        assert _sign(connection, "x", date(2028, 8, 4), "F02") == [("F02", "new-x-2026-08-04-F02")]
        assert _sign(connection, "x", date(2030, 8, 5), "F02") == [("F02", None)]  # 24 months and a day
        listed = remedies.by_number(connection, "TT-2026-001")
        assert listed is not None
        assert listed.repeat_of == "TT-2025-open-b"

    do(province, work)
