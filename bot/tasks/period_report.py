"""The report of a period as a file: the words of the moment it was asked for, filled into the authority's template."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bot.documents.making import FELL_BACK, filled
from bot.talk import Talk
from bot.tasks.base import Means, Task
from inspection.access import may, scope
from inspection.documents.paper import READING_COPY
from inspection.messages import Document, Reply
from inspection.phrases import Phrase
from inspection.working_days import local_date
from storage import documents, journal, units
from storage.errands import Errand

if TYPE_CHECKING:
    from sqlalchemy import Connection


READY = Phrase("Báo cáo: {head} (Word).", "Report: {head} (Word).")
READY_COPY = Phrase(
    "Báo cáo: {head}; bản đọc (PDF), không thay thế văn bản đã ký.",
    "Report: {head}; reading copy (PDF), it does not replace the signed document.",
)
INSTEAD = Phrase(
    "Nếu không thấy tệp kèm theo, đề nghị gõ /summary trên mạng gửi được tệp.",
    "If no file comes with this, please type /summary on a network that carries files.",
)
NOT_HERE = Phrase(
    "Mạng này không nhận tệp. Số liệu có trong tin; báo cáo đề nghị lập ở kênh khác.",
    "This network takes no files. The figures are in the message; have the report made elsewhere.",
)
TROUBLE = Phrase(
    "Chưa lập được báo cáo. Đề nghị gõ /summary để thử lại, hoặc báo người vận hành.",
    "The report could not be made. Please type /summary to try again, or tell the operator.",
)


class PeriodReport(Task):
    """details: {"fields": what is printed, "form", "name", "units": whose figures, "head": their area and time}."""

    kind = "period_report"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """Fill the template in, and set it as a reading copy where that is wanted."""
        details = errand.details
        if not means.max_file:
            return {"outcome": "no_files"}
        own = means.read(partial(_template, unit_id=str(details["issuer"]), now=means.now))
        made = filled("period", dict(details["fields"]), own, means.now, copy=details["form"] == READING_COPY)
        return {"outcome": "ready", "sha256": means.store.put(made.data), "fell_back": made.fell_back}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Send it to somebody who may still see all of it."""
        ordered, area, today = errand.details, scope(talk.person, "summary"), talk.ledger.today
        if not may(talk.person, "summary") or not all(
            units.covers(talk.connection, area, one, today) for one in ordered["units"]
        ):
            talk.refuse("summary")
        elif details["outcome"] == "no_files":
            talk.say(NOT_HERE)
        elif details["outcome"] != "ready":
            talk.say(TROUBLE)
        else:
            text = talk.words(READY_COPY if ordered["form"] == READING_COPY else READY, head=ordered["head"])
            if details.get("fell_back"):
                text = f"{text}\n{talk.words(FELL_BACK)}"
            document = Document(str(ordered["name"]), details["sha256"], talk.words(INSTEAD))
            talk.reply(Reply(text, document=document))
            asked = {"kind": "period", "form": ordered["form"], "units": ordered["units"]}
            journal.append(
                talk.connection, journal.Entry(talk.person.id, "document_asked", details=asked), talk.ledger.now
            )


def _template(connection: Connection, *, unit_id: str, now: Any) -> bytes | None:
    chain = units.chain(connection, unit_id, local_date(now))
    return documents.template(connection, [unit.id for unit in chain], "period")
