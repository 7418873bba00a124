"""The simulated Telegram network: a service of its own that a bot can reach only over HTTP, as it reaches the real one.

Nothing here knows the product; the product knows nothing of this except an address in its settings.
"""

from __future__ import annotations

from bot.simulator.network import Clock, Event, Message, Network
from bot.simulator.server import Running, serve

__all__ = ["Clock", "Event", "Message", "Network", "Running", "serve"]
