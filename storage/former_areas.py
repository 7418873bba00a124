"""A former district asked for by its name: the units of today that continue those which stood under it.

Some of them took in units from elsewhere as well: whoever shows their figures has to say so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from inspection.words import search_key
from storage.lineage import following
from storage.tables import units
from storage.units import COMMITTEES, Unit, covers, get_many, subtree_ids

# Only these words name a district, whatever else is called so today: "huyện Văn Quan" is not xã Văn Quan.
_DISTRICT = re.compile(r"(?:ubnd )?(?P<kind>huyen|thi xa|thanh pho) (?P<name>.+)")


def names_district(text: str) -> bool:
    """Whether a text can only mean a district."""
    return _DISTRICT.fullmatch(search_key(text)) is not None


def find(connection: Connection, text: str, *, scope: Sequence[str], on: date) -> list[Unit]:
    """The districts of exactly this name that had ceased by a day and stood within `scope` on their last one."""
    typed = _DISTRICT.fullmatch(search_key(text))
    if typed is None:
        return []
    rows = connection.execute(
        select(units.c.id, units.c.valid_to).where(
            units.c.kind == "district", units.c.search_key == typed["name"], units.c.valid_to < on
        )
    )
    mine = [row.id for row in rows if covers(connection, scope, row.id, row.valid_to)]
    return list(get_many(connection, mine, on=on).values())


def continued_by(connection: Connection, unit_id: str, on: date) -> list[str]:
    """The ids of the units in force on a day that continue those under a ceased unit; [] while it is in force."""
    ended = connection.execute(select(units.c.valid_to).where(units.c.id == unit_id)).scalar()
    if ended is None or ended >= on:
        return []
    under = units.c.id.in_(list(subtree_ids(connection, unit_id, ended)))
    rows = connection.execute(select(units.c.id, units.c.valid_to).where(under, units.c.kind.in_(COMMITTEES[2:])))
    below = {row.id: row.valid_to for row in rows}
    heirs = {heir for found in following(connection, sorted(below), on).values() for heir in found}
    return sorted(heirs | {one for one, ended in below.items() if ended is None or ended >= on})
