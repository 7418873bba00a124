"""/start: the greeting of somebody already known; a code is redeemed before anybody gets here."""

from __future__ import annotations

from bot.commands.base import Command
from bot.commands.help import lines_for
from bot.talk import Talk
from inspection.access import roles_shown
from inspection.phrases import Phrase
from storage import invitations

GREETING = Phrase(
    "Kính gửi đồng chí {name}{title}: đây là kênh của Hệ thống theo dõi kỷ luật, kỷ cương hành chính. "
    "Kênh này không thay văn bản hành chính, không hỏi mật khẩu, mã OTP. "
    "Không gửi nội dung bí mật nhà nước và hình ảnh công dân.",
    "Dear {name}{title}: this is the channel of the administrative discipline system. It does not replace official "
    "documents and never asks for passwords. Do not send state secrets or pictures of citizens.",
)

BOUND = Phrase(
    "Tài khoản này đã liên kết với đồng chí {name}; mã mời không dùng được ở đây. Trường hợp đổi người dùng, đề nghị quản trị gỡ liên kết trước.",
    "This account is bound to {name}; a code cannot be used here. If it changes hands, an administrator has to unbind it first.",
)


class Start(Command):
    """Greets and lists what this person can do."""

    name = "start"
    alias = "batdau"
    help = Phrase("Bắt đầu", "Start")

    def run(self, talk: Talk, argument: str) -> None:
        """Greet; a code sent by somebody already known opens nothing, whatever it is."""
        incoming = talk.incoming
        own = invitations.opened(talk.connection, argument, incoming.chat.channel, incoming.user_id)
        if invitations.looks_like_code(argument) and not own:
            talk.say(BOUND, name=talk.person.name)
        else:
            greet(talk)


def greet(talk: Talk) -> None:
    """The first message to a person, with the commands of their roles, here and in the network's own menu."""
    title = f", {talk.quoted(talk.person.title)}" if talk.person.title else ""
    talk.say(GREETING.__class__(*(f"{half}\n{{commands}}" for half in GREETING)), name=talk.person.name, title=title,
             commands="\n".join(lines_for(talk)))  # fmt: skip
    talk.outcome.commands.append((talk.chat, roles_shown(talk.person), talk.language))
