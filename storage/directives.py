"""Directives, what they demand of whom, and the obligations that come of it: one for each unit and year, never two.

Who is meant is kept as it was written ("tất cả", "loại: xã, phường", names or keys) and looked up on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Literal

from sqlalchemy import Connection, and_, exists, insert, or_, select, update

from inspection import ladder
from inspection.directives import cite, number_key, read_due
from inspection.ladder import Rung
from inspection.obligations import KINDS, Kind, Obligation, kind_of
from inspection.words import fold, search_key, sort_key
from inspection.working_days import Calendar
from storage import obligations as owed_rows
from storage import units
from storage.tables import demands, directives, obligation_kinds, obligations
from storage.units import Unit
from storage.upsert import insert as upsert

OFFICES = ("office", "centre")
_OFFERED = 8
INSPECTED = ("commune", "ward", "town", "department", "district", "centre")  # who owes where "all" are meant
_KIND_WORDS: Mapping[str, str] = {
    "xa": "commune", "phuong": "ward", "thi tran": "town", "so": "department", "co quan": "department",
    "phong": "office", "trung tam": "centre", "huyen": "district",
}  # fmt: skip
ALL = ("tat ca", "all", "toan bo")


@dataclass(frozen=True, slots=True)
class Directive:
    """A directing document; `issuer_id`: the unit that issued it, `parent_id`: the one from above it carries out."""

    id: str
    number_symbol: str
    issued: date
    issuer_id: str
    year: int
    subject: str = ""
    parent_id: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What a directive asks: a kind, of whom, by when, every year or once. Texts as in `inspection.directives`."""

    id: str
    directive_id: str
    kind: str
    subject: str
    due_rule: str
    addressees: str
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a demand: the obligations made; units that owe it already are not asked again."""

    made: tuple[Obligation, ...] = ()
    already: tuple[str, ...] = ()


@dataclass(slots=True)
class AddresseesError(Exception):
    """Whom a demand is for cannot be told. `words`: as typed; `offered`: units it could mean, as `_named` reads them.

    unknown: no such unit, these are near; several: which of these; gone: merged into these; nobody: no unit below.
    """

    why: Literal["unknown", "several", "gone", "nobody"]
    words: str
    offered: list[str] = field(default_factory=list)


_DIRECTIVE = tuple(Directive.__slots__)
_DEMAND = tuple(Demand.__slots__)


# --- directives -----------------------------------------------------------------------------------------------------


def add(connection: Connection, directive: Directive, entered_by: str | None, now: datetime) -> None:
    """Store a directive."""
    values = {name: getattr(directive, name) for name in _DIRECTIVE}
    connection.execute(insert(directives).values(entered_by=entered_by, entered_at=now, **values))


def get(connection: Connection, directive_id: str) -> Directive | None:
    """One directive by its id."""
    return _first(connection, directives.c.id == directive_id)


def same_number(connection: Connection, issuer_id: str, number_symbol: str, issued: date) -> Directive | None:
    """The directive an issuer has already entered under this number in that year: numbers begin anew each January."""
    first, last = date(issued.year, 1, 1), date(issued.year, 12, 31)
    of_year = and_(directives.c.issuer_id == issuer_id, directives.c.issued.between(first, last))
    wanted = number_key(number_symbol)
    rows = connection.execute(select(directives).where(of_year))
    return next((_directive(row) for row in rows if number_key(row.number_symbol) == wanted), None)


def every(connection: Connection) -> list[Directive]:
    """All of them, by day."""
    return [_directive(row) for row in connection.execute(select(directives).order_by(directives.c.issued))]


def of_year(connection: Connection, issuer_ids: Collection[str], year: int) -> list[Directive]:
    """The directives of some issuers, newest first: of a year, and those under which something is owed in it."""
    if not issuer_ids:
        return []
    owed = exists().where(obligations.c.directive_id == directives.c.id, obligations.c.year == year)
    statement = select(directives).where(
        directives.c.issuer_id.in_(list(issuer_ids)), or_(directives.c.year == year, owed)
    )
    rows = connection.execute(statement.order_by(directives.c.issued.desc(), directives.c.number_symbol))
    return [_directive(row) for row in rows]


def received(connection: Connection, unit_id: str, year: int) -> list[Directive]:
    """The directives under which a unit owes something in a year, newest first: those it can carry out by its own."""
    asked = exists().where(
        obligations.c.directive_id == directives.c.id, obligations.c.unit_id == unit_id, obligations.c.year == year
    )
    rows = connection.execute(select(directives).where(asked).order_by(directives.c.issued.desc()))
    return [_directive(row) for row in rows]


def citation(connection: Connection, directive: Directive) -> str:
    """A directive as reminders name it, with its issuer of that day."""
    issuer = units.get(connection, directive.issuer_id, on=directive.issued)
    issuer = issuer or units.get(connection, directive.issuer_id, on=date.max)
    return cite(directive.number_symbol, directive.issued, issuer.full_name if issuer else "")


# --- demands and what comes of them ---------------------------------------------------------------------------------


def demands_of(connection: Connection, directive_id: str) -> list[Demand]:
    """What a directive demands."""
    rows = connection.execute(select(demands).where(demands.c.directive_id == directive_id).order_by(demands.c.id))
    return [_demand(row) for row in rows]


def demand(connection: Connection, demand_id: str) -> Demand | None:
    """One demand by its id."""
    row = connection.execute(select(demands).where(demands.c.id == demand_id)).first()
    return _demand(row) if row else None


def add_demand(connection: Connection, demand: Demand) -> None:
    """Store a demand; `make` draws the obligations from it."""
    connection.execute(insert(demands).values({name: getattr(demand, name) for name in _DEMAND}))


def due_of(directive: Directive, demand: Demand, year: int, calendar: Calendar) -> date:
    """By when what a demand asks is due in a year."""
    return due_by(demand.due_rule, directive.issued, directive.year, year, calendar)


def due_by(due_rule: str, issued: date, of: int, year: int, calendar: Calendar) -> date:
    """The same from its parts: `of` is the directive's own year; a later one counts from its 1 January."""
    rule = read_due(due_rule, year=issued.year)
    if rule is None:
        raise ValueError(f"a due rule that cannot be read: {due_rule!r}")
    if of == year:
        return rule.due(issued, calendar)
    later = year + (rule.on.year - of if rule.on is not None else 0)
    return rule.of_year(later).due(date(year, 1, 1), calendar)


