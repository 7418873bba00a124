"""How many messages each of our accounts has sent in a month, and how many people it serves: networks sell by both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.tables import accounts, message_counts
from storage.upsert import insert


@dataclass(frozen=True, slots=True)
class Counted:
    """One message sent from an account in a month ("2026-08")."""

    channel: str
    account: str
    month: str


class Counts:
    """The batch that counts messages; it rides with the marks of what was sent."""

    rank = 0

    def run(self, connection: Connection, items: Sequence[Counted]) -> list[None]:
        """Add all of them."""
        for one, count in Counter(items).items():
            statement = insert(connection, message_counts).values(
                channel=one.channel, account=one.account, month=one.month, sent=count
            )
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["channel", "account", "month"], set_={"sent": message_counts.c.sent + count}
                )
            )
        return [None] * len(items)

    def failed(self, connection: Connection, item: Counted, error: Exception) -> None:
        """A count that cannot be written is a bug, not something to live with."""
        raise error


COUNTS = Counts()


def sent_in(connection: Connection, month: str) -> dict[tuple[str, str], int]:
    """Messages of a month by (channel, account)."""
    rows = connection.execute(select(message_counts).where(message_counts.c.month == month))
    return {(row.channel, row.account): row.sent for row in rows}


def people_served(connection: Connection) -> dict[tuple[str, str], int]:
    """Chat accounts bound to somebody, by (channel, account of ours)."""
    rows = connection.execute(
        select(accounts.c.channel, accounts.c.account, func.count()).group_by(accounts.c.channel, accounts.c.account)
    )
    return {(channel, account): count for channel, account, count in rows}
