"""Files that are made for an administrator: the data of their area, and the empty workbook for import."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.photo_copies import write_copies
from bot.talk import Talk
from bot.tasks.base import Means, Task
from inspection.access import may, scope
from inspection.messages import Document, Reply
from inspection.phrases import Phrase
from inspection.shown import number, when
from inspection.working_days import LOCAL, local_date
from storage import export, journal
from storage.errands import Errand
from storage.journal import Entry
from storage.reports.year import Year
from storage.workbook.template import write_template

if TYPE_CHECKING:
    from sqlalchemy import Connection


PHOTOS = "photos"  # a format of its own: the workbook in a zip with copies of the photos
PHOTO_SHARE = 0.8  # of the largest file: what is left is for the tables

READY = Phrase(
    "Dữ liệu trong phạm vi {area}, đến {moment}: {rows} dòng, không gồm lượt kiểm tra đang diễn ra. "
    "Tệp có dữ liệu cá nhân, đề nghị không chuyển tiếp.",
    "The data of {area}, as of {moment}: without visits under way; rows: {rows}. "
    "The file holds personal data; please do not pass it on.",
)
NOT_SHOWN = Phrase(
    "Nếu không thấy tệp kèm theo (mạng không nhận tệp, hoặc tệp quá lớn), đề nghị người vận hành xuất trên máy chủ: "
    "kycuong export --to xuat --format {format}",
    "If no file comes with this (a network without files, or too large a file), please have the operator export it on "
    "the server: kycuong export --to xuat --format {format}",
)
NO_FILES = Phrase(
    "Mạng này không nhận tệp. Đề nghị người vận hành xuất trên máy chủ rồi chuyển đồng chí: "
    "kycuong export --to xuat --format {format}",
    "This network takes no files. Please have the operator export on the server and hand it to you: "
    "kycuong export --to xuat --format {format}",
)
TOO_LARGE = Phrase(
    "Tệp đã lập lớn hơn mức mạng này chuyển được nên không gửi vào đây. Đề nghị người vận hành xuất trên máy chủ: "
    "kycuong export --to xuat --format {format}",
    "The file is larger than this network carries, so it does not come here. Please have the operator export it on the "
    "server: kycuong export --to xuat --format {format}",
)
MOVED = Phrase(
    "Phạm vi của đồng chí đã thay đổi trong lúc lập tệp nên tệp không được gửi. Đề nghị gõ /xuat để lập lại.",
    "Your area changed while the file was being made, so it is not sent. Please type /xuat again.",
)
TROUBLE = Phrase(
    "Chưa lập được tệp. Đề nghị gõ /xuat để thử lại, hoặc báo người vận hành.",
    "The file could not be made. Please type /xuat to try again, or tell the operator.",
)
TEMPLATE = Phrase(
    "Sổ tính mẫu: điền các trang cần nạp, cột nền cam phải có, rồi gửi lại tệp .xlsx vào đây.",
    "The empty workbook: fill in the sheets you need, orange columns must be there, and send the .xlsx file back here.",
)
NO_TEMPLATE = Phrase(
    "Nếu không thấy tệp kèm theo, đề nghị người vận hành tạo trên máy chủ: kycuong import --template mau.xlsx",
    "If no file comes with this, please have the operator make it on the server: kycuong import --template mau.xlsx",
)
NO_TEMPLATE_HERE = Phrase(
    "Mạng này không nhận và không gửi tệp. Đề nghị người vận hành tạo sổ tính mẫu và nạp trên máy chủ: "
    "kycuong import --template mau.xlsx, sau đó kycuong import mau.xlsx",
    "This network neither takes nor sends files. Please have the operator make the empty workbook and import it on the "
    "server: kycuong import --template mau.xlsx, then kycuong import mau.xlsx",
)


WITH_PHOTOS = Phrase(
    "Kèm {count} ảnh, bản sao thu nhỏ: giải nén rồi mở sổ tính, bấm vào mã băm để xem ảnh.",
    "With photos as smaller copies ({count}): unpack, open the workbook, and follow a fingerprint to its photo.",
)
NO_PHOTOS = Phrase("Trong phạm vi này chưa có ảnh.", "There are no photos in this area yet.")
LEFT_OUT = Phrase(
    "Còn {count} ảnh cũ hơn không vừa tệp hoặc không đọc được; lấy đủ trên máy chủ: "
    "kycuong export --to xuat --format xlsx --evidence",
    "Older photos that found no place in it or could not be read: {count}; on the server all are had by: "
    "kycuong export --to xuat --format xlsx --evidence",
)


class Export(Task):
    """details: {"format": one of `export.FORMATS` or PHOTOS, "units": [the asker's at the moment of asking],
    "titles": {of the indicators}}.
    """

    kind = "export"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """Everything of the area, from one moment of the database, as one file."""
        if not means.max_file:
            return {"outcome": "no_files"}
        today, format = local_date(means.now), str(errand.details["format"])
        name = f"ky-cuong-{today.isoformat()}." + {"xlsx": "xlsx", PHOTOS: "zip"}.get(format, f"{format}.zip")
        copies = _Copies(means)

        def write(connection: Connection) -> int:
            units = errand.details["units"]
            return export.bundle(
                connection, path, "xlsx" if format == PHOTOS else format, today, units,
                copy=copies.write if format == PHOTOS else None,
                lead=Year(units, means.now, errand.details["titles"]),
                progress=copies.then(means.progress),
            )  # fmt: skip

        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            rows = means.read(write)
            if path.stat().st_size > means.max_file:
                return {"outcome": "too_large"}
            sha = means.store.put(path.read_bytes())
        return {
            "outcome": "ready", "name": name, "sha256": sha, "rows": rows, "made_at": means.now,
            "photos": copies.written, "left": copies.left,
        }  # fmt: skip

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Send the file to somebody who may still have it."""
        units, asked = list(errand.details["units"]), errand.details["format"]
        format = "xlsx --evidence" if asked == PHOTOS else asked  # as the command line names it
        if not may(talk.person, "export"):
            talk.refuse("export")
        elif details["outcome"] == "no_files":
            talk.say(NO_FILES, format=format)
        elif details["outcome"] == "too_large":
            talk.say(TOO_LARGE, format=format)
        elif details["outcome"] != "ready":
            talk.say(TROUBLE)
        elif sorted(scope(talk.person, "export")) != sorted(units):
            talk.say(MOVED)
        else:
            area = ", ".join(role.unit_name for role in talk.person.roles if role.unit_id in units)
            moment = when(talk.language, details["made_at"].astimezone(LOCAL))
            text = talk.words(READY, area=area, moment=moment, rows=number(details["rows"], talk.language))
            if asked == PHOTOS:
                phrase = WITH_PHOTOS if details["photos"] else NO_PHOTOS
                text += " " + talk.words(phrase, count=number(details["photos"], talk.language))
            if details.get("left"):
                text += " " + talk.words(LEFT_OUT, count=number(details["left"], talk.language))
            instead = talk.words(NOT_SHOWN, format=format)
            talk.reply(Reply(text, document=Document(details["name"], details["sha256"], instead)))
            entry = Entry(talk.person.id, "exported", "", {"format": asked, "units": units, "rows": details["rows"]})
            journal.append(talk.connection, entry, talk.ledger.now)


class _Copies:
    """Photos for a file that has to fit the network, and how many of them found a place in it."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self.written = self.left = 0

    def write(self, shas: Sequence[str], folder: Path) -> Mapping[str, str]:
        """As many as leave room for the tables."""
        room = int(self.means.max_file * PHOTO_SHARE)
        half = lambda share: self.means.progress(share / 2)  # noqa: E731
        names = write_copies(self.means.evidence, shas, folder, room, half)
        self.written, self.left = len(names), len(shas) - len(names)
        return names

    def then(self, progress: Callable[[float], None]) -> Callable[[float], None]:
        """The tables are the other half of the work, where there are photos."""
        return lambda share: progress((1 + share) / 2 if self.written else share)


class Template(Task):
    """The empty workbook; it holds nobody's data."""

    kind = "template"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """As `kycuong import --template` writes it."""
        if not means.max_file:
            return {"outcome": "no_files"}
        written = io.BytesIO()
        write_template(written)
        return {"outcome": "ready", "sha256": means.store.put(written.getvalue())}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Send it, or say where it is to be had."""
        if not may(talk.person, "import"):
            talk.refuse("import")
        elif details["outcome"] == "no_files":
            talk.say(NO_TEMPLATE_HERE)
        elif details["outcome"] != "ready":
            talk.say(TROUBLE)
        else:
            document = Document("ky-cuong-mau.xlsx", details["sha256"], talk.words(NO_TEMPLATE))
            talk.reply(Reply(talk.words(TEMPLATE), document=document))
