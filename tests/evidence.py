"""Small real files of every kind people send: pictures with a scene or with EXIF, papers, recordings, and what runs."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from random import Random

from PIL import ExifTags, Image, ImageDraw, ImageEnhance

VOICE = b"OggS\x00\x02" + bytes(60)
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(60)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(60)
PROGRAM = b"MZ\x90\x00" + bytes(200)


def scene(number: int, *, again: bool = False) -> bytes:
    """A picture with something to see; `again`: the same thing in another size, light and compression."""
    draw = Random(number)
    image = Image.new("RGB", (640, 480), (200, 200, 190))
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = draw.randrange(0, 560), draw.randrange(0, 400)
        pen.rectangle((x, y, x + draw.randrange(60, 240), y + draw.randrange(40, 200)), fill=draw.randrange(256**3))
    if again:
        image = ImageEnhance.Brightness(image.resize((512, 384))).enhance(1.08)
    return jpeg(image, quality=70 if again else 88)


def with_exif(
    number: int, *, taken_at: datetime | None = None, place: tuple[float, float] | None = None, device: str = ""
) -> bytes:
    """The scene as a camera would write it; `place` in degrees."""
    exif = Image.Exif()
    if device:
        exif[ExifTags.Base.Model] = device
    if taken_at is not None:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
    if place is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "S" if place[0] < 0 else "N"
        gps[ExifTags.GPS.GPSLatitude] = _sexagesimal(place[0])
        gps[ExifTags.GPS.GPSLongitudeRef] = "W" if place[1] < 0 else "E"
        gps[ExifTags.GPS.GPSLongitude] = _sexagesimal(place[1])
    return jpeg(Image.open(BytesIO(scene(number))), exif=exif)


def jpeg(image: Image.Image, *, quality: int = 88, exif: Image.Exif | None = None) -> bytes:
    """A picture as JPEG bytes."""
    held = BytesIO()
    image.save(held, "JPEG", quality=quality, exif=Image.Exif() if exif is None else exif)
    return held.getvalue()


def pdf(words: str = "") -> bytes:
    """One empty page."""
    return (
        f"%PDF-1.4\n% {words}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        "trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    ).encode()


def zipped(*members: str, content: str = "x") -> bytes:
    """An archive with these members; Office files are such archives."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for member in members:
            archive.writestr(zipfile.ZipInfo(member), content)
    return held.getvalue()


def named(name: str) -> bytes:
    """A sound file of the kind its name says."""
    ending = name.rpartition(".")[2]
    made = {
        "pdf": lambda: pdf(name),
        "docx": lambda: zipped("word/document.xml"),
        "xlsx": lambda: zipped("xl/workbook.xml"),
        "zip": lambda: zipped("a.txt"),
        "exe": lambda: PROGRAM,
        "heic": lambda: HEIC,
        "txt": lambda: "Nội dung".encode(),
    }
    return made[ending]()


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = abs(degrees)
    minutes = (whole - int(whole)) * 60
    return float(int(whole)), float(int(minutes)), round((minutes - int(minutes)) * 60, 3)
