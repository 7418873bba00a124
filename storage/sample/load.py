"""The sample province is loaded in one transaction and only once: what is there already is left as it is.

Its units begin as they were before the reforms: 11 districts with 200 communes, 194 from 01/12/2024, and since
01/7/2025 no district and 65 communes and wards. Its people and its history are of today's units.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import cast

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select

from inspection import obligations as rules
from inspection.attendance import HEAD, MEMBER, Attendance, Present
from inspection.attendance import SECRETARY as TASK_SECRETARY
from inspection.checklist import Checklist
from inspection.scoring import Result, finding_sentence, judge, result
from inspection.visit import Answer, Photo, Status, Visit
from inspection.working_days import LOCAL, local_date
from storage import calendar, checklists, documents, lineage, obligations, people, tallies, units, visits
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.people import NewPerson
from storage.sample import history
from storage.sample.answers import Scene, recorded
from storage.sample.history import PASTS, Demanded, Past
from storage.sample.people import INSPECTOR, PROVINCE, SECRETARY, TEAM_HEAD, everybody, sample_id
from storage.sample.photos import HEIGHT, WIDTH, draw
from storage.sample.remedies import Remedies
from storage.tables import evidence as evidence_table
from storage.tables import findings, photos
from storage.tables import obligations as obligation_rows
from storage.tables import people as people_rows
from storage.tables import units as unit_rows
from storage.tables import visits as visit_rows
from storage.units import NewUnit

_FOLDER = Path(__file__).parent
_BEFORE = date(2020, 1, 1)  # from when the three tiers stood as the sample begins with them
_SINCE = date(2025, 7, 1)  # the two tiers began
_NO_PHOTO = "ảnh lưu tại hồ sơ của Đoàn kiểm tra"


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """How much there is of everything, and whether this call brought it; units: those that have not ceased."""

    new: bool
    units: int
    people: int
    visits: int
    findings: int
    obligations: int
    photos: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A picture of a visit, its bytes already stored."""

    sha256: str
    size: int


def load_sample(database: Database, evidence: EvidenceStore, now: datetime) -> SampleSummary:
    """Load the province, its people and its year of history; a second call changes nothing.

    Pictures are stored before the rows that name them, outside the transaction: drawing them takes a second or two.
    """
    if database.write_now(_present):
        return database.write_now(lambda connection: _summary(connection, new=False))
    drawn = _draw_all(evidence)
    return database.write_now(lambda connection: _load(connection, drawn, now))


def sample_units() -> list[NewUnit]:
    """The province, its departments, its 65 communes and wards, and the offices of some, parents first."""
    ids: dict[str, str] = {}
    new = []
    for row in _rows("units.csv"):
        shown = units.full_name(row["kind"], row["name"])
        unit_id = _unit_id(row["parent"], shown)
        ids.setdefault(shown, unit_id)
        is_commune = row["kind"] in ("commune", "ward")
        new.append(
            NewUnit(
                unit_id,
                row["kind"],
                row["name"],
                _BEFORE if row["kind"] == "province" else _SINCE,
                row["code"],
                ids.get(row["parent"]),
                row["formed_from"],
                row["one_stop"] == "yes",
                staff_of(row["name"]) if is_commune else None,
            )
        )
    return new


def former_units() -> list[NewUnit]:
    """The 11 districts and 200 communes, wards and towns of the three tiers, districts first, as if still there."""
    top = sample_units()[0]
    ids = {units.full_name(top.kind, top.name): top.id}
    new = []
    for row in _rows("former_units.csv"):
        shown = units.full_name(row["kind"], row["name"])
        unit_id = _unit_id(row["parent"], shown)
        if row["kind"] == "district":
            ids[shown] = unit_id
        one_stop = row["kind"] != "district"
        parent_id = ids[row["parent"]]
        new.append(NewUnit(unit_id, row["kind"], row["name"], _BEFORE, row["code"], parent_id, one_stop=one_stop))
    return new


