"""/xuat: the data of the asker's area as a file in the chat, made aside; and the empty workbook for import."""

from __future__ import annotations

from typing import Any

from bot.commands.base import Command
from bot.summary.asked import Asked
from bot.summary.documents import workbook
from bot.summary.words import TITLES, in_words
from bot.talk import Talk
from bot.tasks.exporting import PHOTOS
from inspection import periods
from inspection.access import ADMIN, may, scope
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold
from storage import errands

TEMPLATE, FIGURES = "template", "figures"  # beside the formats
CHOICES = (  # what it is called here, and which it is
    (Phrase("XLSX (một sổ tính)", "XLSX (one workbook)"), "xlsx"),
    (Phrase("CSV (tệp nén zip)", "CSV (a zip)"), "csv"),
    (Phrase("JSON Lines (tệp nén zip)", "JSON Lines (a zip)"), "jsonl"),
    (Phrase("Sổ tính mẫu để nạp dữ liệu", "The empty workbook for import"), TEMPLATE),
    (Phrase("Bảng chỉ tiêu năm nay (Excel, có công thức)", "Indicators of the year (Excel, with formulas)"), FIGURES),
    (Phrase("XLSX kèm ảnh (tệp nén zip)", "XLSX with photos (a zip)"), PHOTOS),
)
NAMES = {
    "xlsx": Phrase("XLSX", "XLSX"), "csv": Phrase("CSV", "CSV"), "jsonl": Phrase("JSON Lines", "JSON Lines"),
    PHOTOS: Phrase("XLSX kèm ảnh", "XLSX with photos"),
}  # fmt: skip
WORDS = {
    "1": "xlsx", "xlsx": "xlsx", "excel": "xlsx", "2": "csv", "csv": "csv", "3": "jsonl", "json": "jsonl",
    "jsonl": "jsonl", "json lines": "jsonl", "4": TEMPLATE, "mau": TEMPLATE, "so tinh mau": TEMPLATE,
    "template": TEMPLATE, "5": FIGURES, "chi tieu": FIGURES, "bang chi tieu": FIGURES, "indicators": FIGURES,
    "6": PHOTOS, "kem anh": PHOTOS, "xlsx kem anh": PHOTOS, "anh": PHOTOS, "photos": PHOTOS, "with photos": PHOTOS,
}  # fmt: skip
ASK = Phrase(
    "Xuất dữ liệu trong phạm vi {area}. Đề nghị chọn dạng tệp:\n{lines}\nVí dụ: 1",
    "Export the data of {area}. Please choose the kind of file:\n{lines}\nExample: 1",
)
MAKING = Phrase(
    "Đang lập tệp {format}. Tệp được gửi vào đây khi xong; đồng chí có thể tiếp tục việc khác.",
    "The {format} file is being made. It comes here when it is ready; you can go on with other things.",
)
MAKING_TEMPLATE = Phrase("Đang lập sổ tính mẫu.", "The empty workbook is being made.")
ALREADY = Phrase(
    "Một tệp đồng chí đề nghị đang được lập; xong sẽ được gửi vào đây.",
    "A file you asked for is being made already; it comes here when it is ready.",
)


class Export(Command):
    """Choose a format; the file follows."""

    name = "xuat"
    alias = "export"
    words = ("xuất dữ liệu",)
    roles = (ADMIN,)
    help = Phrase("Xuất dữ liệu, lấy sổ tính mẫu", "Export the data, get the empty workbook")
    lists = ("format",)

    def run(self, talk: Talk, argument: str) -> None:
        """The format named, or the question which."""
        self.hear(talk, argument, {})

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A format by its number or name. Rights are those of this moment."""
        chosen = WORDS.get(fold(text).strip(" .()"))
        if not may(talk.person, "export"):
            talk.refuse("export")
        elif chosen is None:
            _ask(talk)
        elif chosen == TEMPLATE:
            get_template(talk)
        elif chosen == FIGURES:
            workbook(talk, Asked(periods.current("year", talk.ledger.today)))
        else:
            _make(talk, chosen)


def _ask(talk: Talk) -> None:
    lines = [f"{n}. {talk.words(label)}" for n, (label, _) in enumerate(CHOICES, start=1)]
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    area = ", ".join(role.unit_name for role in talk.person.roles if role.unit_id in scope(talk.person, "export"))
    talk.ask(talk.words(ASK, area=area, lines="\n".join(lines)), "xuat", "format", choices)


def _make(talk: Talk, format: str) -> None:
    if errands.of_chat(talk.connection, talk.chat, "export"):
        talk.say(ALREADY)
        return
    titles = {code: in_words(title, talk.language) for code, title in TITLES.items()}
    talk.order("export", {"format": format, "units": scope(talk.person, "export"), "titles": titles})
    talk.say(MAKING, format=talk.words(NAMES[format]))


def get_template(talk: Talk) -> None:
    """Order the empty workbook."""
    talk.order("template", {})
    talk.say(MAKING_TEMPLATE)
