"""Visits as the rules see them, with the history of their answers, their photos and what they amount to.

`documents` and `save` work for a whole batch of turns in a few statements; nothing here decides anything.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from inspection.figures import show_document
from inspection.measures import measures_of
from inspection.messages import Chat, Media
from inspection.visit import PHOTO, Answer, PriorFinding, Visit, from_json, to_json, value_to_json
from storage import lineage
from storage.likeness import keep_look
from storage.tables import (
    answers,
    conclusions,
    evidence,
    findings,
    measures,
    obligations,
    people,
    photos,
    results,
    units,
    visits,
)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of the history of answers. `value` is JSON."""

    visit_id: str
    revision: int
    key: str
    value: str
    person_id: str
    recorded_at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one answer of a finished visit amounts to."""

    key: str
    code: str
    outcome: str
    critical: bool


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A finding as a signature makes it."""

    key: str
    item_code: str
    sentence: str
    remedy_days: int
    photo: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A visit that is not signed yet, as `/tieptuc` lists it."""

    id: str
    unit_name: str
    status: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class LastVisit:
    """What the card of a unit says of the visit before."""

    on: datetime
    score: Decimal | None
    grade: str | None


# Built once: putting a statement together takes longer than running it. SQLite knows no row locks and needs none.
_DOCUMENTS = (
    select(visits.c.id, visits.c.document).where(visits.c.id.in_(bindparam("ids", expanding=True))).with_for_update()
)
_SAVE = (
    update(visits)
    .where(visits.c.id == bindparam("row_id"))
    .values(
        status=bindparam("new_status"),
        finished_at=bindparam("new_finished"),
        document=bindparam("new_document"),
        revision=bindparam("new_revision"),
    )
)
_KEEP = insert(answers)
_AWAIT = insert(photos)
_PHOTO = select(photos).where(photos.c.id == bindparam("wanted"))
_KNOWN = select(evidence.c.sha256).where(evidence.c.sha256 == bindparam("wanted"))
_EVIDENCE = insert(evidence)
_STORED = (
    update(photos)
    .where(photos.c.id == bindparam("row_id"))
    .values(
        state="stored",
        sha256=bindparam("new_sha256"),
        stored_at=bindparam("new_stored_at"),
        reused=bindparam("new_reused"),
        kind=bindparam("new_kind"),
        trouble="",
        next_try_at=None,
    )
)


# What one turn writes the next one reads, word for word: then it need not be taken apart again. The words are the key,
# so it does not matter who wrote them, or whether they were ever committed.
_KEPT = 512
_written: dict[str, Visit] = {}


def documents(connection: Connection, ids: Collection[str]) -> dict[str, Visit]:
    """Visits by id, locked for this transaction where the database can."""
    if not ids:
        return {}
    rows = connection.execute(_DOCUMENTS, {"ids": list(ids)})
    return {visit_id: _visit(document) for visit_id, document in rows}


def _visit(document: str) -> Visit:
    return _written.pop(document) if document in _written else from_json(document)


def _document(visit: Visit) -> str:
    document = to_json(visit)
    _written[document] = visit
    if len(_written) > _KEPT:
        del _written[next(iter(_written))]
    return document


def add(connection: Connection, visit: Visit, *, form: str = "surprise") -> None:
    """Store a visit that has just begun."""
    connection.execute(
        insert(visits).values(
            id=visit.id,
            unit_id=visit.unit_id,
            checklist_id=visit.checklist_id,
            form=form,
            status=visit.status.value,
            leader_id=visit.leader_id,
            authority_id=visit.attendance.authority_id,
            started_at=visit.started_at,
            document=to_json(visit),
            revision=visit.revision,
        )
    )


def save(connection: Connection, changed: Sequence[Visit], *, signer_id: Mapping[str, str], now: datetime) -> None:
    """Write back visits whose document changed; `signer_id` names who signed those signed in this turn."""
    if not changed:
        return
    connection.execute(
        _SAVE,
        [
            {
                "row_id": v.id,
                "new_status": v.status.value,
                "new_finished": v.finished_at,
                "new_document": _document(v),
                "new_revision": v.revision,
            }
            for v in changed
        ],
    )
    for visit_id, person_id in signer_id.items():
        connection.execute(update(visits).where(visits.c.id == visit_id).values(signed_at=now, signed_by=person_id))


def keep_answers(connection: Connection, rows: Sequence[AnswerRow]) -> None:
    """Append to the history of answers."""
    if rows:
        connection.execute(_KEEP, [{name: getattr(row, name) for name in AnswerRow.__slots__} for row in rows])


def answer_row(visit: Visit, revision: int, key: str, said: str) -> AnswerRow:
    """The history line of an answer as it stands in the visit."""
    return history_row(visit.id, revision, key, visit.answers[key], said)


def history_row(visit_id: str, revision: int, key: str, answer: Answer, said: str) -> AnswerRow:
    """The history line of an answer."""
    value: dict[str, Any] = dict(answer.value)
    if answer.letters:
        value["ly_do"] = list(answer.letters)
    if answer.note:
        value["ghi_chu"] = answer.note
    return AnswerRow(visit_id, revision, key, value_to_json(value), answer.person_id, answer.at, said)


def conclude(
    connection: Connection, visit: Visit, verdicts: Iterable[Verdict], *, score: Decimal | None, grade: str | None
) -> None:
    """Write what a finished visit amounts to, replacing what was written before a correction."""
    connection.execute(delete(results).where(results.c.visit_id == visit.id))
    rows = [{"visit_id": visit.id, **asdict(v)} for v in verdicts]
    if rows:
        connection.execute(insert(results), rows)
    applicable = {row["code"] for row in rows if row["outcome"] not in ("na", "hidden")}
    measured = measures_of({key: answer.value for key, answer in visit.answers.items()}, applicable)
    connection.execute(delete(measures).where(measures.c.visit_id == visit.id))
    connection.execute(insert(measures).values(visit_id=visit.id, **asdict(measured)))
    connection.execute(update(visits).where(visits.c.id == visit.id).values(score=score, grade=grade))


# --- photos ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AwaitedPhoto:
    """A photo or file whose bytes are still with the network."""

    id: str
    chat: Chat
    user_id: str
    sender_id: str
    media: Media
    visit_id: str | None
    obligation_id: str | None = None
    album: str = ""
    attempts: int = 0
    next_try_at: datetime | None = None
    kind: str = PHOTO


def await_photos(connection: Connection, rows: Sequence[AwaitedPhoto], now: datetime) -> None:
    """Note photos that have to be fetched."""
    if rows:
        connection.execute(
            _AWAIT,
            [
                {
                    "id": p.id,
                    "visit_id": p.visit_id,
                    "obligation_id": p.obligation_id,
                    "channel": p.chat.channel,
                    "account": p.chat.account,
                    "chat_id": p.chat.chat_id,
                    "sender_id": p.sender_id,
                    "media": json.dumps(asdict(p.media) | {"user_id": p.user_id, "album": p.album}),
                    "state": "awaited",
                    "received_at": now,
                    "kind": p.kind,
                    "name": p.media.name[:200],
                }
                for p in rows
            ],
        )


def awaited_photos(connection: Connection) -> list[AwaitedPhoto]:
    """Everything that still has to be fetched, oldest first."""
    rows = connection.execute(
        select(photos).where(photos.c.state == "awaited").order_by(photos.c.received_at, photos.c.id)
    )
    return [_awaited(row) for row in rows]


def _awaited(row: Any) -> AwaitedPhoto:
    media = json.loads(row.media)
    user_id, album = media.pop("user_id"), media.pop("album")
    return AwaitedPhoto(
        row.id, Chat(row.channel, row.account, row.chat_id), user_id, row.sender_id, Media(**media),
        row.visit_id, row.obligation_id, album, row.attempts, row.next_try_at, row.kind,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """What a turn needs to know of a photo whose bytes have come."""

    id: str
    visit_id: str | None
    obligation_id: str | None
    state: str
    album: str
    kind: str
    received_at: datetime


def photo(connection: Connection, photo_id: str) -> PhotoRow | None:
    """One photo by id."""
    row = connection.execute(_PHOTO, {"wanted": photo_id}).first()
    if row is None:
        return None
    album = json.loads(row.media)["album"]
    return PhotoRow(row.id, row.visit_id, row.obligation_id, row.state, album, row.kind, row.received_at)


def photo_kept(connection: Connection, photo_id: str, details: Mapping[str, Any], now: datetime) -> None:
    """Write down that the bytes of a photo or file are stored, and what they turned out to be."""
    sha256 = str(details["sha256"])
    known = connection.execute(_KNOWN, {"wanted": sha256}).first() is not None
    if not known:
        row = {name: details[name] for name in ("size", "mime", "width", "height", "look")}
        exif = json.dumps(details["exif"], ensure_ascii=False) if details["exif"] else None
        connection.execute(_EVIDENCE, {"sha256": sha256, "stored_at": now, "exif": exif, **row})
        keep_look(connection, sha256, details["look"])
    stored = {"new_sha256": sha256, "new_stored_at": now, "new_reused": known, "new_kind": details["kind"]}
    connection.execute(_STORED, {"row_id": photo_id, **stored})


def photo_hints(connection: Connection, photo_id: str, **hints: Any) -> None:
    """Keep what about a photo deserves a second look: resembles, distance, days_apart, km_apart."""
    connection.execute(update(photos).where(photos.c.id == photo_id).values(**hints))


def photos_with_place(connection: Connection, visit_id: str) -> list[tuple[str, dict[str, Any]]]:
    """(photo id, EXIF) of a visit's photos whose file says where it was taken, and that no hint says are far away."""
    rows = connection.execute(
        select(photos.c.id, evidence.c.exif)
        .join(evidence, evidence.c.sha256 == photos.c.sha256)
        .where(photos.c.visit_id == visit_id, photos.c.km_apart.is_(None), evidence.c.exif.contains('"latitude"'))
        .order_by(photos.c.received_at, photos.c.id)
    )
    return [(row.id, json.loads(row.exif)) for row in rows]


