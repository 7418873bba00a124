"""A code is a key: shown once, to the administrator who asked for it; it lives 72 hours and opens one account."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.commands.people import ROLES, shown
from bot.talk import Talk
from inspection.phrases import Phrase
from inspection.shown import when
from inspection.working_days import LOCAL
from storage import invitations, journal
from storage.journal import Entry
from storage.people import Person

# The bot's name on each network by (network, account): the composition root asks for it once and puts it here. A
# network without start links stays away, and the code is sent as text.
USERNAMES: dict[tuple[str, str], str] = {}
SUPPORT = {"phone": ""}  # whom to ask, as printed on the sheet; put here by the composition root
LINKS = {
    "telegram": "https://t.me/{username}?start={code}",
    "zalo": "Zalo: {username}",  # no link there carries a code: the bot's name is looked up, the code typed
}

ISSUED = Phrase(
    "Mã mời {person}: {code}\n{links}Mã dùng một lần, hết hiệu lực lúc {end}. Đề nghị chuyển tận tay hoặc kèm văn bản, không gửi vào nhóm. "
    "Người được mời gửi nguyên mã này cho kênh của Hệ thống.",
    "Code for {person}: {code}\n{links}It works once and lapses at {end}. Hand it over in person or with the letter, never in a group. "
    "The person sends the code to this channel as it stands.",
)


def issue(talk: Talk, person: Person, details: Mapping[str, Any]) -> None:
    """Make a code for a person, write down who asked for it, and say it."""
    ledger = talk.ledger
    code = invitations.issue(talk.connection, person.id, ledger.now, random=secrets.SystemRandom())
    journal.append(talk.connection, Entry(talk.person.id, "invited", person.id, details), ledger.now)
    end = when(talk.language, (ledger.now + timedelta(hours=invitations.HOURS)).astimezone(LOCAL))
    links = "".join(f"{link}\n" for link in start_links(code))
    talk.say(ISSUED, person=shown(talk, person), code=code, links=links, end=end)
    _order_sheet(talk, person, code)


def _order_sheet(talk: Talk, person: Person, code: str) -> None:
    """The same as a sheet to print, with its QR code, a moment later."""
    held = next((role for role in person.roles if role.role in ROLES), None)
    if held is None:
        return
    ends = talk.ledger.now + timedelta(hours=invitations.HOURS)
    links = start_links(code)
    talk.order(
        "invitation",
        {"name": person.name, "title": person.title, "role": held.role, "unit": held.unit_name, "code": code,
         "ends": ends.isoformat(), "link": links[0] if links else "", "phone": SUPPORT["phone"]},
    )  # fmt: skip


def start_links(code: str) -> list[str]:
    """The links that carry a code, for the networks that have such links."""
    return [
        LINKS[network].format(username=username, code=code.replace(" ", ""))
        for (network, _), username in USERNAMES.items()
        if network in LINKS and username
    ]
