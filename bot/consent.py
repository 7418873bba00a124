"""Until a person has answered the notice about their data, nothing else is done; both answers are equally easy.

Refusing costs nothing: what would come by chat comes on paper, and the answer can be changed at any time by /dulieu.
An answer holds for the text it was given to; a new text is asked about anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Literal

from bot.talk import Talk
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import matches
from storage import chats, consents, people
from storage.consents import Consent

COMMAND = "dulieu"  # the command that hears the answer
OPEN = (COMMAND, "ngonngu", "trogiup")  # what is done before the answer; /start shows the notice
CONTROLLER = "Sở Nội vụ"

NOTICE = Phrase(
    "Kính gửi đồng chí {name}{title}: đây là kênh của Hệ thống theo dõi kỷ luật, kỷ cương hành chính. "
    "Kênh này không thay văn bản hành chính, không hỏi mật khẩu, mã OTP.\n"
    "Hệ thống thu thập họ tên, chức vụ, đơn vị, tài khoản trò chuyện và nội dung đồng chí gửi để phục vụ kiểm tra "
    "kỷ luật, kỷ cương hành chính và nhắc việc; bên kiểm soát dữ liệu: {controller}. Đồng chí có quyền xem, chỉnh sửa, "
    "rút lại sự đồng ý, đề nghị xóa dữ liệu bằng lệnh /dulieu. "
    "Không gửi nội dung bí mật nhà nước và hình ảnh công dân qua kênh này.\n"
    "Đề nghị đồng chí chọn:\n"
    "1. Đồng ý\n"
    "2. Không đồng ý (đồng chí tiếp tục nhận việc bằng văn bản)\n"
    "Trân trọng.",
    "Dear {name}{title}: this is the channel of the administrative discipline system. It does not replace official "
    "documents and never asks for passwords or one-time passwords.\n"
    "The system keeps your name, title, unit, chat account and what you send, for inspections of administrative "
    "discipline and for reminders; the controller is {controller}. You may see and correct your data, withdraw "
    "consent or ask for deletion with /privacy. Do not send state secrets or pictures of citizens here.\n"
    "Please choose:\n"
    "1. Agree\n"
    "2. Do not agree (you go on receiving everything on paper)",
)
SHORT = Phrase(
    "Đề nghị đồng chí trả lời thông báo về dữ liệu trước khi tiếp tục (xem lại: /dulieu):\n"
    "1. Đồng ý\n2. Không đồng ý (đồng chí tiếp tục nhận việc bằng văn bản)\nVí dụ: 1",
    "Please answer the notice about your data first (see it again: /privacy):\n"
    "1. Agree\n2. Do not agree (you go on receiving everything on paper)\nExample: 1",
)
AGREE = Phrase("1. Đồng ý", "1. Agree")
REFUSE = Phrase("2. Không đồng ý", "2. Do not agree")
PAPER = Phrase(
    "Đồng chí đã chọn không đồng ý, việc được gửi đồng chí bằng văn bản. "
    "Muốn đổi lựa chọn, đề nghị gõ /dulieu. Trân trọng.",
    "You chose not to agree, so everything comes to you on paper. To change your choice, type /privacy.",
)
# What was asked, in both languages: the version is that of the words, whoever reads them and in whichever language.
VERSION = hashlib.sha256("\n".join((*NOTICE, CONTROLLER)).encode()).hexdigest()

Standing = Literal["owed", "agreed", "refused"]


def standing(talk: Talk) -> Standing:
    """How the person stands to the present text, by the newest answer stored."""
    # An agreement is noted in the chat's state as well, which every turn has at hand: asking the table each time would
    # make a turn a tenth dearer. A refusal from another account takes the note away, see `record`.
    noted = [talk.person.id, VERSION]
    if talk.state.get("agreed") == noted:
        return "agreed"
    talk.state.pop("agreed", None)
    answer = consents.latest(talk.connection, [talk.person.id]).get(talk.person.id)
    if answer is None or answer.version != VERSION:
        return "owed"
    if not answer.agreed:
        return "refused"
    talk.state["agreed"] = noted
    return "agreed"


def holds_up(talk: Talk, bound_for: Callable[[], str]) -> bool:
    """Whether the answer to the notice comes first; then that has been said, and nothing else is to be done.

    bound_for: the name of the command that what was sent goes to, "" for anything else.
    """
    now = standing(talk)
    if now == "agreed":
        return False
    name = bound_for()
    if name in OPEN:
        return False
    if name == "start":
        ask(talk, whole=True)
    elif now == "refused":
        talk.say(PAPER)
    else:
        ask(talk)
    return True


def ask(talk: Talk, *, whole: bool = False) -> None:
    """The notice; in short when this chat has had the whole of it before, unless `whole` is wanted."""
    shown = [talk.person.id, VERSION]
    whole = whole or talk.state.get("noticed") != shown
    talk.state["noticed"] = shown
    title = f", {talk.quoted(talk.person.title)}" if talk.person.title else ""
    values = {"name": talk.person.name, "title": title, "controller": CONTROLLER}
    choices = (Choice(talk.words(AGREE), "1"), Choice(talk.words(REFUSE), "2"))
    talk.ask(talk.words(NOTICE, **values) if whole else talk.words(SHORT), COMMAND, "consent", choices)


def answer_of(text: str) -> bool | None:
    """What an answer to the notice says; None when it says neither."""
    said = matches(text.strip(" .()"), ("1", "2", "đồng ý", "không đồng ý", "agree", "do not agree"))
    return None if said is None else said in ("1", "đồng ý", "agree")


def record(talk: Talk, agreed: bool) -> None:
    """Keep the answer with the text it was given to, the moment and the account; it holds for all accounts at once."""
    chat = talk.chat
    answer = Consent(
        talk.person.id, agreed, VERSION, talk.ledger.now, chat.channel, chat.account, talk.incoming.user_id
    )
    consents.record(talk.connection, [answer])
    if agreed:
        return
    everywhere = {chat, *(one.chat for one in people.accounts_listed(talk.connection, talk.person.id))}
    talk.ledger.states |= chats.load(talk.connection, everywhere - talk.ledger.states.keys())
    for one in everywhere & talk.ledger.states.keys():
        talk.ledger.state(one).pop("agreed", None)


def command_of(prompt: dict[str, Any] | None) -> str:
    """The command that asked a prompt, "" when it was none: what an answer to the prompt is bound for."""
    focus = prompt["f"] if prompt else {}
    if focus.get("at") == "again":
        focus = focus.get("focus", {})
    return str(focus.get("name", "")) if focus.get("at") == "command" else ""
