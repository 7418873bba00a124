"""/healthz: whether every network is heard, and how much of a month's messages is left. No names, no texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

Report = Callable[[], dict[str, Any]]


def handler(report: Report) -> Callable[[web.Request], Any]:
    """Status 200 while all is well, 503 when a network is deaf; what is measured as JSON in both cases."""

    async def health(_: web.Request) -> web.Response:
        told = report()
        return web.json_response(told, status=200 if told["ok"] else 503)

    return health
