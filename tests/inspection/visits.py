"""The visit of 04/8/2026 to a one-stop commune with one earlier finding, as answered in the reference conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from inspection.scoring import Facts, Prior

MET = {"ket_qua": "dat"}
FAILED = {"ket_qua": "khong_dat"}
NONE_EXISTS = {"so_ky_hieu": "", "ngay_ban_hanh": None}
NOT_APPLICABLE = {"khong_ap_dung": True}
ON = date(2026, 8, 4)


def number(value: Any) -> dict[str, Any]:
    return {"gia_tri": value}


def document(symbol: str, issued: date, **more: str) -> dict[str, Any]:
    return {"so_ky_hieu": symbol, "ngay_ban_hanh": issued, **more}


def count(**values: int) -> dict[str, Any]:
    return dict(values)


ANSWERS: dict[str, Mapping[str, Any]] = {
    **dict.fromkeys(
        ["A03", "B01", "C03", "D04", "E01", "F02", "F03", "G01", "G02", "G03", "G04", "G05", "H01", "H04", "I03.1"], MET
    ),
    **dict.fromkeys(["A05", "B04"], FAILED),
    **dict.fromkeys(["A02", "C04", "D03", "E03", "F05", "H03"], number(0)),
    "A01": document("12/KH-UBND", date(2026, 2, 6)),
    "A04": count(tong=25, da_quan_triet=25),
    "B02": document("45/QĐ-UBND", date(2025, 7, 15), phu_hop="co"),
    "B03": NONE_EXISTS,
    "C01": count(tong=25, co_mat=23, vang_co_ly_do=2, vang_khong_ly_do=0),
    "C02": number(2),
    "D01": count(tong=23, deo_the=23),
    "D02": count(tong=23, dung_quy_dinh=23),
    "E02": count(tong=5, hai_long=5),
    "F01": count(tong=4, co_mat=4),
    "F04": number(1247),
    "F06": NOT_APPLICABLE,
    "F07": number(Decimal("98.6")),
    "H02": count(tong=40, dung_han=33, tre_han=2, qua_han=0, trong_han=5),
    "I01": count(tong=3, da_khac_phuc=2, trong_han=1, qua_han=0),
    "I02": document("88/BC-UBND", date(2025, 12, 18)),
    "I04": {"noi_dung": "Không có"},
}
SYSTEM: dict[str, Any] = {
    "A02.han": date(2026, 2, 6),
    "I01.tong": 3,
    "I01.da_khac_phuc": 2,
    "I01.trong_han": 1,
    "I01.qua_han": 0,
    "I02.han": date(2025, 12, 12),
}
PRIORS = (Prior("G02", False, "TT-2025-017", "thiếu biển tên phòng làm việc"),)


def facts(changed: Mapping[str, Mapping[str, Any] | None] | None = None, **more: Any) -> Facts:
    """The visit with some answers changed; None takes one away."""
    answers = {**ANSWERS, **(changed or {})}
    given: dict[str, Any] = {"on": ON, "one_stop": True, "priors": PRIORS, "system": SYSTEM, **more}
    return Facts(answers={key: value for key, value in answers.items() if value is not None}, **given)
