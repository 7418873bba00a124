"""The pictures of the README and the handbooks, from the running demonstration: `make gallery` takes them anew."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Demo
from tests.browser.phone import ADMINISTRATOR, INSPECTOR, Phone

pytestmark = pytest.mark.gallery
IMAGES = ROOT / "docs" / "images"
ALBUM = ["f02-niem-yet-cu.jpg", "g02-thieu-bien-ten.jpg", "b01-noi-quy.jpg", "b04-lich-tiep-cong-dan.jpg"]


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
    administrator.say("/summary")
    chart = administrator.bubbles.last.locator("img")
    expect(chart).to_be_visible()
    _keep(page.request.get(str(chart.evaluate("image => image.src"))).body(), "tong-hop.png")
    _keep(page.screenshot(), "ban-chay-thu.png")
    _keep(_minutes(page, administrator, tmp_path), "bien-ban.png")
    page.close()


def _on_a_small_screen(browser: Browser, demo: Demo) -> None:
    hand = browser.new_page(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="vi-VN")
    hand.goto(demo.url)
    expect(hand.locator("body[data-ready=true]")).to_be_attached()
    expect(Phone(hand, INSPECTOR).bubbles.last).to_contain_text("C01")
    _keep(hand.screenshot(), "dien-thoai.png")
    hand.close()


def _minutes(page: Page, administrator: Phone, folder: Path) -> bytes:
    """The first page of the minutes of a visit of the year."""
    administrator.say("/baocao yen phuc")
    administrator.count()
    administrator.send("2")
    administrator.documents(1)
    (folder / "minutes.pdf").write_bytes(administrator.download(administrator.newest_document))
    command = ["pdftoppm", "-r", "75", "-png", "-singlefile", "minutes.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    return (folder / "page.png").read_bytes()


def _keep(picture: bytes, name: str) -> None:
    """No wider than a reader's page, with a palette: a third of the bytes, and nothing to be seen of it."""
    with Image.open(BytesIO(picture)) as opened:
        opened.thumbnail((1280, 1280))
        coloured = opened.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        coloured.save(IMAGES / name, optimize=True)
