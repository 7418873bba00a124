"""A document made of a template and its fields; an authority's template that fails is replaced by ours."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import TemplateError

from bot.documents import word
from bot.documents.reading_copy import UnreadableTemplateError, reading_copy_apart
from bot.documents.registry import built_in
from inspection.phrases import Phrase

log = logging.getLogger(__name__)
FELL_BACK = Phrase(
    "Mẫu riêng của cơ quan không điền được nội dung này: văn bản lập theo mẫu có sẵn. Đề nghị quản trị xem lại, /mau",
    "The authority's own template failed on this content: the built-in one was used. Please have it checked, /template",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A file. fell_back: the authority's template failed, and the built-in one was used."""

    data: bytes
    fell_back: bool = False


def filled(kind: str, fields: Mapping[str, Any], template: bytes | None, now: datetime, *, copy: bool) -> Made:
    """The Word file, or its reading copy. Slow, half a second: to be called in a thread."""

    def by(form: bytes) -> bytes:
        data = word.fill(form, dict(fields))
        return reading_copy_apart(data, now) if copy else data

    try:
        return Made(by(template or built_in(kind)))
    except (TemplateError, UnreadableTemplateError):
        if template is None:
            raise
        log.exception("the authority's template of %s failed, the built-in one is used", kind)
        return Made(by(built_in(kind)), fell_back=True)
