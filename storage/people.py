"""Who is behind a chat account, and what they are entrusted with today.

A role holds at a unit and reaches over everything below it: an inspector or administrator of the whole province has
theirs at the province, a head of unit at the unit. Blocked people, and roles that do not hold on the day, are not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, FromClause, Select, and_, bindparam, insert, select, tuple_, update

from inspection.messages import Chat
from storage.tables import accounts, people, roles, units
from storage.units import ancestors, full_name, in_force
from storage.upsert import insert as upsert


@dataclass(frozen=True, slots=True)
class RoleAt:
    """role: "admin", "team-head", "inspector" or "unit-head"; unit_name as the bot says it ("UBND xã Điềm He")."""

    role: str
    unit_id: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person with today's roles. The account fields tell through which chat they were found; empty if not by chat."""

    id: str
    name: str
    title: str = ""
    language: str = "vi"
    roles: tuple[RoleAt, ...] = ()
    account_id: int | None = None
    channel: str = ""
    chat_id: str = ""
    account: str = ""  # our bot's account on that network

    def has(self, role: str) -> bool:
        """Whether the person holds a role anywhere."""
        return any(held.role == role for held in self.roles)

    def units(self, *wanted: str) -> list[str]:
        """Ids of the units at which one of the given roles is held, without repetition, in stored order."""
        return list(dict.fromkeys(held.unit_id for held in self.roles if held.role in wanted))


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be stored; roles: (role, unit id) pairs, in force from `since`."""

    id: str
    name: str
    since: date
    title: str = ""
    language: str = "vi"
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A chat a person can be written to."""

    id: int
    person_id: str
    chat: Chat
    user_id: str


def by_accounts(connection: Connection, pairs: Iterable[tuple[str, str]], on: date) -> dict[tuple[str, str], Person]:
    """People by (channel, user id) in one statement; accounts that are unknown, or of a blocked person, are missing."""
    wanted = list(pairs)
    if not wanted:
        return {}
    found: dict[tuple[str, str], list[Any]] = {}
    for row in connection.execute(_by_accounts(), {"wanted": wanted, "on": on}):
        found.setdefault((row.channel, row.user_id), []).append(row)
    return {pair: _person(rows, by_chat=True) for pair, rows in found.items()}


@cache
def _by_accounts() -> Select[Any]:
    # Every turn asks it, and putting the statement together takes longer than running it.
    day: Any = bindparam("on", type_=Date())
    pair = tuple_(accounts.c.channel, accounts.c.user_id)
    return _people(day, accounts).where(pair.in_(bindparam("wanted", expanding=True)))


def get_many(connection: Connection, person_ids: Iterable[str], on: date) -> dict[str, Person]:
    """People by id, without accounts; blocked ones are missing."""
    ids = list(person_ids)
    return _collect(connection, _people(on).where(people.c.id.in_(ids))) if ids else {}


def named(connection: Connection, name: str, on: date) -> list[Person]:
    """Everyone of exactly this name (NFC), oldest first; names repeat."""
    return list(_collect(connection, _people(on).where(people.c.name == name)).values())


def heads_of(connection: Connection, unit_ids: Iterable[str], on: date) -> dict[str, list[Person]]:
    """Heads by unit id; a unit without one is missing."""
    ids = list(unit_ids)
    if not ids:
        return {}
    leading = select(roles.c.person_id).where(
        roles.c.role == "unit-head", roles.c.unit_id.in_(ids), in_force(roles, on)
    )
    wanted = set(ids)
    heads: dict[str, list[Person]] = {}
    for person in _collect(connection, _people(on).where(people.c.id.in_(leading))).values():
        for unit_id in person.units("unit-head"):
            if unit_id in wanted:
                heads.setdefault(unit_id, []).append(person)
    return heads


def administrators(connection: Connection, unit_id: str, on: date) -> list[Person]:
    """The administrators in charge of a unit: at the unit itself or anywhere above it."""
    above = ancestors(on, [unit_id])
    charge = select(roles.c.person_id).where(
        roles.c.role == "admin", roles.c.unit_id.in_(select(above.c.id)), in_force(roles, on)
    )
    return list(_collect(connection, _people(on).where(people.c.id.in_(charge))).values())


