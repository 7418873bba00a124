"""An earlier finding keeps the day it is due by; what is said of it is what was seen on the spot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from inspection.found import findings_lines, still_open_of
from inspection.visit import Answer, PriorFinding, Status, Visit
from inspection.walk import Rules, Walk
from storage.builtin import builtin_checklist
from tests.inspection.visits import FAILED, ON

AT = datetime(2026, 8, 4, 1, tzinfo=UTC)
VISIT = Visit("v", "u", "UBND xã Tân Đoàn", 1, Status.IN_PROGRESS, AT, ON, "p")


@pytest.mark.parametrize(
    ("letter", "due", "line", "sentence"),
    [
        ("b", date(2026, 8, 28), "(thời hạn đã giao 28/8/2026)", "đã khắc phục nhưng tái diễn"),
        ("a", date(2026, 8, 28), "(thời hạn đã giao 28/8/2026)", "chưa được khắc phục"),
        ("a", date(2026, 8, 3), "(đã quá thời hạn 03/8/2026, khắc phục ngay)", "chưa được khắc phục"),
        ("b", None, "(thời hạn theo thông báo kết luận kỳ trước)", "đã khắc phục nhưng tái diễn"),
    ],
)
def test_an_earlier_finding_is_told_as_it_was_found(letter: str, due: date | None, line: str, sentence: str) -> None:
    prior = PriorFinding("TT-2025-017", "Thiếu biển tên.", "G02", date(2025, 11, 12), due)
    answer = Answer(FAILED, "p", AT, (letter,))
    walk = Walk(replace(VISIT, priors=(prior,), answers={"I03.1": answer}), Rules(builtin_checklist()), "vi")
    assert findings_lines(walk) == [f"I03 Tồn tại TT-2025-017 {sentence} {line}"]
    (open_one,) = still_open_of(walk)
    assert open_one.sentence == f"Tồn tại TT-2025-017 {sentence}: Thiếu biển tên"
    assert open_one.overdue is (due == date(2026, 8, 3))
