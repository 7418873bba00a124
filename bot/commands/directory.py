"""The table of commands by name, filled by the package; commands that list commands read it here."""

from __future__ import annotations

from bot.commands.base import Command

COMMANDS: dict[str, Command] = {}
