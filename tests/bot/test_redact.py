"""Tokens in logs: found without the filter, gone with it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot.redact import HIDDEN, TALKATIVE, install, redact

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
SHORT = "100001:simulator"


@pytest.fixture
def logged() -> Iterator[tuple[logging.Logger, logging.Handler, io.StringIO]]:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logger = logging.Logger("t", logging.DEBUG)
    logger.addHandler(handler)
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    yield logger, handler, text
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def say_everything(logger: logging.Logger) -> None:
    logger.debug("GET https://api.telegram.org/bot%s/getMe", TOKEN)
    logger.info("plain %s and quoted %s", TOKEN, TOKEN.replace(":", "%3A"))
    logger.info("http://127.0.0.1:8081/bot100001:simulator/getUpdates; %s", SHORT)
    try:
        raise ValueError(f"failed at /bot{TOKEN}/getMe")
    except ValueError:
        logger.exception("traceback", stack_info=True)


def test_with_the_filter_no_token_is_written(
    logged: tuple[logging.Logger, logging.Handler, io.StringIO],
) -> None:
    logger, handler, text = logged
    install([SHORT], [handler])
    say_everything(logger)
    said = text.getvalue()
    assert TOKEN.split(":")[1] not in said
    assert SHORT not in said
    assert "ValueError" in said
    assert said.count(HIDDEN) == 6


def test_without_the_filter_the_same_lines_hold_it(
    logged: tuple[logging.Logger, logging.Handler, io.StringIO],
) -> None:
    logger, _, text = logged
    say_everything(logger)
    assert text.getvalue().count(TOKEN) == 3
    assert SHORT in text.getvalue()


def test_libraries_that_log_addresses_are_hushed(
    logged: tuple[logging.Logger, logging.Handler, io.StringIO],
) -> None:
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    install([], [logged[1]])
    assert [logging.getLogger(name).getEffectiveLevel() for name in TALKATIVE] == [logging.WARNING] * 4


@pytest.mark.parametrize(
    "text",
    ["08:30:15 04/8/2026", "lượt 1234567: 24 đạt", "127.0.0.1:8080", "TT-2026-031", "/bottom:line"],
)
def test_other_figures_stay(text: str) -> None:
    assert redact(text) == text
