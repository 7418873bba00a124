"""The first page: a sentence to read aloud, six numbered lines that open their details, and where to go from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.commands.lists import no_number
from bot.summary import words
from bot.summary.asked import Asked, continuing, named, time_of, tops
from bot.summary.lists import BACK, ONLY_BACK_FROM
from bot.talk import Talk
from inspection.figures import show_day, show_two
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.shown import number
from inspection.words import sort_key
from storage import units
from storage.reports.counts import FEW, STANDINGS
from storage.reports.summary import Summary

HEAD = Phrase(
    "TỔNG HỢP KỶ LUẬT, KỶ CƯƠNG HÀNH CHÍNH\n{area}, {time}", "SUMMARY OF ADMINISTRATIVE DISCIPLINE\n{area}, {time}"
)
ALOUD = Phrase("Đọc nhanh: {plans}; {visits}; {findings}.", "In short: {plans}; {visits}; {findings}.")
ALOUD_PLANS = Phrase("{done}/{total} đơn vị đã ban hành kế hoạch", "plans issued by units: {done} of {total}")
ALOUD_NO_PLANS = Phrase("chưa giao kế hoạch triển khai", "no plan is owed")
ALOUD_VISITS = Phrase("{count} đơn vị được kiểm tra đột xuất{target}", "units visited by surprise: {count}{target}")
ALOUD_TARGET = Phrase(" (mục tiêu {target})", " (target {target})")
ALOUD_FOUND = Phrase(
    "{total} tồn tại, hạn chế, đã khắc phục {remedied}, quá hạn {overdue}{places}",
    "findings: {total}, remedied {remedied}, overdue {overdue}{places}",
)
ALOUD_OLDER = Phrase(
    "; từ trước kỳ còn {count}, trong đó quá hạn {overdue}",
    "; from before still open {count}, of them overdue {overdue}",
)
PLACES = Phrase(" tại {count} đơn vị", " (units: {count})")
ALOUD_NOTHING = Phrase("không ghi nhận tồn tại, hạn chế", "no findings")
PLANS = Phrase("1. Kế hoạch triển khai{year}: {figure}{left}", "1. Implementation plans{year}: {figure}{left}")
OF_YEAR = Phrase(" năm {year}", " of {year}")  # where a period has parts of several
LEFT = Phrase("; còn {left} đơn vị, trong đó {overdue} quá hạn", "; {left} to come, of them {overdue} overdue")
RULES = Phrase(
    "2. Nội quy: {rules}; quy chế làm việc: {regulation}",
    "2. Internal rules: {rules}; working regulation: {regulation}",
)
CULTURE = Phrase("3. Kế hoạch văn hóa công vụ: {figure}", "3. Public-service culture plans: {figure}")
VISITS = Phrase(
    "4. Kiểm tra đột xuất: {units} đơn vị{target}{before}; tất cả: {visits} lượt tại {places} trên {all} đơn vị{early}",
    "4. Units visited by surprise: {units}{target}{before}; all visits: {visits}; units visited: {places} of {all}{early}",
)
TARGET = Phrase(", mục tiêu năm {target} ({share})", ", target of the year {target} ({share})")
YEAR_BEFORE = Phrase("; cùng kỳ {year}: {count}", "; same time of {year}: {count}")
EARLY = Phrase(", {count} lượt kết thúc sớm", ", ended early: {count}")
FOUND = Phrase(
    "5. Tồn tại, hạn chế: {total}; đã khắc phục {remedied}{share}, trong hạn {within}, quá hạn {overdue}{waiting}{older}",
    "5. Findings: {total}; remedied {remedied}{share}, within time {within}, overdue {overdue}{waiting}{older}",
)
WAITING = Phrase(", chờ thông báo kết luận {count}", ", notice to be sent {count}")
OLDER = Phrase("; còn từ trước kỳ {count}{overdue}", "; open from before {count}{overdue}")
OLDER_OVERDUE = Phrase(", quá hạn {count}", ", overdue {count}")
DESK = Phrase("6. Bộ phận Một cửa: {satisfied}; {late}", "6. One-stop desk: {satisfied}; {late}")
SATISFIED = Phrase("hài lòng {share} (theo {files} hồ sơ)", "satisfied {share} (weighed by files: {files})")
NO_RATING = Phrase("hài lòng: không phát sinh", "satisfied: none")
LATE = Phrase(
    "{late} hồ sơ quá hạn, {apologies} có văn bản xin lỗi",
    "late files: {late}, with an apology: {apologies}",
)
NO_LATE = Phrase("hồ sơ quá hạn: không phát sinh", "late files: none")
FEW_VISITS = Phrase("Dưới 05 lượt kiểm tra, chưa nên so sánh.", "Fewer than 5 visits: do not compare.")
REORGANISED = Phrase(
    "Kỳ này có sắp xếp đơn vị ngày {day}: đơn vị cũ nhập trọn được tính cho đơn vị hiện nay{apart}.",
    "Units were reorganised on {day}: a unit merged wholly counts for its successor{apart}.",
)
APART = Phrase(
    "; {visits} lượt tại {units} đơn vị cũ khác để riêng, không tính ở trên",
    "; visits to other former units are left out above: {visits} (units: {units})",
)
CONTINUED = Phrase(
    "Tính theo {count} đơn vị hiện nay hình thành, trọn hoặc một phần, từ các đơn vị của huyện: {names}.",
    "Counted for the units of today formed wholly or in part from those of the district ({count}): {names}.",
)
CONTINUED_IN_PART = Phrase(
    "Tính theo {count} trong {all} đơn vị hiện nay hình thành từ các đơn vị của huyện, thuộc phạm vi được giao: {names}.",
    "Counted for those in your area ({count} of {all}) of the units of today formed from the district's: {names}.",
)
MENU = Phrase(
    "Gõ số để xem chi tiết; 7. Tài liệu   8. Kỳ khác   9. Đơn vị khác",
    "Type a number for details; 7. Documents   8. Other period   9. Other unit",
)
MORE = Phrase(
    "Xem thêm: gõ chỉ tiêu, xếp hạng, mục, nội dung, xu hướng hoặc việc quá hạn",
    "See also: type indicators, ranking, sections, items, trend or what is overdue",
)
BY_WORD = (  # what `MORE` names, as buttons
    Phrase("Chỉ tiêu", "Indicators"), Phrase("Xếp hạng", "Ranking"), Phrase("Mục", "Sections"),
    Phrase("Nội dung", "Items"), Phrase("Xu hướng", "Trend"), Phrase("Việc quá hạn", "What is overdue"),
)  # fmt: skip
COUNT_OF_MENU = 9


def first_page(talk: Talk, asked: Asked, summary: Summary, unknown: str = "") -> None:
    """The whole page as one prompt; `unknown`: a number typed that it does not have."""
    numbers = [str(n) for n in range(1, COUNT_OF_MENU + 1)]
    text = first_text(talk, asked, summary)
    if unknown:
        text = f"{no_number(talk, unknown, numbers)}\n{text}"
    words_shown = [talk.words(phrase) for phrase in BY_WORD]
    if asked.origin:
        text, words_shown = f"{text}\n{talk.words(ONLY_BACK_FROM)}", [*words_shown, talk.words(BACK)]
    choices = [*(Choice(n, n) for n in numbers), *(Choice(word, word.lower()) for word in words_shown)]
    seen = {"t": talk.ledger.now.isoformat(), "f": figures_of(summary)}
    talk.ask(text, "summary", "first", choices, **replace(asked, seen=seen).focus())


def figures_of(summary: Summary) -> dict[str, Any]:
    """What is compared with the file that is made later: everything it can print, in a form that is kept as JSON."""
    rows, counts = summary.rows, summary.counts
    standings = {
        kind: [sum(one.standing == standing for one in owed) for standing in STANDINGS]
        for kind, owed in counts.owed.items()
    }
    return {
        **{code: [row.now.part, row.now.of] for code, row in rows.items() if row.now is not None},
        "targets": [str(row.target) for row in rows.values()],
        "findings": list(asdict(counts.found).values()),
        "visits": [counts.visits],
        "owed": standings,
        "rankings": [[one.year, one.rank, one.total, str(one.value)] for one in summary.rankings],
    }


def first_text(talk: Talk, asked: Asked, summary: Summary, *, menu: bool = True) -> str:
    """The words of the page; without its menu where it is sent by itself."""
    lines = [
        talk.words(HEAD, area=named(talk, asked), time=time_of(talk, asked)),
        aloud(talk, summary),
        *(lines_of(talk, summary) if menu else unnumbered(lines_of(talk, summary))),
        *_cautions(talk, summary),
        *_continued(talk, asked),
        *([talk.words(MENU), talk.words(MORE)] if menu else []),
    ]
    return "\n".join(lines)


def aloud(talk: Talk, summary: Summary) -> str:
    """The sentence to read aloud."""
    plans, found = summary.rows["KPI-01"].now, summary.counts.found
    said_plans = talk.words(ALOUD_NO_PLANS)
    if plans is not None and plans.arises:
        said_plans = talk.words(ALOUD_PLANS, done=plans.part, total=plans.of)
    row = summary.rows["KPI-04a"]
    aim = talk.words(ALOUD_TARGET, target=words.target(row, talk.language)) if row.target else ""
    said_visits = talk.words(ALOUD_VISITS, count=_two(talk, row.now.part if row.now else 0), target=aim)
    said_found = talk.words(ALOUD_NOTHING)
    if found.total:
        places = talk.words(PLACES, count=_two(talk, found.overdue_units)) if found.overdue else ""
        said_found = talk.words(
            ALOUD_FOUND, total=_two(talk, found.total), remedied=_two(talk, found.remedied),
            overdue=_two(talk, found.overdue), places=places,
        )  # fmt: skip
    if found.older:
        said_found += talk.words(ALOUD_OLDER, count=_two(talk, found.older), overdue=_two(talk, found.older_overdue))
    return talk.words(ALOUD, plans=said_plans, visits=said_visits, findings=said_found)


def lines_of(talk: Talk, summary: Summary) -> list[str]:
    """The six numbered lines."""
    shown = {code: words.figure(row.now, row.indicator, talk.language) for code, row in summary.rows.items()}
    return [
        talk.words(PLANS, year=_year(talk, summary), figure=shown["KPI-01"], left=_left(talk, summary)),
        talk.words(RULES, rules=shown["KPI-03a"], regulation=shown["KPI-03b"]),
        talk.words(CULTURE, figure=shown["KPI-03c"]),
        _visits(talk, summary),
        _found(talk, summary),
        _desk(talk, summary),
    ]


def unnumbered(lines: Sequence[str]) -> list[str]:
    """For a message whose numbers open nothing: what is typed below it belongs to the question asked before."""
    return [f"- {line.partition('. ')[2]}" for line in lines]


def _year(talk: Talk, summary: Summary) -> str:
    """What is owed is owed for a year: of several, for the last one."""
    first, last = summary.span.period.first.year, summary.span.period.last.year
    return talk.words(OF_YEAR, year=last) if first != last else ""


def _left(talk: Talk, summary: Summary) -> str:
    plans = summary.counts.owed["impl_plan"]
    left = [one for one in plans if not one.done]
    overdue = sum(one.standing == "overdue" for one in left)
    return talk.words(LEFT, left=_two(talk, len(left)), overdue=_two(talk, overdue)) if left else ""


def _visits(talk: Talk, summary: Summary) -> str:
    row, counts = summary.rows["KPI-04a"], summary.counts
    count = row.now.part if row.now else 0
    aim = before = ""
    if row.target:
        share = words.share(count, int(row.target), talk.language)
        aim = talk.words(TARGET, target=words.target(row, talk.language), share=share)
    if row.year_before is not None and row.year_before.part:
        year = summary.span.period.first.year - 1
        before = talk.words(YEAR_BEFORE, year=year, count=_two(talk, row.year_before.part))
    ended = sum(one.ended_early for one in counts.units.values())
    return talk.words(
        VISITS, units=_two(talk, count), target=aim, before=before, visits=_two(talk, counts.visits),
        places=_two(talk, len(counts.visited())), all=_two(talk, len(counts.area.units)),
        early=talk.words(EARLY, count=_two(talk, ended)) if ended else "",
    )  # fmt: skip


def _found(talk: Talk, summary: Summary) -> str:
    found = summary.counts.found
    share = words.share(found.remedied, found.total, talk.language)
    return talk.words(
        FOUND, total=_two(talk, found.total), remedied=_two(talk, found.remedied), share=f" ({share})" if share else "",
        within=_two(talk, found.within), overdue=_two(talk, found.overdue),
        waiting=talk.words(WAITING, count=_two(talk, found.unannounced)) if found.unannounced else "",
        older=_older(talk, summary),
    )  # fmt: skip


def _older(talk: Talk, summary: Summary) -> str:
    found = summary.counts.found
    if not found.older:
        return ""
    overdue = talk.words(OLDER_OVERDUE, count=_two(talk, found.older_overdue)) if found.older_overdue else ""
    return talk.words(OLDER, count=_two(talk, found.older), overdue=overdue)


def _desk(talk: Talk, summary: Summary) -> str:
    rated, late = summary.rows["KPI-09"].now, summary.rows["KPI-10"].now
    satisfied, apologies = talk.words(NO_RATING), talk.words(NO_LATE)
    if rated is not None and rated.of:
        share = words.percent(rated.percent() or 0, talk.language)  # type: ignore[arg-type]
        satisfied = talk.words(SATISFIED, share=share, files=number(rated.of, talk.language))
    if late is not None and late.of:
        share = f"{number(late.part, talk.language)}/{number(late.of, talk.language)}"
        apologies = talk.words(LATE, late=_two(talk, late.of), apologies=share)
    return talk.words(DESK, satisfied=satisfied, late=apologies)


def _continued(talk: Talk, asked: Asked) -> list[str]:
    """Which units of today a former district stands for."""
    ids = continuing(talk, asked)
    if not ids:
        return []
    mine = tops(talk, asked)
    known = units.get_many(talk.connection, mine, on=talk.ledger.today)
    names = ", ".join(sorted((one.full_name for one in known.values()), key=sort_key))
    phrase = CONTINUED if len(mine) == len(ids) else CONTINUED_IN_PART
    return [talk.words(phrase, count=_two(talk, len(mine)), all=_two(talk, len(ids)), names=names)]


def _cautions(talk: Talk, summary: Summary) -> list[str]:
    counts, lines = summary.counts, []
    if len(counts.area.units) == 1 and 0 < counts.visits < FEW:
        lines.append(talk.words(FEW_VISITS))
    days = counts.area.reorganised_in(summary.span.period)
    if days:
        left_out = sum(one.visits for one in counts.apart.values())
        apart = talk.words(APART, visits=_two(talk, left_out), units=_two(talk, len(counts.apart))) if left_out else ""
        lines.append(talk.words(REORGANISED, day=", ".join(show_day(day, talk.language) for day in days), apart=apart))
    return lines


def _two(talk: Talk, value: int) -> str:
    return show_two(value, talk.language)
