"""Who is behind a chat account, and what they are entrusted with today.

A role holds at a unit and reaches over everything below it: an inspector or administrator of the whole province has
theirs at the province, a head of unit at the unit. Blocked people, and roles that do not hold on the day, are not seen.
A stand-in holds the very role of somebody absent, from a day to a day: whatever asks for roles finds it, and
`charges_of` alone says who answers for a unit on a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from inspection.messages import Chat
from inspection.words import fold, sort_key
from storage.obligations import look_again_below
from storage.tables import (
    accounts,
    answers,
    chats,
    invitations,
    obligations,
    outbox,
    people,
    photos,
    roles,
    strangers,
    units,
    visits,
)
from storage.units import ancestors, ancestry, full_name, in_force, nearest, parents_above
from storage.upsert import insert as upsert


@dataclass(frozen=True, slots=True)
class RoleAt:
    """role: "admin", "team-head", "inspector", "unit-head", "delegate"; unit_name as it is said ("UBND xã Điềm He").

    for_id: of the person in whose place it is held, "" for one's own; until: its last day, None if it has no end.
    """

    role: str
    unit_id: str
    unit_name: str
    for_id: str = ""
    until: date | None = None


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
    lost: bool = False  # the network would not deliver to that chat

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
class Charge:
    """Who leads a unit on a day: its heads, and by the id of an absent head who stands in."""

    heads: tuple[Person, ...] = ()
    stand_ins: Mapping[str, Person] = field(default_factory=dict)

    @property
    def answering(self) -> list[Person]:
        """Who answers for the unit: the heads who are there, and those in the place of the others."""
        present = [head for head in self.heads if head.id not in self.stand_ins]
        return list({person.id: person for person in (*present, *self.stand_ins.values())}.values())


@dataclass(frozen=True, slots=True)
class Account:
    """A chat a person can be written to."""

    id: int
    person_id: str
    chat: Chat
    user_id: str


def by_accounts(connection: Connection, pairs: Iterable[tuple[str, str]], on: date) -> dict[tuple[str, str], Person]:
    """People by (channel, user id), a statement for each channel; unknown accounts and blocked people are missing."""
    channels: dict[str, list[str]] = {}
    for channel, user_id in pairs:
        channels.setdefault(channel, []).append(user_id)
    found: dict[tuple[str, str], list[Any]] = {}
    for channel, wanted in channels.items():  # SQLite reads the whole table for a list of pairs
        for row in connection.execute(_by_accounts(), {"channel": channel, "wanted": wanted, "on": on}):
            found.setdefault((row.channel, row.user_id), []).append(row)
    return {pair: _person(rows, by_chat=True) for pair, rows in found.items()}


@cache
def _by_accounts() -> Select[Any]:
    # Every turn asks it, and putting the statement together takes longer than running it.
    day: Any = bindparam("on", type_=Date())
    return _people(day, accounts).where(
        accounts.c.channel == bindparam("channel"), accounts.c.user_id.in_(bindparam("wanted", expanding=True))
    )


def get_many(connection: Connection, person_ids: Iterable[str], on: date) -> dict[str, Person]:
    """People by id, without accounts; blocked ones are missing."""
    ids = list(person_ids)
    return _collect(connection, _people(on).where(people.c.id.in_(ids))) if ids else {}


def named(connection: Connection, name: str, on: date) -> list[Person]:
    """Everyone of exactly this name (NFC), oldest first; names repeat."""
    return list(_collect(connection, _people(on).where(people.c.name == name)).values())


def heads_of(connection: Connection, unit_ids: Iterable[str], on: date) -> dict[str, list[Person]]:
    """Who answers for units on a day, a stand-in instead of the absent head; a unit without anybody is missing."""
    return {unit_id: charge.answering for unit_id, charge in charges_of(connection, unit_ids, on).items()}


def charges_of(connection: Connection, unit_ids: Iterable[str], on: date) -> dict[str, Charge]:
    """Heads and their stand-ins by unit id; a unit without either is missing."""
    heads: dict[str, list[Person]] = {}
    stand_ins: dict[str, dict[str, Person]] = {}
    for unit_id, person, for_id in _holders(connection, "unit-head", unit_ids, on):
        if for_id:
            stand_ins.setdefault(unit_id, {})[for_id] = person
        else:
            heads.setdefault(unit_id, []).append(person)
    found = dict.fromkeys([*heads, *stand_ins])
    return {unit_id: Charge(tuple(heads.get(unit_id, ())), stand_ins.get(unit_id, {})) for unit_id in found}


def delegates_of(connection: Connection, unit_ids: Iterable[str], on: date) -> dict[str, list[Person]]:
    """Those the heads have named to follow the units' matters, by unit id; a unit without one is missing."""
    found: dict[str, list[Person]] = {}
    for unit_id, person, _ in _holders(connection, "delegate", unit_ids, on):
        found.setdefault(unit_id, []).append(person)
    return found


