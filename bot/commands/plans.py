"""/kehoach: what a unit owes, the most urgent first; each line opens a matter, and a head may name who follows them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.commands import filters
from bot.commands.base import Command
from bot.commands.lists import Page, page_of
from bot.matters import unit
from bot.matters.common import due_shown, how_it_stands, named, split_number, unit_name
from bot.talk import Talk
from inspection.access import DELEGATE, UNIT_HEAD, may, scope
from inspection.figures import document, show_day, show_two
from inspection.messages import Choice, Reply
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from inspection.shown import when
from inspection.words import fold, nfc
from inspection.working_days import LOCAL
from storage import invitations, journal, obligations, people, units
from storage.journal import Entry
from storage.people import NewPerson, Person

NOTHING = Phrase(
    "Đơn vị không có việc nào đang chờ{filter}. Gõ /kehoach tất cả để xem cả việc đã kết thúc. Trân trọng.",
    "Your unit owes nothing at present{filter}. Type /plans all for what is closed as well. Respectfully.",
)
LIST = Phrase(
    "Kính gửi đồng chí {name}: đơn vị có {count} việc.\n{lines}\nĐề nghị đồng chí gõ số thứ tự để mở việc.{giving}",
    "Dear {name}: tasks of your unit: {count}.\n{lines}\nPlease type the number of a line to open it.{giving}",
)
WHICH_MATTER = Phrase(
    "Đơn vị có {count} việc, đề nghị đồng chí gõ kèm mã việc. Ví dụ: {code} {words}",
    "Your unit has several tasks ({count}), please type the code as well. Example: {code} {words}",
)
LINE = Phrase("{n}. {unit}{named}, thời hạn {due}, {standing}", "{n}. {unit}{named}, due {due}, {standing}")
GIVING = Phrase(
    " Gõ “giao” để giao người theo dõi thay đồng chí.{now}", " Type “assign” to name who follows them for you.{now}"
)
GIVEN_TO = Phrase(" Đang theo dõi: {names}.", " At present: {names}.")
GIVE = Phrase("Giao người theo dõi", "Assign")
ASK_WHO = Phrase(
    "Đề nghị đồng chí gõ họ tên, chức vụ người theo dõi các việc của {unit}. Người này nhận nhắc việc trước hạn và báo cáo thay. "
    "Ví dụ: Lương Văn Hòa, Chánh Văn phòng{ending}",
    "Please type name and title of whoever follows the tasks of {unit}. They are reminded before the due date and may report. "
    "Example: “Lương Văn Hòa, Chánh Văn phòng”{ending}",
)
ENDING = Phrase("\nGõ “thôi” để thôi giao {names}.", "\nType “stop” to end the assignment of {names}.")
NAME_UNCLEAR = Phrase(
    "Hệ thống chưa đọc được họ tên. Đề nghị gõ họ tên, chức vụ. Ví dụ: Lương Văn Hòa, Chánh Văn phòng",
    "The name could not be read. Please type name and title. Example: “Lương Văn Hòa, Chánh Văn phòng”",
)
ONE_AT_A_TIME = Phrase(
    "Mỗi lần giao một người. Đề nghị gõ họ tên, rồi dấu phẩy và chức vụ. Ví dụ: Lương Văn Hòa, Chánh Văn phòng",
    "One person at a time. Please type the name, then a comma and the title. Example: “Lương Văn Hòa, Chánh Văn phòng”",
)
YOURSELF = Phrase(
    "Đồng chí đã nhận nhắc việc và báo cáo được các việc của {unit}, không phải giao cho mình. Đề nghị gõ họ tên người khác, "
    "hoặc “hủy” để thôi. Ví dụ: Lương Văn Hòa, Chánh Văn phòng",
    "You are reminded of the tasks of {unit} and may report them as it is. Please type somebody else's name, or “cancel” to leave. "
    "Example: “Lương Văn Hòa, Chánh Văn phòng”",
)
WHICH_UNIT = Phrase(
    "Đồng chí giao người theo dõi các việc của đơn vị nào?\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "The tasks of which unit do you wish to assign?\n{lines}\nAnswer with a number. Example: 1",
)
NAMED_KNOWN = Phrase(
    "Đã giao đồng chí {name} theo dõi các việc của {unit}. Đồng chí {name} nhận nhắc việc trước hạn; quá hạn thì nhắc đồng chí.{ended}",
    "{name} now follows the tasks of {unit} and is reminded before the due date; once overdue you are.{ended}",
)
NAMED_NEW = Phrase(
    "Đã giao đồng chí {name} theo dõi các việc của {unit}. Đề nghị chuyển mã dùng một lần này cho đồng chí {name}, dùng đến {end}: {code}. "
    "Đồng chí {name} gửi mã vào trò chuyện với Hệ thống.{ended}",
    "{name} now follows the tasks of {unit}. Please hand over this one-time code, good until {end}: {code}. {name} sends it to the system.{ended}",
)
ENDED = Phrase("Đã thôi giao {names}.", "The assignment of {names} has ended.")
WHOSE_DELEGATE = Phrase(
    "Thủ trưởng {unit} giao đồng chí theo dõi các việc của đơn vị. Gõ /kehoach để xem. Trân trọng.",
    "The head of {unit} has asked you to follow its tasks. Type /plans to see them. Respectfully.",
)
LONGEST_QUOTED = 80
# Behind the comma stands a title, and none begins like these; with their marks, because "Vũ" is no "Vụ trưởng".
FAMILIES = frozenset(
    ("nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương", "lý",
     "nông", "hứa", "triệu", "lương", "đinh", "lâm", "trịnh", "nguyen", "tran", "pham", "hoang")
)  # fmt: skip
GIVE_WORDS = ("giao", "giao nguoi theo doi", "assign")
STOP_WORDS = ("thoi", "thoi giao", "stop")


class Plans(Command):
    """Lists what is owed and opens it."""

    name = "kehoach"
    alias = "plans"
    words = ("kế hoạch",)
    roles = (UNIT_HEAD, DELEGATE)
    help = Phrase("Xem và báo cáo việc của đơn vị", "See and report what your unit owes")
    lists = ("list",)

    def run(self, talk: Talk, argument: str) -> None:
        """Everything owed, most urgent first; a word filters it, "tất cả" shows what is closed as well."""
        _show(talk, argument, 0)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A line of the list, the answer a matter waits for, or who is to follow the unit's matters."""
        if not may(talk.person, "report_obligation"):
            talk.refuse("report_obligation")
        elif focus.get("code"):
            _matter(talk, text, focus)
        elif focus.get("step") == "which":
            _unit_chosen(talk, text, [str(unit_id) for unit_id in focus["units"]])
        elif focus.get("step") == "delegate":
            _delegate(talk, text, str(focus["unit"]))
        elif fold(text).strip(" .") in GIVE_WORDS and may(talk.person, "delegate"):
            _begin_delegating(talk)
        elif focus.get("step") == "list":
            _chosen(talk, text, focus)
        else:
            self.run(talk, "")


