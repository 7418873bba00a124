"""A picture is only taken for one after every pixel row was decoded: headers lie, and half a photo looks whole to them.

What else the bytes tell is read here once: how the picture looks, for finding one like it, and its EXIF, which is kept
aside, shown to no unit and never trusted.
"""

from __future__ import annotations

import contextlib
import io
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 48_000_000
MAX_SIDE = 20_000
LEAST = 144  # pixels a side is decoded to at least: with fewer, one picture in two sizes looks like two
PLAIN = 6  # bits: what differs from an even surface by fewer says nothing of a picture (a wall, a dark room)

UNREADABLE = "ảnh không mở được, đề nghị chụp lại"
TOO_LARGE = "ảnh lớn hơn 20 MB, đề nghị gửi ảnh nhỏ hơn"
TOO_MANY_PIXELS = "ảnh quá nhiều điểm ảnh, đề nghị chụp lại ở cỡ nhỏ hơn"
NOT_A_PHOTO = "tệp không phải ảnh JPEG, PNG hoặc WEBP, đề nghị chụp lại"
HEIC = "tệp ảnh HEIC của điện thoại chưa xem được trên máy khác, đề nghị gửi lại ở dạng ảnh, không phải dạng tệp"

# What reading a malformed EXIF block can end in; the picture itself may be sound.
_BROKEN_EXIF = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, struct.error)
_GPS = ExifTags.GPS


class RefusedError(Exception):
    """These bytes are nothing we can keep; the text says why, to the person who sent them."""


class PictureRefusedError(RefusedError):
    """These bytes are no photo we can keep."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the bytes turned out to be; width and height in pixels.

    `look` is 80 hexadecimal digits, alike for pictures that look alike, "" for an even surface. `exif` holds what was
    found of taken_at (ISO 8601, with an offset only if the camera wrote one), latitude, longitude, device.
    """

    mime: str
    width: int
    height: int
    look: str = ""
    exif: Mapping[str, Any] = field(default_factory=dict)


def is_heif(data: bytes) -> bool:
    """Whether these are the bytes of an HEIC or AVIF picture."""
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def is_picture(data: bytes) -> bool:
    """Whether these bytes begin as one of the pictures we keep."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def check(data: bytes) -> Picture:
    """What these bytes are, decoded to the last row. Raises PictureRefusedError with the reason in Vietnamese."""
    if len(data) > MAX_BYTES:
        raise PictureRefusedError(TOO_LARGE)
    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
            return _decoded(image, data)
    except UnidentifiedImageError as error:
        raise PictureRefusedError(HEIC if is_heif(data) else NOT_A_PHOTO if data else UNREADABLE) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefusedError(TOO_MANY_PIXELS) from error
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, MemoryError) as error:
        raise PictureRefusedError(UNREADABLE) from error


def _decoded(image: Image.Image, data: bytes) -> Picture:
    width, height, form = image.width, image.height, image.format or ""
    # Below Pillow's own error there is only a warning.
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise PictureRefusedError(TOO_MANY_PIXELS)
    if form == "JPEG":
        if not _has_end(data):
            raise PictureRefusedError(UNREADABLE)
        # Reads every byte all the same, for a fraction of the time and memory.
        image.draft("L", (max(LEAST, width // 8), max(LEAST, height // 8)))
    image.load()
    return Picture(FORMATS[form], width, height, look_of(image), exif_of(image))


def _has_end(data: bytes) -> bool:
    """Whether a JPEG's picture is followed by its end mark; Pillow forgives when only that is cut off.

    The segments before the picture are stepped over: an embedded thumbnail has an end mark of its own.
    """
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return False
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker == 0xDA:  # the picture itself; within it, FF D9 can only be the end
            return data.find(b"\xff\xd9", at) > 0
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


# --- what it looks like ---------------------------------------------------------------------------------------------


def look_of(image: Image.Image) -> str:
    """Two difference hashes, of 64 and of 256 bits, as 16 and 64 hexadecimal digits; "" for an even surface.

    Fifteen lines instead of the `imagehash` package, which brings scipy (198 MB) and tells pictures no better apart.
    The coarse one finds, the fine one decides: all sheets of paper look alike in 64 bits.
    """
    with contextlib.suppress(*_BROKEN_EXIF):
        image = ImageOps.exif_transpose(image)  # a photo sent as a file may lie on its side
    grey = image.convert("L")
    coarse, fine = _slopes(grey, 8), _slopes(grey, 16)
    if not PLAIN <= coarse.bit_count() <= 64 - PLAIN:
        return ""
    return f"{coarse:016x}{fine:064x}"


def _slopes(grey: Image.Image, side: int) -> int:
    """For each of side x side places whether it is darker than its right neighbour, row by row, as bits."""
    pixels = grey.resize((side + 1, side), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(side):
        for at in range(row * (side + 1), row * (side + 1) + side):
            bits = bits << 1 | (pixels[at] < pixels[at + 1])
    return bits


# --- what it says of itself -----------------------------------------------------------------------------------------


def exif_of(image: Image.Image) -> dict[str, Any]:
    """What the camera wrote into the file; empty where it wrote nothing, or nothing that can be read."""
    try:
        exif = image.getexif()
        shot = exif.get_ifd(ExifTags.IFD.Exif)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        device = " ".join(_words(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)).strip()
        found = {"taken_at": _taken_at(shot, exif), **_place(gps), "device": device}
    except _BROKEN_EXIF:
        return {}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _taken_at(shot: Mapping[int, Any], exif: Mapping[int, Any]) -> str | None:
    written = _words(shot.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime))
    offset = _words(shot.get(ExifTags.Base.OffsetTimeOriginal))
    for form, text in (("%Y:%m:%d %H:%M:%S%z", written + offset), ("%Y:%m:%d %H:%M:%S", written)):
        try:
            return datetime.strptime(text, form).isoformat()  # noqa: DTZ007  cameras rarely know their zone
        except ValueError:
            continue
    return None


def _place(gps: Mapping[int, Any]) -> dict[str, float]:
    if not {_GPS.GPSLatitude, _GPS.GPSLongitude} <= gps.keys():
        return {}
    try:
        latitude = _degrees(gps[_GPS.GPSLatitude], _words(gps.get(_GPS.GPSLatitudeRef)), "S", 90)
        longitude = _degrees(gps[_GPS.GPSLongitude], _words(gps.get(_GPS.GPSLongitudeRef)), "W", 180)
    except (ValueError, TypeError, ArithmeticError):  # its time may be sound all the same
        return {}
    return {} if latitude is None or longitude is None else {"latitude": latitude, "longitude": longitude}


def _degrees(parts: Any, reference: str, negative: str, most: int) -> float | None:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(-value if reference.upper().startswith(negative) else value, 6)


def _words(value: Any) -> str:
    """A text of the camera's, without the marks that end or break it."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
    return "".join(c for c in text if c.isprintable()).strip()[:60]
