"""What can come in from a chat and go out to it: every channel speaks these words and no others.

Nothing here knows a network. A channel turns its own payloads into `Incoming`; the renderer turns a
`Reply` into what a network can show. Buttons only ever repeat what the text already offers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a person did, as far as every network can tell."""

    TEXT = "text"
    TAP = "tap"
    PHOTO = "photo"  # an image, sent as a photo or as a file
    PLACE = "place"
    VOICE = "voice"  # a voice note, a sound file
    VIDEO = "video"  # also the round ones
    FILE = "file"  # a document that is no image
    OTHER = "other"  # stickers, polls, things we cannot read
    JOINED = "joined"  # the person (re)opened the chat with the bot
    LEFT = "left"  # the person blocked the bot
    FETCHED = "fetched"  # ours: the bytes of an awaited photo are stored, or could not be had
    QUIET = "quiet"  # ours: a burst of photos has fallen silent
    DONE = "done"  # ours: slow work that was ordered aside has ended, or has to wait


# The album of a photo from a network without albums: each stands for itself, those in a row are acknowledged together.
BURST = "burst"


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a talk happens: network, our account there, and the network's own chat id."""

    channel: str
    account: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How the network of a chat is written to: messages are few, so that each asks more; it can show pictures."""

    sparing: bool = False
    pictures: bool = True


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file the network holds for us: enough to fetch it again, never a link that carries our token."""

    ref: str  # what the channel needs to download it
    unique: str = ""  # the network's identity of the same bytes, if it has one
    size: int = 0  # bytes, 0 = unknown
    mime: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did in a chat. Text is NFC; times are aware UTC."""

    kind: Kind
    chat: Chat
    user_id: str
    message_id: int = 0  # position in the chat where the network numbers messages, else 0
    text: str = ""  # typed text, or the caption
    token: str = ""  # tap: the button's token
    callback: str = ""  # tap: what the network wants answered
    media: Media | None = None
    album: str = ""
    place: tuple[float, float] | None = None
    private: bool = True  # False in groups and channels
    trusted: bool = True  # False when forwarded, sent on behalf of a channel, or by a bot: no identity
    edited: bool = False
    sent_at: datetime | None = None
    details: dict[str, Any] = field(default_factory=dict)  # ours: what FETCHED, QUIET and DONE are about


@dataclass(frozen=True, slots=True)
class Choice:
    """An offered answer: the words shown, and what typing it would send."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send: its name as shown, and the SHA-256 of its bytes in the store of what passes through.

    `instead` is said when the file cannot be shown (a network without files, too large, perhaps lost on the way):
    where else it is to be had.
    """

    name: str
    sha256: str
    instead: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a chat.

    `focus` says what a bare answer to it means (None: a notice, which never becomes the latest prompt).
    `photo` is the SHA-256 of a picture to show above the text: stored evidence, or one that only passes through;
    `document` a file that goes with it.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    focus: dict[str, Any] | None = None
    photo: str = ""
    document: Document | None = None
