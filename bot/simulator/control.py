"""The control side: what people do on their phones, for the web page and for tests; only for this very machine.

Every handler is guarded: a request whose Host is not this machine, or whose Origin is another site, is refused, so that
a page from elsewhere cannot drive the phones by pointing its own name at 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.simulator.bot_api import BotApi, commands_of
from bot.simulator.network import Chat, Clock, Event, Json, Network, Pace, Picture
from bot.simulator.store import renditions

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})
PAGE: Final = Path(__file__).resolve().parent / "page"
EVENTS_AT_ONCE: Final = 500
UNITS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
# A voice message from the page carries no sound: the header of an Ogg stream stands for it.
SILENCE: Final = b"OggS\x00\x02" + bytes(21)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(handler: Handler) -> Handler:
    """The handler behind the check of Host and Origin, with mistakes of the caller told as JSON."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not is_local(request):
            return web.json_response({"error": "only this machine may use the control side"}, status=403)
        try:
            return await handler(request)
        except LookupError as missing:
            return web.json_response({"error": f"not found: {missing}"}, status=404)
        except (ValueError, TypeError) as fault:
            return web.json_response({"error": str(fault)}, status=400)

    return checked


def is_local(request: web.Request) -> bool:
    """Whether the request names this machine and comes from no other site's page."""
    host = request.headers.get("Host", "")
    try:
        named = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    origin = request.headers.get("Origin")
    return named in LOOPBACK and origin in (None, f"http://{host}")


