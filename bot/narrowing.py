"""A list is narrowed by what somebody types beside its command: a unit, a kind of work, a code, a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from inspection import periods
from inspection.figures import show_two
from inspection.obligations import Obligation, kind_of
from inspection.periods import Fault, Period
from inspection.reading import unmarked
from inspection.words import fold, sort_key
from storage import directives, units

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAMED = 3  # units a title names; of more it says how many


def period_of(words: str, today: date) -> tuple[Period | Fault | None, str]:
    """The period a filter names ("tháng 9", "quý 3"), and the rest: what is owed lies ahead as well, so that a period
    which has not begun is one of this year.
    """
    found, rest = periods.read(words, today)
    return periods.read(words, date(today.year, 12, 31)) if isinstance(found, Fault) else (found, rest)


def narrowed(
    connection: Connection, listed: Sequence[Obligation], words: str, today: date, language: str
) -> list[Obligation]:
    """Of some obligations those the words name: by unit, title, kind or code, and by when they are due."""
    period, rest = period_of(words, today)
    wanted = fold(rest)
    kinds = directives.kinds(connection)
    places = _places(connection, listed, today)

    def of(one: Obligation) -> str:
        kind = kinds.get(one.kind) or kind_of(one.kind)
        return f"{one.code} {one.title} {one.title_in(language)} {places[one.unit_id]} {kind.name} {kind.english}"

    inside = period.holds if isinstance(period, Period) else lambda _day: True
    return [one for one in listed if inside(one.due) and wanted in fold(of(one))]


def in_full(connection: Connection, kept: Sequence[Obligation], words: str, today: date) -> str:
    """What a filter left, as an official document says it: "của UBND xã Yên Phúc", "có thời hạn trong quý II năm 2026".

    What was typed without tone marks is never printed as it is: the names it found stand for it.
    """
    period, rest = period_of(words, today)
    said = [_left(connection, kept, rest.strip(), today)] if rest.strip() else []
    if isinstance(period, Period):
        called = periods.in_full(period)
        said.append(f"có thời hạn {called}" if called[:3] in ("từ ", "ngà") else f"có thời hạn trong {called}")
    return ", ".join(said)


def _left(connection: Connection, kept: Sequence[Obligation], typed: str, today: date) -> str:
    names, kinds = _places(connection, kept, today), directives.kinds(connection)
    places = sorted(set(names.values()), key=sort_key)
    works = sorted({(kinds.get(one.kind) or kind_of(one.kind)).name for one in kept})
    if kept and all(fold(typed) in fold(name) for name in places):
        return f"của {', '.join(places)}" if len(places) <= NAMED else f"của {show_two(len(places))} đơn vị được chọn"
    if kept and all(fold(typed) in fold(name) for name in works):
        return f"loại {', '.join(works)}"
    if len(kept) == 1:
        return f"mang mã {kept[0].code}"
    return "được chọn" if unmarked(typed) else f"có “{typed}”"


def _places(connection: Connection, listed: Sequence[Obligation], today: date) -> dict[str, str]:
    found = units.get_many(connection, {one.unit_id for one in listed}, on=today)
    return {one.unit_id: found[one.unit_id].full_name if one.unit_id in found else "" for one in listed}