def _holders(connection: Connection, role: str, unit_ids: Iterable[str], on: date) -> Iterator[tuple[str, Person, str]]:
    """Who holds a role at units: unit, person, and in whose place ("" for their own)."""
    wanted = set(unit_ids)
    if not wanted:
        return
    holding = select(roles.c.person_id).where(
        roles.c.role == role, roles.c.unit_id.in_(list(wanted)), in_force(roles, on)
    )
    for person in _collect(connection, _people(on).where(people.c.id.in_(holding))).values():
        for held in person.roles:
            if held.role == role and held.unit_id in wanted:
                yield held.unit_id, person, held.for_id


def nearest_administrators(connection: Connection, unit_ids: Iterable[str], on: date) -> dict[str, list[Person]]:
    """Who answers for units: the administrators of the closest unit, it or one above it, that has any."""
    wanted = set(unit_ids)
    parents = parents_above(connection, wanted, on)
    in_office: dict[str, list[Person]] = {}
    for unit_id, person, _ in _holders(connection, "admin", wanted | set(parents.values()), on):
        listed = in_office.setdefault(unit_id, [])
        if person not in listed:
            listed.append(person)
    closest = {unit_id: nearest(unit_id, parents, in_office) for unit_id in wanted}
    return {unit_id: in_office[at] if at is not None else [] for unit_id, at in closest.items()}


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


def give_role(connection: Connection, person_id: str, role: str, unit_id: str, since: date) -> None:
    """Entrust a person with a role at a unit from a day on."""
    connection.execute(insert(roles).values(person_id=person_id, role=role, unit_id=unit_id, valid_from=since))
    look_again_below(connection, unit_id, since)


def end_role(connection: Connection, person_id: str, role: str, unit_id: str, on: date) -> None:
    """Take a role from a person at once: its last day is the day before; one that began today never was."""
    held = and_(roles.c.person_id == person_id, roles.c.role == role, roles.c.unit_id == unit_id, in_force(roles, on))
    connection.execute(delete(roles).where(held, roles.c.valid_from >= on))
    connection.execute(update(roles).where(held).values(valid_to=on - timedelta(days=1)))
    look_again_below(connection, unit_id, on)


def set_language(connection: Connection, person_id: str, language: str) -> None:
    """Remember the language a person chose."""
    connection.execute(update(people).where(people.c.id == person_id).values(language=language))


def block(connection: Connection, person_id: str, now: datetime) -> None:
    """From now on the person is a stranger to the system."""
    connection.execute(update(people).where(people.c.id == person_id).values(blocked_at=now))


def accounts_of(connection: Connection, person_ids: Iterable[str]) -> dict[str, list[Account]]:
    """The chats that can reach people, the one used last first; who cannot be reached is missing.

    Used last is the chat that was answered last; one never used counts by when it was bound.
    """
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
    several = [one for listed in found.values() if len(listed) > 1 for one in listed]
    if several:
        answered = _last_answers(connection, several)
        for listed in found.values():
            listed.sort(key=lambda one: answered.get(one.chat, 0), reverse=True)
    return found


