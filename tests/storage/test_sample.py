"""The sample is the same wherever it is loaded, and its numbers add up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, select

from inspection.obligations import standing
from inspection.visit import from_json
from storage import calendar, obligations, people, units, visits
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.sample import load
from storage.sample.history import PLAN_LATE, PLAN_MISSING
from storage.sample.load import SampleSummary, load_sample, sample_units
from storage.sample.people import everybody
from storage.sample.photos import SAMPLES, draw, write_all
from storage.tables import findings, metadata, results
from storage.tables import visits as visit_rows
from storage.units import Unit


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is the longest part of loading, and gives the same bytes each time: one test below proves that."""
    monkeypatch.setattr(load, "draw", drawn_before)


drawn_before = lru_cache(maxsize=None)(draw)


@pytest.fixture
def sample(database: Database, tmp_path: Path, now: datetime) -> Database:
    load_sample(database, EvidenceStore(tmp_path / "evidence"), now)
    return database


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


def test_nobody_shares_a_name_and_every_commune_has_a_head() -> None:
    staff = everybody(sample_units())
    assert len({person.name for person in staff}) == len(staff) == 73
    assert everybody(sample_units()) == staff
    heads = {unit_id for person in staff for role, unit_id in person.roles if role == "unit-head"}
    assert len(heads) == 65


def test_loading_again_changes_nothing(sample: Database, tmp_path: Path, now: datetime) -> None:
    again = load_sample(sample, EvidenceStore(tmp_path / "evidence"), now)
    assert again == SampleSummary(
        new=False, units=107, people=73, visits=45, findings=again.findings, obligations=65, photos=again.photos
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
    assert counts == {"done_on_time": 61 - len(PLAN_LATE), "done_late": len(PLAN_LATE), "overdue": 4}
    assert sorted(missing) == sorted(PLAN_MISSING)
    assert tour == "NV-2026-0147"


def test_the_findings_of_the_year(sample: Database, today: date) -> None:
    def work(connection: Connection) -> tuple[Counter[str], list[str]]:
        rows = connection.execute(select(findings).where(findings.c.number.like("TT-2026-%"))).all()
        state = Counter(
            "remedied" if row.status == "verified" else "overdue" if row.due < today else "within time" for row in rows
        )
        return state, sorted(row.number for row in rows if row.status == "open" and row.due < today)

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


def test_the_unit_of_the_guided_tour(sample: Database, tmp_path: Path, today: date) -> None:
    tan_doan = unit(sample, "tan doan", today)
    assert units.lineage(tan_doan) == "trước là các xã Tân Thành, Tràng Phái, Tân Đoàn"
    last = sample.write_now(lambda connection: visits.last_visit(connection, tan_doan.id))
    assert last is not None
    assert (last.on.date(), last.score, last.grade) == (date(2025, 11, 12), Decimal("83.5"), "kha")
    (prior,) = sample.write_now(lambda connection: visits.open_findings(connection, tan_doan.id))
    assert (prior.number, prior.item_code, prior.due) == ("TT-2025-017", "G02", date(2026, 8, 28))
    assert EvidenceStore(tmp_path / "evidence").get(prior.photo).startswith(b"\xff\xd8")
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
