"""Photos of the sample are drawn, never taken: no person, no real office, and each says that it is an illustration.

The same scene, words and seed give the same bytes, so that a sample loaded twice is the same sample.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1600, 1200
_FONTS = Path(__file__).parent / "fonts"
_INK = "#1d2430"
_RED, _BLUE, _GOLD, _WHITE = "#b3201f", "#1f4f8f", "#f3c64b", "#fbfaf5"
Colour = str | tuple[int, int, int]
Box = tuple[int, int, int, int]
Words = Sequence[str]


def draw(scene: str, words: Words, seed: int) -> bytes:
    """A JPEG of WIDTH x HEIGHT pixels. scene: a key of SCENES; words: what is written on the sign, line by line."""
    random = Random(seed)  # noqa: S311  pictures, not secrets
    wall = random.choice([(226, 218, 196), (205, 219, 214), (233, 228, 218), (214, 221, 232), (228, 212, 186)])
    image = Image.new("RGB", (WIDTH, HEIGHT), wall)
    SCENES[scene](ImageDraw.Draw(image), words, random)
    ImageDraw.Draw(image).text((WIDTH - 80, HEIGHT - 70), "Ảnh minh họa", "#6b6b6b", _sans(26), "rs")
    taken = _as_taken(image, random)
    held = io.BytesIO()
    taken.save(held, "JPEG", quality=80)
    return held.getvalue()


def write_all(folder: Path) -> list[Path]:
    """One picture of each kind an inspector could send, as files to be picked on a simulated phone."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (name, (scene, words)) in enumerate(SAMPLES.items()):
        path = folder / f"{name}.jpg"
        path.write_bytes(draw(scene, words, number))
        paths.append(path)
    return paths


def paper(issuer: Words, symbol: str, dated: str, kind: str, subject: Words) -> tuple[str, ...]:
    """The words of the first page of a document, in the order the scene "paper" expects them."""
    return (" ".join(issuer), symbol, dated, kind, *subject)


# --- scenes -----------------------------------------------------------------------------------------------------


