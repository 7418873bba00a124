"""/baocao: choose a visit, then a document of it; what is asked for is made aside and sent after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.commands.base import Command
from bot.papers import may_read
from bot.talk import Talk
from inspection.access import ADMIN, INSPECTOR, TEAM_HEAD, scope
from inspection.documents.minutes import is_reportable
from inspection.documents.paper import READING_COPY, WORD, Paper
from inspection.figures import show_day
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.visit import Status, Visit
from inspection.words import fold, search_key
from inspection.working_days import LOCAL
from storage import documents, journal, remedies, units

NONE = Phrase(
    "Chưa có lượt kiểm tra nào đã hoàn thành mà đồng chí được xem văn bản.",
    "There is no finished visit whose documents you may read.",
)
NOT_FOUND = Phrase(
    'Không có lượt kiểm tra đã hoàn thành tại "{words}". Gõ /baocao để xem danh sách.',
    'No finished visit at "{words}". Type /report for the list.',
)
WHICH = Phrase(
    "Văn bản của lượt kiểm tra nào:\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "Documents of which visit:\n{lines}\nAnswer with its number. Example: 1",
)
DOCUMENT = Phrase(
    "{unit}, {day}. Chọn văn bản:\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "{unit}, {day}. Choose the document:\n{lines}\nAnswer with its number. Example: 1",
)
COMING = Phrase("Đang lập {title}, gửi ngay sau tin này.", "{title} is being drawn up and follows this message.")
OFFERED = (
    (Phrase("Biên bản (Word)", "Minutes (Word)"), "minutes", WORD),
    (Phrase("Biên bản, bản đọc (PDF)", "Minutes, reading copy (PDF)"), "minutes", READING_COPY),
    (Phrase("Báo cáo kết quả (Word)", "Report on results (Word)"), "report", WORD),
    (Phrase("Chứng thư minh chứng (Word)", "Certificate of evidence (Word)"), "certificate", WORD),
    (
        Phrase("Chứng thư minh chứng, bản đọc (PDF)", "Certificate of evidence, reading copy (PDF)"),
        "certificate",
        READING_COPY,
    ),
)
NOTICE_DRAFT = Phrase("Dự thảo Thông báo kết luận (Word)", "Draft notice of conclusions (Word)")
NOTICE = Phrase("Thông báo kết luận (Word)", "Notice of conclusions (Word)")
LISTED = 9


class Report(Command):
    """Official documents of finished visits."""

    name = "baocao"
    alias = "report"
    words = ("báo cáo", "biên bản")
    roles = (INSPECTOR, TEAM_HEAD, ADMIN)
    help = Phrase("Nhận biên bản, báo cáo của lượt kiểm tra", "Get the minutes and reports of a visit")
    lists = ("which", "document")

    def run(self, talk: Talk, argument: str) -> None:
        """The visits there are, or those at the unit named."""
        found = _visits(talk, argument)
        if not found:
            talk.say(NOT_FOUND if argument else NONE, words=argument[:60])
        elif len(found) == 1:
            _offer(talk, found[0].id)
        else:
            labels = [
                f"{n}. {one.unit_name}, {show_day(one.started_at.astimezone(LOCAL).date(), talk.language)}"
                for n, one in enumerate(found, start=1)
            ]
            ids = [one.id for one in found]
            talk.ask(talk.words(WHICH, lines="\n".join(labels)), self.name, "which", _choices(labels), visits=ids)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A number of the list that was shown; anything else is a unit's name."""
        number = fold(text).removeprefix("so ").strip(" .()")
        offered = list(focus.get("visits", ()))
        if focus["step"] == "which" and number.isdigit() and 1 <= int(number) <= len(offered):
            _offer(talk, str(offered[int(number) - 1]))
        elif focus["step"] == "document" and number.isdigit():
            _order(talk, str(focus["visit_id"]), int(number))
        else:
            self.run(talk, "" if number.isdigit() else text)


def _visits(talk: Talk, words: str) -> list[documents.Reportable]:
    area = scope(talk.person, "read_documents")
    today = talk.ledger.today
    ids = set().union(*(units.subtree_ids(talk.connection, unit_id, today) for unit_id in area))
    found = documents.reportable(talk.connection, talk.person.id, ids, limit=200 if words else LISTED)
    wanted = search_key(words)
    return [one for one in found if wanted in search_key(one.unit_name)][:LISTED]


def _choices(labels: Sequence[str]) -> list[Choice]:
    return [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]


def _readable(talk: Talk, visit_id: str) -> Visit | None:
    """The visit, if it can be written up and this person may have its documents now."""
    visit = talk.ledger.visit(visit_id)
    if visit is None or not is_reportable(visit) or not may_read(talk.connection, talk.person, visit, talk.ledger.now):
        talk.say(NONE)
        return None
    return visit


def _offered(talk: Talk, visit: Visit) -> list[tuple[Phrase, str, str]]:
    """The notice is of signed visits only, since there are no findings before; with its number it is no draft."""
    if visit.status is not Status.SIGNED:
        return list(OFFERED)
    title = NOTICE if remedies.notice_of(talk.connection, visit.id) else NOTICE_DRAFT
    return [*OFFERED, (title, "conclusion", WORD)]


def _offer(talk: Talk, visit_id: str) -> None:
    visit = _readable(talk, visit_id)
    if visit is None:
        return
    labels = [f"{n}. {talk.words(title)}" for n, (title, _, _) in enumerate(_offered(talk, visit), start=1)]
    text = talk.words(DOCUMENT, unit=visit.unit_name, day=show_day(visit.on, talk.language), lines="\n".join(labels))
    talk.ask(text, "baocao", "document", _choices(labels), visit_id=visit.id)


def _order(talk: Talk, visit_id: str, number: int) -> None:
    visit = _readable(talk, visit_id)
    if visit is None:
        return
    offered = _offered(talk, visit)
    if not 1 <= number <= len(offered):
        _offer(talk, visit_id)
    else:
        title, kind, form = offered[number - 1]
        details = {"visit": visit.id, "kind": kind, "form": form}
        if kind == "certificate":  # so that the chain, whose seal it carries, holds the record as it is now
            details["record"] = documents.fingerprint(talk.connection, visit.id)
        asked = journal.Entry(talk.person.id, "document_asked", details=details)
        journal.append(talk.connection, asked, talk.ledger.now)
        talk.say(COMING, title=talk.words(title))
        talk.send_paper(Paper(kind, visit.id, form))
