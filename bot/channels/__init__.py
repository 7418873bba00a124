"""Which networks there are: one entry each, named like the settings `<name>_token` and `<name>_api_url`."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.port import Channel
from bot.channels.telegram import TelegramChannel

# token, root address of the Bot API ("" = the network's own), seconds of silence that close a burst of photos
Factory = Callable[[str, str, float], Channel]

CHANNELS: dict[str, Factory] = {
    "telegram": TelegramChannel,
}
