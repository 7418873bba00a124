"""Standing in for somebody absent, asked under /moi: who is away, who takes over, from when to when; and ending it.

It holds from the transaction on in which it is said, on its days and no others. All is looked up anew before it is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.commands import codes
from bot.commands.people import ROLES, in_area, in_charge, shown
from bot.talk import Talk
from inspection.access import ADMIN
from inspection.figures import day, show_day
from inspection.messages import Choice, Reply
from inspection.phrases import Phrase
from inspection.words import fold, nfc
from storage import consents, journal, people, units
from storage.journal import Entry
from storage.people import NewPerson, Person, RoleAt, StandIn

SHOWN = 8
_DAYS = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{2,4})?")

ABSENT = Phrase(
    "Đề nghị gõ họ tên người đi vắng. Ví dụ: Nguyễn Văn An",
    "Type the name of the person who will be away. Example: an",
)
NOBODY = Phrase(
    'Không tìm thấy "{words}" đang giữ vai trò trong phạm vi đồng chí phụ trách. Gõ tên khác, có dấu hoặc không dấu. Ví dụ: van an',
    'Nobody called "{words}" holds a role in your area. Type another name, with or without marks. Example: van an',
)
WHICH = Phrase(
    "Chọn người:\n{lines}\nTrả lời bằng số. Ví dụ: 1", "Choose the person:\n{lines}\nAnswer with a number. Example: 1"
)
ROLE = Phrase(
    "{person} giữ các vai trò sau. Thay vai trò nào?\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "{person} holds these roles. Which one is to be taken over?\n{lines}\nAnswer with a number. Example: 1",
)
WHO = Phrase(
    "Ai thay {person}, {role}? Đề nghị gõ họ và tên. Ví dụ: Nguyễn Văn An",
    "Who stands in for {person}, {role}? Type the full name. Example: “Nguyễn Văn An”",
)
ADD = Phrase("{n}. Thêm người mới: {name}", "{n}. Add a new person: {name}")
NAME_UNCLEAR = Phrase(
    "Chưa có người này. Họ và tên gồm ít nhất 02 từ, chỉ có chữ. Ví dụ: Nguyễn Văn An",
    "Not known yet. A full name has at least two words, letters only. Example: “Nguyễn Văn An”",
)
DAYS = Phrase(
    "Từ ngày nào đến hết ngày nào? Gõ một ngày là từ hôm nay đến hết ngày đó. Ví dụ: {first} {last}",
    "From which day to which, both included? One day alone means from today on. Example: {first} {last}",
)
DAYS_UNCLEAR = Phrase(
    "Ngày đầu không trước hôm nay, ngày cuối không trước ngày đầu. Ví dụ: {first} {last}",
    "The first day is not before today, the last not before the first. Example: {first} {last}",
)
CHECK = Phrase(
    "Từ ngày {first} đến hết ngày {last}, {person} thay {absent}, vai trò: {role}.{note}\n1. Cử thay   2. Nhập lại",
    "From {first} to {last}, {person} stands in for {absent}, role: {role}.{note}\n1. Appoint   2. Begin again",
)
CHECK_LABELS = (Phrase("1. Cử thay", "1. Appoint"), Phrase("2. Nhập lại", "2. Begin again"))
SILENT = Phrase(
    "\nLưu ý: người thay chưa nhận được tin qua trò chuyện; cần mã mời thì gõ /moi.",
    "\nNote: this person cannot be reached by chat yet; type /invite for a code.",
)
DONE = Phrase(
    "Đã cử {person} thay {absent}, {role}, từ ngày {first} đến hết ngày {last}.",
    "{person} stands in for {absent}, {role}, from {first} to {last}.",
)
TAKEN = Phrase(
    "Chưa thực hiện: trong thời gian này người được cử đã giữ vai trò đó, hoặc đã có người khác thay. Gõ /moi, chọn 6 để xem.",
    "Not done: on these days the person holds that role anyway, or somebody else stands in. Type /invite and choose 6 to see.",
)
BEGIN_AGAIN = Phrase(
    "Thông tin đã thay đổi trong lúc chờ. Đề nghị gõ /moi để làm lại.",
    "Something has changed meanwhile. Please begin again with /invite.",
)
TOLD = Phrase(
    "Kính gửi đồng chí {person}: từ ngày {first} đến hết ngày {last}, đồng chí được cử thay đồng chí {absent}, {role}. "
    "Trong thời gian này việc của vai trò này được gửi đến đồng chí. Gõ /trogiup để xem các lệnh. Trân trọng.",
    "Dear {person}: from {first} to {last} you stand in for {absent}, {role}. What this role has to do comes to you "
    "meanwhile. Type /help for the commands.",
)
NONE = Phrase("Không có ai đang hoặc sắp thay người khác.", "Nobody stands in for anybody.")
LIST = Phrase(
    "Chọn việc thay cần kết thúc:\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "Which one is to end?\n{lines}\nAnswer with a number. Example: 1",
)
LINE = Phrase(
    "{n}. {person} thay {absent}, {role}, từ {first} đến hết {last}",
    "{n}. {person} for {absent}, {role}, from {first} to {last}",
)
SURE = Phrase(
    "Kết thúc ngay việc {person} thay {absent}, {role}?\n1. Kết thúc   2. Thôi",
    "End at once that {person} stands in for {absent}, {role}?\n1. End   2. Leave",
)
SURE_LABELS = (Phrase("1. Kết thúc", "1. End"), Phrase("2. Thôi", "2. Leave"))
ENDED = Phrase("Đã kết thúc: {person} thôi thay {absent}.", "Ended: {person} no longer stands in for {absent}.")
ENDED_TOLD = Phrase(
    "Kính gửi đồng chí {person}: việc thay đồng chí {absent}, {role}, kết thúc từ hôm nay. Trân trọng.",
    "Dear {person}: you no longer stand in for {absent}, {role}, from today on.",
)
LEFT = Phrase("Không thay đổi gì.", "Nothing was changed.")

Draft = dict[str, Any]  # absent, role, unit; then person (an id) or name (of somebody new); then first and last day


def full_name(text: str) -> str:
    """A full name as typed, or "" if it is none: at least two words, letters only."""
    name = " ".join(nfc(text).split())
    sound = " " in name and len(name) <= 120 and all(c.isalpha() or c in " '’-." for c in name)
    return name if sound else ""


def begin(talk: Talk) -> None:
    """Who is away?"""
    _ask(talk, talk.words(ABSENT), "absent", {})


# --- asking ---------------------------------------------------------------------------------------------------------


def _ask(talk: Talk, text: str, step: str, draft: Draft, labels: Sequence[str] = (), **more: Any) -> None:
    choices = [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]
    talk.ask(text, "moi", step, choices, draft=draft, **more)


def _ask_which(talk: Talk, step: str, draft: Draft, found: Sequence[Person], name: str = "") -> None:
    """People to choose from; a name that could be somebody new is offered as such."""
    labels = [f"{n}. {shown(talk, one)}" for n, one in enumerate(found, start=1)]
    if name:
        labels.append(talk.words(ADD, n=len(found) + 1, name=name))
    text = talk.words(WHICH, lines="\n".join(labels))
    _ask(talk, text, step, draft, labels, ids=[one.id for one in found], added=name)


def _ask_who(talk: Talk, draft: Draft) -> None:
    absent = people.get_many(talk.connection, [draft["absent"]], talk.ledger.today).get(draft["absent"])
    if absent is None:
        talk.say(BEGIN_AGAIN)
        return
    text = talk.words(WHO, person=absent.name, role=_role_of(talk, draft))
    _ask(talk, text, "stand", draft)


def _ask_days(talk: Talk, draft: Draft, phrase: Phrase = DAYS) -> None:
    first = talk.ledger.today
    last = talk.ledger.calendar().add_working_days(first, 5)
    _ask(
        talk,
        talk.words(phrase, first=show_day(first, talk.language), last=show_day(last, talk.language)),
        "days",
        draft,
    )


def _ask_check(talk: Talk, draft: Draft) -> None:
    case = _case(talk, draft)
    if case is None:
        talk.say(BEGIN_AGAIN)
        return
    absent, person = case
    reached = person is None or people.accounts_of(talk.connection, [person.id])
    names = {"person": shown(talk, person) if person else draft["name"], "absent": shown(talk, absent)}
    text = talk.words(CHECK, **names, **_days(talk, draft), role=_role_of(talk, draft),
                      note="" if reached else talk.words(SILENT))  # fmt: skip
    _ask(talk, text, "stand_check", draft, [talk.words(label) for label in CHECK_LABELS])


# --- hearing --------------------------------------------------------------------------------------------------------


def _hear_absent(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    person = _numbered(talk, text, focus)
    found = [person] if person else [one for one in in_area(talk, text) if _own(talk, one)][:SHOWN]
    if not found:
        _ask(talk, talk.words(NOBODY, words=text.strip()[:60]), "absent", {})
    elif len(found) > 1:
        _ask_which(talk, "absent", {}, found)
    else:
        _away(talk, found[0])


def _away(talk: Talk, person: Person) -> None:
    """One role is the one that is meant; of several it is asked."""
    held = _own(talk, person)
    if not held:
        talk.say(BEGIN_AGAIN)
    elif len(held) == 1:
        _ask_who(talk, {"absent": person.id, "role": held[0].role, "unit": held[0].unit_id})
    else:
        labels = [f"{n}. {_role_words(talk, one)}" for n, one in enumerate(held, start=1)]
        text = talk.words(ROLE, person=person.name, lines="\n".join(labels))
        _ask(talk, text, "stand_role", {"absent": person.id}, labels, held=[[one.role, one.unit_id] for one in held])


def _hear_role(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    held, number = focus["held"], _number(text)
    if number.isdigit() and 1 <= int(number) <= len(held):
        role, unit = held[int(number) - 1]
        _ask_who(talk, focus["draft"] | {"role": role, "unit": unit})
        return
    absent = people.get_many(talk.connection, [focus["draft"]["absent"]], talk.ledger.today)
    if absent:
        _away(talk, absent[focus["draft"]["absent"]])
    else:
        talk.say(BEGIN_AGAIN)


def _hear_stand(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    draft, number, offered = focus["draft"], _number(text), focus.get("ids", ())
    person = _numbered(talk, text, focus)
    if person is not None:
        _ask_days(talk, draft | {"person": person.id})
    elif focus.get("added") and number == str(len(offered) + 1):
        _ask_days(talk, draft | {"name": focus["added"]})
    elif number.isdigit():
        _ask_who(talk, draft)
    else:
        found = [one for one in in_area(talk, text) if one.id != draft["absent"]][:SHOWN]
        name = full_name(text)
        if found or name:
            _ask_which(talk, "stand", draft, found, name)
        else:
            _ask(talk, talk.words(NAME_UNCLEAR), "stand", draft)


def _hear_days(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    today = talk.ledger.today
    found = [day(part.replace(" ", ""), year=today.year) for part in _DAYS.findall(text)]
    if len(found) == 1:
        found = [today, *found]
    if len(found) != 2 or found[0] is None or found[1] is None or not today <= found[0] <= found[1]:
        _ask_days(talk, focus["draft"], DAYS_UNCLEAR)
        return
    _ask_check(talk, focus["draft"] | {"first": found[0].isoformat(), "last": found[1].isoformat()})


def _hear_check(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    number = _number(text)
    if number == "1":
        _appoint(talk, focus["draft"])
    elif number == "2":
        begin(talk)
    else:
        _ask_check(talk, focus["draft"])


# --- doing ----------------------------------------------------------------------------------------------------------


def _appoint(talk: Talk, draft: Draft) -> None:
    case = _case(talk, draft)
    if case is None:
        talk.say(BEGIN_AGAIN)
        return
    absent, known = case
    ledger, first, last = talk.ledger, date.fromisoformat(draft["first"]), date.fromisoformat(draft["last"])
    held = RoleAt(draft["role"], draft["unit"], "", absent.id, last)
    if first < ledger.today or not people.can_stand_in(talk.connection, known.id if known else "", held, first):
        talk.say(BEGIN_AGAIN if first < ledger.today else TAKEN)
        return
    person = known or _created(talk, draft)
    people.stand_in(talk.connection, person.id, held, first)
    details = {"for": absent.id, "role": held.role, "unit": held.unit_id, "from": draft["first"], "to": draft["last"]}
    journal.append(talk.connection, Entry(talk.person.id, "stood_in", person.id, details), ledger.now)
    ledger.refresh([person.id])
    words = {"person": person.name, "absent": absent.name, "role": _role_of(talk, draft), **_days(talk, draft)}
    talk.say(DONE, **words)
    _tell(talk, person, TOLD, words)
    if known is None:
        codes.issue(talk, person, {"role": held.role, "unit": held.unit_id})


def _created(talk: Talk, draft: Draft) -> Person:
    """Somebody new, who holds nothing of their own."""
    ledger = talk.ledger
    new = NewPerson(ledger.ids.new_id(), draft["name"], ledger.today)
    people.create(talk.connection, [new], ledger.now)
    return Person(new.id, new.name)


def _tell(talk: Talk, person: Person, phrase: Phrase, words: Mapping[str, str]) -> None:
    """The person concerned learns of it, where a chat reaches them."""
    reached = people.accounts_of(talk.connection, [person.id]).get(person.id)
    if reached and person.id not in consents.refused(talk.connection, [person.id]):
        text = (phrase.vi if person.language == "vi" else phrase.en).format(**words)
        talk.ledger.post(talk.outcome, reached[0].chat, Reply(text))


# --- ending ---------------------------------------------------------------------------------------------------------


def begin_ending(talk: Talk) -> None:
    """Which one? Those to come are listed, too."""
    listed = _listed(talk)[:SHOWN]
    if not listed:
        talk.say(NONE)
        return
    labels = [talk.words(LINE, n=n, **_words(talk, one)) for n, one in enumerate(listed, start=1)]
    _ask(talk, talk.words(LIST, lines="\n".join(labels)), "standing", {}, labels, rows=[one.id for one in listed])


def _hear_standing(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    rows, number = focus["rows"], _number(text)
    if not (number.isdigit() and 1 <= int(number) <= len(rows)):
        begin_ending(talk)
        return
    one = _row(talk, rows[int(number) - 1])
    if one is None:
        talk.say(BEGIN_AGAIN)
    else:
        labels = [talk.words(label) for label in SURE_LABELS]
        _ask(talk, talk.words(SURE, **_words(talk, one)), "stand_end", {}, labels, row=one.id)


def _hear_end(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    one, number = _row(talk, focus["row"]), _number(text)
    if number == "2":
        talk.say(LEFT)
    elif one is None:
        talk.say(BEGIN_AGAIN)
    elif number != "1":
        begin_ending(talk)
    else:
        people.end_stand_in(talk.connection, one, talk.ledger.today)
        details = {"for": one.for_id, "role": one.role, "unit": one.unit_id}
        journal.append(
            talk.connection, Entry(talk.person.id, "stand_in_ended", one.person_id, details), talk.ledger.now
        )
        talk.ledger.refresh([one.person_id])
        words = _words(talk, one)
        talk.say(ENDED, **words)
        person = people.get_many(talk.connection, [one.person_id], talk.ledger.today).get(one.person_id)
        if person is not None:
            _tell(talk, person, ENDED_TOLD, words)


# --- looking up -----------------------------------------------------------------------------------------------------


def _own(talk: Talk, person: Person) -> list[RoleAt]:
    """The roles a person holds in their own right, within the asker's area."""
    area, today = talk.person.units(ADMIN), talk.ledger.today
    own = [held for held in person.roles if not held.for_id]
    return [held for held in own if units.covers(talk.connection, area, held.unit_id, today)]


