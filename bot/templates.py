"""The Word templates of an authority on the server: taken out to be edited, tried and kept, or taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.documents import word
from bot.documents.field_words import WORDS
from bot.documents.reading_copy import reading_copy
from bot.documents.registry import KINDS, built_in
from bot.documents.remarks import remarks, told
from bot.enrolment import unit_named
from storage import documents, journal
from storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIELDS_FILE = "cac-truong.txt"


def write_all(folder: Path, out: Callable[[str], object]) -> None:
    """Write the built-in templates and the list of the fields each may use."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        (folder / f"{kind}.docx").write_bytes(built_in(kind))
    (folder / FIELDS_FILE).write_text(fields_told(), encoding="utf-8")
    out(f"Đã ghi {len(KINDS)} mẫu và {FIELDS_FILE} vào {folder}.")


def fields_told() -> str:
    """Every field of every kind: what it is, and what it holds in an invented document."""
    lines = ["Các trường dùng được trong mẫu Word, viết {{ ten_truong }}; danh sách: {%p for y in ten_truong %}."]
    for name, kind in KINDS.items():
        lines += ["", f"{name}.docx, {kind.title.vi}"]
        known = sorted(kind.trial().draft.items())
        lines += [f"  {field}: {WORDS[field].vi}; {_shown(value)}" for field, value in known]
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "đúng hoặc sai"
    if isinstance(value, list):
        first = value[0] if value else ""
        return f"danh sách; mỗi dòng có {', '.join(first)}" if isinstance(first, dict) else f"danh sách, ví dụ: {first}"
    return f"ví dụ: {value}" if value else "có thể trống"


def keep(database: Database, file: Path, kind: str, unit: str, *, now: datetime) -> tuple[str, list[str]]:
    """Try a template and keep it for a unit and all below it; returns the unit's name and what is to be minded.

    Raises word.TemplateFaultError, bot.enrolment.UnknownUnitError, OSError.
    """
    content = file.read_bytes()
    word.try_out(content, KINDS[kind].trial(), partial(reading_copy, made_at=now))
    return _stored(database, content, kind, unit, now), told(remarks(content, kind), "vi")


def take_back(database: Database, kind: str, unit: str, *, now: datetime) -> str:
    """Go back to the built-in template; the unit's earlier ones remain stored."""
    return _stored(database, b"", kind, unit, now)


def _stored(database: Database, content: bytes, kind: str, unit: str, now: datetime) -> str:
    def work(connection: Connection) -> str:
        found = unit_named(connection, unit, now)
        documents.keep_template(connection, found.id, kind, content, now=now)
        act = "template_kept" if content else "template_taken_back"
        journal.append(connection, journal.Entry("", act, details={"unit": found.id, "kind": kind}), now)
        return found.full_name

    return database.write_now(work)
