"""Telegram is asked and told in raw JSON: an update the library could not decode must never cost its batch.

The offset moves only after `accept` has returned, so an update stays with Telegram until its inbox row is durable.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import RequestData

from bot.channels.aiohttp_request import AiohttpRequest, DownloadTooLargeError, NoReplyError, PlainData
from bot.channels.hooking import DEAF_AFTER as HOOK_DEAF_AFTER
from bot.channels.hooking import keep_address
from bot.channels.port import (
    Accept,
    Button,
    Capabilities,
    ChannelOptions,
    Failure,
    FetchFailedError,
    Outgoing,
    RawUpdate,
    SendFailedError,
)
from inspection.messages import Chat, Incoming, Kind, Media
from inspection.words import nfc

log = logging.getLogger(__name__)

API_URL = "https://api.telegram.org"
# `my_chat_member` must be named, or a person blocking the bot goes unnoticed until a send fails.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 25
POLL_SLACK = 15.0  # seconds a poll may be late before it is given up
DEAF_AFTER = 90.0  # seconds without a finished poll
BATCH = 100
CONNECTIONS = 64
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes, Telegram's own
UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_SECONDS = 60.0
TAP_TEXT = 200  # characters
# Refusals with status 400 that are about the person, not about the message.
GONE = ("chat not found", "user not found", "peer_id_invalid", "deactivated", "bot was kicked", "chat was deleted")
GONE_STATES = ("kicked", "left")
HERE_STATES = ("member", "administrator", "creator", "restricted")


class TelegramChannel:
    """One bot account. `api_url` is the root of a Bot API server, "" for Telegram's own."""

    name = "telegram"
    secret_header = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name

    def __init__(
        self,
        token: str,
        api_url: str = "",
        options: ChannelOptions | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pauses: tuple[float, float] = (0.5, 15.0),
    ) -> None:
        root = (api_url or API_URL).rstrip("/")
        self.account = token.split(":", 1)[0]
        silence = (options or ChannelOptions()).burst_silence
        self.capabilities = Capabilities(4096, 1024, True, True, True, silence, UPLOAD_LIMIT)
        self.last_poll = monotonic()  # when a poll last succeeded, on the given clock
        self._deaf_after = DEAF_AFTER
        self._polled = False
        self._monotonic = monotonic
        self._pauses = pauses
        self._troubles = 0
        self._files = f"{root}/file/bot{token}"
        self._request = AiohttpRequest(CONNECTIONS)
        self._polling = AiohttpRequest(1, POLL_SECONDS + POLL_SLACK)  # of its own: polling never waits for a slot
        self._bot = _RawBot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._request,
            get_updates_request=self._polling,
        )

    # --- life ------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Open the sessions; asks the network nothing, so that a start without it succeeds."""
        await self._request.initialize()
        await self._polling.initialize()

    async def close(self) -> None:
        """Close the sessions; requests under way fail."""
        await self._request.shutdown()
        await self._polling.shutdown()

    async def username(self) -> str:
        """The bot's public name, for invitation links. Raises SendFailedError."""
        return str((await self._call("getMe", {})).get("username", ""))

    async def alive(self) -> bool:
        """Whether the network answers at all."""
        try:
            await self._bot.call("getMe", {})
        except TelegramError:
            return False
        return True

    def healthy(self, now: float) -> bool:
        """Whether the network was heard of lately; `now` is on the monotonic clock."""
        return now - self.last_poll < self._deaf_after

    # --- updates in ------------------------------------------------------------------------------------------

    async def listen(self, accept: Accept) -> None:
        """Hand over updates for ever. Raises SendFailedError (CREDENTIAL) when the token is refused at the start."""
        offset = 0
        pauses = self._growing_pauses()
        while True:
            try:
                batch = await self._bot.call("getUpdates", _poll_parameters(offset))
                self.heard()
                self._polled = True
                offset = await self._hand_over(batch, offset, accept)
                pauses = self._growing_pauses()
                continue
            except InvalidToken as error:
                if not self._polled:
                    raise SendFailedError(Failure.CREDENTIAL, "Telegram refuses the token of this bot") from error
                log.error("telegram %s: the token is refused; was it revoked?", self.account)
            except Conflict as error:
                if "webhook" in str(error).lower():
                    await self._unhook()
                else:
                    log.error("telegram %s: another process is polling with the same token; waiting", self.account)
            except TelegramError as error:
                log.warning("telegram %s: poll failed, trying again: %s", self.account, error)
            except Exception:  # a deaf process that looks alive is the worst outcome
                log.exception("telegram %s: poll failed (ref. %s)", self.account, self._reference())
            await asyncio.sleep(next(pauses))

    async def _hand_over(self, batch: Any, offset: int, accept: Accept) -> int:
        """Offer a batch until it is accepted; returns the next offset."""
        if not isinstance(batch, list):
            raise TelegramError("Invalid server response")
        updates = [u for u in batch if isinstance(u, dict) and type(u.get("update_id")) is int]
        if len(updates) < len(batch):
            log.error("telegram %s: stepped over %d updates without id", self.account, len(batch) - len(updates))
            if not updates:
                raise TelegramError("nothing readable in the batch")
        raw = [RawUpdate(str(u["update_id"]), u) for u in updates]
        pauses = self._growing_pauses()
        while raw:
            try:
                await accept(raw)
                break
            except Exception:  # whatever kept it from being stored, it is not acknowledged
                log.exception(
                    "telegram %s: %d updates not stored, offered again (ref. %s)",
                    self.account,
                    len(raw),
                    self._reference(),
                )
                await asyncio.sleep(next(pauses))
        return max((u["update_id"] + 1 for u in updates), default=offset)

    async def _unhook(self) -> None:
        """Polling is refused while a webhook of an earlier configuration is set."""
        try:
            await self._bot.call("deleteWebhook", {})
        except TelegramError as error:
            log.warning("telegram %s: the webhook was not removed: %s", self.account, error)

    async def keep_webhook(self, url: str, secret: str) -> None:
        """See to it for ever that updates are sent to this address. Raises SendFailedError for a refused token."""
        self._deaf_after = HOOK_DEAF_AFTER
        given = {"url": url, "secret_token": secret, "allowed_updates": list(WANTED)}

        async def current() -> str:
            return str((await self._call("getWebhookInfo", {})).get("url") or "") if self._polled else ""

        async def give() -> None:
            # At the start always: which updates are wanted and which secret holds cannot be asked for.
            await self._call("setWebhook", given)
            self._polled = True

        await keep_address(f"telegram {self.account}", url, current=current, give=give, seen=self.heard)

    def called(self, body: Any) -> RawUpdate:
        """The update in the body of a call. Raises ValueError when there is none in it."""
        if not isinstance(body, dict) or type(body.get("update_id")) is not int:
            raise ValueError("no update")
        return RawUpdate(str(body["update_id"]), body)

    def heard(self) -> None:
        """The network was heard of just now."""
        self.last_poll = self._monotonic()

    def _growing_pauses(self) -> Iterator[float]:
        pause, longest = self._pauses
        while True:
            yield min(pause, longest)
            pause *= 2

    def _reference(self) -> str:
        self._troubles += 1
        return f"TG-{self._troubles:04d}"

    def read(self, payload: dict[str, Any]) -> Incoming | None:
        """Translate a raw update; None when it is none of our business. Raises ValueError if undecodable."""
        try:
            for key, reader in _READERS.items():
                if key in payload:
                    return reader(self, payload[key])
        except (LookupError, TypeError, AttributeError, ArithmeticError, OSError) as error:
            raise ValueError(f"undecodable update: {type(error).__name__} {error}") from error
        return None

    def _message(self, message: dict[str, Any], *, edited: bool = False) -> Incoming:
        kind, media, place = _content(message)
        sender = message.get("from") or {}
        return Incoming(
            kind=kind,
            chat=self._chat(message["chat"]),
            user_id=str(sender.get("id", "")),
            message_id=int(message["message_id"]),
            text=nfc(message.get("text") or message.get("caption") or ""),
            media=media,
            album=str(message.get("media_group_id") or ""),
            place=place,
            private=message["chat"].get("type") == "private",
            trusted=_trusted(message, sender),
            edited=edited,
            sent_at=_moment(message.get("edit_date") if edited else message["date"]),
        )

    def _edited(self, message: dict[str, Any]) -> Incoming:
        return self._message(message, edited=True)

    def _tap(self, query: dict[str, Any]) -> Incoming | None:
        message = query.get("message")
        if message is None:  # of a message sent by way of another chat: not ours
            return None
        return Incoming(
            kind=Kind.TAP,
            chat=self._chat(message["chat"]),
            user_id=str(query["from"]["id"]),
            message_id=int(message["message_id"]),
            token=str(query.get("data") or ""),
            callback=str(query["id"]),
            private=message["chat"].get("type") == "private",
            trusted=not query["from"].get("is_bot", False),
        )

    def _membership(self, change: dict[str, Any]) -> Incoming | None:
        status = change["new_chat_member"]["status"]
        if status not in (*GONE_STATES, *HERE_STATES):
            return None
        return Incoming(
            kind=Kind.LEFT if status in GONE_STATES else Kind.JOINED,
            chat=self._chat(change["chat"]),
            user_id=str(change["from"]["id"]),
            private=change["chat"].get("type") == "private",
            trusted=not change["from"].get("is_bot", False),
            sent_at=_moment(change["date"]),
        )

    def _chat(self, chat: dict[str, Any]) -> Chat:
        return Chat(self.name, self.account, str(chat["id"]))

    # --- messages out ----------------------------------------------------------------------------------------

    async def send(self, message: Outgoing) -> int:
        """Send and return the network's message id. Raises SendFailedError."""
        data: dict[str, Any] = {"chat_id": _number(message.chat_id)}
        if message.buttons:
            data["reply_markup"] = {"inline_keyboard": [[_button(b) for b in row] for row in message.buttons]}
        if message.photo:
            data["photo"] = InputFile(message.photo, filename="photo.jpg")
            data["caption"] = message.text
            sent = await self._call("sendPhoto", data)
        elif message.document is not None:
            data["document"] = InputFile(message.document.data, filename=message.document.name)
            data["caption"] = message.text
            # Without it, the network looks into a file and may show it as something else.
            data["disable_content_type_detection"] = True
            sent = await self._call("sendDocument", data)
        else:
            data["text"] = message.text
            sent = await self._call("sendMessage", data)
        try:
            return int(sent["message_id"])
        except (KeyError, TypeError, ValueError) as error:
            raise SendFailedError(Failure.AMBIGUOUS, "reply without message id") from error

    async def answer_tap(self, callback: str, text: str) -> None:
        """End the spinner of a tapped button; a tap that is too old is left alone. Raises SendFailedError."""
        await self._harmless("answerCallbackQuery", {"callback_query_id": callback, "text": text[:TAP_TEXT]})

    async def edit(self, chat_id: str, message_id: int, text: str) -> None:
        """Rewrite a sent message and drop its buttons; harmless when unchanged or too old. Raises SendFailedError."""
        target = {"chat_id": _number(chat_id), "message_id": message_id}
        try:
            await self._bot.call("editMessageText", {**target, "text": text})
        except BadRequest as error:
            if "no text in the message" in str(error).lower():  # what stands below a photo or file is its caption
                await self._harmless("editMessageCaption", {**target, "caption": text[: self.capabilities.max_caption]})
        except TelegramError as error:
            raise classified(error) from error

    async def show_work(self, chat_id: str) -> None:
        """Show for five seconds that something is being written. Raises SendFailedError."""
        await self._harmless("sendChatAction", {"chat_id": _number(chat_id), "action": "typing"})

    async def set_commands(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None:
        """Show this person the commands of their role. Raises SendFailedError."""
        listed = [{"command": name.lstrip("/"), "description": text} for name, text in commands]
        scope = {"type": "chat", "chat_id": _number(chat.chat_id)}
        await self._call("setMyCommands", {"commands": listed, "scope": scope})

    async def fetch(self, media: Media) -> bytes:
        """Download a picture or file of at most 20 MB. Raises FetchFailedError."""
        if media.size > DOWNLOAD_LIMIT:
            raise FetchFailedError("file is too big", final=True)
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                found = await self._bot.call("getFile", {"file_id": media.ref})
                # The path is used at once and kept nowhere: with it goes the token.
                return await self._request.download(f"{self._files}/{found['file_path']}", DOWNLOAD_LIMIT)
        except DownloadTooLargeError as error:
            raise FetchFailedError("file is too big", final=True) from error
        except TelegramError as error:
            raise FetchFailedError(str(error), final="too big" in str(error).lower()) from error
        except (TimeoutError, KeyError, TypeError) as error:
            raise FetchFailedError(f"no file ({type(error).__name__})", final=False) from error

    async def _call(self, method: str, data: dict[str, Any]) -> Any:
        try:
            return await self._bot.call(method, data)
        except TelegramError as error:
            raise classified(error) from error

    async def _harmless(self, method: str, data: dict[str, Any]) -> None:
        try:
            await self._bot.call(method, data)
        except BadRequest as error:
            log.debug("telegram %s: %s: %s", self.account, method, error)
        except TelegramError as error:
            raise classified(error) from error


_READERS: dict[str, Callable[[TelegramChannel, dict[str, Any]], Incoming | None]] = {
    "message": TelegramChannel._message,
    "edited_message": TelegramChannel._edited,
    "callback_query": TelegramChannel._tap,
    "my_chat_member": TelegramChannel._membership,
}


class _RawBot(Bot):
    """The library's requests and errors without its objects.

    `do_api_request` is not it: that warns at each method it has an object for.
    """

    __slots__ = ()

    async def call(self, method: str, data: dict[str, Any]) -> Any:
        """The `result` of one method, as JSON. Raises TelegramError."""
        try:
            if any(isinstance(value, InputFile) for value in data.values()):
                return await self._post(method, data)
            request = self._request[0 if method == "getUpdates" else 1]
            ready = cast(RequestData, PlainData(data))
            return await request.post(f"{self.base_url}/{method}", ready)
        except KeyError as error:
            raise TelegramError("Invalid server response") from error


def classified(error: TelegramError) -> SendFailedError:
    """What a refusal means for the message that met it."""
    text = str(error)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return SendFailedError(Failure.THROTTLED, text, wait if isinstance(wait, int) else wait.total_seconds())
    if isinstance(error, BadRequest):  # before NetworkError, of which it is a subclass
        gone = any(sign in text.lower() for sign in GONE)
        return SendFailedError(Failure.RECIPIENT if gone else Failure.REQUEST, text)
    for kinds, failure in _FAILURES:
        if isinstance(error, kinds):
            return SendFailedError(failure, text)
    return SendFailedError(Failure.AMBIGUOUS, text)  # an answer that cannot be read


_FAILURES: tuple[tuple[tuple[type[TelegramError], ...], Failure], ...] = (
    ((Forbidden, ChatMigrated), Failure.RECIPIENT),
    ((InvalidToken,), Failure.CREDENTIAL),
    ((TimedOut, NoReplyError), Failure.AMBIGUOUS),  # before NetworkError, too
    ((NetworkError, Conflict), Failure.TRANSIENT),
)


def _poll_parameters(offset: int) -> dict[str, Any]:
    # The list is given each time: the server remembers the last one, whoever sent it.
    return {"offset": offset, "timeout": POLL_SECONDS, "limit": BATCH, "allowed_updates": list(WANTED)}


def _content(message: dict[str, Any]) -> tuple[Kind, Media | None, tuple[float, float] | None]:
    if "text" in message:
        return Kind.TEXT, None, None
    if "photo" in message:
        return Kind.PHOTO, _largest(message["photo"]), None
    if "document" in message and "animation" not in message:
        media = _media(message["document"])
        return (Kind.PHOTO if media.mime.startswith("image/") else Kind.FILE), media, None
    if "location" in message:
        return Kind.PLACE, None, (float(message["location"]["latitude"]), float(message["location"]["longitude"]))
    for key, kind in _RECORDINGS.items():
        if key in message:
            return kind, _media(message[key]), None
    return Kind.OTHER, None, None


_RECORDINGS = {"voice": Kind.VOICE, "audio": Kind.VOICE, "video_note": Kind.VIDEO, "video": Kind.VIDEO}


def _largest(sizes: list[dict[str, Any]]) -> Media:
    best = max(sizes, key=lambda s: (s.get("width", 0) * s.get("height", 0), s.get("file_size", 0)))
    return _media(best, mime="image/jpeg")


def _media(file: dict[str, Any], *, mime: str = "") -> Media:
    return Media(
        ref=file["file_id"],
        unique=file.get("file_unique_id") or "",
        size=int(file.get("file_size") or 0),
        mime=mime or file.get("mime_type") or "",
        name=nfc(file.get("file_name") or ""),
    )


def _trusted(message: dict[str, Any], sender: dict[str, Any]) -> bool:
    borrowed = ("forward_origin", "forward_date", "sender_chat", "via_bot")
    return bool(sender) and not sender.get("is_bot", False) and not any(key in message for key in borrowed)


def _moment(seconds: Any) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _number(chat_id: str) -> int | str:
    return int(chat_id) if chat_id.lstrip("-").isdigit() else chat_id


def _button(button: Button) -> dict[str, str]:
    return {"text": button.label, "callback_data": button.data}