def photo_not_kept(connection: Connection, photo_id: str, details: Mapping[str, Any]) -> None:
    """Write down that a photo could not be had: for good ("refused"), or until it is tried again ("failed")."""
    connection.execute(
        update(photos)
        .where(photos.c.id == photo_id)
        .values(
            state="refused" if details["outcome"] == "refused" else "awaited",
            trouble=str(details.get("reason", ""))[:200],
            attempts=int(details.get("attempts", 0)),
            next_try_at=details.get("next_try_at"),
        )
    )


# --- findings and the card ------------------------------------------------------------------------------------------


def open_findings(connection: Connection, unit_id: str, limit: int = 20) -> tuple[PriorFinding, ...]:
    """The unit's findings that are not verified as remedied, oldest first."""
    rows = connection.execute(
        select(findings, conclusions.c.document, conclusions.c.issued, obligations.c.state)
        .outerjoin(conclusions, conclusions.c.visit_id == findings.c.visit_id)
        .outerjoin(obligations, obligations.c.finding_id == findings.c.id)
        .where(findings.c.unit_id == unit_id, findings.c.status == "open")
        .order_by(findings.c.found_on, findings.c.number)
        .limit(limit)
    )
    return tuple(
        PriorFinding(
            r.number, r.sentence, r.item_code, r.found_on, r.due, r.photo or "",
            show_document(r.document, r.issued) if r.document else "", r.state == "reported",
        )
        for r in rows
    )  # fmt: skip


