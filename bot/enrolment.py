"""How a person gets in: a one-time code, printed for the paper that announces the channel, or as a /start link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp

from bot.settings import Settings
from inspection.access import ADMIN
from inspection.words import fold, nfc
from inspection.working_days import local_date
from storage import invitations, journal, people, units
from storage.database import Database
from storage.journal import Entry
from storage.people import NewPerson
from storage.units import NewUnit
from storage.workbook.sheets.units import unit_name

if TYPE_CHECKING:
    from sqlalchemy import Connection


class UnknownUnitError(Exception):
    """No unit, or several, answer to what was typed; the message names them."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to be invited: name and office as they are to be printed, one role."""

    name: str
    role: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """A code that was made: for which unit, as it is called, and the moment it lapses."""

    code: str
    unit: str
    ends: datetime


FIRST_ADMINISTRATOR = "Quản trị Hệ thống"
FIRST_UNIT = "Cơ quan quản lý"


def invitation(database: Database, newcomer: Newcomer, unit: str, now: datetime) -> Invited:
    """A code for a person in a role at a unit; a person of that name and role there is invited again, not doubled."""

    def work(connection: Connection) -> Invited:
        found = unit_named(connection, unit, now)
        person_id = _person(connection, newcomer, found.id, now)
        code = _issue(connection, person_id, newcomer.role, found.id, now)
        return Invited(code, found.full_name, now + timedelta(hours=invitations.HOURS))

    return database.write_now(work)


def _issue(connection: Connection, person_id: str, role: str, unit_id: str, now: datetime) -> str:
    """A code from the command line: nobody of the system asked for it, and that is what the journal says."""
    details = {"role": role, "unit": unit_id, "by": "command_line"}
    journal.append(connection, Entry("", "invited", person_id, details), now)
    return invitations.issue(connection, person_id, now, random=secrets.SystemRandom())


def administrator_code(
    database: Database, now: datetime, *, name: str = FIRST_ADMINISTRATOR, unit: str = FIRST_UNIT
) -> str | None:
    """A code for the first administrator; None when one can reach the system already.

    Where there is no unit yet one is made, with this name; the first workbook gives it its real row.
    """

    def work(connection: Connection) -> str | None:
        today = local_date(now)
        top = units.tops(connection, today) or [_first_unit(connection, unit, now)]
        admins = people.administrators(connection, top[0].id, today)
        if people.accounts_of(connection, [a.id for a in admins]):
            return None
        person_id = admins[0].id if admins else _person(connection, Newcomer(name, ADMIN), top[0].id, now)
        return _issue(connection, person_id, ADMIN, top[0].id, now)

    return database.write_now(work)


async def start_link(settings: Settings, code: str) -> str | None:
    """The link that carries the same code, if the bot's name can be asked for."""
    root = settings.telegram_api_url.rstrip("/")
    address = f"{root}/bot{settings.telegram_token.get_secret_value()}/getMe"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.get(address) as answer,
        ):
            name = (await answer.json())["result"]["username"]
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None
    return f"https://t.me/{name}?start={code.replace(' ', '')}"


def _first_unit(connection: Connection, name: str, now: datetime) -> units.Unit:
    """Somewhere for the first administrator to stand."""
    today, kind = local_date(now), "department"
    name = nfc(name).strip()
    if fold(name).startswith(("tinh ", "thanh pho ")):
        kind, name = "province", unit_name("province", name)
    new = NewUnit(secrets.token_hex(16), kind, name, today)
    units.create(connection, [new])
    made = units.get(connection, new.id, on=today)
    assert made is not None  # noqa: S101  written a line above
    return made


def unit_named(connection: Connection, text: str, now: datetime) -> units.Unit:
    """The unit of a code or name, as typed on the command line. Raises UnknownUnitError."""
    today = local_date(now)
    by_code = units.by_code(connection, text, on=today)
    found = by_code or units.find(connection, text, scope=[u.id for u in units.tops(connection, today)], on=today)
    if len(found) == 1 or (found and units.is_exactly(found, text)):
        return found[0]
    if not found:
        raise UnknownUnitError(f"Không có đơn vị {text!r}.")
    raise UnknownUnitError("Có nhiều đơn vị: " + "; ".join(units.labels(found)) + ". Đề nghị dùng mã đơn vị.")


def _person(connection: Connection, newcomer: Newcomer, unit_id: str, now: datetime) -> str:
    today, name, place = local_date(now), nfc(newcomer.name).strip(), (newcomer.role, unit_id)
    for person in people.named(connection, name, today):
        if any((held.role, held.unit_id) == place for held in person.roles):
            return person.id
    person_id = secrets.token_hex(16)
    people.create(connection, [NewPerson(person_id, name, today, newcomer.title, roles=(place,))], now)
    return person_id