def changes() -> list[lineage.Step]:
    """What became of the former units, by day: all that was merged into one unit is one step."""
    steps = []
    for (on, kind, to_id, resolution), rows in groupby(_rows("changes.csv"), key=_change):
        old = [_unit_id(row["from_parent"], f"UBND {row['from']}") for row in rows]
        groups = [tuple(old)] if kind in ("merge", "abolish") else [(one,) for one in old]
        steps += [
            lineage.Step(group, (to_id,), cast(lineage.Kind, kind), date.fromisoformat(on), resolution)
            for group in groups
        ]
    return steps


def _change(row: Mapping[str, str]) -> tuple[str, str, str, str]:
    return row["on"], row["kind"], _unit_id(row["to_parent"], f"UBND {row['to']}"), row["resolution"]


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _unit_id(parent: str, shown: str) -> str:
    return sample_id("unit", f"{parent}/{shown}")


def staff_of(unit_name: str) -> int:
    """How many people work at a commune of the sample."""
    known = {past.unit: past.staff for past in PASTS if past.staff}
    return known.get(unit_name) or Random(f"staff/{unit_name}").randint(24, 46)  # noqa: S311  not a secret


def _present(connection: Connection) -> bool:
    found = select(people_rows.c.id).where(people_rows.c.id == sample_id("person", INSPECTOR))
    return connection.execute(found).first() is not None


def _draw_all(evidence: EvidenceStore) -> dict[tuple[str, str], _Drawn]:
    drawn = {}
    for number, past in enumerate(PASTS):
        for code, (scene, words) in past.pictures.items():
            data = draw(scene, words, 1000 + 10 * number + ord(code[0]))
            drawn[past.unit, code] = _Drawn(evidence.put(data), len(data))
    return drawn


def _load(connection: Connection, drawn: Mapping[tuple[str, str], _Drawn], now: datetime) -> SampleSummary:
    if _present(connection):
        return _summary(connection, new=False)
    new_units = sample_units()
    units.create(connection, [*new_units, *former_units()])
    lineage.record(connection, changes(), today=local_date(now))
    invented = everybody(new_units)
    people.create(connection, invented, now)
    checklist_id = checklists.load_builtin(connection, now)
    communes = {unit.name: unit for unit in new_units if unit.kind in ("commune", "ward")}
    plans = _plans(connection, list(communes.values()))
    connection.execute(
        insert(evidence_table),
        [
            {
                "sha256": one.sha256,
                "size": one.size,
                "mime": "image/jpeg",
                "width": WIDTH,
                "height": HEIGHT,
                "stored_at": now,
            }
            for one in {one.sha256: one for one in drawn.values()}.values()
        ],
    )
    telling = _Telling(connection, checklists.get(connection, checklist_id), checklist_id, drawn, plans, invented)
    became = Remedies(connection, calendar.current(connection, local_date(now)))
    for number, past in enumerate(PASTS, start=1):
        visit = telling.tell(past, communes[past.unit])
        became.tell(visit, sample_id("head", past.unit), past.unremedied, number)
    return _summary(connection, new=True)


# --- the plans of the year ------------------------------------------------------------------------------------------


def _plans(connection: Connection, communes: Sequence[NewUnit]) -> dict[str, tuple[str, date]]:
    """What each commune owes every year; returns number and day of the issued plans by unit name."""
    named, number = history.FIRST_CODE_FOR
    first = number - [unit.name for unit in communes].index(named)
    issued = {unit.name: paper for unit in communes if (paper := _plan_paper(unit.name)) is not None}
    _demanded(connection, communes, history.PLAN, first, issued)
    for place, demand in enumerate(history.OTHERS, start=1):
        papers = {unit.name: _paper(demand, unit.name) for unit in communes if unit.name not in demand.missing}
        _demanded(connection, communes, demand, first + place * len(communes), papers)
    return issued


