"""One question a message, "lùi" goes back, all is shown once before it is stored; then its obligations are made.

Everything is looked up anew before it is done: what no longer holds is asked again, the rest is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.directing import draft as pieces
from bot.directing.draft import Draft, FaultError
from bot.matters.common import unit_name
from bot.talk import Talk
from inspection.access import scope
from inspection.directives import Line, read_due, read_kind
from inspection.figures import show_day, show_two
from inspection.messages import Choice
from inspection.obligations import OWED
from inspection.phrases import Phrase
from inspection.words import fold
from storage import calendar, directives, journal, obligations
from storage.directives import Demand, Directive, Entered
from storage.journal import Entry

COMMAND = "vanban"
BACK = ("lui", "back", "quay lai")

ISSUER = Phrase("Văn bản của đơn vị nào?\n{lines}", "Which unit issues it?\n{lines}")
NUMBER = Phrase(
    "Đề nghị gõ số, ký hiệu và ngày văn bản của {unit}; chỉ có số cũng được. Ví dụ: 09/UBND-NC {day}",
    "Please type number, symbol and date of the document of {unit}; a number alone will do. Example: 09/UBND-NC {day}",
)
SUBJECT = Phrase(
    "Trích yếu? Gõ “bỏ qua” nếu không ghi. Ví dụ: về việc tăng cường kỷ luật, kỷ cương hành chính",
    "Its subject? Type “skip” to leave it out. Example: on tightening administrative discipline",
)
PARENT = Phrase(
    "Thực hiện văn bản nào của cấp trên? Gõ “bỏ qua” nếu không có.\n{lines}",
    "Which document from above does it carry out? Type “skip” if none.\n{lines}",
)
KIND = Phrase(
    "Giao việc gì? Gõ số, hoặc gõ tên việc khác.\n{lines}\nVí dụ: 1, hoặc Kế hoạch kỷ luật, kỷ cương",
    "What is demanded? Type a number, or name other work.\n{lines}\nExample: 1, or a name of your own",
)
TO = Phrase(
    "Giao cho ai?\n{lines}\nGõ số, hoặc tên các đơn vị cách nhau bằng dấu chấm phẩy. Ví dụ: diem he; tan doan",
    "For whom?\n{lines}\nType a number, or names of units with semicolons between. Example: diem he; tan doan",
)
GROUPS = {
    "tất cả": Phrase("Tất cả đơn vị trực thuộc ({count})", "All units below ({count})"),
    "loại: xã, phường": Phrase("Các xã, phường ({count})", "Communes and wards ({count})"),
    "loại: sở": Phrase("Các sở, cơ quan ({count})", "Departments ({count})"),
}
MEANT = Phrase(
    "{fault} Có phải:\n{lines}\nGõ số, hoặc gõ lại.", "{fault} Is it:\n{lines}\nType a number, or type it again."
)
DUE = Phrase(
    "Thời hạn? Ngày, hoặc số ngày tính từ ngày văn bản. Ví dụ: {day}, hoặc 10 ngày làm việc, hoặc 30 ngày",
    "By when? A day, or days from the day of the document. Example: {day}, or 10 working days, or 30 days",
)
YEARLY = Phrase("Một lần hay hằng năm?\n1. Một lần   2. Hằng năm", "Once or every year?\n1. Once   2. Every year")
ONCE_LABEL, YEARLY_LABEL = Phrase("1. Một lần", "1. Once"), Phrase("2. Hằng năm", "2. Every year")
CHECK = Phrase(
    "{cited}{subject}{parent}\n{lines}\n1. Ghi   2. Nhập lại   3. Thêm việc khác",
    "{cited}{subject}{parent}\n{lines}\n1. Store   2. Begin again   3. Add other work",
)
CHECK_LABELS = (
    Phrase("1. Ghi", "1. Store"), Phrase("2. Nhập lại", "2. Begin again"), Phrase("3. Thêm việc khác", "3. Add other work"),
)  # fmt: skip
CARRIES = Phrase("\nThực hiện: {cited}", "\nCarries out: {cited}")
SUBJECT_SHOWN = Phrase("\nTrích yếu: {subject}", "\nSubject: “{subject}”")
WORK = Phrase(
    "- {work} năm {year}: {count} đơn vị{who}, thời hạn {due}; {how}.",
    "- “{work}” for {year}: {count} units{who}, due {due}; {how}.",
)
WHO = Phrase(" ({names})", " ({names})")
ONCE_SHOWN, YEARLY_SHOWN = Phrase("một lần", "once"), Phrase("hằng năm", "every year")
ROLLED = Phrase("{due} ({day} là ngày nghỉ)", "{due} ({day} is a day off)")
PROVISIONAL = Phrase("{due} (dự kiến)", "{due} (provisional)")
DONE = Phrase(
    "Đã ghi {cited}: {count} việc, mã {codes}. Thủ trưởng đơn vị được nhắc theo bậc nhắc; gõ /vanban để theo dõi.{own}",
    "{cited} is stored: {count} matters, codes {codes}. Heads are reminded by the ladder; type /directive to follow them.{own}",
)
OWN = Phrase(
    "\nViệc {code} của đơn vị đồng chí chờ văn bản này? Gõ: {code} 1 {number} {day}",
    "\nDoes your own unit's {code} wait for this document? Type: {code} 1 {number} {day}",
)
LEFT = Phrase("Chưa ghi gì. Gõ /vanban khi cần.", "Nothing was stored. Type /directive any time.")
TOO_FEW = Phrase(
    "Một dòng gồm: số và ngày; việc; cho ai; thời hạn; hằng năm (nếu có). Ví dụ: /vanban 09/UBND-NC {day}; Kế hoạch triển khai; tất cả; 10 ngày làm việc",
    "One line holds: number and date; work; for whom; due; every year (if so). Example: /directive 09/UBND-NC {day}; Report; all; 10 working days",
)  # fmt: skip


def begin(talk: Talk, known: Draft | None = None) -> None:
    """Ask for what is not known yet."""
    _go_on(talk, {"trail": [], **(known or {})})


_NEEDS = {"number": "issuer", "to": "issuer", "due": "number"}  # what must be known before a piece can be read


def begin_with(talk: Talk, line: Line) -> None:
    """A directive on one line; what is wrong or missing in it is asked, the rest is kept."""
    parts = {"number": line.number, "kind": line.work, "to": line.to, "due": line.due}
    parts["yearly"] = "2" if line.yearly else "1"
    listed = pieces.issuers(talk)
    known = {"issuer": listed[0].id} if len(listed) == 1 else {}
    _read_line(talk, {"trail": [], "subject": "", "line": parts, **known})


def _read_line(talk: Talk, draft: Draft) -> None:
    """Read what was typed on one line as far as it can be; the first fault is asked, what hangs on it waits."""
    typed, waiting = draft.pop("line", {}), {}
    first: tuple[str, FaultError] | None = None
    for name, text in typed.items():
        if name in _NEEDS and _NEEDS[name] not in draft:
            waiting[name] = text
            continue
        try:
            draft = pieces.take(talk, draft, name, text)
            draft["trail"] = [*draft["trail"], name]
        except FaultError as fault:
            first = first or (name, fault)
    draft |= {"line": waiting} if waiting else {}
    if first is not None:
        _ask_again(talk, draft, first[0], typed[first[0]], first[1])
    else:
        _go_on(talk, draft)


def hear(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """The answer to one question."""
    draft, name = dict(focus["draft"]), str(focus["step"])
    if fold(text).strip(" .") in BACK:
        _back(talk, draft)
        return
    if name == "check":
        _hear_check(talk, text, draft)
        return
    offered, number = list(focus.get("offered", ())), pieces.number_of(text)
    if 1 <= number <= len(offered):
        text = str(focus["typed"]).replace(str(focus["words"]), offered[number - 1])
    try:
        draft = pieces.take(talk, draft, name, text)
    except FaultError as fault:
        _ask_again(talk, draft, name, text, fault)
        return
    draft["trail"] = [*(one for one in draft["trail"] if one != name), name]
    _read_line(talk, draft)


def _go_on(talk: Talk, draft: Draft) -> None:
    """The next question; what has one answer only is not asked."""
    listed = pieces.issuers(talk)
    if not listed or ("issuer" in draft and draft["issuer"] not in {unit.id for unit in listed}):
        talk.refuse("direct")
        return
    if "issuer" not in draft and len(listed) == 1:
        draft["issuer"] = listed[0].id
    if "number" in draft and "parent" not in draft and not pieces.parents(talk, draft):
        draft["parent"] = ""
    name = pieces.missing(draft)
    if name:
        _ask(talk, draft, name)
    else:
        _check(talk, draft)


def _back(talk: Talk, draft: Draft) -> None:
    """To the question before; from the first one nothing is left but to leave."""
    if not draft["trail"] and draft.get("demands"):
        *draft["demands"], last_demand = draft["demands"]
        _go_on(talk, draft | last_demand)
        return
    if not draft["trail"]:
        talk.say(LEFT)
        return
    *draft["trail"], last = draft["trail"]
    gone = {"number": ("number", "issued", "parent"), "kind": ("kind", "name", "work")}.get(last, (last,))
    _go_on(talk, {name: value for name, value in draft.items() if name not in gone})


# --- asking ---------------------------------------------------------------------------------------------------------


def _ask(talk: Talk, draft: Draft, name: str, head: str = "") -> None:
    text, labels = _question(talk, draft, name)
    choices = [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]
    talk.ask(f"{head}\n{text}" if head else text, COMMAND, name, choices, draft=draft)


def _ask_again(talk: Talk, draft: Draft, name: str, typed: str, fault: FaultError) -> None:
    """The fault, and what could be meant instead; else the question once more below it, where it has choices."""
    if fault.offered:
        labels = [f"{n}. {one}" for n, one in enumerate(fault.offered, start=1)]
        choices = [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]
        text = talk.words(MEANT, fault=str(fault), lines="\n".join(labels))
        talk.ask(text, COMMAND, name, choices, draft=draft, offered=fault.offered, words=fault.words, typed=typed)
    elif name in ("number", "due", "subject"):
        talk.ask(str(fault), COMMAND, name, draft=draft)
    else:
        _ask(talk, draft, name, str(fault))


def _question(talk: Talk, draft: Draft, name: str) -> tuple[str, list[str]]:
    """A question with its numbered choices."""
    today = talk.ledger.today
    labels: list[str] = []
    values: dict[str, str] = {"day": show_day(today)}
    if name == "issuer":
        labels = _numbered([unit.full_name for unit in pieces.issuers(talk)])
    elif name == "number":
        values["unit"] = unit_name(talk, draft["issuer"])
    elif name == "parent":
        labels = _numbered([pieces.citation(talk, one) for one in pieces.parents(talk, draft)])
    elif name == "kind":
        labels = _numbered([talk.quoted(kind.name) for kind in pieces.kinds(talk)])
    elif name == "to":
        counted = pieces.groups(talk, draft)
        labels = _numbered([talk.words(GROUPS[text], count=show_two(n, talk.language)) for text, n in counted])
    elif name == "due":
        values["day"] = show_day(talk.ledger.calendar().add_working_days(today, 10))
    else:
        labels = [talk.words(ONCE_LABEL), talk.words(YEARLY_LABEL)] if name == "yearly" else []
    return talk.words(_QUESTIONS[name], lines="\n".join(labels), **values), labels


_QUESTIONS = {
    "issuer": ISSUER, "number": NUMBER, "subject": SUBJECT, "parent": PARENT, "kind": KIND, "to": TO, "due": DUE,
    "yearly": YEARLY,
}  # fmt: skip


def _numbered(labels: list[str]) -> list[str]:
    return [f"{n}. {label}" for n, label in enumerate(labels, start=1)]


# --- showing and storing --------------------------------------------------------------------------------------------


def _check(talk: Talk, draft: Draft) -> None:
    """All of it once; a piece that no longer holds is asked again."""
    if not _still_holds(talk, draft):
        return
    directive = pieces.directive_of(talk, draft)
    parent = directives.get(talk.connection, directive.parent_id) if directive.parent_id else None
    lines = [work_line(talk, directive, pieces.demand_of(one), directive.year) for one in pieces.demands_of(draft)]
    text = talk.words(
        CHECK, cited=pieces.citation(talk, directive), lines="\n".join(lines),
        subject=talk.words(SUBJECT_SHOWN, subject=directive.subject) if directive.subject else "",
        parent=talk.words(CARRIES, cited=pieces.citation(talk, parent)) if parent else "",
    )  # fmt: skip
    labels = [talk.words(label) for label in CHECK_LABELS]
    talk.ask(text, COMMAND, "check", [Choice(label, label[0]) for label in labels], draft=draft)


def _still_holds(talk: Talk, draft: Draft) -> bool:
    """Read what may have changed since it was typed once more; asks for the first piece that fails."""
    again = [("number", f"{draft['number']} {show_day(pieces.issued_of(draft))}")] if "id" not in draft else []
    for one in pieces.demands_of(draft):
        for name, text in (*again, ("to", one["to"]), ("due", one["due"])):
            try:
                pieces.take(talk, draft, name, text)
            except FaultError as fault:
                _ask_again(talk, {key: value for key, value in draft.items() if key != name}, name, text, fault)
                return False
    return True


def work_line(talk: Talk, directive: Directive, demand: Demand, year: int) -> str:
    """What is demanded, of how many, by which day."""
    asked = directives.addressed(talk.connection, directive.issuer_id, demand.addressees, talk.ledger.today)
    count = show_two(len(asked), talk.language)
    named = demand.addressees not in GROUPS
    who = talk.words(WHO, names=", ".join(unit.full_name for unit in asked)) if named else ""
    how = talk.words(YEARLY_SHOWN if demand.yearly else ONCE_SHOWN)
    due = due_shown(talk, directive, demand, year)
    return talk.words(WORK, work=demand.subject, year=year, count=count, who=who, due=due, how=how)


def due_shown(talk: Talk, directive: Directive, demand: Demand, year: int) -> str:
    """The due date worked out; that it gave way to a day off, and that the year's plan is not official yet, is said."""
    due = directives.due_of(directive, demand, year, talk.ledger.calendar())
    shown = show_day(due, talk.language)
    rule = read_due(demand.due_rule, year=directive.issued.year)
    if year == directive.year and rule is not None and rule.on is not None and rule.on != due:
        shown = talk.words(ROLLED, due=shown, day=show_day(rule.on, talk.language))
    if calendar.provisional(talk.connection, due.year):
        shown = talk.words(PROVISIONAL, due=shown)
    return shown


