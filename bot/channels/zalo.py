"""Zalo's Bot Platform in plain HTTP: text and one photo a message, no buttons, edits or files, and no update ids.

What the vendor leaves open is handled so that either reading is right: messages polled may come again or never again,
updates come in an envelope or bare, a photo under `photo_url` or `photo`, a date in milliseconds or seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp

from bot.channels.hooking import DEAF_AFTER as HOOK_DEAF_AFTER
from bot.channels.hooking import keep_address
from bot.channels.port import (
    Accept,
    Capabilities,
    ChannelOptions,
    Failure,
    Outgoing,
    RawUpdate,
    SendFailedError,
)
from bot.channels.single import SingleConsumer
from bot.channels.zalo_media import Pictures
from inspection.messages import BURST, Chat, Incoming, Kind, Media
from inspection.words import nfc

log = logging.getLogger(__name__)

API_URL = "https://bot-api.zaloplatforms.com"
POLL_SECONDS = 30
FLOOR = 1.0  # seconds between two polls: consumed messages may come back at once, for ever
DEAF_AFTER = 120.0  # seconds without a finished poll
READ_SECONDS = 30.0
PHOTO_SECONDS = 150.0  # Zalo fetches the picture, more than once, before it answers
CONNECTIONS = 16
HANDOUT = 50 * 1024 * 1024  # bytes of a file handed out by an address of ours
REMEMBERED = 2_000  # messages handed over that a poll may bring again
KEY_LENGTH = 80
YEAR_5138_IN_SECONDS = 100_000_000_000  # a date below is in seconds, above in milliseconds
# What the codes mean here, by Zalo's own list; 403 is its "internal server error" and nothing about the person.
MEANINGS = {
    400: Failure.REQUEST,
    401: Failure.CREDENTIAL,
    403: Failure.TRANSIENT,
    404: Failure.REQUEST,
    408: Failure.AMBIGUOUS,
    426: Failure.REQUEST,
    429: Failure.THROTTLED,
}


class ZaloChannel:
    """One bot account. `api_url` is the root of a Bot API server, "" for Zalo's own."""

    name = "zalo"
    secret_header = "X-Bot-Api-Secret-Token"  # noqa: S105  the header's name

    def __init__(  # noqa: PLR0913  all but the first are optional
        self,
        token: str,
        api_url: str = "",
        options: ChannelOptions | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        floor: float = FLOOR,
        pauses: tuple[float, float] = (1.0, 60.0),
    ) -> None:
        options = options or ChannelOptions()
        root = (api_url or API_URL).rstrip("/")
        self.account = token.split(":", 1)[0]
        self.capabilities = Capabilities(
            2000,
            2000,
            buttons=False,
            edits=False,
            numbered_messages=False,
            burst_silence=options.burst_silence,
            max_handout=HANDOUT if options.address is not None else 0,
            photos=options.address is not None,
            per_second=5.0,
            monthly_messages=options.monthly_messages,
            users=options.users,
        )
        self.last_poll = monotonic()  # when a poll last succeeded, or a call last came, on the given clock
        self._deaf_after = DEAF_AFTER
        self._polled = False
        self._monotonic = monotonic
        self._floor, self._pauses = floor, pauses
        self._address = options.address
        self._methods = f"{root}/bot{token}/"
        self._session: aiohttp.ClientSession | None = None
        self._pictures = Pictures(root if root != API_URL else "")
        self._handed: OrderedDict[str, None] = OrderedDict()
        self._alone = SingleConsumer(self._methods)

    # --- life ------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Open the sessions; asks the network nothing, so that a start without it succeeds."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS), cookie_jar=aiohttp.DummyCookieJar()
            )
        await self._pictures.open()

    async def close(self) -> None:
        """Close the sessions; requests under way fail."""
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._pictures.close()
        self._alone.release()

    async def username(self) -> str:
        """The bot's public name. Raises SendFailedError."""
        found = await self._call("getMe", {})
        return str(found.get("account_name") or "") if isinstance(found, dict) else ""

    async def alive(self) -> bool:
        """Whether the network answers at all."""
        try:
            await self._call("getMe", {})
        except SendFailedError:
            return False
        return True

    def healthy(self, now: float) -> bool:
        """Whether the network was heard of lately; `now` is on the monotonic clock."""
        return now - self.last_poll < self._deaf_after

    # --- updates in: polling ---------------------------------------------------------------------------------

    async def listen(self, accept: Accept) -> None:
        """Hand over updates for ever. Raises SendFailedError (CREDENTIAL) when the token is refused at the start."""
        await self._until_alone()
        await self._unhook()
        pauses = self._growing_pauses()
        while True:
            began = self._monotonic()
            try:
                update = await self._poll()
                self.heard()
                self._polled = True
                if update is not None and update.key not in self._handed:
                    await self._hand_over(update, accept)
                pauses = self._growing_pauses()
                await asyncio.sleep(max(0.0, self._floor - (self._monotonic() - began)))
                continue
            except SendFailedError as error:
                if error.failure is Failure.CREDENTIAL and not self._polled:
                    raise
                log.warning("zalo %s: poll failed, trying again: %s", self.account, error)
                if error.failure is Failure.REQUEST:  # polling is refused while a webhook is set
                    await self._unhook()
            except Exception:  # a deaf process that looks alive is the worst outcome
                log.exception("zalo %s: poll failed", self.account)
            await asyncio.sleep(next(pauses))

    async def _until_alone(self) -> None:
        warned = False
        while not self._alone.take():
            if not warned:
                log.error("zalo %s: another process is polling with the same token; waiting", self.account)
                warned = True
            await asyncio.sleep(self._pauses[1] / 12)

    async def _unhook(self) -> None:
        try:
            await self._call("deleteWebhook", {})
        except SendFailedError as error:
            if error.failure is Failure.CREDENTIAL and not self._polled:
                raise
            log.info("zalo %s: no webhook removed: %s", self.account, error)

    async def _poll(self) -> RawUpdate | None:
        """One update, or None when there is nothing new."""
        try:
            found = await self._call("getUpdates", {"timeout": str(POLL_SECONDS)}, POLL_SECONDS + READ_SECONDS)
        except SendFailedError as error:
            if error.code == 408:
                return None
            raise
        return self.called(found) if found else None

    async def _hand_over(self, update: RawUpdate, accept: Accept) -> None:
        """Offer an update until it is accepted: nobody promises that Zalo would offer it again."""
        pauses = self._growing_pauses()
        while True:
            try:
                await accept([update])
                break
            except Exception:
                log.exception("zalo %s: an update was not stored, offered again", self.account)
                await asyncio.sleep(next(pauses))
        self._handed[update.key] = None
        if len(self._handed) > REMEMBERED:
            self._handed.popitem(last=False)

    def _growing_pauses(self) -> Iterator[float]:
        pause, longest = self._pauses
        while True:
            yield min(pause, longest)
            pause *= 2

    # --- updates in: the webhook -----------------------------------------------------------------------------

    async def keep_webhook(self, url: str, secret: str) -> None:
        """See to it for ever that updates are sent to this address. Raises SendFailedError for a refused token."""
        self._deaf_after = HOOK_DEAF_AFTER

        async def give() -> None:
            await self._call("setWebhook", {"url": url, "secret_token": secret})
            self._polled = True

        await keep_address(f"zalo {self.account}", url, current=self._hooked_to, give=give, seen=self.heard)

    async def _hooked_to(self) -> str:
        if not self._polled:  # at the start it is always given: which secret holds cannot be asked for
            return ""
        try:
            found = await self._call("getWebhookInfo", {})
        except SendFailedError as error:
            if error.code == 404:  # a bot that never had one
                return ""
            raise
        return str(found.get("url") or "") if isinstance(found, dict) else ""

    def heard(self) -> None:
        """The network was heard of just now."""
        self.last_poll = self._monotonic()

    def called(self, body: Any) -> RawUpdate:
        """The update in a body, enveloped or bare. Raises ValueError when there is none in it."""
        if isinstance(body, dict) and isinstance(body.get("result"), dict):
            body = body["result"]
        if not isinstance(body, dict):
            raise ValueError("no update")
        message = body.get("message")
        key = str(message.get("message_id") or "") if isinstance(message, dict) else ""
        if not 0 < len(key) <= KEY_LENGTH:
            key = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return RawUpdate(key, body)

    def read(self, payload: dict[str, Any]) -> Incoming | None:
        """Translate a raw update; None when it is none of our business. Raises ValueError if undecodable."""
        if "message" not in payload:
            return None
        try:
            return self._message(payload["message"])
        except (LookupError, TypeError, AttributeError, ArithmeticError, OSError) as error:
            raise ValueError(f"undecodable update: {type(error).__name__} {error}") from error

    def _message(self, message: dict[str, Any]) -> Incoming:
        kind, media = _content(message)  # by the fields that are there: new events appear unannounced
        sender, chat = message["from"], message["chat"]
        words = message.get("caption") or (message.get("text") if kind is Kind.PHOTO else "")
        return Incoming(
            kind=kind,
            chat=Chat(self.name, self.account, str(chat["id"])),
            # Nobody says whether ids are the same towards another bot: a person is known by the bot they wrote to.
            user_id=f"{self.account}:{sender['id']}",
            text=nfc(str((message["text"] if kind is Kind.TEXT else words) or "")),
            media=media,
            album=BURST if kind is Kind.PHOTO else "",
            private=_private(chat, sender),
            trusted=not sender.get("is_bot", False),
            sent_at=_moment(message.get("date")),
        )

    # --- messages out ----------------------------------------------------------------------------------------

    async def send(self, message: Outgoing) -> int:
        """Send; returns Zalo's date of the message in milliseconds, 0 if it gave none. Raises SendFailedError."""
        if message.photo_name and self._address is not None:
            data = {"chat_id": message.chat_id, "photo": self._address(message.photo_name)}
            sent = await self._call(
                "sendPhoto", data | ({"caption": message.text} if message.text else {}), PHOTO_SECONDS
            )
        else:
            sent = await self._call("sendMessage", {"chat_id": message.chat_id, "text": message.text})
        return _milliseconds(sent.get("date")) if isinstance(sent, dict) else 0

    async def answer_tap(self, callback: str, text: str) -> None:
        """There are no buttons to be tapped."""

    async def edit(self, chat_id: str, message_id: int, text: str) -> None:
        """What was sent stands."""

    async def show_work(self, chat_id: str) -> None:
        """Show for some seconds that something is being written; it counts as no message. Raises SendFailedError."""
        await self._call("sendChatAction", {"chat_id": chat_id, "action": "typing"})

    async def set_commands(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None:
        """There is no menu."""

    async def fetch(self, media: Media) -> bytes:
        """Download a picture of at most 20 MB. Raises FetchFailedError."""
        return await self._pictures.get(media.ref)

    async def _call(self, method: str, data: dict[str, Any], seconds: float = READ_SECONDS) -> Any:
        """The result of a method. Raises SendFailedError, which names no address: addresses hold the token."""
        if self._session is None:
            raise SendFailedError(Failure.TRANSIENT, "session is closed")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=seconds)
        try:
            async with self._session.post(
                self._methods + method, json=data, timeout=timeout, allow_redirects=False
            ) as response:
                status, content = response.status, await response.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise SendFailedError(Failure.TRANSIENT, f"no connection ({type(error).__name__})") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise SendFailedError(Failure.AMBIGUOUS, f"no reply ({type(error).__name__})") from error
        return _result(status, content)