def make(  # noqa: PLR0913  what the obligations are made from, and with
    connection: Connection, directive: Directive, demand: Demand, year: int, today: date, calendar: Calendar,
    new_id: Callable[[], str],
) -> Entered:  # fmt: skip
    """Make the obligations of a demand for a year; units that have one of it are left alone. Raises AddresseesError."""
    due = due_of(directive, demand, year, calendar)
    asked = addressed(connection, directive.issuer_id, demand.addressees, today)
    have = owed_rows.demanded_already(connection, demand.id, year)
    new = [unit for unit in asked if unit.id not in have]
    codes = owed_rows.next_codes(connection, year, len(new))
    cited = citation(connection, directive)
    made = tuple(
        Obligation(
            id=new_id(), code=code, unit_id=unit.id, kind=demand.kind, subject=demand.subject, year=year, due=due,
            original_due=due, directive=cited, directive_id=directive.id, demand_id=demand.id,
        )
        for unit, code in zip(new, codes, strict=True)
    )  # fmt: skip
    owed_rows.save(connection, made)
    return Entered(made, tuple(unit.id for unit in asked if unit.id in have))


def asked_already(connection: Connection, directive_id: str, kind: str, subject: str) -> bool:
    """Whether a directive demands this already: the same kind of work in the same words."""
    return any(one.kind == kind and fold(one.subject) == fold(subject) for one in demands_of(connection, directive_id))


def no_longer_yearly(connection: Connection, demand_id: str) -> None:
    """A newer directive carries on what this one demanded every year."""
    connection.execute(update(demands).where(demands.c.id == demand_id).values(yearly=False))


def addressed(connection: Connection, issuer_id: str, text: str, on: date) -> list[Unit]:
    """The units a demand is for, below its issuer, by alphabet of their names. Raises AddresseesError."""
    kinds = _kinds_named(text)
    if kinds is None:
        found = [_named(connection, issuer_id, piece.strip(), on) for piece in text.split(";") if piece.strip()]
        if not found:
            raise AddresseesError("unknown", text.strip())
        return sorted({unit.id: unit for unit in found}.values(), key=lambda unit: sort_key(unit.name))
    below = [u for u in units.subtree(connection, [issuer_id], on=on, kinds=kinds) if u.id != issuer_id]
    if not below and kinds == INSPECTED:  # a commune directs the offices under it
        below = [u for u in units.subtree(connection, [issuer_id], on=on, kinds=OFFICES) if u.id != issuer_id]
    if not below:
        raise AddresseesError("nobody", text.strip())
    return below


def _kinds_named(text: str) -> tuple[str, ...] | None:
    """The kinds of units meant, or None where units are named one by one."""
    folded = fold(text).strip(" .")
    if folded in ALL:
        return INSPECTED
    head, colon, rest = folded.partition(":")
    if not colon or head.strip() not in ("loai", "type"):
        return None
    words = [word.strip() for word in rest.split(",") if word.strip()]
    unknown = [word for word in words if word not in _KIND_WORDS]
    if unknown or not words:
        raise AddresseesError("unknown", ", ".join(unknown) or text.strip())
    return tuple(_KIND_WORDS[word] for word in words)


