"""The rows behind the indicators, as sheets of a workbook: what was counted, and the formulas that decide what counts.

In a workbook that holds the data sheets too, what can be read from them is read by a formula; elsewhere the same cell
holds the value itself. What stays as it was counted: which visits lie in the period and which is a unit's last, the
names, the last day by the working calendar, what returned, and the items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, func, or_, select
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from inspection.labels import label
from inspection.periods import months_on
from inspection.working_days import local_date
from storage.checklists import item_named
from storage.export.places import Place, Places
from storage.export.words import FINDINGS, FORMS, GRADES, OBLIGATIONS, VISITS, shown
from storage.reports.authorities import by_authority, mean
from storage.reports.counts import REPEATED_WITHIN, Owed, in_time_of, owed, remedied_on, remedied_since
from storage.reports.summary import Summary
from storage.tables import findings, measures, obligations, results, units, visits
from storage.tallies import COUNTED
from storage.units import full_name

OWED: Final = {
    "impl_plan": "Kế hoạch triển khai",
    "internal_rules": "Nội quy",
    "working_regulation": "Quy chế làm việc",
    "culture_plan": "Kế hoạch văn hóa công vụ",
}
NONE_ARISES: Final = "không phát sinh"
UNKNOWN: Final = "–"  # stands for an authority that is not known: a formula cannot look for nothing
_MEASURES: Final = {
    "briefed": "Đã quán triệt", "staff": "Tổng số người", "absent": "Vắng không lý do", "required": "Phải có mặt",
    "late_files": "Hồ sơ quá hạn", "apologies": "Có văn bản xin lỗi", "satisfied": "Hài lòng × hồ sơ",
    "rated": "Hồ sơ gia quyền",
}  # fmt: skip
_REMEDIED, _OPEN = shown(FINDINGS, "verified"), shown(FINDINGS, "open")


class Header(NamedTuple):
    """What stands over a column, and how wide it is; a hidden one is for the formulas."""

    name: str
    width: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value it has now; form: how it is shown, where the value does not say."""

    text: str
    value: Any
    form: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, its headers, its rows, and a line below them that no filter touches."""

    title: str
    headers: Sequence[Header]
    rows: Sequence[Sequence[Any]]
    foot: Sequence[Any] = field(default=())

    def column(self, header: str) -> str:
        """The cells below a header as a formula of another sheet names them, at least one row of them."""
        letter = _letters(self.headers)[header]
        return f"'{self.title}'!${letter}$2:${letter}${max(2, len(self.rows) + 1)}"


@dataclass(frozen=True, slots=True)
class Source:
    """One row of a data sheet, or what is known of it where the workbook has no such sheet."""

    place: Place | None
    found: Formula | None  # what finds the number of the row
    cell: str  # where that stands

    @classmethod
    def of(cls, place: Place | None, id: str | None, id_cell: str, cell: str) -> Source:
        """The row of an id that stands in a cell; `cell` will tell its number."""
        found = place.row(id, id_cell) if place is not None else None
        return cls(place, Formula(f"={found[0]}", found[1]) if found is not None else None, cell)

    def raw(self, name: str) -> str:
        """A field as part of a formula, "" where there is no data sheet."""
        return self.place.value(name, self.cell) if self.place is not None else ""

    def value(self, name: str, known: Any) -> Any:
        """A field as a cell of its own."""
        if self.found is None:
            return known
        return Formula(f'=IF({self.raw(name)}="","",{self.raw(name)})', "" if known is None else known)


def sheets_of(connection: Connection, summary: Summary, places: Places | None) -> dict[str, Sheet]:
    """All of them by name, in their order."""
    listed = _visits(connection, summary, places)
    return {
        "visits": listed,
        "units": _units(summary, listed),
        "authorities": _authorities(connection, summary, listed),
        "items": _items(connection, summary),
        "findings": _findings(connection, summary, places),
        "owed": _owed(connection, summary, places),
    }


def _letters(headers: Sequence[Header]) -> dict[str, str]:
    return {header.name: xl_col_to_name(place) for place, header in enumerate(headers)}


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


# --- visits ---------------------------------------------------------------------------------------------------------

_VISITS: Final = (
    Header("Đơn vị", 32), Header("Cơ quan kiểm tra", 32), Header("Hình thức", 13), Header("Tình trạng", 14),
    Header("Xong lúc", 17), Header("Điểm", 8), Header("Xếp loại", 12),
    *(Header(name, 12) for name in _MEASURES.values()), Header("Tỷ lệ hài lòng", 12), Header("Được tính", 10),
    Header("Lượt cuối", 10), Header("Lần đầu theo hình thức", 12, hidden=True),
    Header("Lần đầu của cơ quan", 12, hidden=True),
    Header("Mã lượt", 34, hidden=True), Header("Tính cho mã đơn vị", 34, hidden=True),
    Header("Mã cơ quan", 34, hidden=True), Header("Dòng ở Cuộc kiểm tra", 12, hidden=True),
    Header("Dòng ở Số liệu", 12, hidden=True),
)  # fmt: skip


def _visits(connection: Connection, summary: Summary, places: Places | None) -> Sheet:
    area = summary.area
    rows = connection.execute(
        select(visits, *(measures.c[name] for name in _MEASURES), units.c.kind, units.c.name)
        .join(units, units.c.id == visits.c.unit_id)
        .outerjoin(measures, measures.c.visit_id == visits.c.id)
        .where(visits.c.unit_id.in_(area.counted), visits.c.status.in_(COUNTED), summary.span.finished)
        .order_by(visits.c.finished_at, visits.c.id)
    ).all()
    last = {row.unit_id: row.id for row in rows if row.staff is not None}
    own = {unit for unit in last if area.successor[unit] == unit}
    counted = {visit for unit, visit in last.items() if unit in own or area.successor[unit] not in own}
    known = select(units.c.id, units.c.kind, units.c.name).where(units.c.id.in_({row.authority_id for row in rows}))
    names = {row.id: full_name(row.kind, row.name) for row in connection.execute(known)}
    seen: set[tuple[str, ...]] = set()
    told = []
    for place, row in enumerate(rows, start=2):
        unit = area.successor[row.unit_id]
        first = [int(key not in seen) for key in ((row.authority_id, unit, row.form), (row.authority_id, unit))]
        seen |= {(row.authority_id, unit, row.form), (row.authority_id, unit)}
        told.append(_visit(row, place, places, (unit, names.get(row.authority_id, ""), int(row.id in counted), first)))
    return Sheet("Lượt trong kỳ", _VISITS, told)


def _visit(row: Any, place: int, places: Places | None, known: tuple[str, str, int, list[int]]) -> list[Any]:
    """One row; known: the unit it counts for, the authority's name, whether it is the last, whether it is the first."""
    unit, authority, last, first = known
    at = {name: f"${letter}{place}" for name, letter in _letters(_VISITS).items()}
    visit = Source.of(places.of("visits") if places else None, row.id, at["Mã lượt"], at["Dòng ở Cuộc kiểm tra"])
    figures = Source.of(places.of("measures") if places else None, row.id, at["Mã lượt"], at["Dòng ở Số liệu"])
    files, share = at["Hồ sơ gia quyền"], row.satisfied / (10000 * row.rated) if row.rated else ""
    signed = ",".join(f'{at["Tình trạng"]}="{shown(VISITS, status)}"' for status in COUNTED)
    id = visit.raw("authority_id") if visit.found else ""
    return [
        full_name(row.kind, row.name), authority,
        visit.value("form", shown(FORMS, row.form)), visit.value("status", shown(VISITS, row.status)),
        visit.value("finished_at", row.finished_at), visit.value("score", row.score),
        visit.value("grade", shown(GRADES, row.grade) if row.grade else None),
        *(figures.value(name, getattr(row, name)) for name in _MEASURES),
        Formula(f'=IF(N({files})=0,"",{at["Hài lòng × hồ sơ"]}/{files}/10000)', share, "finer"),
        Formula(f"=IF(OR({signed}),1,0)", 1),
        last, *first, row.id, unit,
        Formula(f'=IF({id}="","{UNKNOWN}",{id})', row.authority_id or UNKNOWN) if id else row.authority_id or UNKNOWN,
        visit.found, figures.found,
    ]  # fmt: skip


