"""The details of a summary, a function each: to add one, write it and its line in VIEWS, and the words that open it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.matters.common import STANDS, how_it_stands, is_overdue, unit_name, words_in
from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.authorities import authorities, authorities_act
from bot.summary.lists import Detail, Entry
from bot.summary.visit_figures import attendance, counted_acts, desk
from bot.talk import Talk
from inspection.access import may
from inspection.figures import show_day, show_two
from inspection.obligations import Obligation
from inspection.phrases import Phrase, say
from inspection.words import sort_key
from inspection.working_days import LOCAL
from storage import checklists, obligations, remedies
from storage.remedies import Finding
from storage.reports import records
from storage.reports.counts import FEW, Judged, Owed, UnitCounts, by_item, remedied_since
from storage.reports.indicators import rounded
from storage.reports.summary import Summary
from storage.reports.trend import months

View = Callable[[Talk, Asked, Summary], Detail]

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
REMIND = Phrase("Đôn đốc cả {count} đơn vị", "Remind all units: {count}")
REMIND_NOW = Phrase(" Đôn đốc việc đang quá hạn: gõ /quahan.", " To remind of what is overdue now: type /overdue.")
SINCE = Phrase("{then}, nay {now}", "{then}, now {now}")
ALL = Phrase("Xem đủ {count}", "See all {count}")
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
    entries = [_owed_entry(talk, summary, one, records_of[one.id]) for one in shown]
    overdue = {one.unit_id for one in left if one.standing == "overdue"} if everything else set()
    hint, acts = _reminding(talk, summary, overdue, "+".join(kinds))
    if everything and len(every) > len(left):
        acts.append(Entry(talk.words(ALL, count=show_two(len(every), language)), f"view:{everything}"))
    return Detail(head + hint + (talk.words(NOT_DONE) if everything and left else ""), entries, acts)


def _reminding(talk: Talk, summary: Summary, places: Collection[str], what: str) -> tuple[str, list[Entry]]:
    """The act of reminding units; under a period that is over only where to do it: it lists what was overdue then."""
    if not places or not may(talk.person, "answer_request"):
        return "", []
    if summary.span.over:
        return talk.words(REMIND_NOW), []
    return "", [Entry(talk.words(REMIND, count=show_two(len(places), talk.language)), f"remind:{what}")]


def _owed_sum(talk: Talk, summary: Summary, kind: str, owed: Sequence[Owed]) -> str:
    title = words.in_words(OWED_TITLES[kind], talk.language)
    if not owed:
        return talk.words(NOT_OWED, title=title, year=summary.span.period.last.year)
    times = Counter(one.standing for one in owed)
    parts = [talk.words(PART[name], count=show_two(times[name], talk.language)) for name in PART if times[name]]
    return talk.words(SUM, title=title, total=show_two(len(owed), talk.language), parts=" + ".join(parts))


def _owed_entry(talk: Talk, summary: Summary, one: Owed, record: Obligation) -> Entry:
    unit = summary.area.units[one.unit_id].full_name
    now = how_it_stands(record, talk.ledger.today, talk.ledger.calendar(), talk.language)
    standing = _as_it_stood(talk, summary, one.standing, one.due, now)
    phrase = DONE_LINE if one.done else OWED_LINE
    line = talk.words(phrase, unit=unit, code=one.code, standing=standing) if one.done else talk.words(
        phrase, unit=unit, code=one.code, due=show_day(one.due, talk.language), standing=standing
    )  # fmt: skip
    return Entry(line, f"matter:{one.code}", one.code)


def _as_it_stood(talk: Talk, summary: Summary, standing: str, due: date, now: str) -> str:
    """How its record says it stands now ("": it does not say); before that, of a period that is over, how it stood then."""
    if now and not summary.span.over:
        return now
    calendar = talk.ledger.calendar()
    days = calendar.working_days_between(calendar.next_working_day(due), summary.span.day)
    then = words_in(
        talk.language, STANDS["open" if standing == "within" else standing], days=show_two(days, talk.language)
    )
    return then if now in ("", then) else talk.words(SINCE, then=then, now=now)


# --- visits ---------------------------------------------------------------------------------------------------------

VISITS_HEAD = Phrase(
    "Kiểm tra đột xuất: {visits} lượt tại {units} đơn vị.", "Surprise visits: {visits}; units: {units}."
)
ALL_VISITS_HEAD = Phrase(
    "Kiểm tra trong kỳ: {visits} lượt có kết quả tại {units} đơn vị{early}.{average}",
    "Visits of the period with a result: {visits}; units: {units}{early}.{average}",
)
AVERAGE = Phrase(" Điểm bình quân {score}/100; {grades}.", " Average score {score}/100; {grades}.")
EARLY = Phrase(", {count} lượt kết thúc sớm", ", ended early: {count}")
VISIT_LINE = Phrase("{unit}, {on}: {result}{form}", "{unit}, {on}: {result}{form}")
RESULT = Phrase("{score}/100, {grade}", "{score}/100, {grade}")
ENDED_EARLY = Phrase("kết thúc sớm", "ended early")
FORMS = {
    "surprise": Phrase("đột xuất", "surprise"),
    "combined": Phrase("lồng ghép", "combined"),
    "planned": Phrase("theo kế hoạch", "planned"),
    "recheck": Phrase("phúc tra", "re-inspection"),
}
EVERY_VISIT = Phrase("Xem đủ {count} lượt", "See all visits: {count}")
UNVISITED = Phrase("{count} đơn vị chưa được kiểm tra", "Units not visited: {count}")
UNVISITED_HEAD = Phrase("{count} đơn vị chưa được kiểm tra:", "Units not visited: {count}")


def surprise(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """4: the surprise visits."""
    listed = records.visits_of(talk.connection, summary.area.counted, summary.span, "surprise")
    counts = summary.counts
    head = talk.words(
        VISITS_HEAD, visits=show_two(len(listed), talk.language),
        units=show_two(len(counts.visited("surprise")), talk.language),
    )  # fmt: skip
    every = counts.visits + sum(one.ended_early for one in counts.units.values())
    acts = []
    if every > len(listed):
        acts.append(Entry(talk.words(EVERY_VISIT, count=show_two(every, talk.language)), "view:visits"))
    acts += [*_unvisited_act(talk, summary), authorities_act(talk)]
    return Detail(head, [_visit_entry(talk, one) for one in listed], acts)


def visits(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Every visit of the period."""
    listed = records.visits_of(talk.connection, summary.area.counted, summary.span)
    counts, language = summary.counts, talk.language
    ended = sum(one.ended_early for one in counts.units.values())
    score, grades = _score(counts.units.values()), Counter[str]()
    for one in counts.units.values():
        grades += one.grades
    told = ", ".join(
        f"{say(language, f'grade_{grade}')} {show_two(grades[grade], language)}"
        for grade in ("tot", "kha", "trung_binh", "yeu")
        if grades[grade]
    )
    head = talk.words(
        ALL_VISITS_HEAD, visits=show_two(counts.visits, language), units=show_two(len(counts.visited()), language),
        early=talk.words(EARLY, count=show_two(ended, language)) if ended else "",
        average=talk.words(AVERAGE, score=words.average(*score, language), grades=told) if score[1] else "",
    )  # fmt: skip
    acts = [*_unvisited_act(talk, summary), authorities_act(talk)]
    return Detail(head, [_visit_entry(talk, one) for one in listed], acts)


