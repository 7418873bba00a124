"""Which matter a photo or file proves: the code in its caption, else the one matter that waits for a proof.

Where several could be meant nothing is guessed: a proof in the wrong file is worse than one sent twice.
"""

from __future__ import annotations

from bot.matters import unit
from bot.matters.common import say_unknown, split_number
from bot.matters.routing import CODED, is_about_one, printed
from bot.talk import Talk
from inspection.access import UNIT_HEAD, may, scope
from inspection.figures import show_day
from inspection.messages import BURST, Kind
from inspection.obligations import OWED, REMEDY, Obligation, State, kind_of
from inspection.phrases import Phrase
from storage import obligations, requests

RETURNED: tuple[State, ...] = ("returned",)
LISTED = 8  # codes in one sentence; /kehoach has them all

PHOTO, FILE = Phrase("Ảnh", "The photo"), Phrase("Tệp", "The file")
WHICH = Phrase(
    "{what} chưa được lưu vì chưa rõ thuộc việc nào. Đề nghị đồng chí gửi lại, ghi mã việc vào chú thích; các việc đang chờ: {codes}.\n"
    "Ví dụ: {example}",
    "{what} was not stored: it is not clear to which task it belongs. Please send it again with the code as its caption; to be done: {codes}.\n"
    "Example: {example}",
)
NOTHING_OWED = Phrase(
    "{what} chưa được lưu: đơn vị không có việc nào chờ minh chứng. Gõ /kehoach để xem các việc.",
    "{what} was not stored: your unit owes no proof at present. Type /plans to see what is owed.",
)
NOT_WITH_REQUEST = Phrase(
    "{what} gửi kèm không được lưu: chỉ nhận ảnh, tệp minh chứng cho báo cáo.",
    "{what} that came with it was not stored: only reports are proved by photos and files.",
)


def are_awaited(talk: Talk, *, visiting: bool) -> bool:
    """Whether a photo or file goes to a matter; of those who inspect as well only where something says so."""
    caption = talk.incoming.text
    if not may(talk.person, "report_obligation"):
        return False
    if visiting:
        return is_about_one(caption, visiting=True)
    heads = talk.person.has(UNIT_HEAD) or not may(talk.person, "inspect")
    return heads or CODED.search(caption) is not None or bool(_waiting_for_one(talk))


def wanted(talk: Talk) -> str:
    """The id of the obligation a photo or file belongs to; "" when it is not taken, and then it was said why."""
    album = "" if talk.incoming.album == BURST else talk.incoming.album
    if found := CODED.search(talk.incoming.text):
        proved = _captioned(talk, printed(found), talk.incoming.text[found.end() :].strip())
        talk.state.pop("refused_album", None)
        if album:  # only its first part carries the caption
            talk.state["captioned_album"] = [album, proved]
        return proved
    of_album, proved = talk.state.get("captioned_album", ("", ""))
    if album and album == of_album:
        return str(proved)
    waiting = _waiting_for_one(talk)
    if len(waiting) == 1:
        return waiting[0].id
    if not told_of_album(talk):
        _ask_again(talk, waiting)
    return ""


def told_of_album(talk: Talk) -> bool:
    """Whether it was said already that this album is not taken; from now on it was."""
    album = talk.incoming.album
    if album and talk.state.get("refused_album") == album:
        return True
    talk.state["refused_album"] = album
    return False


def _captioned(talk: Talk, code: str, rest: str) -> str:
    """A caption with a code: the rest may be the whole report, and then the photo is its proof."""
    one = obligations.by_code(talk.connection, code)
    number, words = split_number(rest)
    if one is None or one.unit_id not in scope(talk.person, "report_obligation"):
        say_unknown(talk, code)
    elif one.state not in (*OWED, "reported"):
        unit.hear(talk, one, rest)
    elif number not in ("", "1") and words:
        unit.hear(talk, one, rest)
        talk.say(NOT_WITH_REQUEST, what=_what(talk))
    else:
        if words and unit.is_report(talk, rest):
            unit.hear(talk, one, rest)
        return one.id
    return ""


def _waiting_for_one(talk: Talk) -> list[Obligation]:
    """What a bare photo may prove: of several returned ones the one just opened, and the one last reported here."""
    mine = scope(talk.person, "report_obligation")
    returned = obligations.of_units(talk.connection, mine, RETURNED)
    focus = talk.focus or {}
    opened = [one for one in returned if focus.get("step") == "complete" and focus.get("code") == one.code]
    last = obligations.get(talk.connection, str(talk.state.get("proof", "")))
    if opened or last is None or last.unit_id not in mine or last.state not in ("open", "reported"):
        return opened or returned
    return [*returned, last] if not returned or _lacks_proof(talk, last) else returned


def _lacks_proof(talk: Talk, last: Obligation) -> bool:
    report = requests.waiting(talk.connection, last.id, "report")
    return last.state == "open" or (report is not None and not report.proof)


def _ask_again(talk: Talk, waiting: list[Obligation]) -> None:
    what = _what(talk)
    owed = obligations.of_units(talk.connection, scope(talk.person, "report_obligation"))
    several = waiting or owed
    if not several:
        talk.say(NOTHING_OWED, what=what)
        return
    codes = ", ".join(one.code for one in several[:LISTED]) + (", …" if len(several) > LISTED else "")
    talk.say(WHICH, what=what, codes=codes, example=_example(talk, several[0]))


def _example(talk: Talk, one: Obligation) -> str:
    if one.state != "open" or one.kind == REMEDY:
        return one.code
    return f"{one.code} 1 {kind_of(one.kind).symbol} {show_day(talk.ledger.today, talk.language)}"


def _what(talk: Talk) -> str:
    return talk.words(PHOTO if talk.incoming.kind is Kind.PHOTO else FILE)