def _units(summary: Summary, listed: Sheet) -> Sheet:
    """Visits of each unit are counted from the sheet of visits, by the unit they count for."""
    headers = (
        Header("Đơn vị", 34), Header("Lượt kiểm tra", 12), Header("Lượt đột xuất", 12), Header("Lượt lồng ghép", 12),
        Header("Mã đơn vị", 34, hidden=True),
    )  # fmt: skip
    by, form, counted = (listed.column(name) for name in ("Tính cho mã đơn vị", "Hình thức", "Được tính"))
    rows = []
    for place, unit in enumerate(sorted(summary.area.units.values(), key=lambda one: (one.full_name, one.id)), start=2):
        one, here = summary.counts.units.get(unit.id), f"{by},$E{place},{counted},1"
        forms = (
            Formula(f'=COUNTIFS({here},{form},"{shown(FORMS, kind)}")', one.forms[kind] if one else 0)
            for kind in ("surprise", "combined")
        )
        rows.append((unit.full_name, Formula(f"=COUNTIFS({here})", one.visits if one else 0), *forms, unit.id))
    return Sheet("Theo đơn vị", headers, rows)


def _authorities(connection: Connection, summary: Summary, listed: Sheet) -> Sheet:
    """KPI-04 by who sent the team: each unit once for each authority."""
    headers = (
        Header("Cơ quan kiểm tra", 34), Header("Đơn vị được kiểm tra đột xuất", 14),
        Header("Đơn vị được kiểm tra lồng ghép", 14), Header("Đơn vị được kiểm tra, mọi hình thức", 14),
        Header("Mục tiêu năm (đột xuất)", 14), Header("Mã cơ quan", 34, hidden=True),
    )  # fmt: skip
    by, form, counted = (listed.column(name) for name in ("Mã cơ quan", "Hình thức", "Được tính"))
    each, any = listed.column("Lần đầu theo hình thức"), listed.column("Lần đầu của cơ quan")
    known = by_authority(connection, summary)
    rows = []
    for place, one in enumerate(known, start=2):
        here = f"{by},$F{place},{counted},1"
        rows.append(
            (
                one.name or "Chưa rõ cơ quan",
                Formula(f'=COUNTIFS({here},{each},1,{form},"{shown(FORMS, "surprise")}")', one.surprise),
                Formula(f'=COUNTIFS({here},{each},1,{form},"{shown(FORMS, "combined")}")', one.combined),
                Formula(f"=COUNTIFS({here},{any},1)", one.all),
                None if one.target is None else float(one.target), one.id or UNKNOWN,
            )
        )  # fmt: skip
    ids, end, average = f'$F$2:$F${len(rows) + 1},"<>{UNKNOWN}"', len(rows) + 1, mean(known)
    text = f'=IF(COUNTIF({ids})=0,"{NONE_ARISES}",SUMIFS($B$2:$B${end},{ids})/COUNTIF({ids}))'
    foot = ("Bình quân mỗi cơ quan đã biết", Formula(text, NONE_ARISES if average is None else float(average), "mean"))
    return Sheet("Theo cơ quan kiểm tra", headers, rows, foot if rows else ())


