"""The contract of a chat network: how updates come in, how messages go out, and what can go wrong.

A channel only translates and classifies. It never decides what to say, never retries a message and
never touches the database: the inbox comes before it acknowledges, the outbox before it sends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from inspection.messages import Chat, Incoming, Manner, Media


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network can show; asked by the renderer, never by the dialogue."""

    max_text: int
    max_caption: int
    buttons: bool
    edits: bool
    numbered_messages: bool  # message ids of one chat grow, in both directions
    burst_silence: float  # seconds without a photo that close a burst
    max_file: int = 0  # bytes of a document that can be sent; 0: none can
    max_handout: int = 0  # bytes of a document that is had by an address of ours where none can be sent; 0: none
    photos: bool = True  # pictures can be shown at all
    per_second: float = 0.0  # messages of this account, 0 = as the setting says
    monthly_messages: int = 0  # of this account, 0 = as many as we like; where it is short, sections are asked in pairs
    users: int = 0  # people one account can serve, 0 = any number

    def manner(self) -> Manner:
        """What the conversation has to know of it."""
        return Manner(sparing=self.monthly_messages > 0, pictures=self.photos)


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """One update as the network sent it. `key` is unique per channel and account."""

    key: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document as it is sent; `instead` is the text that stands in for it where it cannot be."""

    name: str
    data: bytes
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready for one network: already split, already within its limits."""

    chat_id: str
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    photo: bytes = b""
    document: Attachment | None = None
    photo_name: str = ""  # the SHA-256 under which the photo is kept, for networks that fetch it themselves


class Failure(StrEnum):
    TRANSIENT = "transient"  # 5xx, refused connection: nothing was delivered
    THROTTLED = "throttled"  # wait `after` seconds
    AMBIGUOUS = "ambiguous"  # the request may have been accepted
    RECIPIENT = "recipient"  # this person cannot be reached (blocked, gone)
    REQUEST = "request"  # this message will never be accepted
    CREDENTIAL = "credential"  # our token is refused


class SendFailedError(Exception):
    """A send that did not succeed, classified; `after` is the wait in seconds the network asked for, `code` its own."""

    def __init__(self, failure: Failure, reason: str, after: float = 0.0, *, code: int = 0) -> None:
        super().__init__(reason)
        self.failure = failure
        self.after = after
        self.code = code


class FetchFailedError(Exception):
    """A picture or file could not be downloaded; `final` when trying again is useless."""

    def __init__(self, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.final = final


Accept = Callable[[Sequence[RawUpdate]], Awaitable[None]]
Address = Callable[[str], str]  # of evidence, by its SHA-256: where a network can fetch it for a while


@dataclass(frozen=True, slots=True)
class ChannelOptions:
    """What an installation says of its networks; `address` is None where nothing of ours can be reached."""

    burst_silence: float = 2.0  # seconds
    monthly_messages: int = 0  # of each account on a metered network
    users: int = 0
    address: Address | None = None


@runtime_checkable
class Named(Protocol):
    """A network whose links can carry an invitation code to us, for which it has to know our name."""

    async def username(self) -> str: ...


@runtime_checkable
class Hooked(Protocol):
    """A network that can call us instead of being asked; `secret_header` carries the secret both sides know."""

    secret_header: str

    async def keep_webhook(self, url: str, secret: str) -> None:
        """See to it for ever that updates are sent to this address; in place of `listen`."""
        ...

    def called(self, body: Any) -> RawUpdate:
        """The update in the decoded body of a call. Raises ValueError when there is none in it."""
        ...

    def heard(self) -> None:
        """A call has come: the network is not deaf."""
        ...


class Channel(Protocol):
    """One network account of ours."""

    name: str
    account: str
    capabilities: Capabilities

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def listen(self, accept: Accept) -> None:
        """Hand over updates for ever. `accept` returns once they are stored; only then acknowledge.

        If `accept` raises, nothing is acknowledged and the same updates are offered again.
        """
        ...

    def read(self, payload: dict[str, Any]) -> Incoming | None:
        """Translate a raw update; None when it is none of our business. Raises ValueError if undecodable."""
        ...

    async def send(self, message: Outgoing) -> int:
        """Send and return the network's message id. Raises SendFailedError.

        Where messages are not numbered: the moment the network took it, by the clock that dates what people send, in
        milliseconds since 1970; 0 if it did not say.
        """
        ...

    async def answer_tap(self, callback: str, text: str) -> None:
        """End the spinner of a tapped button; never raises for a tap that is too old."""
        ...

    async def edit(self, chat_id: str, message_id: int, text: str) -> None:
        """Rewrite a sent message and drop its buttons; harmless when unchanged or too old."""
        ...

    async def fetch(self, media: Media) -> bytes:
        """Download a picture or a file. Raises FetchFailedError."""
        ...

    async def set_commands(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None:
        """Show this person the commands of their role, where the network has a menu."""
        ...
