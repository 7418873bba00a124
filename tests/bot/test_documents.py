"""The sheet of an invitation: its words can be read, nothing typed is markup, and the QR code is the way in."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from PIL import Image

from bot.documents.invitation import InvitationSheet, invitation_pdf
from inspection.access import ROLES

SHEET = InvitationSheet(
    "Hoàng Văn Bình", "Chủ tịch Ủy ban nhân dân xã Điềm He", "unit-head", "UBND xã Điềm He", "K7M4 Q2TX",
    datetime(2026, 8, 7, 1, tzinfo=UTC), "https://t.me/ky_cuong_bot?start=K7M4Q2TX", "0205 3812 345",
)  # fmt: skip


def read(sheet: InvitationSheet, folder: Path) -> str:
    """The words of the one page, line breaks taken out."""
    path = folder / "giay-moi.pdf"
    path.write_bytes(invitation_pdf(sheet))
    try:
        shown = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("no pdftotext on this machine")
    assert shown.stdout.count("\f") == 1, "one page"
    return re.sub(r"\s+", " ", shown.stdout)


def test_it_says_to_whom_for_what_how_and_until_when(tmp_path: Path) -> None:
    text = read(SHEET, tmp_path)
    for words in (
        *("Kính gửi: Đồng chí Hoàng Văn Bình", "Chủ tịch Ủy ban nhân dân xã Điềm He", "UBND xã Điềm He"),
        *("Thủ trưởng đơn vị", "K7M4 Q2TX", "08:00 ngày 07/8/2026", "t.me/ky_cuong_bot", "0205 3812 345"),
    ):
        assert words in text


def test_without_link_phone_and_title_nothing_is_left_dangling(tmp_path: Path) -> None:
    text = read(replace(SHEET, link="", phone="", title=""), tmp_path)
    assert "t.me" not in text
    assert "Chức vụ" not in text
    assert "hỗ trợ: ....." in text


@pytest.mark.parametrize("name", ['#eval("1")', "*x* _y_ $z$", "<nhãn> @ref // #", "Nguyễn Thị Thuỷ Ửng Hữu"])
def test_what_was_typed_is_printed_as_it_is(name: str, tmp_path: Path) -> None:
    assert f"Đồng chí {name}" in read(replace(SHEET, name=name), tmp_path)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_word(role: str) -> None:
    assert invitation_pdf(replace(SHEET, role=role)).startswith(b"%PDF-")


def drawn(sheet: InvitationSheet, folder: Path, modules: int) -> list[list[bool]]:
    """The QR code as it stands on the page: which of its fields are dark."""
    path = folder / "giay-moi.pdf"
    path.write_bytes(invitation_pdf(sheet))
    try:
        subprocess.run(["pdftoppm", "-r", "200", "-gray", "-singlefile", str(path), str(folder / "page")], check=True)
    except FileNotFoundError:
        pytest.skip("no pdftoppm on this machine")
    with Image.open(folder / "page.pgm") as page:
        width, height = page.size
        right = page.crop((int(width * 0.68), int(height * 0.336), width, int(height * 0.52)))
    box = right.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert box is not None
    code = right.crop(box)
    step = code.width / modules
    return [
        [code.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) < 128 for x in range(modules)]  # type: ignore[operator]
        for y in range(modules)
    ]


@pytest.mark.parametrize("link", [SHEET.link, ""])
def test_the_qr_code_on_the_page_is_the_way_in(link: str, tmp_path: Path) -> None:
    wanted = [[bool(field) for field in row] for row in segno.make_qr(link or SHEET.code, error="q").matrix]
    assert drawn(replace(SHEET, link=link), tmp_path, len(wanted)) == wanted
