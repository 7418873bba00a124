"""What an item is called in a ranking or a workbook: no prompt's remark, no figure to fill in."""

from __future__ import annotations

import pytest

from inspection.checklist import Checklist
from inspection.labels import label
from storage.builtin import builtin_checklist


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return builtin_checklist()


@pytest.mark.parametrize(
    ("code", "vietnamese", "english"),
    [
        ("A01", "Kế hoạch kỷ luật, kỷ cương năm 2026", "Discipline plan for 2026"),
        ("A02", "Số ngày làm việc ban hành chậm", "Working days late"),
        ("B02", "Quy chế làm việc", "Working regulation"),
        ("D01", "Số có mặt; số đeo thẻ", "Present; wearing badges"),
        ("E02", "Số công dân được hỏi; số hài lòng", "Citizens asked; satisfied"),
        ("F03", "05 hồ sơ rút ngẫu nhiên: đủ giấy hẹn, đã cập nhật", "5 random files: receipts given, in the system"),
        ("H02", "Nhiệm vụ cấp trên giao trong kỳ", "Tasks assigned from above"),
        ("I01", "Tồn tại, hạn chế của các kỳ kiểm tra trước", "Earlier findings"),
        ("I03", "Tồn tại", "Finding"),
    ],
)
def test_labels(checklist: Checklist, code: str, vietnamese: str, english: str) -> None:
    item = checklist.items[code]
    assert (label(item, "vi", 2026), label(item, "en", 2026)) == (vietnamese, english)


def test_without_a_year_none_is_said_and_nothing_is_left_to_fill_in(checklist: Checklist) -> None:
    assert label(checklist.items["A01"]) == "Kế hoạch kỷ luật, kỷ cương"
    assert label(checklist.items["B03"], "en") == "Culture plan"
    assert not [code for code, item in checklist.items.items() if "{" in label(item) or "(" in label(item)]
