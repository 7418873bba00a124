"""What every exported table is: fields that are documented one by one, and rows in a steady order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, Select

# text; whole: a whole number; figure: a decimal number; yes: true or false; day: a date; moment: an instant in UTC;
# json: a JSON value kept as text in the database.
Kind: TypeAlias = Literal["text", "whole", "figure", "yes", "day", "moment", "json"]
Values: TypeAlias = tuple[Any, ...]


class Field(NamedTuple):
    """One field: its name in the file, what it holds, and the sentence that explains it."""

    name: str
    kind: Kind
    help: str


@dataclass(frozen=True, slots=True)
class Exported:
    """One file. rows: values in the order of the fields."""

    name: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    rows: Callable[[Connection], Iterator[Values]]


Writer: TypeAlias = Callable[[Path, Exported, Iterable[Values]], int]

_AT_ONCE = 2_000  # rows held in memory


def streamed(connection: Connection, statement: Select[Any]) -> Iterator[Values]:
    """The rows of a statement, a few at a time."""
    for row in connection.execute(statement.execution_options(yield_per=_AT_ONCE)):
        yield tuple(row)
