"""What an invented visit recorded: everything in order, except what the history says was not.

Every value follows from the unit and the day, so that a sample loaded twice is the same sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from inspection.checklist import Checklist, Item

Value = dict[str, Any]
_RULES_DAY = date(2025, 7, 15)


@dataclass(frozen=True, slots=True)
class Scene:
    """The unit as the team found it. staff: people employed; plan: number and day of the year's plan, if issued."""

    staff: int
    on: date
    plan: tuple[str, date] | None
    random: Random


def recorded(checklist: Checklist, scene: Scene, failed: Mapping[str, str]) -> dict[str, Value]:
    """Values by item code; `failed`: the items not in order, each with its lettered reasons ("" for none)."""
    usual = _usual(scene)
    values: dict[str, Value] = {}
    for item in checklist.items.values():
        if item.applies_to == "has_prior":
            continue
        good = usual.get(item.code) or _plain(item, passed=True)
        values[item.code] = _bad(item, good) if item.code in failed else good
    _follow(values, scene)
    return values


def _usual(scene: Scene) -> dict[str, Value]:
    """A day on which everything is as it should be."""
    present = scene.staff - scene.random.choice([0, 1, 2])
    away = scene.staff - present
    year = scene.on.year
    number, issued = scene.plan or ("", None)
    files, tasks = scene.random.randint(180, 1400), scene.random.randint(18, 60)
    running = scene.random.randint(2, 8)
    return {
        "A01": {"so_ky_hieu": number, "ngay_ban_hanh": issued},
        "A02": {"gia_tri": 0},
        "A04": {"tong": scene.staff, "da_quan_triet": scene.staff},
        "B02": {"so_ky_hieu": f"{scene.random.randint(20, 60)}/QĐ-UBND", "ngay_ban_hanh": _RULES_DAY, "phu_hop": "co"},
        "B03": {"so_ky_hieu": f"{scene.random.randint(14, 40)}/KH-UBND", "ngay_ban_hanh": _plan_day(year)},
        "C01": {"tong": scene.staff, "co_mat": present, "vang_co_ly_do": away, "vang_khong_ly_do": 0},
        "D01": {"tong": present, "deo_the": present},
        "D02": {"tong": present, "dung_quy_dinh": present},
        "E02": {"tong": 5, "hai_long": 5},
        "F01": {"tong": 4, "co_mat": 4},
        "F04": {"gia_tri": files},
        "F06": {"khong_ap_dung": True},
        "F07": {"gia_tri": Decimal(scene.random.choice(["98.2", "98.6", "99.1", "99.4"]))},
        "H02": {"tong": tasks, "dung_han": tasks - running, "tre_han": 0, "qua_han": 0, "trong_han": running},
        "I04": {"noi_dung": "Đơn vị nhất trí với nội dung Biên bản."},
    }  # fmt: skip


def _plain(item: Item, *, passed: bool) -> Value:
    if item.answer_type == "number":
        return {"gia_tri": 0 if passed else 2}
    if item.answer_type == "text":
        return {"noi_dung": ""}
    return {"ket_qua": "dat" if passed else "khong_dat"}


_BAD: Mapping[str, Callable[[Value], Value]] = {
    "A01": lambda good: {"so_ky_hieu": "", "ngay_ban_hanh": None},
    "A04": lambda good: {**good, "da_quan_triet": good["tong"] - 4},
    "B02": lambda good: {**good, "phu_hop": "khong"},
    "B03": lambda good: {"so_ky_hieu": "", "ngay_ban_hanh": None},
    "C01": lambda good: {**good, "co_mat": good["co_mat"] - 1, "vang_khong_ly_do": 1},
    "D01": lambda good: {**good, "deo_the": good["tong"] - 3},
    "D02": lambda good: {**good, "dung_quy_dinh": good["tong"] - 2},
    "E02": lambda good: {"tong": 5, "hai_long": 4},
    "F01": lambda good: {"tong": 4, "co_mat": 3},
    "F06": lambda good: {"gia_tri": 1},
    "F07": lambda good: {"gia_tri": Decimal("96.8")},
    "H02": lambda good: {**good, "dung_han": good["dung_han"] - 1, "qua_han": 1},
}


def _bad(item: Item, good: Value) -> Value:
    return _BAD[item.code](good) if item.code in _BAD else _plain(item, passed=False)


def _follow(values: dict[str, Value], scene: Scene) -> None:
    """What hangs on other answers: nobody absent, no plan, files overdue."""
    if values["C01"]["vang_co_ly_do"] == 0:
        del values["C03"]
    if not values["A01"]["so_ky_hieu"]:
        del values["A02"], values["A03"]
    if values["F05"]["gia_tri"] and "khong_ap_dung" in values["F06"]:
        values["F06"] = {"gia_tri": values["F05"]["gia_tri"]}
    present = values["C01"]["co_mat"]
    for code, worn in (("D01", "deo_the"), ("D02", "dung_quy_dinh")):
        values[code] = {"tong": present, worn: min(values[code][worn], present)}


def _plan_day(year: int) -> date:
    return date(2026, 1, 9) if year == 2026 else date(2025, 7, 18)
