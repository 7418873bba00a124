"""Zalo's methods as its documents list them, and its own way to say yes and no."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from PIL import Image

from bot.simulator.chats import Chat
from bot.simulator.limits import ApiError
from bot.simulator.network import Network
from bot.simulator.params import Params
from bot.simulator.store import Json
from bot.simulator.zalo import ZaloBot, chat_of

TEXT: Final = 2_000
FETCH_SECONDS: Final = 20.0
POLL_SECONDS: Final = 30

Method = Callable[[Network, ZaloBot, Params], Awaitable[Any]]


async def get_me(network: Network, bot: ZaloBot, params: Params) -> Json:
    name = f"Bot Kỷ Cương {bot.bot_id}"
    return {"id": bot.bot_id, "account_name": name, "account_type": "BASIC", "can_join_groups": False}


async def get_updates(network: Network, bot: ZaloBot, params: Params) -> bytes:
    """One update, not a list; an idle window ends with code 408."""
    if bot.webhook:
        raise ApiError(400, "Bad Request: webhook is active")
    body = await bot.poll(min(max(params.whole("timeout", POLL_SECONDS), 0), 60))
    if body is None:
        raise ApiError(408, "Request timeout")
    return body


async def set_webhook(network: Network, bot: ZaloBot, params: Params) -> Json:
    url, secret = params.text("url"), params.text("secret_token")
    # The real service wants a public HTTPS address; on one machine plain HTTP to itself is what there is.
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ApiError(400, "Bad Request: url")
    if not 8 <= len(secret) <= 256:
        raise ApiError(400, "Bad Request: secret_token")
    bot.webhook = {"url": url, "secret": secret, "updated_at": network.milliseconds()}
    bot.keep_settings()
    bot.release(ApiError(400, "Bad Request: webhook is active"))
    network.on_webhook()
    return {"url": url, "updated_at": bot.webhook["updated_at"]}


async def delete_webhook(network: Network, bot: ZaloBot, params: Params) -> Json:
    bot.webhook = None
    bot.keep_settings()
    network.on_webhook()
    return {"url": "", "updated_at": network.milliseconds()}


async def get_webhook_info(network: Network, bot: ZaloBot, params: Params) -> Json:
    if bot.webhook is None:
        raise ApiError(404, "Not Found")
    return {"url": bot.webhook["url"], "updated_at": bot.webhook["updated_at"]}


async def send_message(network: Network, bot: ZaloBot, params: Params) -> Json:
    text = params.text("text")
    if not 1 <= len(text) <= TEXT:
        raise ApiError(400, "Bad Request: text")
    return _sent(network, bot, _recipient(network, bot, params), text=text)


async def send_photo(network: Network, bot: ZaloBot, params: Params) -> Json:
    """The address is fetched more than once; when it is gone the second time, the picture is black."""
    caption, chat = params.text("caption") or None, _recipient(network, bot, params)
    if caption is not None and len(caption) > TEXT:
        raise ApiError(400, "Bad Request: caption")
    first = await _fetched(params.text("photo"))
    second = await _fetched(params.text("photo"))
    if first is None:
        raise ApiError(400, "Bad Request: photo")
    try:
        photo = network.add_photo(second if second is not None else _black())
    except ValueError as fault:
        raise ApiError(400, "Bad Request: photo") from fault
    return _sent(network, bot, chat, photo=photo, caption=caption)


async def send_chat_action(network: Network, bot: ZaloBot, params: Params) -> bool:
    if params.text("action") != "typing":
        raise ApiError(400, "Bad Request: action")
    network.act(_recipient(network, bot, params, counted=False), "typing")
    return True


METHODS: Final[dict[str, Method]] = {  # names are case sensitive here
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendChatAction": send_chat_action,
}


def _recipient(network: Network, bot: ZaloBot, params: Params, *, counted: bool = True) -> Chat:
    chat = network.chats.get(chat_of(params.values.get("chat_id")) or 0)
    if chat is None or chat.bot != bot.bot_id or not chat.started:
        raise ApiError(404, "Not Found")
    if chat.blocked:
        raise ApiError(network.zalo.habits.gone_code, "Invalid request")
    quota = network.zalo.habits.quota
    if counted and quota and bot.sent.get(network.month(), 0) >= quota:
        raise ApiError(429, "Quota exceeded")
    return chat


def _sent(network: Network, bot: ZaloBot, chat: Chat, **content: Any) -> Json:
    month = network.month()
    bot.sent = {month: bot.sent.get(month, 0) + 1}
    bot.keep_settings()
    message = network.post(chat, **content)
    return {"message_id": f"{message.message_id:x}{chat.chat_id:012x}", "date": message.milliseconds}


async def _fetched(address: str) -> bytes | None:
    if urlsplit(address).scheme not in ("http", "https"):
        return None
    try:
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            async with session.head(address) as seen:
                if seen.status != 200:
                    return None
            async with session.get(address) as response:
                return await response.read() if response.status == 200 else None
    except (aiohttp.ClientError, OSError, TimeoutError):
        return None


def _black() -> bytes:
    held = BytesIO()
    Image.new("RGB", (320, 240)).save(held, "JPEG")
    return held.getvalue()


def refusal(error: ApiError) -> tuple[int, bytes]:
    """Status and body of a refusal."""
    body = {"ok": False, "description": error.description, "error_code": error.code}
    return error.code, json.dumps(body).encode()