def _demanded(
    connection: Connection,
    communes: Sequence[NewUnit],
    demand: Demanded,
    first: int,
    papers: Mapping[str, tuple[str, date]],
) -> None:
    """One demand of all communes, numbered from `first`; those with a paper have reported it, and it was accepted."""
    owed = {
        unit.name: rules.Obligation(
            id=sample_id("obligation", f"{demand.kind}/2026/{unit.name}"), code=f"NV-2026-{first + place:04d}",
            unit_id=unit.id, kind=demand.kind, subject=demand.subject, year=2026, due=demand.due,
            original_due=demand.due, directive=demand.directive,
        )
        for place, unit in enumerate(communes)
    }  # fmt: skip
    obligations.save(connection, list(owed.values()))
    for name, (symbol, day) in papers.items():
        said = obligations.Report(symbol, day, sample_id("head", name), _at(day, 14, 30))
        obligations.report(connection, owed[name].id, said)
        obligations.accept(connection, owed[name].id)


def _paper(demand: Demanded, unit_name: str) -> tuple[str, date]:
    """A document in time."""
    random = Random(f"{demand.kind}/{unit_name}")  # noqa: S311  not a secret
    day = demand.due - timedelta(days=random.choice([0, 1, 2, 3, 7, 8]))
    return f"{random.randint(3, 40):02d}/{demand.symbol}-UBND", day


def _plan_paper(unit_name: str) -> tuple[str, date] | None:
    if unit_name in history.PLAN_MISSING:
        return None
    if unit_name == "xã Tân Đoàn":
        return history.PLAN_OF_TAN_DOAN
    random = Random(f"plan/{unit_name}")  # noqa: S311  not a secret
    working_day = history.PLAN_LATE.get(unit_name) or date(2026, 1, 26) + timedelta(
        days=random.choice([0, 1, 2, 3, 7, 9, 10, 11])
    )
    return f"{random.randint(3, 21):02d}/KH-UBND", working_day


