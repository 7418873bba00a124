"""A finding opened from a list of the summary; one with nothing left to do still leads back to its list."""

from __future__ import annotations

from bot.commands.findings import open_finding
from bot.commands.lists import no_number
from bot.summary.asked import Asked
from bot.summary.lists import BACK, ONLY_BACK_FROM, Place
from bot.talk import Talk
from inspection.messages import Choice


def finding_card(talk: Talk, asked: Asked, place: Place, unknown: str = "") -> None:
    """Its card, by the rights of this moment; what asks nothing by itself ends with the way back."""
    number, before = place.view.partition(":")[2], talk.standing()
    if not unknown and not open_finding(talk, number):
        talk.refuse("see_finding", number)
    elif unknown or talk.standing() is before:
        lines = [*([no_number(talk, unknown, ())] if unknown else []), talk.words(ONLY_BACK_FROM)]
        back = Choice(talk.words(BACK), talk.words(BACK).lower())
        talk.ask("\n".join(lines), "summary", place.view, (back,), trail=place.trail, **asked.focus())