class Control:
    """The handlers of the control side over one network."""

    def __init__(
        self, api: BotApi, *, clock: Clock | None, samples: Path | None, timezone: str = "Asia/Ho_Chi_Minh"
    ) -> None:
        self.api, self.network = api, api.network
        self.clock, self.samples, self.zone = clock, samples, ZoneInfo(timezone)

    def routes(self) -> list[web.RouteDef]:
        """Every route of the control side, guarded."""
        chat = r"/phones/{chat_id:-?\d+}"
        gets: dict[str, Handler] = {
            "/": self.index,
            "/page/{path:.+}": self.page,
            "/phones": self.phones,
            "/groups": self.groups,
            f"{chat}/messages": self.messages,
            f"{chat}/commands": self.commands,
            "/events": self.events,
            "/files/{file_id}": self.file,
            "/samples": self.list_samples,
            "/samples/{name}": self.sample,
            "/clock": self.show_clock,
            "/faults": self.show_faults,
            "/calls": self.calls,
        }
        posts: dict[str, Handler] = {
            "/phones": self.add_phone,
            "/groups": self.add_group,
            f"{chat}/text": self.text,
            f"{chat}/tap": self.tap,
            f"{chat}/edit": self.edit,
            f"{chat}/photos": self.photos,
            f"{chat}/location": self.location,
            f"{chat}/voice": self.voice,
            f"{chat}/block": self.block,
            f"{chat}/unblock": self.unblock,
            "/clock": self.move_clock,
            "/faults": self.add_faults,
            "/limits": self.set_limits,
        }
        routes = [web.get(path, guarded(handler)) for path, handler in gets.items()]
        routes += [web.post(path, guarded(handler)) for path, handler in posts.items()]
        return [*routes, web.delete("/faults", guarded(self.lift_faults)), web.delete("/calls", guarded(self.forget))]

    def _chat(self, request: web.Request) -> Chat:
        return self.network.chats[int(request.match_info["chat_id"])]

    # Phones

    async def phones(self, _: web.Request) -> web.Response:
        return web.json_response([phone.view() for phone in self.network.phones()])

    async def groups(self, _: web.Request) -> web.Response:
        return web.json_response([group.view() for group in self.network.groups()])

    async def add_phone(self, request: web.Request) -> web.Response:
        given = await body_of(request)
        user_id = given.get("user_id")
        phone = self.network.phone(
            required(given, "name"),
            role=str(given.get("role") or ""),
            title=str(given.get("title") or ""),
            user_id=None if user_id is None else int(user_id),
            started=bool(given.get("started", True)),
        )
        return web.json_response(phone.view())

    async def add_group(self, request: web.Request) -> web.Response:
        given = await body_of(request)
        members = [int(each) for each in given.get("members", [])]
        return web.json_response(self.network.group(required(given, "title"), members).view())

    async def messages(self, request: web.Request) -> web.Response:
        return web.json_response([self.network.view(each) for each in self._chat(request).messages.values()])

    async def commands(self, request: web.Request) -> web.Response:
        return web.json_response(commands_of(self.network, self._chat(request).chat_id))

    # What a person does

    async def text(self, request: web.Request) -> web.Response:
        given, chat = await body_of(request), self._chat(request)
        text = required(given, "text")
        message = self.network.say(chat.chat_id, text, by=given.get("by"), reply_to=given.get("reply_to"))
        return web.json_response(self.network.view(message))

    async def tap(self, request: web.Request) -> web.Response:
        given, chat = await body_of(request), self._chat(request)
        query_id = self.network.tap(
            chat.chat_id, int(number(given, "message_id")), required(given, "data"), by=given.get("by")
        )
        return web.json_response({"callback_query_id": query_id})

    async def edit(self, request: web.Request) -> web.Response:
        given, chat = await body_of(request), self._chat(request)
        message = self.network.edit(chat.chat_id, int(number(given, "message_id")), required(given, "text"))
        return web.json_response(self.network.view(message))

    async def photos(self, request: web.Request) -> web.Response:
        chat = self._chat(request)
        if request.content_type == "application/json":
            given = await body_of(request)
            names = [str(name) for name in given.get("samples", [])]
            bodies = [self._sample_path(name).read_bytes() for name in names]
        else:
            form = await request.post()
            given = {name: form[name] for name in ("caption", "as_file", "by") if name in form}
            parts = [part for part in form.getall("photo", []) if isinstance(part, web.FileField)]
            names, bodies = [part.filename for part in parts], [part.file.read() for part in parts]
        if not 1 <= len(bodies) <= 10:
            raise ValueError("one to ten photos are sent at once")
        as_file = str(given.get("as_file", "")).lower() in ("1", "true")
        images: Sequence[Picture] = bodies
        if not as_file:
            # Made one after another: the cache is shared, and one core must stay free for the bot.
            images = [await asyncio.to_thread(renditions, body) for body in bodies]
        by = given.get("by")
        caption = str(given.get("caption") or "") or None
        sent = self.network.photo(
            chat.chat_id, images, caption=caption, as_file=as_file, names=names, by=None if by is None else int(by)
        )
        return web.json_response([self.network.view(message) for message in sent])

    async def location(self, request: web.Request) -> web.Response:
        given, chat = await body_of(request), self._chat(request)
        place = number(given, "latitude"), number(given, "longitude")
        return web.json_response(self.network.view(self.network.location(chat.chat_id, *place, by=given.get("by"))))

    async def voice(self, request: web.Request) -> web.Response:
        chat, body = self._chat(request), SILENCE
        if request.content_type.startswith("multipart/"):
            part = (await request.post())["voice"]
            if not isinstance(part, web.FileField):
                raise ValueError("the part named voice is a file")
            body = part.file.read()
        return web.json_response(self.network.view(self.network.voice(chat.chat_id, body)))

    async def block(self, request: web.Request) -> web.Response:
        self.network.block(self._chat(request).chat_id, True)
        return web.json_response(self._chat(request).view())

    async def unblock(self, request: web.Request) -> web.Response:
        self.network.block(self._chat(request).chat_id, False)
        return web.json_response(self._chat(request).view())

    # What happens

    async def events(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", -1))
        wait = min(float(request.query.get("wait", 0)), 60.0)
        after = self.network.seq if after < 0 else after
        events = (await self.network.events_after(after, wait))[:EVENTS_AT_ONCE]
        seq = events[-1].seq if events else self.network.seq
        return web.json_response({"seq": seq, "events": [event_view(self.network, event) for event in events]})

    async def calls(self, request: web.Request) -> web.Response:
        after, method = int(request.query.get("after", 0)), request.query.get("method", "").lower()
        chosen = [call for call in self.api.calls if call.seq > after and method in ("", call.method.lower())]
        return web.json_response([call._asdict() for call in chosen])

    async def forget(self, _: web.Request) -> web.Response:
        self.api.calls.clear()
        return web.json_response({})

    # Files

    async def file(self, request: web.Request) -> web.Response:
        file = self.network.files[request.match_info["file_id"]]
        body = self.network.store.blob(file.digest)
        if body is None:
            raise LookupError(file.path)
        headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
        if not file.mime.startswith(("image/", "audio/")):
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(body=body, content_type=file.mime, headers=headers)

    def _sample_path(self, name: str) -> Path:
        path = (self.samples / name).resolve() if self.samples else None
        if path is None or self.samples is None or path.parent != self.samples.resolve() or not path.is_file():
            raise LookupError(name)
        return path

    async def list_samples(self, _: web.Request) -> web.Response:
        held = sorted(self.samples.iterdir()) if self.samples and self.samples.is_dir() else []
        names = [path.name for path in held if path.suffix.lower() in PICTURES]
        return web.json_response([{"name": name, "url": f"/samples/{quote(name)}"} for name in names])

    async def sample(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(self._sample_path(request.match_info["name"]))

    async def index(self, _: web.Request) -> web.StreamResponse:
        return page_file("index.html")

    async def page(self, request: web.Request) -> web.StreamResponse:
        return page_file(request.match_info["path"])

    # The clock, faults and limits

    async def show_clock(self, _: web.Request) -> web.Response:
        now = self.clock.now().astimezone(self.zone).isoformat() if self.clock else None
        return web.json_response({"now": now, "movable": self.clock is not None})

    async def move_clock(self, request: web.Request) -> web.Response:
        if self.clock is None:
            raise LookupError("there is no movable clock")
        given, now = await body_of(request), self.clock.now().astimezone(self.zone)
        to = datetime.fromisoformat(given["to"]) if "to" in given else forward(now, required(given, "forward"))
        await self.clock.move(to if to.tzinfo else to.replace(tzinfo=self.zone))
        return await self.show_clock(request)

    async def show_faults(self, _: web.Request) -> web.Response:
        return web.json_response([plan.view() for plan in self.network.faults.plans])

    async def add_faults(self, request: web.Request) -> web.Response:
        given = json.loads(await request.text())
        for spec in given if isinstance(given, list) else [given]:
            self.network.faults.add(spec)
        return await self.show_faults(request)

    async def lift_faults(self, request: web.Request) -> web.Response:
        self.network.faults.lift()
        return await self.show_faults(request)

    async def set_limits(self, request: web.Request) -> web.Response:
        """Change the pace: {"mode": "realistic" | "off"} and any of Pace's numbers; or `callback_seconds`."""
        given = await body_of(request)
        limits = self.network.limits
        limits.callback_seconds = float(given.pop("callback_seconds", limits.callback_seconds))
        mode = given.pop("mode", None)
        if mode is not None or given:
            numbers = {name: float(value) for name, value in given.items()}
            start = Pace.realistic() if mode == "realistic" else Pace()
            known = {name: value for name, value in asdict(start).items() if not name.startswith("_")}
            limits.pace = Pace(**{**known, **numbers})
        return web.json_response({"callback_seconds": limits.callback_seconds})


def forward(now: datetime, step: str) -> datetime:
    """The moment a step like "3 days" or "next_morning" (08:00) leads to from `now`, in the zone of `now`."""
    if step == "next_morning":
        morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
        return morning if morning > now else morning + timedelta(days=1)
    found = re.fullmatch(r"(\d{1,4}) (minute|hour|day)s?", step)
    if found is None:
        raise ValueError(f"unknown step {step!r}")
    return now + int(found[1]) * UNITS[found[2]]


def event_view(network: Network, event: Event) -> Json:
    shown: Json = {"seq": event.seq, "chat_id": event.chat_id, "type": event.type}
    if event.message is not None:
        shown["message"] = network.view(event.message)
    if event.type in ("typing", "callback_answer"):
        shown |= {"text": event.text, "alert": event.alert}
    return shown


def page_file(name: str) -> web.StreamResponse:
    path = (PAGE / name).resolve()
    if not path.is_relative_to(PAGE) or not path.is_file():
        raise LookupError(name)
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


async def body_of(request: web.Request) -> Json:
    """The JSON object in the body; an empty body is an empty object."""
    given: Any = json.loads(await request.text() or "{}")
    if not isinstance(given, dict):
        raise ValueError("a JSON object is expected")
    return given


def number(given: Json, name: str) -> float:
    try:
        return float(given[name])
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{name} is missing or no number") from fault


def required(given: Json, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing")
    return value
