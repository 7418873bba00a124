"""The visits of a period, each opening its card, and the units nobody has visited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.summary import words
from bot.summary.asked import Asked
from bot.summary.authorities import authorities_act
from bot.summary.lists import Detail, Entry
from bot.talk import Talk
from inspection.figures import show_day, show_two
from inspection.phrases import Phrase, say
from inspection.words import sort_key
from inspection.working_days import LOCAL
from storage.reports import records
from storage.reports.counts import UnitCounts
from storage.reports.summary import Summary

VISITS_HEAD = {
    "surprise": Phrase(
        "Kiểm tra đột xuất: {visits} lượt tại {units} đơn vị.", "Surprise visits: {visits}; units: {units}."
    ),
    "combined": Phrase(
        "Kiểm tra lồng ghép: {visits} lượt tại {units} đơn vị.", "Combined visits: {visits}; units: {units}."
    ),
}
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
    return _of_form(talk, summary, "surprise")


def combined(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """Behind KPI-04b: the combined visits."""
    return _of_form(talk, summary, "combined")


def _of_form(talk: Talk, summary: Summary, form: str) -> Detail:
    listed = records.visits_of(talk.connection, summary.area.counted, summary.span, form)
    counts = summary.counts
    head = talk.words(
        VISITS_HEAD[form], visits=show_two(len(listed), talk.language),
        units=show_two(len(counts.visited(form)), talk.language),
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
