"""Settings come from the environment or `.env`, prefix KYCUONG_; a wrong one stops the start with every fault named."""

from __future__ import annotations

import re
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
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
    webhook_secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    listen: str = "127.0.0.1:8088"
    timezone: str = "Asia/Ho_Chi_Minh"
    language: Literal["vi", "en"] = "vi"
    sends_per_second: float = Field(default=28.0, ge=0)
    burst_silence: float = Field(default=2.0, gt=0, le=90)
    support_phone: str = Field(default="", max_length=60)
    zalo_burst_silence: float = Field(default=90.0, gt=0, le=90)
    zalo_messages_per_month: int = Field(default=3000, ge=0)
    zalo_users: int = Field(default=50, ge=0)

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

    @field_validator("zalo_token")
    @classmethod
    def _zalo_token_shape(cls, tokens: SecretStr) -> SecretStr:
        if not all(re.fullmatch(r"\d+:[\w-]+", token) for token in _listed(tokens)):
            raise ValueError("mã Zalo có dạng số:chuỗi, lấy từ Zalo Bot Manager; nhiều mã cách nhau bằng dấu phẩy")
        return tokens

    @field_validator("webhook_url")
    @classmethod
    def _public_address(cls, url: str) -> str:
        if url and not re.fullmatch(
            r"https://[^\s/?#@]+(/[^\s?#]*)?|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*)?", url
        ):
            raise ValueError("cần địa chỉ công khai dạng https://ten-mien, không có ? hoặc #")
        return url.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _secret_shape(cls, secret: SecretStr) -> SecretStr:
        if secret.get_secret_value() and not re.fullmatch(r"[A-Za-z0-9_-]{8,256}", secret.get_secret_value()):
            raise ValueError("cần 8 đến 256 ký tự, chỉ gồm chữ cái không dấu, chữ số, - và _")
        return secret

    @field_validator("webhook_secret")
    @classmethod
    def _secret_with_address(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("webhook_url") and not secret.get_secret_value():
            raise ValueError("bắt buộc khi đặt KYCUONG_WEBHOOK_URL")
        return secret

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, place: str) -> str:
        host, _, port = place.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError("cần dạng máy:cổng, ví dụ: 127.0.0.1:8088")
        return place

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError):
            raise ValueError("không có múi giờ này; giờ Việt Nam, kể cả Hà Nội, là Asia/Ho_Chi_Minh") from None
        return name

    @property
    def zalo_tokens(self) -> list[str]:
        """The tokens of all Zalo bots."""
        return _listed(self.zalo_token)

    @property
    def listens(self) -> bool:
        """Whether anything is to be reached from outside: networks call us, or the place to listen was given."""
        return bool(self.webhook_url) or "listen" in self.model_fields_set


def _listed(tokens: SecretStr) -> list[str]:
    return [token.strip() for token in tokens.get_secret_value().split(",") if token.strip()]


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
