"""The page, its assets and its pictures are served from their own folders only, and run nothing from anywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.simulator.access import Handler
from bot.simulator.network import Network

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})
PAGE: Final = Path(__file__).resolve().parent / "page"
# What people type reaches the page as text; should it ever get in as markup, the browser still runs none of it.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
NOSNIFF: Final = {"X-Content-Type-Options": "nosniff"}
PAGE_HEADERS: Final = {**NOSNIFF, "Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}


class Assets:
    """The handlers of the page, of the network's files and of the sample pictures."""

    def __init__(self, network: Network, samples: Path | None) -> None:
        self.network, self.samples = network, samples

    def gets(self) -> dict[str, Handler]:
        return {
            "/": self.index,
            "/page/{path:.+}": self.page,
            "/files/{file_id}": self.file,
            "/samples": self.list_samples,
            "/samples/{name}": self.sample,
        }

    async def file(self, request: web.Request) -> web.Response:
        file = self.network.files[request.match_info["file_id"]]
        body = self.network.files.body(file)
        if body is None:
            raise LookupError(file.path)
        headers = {**NOSNIFF, "Cache-Control": "private, max-age=86400"}
        if not file.mime.startswith(("image/", "audio/")):
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(body=body, content_type=file.mime, headers=headers)

    def sample_path(self, name: str) -> Path:
        """The sample picture of this name; LookupError: there is none, or it lies elsewhere."""
        path = (self.samples / name).resolve() if self.samples else None
        if path is None or self.samples is None or path.parent != self.samples.resolve() or not path.is_file():
            raise LookupError(name)
        return path

    async def list_samples(self, _: web.Request) -> web.Response:
        held = sorted(self.samples.iterdir()) if self.samples and self.samples.is_dir() else []
        names = [path.name for path in held if path.suffix.lower() in PICTURES]
        return web.json_response([{"name": name, "url": f"/samples/{quote(name)}"} for name in names])

    async def sample(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(self.sample_path(request.match_info["name"]), headers=NOSNIFF)

    async def index(self, _: web.Request) -> web.StreamResponse:
        return page_file("index.html")

    async def page(self, request: web.Request) -> web.StreamResponse:
        return page_file(request.match_info["path"])


def page_file(name: str) -> web.StreamResponse:
    path = (PAGE / name).resolve()
    if not path.is_relative_to(PAGE) or not path.is_file():
        raise LookupError(name)
    return web.FileResponse(path, headers=PAGE_HEADERS)
