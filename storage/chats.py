"""Where each talk stands: one JSON row a chat, loaded and saved for a whole batch of turns at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from inspection.messages import Chat
from storage.tables import chats

# Built once: putting a statement together takes longer than running it. SQLite knows no row locks and needs none.
# One statement for each of our accounts, of which there are few: SQLite reads the whole table for a list of pairs.
_LOAD = (
    select(chats.c.chat_id, chats.c.state)
    .where(
        chats.c.channel == bindparam("channel"),
        chats.c.account == bindparam("account"),
        chats.c.chat_id.in_(bindparam("wanted", expanding=True)),
    )
    .with_for_update()
)


def load(connection: Connection, wanted: Collection[Chat]) -> dict[Chat, dict[str, Any]]:
    """The state of chats; those never heard of are absent."""
    accounts: dict[tuple[str, str], list[str]] = {}
    for chat in wanted:
        accounts.setdefault((chat.channel, chat.account), []).append(chat.chat_id)
    found: dict[Chat, dict[str, Any]] = {}
    for (channel, account), chat_ids in accounts.items():
        rows = connection.execute(_LOAD, {"channel": channel, "account": account, "wanted": sorted(chat_ids)})
        found |= {Chat(channel, account, chat_id): json.loads(state) for chat_id, state in rows}
    return found


def save(connection: Connection, states: Mapping[Chat, Mapping[str, Any]]) -> None:
    """Write the state of chats back."""
    if not states:
        return
    connection.execute(
        _saving(connection.dialect.name),
        [
            {
                "channel": chat.channel,
                "account": chat.account,
                "chat_id": chat.chat_id,
                "state": _WRITER.encode(state),
            }
            for chat, state in states.items()
        ],
    )


_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@cache
def _saving(dialect: str) -> Any:
    statement = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(chats)
    return statement.on_conflict_do_update(
        index_elements=["channel", "account", "chat_id"], set_={"state": statement.excluded.state}
    )
