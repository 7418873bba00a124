"""The sample is the same wherever it is loaded, and its numbers add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from inspection.obligations import standing
from inspection.visit import from_json
from storage import calendar, former_areas, lineage, obligations, people, remedies, requests, units, visits
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.migrate import migrate
from storage.sample import load
from storage.sample.history import PLAN_LATE, PLAN_MISSING
from storage.sample.load import SampleSummary, changes, former_units, load_sample, sample_units
from storage.sample.people import everybody
from storage.sample.photos import SAMPLES, draw, write_all
from storage.tables import findings, metadata, results, unit_lineage
from storage.tables import units as unit_rows
from storage.tables import visits as visit_rows
from storage.units import Unit
from tests.conftest import ENGINES

NOW = datetime(2026, 8, 4, 1, tzinfo=UTC)

drawn_before = lru_cache(maxsize=None)(draw)


@pytest.fixture(autouse=True, scope="module")
def drawn_once() -> Iterator[None]:
    """Drawing is the longest part of loading, and gives the same bytes each time: one test below proves that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "draw", drawn_before)
        yield


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> EvidenceStore:
    return EvidenceStore(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="module", params=ENGINES)
def sample(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, evidence: EvidenceStore
) -> Iterator[Database]:
    """The sample, loaded once on each engine: no test of this file changes it."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('sample')}/kycuong.db"
    else:
        address = request.getfixturevalue("new_postgresql")()
    database = Database(address)
    migrate(database)
    load_sample(database, evidence, NOW)
    yield database
    database.stop()


def unit(database: Database, text: str, today: date) -> Unit:
    top = next(new.id for new in sample_units() if new.kind == "province")
    return database.write_now(lambda connection: units.find(connection, text, scope=[top], on=today))[0]


def test_the_units_are_those_of_the_province() -> None:
    kinds = Counter(new.kind for new in sample_units())
    assert (kinds["province"], kinds["commune"], kinds["ward"]) == (1, 61, 4)
    communes = [new for new in sample_units() if new.kind in ("commune", "ward")]
    assert len({new.code for new in communes}) == 65
    assert all(new.one_stop and new.former and new.staff_total for new in communes)
    known = {new.id for new in sample_units()}
    assert len(known) == len(sample_units())
    assert all(new.parent_id in known for new in sample_units() if new.kind != "province")


def test_the_province_as_it_was(sample: Database, today: date) -> None:
    """200 communes, 194 after the mergers of 12/2024, 65 since the districts are gone."""

    def count(connection: Connection, on: date) -> Counter[str]:
        (top,) = units.tops(connection, on)
        kinds = ("district", *units.COMMITTEES[2:])
        return Counter(unit.kind for unit in units.subtree(connection, [top.id], on=on, kinds=kinds))

    def work(connection: Connection) -> list[Counter[str]]:
        days = (date(2024, 1, 1), date(2024, 11, 30), date(2024, 12, 2), date(2025, 6, 30), date(2025, 7, 1), today)
        return [count(connection, day) for day in days]

    first = Counter(district=11, commune=181, town=14, ward=5)
    later = Counter(district=11, commune=175, town=14, ward=5)
    assert sample.write_now(work) == [first, first, later, later, *[Counter(commune=61, ward=4)] * 2]
    districts = Counter(unit.parent_id for unit in former_units() if unit.kind != "district")
    assert sorted(districts.values()) == [8, 12, 17, 17, 18, 19, 20, 21, 22, 22, 24]


def test_a_former_district_stands_for_the_units_that_continue_its_own(sample: Database, today: date) -> None:
    def work(connection: Connection, typed: str) -> list[str]:
        (top,) = units.tops(connection, today)
        found = former_areas.find(connection, typed, scope=[top.id], on=today)
        ids = former_areas.continued_by(connection, found[0].id, today) if found else []
        return sorted(unit.name for unit in units.get_many(connection, ids, on=today).values())

    def named(typed: str) -> list[str]:
        return sample.write_now(lambda connection: work(connection, typed))

    six = ["xã Khánh Khê", "xã Tri Lễ", "xã Tân Đoàn", "xã Văn Quan", "xã Yên Phúc", "xã Điềm He"]
    assert named("huyện Văn Quan") == named("huyen van quan") == six
    city = ["phường Kỳ Lừa", "phường Lương Văn Tri", "phường Tam Thanh", "phường Đông Kinh"]
    assert named("thành phố Lạng Sơn") == city
    assert named("huyện Điềm He") == named("xã Văn Quan") == named("Văn Quan") == []
    assert not former_areas.names_district("Văn Quan")


def test_every_former_unit_has_a_successor(sample: Database, today: date) -> None:
    def work(connection: Connection) -> dict[str, list[str]]:
        found = {
            f"{unit.kind} {unit.name} {unit.parent_id}": lineage.successors(connection, unit.id, today)
            for unit in former_units()
        }
        return {name: [unit.name for unit in heirs] for name, heirs in found.items()}

    heirs = sample.write_now(work)
    assert len(heirs) == 211
    assert all(heirs.values())
    several = {name.split(" ", 1)[1].rpartition(" ")[0]: found for name, found in heirs.items() if len(found) > 1}
    assert several == {
        "xã Đại Đồng": ["xã Quốc Khánh", "xã Thất Khê"],
        "xã Bính Xá": ["xã Đình Lập", "xã Kiên Mộc"],
        "xã Kiên Mộc": ["xã Châu Sơn", "xã Kiên Mộc"],
    }
    assert all(found == ["tỉnh Lạng Sơn"] for name, found in heirs.items() if name.startswith("district"))


def test_the_lineage_says_what_the_cards_say(sample: Database) -> None:
    communes = [new for new in sample_units() if new.kind in ("commune", "ward")]
    told = sample.write_now(lambda connection: units.former_texts(connection, [new.id for new in communes]))
    assert told == {new.id: new.former for new in communes}


def test_the_reform_is_cited(sample: Database) -> None:
    rows = sample.write_now(lambda connection: connection.execute(select(unit_lineage)).all())
    communes = [row for row in rows if row.kind != "abolish" and row.on == date(2025, 7, 1)]
    assert len(communes) == 194 + 2
    assert {row.resolution for row in communes} == {"Nghị quyết số 1672/NQ-UBTVQH15 ngày 16/6/2025"}
    assert len({row.to_id for row in communes}) == 65
    assert Counter(row.kind for row in rows) == {"merge": 200, "part": 3, "abolish": 11}
    assert sum(len(step.from_ids) for step in changes()) == len(rows) == 214


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (
            "hoà bình",
            [
                "UBND xã Thiện Long (xã Hòa Bình, huyện Bình Gia trước đây)",
                "UBND xã Vạn Linh (xã Hòa Bình, huyện Chi Lăng trước đây)",
                "UBND xã Văn Quan (xã Hòa Bình, huyện Văn Quan trước đây)",
                "UBND xã Yên Bình (xã Hòa Bình, huyện Hữu Lũng trước đây)",
            ],
        ),
        ("tràng phái", ["UBND xã Tân Đoàn (xã Tràng Phái, huyện Văn Quan trước đây)"]),
        ("xuân long", ["UBND xã Khánh Khê (xã Xuân Long, huyện Cao Lộc trước đây)"]),
        (
            "phường hoàng văn thụ",
            [
                "UBND xã Hoàng Văn Thụ",
                "UBND phường Kỳ Lừa (phường Hoàng Văn Thụ, thành phố Lạng Sơn trước đây)",
                "UBND xã Bình Gia (xã Hoàng Văn Thụ, huyện Bình Gia trước đây)",
            ],
        ),
        ("đồng giáp", ["UBND xã Khánh Khê (xã Đồng Giáp, huyện Văn Quan trước đây)"]),
        ("tân lập", ["UBND xã Vũ Lăng (xã Tân Lập, huyện Bắc Sơn trước đây)"]),
        ("tân đoàn", ["UBND xã Tân Đoàn"]),
    ],
)
def test_former_names_of_the_province(sample: Database, today: date, typed: str, offered: list[str]) -> None:
    def work(connection: Connection) -> list[str]:
        top = [unit.id for unit in units.tops(connection, today)]
        return units.labels(units.find(connection, typed, scope=top, on=today))

    assert sample.write_now(work) == offered


def test_codes_went_to_other_units(sample: Database, today: date) -> None:
    def holders(connection: Connection, code: str) -> list[str]:
        days = (date(2024, 1, 1), today)
        return [unit.name for day in days for unit in units.by_code(connection, code, on=day)]

    assert sample.write_now(lambda connection: holders(connection, "05977")) == [
        "phường Vĩnh Trại",
        "phường Đông Kinh",
    ]
    assert sample.write_now(lambda connection: holders(connection, "06298")) == ["xã Bình Phúc", "xã Yên Phúc"]
    assert all(row.valid_from < row.valid_to for row in sample.write_now(_ceased))


def _ceased(connection: Connection) -> Sequence[Any]:
    return connection.execute(select(unit_rows).where(unit_rows.c.valid_to.is_not(None))).all()


def test_nobody_shares_a_name_and_every_commune_has_a_head() -> None:
    staff = everybody(sample_units())
    assert len({person.name for person in staff}) == len(staff) == 73
    assert everybody(sample_units()) == staff
    heads = {unit_id for person in staff for role, unit_id in person.roles if role == "unit-head"}
    assert len(heads) == 65


def test_loading_again_changes_nothing(sample: Database, evidence: EvidenceStore) -> None:
    again = load_sample(sample, evidence, NOW)
    assert again == SampleSummary(
        new=False,
        units=107,
        people=73,
        visits=45,
        findings=again.findings,
        obligations=again.obligations,
        photos=again.photos,
    )


def test_it_is_the_same_everywhere(tmp_path: Path, now: datetime) -> None:
    def everything(name: str) -> list[tuple[str, list[tuple[object, ...]]]]:
        database = Database(f"sqlite:///{tmp_path}/{name}.db")
        database.write_now(metadata.create_all)
        load_sample(database, EvidenceStore(None), now)

        def rows(connection: Connection, table: Table) -> list[tuple[object, ...]]:
            return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)

        found = [
            (table.name, database.write_now(lambda connection, table=table: rows(connection, table)))  # type: ignore[misc]
            for table in metadata.sorted_tables
        ]
        database.stop()
        return found

    assert everything("one") == everything("two")


def test_the_plans_of_the_year(sample: Database, today: date) -> None:
    def work(connection: Connection) -> tuple[Counter[str], list[str], str]:
        found = obligations.of_units(connection, [new.id for new in sample_units()], None, kind="impl_plan", year=2026)
        days = calendar.current(connection, today)
        names = units.get_many(connection, [one.unit_id for one in found], on=today)
        missing = [names[one.unit_id].name for one in found if one.state == "open"]
        tour = next(one.code for one in found if names[one.unit_id].name == "xã Điềm He")
        return Counter(standing(one, today, days) for one in found), missing, tour

    counts, missing, tour = sample.write_now(work)
    assert counts == {"on_time": 61 - len(PLAN_LATE), "late": len(PLAN_LATE), "overdue": 4}
    assert sorted(missing) == sorted(PLAN_MISSING)
    assert tour == "NV-2026-0147"


@pytest.mark.parametrize(
    ("kind", "done", "owed"), [("internal_rules", 65, 0), ("working_regulation", 65, 0), ("culture_plan", 63, 2)]
)
def test_what_else_the_year_demanded(sample: Database, today: date, kind: str, done: int, owed: int) -> None:
    def work(connection: Connection) -> Counter[str]:
        found = obligations.of_units(connection, [new.id for new in sample_units()], None, kind=kind, year=2026)
        days = calendar.current(connection, today)
        return Counter(standing(one, today, days) for one in found)

    assert sample.write_now(work) == {"on_time": done} | ({"overdue": owed} if owed else {})


def test_findings_agree_with_their_remedies(sample: Database, today: date) -> None:
    """Nothing is owed before its notice; what is owed stands as its finding does, in time or late or extended."""

    def work(connection: Connection) -> tuple[Counter[str], int]:
        ids = [new.id for new in sample_units()]
        days = calendar.current(connection, today)
        listed = remedies.listed(connection, ids, open_only=False)
        for one in listed:
            assert (one.remedy is None) == (one.notice is None)
            if one.remedy is not None and one.notice is not None:
                assert (one.remedy.due, one.remedy.state == "accepted") == (one.due, one.remedied)
                assert one.found_on < one.notice.issued < one.remedy.original_due <= one.remedy.due
                reports = [r for r in requests.of(connection, one.remedy.id) if r.kind == "report"]
                assert [r.issued for r in reports] == ([one.remedy.issued] if one.remedied else [])
        stands = Counter(standing(one.remedy, today, days) for one in listed if one.remedy is not None)
        return stands, len(remedies.inconclusive(connection, ids))

    stands, without_notice = sample.write_now(work)
    assert without_notice == 1
    assert stands["overdue"] == 3
    assert stands["open"] == 5
    assert stands["on_time"] > 4 * stands["late"] > 0


def test_the_findings_of_the_year(sample: Database, today: date) -> None:
    def work(connection: Connection) -> tuple[Counter[str], list[str]]:
        rows = connection.execute(select(findings).where(findings.c.number.like("TT-2026-%"))).all()
        state = Counter(
            "remedied" if row.status == "verified" else "overdue" if row.due and row.due < today else "within time"
            for row in rows
        )
        return state, sorted(row.number for row in rows if row.status == "open" and row.due and row.due < today)

    assert sample.write_now(work) == (
        {"remedied": 29, "within time": 5, "overdue": 3},
        ["TT-2026-012", "TT-2026-015", "TT-2026-021"],
    )


def test_the_visits_of_the_year(sample: Database) -> None:
    def work(connection: Connection) -> Counter[tuple[int, str]]:
        rows = connection.execute(select(visit_rows.c.started_at, visit_rows.c.form, visit_rows.c.status)).all()
        assert {row.status for row in rows} == {"signed"}
        return Counter((row.started_at.year, row.form) for row in rows)

    counted = sample.write_now(work)
    assert counted[2026, "surprise"] == 14
    assert sum(counted.values()) == 45


def test_the_unit_of_the_guided_tour(sample: Database, evidence: EvidenceStore, today: date) -> None:
    tan_doan = unit(sample, "tan doan", today)
    assert units.lineage(tan_doan) == "trước là các xã Tân Thành, Tràng Phái, Tân Đoàn"
    last = sample.write_now(lambda connection: visits.last_visit(connection, tan_doan.id))
    assert last is not None
    assert (last.on.date(), last.score, last.grade) == (date(2025, 11, 12), Decimal("83.5"), "kha")
    (prior,) = sample.write_now(lambda connection: visits.open_findings(connection, tan_doan.id))
    assert (prior.number, prior.item_code, prior.due) == ("TT-2025-017", "G02", date(2026, 8, 28))
    assert evidence.get(prior.photo).startswith(b"\xff\xd8")
    head = sample.write_now(lambda connection: people.heads_of(connection, [tan_doan.id], today))[tan_doan.id]
    assert [person.name for person in head] == ["Triệu Văn Khôi"]


def test_results_are_what_the_documents_say(sample: Database) -> None:
    """No stored outcome is open, and every finding belongs to an outcome that failed."""

    def work(connection: Connection) -> tuple[set[tuple[str, str]], set[tuple[str, str]], int]:
        failed = connection.execute(select(results.c.visit_id, results.c.key).where(results.c.outcome == "not_met"))
        found = connection.execute(select(findings.c.visit_id, findings.c.key))
        unanswered = connection.execute(select(results).where(results.c.outcome == "open")).all()
        for text in connection.execute(select(visit_rows.c.document)).scalars():
            visit = from_json(text)
            assert len(visit.answers) == visit.revision
        return {tuple(row) for row in failed}, {tuple(row) for row in found}, len(unanswered)

    failed, found, unanswered = sample.write_now(work)
    assert failed == found
    assert unanswered == 0


def test_pictures_are_pictures_and_repeat_exactly(tmp_path: Path) -> None:
    scene, words = SAMPLES["b01-noi-quy"]
    first = draw(scene, words, 3)
    assert first.startswith(b"\xff\xd8\xff")
    assert draw(scene, words, 3) == first
    assert draw(scene, words, 4) != first
    written = write_all(tmp_path)
    assert len({path.read_bytes() for path in written}) == len(SAMPLES) == 16
