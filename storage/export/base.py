"""What every exported table is: fields that are documented one by one, and rows in a steady order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import Select

# text; whole: a whole number; figure: a decimal number; yes: true or false; day: a date; moment: an instant in UTC;
# json: a JSON value kept as text in the database; file: the SHA-256 of a file of the evidence store.
Kind: TypeAlias = Literal["text", "whole", "figure", "yes", "day", "moment", "json", "file"]
Values: TypeAlias = tuple[Any, ...]


class Field(NamedTuple):
    """One field: its name in the file, what it holds, and the sentence that explains it."""

    name: str
    kind: Kind
    help: str


@dataclass(frozen=True, slots=True)
class Exported:
    """One file. rows: the statement for values in the order of the fields; `storage/export/scope.py` narrows it."""

    name: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    rows: Callable[[], Select[Any]]


Writer: TypeAlias = Callable[[Path, Exported, Iterable[Values]], int]
