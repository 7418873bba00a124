"""The details of a summary, a function each: to add one, write it and its line in VIEWS, and the words that open it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.summary.authorities import authorities
from bot.summary.found import findings, findings_all
from bot.summary.indicators import indicators, trend
from bot.summary.judged import item, items, one_stop, ranking, section, sections
from bot.summary.lists import View
from bot.summary.owed import culture, culture_all, plans, plans_all, rules, rules_all
from bot.summary.visit_figures import attendance, desk
from bot.summary.visit_lists import surprise, unvisited, visits

VIEWS: Mapping[str, View] = {
    "plans": plans, "rules": rules, "culture": culture, "surprise": surprise, "findings": findings,
    "one_stop": one_stop, "plans_all": plans_all, "rules_all": rules_all, "culture_all": culture_all, "visits": visits,
    "unvisited": unvisited, "findings_all": findings_all, "indicators": indicators, "ranking": ranking,
    "sections": sections, "items": items, "authorities": authorities, "trend": trend, "attendance": attendance, "desk": desk,
}  # fmt: skip
NUMBERED = ("plans", "rules", "culture", "surprise", "findings", "one_stop")  # 1 to 6 of the first page
WORDS: Mapping[str, str] = {
    "chi tieu": "indicators", "indicators": "indicators", "kpi": "indicators",
    "xep hang": "ranking", "ranking": "ranking", "theo don vi": "ranking",
    "muc": "sections", "sections": "sections", "theo muc": "sections",
    "noi dung": "items", "items": "items", "theo noi dung": "items",
    "co quan": "authorities", "co quan kiem tra": "authorities", "authorities": "authorities",
    "xu huong": "trend", "trend": "trend", "luot": "visits", "visits": "visits",
}  # fmt: skip


def view_named(name: str) -> View | None:
    """The view of a name, also "section C" and "item B04"."""
    kind, _, code = name.partition(" ")
    if code and kind in ("section", "item"):
        return section(code) if kind == "section" else item(code)
    return VIEWS.get(name)
