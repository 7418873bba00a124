"""The checklist every installation begins with, kept as two tables beside this file and read, never edited, here."""

from __future__ import annotations

import csv
from datetime import date
from functools import lru_cache
from importlib import resources
from io import StringIO

from inspection.checklist import Checklist, Text, parse_checklist, parse_legal_bases

ID, VERSION, VALID_FROM = "ky-cuong", 1, date(2025, 7, 1)
TITLE = Text(
    "Kiểm tra việc chấp hành kỷ luật, kỷ cương hành chính", "Inspection of administrative discipline and order"
)


def checklist_rows() -> list[dict[str, str]]:
    """The items, one row each, column name to cell text."""
    return _rows("ky_cuong.csv")


def legal_rows() -> list[dict[str, str]]:
    """The legal documents the items cite, one row each."""
    return _rows("legal_bases.csv")


@lru_cache(maxsize=1)
def builtin_checklist() -> Checklist:
    """The built-in checklist, parsed once."""
    legal = parse_legal_bases(legal_rows())
    return parse_checklist(checklist_rows(), legal, id=ID, version=VERSION, title=TITLE, valid_from=VALID_FROM)


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text)))
