"""The methods about what stands: the bot itself, a chat, a file, and the commands offered to whom."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.simulator.limits import ApiError
from bot.simulator.network import Network
from bot.simulator.params import Params
from bot.simulator.store import Json


def get_file(network: Network, params: Params) -> Json:
    file = network.files.get(params.text("file_id"))
    if file is None:
        raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if file.size > network.limits.download:
        raise ApiError(400, "Bad Request: file is too big")
    shown = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    return shown | {"file_size": file.size, "file_path": file.path}


def get_me(network: Network, _: Params) -> Json:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}
    return network.bot | abilities | {"can_connect_to_business": False, "has_main_web_app": False}


def get_chat(network: Network, params: Params) -> Json:
    chat = network.chats.get(params.chat_id or 0)
    if chat is None or not chat.started:
        raise ApiError(400, "Bad Request: chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat.api() | full


def _command_key(params: Params) -> str:
    scope = params.structure("scope") or {"type": "default"}
    return json.dumps([sorted(scope.items()), params.text("language_code")])


def set_my_commands(network: Network, params: Params) -> bool:
    commands = params.structure("commands") or []
    if len(commands) > 100:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each.get("command", "")):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(each.get("description", "")) <= 256:
            raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    network.change_settings(commands={**network.settings["commands"], _command_key(params): commands})
    return True


def get_my_commands(network: Network, params: Params) -> list[Json]:
    held: list[Json] = network.settings["commands"].get(_command_key(params), [])
    return held


def delete_my_commands(network: Network, params: Params) -> bool:
    kept = {key: value for key, value in network.settings["commands"].items() if key != _command_key(params)}
    network.change_settings(commands=kept)
    return True


def commands_of(network: Network, chat_id: int) -> list[Json]:
    """The commands a person in this chat is offered: the narrowest scope that has any."""
    general = "all_private_chats" if chat_id > 0 else "all_group_chats"
    scopes: list[Mapping[str, Any]] = [{"type": "chat", "chat_id": chat_id}, {"type": general}, {"type": "default"}]
    held: dict[str, list[Json]] = network.settings["commands"]
    for scope in scopes:
        for language in ("vi", ""):
            if commands := held.get(json.dumps([sorted(scope.items()), language])):
                return commands
    return []
