"""Who inspects: how many units each authority visited, the mean of all, and which are below their target."""

from __future__ import annotations

from bot.summary.asked import ACT, Asked
from bot.summary.lists import Detail, Entry
from bot.talk import Talk
from inspection.access import scope
from inspection.figures import show_two
from inspection.phrases import Phrase
from inspection.shown import number
from storage import units
from storage.reports.authorities import Inspecting, by_authority, mean
from storage.reports.indicators import rounded
from storage.reports.summary import Summary

OPEN = Phrase("Theo cơ quan kiểm tra", "By inspecting authority")
HEAD = Phrase(
    "Đơn vị được kiểm tra theo cơ quan kiểm tra: {count} cơ quan{mean}{below}.",
    "Units visited, by inspecting authority: {count}{mean}{below}.",
)
MEAN = Phrase(
    ", bình quân {mean} đơn vị được kiểm tra đột xuất mỗi cơ quan", "; mean of units visited by surprise: {mean}"
)
BELOW = Phrase("; chưa đạt mục tiêu: {names}", "; below target: {names}")
SHORT = Phrase("{name} {count}/{target}", "{name} {count}/{target}")
LINE = Phrase(
    "{name}: {surprise} đột xuất, {combined} lồng ghép, {all} tất cả{target}",
    "{name}: {surprise} by surprise, {combined} combined, {all} in all{target}",
)
TARGET = Phrase("; mục tiêu năm {target}", "; target of the year {target}")
UNKNOWN = Phrase("Chưa rõ cơ quan", "Authority not known")
NAMED = 5  # authorities below target that the head names


def authorities(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """KPI-04 as it is meant: different units, for each authority that sends teams."""
    listed = by_authority(talk.connection, summary)
    known = {
        one.id for one in listed if units.covers(talk.connection, scope(talk.person, ACT), one.id, talk.ledger.today)
    }
    return Detail(_head(talk, listed), [_entry(talk, one, opens=one.id in known) for one in listed])


def authorities_act(talk: Talk) -> Entry:
    """The way there."""
    return Entry(talk.words(OPEN), "view:authorities")


def _head(talk: Talk, listed: list[Inspecting]) -> str:
    of_each, below = mean(listed), [one for one in listed if one.below]
    shown = number(rounded(of_each), talk.language) if of_each is not None else ""
    named = [_short(talk, one) for one in below[:NAMED]] + (["…"] if len(below) > NAMED else [])
    return talk.words(
        HEAD, count=_two(talk, sum(bool(one.id) for one in listed)),
        mean=talk.words(MEAN, mean=shown) if shown else "",
        below=talk.words(BELOW, names=", ".join(named)) if below else "",
    )  # fmt: skip


def _entry(talk: Talk, one: Inspecting, *, opens: bool) -> Entry:
    """It opens the summary of the authority's own area, if that is within the rights of this moment."""
    aim = talk.words(TARGET, target=_two(talk, int(one.target))) if one.target is not None else ""
    name = one.name or talk.words(UNKNOWN)
    line = talk.words(
        LINE, name=name, surprise=_two(talk, one.surprise), combined=_two(talk, one.combined), all=_two(talk, one.all),
        target=aim,
    )  # fmt: skip
    return Entry(line, f"unit:{one.id}" if opens else "view:visits", name)


def _short(talk: Talk, one: Inspecting) -> str:
    done, aim = (number(count, talk.language) for count in (one.surprise, one.target or 0))
    return talk.words(SHORT, name=one.name, count=done, target=aim)


def _two(talk: Talk, count: int) -> str:
    return show_two(count, talk.language)
