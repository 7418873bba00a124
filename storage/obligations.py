"""What units owe is stored with its dates only; what is due or overdue is asked of them each time.

A change counts once: the row changes only while it is in the state the change starts from, and the caller learns
whether theirs changed it. Every change sends the sweep to look at the row again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, update

from inspection.obligations import OWED, Obligation, State
from storage.tables import findings, obligations, photos, requests, roles, sweeps
from storage.units import subtree_ids
from storage.upsert import insert as upsert

_FIELDS = tuple(Obligation.__slots__)
_LOOK_AGAIN = {"look_on": date.min}
_ONE_DAY = timedelta(days=1)
_TO_LOOK_AT = (
    select(obligations)
    .where(obligations.c.state.in_(OWED), obligations.c.look_on <= bindparam("today"))
    .order_by(obligations.c.look_on, obligations.c.id)
    .limit(bindparam("page"))
)


def save(connection: Connection, owed: Sequence[Obligation]) -> None:
    """Store obligations, new or changed; a row with the same id is replaced."""
    if not owed:
        return
    rows = [{name: getattr(one, name) for name in _FIELDS} | _LOOK_AGAIN for one in owed]
    statement = upsert(connection, obligations)
    changed = {name: statement.excluded[name] for name in (*_FIELDS, "look_on") if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


def get(connection: Connection, obligation_id: str) -> Obligation | None:
    """One obligation by its id."""
    return _one(connection, select(obligations).where(obligations.c.id == obligation_id))


def get_many(connection: Connection, ids: Iterable[str]) -> dict[str, Obligation]:
    """Obligations by id; unknown ids are missing."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {one.id: one for one in _all(connection, select(obligations).where(obligations.c.id.in_(wanted)))}


def by_code(connection: Connection, code: str) -> Obligation | None:
    """One obligation by its printed code ("NV-2026-0147", "TT-2026-031"), in any case and however spaced."""
    plain = "".join(code.split()).upper()
    return _one(connection, select(obligations).where(obligations.c.code == plain))


def of_units(
    connection: Connection,
    unit_ids: Iterable[str],
    states: Collection[State] | None = OWED,
    *,
    kind: str = "",
    year: int = 0,
) -> list[Obligation]:
    """What units owe, by due date and code; `states` None: whatever became of it; kind "" and year 0: any."""
    ids = list(unit_ids)
    if not ids:
        return []
    statement = select(obligations).where(obligations.c.unit_id.in_(ids))
    if states is not None:
        statement = statement.where(obligations.c.state.in_(list(states)))
    if kind:
        statement = statement.where(obligations.c.kind == kind)
    if year:
        statement = statement.where(obligations.c.year == year)
    return _all(connection, statement.order_by(obligations.c.due, obligations.c.code))


def of_directives(connection: Connection, directive_ids: Collection[str]) -> list[Obligation]:
    """What came of directives, by code."""
    if not directive_ids:
        return []
    of_them = obligations.c.directive_id.in_(list(directive_ids))
    return _all(connection, select(obligations).where(of_them).order_by(obligations.c.code))


# --- the sweep ------------------------------------------------------------------------------------------------------


def to_look_at(connection: Connection, today: date, page: int) -> list[Obligation]:
    """What is owed and may have a reminder due today, at most `page` of them; `looked_at` takes them off this list."""
    rows = connection.execute(_TO_LOOK_AT, {"today": today, "page": page})
    return [_obligation(row) for row in rows]


def looked_at(connection: Connection, next_looks: Mapping[str, date]) -> None:
    """Note by obligation id the first day on which a reminder may be due again."""
    by_day: dict[date, list[str]] = {}
    for obligation_id, day in next_looks.items():
        by_day.setdefault(day, []).append(obligation_id)
    for day, ids in by_day.items():
        connection.execute(update(obligations).where(obligations.c.id.in_(ids)).values(look_on=day))


def look_again(connection: Connection, *only: ColumnElement[bool]) -> None:
    """Let the next sweep look at everything that is owed: the calendar, a ladder or a role has changed."""
    connection.execute(update(obligations).where(obligations.c.state.in_(OWED), *only).values(_LOOK_AGAIN))


def look_again_at(
    connection: Connection,
    *,
    unit_ids: Collection[str] = (),
    kinds: Collection[str] = (),
    ids: Collection[str] = (),
) -> None:
    """The same for what these units owe, for these kinds, or for these obligations."""
    if ids:
        look_again(connection, obligations.c.id.in_(list(ids)))
    if unit_ids:
        look_again(connection, obligations.c.unit_id.in_(list(unit_ids)))
    if kinds:
        look_again(connection, obligations.c.kind.in_(list(kinds)))


def look_again_below(connection: Connection, unit_id: str, on: date) -> None:
    """The same where somebody at this unit has taken or left an office: it may concern all units below it."""
    look_again_at(connection, unit_ids=subtree_ids(connection, unit_id, on))


def look_again_where_roles_changed(connection: Connection, today: date) -> None:
    """Once a day: where somebody has taken or left an office since the last such day, who hears has changed."""
    last = connection.execute(select(sweeps.c.day)).scalar()
    if last == today:
        return
    if last is not None and last < today:
        began = roles.c.valid_from.between(last, today)
        ended = roles.c.valid_to.between(last - _ONE_DAY, today - _ONE_DAY)
        changed = connection.execute(select(roles.c.unit_id).where(or_(began, ended)).distinct()).scalars().all()
        for unit_id in changed:
            look_again_below(connection, unit_id, today)
    statement = upsert(connection, sweeps).values(id=1, day=today)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"day": today}))


