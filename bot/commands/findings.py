"""/tontai: findings with what became of them; an administrator enters the notice by which a unit learns of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.commands import filters
from bot.commands.base import Command
from bot.commands.lists import RETURN, Page, first_of, no_number, page_of
from bot.matters import authority, unit
from bot.matters.common import addressed, how_it_stands, unit_name, words_in
from bot.talk import Talk
from inspection.access import ADMIN, DELEGATE, INSPECTOR, TEAM_HEAD, UNIT_HEAD, may, scope
from inspection.figures import document, show_day, show_document, show_two
from inspection.messages import Choice, Reply
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from inspection.words import fold
from storage import obligations, people, remedies, units, visits
from storage.remedies import Conclusion, Finding, Inconclusive

NOTHING = Phrase(
    "Không có tồn tại, hạn chế nào{filter} trong phạm vi của đồng chí.", "There is no finding{filter} in your area."
)
NONE_OPEN = Phrase(
    "Không có tồn tại, hạn chế nào chưa khắc phục{filter} trong phạm vi của đồng chí.",
    "There is no open finding{filter} in your area.",
)
SOME_REMEDIED = Phrase(" Đã khắc phục {count}: gõ “tất cả” để xem.", " Remedied: {count}; type “all” to see them.")
TO_CONCLUDE = Phrase(
    "Chờ nhập Thông báo kết luận: {count} lượt kiểm tra.\n{lines}\nGõ số để nhập số, ngày thông báo.",
    "Notices of conclusions to be entered: {count}.\n{lines}\nType a number to enter one.",
)
TO_CONCLUDE_LINE = Phrase(
    "{n}. {unit}, kiểm tra ngày {on}: {count} tồn tại", "{n}. {unit}, visited {on}, findings: {count}"
)
LIST = Phrase(
    "Tồn tại, hạn chế{filter}: {count} chưa xác nhận khắc phục.\n{lines}\nGõ số để mở; gõ tên đơn vị hoặc kỳ để lọc; gõ “tất cả” để xem cả nội dung đã khắc phục.",
    "Findings{filter}: {count} not confirmed as remedied.\n{lines}\nType a number to open one; a unit or period to filter; “all” for the remedied ones as well.",
)
LIST_ALL = Phrase(
    "Tồn tại, hạn chế{filter}: {count}.\n{lines}\nGõ số để mở; gõ tên đơn vị hoặc kỳ để lọc.",
    "Findings{filter}: {count}.\n{lines}\nType a number to open one; a unit or period to filter.",
)
LINE = Phrase("{n}. {number}{unit}: {sentence}; {standing}", "{n}. {number}{unit}: {sentence}; {standing}")
REMEDIED = Phrase("đã khắc phục", "remedied")
REMEDIED_ON = Phrase("đã khắc phục ngày {day}", "remedied on {day}")
NOT_TOLD = Phrase("chờ thông báo kết luận", "notice to be sent")
WITH_DUE = Phrase("hạn {due}, {standing}", "due {due}, {standing}")
CARD = Phrase(
    "{number}{unit}: {sentence}\nPhát hiện ngày {found}{notice}{due}; {standing}.{repeat}{before}{after}",
    "{number}{unit}: {sentence}\nFound on {found}{notice}{due}; {standing}.{repeat}{before}{after}",
)
NOTICE = Phrase("; {document}", "; {document}")
DUE = Phrase("; hạn {due}", "; due {due}")
REPEAT = Phrase("\nTái diễn: cùng nội dung với {number}.", "\nRepeated: the same as {number}.")
BEFORE, AFTER = (
    Phrase("\nẢnh trên: khi kiểm tra.", "\nPhoto above: at the visit."),
    Phrase("\nẢnh sau khắc phục gửi kèm tin sau.", "\nThe photo after the remedy follows."),
)
AFTER_PHOTO = Phrase("{number}: ảnh sau khắc phục ({n}/{count}).", "{number}: after the remedy ({n}/{count}).")
ASK_NOTICE = Phrase(
    "{unit}, kiểm tra ngày {on}, {count} tồn tại. Đề nghị đồng chí nhập số, ký hiệu, ngày Thông báo kết luận; thời hạn khắc phục tính từ ngày này. "
    "Dự thảo thông báo: gõ /baocao. "
    "Ví dụ: 15/TB-SNV {day}",
    "{unit}, visited {on}, findings: {count}. Please enter number, symbol and date of the notice of conclusions; the periods run from that day. "
    "For a draft type /report. "
    "Example: 15/TB-SNV {day}",
)
UNREAD = Phrase(
    "Hệ thống chưa đọc được số, ký hiệu và ngày. Ví dụ: 15/TB-SNV {day}",
    "Number, symbol and date could not be read. Example: 15/TB-SNV {day}",
)
WRONG_DAY = Phrase(
    "Ngày thông báo phải từ ngày kiểm tra {on} đến hôm nay. Đề nghị nhập lại. Ví dụ: 15/TB-SNV {day}",
    "The day of the notice must lie between the visit, {on}, and today. Please enter it again. Example: 15/TB-SNV {day}",
)
CONCLUDED = Phrase(
    "Đã ghi {document} đối với {unit}: {count} nội dung phải khắc phục{due}. Thủ trưởng đơn vị được báo trong giờ hành chính.",
    "{document} is entered for {unit}; findings to be remedied: {count}{due}. The head of the unit is told in office hours.",
)
DUE_BY = Phrase(", thời hạn {dues}", ", due {dues}")
DUES = Phrase("từ {first} đến {last}", "from {first} to {last}")
BEFORE_THAT = Phrase(
    "Thông báo kết luận của lượt này đã được nhập.", "The notice of this visit has been entered before."
)
TOLD_UNIT = Phrase(
    "V/v khắc phục {count} tồn tại, hạn chế: hạn {last}\n"
    "Kính gửi đồng chí {name}: Theo {document}, đơn vị có {count} tồn tại, hạn chế cần khắc phục, thời hạn {dues}. "
    "Đề nghị đồng chí chỉ đạo xây dựng kế hoạch khắc phục và cập nhật kết quả kèm minh chứng. Gõ /tontai để xem từng nội dung. Trân trọng.",
    "Re: findings to be remedied ({count}): due {last}\n"
    "Dear {name}: under {document} your unit has findings to remedy ({count}), due {dues}. "
    "Please see to a plan of remedy and report with proof. Type /findings to see each. Respectfully.",
)


class Findings(Command):
    """Findings, by the rights of the asker."""

    name = "tontai"
    alias = "findings"
    words = ("tồn tại",)
    roles = (ADMIN, UNIT_HEAD, DELEGATE, TEAM_HEAD, INSPECTOR)
    help = Phrase("Tồn tại, hạn chế và việc khắc phục", "Findings and their remedies")
    lists = ("list",)

    def run(self, talk: Talk, argument: str) -> None:
        """Notices to be entered first, then the findings; words filter, "tất cả" shows the remedied ones too."""
        _show(talk, argument, 0)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A number of the list, the notice asked for, or words to filter by."""
        number = fold(text).removeprefix("so ").strip(" .()")
        moved = Page.moved(number, int(focus.get("page", 0)))
        if number in RETURN:
            _show(talk, str(focus.get("words", "")), int(focus.get("page", 0)))
        elif focus.get("step") == "notice":
            _enter_notice(talk, text, str(focus["visit"]))
        elif moved is not None:
            _show(talk, str(focus.get("words", "")), moved)
        elif number.isdigit():
            _open(talk, int(number), focus)
        elif number in filters.ALL_WORDS:  # of what is shown, not of everything there is
            _show(talk, f"{_with_all(str(focus.get('words', '')))[1]} {text}".strip(), 0)
        else:
            _show(talk, text, 0)

    def knows(self, word: str, focus: dict[str, Any]) -> bool:
        """The way back to the list."""
        return word == "back"