def _board(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """A framed board on a wall: a title, then numbered lines."""
    _floor(pen)
    box = (260, 130, 1340, 960)
    pen.rectangle(_grown(box, 22), fill="#7a5532")
    pen.rectangle(box, fill=random.choice(["#fdfbf2", "#eef4fb", "#fff6f2"]))
    _centred(pen, 800, 220, words[0], _fitting(words[0], 64, 980), _RED)
    pen.line((600, 270, 1000, 270), fill=_RED, width=4)
    for row, line in enumerate(words[1:]):
        pen.text((310, 320 + row * 82), line, _INK, _fitting(line, 38, 980))


def _notices(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """A glass case with many posted sheets."""
    _floor(pen)
    pen.rectangle((150, 110, 1450, 960), fill="#5b6770")
    pen.rectangle((180, 220, 1420, 930), fill="#20623f")
    _centred(pen, 800, 165, words[0], _fitting(words[0], 52, 1200), _WHITE)
    for place in range(8):
        x, y = 215 + place % 4 * 302, 250 + place // 4 * 345
        pen.rectangle((x, y, x + 265, y + 315), fill=random.choice([_WHITE, "#f2efe4", "#f7f3d8"]))
        title = words[1 + place % max(1, len(words) - 1)]
        _centred(pen, x + 132, y + 34, title, _fitting(title, 24, 245), _BLUE)
        _scribble(pen, (x + 22, y + 70, x + 243, y + 300), random)


def _door(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """An office door; the plate beside it carries the words, and without words there is none."""
    _floor(pen)
    pen.rectangle((520, 150, 1080, 1010), fill="#6d4526")
    pen.rectangle((545, 175, 1055, 1010), fill=random.choice(["#9a6a3c", "#a9825a", "#7f8a93"]))
    for top in (215, 600):
        pen.rectangle((600, top, 1000, top + 330), outline="#5a3a1f", width=8)
    pen.ellipse((985, 590, 1030, 635), fill="#d9c27a")
    if words:
        pen.rectangle((1130, 330, 1560, 560), fill=_BLUE, outline="#d8dee6", width=8)
        for row, line in enumerate(words):
            _centred(pen, 1345, 385 + row * 62, line, _fitting(line, 42, 390), _WHITE)
    else:
        for x, y in ((1160, 350), (1520, 350), (1160, 540), (1520, 540)):
            pen.ellipse((x, y, x + 12, y + 12), fill="#8f8676")


def _paper(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """The first page of an administrative document on a table."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#8a6a4a")
    for y in range(0, HEIGHT, 34):
        pen.line((0, y, WIDTH, y + random.randint(-14, 14)), fill="#7d5f41", width=3)
    pen.rectangle((330, 30, 1270, 1200), fill="#fcfcf8")
    issuer, symbol, dated, kind, *subject = words
    _centred(pen, 530, 100, issuer, _fitting(issuer, 24, 330), _INK)
    _centred(pen, 960, 100, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", _fitting("C" * 34, 24, 520), _INK)
    _centred(pen, 960, 136, "Độc lập - Tự do - Hạnh phúc", _serif(25), _INK)
    pen.line((470, 122, 590, 122), fill=_INK, width=2)
    pen.line((800, 156, 1120, 156), fill=_INK, width=2)
    _centred(pen, 530, 190, f"Số: {symbol}", _serif(28), _INK)
    _centred(pen, 960, 190, dated, _fitting(dated, 26, 520, _serif), _INK)
    _centred(pen, 800, 280, kind, _sans(38), _INK)
    for row, line in enumerate(subject):
        _centred(pen, 800, 330 + row * 40, line, _fitting(line, 30, 860), _INK)
    _scribble(pen, (400, 350 + len(subject) * 40, 1200, 1170), random)


def _counter(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """The one-stop desk, with its chairs empty."""
    _floor(pen)
    pen.rectangle((100, 80, 1500, 230), fill=_RED)
    _centred(pen, 800, 155, words[0], _fitting(words[0], 62, 1340), _GOLD)
    pen.rectangle((60, 640, 1540, 990), fill="#b98a58")
    pen.rectangle((40, 610, 1560, 660), fill="#d9b98a")
    for place, line in enumerate(words[1:5]):
        x = 130 + place * 350
        pen.rectangle((x + 30, 430, x + 230, 560), fill="#22272c")
        pen.rectangle((x + 42, 442, x + 218, 548), fill=random.choice(["#5e87b0", "#79a3a0", "#6b7fa6"]))
        pen.rectangle((x + 115, 560, x + 145, 612), fill="#22272c")
        pen.rectangle((x, 700, x + 260, 780), fill=_WHITE)
        _centred(pen, x + 130, 740, line, _fitting(line, 30, 240), _BLUE)
        pen.rounded_rectangle((x + 60, 900, x + 200, 1060), 18, fill="#2f4f73")


def _gate(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """The front of the office: a flag, the name over the entrance."""
    pen.rectangle((0, 0, WIDTH, 800), fill=random.choice(["#a9cbe8", "#c4d8e4", "#b9c7d3"]))
    pen.polygon(
        [(0, 560), (300, 330), (640, 560), (980, 300), (1340, 560), (1600, 420), (1600, 800), (0, 800)], "#6f8f6b"
    )
    pen.rectangle((0, 800, WIDTH, HEIGHT), fill="#b9b3a4")
    pen.rectangle((250, 430, 1350, 960), fill="#e7d9a8")
    pen.rectangle((220, 390, 1380, 450), fill="#a4472f")
    pen.rectangle((330, 480, 1270, 620), fill=_RED)
    for row, line in enumerate(words[:2]):
        _centred(pen, 800, 520 + row * 60, line, _fitting(line, 50, 900), _GOLD)
    for x in (340, 560, 960, 1180):
        pen.rectangle((x, 690, x + 120, 860), fill="#57707f")
    pen.rectangle((720, 680, 880, 960), fill="#6b4a2c")
    pen.line((160, 960, 160, 150), fill="#d0d4d8", width=12)
    pen.rectangle((166, 160, 420, 330), fill="#d8241f")
    _star(pen, 293, 245, 58)


def _sign(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """A plate with a few words, beside a window."""
    _floor(pen)
    pen.rectangle((90, 180, 520, 800), fill="#f5f5f2")
    for x in (110, 320):
        pen.rectangle((x, 200, x + 180, 780), fill=random.choice(["#9fc2d8", "#b6d0c4"]))
    pen.rectangle((640, 280, 1480, 780), fill=_WHITE, outline=_RED, width=16)
    for row, line in enumerate(words):
        _centred(pen, 1060, 400 + row * 110, line, _fitting(line, 84, 760), _RED if row == 0 else _INK)


def _room(pen: ImageDraw.ImageDraw, words: Words, random: Random) -> None:
    """A tidy office: shelves, desks, a plate on the wall."""
    _floor(pen)
    pen.rectangle((90, 220, 620, 900), fill="#7d5a38")
    for shelf in range(4):
        y = 245 + shelf * 163
        pen.rectangle((110, y, 600, y + 140), fill="#5b3f26")
        for book in range(10):
            x = 118 + book * 48
            colour = random.choice(["#31597f", "#8d3030", "#3b6e4a", "#c2a33f", "#d9d4c4"])
            pen.rectangle((x, y + 20, x + 42, y + 138), fill=colour)
    pen.rectangle((720, 700, 1500, 760), fill="#c19a6b")
    for x in (750, 1430):
        pen.rectangle((x, 760, x + 40, 1020), fill="#94703f")
    pen.rectangle((980, 500, 1240, 670), fill="#23272b")
    pen.rectangle((1090, 670, 1130, 702), fill="#23272b")
    pen.rectangle((780, 655, 930, 700), fill=_WHITE)
    pen.rectangle((760, 200, 1480, 380), fill=_WHITE, outline="#8b8b8b", width=5)
    for row, line in enumerate(words[:2]):
        _centred(pen, 1120, 255 + row * 70, line, _fitting(line, 46, 680), _BLUE)


SCENES: Mapping[str, Callable[[ImageDraw.ImageDraw, Words, Random], None]] = {
    "board": _board,
    "notices": _notices,
    "door": _door,
    "paper": _paper,
    "counter": _counter,
    "gate": _gate,
    "sign": _sign,
    "room": _room,
}

_TITLE = ("về thực hiện kỷ luật, kỷ cương hành chính", "năm 2026")
_ISSUER = ("ỦY BAN NHÂN DÂN", "XÃ TÂN ĐOÀN")
SAMPLES: Mapping[str, tuple[str, Words]] = {
    "a01-ke-hoach": ("paper", paper(_ISSUER, "12/KH-UBND", "Tân Đoàn, ngày 06 tháng 02 năm 2026", "KẾ HOẠCH", _TITLE)),
    "a04-hoi-nghi-quan-triet": (
        "paper",
        paper(
            _ISSUER,
            "08/BB-UBND",
            "Tân Đoàn, ngày 12 tháng 02 năm 2026",
            "BIÊN BẢN",
            ("Hội nghị quán triệt văn bản", "25/25 người dự"),
        ),
    ),
    "b01-noi-quy": (
        "board",
        (
            "NỘI QUY CƠ QUAN",
            "1. Chấp hành thời giờ làm việc.",
            "2. Đeo thẻ khi thực hiện nhiệm vụ.",
            "3. Không hút thuốc trong phòng làm việc.",
            "4. Giữ gìn vệ sinh, tài sản công.",
            "5. Hòa nhã, đúng mực với công dân.",
        ),
    ),
    "b02-quy-che": (
        "paper",
        paper(
            _ISSUER, "45/QĐ-UBND", "Tân Đoàn, ngày 15 tháng 7 năm 2025", "QUYẾT ĐỊNH", ("Ban hành Quy chế làm việc",)
        ),
    ),
    "b03-van-hoa-cong-vu": (
        "paper",
        paper(
            _ISSUER,
            "19/KH-UBND",
            "Tân Đoàn, ngày 27 tháng 02 năm 2026",
            "KẾ HOẠCH",
            ("Thực hiện văn hóa công vụ", "năm 2026"),
        ),
    ),
    "b04-lich-tiep-cong-dan": (
        "board",
        (
            "LỊCH TIẾP CÔNG DÂN",
            "Thứ Ba: Chủ tịch UBND xã",
            "Thứ Năm: Phó Chủ tịch UBND xã",
            "Sáng: 07:30 - 11:30",
            "Chiều: 13:00 - 17:00",
            "Tuần từ 03/8 đến 07/8/2026",
        ),
    ),
    "d04-cam-hut-thuoc": ("sign", ("CẤM HÚT THUỐC", "No smoking")),
    "f01-quay-mot-cua": (
        "counter",
        ("BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ", "Tư pháp", "Đất đai", "Xây dựng", "Chính sách"),
    ),
    "f02-niem-yet-thu-tuc": (
        "notices",
        ("NIÊM YẾT THỦ TỤC HÀNH CHÍNH", "Hộ tịch", "Chứng thực", "Đất đai", "Phí, lệ phí", "Mã QR"),
    ),
    "f02-niem-yet-cu": ("notices", ("NIÊM YẾT THỦ TỤC HÀNH CHÍNH", "Năm 2023", "Hộ tịch", "Năm 2022")),
    "g01-tru-so": ("gate", ("ỦY BAN NHÂN DÂN", "XÃ TÂN ĐOÀN")),
    "g02-bien-ten-phong": ("door", ("PHÒNG VĂN HÓA - XÃ HỘI", "Trưởng phòng", "Phòng số 05")),
    "g02-thieu-bien-ten": ("door", ()),
    "g02-phong-lam-viec": ("room", ("PHÒNG KINH TẾ", "Phòng số 03")),
    "g04-noi-de-xe": ("sign", ("NƠI ĐỂ XE", "Không thu phí")),
    "i02-bao-cao-khac-phuc": (
        "paper",
        paper(
            _ISSUER,
            "88/BC-UBND",
            "Tân Đoàn, ngày 18 tháng 12 năm 2025",
            "BÁO CÁO",
            ("Kết quả khắc phục tồn tại, hạn chế",),
        ),
    ),
}


# --- drawing ----------------------------------------------------------------------------------------------------


def _as_taken(image: Image.Image, random: Random) -> Image.Image:
    """Tilted a little, lit from one side, grainy, like a picture from a phone held in one hand."""
    tilt = [random.randint(8, 46) for _ in range(8)]
    corners = (
        *(tilt[0], tilt[1]),
        *(tilt[2], HEIGHT - tilt[3]),
        *(WIDTH - tilt[4], HEIGHT - tilt[5]),
        *(WIDTH - tilt[6], tilt[7]),
    )
    tilted = image.transform((WIDTH, HEIGHT), Image.Transform.QUAD, corners, Image.Resampling.BILINEAR)
    light = Image.linear_gradient("L").rotate(random.choice([0, 90, 180, 270])).resize((400, 300))
    grain = Image.frombytes("L", (400, 300), random.randbytes(120_000))
    shade = Image.blend(light, grain, 0.3).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    return Image.blend(tilted, Image.merge("RGB", (shade, shade, shade)), 0.13)


def _floor(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 1010, WIDTH, HEIGHT), fill="#a58d74")
    pen.rectangle((0, 995, WIDTH, 1015), fill="#7c6a57")
    for x in range(-200, WIDTH, 220):
        pen.line((x + 200, 1015, x, HEIGHT), fill="#947d66", width=3)


def _scribble(pen: ImageDraw.ImageDraw, box: Box, random: Random) -> None:
    """Grey lines where small print would stand."""
    left, top, right, bottom = box
    for y in range(top, bottom, 26):
        x = left
        while x < right - 30:
            end = min(right, x + random.randint(20, 110))
            pen.line((x, y, end, y), fill="#8d9096", width=5)
            x = end + 12


def _star(pen: ImageDraw.ImageDraw, x: int, y: int, radius: int) -> None:
    points = [(0, -1), (0.22, -0.31), (0.95, -0.31), (0.36, 0.12), (0.59, 0.81)]
    points += [(0, 0.38), (-0.59, 0.81), (-0.36, 0.12), (-0.95, -0.31), (-0.22, -0.31)]
    pen.polygon([(x + radius * a, y + radius * b) for a, b in points], fill=_GOLD)


def _centred(pen: ImageDraw.ImageDraw, x: int, y: int, line: str, font: ImageFont.FreeTypeFont, colour: Colour) -> None:  # noqa: PLR0913  a place, and what stands there
    pen.text((x, y), line, colour, font, "mm")


def _fitting(
    line: str, size: int, width: int, face: Callable[[int], ImageFont.FreeTypeFont] | None = None
) -> ImageFont.FreeTypeFont:
    """The largest font not above `size` in which the line is no wider than `width`."""
    made = (face or _sans)(size)
    length = made.getlength(line)
    return made if length <= width else (face or _sans)(max(8, int(size * width / length)))


def _sans(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / "DejaVuSans-Bold.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def _serif(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / "DejaVuSerif.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def _grown(box: Box, by: int) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