def _items(connection: Connection, summary: Summary) -> Sheet:
    def times(outcome: str) -> Any:
        return func.count().filter(results.c.outcome == outcome)

    rows = connection.execute(
        select(results.c.code, times("met"), times("not_met"), times("na"))
        .join(visits, visits.c.id == results.c.visit_id)
        .where(visits.c.unit_id.in_(summary.area.counted), visits.c.status.in_(COUNTED), summary.span.finished)
        .group_by(results.c.code)
        .order_by(results.c.code)
    ).all()
    headers = (
        Header("Mã nội dung", 12), Header("Nội dung", 60), Header("Đạt", 10), Header("Chưa đạt", 10),
        Header("Không áp dụng", 14),
    )  # fmt: skip
    named = {row.code: item_named(connection, row.code, summary.span.day) for row in rows}
    return Sheet(
        "Theo nội dung", headers, [(row[0], label(item) if (item := named[row[0]]) else "", *row[1:]) for row in rows]
    )


# --- findings -------------------------------------------------------------------------------------------------------

_FINDINGS: Final = (
    Header("Số", 14), Header("Đơn vị", 32), Header("Nội dung", 10), Header("Tồn tại", 60), Header("Ngày ghi nhận", 13),
    Header("Thời hạn", 13), Header("Tình trạng", 16), Header("Ngày khắc phục", 13), Header("Trong kỳ", 10),
    Header("Đến hạn trong kỳ", 12), Header("Khắc phục đúng hạn", 12), Header("Tái diễn trong kỳ", 12),
    Header("Đã khắc phục trong 24 tháng", 14), Header("Ngày làm việc cuối của thời hạn", 14),
    Header("Hạn trong kỳ", 10, hidden=True), Header("Ghi nhận trong 24 tháng", 10, hidden=True),
    Header("Khắc phục sau kỳ", 10, hidden=True), Header("Tình trạng hiện nay", 16, hidden=True),
    Header("Mã tồn tại", 34, hidden=True), Header("Mã việc khắc phục", 34, hidden=True),
    Header("Dòng ở Tồn tại", 12, hidden=True), Header("Dòng ở Nhiệm vụ", 12, hidden=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Judged:
    """What of a finding is decided by the period and the calendar, not by its row."""

    day: date
    in_period: int
    due_here: int
    recent: int
    after: int
    repeats: int
    last: date | None
    had_to: int
    in_time: int


def _findings(connection: Connection, summary: Summary, places: Places | None) -> Sheet:
    span, area = summary.span, summary.area
    back = months_on(span.day, -REPEATED_WITHIN)
    closing = visits.alias("closing")
    rows = connection.execute(
        select(
            findings, units.c.kind, units.c.name, obligations.c.id.label("remedy"), obligations.c.issued,
            obligations.c.reported_at, closing.c.finished_at.label("seen_at"),
        )
        .join(units, units.c.id == findings.c.unit_id)
        .outerjoin(obligations, and_(obligations.c.finding_id == findings.c.id, obligations.c.kind == "finding"))
        .outerjoin(closing, closing.c.id == findings.c.closed_by_visit)
        .where(findings.c.unit_id.in_(area.counted), span.found)
        .where(
            or_(
                findings.c.found_on.between(min(back, span.period.first), span.day),
                findings.c.due.between(span.period.first, span.day),
            )
        )
        .order_by(findings.c.number)
    ).all()  # fmt: skip
    since = {row.number for row in remedied_since(connection, area, span)}
    told, seen = [], set[str]()
    for place, row in enumerate(rows, start=2):
        in_period = span.period.first <= row.found_on <= span.day
        due_here = row.due is not None and span.period.first <= row.due <= span.day
        had_to, in_time = in_time_of(row, span.day, summary.calendar) if due_here else (False, False)
        repeats = in_period and row.repeat_of is not None and row.repeat_of not in seen
        if repeats:
            seen.add(row.repeat_of)
        last = summary.calendar.next_working_day(row.due) if row.due is not None else None
        recent, after = back <= row.found_on <= span.day, row.number in since
        judged = _Judged(
            span.day, int(in_period), int(due_here), int(recent), int(after), int(repeats), last, int(had_to),
            int(in_time),
        )  # fmt: skip
        told.append(_finding(row, place, places, judged))
    return Sheet("Tồn tại của kỳ", _FINDINGS, told)


def _finding(row: Any, place: int, places: Places | None, judged: _Judged) -> list[Any]:
    at = {name: f"${letter}{place}" for name, letter in _letters(_FINDINGS).items()}
    found = Source.of(places.of("findings") if places else None, row.id, at["Mã tồn tại"], at["Dòng ở Tồn tại"])
    owed_for = places.of("obligations") if places else None
    remedy = Source.of(owed_for, row.remedy, at["Mã việc khắc phục"], at["Dòng ở Nhiệm vụ"])
    now, done, last = at["Tình trạng hiện nay"], at["Ngày khắc phục"], at["Ngày làm việc cuối của thời hạn"]
    closed = row.status == "verified" and not judged.after
    remedied, due_here = f'{now}="{_REMEDIED}"', f"{at['Hạn trong kỳ']}=1"
    return [
        row.number, full_name(row.kind, row.name), row.item_code, row.sentence, row.found_on,
        found.value("due", row.due),
        Formula(f'=IF({at["Khắc phục sau kỳ"]}=1,"{_OPEN}",{now})', _REMEDIED if closed else _OPEN),
        _remedied_on(row, remedy), judged.in_period,
        Formula(f"=IF({due_here},IF(OR({remedied},{_day(judged.day)}>{last}),1,0),0)", judged.had_to),
        Formula(f'=IF(AND({due_here},{remedied},OR({done}="",{done}<={last})),1,0)', judged.in_time),
        judged.repeats,
        Formula(
            f"=IF(AND({remedied},{at['Khắc phục sau kỳ']}=0,{at['Ghi nhận trong 24 tháng']}=1),1,0)",
            int(closed and bool(judged.recent)),
        ),
        judged.last, judged.due_here, judged.recent, judged.after,
        found.value("status", shown(FINDINGS, row.status)), row.id, row.remedy, found.found, remedy.found,
    ]  # fmt: skip


def _remedied_on(row: Any, remedy: Source) -> Any:
    """The day of the document, else of the report, else of the visit that saw it."""
    known = remedied_on(row)
    if remedy.found is None:
        return known
    issued, reported = remedy.raw("issued"), remedy.raw("reported_at")
    seen = _day(local_date(row.seen_at)) if row.seen_at is not None else '""'
    text = f'=IF({issued}<>"",{issued},IF({reported}<>"",INT({reported}),{seen}))'
    return Formula(text, "" if known is None else known, "day")


# --- what is owed ---------------------------------------------------------------------------------------------------

_OWED: Final = (
    Header("Mã việc", 16), Header("Loại", 24), Header("Đơn vị", 32), Header("Thời hạn", 13), Header("Đánh giá", 24),
    Header("Tình trạng", 20), Header("Ngày văn bản", 13), Header("Thời điểm báo cáo", 17), Header("Hạn ban đầu", 13),
    Header("Được tính", 10), Header("Đã xong", 10), Header("Mã nhiệm vụ", 34, hidden=True),
    Header("Dòng ở Nhiệm vụ", 12, hidden=True),
)  # fmt: skip
_STANDING: Final = {
    "on_time": "đúng hạn", "on_time_by_extension": "đúng thời hạn đã gia hạn", "late": "trễ hạn",
    "overdue": "quá hạn", "within": "trong hạn",
}  # fmt: skip


def _owed(connection: Connection, summary: Summary, places: Places | None) -> Sheet:
    year, day = summary.span.period.last.year, summary.span.day
    listed = [
        (kind, one)
        for kind in summary.counts.owed
        for one in owed(connection, summary.area, kind, year, day, summary.calendar)
    ]
    stored = _stored(connection, summary)
    rows = [
        _matter((OWED[kind], summary.area.units[one.unit_id].full_name, day), one, stored[one.id], place, places)
        for place, (kind, one) in enumerate(listed, start=2)
    ]
    return Sheet("Việc của kỳ", _OWED, rows)


def _stored(connection: Connection, summary: Summary) -> Mapping[str, Any]:
    mine = and_(obligations.c.unit_id.in_(summary.area.counted), obligations.c.kind.in_(list(summary.counts.owed)))
    return {row.id: row for row in connection.execute(select(obligations).where(mine))}


def _matter(known: tuple[str, str, date], one: Owed, stored: Any, place: int, places: Places | None) -> list[Any]:
    """Done by a day as `storage/reports/counts.py` has it; known: the kind and the unit by name, and that day."""
    kind, unit, day = known
    at = {name: f"${letter}{place}" for name, letter in _letters(_OWED).items()}
    row = Source.of(places.of("obligations") if places else None, one.id, at["Mã nhiệm vụ"], at["Dòng ở Nhiệm vụ"])
    state, issued, reported = at["Tình trạng"], at["Ngày văn bản"], at["Thời điểm báo cáo"]
    is_state = {code: f'{state}="{shown(OBLIGATIONS, code)}"' for code in OBLIGATIONS}
    undone = f'OR({is_state["cancelled"]},{is_state["open"]},AND({is_state["returned"]},{issued}=""))'
    on = f'IF({issued}<>"",{issued},IF({reported}<>"",INT({reported}),{at["Hạn ban đầu"]}))'
    return [
        one.code, kind, unit, row.value("due", one.due), _STANDING[one.standing],
        row.value("state", shown(OBLIGATIONS, stored.state)), row.value("issued", stored.issued),
        row.value("reported_at", stored.reported_at), row.value("original_due", stored.original_due),
        Formula(f"=IF({is_state['cancelled']},0,1)", 1),
        Formula(f"=IF({undone},0,IF({on}<={_day(day)},1,0))", int(one.done)),
        one.id, row.found,
    ]  # fmt: skip
