"""The details of a summary, a function each: to add one, write it and its line in VIEWS, and the words that open it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.summary.authorities import authorities
from bot.summary.found import findings, findings_all, findings_closed, findings_due, findings_older
from bot.summary.indicators import BEHIND, indicators, indices, trend
from bot.summary.judged import item, items, label, one_stop, ranking, section, section_title, sections
from bot.summary.lists import View
from bot.summary.overdue import overdue
from bot.summary.owed import culture, culture_all, internal_rules, plans, plans_all, regulations, rules, rules_all
from bot.summary.visit_figures import attendance, desk
from bot.summary.visit_lists import combined, surprise, unvisited, visits
from bot.talk import Talk

VIEWS: Mapping[str, View] = {
    "plans": plans, "rules": rules, "culture": culture, "surprise": surprise, "findings": findings,
    "one_stop": one_stop, "plans_all": plans_all, "rules_all": rules_all, "internal_rules": internal_rules,
    "regulations": regulations, "culture_all": culture_all, "visits": visits,
    "combined": combined, "unvisited": unvisited, "findings_all": findings_all, "findings_older": findings_older,
    "findings_due": findings_due, "findings_closed": findings_closed, "indicators": indicators, "ranking": ranking,
    "sections": sections, "items": items, "authorities": authorities, "trend": trend, "attendance": attendance,
    "desk": desk, "overdue": overdue, "indices": indices,
}  # fmt: skip
NUMBERED = ("plans", "rules", "culture", "surprise", "findings", "one_stop")  # 1 to 6 of the first page
WORDS: Mapping[str, str] = {
    "chi tieu": "indicators", "indicators": "indicators", "kpi": "indicators",
    "xep hang": "ranking", "ranking": "ranking", "theo don vi": "ranking",
    "muc": "sections", "sections": "sections", "theo muc": "sections",
    "noi dung": "items", "items": "items", "theo noi dung": "items",
    "xu huong": "trend", "trend": "trend", "luot": "visits", "visits": "visits", "luot kiem tra": "visits",
    "co quan": "authorities", "co quan kiem tra": "authorities", "authorities": "authorities",
    "viec qua han": "overdue", "what is overdue": "overdue", "hai long": "one_stop", "mot cua": "one_stop", "one-stop": "one_stop",
    "chua kiem tra": "unvisited", "not visited": "unvisited",
}  # fmt: skip
_INDICATOR = re.compile(r"(?:chi tieu|kpi) ?-? ?0?(?P<n>[0-9]{1,2})(?P<part>[abc]?)")
_SECTION = re.compile(r"(?:muc|section) (?P<code>[a-z])")
_ITEM = re.compile(r"(?:(?:noi dung|item) )?(?P<code>[a-z][0-9]{2})")


def view_of(talk: Talk, said: str) -> str:
    """The view a folded text opens: by its word, an indicator ("kpi-06"), a section ("muc c") or an item ("b04").

    An indicator there is not opens the list of those there are.
    """
    if said in WORDS:
        return WORDS[said]
    if found := _INDICATOR.fullmatch(said):
        code = f"KPI-{int(found['n']):02d}{found['part']}"
        return next((view for known, view in BEHIND.items() if known.startswith(code)), "indicators")
    if (found := _SECTION.fullmatch(said)) and section_title(talk, found["code"].upper()) != found["code"].upper():
        return f"section {found['code'].upper()}"
    if (found := _ITEM.fullmatch(said)) and label(talk, found["code"].upper()):
        return f"item {found['code'].upper()}"
    return ""


def view_named(name: str) -> View | None:
    """The view of a name, also "section C" and "item B04"."""
    kind, _, code = name.partition(" ")
    if code and kind in ("section", "item"):
        return section(code) if kind == "section" else item(code)
    return VIEWS.get(name)
