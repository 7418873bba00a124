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
from inspection.periods import months_on
from inspection.phrases import Phrase
from storage import obligations, remedies
from storage.remedies import Finding
from storage.reports import records
from storage.reports.counts import REPEATED_WITHIN, Due, due_in, remedied_since
from storage.reports.summary import Summary

FOUND_SUM = Phrase("Tồn tại, hạn chế: {total} = {parts}.", "Findings: {total} = {parts}.")
FOUND_PARTS = {
    "remedied": Phrase("{count} đã khắc phục", "{count} remedied"),
    "within": Phrase("{count} trong hạn", "{count} within time"),
    "overdue": Phrase("{count} quá hạn", "{count} overdue"),
    "unannounced": Phrase("{count} chờ thông báo kết luận", "{count} with the notice to be sent"),
}
FOUND_NONE = Phrase("Không ghi nhận tồn tại, hạn chế trong kỳ.", "No findings in the period.")
OVERDUE_HEAD = Phrase(" Quá hạn, kể cả từ trước kỳ:", " Overdue, those from before included:")
OLDER = Phrase("Còn từ trước kỳ {count}", "Open from before: {count}")
OLDER_HEAD = Phrase(
    "Tồn tại, hạn chế ghi nhận trước kỳ, chưa khắc phục: {count}.", "Findings made before and still open: {count}."
)
DUE_SUM = Phrase(
    "Tồn tại, hạn chế phải khắc phục trong kỳ: {count}, đúng hạn {in_time}.",
    "Findings to be remedied in the period: {count}, in time {in_time}.",
)
DUE_NONE = Phrase("Không có tồn tại, hạn chế phải khắc phục trong kỳ.", "No finding had to be remedied in the period.")
ON = Phrase(" ngày {day}", " on {day}")
IN_TIME = Phrase("đã khắc phục{day}, đúng hạn", "remedied{day}, in time")
LATE = Phrase("đã khắc phục{day}, trễ hạn", "remedied{day}, late")
NOT_REMEDIED = Phrase("chưa khắc phục", "not remedied")
CLOSED_SUM = Phrase(
    "Tồn tại, hạn chế đã khắc phục trong 24 tháng: {count}, tái diễn trong kỳ {again}.",
    "Findings remedied within 24 months: {count}, come up again in the period {again}.",
)
AGAIN = Phrase("tái diễn: {number}", "again: {number}")
FINDING_LINE = Phrase(
    "{unit}, {number} ({code}), hạn {due}, {standing}", "{unit}, {number} ({code}), due {due}, {standing}"
)
FINDING_NO_DUE = Phrase("{unit}, {number} ({code}), {standing}", "{unit}, {number} ({code}), {standing}")
REMEDIED = Phrase("đã khắc phục", "remedied")
UNANNOUNCED = Phrase("chờ thông báo kết luận", "notice to be sent")


