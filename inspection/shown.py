"""Moments and scores in the reader's language; everything else that is shown comes from `figures`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from inspection.figures import show_moment, show_number


def when(language: str, local: datetime) -> str:
    """ "08:05 ngày 04/8/2026", or "08:05 on 4 Aug 2026"."""
    return show_moment(local, language)


def show_score(score: Decimal | None, language: str = "vi") -> str:
    """ "89,3", in English "89.3"; "…" while nothing is judged."""
    if score is None:
        return "…"
    return f"{score:.1f}".replace(".", ",") if language == "vi" else f"{score:.1f}"


def in_language(figures: str, language: str) -> str:
    """Figures shown as Vietnamese offices write them ("1.247", "98,6"), with English signs where that is read."""
    return figures if language == "vi" else figures.translate(str.maketrans(",.", ".,"))


def number(value: Decimal | int, language: str) -> str:
    """A count without a leading zero, as in a share: "1.247", in English "1,247"."""
    return in_language(show_number(value), language)
