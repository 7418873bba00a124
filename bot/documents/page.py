"""A page is a Typst template beside this file and its data as JSON: bytes of a PDF come out.

Fonts are those that come with the package and with Typst itself; a machine's own are never looked at, so that a page
looks alike everywhere. Rendering takes some hundredths of a second and blocks: it has no place inside a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro  # type: ignore[import-untyped]
import typst

_FOLDER = Path(__file__).parent


def render(template: str, data: Mapping[str, str]) -> bytes:
    """The PDF of a template ("invitation") filled with data. Raises typst.TypstError for a template that is wrong."""
    return typst.compile(
        _FOLDER / f"{template}.typ",
        root=_FOLDER,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(dict(data))},
    )


def picture(template: str, data: Mapping[str, Any]) -> bytes:
    """The same as one PNG, three pixels a point; set in Be Vietnam Pro, which comes as a package."""
    return typst.compile(
        _FOLDER / f"{template}.typ",
        root=_FOLDER,
        font_paths=[fontpkg_be_vietnam_pro.ROOT / "files"],
        ignore_system_fonts=True,
        format="png",
        ppi=216,
        sys_inputs={"data": json.dumps(dict(data))},
    )
