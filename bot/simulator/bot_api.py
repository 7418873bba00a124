"""A call of the bot finds its method by name, faults are laid over it, and every call is recorded with its outcome.

A method is one function from the network and the parameters to its result; a refusal is an `ApiError`. The way of a
sendMessage is kept short, because simulator and load share one core.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from aiohttp import web

from bot.simulator import methods_editing, methods_profile, methods_sending, methods_updates
from bot.simulator.faults import DESCRIPTIONS, ERRORS, DisconnectedError, Plan
from bot.simulator.limits import ApiError
from bot.simulator.methods_zalo import METHODS as ZALO_METHODS
from bot.simulator.methods_zalo import refusal
from bot.simulator.network import Network
from bot.simulator.params import Params, read_params
from bot.simulator.store import Json
from bot.simulator.zalo import ZaloBot, chat_of

CALLS: Final = 50_000

Method = Callable[[Network, Params], Any | Awaitable[Any]]

METHODS: Final[dict[str, Method]] = {
    "getme": methods_profile.get_me,
    "getupdates": methods_updates.get_updates,
    "setwebhook": methods_updates.set_webhook,
    "deletewebhook": methods_updates.delete_webhook,
    "getwebhookinfo": methods_updates.get_webhook_info,
    "sendmessage": methods_sending.send_message,
    "sendphoto": methods_sending.send_photo,
    "senddocument": methods_sending.send_document,
    "sendmediagroup": methods_sending.send_media_group,
    "sendlocation": methods_sending.send_location,
    "sendchataction": methods_sending.send_chat_action,
    "editmessagetext": methods_editing.edit_message_text,
    "editmessagecaption": methods_editing.edit_message_caption,
    "editmessagereplymarkup": methods_editing.edit_message_reply_markup,
    "deletemessage": methods_editing.delete_message,
    "answercallbackquery": methods_editing.answer_callback_query,
    "getfile": methods_profile.get_file,
    "getchat": methods_profile.get_chat,
    "setmycommands": methods_profile.set_my_commands,
    "getmycommands": methods_profile.get_my_commands,
    "deletemycommands": methods_profile.delete_my_commands,
}


class Call(NamedTuple):
    """One recorded call: `at` in seconds of the machine's monotonic clock, `outcome` an HTTP status or a lost reply."""

    seq: int
    at: float
    method: str
    chat_id: int | None
    outcome: str
    message_id: int | None


