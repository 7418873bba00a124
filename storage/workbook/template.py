"""The empty workbook and the workbook of what is stored are one form: what is written out can be read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from storage.workbook.sheets import SHEETS
from storage.workbook.writing import write_workbook


def write_template(target: Path | BinaryIO) -> None:
    """The empty workbook, with explanations, drop-down lists and two example rows on each sheet."""
    write_workbook(target, {}, examples=True)


def write_setup(connection: Connection, target: Path | BinaryIO, today: date) -> None:
    """Units, people, checklists, hours and days off as they are stored, in the form that `import` reads."""
    write_workbook(target, {sheet.name: sheet.rows(connection, today) for sheet in SHEETS})
