"""Messages are counted by account and month, and people by the bot that serves them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from inspection.messages import Chat
from storage import metering, people
from storage.database import Database
from storage.metering import COUNTS, Counted
from storage.people import NewPerson

ONE, OTHER = Counted("zalo", "1", "2026-08"), Counted("zalo", "2", "2026-08")


async def test_messages_add_up_by_account_and_month(database: Database) -> None:
    def work(connection: Connection) -> dict[tuple[str, str], int]:
        COUNTS.run(connection, [ONE, ONE, OTHER, Counted("zalo", "1", "2026-09")])
        COUNTS.run(connection, [ONE])
        return metering.sent_in(connection, "2026-08")

    assert database.write_now(work) == {("zalo", "1"): 3, ("zalo", "2"): 1}


async def test_people_by_the_bot_that_serves_them(database: Database, now: datetime) -> None:
    def work(connection: Connection) -> dict[tuple[str, str], int]:
        people.create(connection, [NewPerson(name, name, date(2025, 7, 1)) for name in "abc"], now)
        for name, account in zip("abc", ("1", "1", "2"), strict=True):
            people.bind_account(connection, name, Chat("zalo", account, name), f"{account}:{name}", now)
        return metering.people_served(connection)

    assert database.write_now(work) == {("zalo", "1"): 2, ("zalo", "2"): 1}
