"""A reply becomes what one network can show: plain text, split within its limits, buttons only as decoration.

No markup is ever used, so nothing a person typed can break a message or dress it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.channels.port import Attachment, Button, Capabilities, Outgoing
from inspection.phrases import say

NUMBERING = len("(10/99) ")
MAX_BUTTONS = 100
# How many buttons share a row, as long as each label has at most so many characters.
WIDTHS = ((3, 9), (2, 16))
BOUNDARIES = ("\n\n", "\n", " ")  # paragraph, line, word


def render(
    payload: dict[str, Any], capabilities: Capabilities, token: str, chat_id: str, media: bytes = b""
) -> list[Outgoing]:
    """Messages in the order of sending; the question, its choices and the buttons are in the last one.

    `payload` is that of `storage.outbox.Parcel`; `media` the bytes of its picture or document, empty if there are none.
    A tap on a button comes back as "<token>:<position of the choice>".
    """
    choices: Sequence[Sequence[str]] = payload.get("choices") or ()
    text = str(payload.get("text") or "")
    shown, words = _media(payload, capabilities, media)
    text = "\n".join(part for part in (words.get("before"), text, words.get("behind")) if part)
    buttons: tuple[tuple[Button, ...], ...] = ()
    if capabilities.buttons:
        buttons = rows([Button(c[0], f"{token}:{i}") for i, c in enumerate(choices[:MAX_BUTTONS])])
    else:
        text = with_typed_choices(text, choices, "Or type: " if payload.get("language") == "en" else "Hoặc gõ: ")
    if shown and length(text) <= capabilities.max_caption:
        return [Outgoing(chat_id, text, buttons, **shown)]
    messages = [Outgoing(chat_id, part) for part in numbered(text, capabilities.max_text)]
    if messages and buttons:
        messages[-1] = Outgoing(chat_id, messages[-1].text, buttons)
    if shown:
        messages.insert(0, Outgoing(chat_id, _headline(text, capabilities.max_caption), **shown))
    return messages


def _media(payload: dict[str, Any], capabilities: Capabilities, media: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """The picture or file of a message as fields of `Outgoing`; or the words that stand in for it."""
    if payload.get("photo") and not capabilities.photos:
        return {}, {"before": say(str(payload.get("language") or "vi"), "photo_not_shown")}
    if payload.get("photo"):
        return ({"photo": media, "photo_name": payload["photo"]} if media else {}), {}
    if document := payload.get("document"):
        attached = Attachment(document["name"], media, document["instead"])
        fits = 0 < len(media) <= capabilities.max_file
        return ({"document": attached}, {}) if fits else ({}, {"behind": attached.instead})
    return {}, {}


def without_media(message: Outgoing) -> Outgoing:
    """The same without its picture or file, whose place its words take."""
    instead = message.document.instead if message.document is not None else ""
    return replace(message, text=f"{message.text}\n{instead}".strip(), photo=b"", photo_name="", document=None)


def with_typed_choices(text: str, choices: Sequence[Sequence[str]], lead: str = "Hoặc gõ: ") -> str:
    """For networks without buttons: name the choices that the text does not name itself."""
    known = text.casefold()
    missing = [
        f"{value} ({label})" if value.isdigit() else value
        for label, value in choices
        if not label[:1].isdigit() and label.casefold() not in known
    ]
    if not missing:
        return text
    return f"{text}\n{lead}{'; '.join(dict.fromkeys(missing))}".lstrip("\n")


def rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Short labels share a row, a long one stands alone; the order is kept."""
    laid: list[tuple[Button, ...]] = []
    rest = tuple(buttons)
    while rest:
        count = next((n for n, width in WIDTHS if _short(rest[:n], n, width)), 1)
        laid.append(rest[:count])
        rest = rest[count:]
    return tuple(laid)


def numbered(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters; more than one carry "(1/2) " in front."""
    if length(text) <= limit:
        return [text] if text.strip() else []
    parts = split(text, limit - NUMBERING)
    return [f"({i}/{len(parts)}) {part}" for i, part in enumerate(parts, 1)]


def split(text: str, limit: int) -> list[str]:
    """Cut at paragraphs, then lines, then words, filling from the end: the question stays in one piece."""
    extra = length(text) - len(text)
    limit = max(limit // 2, limit - extra)  # safe wherever the wide characters stand
    parts: list[str] = []
    while len(text) > limit:
        head, tail = _cut(text, limit)
        if tail:
            parts.append(tail)
        text = head
    return [part for part in (text, *reversed(parts)) if part.strip()]


def length(text: str) -> int:
    """Characters as networks count them: one outside the basic plane (most emoji) counts twice."""
    # A lone surrogate counts as what it is, half a pair, instead of raising.
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, limit: int) -> tuple[str, str]:
    for boundary in BOUNDARIES:
        at = text.find(boundary, max(0, len(text) - limit - len(boundary)))
        if at > 0 and text[at:].strip():
            return text[:at].rstrip(), text[at:].strip()
    return text[:-limit].rstrip(), text[-limit:].strip()


def _short(row: Sequence[Button], count: int, width: int) -> bool:
    return len(row) == count and all(len(button.label) <= width for button in row)


def _headline(text: str, limit: int) -> str:
    first = text.strip().split("\n", 1)[0]
    return first if length(first) <= limit else first[: max(0, limit // 2 - 1)].rstrip() + "…" * (limit > 0)
