"""A year of invented visits whose results the rules themselves computed; the numbers below are all that is made up.

2026: 28 visits, 14 of them surprise, 37 findings of which 29 are remedied, 5 within time, 3 overdue on 04/8/2026.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from storage.sample.photos import paper

DECISIONS: Mapping[int, tuple[str, date]] = {  # by which the team of a year goes out
    2025: ("98/QĐ-SNV", date(2025, 7, 14)),
    2026: ("05/QĐ-SNV", date(2026, 1, 8)),
}


@dataclass(frozen=True, slots=True)
class Demanded:
    """What a directive asks of every commune, and who has not done it; `symbol`: of the documents that do it."""

    kind: str
    subject: str
    directive: str
    due: date
    symbol: str = "QĐ"
    missing: Sequence[str] = ()


PLAN_DUE = date(2026, 2, 6)
PLAN = Demanded(
    "impl_plan",
    "Kế hoạch kỷ luật, kỷ cương",
    "Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh",
    PLAN_DUE,
)
_RULES = "Văn bản số 21/UBND-NC ngày 23/02/2026 của Ủy ban nhân dân tỉnh"
OTHERS: Sequence[Demanded] = (
    Demanded("internal_rules", "Nội quy cơ quan", _RULES, date(2026, 3, 31)),
    Demanded("working_regulation", "Quy chế làm việc", _RULES, date(2026, 3, 31)),
    Demanded(
        "culture_plan", "Kế hoạch văn hóa công vụ", "Văn bản số 47/UBND-NC ngày 15/4/2026 của Ủy ban nhân dân tỉnh",
        date(2026, 5, 29), "KH", ("xã Yên Phúc", "xã Khuất Xá"),
    ),
)  # fmt: skip
PLAN_MISSING = ("xã Yên Phúc", "xã Tri Lễ", "xã Khánh Khê", "xã Điềm He")
# Who issued the plan after the due day, and when.
PLAN_LATE: Mapping[str, date] = {
    "xã Quý Hòa": date(2026, 2, 9),
    "xã Thiện Long": date(2026, 2, 10),
    "xã Hội Hoan": date(2026, 2, 11),
    "xã Công Sơn": date(2026, 2, 13),
    "xã Hữu Liên": date(2026, 2, 24),
    "xã Lợi Bác": date(2026, 2, 26),
    "xã Kiên Mộc": date(2026, 3, 3),
}
PLAN_OF_TAN_DOAN = ("12/KH-UBND", date(2026, 2, 6))
FIRST_CODE_FOR = ("xã Điềm He", 147)  # the code by which the guided tour knows this unit's plan


@dataclass(frozen=True, slots=True)
class Past:
    """One visit: what was not in order (item: lettered reasons), and the findings not remedied yet (item: due day).

    pictures: item to (scene, words), drawn when the sample is loaded.
    """

    unit: str
    on: date
    form: str = "surprise"
    failed: Mapping[str, str] = field(default_factory=dict)
    unremedied: Mapping[str, date] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, Sequence[str]]] = field(default_factory=dict)
    staff: int = 0  # 0: as the unit is known


def _past(  # noqa: PLR0913  one line of the table below
    unit: str, month: int, day: int, failed: str = "", *, year: int = 2026, form: str = "surprise"
) -> Past:
    """`failed` as a list: "B01a F02b H03"."""
    reasons = {word[:3]: word[3:] for word in failed.split()}
    return Past(unit, date(year, month, day), form, reasons)


_OLD_NOTICES = ("notices", ("NIÊM YẾT THỦ TỤC HÀNH CHÍNH", "Năm 2023", "Hộ tịch", "Năm 2022"))
_BARE_DOOR: tuple[str, Sequence[str]] = ("door", ())
_OLD_SCHEDULE = ("board", ("LỊCH TIẾP CÔNG DÂN", "Tuần từ 04/5 đến 08/5/2026", "Thứ Ba: Chủ tịch UBND xã"))

PASTS: Sequence[Past] = (
    # --- 2025 ---------------------------------------------------------------------------------------------------
    _past("phường Đông Kinh", 8, 12, "B04b", year=2025),
    _past("xã Thất Khê", 8, 20, "F02b", year=2025),
    _past("xã Bắc Sơn", 8, 27, "D01 G02b", year=2025),
    _past("xã Hữu Lũng", 9, 9, "C02a", year=2025),
    _past("xã Bình Gia", 9, 16, "B01a A05", year=2025, form="combined"),
    _past("xã Đình Lập", 9, 24, "", year=2025),
    _past("xã Na Sầm", 10, 2, "F05 H01", year=2025, form="combined"),
    _past("xã Chi Lăng", 10, 9, "D04b", year=2025),
    _past("xã Cao Lộc", 10, 15, "", year=2025, form="combined"),
    _past("xã Vũ Lễ", 10, 23, "E02", year=2025),
    _past("phường Kỳ Lừa", 11, 4, "C04a", year=2025),
    Past(
        "xã Tân Đoàn",
        date(2025, 11, 12),
        failed={"B03": "", "C02": "a", "D02": "", "F02": "b", "G02": "a", "G05": "", "H04": ""},  # 83,5
        unremedied={"G02": date(2026, 8, 28)},
        pictures={
            "F02": _OLD_NOTICES,
            "G02": _BARE_DOOR,
            "B01": (
                "board",
                ("NỘI QUY CƠ QUAN", "1. Chấp hành thời giờ làm việc.", "2. Đeo thẻ khi thực hiện nhiệm vụ."),
            ),
        },
        staff=25,
    ),
    _past("xã Na Dương", 11, 19, "B02", year=2025),
    _past("xã Nhân Lý", 11, 26, "", year=2025, form="combined"),
    _past("xã Vân Nham", 12, 3, "F03a", year=2025),
    _past("xã Hưng Vũ", 12, 10, "D02", year=2025, form="combined"),
    _past("xã Quốc Khánh", 12, 18, "G04a", year=2025),
    # --- the first half of 2026: ten findings -------------------------------------------------------------------------
    _past("xã Lộc Bình", 1, 14, "H03", form="combined"),
    _past("xã Thống Nhất", 1, 22, "", form="combined"),
    _past("xã Đồng Đăng", 2, 25, "C02b D01"),
    _past("xã Hoàng Văn Thụ", 3, 4, ""),
    _past("xã Tuấn Sơn", 3, 11, "B04b", form="combined"),
    _past("xã Tân Tri", 3, 18, "", form="combined"),
    _past("xã Hoa Thám", 3, 26, "A05"),
    _past("xã Mẫu Sơn", 4, 8, "G02b", form="combined"),
    _past("xã Bằng Mạc", 4, 15, ""),
    _past("xã Kháng Chiến", 4, 22, "F05", form="combined"),
    _past("phường Tam Thanh", 5, 6, "", form="combined"),
    _past("xã Xuân Dương", 5, 14, "E02"),
    _past("xã Ba Sơn", 5, 21, "", form="combined"),
    _past("xã Vạn Linh", 6, 3, "B01b", form="combined"),
    _past("xã Thiện Thuật", 6, 11, "", form="combined"),
    _past("xã Nhất Hòa", 6, 24, "D04b", form="combined"),
    # --- July 2026: twenty-seven findings -----------------------------------------------------------------------
    Past(
        "xã Yên Phúc",
        date(2026, 7, 2),
        failed={"A01": "", "F02": "b", "G02": "b"},
        unremedied={"A01": date(2026, 8, 28), "F02": date(2026, 7, 24)},
        pictures={"F02": _OLD_NOTICES},
    ),
    Past(
        "xã Tri Lễ",
        date(2026, 7, 8),
        failed={"A01": "", "B04": "b", "D01": ""},
        unremedied={"A01": date(2026, 8, 28), "B04": date(2026, 7, 30)},
        pictures={"B04": _OLD_SCHEDULE},
    ),
    _past("xã Cai Kinh", 7, 9, "B03 C02a H01", form="combined"),
    Past(
        "xã Khánh Khê",
        date(2026, 7, 10),
        failed={"A01": "", "G02": "a", "H03": ""},
        unremedied={"A01": date(2026, 8, 28), "G02": date(2026, 8, 3)},
        pictures={"G02": _BARE_DOOR},
    ),
    _past("xã Thái Bình", 7, 14, "A05 D01 F03b"),
    _past("xã Quan Sơn", 7, 16, "B04a G01a"),
    _past("xã Văn Lãng", 7, 17, "E02 H02", form="combined"),
    _past("xã Vũ Lăng", 7, 21, "C02a C04b"),
    _past("xã Đoàn Kết", 7, 23, "D02 F05"),
    _past("xã Yên Bình", 7, 24, "G02b", form="combined"),
    Past(
        "xã Khuất Xá",
        date(2026, 7, 28),
        failed={"B01": "a", "D04": "b"},
        unremedied={"B01": date(2026, 8, 14)},
        pictures={"D04": ("sign", ("NƠI ĐỂ XE", "Không thu phí"))},
    ),
    Past(
        "xã Tràng Định",
        date(2026, 7, 30),
        failed={"F02": "b"},
        unremedied={"F02": date(2026, 8, 18)},
        pictures={
            "F02": _OLD_NOTICES,
            "A01": (
                "paper",
                paper(
                    ("ỦY BAN NHÂN DÂN", "XÃ TRÀNG ĐỊNH"),
                    "10/KH-UBND",
                    "Tràng Định, ngày 05 tháng 02 năm 2026",
                    "KẾ HOẠCH",
                    ("về thực hiện kỷ luật, kỷ cương hành chính", "năm 2026"),
                ),
            ),
        },
    ),
)
