"""/vanban: the directives of the asker's units and what came of them; a new one, what is due every year, the ladders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.commands.base import Command
from bot.commands.lists import Page, page_of
from bot.directing import draft as pieces
from bot.directing import entering, kinds
from bot.matters.common import due_shown, how_it_stands, unit_name
from bot.talk import Talk
from inspection.access import ADMIN, UNIT_HEAD, may
from inspection.directives import number_key, read_line
from inspection.figures import show_day, show_two
from inspection.messages import Choice
from inspection.obligations import DONE, Obligation, standing
from inspection.phrases import Phrase
from inspection.words import fold
from storage import calendar, directives, obligations
from storage.directives import AddresseesError, Demand, Directive

COMMAND = "vanban"
NEW_WORDS = ("them", "moi", "nhap", "new", "add")

NO_UNITS = Phrase(
    "Đơn vị của đồng chí không có đơn vị trực thuộc để giao việc. Gõ /kehoach để xem việc của đơn vị.",
    "There is no unit below yours to direct. Type /plans for what your unit owes.",
)
NOTHING = Phrase(
    "Năm {year} chưa có văn bản chỉ đạo nào. Gõ “thêm” để nhập, “nhắc” để xem bậc nhắc.",
    "No directive of {year} yet. Type “new” to enter one, “ladder” for who is told when.",
)
LIST = Phrase("Văn bản chỉ đạo năm {year}: {count}.\n{lines}", "Directives of {year}: {count}.\n{lines}")
HOW = Phrase(
    "Gõ số để mở, “thêm” để nhập văn bản mới, “nhắc” để xem bậc nhắc. Ví dụ: /vanban 43 {year}",
    "Type a number to open one, “new” to enter one, “ladder” for who is told when. Example: /directive 43 {year}",
)
YEARLY = Phrase(
    "Việc hằng năm chưa lập cho năm {year}: {count}.\n{lines}",
    "Demanded every year, not made for {year}: {count}.\n{lines}",
)
YEARLY_LINE = Phrase("{n}. {work}, theo {cited}", "{n}. “{work}”, by {cited}")
LINE = Phrase("{n}. {cited}{subject}: {came}", "{n}. {cited}{subject}: {came}")
CAME = Phrase("{units} đơn vị, {done} xong, {late} quá hạn", "{units} units, {done} done, {late} overdue")
NEW, LADDER = Phrase("Thêm văn bản", "New"), Phrase("Bậc nhắc", "Ladder")
NEW_WORD, LADDER_WORD = Phrase("thêm", "new"), Phrase("nhắc", "ladder")
UNKNOWN = Phrase(
    "Không có văn bản “{words}” năm {year}. Gõ /vanban để xem danh sách, “thêm” để nhập văn bản mới.",
    "There is no directive “{words}” of {year}. Type /directive for the list, “new” to enter one.",
)
CARD = Phrase(
    "{cited}{subject}\n{works}\n{lines}\nGõ mã việc để mở hồ sơ; gõ “thêm” để giao thêm việc theo văn bản này.",
    "{cited}{subject}\n{works}\n{lines}\nType a code to open its record; “new” to demand more by this document.",
)
SUBJECT = Phrase(", {subject}", ", “{subject}”")
WORK = Phrase("{work}{yearly}: {came}.", "“{work}”{yearly}: {came}.")
EVERY_YEAR = Phrase(" (hằng năm)", " (every year)")
OWED = Phrase("{code}, {unit}, hạn {due}: {standing}", "{code}, {unit}, due {due}: {standing}")
MORE_WORK = Phrase("Thêm việc khác", "Add other work")
AGAIN = Phrase(
    "{line}\nCăn cứ: {cited}\n1. Lập cho năm {year}   2. Lập theo văn bản mới   3. Thôi",
    "{line}\nBy: {cited}\n1. Make for {year}   2. Make by a new document   3. Leave",
)
AGAIN_LABELS = (
    Phrase("1. Lập cho năm {year}", "1. Make for {year}"), Phrase("2. Lập theo văn bản mới", "2. Make by a new document"),
    Phrase("3. Thôi", "3. Leave"),
)  # fmt: skip
AGAIN_PAST = Phrase(
    "Thời hạn theo văn bản cũ đã qua trong năm {year}: đề nghị chọn 2 và gõ thời hạn mới.\n2. Lập theo văn bản mới   3. Thôi",
    "By the old document it would be over already in {year}: please choose 2 and type a new due date.\n2. Make by a new document   3. Leave",
)
AGAIN_NOBODY = Phrase(
    "Đơn vị được giao theo văn bản cũ đã thay đổi ({words}): đề nghị chọn 2 và chọn lại đơn vị.\n2. Lập theo văn bản mới   3. Thôi",
    "The units of the old document have changed (“{words}”): please choose 2 and name them anew.\n2. Make by a new document   3. Leave",
)
MADE_ALREADY = Phrase("Việc này đã được lập cho năm {year}.", "This was made for {year} already.")


class Directives(Command):
    """Directives, by the units the asker directs for."""

    name = COMMAND
    alias = "directive"
    words = ("văn bản",)
    roles = (ADMIN, UNIT_HEAD)
    help = Phrase("Văn bản chỉ đạo: giao việc, theo dõi, bậc nhắc", "Directives: demand work, follow it, ladders")

    def run(self, talk: Talk, argument: str) -> None:
        """The list; "43 2026" one of it; "thêm" or a whole line a new one; "nhắc" the ladders."""
        word = fold(argument).strip(" .")
        if not _allowed(talk):
            return
        if word in kinds.WORDS:
            kinds.show(talk)
        elif word in NEW_WORDS:
            entering.begin(talk)
        elif ";" in argument:
            _line(talk, argument)
        elif word.isdigit() and len(word) == 4:
            _show(talk, int(word), 0)
        elif word:
            _find(talk, argument.strip())
        else:
            _show(talk, talk.ledger.today.year, 0)

    def knows(self, word: str, focus: dict[str, Any]) -> bool:
        """The way back and what may be left out, while something is being entered."""
        return word in ("back", "skip") and "draft" in focus

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """An answer to the list, to a card, or to a question of what is being entered."""
        if not _allowed(talk):
            return
        step = str(focus.get("step"))
        if "draft" in focus:
            entering.hear(talk, text, focus)
        elif step in ("kinds", "ladder"):
            kinds.hear(talk, text, focus)
        elif step == "card":
            _hear_card(talk, text, focus)
        elif step == "again":
            _hear_again(talk, text, focus)
        else:
            _hear_list(talk, text, focus)


def _allowed(talk: Talk) -> bool:
    """By the roles of this moment; a head of a unit with none below is told so."""
    allowed = may(talk.person, "direct") and bool(pieces.issuers(talk))
    if not allowed:
        if may(talk.person, "direct"):
            talk.say(NO_UNITS)
        else:
            talk.refuse("direct")
    return allowed


def _line(talk: Talk, argument: str) -> None:
    line = read_line(argument)
    if line is None:
        talk.say(entering.TOO_FEW, day=show_day(talk.ledger.today))
    else:
        entering.begin_with(talk, line)


def _mine(talk: Talk) -> list[str]:
    return [unit.id for unit in pieces.issuers(talk)]


# --- the list -------------------------------------------------------------------------------------------------------


def _show(talk: Talk, year: int, page: int) -> None:
    listed = directives.of_year(talk.connection, _mine(talk), year)
    missing = _missing(talk) if year == talk.ledger.today.year and not page else []
    shown = page_of(listed, page)
    came = _came(talk, [one.id for _, one in shown.numbered], year)
    texts = []
    if missing:
        lines = [talk.words(YEARLY_LINE, n=n, work=d.subject, cited=pieces.citation(talk, one))
                 for n, (one, d) in enumerate(missing, start=1)]  # fmt: skip
        texts.append(talk.words(YEARLY, year=year, count=show_two(len(missing), talk.language), lines="\n".join(lines)))
    numbered = [(n + len(missing), one) for n, one in shown.numbered]
    if listed:
        lines = [
            talk.words(LINE, n=n, cited=pieces.citation(talk, one), subject=_subject(talk, one), came=came[one.id])
            for n, one in numbered
        ]
        texts.append(talk.words(LIST, year=year, count=show_two(len(listed), talk.language), lines="\n".join(lines)))
    ways = shown.ways(talk.language)
    texts += [talk.words(HOW if listed or missing else NOTHING, year=year), *ways.lines]
    choices = [Choice(f"{n}. {talk.quoted(d.subject)}", str(n)) for n, (_, d) in enumerate(missing, start=1)]
    choices += [Choice(f"{n}. {one.number_symbol}", str(n)) for n, one in numbered]
    choices += [
        Choice(talk.words(NEW), talk.words(NEW_WORD)),
        Choice(talk.words(LADDER), talk.words(LADDER_WORD)),
        *ways.choices,
    ]
    ids = [*(d.id for _, d in missing), *(one.id for one in listed)]
    talk.ask("\n".join(texts), COMMAND, "list", choices, ids=ids, yearly=len(missing), year=year, page=page)


def _missing(talk: Talk) -> list[tuple[Directive, Demand]]:
    return directives.missing_this_year(talk.connection, _mine(talk), talk.ledger.today.year)


def _subject(talk: Talk, one: Directive) -> str:
    return talk.words(SUBJECT, subject=one.subject) if one.subject else ""


def _came(talk: Talk, directive_ids: Sequence[str], year: int) -> dict[str, str]:
    """What came of each directive in a year."""
    owed: dict[str, list[Obligation]] = {directive_id: [] for directive_id in directive_ids}
    for one in obligations.of_directives(talk.connection, directive_ids):
        if one.year == year:
            owed[str(one.directive_id)].append(one)
    return {directive_id: _outcome(talk, listed) for directive_id, listed in owed.items()}


def _outcome(talk: Talk, listed: Sequence[Obligation]) -> str:
    """ "66 đơn vị, 60 xong, 04 quá hạn"; what was called off counts nowhere."""
    today, days = talk.ledger.today, talk.ledger.calendar()
    stands = [standing(one, today, days) for one in listed if one.state != "cancelled"]
    done, late = sum(one in DONE for one in stands), stands.count("overdue")
    asked = len({one.unit_id for one in listed if one.state != "cancelled"})
    shown = {"units": asked, "done": done, "late": late}
    return talk.words(CAME, **{name: show_two(n, talk.language) for name, n in shown.items()})


def _hear_list(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    word, number = fold(text).strip(" ."), pieces.number_of(text)
    ids, yearly = [str(i) for i in focus.get("ids", ())], int(focus.get("yearly", 0))
    moved = Page.moved(word, int(focus.get("page", 0)))
    if moved is not None:
        _show(talk, int(focus["year"]), moved)
    elif 1 <= number <= yearly:
        _again(talk, ids[number - 1])
    elif yearly < number <= len(ids):
        _card(talk, ids[number - 1], 0)
    else:
        COMMAND_ITSELF.run(talk, text)


# --- one directive --------------------------------------------------------------------------------------------------


def _find(talk: Talk, words: str) -> None:
    """ "43 2026", "09/UBND-NC"; of several of one number the list is short enough to choose from."""
    head, _, last = words.rpartition(" ")
    year = int(last) if head and last.isdigit() and len(last) == 4 else talk.ledger.today.year
    wanted = number_key((head if head and str(year) == last else words).strip(" ."))
    listed = directives.of_year(talk.connection, _mine(talk), year)
    found = [one for one in listed if number_key(one.number_symbol) == wanted]
    found = found or [one for one in listed if number_key(one.number_symbol).partition("/")[0] == wanted]
    if len(found) == 1:
        _card(talk, found[0].id, 0)
    else:
        talk.say(UNKNOWN, words=words[:40], year=year) if not found else _show(talk, year, 0)


def _card(talk: Talk, directive_id: str, page: int) -> None:
    one = directives.get(talk.connection, directive_id)
    if one is None or one.issuer_id not in _mine(talk):
        talk.refuse("direct", directive_id)
        return
    owed = obligations.of_directives(talk.connection, [one.id])
    shown = page_of(owed, page)
    works = [
        talk.words(WORK, work=demand.subject, yearly=talk.words(EVERY_YEAR) if demand.yearly else "",
                   came=_outcome(talk, [o for o in owed if o.demand_id == demand.id]))
        for demand in directives.demands_of(talk.connection, one.id)
    ]  # fmt: skip
    lines = [
        talk.words(OWED, code=o.code, unit=unit_name(talk, o.unit_id), due=_due(talk, o),
                   standing=how_it_stands(o, talk.ledger.today, talk.ledger.calendar(), talk.language))
        for _, o in shown.numbered
    ]  # fmt: skip
    ways = shown.ways(talk.language)
    text = talk.words(CARD, cited=pieces.citation(talk, one), subject=_subject(talk, one), works="\n".join(works),
                      lines="\n".join(lines))  # fmt: skip
    choices = [Choice(talk.words(MORE_WORK), talk.words(NEW_WORD)), *ways.choices]
    talk.ask("\n".join([text, *ways.lines]), COMMAND, "card", choices, id=one.id, page=shown.number)


def _due(talk: Talk, one: Obligation) -> str:
    """The due date in force; in a year without an official plan of days off it may still move."""
    shown = due_shown(one, talk.language)
    provisional = calendar.provisional(talk.connection, one.due.year)
    return talk.words(entering.PROVISIONAL, due=shown) if provisional else shown


def _hear_card(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    word = fold(text).strip(" .")
    moved = Page.moved(word, int(focus.get("page", 0)))
    one = directives.get(talk.connection, str(focus["id"]))
    if moved is not None:
        _card(talk, str(focus["id"]), moved)
    elif word in (*NEW_WORDS, "them viec khac", "add other work") and one is not None and one.issuer_id in _mine(talk):
        known = {"id": one.id, "issuer": one.issuer_id, "number": one.number_symbol, "issued": one.issued.isoformat()}
        entering.begin(talk, known)
    else:
        COMMAND_ITSELF.run(talk, text)


# --- what is demanded every year ------------------------------------------------------------------------------------


def _yearly(talk: Talk, demand_id: str) -> tuple[Directive, Demand] | None:
    """The yearly demand, if it still waits to be made for this year."""
    return next(((one, demand) for one, demand in _missing(talk) if demand.id == demand_id), None)


def _again(talk: Talk, demand_id: str) -> None:
    """What it would be this year, before it is."""
    year = talk.ledger.today.year
    waiting = _yearly(talk, demand_id)
    if waiting is None:
        talk.say(MADE_ALREADY, year=year)
        return
    directive, demand = waiting
    labels = [talk.words(label, year=year) for label in AGAIN_LABELS]
    text = _fault(talk, directive, demand)
    if text:
        labels = labels[1:]
    else:
        line = entering.work_line(talk, directive, demand, year)
        text = talk.words(AGAIN, line=line, cited=pieces.citation(talk, directive), year=year)
    choices = [Choice(label, label[0]) for label in labels]
    talk.ask(text, COMMAND, "again", choices, demand=demand_id)


def _fault(talk: Talk, directive: Directive, demand: Demand) -> str:
    """Why it cannot be made by the old document: over already, or its units are no more; "" if it can."""
    today: date = talk.ledger.today
    if directives.due_of(directive, demand, today.year, talk.ledger.calendar()) < today:
        return talk.words(AGAIN_PAST, year=today.year)
    changed = _changed(talk, directive, demand)
    return talk.words(AGAIN_NOBODY, words=changed[:60]) if changed else ""


def _hear_again(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    number, year = pieces.number_of(text), talk.ledger.today.year
    waiting = _yearly(talk, str(focus["demand"]))
    if waiting is None:
        talk.say(MADE_ALREADY, year=year)
        return
    directive, demand = waiting
    if number == 1 and not _fault(talk, directive, demand):
        entering.say_done(talk, directive, [entering.make(talk, directive, demand, year)])
    elif number == 2:
        _by_new_document(talk, directive, demand)
    elif number == 3:
        talk.say(entering.LEFT)
    else:
        _again(talk, demand.id)


def _by_new_document(talk: Talk, directive: Directive, demand: Demand) -> None:
    """The same work under a new number; its units are taken over where they are still there."""
    known: dict[str, Any] = {"issuer": directive.issuer_id, "subject": "", "carries": demand.id, "yearly": True}
    known |= {"kind": demand.kind, "name": directives.kinds(talk.connection)[demand.kind].name, "work": demand.subject}
    if not _changed(talk, directive, demand):
        known["to"] = demand.addressees
    entering.begin(talk, known)


def _changed(talk: Talk, directive: Directive, demand: Demand) -> str:
    """What of the units a demand names can no longer be told; "" if all can."""
    try:
        directives.addressed(talk.connection, directive.issuer_id, demand.addressees, talk.ledger.today)
    except AddresseesError as error:
        return error.words
    return ""


COMMAND_ITSELF = Directives()
