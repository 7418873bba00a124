"""The workbook of a summary: the figures that were asked for, with the rows behind them, cut off at the same moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.summary.asked import Asked
from bot.summary.first import figures_of
from bot.talk import Talk
from bot.tasks.base import Means, Task
from inspection.access import may, scope
from inspection.figures import show_clock
from inspection.messages import Document, Reply
from inspection.phrases import Phrase
from inspection.working_days import LOCAL, local_date
from storage import calendar, export, journal, units
from storage.checklists import ids_by_code
from storage.errands import Errand
from storage.journal import Entry
from storage.reports.book import write_book
from storage.reports.summary import summarise

if TYPE_CHECKING:
    from sqlalchemy import Connection


SAME = Phrase("Bảng số liệu: đúng số liệu lúc {clock}.", "Workbook: the figures of {clock}.")
OTHER = Phrase(
    "Bảng số liệu: có số liệu thay đổi sau {clock}; đề nghị gõ /summary để xem số mới.",
    "Workbook: some figures have changed since {clock}; please type /summary for the new ones.",
)
INSTEAD = Phrase(
    "Nếu không thấy tệp kèm theo, đề nghị người vận hành xuất trên máy chủ: kycuong export --to xuat --format xlsx",
    "If no file comes with this, please have the operator export on the server: kycuong export --to xuat --format xlsx",
)
NOT_HERE = Phrase(
    "Mạng này không nhận tệp. Số liệu có trong tin; bảng đầy đủ đề nghị lập ở kênh khác hoặc trên máy chủ.",
    "This network takes no files. The figures are in the message; have the workbook elsewhere or on the server.",
)
TROUBLE = Phrase(
    "Chưa lập được bảng số liệu. Đề nghị gõ /summary để thử lại, hoặc báo người vận hành.",
    "The workbook could not be made. Please type /summary to try again, or tell the operator.",
)


class Figures(Task):
    """details: what was asked, the units, the moment, the file's name, the figures said, the words of the workbook."""

    kind = "figures"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """Read everything from one moment of the database and write it."""
        if not means.max_file:
            return {"outcome": "no_files"}
        details, now = errand.details, datetime.fromisoformat(errand.details["now"])
        today = local_date(now)
        asked = Asked.of(details, today)

        def read(connection: Connection) -> tuple[bool, int]:
            export.one_moment(connection)
            working_days = calendar.current(connection, today)
            versions = ids_by_code(connection).get(asked.checklist, ()) if asked.checklist else ()
            summary = summarise(connection, details["units"], asked.period, now, working_days, versions)
            rows = write_book(connection, path, summary, details["titles"], details["head"])
            return figures_of(summary) == dict(details["figures"]), rows

        with TemporaryDirectory() as folder:
            name = str(details["name"])
            path = Path(folder) / name
            same, rows = means.read(read)
            if path.stat().st_size > means.max_file:
                return {"outcome": "no_files"}
            sha = means.store.put(path.read_bytes())
        return {"outcome": "ready", "name": name, "sha256": sha, "same": same, "rows": rows}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Send it to somebody who may still see all of it."""
        area, today = scope(talk.person, "export"), talk.ledger.today
        held = list(errand.details["units"])
        if not may(talk.person, "export") or not all(units.covers(talk.connection, area, one, today) for one in held):
            talk.refuse("export")
        elif details["outcome"] == "no_files":
            talk.say(NOT_HERE)
        elif details["outcome"] != "ready":
            talk.say(TROUBLE)
        else:
            clock = show_clock(datetime.fromisoformat(errand.details["now"]).astimezone(LOCAL))
            text = talk.words(SAME if details["same"] else OTHER, clock=clock)
            talk.reply(Reply(text, document=Document(details["name"], details["sha256"], talk.words(INSTEAD))))
            told = {"format": "xlsx", "units": held, "rows": details["rows"], "of": "summary"}
            journal.append(talk.connection, Entry(talk.person.id, "exported", "", told), talk.ledger.now)