def create(connection: Connection, new: Sequence[NewPerson], now: datetime) -> None:
    """Store people with their roles."""
    if not new:
        return
    connection.execute(
        insert(people),
        [{"id": p.id, "name": p.name, "title": p.title, "language": p.language, "created_at": now} for p in new],
    )
    held = [
        {"person_id": p.id, "role": role, "unit_id": unit_id, "valid_from": p.since}
        for p in new
        for role, unit_id in p.roles
    ]
    if held:
        connection.execute(insert(roles), held)


def bind_account(connection: Connection, person_id: str, chat: Chat, user_id: str, now: datetime) -> int:
    """Bind a chat account to a person, taking it from whoever held it before; returns the account's id."""
    values = {
        "person_id": person_id,
        "account": chat.account,
        "chat_id": chat.chat_id,
        "bound_at": now,
        "unreachable_at": None,
    }
    statement = (
        upsert(connection, accounts)
        .values(channel=chat.channel, user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["channel", "user_id"], set_=values)
        .returning(accounts.c.id)
    )
    return int(connection.execute(statement).scalar_one())


def set_language(connection: Connection, person_id: str, language: str) -> None:
    """Remember the language a person chose."""
    connection.execute(update(people).where(people.c.id == person_id).values(language=language))


def block(connection: Connection, person_id: str, now: datetime) -> None:
    """From now on the person is a stranger to the system."""
    connection.execute(update(people).where(people.c.id == person_id).values(blocked_at=now))


def accounts_of(connection: Connection, person_ids: Iterable[str]) -> dict[str, list[Account]]:
    """The chats that can reach people, the one bound last first; who cannot be reached is missing."""
    ids = list(person_ids)
    if not ids:
        return {}
    statement = (
        select(accounts)
        .where(accounts.c.person_id.in_(ids), accounts.c.unreachable_at.is_(None))
        .order_by(accounts.c.bound_at.desc(), accounts.c.id.desc())
    )
    found: dict[str, list[Account]] = {}
    for row in connection.execute(statement):
        chat = Chat(row.channel, row.account, row.chat_id)
        found.setdefault(row.person_id, []).append(Account(row.id, row.person_id, chat, row.user_id))
    return found


def mark_unreachable(connection: Connection, chat: Chat, now: datetime) -> None:
    """The network will not deliver there (the person blocked the bot); nothing more is addressed to it."""
    _reach(connection, chat, now)


def mark_reachable(connection: Connection, chat: Chat) -> None:
    """The person wrote or opened the chat again."""
    _reach(connection, chat, None)


def _reach(connection: Connection, chat: Chat, unreachable_at: datetime | None) -> None:
    connection.execute(
        update(accounts)
        .where(
            accounts.c.channel == chat.channel,
            accounts.c.account == chat.account,
            accounts.c.chat_id == chat.chat_id,
        )
        .values(unreachable_at=unreachable_at)
    )


def _people(on: date, *beside: FromClause) -> Select[Any]:
    """One row for each person and role in force (one with empty role columns if there is none)."""
    source: FromClause = people
    for table in beside:
        source = table.join(people, table.c.person_id == people.c.id)
    columns = [table.c[name] for table in beside for name in ("channel", "account", "user_id", "chat_id")]
    ids = [table.c.id.label("account_id") for table in beside]
    return (
        select(
            people.c.id.label("person_id"),
            people.c.name,
            people.c.title,
            people.c.language,
            roles.c.role,
            units.c.id.label("unit_id"),
            units.c.kind.label("unit_kind"),
            units.c.name.label("unit_name"),
            *ids,
            *columns,
        )
        .select_from(
            source.outerjoin(roles, and_(roles.c.person_id == people.c.id, in_force(roles, on))).outerjoin(
                units, units.c.id == roles.c.unit_id
            )
        )
        .where(people.c.blocked_at.is_(None))
        .order_by(people.c.created_at, people.c.id, roles.c.id)
    )


def _collect(connection: Connection, statement: Select[Any]) -> dict[str, Person]:
    found: dict[str, list[Any]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.person_id, []).append(row)
    return {person_id: _person(rows) for person_id, rows in found.items()}


def _person(rows: Sequence[Any], *, by_chat: bool = False) -> Person:
    row = rows[0]
    held = tuple(RoleAt(r.role, r.unit_id, full_name(r.unit_kind, r.unit_name)) for r in rows if r.role is not None)
    if not by_chat:
        return Person(row.person_id, row.name, row.title, row.language, held)
    return Person(
        row.person_id, row.name, row.title, row.language, held, row.account_id, row.channel, row.chat_id, row.account
    )
