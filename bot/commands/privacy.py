"""/dulieu: what is kept about the asker, how to have it corrected, and the answer to the notice, which can be changed.

It is open to everybody who is known, also before the notice is answered and after a refusal.
"""

from __future__ import annotations

from typing import Any

from bot import consent
from bot.commands.base import Command
from bot.commands.help import lines_for
from bot.commands.people import NETWORKS, ROLES
from bot.talk import Talk
from inspection.access import ADMIN, roles_shown
from inspection.figures import show_day, show_two
from inspection.messages import Choice, Reply
from inspection.phrases import Phrase
from inspection.shown import when
from inspection.words import fold, nfc
from inspection.working_days import LOCAL
from storage import consents, journal, people, units
from storage.journal import Entry
from storage.people import Person

REQUEST_MAX = 500  # characters of a request that are passed on

KEPT = Phrase("Hệ thống đang lưu về đồng chí:", "What is kept about you:")
NAME = Phrase("- Họ tên: {name}", "- Name: {name}")
TITLE = Phrase("- Chức vụ: {title}", "- Title: {title}")
ROLE = Phrase("- Vai trò: {role}, {unit}", "- Role: {role}, {unit}")
INSTEAD = Phrase(", thay đồng chí {name} đến hết ngày {day}", ", in the place of {name} until {day}")
ACCOUNT = Phrase(
    "- Tài khoản trò chuyện: {network}, số {user_id}, liên kết lúc {moment}",
    "- Chat account: {network}, number {user_id}, bound at {moment}",
)
INVITED = Phrase("- Người mời: {name}, lúc {moment}", "- Invited by: {name}, at {moment}")
AGREED = Phrase(
    "- Thông báo về dữ liệu: đồng ý lúc {moment}, từ {network}, bản {version}",
    "- Notice about data: agreed at {moment}, from {network}, version {version}",
)
REFUSED = Phrase(
    "- Thông báo về dữ liệu: không đồng ý lúc {moment}, từ {network}, bản {version}",
    "- Notice about data: not agreed at {moment}, from {network}, version {version}",
)
OLDER = Phrase(" (thông báo đã có bản mới)", " (there is a newer text)")
UNANSWERED = Phrase("- Thông báo về dữ liệu: chưa trả lời", "- Notice about data: not answered yet")
SENT = Phrase(
    "- Đã gửi: {visits} lượt kiểm tra, {answers} câu trả lời (kể cả sửa), {photos} ảnh, {reports} báo cáo thực hiện",
    "- Sent: visits {visits}, answers {answers} (corrections counted), photos {photos}, reports {reports}",
)
RIGHTS = Phrase(
    "Biên bản, câu trả lời và ảnh đã ghi là hồ sơ kiểm tra, được giữ theo quy định về lưu trữ. "
    "Đề nghị chỉnh sửa, xóa được trả lời trong 02 ngày làm việc.\n"
    "1. Đề nghị chỉnh sửa, xóa   2. Xem thông báo, đổi lựa chọn",
    "Minutes, answers and photos are inspection records and are kept as archive law demands. "
    "A request to correct or delete is answered within 2 working days.\n"
    "1. Ask for correction or deletion   2. See the notice, change the answer",
)
CORRECT_LABEL = Phrase("1. Đề nghị chỉnh sửa, xóa", "1. Ask for correction or deletion")
NOTICE_LABEL = Phrase("2. Xem thông báo, đổi lựa chọn", "2. See the notice, change the answer")
WHAT = Phrase(
    "Đề nghị đồng chí nêu nội dung cần chỉnh sửa hoặc xóa. Ví dụ: chức vụ đúng là Phó Chủ tịch",
    "Say what is to be corrected or deleted. Example: my title is Deputy Chair",
)
PASSED_ON = Phrase(
    "Đã chuyển đề nghị của đồng chí đến quản trị: {names}. Trân trọng.",
    "Your request was passed on to: {names}.",
)
NOBODY = Phrase(
    "Hiện chưa có quản trị nào liên lạc được qua kênh này. Đề nghị gửi văn bản đến {controller}.",
    "No administrator can be reached here at present. Please write to {controller}.",
)
REQUEST = Phrase(
    "Đề nghị về dữ liệu cá nhân của đồng chí {name}: “{words}”. Trả lời trong 02 ngày làm việc.",
    "Request about personal data from {name}: “{words}”. To be answered within 2 working days.",
)
RECORDED = Phrase(
    "Kính gửi đồng chí {name}: Hệ thống đã ghi nhận sự đồng ý. Các lệnh dùng được:\n{commands}",
    "Dear {name}: your agreement is recorded. Commands you can use:\n{commands}",
)
ON_PAPER = Phrase(
    "Kính gửi đồng chí {name}: Hệ thống đã ghi nhận đồng chí không đồng ý. Việc và kết quả kiểm tra tiếp tục được gửi đồng chí "
    "bằng văn bản; lựa chọn này không ảnh hưởng đến quyền lợi của đồng chí. Muốn đổi lựa chọn, gõ /dulieu. Trân trọng.",
    "Dear {name}: it is recorded that you do not agree. Tasks and results go on coming to you on paper; you lose nothing "
    "by it. To change your choice, type /privacy.",
)