def _hear_check(talk: Talk, text: str, draft: Draft) -> None:
    number = pieces.number_of(text)
    if number == 1 or fold(text) in ("ghi", "store"):
        _store(talk, draft)
    elif number == 2:
        begin(talk, _kept(draft, _OF_STORED) if "id" in draft else None)
    elif number == 3:
        demands = pieces.demands_of(draft)
        _go_on(talk, {"trail": [], "demands": demands, **_kept(draft, (*_OF_STORED, "subject", "parent", "carries"))})
    else:
        _check(talk, draft)


_OF_STORED = ("id", "issuer", "number", "issued")


def _kept(draft: Draft, names: Sequence[str]) -> Draft:
    return {name: draft[name] for name in names if name in draft}


def _store(talk: Talk, draft: Draft) -> None:
    """The directive, its demands and their obligations, or nothing of it."""
    if not {unit.id for unit in pieces.issuers(talk)} & {draft["issuer"]}:
        talk.refuse("direct", draft["issuer"])
        return
    if not _still_holds(talk, draft):
        return
    directive = _stored(talk, draft)
    known = directives.kinds(talk.connection)
    for one in pieces.demands_of(draft):
        if one["kind"] not in known:
            directives.keep_kind(talk.connection, read_kind(one["name"]))
    entered = [_made(talk, directive, one) for one in pieces.demands_of(draft)]
    if "carries" in draft:
        directives.no_longer_yearly(talk.connection, draft["carries"])
    say_done(talk, directive, entered)


