"""The picture of a ranking shows what the words rank, in their order, and says where it was cut."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.ledger import Ledger, Outcome, RandomIds
from bot.summary import pictures, views
from bot.summary.asked import Asked
from bot.talk import Talk
from inspection.access import ADMIN
from inspection.messages import Chat, Incoming, Kind
from inspection.periods import current
from storage import calendar, people
from storage.people import NewPerson
from storage.reports.counts import Judged
from storage.reports.summary import summarise
from tests.storage.summary_data import NOW, TODAY, TOP, generate

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.database import Database

CUT = 3


def _seen(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], Any]:
    """The labels of the words and the picture, of a province in which all but the weakest met the same share."""
    generate(connection, 1)
    people.create(connection, [NewPerson("admin", "Quản Trị", TODAY, roles=((ADMIN, TOP),))], NOW)
    person = people.get_many(connection, ["admin"], TODAY)["admin"]
    talk = Talk(Ledger(connection, NOW, RandomIds()), Incoming(Kind.TEXT, Chat("x", "x", "1"), "1"), person, Outcome())
    asked = Asked(current("year", TODAY))
    summary = summarise(connection, [TOP], asked.period, NOW, calendar.current(connection, TODAY))
    visited = [unit_id for unit_id, one in summary.counts.units.items() if one.visits]
    judged = {(unit_id, "A"): Judged(9, 1) if place else Judged(8, 2) for place, unit_id in enumerate(visited)}
    monkeypatch.setattr("bot.summary.judged.by_unit_and_section", lambda *_: judged)
    assert len(visited) > CUT
    words = views.ranking(talk, asked, summary)
    return [entry.label for entry in words.entries], pictures.ranking(talk, asked, summary)


def test_the_picture_shows_what_the_words_rank(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.lists.SIZE", CUT)
    said, chart = database.write_now(partial(_seen, monkeypatch=monkeypatch))
    assert [bar.label for bar in chart.rows] == said[:CUT]
    assert [bar.shown for bar in chart.rows] == ["80,0% (8/10)", "90,0% (9/10)", "90,0% (9/10)"]
    assert (
        chart.footer
        == f"{CUT} đơn vị thấp nhất trong {len(said)} đơn vị. Còn {len(said) - CUT:02d} đơn vị bằng đơn vị cuối."
    )


def test_a_whole_ranking_needs_no_note(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    said, chart = database.write_now(partial(_seen, monkeypatch=monkeypatch))
    assert [bar.label for bar in chart.rows] == said
    assert chart.footer == ""