def _last_answers(connection: Connection, listed: Sequence[Account]) -> dict[Chat, int]:
    """The newest reply to each chat, by its place in the outbox."""
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.account, outbox.c.chat_id, func.max(outbox.c.id).label("newest"))
        .where(
            outbox.c.channel.in_({one.chat.channel for one in listed}),
            outbox.c.chat_id.in_({one.chat.chat_id for one in listed}),
            outbox.c.kind == "reply",
        )
        .group_by(outbox.c.channel, outbox.c.account, outbox.c.chat_id)
    )
    return {Chat(row.channel, row.account, row.chat_id): row.newest for row in rows}


def mark_unreachable(connection: Connection, chat: Chat, now: datetime) -> None:
    """The network will not deliver there (the person blocked the bot); nothing more is addressed to it."""
    connection.execute(update(accounts).where(*_of_chat(chat)).values(unreachable_at=now))


def mark_reachable(connection: Connection, chat: Chat, on: date) -> None:
    """The person wrote or opened the chat again: the next sweep looks at what they could not be told."""
    lost = accounts.c.unreachable_at.is_not(None)
    back = update(accounts).where(*_of_chat(chat), lost).values(unreachable_at=None).returning(accounts.c.person_id)
    for person_id in connection.execute(back).scalars().all():
        held = select(roles.c.unit_id).where(roles.c.person_id == person_id, in_force(roles, on)).distinct()
        for unit_id in connection.execute(held).scalars().all():
            look_again_below(connection, unit_id, on)


def _of_chat(chat: Chat) -> tuple[ColumnElement[bool], ...]:
    return accounts.c.channel == chat.channel, accounts.c.account == chat.account, accounts.c.chat_id == chat.chat_id


