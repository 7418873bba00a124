"""A file is fetched from a page that asks for the code in the message: the link alone opens nothing."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import datetime
from functools import partial
from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from inspection.figures import show_clock
from inspection.phrases import Phrase
from inspection.words import half_width
from inspection.working_days import LOCAL
from storage import handouts
from storage.database import Database
from storage.evidence import EvidenceStore, EvidenceUnavailableError
from storage.handouts import Handout

log = logging.getLogger(__name__)

OFFER = Phrase(
    "{name}: {address}\nMã mở tệp: {code}, dùng một lần, đến {end}. Đề nghị không chuyển tiếp mã.",
    "{name}: {address}\nCode: {code}, good once, until {end}. Please do not forward it.",
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kỷ Cương</title><style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1.2rem; }}
input, button {{ font: inherit; padding: .6rem .8rem; width: 100%; box-sizing: border-box; margin-top: .6rem; }}
small {{ color: #666; }}
</style></head><body><p>{words}</p>{form}</body></html>"""
FORM = """<form method="post"><label>Mã mở tệp, ví dụ: 482913<br><small>The code in the message, e.g. 482913</small>
<input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus></label>
<button>Mở tệp · Open</button></form>"""
ASKED = "Đề nghị nhập mã ghi trong tin nhắn.<br><small>Please enter the code from the message.</small>"
WRONG = (
    "Mã chưa đúng. Sai 05 lần thì đường dẫn hết hiệu lực."
    "<br><small>Not the right code. After five wrong ones the link ends.</small>"
)
GONE = (
    "Đường dẫn đã được dùng hoặc hết hiệu lực. Đề nghị yêu cầu lại tệp trong cuộc trò chuyện."
    "<br><small>This link was used or has ended. Please ask for the file again in the chat.</small>"
)


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> datetime: ...


class Handouts:
    """Makes offers, and serves the page behind them below `root` (no slash at its end)."""

    def __init__(self, root: str, database: Database, evidence: EvidenceStore, clock: Clock) -> None:
        self.root, self.database, self.evidence, self.clock = root, database, evidence, clock

    async def offer(self, file: Handout, language: str = "vi") -> str:
        """The words that stand in for a file: where it is to be had, with which code, and until when."""
        token, code = secrets.token_urlsafe(16), f"{secrets.randbelow(1_000_000):06d}"
        offering = partial(handouts.offer, file=file, token=token, code=code, now=self.clock.now())
        end = await self.database.write(offering)
        words = OFFER.vi if language == "vi" else OFFER.en
        shown = show_clock(end.astimezone(LOCAL))
        return words.format(name=file.name, address=f"{self.root}/tep/{token}", code=code, end=shown)

    async def ask(self, request: web.Request) -> web.Response:
        """The page that asks for the code."""
        token = request.match_info["token"]
        return _page(ASKED) if await self._waits(token) else _page(GONE, status=410)

    async def _waits(self, token: str) -> bool:
        """Whether there is something; read beside the writer, so that knocking from outside delays nobody's turn."""
        return await self.database.read(partial(handouts.waiting, token=token, now=self.clock.now()))

    async def give(self, request: web.Request) -> web.Response:
        """The file for the right code."""
        token, given = request.match_info["token"], str((await request.post()).get("code", ""))
        code = "".join(half_width(given).split())
        if not await self._waits(token):
            return _page(GONE, status=410)
        found = await self.database.write(partial(handouts.redeem, token=token, code=code, now=self.clock.now()))
        if found == "wrong":
            return _page(WRONG, status=403)
        if not isinstance(found, Handout):
            return _page(GONE, status=410)
        try:
            body = await asyncio.to_thread(self.evidence.passing.get, found.sha256)
        except EvidenceUnavailableError as error:
            log.error("a file was not handed out: %s", error)
            return _page(GONE, status=410)
        shown = f"attachment; filename*=UTF-8''{quote(found.name)}"
        return web.Response(
            body=body, content_type="application/octet-stream", headers={**HEADERS, "Content-Disposition": shown}
        )


def _page(words: str, status: int = 200) -> web.Response:
    form = FORM if status in (200, 403) else ""
    return web.Response(
        text=PAGE.format(words=words, form=form), status=status, content_type="text/html", headers=HEADERS
    )