def _score(units: object) -> tuple[int, int]:
    held: Sequence[UnitCounts] = list(units)  # type: ignore[call-overload]
    return sum(one.tenths for one in held), sum(one.scored for one in held)


def _visit_entry(talk: Talk, one: records.VisitLine) -> Entry:
    result = talk.words(ENDED_EARLY)
    if one.status != "ended_early":
        score = words.average(int(one.score * 10), 1, talk.language) if one.score is not None else "…"
        grade = say(talk.language, f"grade_{one.grade}") if one.grade else "…"
        result = talk.words(RESULT, score=score, grade=grade)
    form = f" ({words.in_words(FORMS[one.form], talk.language)})" if one.form in FORMS else ""
    on = show_day(one.finished_at.astimezone(LOCAL).date(), talk.language)
    line = talk.words(VISIT_LINE, unit=one.unit_name, on=on, result=result, form=form)
    return Entry(line, f"visit:{one.id}", one.unit_name)


def _unvisited_act(talk: Talk, summary: Summary) -> list[Entry]:
    left = len(summary.area.units) - len(summary.counts.visited())
    if not left:
        return []
    return [Entry(talk.words(UNVISITED, count=show_two(left, talk.language)), "view:unvisited")]


def unvisited(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """The units nobody has visited in the period."""
    seen = summary.counts.visited()
    left = [unit for unit in summary.area.units.values() if unit.id not in seen]
    left.sort(key=lambda unit: (sort_key(unit.name), unit.id))
    head = talk.words(UNVISITED_HEAD, count=show_two(len(left), talk.language))
    return Detail(head, [Entry(unit.full_name, f"unit:{unit.id}") for unit in left])


# --- findings -------------------------------------------------------------------------------------------------------

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
    overdue = [one for one in _findings_found(talk, summary) if one.state == "overdue"]
    remindable = {one.finding.unit_id for one in overdue if one.finding.remedy is not None}
    hint, acts = _reminding(talk, summary, remindable, "findings")
    total = summary.counts.found.total
    if total > len(overdue):
        acts.append(Entry(talk.words(ALL, count=show_two(total, talk.language)), "view:findings_all"))
    head = _found_sum(talk, summary) + hint + (talk.words(OVERDUE_HEAD) if overdue else "")
    return Detail(head, [_finding_entry(talk, one, summary) for one in overdue], acts)


def findings_all(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Every finding of the period, those still open first."""
    listed = sorted(_findings_found(talk, summary), key=lambda one: one.place)
    return Detail(_found_sum(talk, summary), [_finding_entry(talk, one, summary) for one in listed])


@dataclass(frozen=True, slots=True)
class Stood:
    """A finding and how it stood on the last day of the period: one of FOUND_PARTS."""

    finding: Finding
    state: str

    @property
    def place(self) -> tuple[bool, date, str]:
        """Where it comes in a list: what is open first, by its due day."""
        return self.state == "remedied", self.finding.due or date.max, self.finding.number


def _findings_found(talk: Talk, summary: Summary) -> list[Stood]:
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
        held = [one.finding.remedy for one in _findings_found(talk, summary) if one.state == "overdue"]
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


def _finding_entry(talk: Talk, stood: Stood, summary: Summary) -> Entry:
    one, language = stood.finding, talk.language
    unit, code = unit_name(talk, one.unit_id), one.item_code
    if stood.state in ("remedied", "unannounced") or one.due is None:
        standing = words.in_words(REMEDIED if stood.state == "remedied" else UNANNOUNCED, language)
        line = talk.words(FINDING_NO_DUE, unit=unit, number=one.number, code=code, standing=standing)
    else:
        now = words.in_words(REMEDIED, language) if one.remedied else ""
        if one.remedy is not None and not one.remedied:
            now = how_it_stands(one.remedy, talk.ledger.today, talk.ledger.calendar(), language)
        standing = _as_it_stood(talk, summary, stood.state, one.due, now)
        due = show_day(one.due, language)
        line = talk.words(FINDING_LINE, unit=unit, number=one.number, code=code, due=due, standing=standing)
    return Entry(line, f"finding:{one.number}", one.number)


# --- the one-stop desk, units, sections, items ------------------------------------------------------------------------

DESK_HEAD = Phrase(
    "Bộ phận Một cửa. Hài lòng: {rated}. Hồ sơ quá hạn có văn bản xin lỗi: {late}. Số liệu theo các lượt kiểm tra trong kỳ; "
    "tỷ lệ hài lòng gia quyền theo số hồ sơ tiếp nhận.{units}",
    "One-stop desk. Satisfied: {rated}. Late files with an apology: {late}. From the visits of the period; the share of "
    "satisfied is weighed by the files received.{units}",
)
DESK_UNITS = Phrase(" Đơn vị chưa đạt mục tiêu:", " Units below a target:")
DESK_LINE = Phrase("{unit}: hài lòng {rated}; xin lỗi {late}", "{unit}: satisfied {rated}; apologies {late}")
RANKING_HEAD = Phrase(
    "Điểm bình quân theo đơn vị, từ thấp đến cao; (ít): dưới 05 lượt, chưa nên so sánh.",
    "Average score by unit, lowest first; (few): fewer than 5 visits, not to be compared.",
)
RANKING_LINE = Phrase("{unit}: {score}/100, {visits} lượt{few}", "{unit}: {score}/100, visits: {visits}{few}")
FEW_MARK = Phrase(" (ít)", " (few)")
SECTIONS_HEAD = Phrase("Tỷ lệ đạt theo mục (đạt/được đánh giá):", "Share met by section (met/judged):")
ITEMS_HEAD = Phrase(
    "Nội dung chưa đạt nhiều nhất (chưa đạt/được đánh giá; so với kỳ trước):",
    "Items failed most often (failed/judged; against the period before):",
)
SECTION_HEAD = Phrase("Mục {code}. {title} (chưa đạt/được đánh giá; so với kỳ trước):",
                      "Section {code}. {title} (failed/judged; against the period before):")  # fmt: skip
ITEM_LINE = Phrase("{code} {short}: {failed}{change}", "{code} {short}: {failed}{change}")
ITEM_HEAD = Phrase("{code} {short}: {count} tồn tại trong kỳ.", "{code} {short}. Findings in the period: {count}.")
NONE_JUDGED = Phrase("Chưa có nội dung nào được đánh giá trong kỳ.", "No item was judged in the period.")
NO_VISITS = Phrase("Chưa có lượt kiểm tra nào trong kỳ.", "No visit in the period.")


def one_stop(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """6: both shares, and the units that keep them from their targets."""
    rated, late = summary.rows["KPI-09"], summary.rows["KPI-10"]
    entries = []
    for unit_id, one in summary.counts.units.items():
        satisfied, files = one.sums["satisfied"], one.sums["rated"]
        short = files and satisfied <= files * 98 * 100
        if short or one.sums["apologies"] < one.sums["late_files"]:
            share = words.share(satisfied, files * 10_000, talk.language) or words.in_words(
                words.NONE_ARISES, talk.language
            )
            apologies = f"{one.sums['apologies']}/{one.sums['late_files']}"
            unit = summary.area.units[unit_id].full_name
            entries.append(
                Entry(talk.words(DESK_LINE, unit=unit, rated=share, late=apologies), f"unit:{unit_id}", unit)
            )
    head = talk.words(
        DESK_HEAD, rated=words.figure(rated.now, rated.indicator, talk.language),
        late=words.figure(late.now, late.indicator, talk.language), units=talk.words(DESK_UNITS) if entries else "",
    )  # fmt: skip
    return Detail(head, sorted(entries, key=lambda entry: sort_key(entry.label)), counted_acts(talk, "desk"))


def ranked(summary: Summary) -> list[tuple[str, UnitCounts]]:
    """Units by their average score, the weakest first."""
    scored = [(one.average, unit_id, one) for unit_id, one in summary.counts.units.items() if one.average is not None]
    scored.sort(key=lambda found: (found[0], sort_key(summary.area.units[found[1]].name), found[1]))
    return [(unit_id, one) for _, unit_id, one in scored]


def ranking(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Units by their average score; those with few visits are marked."""
    entries = []
    for unit_id, one in ranked(summary):
        unit = summary.area.units[unit_id].full_name
        line = talk.words(
            RANKING_LINE, unit=unit, score=words.average(one.tenths, one.scored, talk.language),
            visits=show_two(one.visits, talk.language), few=talk.words(FEW_MARK) if one.visits < FEW else "",
        )  # fmt: skip
        entries.append(Entry(line, f"unit:{unit_id}", unit))
    return Detail(talk.words(RANKING_HEAD if entries else NO_VISITS), entries)


def sections(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """How often the items of each section were met."""
    by_section: dict[str, Judged] = {}
    for code, one in by_item(talk.connection, summary.area.counted, summary.span).items():
        by_section[code[:1]] = by_section.get(code[:1], Judged()) + one
    entries = []
    for code, one in sorted(by_section.items()):
        shown = f"{code}. {section_title(talk, code)}"
        figure = f"{one.met}/{one.total} ({words.share(one.met, one.total, talk.language)})"
        entries.append(Entry(f"{shown}: {figure}", f"view:section {code}", shown))
    return Detail(talk.words(SECTIONS_HEAD if entries else NONE_JUDGED), entries)


def items(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """The items failed most often."""
    return _items(talk, summary, "", talk.words(ITEMS_HEAD))


def section(code: str) -> View:
    """The items of one section."""

    def view(talk: Talk, asked: Asked, summary: Summary) -> Detail:
        return _items(talk, summary, code, talk.words(SECTION_HEAD, code=code, title=section_title(talk, code)))

    return view


@dataclass(frozen=True, slots=True)
class FailedItem:
    """An item with how often it was failed, now and in the period before (percentage points; None: not judged then)."""

    code: str
    judged: Judged
    change: Decimal | None


def failed_items(talk: Talk, summary: Summary, section: str = "") -> list[FailedItem]:
    """Items failed at least once, most often first; of one section all that were judged."""
    now = by_item(talk.connection, summary.area.counted, summary.span)
    before = by_item(talk.connection, summary.area.counted, summary.span_before)
    wanted = [(code, one) for code, one in now.items() if code.startswith(section) and (section or one.failed)]
    wanted.sort(key=lambda found: (-found[1].failed, found[0]))
    return [FailedItem(code, one, _change(one, before.get(code))) for code, one in wanted]


def _change(now: Judged, before: Judged | None) -> Decimal | None:
    if before is None or not before.total or not now.total:
        return None
    shown, earlier = (rounded(Fraction(100 * one.failed, one.total)) for one in (now, before))
    return shown - earlier


def _items(talk: Talk, summary: Summary, section: str, head: str) -> Detail:
    entries = []
    for one in failed_items(talk, summary, section):
        short = label(talk, one.code)
        failed = f"{one.judged.failed}/{one.judged.total}"
        moved = f" ({one.change:+}".replace(".", "," if talk.language == "vi" else ".") + ")" if one.change else ""
        line = talk.words(ITEM_LINE, code=one.code, short=short, failed=failed, change=moved)
        entries.append(Entry(line, f"view:item {one.code}", f"{one.code} {short}"))
    return Detail(head if entries else talk.words(NONE_JUDGED), entries)


def item(code: str) -> View:
    """The findings an item made in the period."""

    def view(talk: Talk, asked: Asked, summary: Summary) -> Detail:
        listed = [one for one in _findings_found(talk, summary) if one.finding.item_code == code]
        head = talk.words(ITEM_HEAD, code=code, short=label(talk, code), count=show_two(len(listed), talk.language))
        return Detail(head, [_finding_entry(talk, one, summary) for one in listed])

    return view


def label(talk: Talk, code: str) -> str:
    """What an item is about; one that the present version no longer has keeps the words of the last that had it."""
    found = checklists.item_named(talk.connection, code, talk.ledger.today)
    return short_label(found.short[0 if talk.language == "vi" else 1], talk.ledger.today.year) if found else ""


def short_label(given: str, year: int) -> str:
    """A label without what only the form needs: the figures to type; of several counts the one that is judged."""
    said = given.replace("{nam}", str(year))
    said = said.partition(":")[0] if ":" in said else said.rpartition(";")[2].strip()
    if said.count("(") > said.count(")"):  # a remark the form needs was cut in two
        said = said.rpartition("(")[0].strip()
    return said[:1].upper() + said[1:]


def section_title(talk: Talk, code: str) -> str:
    """The short name of a section, as the newest checklist has it."""
    latest = checklists.latest(talk.connection, talk.ledger.today)
    found = latest[1].sections.get(code) if latest is not None else None
    return found.short[0 if talk.language == "vi" else 1].partition(" (")[0] if found is not None else code


# --- indicators and trend ---------------------------------------------------------------------------------------------

INDICATORS_HEAD = Phrase("Mười một chỉ tiêu:", "The eleven indicators:")
INDICATOR_LINE = Phrase("{code} {title}: {figure}{against}", "{code} {title}: {figure}{against}")
SIPAS = Phrase("KPI-11 SIPAS {year}: {shown}", "KPI-11 SIPAS {year}: {shown}")
NO_SIPAS = Phrase(
    "KPI-11 SIPAS: chưa nhập. Ví dụ: /chiso SIPAS 2025 31/63",
    "KPI-11 SIPAS: not entered. Example: /index SIPAS 2025 31/63",
)
PLANS_BEHIND = Phrase("Kế hoạch của từng đơn vị", "Plans, unit by unit")
VISITS_BEHIND = Phrase("Các lượt kiểm tra", "The visits")
FINDINGS_BEHIND = Phrase("Các tồn tại, hạn chế", "The findings")
TREND_HEAD = Phrase(
    "Mười hai tháng đến {month}: lượt kiểm tra; điểm bình quân; tồn tại ghi nhận.",
    "Twelve months to {month}: visits; average score; findings made.",
)
TREND_LINE = Phrase(
    "{month}: {visits} lượt; {score}; {found} tồn tại", "{month}: visits {visits}; {score}; findings {found}"
)


def indicators(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """All indicators against target, the period before and the year before."""
    lines = [talk.words(INDICATORS_HEAD)]
    for code, row in summary.rows.items():
        compared = words.against(row, talk.language)
        lines.append(
            talk.words(
                INDICATOR_LINE, code=code, title=words.in_words(words.TITLES[code], talk.language),
                figure=words.figure(row.now, row.indicator, talk.language), against=f"; {compared}" if compared else "",
            )
        )  # fmt: skip
    acts = [
        Entry(talk.words(phrase), f"view:{name}")
        for name, phrase in (
            ("plans_all", PLANS_BEHIND), ("visits", VISITS_BEHIND), ("findings_all", FINDINGS_BEHIND)
        )
    ]  # fmt: skip
    return Detail("\n".join([*lines, _sipas(talk, summary)]), (), [*acts, *counted_acts(talk, "attendance", "desk")])


def _sipas(talk: Talk, summary: Summary) -> str:
    if not summary.rankings:
        return talk.words(NO_SIPAS)
    newest, *older = summary.rankings
    shown = words.ranking(newest, older[0] if older else None, talk.language)
    return talk.words(SIPAS, year=newest.year, shown=shown)


def trend(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Twelve months to the end of the period, a line each."""
    listed = months(talk.connection, summary.area, summary.span)
    lines = [talk.words(TREND_HEAD, month=f"{listed[-1].first.month}/{listed[-1].first.year}")]
    lines += [
        talk.words(
            TREND_LINE, month=f"{one.first.month:02d}/{one.first.year}", visits=show_two(one.visits, talk.language),
            score=words.average(one.tenths, one.scored, talk.language), found=show_two(one.found, talk.language),
        )
        for one in listed
    ]  # fmt: skip
    return Detail("\n".join(lines))


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