def open_finding(talk: Talk, number: str) -> bool:
    """Show one finding to somebody who may see it; False, and nothing said, where they may not."""
    finding = remedies.by_number(talk.connection, number)
    if finding is None or not _may_see(talk, finding):
        return False
    _card(talk, finding)
    return True


def _area(talk: Talk) -> tuple[set[str], bool]:
    """The units whose findings the asker may see, and whether only those the unit was told of."""
    watching = (*scope(talk.person, "answer_request"), *scope(talk.person, "inspect"))
    if watching:
        found = (units.subtree_ids(talk.connection, unit_id, talk.ledger.today) for unit_id in dict.fromkeys(watching))
        return set().union(*found), False
    return set(scope(talk.person, "report_obligation")), True


def _may_see(talk: Talk, finding: Finding) -> bool:
    area, told_only = _area(talk)
    return finding.unit_id in area and not (told_only and finding.notice is None)


def _to_conclude(talk: Talk) -> list[Inconclusive]:
    if not may(talk.person, "answer_request"):
        return []
    found = (units.subtree_ids(talk.connection, u, talk.ledger.today) for u in scope(talk.person, "answer_request"))
    return remedies.inconclusive(talk.connection, set().union(*found))


def _with_all(words: str) -> tuple[bool, str]:
    """Whether the remedied ones are wanted as well ("yên phúc tất cả"), and the rest of the filter."""
    folded = fold(words).strip(" .")
    word = next((one for one in filters.ALL_WORDS if folded == one or folded.endswith(f" {one}")), "")
    return bool(word), " ".join(words.strip(" .").split()[: -len(word.split())]) if word else words


