"""The findings of a period and how they stood at its end, and what is overdue behind a line of the summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.matters.common import how_it_stands, is_overdue, unit_name
from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.lists import Detail, Entry
from bot.summary.standing import ALL, as_it_stood, reminding
from bot.talk import Talk
from inspection.figures import show_day, show_two
from inspection.obligations import Obligation
from inspection.phrases import Phrase
from storage import obligations, remedies
from storage.remedies import Finding
from storage.reports import records
from storage.reports.counts import remedied_since
from storage.reports.summary import Summary

FOUND_SUM = Phrase("Tồn tại, hạn chế: {total} = {parts}.", "Findings: {total} = {parts}.")
FOUND_PARTS = {
    "remedied": Phrase("{count} đã khắc phục", "{count} remedied"),
    "within": Phrase("{count} trong hạn", "{count} within time"),
    "overdue": Phrase("{count} quá hạn", "{count} overdue"),
    "unannounced": Phrase("{count} chờ thông báo kết luận", "{count} with the notice to be sent"),
}
FOUND_NONE = Phrase("Không ghi nhận tồn tại, hạn chế trong kỳ.", "No findings in the period.")
OVERDUE_HEAD = Phrase(" Quá hạn:", " Overdue:")
FINDING_LINE = Phrase(
    "{unit}, {number} ({code}), hạn {due}, {standing}", "{unit}, {number} ({code}), due {due}, {standing}"
)
FINDING_NO_DUE = Phrase("{unit}, {number} ({code}), {standing}", "{unit}, {number} ({code}), {standing}")
REMEDIED = Phrase("đã khắc phục", "remedied")
UNANNOUNCED = Phrase("chờ thông báo kết luận", "notice to be sent")


def findings(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """5: the sum, to be checked by eye, and what is overdue."""
    overdue = [one for one in found_in(talk, summary) if one.state == "overdue"]
    remindable = {one.finding.unit_id for one in overdue if one.finding.remedy is not None}
    hint, acts = reminding(talk, summary, remindable, "findings")
    total = summary.counts.found.total
    if total > len(overdue):
        acts.append(Entry(talk.words(ALL, count=show_two(total, talk.language)), "view:findings_all"))
    head = _found_sum(talk, summary) + hint + (talk.words(OVERDUE_HEAD) if overdue else "")
    return Detail(head, [finding_entry(talk, one, summary) for one in overdue], acts)


def findings_all(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Every finding of the period, those still open first."""
    listed = sorted(found_in(talk, summary), key=lambda one: one.place)
    return Detail(_found_sum(talk, summary), [finding_entry(talk, one, summary) for one in listed])


@dataclass(frozen=True, slots=True)
class Stood:
    """A finding and how it stood on the last day of the period: one of FOUND_PARTS."""

    finding: Finding
    state: str

    @property
    def place(self) -> tuple[bool, date, str]:
        """Where it comes in a list: what is open first, by its due day."""
        return self.state == "remedied", self.finding.due or date.max, self.finding.number


def found_in(talk: Talk, summary: Summary) -> list[Stood]:
    """The findings of the period."""
    span = summary.span
    listed = remedies.listed(talk.connection, summary.area.counted, open_only=False)
    here = [one for one in listed if span.period.first <= one.found_on <= span.day]
    if span.checklists:
        made = records.made_by(talk.connection, [one.visit_id for one in here], span)
        here = [one for one in here if one.visit_id in made]
    since = {row.number for row in remedied_since(talk.connection, summary.area, span)}
    latest = talk.ledger.calendar().latest_overdue(span.day)
    return [Stood(one, _finding_state(one, latest, remedied=one.remedied and one.number not in since)) for one in here]


def _finding_state(one: Finding, latest: date, *, remedied: bool) -> str:
    if remedied:
        return "remedied"
    if one.due is None:
        return "unannounced"
    return "overdue" if one.due <= latest else "within"


def overdue_matters(talk: Talk, summary: Summary, what: str) -> list[Obligation]:
    """What is overdue now behind a line of the summary: "findings", or kinds joined by "+"."""
    if what == "findings":
        held = [one.finding.remedy for one in found_in(talk, summary) if one.state == "overdue"]
        listed = [one for one in held if one is not None]
    else:
        owed = [one.id for kind in what.split("+") for one in summary.counts.owed.get(kind, ()) if not one.done]
        found = obligations.get_many(talk.connection, owed)
        listed = [found[one] for one in owed if one in found]
    return [one for one in listed if is_overdue(one, talk.ledger.today, talk.ledger.calendar())]


def _found_sum(talk: Talk, summary: Summary) -> str:
    found = summary.counts.found
    if not found.total:
        return talk.words(FOUND_NONE)
    counted = {name: getattr(found, name) for name in FOUND_PARTS}
    parts = [talk.words(FOUND_PARTS[name], count=show_two(n, talk.language)) for name, n in counted.items() if n]
    return talk.words(FOUND_SUM, total=show_two(found.total, talk.language), parts=" + ".join(parts))


def finding_entry(talk: Talk, stood: Stood, summary: Summary) -> Entry:
    one, language = stood.finding, talk.language
    unit, code = unit_name(talk, one.unit_id), one.item_code
    if stood.state in ("remedied", "unannounced") or one.due is None:
        standing = words.in_words(REMEDIED if stood.state == "remedied" else UNANNOUNCED, language)
        line = talk.words(FINDING_NO_DUE, unit=unit, number=one.number, code=code, standing=standing)
    else:
        now = words.in_words(REMEDIED, language) if one.remedied else ""
        if one.remedy is not None and not one.remedied:
            now = how_it_stands(one.remedy, talk.ledger.today, talk.ledger.calendar(), language)
        standing = as_it_stood(talk, summary, stood.state, one.due, now)
        due = show_day(one.due, language)
        line = talk.words(FINDING_LINE, unit=unit, number=one.number, code=code, due=due, standing=standing)
    return Entry(line, f"finding:{one.number}", one.number)