def _case(talk: Talk, draft: Draft) -> tuple[Person, Person | None] | None:
    """The absent and the stand-in as of now (None: somebody new); None if any of it no longer holds."""
    ids = [draft["absent"], *([draft["person"]] if "person" in draft else [])]
    known = people.get_many(talk.connection, ids, talk.ledger.today)
    absent = known.get(draft["absent"])
    if absent is None or not any((h.role, h.unit_id) == (draft["role"], draft["unit"]) for h in _own(talk, absent)):
        return None
    if "person" not in draft:
        return absent, None
    person = known.get(draft["person"])
    return (absent, person) if person is not None and in_charge(talk, person) else None


def _listed(talk: Talk) -> list[StandIn]:
    area, today = talk.person.units(ADMIN), talk.ledger.today
    listed = people.stand_ins(talk.connection, today)
    return [one for one in listed if units.covers(talk.connection, area, one.unit_id, today)]


def _row(talk: Talk, row: int) -> StandIn | None:
    return next((one for one in _listed(talk) if one.id == row), None)


def _numbered(talk: Talk, text: str, focus: dict[str, Any]) -> Person | None:
    """The person of a list that was shown, if still in the asker's area."""
    ids, number = focus.get("ids", ()), _number(text)
    if not (number.isdigit() and 1 <= int(number) <= len(ids)):
        return None
    person = people.get_many(talk.connection, [ids[int(number) - 1]], talk.ledger.today).get(ids[int(number) - 1])
    return person if person is not None and in_charge(talk, person) else None


