"""/baocao: choose a visit, then a document of it; what is asked for is made aside and sent after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.commands.base import Command
from bot.commands.lists import SIZE, Page
from bot.papers import may_read
from bot.talk import Talk
from inspection.access import ADMIN, INSPECTOR, TEAM_HEAD, scope
from inspection.documents.minutes import is_reportable
from inspection.documents.paper import READING_COPY, WORD, Paper
from inspection.figures import show_day, show_two
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.visit import Status, Visit
from inspection.words import fold
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
    "Văn bản của lượt kiểm tra nào ({count} lượt{filter}):\n{lines}\nTrả lời bằng số; gõ tên đơn vị để lọc. Ví dụ: 1",
    "Documents of which visit ({count}{filter}):\n{lines}\nAnswer with its number; a unit's name filters. Example: 1",
)
FILTERED = Phrase(" tại “{words}”", " at “{words}”")
DOCUMENT = Phrase(
    "{unit}, {day}. Chọn văn bản:\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "{unit}, {day}. Choose the document:\n{lines}\nAnswer with its number. Example: 1",
)
COMING = Phrase("Đang lập {title}, gửi ngay sau tin này.", "{title} is being drawn up and follows this message.")
MINUTES = Phrase("Biên bản", "Minutes")
REPORT = Phrase("Báo cáo kết quả", "Report on results")
CERTIFICATE = Phrase("Chứng thư minh chứng", "Certificate of evidence")
NOTICE_DRAFT = Phrase("Dự thảo Thông báo kết luận", "Draft notice of conclusions")
NOTICE = Phrase("Thông báo kết luận", "Notice of conclusions")
FORMS = {
    WORD: Phrase("{title} (Word)", "{title} (Word)"),
    READING_COPY: Phrase("{title}, bản đọc (PDF)", "{title}, reading copy (PDF)"),
}


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
        _list(talk, argument, 0)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A number of the list that was shown, or another page of it; anything else is a unit's name."""
        number = fold(text).removeprefix("so ").strip(" .()")
        page, words = int(focus.get("page", 0)), str(focus.get("words", ""))
        if focus["step"] == "document" and number.isdigit():
            _order(talk, str(focus["visit_id"]), int(number))
        elif focus["step"] == "which" and (moved := Page.moved(number, page)) is not None:
            _list(talk, words, moved)
        elif focus["step"] == "which" and number.isdigit():
            shown, place = list(focus["visits"]), int(number) - 1 - page * SIZE
            if 0 <= place < len(shown):
                _offer(talk, str(shown[place]))
            else:
                _list(talk, words, page)
        else:
            self.run(talk, text)


def _list(talk: Talk, words: str, number: int) -> None:
    """A page of the visits, the newest first; a single one is opened."""
    today = talk.ledger.today
    area = scope(talk.person, "read_documents")
    ids = set().union(*(units.subtree_ids(talk.connection, unit_id, today) for unit_id in area))
    found, total = documents.reportable(
        talk.connection, talk.person.id, ids, name=words, skip=number * SIZE, limit=SIZE
    )
    if not found and number:  # a page that is there no longer
        _list(talk, words, 0)
    elif not found:
        talk.say(NOT_FOUND if words else NONE, words=words[:60])
    elif total == 1:
        _offer(talk, found[0].id)
    else:
        page = Page(number, tuple(enumerate(found, start=number * SIZE + 1)), (number + 1) * SIZE >= total)
        labels = [
            f"{n}. {one.unit_name}, {show_day(one.started_at.astimezone(LOCAL).date(), talk.language)}"
            for n, one in page.numbered
        ]
        text = talk.words(
            WHICH,
            count=show_two(total, talk.language),
            filter=talk.words(FILTERED, words=words.strip()[:40]) if words else "",
            lines="\n".join(labels),
        )
        ways = page.ways(talk.language)
        choices = [
            *(Choice(label, str(n)) for label, (n, _) in zip(labels, page.numbered, strict=True)),
            *ways.choices,
        ]
        talk.ask(
            "\n".join([text, *ways.lines]), "baocao", "which", choices, visits=[one.id for one in found], page=number,
            words=words,
        )  # fmt: skip


def _choices(labels: Sequence[str]) -> list[Choice]:
    return [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]


def _readable(talk: Talk, visit_id: str) -> Visit | None:
    """The visit, if it can be written up and this person may have its documents now."""
    visit = talk.ledger.visit(visit_id)
    if visit is None or not is_reportable(visit) or not may_read(talk.connection, talk.person, visit, talk.ledger.now):
        talk.say(NONE)
        return None
    return visit


def _offered(talk: Talk, visit: Visit) -> list[tuple[str, str, str]]:
    """What there is of a visit, each as Word and as reading copy: its title, kind and form.

    The notice is of signed visits only, since there are no findings before; with its number it is no draft.
    """
    kinds = [("minutes", MINUTES), ("report", REPORT), ("certificate", CERTIFICATE)]
    if visit.status is Status.SIGNED:
        issued = remedies.notice_of(talk.connection, visit.id) is not None
        kinds.append(("conclusion", NOTICE if issued else NOTICE_DRAFT))
    return [
        (talk.words(words, title=talk.words(title)), kind, form)
        for kind, title in kinds
        for form, words in FORMS.items()
    ]


def _offer(talk: Talk, visit_id: str) -> None:
    visit = _readable(talk, visit_id)
    if visit is None:
        return
    labels = [f"{n}. {title}" for n, (title, _, _) in enumerate(_offered(talk, visit), start=1)]
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
        talk.say(COMING, title=title)
        talk.send_paper(Paper(kind, visit.id, form))