def _listed(talk: Talk, narrowed: filters.Filter, *, everything: bool) -> list[Finding]:
    area, told_only = _area(talk)
    return [
        f
        for f in remedies.listed(talk.connection, area, open_only=not everything, told_only=told_only)
        if narrowed.holds(f.found_on, f"{f.number} {f.item_code} {f.sentence} {unit_name(talk, f.unit_id)}")
    ]


def _show(talk: Talk, words: str, page: int, unknown: str = "") -> None:
    """The list as it stands; `unknown`: a number typed that it does not have."""
    everything, asked_for = _with_all(words)
    narrowed = filters.read(talk, asked_for, "/tontai" if talk.language == "vi" else "/findings")
    if narrowed.fault:
        talk.reply(Reply(narrowed.fault))
        return
    listed = _listed(talk, narrowed, everything=everything)
    unconcluded = [] if page or words else _to_conclude(talk)
    waiting, more = first_of(unconcluded, talk.language)
    if not listed and not waiting:
        _say_nothing(talk, narrowed, words, everything=everything)
        return
    texts, choices = [], []
    if waiting:
        lines = [
            talk.words(TO_CONCLUDE_LINE, n=n, unit=unit_name(talk, w.unit_id), on=show_day(w.on, talk.language),
                       count=show_two(w.findings, talk.language))
            for n, w in enumerate(waiting, start=1)
        ]  # fmt: skip
        texts.append(
            talk.words(TO_CONCLUDE, count=show_two(len(unconcluded), talk.language), lines="\n".join([*lines, *more]))
        )
        choices += [Choice(f"{n}. {unit_name(talk, w.unit_id)}", str(n)) for n, w in enumerate(waiting, start=1)]
    if listed:
        shown = page_of(listed, page)
        numbered = [(n + len(waiting), f) for n, f in shown.numbered]
        several = len(_area(talk)[0]) > 1
        lines = [_line(talk, n, finding, several=several) for n, finding in numbered]
        ways = shown.ways(talk.language)
        head = LIST_ALL if everything else LIST
        body = talk.words(
            head, filter=narrowed.shown(talk), count=show_two(len(listed), talk.language), lines="\n".join(lines)
        )
        texts.append("\n".join([body, *ways.lines]))
        choices += [*(Choice(f"{n}. {f.number}", str(n)) for n, f in numbered), *ways.choices]
    if unknown:
        texts.insert(0, no_number(talk, unknown, [choice.value for choice in choices if choice.value.isdigit()]))
    talk.ask(
        "\n".join(texts), "tontai", "list", choices, visits=[w.visit_id for w in waiting],
        numbers=[f.number for f in listed], page=page, words=words,
    )  # fmt: skip