def _number(text: str) -> str:
    return fold(text).removeprefix("so ").strip(" .()")


def _days(talk: Talk, draft: Draft) -> dict[str, str]:
    return {name: show_day(date.fromisoformat(draft[name]), talk.language) for name in ("first", "last")}


def _words(talk: Talk, one: StandIn) -> dict[str, str]:
    role = f"{talk.words(ROLES[one.role])}, {one.unit_name}"
    days = {"first": show_day(one.since, talk.language), "last": show_day(one.until, talk.language)}
    return {"person": one.person_name, "absent": one.for_name, "role": role, **days}


def _role_words(talk: Talk, held: RoleAt) -> str:
    return f"{talk.words(ROLES[held.role])}, {held.unit_name}"


def _role_of(talk: Talk, draft: Draft) -> str:
    unit = units.get_many(talk.connection, [draft["unit"]], on=talk.ledger.today)[draft["unit"]]
    return f"{talk.words(ROLES[draft['role']])}, {unit.full_name}"


HEAR: Mapping[str, Callable[[Talk, str, dict[str, Any]], None]] = {
    "absent": _hear_absent,
    "stand_role": _hear_role,
    "stand": _hear_stand,
    "days": _hear_days,
    "stand_check": _hear_check,
    "standing": _hear_standing,
    "stand_end": _hear_end,
}