class BotApi:
    """The handlers of `/bot<token>/<method>` and `/file/bot<token>/<path>`, and the record of all calls."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.calls: deque[Call] = deque(maxlen=CALLS)
        self._counted = 0

    def record(self, method: str, chat_id: int | None, outcome: str, message_id: int | None = None) -> None:
        self._counted += 1
        self.calls.append(Call(self._counted, self.network.machine(), method, chat_id, outcome, message_id))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the bot."""
        name = request.match_info["method"]
        if self.network.faults.outage:
            return self._drop(request, name, None, "outage")
        token = request.match_info["token"]
        if bot := self.network.zalo.bots.get(token):
            return await self.zalo(request, bot, name)
        if token != self.network.token:
            return failure(ApiError(401, "Unauthorized"))
        params = Params({})
        try:
            params = await read_params(request)
            faults = self.network.faults
            plans = faults.draw(name.lower(), params.chat_id) if faults.plans else []
            return await self._perform(request, name, params, plans)
        except ApiError as refusal:
            self.record(name, params.chat_id, str(refusal.code))
            return failure(refusal)
        except DisconnectedError:
            return self._drop(request, name, params.chat_id, "disconnected")

    async def zalo(self, request: web.Request, bot: ZaloBot, name: str) -> web.StreamResponse:
        """One call of a Zalo bot: the same faults, other methods, other words."""
        network, chat_id, ending = self.network, None, ""
        try:
            params = await read_params(request)
            chat_id = chat_of(params.values.get("chat_id"))
            ending = await before(network.faults.draw(name.lower(), chat_id))
            if ending == "drop_before":
                return self._drop(request, name, chat_id, ending)
            if name not in ZALO_METHODS:
                raise ApiError(400, "Bad Request: method")
            result = await ZALO_METHODS[name](network, bot, params)
        except ApiError as error:
            self.record(name, chat_id, str(error.code))
            status, body = refusal(error)
            return web.Response(status=status, body=body, content_type="application/json")
        except DisconnectedError:
            return self._drop(request, name, chat_id, "disconnected")
        if ending == "drop_after":
            return self._drop(request, name, chat_id, ending)
        written = result if isinstance(result, bytes) else json.dumps(result).encode()
        body = b'{"ok":true,"result":' + written + b"}"
        self.record(name, chat_id, ending or "200")
        return web.Response(
            body=body[: len(body) // 2] if ending == "truncate" else body, content_type="application/json"
        )

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A picture a person sent to a Zalo bot, for whoever has its address, for a while."""
        network, habits = self.network, self.network.zalo.habits
        if network.faults.outage:
            return self._drop(request, "media", None, "outage")
        try:
            ending = await before(network.faults.draw("media", None))
        except ApiError as refused:
            self.record("media", None, str(refused.code))
            return web.Response(status=refused.code)
        file = network.files.get(request.match_info["file_id"])
        sent = network.zalo.sent_at.get(request.match_info["file_id"], 0.0)
        if file is None or network.machine() - sent > habits.photo_life or request.headers.get("Referer"):
            self.record("media", None, "404")
            return web.Response(status=404)
        if ending:
            return self._drop(request, "media", None, ending)
        self.record("media", None, "200")
        mime = "application/octet-stream" if habits.octet_stream else "image/jpeg"
        return web.Response(body=network.files.body(file), content_type=mime)

    async def _perform(self, request: web.Request, name: str, params: Params, plans: list[Plan]) -> web.StreamResponse:
        ending = await before(plans) if plans else ""
        if ending == "drop_before":
            return self._drop(request, name, params.chat_id, ending)
        method = METHODS.get(name.lower())
        if method is None:
            raise ApiError(404, "Not Found")
        result = method(self.network, params)
        if inspect.isawaitable(result):
            result = await result
        if ending == "drop_after":
            return self._drop(request, name, params.chat_id, ending)
        body = result if isinstance(result, bytes) else json.dumps(result).encode()
        body = b'{"ok":true,"result":' + body + b"}"
        if ending == "truncate":
            body = body[: len(body) // 2]
        message_id = result.get("message_id") if isinstance(result, dict) else None
        self.record(name, params.chat_id, ending or "200", message_id)
        return web.Response(body=body, content_type="application/json")

    def _drop(self, request: web.Request, name: str, chat_id: int | None, outcome: str) -> web.Response:
        self.record(name, chat_id, outcome)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file whose path getFile named."""
        network = self.network
        if network.faults.outage:
            return self._drop(request, "file", None, "outage")
        if request.match_info["token"] != network.token:
            return failure(ApiError(401, "Unauthorized"))
        try:
            ending = await before(network.faults.draw("file", None))
        except ApiError as refusal:
            self.record("file", None, str(refusal.code))
            return failure(refusal)
        if ending == "truncate":
            return await self._cut_short(request)
        if ending:
            return self._drop(request, "file", None, ending)
        body = self._bytes_of(request)
        self.record("file", None, "200" if body is not None else "404")
        if body is None:
            return failure(ApiError(404, "Not Found"))
        return web.Response(body=body, content_type="application/octet-stream")

    def _bytes_of(self, request: web.Request) -> bytes | None:
        file = self.network.files.at(request.match_info["path"])
        return self.network.files.body(file) if file else None

    async def _cut_short(self, request: web.Request) -> web.StreamResponse:
        # The length of the whole is announced and half is sent: what a photo looks like when the line breaks.
        body = self._bytes_of(request) or b""
        response = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        self.record("file", None, "truncate")
        if request.transport is not None:
            request.transport.close()
        return response


def failure(refusal: ApiError) -> web.Response:
    content: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        content["parameters"] = refusal.parameters
    return web.Response(status=refusal.code, body=json.dumps(content).encode(), content_type="application/json")


async def before(plans: list[Plan]) -> str:
    """Do what the plans want done before the call: wait, refuse. Returns the kind that concerns its connection."""
    for plan in plans:
        if plan.kind == "delay":
            await asyncio.sleep(plan.seconds)
        elif plan.kind in ERRORS:
            raise planned_error(plan)
        else:
            return plan.kind
    return ""


def planned_error(plan: Plan) -> ApiError:
    """The refusal a fault plan asks for, in the real service's words unless the plan gives its own."""
    code = ERRORS[plan.kind]
    description = plan.description or DESCRIPTIONS[code].format(retry_after=plan.retry_after)
    return ApiError(code, description, **({"retry_after": plan.retry_after} if code == 429 else {}))
