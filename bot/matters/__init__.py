"""What is said about one obligation, by its code: a unit reports, asks and proves; the authority answers and reminds.

`hear` decides which side somebody is on, from the roles of this moment; `unit` and `authority` hold the two sides.
"""

from __future__ import annotations

from bot.matters.routing import hear, is_about_one, last_spoken_of

__all__ = ["hear", "is_about_one", "last_spoken_of"]
