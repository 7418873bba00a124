"""A code works once, for one account, for three days; guessing leads nowhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Connection, select

from inspection.messages import Chat
from storage import invitations, people
from storage.database import Database
from storage.invitations import GUESSES_A_DAY, Guess, Redeemed, Refused
from storage.people import NewPerson
from storage.tables import invitations as table

CHAT = Chat("telegram", "bot", "1")
OTHER = Chat("telegram", "bot", "2")
UNKNOWN = "AAAA AAAA"


@pytest.fixture
def code(database: Database, now: datetime) -> str:
    def work(connection: Connection) -> str:
        people.create(connection, [NewPerson("p", "Hoàng Văn Bình", date(2025, 7, 1))], now)
        return invitations.issue(connection, "p", now, random=Random(7))

    return database.write_now(work)


def redeem(
    database: Database, code: str, at: datetime, chat: Chat = CHAT, day: date | None = None
) -> Redeemed | Refused:
    guess = Guess(code, chat, chat.chat_id, day or at.date())
    return database.write_now(lambda connection: invitations.redeem(connection, guess, at))


def test_the_form_of_a_code(code: str) -> None:
    assert len(code) == 9
    assert code[4] == " "
    assert set(code.replace(" ", "")) <= set(invitations.ALPHABET)
    assert invitations.looks_like_code(code)
    assert not invitations.looks_like_code("diem he")
    assert not invitations.looks_like_code("K7M4 Q2TXX")


def test_the_code_itself_is_not_stored(database: Database, code: str) -> None:
    row = database.write_now(lambda connection: tuple(connection.execute(select(table)).one()))
    assert code.replace(" ", "") not in repr(row)


def test_a_code_binds_the_account(database: Database, code: str, now: datetime, today: date) -> None:
    assert redeem(database, code, now) == Redeemed("p")
    found = database.write_now(lambda connection: people.by_accounts(connection, [("telegram", "1")], today))
    assert found["telegram", "1"].name == "Hoàng Văn Bình"


@pytest.mark.parametrize(
    "spell",
    [str.lower, lambda c: c.replace(" ", ""), lambda c: f" {c[:2]}-{c[2:]}\n"],
    ids=["lower", "joined", "hyphen"],
)
def test_spelling_is_forgiven(database: Database, code: str, now: datetime, spell: object) -> None:
    assert callable(spell)
    assert redeem(database, spell(code), now) == Redeemed("p")


def test_once_only(database: Database, code: str, now: datetime) -> None:
    assert redeem(database, code, now) == Redeemed("p")
    assert redeem(database, code, now, OTHER) == Refused("used")
    assert redeem(database, code, now) == Redeemed("p"), "the same account may send its own code again"


def test_two_at_the_same_moment(database: Database, code: str, now: datetime) -> None:
    """Both looked before either changed the row: the second must find nothing to change."""

    def race(connection: Connection) -> list[Redeemed | Refused]:
        look = invitations.redeem(connection, Guess(code, CHAT, "1", now.date()), now)
        return [look, invitations.redeem(connection, Guess(code, OTHER, "2", now.date()), now)]

    assert database.write_now(race) == [Redeemed("p"), Refused("used")]


def test_a_code_ends(database: Database, code: str, now: datetime) -> None:
    assert redeem(database, code, now + timedelta(hours=72)) == Refused("expired")
    assert redeem(database, code, now + timedelta(hours=71, minutes=59)) == Redeemed("p")


def test_a_new_code_ends_the_old_one(database: Database, code: str, now: datetime) -> None:
    newer = database.write_now(lambda connection: invitations.issue(connection, "p", now, random=Random(8)))
    assert redeem(database, code, now) == Refused("expired")
    assert redeem(database, newer, now) == Redeemed("p")


def test_guessing_is_stopped_for_the_day(database: Database, code: str, now: datetime) -> None:
    for _ in range(GUESSES_A_DAY):
        assert redeem(database, UNKNOWN, now) == Refused("unknown")
    assert redeem(database, code, now) == Refused("limited")
    assert redeem(database, code, now, OTHER) == Redeemed("p")


def test_guessing_may_begin_again_the_next_day(database: Database, code: str, now: datetime, today: date) -> None:
    for _ in range(GUESSES_A_DAY):
        redeem(database, UNKNOWN, now)
    assert redeem(database, code, now, day=today + timedelta(days=1)) == Redeemed("p")


def test_the_blocked_are_not_let_in(database: Database, code: str, now: datetime) -> None:
    database.write_now(lambda connection: people.block(connection, "p", now))
    assert redeem(database, code, now) == Refused("unknown")


def test_the_neutral_line_is_said_once_a_day(database: Database, today: date) -> None:
    def due(day: date, user: str = "9") -> bool:
        return database.write_now(lambda connection: invitations.neutral_line_due(connection, "telegram", user, day))

    assert [due(today), due(today), due(today, "8"), due(today + timedelta(days=1))] == [True, False, True, True]