def _say_nothing(talk: Talk, narrowed: filters.Filter, words: str, *, everything: bool) -> None:
    """That none is there; where some were and are remedied, how to see them, else the names most like the words."""
    remedied = [] if everything else _listed(talk, narrowed, everything=True)
    like = "" if remedied else filters.similar(talk, narrowed, sorted(_area(talk)[0]))
    hint = talk.words(SOME_REMEDIED, count=show_two(len(remedied), talk.language)) if remedied else like
    text = talk.words(NONE_OPEN if remedied else NOTHING, filter=narrowed.shown(talk)) + hint
    talk.ask(text, "tontai", "list", visits=[], numbers=[], page=0, words=words)


def _line(talk: Talk, n: int, finding: Finding, *, several: bool) -> str:
    return talk.words(
        LINE,
        n=n,
        number=finding.number,
        unit=f", {unit_name(talk, finding.unit_id)}" if several else "",
        sentence=talk.quoted(finding.sentence.rstrip(".")),
        standing=_standing(talk, finding),
    )


def _standing(talk: Talk, finding: Finding) -> str:
    if finding.remedied:
        issued = finding.remedy.issued if finding.remedy is not None else None
        return talk.words(REMEDIED_ON, day=show_day(issued, talk.language)) if issued else talk.words(REMEDIED)
    if finding.remedy is None:
        return (
            talk.words(NOT_TOLD)
            if finding.due is None
            else talk.words(DUE, due=show_day(finding.due, talk.language)).strip("; ")
        )
    stands = how_it_stands(finding.remedy, talk.ledger.today, talk.ledger.calendar(), talk.language)
    return talk.words(WITH_DUE, due=show_day(finding.remedy.due, talk.language), standing=stands)


def _open(talk: Talk, number: int, focus: dict[str, Any]) -> None:
    visit_ids = [str(v) for v in focus.get("visits", ())]
    numbers = [str(n) for n in focus.get("numbers", ())]
    if 1 <= number <= len(visit_ids):
        _ask_notice(talk, visit_ids[number - 1])
        return
    place = number - len(visit_ids)
    finding = remedies.by_number(talk.connection, numbers[place - 1]) if 1 <= place <= len(numbers) else None
    if finding is None or not _may_see(talk, finding):
        _show(talk, str(focus.get("words", "")), int(focus.get("page", 0)), str(number))
        return
    _card(talk, finding)


def _card(talk: Talk, finding: Finding) -> None:
    """The finding with the photo that shows it, then the photos of its remedy, then what can be done."""
    sent = obligations.proofs(talk.connection, finding.remedy.id) if finding.remedy is not None else []
    after = [proof.sha256 for proof in sent if proof.is_photo]
    notice = finding.notice
    text = talk.words(
        CARD, number=finding.number, unit=f", {unit_name(talk, finding.unit_id)}", sentence=talk.quoted(finding.sentence),
        found=show_day(finding.found_on, talk.language), standing=_standing(talk, finding),
        notice=talk.words(NOTICE, document=show_document(notice.document, notice.issued, talk.language)) if notice else "",
        due="",
        repeat=talk.words(REPEAT, number=finding.repeat_of) if finding.repeat_of else "",
        before=talk.words(BEFORE) if finding.photo else "", after=talk.words(AFTER) if after else "",
    )  # fmt: skip
    talk.reply(Reply(text, photo=finding.photo))
    for n, sha in enumerate(after, start=1):
        shown = talk.words(AFTER_PHOTO, number=finding.number, n=n, count=len(after))
        talk.reply(Reply(shown, photo=sha))
    if finding.remedy is not None and not finding.remedied:
        _what_next(talk, finding.remedy)


