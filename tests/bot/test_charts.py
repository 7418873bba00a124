"""Pictures are drawn whatever is in the data, at one width; what people typed stays text."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from bot.documents.chart import Bar, Chart, Column, HeatRow, chart_png

NASTY = (
    '#eval("1")',
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "*bold* $x$ <60> @a",
    "\u202egnùđ \u2066x",
    "N\u0303guye\u0302\u0303n",
)
LONG = "Ủy ban nhân dân xã Nguyễn Thị Minh Khai mở rộng phía Đông Bắc"


def drawn(chart: Chart) -> Image.Image:
    picture = Image.open(BytesIO(chart_png(chart.order())))
    assert picture.format == "PNG"
    assert picture.width == 1080
    return picture.convert("RGB")


def bars(*rows: Bar) -> Chart:
    return Chart("bars", "Chỉ tiêu", "tỉnh Mẫu", rows)


@pytest.mark.parametrize("nasty", [*NASTY, LONG])
def test_what_was_typed_is_drawn_as_it_is(nasty: str) -> None:
    drawn(bars(Bar(nasty, nasty, 50, 100, True, nasty)))
    drawn(Chart("heat", nasty, nasty, [HeatRow(nasty, (50, None), ("1/2", ""))], columns=("A", "B"), note=nasty))


def test_what_cannot_be_seen_changes_nothing() -> None:
    plain, marked = (drawn(bars(Bar(label, "1", 50))) for label in ("xã Điềm He", "xã \u202eĐiềm\u200b He\u2069"))
    assert ImageChops.difference(plain, marked).getbbox() is None


def test_letters_typed_apart_are_drawn_together() -> None:
    whole, apart = (drawn(bars(Bar(label, "1", 50))) for label in ("Điềm", "Đie\u0302\u0300m"))
    assert ImageChops.difference(whole, apart).getbbox() is None


def test_falling_short_is_not_said_by_colour_alone() -> None:
    """In grey the two still differ: one bar is hatched."""
    good, weak = (drawn(bars(Bar("x", "1", 100, short=short))).convert("L") for short in (False, True))
    bar = (60, 190, 1000, 200)
    assert len(set(good.crop(bar).tobytes())) < 4 < len(set(weak.crop(bar).tobytes()))


def test_only_the_weak_part_of_a_bar_is_hatched() -> None:
    grey = drawn(bars(Bar("x", "6", 100, weak=100 / 3))).convert("L")
    assert len(set(grey.crop((60, 190, 340, 200)).tobytes())) > 4
    assert len(set(grey.crop((420, 190, 1000, 200)).tobytes())) < 4


def test_a_weak_cell_is_framed_on_all_sides() -> None:
    """Whatever stands beside and below it."""
    row = HeatRow("x", (50, 100), ("1/2", "2/2"))
    picture = drawn(Chart("heat", "x", "x", [row, row], columns=("A", "B")))
    dark = picture.convert("L").point(lambda light: 255 * (light < 60))
    across = [y for y in range(picture.height) if sum(dark.crop((0, y, 1080, y + 1)).tobytes()) > 255 * 70]
    down = [x for x in range(1080) if sum(dark.crop((x, 120, x + 1, picture.height)).tobytes()) > 255 * 60]
    assert len({y // 8 for y in across}) >= 3
    assert max(down) - min(down) > 60


def test_a_longer_bar_is_longer() -> None:
    def inked(value: float | None) -> int:
        picture = drawn(bars(Bar("x", "1", value)))
        return sum(times for times, pixel in picture.getcolors(1 << 20) or () if pixel == (31, 111, 139))

    assert inked(None) == inked(0) == 0
    assert 1.9 < inked(80) / inked(40) < 2.1
    assert inked(140) == inked(100)


@pytest.mark.parametrize(
    "rows",
    [[Column("1/26", 0, None, "…")], [Column(f"{n}/26", n % 3, None if n % 2 else 88.5, "88,5") for n in range(12)]],
)
def test_months_with_and_without_visits(rows: list[Column]) -> None:
    drawn(Chart("months", "Mười hai tháng", "tỉnh Mẫu", rows, legend=("điểm", "lượt"), note="x"))
