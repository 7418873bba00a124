"""Pictures for networks that fetch them themselves: as often as they like, whole or the head, until the address ends.

A hash names the picture, so what an address shows can never change.
"""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.web.addresses import Addresses
from storage.evidence import EvidenceStore, EvidenceUnavailableError

log = logging.getLogger(__name__)

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
KINDS = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"RI": "image/webp"}


class Pictures:
    """The handler of signed addresses."""

    def __init__(self, addresses: Addresses, evidence: EvidenceStore) -> None:
        self.addresses, self.evidence = addresses, evidence

    def _bytes(self, sha: str) -> bytes:
        """Evidence, or a picture that only passes through; empty when there is neither."""
        for store in (self.evidence, self.evidence.passing):
            if store.exists(sha):
                try:
                    return store.get(sha)
                except EvidenceUnavailableError as error:
                    log.error("picture not shown: %s", error)
        return b""

    async def show(self, request: web.Request) -> web.Response:
        """GET and HEAD of one picture; whatever is wrong with an address, the answer is the same."""
        sha, end, signature = (request.match_info[name] for name in ("sha", "end", "signature"))
        if not self.addresses.holds(sha, int(end), signature):
            return web.Response(status=404)
        body = await asyncio.to_thread(self._bytes, sha)
        kind = KINDS.get(body[:2])
        if kind is None:  # signed addresses show pictures and nothing else
            return web.Response(status=404)
        return web.Response(body=body, content_type=kind, headers=HEADERS)
