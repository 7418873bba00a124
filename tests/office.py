"""LibreOffice as the tests use it: a file of an office opened, and saved as another kind, in the shipped typeface."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.documents.reading_copy import FONTS

SHIPPED = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{FONTS}</dir><cachedir prefix="cwd">cache</cachedir>
<alias binding="same"><family>Times New Roman</family><accept><family>Liberation Serif</family></accept></alias>
</fontconfig>"""  # a server has no Times New Roman: the face as wide stands in, as it does in the reading copy


def convert(folder: Path, names: Sequence[str], kind: str = "pdf", into: Path | None = None) -> None:
    """Open files of a folder and save them as `kind` there or elsewhere; skips where there is no LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice: install libreoffice-writer and libreoffice-calc")
    (folder / "fonts.conf").write_text(SHIPPED, encoding="utf-8")
    subprocess.run(
        [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind,
         "--outdir", str(into or folder), *names],
        cwd=folder, env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip


def page_png(folder: Path, name: str, page: int = 1, dots: int = 75) -> bytes:
    """One page of a PDF as a picture."""
    command = ["pdftoppm", "-r", str(dots), "-png", "-singlefile", "-f", str(page), "-l", str(page), name, "page"]
    subprocess.run(command, cwd=folder, check=True)
    return (folder / "page.png").read_bytes()
