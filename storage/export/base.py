"""What every exported table is: fields that are documented one by one, and rows in a steady order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import Select

# text; whole: a whole number; figure: a decimal number; yes: true or false; day: a date; moment: an instant in UTC;
# json: a JSON value kept as text in the database; file: the SHA-256 of a file of the evidence store.
Kind: TypeAlias = Literal["text", "whole", "figure", "yes", "day", "moment", "json", "file"]
Values: TypeAlias = tuple[Any, ...]

NO_WORDS: Mapping[str, str] = MappingProxyType({})
_ROW = re.compile(r"\b(\w+)\.(?:id|code)\b")
_REST = re.compile(r"[(,;:]")


class Field(NamedTuple):
    """One field: its name in the file, what it holds, and the sentence that explains it.

    words: of a closed list, what people read for each value; label: heads its column in a workbook where the beginning
    of the sentence does not; width: of that column, where its kind does not say. Whose row it names stands in the
    sentence: `units.id`.
    """

    name: str
    kind: Kind
    help: str
    words: Mapping[str, str] = NO_WORDS
    label: str = ""
    width: int = 0

    @property
    def title(self) -> str:
        """What heads its column."""
        text = self.label or _REST.split(self.help)[0].strip()
        return text[:1].upper() + text[1:]

    @property
    def explained(self) -> str:
        """The sentence, with the values of a closed list."""
        listed = ", ".join(f"{value} ({word})" for value, word in self.words.items())
        return f"{self.help}: {listed}" if listed else self.help

    @property
    def names(self) -> str:
        """The table one of whose rows it names, "" for a value of its own."""
        found = _ROW.search(self.help)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What is written as a file or a sheet: its name, its title, what it is for, and its fields."""

    name: str
    title: str
    purpose: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Exported(Listed):
    """A table. rows: the statement for values in the order of the fields; `storage/export/scope.py` narrows it."""

    rows: Callable[[], Select[Any]]


Writer: TypeAlias = Callable[[Path, Listed, Iterable[Values]], int]
