"""The pictures of the README, the gallery and the handbooks, from the running demonstration: `make gallery`."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Demo
from tests.browser.phone import ADMINISTRATOR, INSPECTOR, Phone
from tests.office import convert, page_png

pytestmark = pytest.mark.gallery
IMAGES = ROOT / "docs" / "images"
ALBUM = ["f02-niem-yet-cu.jpg", "g02-thieu-bien-ten.jpg", "b01-noi-quy.jpg", "b04-lich-tiep-cong-dan.jpg"]
# The views that have a picture, by what is typed below a summary.
CHARTS = {
    "xếp hạng": "xep-hang", "nội dung": "noi-dung", "xu hướng": "xu-huong", "mục": "don-vi-va-muc", "5": "tuoi-ton-tai",
}  # fmt: skip
# What is said and tapped to have a document, and the pictures of its pages.
DOCUMENTS: tuple[tuple[tuple[str, ...], str, dict[int, str]], ...] = (
    (("/baocao yen phuc",), "Biên bản (Word)", {1: "bien-ban", 2: "bien-ban-ket-qua", 4: "bien-ban-chu-ky"}),
    (("/baocao yen phuc",), "Báo cáo kết quả (Word)", {1: "bao-cao-ket-qua"}),
    (("/baocao yen phuc",), "Thông báo kết luận (Word)", {1: "thong-bao-ket-luan"}),
    (("/baocao yen phuc",), "Chứng thư minh chứng (Word)", {1: "chung-thu"}),
    (("/quahan yen phuc", "1"), "Dự thảo công văn đôn đốc", {1: "cong-van-don-doc"}),
    (("/summary tháng 7", "7"), "Danh sách quá hạn (Word)", {1: "danh-sach-qua-han"}),
    (("/summary tháng 7", "7"), "Báo cáo (Word)", {1: "bao-cao-ky", 2: "bao-cao-ky-chi-tieu"}),
    (("/summary năm", "7"), "Bảng số liệu (Excel)", {1: "bang-so-lieu"}),
)


def test_the_pictures_are_taken(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 1600, "height": 900}, locale="vi-VN")
    page.goto(demo.url)
    expect(page.locator("body[data-ready=true]")).to_be_attached()
    inspector, administrator = Phone(page, INSPECTOR), Phone(page, ADMINISTRATOR)
    inspector.say("/kiemtra")
    inspector.say("diem he")
    inspector.tap("Bắt đầu")
    _on_a_small_screen(browser, demo)
    for said in ("c01 25 23 2 0, con lai dat", "d01 23 21, con lai dat", "e02 5 5, con lai dat"):
        inspector.say(said)
    inspector.photograph(ALBUM, "f02 g02 b01 b04")
    _keep(_chart_of(page, administrator, "/summary"), "tong-hop.png")
    _keep(page.screenshot(), "ban-chay-thu.png")
    for said, name in CHARTS.items():
        _chart_of(page, administrator, "/summary")
        _keep(_chart_of(page, administrator, said), f"{name}.png", 640)
    for number, (ways, label, wanted) in enumerate(DOCUMENTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        _print(administrator, ways, label, folder)
        for place, name in wanted.items():
            _keep(page_png(folder, "document.pdf", place), f"{name}.png", 900)
    page.close()


def _chart_of(page: Page, phone: Phone, said: str) -> bytes:
    """What is drawn a moment after the words."""
    charts = phone.bubbles.locator("img")
    before = charts.count()
    phone.say(said)
    expect(charts).to_have_count(before + 1)
    expect(charts.last).to_be_visible()
    return page.request.get(str(charts.last.evaluate("image => image.src"))).body()


def _on_a_small_screen(browser: Browser, demo: Demo) -> None:
    hand = browser.new_page(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="vi-VN")
    hand.goto(demo.url)
    expect(hand.locator("body[data-ready=true]")).to_be_attached()
    expect(Phone(hand, INSPECTOR).bubbles.last).to_contain_text("C01")
    _keep(hand.screenshot(), "dien-thoai.png")
    hand.close()


def _print(phone: Phone, ways: tuple[str, ...], label: str, folder: Path) -> None:
    """Have a document sent, and set it in pages: document.pdf."""
    for said in ways:
        phone.say(said)
    phone.count()
    phone.tap(label)
    phone.documents(1)
    name = phone.newest_document
    sent = f"document.{name.rpartition('.')[2]}"
    (folder / sent).write_bytes(phone.download(name))
    convert(folder, [sent])


def _keep(picture: bytes, name: str, longest: int = 1280) -> None:
    """No wider than a reader's page, with a palette: a third of the bytes, and nothing to be seen of it."""
    with Image.open(BytesIO(picture)) as opened:
        opened.thumbnail((longest, longest))
        coloured = opened.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        coloured.save(IMAGES / name, optimize=True)
