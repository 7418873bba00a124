"""What official documents need beside the visit: their numbers, the authority's templates, and what is to be listed.

A number is given once and kept: only a corrected decision, which is another series, gives the visit another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select

from inspection.attendance import UNKNOWN, Attendance
from inspection.visit import Status, Visit, from_json
from storage.tables import document_numbers, document_templates, evidence, people, photos, visit_members, visits
from storage.units import named_like

MINUTES = "BB"
_LOCK = 0x6B79_626E  # any fixed number: on PostgreSQL, two writers wait for each other with a number
REPORTABLE = (Status.AWAITING_SIGNATURE.value, Status.SIGNED.value, Status.ENDED_EARLY.value)


# --- numbers ----------------------------------------------------------------------------------------------------------


def number_of(connection: Connection, visit_id: str, kind: str = MINUTES) -> int | None:
    """The number a visit's document has; None while it has none."""
    return connection.execute(
        select(document_numbers.c.number).where(
            document_numbers.c.visit_id == visit_id, document_numbers.c.kind == kind
        )
    ).scalar()


def give_number(connection: Connection, visit: Visit, kind: str = MINUTES) -> int | None:
    """The visit's number in the series of its team and year, given now if it has none; None without a decision."""
    decision = visit.attendance.decision
    if not decision:
        return None
    series = (visit.attendance.authority_id, decision, visit.on.year)
    mine = (document_numbers.c.visit_id == visit.id) & (document_numbers.c.kind == kind)
    row = connection.execute(select(document_numbers).where(mine)).first()
    if row is not None:
        if (row.authority_id, row.decision, row.year) == series:
            return int(row.number)
        connection.execute(delete(document_numbers).where(mine))
    authority_id, decision, year = series
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = connection.execute(
        select(func.max(document_numbers.c.number)).where(
            document_numbers.c.kind == kind,
            document_numbers.c.authority_id == authority_id,
            document_numbers.c.decision == decision,
            document_numbers.c.year == year,
        )
    ).scalar()
    number = int(last or 0) + 1
    connection.execute(
        insert(document_numbers).values(
            visit_id=visit.id, kind=kind, authority_id=authority_id, decision=decision, year=year, number=number
        )
    )
    return number


# --- who takes part ---------------------------------------------------------------------------------------------------


def keep_members(connection: Connection, visit: Visit) -> None:
    """Write down who of the team is one of us."""
    connection.execute(delete(visit_members).where(visit_members.c.visit_id == visit.id))
    ids = dict.fromkeys(one.person_id for one in visit.attendance.team if one.person_id)
    if ids:
        connection.execute(insert(visit_members), [{"visit_id": visit.id, "person_id": person_id} for person_id in ids])


def takes_part(connection: Connection, person_id: str, visit: Visit) -> bool:
    """Whether a person leads a visit or is of its team."""
    mine = select(visit_members.c.visit_id).where(
        visit_members.c.visit_id == visit.id, visit_members.c.person_id == person_id
    )
    return visit.leader_id == person_id or connection.execute(mine).first() is not None


def last_attendance(connection: Connection, person_id: str) -> Attendance:
    """That of the newest visit a person led or took part in: the next will most likely have its decision and team."""
    part = select(visit_members.c.visit_id).where(visit_members.c.person_id == person_id)
    return _newest(connection, or_(visits.c.leader_id == person_id, visits.c.id.in_(part)))


def last_attendance_at(connection: Connection, unit_id: str) -> Attendance:
    """The attendance of the newest visit to a unit."""
    return _newest(connection, visits.c.unit_id == unit_id)


def _newest(connection: Connection, condition: object) -> Attendance:
    document = connection.execute(
        select(visits.c.document)
        .where(condition, visits.c.status != Status.CANCELLED.value)  # type: ignore[arg-type]
        .order_by(visits.c.started_at.desc())
        .limit(1)
    ).scalar()
    return from_json(document).attendance if document else UNKNOWN


