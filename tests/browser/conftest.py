"""The browser tests play the product as a person would: the demonstration as a process, its page in a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.phone import CAST

pytest.register_assert_rewrite("tests.browser.record")

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # nothing but the page: no services of the browser's own, no network beyond this machine
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30.0  # seconds for the demonstration to load its sample on a slow machine


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demonstration: the address of its page and the folder it was started in."""

    url: str
    folder: Path

    @property
    def database(self) -> Path:
        """Where `kycuong demo` keeps what it knows."""
        return self.folder / "data" / "demo" / "kycuong.db"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`python -m bot demo` in an empty folder of its own, on a free port."""
    folder, port = tmp_path_factory.mktemp("demo"), _free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KYCUONG_")}
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--port", str(port)],
            cwd=folder,
            env=clean | {"PYTHONPATH": str(ROOT)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_greetings(f"http://127.0.0.1:{port}", process, log)
            yield Demo(f"http://127.0.0.1:{port}/", folder)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_greetings(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until everybody of the cast was greeted: from then on only what a test does brings messages."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if all(_greeted(url, user) for user in CAST):
                return
        except OSError:
            pass  # not listening yet
        time.sleep(0.1)
    pytest.fail(f"the demonstration did not come up:\n{log.read_text('utf-8')[-2000:]}")


def _greeted(url: str, user: str) -> bool:
    with urllib.request.urlopen(f"{url}/phones/{user}/messages", timeout=2) as answer:
        return any("/trogiup" in message["text"] for message in json.load(answer) if message["from"] == "bot")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The distribution's own browser; where there is none these tests are skipped, and fail if required."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine (apt install chromium)")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for a module, with a profile thrown away at its end; closed before any other loop runs."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where the pictures of the screens are kept, to be looked at."""
    folder = Path(os.environ.get("KYCUONG_SCREENS") or ROOT / "tests" / "browser" / "screens")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
