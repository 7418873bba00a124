"""Everybody in the sample is invented; the same unit always gets the same head, whoever loads it and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from uuid import NAMESPACE_URL, uuid5

from storage.people import NewPerson
from storage.units import NewUnit

SINCE = date(2025, 7, 1)

ADMINISTRATOR = "Vi Thị Mỹ Hạnh"
TEAM_HEAD = "Đinh Thị Ngân"
SECRETARY = "Lương Thị Thảo"
INSPECTOR = "Nông Văn Thịnh"

# Who works for the whole province: name, title, roles held there.
PROVINCE: Sequence[tuple[str, str, tuple[str, ...]]] = (
    (ADMINISTRATOR, "Phó Trưởng phòng Xây dựng chính quyền, Sở Nội vụ", ("admin",)),
    (TEAM_HEAD, "Phó Giám đốc Sở Nội vụ", ("team-head", "inspector")),
    (SECRETARY, "Chuyên viên Phòng Xây dựng chính quyền, Sở Nội vụ", ("inspector",)),
    (INSPECTOR, "Chuyên viên chính Sở Nội vụ", ("inspector",)),
    ("Hứa Văn Lâm", "Chuyên viên Sở Nội vụ", ("inspector",)),
    ("Lý Thị Duyên", "Chuyên viên Văn phòng Ủy ban nhân dân tỉnh", ("inspector",)),
    ("Mông Văn Quyền", "Chuyên viên Sở Tư pháp", ("inspector",)),
    ("Bế Thị Hoài", "Chuyên viên Sở Khoa học và Công nghệ", ("inspector",)),
)
# Heads who appear by name in the guided tour.
NAMED_HEADS = {"xã Điềm He": "Hoàng Văn Bình", "xã Tân Đoàn": "Triệu Văn Khôi"}

_FAMILY = (
    "Nông",
    "Hoàng",
    "Lương",
    "Vi",
    "Triệu",
    "Lý",
    "Đinh",
    "Hứa",
    "Chu",
    "Bế",
    "Mông",
    "Lành",
    "Dương",
    "Hà",
    "Đàm",
    "Lộc",
)
_MEN = ("Văn", "Đức", "Quang", "Minh", "Công", "Ngọc", "Thế")
_WOMEN = ("Thị", "Thị Thu", "Thị Kim", "Thị Ngọc", "Thúy")
_MEN_GIVEN = (
    "Thành",
    "Tuyên",
    "Hiệp",
    "Dũng",
    "Toàn",
    "Sơn",
    "Chiến",
    "Tùng",
    "Lợi",
    "Cường",
    "Đạt",
    "Phúc",
    "Kiên",
    "Hưng",
    "Giang",
    "Thắng",
)
_WOMEN_GIVEN = ("Hương", "Loan", "Nhung", "Yến", "Thủy", "Hằng", "Mai", "Liên", "Quyên", "Bích", "Hà", "Vân")


def sample_id(kind: str, name: str) -> str:
    """The id a thing of the sample always has."""
    return uuid5(NAMESPACE_URL, f"kycuong:sample/{kind}/{name}").hex


def everybody(units: Sequence[NewUnit]) -> list[NewPerson]:
    """The people of the sample: those who work for the whole province, then a head for each commune and ward."""
    top = next(unit.id for unit in units if unit.kind == "province")
    staff = [
        NewPerson(sample_id("person", name), name, SINCE, title, roles=tuple((role, top) for role in roles))
        for name, title, roles in PROVINCE
    ]
    taken = {name for name, _, _ in PROVINCE} | set(NAMED_HEADS.values())
    return staff + [_head(unit, taken) for unit in units if unit.kind in ("commune", "ward")]


def _head(unit: NewUnit, taken: set[str]) -> NewPerson:
    name = NAMED_HEADS.get(unit.name) or _invented(unit.name, taken)
    taken.add(name)
    title = f"Chủ tịch Ủy ban nhân dân {unit.name}"
    return NewPerson(sample_id("head", unit.name), name, SINCE, title, roles=(("unit-head", unit.id),))


def _invented(seed: str, taken: set[str]) -> str:
    random = Random(seed)  # noqa: S311  names, not secrets
    while True:
        middle, given = random.choice(((_MEN, _MEN_GIVEN), (_MEN, _MEN_GIVEN), (_WOMEN, _WOMEN_GIVEN)))
        name = f"{random.choice(_FAMILY)} {random.choice(middle)} {random.choice(given)}"
        if name not in taken:
            return name