def _stored(talk: Talk, draft: Draft) -> Directive:
    directive = pieces.directive_of(talk, draft)
    if directive.id:
        return directive
    directive = Directive(talk.ledger.ids.new_id(), *(getattr(directive, name) for name in Directive.__slots__[1:]))
    directives.add(talk.connection, directive, talk.person.id, talk.ledger.now)
    details = {"directive": directive.id, "unit": directive.issuer_id}
    journal.append(talk.connection, Entry(talk.person.id, "directive_entered", directive.id, details), talk.ledger.now)
    return directive


def _made(talk: Talk, directive: Directive, one: dict[str, Any]) -> Entered:
    demand = pieces.demand_of(one, talk.ledger.ids.new_id(), directive.id)
    directives.add_demand(talk.connection, demand)
    return make(talk, directive, demand, directive.year)


def make(talk: Talk, directive: Directive, demand: Demand, year: int) -> Entered:
    """The obligations of a demand, written into the journal."""
    ledger = talk.ledger
    made = directives.make(talk.connection, directive, demand, year, ledger.today, ledger.calendar(), ledger.ids.new_id)
    details = {"directive": directive.id, "year": year, "made": len(made.made)}
    journal.append(talk.connection, Entry(talk.person.id, "demanded", demand.id, details), ledger.now)
    return made


def say_done(talk: Talk, directive: Directive, entered: list[Entered]) -> None:
    """How many, under which codes; and what of the issuer's own waits for this very document."""
    codes = [one.code for each in entered for one in each.made]
    shown = codes[0] if len(codes) == 1 else f"{codes[0]} – {codes[-1]}" if codes else "-"
    talk.say(
        DONE, cited=pieces.citation(talk, directive), count=show_two(len(codes), talk.language), codes=shown,
        own=_own(talk, directive),
    )  # fmt: skip


def _own(talk: Talk, directive: Directive) -> str:
    if directive.parent_id is None or directive.issuer_id not in scope(talk.person, "report_obligation"):
        return ""
    owed = obligations.of_units(talk.connection, [directive.issuer_id], OWED, kind="impl_plan")
    own = next((one for one in owed if one.directive_id == directive.parent_id), None)
    day = show_day(directive.issued)
    return "" if own is None else talk.words(OWN, code=own.code, number=directive.number_symbol, day=day)