def _mine(talk: Talk) -> list[str]:
    return scope(talk.person, "report_obligation")


def _matter(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """Rights are looked up now: the obligation must still be of a unit this person answers for."""
    one = obligations.by_code(talk.connection, str(focus["code"]))
    if one is None or one.unit_id not in _mine(talk):
        talk.refuse("report_obligation", str(focus["code"]))
    else:
        unit.hear_step(talk, one, str(focus["step"]), text)


def _show(talk: Talk, words: str, page: int) -> None:
    everything = fold(words).strip(" .") in filters.ALL_WORDS
    owed = obligations.of_units(talk.connection, _mine(talk), None if everything else ("open", "returned", "reported"))
    narrowed = filters.read(talk, "" if everything else words, "/kehoach" if talk.language == "vi" else "/plans")
    if narrowed.fault:
        talk.reply(Reply(narrowed.fault))
        return
    owed = [one for one in owed if narrowed.holds(one.due, f"{one.code} {one.title} {unit_name(talk, one.unit_id)}")]
    if not owed:
        talk.say(NOTHING, filter=narrowed.shown(talk))
        return
    shown_page = page_of(owed, page)
    several = len(_mine(talk)) > 1
    lines = [_line(talk, n, one, several) for n, one in shown_page.numbered]
    choices = [Choice(f"{n}. {one.code}", str(n)) for n, one in shown_page.numbered]
    giving = ""
    if may(talk.person, "delegate"):
        following = [p.name for listed in _following(talk).values() for p in listed]
        now = talk.words(GIVEN_TO, names=", ".join(dict.fromkeys(following))) if following else ""
        giving = talk.words(GIVING, now=now)
        choices.append(Choice(talk.words(GIVE), "giao"))
    text = talk.words(
        LIST, name=talk.person.name, count=show_two(len(owed), talk.language), lines="\n".join(lines), giving=giving
    )
    codes = [one.code for one in owed]
    ways = shown_page.ways(talk.language)
    talk.ask(
        "\n".join([text, *ways.lines]), "kehoach", "list", [*choices, *ways.choices], codes=codes, page=shown_page.number,
        words=words,
    )  # fmt: skip


def _line(talk: Talk, n: int, one: Obligation, several: bool) -> str:
    return talk.words(
        LINE,
        n=n,
        unit=f"{unit_name(talk, one.unit_id)}, " if several else "",
        named=named(one, talk.language),
        due=due_shown(one, talk.language),
        standing=how_it_stands(one, talk.ledger.today, talk.ledger.calendar(), talk.language),
    )


def _chosen(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    codes = [str(code) for code in focus.get("codes", ())]
    number = fold(text).removeprefix("so ").strip(" .()")
    moved = Page.moved(number, int(focus.get("page", 0)))
    if moved is not None:
        _show(talk, str(focus.get("words", "")), moved)
    elif number.isdigit() and 1 <= int(number) <= len(codes):
        one = obligations.by_code(talk.connection, codes[int(number) - 1])
        if one is not None and one.unit_id in _mine(talk):
            unit.hear(talk, one, "")
        else:
            _show(talk, "", 0)
    elif len(codes) == 1 and (one := obligations.by_code(talk.connection, codes[0])) is not None:
        unit.hear(talk, one, text)
    elif _is_for_a_matter(talk, text):
        count = show_two(len(codes), talk.language)
        talk.say(WHICH_MATTER, count=count, code=codes[0], words=" ".join(text.split())[:LONGEST_QUOTED])
    else:
        _show(talk, text if len(fold(text)) > 2 else "", 0)


def _is_for_a_matter(talk: Talk, text: str) -> bool:
    """Whether this is what one types behind a code, a choice with its words or a document, and no word to look for."""
    number, words = split_number(text)
    return bool(words if number else document(words, year=talk.ledger.today.year))


# --- who follows the unit's matters ---------------------------------------------------------------------------------


def _following(talk: Talk) -> dict[str, list[Person]]:
    return people.delegates_of(talk.connection, scope(talk.person, "delegate"), talk.ledger.today)


def _begin_delegating(talk: Talk) -> None:
    mine = scope(talk.person, "delegate")
    if len(mine) == 1:
        _ask_delegate(talk, mine[0])
        return
    lines = [f"{n}. {unit_name(talk, unit_id)}" for n, unit_id in enumerate(mine, 1)]
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, 1)]
    talk.ask(talk.words(WHICH_UNIT, lines="\n".join(lines)), "kehoach", "which", choices, units=mine)