def _result(status: int, content: bytes) -> Any:
    """What an answer brings: success is a 2xx status and `ok`, neither of them alone."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        # A wrong token can be answered without JSON; a success cannot.
        failure = Failure.AMBIGUOUS if status < 300 else _meaning(status)
        raise SendFailedError(failure, f"answer without JSON ({status})", code=status)
    if status < 300 and body.get("ok") is True:
        return body.get("result")
    stated = body.get("error_code")
    code = stated if isinstance(stated, int) and stated >= 400 else status
    raise SendFailedError(_meaning(code), f"{code} {str(body.get('description') or '')[:200]}", code=code)


def _meaning(code: int) -> Failure:
    if code in MEANINGS:
        return MEANINGS[code]
    return Failure.REQUEST if 300 <= code < 500 else Failure.TRANSIENT


def _content(message: dict[str, Any]) -> tuple[Kind, Media | None]:
    photo = message.get("photo_url") or message.get("photo")
    if isinstance(photo, str) and photo:
        return Kind.PHOTO, Media(photo, mime="image/jpeg")
    if message.get("voice_url"):
        return Kind.VOICE, None
    if isinstance(message.get("text"), str) and not message.get("sticker"):
        return Kind.TEXT, None
    return Kind.OTHER, None


def _private(chat: dict[str, Any], sender: dict[str, Any]) -> bool:
    kind = str(chat.get("chat_type") or "").upper()
    return kind == "PRIVATE" if kind else chat["id"] == sender["id"]


def _milliseconds(date: Any) -> int:
    if not isinstance(date, int | float | str) or isinstance(date, bool):
        return 0
    try:
        value = int(float(date))
    except (ValueError, OverflowError):
        return 0
    return value * 1000 if 0 < value < YEAR_5138_IN_SECONDS else value


def _moment(date: Any) -> datetime | None:
    value = _milliseconds(date)
    return datetime.fromtimestamp(value / 1000, UTC) if value > 0 else None
