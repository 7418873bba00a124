"""The database a measurement runs on: the sample province with its year of history, and as many inspectors as walk.

Each inspector is in charge of one commune of their own, so that all can be inside a visit at once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection

from bot import consent
from bot.simulator.network import DEFAULT_TOKEN
from inspection.messages import Chat
from storage import checklists, consents, people, units
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.migrate import migrate
from storage.people import NewPerson
from storage.sample.load import load_sample
from storage.units import NewUnit

FIRST_USER = 2_000_001
SINCE = date(2025, 7, 1)  # the checklist is in force from the same day
ACCOUNT = DEFAULT_TOKEN.partition(":")[0]


def user_id(number: int) -> int:
    """The phone of an inspector, counted from 0."""
    return FIRST_USER + number


def commune(number: int) -> str:
    """What an inspector types to find their commune."""
    return f"mau {number:04d}"


def prepare(database: Database, evidence: EvidenceStore, inspectors: int, *, sample: bool) -> None:
    """Fill an empty database; `sample` adds the province of the demonstration."""
    now = datetime.now(UTC)
    migrate(database)
    database.write_now(lambda connection: checklists.load_builtin(connection, now))
    if sample:
        load_sample(database, evidence, now)
    database.write_now(lambda connection: _inspectors(connection, inspectors, now))


def _inspectors(connection: Connection, count: int, now: datetime) -> None:
    top = NewUnit("benchmark", "province", "tỉnh Mẫu", SINCE)
    below = [
        NewUnit(f"benchmark-{n}", "commune", f"xã Mẫu {n:04d}", SINCE, parent_id=top.id, one_stop=True, staff_total=25)
        for n in range(count)
    ]
    units.create(connection, [top, *below])
    roles = (("inspector", top.id),)
    persons = [NewPerson(f"inspector-{n}", f"Thành viên đoàn {n:04d}", SINCE, roles=roles) for n in range(count)]
    people.create(connection, persons, now)
    for n, person in enumerate(persons):
        phone = str(user_id(n))
        people.bind_account(connection, person.id, Chat("telegram", ACCOUNT, phone), phone, now)
    consents.record_for_all_accounts(connection, consent.VERSION, now)
