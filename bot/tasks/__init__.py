"""The slow work there is: to add a kind of errand, write its file and its line here."""

from __future__ import annotations

from bot.ledger import Ledger
from bot.talk import Talk
from bot.tasks.base import Task
from bot.tasks.exporting import Export, Template
from bot.tasks.figures import Figures
from bot.tasks.forms import FormIn, FormOut
from bot.tasks.invitation import Sheet
from bot.tasks.period_report import PeriodReport
from bot.tasks.picture import Picture
from bot.tasks.workbook import Check, Import
from inspection.messages import Incoming
from inspection.phrases import Phrase
from storage import errands

__all__ = ["TASKS", "hear_done", "let_go"]

TASKS: dict[str, Task] = {
    task.kind: task
    for task in (
        Export(),
        Template(),
        Check(),
        Import(),
        Sheet(),
        FormOut(),
        FormIn(),
        Picture(),
        Figures(),
        PeriodReport(),
    )
}

LATER = Phrase(
    "Chưa làm xong việc đồng chí đề nghị; Hệ thống tự thử lại, không cần gửi lại.",
    "It could not be finished yet; it is being tried again by itself, nothing need be sent again.",
)


def hear_done(talk: Talk) -> None:
    """The clerk's word on an errand: done, or to be tried again. Heard twice, it is told once."""
    details = talk.incoming.details
    errand = errands.get(talk.connection, str(details["errand"]))
    if errand is None:
        return
    if details["outcome"] == "failed":
        errands.postpone(
            talk.connection,
            errand.id,
            attempts=details["attempts"],
            next_try_at=details["next_try_at"],
            trouble=details["reason"],
        )
        if details["attempts"] == 1:
            talk.say(LATER)
        return
    task = TASKS[errand.kind]
    errands.close(talk.connection, errand.id, trouble=str(details.get("reason", "")), secret=task.secret)
    task.tell(talk, errand, details)


def let_go(ledger: Ledger, incoming: Incoming, why: str) -> None:
    """Close an errand whose outcome cannot be told, so that it does not come again with every start."""
    errands.close(ledger.connection, str(incoming.details["errand"]), trouble=why)