def _people(on: date, *beside: FromClause) -> Select[Any]:
    """One row for each person and role in force (one with empty role columns if there is none)."""
    source: FromClause = people
    for table in beside:
        source = table.join(people, table.c.person_id == people.c.id)
    columns = [
        table.c[name] for table in beside for name in ("channel", "account", "user_id", "chat_id", "unreachable_at")
    ]
    ids = [table.c.id.label("account_id") for table in beside]
    return (
        select(
            people.c.id.label("person_id"),
            people.c.name,
            people.c.title,
            people.c.language,
            roles.c.role,
            roles.c.for_id,
            roles.c.valid_to,
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
    held = tuple(
        RoleAt(r.role, r.unit_id, full_name(r.unit_kind, r.unit_name), r.for_id or "", r.valid_to)
        for r in rows
        if r.role is not None
    )
    if not by_chat:
        return Person(row.person_id, row.name, row.title, row.language, held)
    lost = row.unreachable_at is not None
    return Person(
        row.person_id, row.name, row.title, row.language, held,
        row.account_id, row.channel, row.chat_id, row.account, lost,
    )  # fmt: skip


# --- administration -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BoundAccount:
    """A chat account as an administrator sees it; unreachable_at: since when the network delivers nothing there."""

    id: int
    person_id: str
    chat: Chat
    user_id: str
    bound_at: datetime
    unreachable_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """How much of what is stored came from one person."""

    visits: int
    answers: int
    photos: int
    reports: int


def find(connection: Connection, text: str, on: date, limit: int = 200) -> list[Person]:
    """People whose name contains the words, tones ignored ("binh" finds "Hoàng Văn Bình"); the exact name first."""
    wanted = fold(text)
    if not wanted:
        return []
    known = connection.execute(select(people.c.id, people.c.name).where(people.c.blocked_at.is_(None))).all()
    met = [row for row in known if f" {wanted} " in f" {_folded(row.name)} "]
    met.sort(key=lambda row: (_folded(row.name) != wanted, sort_key(row.name), row.id))
    ids = [row.id for row in met[:limit]]
    found = get_many(connection, ids, on)
    return [found[person_id] for person_id in ids]


@lru_cache(maxsize=32_768)
def _folded(name: str) -> str:
    return fold(name)


def blocked(connection: Connection, on: date) -> list[Person]:
    """Everybody who is blocked, with the roles they would have on the day, by alphabet."""
    rows = connection.execute(select(people).where(people.c.blocked_at.is_not(None))).all()
    held: dict[str, list[RoleAt]] = {row.id: [] for row in rows}
    statement = (
        select(roles.c.person_id, roles.c.role, units.c.id, units.c.kind, units.c.name)
        .join(units, units.c.id == roles.c.unit_id)
        .where(roles.c.person_id.in_(list(held)), in_force(roles, on))
        .order_by(roles.c.id)
    )
    for row in connection.execute(statement):
        held[row.person_id].append(RoleAt(row.role, row.id, full_name(row.kind, row.name)))
    found = [Person(row.id, row.name, row.title, row.language, tuple(held[row.id])) for row in rows]
    return sorted(found, key=lambda person: (sort_key(person.name), person.id))


def unblock(connection: Connection, person_id: str) -> None:
    """The person is known again, by the accounts that are still bound."""
    connection.execute(update(people).where(people.c.id == person_id).values(blocked_at=None))


def block_unless_last(connection: Connection, person_id: str, now: datetime, on: date) -> bool:
    """Block a person; False, and nothing happens, if some unit would be left without an administrator."""
    if not _administered_without(connection, person_id, on):
        return False
    block(connection, person_id, now)
    return True


def accounts_listed(connection: Connection, person_id: str) -> list[BoundAccount]:
    """Every account of a person, also those nothing can be delivered to, oldest first."""
    rows = connection.execute(select(accounts).where(accounts.c.person_id == person_id).order_by(accounts.c.id))
    return [_bound(row) for row in rows]


def unbind(connection: Connection, account_id: int, on: date) -> BoundAccount | None:
    """Part an account from its person: what comes from it is a stranger's, what waits to be sent there is dropped.

    None, and nothing happens, if there is no such account or some unit would be left without an administrator. The code
    that bound it stays used.
    """
    row = connection.execute(select(accounts).where(accounts.c.id == account_id)).first()
    if row is None or not _administered_without(connection, row.person_id, on, account_id=account_id):
        return None
    account = _bound(row)
    for table in (chats, outbox):
        there = and_(table.c.channel == row.channel, table.c.account == row.account, table.c.chat_id == row.chat_id)
        if table is chats:  # where the talk stood is not for whoever is bound next
            connection.execute(delete(chats).where(there))
        else:
            # A digest learns by itself that nobody is there, and gives back what it was to tell.
            dropped = (outbox.c.state == "pending", outbox.c.kind != "digest")
            connection.execute(update(outbox).where(there, *dropped).values(state="expired"))
    connection.execute(update(invitations).where(invitations.c.used_by == account_id).values(used_by=None))
    connection.execute(delete(accounts).where(accounts.c.id == account_id))
    return account


def with_role(connection: Connection, role: str, on: date) -> list[Person]:
    """Everybody who holds a role anywhere on a day."""
    held = select(roles.c.person_id).where(roles.c.role == role, in_force(roles, on))
    return list(_collect(connection, _people(on).where(people.c.id.in_(held))).values())


def sent_by(connection: Connection, person_id: str) -> Sent:
    """How much a person has sent: visits led, answers given (corrections counted), photos, reports of what is owed."""
    columns = (visits.c.leader_id, answers.c.person_id, photos.c.sender_id, obligations.c.reported_by)
    counts = [
        connection.execute(select(func.count()).select_from(column.table).where(column == person_id)).scalar_one()
        for column in columns
    ]
    return Sent(*(int(count) for count in counts))


def guesses(connection: Connection, channel: str, user_id: str, day: date) -> int:
    """How many wrong codes a stranger has sent on a day; not counted beyond the number allowed."""
    statement = select(strangers.c.guesses).where(
        strangers.c.channel == channel, strangers.c.user_id == user_id, strangers.c.day == day
    )
    return int(connection.execute(statement).scalar() or 0)


def _administered_without(connection: Connection, person_id: str, on: date, *, account_id: int | None = None) -> bool:
    """Whether every unit this person administers keeps an administrator who can be reached by chat.

    A stand-in does not count, nor one whose role ends before this person's: some day nobody would be left.
    account_id: only this account goes, so that another of theirs will do.
    """
    # Two administrators who block each other at the same moment wait for each other here.
    connection.execute(select(roles.c.id).where(roles.c.role == "admin").with_for_update())
    person = get_many(connection, [person_id], on).get(person_id)
    charged = [held for held in person.roles if held.role == "admin" and not held.for_id] if person is not None else []
    above = ancestry(connection, {held.unit_id for held in charged}, on)
    for held in charged:
        others = administrators(connection, held.unit_id, on)
        staying = [one.id for one in others if _stays(one, held, above[held.unit_id])]
        reachable = accounts_of(connection, staying)
        own = [one for one in reachable.pop(person.id, []) if account_id not in (None, one.id)] if person else []
        if not own and not reachable:
            return False
    return True


def _stays(person: Person, held: RoleAt, unit_ids: Collection[str]) -> bool:
    """Whether a person administers one of some units in their own right, at least as long as a role lasts."""
    own = [one for one in person.roles if one.role == "admin" and not one.for_id and one.unit_id in unit_ids]
    return any(one.until is None or (held.until is not None and one.until >= held.until) for one in own)


def _bound(row: Any) -> BoundAccount:
    chat = Chat(row.channel, row.account, row.chat_id)
    return BoundAccount(row.id, row.person_id, chat, row.user_id, row.bound_at, row.unreachable_at)


# --- standing in ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StandIn:
    """A role held in somebody's place from a day to a day, both included; the names as they are printed."""

    id: int
    person_id: str
    person_name: str
    for_id: str
    for_name: str
    role: str
    unit_id: str
    unit_name: str
    since: date
    until: date


def can_stand_in(connection: Connection, person_id: str, held: RoleAt, since: date) -> bool:
    """Whether nobody stands in for that role on one of the days, and the person does not hold it anyway.

    held: the role, whose (`for_id`), and the last day (`until`).
    """
    if not held.for_id or held.until is None or held.until < since:
        raise ValueError("a stand-in needs somebody absent, and days")
    there = and_(roles.c.role == held.role, roles.c.unit_id == held.unit_id)
    then = and_(roles.c.valid_from <= held.until, or_(roles.c.valid_to.is_(None), roles.c.valid_to >= since))
    taken = or_(roles.c.person_id == person_id, roles.c.for_id == held.for_id)
    return connection.execute(select(roles.c.id).where(there, then, taken).limit(1)).first() is None


def stand_in(connection: Connection, person_id: str, held: RoleAt, since: date) -> bool:
    """Let a person hold a role in somebody's place; False, and nothing happens, if they cannot."""
    if not can_stand_in(connection, person_id, held, since):
        return False
    connection.execute(
        insert(roles).values(
            person_id=person_id,
            role=held.role,
            unit_id=held.unit_id,
            valid_from=since,
            valid_to=held.until,
            for_id=held.for_id,
        )
    )
    look_again_below(connection, held.unit_id, since)
    return True


def stand_ins(connection: Connection, on: date) -> list[StandIn]:
    """Everybody who stands in on a day or later, the earliest first."""
    stands, absent = people.alias("stands"), people.alias("absent")
    statement = (
        select(
            roles,
            stands.c.name.label("person_name"),
            absent.c.name.label("for_name"),
            units.c.kind.label("unit_kind"),
            units.c.name.label("unit_name"),
        )
        .join(stands, stands.c.id == roles.c.person_id)
        .join(absent, absent.c.id == roles.c.for_id)
        .join(units, units.c.id == roles.c.unit_id)
        .where(roles.c.valid_to >= on)
        .order_by(roles.c.valid_from, roles.c.id)
    )
    return [
        StandIn(
            row.id,
            *(row.person_id, row.person_name, row.for_id, row.for_name),
            *(row.role, row.unit_id, full_name(row.unit_kind, row.unit_name)),
            *(row.valid_from, row.valid_to),
        )
        for row in connection.execute(statement)
    ]


def end_stand_in(connection: Connection, one: StandIn, on: date) -> None:
    """From this day on they stand in no longer; what never began leaves no trace."""
    row = roles.c.id == one.id
    if one.since >= on:
        connection.execute(delete(roles).where(row))
    else:
        connection.execute(update(roles).where(row).values(valid_to=on - timedelta(days=1)))
    look_again_below(connection, one.unit_id, on)
