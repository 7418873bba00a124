"""An invitation as a sheet to print, for the letter that announces the channel: set aside, sent after the code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.documents.invitation import InvitationSheet, invitation_pdf
from bot.talk import Talk
from bot.tasks.base import Means, Task
from inspection.access import may
from inspection.messages import Document, Reply
from inspection.phrases import Phrase
from storage.errands import Errand

SHEET = Phrase(
    "Giấy mời để in, kèm mã QR: {name}. Chỉ trao tận tay hoặc kèm văn bản.",
    "The invitation to be printed, with its QR code: {name}. Hand it over in person or with the letter.",
)
INSTEAD = Phrase(
    "Giấy mời in được lập bằng lệnh kycuong invite --pdf trên máy chủ; mã ở tin trước vẫn dùng được.",
    "The printed invitation is made by kycuong invite --pdf on the server; the code of the message before holds.",
)


class Sheet(Task):
    """The sheet of one code."""

    kind = "invitation"
    secret = True  # a code is a key

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """The same page as `kycuong invite --pdf`; nothing where no file can be sent, for the code was said already."""
        if not means.max_file:
            return {"outcome": "no_files"}
        ends = datetime.fromisoformat(errand.details["ends"])
        sheet = InvitationSheet(**{**errand.details, "ends": ends})
        return {"outcome": "ready", "sha256": means.store.put(invitation_pdf(sheet))}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Send it to whoever may still invite."""
        if details["outcome"] == "ready" and may(talk.person, "invite"):
            name = str(errand.details["name"])
            document = Document("giay-moi.pdf", details["sha256"], talk.words(INSTEAD))
            talk.reply(Reply(talk.words(SHEET, name=name), document=document))