def _named(connection: Connection, issuer_id: str, piece: str, on: date) -> Unit:
    """One unit below the issuer by its Mã, its code, its name, or name and superior as `units.labels` shows them."""
    coded = [u for u in units.by_mark(connection, piece, on=on) if units.covers(connection, [issuer_id], u.id, on)]
    found = coded or units.find(connection, piece, scope=[issuer_id], on=on, limit=_OFFERED)
    if not found and ", " in piece:
        near = units.find(connection, piece.rpartition(", ")[0], scope=[issuer_id], on=on, limit=_OFFERED)
        found = [u for u, label in zip(near, units.labels(near), strict=True) if fold(label) == fold(piece)]
    found = [unit for unit in found if unit.id != issuer_id]
    if found and not any(unit.found_as for unit in found) and (len(found) == 1 or units.is_exactly(found, piece)):
        return found[0]
    if not found:
        raise AddresseesError("unknown", piece, _nearest(connection, issuer_id, piece, on))
    gone = found[0].found_as and search_key(piece) in search_key(found[0].found_as)
    found = [replace(unit, found_as="") for unit in found]
    raise AddresseesError("gone" if gone else "several", piece, units.labels(found))


def _nearest(connection: Connection, issuer_id: str, piece: str, on: date) -> list[str]:
    """Names written much like this one, at most three."""
    below = units.subtree(connection, [issuer_id], on=on, kinds=(*INSPECTED, *OFFICES))
    by_name = {search_key(name): unit for unit in below for name in (unit.name, unit.full_name) if unit.id != issuer_id}
    near = get_close_matches(search_key(piece), by_name, n=3, cutoff=0.6)
    return units.labels(list({by_name[name].id: by_name[name] for name in near}.values()))


def missing_this_year(
    connection: Connection, issuer_ids: Collection[str] | None, year: int
) -> list[tuple[Directive, Demand]]:
    """Yearly demands of some issuers (None: of all) that were made for an earlier year and not for this one."""
    theirs = () if issuer_ids is None else (directives.c.issuer_id.in_(list(issuer_ids)),)
    of_demand = obligations.c.demand_id == demands.c.id
    rows = connection.execute(
        select(demands)
        .join(directives, directives.c.id == demands.c.directive_id)
        .where(
            *theirs,
            demands.c.yearly,
            exists().where(of_demand, obligations.c.year < year),
            ~exists().where(of_demand, obligations.c.year >= year),
        )
        .order_by(directives.c.issued, demands.c.id)
    )
    found = [_demand(row) for row in rows]
    return [(one, demand) for demand in found if (one := get(connection, demand.directive_id)) is not None]


def last_made(connection: Connection, demand_id: str) -> str:
    """The id of the newest obligation of a demand that was made at least once."""
    made = select(obligations.c.id).where(obligations.c.demand_id == demand_id)
    return str(connection.execute(made.order_by(obligations.c.year.desc(), obligations.c.code).limit(1)).scalar_one())


# --- kinds and ladders ----------------------------------------------------------------------------------------------


def kinds(connection: Connection) -> dict[str, Kind]:
    """Every kind of obligation, those the administrator named included."""
    named = {row.code: row.name for row in connection.execute(select(obligation_kinds))}
    own = {code: _called(code, name) for code, name in named.items() if code not in KINDS}
    return {**KINDS, **own}


def _called(code: str, name: str) -> Kind:
    return replace(kind_of(code), name=name)


def keep_kind(connection: Connection, kind: Kind, ladder_text: str | None = None) -> None:
    """Remember a kind by its name; `ladder_text` changes who hears of it when. Raises LadderError."""
    values: dict[str, str] = {"name": kind.name}
    if ladder_text is not None:
        values["ladder"] = ladder.show(ladder.read(ladder_text)) if ladder_text.strip() else ""
    connection.execute(
        upsert(connection, obligation_kinds)
        .values(code=kind.code, **{"ladder": "", **values})
        .on_conflict_do_update(index_elements=["code"], set_=values)
    )
    if ladder_text is not None:
        owed_rows.look_again_at(connection, kinds=[kind.code])


def ladders(connection: Connection) -> dict[str, tuple[Rung, ...]]:
    """The ladder of each kind that has one of its own; every other kind has the default."""
    rows = connection.execute(select(obligation_kinds).where(obligation_kinds.c.ladder != ""))
    return {row.code: ladder.read(row.ladder) for row in rows}


def _first(connection: Connection, condition: Any) -> Directive | None:
    row = connection.execute(select(directives).where(condition).limit(1)).first()
    return _directive(row) if row else None


def _directive(row: Any) -> Directive:
    return Directive(**{name: getattr(row, name) for name in _DIRECTIVE})


def _demand(row: Any) -> Demand:
    return Demand(**{name: getattr(row, name) for name in _DEMAND})