def _what_next(talk: Talk, remedy: Obligation) -> None:
    if remedy.unit_id in scope(talk.person, "report_obligation"):
        unit.hear(talk, remedy, "")
    elif talk.covers("answer_request", remedy.unit_id):
        authority.hear(talk, remedy, "")


# --- the notice of conclusions --------------------------------------------------------------------------------------


def _waiting(talk: Talk, visit_id: str) -> Inconclusive | None:
    """The visit, if its notice is still to be entered and the asker still answers for the unit."""
    return next((w for w in _to_conclude(talk) if w.visit_id == visit_id), None)


def _ask_notice(talk: Talk, visit_id: str, fault: str = "") -> None:
    waiting = _waiting(talk, visit_id)
    if waiting is None:
        if visits.exists(talk.connection, visit_id):
            talk.say(BEFORE_THAT)
        else:
            talk.refuse("conclude", visit_id)
        return
    asked = talk.words(
        ASK_NOTICE, unit=unit_name(talk, waiting.unit_id), on=show_day(waiting.on, talk.language), count=show_two(waiting.findings, talk.language),
        day=show_day(talk.ledger.today, talk.language),
    )  # fmt: skip
    talk.ask(fault or asked, "tontai", "notice", visit=visit_id)


def _enter_notice(talk: Talk, text: str, visit_id: str) -> None:
    waiting = _waiting(talk, visit_id)
    today = talk.ledger.today
    read = document(text, year=today.year)
    if waiting is None:
        _ask_notice(talk, visit_id)
    elif read is None or read.issued is None:
        _ask_notice(talk, visit_id, talk.words(UNREAD, day=show_day(today, talk.language)))
    elif not waiting.on <= read.issued <= today:
        _ask_notice(
            talk,
            visit_id,
            talk.words(WRONG_DAY, on=show_day(waiting.on, talk.language), day=show_day(today, talk.language)),
        )
    else:
        notice = Conclusion(read.number_symbol, read.issued)
        owed = remedies.conclude(
            talk.connection, visit_id, notice, talk.person.id, talk.ledger.now, talk.ledger.calendar(),
            talk.ledger.ids.new_id,
        )  # fmt: skip
        _say_concluded(talk, waiting, notice, owed or [])


def _say_concluded(talk: Talk, waiting: Inconclusive, notice: Conclusion, owed: Sequence[Obligation]) -> None:
    here = _span(owed, notice, talk.language)
    due = talk.words(DUE_BY, dues=here["dues"]) if owed else ""
    talk.say(CONCLUDED, unit=unit_name(talk, waiting.unit_id), due=due, **here)
    heads = people.heads_of(talk.connection, [waiting.unit_id], talk.ledger.today).get(waiting.unit_id, ())
    for head in heads if owed else ():
        there = _span(owed, notice, head.language)
        talk.notify([head.id], words_in(head.language, TOLD_UNIT, name=addressed(head, head.language), **there))


def _span(owed: Sequence[Obligation], notice: Conclusion, language: str) -> dict[str, str]:
    """The notice, how much is owed by it, and by when, as shown."""
    first, last = (min(one.due for one in owed), max(one.due for one in owed)) if owed else (None, None)
    shown = {"first": show_day(first, language), "last": show_day(last, language)} if first and last else {}
    return {
        "document": show_document(notice.document, notice.issued, language),
        "count": show_two(len(owed), language),
        "last": shown.get("last", ""),
        "dues": shown.get("last", "") if first == last else words_in(language, DUES, **shown),
    }
