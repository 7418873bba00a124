"""A picture of figures that were said in words: drawn from those very figures, so that both are of one moment."""

from __future__ import annotations

from typing import Any

from bot.documents.chart import chart_png
from bot.talk import Talk
from bot.tasks.base import Means, Task
from inspection.access import scope
from inspection.messages import Reply
from storage import units
from storage.errands import Errand


class Picture(Task):
    """details: {"chart": an order of `bot.documents.chart`, "units": those whose figures it shows}."""

    kind = "picture"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """Draw it."""
        return {"outcome": "ready", "sha256": means.store.put(chart_png(dict(errand.details["chart"])))}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Show it to somebody who may still see these figures; the words were said already, so nothing else is."""
        area, today = scope(talk.person, "summary"), talk.ledger.today
        if not all(units.covers(talk.connection, area, one, today) for one in errand.details["units"]):
            talk.note_refusal("summary")
        elif details["outcome"] == "ready":
            chart = errand.details["chart"]
            talk.reply(Reply(f"{chart['title']}. {chart['subtitle']}", photo=details["sha256"]))