@dataclass(frozen=True, slots=True)
class Reportable:
    """A visit that can be written up, as a list shows it."""

    id: str
    unit_id: str
    unit_name: str
    status: str
    started_at: datetime


def reportable(  # noqa: PLR0913  whose visits, of which units, which part of them
    connection: Connection, person_id: str, unit_ids: Collection[str], *, name: str = "", skip: int = 0, limit: int = 10
) -> tuple[list[Reportable], int]:
    """Finished visits a person led or took part in, and those to some units; the newest first, and how many there are.

    name: only those of units whose name contains it, as `units.find` reads names.
    """
    part = select(visit_members.c.visit_id).where(visit_members.c.person_id == person_id)
    mine = or_(visits.c.leader_id == person_id, visits.c.id.in_(part), visits.c.unit_id.in_(list(unit_ids)))
    conditions = [mine, visits.c.status.in_(REPORTABLE)]
    if name:
        conditions.append(visits.c.unit_id.in_(named_like(name)))
    total = connection.execute(select(func.count()).select_from(visits).where(*conditions)).scalar_one()
    rows = connection.execute(
        select(visits.c.document)
        .where(*conditions)
        .order_by(visits.c.started_at.desc(), visits.c.id)
        .offset(skip)
        .limit(limit)
    )
    found = (from_json(row.document) for row in rows)
    return [Reportable(v.id, v.unit_id, v.unit_name, v.status.value, v.started_at) for v in found], int(total)


def fingerprint(connection: Connection, visit_id: str) -> str:
    """SHA-256 of a visit's record as it is stored; it changes with any answer, and with nothing once it is signed."""
    document = connection.execute(select(visits.c.document).where(visits.c.id == visit_id)).scalar_one()
    return hashlib.sha256(document.encode()).hexdigest()


def visit(connection: Connection, visit_id: str) -> Visit | None:
    """A visit to read, not to change: no lock is taken."""
    document = connection.execute(select(visits.c.document).where(visits.c.id == visit_id)).scalar()
    return from_json(document) if document else None


# --- templates --------------------------------------------------------------------------------------------------------


def keep_template(  # noqa: PLR0913  what a row holds, each by its name
    connection: Connection, unit_id: str, kind: str, content: bytes, *, now: datetime, by: str | None = None
) -> None:
    """Keep an authority's template of a kind; the earlier ones remain."""
    connection.execute(
        insert(document_templates).values(
            unit_id=unit_id,
            kind=kind,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            kept_at=now,
            kept_by=by,
        )
    )


def template(connection: Connection, above: Sequence[str], kind: str) -> bytes | None:
    """The newest template of a kind of the nearest unit that has one; `above`: the nearest first."""
    for unit_id in above:
        content = connection.execute(
            select(document_templates.c.content)
            .where(document_templates.c.unit_id == unit_id, document_templates.c.kind == kind)
            .order_by(document_templates.c.id.desc())
            .limit(1)
        ).scalar()
        if content:  # an empty one takes an own template back
            return bytes(content)
    return None


# --- evidence ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proof:
    """A stored photo of a visit as it lies in the evidence; size in bytes."""

    photo_id: str
    sha256: str
    size: int
    mime: str
    sender: str
    received_at: datetime
    stored_at: datetime


def proofs(connection: Connection, visit_id: str) -> list[Proof]:
    """The stored photos of a visit in the order in which they came."""
    rows = connection.execute(
        select(photos, evidence.c.size, evidence.c.mime, people.c.name.label("sender"))  # a photo has a name too
        .join(evidence, evidence.c.sha256 == photos.c.sha256)
        .join(people, people.c.id == photos.c.sender_id)
        .where(photos.c.visit_id == visit_id, photos.c.state == "stored")
        .order_by(photos.c.received_at, photos.c.id)
    )
    return [Proof(r.id, r.sha256, r.size, r.mime, r.sender, r.received_at, r.stored_at) for r in rows]
