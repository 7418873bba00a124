"""What units that have ceased left open passes to their successor, whose heads are told; where there are several
successors, administrators are asked.

Told once for each matter, in office hours; it is asked in the chat, by /donvi. A matter nobody could be asked about
waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from inspection.figures import show_two
from inspection.phrases import Phrase
from inspection.reminders import inherited, sending_window
from inspection.working_days import LOCAL, Calendar
from storage import calendar, consents, journal, lineage, obligations, outbox, people, units, work_hours
from storage.journal import Entry
from storage.lineage import Passed, Undecided
from storage.outbox import Parcel
from storage.people import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

NOTICE = Phrase(
    "{unit} đã chia tách, còn {count} nội dung đang mở chưa xác định đơn vị tiếp nhận. "
    "Đề nghị đồng chí gõ: /donvi kế thừa",
    "{unit} was split; {count} open matters wait for a unit to take them over. Please type: /donvi heirs",
)


def settle(connection: Connection, now: datetime, new_token: Callable[[], str]) -> list[Parcel]:
    """Pass on what can be, and put notices of the rest into the outbox; returns those."""
    today = now.astimezone(LOCAL).date()
    settlement = lineage.settle(connection, today)
    for one in settlement.passed:
        details = {"kind": one.kind, "from": one.from_unit, "to": one.to_unit}
        journal.append(connection, Entry("", "passed_on", one.id, details), now)
    new = [one for one in settlement.undecided if not journal.about(connection, one.id, "undecided")]
    working_days = calendar.current(connection, today)
    parcels = _to_heirs(connection, settlement.passed, now, working_days, new_token)
    if not sending_window(now, working_days):
        new = []
    for unit_id in dict.fromkeys(one.from_unit for one in new):
        left = [one for one in new if one.from_unit == unit_id]
        parcels += _notices(connection, left, now, working_days, new_token)
    return outbox.post(connection, parcels)


def _to_heirs(
    connection: Connection, passed: Sequence[Passed], now: datetime, working_days: Calendar,
    new_token: Callable[[], str],
) -> list[Parcel]:  # fmt: skip
    """To the heads of each successor what came to it from each unit, when they are next at work."""
    came: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in passed:
        if one.kind == "obligation":
            came[one.to_unit, one.from_unit].append(one.id)
    today = now.astimezone(LOCAL).date()
    parcels = []
    for (to_unit, from_unit), ids in came.items():
        heads = {one.id: one for one in people.heads_of(connection, [to_unit], today).get(to_unit, ())}
        accounts = people.accounts_of(connection, heads.keys() - consents.refused(connection, heads))
        later = work_hours.waits(connection, (heads[person_id] for person_id in accounts), now, working_days)
        codes = sorted(one.code for one in obligations.get_many(connection, ids).values())
        names = units.get_many(connection, [to_unit, from_unit], on=today)
        for person_id, listed in accounts.items():
            text = inherited(names[to_unit].full_name, names[from_unit].full_name, codes, heads[person_id].language)
            parcels.append(
                Parcel(
                    new_token(), listed[0].chat, "notice", {"text": text}, now,
                    person_id=person_id, next_try_at=later.get(person_id),
                )
            )  # fmt: skip
    return parcels


def _notices(
    connection: Connection, left: Sequence[Undecided], now: datetime, working_days: Calendar,
    new_token: Callable[[], str],
) -> list[Parcel]:  # fmt: skip
    """One notice for everybody who may decide on what one unit left; written down only if there is such a one."""
    today = now.astimezone(LOCAL).date()
    told = _in_charge(connection, left[0].candidates, today)
    accounts = people.accounts_of(connection, told.keys() - consents.refused(connection, told))
    if not accounts:
        return []
    for one in left:
        journal.append(connection, Entry("", "undecided", one.id, {"kind": one.kind, "unit": one.from_unit}), now)
    waits = work_hours.waits(connection, (told[person_id] for person_id in accounts), now, working_days)
    unit = units.get_many(connection, [left[0].from_unit], on=today)[left[0].from_unit]
    parcels = []
    for person_id, listed in accounts.items():
        phrase = NOTICE.vi if told[person_id].language == "vi" else NOTICE.en
        text = phrase.format(unit=unit.full_name, count=show_two(len(left), told[person_id].language))
        later = waits.get(person_id)
        parcels.append(Parcel(new_token(), listed[0].chat, "notice", {"text": text}, now, next_try_at=later))
    return parcels


def _in_charge(connection: Connection, unit_ids: Iterable[str], on: date) -> dict[str, Person]:
    """The administrators whose area holds all of these units."""
    found: dict[str, Person] | None = None
    for unit_id in unit_ids:
        here = {one.id: one for one in people.administrators(connection, unit_id, on)}
        found = here if found is None else {key: one for key, one in found.items() if key in here}
    return found or {}
