"""A fault plan says which calls of the bot, or which updates to it, go wrong, how, and how often."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.simulator.limits import CONFLICT

ERRORS: Final = {"400": 400, "403": 403, "409": 409, "429": 429, "500": 500}
DESCRIPTIONS: Final = {
    400: "Bad Request: fault",
    403: "Forbidden: bot was blocked by the user",
    409: CONFLICT,
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
}
CALL_KINDS: Final = frozenset(ERRORS) | {"delay", "drop_before", "drop_after", "truncate"}
UPDATE_KINDS: Final = frozenset({"duplicate", "reorder", "undecodable", "jump"})
KINDS: Final = CALL_KINDS | UPDATE_KINDS | {"outage"}


class DisconnectedError(Exception):
    """The connection ends without an answer."""


@dataclass(slots=True)
class Plan:
    """One fault. `times` counts down ("the next N calls"); with `probability` it fires by chance, by its own seed."""

    kind: str
    method: str = "*"
    chat_id: int | None = None
    times: int | None = None
    probability: float | None = None
    seed: int = 0
    seconds: float = 1.0
    retry_after: int = 1
    description: str | None = None
    size: int = 100_000
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def covers(self, method: str, chat_id: int | None) -> bool:
        return self.method in ("*", method) and self.chat_id in (None, chat_id)

    def fires(self) -> bool:
        """Whether it happens this time; uses up one of its times when it does."""
        if self.times == 0 or (self.probability is not None and self.chance.random() >= self.probability):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def view(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "method": self.method,
            "chat_id": self.chat_id,
            "times": self.times,
            "probability": self.probability,
            "seed": self.seed,
        }


def read_plan(spec: Mapping[str, Any]) -> Plan:
    """A plan from its JSON form, whose fields are those of Plan: {"kind": "429", "method": "sendMessage", "times": 3}.

    Without `times` and `probability` it happens once; an outage lasts until it is lifted. Raises ValueError.
    """
    unknown = set(spec) - set(Plan.__slots__) | ({"chance"} & set(spec))
    if unknown:
        raise ValueError(f"unknown fields of a fault: {', '.join(sorted(unknown))}")
    plan = Plan(**{**spec, "kind": str(spec.get("kind"))})
    if plan.kind not in KINDS:
        raise ValueError(f"unknown fault {plan.kind!r}; known: {', '.join(sorted(KINDS))}")
    if plan.times is None and plan.probability is None and plan.kind != "outage":
        plan.times = 1
    plan.method = plan.method.lower()
    plan.chance.seed(plan.seed)
    return plan


class Faults:
    """The plans in force. `on_outage` is called when an outage begins, so that waiting polls are cut too."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.on_outage: Callable[[], None] = lambda: None
        self.on_lift: Callable[[], None] = lambda: None

    @property
    def outage(self) -> bool:
        return any(plan.kind == "outage" for plan in self.plans)

    def add(self, spec: Mapping[str, Any]) -> Plan:
        plan = read_plan(spec)
        self.plans.append(plan)
        if plan.kind == "outage":
            self.on_outage()
        return plan

    def lift(self) -> None:
        self.plans.clear()
        self.on_lift()

    def draw(self, method: str, chat_id: int | None) -> list[Plan]:
        """What happens to this call: any delays, and at most one other fault."""
        drawn: list[Plan] = []
        for plan in self.plans:
            if plan.kind not in CALL_KINDS or not plan.covers(method, chat_id):
                continue
            if plan.kind != "delay" and drawn and drawn[-1].kind != "delay":
                continue
            if plan.fires():
                drawn.append(plan)
        return sorted(drawn, key=lambda plan: plan.kind != "delay")

    def draw_update(self, kind: str, chat_id: int | None = None) -> Plan | None:
        """The plan of an update fault that fires now, or None."""
        for plan in self.plans:
            if plan.kind == kind and plan.chat_id in (None, chat_id) and plan.fires():
                return plan
        return None
