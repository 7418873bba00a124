"""Every document as an office sees it: opened in LibreOffice, and its pages measured against Nghị định 30/2020."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import Connection, select

from bot import papers
from bot.documents import samples, word
from bot.documents.reading_copy import reading_copy
from bot.documents.registry import KINDS, built_in
from inspection.attendance import MEMBER, Present
from inspection.messages import Chat
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.migrate import migrate
from storage.outbox import Parcel
from storage.sample.load import load_sample
from storage.tables import findings, roles, visits
from tests.office import convert

pytestmark = pytest.mark.office
NOW = datetime(2026, 8, 4, 3, 40, tzinfo=UTC)
MM = 72 / 25.4  # points


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it is printed, in millimetres from the left upper corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half way between its ends."""
        return (self.left + self.right) / 2


class _Boxes(HTMLParser):
    """The pages of `pdftotext -bbox`."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[list[Word]] = []
        self.at: list[float] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "page":
            self.pages.append([])
        self.at = (
            [float(str(dict(attrs)[name])) / MM for name in ("xmin", "ymin", "xmax", "ymax")] if tag == "word" else []
        )

    def handle_data(self, data: str) -> None:
        if self.at:
            self.pages[-1].append(Word(data, *self.at))
            self.at = []


@dataclass(frozen=True, slots=True)
class Printed:
    """A document as LibreOffice prints it, and the file it was made of."""

    docx: bytes
    pdf: bytes
    pages: Sequence[Sequence[Word]]

    def line(self, text: str, page: int = 0) -> list[Word]:
        """The words of a text that stands on one page in one line; fails where it is cut in two."""
        wanted, words = text.split(), self.pages[page]
        for start in range(len(words)):
            found = list(words[start : start + len(wanted)])
            if [one.text for one in found] == wanted:
                assert max(one.top for one in found) - min(one.top for one in found) < 1, f"{text} is cut"
                return found
        raise AssertionError(f"{text} is not on page {page + 1}")

    def middle(self, text: str, page: int = 0) -> float:
        """Half way between the ends of a line."""
        found = self.line(text, page)
        return (found[0].left + found[-1].right) / 2


def minutes_of_the_demo(folder: Path) -> bytes:
    """A visit of the sample's year that was signed and found something, as its team head gets the minutes."""
    database = Database(f"sqlite:///{folder}/kycuong.db")
    migrate(database)
    load_sample(database, EvidenceStore(folder / "evidence"), NOW)

    def work(connection: Connection) -> papers.Order | None:
        found = select(visits.c.id).join(findings, findings.c.visit_id == visits.c.id)
        visit = connection.execute(
            found.where(visits.c.status == "signed").order_by(visits.c.finished_at.desc(), visits.c.id).limit(1)
        ).scalar_one()
        reader = connection.execute(select(roles.c.person_id).where(roles.c.role == "admin").limit(1)).scalar_one()
        paper = {"kind": "minutes", "about": visit, "form": "docx"}
        parcel = Parcel("t", Chat("telegram", "", "1"), "notice", {"paper": paper}, NOW, person_id=reader)
        return papers.ordered(connection, parcel=parcel, now=NOW)

    order = database.write_now(work)
    database.stop()
    assert order is not None
    return papers.made(order, NOW).data


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    """Every kind of document filled in with each of its samples, and the minutes of a visit of the demonstration."""
    folder = tmp_path_factory.mktemp("pages")
    files = {
        f"{kind}-{number}": word.fill(built_in(kind), KINDS[kind].fields(sample))
        for kind in KINDS
        for number, sample in enumerate(KINDS[kind].samples)
    }
    files["demo"] = minutes_of_the_demo(tmp_path_factory.mktemp("demo"))
    for name, data in files.items():
        (folder / f"{name}.docx").write_bytes(data)
    convert(folder, [f"{name}.docx" for name in files])
    return {name: _printed(folder, name, data) for name, data in files.items()}


def _printed(folder: Path, name: str, docx: bytes) -> Printed:
    boxes = _Boxes()
    command = ["pdftotext", "-bbox", f"{name}.pdf", "-"]
    boxes.feed(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)
    return Printed(docx, (folder / f"{name}.pdf").read_bytes(), boxes.pages)


def packed(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char != "\u200b")


def test_every_document_opens_and_nothing_of_it_is_lost(printed: dict[str, Printed]) -> None:
    for name, one in printed.items():
        pages = [page.extract_text() for page in PdfReader(BytesIO(one.pdf)).pages]
        found = "".join(packed(page).lstrip("0123456789") for page in pages)  # without the numbers of pages
        missing = [line for line in word.text_of(one.docx).split("\n") if packed(line) not in found]
        assert (name, missing) == (name, [])


def test_the_paper_and_its_margins(printed: dict[str, Printed]) -> None:
    for name, one in printed.items():
        for page in PdfReader(BytesIO(one.pdf)).pages:
            size = sorted(round(float(side) / MM) for side in (page.mediabox.width, page.mediabox.height))
            assert (name, size) == (name, [210, 297])
            upright = page.mediabox.height > page.mediabox.width
        for page in one.pages:
            for each in page:
                assert each.left >= (29.9 if upright else 19.9), (name, each)
                assert each.right <= (210 - 14.9 if upright else 297 - 14.9), (name, each)
                assert each.bottom <= (297 if upright else 210) - 19.9, (name, each)


