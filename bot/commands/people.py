"""Blocking, unblocking and unbinding, asked under /moi: at once in force, and never the last administrator.

Who is blocked, and what comes from an account that is unbound, is a stranger from this very transaction on: half-open
dialogues and old buttons included, because a person is looked up for every event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.talk import Talk
from inspection.access import ADMIN, INSPECTOR, TEAM_HEAD, UNIT_HEAD
from inspection.figures import show_day
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import journal, people, units
from storage.journal import Entry
from storage.people import BoundAccount, Person

COMMAND = "moi"
SHOWN = 9

ROLES: Mapping[str, Phrase] = {
    INSPECTOR: Phrase("Thành viên đoàn kiểm tra", "Inspector"),
    TEAM_HEAD: Phrase("Trưởng đoàn", "Team head"),
    UNIT_HEAD: Phrase("Thủ trưởng đơn vị", "Head of unit"),
    ADMIN: Phrase("Quản trị", "Administrator"),
}
NETWORKS = {"telegram": "Telegram", "zalo": "Zalo"}

WHO = {
    "block": Phrase(
        "Đề nghị gõ họ tên người cần khóa. Ví dụ: Nguyễn Văn An", "Type the name of the person to block. Example: an"
    ),
    "unbind": Phrase(
        "Đề nghị gõ họ tên người cần gỡ liên kết tài khoản trò chuyện. Ví dụ: Nguyễn Văn An",
        "Type the name of the person whose chat account is to be unbound. Example: an",
    ),
    "unblock": Phrase(
        "Đề nghị gõ họ tên người cần mở khóa. Ví dụ: Nguyễn Văn An",
        "Type the name of the person to unblock. Example: an",
    ),
}
NOBODY = Phrase(
    'Không tìm thấy "{words}" trong phạm vi đồng chí phụ trách. Gõ tên khác, có dấu hoặc không dấu. Ví dụ: van an',
    'Nobody called "{words}" in your area. Type another name, with or without marks. Example: van an',
)
NONE_BLOCKED = Phrase("Không có ai đang bị khóa.", "Nobody is blocked.")
WHICH = Phrase(
    "Chọn người:\n{lines}\nTrả lời bằng số. Ví dụ: 1", "Choose the person:\n{lines}\nAnswer with a number. Example: 1"
)
MORE = Phrase("Còn {count} người khác: gõ rõ họ tên hơn.", "{count} more: type more of the name.")
YOURSELF = Phrase(
    "Đồng chí không tự khóa tài khoản của mình được. Đề nghị quản trị khác thực hiện.",
    "You cannot block yourself. Another administrator has to do it.",
)
NO_ACCOUNT = Phrase("{person}: không có tài khoản trò chuyện nào.", "{person}: no chat account is bound.")
ACCOUNTS = Phrase(
    "{person}: chọn tài khoản cần gỡ.\n{lines}\nTrả lời bằng số. Ví dụ: 1",
    "{person}: choose the account to unbind.\n{lines}\nAnswer with a number. Example: 1",
)
ACCOUNT = Phrase("{n}. {network}, liên kết từ ngày {day}{state}", "{n}. {network}, bound since {day}{state}")
UNREACHABLE = Phrase(", hiện không nhận tin", ", takes no messages at present")
SURE = {
    "block": Phrase(
        "Khóa {person}? Mọi tài khoản trò chuyện của đồng chí này ngừng ngay.\n1. Khóa   2. Thôi",
        "Block {person}? All their chat accounts stop at once.\n1. Block   2. Leave",
    ),
    "unbind": Phrase(
        "Gỡ liên kết {network} của {person}? Tài khoản này ngừng ngay; muốn dùng lại phải có mã mới.\n1. Gỡ   2. Thôi",
        "Unbind {network} from {person}? The account stops at once; a new code is needed to come back.\n1. Unbind   2. Leave",
    ),
    "unblock": Phrase(
        "Mở khóa {person}? Các tài khoản đã liên kết dùng lại được ngay.\n1. Mở khóa   2. Thôi",
        "Unblock {person}? Their bound accounts work again at once.\n1. Unblock   2. Leave",
    ),
}
BUTTONS = {
    "block": (Phrase("1. Khóa", "1. Block"), Phrase("2. Thôi", "2. Leave")),
    "unbind": (Phrase("1. Gỡ", "1. Unbind"), Phrase("2. Thôi", "2. Leave")),
    "unblock": (Phrase("1. Mở khóa", "1. Unblock"), Phrase("2. Thôi", "2. Leave")),
}
DONE = {
    "block": Phrase("Đã khóa {person}.", "{person} is blocked."),
    "unbind": Phrase("Đã gỡ liên kết {network} của {person}.", "{network} is unbound from {person}."),
    "unblock": Phrase("Đã mở khóa {person}.", "{person} is unblocked."),
}
LEFT = Phrase("Không thay đổi gì.", "Nothing was changed.")
LAST = Phrase(
    "Chưa thực hiện: phải còn ít nhất 01 quản trị liên lạc được. Đề nghị mời thêm quản trị trước, gõ /moi.",
    "Not done: at least one administrator who can be reached has to remain. Invite another one first with /invite.",
)
GONE = Phrase(
    "Người này đã thay đổi trong lúc chờ. Đề nghị gõ /moi để làm lại.",
    "This person has changed meanwhile. Please begin again with /invite.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be done to whom: "block", "unbind" (one account) or "unblock"."""

    act: str
    person: Person
    account: BoundAccount | None = None

    def names(self, talk: Talk) -> dict[str, str]:
        """What the sentences of this case name."""
        network = NETWORKS.get(self.account.chat.channel, self.account.chat.channel) if self.account else ""
        return {"person": shown(talk, self.person), "network": network}