def findings(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """5: the sum, to be checked by eye, and what is overdue, what is open from before the period included."""
    overdue = overdue_in(talk, summary)
    remindable = {one.finding.unit_id for one in overdue if one.finding.remedy is not None}
    hint, acts = reminding(talk, summary, remindable, "findings")
    counted = summary.counts.found
    if counted.total > counted.overdue:
        acts.append(Entry(talk.words(ALL, count=show_two(counted.total, talk.language)), "view:findings_all"))
    if counted.older:
        acts.append(Entry(talk.words(OLDER, count=show_two(counted.older, talk.language)), "view:findings_older"))
    head = _found_sum(talk, summary) + hint + (talk.words(OVERDUE_HEAD) if overdue else "")
    return Detail(head, [finding_entry(talk, one, summary) for one in overdue], acts)


def findings_all(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Every finding of the period, those still open first."""
    listed = sorted(found_in(talk, summary), key=lambda one: one.place)
    return Detail(_found_sum(talk, summary), [finding_entry(talk, one, summary) for one in listed])


def findings_older(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """What was found before the period and still open at its end."""
    listed = sorted(_older_in(talk, summary), key=lambda one: one.place)
    head = talk.words(OLDER_HEAD, count=show_two(len(listed), talk.language))
    return Detail(head, [finding_entry(talk, one, summary) for one in listed])


def findings_due(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Behind KPI-06: what had to be remedied in the period, what was not in time first."""
    listed = due_in(talk.connection, summary.area, summary.span, summary.calendar)
    known = {one.number: one for one in remedies.listed(talk.connection, summary.area.counted, open_only=False)}
    count = show_two(len(listed), talk.language)
    in_time = show_two(sum(one.in_time for one in listed), talk.language)
    head = talk.words(DUE_SUM, count=count, in_time=in_time) if listed else talk.words(DUE_NONE)
    return Detail(head, [_due_entry(talk, one, known[one.number]) for one in listed if one.number in known])


def _due_entry(talk: Talk, one: Due, finding: Finding) -> Entry:
    standing = talk.words(NOT_REMEDIED)
    if one.in_time or one.done is not None:
        day = talk.words(ON, day=show_day(one.done, talk.language)) if one.done is not None else ""
        standing = talk.words(IN_TIME if one.in_time else LATE, day=day)
    line = talk.words(
        FINDING_LINE, unit=unit_name(talk, finding.unit_id), number=one.number, code=finding.item_code,
        due=show_day(one.due, talk.language), standing=standing,
    )  # fmt: skip
    return Entry(line, f"finding:{one.number}", one.number)


def findings_closed(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Behind KPI-07: what was remedied of the last twenty-four months, what came up again in the period first."""
    first, day = summary.span.period.first, summary.span.day
    back, listed = months_on(day, -REPEATED_WITHIN), _listed(talk, summary)
    again = {one.repeat_of: one.number for one in listed if one.repeat_of and first <= one.found_on <= day}
    held = [one.finding for one in _stood(talk, summary, listed) if one.state == "remedied"]
    closed = [one for one in held if back <= one.found_on <= day]
    shown = [one for one in listed if one.number in again] + [one for one in closed if one.number not in again]
    head = talk.words(CLOSED_SUM, count=show_two(len(closed), talk.language), again=show_two(len(again), talk.language))
    return Detail(head, [_closed_entry(talk, one, again.get(one.number, "")) for one in shown])


def _closed_entry(talk: Talk, one: Finding, again: str) -> Entry:
    standing = talk.words(AGAIN, number=again) if again else talk.words(REMEDIED)
    line = talk.words(
        FINDING_NO_DUE, unit=unit_name(talk, one.unit_id), number=one.number, code=one.item_code, standing=standing
    )
    return Entry(line, f"finding:{one.number}", one.number)


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
    first, day = summary.span.period.first, summary.span.day
    return _stood(talk, summary, [one for one in _listed(talk, summary) if first <= one.found_on <= day])


def _older_in(talk: Talk, summary: Summary) -> list[Stood]:
    """What was found before the period and open at its end."""
    older = [one for one in _listed(talk, summary) if one.found_on < summary.span.period.first]
    return [one for one in _stood(talk, summary, older) if one.state != "remedied"]


def overdue_in(talk: Talk, summary: Summary) -> list[Stood]:
    """What was overdue at the end of the period, whenever it was found, the longest overdue first."""
    held = [one for one in _listed(talk, summary) if one.found_on <= summary.span.day]
    return sorted((one for one in _stood(talk, summary, held) if one.state == "overdue"), key=lambda one: one.place)


def _listed(talk: Talk, summary: Summary) -> list[Finding]:
    """Every finding of the area, by the checklists asked for."""
    listed = remedies.listed(talk.connection, summary.area.counted, open_only=False)
    if not summary.span.checklists:
        return listed
    made = records.made_by(talk.connection, [one.visit_id for one in listed], summary.span)
    return [one for one in listed if one.visit_id in made]


def _stood(talk: Talk, summary: Summary, listed: list[Finding]) -> list[Stood]:
    """Each with how it stood on the last day of the period."""
    since = {row.number for row in remedied_since(talk.connection, summary.area, summary.span)}
    latest = talk.ledger.calendar().latest_overdue(summary.span.day)
    return [
        Stood(one, _finding_state(one, latest, remedied=one.remedied and one.number not in since)) for one in listed
    ]


def _finding_state(one: Finding, latest: date, *, remedied: bool) -> str:
    if remedied:
        return "remedied"
    if one.due is None:
        return "unannounced"
    return "overdue" if one.due <= latest else "within"


def overdue_matters(talk: Talk, summary: Summary, what: str) -> list[Obligation]:
    """What is overdue now behind a line of the summary: "findings", or kinds joined by "+"."""
    kinds = what.split("+")
    owed = [one.id for kind in kinds for one in summary.counts.owed.get(kind, ()) if not one.done]
    known = obligations.get_many(talk.connection, owed)
    listed = [known[one] for one in owed if one in known]
    if "findings" in kinds:
        held = [one.finding.remedy for one in overdue_in(talk, summary)]
        listed += [one for one in held if one is not None]
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
