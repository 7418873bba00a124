"""The control side: what people do on their phones, and what a test does to time, faults and limits, as JSON over HTTP.

Every handler is guarded by `access`: the web page and tests on this very machine use it, and nobody else.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.simulator.access import Handler, body_of, guarded, number, required
from bot.simulator.assets import Assets
from bot.simulator.bot_api import BotApi
from bot.simulator.chats import Chat
from bot.simulator.files import Picture
from bot.simulator.limits import Pace
from bot.simulator.methods_profile import commands_of
from bot.simulator.network import Clock
from bot.simulator.store import Json, renditions

EVENTS_AT_ONCE: Final = 500
UNITS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
# A voice message from the page carries no sound: the header of an Ogg stream stands for it.
SILENCE: Final = b"OggS\x00\x02" + bytes(21)


class Control:
    """The handlers of the control side over one network."""

    def __init__(
        self, api: BotApi, *, clock: Clock | None, samples: Path | None, timezone: str = "Asia/Ho_Chi_Minh"
    ) -> None:
        self.api, self.network = api, api.network
        self.assets, self.clock, self.zone = Assets(self.network, samples), clock, ZoneInfo(timezone)

    def routes(self) -> list[web.RouteDef]:
        """Every route of the control side, guarded."""
        chat = r"/phones/{chat_id:-?\d+}"
        gets: dict[str, Handler] = {
            **self.assets.gets(),
            "/phones": self.phones,
            "/groups": self.groups,
            f"{chat}/messages": self.messages,
            f"{chat}/commands": self.commands,
            "/events": self.events,
            "/clock": self.show_clock,
            "/faults": self.show_faults,
            "/calls": self.calls,
            "/zalo": self.show_zalo,
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
            "/zalo": self.change_zalo,
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
            bot=self._zalo_bot(given),
        )
        return web.json_response(phone.view())

    def _zalo_bot(self, given: Json) -> str:
        """The Zalo bot a new phone writes to; "" for a Telegram phone."""
        if given.get("network") != "zalo":
            return ""
        return self.network.zalo.of(str(given.get("bot") or next(iter(self.network.zalo.bots.values())).bot_id)).bot_id

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
            bodies = [self.assets.sample_path(name).read_bytes() for name in names]
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
        if chat.bot:
            raise ValueError("Zalo không gửi được vị trí cho bot")
        place = number(given, "latitude"), number(given, "longitude")
        return web.json_response(self.network.view(self.network.location(chat.chat_id, *place, by=given.get("by"))))

    async def voice(self, request: web.Request) -> web.Response:
        chat, body = self._chat(request), SILENCE
        if request.content_type.startswith("multipart/"):
            form = await request.post()
            part, caption = form["voice"], str(form.get("caption") or "")
            if not isinstance(part, web.FileField):
                raise ValueError("the part named voice is a file")
            body = part.file.read()
        else:
            caption = str((await body_of(request)).get("caption") or "")
        return web.json_response(self.network.view(self.network.voice(chat.chat_id, body, caption=caption or None)))

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
        return web.json_response({"seq": seq, "events": [event.view(self.network.bot) for event in events]})

    async def calls(self, request: web.Request) -> web.Response:
        after, method = int(request.query.get("after", 0)), request.query.get("method", "").lower()
        chosen = [call for call in self.api.calls if call.seq > after and method in ("", call.method.lower())]
        return web.json_response([call._asdict() for call in chosen])

    async def forget(self, _: web.Request) -> web.Response:
        self.api.calls.clear()
        return web.json_response({})

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

    async def show_zalo(self, _: web.Request) -> web.Response:
        return web.json_response(self.network.zalo.view())

    async def change_zalo(self, request: web.Request) -> web.Response:
        """Change the habits of the Zalo side, by the names of `Habits`."""
        self.network.zalo.habits.change(await body_of(request))
        return web.json_response(self.network.zalo.view())

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