def shown(talk: Talk, person: Person) -> str:
    """A person as they are told from others of the name: title, or role and unit."""
    held = person.roles[0] if person.roles else None
    about = (
        talk.quoted(person.title)
        if person.title
        else (f"{talk.words(ROLES[held.role])}, {held.unit_name}" if held else "")
    )
    return f"{person.name} ({about})" if about else person.name


def in_charge(talk: Talk, person: Person) -> bool:
    """Whether all this person holds lies in the asker's area; who holds nothing belongs to those at the very top."""
    area, today = talk.person.units(ADMIN), talk.ledger.today
    held = {role.unit_id for role in person.roles}
    if not held:
        return any(unit.id in area for unit in units.tops(talk.connection, today))
    return all(units.covers(talk.connection, area, unit_id, today) for unit_id in held)


def in_area(talk: Talk, text: str) -> list[Person]:
    """People of such a name in the asker's area."""
    return [one for one in people.find(talk.connection, text, talk.ledger.today) if in_charge(talk, one)]


def begin(talk: Talk, act: str) -> None:
    """Ask whom it is about; the blocked are few enough to be listed."""
    if act == "unblock":
        listed = _met(talk, act, "")
        if not listed:
            talk.say(NONE_BLOCKED)
        else:
            _which(talk, act, listed)
        return
    _ask_who(talk, act)


