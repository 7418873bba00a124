"""Only this very machine uses the control side, and a mistake of the caller is told as JSON.

A request whose Host is not this machine, or whose Origin is another site, is refused, so that a page from elsewhere
cannot drive the phones by pointing its own name at 127.0.0.1.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.simulator.store import Json

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

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