# --- what becomes of one --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Report:
    """A word that it is done: number and symbol of the document ("" for photos alone), its day, who said so, when."""

    document: str
    issued: date | None
    person_id: str
    at: datetime


def report(connection: Connection, obligation_id: str, said: Report) -> bool:
    """Mark what is owed as reported; False if it was not owed any more, and then nothing changed."""
    return _change(
        connection, obligation_id, OWED,
        state="reported", document=said.document, issued=said.issued, reported_at=said.at,
        reported_by=said.person_id, complete_by=None,
    )  # fmt: skip


def take_back(connection: Connection, obligation_id: str) -> bool:
    """The unit enters its report anew before anybody was given it."""
    nothing = {"document": "", "issued": None, "reported_at": None, "reported_by": None}
    return _change(connection, obligation_id, ("reported",), state="open", **nothing)


def reported_again(connection: Connection, obligation_id: str) -> bool:
    """The proof of a returned report has been completed; document and day stand."""
    return _change(connection, obligation_id, ("returned",), state="reported", complete_by=None)


def accept(connection: Connection, obligation_id: str) -> bool:
    """The authority accepts a report; a finding is thereby remedied."""
    done = _change(connection, obligation_id, ("reported",), state="accepted")
    if done:
        _finding_too(connection, obligation_id, status="verified")
    return done


def send_back(connection: Connection, obligation_id: str, complete_by: date) -> bool:
    """The authority asks for more proof by a day."""
    return _change(connection, obligation_id, ("reported",), state="returned", complete_by=complete_by)


def extend(connection: Connection, obligation_id: str, until: date) -> bool:
    """Move the due date, and of a returned report the day to complete it by; the first due date is kept."""
    moved = _change(connection, obligation_id, ("open",), due=until) or _change(
        connection, obligation_id, ("returned",), due=until, complete_by=until
    )
    if moved:
        _finding_too(connection, obligation_id, due=until)
    return moved


def cancel(connection: Connection, obligation_id: str) -> bool:
    """It is not for this unit after all."""
    return _change(connection, obligation_id, (*OWED, "reported"), state="cancelled")


def verified_on_the_spot(connection: Connection, finding_numbers: Collection[str]) -> None:
    """A later visit saw these findings remedied: their obligations are over, and nothing about them waits any more."""
    mine = and_(obligations.c.code.in_(list(finding_numbers)), obligations.c.finding_id.is_not(None))
    connection.execute(update(obligations).where(mine).values(state="accepted", complete_by=None))
    waiting = and_(requests.c.state == "waiting", requests.c.obligation_id.in_(select(obligations.c.id).where(mine)))
    connection.execute(update(requests).where(waiting).values(state="noted"))


def _change(connection: Connection, obligation_id: str, states: Collection[str], **values: Any) -> bool:
    changed = connection.execute(
        update(obligations)
        .where(obligations.c.id == obligation_id, obligations.c.state.in_(list(states)))
        .values(values | _LOOK_AGAIN)
    )
    return changed.rowcount == 1


def _finding_too(connection: Connection, obligation_id: str, **values: Any) -> None:
    of_it = select(obligations.c.finding_id).where(obligations.c.id == obligation_id).scalar_subquery()
    connection.execute(update(findings).where(findings.c.id == of_it).values(values))


@dataclass(frozen=True, slots=True)
class Proof:
    """A photo or file that was sent as proof; kind: as of evidence; name: as the sender's machine called it."""

    sha256: str
    kind: str
    name: str

    @property
    def is_photo(self) -> bool:
        """Whether it can be shown in a chat."""
        return self.kind == "photo"


def proofs(connection: Connection, obligation_id: str) -> list[Proof]:
    """What was sent as proof, oldest first."""
    rows = connection.execute(
        select(photos.c.sha256, photos.c.kind, photos.c.name)
        .where(photos.c.obligation_id == obligation_id, photos.c.state == "stored")
        .order_by(photos.c.stored_at, photos.c.id)
    )
    return [Proof(row.sha256, row.kind, row.name) for row in rows]


# --- codes ----------------------------------------------------------------------------------------------------------


def next_codes(connection: Connection, year: int, count: int) -> list[str]:
    """The next free printed codes of a year ("NV-2026-0147"), in order; only the one writer asks and then saves."""
    prefix = f"NV-{year}-"
    longest = select(func.max(func.length(obligations.c.code))).where(obligations.c.code.startswith(prefix))
    last = connection.execute(
        select(func.max(obligations.c.code)).where(
            obligations.c.code.startswith(prefix), func.length(obligations.c.code) == longest.scalar_subquery()
        )
    ).scalar()
    number = int(last.removeprefix(prefix)) if last else 0
    return [f"{prefix}{number + step:04d}" for step in range(1, count + 1)]


def demanded_already(connection: Connection, demand_id: str, year: int) -> set[str]:
    """The units of which a demand was made for a year."""
    made = and_(obligations.c.demand_id == demand_id, obligations.c.year == year)
    return set(connection.execute(select(obligations.c.unit_id).where(made)).scalars())


def _one(connection: Connection, statement: Select[Any]) -> Obligation | None:
    return next(iter(_all(connection, statement)), None)


def _all(connection: Connection, statement: Select[Any]) -> list[Obligation]:
    return [_obligation(row) for row in connection.execute(statement)]


def _obligation(row: Any) -> Obligation:
    return Obligation(**{name: getattr(row, name) for name in _FIELDS})
