"""Generated visits, findings and obligations of a small province with a reform in it; a seed gives the same again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from inspection.attendance import Attendance
from inspection.checklist import Checklist
from inspection.obligations import Obligation
from inspection.scoring import judge, result
from inspection.visit import Answer, Status, Visit
from inspection.working_days import LOCAL
from storage import checklists, lineage, obligations, people, tallies, units, visits
from storage.people import NewPerson
from storage.sample.answers import Scene, recorded
from storage.tables import findings
from storage.units import NewUnit

REFORM = date(2025, 7, 1)
SINCE = date(2020, 1, 1)
NOW = datetime(2026, 8, 4, 8, 10, tzinfo=LOCAL)
TODAY = NOW.date()
TOP = "top"
KINDS = ("impl_plan", "internal_rules", "working_regulation", "culture_plan")
# a and b were merged into ab; c was split into c1 and c2; d only changed its name; e and the department went on.
BEFORE, AFTER = ("a", "b", "c", "d"), ("ab", "c1", "c2", "d2")
AUTHORITIES = (TOP, "so", "")  # who sent the teams, in turn; of some it is not known
STANDING = ("e", "f", "so")


@dataclass(frozen=True, slots=True)
class Province:
    """What was generated: the checklist and the ids of the visits."""

    checklist: Checklist
    checklist_id: int
    visits: tuple[str, ...]


def generate(connection: Connection, seed: int, count: int = 40) -> Province:
    """Fill an empty database."""
    random = Random(seed)
    _units(connection)
    people.create(connection, [NewPerson("leader", "Người Kiểm Tra", SINCE, roles=(("team-head", TOP),))], NOW)
    checklist_id = checklists.load_builtin(connection, NOW)
    checklist = checklists.get(connection, checklist_id)
    made = [_visit(connection, checklist, checklist_id, random, n) for n in range(count)]
    tallies.add_up_all(connection)
    _findings(connection, random, made)
    _obligations(connection, random)
    return Province(checklist, checklist_id, tuple(visit.id for visit in made))


def _units(connection: Connection) -> None:
    top = NewUnit(TOP, "province", "tỉnh Mẫu", SINCE)
    old = [NewUnit(i, "commune", f"xã {i.upper()}", SINCE, parent_id=TOP, staff_total=20) for i in BEFORE]
    on = [NewUnit(i, "department" if i == "so" else "commune", f"xã {i.upper()}", SINCE, parent_id=TOP, staff_total=25)
          for i in STANDING]  # fmt: skip
    new = [NewUnit(i, "commune", f"xã {i.upper()}", REFORM, parent_id=TOP, staff_total=40) for i in AFTER]
    units.create(connection, [top, *old, *on, *new])
    steps = [
        lineage.Step(("a", "b"), ("ab",), "merge", REFORM),
        lineage.Step(("c",), ("c1", "c2"), "split", REFORM),
        lineage.Step(("d",), ("d2",), "rename", REFORM),
    ]  # fmt: skip
    lineage.record(connection, steps, today=TODAY)


def _visit(connection: Connection, checklist: Checklist, checklist_id: int, random: Random, number: int) -> Visit:
    day = date(2024, 8, 1) + timedelta(days=random.randrange((TODAY - date(2024, 8, 1)).days))
    if random.random() < 0.1:  # the edges of periods
        day = random.choice(
            [date(2025, 12, 31), date(2026, 1, 1), REFORM, REFORM - timedelta(days=1), date(2026, 7, 31)]
        )
    unit = random.choice((BEFORE if day < REFORM else AFTER) + STANDING)
    failed = dict.fromkeys(random.sample(["A04", "B01", "C02", "F05", "F07", "G04", "H01"], random.randrange(4)), "")
    scene = Scene(20, day, ("12/KH-UBND", day), random)
    values = recorded(checklist, scene, failed)
    _disturb(values, random)
    at = datetime.combine(day, time(random.choice([0, 8, 23]), random.randrange(60)), LOCAL)
    answers = {key: Answer(value, "leader", at, ()) for key, value in values.items()}
    status = random.choice(
        [Status.SIGNED, Status.SIGNED, Status.AWAITING_SIGNATURE, Status.IN_PROGRESS, Status.ENDED_EARLY]
    )
    ended = None if status is Status.IN_PROGRESS else at
    visit = Visit(
        f"v{number:03d}", unit, f"UBND xã {unit}", checklist_id, Status.IN_PROGRESS, at - timedelta(hours=2), day,
        "leader", period_from=date(day.year, 1, 1), answers=answers, revision=len(answers),
        attendance=Attendance(authority_id=AUTHORITIES[number % len(AUTHORITIES)]),
    )  # fmt: skip
    visits.add(connection, visit, form=random.choice(["surprise", "surprise", "combined"]))
    visit = replace(visit, status=status, finished_at=ended)
    visits.save(connection, [visit], signer_id={}, now=at)
    rows = [visits.answer_row(visit, n, key, "") for n, key in enumerate(answers, start=1)]
    visits.keep_answers(connection, rows)
    if status in (Status.SIGNED, Status.AWAITING_SIGNATURE):
        judged = judge(checklist, visit.facts())
        outcome = result(checklist, judged)
        verdicts = [visits.Verdict(k, k.partition(".")[0], one.status, one.critical) for k, one in judged.items()
                    if one.status in ("met", "not_met", "na", "info", "absent")]  # fmt: skip
        visits.conclude(connection, visit, verdicts, score=outcome.score, grade=outcome.grade)
    return visit


def _disturb(values: dict[str, Any], random: Random) -> None:
    """Figures that make sums and means differ: absences of all sizes, files none or many, a desk not asked."""
    total, absent = random.randint(1, 60), 0
    absent = random.choice([0, 0, random.randint(0, total)])
    values["C01"] = {"tong": total, "co_mat": total - absent, "vang_co_ly_do": 0, "vang_khong_ly_do": absent}
    values.pop("C03", None)
    files = random.choice([0, random.randint(1, 9), random.randint(500, 5000)])
    late = random.randint(0, min(files, 12))
    values["F04"], values["F05"] = {"gia_tri": files}, {"gia_tri": late}
    values["F06"] = {"gia_tri": random.randint(0, late)} if late else {"khong_ap_dung": True}
    if random.random() < 0.2:
        values.pop("F07", None)
    values["A04"] = {"tong": total, "da_quan_triet": random.randint(0, total)}


def _findings(connection: Connection, random: Random, made: Sequence[Visit]) -> None:
    rows, earlier = [], []
    for number, visit in enumerate(made):
        if visit.status is not Status.SIGNED:
            continue
        due = random.choice([None, visit.on + timedelta(days=random.randint(5, 60))])
        row = {
            "id": f"f{number}", "number": f"TT-{visit.on.year}-{number:03d}", "unit_id": visit.unit_id,
            "visit_id": visit.id, "key": "C02", "item_code": "C02", "sentence": "Có 02 người đi muộn", "remedy_days": 5,
            "due": due, "original_due": due, "status": random.choice(["open", "verified"]), "found_on": visit.on,
            "repeat_of": random.choice([None, random.choice(earlier)]) if earlier else None,
            "closed_by_visit": None,
        }  # fmt: skip
        rows.append(row)
        earlier.append(row["id"])
    connection.execute(insert(findings), rows)
    owed = []
    for row in rows:
        if row["due"] is None or random.random() < 0.5:
            continue
        done = row["status"] == "verified"
        owed.append(
            Obligation(
                id=f"o{row['id']}", code=str(row["number"]), unit_id=str(row["unit_id"]), kind="finding",
                subject="Có 02 người đi muộn", year=row["due"].year, due=row["due"], original_due=row["due"],
                state="accepted" if done else "open", finding_id=str(row["id"]),
                issued=row["due"] + timedelta(days=random.randint(-9, 9)) if done else None,
            )
        )  # fmt: skip
    obligations.save(connection, owed)


def _obligations(connection: Connection, random: Random) -> None:
    owed = []
    for place, kind in enumerate(KINDS):
        for n, unit in enumerate((*AFTER, *STANDING)):
            for year in (2025, 2026):
                due = date(year, random.choice([2, 8]), random.randint(1, 20))
                state = random.choice(["open", "reported", "accepted", "returned", "cancelled"])
                issued = None if state == "open" else due + timedelta(days=random.randint(-12, 12))
                owed.append(
                    Obligation(
                        id=f"{kind}-{unit}-{year}", code=f"NV-{year}-{place * 100 + n:04d}", unit_id=unit, kind=kind,
                        subject="Kế hoạch", year=year, due=due, state=state, document="1/KH" if issued else "",
                        original_due=due - timedelta(days=random.choice([0, 0, 5])), issued=issued,
                    )
                )  # fmt: skip
    obligations.save(connection, owed)
