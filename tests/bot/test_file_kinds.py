"""What a file is follows from its bytes; what is broken, runs or is unknown is refused with the way out."""

from __future__ import annotations

import pytest

from bot import file_kinds
from bot.file_kinds import FileRefusedError, check
from bot.phrases import REFUSALS
from bot.pictures import HEIC
from tests.evidence import HEIC as HEIC_BYTES
from tests.evidence import PROGRAM, VIDEO, VOICE, named, pdf, zipped

OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("data", "kind", "mime"),
    [
        (pdf(), "document", "application/pdf"),
        (b"\xef\xbb\xbf\n" + pdf(), "document", "application/pdf"),
        (named("a.docx"), "document", f"{OFFICE}wordprocessingml.document"),
        (named("a.xlsx"), "document", f"{OFFICE}spreadsheetml.sheet"),
        (zipped("ppt/presentation.xml"), "document", f"{OFFICE}presentationml.presentation"),
        (zipped("mimetype", content="application/vnd.oasis.opendocument.text"), "document",
         "application/vnd.oasis.opendocument.text"),
        (zipped("mimetype", content="application/x-evil"), "document", "application/zip"),
        (named("a.zip"), "document", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "document", "application/x-ole-storage"),
        (b"{\\rtf1 x}", "document", "application/rtf"),
        ("Nội dung, một dòng".encode(), "document", "text/plain"),
        (VOICE, "voice", "audio/ogg"),
        (b"ID3\x04" + bytes(50), "voice", "audio/mpeg"),
        (b"\xff\xfb\x90" + bytes(50), "voice", "audio/mpeg"),
        (b"#!AMR\n" + bytes(50), "voice", "audio/amr"),
        (b"\0\0\0\x20ftypM4A " + bytes(50), "voice", "audio/mp4"),
        (b"RIFF\0\0\0\0WAVE" + bytes(50), "voice", "audio/wav"),
        (VIDEO, "video", "video/mp4"),
        (b"\0\0\0\x14ftypqt  " + bytes(50), "video", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3" + bytes(50), "video", "video/webm"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_are(data: bytes, kind: str, mime: str) -> None:
    found = check(data, "anything.dat")
    assert (found.kind, found.mime) == (kind, mime)


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.pdf", file_kinds.FILE_EMPTY),
        (pdf()[:-20], "a.pdf", file_kinds.FILE_BROKEN),
        (named("a.docx")[:-10], "a.docx", file_kinds.FILE_BROKEN),
        (PROGRAM, "a.pdf", file_kinds.FILE_RUNS),
        (b"\x7fELF" + bytes(50), "a", file_kinds.FILE_RUNS),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", file_kinds.FILE_RUNS),
        (b"WScript.Echo 1", "a.vbs", file_kinds.FILE_RUNS),
        (b"@echo off", "bao-cao.pdf.BAT ", file_kinds.FILE_RUNS),
        (zipped("AndroidManifest.xml"), "a.zip", file_kinds.FILE_RUNS),
        (zipped("META-INF/MANIFEST.MF"), "a.zip", file_kinds.FILE_RUNS),
        (HEIC_BYTES, "IMG_1.HEIC", HEIC),
        (b"\x00\x01\x02" * 30, "a.pdf", file_kinds.FILE_UNKNOWN),
        (b"\xff\xd8\xff" + bytes(file_kinds.MAX_BYTES), "a.pdf", file_kinds.FILE_TOO_LARGE),
    ],
)
def test_what_is_refused_and_why(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        check(data, name)
    assert str(refused.value) == reason
    assert REFUSALS[reason].vi == reason


def test_an_archive_is_not_unpacked() -> None:
    bomb = zipped("a.txt", content="0" * 3_000_000)
    assert check(bomb, "a.zip").mime == "application/zip"
