"""No token reaches a log: the finished text of every record is searched, tracebacks included.

The pattern starts with "no digit before" and not with a word boundary: in ".../bot123456:AA..." there is none.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

HIDDEN = "<token>"
TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp")  # they log whole addresses

_TOKEN = re.compile(r"(?<!\d)\d{6,}(?::|%3[Aa])[\w-]{20,}")
_IN_ADDRESS = re.compile(r"(/bot)\d+(?::|%3[Aa])[^/\s'\"]+")
_FORMATTER = logging.Formatter()


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """The text without tokens. `secrets` are exact values that no pattern would recognise."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _TOKEN.sub(HIDDEN, _IN_ADDRESS.sub(rf"\1{HIDDEN}", text))


class Redaction(logging.Filter):
    """Goes on a handler, so that records of every logger pass it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        given = {s for s in secrets if s}
        # Longest first: a secret may contain another one.
        self._secrets = sorted(given | {quote(s, safe="") for s in given}, key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace what the record would say; every formatter uses the prepared traceback."""
        record.msg = redact(record.getMessage(), self._secrets)
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text, self._secrets)
        if record.stack_info:
            record.stack_info = redact(record.stack_info, self._secrets)
        return True


def install(secrets: Iterable[str], handlers: Iterable[logging.Handler] | None = None) -> Redaction:
    """Put one filter on the handlers (default: the root logger's) and hush the libraries that log addresses."""
    redaction = Redaction(secrets)
    for handler in logging.getLogger().handlers if handlers is None else handlers:
        handler.addFilter(redaction)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return redaction
