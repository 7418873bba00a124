"""What the database holds of a visit, read beside the running process, and what the rules make of it by themselves."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import Row, create_engine, text

from bot.ledger import lateness
from inspection.prompts import Rules, Walk
from inspection.scoring import Result
from inspection.visit import Visit, from_json, value_from_json
from storage import calendar, checklists

CHECKLIST = Path(__file__).parents[2] / "storage" / "builtin" / "ky_cuong.csv"
VISIT = """
    select v.* from visits v join units u on u.id = v.unit_id where u.name = :unit
    order by v.started_at desc limit 1
"""
PICTURES = """
    select p.sha256 from photos p join evidence e on e.sha256 = p.sha256
    where p.visit_id = :id and p.state = 'stored'
"""


@dataclass(frozen=True, slots=True)
class Record:
    """The row, the visit it carries, the newest line of each answer's history, and what was written at completion."""

    row: Row[Any]
    visit: Visit
    history: Mapping[str, dict[str, Any]]  # value by key
    outcomes: Mapping[str, str]
    held: frozenset[str]  # fingerprints of the photos kept as evidence
    recomputed: Result

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        """Value by key, without the minute of a count."""
        return {
            key: {name: value for name, value in answer.value.items() if name != "thoi_diem"}
            for key, answer in self.visit.answers.items()
        }

    @property
    def reasons(self) -> dict[str, str]:
        """The lettered reasons by key ("b", "ab")."""
        return {key: "".join(answer.letters) for key, answer in self.visit.answers.items() if answer.letters}

    @property
    def photos(self) -> Counter[str | None]:
        """How many photos each key has."""
        return Counter(photo.key for photo in self.visit.photos)

    def check(self) -> None:
        """The parts of the record agree with each other and with the rules."""
        answers = self.visit.answers.items()
        told = {key: dict(a.value) | ({"ly_do": list(a.letters)} if a.letters else {}) for key, a in answers}
        assert told == self.history
        assert (Decimal(str(self.row.score)), self.row.grade) == (self.recomputed.score, self.recomputed.grade)
        assert {photo.sha256 for photo in self.visit.photos} == self.held


def record(database: Path, unit: str) -> Record:
    """The last visit to a unit ("xã Điềm He")."""
    engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            row = connection.execute(text(VISIT), {"unit": unit}).one()
            visit = from_json(row.document)
            days = calendar.current(connection, visit.on)
            rules = Rules(checklists.get(connection, visit.checklist_id), {"working-days": lateness(days)})
            named = {"id": row.id}
            lines = text("select key, value from answers where visit_id = :id order by revision")
            judged = text("select key, outcome from results where visit_id = :id")
            return Record(
                row,
                visit,
                {key: value_from_json(value) for key, value in connection.execute(lines, named)},
                {row.key: row.outcome for row in connection.execute(judged, named)},
                frozenset(sha256 for (sha256,) in connection.execute(text(PICTURES), named)),
                Walk(visit, rules, "vi").result(),
            )
    finally:
        engine.dispose()


def score(lost: Mapping[str, Fraction], not_applicable: Collection[str]) -> Decimal:
    """The score by the weights of the checklist alone: `lost` is the share of an item's weight it did not get."""
    with CHECKLIST.open(encoding="utf-8", newline="") as file:
        weights = {row["code"]: Fraction(row["weight"] or 0) for row in csv.DictReader(file)}
    counted = {code: weight for code, weight in weights.items() if code not in not_applicable}
    got = sum((weight * (1 - lost.get(code, Fraction(0))) for code, weight in counted.items()), Fraction(0))
    share = 100 * got / sum(counted.values(), Fraction(0))
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
