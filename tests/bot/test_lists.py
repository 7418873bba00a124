"""Lists that a chat message can hold: pages, and what is worked off from the top."""

from __future__ import annotations

import pytest

from bot.commands.lists import SIZE, first_of, page_of


@pytest.mark.parametrize(
    ("length", "number", "first", "last"),
    [(0, 0, None, True), (10, 0, 1, True), (11, 1, 11, True), (25, 1, 11, False), (25, 9, 21, True)],
)
def test_numbers_go_on_from_page_to_page(length: int, number: int, first: int | None, last: bool) -> None:
    page = page_of(range(length), number)
    assert (page.numbered[0][0] if page.numbered else None) == first
    assert page.last is last


@pytest.mark.parametrize(
    ("length", "told"), [(SIZE, []), (SIZE + 25, ["Còn 25 mục nữa, hiện ra khi đã trả lời các mục trên."])]
)
def test_what_is_worked_off_from_the_top_tells_of_the_rest(length: int, told: list[str]) -> None:
    shown, more = first_of(range(length), "vi")
    assert list(shown) == list(range(SIZE))
    assert more == told
