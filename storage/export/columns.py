"""How a table is shown in a workbook: what a clerk reads comes first, the ids of rows stand hidden at the end.

A row of another table is named as people know it, a value of a closed list is a word, a visit or an obligation stands
with its unit, an answer with its question. CSV and JSON Lines are for programs: there every field is as it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Final

from storage.export.base import Field, Kind, Listed, Values
from storage.export.names import Names
from storage.export.words import shown

WIDTHS: Final[Mapping[Kind, int]] = {
    "text": 20, "whole": 12, "figure": 12, "yes": 10, "day": 13, "moment": 19, "json": 40, "file": 68,
}  # fmt: skip
_ID, _UNIT, _PERSON = 34, 34, 26
_WRAPPED = 50  # as wide as this, a text is broken into lines


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header with what is to be known of it, what its cells hold, and where from.

    field: the field as the machine formats name it, "" for what is only shown here.
    """

    header: str
    note: str
    kind: Kind
    width: int
    value: Callable[[Values], Any]
    field: str = ""
    hidden: bool = False

    @property
    def wrapped(self) -> bool:
        """Whether its text is broken into lines."""
        return self.kind == "text" and self.width >= _WRAPPED and not self.hidden


def columns_of(table: Listed, names: Names | None = None) -> list[Column]:
    """The columns in their order; without names, every field as it is."""
    places = {field.name: place for place, field in enumerate(table.fields)}
    seen: dict[str, Column] = {}  # what is put in by its header: a photo's unit is that of its visit or obligation
    hidden: list[Column] = []
    for field in table.fields:
        instead = _instead(table, field, places, names) if names is not None else []
        for one in instead:
            seen[one.header] = _either(seen[one.header], one) if one.header in seen else one
        own = _own(field, places[field.name], hidden=bool(instead) or (field.name == "id" and field.kind == "text"))
        if own.hidden:
            hidden.append(own)
        else:
            seen[f"={field.name}"] = own
        if names is not None and field.name == "key" and "visit_id" in places:
            seen["Nội dung"] = _question(places, names)
    return [*seen.values(), *hidden]


def _either(one: Column, other: Column) -> Column:
    return replace(one, value=lambda row: one.value(row) or other.value(row))


def _own(field: Field, place: int, *, hidden: bool) -> Column:
    value: Callable[[Values], Any] = itemgetter(place)
    if field.words:
        value = lambda row: shown(field.words, row[place]) if row[place] else None  # noqa: E731
    title = f"{field.title} (mã)" if hidden and field.name != "id" else field.title
    width = _ID if hidden and field.kind == "text" else field.width or WIDTHS[field.kind]
    return Column(title, f"{field.name}: {field.explained}", field.kind, width, value, field.name, hidden)


def _instead(table: Listed, field: Field, places: Mapping[str, int], names: Names) -> list[Column]:
    """What is shown in place of a field that names another row, or holds an answer."""
    place = places[field.name]
    if field.names == "visits":
        return _visit(field, place, names)
    if field.names == "obligations":
        return _obligation(field, place, names)
    if table.name == "answers" and field.name == "value":
        return [_answer(field, places, names)]
    called = names.of(field.names)
    if called is None:
        return []
    width = {"units": _UNIT, "people": _PERSON}.get(field.names, field.width or WIDTHS["text"])
    return [Column(field.title, field.help, "text", width, lambda row: called(row[place]))]


def _visit(field: Field, place: int, names: Names) -> list[Column]:
    """The unit and the day of the visit a row belongs to; of another one the day alone."""
    held, units = names.visits, names.units

    def day(row: Values) -> Any:
        return held[row[place]].day if row[place] else None

    if field.name != "visit_id":
        return [Column(field.title, field.help, "day", WIDTHS["day"], day)]

    def unit(row: Values) -> str | None:
        return units[held[row[place]].unit_id] if row[place] else None

    return [
        Column("Đơn vị", "đơn vị được kiểm tra", "text", _UNIT, unit),
        Column("Ngày kiểm tra", "ngày kết thúc cuộc kiểm tra", "day", WIDTHS["day"], day),
    ]


def _obligation(field: Field, place: int, names: Names) -> list[Column]:
    """The code of an obligation and the unit that owes it."""
    owed, units = names.obligations, names.units

    def code(row: Values) -> str | None:
        return owed[row[place]][0] if row[place] else None

    def unit(row: Values) -> str | None:
        return units[owed[row[place]][1]] if row[place] else None

    return [
        Column("Mã nhiệm vụ", field.help, "text", WIDTHS["text"], code),
        Column("Đơn vị", "đơn vị phải thực hiện", "text", _UNIT, unit),
    ]


def _question(places: Mapping[str, int], names: Names) -> Column:
    visit, key, held, items = places["visit_id"], places["key"], names.visits, names.items

    def value(row: Values) -> str | None:
        return items.get((held[row[visit]].checklist_id, row[key].partition(".")[0]))

    return Column("Nội dung", "nội dung được kiểm tra", "text", 44, value)


def _answer(field: Field, places: Mapping[str, int], names: Names) -> Column:
    visit, key, value, held = places["visit_id"], places["key"], places[field.name], names.visits

    def words(row: Values) -> str:
        return names.answer(held[row[visit]].checklist_id, row[key], row[value])

    return Column(field.title, "câu trả lời bằng chữ", "text", field.width, words)
