"""The Bot API as a bot sees it: methods, limits and error texts follow the real service, faults are laid over them.

A method is one function from parameters to its result; a refusal is an `ApiError`. The way of a sendMessage is kept
short, because simulator and load share one core.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from bot.simulator.faults import DESCRIPTIONS, ERRORS, Plan
from bot.simulator.network import (
    ApiError,
    Chat,
    DisconnectedError,
    File,
    Json,
    Message,
    Network,
    mime_of,
    utf16,
)
from bot.simulator.store import renditions

CALLS: Final = 50_000
TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}


class Upload(NamedTuple):
    """A file part of a multipart body."""

    name: str
    body: bytes


class Call(NamedTuple):
    """One recorded call: `at` in seconds of the machine's monotonic clock, `outcome` an HTTP status or a lost reply."""

    seq: int
    at: float
    method: str
    chat_id: int | None
    outcome: str
    message_id: int | None


@dataclass(slots=True)
class Params:
    """The parameters of a call, from query, form, JSON or multipart alike."""

    values: Json
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def whole(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("1", "true", "yes")

    def structure(self, name: str) -> Any:
        """A nested value, which a form carries as JSON text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as fault:
            raise ApiError(400, f"Bad Request: can't parse {name} JSON object") from fault

    @property
    def chat_id(self) -> int | None:
        try:
            return int(self.values["chat_id"])
        except (KeyError, TypeError, ValueError):
            return None


async def read_params(request: web.Request) -> Params:
    """The parameters of a request. A body that is not what it says is refused."""
    values: Json = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.can_read_body:
        return Params(values)
    kind = request.content_type
    try:
        if kind == "application/json":
            values.update(json.loads(await request.read()))
        elif kind.startswith("multipart/"):
            return await _read_parts(request, values)
        else:
            # A form is a query string: the address class reads it five times faster than urllib's parse_qsl.
            form = (await request.read()).decode()
            values.update(request.rel_url.build(query_string=form, encoded=True).query)
    except (ValueError, TypeError) as fault:
        raise ApiError(400, "Bad Request: can't parse the request body") from fault
    return Params(values)


async def _read_parts(request: web.Request, values: Json) -> Params:
    params = Params(values)
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            params.uploads[name] = Upload(part.filename, part.file.read())
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode()
    return params


class BotApi:
    """The handlers of `/bot<token>/<method>` and `/file/bot<token>/<path>`, and the record of all calls."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.calls: deque[Call] = deque(maxlen=CALLS)
        self.on_webhook: Callable[[], None] = lambda: None
        self._counted = 0

    def record(self, method: str, chat_id: int | None, outcome: str, message_id: int | None = None) -> None:
        self._counted += 1
        self.calls.append(Call(self._counted, self.network.machine(), method, chat_id, outcome, message_id))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the bot."""
        name = request.match_info["method"]
        if self.network.faults.outage:
            return self._drop(request, name, None, "outage")
        if request.match_info["token"] != self.network.token:
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

    async def _perform(self, request: web.Request, name: str, params: Params, plans: list[Plan]) -> web.StreamResponse:
        ending = await before(plans) if plans else ""
        if ending == "drop_before":
            return self._drop(request, name, params.chat_id, ending)
        method = METHODS.get(name.lower())
        if method is None:
            raise ApiError(404, "Not Found")
        result = method(self, params)
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
        file_id = self.network.paths.get(request.match_info["path"])
        return self.network.store.blob(self.network.files[file_id].digest) if file_id else None

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


# Words and keyboards


class _Markup(HTMLParser):
    """Telegram's HTML: plain text and entities with UTF-16 offsets."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self._open: list[tuple[str, int, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS and tag != "span":
            raise ApiError(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self._open.append((tag, utf16(self.text), dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise ApiError(400, f'Bad Request: can\'t parse entities: Unexpected end tag "{tag}"')
        _, start, link = self._open.pop()
        length = utf16(self.text) - start
        if length and tag in TAGS:
            entity: Json = {"type": TAGS[tag], "offset": start, "length": length}
            self.entities.append(entity | ({"url": link} if link else {}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def whole(self) -> tuple[str, list[Json]]:
        self.close()
        if self._open:
            raise ApiError(400, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag")
        return self.text, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))


def read_words(raw: str, params: Params, entities: str) -> tuple[str, list[Json] | None]:
    """Text and entities of a text or caption, after the parse mode."""
    mode = params.text("parse_mode").lower()
    if not mode:
        return raw.strip(), params.structure(entities) or None
    if mode != "html":
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    markup = _Markup()
    markup.feed(raw.strip())
    text, found = markup.whole()
    return text, found or None


def read_text(api: BotApi, params: Params) -> tuple[str, list[Json] | None]:
    text, entities = read_words(params.text("text"), params, "entities")
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text) > api.network.limits.text:
        raise ApiError(400, "Bad Request: message is too long")
    return text, entities


def read_caption(api: BotApi, params: Params) -> Json:
    caption, entities = read_words(params.text("caption"), params, "caption_entities")
    if len(caption) > api.network.limits.caption:
        raise ApiError(400, "Bad Request: message caption is too long")
    return {"caption": caption or None, "entities": entities}


def read_markup(api: BotApi, params: Params) -> Json | None:
    """The reply markup, refused where the real service refuses it."""
    markup = params.structure("reply_markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise ApiError(400, "Bad Request: object expected as reply markup")
    if "inline_keyboard" not in markup:
        return markup
    limits = api.network.limits
    lines = [line for line in markup["inline_keyboard"] if line]
    if sum(len(line) for line in lines) > limits.buttons or any(len(line) > limits.buttons_per_row for line in lines):
        raise ApiError(400, "Bad Request: reply markup is too long")
    for line in lines:
        for button in line:
            _check_button(button, limits.callback_data)
    return {"inline_keyboard": lines} if lines else None


def _check_button(button: Json, longest: int) -> None:
    if not button.get("text"):
        raise ApiError(400, 'Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String')
    if "callback_data" not in button:
        if not button.get("url"):
            raise ApiError(
                400,
                "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            )
    elif not 1 <= len(str(button["callback_data"]).encode()) <= longest:
        raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")


def recipient(api: BotApi, params: Params) -> Chat:
    if not params.values.get("chat_id"):
        raise ApiError(400, "Bad Request: chat_id is empty")
    return api.network.recipient(params.chat_id or 0)


def common(api: BotApi, params: Params) -> Json:
    """What every sent message may have: a keyboard and the message it answers."""
    answered = params.structure("reply_parameters") or {}
    reply_to = answered.get("message_id") or params.whole("reply_to_message_id") or None
    return {"markup": read_markup(api, params), "reply_to": reply_to}


# Sending


def send_message(api: BotApi, params: Params) -> Json:
    text, entities = read_text(api, params)
    rest = common(api, params)
    chat = recipient(api, params)
    return api.network.api(api.network.post(chat, text=text, entities=entities, **rest))


async def send_photo(api: BotApi, params: Params) -> Json:
    caption, rest = read_caption(api, params), common(api, params)
    photo = await photo_of(api, params, params.values.get("photo", "attach://photo"))
    return api.network.api(api.network.post(recipient(api, params), photo=photo, **caption, **rest))


def send_document(api: BotApi, params: Params) -> Json:
    caption, rest = read_caption(api, params), common(api, params)
    document = document_of(api, params, params.values.get("document", "attach://document"))
    return api.network.api(api.network.post(recipient(api, params), document=document, **caption, **rest))


async def send_media_group(api: BotApi, params: Params) -> list[Json]:
    """An album of 2 to 10 photos or documents; as many messages."""
    media = params.structure("media") or []
    if not 2 <= len(media) <= 10:
        raise ApiError(400, "Bad Request: wrong number of media, expected 2-10")
    contents = []
    for item in media:
        content = read_caption(api, Params({**item, "caption": item.get("caption", "")}))
        if item.get("type") == "photo":
            content["photo"] = await photo_of(api, params, item["media"])
        elif item.get("type") == "document":
            content["document"] = document_of(api, params, item["media"])
        else:
            raise ApiError(400, "Bad Request: wrong type of the media")
        contents.append(content)
    chat, album, rest = recipient(api, params), api.network.next_album(), common(api, params)
    return [api.network.api(api.network.post(chat, album=album, **content, **rest)) for content in contents]


def send_location(api: BotApi, params: Params) -> Json:
    try:
        place = {name: float(params.values[name]) for name in ("latitude", "longitude")}
    except (KeyError, ValueError) as fault:
        raise ApiError(400, "Bad Request: location must be specified") from fault
    return api.network.api(api.network.post(recipient(api, params), location=place, **common(api, params)))


def send_chat_action(api: BotApi, params: Params) -> bool:
    action = params.text("action")
    if not re.fullmatch(r"typing|(?:upload|record)_\w+|choose_sticker|find_location", action):
        raise ApiError(400, "Bad Request: wrong parameter action in request")
    chat = api.network.chats.get(params.chat_id or 0)
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    if chat.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    api.network.act(chat, action)
    return True


async def photo_of(api: BotApi, params: Params, given: str) -> tuple[File, ...]:
    """The sizes of a photo that was uploaded, or that a file id of this network names."""
    if upload := uploaded(params, given):
        if len(upload.body) > api.network.limits.upload_photo:
            raise ApiError(413, "Request Entity Too Large")
        try:
            return api.network.add_photo(await asyncio.to_thread(renditions, upload.body))
        except ValueError as fault:
            raise ApiError(400, f"Bad Request: {fault}") from fault
    file = known(api, given)
    if not file.width:
        raise ApiError(400, "Bad Request: can't use file of type Document as Photo")
    return (file,)


def document_of(api: BotApi, params: Params, given: str) -> File:
    upload = uploaded(params, given)
    if upload is None:
        return known(api, given)
    if len(upload.body) > api.network.limits.upload:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.body:
        raise ApiError(400, "Bad Request: file must be non-empty")
    return api.network.add_file(upload.body, upload.name, mime_of(upload.name, upload.body))


def uploaded(params: Params, given: str) -> Upload | None:
    if not given.startswith("attach://"):
        return None
    upload = params.uploads.get(given.removeprefix("attach://"))
    if upload is None:
        raise ApiError(400, "Bad Request: there is no photo or document in the request")
    return upload


def known(api: BotApi, file_id: str) -> File:
    file = api.network.files.get(file_id)
    if file is None:
        raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
    return file


# Changing


def own_message(api: BotApi, params: Params) -> Message:
    """The bot's message that an edit names."""
    chat = api.network.chats.get(params.chat_id or 0)
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    message = chat.messages.get(params.whole("message_id"))
    if message is None:
        raise ApiError(400, "Bad Request: message to edit not found")
    if message.sender is not None:
        raise ApiError(400, "Bad Request: message can't be edited")
    return message


def edit_message_text(api: BotApi, params: Params) -> Json:
    text, entities = read_text(api, params)
    message = own_message(api, params)
    if message.text is None:
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    api.network.revise(message, text=text, entities=entities, markup=read_markup(api, params))
    return api.network.api(message)


def edit_message_caption(api: BotApi, params: Params) -> Json:
    caption, message = read_caption(api, params), own_message(api, params)
    if not (message.photo or message.document):
        raise ApiError(400, "Bad Request: there is no caption in the message to edit")
    api.network.revise(message, **caption, markup=read_markup(api, params))
    return api.network.api(message)


def edit_message_reply_markup(api: BotApi, params: Params) -> Json:
    message = own_message(api, params)
    api.network.revise(message, markup=read_markup(api, params))
    return api.network.api(message)


def delete_message(api: BotApi, params: Params) -> bool:
    chat = api.network.chats.get(params.chat_id or 0)
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    message = chat.messages.get(params.whole("message_id"))
    if message is None:
        raise ApiError(400, "Bad Request: message to delete not found")
    if api.network.date() - message.date > 48 * 3600:
        raise ApiError(400, "Bad Request: message can't be deleted for everyone")
    api.network.remove(message)
    return True


def answer_callback_query(api: BotApi, params: Params) -> bool:
    text = params.text("text")
    if len(text) > api.network.limits.callback_answer:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    chat_id = api.network.acknowledge(params.text("callback_query_id"), text or None, alert=params.flag("show_alert"))
    # Only the query names the chat; the record is more use with it.
    params.values.setdefault("chat_id", chat_id)
    return True


# Receiving


async def get_updates(api: BotApi, params: Params) -> bytes:
    network = api.network
    if network.settings["webhook"]:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    allow(api, params)
    limit = min(max(params.whole("limit", 100), 1), 100)
    timeout = min(max(params.whole("timeout"), 0), 50)
    bodies = await network.updates.poll(params.whole("offset"), limit, timeout)
    return b"[" + b",".join(bodies) + b"]"


def allow(api: BotApi, params: Params) -> None:
    """Remember the kinds of update the bot wants; not given leaves them as they were."""
    allowed = params.structure("allowed_updates")
    if allowed is not None and allowed != api.network.settings["allowed"]:
        api.network.change_settings(allowed=[str(kind) for kind in allowed])


def set_webhook(api: BotApi, params: Params) -> bool:
    url = params.text("url")
    if not url:
        return delete_webhook(api, params)
    parts = urlsplit(url)
    # The real service wants HTTPS; on one machine plain HTTP to itself is what there is.
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise ApiError(400, "Bad Request: secret token contains unallowed characters")
    connections = min(max(params.whole("max_connections", 40), 1), 100)
    allow(api, params)
    _drop_pending(api, params)
    hook = {"url": url, "secret": secret, "connections": connections, "error_date": None, "error": None}
    api.network.change_settings(webhook=hook)
    api.network.updates.interrupt(ApiError(409, "Conflict: terminated by setWebhook request"))
    api.on_webhook()
    return True


def delete_webhook(api: BotApi, params: Params) -> bool:
    _drop_pending(api, params)
    api.network.change_settings(webhook=None)
    api.on_webhook()
    return True


def _drop_pending(api: BotApi, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        for update_id in list(api.network.updates.pending):
            api.network.updates.done(update_id)


def get_webhook_info(api: BotApi, _: Params) -> Json:
    hook = api.network.settings["webhook"] or {}
    waiting = len(api.network.updates.pending)
    shown: Json = {"url": hook.get("url", ""), "has_custom_certificate": False, "pending_update_count": waiting}
    if hook:
        shown["max_connections"] = hook["connections"]
    if hook.get("error"):
        shown |= {"last_error_date": hook["error_date"], "last_error_message": hook["error"]}
    if api.network.settings["allowed"]:
        shown["allowed_updates"] = api.network.settings["allowed"]
    return shown


# Files, chats, commands


def get_file(api: BotApi, params: Params) -> Json:
    file = api.network.files.get(params.text("file_id"))
    if file is None:
        raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if file.size > api.network.limits.download:
        raise ApiError(400, "Bad Request: file is too big")
    shown = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    return shown | {"file_size": file.size, "file_path": file.path}


def get_me(api: BotApi, _: Params) -> Json:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}
    return api.network.bot | abilities | {"can_connect_to_business": False, "has_main_web_app": False}


def get_chat(api: BotApi, params: Params) -> Json:
    chat = api.network.chats.get(params.chat_id or 0)
    if chat is None or not chat.started:
        raise ApiError(400, "Bad Request: chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat.api() | full


def _command_key(params: Params) -> str:
    scope = params.structure("scope") or {"type": "default"}
    return json.dumps([sorted(scope.items()), params.text("language_code")])


def set_my_commands(api: BotApi, params: Params) -> bool:
    commands = params.structure("commands") or []
    if len(commands) > 100:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each.get("command", "")):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(each.get("description", "")) <= 256:
            raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    api.network.change_settings(commands={**api.network.settings["commands"], _command_key(params): commands})
    return True


def get_my_commands(api: BotApi, params: Params) -> list[Json]:
    held: list[Json] = api.network.settings["commands"].get(_command_key(params), [])
    return held


def delete_my_commands(api: BotApi, params: Params) -> bool:
    kept = {key: value for key, value in api.network.settings["commands"].items() if key != _command_key(params)}
    api.network.change_settings(commands=kept)
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


Method = Callable[[BotApi, Params], Any | Awaitable[Any]]

METHODS: Final[dict[str, Method]] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendmediagroup": send_media_group,
    "sendlocation": send_location,
    "sendchataction": send_chat_action,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "getfile": get_file,
    "getchat": get_chat,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
}
