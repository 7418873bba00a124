"""A person's photo is an address somebody else wrote: it is only followed to the network's own hosts on the public net.

The content type of the answer is not believed (Zalo says octet-stream); what the bytes are is seen by decoding them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.channels.port import FetchFailedError

HOSTS = ("zdn.vn", "zadn.vn", "zalo.me", "zaloplatforms.com", "zapps.me")  # and what lies below them
LIMIT = 20 * 1024 * 1024  # bytes
IDLE = 30.0  # seconds without a byte
WHOLE = 180.0  # seconds
REDIRECTS = 3
GONE = (401, 403, 404, 410)  # the address has expired: asking again is useless


class PublicResolver(AbstractResolver):
    """Finds addresses of the public net only, whatever a name says: a name of theirs must not lead into our house."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a host. Raises OSError when there is none."""
        found = [one for one in await self._resolver.resolve(host, port, family) if is_public(one["host"])]
        if not found:
            raise OSError(None, "no public address")
        return found

    async def close(self) -> None:
        """Nothing is held."""
        await self._resolver.close()


class Pictures:
    """Downloads from the network's hosts; `own` is the origin of a stand-in ("http://127.0.0.1:8081"), "" for none."""

    def __init__(self, own: str = "") -> None:
        self._own = origin(own) if own else ""
        self._public: aiohttp.ClientSession | None = None
        self._near: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the sessions; harmless when they are open."""
        if self._public is None:
            self._public = _session(PublicResolver())
            self._near = _session(None)

    async def close(self) -> None:
        """Close them."""
        for session in (self._public, self._near):
            if session is not None:
                await session.close()
        self._public = self._near = None

    async def get(self, address: str) -> bytes:
        """The bytes behind an address. Raises FetchFailedError, final where asking again is useless."""
        try:
            async with asyncio.timeout(WHOLE):
                for _ in range(REDIRECTS + 1):
                    found = await self._step(address)
                    if isinstance(found, bytes):
                        return found
                    address = found
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            # Its name alone: an address is not for the log.
            raise FetchFailedError(f"no picture ({type(error).__name__})", final=False) from error
        raise FetchFailedError("too many redirects", final=True)

    async def _step(self, address: str) -> bytes | str:
        """The bytes, or where they have gone."""
        async with self._allowed(address).get(address, allow_redirects=False) as response:
            if response.status in (301, 302, 303, 307, 308):
                return urljoin(address, response.headers.get("Location", ""))
            if response.status != 200:
                raise FetchFailedError(f"refused ({response.status})", final=response.status in GONE)
            return await _read(response)

    def _allowed(self, address: str) -> aiohttp.ClientSession:
        if self._public is None or self._near is None:
            raise FetchFailedError("session is closed", final=False)
        if self._own and origin(address) == self._own:
            return self._near
        if not is_theirs(address):
            raise FetchFailedError("not an address of the network", final=True)
        return self._public


def is_theirs(address: str) -> bool:
    """Whether an address is plainly one of the network's: https, its hosts, the usual port, no password."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    known = any(host == name or host.endswith(f".{name}") for name in HOSTS)
    return parts.scheme == "https" and known and port in (None, 443) and parts.username is None


def is_public(host: str) -> bool:
    """Whether an IP address belongs to the public net."""
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_global) and not address.is_multicast


def origin(address: str) -> str:
    """Scheme, host and port of an address; "" when it has none."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    except ValueError:
        return ""


def _session(resolver: AbstractResolver | None) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=16, resolver=resolver),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=IDLE),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if (response.content_length or 0) > LIMIT:
        raise FetchFailedError("file is too big", final=True)
    content = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        content += chunk
        if len(content) > LIMIT:
            raise FetchFailedError("file is too big", final=True)
    if response.content_length is not None and len(content) < response.content_length:
        raise FetchFailedError("cut short", final=False)
    return bytes(content)