def test_one_face(printed: dict[str, Printed]) -> None:
    for name, one in printed.items():
        faces = {
            str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
            for page in PdfReader(BytesIO(one.pdf)).pages
            for font in page["/Resources"]["/Font"].values()
        }
        assert (name, faces) == (name, {"LiberationSerif"})


@pytest.mark.parametrize("name", ["minutes-1", "demo"])
def test_the_head_of_the_minutes(printed: dict[str, Printed], name: str) -> None:
    one = printed[name]
    country, motto = one.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), one.line("Độc lập - Tự do - Hạnh phúc")
    team, number = one.line("ĐOÀN KIỂM TRA"), one.line("Số:")
    assert country[0].left > team[-1].right  # two columns
    assert abs(one.middle("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") - one.middle("Độc lập - Tự do - Hạnh phúc")) < 1
    assert motto[0].top > country[0].top
    assert number[0].top > team[0].top
    title = one.line("BIÊN BẢN")
    assert abs((title[0].left + title[-1].right) / 2 - (30 + 195) / 2) < 1  # centred between the margins
    assert title[0].top > number[0].top


@pytest.mark.parametrize("name", ["minutes-1", "demo"])
def test_pages_are_numbered_in_the_top_margin_and_the_first_is_not(printed: dict[str, Printed], name: str) -> None:
    pages = printed[name].pages
    annex = next(n for n, page in enumerate(pages) if page[0].text == "PHỤ")  # it is numbered by itself
    assert annex >= 2
    assert not [each for each in pages[0] if each.bottom < 20]
    for n, page in enumerate(pages[1:annex], start=2):
        (number,) = [each for each in page if each.bottom < 20]
        assert number.text == str(n)
        assert abs(number.middle - (30 + 195) / 2) < 1


@pytest.mark.parametrize("name", ["minutes-1", "demo"])
def test_three_signatures_stand_side_by_side_with_room_to_sign(printed: dict[str, Printed], name: str) -> None:
    one = printed[name]
    held = next(n for n, page in enumerate(one.pages) if "(Chữ" in {each.text for each in page})
    blocks = [one.line("THƯ KÝ", held), one.line("ĐẠI DIỆN ĐƠN VỊ", held), one.line("TRƯỞNG ĐOÀN", held)]
    assert len({round(block[0].top) for block in blocks}) == 1
    assert blocks[0][-1].right < blocks[1][0].left
    assert blocks[1][-1].right < blocks[2][0].left
    below = [each for each in one.pages[held] if each.top > blocks[0][0].bottom + 12]
    assert min(each.top for each in below) - blocks[0][0].bottom > 20
    receivers = one.line("Nơi nhận:", held)
    assert receivers[0].left < 32
    assert receivers[0].top > blocks[0][0].top


def test_no_page_has_signatures_without_the_others_and_the_closing_sentence(tmp_path: Path) -> None:
    """However long the text above is: the second blocks once went to a page of their own."""
    one_more = (Present("Hà Văn Minh", "Chuyên viên", MEMBER),)
    files = {}
    for kind, sample in (("minutes", samples.REFUSED), ("early_end", samples.BARE_EARLY)):
        for more in range(10):
            team = replace(sample.attendance, team=samples.TEAM.team + one_more * more)
            files[f"{kind}-{more}"] = word.fill(built_in(kind), KINDS[kind].fields(replace(sample, attendance=team)))
    for name, data in files.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    convert(tmp_path, [f"{name}.docx" for name in files])
    for name, data in files.items():
        for copy in ((tmp_path / f"{name}.pdf").read_bytes(), reading_copy(data, NOW)):
            texts = [packed(page.extract_text()) for page in PdfReader(BytesIO(copy)).pages]
            (page,) = [text for text in texts if "(Chữký)" in text]
            assert (name, page.count("(Chữký)"), "Buổikiểmtrakếtthúcvào" in page) == (name, 4, True)


def test_the_reading_copy_keeps_the_margins(printed: dict[str, Printed], tmp_path: Path) -> None:
    for name, one in printed.items():
        (tmp_path / f"{name}.pdf").write_bytes(reading_copy(one.docx, NOW))
        for page in _printed(tmp_path, name, one.docx).pages:
            across = 297 if max(each.right for each in page) > 210 else 210
            outside = [each for each in page if not (19.9 if across == 297 else 29.9) <= each.left]
            outside += [each for each in page if each.right > across - 14.9]
            assert (name, outside) == (name, [])


def test_the_reading_copy_has_the_pages_the_office_sees(printed: dict[str, Printed]) -> None:
    """Not line by line, but no more than a page apart in any document."""
    for name, one in printed.items():
        copy = PdfReader(BytesIO(reading_copy(one.docx, NOW))).pages
        assert abs(len(copy) - len(one.pages)) <= 1, name
