"""The methods that change what was sent: only a message of the bot itself, and only a part that the message has."""

from __future__ import annotations

from typing import Final

from bot.simulator.formatting import read_caption, read_markup, read_text
from bot.simulator.limits import ApiError
from bot.simulator.messages import Message
from bot.simulator.network import Network
from bot.simulator.params import Params
from bot.simulator.store import Json

DELETABLE_SECONDS: Final = 48 * 3600


def own_message(network: Network, params: Params) -> Message:
    """The bot's message that an edit names."""
    chat = network.chats.get(params.chat_id or 0)
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    message = chat.messages.get(params.whole("message_id"))
    if message is None:
        raise ApiError(400, "Bad Request: message to edit not found")
    if message.sender is not None:
        raise ApiError(400, "Bad Request: message can't be edited")
    return message


def edit_message_text(network: Network, params: Params) -> Json:
    text, entities = read_text(params, network.limits)
    message = own_message(network, params)
    if message.text is None:
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    network.revise(message, text=text, entities=entities, markup=read_markup(params, network.limits))
    return network.api(message)


def edit_message_caption(network: Network, params: Params) -> Json:
    caption, message = read_caption(params, network.limits), own_message(network, params)
    if not (message.photo or message.document):
        raise ApiError(400, "Bad Request: there is no caption in the message to edit")
    network.revise(message, **caption, markup=read_markup(params, network.limits))
    return network.api(message)


def edit_message_reply_markup(network: Network, params: Params) -> Json:
    message = own_message(network, params)
    network.revise(message, markup=read_markup(params, network.limits))
    return network.api(message)


def delete_message(network: Network, params: Params) -> bool:
    chat = network.chats.get(params.chat_id or 0)
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    message = chat.messages.get(params.whole("message_id"))
    if message is None:
        raise ApiError(400, "Bad Request: message to delete not found")
    if network.date() - message.date > DELETABLE_SECONDS:
        raise ApiError(400, "Bad Request: message can't be deleted for everyone")
    network.remove(message)
    return True


def answer_callback_query(network: Network, params: Params) -> bool:
    text = params.text("text")
    if len(text) > network.limits.callback_answer:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    chat_id = network.acknowledge(params.text("callback_query_id"), text or None, alert=params.flag("show_alert"))
    # Only the query names the chat; the record is more use with it.
    params.values.setdefault("chat_id", chat_id)
    return True