def hear_person(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """A number of the list, or a name."""
    act, offered, number = str(focus["act"]), focus.get("ids", ()), fold(text).strip(" .()")
    if number.isdigit() and 1 <= int(number) <= len(offered):
        person = _person(talk, act, str(offered[int(number) - 1]))
        if person is None:
            talk.say(GONE)
        else:
            _chosen(talk, act, person)
        return
    found = _met(talk, act, text)
    if not found:
        _ask_who(talk, act, talk.words(NOBODY, words=text.strip()[:60]))
    elif len(found) == 1:
        _chosen(talk, act, found[0])
    else:
        _which(talk, act, found)


def hear_account(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """Which of several accounts."""
    person = _person(talk, "unbind", str(focus["person"]))
    number, offered = fold(text).strip(" .()"), focus["accounts"]
    listed = people.accounts_listed(talk.connection, str(focus["person"]))
    if person is None:
        talk.say(GONE)
    elif number.isdigit() and 1 <= int(number) <= len(offered):
        account = next((one for one in listed if one.id == offered[int(number) - 1]), None)
        if account is None:
            talk.say(GONE)
        else:
            _ask_sure(talk, Case("unbind", person, account))
    else:
        _ask_account(talk, person, listed)


def hear_sure(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """1 does it, 2 leaves it; anything else asks again. All is looked up anew: it may have waited for days."""
    act, number = str(focus["act"]), fold(text).strip(" .()")
    person = _person(talk, act, str(focus["person"]))
    listed = people.accounts_listed(talk.connection, str(focus["person"]))
    account = next((one for one in listed if one.id == focus.get("account")), None)
    if number == "2":
        talk.say(LEFT)
    elif person is None or (act == "unbind" and account is None):
        talk.say(GONE)
    elif number == "1":
        _do(talk, Case(act, person, account))
    else:
        _ask_sure(talk, Case(act, person, account))


# --- asking ---------------------------------------------------------------------------------------------------------


def _ask_who(talk: Talk, act: str, text: str = "") -> None:
    talk.ask(text or talk.words(WHO[act]), COMMAND, "person", act=act)


def _which(talk: Talk, act: str, found: Sequence[Person]) -> None:
    labels = [f"{n}. {shown(talk, person)}" for n, person in enumerate(found[:SHOWN], start=1)]
    choices = [Choice(label, str(n)) for n, label in enumerate(labels, start=1)]
    lines = [*labels, talk.words(MORE, count=len(found) - SHOWN)] if len(found) > SHOWN else labels
    text = talk.words(WHICH, lines="\n".join(lines))
    talk.ask(text, COMMAND, "person", choices, act=act, ids=[person.id for person in found[:SHOWN]])


def _chosen(talk: Talk, act: str, person: Person) -> None:
    if act != "unbind":
        _ask_sure(talk, Case(act, person))
        return
    listed = people.accounts_listed(talk.connection, person.id)
    if not listed:
        talk.say(NO_ACCOUNT, person=shown(talk, person))
    elif len(listed) == 1:
        _ask_sure(talk, Case(act, person, listed[0]))
    else:
        _ask_account(talk, person, listed)


def _ask_account(talk: Talk, person: Person, listed: Sequence[BoundAccount]) -> None:
    lines = [account_line(talk, n, one) for n, one in enumerate(listed[:SHOWN], start=1)]
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    text = talk.words(ACCOUNTS, person=shown(talk, person), lines="\n".join(lines))
    talk.ask(text, COMMAND, "account", choices, person=person.id, accounts=[one.id for one in listed[:SHOWN]])


def account_line(talk: Talk, n: int, account: BoundAccount) -> str:
    """One account in a numbered list: network, since when, whether messages arrive."""
    network = NETWORKS.get(account.chat.channel, account.chat.channel)
    state = talk.words(UNREACHABLE) if account.unreachable_at else ""
    return talk.words(
        ACCOUNT, n=n, network=network, day=show_day(account.bound_at.astimezone(LOCAL), talk.language), state=state
    )


def _ask_sure(talk: Talk, case: Case) -> None:
    if case.act == "block" and case.person.id == talk.person.id:
        talk.say(YOURSELF)
        return
    choices = [Choice(talk.words(label), str(n)) for n, label in enumerate(BUTTONS[case.act], start=1)]
    account = case.account.id if case.account else None
    text = talk.words(SURE[case.act], **case.names(talk))
    talk.ask(text, COMMAND, "sure", choices, act=case.act, person=case.person.id, account=account)


# --- looking up and doing -------------------------------------------------------------------------------------------


def _met(talk: Talk, act: str, text: str) -> list[Person]:
    """People of such a name in the asker's area: the blocked, or the others."""
    if act != "unblock":
        return in_area(talk, text)
    wanted = fold(text)
    listed = people.blocked(talk.connection, talk.ledger.today)
    return [one for one in listed if wanted in fold(one.name) and in_charge(talk, one)]


def _person(talk: Talk, act: str, person_id: str) -> Person | None:
    """The person as of now, if still to be found and still in the asker's area."""
    today = talk.ledger.today
    if act == "unblock":
        person = next((one for one in people.blocked(talk.connection, today) if one.id == person_id), None)
    else:
        person = people.get_many(talk.connection, [person_id], today).get(person_id)
    return person if person is not None and in_charge(talk, person) else None


def _do(talk: Talk, case: Case) -> None:
    act = {"block": _block, "unbind": _unbind, "unblock": _unblock}[case.act]
    entry = act(talk, case)
    if entry is None:
        talk.say(LAST)
        return
    journal.append(talk.connection, entry, talk.ledger.now)
    talk.say(DONE[case.act], **case.names(talk))


def _block(talk: Talk, case: Case) -> Entry | None:
    if not people.block_unless_last(talk.connection, case.person.id, talk.ledger.now, talk.ledger.today):
        return None
    # The rest of this batch was loaded before: there, too, the person is a stranger from here on.
    for key in [key for key, person in talk.ledger.people.items() if person.id == case.person.id]:
        del talk.ledger.people[key]
    return Entry(talk.person.id, "blocked", case.person.id)


def _unblock(talk: Talk, case: Case) -> Entry:
    people.unblock(talk.connection, case.person.id)
    return Entry(talk.person.id, "unblocked", case.person.id)


def _unbind(talk: Talk, case: Case) -> Entry | None:
    account = people.unbind(talk.connection, case.account.id, talk.ledger.today) if case.account else None
    if account is None:
        return None
    talk.ledger.people.pop((account.chat.channel, account.user_id), None)
    if account.chat != talk.chat:
        talk.ledger.states.pop(account.chat, None)
    return Entry(talk.person.id, "unbound", case.person.id, {"channel": account.chat.channel, "account": account.id})
