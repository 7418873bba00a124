"""Who will most likely take part in a visit: proposed before it begins, so that nobody is asked.

The decision and the team are those of the person's last visit; the unit is represented by its head.
"""

from __future__ import annotations

from dataclasses import replace

from bot.talk import Talk
from inspection.access import INSPECTOR, TEAM_HEAD
from inspection.attendance import HEAD, MEMBER, Attendance, Known, Present
from inspection.words import matches
from storage import documents, people
from storage.people import Person
from storage.units import Unit


def proposed(talk: Talk, unit: Unit) -> Attendance:
    """The attendance of a visit of this person to a unit, as far as it is known."""
    last = documents.last_attendance(talk.connection, talk.person.id)
    authority = _authority(talk, unit)
    if not last.team or last.authority_id != authority.authority_id:
        last = replace(authority, team=_team(talk, unit))
    return replace(
        last,
        authority=authority.authority,
        unit=_represented(talk, unit),
        refusal="",
        unmarked=tuple(one for one in last.unmarked if one not in ("unit", "refusal")),
    )


def who(talk: Talk, unit_id: str) -> Known:
    """Whom a name means at a visit to a unit: the one person with a role there or above it who is called so."""

    def known(name: str) -> Present | None:
        around = talk.ledger.ancestry(unit_id)
        found = [
            one
            for one in people.find(talk.connection, name, talk.ledger.today)
            if matches(name, [one.name]) and not around.isdisjoint(role.unit_id for role in one.roles)
        ]
        return _present(found[0], "") if len(found) == 1 else None

    return known


def _authority(talk: Talk, unit: Unit) -> Attendance:
    """The unit whose inspector this person is: the one that sends the team."""
    above = talk.ledger.ancestry(unit.id)
    held = [r for r in talk.person.roles if r.role in (INSPECTOR, TEAM_HEAD) and r.unit_id in above]
    return Attendance(authority_id=held[0].unit_id, authority=held[0].unit_name) if held else Attendance()


def _team(talk: Talk, unit: Unit) -> tuple[Present, ...]:
    """The only team head of the area, and this person."""
    above = talk.ledger.ancestry(unit.id)
    heads = [
        one
        for one in people.with_role(talk.connection, TEAM_HEAD, talk.ledger.today)
        if not above.isdisjoint(one.units(TEAM_HEAD))
    ]
    if talk.person.id in [one.id for one in heads]:
        return (_present(talk.person, HEAD),)
    me = _present(talk.person, MEMBER)
    return (_present(heads[0], HEAD), me) if len(heads) == 1 else (me,)


def _represented(talk: Talk, unit: Unit) -> tuple[Present, ...]:
    """The unit's head, or who stood for it the last time."""
    heads = people.heads_of(talk.connection, [unit.id], talk.ledger.today).get(unit.id, [])
    if heads:
        return (_present(heads[0], ""),)
    before = documents.last_attendance_at(talk.connection, unit.id)
    return () if "unit" in before.unmarked else before.unit


def _present(person: Person, task: str) -> Present:
    return Present(person.name, person.title, task, person.id)
