"""A message has three shapes: the bot gets it as the Bot API's object, the web page as a view, the store as a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.simulator.files import File
from bot.simulator.store import Json

if TYPE_CHECKING:
    from bot.simulator.chats import Chat

COMMAND: Final = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")


@dataclass(slots=True, eq=False)
class Message:
    """A message in a chat. `sender` is the user object of a person, or None for the bot; dates are Unix seconds."""

    chat: Chat
    message_id: int
    sender: Json | None
    date: int
    text: str | None = None
    caption: str | None = None
    entities: list[Json] | None = None
    markup: Json | None = None
    photo: tuple[File, ...] = ()
    document: File | None = None
    voice: File | None = None
    location: Json | None = None
    album: str | None = None
    edited: int | None = None
    reply_to: int | None = None
    at: int = 0  # the date more finely, in milliseconds

    @property
    def milliseconds(self) -> int:
        """The date in milliseconds since 1970."""
        return self.at or self.date * 1000

    @property
    def key(self) -> str:
        """Its key in the store."""
        return f"{self.chat.chat_id}/{self.message_id}"

    @property
    def inline(self) -> list[list[Json]] | None:
        return (self.markup or {}).get("inline_keyboard")

    def row(self) -> Json:
        kept = {name: getattr(self, name) for name in MESSAGE_FIELDS}
        return {"chat": self.chat.chat_id, **{name: value for name, value in kept.items() if value}}

    def api(self, bot: Json) -> Json:
        """The message as the Bot API shows it; `bot` is the bot's user object."""
        chat = self.chat
        shown: Json = {"message_id": self.message_id, "from": self.sender or bot, "chat": chat.api()}
        shown["date"] = self.date
        if self.edited:
            shown["edit_date"] = self.edited
        words = "text" if self.text is not None else "caption"
        if self.text is not None or self.caption is not None:
            shown[words] = getattr(self, words)
            if self.entities:
                shown["entities" if words == "text" else "caption_entities"] = self.entities
        if self.reply_to and (answered := chat.messages.get(self.reply_to)):
            shown["reply_to_message"] = replace(answered, reply_to=None).api(bot)
        if self.markup and "inline_keyboard" in self.markup:
            shown["reply_markup"] = self.markup
        return shown | self._media()

    def _media(self) -> Json:
        shown: Json = {}
        if self.photo:
            shown["photo"] = [size.api() for size in self.photo]
        if self.document:
            shown["document"] = self.document.api()
        if self.voice:
            shown["voice"] = self.voice.api()
        if self.location:
            shown["location"] = self.location
        if self.album:
            shown["media_group_id"] = self.album
        return shown

    def view(self, bot: Json) -> Json:
        """The message as the web page shows it; dates in ISO 8601, UTC."""
        largest = self.photo[-1] if self.photo else None
        document, voice = self.document, self.voice
        return {
            "message_id": self.message_id,
            "from": "person" if self.sender else "bot",
            "name": (self.sender or bot)["first_name"],
            "text": self.text if self.text is not None else self.caption,
            "entities": self.entities or [],
            "date": datetime.fromtimestamp(self.date, UTC).isoformat(),
            "edited": self.edited is not None,
            "photo": largest and {"url": f"/files/{largest.file_id}", "width": largest.width, "height": largest.height},
            "document": document
            and {"url": f"/files/{document.file_id}", "name": document.name, "size": document.size},
            "voice": voice and {"url": f"/files/{voice.file_id}", "duration": voice.duration},
            "location": self.location,
            "buttons": [[button_view(each) for each in line] for line in self.inline or []],
            "keyboard": [[key_view(each) for each in line] for line in (self.markup or {}).get("keyboard", [])],
            "album": self.album,
            "reply_to": self.reply_to,
        }


MESSAGE_FIELDS: Final = tuple(each.name for each in fields(Message) if each.name != "chat")


def read_message(chat: Chat, row: Json) -> Message:
    """A message from its row."""
    kept: Json = {name: row.get(name) for name in MESSAGE_FIELDS}
    kept["photo"] = tuple(File(*each) for each in kept["photo"] or ())
    for name in ("document", "voice"):
        kept[name] = File(*kept[name]) if kept[name] else None
    return Message(chat=chat, **kept)


def button_view(button: Json) -> Json:
    return {"text": button["text"], "data": button.get("callback_data"), "url": button.get("url")}


def key_view(key: Json | str) -> Json:
    key = {"text": key} if isinstance(key, str) else key
    asked = "location" if key.get("request_location") else "contact" if key.get("request_contact") else None
    return {"text": key["text"], "request": asked}


def command_entities(text: str) -> list[Json] | None:
    """The commands in what a person typed, marked as the network marks them; None when there are none."""
    if "/" not in text:
        return None
    return [
        {"type": "bot_command", "offset": utf16(text[: found.start()]), "length": utf16(found.group())}
        for found in COMMAND.finditer(text)
    ] or None


def utf16(text: str) -> int:
    """The length in UTF-16 units, in which the Bot API counts entities."""
    return len(text.encode("utf-16-le")) // 2
