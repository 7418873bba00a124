"""One bounded aiohttp session behind python-telegram-bot: every failure says whether anything was sent.

The library's own httpx pool costs several times the CPU of a small request, and its errors do not tell a
refused connection from a lost reply. Delivery has to know: the first is safe to repeat, the second is not.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# The library asks whether waits are durations; unanswered, it warns at every throttled request.
os.environ["PTB_TIMEDELTA"] = "1"

CONNECT_TIMEOUT = 10.0  # seconds
READ_TIMEOUT = 20.0
# The read clock runs while a file is still being uploaded: a minute, and more for what is larger.
UPLOAD_TIMEOUT = 60.0
UPLOAD_PACE = 256 * 1024  # bytes a second, on a slow line
# Shorter than READ_TIMEOUT: when the network vanishes, idle connections are gone by the time a request
# has timed out, so its repetition must connect anew and fails as "nothing sent" instead of "no reply".
KEEP_ALIVE = 15.0
HTTP_TOO_LARGE = 413


class NothingSentError(NetworkError):
    """The connection could not be made: the network never saw this request."""


class NoReplyError(NetworkError):
    """The request was sent, wholly or in part, and no whole reply came back."""


class DownloadTooLargeError(NetworkError):
    """A download passed its limit and was broken off."""


class PlainData:
    """What stands in for the library's RequestData where no file is sent: the body is encoded once, not twice.

    As there, every value that is no plain one travels as JSON inside the JSON.
    """

    __slots__ = ("json_payload",)

    contains_files = False

    def __init__(self, data: Mapping[str, Any]) -> None:
        plain = {name: value if isinstance(value, str) else _ENCODER.encode(value) for name, value in data.items()}
        self.json_payload = _ENCODER.encode(plain).encode(errors="replace")  # lone surrogates: no bytes for them


_ENCODER = json.JSONEncoder(ensure_ascii=False)


class AiohttpRequest(BaseRequest):
    """Requests of one kind; `connections` bounds how many run at once, the rest wait for a slot."""

    __slots__ = ("_connections", "_read_timeout", "_session", "_timeouts")

    def __init__(self, connections: int, read_timeout: float = READ_TIMEOUT) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}

    @property
    def read_timeout(self) -> float:
        """Seconds without a byte of the reply."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session; harmless when it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                # Looking the proxy up costs something at each request, so only where there is one.
                trust_env=bool(os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")),
            )

    async def shutdown(self) -> None:
        """Close every connection; the session can be opened again."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913  the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; returns the HTTP status and the body. Raises telegram.error classes only."""
        with_files = request_data is not None and request_data.contains_files
        if read_timeout is BaseRequest.DEFAULT_NONE:
            read_timeout = _upload_timeout(request_data) if with_files and request_data else self._read_timeout
        body, headers = _body(request_data)
        try:
            async with self._opened().request(
                method, url, data=body, headers=headers, timeout=self._timeout(read_timeout), allow_redirects=False
            ) as response:
                content = await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise translated(error) from error
        if response.status == HTTP_TOO_LARGE:  # the library takes it for a network error: repeated for ever
            raise BadRequest("Request Entity Too Large")
        return response.status, content

    async def download(self, url: str, limit: int) -> bytes:
        """Fetch a file of at most `limit` bytes; raises DownloadTooLargeError or NetworkError."""
        try:
            async with self._opened().get(
                url, timeout=self._timeout(self._read_timeout), allow_redirects=False
            ) as response:
                if response.status != 200:
                    raise NetworkError(f"download refused ({response.status})")
                return await _read(response, limit)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise translated(error) from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Decode a reply, without logging it; lone surrogates are replaced, because no database takes them."""
        try:
            decoded = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise TelegramError("Invalid server response") from error
        if not isinstance(decoded, dict):
            raise TelegramError("Invalid server response")
        if b"\\ud" in payload or b"\\uD" in payload:
            return cast(dict[str, Any], _storable(decoded))
        return decoded

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NothingSentError("session is closed")
        return self._session

    def _timeout(self, read: float) -> aiohttp.ClientTimeout:
        # No total: it would run while waiting for a slot, and count as sent what never left.
        if read not in self._timeouts:
            self._timeouts[read] = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT, sock_read=read)
        return self._timeouts[read]


def translated(error: Exception) -> NetworkError:
    """The library's error for one of aiohttp's; its text carries no address, because addresses carry the token."""
    name = type(error).__name__
    if isinstance(error, (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError, aiohttp.InvalidURL)):
        return NothingSentError(f"no connection ({name})")
    if isinstance(error, TimeoutError):
        return TimedOut(f"no reply in time ({name})")
    return NoReplyError(f"connection lost ({name})")


def _upload_timeout(request_data: RequestData) -> float:
    """Seconds, in whole minutes, so that few different ones are kept."""
    size = sum(len(content) for _, content, _ in request_data.multipart_data.values() if isinstance(content, bytes))
    return UPLOAD_TIMEOUT * (1 + size // int(UPLOAD_PACE * UPLOAD_TIMEOUT))


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return request_data.json_payload, {"Content-Type": "application/json"}
    form = aiohttp.FormData(quote_fields=False)  # quoted, a name with tone marks would be shown as "%E1%BB…"
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        # Raw bytes would go out in one piece, however many.
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=filename, content_type=mime)
    return form, {}


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        content += chunk
        if len(content) > limit:
            raise DownloadTooLargeError("file is too big")
    return bytes(content)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_storable(k): _storable(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_storable(v) for v in value]
    return value