def finding_totals(connection: Connection, unit_id: str, on: date) -> dict[str, int]:
    """Earlier findings of a unit: all, remedied, within time, overdue."""
    row = connection.execute(
        select(
            func.count(),
            func.count().filter(findings.c.status == "verified"),
            func.count().filter(and_(findings.c.status == "open", findings.c.due < on)),
        ).where(findings.c.unit_id == unit_id)
    ).one()
    total, remedied, overdue = (int(value) for value in row)
    return {"tong": total, "da_khac_phuc": remedied, "trong_han": total - remedied - overdue, "qua_han": overdue}


def earlier_findings(connection: Connection, unit_id: str, on: date) -> dict[str, tuple[str, str]]:
    """By item, the (id, number) of the newest finding before a day that one of that day would repeat.

    It counts at the unit itself and at those it was formed from, for 24 months.
    """
    rows = connection.execute(
        select(findings.c.item_code, findings.c.id, findings.c.number)
        .where(
            findings.c.unit_id.in_([unit_id, *sorted(lineage.formed_from(connection, unit_id))]),
            findings.c.found_on < on,
            findings.c.found_on >= _two_years_before(on),
        )
        .order_by(findings.c.found_on, findings.c.number)
    )
    return {row.item_code: (row.id, row.number) for row in rows}


def _two_years_before(on: date) -> date:
    last = (on.month, on.day) == (2, 29)  # 29/02 comes once in four years
    return on.replace(year=on.year - 2, day=28 if last else on.day)


