"""The commands as an operator meets them: what they refuse, in which words, and that they say everything at once."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from storage.clock import set_ahead
from storage.database import Database
from tests.application.process import environment, kycuong

TOKEN = "100001:simulator"


@pytest.fixture
def folder(province: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "copy"
    shutil.copytree(province, copied)
    return copied


def settings(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a command on the copied province."""
    given = {"database_url": f"sqlite:///{folder / 'kycuong.db'}", "evidence_url": str(folder / "evidence")}
    return environment(**{**given, "telegram_token": TOKEN, "telegram_api_url": "http://127.0.0.1:9", **more})


async def refused(folder: Path, *arguments: str, env: dict[str, str]) -> str:
    """The words of a refusal: on standard error, with status 2 and without a traceback."""
    status, out, err = await kycuong(folder, *arguments, env=env)
    assert status == 2, (out, err)
    assert "Traceback" not in out + err
    return err


async def test_init_makes_a_database_and_says_how_the_first_administrator_gets_in(tmp_path: Path) -> None:
    env = settings(tmp_path)
    status, out, err = await kycuong(tmp_path, "init", "--sample", env=env)
    assert status == 0, err
    assert "Cơ sở dữ liệu đã sẵn sàng." in out
    assert "/start " in out
    again = await kycuong(tmp_path, "init", env=env)
    assert again[0] == 0, again[2]


async def test_run_refuses_the_database_of_a_demonstration(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'kycuong.db'}")
    database.write_now(lambda connection: set_ahead(connection, timedelta(days=3)))
    database.stop()
    assert "bản chạy thử" in await refused(folder, "run", env=settings(folder))


async def test_run_names_every_wrong_setting_and_shows_none(folder: Path) -> None:
    wrong = {
        "database_url": "mysql://root:matkhau@db",
        "telegram_token": "khong-phai-ma",
        "timezone": "Hanoi",
        "language": "fr",
        "sends_per_second": "nhanh",
        "burst_silence": "-3",
    }
    said = await refused(folder, "run", env=settings(folder, **wrong))
    for name, value in wrong.items():
        assert f"KYCUONG_{name.upper()}" in said
        assert value not in said


INVITE = ("invite", "--role", "unit-head", "--name", "Lộc Văn Mới", "--unit")
REFUSALS: tuple[tuple[tuple[str, ...], dict[str, str], str], ...] = (
    (("run",), {"database_url": "sqlite:///empty.db"}, "kycuong init"),
    (("run",), {"telegram_token": ""}, "KYCUONG_TELEGRAM_TOKEN"),
    (("run", "--only", "clock"), {}, "PostgreSQL"),
    ((*INVITE, "xã Không Có"), {"telegram_token": ""}, "Không có đơn vị"),
    ((*INVITE, "Sở"), {"telegram_token": ""}, "Có nhiều đơn vị"),
)


async def test_what_cannot_be_done_is_said_in_words(folder: Path) -> None:
    two = asyncio.Semaphore(2)

    async def said(arguments: tuple[str, ...], more: dict[str, str]) -> str:
        async with two:
            return await refused(folder, *arguments, env=settings(folder, **more))

    heard = await asyncio.gather(*(said(arguments, more) for arguments, more, _ in REFUSALS))
    for words, (arguments, _, expected) in zip(heard, REFUSALS, strict=True):
        assert expected in words, arguments


async def test_templates_are_taken_out_tried_and_kept(folder: Path) -> None:
    env = settings(folder)
    taken = await kycuong(folder, "template", "--to", "mau", env=env)
    assert taken[0] == 0, taken[2]
    assert (folder / "mau" / "minutes.docx").exists()
    assert "don_vi: Ủy ban nhân dân xã Tân Đoàn" in (folder / "mau" / "cac-truong.txt").read_text("utf-8")
    kept = await kycuong(folder, "template", "--keep", "mau/minutes.docx", "--unit", "tỉnh Lạng Sơn", env=env)
    assert kept[0] == 0, kept[2]
    assert "Đã thử và giữ mẫu cho UBND tỉnh Lạng Sơn: Biên bản kiểm tra." in kept[1]
    wrong = ("--keep", "mau/report.docx", "--unit", "tỉnh Lạng Sơn")
    assert "Mẫu dùng trường chưa có: bien_ban" in await refused(folder, "template", *wrong, env=env)
    assert "--unit" in await refused(folder, "template", "--keep", "mau/minutes.docx", env=env)
    back = await kycuong(folder, "template", "--take-back", "--unit", "tỉnh Lạng Sơn", env=env)
    assert "dùng lại mẫu có sẵn" in back[1]
