"""What a file is, judged by its bytes: a closed list of documents, recordings and videos is kept, nothing else.

A table of signatures, because what is refused outnumbers what is kept: a library would name hundreds of kinds of which
these are the ones an office sends. The name decides only where bytes cannot (plain text), and against what runs.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from bot.pictures import HEIC, RefusedError, is_heif
from inspection.visit import DOCUMENT, PDF, VIDEO, VOICE

MAX_BYTES = 25 * 1024 * 1024

FILE_TOO_LARGE = "tệp lớn hơn 20 MB, đề nghị gửi tệp nhỏ hơn hoặc chia thành nhiều tệp"
FILE_EMPTY = "tệp không có nội dung, đề nghị gửi lại"
FILE_BROKEN = "tệp không mở được, có thể chưa gửi hết, đề nghị gửi lại"
FILE_RUNS = "tệp chạy được trên máy tính thì Hệ thống không nhận, đề nghị gửi tài liệu hoặc ảnh"
FILE_UNKNOWN = (
    "Hệ thống nhận PDF, Word, Excel, PowerPoint, văn bản thuần, tệp nén, ghi âm, video, đề nghị gửi ở dạng đó"
)

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_MICROSOFT = "application/x-ole-storage"  # Word, Excel and PowerPoint before 2007: only parsing tells them apart
_MACH_O = (b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_RUNS = (b"MZ", b"\x7fELF", b"#!", b"dex\n", *_MACH_O)
_RUNS_BY_NAME = re.compile(
    r"\.(exe|com|scr|pif|bat|cmd|ps1|psm1|vbs?|vbe|jse?|wsf|wsh|hta|msi|msp|lnk|reg|jar|apk|ipa|app|dmg|pkg|deb|rpm|sh)\s*$",
    re.IGNORECASE,
)
_SIGNATURES: tuple[tuple[int, bytes, str, str], ...] = (  # where it stands, what it is, kind, MIME type
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DOCUMENT, _MICROSOFT),
    (0, b"{\\rtf", DOCUMENT, "application/rtf"),
    (0, b"Rar!\x1a\x07", DOCUMENT, "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", DOCUMENT, "application/x-7z-compressed"),
    (0, b"OggS", VOICE, "audio/ogg"),
    (0, b"ID3", VOICE, "audio/mpeg"),
    (0, b"\xff\xfb", VOICE, "audio/mpeg"),
    (0, b"\xff\xf3", VOICE, "audio/mpeg"),
    (0, b"\xff\xf1", VOICE, "audio/aac"),
    (0, b"\xff\xf9", VOICE, "audio/aac"),
    (0, b"#!AMR", VOICE, "audio/amr"),
    (0, b"fLaC", VOICE, "audio/flac"),
    (8, b"WAVE", VOICE, "audio/wav"),
    (4, b"ftypM4A", VOICE, "audio/mp4"),
    (4, b"ftyp3g", VIDEO, "video/3gpp"),
    (4, b"ftypqt", VIDEO, "video/quicktime"),
    (4, b"ftyp", VIDEO, "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", VIDEO, "video/webm"),
    (8, b"AVI ", VIDEO, "video/x-msvideo"),
)
_ZIPPED = (  # a member's name, MIME type
    ("word/document.xml", f"{_OFFICE}wordprocessingml.document"),
    ("xl/workbook.xml", f"{_OFFICE}spreadsheetml.sheet"),
    ("ppt/presentation.xml", f"{_OFFICE}presentationml.presentation"),
)
_ZIPPED_PROGRAMS = ("AndroidManifest.xml", "META-INF/MANIFEST.MF")
_OPEN_KINDS = (f"{_OPEN}text", f"{_OPEN}spreadsheet", f"{_OPEN}presentation")


class FileRefusedError(RefusedError):
    """These bytes are no file we can keep."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the bytes turned out to be: DOCUMENT, VOICE or VIDEO, and the true MIME type."""

    kind: str
    mime: str


def check(data: bytes, name: str) -> Paper:
    """What a file that is no picture is. Raises FileRefusedError with the reason in Vietnamese."""
    if not data:
        raise FileRefusedError(FILE_EMPTY)
    if len(data) > MAX_BYTES:
        raise FileRefusedError(FILE_TOO_LARGE)
    found = _by_signature(data)
    if found is None and data.startswith(_RUNS):
        raise FileRefusedError(FILE_RUNS)
    if _RUNS_BY_NAME.search(name):
        raise FileRefusedError(FILE_RUNS)
    if found is None:
        raise FileRefusedError(FILE_UNKNOWN)
    return found


def _by_signature(data: bytes) -> Paper | None:
    if b"%PDF-" in data[:1024]:
        return _pdf(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    if is_heif(data):
        raise FileRefusedError(HEIC)
    for at, signature, kind, mime in _SIGNATURES:
        if data.startswith(signature, at):
            return Paper(kind, mime)
    return Paper(DOCUMENT, "text/plain") if _is_text(data) and not data.startswith(_RUNS) else None


def _pdf(data: bytes) -> Paper:
    """A PDF is read from its end: without that it cannot be opened, and a download that was cut has none."""
    if b"startxref" not in data[-4096:] or b"%%EOF" not in data[-4096:]:
        raise FileRefusedError(FILE_BROKEN)
    return Paper(DOCUMENT, PDF)


def _zipped(data: bytes) -> Paper:
    """Only the list of members is read, nothing is unpacked: what lies in an archive is not judged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = _open_document(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError, RuntimeError) as error:
        raise FileRefusedError(FILE_BROKEN) from error
    if not names.isdisjoint(_ZIPPED_PROGRAMS):
        raise FileRefusedError(FILE_RUNS)
    return Paper(DOCUMENT, kind or next((mime for member, mime in _ZIPPED if member in names), "application/zip"))


def _open_document(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as member:
        said = member.read(100).decode("ascii", "replace").strip()
    return said if said in _OPEN_KINDS else ""


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
