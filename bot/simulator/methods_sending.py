"""The methods that send: the content is read and checked first, then the chat, and only then is a message posted."""

from __future__ import annotations

import asyncio
import re

from bot.simulator.chats import Chat
from bot.simulator.files import File, mime_of
from bot.simulator.formatting import read_caption, read_markup, read_text
from bot.simulator.limits import ApiError
from bot.simulator.network import Network
from bot.simulator.params import Params, Upload
from bot.simulator.store import Json, renditions


def recipient(network: Network, params: Params) -> Chat:
    if not params.values.get("chat_id"):
        raise ApiError(400, "Bad Request: chat_id is empty")
    return network.recipient(params.chat_id or 0)


def common(network: Network, params: Params) -> Json:
    """What every sent message may have: a keyboard and the message it answers."""
    answered = params.structure("reply_parameters") or {}
    reply_to = answered.get("message_id") or params.whole("reply_to_message_id") or None
    return {"markup": read_markup(params, network.limits), "reply_to": reply_to}


def send_message(network: Network, params: Params) -> Json:
    text, entities = read_text(params, network.limits)
    rest = common(network, params)
    chat = recipient(network, params)
    return network.api(network.post(chat, text=text, entities=entities, **rest))


async def send_photo(network: Network, params: Params) -> Json:
    caption, rest = read_caption(params, network.limits), common(network, params)
    photo = await photo_of(network, params, params.values.get("photo", "attach://photo"))
    return network.api(network.post(recipient(network, params), photo=photo, **caption, **rest))


def send_document(network: Network, params: Params) -> Json:
    caption, rest = read_caption(params, network.limits), common(network, params)
    document = document_of(network, params, params.values.get("document", "attach://document"))
    return network.api(network.post(recipient(network, params), document=document, **caption, **rest))


async def send_media_group(network: Network, params: Params) -> list[Json]:
    """An album of 2 to 10 photos or documents; as many messages."""
    media = params.structure("media") or []
    if not 2 <= len(media) <= 10:
        raise ApiError(400, "Bad Request: wrong number of media, expected 2-10")
    contents = []
    for item in media:
        content = read_caption(Params({**item, "caption": item.get("caption", "")}), network.limits)
        if item.get("type") == "photo":
            content["photo"] = await photo_of(network, params, item["media"])
        elif item.get("type") == "document":
            content["document"] = document_of(network, params, item["media"])
        else:
            raise ApiError(400, "Bad Request: wrong type of the media")
        contents.append(content)
    chat, album, rest = recipient(network, params), network.next_album(), common(network, params)
    return [network.api(network.post(chat, album=album, **content, **rest)) for content in contents]


def send_location(network: Network, params: Params) -> Json:
    try:
        place = {name: float(params.values[name]) for name in ("latitude", "longitude")}
    except (KeyError, ValueError) as fault:
        raise ApiError(400, "Bad Request: location must be specified") from fault
    return network.api(network.post(recipient(network, params), location=place, **common(network, params)))


def send_chat_action(network: Network, params: Params) -> bool:
    action = params.text("action")
    if not re.fullmatch(r"typing|(?:upload|record)_\w+|choose_sticker|find_location", action):
        raise ApiError(400, "Bad Request: wrong parameter action in request")
    chat = network.chats.get(params.chat_id or 0)
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    if chat.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    network.act(chat, action)
    return True


async def photo_of(network: Network, params: Params, given: str) -> tuple[File, ...]:
    """The sizes of a photo that was uploaded, or that a file id of this network names."""
    if upload := uploaded(params, given):
        if len(upload.body) > network.limits.upload_photo:
            raise ApiError(413, "Request Entity Too Large")
        try:
            return network.add_photo(await asyncio.to_thread(renditions, upload.body))
        except ValueError as fault:
            raise ApiError(400, f"Bad Request: {fault}") from fault
    file = known(network, given)
    if not file.width:
        raise ApiError(400, "Bad Request: can't use file of type Document as Photo")
    return (file,)


def document_of(network: Network, params: Params, given: str) -> File:
    upload = uploaded(params, given)
    if upload is None:
        return known(network, given)
    if len(upload.body) > network.limits.upload:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.body:
        raise ApiError(400, "Bad Request: file must be non-empty")
    return network.add_file(upload.body, upload.name, mime_of(upload.name, upload.body))


def uploaded(params: Params, given: str) -> Upload | None:
    if not given.startswith("attach://"):
        return None
    upload = params.uploads.get(given.removeprefix("attach://"))
    if upload is None:
        raise ApiError(400, "Bad Request: there is no photo or document in the request")
    return upload


def known(network: Network, file_id: str) -> File:
    file = network.files.get(file_id)
    if file is None:
        raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
    return file
