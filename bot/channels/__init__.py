"""Which networks there are: one entry each, named like the settings `<name>_token` and `<name>_api_url`."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.port import Channel, ChannelOptions
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel

Factory = Callable[[str, str, ChannelOptions], Channel]  # token, root address of the Bot API, what is said of networks

CHANNELS: dict[str, Factory] = {
    "telegram": TelegramChannel,
    "zalo": ZaloChannel,
}