class Privacy(Command):
    """What is kept, and the answer to the notice."""

    name = "dulieu"
    alias = "privacy"
    words = ("dữ liệu",)
    help = Phrase(
        "Xem, đề nghị sửa dữ liệu về mình; đồng ý hoặc rút lại", "See your data, ask for corrections, consent"
    )

    def run(self, talk: Talk, argument: str) -> None:
        """Everything kept about the asker, in one message."""
        choices = (Choice(talk.words(CORRECT_LABEL), "1"), Choice(talk.words(NOTICE_LABEL), "2"))
        talk.ask("\n".join([*_kept(talk), talk.words(RIGHTS)]), self.name, "menu", choices)

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A choice, a request, or the answer to the notice."""
        number = fold(text).strip(" .()")
        match focus.get("step"), number:
            case "consent", _:
                _answered(talk, text)
            case "correct", _:
                _pass_on(talk, text)
            case "menu", "1":
                talk.ask(talk.words(WHAT), self.name, "correct")
            case "menu", "2":
                consent.ask(talk, whole=True)
            case _:
                self.run(talk, "")


def _kept(talk: Talk) -> list[str]:
    person = talk.person
    sent = people.sent_by(talk.connection, person.id)
    return [
        talk.words(KEPT),
        talk.words(NAME, name=person.name),
        *([talk.words(TITLE, title=talk.quoted(person.title))] if person.title else []),
        *_roles(talk),
        *_accounts(talk),
        *_invited(talk),
        _consent(talk),
        talk.words(SENT, visits=show_two(sent.visits, talk.language), answers=show_two(sent.answers, talk.language), photos=show_two(sent.photos, talk.language),
                   reports=show_two(sent.reports, talk.language)),
    ]  # fmt: skip


def _accounts(talk: Talk) -> list[str]:
    return [
        talk.words(ACCOUNT, network=_network(one.chat.channel), user_id=one.user_id,
                   moment=when(talk.language, one.bound_at.astimezone(LOCAL)))
        for one in people.accounts_listed(talk.connection, talk.person.id)
    ]  # fmt: skip


def _invited(talk: Talk) -> list[str]:
    """Who made the newest invitation, as the journal has it."""
    rows = journal.about(talk.connection, talk.person.id, "invited")
    inviter = people.get_many(talk.connection, [rows[-1].entry.actor_id], talk.ledger.today) if rows else {}
    return [
        talk.words(INVITED, name=one.name, moment=when(talk.language, rows[-1].at.astimezone(LOCAL)))
        for one in inviter.values()
    ]


def _consent(talk: Talk) -> str:
    answer = consents.latest(talk.connection, [talk.person.id]).get(talk.person.id)
    if answer is None:
        return talk.words(UNANSWERED)
    moment = when(talk.language, answer.answered_at.astimezone(LOCAL))
    line = talk.words(AGREED if answer.agreed else REFUSED, moment=moment, network=_network(answer.channel),
                      version=answer.version[:8])  # fmt: skip
    return line if answer.version == consent.VERSION else line + talk.words(OLDER)


def _answered(talk: Talk, text: str) -> None:
    """The answer to the notice; what is neither yes nor no is asked again, never guessed."""
    agreed = consent.answer_of(text)
    if agreed is None:
        consent.ask(talk)
        return
    consent.record(talk, agreed)
    if agreed:
        talk.say(RECORDED, name=talk.person.name, commands="\n".join(lines_for(talk)))
        talk.outcome.commands.append((talk.chat, roles_shown(talk.person), talk.language))
    else:
        talk.say(ON_PAPER, name=talk.person.name)


def _pass_on(talk: Talk, text: str) -> None:
    """To the administrators in charge; the journal keeps that it was asked, not what."""
    words = " ".join(nfc(text).split())[:REQUEST_MAX]
    if not words:
        talk.ask(talk.words(WHAT), "dulieu", "correct")
        return
    journal.append(talk.connection, Entry(talk.person.id, "asked_correction", talk.person.id), talk.ledger.now)
    told = _administrators(talk)
    accounts = people.accounts_of(talk.connection, told)
    for person_id, bound in accounts.items():
        phrase = REQUEST.vi if told[person_id].language == "vi" else REQUEST.en
        reply = Reply(phrase.format(name=talk.person.name, words=words))
        talk.ledger.post(talk.outcome, bound[0].chat, reply)
    if accounts:
        talk.say(PASSED_ON, names=", ".join(told[person_id].name for person_id in accounts))
    else:
        talk.say(NOBODY, controller=consent.CONTROLLER)


def _roles(talk: Talk) -> list[str]:
    """Every role, and in whose place it is held."""
    absent = people.get_many(talk.connection, {held.for_id for held in talk.person.roles}, talk.ledger.today)
    lines = []
    for held in talk.person.roles:
        line = talk.words(ROLE, role=talk.words(ROLES[held.role]), unit=held.unit_name)
        if held.for_id in absent and held.until is not None:
            line += talk.words(INSTEAD, name=absent[held.for_id].name, day=show_day(held.until))
        lines.append(line)
    return lines


def _administrators(talk: Talk) -> dict[str, Person]:
    """Those in charge of the units this person belongs to; of the whole, when they belong to none. Never the asker."""
    at = {held.unit_id for held in talk.person.roles} or {u.id for u in units.tops(talk.connection, talk.ledger.today)}
    found = {
        one.id: one
        for unit_id in sorted(at)
        for one in people.administrators(talk.connection, unit_id, talk.ledger.today)
    }
    if not found.keys() - {talk.person.id}:
        found = {one.id: one for one in people.with_role(talk.connection, ADMIN, talk.ledger.today)}
    silent = consents.refused(talk.connection, found) | {talk.person.id}
    return {person_id: one for person_id, one in found.items() if person_id not in silent}


def _network(channel: str) -> str:
    return NETWORKS.get(channel, channel)