def _unit_chosen(talk: Talk, text: str, offered: Sequence[str]) -> None:
    number, _ = split_number(text)
    if number and 1 <= int(number) <= len(offered) and offered[int(number) - 1] in scope(talk.person, "delegate"):
        _ask_delegate(talk, offered[int(number) - 1])
    else:
        _begin_delegating(talk)


def _ask_delegate(talk: Talk, unit_id: str) -> None:
    names = _names(_following(talk).get(unit_id, ()))
    ending = talk.words(ENDING, names=names) if names else ""
    talk.ask(talk.words(ASK_WHO, unit=unit_name(talk, unit_id), ending=ending), "kehoach", "delegate", unit=unit_id)


def _names(listed: Sequence[Person]) -> str:
    return ", ".join(person.name for person in listed)


def _delegate(talk: Talk, text: str, unit_id: str) -> None:
    if unit_id not in scope(talk.person, "delegate"):
        talk.refuse("delegate", unit_id)
        return
    if fold(text).strip(" .") in STOP_WORDS:
        talk.say(ENDED, names=_names(_end(talk, unit_id)) or show_day(talk.ledger.today, talk.language))
        return
    name, _, title = (part.strip() for part in nfc(text).partition(","))
    name = name.removeprefix("đồng chí ").strip()
    if refused := _refused(talk, name, title, unit_id):
        talk.ask(refused, "kehoach", "delegate", unit=unit_id)
        return
    before = _end(talk, unit_id)
    known = [p for p in people.named(talk.connection, name, talk.ledger.today) if unit_id in _units_of(talk, p)]
    person = known[0] if known else _new(talk, name, title[:200])
    people.give_role(talk.connection, person.id, DELEGATE, unit_id, talk.ledger.today)
    journal.append(talk.connection, Entry(talk.person.id, "delegated", person.id, {"unit": unit_id}), talk.ledger.now)
    where = unit_name(talk, unit_id)
    names = _names([one for one in before if one.id != person.id])
    ended = f" {talk.words(ENDED, names=names)}" if names else ""
    if people.accounts_of(talk.connection, [person.id]):
        talk.say(NAMED_KNOWN, name=person.name, unit=where, ended=ended)
        talk.notify(
            [person.id], (WHOSE_DELEGATE.vi if person.language == "vi" else WHOSE_DELEGATE.en).format(unit=where)
        )
        return
    code = invitations.issue(talk.connection, person.id, talk.ledger.now, random=secrets.SystemRandom())
    end = when(talk.language, (talk.ledger.now + timedelta(hours=invitations.HOURS)).astimezone(LOCAL))
    talk.say(NAMED_NEW, name=person.name, unit=where, code=code, end=end, ended=ended)


