"""A one-time code binds a chat account to a person; whoever else knocks is counted and told once a day.

Only the SHA-256 of a code is kept. 28 to the power of 8 codes and ten guesses a day for each account leave nothing to
gain by trying; a lost database reveals codes only to someone who tries all of them, within the 72 hours they live.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from inspection.messages import Chat
from inspection.words import half_width, nfc
from storage.people import bind_account
from storage.tables import accounts, invitations, people, strangers
from storage.upsert import insert as upsert

ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"  # nothing that looks like another: no 0 O, 1 I L, and of 8 B, 5 S, 2 Z one
LENGTH = 8
HOURS = 72  # that a code lives
GUESSES_A_DAY = 10
_LOOK_ALIKES = str.maketrans("BSZ", "852")
_SEPARATORS = re.compile(r"[\s\-–_.]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """A code as somebody sent it: from which chat, by which network user, on which local day."""

    code: str
    chat: Chat
    user_id: str
    day: date


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The account is now bound to this person."""

    person_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was bound."""

    reason: Literal["unknown", "used", "expired", "limited"]


def issue(connection: Connection, person_id: str, now: datetime, *, random: Random, hours: int = HOURS) -> str:
    """Make a code for a person ("K7M4 Q2TX"), good for some hours; earlier unused ones of theirs end now."""
    connection.execute(
        update(invitations)
        .where(invitations.c.person_id == person_id, invitations.c.used_at.is_(None), invitations.c.expires_at > now)
        .values(expires_at=now)
    )
    code = "".join(random.choice(ALPHABET) for _ in range(LENGTH))
    connection.execute(
        insert(invitations).values(
            code_hash=_hash(code), person_id=person_id, created_at=now, expires_at=now + timedelta(hours=hours)
        )
    )
    return f"{code[:4]} {code[4:]}"


def looks_like_code(text: str) -> bool:
    """Whether a text could be a code, however spaced: such a text from a stranger is a guess, any other is not."""
    plain = _plain(text)
    return len(plain) == LENGTH and set(plain) <= set(ALPHABET)


def redeem(connection: Connection, guess: Guess, now: datetime) -> Redeemed | Refused:
    """Bind the account if the code holds; each code once, though the same account may repeat its own.

    After ten wrong guesses on a day every further one is refused without looking.
    """
    if _guesses(connection, guess) >= GUESSES_A_DAY:
        return Refused("limited")
    outcome = _look(connection, guess, now)
    if isinstance(outcome, Refused):
        _count(connection, guess)
    return outcome


def opened(connection: Connection, code: str, channel: str, user_id: str) -> bool:
    """Whether this very account came in by this code."""
    mine = select(invitations.c.id).join(accounts, accounts.c.id == invitations.c.used_by)
    own = mine.where(accounts.c.channel == channel, accounts.c.user_id == user_id)
    return connection.execute(own.where(invitations.c.code_hash == _hash(_plain(code)))).first() is not None


def neutral_line_due(connection: Connection, channel: str, user_id: str, day: date) -> bool:
    """Whether a stranger is to be told that this is not for them: the first time on a day, then no more."""
    statement = (
        upsert(connection, strangers)
        .values(channel=channel, user_id=user_id, day=day, guesses=0)
        .on_conflict_do_nothing(index_elements=["channel", "user_id", "day"])
        .returning(strangers.c.day)
    )
    return connection.execute(statement).first() is not None


def _look(connection: Connection, guess: Guess, now: datetime) -> Redeemed | Refused:
    row = connection.execute(
        select(invitations, accounts.c.channel, accounts.c.user_id)
        .join(people, people.c.id == invitations.c.person_id)
        .outerjoin(accounts, accounts.c.id == invitations.c.used_by)
        .where(invitations.c.code_hash == _hash(_plain(guess.code)), people.c.blocked_at.is_(None))
    ).first()
    if row is None:
        return Refused("unknown")
    if row.used_at is not None:
        own = (row.channel, row.user_id) == (guess.chat.channel, guess.user_id)
        return Redeemed(row.person_id) if own else Refused("used")
    if row.expires_at <= now:
        return Refused("expired")
    # Two may hold the same code at the same moment: whoever changes the row has it, the other finds none to change.
    taken = connection.execute(
        update(invitations).where(invitations.c.id == row.id, invitations.c.used_at.is_(None)).values(used_at=now)
    )
    if taken.rowcount != 1:
        return Refused("used")
    account_id = bind_account(connection, row.person_id, guess.chat, guess.user_id, now)
    connection.execute(update(invitations).where(invitations.c.id == row.id).values(used_by=account_id))
    return Redeemed(row.person_id)


def _guesses(connection: Connection, guess: Guess) -> int:
    found = connection.execute(
        select(strangers.c.guesses).where(
            strangers.c.channel == guess.chat.channel,
            strangers.c.user_id == guess.user_id,
            strangers.c.day == guess.day,
        )
    ).scalar()
    return found or 0


def _count(connection: Connection, guess: Guess) -> None:
    connection.execute(
        upsert(connection, strangers)
        .values(channel=guess.chat.channel, user_id=guess.user_id, day=guess.day, guesses=1)
        .on_conflict_do_update(index_elements=["channel", "user_id", "day"], set_={"guesses": strangers.c.guesses + 1})
    )


def _plain(code: str) -> str:
    return _SEPARATORS.sub("", half_width(nfc(code))).upper().translate(_LOOK_ALIKES)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
