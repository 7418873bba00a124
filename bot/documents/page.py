"""A page is a Typst template beside this file and its data as JSON: bytes of a PDF come out.

Fonts are those that come with the package and with Typst itself; a machine's own are never looked at, so that a page
looks alike everywhere. Rendering takes some hundredths of a second and blocks: it has no place inside a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

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
