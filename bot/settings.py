"""Settings come from the environment or `.env`, prefix KYCUONG_; a wrong one stops the start with every fault named."""

from __future__ import annotations

import re
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting of the product; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="KYCUONG_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: str = "sqlite:///data/kycuong.db"
    evidence_url: str = "data/evidence"
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    zalo_token: SecretStr = SecretStr("")
    zalo_api_url: str = "https://bot-api.zaloplatforms.com"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    listen: str = "127.0.0.1:8088"
    timezone: str = "Asia/Ho_Chi_Minh"
    language: Literal["vi", "en"] = "vi"
    sends_per_second: float = Field(default=28.0, ge=0)
    burst_silence: float = Field(default=2.0, gt=0, le=90)
    support_phone: str = Field(default="", max_length=60)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("cần dạng sqlite:///thư-mục/tệp.db hoặc postgresql://người-dùng@máy/cơ-sở-dữ-liệu")
        return url

    @field_validator("evidence_url")
    @classmethod
    def _local_evidence(cls, url: str) -> str:
        if "://" in url and not url.startswith("file://"):
            raise ValueError("cần đường dẫn thư mục (kho s3:// chưa được hỗ trợ ở bản này)")
        return url

    @field_validator("telegram_token")
    @classmethod
    def _telegram_token_shape(cls, token: SecretStr) -> SecretStr:
        value = token.get_secret_value()
        if value and not re.fullmatch(r"\d+:[\w-]+", value):
            raise ValueError("mã Telegram có dạng số:chuỗi, lấy từ BotFather")
        return token

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError):
            raise ValueError("không có múi giờ này; giờ Việt Nam, kể cả Hà Nội, là Asia/Ho_Chi_Minh") from None
        return name


class SettingsError(Exception):
    """The settings are wrong; the message names every fault, never a value."""


def read_settings(**given: object) -> Settings:
    """Read all settings at once. Raises SettingsError naming each wrong one."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"- KYCUONG_{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise SettingsError(
            "Cấu hình chưa đúng, đề nghị sửa trong .env hoặc biến môi trường:\n" + "\n".join(lines)
        ) from None
