"""A picture counts when it is whole; pictures that look alike have looks alike; what EXIF says is read or left out."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from bot.pictures import HEIC, MAX_BYTES, Picture, PictureRefusedError, check
from storage.likeness import NEAR
from storage.sample.photos import SAMPLES, draw
from tests.evidence import HEIC as HEIC_BYTES
from tests.evidence import jpeg, scene, with_exif


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    written = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(written, form, **options)
    return written.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A small PNG whose header claims this size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


# --- what counts as a picture ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_whole_pictures_are_taken(form: str, mime: str) -> None:
    found = check(picture(form, (1, 1)))
    assert (found.mime, found.width, found.height) == (mime, 1, 1)


def test_a_progressive_photo_with_thumbnail_and_trailer_is_taken() -> None:
    exif = Image.Exif()
    exif[0x010E] = "x" * 500
    data = picture(size=(640, 480), progressive=True, exif=exif) + b"trailer \xff\xda of a phone"
    assert check(data).width == 640


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("cut", ["start", "ten", "half", "end"])
def test_cut_pictures_are_refused(form: str, cut: str) -> None:
    data = picture(form, (640, 480))
    kept = {"start": 0, "ten": 10, "half": len(data) // 2, "end": len(data) - 2}[cut]
    if (form, cut) == ("PNG", "end"):
        kept = len(data) - 30  # the last bytes of a PNG are only the checksum of an empty chunk
    with pytest.raises(PictureRefusedError):
        check(data[:kept])


def test_a_photo_whose_thumbnail_is_whole_but_which_is_cut_is_refused() -> None:
    exif = Image.Exif()
    exif[0x010E] = picture(size=(16, 16)).decode("latin-1")
    data = picture(size=(640, 480), exif=exif)
    assert data.count(b"\xff\xd9") >= 1
    with pytest.raises(PictureRefusedError):
        check(data[:-2])


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (7_000, 7_000), (9_500, 9_500), (30_000, 1)])
def test_small_files_that_claim_to_be_huge_are_refused_by_their_header(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_self: Any) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "load", forbidden)
    with pytest.raises(PictureRefusedError, match="quá nhiều điểm ảnh"):
        check(claimed(width, height))


@pytest.mark.parametrize(
    "data", [b"", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF-1.7\n", b"II*\0\x08\0\0\0", b"GIF89a" + b"\0" * 50]
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(PictureRefusedError):
        check(data)


def test_a_file_over_25_mb_is_refused() -> None:
    with pytest.raises(PictureRefusedError, match="20 MB"):
        check(b"\xff\xd8" + bytes(MAX_BYTES))


def test_an_iphones_own_format_is_told_what_to_do() -> None:
    with pytest.raises(PictureRefusedError) as refused:
        check(HEIC_BYTES)
    assert str(refused.value) == HEIC


# --- what it looks like ------------------------------------------------------------------------------------------


def apart(one: Picture, other: Picture) -> int:
    """In the 256 bits that decide."""
    return (int(one.look[16:], 16) ^ int(other.look[16:], 16)).bit_count()


def test_the_same_scene_again_looks_alike_and_another_does_not() -> None:
    scenes = [check(scene(n)) for n in range(12)]
    assert all(apart(seen, check(scene(n, again=True))) <= NEAR for n, seen in enumerate(scenes))
    assert all(apart(one, other) > NEAR for one, other in combinations(scenes, 2))


def test_two_sheets_of_paper_do_not_look_alike() -> None:
    papers = [check(draw(kind, words, n)) for n, (kind, words) in enumerate(SAMPLES.values()) if kind == "paper"]
    assert len(papers) > 3
    assert all(apart(one, other) > NEAR for one, other in combinations(papers, 2))


def test_an_even_surface_has_no_look() -> None:
    assert check(jpeg(Image.new("RGB", (640, 480), (90, 80, 70)))).look == ""


def test_a_picture_on_its_side_looks_as_it_is_meant_to() -> None:
    upright = Image.open(io.BytesIO(scene(5)))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # turn right to see it upright
    lying = jpeg(upright.transpose(Image.Transpose.ROTATE_90), exif=exif)
    assert apart(check(scene(5)), check(lying)) <= NEAR
    assert apart(check(scene(5)), check(jpeg(upright.transpose(Image.Transpose.ROTATE_90)))) > NEAR


# --- what it says of itself --------------------------------------------------------------------------------------


def test_what_the_camera_wrote_is_read() -> None:
    data = with_exif(1, taken_at=datetime(2026, 7, 12, 15, 20, tzinfo=UTC), place=(-21.5, 106.25), device="Máy ảnh\0")
    exif = check(data).exif
    assert exif["taken_at"] == "2026-07-12T15:20:00"
    assert (exif["latitude"], exif["longitude"]) == pytest.approx((-21.5, 106.25), abs=1e-5)
    assert exif["device"].startswith("M")
    assert "\0" not in exif["device"]


def test_a_picture_without_exif_says_nothing() -> None:
    assert check(scene(1)).exif == {}


@pytest.mark.filterwarnings("ignore:.*EXIF data:UserWarning")  # which is all that Pillow says in service
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0" + b"II*\0\xff\xff\xff\x7f",  # an offset behind the end
        b"Exif\0\0" + b"nonsense of some length",
        b"Exif\0\0",
    ],
)
def test_broken_exif_costs_no_photo(exif: bytes) -> None:
    held = io.BytesIO()
    Image.open(io.BytesIO(scene(2))).save(held, "JPEG", exif=exif)
    assert check(held.getvalue()).exif == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0000:00:00 00:00:00", None),
        ("   ", None),
        ("2026:02:30 10:00:00", None),
        ("2026:08:04 08:00:00", "2026-08-04T08:00:00"),
    ],
)
def test_an_impossible_time_is_no_time(written: str, read: str | None) -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = written
    data = jpeg(Image.open(io.BytesIO(scene(3))), exif=exif)
    assert check(data).exif.get("taken_at") == read


@pytest.mark.parametrize("latitude", [(95.0, 0.0, 0.0), (21.0, 1.0), (IFDRational(0, 0), 0.0, 0.0)])
def test_an_impossible_place_is_no_place(latitude: tuple[float, ...]) -> None:
    exif = Image.Exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLongitude] = latitude, (106.0, 0.0, 0.0)
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:08:04 08:00:00"
    found = check(jpeg(Image.open(io.BytesIO(scene(4))), exif=exif)).exif
    assert found == {"taken_at": "2026-08-04T08:00:00"}  # which is sound all the same