# --- visits ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Telling:
    """Writes past visits, oldest first, so that findings are numbered in the order they were made."""

    connection: Connection
    checklist: Checklist
    checklist_id: int
    drawn: Mapping[tuple[str, str], _Drawn]
    plans: Mapping[str, tuple[str, date]]
    people: Sequence[NewPerson]

    def tell(self, past: Past, unit: NewUnit) -> Visit:
        """Store one visit as it would stand after the signature, its findings as new."""
        visit, outcome = self._visit(past, unit)
        visits.add(self.connection, replace(visit, status=Status.IN_PROGRESS), form=past.form)
        ends = visit.finished_at or visit.started_at
        signer = sample_id("person", TEAM_HEAD)
        visits.save(self.connection, [visit], signer_id={visit.id: signer}, now=ends + timedelta(minutes=20))
        verdicts = [
            visits.Verdict(key, key.partition(".")[0], one.status, one.critical)
            for key, one in judge(self.checklist, visit.facts()).items()
        ]
        visits.conclude(self.connection, visit, verdicts, score=outcome.score, grade=outcome.grade)
        tallies.add_up(self.connection, [tallies.month_of(unit.id, ends)])
        documents.keep_members(self.connection, visit)
        documents.give_number(self.connection, visit)
        rows = [visits.answer_row(visit, number, key, "") for number, key in enumerate(visit.answers, start=1)]
        visits.keep_answers(self.connection, rows)
        self._photos(visit)
        self._findings(visit)
        return visit

    def _visit(self, past: Past, unit: NewUnit) -> tuple[Visit, Result]:
        start = _at(past.on, 8, 5)
        scene = Scene(unit.staff_total or 30, past.on, self._plan(past), Random(f"visit/{past.unit}"))  # noqa: S311
        values = recorded(self.checklist, scene, past.failed)
        leader = sample_id("person", TEAM_HEAD)
        recorder = sample_id("person", INSPECTOR if past.on.month % 2 else SECRETARY)
        answers = {
            key: Answer(value, recorder, start + timedelta(seconds=110 * number), tuple(past.failed.get(key, "")))
            for number, (key, value) in enumerate(values.items())
        }
        visit = Visit(
            id=sample_id("visit", f"{past.unit}/{past.on}"),
            unit_id=unit.id,
            unit_name=units.full_name(unit.kind, unit.name),
            checklist_id=self.checklist_id,
            status=Status.SIGNED,
            started_at=start,
            on=past.on,
            leader_id=leader,
            period_from=date(past.on.year, 1, 1) if past.on.year > _SINCE.year else _SINCE,
            answers=answers,
            photos=self._taken(past, start),
            attendance=self._attendance(past, unit),
            finished_at=start + timedelta(hours=2, minutes=15),
            revision=len(answers),
        )
        shown = {photo.key for photo in visit.photos}
        asked = [k for k in answers if self.checklist.items[k].photo_rule == "always" and k not in shown]
        visit = replace(visit, excuses=dict.fromkeys(asked, _NO_PHOTO))
        return visit, result(self.checklist, judge(self.checklist, visit.facts()))

    def _attendance(self, past: Past, unit: NewUnit) -> Attendance:
        """The team of that year with its decision, and the unit's head of today."""
        decision, decided_on = history.DECISIONS[past.on.year]
        titles = {name: title for name, title, _ in PROVINCE}
        team = tuple(
            Present(name, titles[name], task, sample_id("person", name))
            for name, task in ((TEAM_HEAD, HEAD), (SECRETARY, TASK_SECRETARY), (INSPECTOR, MEMBER))
        )
        top = sample_units()[0]
        head = next(p for p in self.people if ("unit-head", unit.id) in p.roles)
        return Attendance(
            authority_id=top.id,
            authority=units.full_name(top.kind, top.name),
            decision=decision,
            decided_on=decided_on,
            team=team,
            unit=(Present(head.name, head.title, "", head.id),),
        )

    def _plan(self, past: Past) -> tuple[str, date] | None:
        if past.on.year == 2026 and past.on > history.PLAN_DUE:
            return self.plans.get(past.unit)
        return "07/KH-UBND", date(past.on.year, 1, 9) if past.on.year > _SINCE.year else date(2025, 7, 18)

    def _taken(self, past: Past, start: datetime) -> tuple[Photo, ...]:
        return tuple(
            Photo(
                id=sample_id("photo", f"{past.unit}/{past.on}/{code}"),
                state="stored",
                order=number,
                key=code,
                number=1,
                sha256=self.drawn[past.unit, code].sha256,
                at=start + timedelta(minutes=20 + 3 * number),
            )
            for number, code in enumerate(past.pictures, start=1)
        )

    def _photos(self, visit: Visit) -> None:
        sender = next(iter(visit.answers.values())).person_id
        for photo in visit.photos:
            self.connection.execute(
                insert(photos).values(
                    id=photo.id,
                    visit_id=visit.id,
                    channel="sample",
                    account="",
                    chat_id="",
                    sender_id=sender,
                    media='{"ref": ""}',
                    state="stored",
                    sha256=photo.sha256,
                    received_at=photo.at,
                    stored_at=photo.at,
                )
            )

    def _findings(self, visit: Visit) -> None:
        failed = sorted(key for key, one in judge(self.checklist, visit.facts()).items() if one.status == "not_met")
        shown = {photo.key: photo.sha256 for photo in visit.photos}
        facts = visit.facts()
        new = [
            visits.NewFinding(
                key,
                key,
                finding_sentence(self.checklist, facts, key, visit.answers[key].letters).vi,
                self.checklist.items[key].remedy_working_days,
                shown.get(key, ""),
            )
            for key in failed
        ]
        ids = [sample_id("finding", f"{visit.id}/{key}") for key in failed]
        visits.record_findings(self.connection, visit, new, ids=ids)


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), LOCAL)


def _summary(connection: Connection, *, new: bool) -> SampleSummary:
    def count(table: Table, *only: ColumnElement[bool]) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*only)).scalar_one())

    return SampleSummary(
        new=new,
        units=count(unit_rows, unit_rows.c.valid_to.is_(None)),
        people=count(people_rows),
        visits=count(visit_rows),
        findings=count(findings),
        obligations=count(obligation_rows),
        photos=count(photos),
    )
