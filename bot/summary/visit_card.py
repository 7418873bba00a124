"""The record of one finished visit: its result, what was not met, the findings it made, and where they stand."""

from __future__ import annotations

from bot.papers import may_read
from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.judged import label
from bot.summary.lists import Detail, Entry, Place, show
from bot.summary.visit_answers import ANSWER, ANSWERS, answer, answers
from bot.summary.visit_lists import ENDED_EARLY, FORMS, RESULT
from bot.talk import Talk
from inspection.access import scope
from inspection.documents.minutes import is_reportable
from inspection.documents.paper import MINUTES, READING_COPY, Paper
from inspection.figures import show_document
from inspection.phrases import Phrase, say
from inspection.shown import when
from inspection.visit import Visit
from inspection.working_days import LOCAL
from storage import documents
from storage.reports import records
from storage.reports.area import area_of
from storage.reports.records import VisitRecord

VISIT = "visit:"  # before the id of one, as a view
CARD = Phrase(
    "{unit}, kiểm tra {form}, xong lúc {moment}: {result}{reason}{unsigned}.\n{failed}{notice}{findings}",
    "{unit}, {form} visit, finished at {moment}: {result}{reason}{unsigned}.\n{failed}{notice}{findings}",
)
FAILED = Phrase("Nội dung chưa đạt: {items}.", "Not met: {items}.")
NONE_FAILED = Phrase("Không có nội dung chưa đạt.", "Nothing failed.")
UNSIGNED = Phrase(", chưa ký", ", not signed yet")
NOTICE = Phrase("\n{document}.", "\n{document}.")
ALL_ANSWERS = Phrase("Xem các câu trả lời", "See the answers")
TAKE = Phrase("Lấy biên bản (PDF)", "Have the minutes (PDF)")
BEING_MADE = Phrase(
    "Đang lập biên bản. Hệ thống gửi ngay khi xong.", "The minutes are being made and come as soon as they are done."
)
FINDINGS = Phrase("\nTồn tại, hạn chế:", "\nFindings:")


def visit_card(talk: Talk, asked: Asked, place: Place, unknown: str = "") -> None:
    """The card, if the visit is finished and the unit within the asker's rights of this moment."""
    found = records.visit(talk.connection, place.view.removeprefix(VISIT))
    if found is None or not _covered(talk, found):
        talk.refuse("see_visit", place.view.removeprefix(VISIT))
        return
    entries = [
        Entry(f"{number}: {talk.quoted(sentence.rstrip('.'))}", f"finding:{number}", number)
        for number, sentence in found.findings
    ]
    acts = [Entry(talk.words(ALL_ANSWERS), f"{ANSWERS}{found.line.id}")]
    if _readable(talk, documents.visit(talk.connection, found.line.id)):
        acts.append(Entry(talk.words(TAKE), f"paper:{found.line.id}"))
    show(talk, asked, place, Detail(_text(talk, found), entries, acts), unknown)


def answers_of(talk: Talk, asked: Asked, place: Place, unknown: str = "") -> None:
    """The answers of a visit, or one of them, by the same rights."""
    kind, _, about = place.view.partition(":")
    visit_id = about.partition(":")[0]
    visit = seen(talk, visit_id)
    if visit is not None:
        (answer if f"{kind}:" == ANSWER else answers)(talk, asked, place, visit, unknown)


def take(talk: Talk, visit_id: str) -> None:
    """Have the reading copy of its minutes sent."""
    visit = seen(talk, visit_id)
    if visit is None:
        return
    if not _readable(talk, visit):
        talk.refuse("document", visit_id)
        return
    talk.say(BEING_MADE)
    talk.send_paper(Paper(MINUTES, visit_id, READING_COPY))


def _readable(talk: Talk, visit: Visit | None) -> bool:
    """Whether there are minutes, and this person may read them."""
    return visit is not None and is_reportable(visit) and may_read(talk.connection, talk.person, visit, talk.ledger.now)


def seen(talk: Talk, visit_id: str) -> Visit | None:
    """The visit, if it is finished and within the rights of this moment; else it is refused."""
    found = records.visit(talk.connection, visit_id)
    if found is None or not _covered(talk, found):
        talk.refuse("see_visit", visit_id)
        return None
    return documents.visit(talk.connection, visit_id)


def _covered(talk: Talk, found: VisitRecord) -> bool:
    """A former unit belongs to whoever may see the whole of what it led to."""
    line, today = found.line, talk.ledger.today
    if talk.covers("summary", line.unit_id):
        return True
    return line.unit_id in area_of(talk.connection, scope(talk.person, "summary"), today, today).successor


def _text(talk: Talk, found: VisitRecord) -> str:
    line, language = found.line, talk.language
    result = talk.words(ENDED_EARLY)
    if line.status != "ended_early":
        score = words.average(int(line.score * 10), 1, language) if line.score is not None else "…"
        result = talk.words(RESULT, score=score, grade=say(language, f"grade_{line.grade}") if line.grade else "…")
    failed = ", ".join(f"{key} {label(talk, key.partition('.')[0])}".strip() for key in found.failed)
    form = words.in_words(FORMS[line.form], language) if line.form in FORMS else line.form
    return talk.words(
        CARD, unit=line.unit_name, form=form, moment=when(language, line.finished_at.astimezone(LOCAL)), result=result,
        reason=f" ({talk.quoted(found.early_reason)})" if found.early_reason else "",
        unsigned=talk.words(UNSIGNED) if line.status == "awaiting_signature" else "",
        failed=talk.words(FAILED, items=failed) if failed else talk.words(NONE_FAILED),
        notice=talk.words(NOTICE, document=show_document(*found.notice, language)) if found.notice else "",
        findings=talk.words(FINDINGS) if found.findings else "",
    )  # fmt: skip
