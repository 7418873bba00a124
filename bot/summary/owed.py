"""What every unit owes for the year: plans, rules, culture plans, those not done first of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.matters.common import how_it_stands
from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.lists import Detail, Entry
from bot.summary.standing import ALL, as_it_stood, reminding
from bot.talk import Talk
from inspection.figures import show_day, show_two
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from storage import obligations
from storage.reports.counts import Owed
from storage.reports.summary import Summary

SUM = Phrase("{title}: {total} = {parts}.", "{title}: {total} = {parts}.")
PART = {
    "on_time": Phrase("{count} đúng hạn", "{count} in time"),
    "on_time_by_extension": Phrase("{count} đúng thời hạn đã gia hạn", "{count} in time as extended"),
    "late": Phrase("{count} trễ hạn", "{count} late"),
    "within": Phrase("{count} trong hạn", "{count} within time"),
    "overdue": Phrase("{count} quá hạn", "{count} overdue"),
}
NOT_OWED = Phrase("{title}: không phát sinh trong năm {year}.", "{title}: none owed in {year}.")
OWED_TITLES = {
    "impl_plan": Phrase("Kế hoạch triển khai", "Implementation plans"),
    "internal_rules": Phrase("Nội quy", "Internal rules"),
    "working_regulation": Phrase("Quy chế làm việc", "Working regulation"),
    "culture_plan": Phrase("Kế hoạch văn hóa công vụ", "Public-service culture plans"),
}
OWED_LINE = Phrase("{unit}, {code}, hạn {due}, {standing}", "{unit}, {code}, due {due}, {standing}")
DONE_LINE = Phrase("{unit}, {code}, {standing}", "{unit}, {code}, {standing}")
NOT_DONE = Phrase(" Chưa có kết quả:", " Still to come:")


def plans(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """1: who has not issued the plan."""
    return _owed(talk, summary, ("impl_plan",), "plans_all")


def rules(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """2: internal rules and working regulation."""
    return _owed(talk, summary, ("internal_rules", "working_regulation"), "rules_all")


def culture(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """3: the public-service culture plan."""
    return _owed(talk, summary, ("culture_plan",), "culture_all")


def plans_all(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Every plan, done or not."""
    return _owed(talk, summary, ("impl_plan",))


def rules_all(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """All rules, done or not."""
    return _owed(talk, summary, ("internal_rules", "working_regulation"))


def internal_rules(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Behind KPI-03a."""
    return _owed(talk, summary, ("internal_rules",))


def regulations(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Behind KPI-03b."""
    return _owed(talk, summary, ("working_regulation",))


def culture_all(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """All culture plans, done or not."""
    return _owed(talk, summary, ("culture_plan",))


def _owed(talk: Talk, summary: Summary, kinds: Sequence[str], everything: str = "") -> Detail:
    """Obligations of some kinds; with `everything`, the name of the view of all, only those not done."""
    language = talk.language
    listed = {kind: summary.counts.owed[kind] for kind in kinds}
    head = "\n".join(_owed_sum(talk, summary, kind, owed) for kind, owed in listed.items())
    every = [one for owed in listed.values() for one in owed]
    left = [one for one in every if not one.done]
    shown = left if everything else every
    records_of = obligations.get_many(talk.connection, [one.id for one in shown])
    entries = [owed_entry(talk, summary, one, records_of[one.id]) for one in shown]
    overdue = {one.unit_id for one in left if one.standing == "overdue"} if everything else set()
    hint, acts = reminding(talk, summary, overdue, "+".join(kinds))
    if everything and len(every) > len(left):
        acts.append(Entry(talk.words(ALL, count=show_two(len(every), language)), f"view:{everything}"))
    return Detail(head + hint + (talk.words(NOT_DONE) if everything and left else ""), entries, acts)


def _owed_sum(talk: Talk, summary: Summary, kind: str, owed: Sequence[Owed]) -> str:
    title = words.in_words(OWED_TITLES[kind], talk.language)
    if not owed:
        return talk.words(NOT_OWED, title=title, year=summary.span.period.last.year)
    times = Counter(one.standing for one in owed)
    parts = [talk.words(PART[name], count=show_two(times[name], talk.language)) for name in PART if times[name]]
    return talk.words(SUM, title=title, total=show_two(len(owed), talk.language), parts=" + ".join(parts))


def owed_entry(talk: Talk, summary: Summary, one: Owed, record: Obligation) -> Entry:
    unit = summary.area.units[one.unit_id].full_name
    now = how_it_stands(record, talk.ledger.today, talk.ledger.calendar(), talk.language)
    standing = as_it_stood(talk, summary, one.standing, one.due, now)
    phrase = DONE_LINE if one.done else OWED_LINE
    line = talk.words(phrase, unit=unit, code=one.code, standing=standing) if one.done else talk.words(
        phrase, unit=unit, code=one.code, due=show_day(one.due, talk.language), standing=standing
    )  # fmt: skip
    return Entry(line, f"matter:{one.code}", one.code)
