"""The invitation as a sheet of paper: to whom, for what, how to come in, until when, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import segno

from bot.commands.people import ROLES
from bot.documents.page import render
from inspection.figures import show_moment
from inspection.words import nfc
from inspection.working_days import LOCAL


@dataclass(frozen=True, slots=True)
class InvitationSheet:
    """What the sheet says. role: as stored ("unit-head"); unit as it is called; ends: aware; code: "K7M4 Q2TX".

    link: what opens the channel with the code, "" where the network has none; phone: "" leaves a dotted line.
    """

    name: str
    title: str
    role: str
    unit: str
    code: str
    ends: datetime
    link: str = ""
    phone: str = ""


def invitation_pdf(sheet: InvitationSheet) -> bytes:
    """One page of A4 as PDF."""
    link = sheet.link
    return render(
        "invitation",
        {
            "name": nfc(sheet.name),
            "title": nfc(sheet.title),
            "role": ROLES[sheet.role].vi,
            "unit": nfc(sheet.unit),
            "code": sheet.code,
            "ends": show_moment(sheet.ends.astimezone(LOCAL)),
            "link": link,
            "channel": link.partition("?")[0].removeprefix("https://"),
            "qr": _qr(link or sheet.code),
            "phone": nfc(sheet.phone),
        },
    )


def _qr(content: str) -> str:
    """A QR code as SVG; a quarter of it may be dirty or creased."""
    drawn = BytesIO()
    segno.make_qr(content, error="q").save(drawn, kind="svg", border=2)
    return drawn.getvalue().decode()
