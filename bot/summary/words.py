"""Figures in words: a count beside every rate, "không phát sinh" where there is nothing to divide by."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from inspection.figures import show_day, show_number, show_two
from inspection.periods import Period
from inspection.phrases import Phrase
from inspection.shown import in_language, number
from storage.external_indices import Ranking
from storage.reports.indicators import PLACE, Figure, Indicator, rounded
from storage.reports.summary import Row

NOT_ENTERED = Phrase("chưa nhập", "not entered")
RANKING = Phrase("xếp {rank}/{total}{value}", "rank {rank}/{total}{value}")
RANKING_BEFORE = Phrase("; năm {year}: {rank}/{total}", "; in {year}: {rank}/{total}")
WEIGHED = Phrase("{share} ({files} hồ sơ)", "{share} (files: {files})")
NONE_ARISES = Phrase("không phát sinh", "none")
TITLES = {
    "KPI-01": Phrase("Kế hoạch triển khai đã ban hành", "Implementation plans issued"),
    "KPI-02": Phrase("Đã quán triệt", "Staff briefed"),
    "KPI-03a": Phrase("Nội quy", "Internal rules"),
    "KPI-03b": Phrase("Quy chế làm việc", "Working regulation"),
    "KPI-03c": Phrase("Kế hoạch văn hóa công vụ", "Public-service culture plan"),
    "KPI-04a": Phrase("Đơn vị được kiểm tra đột xuất", "Units visited by surprise"),
    "KPI-04b": Phrase("Đơn vị được kiểm tra lồng ghép", "Units visited in combined inspections"),
    "KPI-05": Phrase("Bao phủ kiểm tra", "Coverage"),
    "KPI-06": Phrase("Khắc phục đúng hạn", "Remedied in time"),
    "KPI-07": Phrase("Tồn tại tái diễn", "Findings repeated"),
    "KPI-08": Phrase("Vắng không lý do", "Absent without reason"),
    "KPI-09": Phrase("Hài lòng tại Một cửa", "Satisfied at the one-stop desk"),
    "KPI-10": Phrase("Hồ sơ quá hạn có văn bản xin lỗi", "Late files with an apology"),
    "KPI-11": Phrase("Chỉ số SIPAS", "SIPAS index"),
}
SIGNS = {"at_least": "", "above": ">", "at_most": "", "below": "<"}
POINTS = Phrase("điểm %", "points")
REACHED = {True: Phrase("đạt", "reached"), False: Phrase("chưa đạt", "short")}
TARGET = Phrase("mục tiêu {target}", "target {target}")
PLACE_TARGET = Phrase("tốt hơn {place}", "better than {place}")
BEFORE = Phrase("kỳ trước {figure}{change}", "before {figure}{change}")
YEAR_BEFORE = Phrase("cùng kỳ năm trước {figure}{change}", "a year earlier {figure}{change}")


def in_words(phrase: Phrase, language: str) -> str:
    """A phrase that takes no values."""
    return phrase.vi if language == "vi" else phrase.en


def percent(value: Decimal, language: str) -> str:
    """ "93,8%", "100%": a whole number stands without decimals only at 0 and 100."""
    shown = value.quantize(Decimal(1)) if value in (0, 100) else value
    return in_language(f"{shown:f}".replace(".", ","), language) + "%"


def figure(one: Figure | None, indicator: Indicator, language: str) -> str:
    """ "61/65 (93,8%)", "98,6% (12.480 hồ sơ)" for what is weighed, "14", or that nothing arises."""
    if one is None or not one.arises:
        return in_words(NONE_ARISES, language)
    if one.of is None:
        return show_two(one.part, language)
    share = percent(one.percent(indicator.places) or Decimal(0), language)
    if one.scale != 1:
        return in_words(WEIGHED, language).format(share=share, files=number(one.of, language))
    return f"{number(one.part, language)}/{number(one.of, language)} ({share})"


def ranking(one: Ranking, before: Ranking | None, language: str) -> str:
    """ "xếp 31/63 (84,2%); năm 2024: 33/63": the place of a year, and the one before it where that is known."""
    value = f" ({percent(one.value.normalize(), language)})" if one.value is not None else ""
    shown = in_words(RANKING, language).format(rank=one.rank, total=one.total, value=value)
    if before is None:
        return shown
    return shown + in_words(RANKING_BEFORE, language).format(year=before.year, rank=before.rank, total=before.total)


def share(part: int, whole: int, language: str) -> str:
    """ "93,8%", "" where there is nothing to divide by."""
    found = Figure(part, whole).percent()
    return percent(found, language) if found is not None else ""


def target(row: Row, language: str) -> str:
    """ "100%", ">98%", "20"; "" where there is none."""
    if row.target is None:
        return ""
    if row.indicator.unit == "count":
        return show_two(int(row.target), language)
    return SIGNS[row.indicator.aim] + percent(row.target.normalize(), language)


def aim(row: Row, language: str) -> str:
    """ "mục tiêu 100%, chưa đạt"; "" without a target."""
    if row.target is None:
        return ""
    reached = row.indicator.met(row.now, row.target) if row.now is not None else None
    said = f", {in_words(REACHED[reached], language)}" if reached is not None else ""
    return in_words(TARGET, language).format(target=target(row, language)) + said


def change(row: Row, before: Figure | None, language: str) -> str:
    """ " (+2,4 điểm %)", " (+03)"; "" where either did not arise."""
    moved = row.indicator.change(row.now, before)
    if moved is None:
        return ""
    sign = "+" if moved > 0 else "-" if moved < 0 else "="
    if moved == 0:
        return " (=)"
    size = in_language(show_number(abs(moved)), language)
    unit = f" {in_words(POINTS, language)}" if row.indicator.unit == "share" else ""
    return f" ({sign}{size}{unit})"


def against(row: Row, language: str, *, alike: bool) -> str:
    """ "mục tiêu 100%, chưa đạt; kỳ trước 40/60 (66,7%) (+27,1 điểm %)". alike: both periods before are the same."""
    parts = [aim(row, language)] if row.target is not None else []
    compared = [(YEAR_BEFORE, row.year_before)] if alike else [(BEFORE, row.before), (YEAR_BEFORE, row.year_before)]
    for phrase, before in compared:
        if before is not None and before.arises:
            shown = figure(before, row.indicator, language)
            moved = change(row, before, language)
            parts.append(in_words(phrase, language).format(figure=shown, change=moved))
    return "; ".join(parts)


def span(period: Period, language: str) -> str:
    """ "01/4/2026-04/5/2026"."""
    return f"{show_day(period.first, language)}-{show_day(period.last, language)}"


def place_met(one: Ranking) -> bool:
    """Whether a place is better than the one to be bettered, whatever the number of those compared."""
    rank, of = PLACE
    return Fraction(one.rank, one.total) < Fraction(rank, of)


def place_aim(one: Ranking, language: str) -> str:
    """ "mục tiêu tốt hơn 31/63, đạt"."""
    shown = in_words(PLACE_TARGET, language).format(place="/".join(map(str, PLACE)))
    return f"{in_words(TARGET, language).format(target=shown)}, {in_words(REACHED[place_met(one)], language)}"


def average(tenths: int, count: int, language: str) -> str:
    """An average of points with one decimal, half up; "…" without a score."""
    if not count:
        return "…"
    from_fraction = rounded(Figure(tenths, count, 10).exact or 0)  # type: ignore[arg-type]
    return in_language(f"{from_fraction:f}".replace(".", ","), language)
