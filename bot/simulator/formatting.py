"""Words and keyboards come out of the parameters as the real service shows them, or are refused as it refuses them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from bot.simulator.limits import ApiError, Limits
from bot.simulator.messages import utf16
from bot.simulator.params import Params
from bot.simulator.store import Json

TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}


class _Markup(HTMLParser):
    """Telegram's HTML: plain text and entities with UTF-16 offsets."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self._open: list[tuple[str, int, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS and tag != "span":
            raise ApiError(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self._open.append((tag, utf16(self.text), dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise ApiError(400, f'Bad Request: can\'t parse entities: Unexpected end tag "{tag}"')
        _, start, link = self._open.pop()
        length = utf16(self.text) - start
        if length and tag in TAGS:
            entity: Json = {"type": TAGS[tag], "offset": start, "length": length}
            self.entities.append(entity | ({"url": link} if link else {}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def whole(self) -> tuple[str, list[Json]]:
        self.close()
        if self._open:
            raise ApiError(400, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag")
        return self.text, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))


def read_words(raw: str, params: Params, entities: str) -> tuple[str, list[Json] | None]:
    """Text and entities of a text or caption, after the parse mode."""
    mode = params.text("parse_mode").lower()
    if not mode:
        return raw.strip(), params.structure(entities) or None
    if mode != "html":
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    markup = _Markup()
    markup.feed(raw.strip())
    text, found = markup.whole()
    return text, found or None


def read_text(params: Params, limits: Limits) -> tuple[str, list[Json] | None]:
    """The text of a message and its entities."""
    text, entities = read_words(params.text("text"), params, "entities")
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text) > limits.text:
        raise ApiError(400, "Bad Request: message is too long")
    return text, entities


def read_caption(params: Params, limits: Limits) -> Json:
    """The caption and its entities, as fields of a message."""
    caption, entities = read_words(params.text("caption"), params, "caption_entities")
    if len(caption) > limits.caption:
        raise ApiError(400, "Bad Request: message caption is too long")
    return {"caption": caption or None, "entities": entities}


def read_markup(params: Params, limits: Limits) -> Json | None:
    """The reply markup, refused where the real service refuses it."""
    markup = params.structure("reply_markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise ApiError(400, "Bad Request: object expected as reply markup")
    if "inline_keyboard" not in markup:
        return markup
    lines = [line for line in markup["inline_keyboard"] if line]
    if sum(len(line) for line in lines) > limits.buttons or any(len(line) > limits.buttons_per_row for line in lines):
        raise ApiError(400, "Bad Request: reply markup is too long")
    for line in lines:
        for button in line:
            _check_button(button, limits.callback_data)
    return {"inline_keyboard": lines} if lines else None


def _check_button(button: Json, longest: int) -> None:
    if not button.get("text"):
        raise ApiError(400, 'Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String')
    if "callback_data" not in button:
        if not button.get("url"):
            raise ApiError(
                400,
                "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            )
    elif not 1 <= len(str(button["callback_data"]).encode()) <= longest:
        raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
