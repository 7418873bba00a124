"""A document made of a template and its fields; an authority's template that fails is replaced by ours."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import TemplateError

from bot.documents import word
from bot.documents.reading_copy import UnreadableTemplateError, reading_copy_apart
from bot.documents.registry import built_in

log = logging.getLogger(__name__)


def filled(kind: str, fields: Mapping[str, Any], template: bytes | None, now: datetime, *, copy: bool) -> bytes:
    """The Word file, or its reading copy. Slow, half a second: to be called in a thread."""

    def by(form: bytes) -> bytes:
        data = word.fill(form, dict(fields))
        return reading_copy_apart(data, now) if copy else data

    try:
        return by(template or built_in(kind))
    except (TemplateError, UnreadableTemplateError):
        if template is None:
            raise
        log.exception("the authority's template of %s failed, the built-in one is used", kind)
        return by(built_in(kind))
