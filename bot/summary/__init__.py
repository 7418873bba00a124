"""What `/summary` says: what was asked, the first page, its details down to the record, pictures and files."""

from __future__ import annotations

import bot.commands  # noqa: F401  first, whichever way one comes in: the command and its pages need each other
