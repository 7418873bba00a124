"""/moi: an administrator invites people, one question at a time, appoints stand-ins, and takes access away again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.commands import codes, standing_in
from bot.commands import people as taking_away
from bot.commands.base import Command
from bot.commands.people import NETWORKS, ROLES, in_charge, shown
from bot.ledger import Ledger
from bot.talk import Talk
from inspection.access import ADMIN, INSPECTOR, TEAM_HEAD, UNIT_HEAD
from inspection.figures import show_day
from inspection.messages import Chat, Choice, Incoming, Reply
from inspection.phrases import Phrase
from inspection.words import fold, nfc
from storage import consents, invitations, journal, people, units
from storage.journal import Entry
from storage.people import NewPerson, Person
from storage.units import Unit

ORDER = (INSPECTOR, TEAM_HEAD, UNIT_HEAD, ADMIN)  # as offered

MENU = Phrase(
    "1. Mời người mới\n2. Khóa tài khoản\n3. Gỡ liên kết\n4. Mở khóa\n5. Cử người thay khi vắng\n6. Kết thúc việc thay\nTrả lời bằng số. Ví dụ: 1",
    "1. Invite a person\n2. Block a person\n3. Unbind an account\n4. Unblock a person\n5. Appoint a stand-in\n6. End standing in\nAnswer with a number. Example: 1",
)
MENU_LABELS = (
    Phrase("1. Mời người mới", "1. Invite a person"),
    Phrase("2. Khóa tài khoản", "2. Block a person"),
    Phrase("3. Gỡ liên kết", "3. Unbind an account"),
    Phrase("4. Mở khóa", "4. Unblock a person"),
    Phrase("5. Cử người thay", "5. Appoint a stand-in"),
    Phrase("6. Kết thúc thay", "6. End standing in"),
)
ACTS = {"2": "block", "3": "unbind", "4": "unblock"}
NAME = Phrase(
    "Đề nghị gõ họ và tên người được mời. Ví dụ: Nguyễn Văn An",
    "Type the full name of the person. Example: “Nguyễn Văn An”",
)
NAME_UNCLEAR = Phrase(
    "Họ và tên gồm ít nhất 02 từ, chỉ có chữ. Ví dụ: Nguyễn Văn An",
    "A full name has at least two words, letters only. Example: “Nguyễn Văn An”",
)
SAME = Phrase(
    "Hệ thống đã có:\n{lines}\n{n}. Người khác, cùng họ tên\nChọn người để cấp mã mới. Ví dụ: 1",
    "Known already:\n{lines}\n{n}. Another person of this name\nChoose whom to give a new code. Example: 1",
)
ANOTHER = Phrase("{n}. Người khác, cùng họ tên", "{n}. Another person of this name")
TITLE = Phrase(
    'Đề nghị gõ chức vụ; không có thì gõ "không". Ví dụ: Chủ tịch Ủy ban nhân dân xã',
    'Type the title, or "none". Example: “Chủ tịch Ủy ban nhân dân xã”',
)
TITLE_LONG = Phrase(
    "Chức vụ dài quá 200 ký tự. Đề nghị gõ ngắn hơn. Ví dụ: Chuyên viên",
    "A title has at most 200 characters. Example: “Chuyên viên”",
)
ROLE = Phrase(
    "Chọn vai trò:\n{lines}\nTrả lời bằng số. Ví dụ: 1", "Choose the role:\n{lines}\nAnswer with a number. Example: 1"
)
UNIT = Phrase(
    "Vai trò này ở đơn vị nào? Vai trò có hiệu lực cả với các đơn vị trực thuộc. Ví dụ: diem he",
    "At which unit? The role reaches over all units below it. Example: diem he",
)
UNIT_NOT_FOUND = Phrase(
    'Không tìm thấy đơn vị "{words}" trong phạm vi đồng chí phụ trách. Gõ tên khác, có dấu hoặc không dấu. Ví dụ: diem he',
    'No unit "{words}" in your area. Type another name, with or without marks. Example: diem he',
)
UNIT_WHICH = Phrase(
    "Chọn đơn vị:\n{lines}\nTrả lời bằng số. Ví dụ: 1", "Choose the unit:\n{lines}\nAnswer with a number. Example: 1"
)
CHECK = Phrase(
    "Mời {name}{title}, vai trò: {role}, tại {unit}.{note}\n1. Cấp mã   2. Nhập lại",
    "Invite {name}{title}, role: {role}, at {unit}.{note}\n1. Issue the code   2. Begin again",
)
CHECK_KNOWN = Phrase(
    "Cấp mã mới cho {person}? Mã cũ chưa dùng hết hiệu lực.\n1. Cấp mã   2. Nhập lại",
    "Give {person} a new code? An unused older one ends.\n1. Issue the code   2. Begin again",
)
CHECK_LABELS = (Phrase("1. Cấp mã", "1. Issue the code"), Phrase("2. Nhập lại", "2. Begin again"))
TWO_HEADS = Phrase(
    "\nLưu ý: đơn vị đang có thủ trưởng trong Hệ thống: {names}.", "\nNote: the unit has a head already: {names}."
)
BEGIN_AGAIN = Phrase(
    "Thông tin đã thay đổi trong lúc chờ. Đề nghị gõ /moi để làm lại.",
    "Something has changed meanwhile. Please begin again with /invite.",
)
BACK = Phrase('Gõ "lùi" để về câu trước.', 'Type "back" for the question before.')
GUESSED = Phrase(
    "Ngày {day}, có tài khoản lạ trên {network} gửi mã mời không đúng {count} lần; Hệ thống không nhận thêm mã từ tài khoản này trong ngày. "
    "Trường hợp nghi lộ mã, đề nghị gõ /moi để cấp mã mới.",
    "On {day} an unknown account on {network} sent {count} wrong invitation codes; no more are taken from it today. "
    "If a code may have leaked, type /invite to issue a new one.",
)

Draft = dict[str, Any]  # what was answered so far: name, title, role, unit; or person, when known already


class Invite(Command):
    """Invitations, and the way back."""

    name = "moi"
    alias = "invite"
    words = ("mời",)
    roles = (ADMIN,)
    help = Phrase(
        "Mời người mới, cử người thay, khóa hoặc gỡ tài khoản", "Invite people, appoint stand-ins, block or unbind"
    )

    def run(self, talk: Talk, argument: str) -> None:
        """What is to be done?"""
        choices = [Choice(talk.words(label), str(n)) for n, label in enumerate(MENU_LABELS, start=1)]
        talk.ask(talk.words(MENU), self.name, "menu", choices)

    def knows(self, word: str, focus: dict[str, Any]) -> bool:
        """The way back, where one question follows another."""
        return word == "back" and focus["step"] in BEFORE

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """The next answer, if the asker is an administrator at this moment."""
        step = str(focus.get("step"))
        if not talk.person.has(ADMIN):
            talk.refuse("invite")
        elif step in BEFORE and fold(text) in ("lui", "back"):
            ASK[BEFORE[step]](talk, focus["draft"])
        elif step in HEAR:
            HEAR[step](talk, text, focus)
        else:
            self.run(talk, "")


def guessing_report(ledger: Ledger, incoming: Incoming) -> list[tuple[Chat, Reply]]:
    """What administrators are to be told after a wrong code: nothing, until the sender has none left for the day.

    One notice a day, whoever guessed; the journal remembers that it went out.
    """
    used = people.guesses(ledger.connection, incoming.chat.channel, incoming.user_id, ledger.today)
    day = ledger.today.isoformat()
    if used < invitations.GUESSES_A_DAY or journal.about(ledger.connection, day, "guessed"):
        return []
    journal.append(ledger.connection, Entry("", "guessed", day, {"channel": incoming.chat.channel}), ledger.now)
    told = {one.id: one for one in people.with_role(ledger.connection, ADMIN, ledger.today)}
    for person_id in consents.refused(ledger.connection, told):
        del told[person_id]
    network = NETWORKS.get(incoming.chat.channel, incoming.chat.channel)

    def words(language: str) -> str:
        phrase = GUESSED.vi if language == "vi" else GUESSED.en
        return phrase.format(day=show_day(ledger.today, language), network=network, count=used)

    return [
        (accounts[0].chat, Reply(words(told[person_id].language)))
        for person_id, accounts in people.accounts_of(ledger.connection, told).items()
    ]


# --- asking ---------------------------------------------------------------------------------------------------------


def _ask(talk: Talk, text: str, step: str, draft: Draft, **more: Any) -> None:
    choices = [Choice(label, str(n)) for n, label in enumerate(more.pop("labels", ()), start=1)]
    text = f"{text}\n{talk.words(BACK)}" if step in BEFORE else text
    talk.ask(text, "moi", step, choices, draft=draft, **more)


def _ask_name(talk: Talk, draft: Draft) -> None:
    _ask(talk, talk.words(NAME), "name", draft)


def _ask_title(talk: Talk, draft: Draft) -> None:
    _ask(talk, talk.words(TITLE), "title", draft)


def _ask_role(talk: Talk, draft: Draft) -> None:
    labels = [f"{n}. {talk.words(ROLES[role])}" for n, role in enumerate(ORDER, start=1)]
    _ask(talk, talk.words(ROLE, lines="\n".join(labels)), "role", draft, labels=labels)


def _ask_unit(talk: Talk, draft: Draft) -> None:
    _ask(talk, talk.words(UNIT), "unit", draft)


def _ask_same(talk: Talk, draft: Draft, known: list[Person]) -> None:
    lines = [f"{n}. {shown(talk, person)}" for n, person in enumerate(known, start=1)]
    n = len(known) + 1
    text = talk.words(SAME, lines="\n".join(lines), n=n)
    _ask(talk, text, "same", draft, labels=[*lines, talk.words(ANOTHER, n=n)], ids=[one.id for one in known])


def _ask_check(talk: Talk, draft: Draft) -> None:
    """The whole once more, before a key is made."""
    labels = [talk.words(label) for label in CHECK_LABELS]
    person, unit = _invited(talk, draft), _unit(talk, draft)
    if person is not None:
        _ask(talk, talk.words(CHECK_KNOWN, person=shown(talk, person)), "check", draft, labels=labels)
    elif unit is None or "name" not in draft:
        talk.say(BEGIN_AGAIN)
    else:
        text = talk.words(CHECK, name=draft["name"], title=f", {talk.quoted(draft['title'])}" if draft["title"] else "",
                          role=talk.words(ROLES[draft["role"]]), unit=unit.full_name, note=_note(talk, draft))  # fmt: skip
        _ask(talk, text, "check", draft, labels=labels)


def _note(talk: Talk, draft: Draft) -> str:
    if draft["role"] != UNIT_HEAD:
        return ""
    charge = people.charges_of(talk.connection, [draft["unit"]], talk.ledger.today).get(draft["unit"])
    heads = charge.heads if charge else ()
    return talk.words(TWO_HEADS, names=", ".join(head.name for head in heads)) if heads else ""


# --- hearing --------------------------------------------------------------------------------------------------------


def _hear_menu(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    number = _number(text)
    if number == "1":
        _ask_name(talk, {})
    elif number in ACTS:
        taking_away.begin(talk, ACTS[number])
    elif number == "5":
        standing_in.begin(talk)
    elif number == "6":
        standing_in.begin_ending(talk)
    else:
        Invite().run(talk, "")


def _hear_name(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    name = standing_in.full_name(text)
    if not name:
        _ask(talk, talk.words(NAME_UNCLEAR), "name", focus["draft"])
        return
    draft = {"name": name}
    known = [one for one in people.named(talk.connection, name, talk.ledger.today) if in_charge(talk, one)][:8]
    if known:
        _ask_same(talk, draft, known)
    else:
        _ask_title(talk, draft)


def _hear_same(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    ids, number = focus["ids"], _number(text)
    if number.isdigit() and 1 <= int(number) <= len(ids):
        _ask_check(talk, focus["draft"] | {"person": ids[int(number) - 1]})
    elif number == str(len(ids) + 1):
        _ask_title(talk, focus["draft"])
    else:
        known = people.get_many(talk.connection, ids, talk.ledger.today)
        _ask_same(talk, focus["draft"], [known[one] for one in ids if one in known])


def _hear_title(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    title = " ".join(nfc(text).strip("“” ").split())
    if len(title) > 200:
        _ask(talk, talk.words(TITLE_LONG), "title", focus["draft"])
        return
    none = fold(title) in ("khong", "khong co", "none", "-")
    _ask_role(talk, focus["draft"] | {"title": "" if none else title})


def _hear_role(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    number = _number(text)
    if number.isdigit() and 1 <= int(number) <= len(ORDER):
        _ask_unit(talk, focus["draft"] | {"role": ORDER[int(number) - 1]})
    else:
        _ask_role(talk, focus["draft"])


def _hear_unit(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    draft, area = focus["draft"], talk.person.units(ADMIN)
    found = units.find(talk.connection, text, scope=area, on=talk.ledger.today, limit=8)
    if not found:
        _ask(talk, talk.words(UNIT_NOT_FOUND, words=text.strip()[:60]), "unit", draft)
    elif len(found) == 1 or units.is_exactly(found, text):
        _ask_check(talk, draft | {"unit": found[0].id})
    else:
        labels = [f"{n}. {label}" for n, label in enumerate(units.labels(found, talk.language), start=1)]
        text = talk.words(UNIT_WHICH, lines="\n".join(labels))
        _ask(talk, text, "which", draft, labels=labels, ids=[unit.id for unit in found])


def _hear_which(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    ids, number = focus["ids"], _number(text)
    if number.isdigit() and 1 <= int(number) <= len(ids):
        _ask_check(talk, focus["draft"] | {"unit": ids[int(number) - 1]})
    elif number.isdigit():
        _ask_unit(talk, focus["draft"])
    else:
        _hear_unit(talk, text, focus)


def _hear_check(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    number = _number(text)
    if number == "1":
        _issue(talk, focus["draft"])
    elif number == "2":
        _ask_name(talk, {})
    else:
        _ask_check(talk, focus["draft"])


def _number(text: str) -> str:
    return fold(text).removeprefix("so ").strip(" .()")


# --- doing ----------------------------------------------------------------------------------------------------------


def _issue(talk: Talk, draft: Draft) -> None:
    """All is looked up anew: the question may have stood for days."""
    person, unit = _invited(talk, draft), _unit(talk, draft)
    if person is None:
        if unit is None or "person" in draft:
            talk.say(BEGIN_AGAIN)
            return
        person = _created(talk, draft)
    codes.issue(talk, person, {"role": draft["role"], "unit": draft["unit"]} if "role" in draft else {})


def _created(talk: Talk, draft: Draft) -> Person:
    ledger = talk.ledger
    new = NewPerson(
        ledger.ids.new_id(), draft["name"], ledger.today, draft["title"], roles=((draft["role"], draft["unit"]),)
    )
    people.create(talk.connection, [new], ledger.now)
    return people.get_many(talk.connection, [new.id], ledger.today)[new.id]


def _invited(talk: Talk, draft: Draft) -> Person | None:
    """The known person a draft is about, if there is one and the asker is still in charge of them."""
    person_id = str(draft.get("person", ""))
    person = people.get_many(talk.connection, [person_id], talk.ledger.today).get(person_id) if person_id else None
    return person if person is not None and in_charge(talk, person) else None


def _unit(talk: Talk, draft: Draft) -> Unit | None:
    """The unit of a draft, if it is still in the asker's area."""
    unit_id = str(draft.get("unit", ""))
    if not unit_id or not units.covers(talk.connection, talk.person.units(ADMIN), unit_id, talk.ledger.today):
        return None
    return units.get(talk.connection, unit_id, on=talk.ledger.today)


Hear = Callable[[Talk, str, dict[str, Any]], None]
HEAR: Mapping[str, Hear] = {
    "menu": _hear_menu,
    "name": _hear_name,
    "same": _hear_same,
    "title": _hear_title,
    "role": _hear_role,
    "unit": _hear_unit,
    "which": _hear_which,
    "check": _hear_check,
    "person": taking_away.hear_person,
    "account": taking_away.hear_account,
    "sure": taking_away.hear_sure,
    **standing_in.HEAR,
}
ASK: Mapping[str, Callable[[Talk, Draft], None]] = {
    "name": _ask_name,
    "title": _ask_title,
    "role": _ask_role,
    "unit": _ask_unit,
}
BEFORE = {"same": "name", "title": "name", "role": "title", "unit": "role", "which": "unit"}  # where "lùi" leads
