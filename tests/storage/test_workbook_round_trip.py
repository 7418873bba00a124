"""What goes in comes out: a workbook of every type and rule, into an empty database, out, in again, and out again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from inspection.checklist import CHOICES
from storage.database import Database
from storage.workbook import importing
from storage.workbook.faults import letters
from storage.workbook.reading import read_workbook
from storage.workbook.sheets import SHEETS
from storage.workbook.sheets.people import ROLE_WORDS
from storage.workbook.sheets.units import KINDS
from storage.workbook.template import write_setup
from storage.workbook.writing import write_workbook
from tests.storage.workbook_cases import TODAY, planned

Rows = list[dict[str, Any]]

# Real syllables: letters at random look like an old encoding now and then, and are refused rightly.
SYLLABLES = (
    *("xã", "Điềm", "He", "phường", "Kỳ", "Lừa", "hòa", "hoà", "quý", "thuỷ", "người", "Ê-đê", "“mã”", "&", "<b>"),
    *("1.247", "98,6%", "00123", "=1+1", "@SUM", "+84", "-5", "{gia_tri}"),
)
SENTENCE = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6).map(" ".join)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
HOURS = st.times().map(lambda at: f"{at.hour:02d}:{at.minute:02d}")


@st.composite
def units(draw: st.DrawFn) -> Rows:
    keys = draw(st.lists(st.from_regex(r"[A-Z]{1,4}-[0-9]{1,4}", fullmatch=True), min_size=1, max_size=8, unique=True))
    found: Rows = []
    for place, key in enumerate(keys):
        kind = draw(st.sampled_from([kind for kind in KINDS if KINDS[kind] in ("department", "office", "centre")]))
        found.append(
            {
                "key": key,
                "name": draw(SENTENCE),
                "kind": kind,
                "parent": draw(st.sampled_from(["", *keys[:place]])),
                "code": f"9{place:03d}",
                "one_stop": draw(st.sampled_from(["có", "không"])),
                "staff_total": draw(st.none() | st.integers(0, 999)),
                "valid_from": date(2025, 7, 1),
                "valid_to": draw(st.none() | st.dates(date(2026, 12, 1), date(2030, 1, 1))),
                "former": draw(st.just("") | SENTENCE),
            }
        )
    return sorted(found, key=lambda row: str(row["key"]))


@st.composite
def staff(draw: st.DrawFn, unit_keys: list[str]) -> Rows:
    found: Rows = []
    free = draw(st.permutations(unit_keys))  # a unit has one head
    for number in range(draw(st.integers(0, 6))):
        words = draw(st.lists(st.sampled_from(list(ROLE_WORDS)), min_size=1, max_size=3, unique=True))
        at = draw(st.sampled_from(unit_keys)) if number >= len(free) else free[number]
        if number >= len(free):
            words = [word for word in words if ROLE_WORDS[word] != "unit-head"] or ["trưởng đoàn"]
        since = draw(DAYS)
        found.append(
            {
                "key": f"NV-{number:03d}",
                "name": draw(SENTENCE),
                "title": draw(st.just("") | SENTENCE),
                "roles": "; ".join(sorted(words, key=lambda word: ROLE_WORDS[word])),
                "unit": at,
                "since": since,
                "until": draw(st.none() | st.just(since + timedelta(days=draw(st.integers(0, 900))))),
                "language": draw(st.sampled_from(["Tiếng Việt", "Tiếng Anh"])),
            }
        )
    return found


# A rule for every column of logic, by answer type: each reads what its type gives.
OF_TYPE: dict[str, dict[str, str]] = {
    "pass_fail_na": {
        "na_allowed": "có",
        "reasons_vi": "a) chưa có\nb) đã cũ | Bảng đã cũ",
        "reasons_en": "a) none\nb) outdated | The board is outdated",
        "example": "đạt",
    },
    "number": {
        "pass_if": "${gia_tri} = 0",
        "score": "if(${gia_tri} = 0, 1, 0.5)",
        "critical_if": "${gia_tri} > 100",
        "caps": "Yếu",
        "default": "gia_tri := 0",
        "default_words_vi": "không có",
        "default_words_en": "none",
        "warn": "${gia_tri} < 1000",
        "warn_vi": "{gia_tri} là số lớn",
        "warn_en": "{gia_tri} is a big number",
        "example": "0",
    },
    "count": {
        "fields": "tong;co_mat;thoi_diem?",
        "pass_if": "${tong} = ${co_mat}",
        "check": "${tong} > 0\n${co_mat} <= ${tong}",
        "check_vi": "tổng phải lớn hơn 0\n{co_mat} lớn hơn {tong}",
        "check_en": "the total is above 0\n{co_mat} is above {tong}",
        "derive": "vang := ${tong} - ${co_mat}",
        "finding_vi": "Có {vang}/{tong} người vắng",
        "finding_en": "{vang} of {tong} were absent",
        "example": "25 25",
    },
    "doc_ref": {
        "fields": "so_ky_hieu;ngay_ban_hanh;phu_hop",
        "pass_if": "${so_ky_hieu} != '' and ${phu_hop} = 'co'",
        "system": "han",
        "variants_vi": "${so_ky_hieu} = '' | Chưa ban hành\n${ngay_ban_hanh} > ${han} | Ban hành chậm",
        "variants_en": "${so_ky_hieu} = '' | Not issued\n${ngay_ban_hanh} > ${han} | Issued late",
        "example": "45/QĐ-UBND 15/7/2025 phù hợp",
    },
    "text": {"asked_at": "khi ký", "weight": "0", "example": "không có"},
    "date": {"pass_if": "${ngay} <= ${ngay_kiem_tra}", "example": "15/7/2025"},
    "one_choice": {
        "options_vi": "tot | tốt\nkem | kém",
        "options_en": "tot | good\nkem | bad",
        "pass_if": "${chon} = 'tot'",
        "example": "1",
    },
    "several_choices": {
        "options_vi": "bang | bảng\nman_hinh | màn hình",
        "options_en": "bang | board\nman_hinh | screen",
        "pass_if": "selected(${chon}, 'bang')",
        "example": "1 2",
    },
    "photo": {"pass_if": "${so_anh} > 0", "photo_rule": "luôn chụp", "example": "không ảnh, mất điện"},
    "place": {"weight": "0", "example": "21 Trần Phú"},
}


@st.composite
def items(draw: st.DrawFn, legal: list[str]) -> Rows:
    labels = {value: label for label, value in _column("checklist", "answer_type").choices.items()}
    kinds = draw(st.permutations(list(CHOICES["answer_type"])))
    found: Rows = []
    for place, kind in enumerate(kinds, start=1):
        rules = OF_TYPE[kind]
        row: dict[str, Any] = {
            "code": f"A{place:02d}",
            "section": draw(st.sampled_from("ABC")),
            "section_vi": "Mục",
            "section_en": "Section",
            "section_short_vi": "Mục ngắn",
            "section_short_en": "Short",
            "order": place,
            "visit_order": place,
            "answer_type": labels[kind],
            "unit": draw(st.sampled_from(["", "người", "%"])),
            "question_vi": draw(SENTENCE),
            "question_en": draw(st.just("") | SENTENCE),
            "short_vi": draw(SENTENCE),
            "short_en": draw(st.just("") | SENTENCE),
            "applies_to": draw(st.sampled_from(list(_column("checklist", "applies_to").choices))),
            "hidden_as": draw(st.sampled_from(list(_column("checklist", "hidden_as").choices))),
            "weight": draw(st.sampled_from([1, 5, 2.5])),
            "photo_rule": draw(st.sampled_from(list(_column("checklist", "photo_rule").choices))),
            "photo_min": 0,
            "photo_max": draw(st.integers(1, 10)),
            "photo_subject_vi": draw(st.just("") | SENTENCE),
            "photo_subject_en": draw(st.just("") | SENTENCE),
            "note_on_fail": draw(st.sampled_from(["", "có"])),
            "negative": draw(st.sampled_from(["", "có"])),
            "finding_vi": draw(SENTENCE),
            "finding_en": draw(st.just("") | SENTENCE),
            "remedy_working_days": draw(st.integers(0, 30)),
            "legal_bases": ";".join(draw(st.lists(st.sampled_from(legal), unique=True))),
            "hint_vi": draw(SENTENCE),
            "hint_en": draw(st.just("") | SENTENCE),
        } | rules
        if place > 1:
            row["show_if"] = draw(st.sampled_from(["", "${ngay_kiem_tra} > ${ngay_kiem_tra}", "${nam} >= 2026"]))
            row["na_if"] = draw(st.sampled_from(["", "${nam} < 2020"]))
            row["repeats"] = draw(st.sampled_from(["", "có"]))
        found.append(row)
    return found


@st.composite
def content(draw: st.DrawFn) -> dict[str, Rows]:
    keys = draw(units())
    legal = ["ct-26", "nd-118"]
    shifts = draw(st.lists(st.tuples(HOURS, HOURS).filter(lambda pair: pair[0] < pair[1]), max_size=1))
    days = sorted(draw(st.lists(DAYS, unique=True, max_size=5)))
    return {
        "units": keys,
        "people": draw(staff([row["key"] for row in keys])),
        "sets": [
            {
                "code": "bo-mau",
                "version": draw(st.integers(1, 9)),
                "title_vi": "Bộ mẫu",
                "title_en": "Sample set",
                "valid_from": draw(DAYS),
            }
        ],
        "checklist": draw(items(legal)),
        "legal": [
            {
                "key": key,
                "title": draw(SENTENCE),
                "valid_from": draw(st.none() | DAYS),
                "superseded_by": draw(st.sampled_from(["", *legal])),
            }
            for key in legal
        ],
        "hours": [
            {
                "unit": keys[0]["key"],
                "weekday": day,
                "start": start,
                "end": end,
                "since": date(2025, 7, 1),
                "until": draw(st.none() | st.just(date(2025, 12, 31))),
            }
            for start, end in shifts
            for day in ("Thứ Hai", "Chủ nhật")
        ],
        "holidays": [
            {"day": day, "kind": draw(st.sampled_from(["Nghỉ", "Làm bù"])), "source": draw(st.just("") | SENTENCE)}
            for day in days
        ],
    }


def _column(sheet: str, name: str) -> Any:
    return next(one for one in SHEETS if one.name == sheet).column(name)


class _Undone(Exception):
    """Carries what was seen out of a transaction that leaves nothing behind."""

    def __init__(self, seen: Any) -> None:
        self.seen = seen


def in_an_empty_database(database: Database, work: Callable[[Connection], Any]) -> Any:
    def undone(connection: Connection) -> None:
        raise _Undone(work(connection))

    try:
        database.write_now(undone)
    except _Undone as undone_again:
        return undone_again.seen
    raise AssertionError("nothing was undone")


def taken_out(connection: Connection, data: bytes) -> bytes:
    """Import, and what is then written out."""
    plan = planned(connection, data)
    assert [fault.line for fault in plan.faults] == []
    importing.apply(connection, plan)
    target = io.BytesIO()
    write_setup(connection, target, TODAY)
    return target.getvalue()


def cells(data: bytes) -> dict[str, dict[str, Any]]:
    """Every cell that holds something, by sheet and place."""
    return {
        sheet.title: {
            f"{letters(place)}{number}": value
            for number, row in enumerate(sheet.rows, start=1)
            for place, value in enumerate(row)
            if value != ""
        }
        for sheet in read_workbook(data)
    }


def written(rows: dict[str, Rows]) -> bytes:
    target = io.BytesIO()
    write_workbook(target, rows)
    return target.getvalue()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=content())
def test_what_goes_in_comes_out(database: Database, rows: dict[str, Rows]) -> None:
    given_ = written(rows)
    once = in_an_empty_database(database, lambda connection: taken_out(connection, given_))
    twice = in_an_empty_database(database, lambda connection: taken_out(connection, once))
    assert cells(twice) == cells(once)
    told, kept = cells(given_), cells(once)
    for title in ("Đơn vị", "Nhân sự", "Nội dung kiểm tra", "Căn cứ pháp lý", "Ngày nghỉ", "Bộ nội dung"):
        assert kept[title] == told[title]
    assert sorted(map(str, kept["Giờ làm việc"].values())) == sorted(map(str, told["Giờ làm việc"].values()))


def test_every_type_has_its_rules_here() -> None:
    assert set(OF_TYPE) == set(CHOICES["answer_type"])


@settings(max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(rows=items(["ct-26"]))
def test_every_column_of_the_checklist_is_filled_here(rows: Rows) -> None:
    columns = {column.name for column in next(one for one in SHEETS if one.name == "checklist").columns}
    assert columns - {name for row in rows for name in row} == {"of"}  # only where a workbook has several checklists


CALLED = {"Tỉnh, thành phố": "tỉnh", "Huyện": "huyện", "Xã": "xã", "Phường": "phường", "Thị trấn": "thị trấn"}


def place(n: int) -> dict[str, Any]:
    """The n-th unit of a province: every kind below the first, four below each."""
    kind = list(KINDS)[0 if n == 0 else 1 + n % 7]
    return {
        "key": f"D-{n:02d}",
        "name": f"{CALLED.get(kind, 'Cơ quan')} Mẫu {n}",
        "kind": kind,
        "parent": "" if n == 0 else f"D-{(n - 1) // 4:02d}",
        "code": f"9{n:03d}",
        "one_stop": "có" if n % 3 == 0 else "không",
        "staff_total": n,
        "valid_from": date(2025, 7, 1),
        "valid_to": None,
        "former": f"xã Cũ {n}" if n % 5 == 0 else "",
    }


def somebody(n: int, role: str) -> dict[str, Any]:
    """The n-th person, in one role."""
    return {
        "key": f"NV-{n:03d}",
        "name": f"Người Mẫu {n}",
        "title": "Chuyên viên" if n % 2 else "",
        "roles": role,
        "unit": f"D-{n % 65:02d}",
        "since": date(2025, 7, 1),
        "until": date(2026, 12, 31) if n % 7 == 1 else None,
        "language": "Tiếng Anh" if n % 9 == 0 else "Tiếng Việt",
    }


def province() -> dict[str, Rows]:
    """65 units of every kind in a tree, 100 people of every role."""
    words = list(ROLE_WORDS)
    people = [somebody(n, "thủ trưởng" if n < 65 else words[n % 2]) for n in range(99)]
    return {"units": [place(n) for n in range(65)], "people": [*people, somebody(130, "quản trị")]}


@settings(
    max_examples=1,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=content())
def test_a_whole_province_goes_in_and_comes_out(database: Database, rows: dict[str, Rows]) -> None:
    whole = rows | province() | {"hours": []}
    assert (len(whole["units"]), len(whole["people"])) == (65, 100)
    given_ = written(whole)
    once = cells(in_an_empty_database(database, lambda connection: taken_out(connection, given_)))
    told = cells(given_)
    for title in ("Đơn vị", "Nhân sự", "Nội dung kiểm tra", "Căn cứ pháp lý", "Ngày nghỉ", "Bộ nội dung"):
        assert once[title] == told[title]
