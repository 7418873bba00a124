"""Settings: what is allowed, and that a wrong one is named, together with all others, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import channels_of
from bot.settings import Settings, SettingsError, read_settings

TOKEN = "7654321098:AAHqW3eR5tY7uI9oP1aS3dF5gH7jK9lZ1xC"


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without `.env`, and no variable of this machine."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KYCUONG_{name.upper()}", raising=False)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.database_url.startswith("sqlite:///")
    assert settings.timezone == "Asia/Ho_Chi_Minh"
    assert settings.telegram_token.get_secret_value() == ""


def test_the_environment_goes_before_the_file(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / ".env").write_text("KYCUONG_LANGUAGE=en\nKYCUONG_TIMEZONE=UTC\nANOTHER_PROGRAM=1\n")
    monkeypatch.setenv("KYCUONG_TIMEZONE", "Asia/Bangkok")
    settings = read_settings()
    assert (settings.language, settings.timezone) == ("en", "Asia/Bangkok")


WRONG = {
    "database_url": "mysql://root:mat-khau-db@may/kycuong",
    "evidence_url": "s3://kho-bi-mat",
    "telegram_token": "khong-phai-ma-bot",
    "timezone": "Hanoi",
    "language": "fr",
    "sends_per_second": "nhanh",
    "burst_silence": "0",
    "zalo_token": "1:mot,khong-phai-ma-bot",
    "zalo_burst_silence": "91",
    "zalo_messages_per_month": "-1",
    "zalo_users": "nhiều",
    "webhook_url": "http://khong-an-toan.example",
    "webhook_secret": "ngắn",
    "listen": "cong-8088",
}


def test_a_zone_named_hanoi_is_refused_with_the_name_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYCUONG_TIMEZONE", "Hanoi")
    with pytest.raises(SettingsError, match=r"KYCUONG_TIMEZONE: .*Asia/Ho_Chi_Minh"):
        read_settings()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_and_not_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"KYCUONG_{name.upper()}", WRONG[name])
    with pytest.raises(SettingsError) as refused:
        read_settings()
    lines = str(refused.value).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"- KYCUONG_{name.upper()}: ")
    shown = repr(refused.value) + repr(refused.value.__cause__) + repr(refused.value.__context__)
    if len(WRONG[name]) > 2:
        assert WRONG[name] not in shown


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        monkeypatch.setenv(f"KYCUONG_{name.upper()}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    named = {line.split(":")[0].removeprefix("- KYCUONG_").lower() for line in str(refused.value).splitlines()[1:]}
    assert named == set(WRONG)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://kycuong@127.0.0.1/kycuong"),
        ("database_url", "postgresql+psycopg://kycuong@127.0.0.1/kycuong"),
        ("evidence_url", "file:///srv/kycuong/evidence"),
        ("telegram_token", TOKEN),
        ("sends_per_second", "0"),
        ("burst_silence", "90"),
        ("zalo_token", f"{TOKEN}, 1:hai"),
        ("zalo_messages_per_month", "0"),
        ("webhook_secret", "mot-bi-mat-du-dai"),
        ("listen", "[::1]:8088"),
    ],
)
def test_these_are_accepted(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"KYCUONG_{name.upper()}", value)
    assert read_settings()


@pytest.mark.parametrize(
    ("name", "secret"),
    [("telegram_token", TOKEN), ("zalo_token", TOKEN), ("webhook_secret", TOKEN.partition(":")[2])],
)
def test_a_secret_never_prints(name: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"KYCUONG_{name.upper()}", secret)
    settings = read_settings()
    assert getattr(settings, name).get_secret_value() == secret
    assert secret not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_an_address_for_calls_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYCUONG_WEBHOOK_URL", "https://kycuong.example/")
    with pytest.raises(SettingsError, match="KYCUONG_WEBHOOK_SECRET: bắt buộc"):
        read_settings()
    monkeypatch.setenv("KYCUONG_WEBHOOK_SECRET", "mot-bi-mat-du-dai")
    settings = read_settings()
    assert (settings.webhook_url, settings.listens) == ("https://kycuong.example", True)


def test_nobody_listens_unless_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read_settings().listens
    monkeypatch.setenv("KYCUONG_LISTEN", "127.0.0.1:8099")
    assert read_settings().listens


def test_several_bots_serve_one_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYCUONG_ZALO_TOKEN", "11:mot, 22:hai,")
    channels = channels_of(read_settings())
    assert sorted(channels) == [("zalo", "11"), ("zalo", "22")]
    assert [channel.capabilities.users for channel in channels.values()] == [50, 50]
    assert not any(channel.capabilities.photos for channel in channels.values()), "no address of ours can be reached"