def record_findings(
    connection: Connection, visit: Visit, new: Sequence[NewFinding], *, ids: Sequence[str]
) -> list[str]:
    """Store the findings of a signed visit under the next numbers of its year; returns the numbers.

    One that repeats an earlier finding is linked to it.
    """
    earlier = earlier_findings(connection, visit.unit_id, visit.on) if new else {}
    year = visit.on.year
    start = _last_number(connection, year)
    numbers = [f"TT-{year}-{start + n:03d}" for n in range(1, len(new) + 1)]
    rows = [
        {
            "id": i,
            "number": number,
            "unit_id": visit.unit_id,
            "visit_id": visit.id,
            "status": "open",
            "found_on": visit.on,
            "repeat_of": earlier[finding.item_code][0] if finding.item_code in earlier else None,
            **asdict(finding),
        }
        for i, number, finding in zip(ids, numbers, new, strict=True)
    ]
    if rows:
        connection.execute(insert(findings), rows)
    return numbers


def close_findings(connection: Connection, visit: Visit, numbers: Collection[str]) -> None:
    """Mark earlier findings as verified on the spot by a visit."""
    if numbers:
        connection.execute(
            update(findings)
            .where(findings.c.number.in_(list(numbers)))
            .values(status="verified", closed_by_visit=visit.id)
        )


def _last_number(connection: Connection, year: int) -> int:
    latest = connection.execute(
        select(findings.c.number)
        .where(findings.c.number.like(f"TT-{year}-%"))
        .order_by(func.length(findings.c.number).desc(), findings.c.number.desc())
        .limit(1)
    ).scalar()
    return int(latest.rpartition("-")[2]) if latest else 0


def last_visit(connection: Connection, unit_id: str) -> LastVisit | None:
    """The newest signed visit of a unit."""
    row = connection.execute(
        select(visits.c.started_at, visits.c.score, visits.c.grade)
        .where(visits.c.unit_id == unit_id, visits.c.status == "signed")
        .order_by(visits.c.started_at.desc())
        .limit(1)
    ).first()
    return LastVisit(row.started_at, row.score, row.grade) if row else None


def exists(connection: Connection, visit_id: str) -> bool:
    """Whether there is such a visit."""
    return connection.execute(select(visits.c.id).where(visits.c.id == visit_id)).first() is not None


def under_way(connection: Connection, unit_id: str) -> tuple[str, str] | None:
    """The (visit id, leader's name) of a visit to this unit that is not finished."""
    row = connection.execute(
        select(visits.c.id, people.c.name)
        .join(people, people.c.id == visits.c.leader_id)
        .where(visits.c.unit_id == unit_id, visits.c.status == "in_progress")
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def drafts(connection: Connection, person_id: str) -> list[Draft]:
    """What this person has begun and not signed, newest first."""
    rows = connection.execute(
        select(visits.c.id, units.c.name, units.c.kind, visits.c.status, visits.c.started_at, visits.c.document)
        .join(units, units.c.id == visits.c.unit_id)
        .where(
            visits.c.leader_id == person_id,
            or_(visits.c.status == "in_progress", visits.c.status == "awaiting_signature"),
        )
        .order_by(visits.c.started_at.desc())
        .limit(9)
    )
    return [Draft(r.id, json.loads(r.document)["unit_name"], r.status, r.started_at) for r in rows]


def remedy_report_due(connection: Connection, unit_id: str) -> date | None:
    """When the unit's latest report on remedies was due: the date of its newest notice, whatever was extended since."""
    newest = select(func.max(findings.c.found_on)).where(findings.c.unit_id == unit_id).scalar_subquery()
    return connection.execute(
        select(func.max(func.coalesce(findings.c.original_due, findings.c.due))).where(
            findings.c.unit_id == unit_id, findings.c.found_on == newest
        )
    ).scalar()


def unacknowledged_albums(connection: Connection) -> list[tuple[Chat, str, str]]:
    """Albums whose photos are stored in visits that may still wait for their acknowledgement: chat, user id, album."""
    rows = connection.execute(
        select(photos)
        .join(visits, visits.c.id == photos.c.visit_id)
        .where(photos.c.state == "stored", visits.c.status.in_(("in_progress", "awaiting_signature")))
    )
    found: dict[tuple[Chat, str], tuple[Chat, str, str]] = {}
    for row in rows:
        media = json.loads(row.media)
        if media["album"]:
            chat = Chat(row.channel, row.account, row.chat_id)
            found[chat, media["album"]] = (chat, media["user_id"], media["album"])
    return list(found.values())
