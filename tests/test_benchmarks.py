"""The benchmark is run in small, so that it cannot rot: what it prints of speed is nobody's business here."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import documents, load, report, summary, sweep
from benchmarks.load import Crowd, Person, StepLostError
from benchmarks.measure import BOT, CONCURRENT, ECHO, MEMORY, PHOTO, TAP, TEXT, Plan, run
from bot.simulator.network import Network
from inspection.periods import current
from storage.database import Database
from storage.holidays import default_calendar
from storage.migrate import migrate
from storage.reports.summary import summarise

SMALL = Plan(crowds=(1, 2), rounds=1, window=0.6, warm_up=0.1, photo_steps=6, sample=False, pin=False)


@pytest.mark.slow
async def test_every_subject_walks_every_load(tmp_path: Path) -> None:
    results = await run(SMALL, tmp_path)
    assert set(results) == {
        *((TEXT, people, name) for people in (1, 2) for name in (ECHO, CONCURRENT, BOT)),
        (TEXT, 2, MEMORY),
        *((TAP, people, BOT) for people in (1, 2)),
        *((PHOTO, 1, name) for name in (ECHO, BOT, MEMORY)),
    }
    assert all(measured.slices[0].steps > 0 for measured in results.values())
    photo_steps = [len(results[PHOTO, 1, name].slices[0].latencies["photo"]) for name in (ECHO, BOT, MEMORY)]
    assert photo_steps == [1, 1, 1]
    assert results[PHOTO, 1, BOT].slices[0].commits >= 6
    assert results[TEXT, 2, ECHO].slices[0].commits == 0
    shown = report.table(results, SMALL)
    assert "steps/s, tap answer and edit" in shown
    assert "lost: 0" in shown


def test_figures_are_measured_on_visits_that_count(tmp_path: Path) -> None:
    """Fast figures of nothing would be no measurement."""
    database = Database(f"sqlite:///{tmp_path / 'filled.db'}")
    migrate(database)
    database.write_now(lambda connection: summary.fill(connection, 50))
    working_days = default_calendar(2025, 2027)
    year = current("year", summary.NOW.date())
    counted = database.write_now(lambda c: summarise(c, ["top"], year, summary.NOW, working_days))
    assert counted.counts.visits == 50
    assert counted.counts.total("required") > 0
    database.stop()
    assert "year, first page" in summary.table(tmp_path, sizes=(20,))


async def test_a_step_without_its_answer_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that falls silent must not look fast."""
    monkeypatch.setattr(load, "HANGING", 0.05)
    network = Network()
    person = Person(network.phone("1").chat_id, load.lines(iter(["C01 25 23 2 0"])), network)
    crowd = Crowd(network)
    crowd.begin([person])
    with pytest.raises(StepLostError, match="1 people wait"):
        await crowd.finished()


async def test_a_tap_ends_only_with_answer_edit_and_prompt() -> None:
    network = Network()
    chat = network.phone("1")
    network.post(chat, text="…", markup={"inline_keyboard": [[{"text": "1. Đạt", "callback_data": "a:0"}]]})
    person = Person(chat.chat_id, load.tapping, network, latest=chat.messages[1])
    crowd = Crowd(network)
    crowd.begin([person])
    crowd.going = False
    network.post(chat, text="next")
    assert crowd.steps == 0
    network.revise(chat.messages[1], text="…\n→ 1. Đạt")
    assert crowd.steps == 0
    network.acknowledge(next(iter(network._callbacks)), None)
    assert crowd.steps == 1


def test_the_minutes_are_measured_against_their_goal() -> None:
    shown = documents.table(documents.measure(rounds=1))
    assert "goal: below 3 s" in shown
    assert documents.table({"word": [2.0], "reading copy": [1.5]}).endswith("MISSED")


@pytest.mark.slow
def test_the_sweep_is_measured_whole(tmp_path: Path) -> None:
    shown = sweep.report(tmp_path, sweep.Size(owed=2_000, heads=1_000, jobs=20))
    assert "999 digests into the outbox" in shown
    assert "1,000 stages claimed" in shown
    assert "20 moved to their next time" in shown
