"""Who may do what: the one place that decides it, asked at the moment of the act with the roles of that moment.

A role holds at a unit and everything below it. Nothing is decided from a button, a cached screen or what somebody
was allowed yesterday.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

INSPECTOR, TEAM_HEAD, UNIT_HEAD, ADMIN = "inspector", "team-head", "unit-head", "admin"
DELEGATE = "delegate"  # named by a head to follow the unit's matters; nobody is invited as one
ROLES = (INSPECTOR, TEAM_HEAD, UNIT_HEAD, ADMIN)

ACTS: Mapping[str, tuple[str, ...]] = {
    "inspect": (INSPECTOR, TEAM_HEAD),
    "sign": (INSPECTOR, TEAM_HEAD),
    "report_obligation": (UNIT_HEAD, DELEGATE),
    "delegate": (UNIT_HEAD,),
    "direct": (ADMIN, UNIT_HEAD),
    "answer_request": (ADMIN,),
    "set_ladder": (ADMIN,),
    "set_calendar": (ADMIN,),
    "summary": (ADMIN,),
    "read_documents": (ADMIN,),  # beside those of a team, who read the documents of their own visits
    "templates": (ADMIN,),
    "enter_index": (ADMIN,),
    "export": (ADMIN,),
    "import": (ADMIN,),
    "invite": (ADMIN,),
    # A head of unit learns what was found from the notice of conclusions, not from the signed visit.
    "see_findings": (INSPECTOR, TEAM_HEAD, ADMIN),
    "preview_checklist": (ADMIN,),
}


class HasRoles(Protocol):
    """Somebody with today's roles."""

    def has(self, role: str) -> bool: ...

    def units(self, *wanted: str) -> list[str]: ...


def may(person: HasRoles, act: str) -> bool:
    """Whether a person may do this anywhere at all."""
    return any(person.has(role) for role in ACTS[act])


def may_everywhere(person: HasRoles, act: str, tops: Collection[str]) -> bool:
    """Whether a person may do what concerns everybody: their role holds at one of the units that have none above."""
    return not set(tops).isdisjoint(scope(person, act))


def scope(person: HasRoles, act: str) -> list[str]:
    """The units at and below which a person may do this."""
    return person.units(*ACTS[act])


def roles_shown(person: HasRoles) -> tuple[str, ...]:
    """The roles whose commands a person sees."""
    return tuple(role for role in (*ROLES, DELEGATE) if person.has(role))
