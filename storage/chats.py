"""Where each talk stands: one JSON row a chat, loaded and saved for a whole batch of turns at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from inspection.messages import Chat
from storage.tables import chats


def load(connection: Connection, wanted: Collection[Chat]) -> dict[Chat, dict[str, Any]]:
    """The state of chats; those never heard of are absent."""
    if not wanted:
        return {}
    key = tuple_(chats.c.channel, chats.c.account, chats.c.chat_id)
    statement = select(chats).where(key.in_([(c.channel, c.account, c.chat_id) for c in wanted]))
    if connection.dialect.name != "sqlite":
        statement = statement.with_for_update()
    return {Chat(r.channel, r.account, r.chat_id): json.loads(r.state) for r in connection.execute(statement)}


def save(connection: Connection, states: Mapping[Chat, Mapping[str, Any]]) -> None:
    """Write the state of chats back."""
    if not states:
        return
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = insert(chats)
    statement = statement.on_conflict_do_update(
        index_elements=["channel", "account", "chat_id"], set_={"state": statement.excluded.state}
    )
    connection.execute(
        statement,
        [
            {
                "channel": chat.channel,
                "account": chat.account,
                "chat_id": chat.chat_id,
                "state": json.dumps(state, ensure_ascii=False, separators=(",", ":")),
            }
            for chat, state in states.items()
        ],
    )