def _refused(talk: Talk, name: str, title: str, unit_id: str) -> str:
    """Why nobody can be named by this, "" if somebody can."""
    if ";" in name + title or title.casefold().split(" ")[0] in FAMILIES:
        return talk.words(ONE_AT_A_TIME)
    if not 2 <= len(name.split()) <= 8 or any(char.isdigit() for char in name) or len(name) > 80:
        return talk.words(NAME_UNCLEAR)
    if fold(name) == fold(talk.person.name):
        return talk.words(YOURSELF, unit=unit_name(talk, unit_id))
    return ""


def _units_of(talk: Talk, person: Person) -> set[str]:
    """The units a person has a role at, with those above them: a delegate is somebody of the unit."""
    held = {role.unit_id for role in person.roles}
    return held.union(*units.ancestry(talk.connection, held, talk.ledger.today).values()) if held else held


def _new(talk: Talk, name: str, title: str) -> Person:
    new = NewPerson(talk.ledger.ids.new_id(), name, talk.ledger.today, title)
    people.create(talk.connection, [new], talk.ledger.now)
    return people.get_many(talk.connection, [new.id], talk.ledger.today)[new.id]


def _end(talk: Talk, unit_id: str) -> list[Person]:
    """Nobody follows the unit's matters from now on; returns who did."""
    following = people.delegates_of(talk.connection, [unit_id], talk.ledger.today).get(unit_id, [])
    for person in following:
        people.end_role(talk.connection, person.id, DELEGATE, unit_id, talk.ledger.today)
    return following
