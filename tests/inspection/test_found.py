"""An earlier finding keeps the day it is due by; what is said of it is what was seen on the spot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from inspection.found import findings_lines, findings_of, still_open_of
from inspection.visit import Answer, PriorFinding, Status, Visit
from inspection.walk import Rules, Walk
from storage.builtin import builtin_checklist
from tests.inspection.visits import FAILED, ON

AT = datetime(2026, 8, 4, 1, tzinfo=UTC)
VISIT = Visit("v", "u", "UBND xã Tân Đoàn", 1, Status.IN_PROGRESS, AT, ON, "p")


AGAIN, NOT_YET = "đã khắc phục nhưng tái diễn", "đến nay còn chưa khắc phục xong"
PRIOR = PriorFinding("TT-2025-017", "Thiếu biển tên.", "G02", date(2025, 11, 12), date(2026, 8, 28))


def walk_of(prior: PriorFinding, letter: str = "b", **more: Any) -> Walk:
    answers = {"I03.1": Answer(FAILED, "p", AT, (letter,))} | more.pop("answers", {})
    return Walk(replace(VISIT, priors=(prior,), answers=answers, **more), Rules(builtin_checklist()), "vi")


@pytest.mark.parametrize(
    ("letter", "remedied", "due", "line", "sentence"),
    [
        ("b", True, date(2026, 8, 28), "(thời hạn đã giao 28/8/2026)", AGAIN),
        ("b", False, date(2026, 8, 28), "(thời hạn đã giao 28/8/2026)", NOT_YET),
        ("a", False, date(2026, 8, 3), "(đã quá thời hạn 03/8/2026, khắc phục ngay)", NOT_YET),
        ("a", True, date(2026, 8, 28), "(thời hạn đã giao 28/8/2026)", "chưa được khắc phục"),
        ("b", True, None, "(thời hạn theo thông báo kết luận kỳ trước)", AGAIN),
    ],
)
def test_an_earlier_finding_is_told_as_it_was_found(
    letter: str, remedied: bool, due: date | None, line: str, sentence: str
) -> None:
    walk = walk_of(replace(PRIOR, due=due, remedied=remedied), letter)
    assert findings_lines(walk) == [f"I03 Tồn tại TT-2025-017 {sentence} {line}"]
    (open_one,) = still_open_of(walk)
    assert open_one.sentence == f"Tồn tại TT-2025-017 {sentence}: Thiếu biển tên"
    assert open_one.overdue is (due == date(2026, 8, 3))


def test_one_fault_is_told_once_by_the_finding_that_repeats_it() -> None:
    again = {"G02": Answer(FAILED, "p", AT)}
    walk = walk_of(PRIOR, answers=again, earlier={"G02": "TT-2025-017"})
    assert [found.repeat_of for found in findings_of(walk)] == ["TT-2025-017"]
    assert list(still_open_of(walk)) == []
    (line,) = findings_lines(walk)
    assert line.startswith("G02 ")
    assert line.endswith("; tái diễn TT-2025-017")
    other = walk_of(PRIOR, answers=again, earlier={"G02": "TT-2026-002"})  # a newer one: the old one has no other line
    assert [one.key for one in still_open_of(other)] == ["I03.1"]
