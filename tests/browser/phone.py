"""A phone of the page as a person uses it: every act goes through what is on the screen, and is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

CAST = INSPECTOR, UNIT_HEAD, ADMINISTRATOR, TEAM_HEAD = "1001", "1002", "1003", "1004"
STRANGER = "1999"


class Phone:
    """One of the phones. `gestures` counts what the person did since `count()`, `messages` what came back."""

    def __init__(self, page: Page, user: str) -> None:
        self.page = page
        self.element = page.locator(f'[data-phone="{user}"]')
        self.gestures = 0
        self._since = 0

    def count(self) -> None:
        """Count from here."""
        self.gestures, self._since = 0, self.received

    @property
    def bubbles(self) -> Locator:
        """What the bot sent, in order."""
        return self.element.locator('.message[data-from="bot"]')

    @property
    def received(self) -> int:
        """How many messages of the bot stand in the talk."""
        return self.bubbles.count()

    @property
    def messages(self) -> int:
        """How many of them came since `count()`; an edit is no message."""
        return self.received - self._since

    @property
    def latest(self) -> str:
        """The words of the bot's last message."""
        return self.bubbles.last.locator(".text").inner_text()

    def say(self, text: str) -> str:
        """Type and send; returns the answer."""
        return self._act(lambda: self.send(text))

    def send(self, text: str) -> None:
        """Type and send without waiting for an answer."""
        field = self.element.get_by_test_id("composer")
        field.fill(text)
        field.press("Enter")

    def tap(self, label: str) -> str:
        """Press the button of the last message that has this label; returns the answer."""
        return self._act(self.bubbles.last.locator(".key", has_text=label).click)

    def photograph(self, samples: Sequence[str], caption: str = "") -> str:
        """Choose sample photos in this order, write the caption, send; returns the answer."""
        self.element.get_by_role("button", name="Đính kèm").click()
        self.element.get_by_role("button", name="Ảnh mẫu").click()
        for name in samples:
            picture = self.element.locator(f'[data-sample="{name}"]')
            picture.click()
            expect(self.element.locator(f'[data-sample="{name}"][aria-pressed="true"]')).to_be_visible()
        return self.say(caption) if caption else self._act(self.element.get_by_test_id("send").click)

    def upload(self, name: str, picture: bytes, caption: str) -> str:
        """Choose a picture of one's own; returns the answer."""
        file = FilePayload(name=name, mimeType="image/jpeg", buffer=picture)
        self.element.get_by_test_id("file-input").set_input_files(file)
        return self.say(caption)

    def attach(self, name: str, file: bytes) -> str:
        """Send any file as it is; returns the answer."""
        self.element.get_by_role("button", name="Đính kèm").click()
        with self.page.expect_file_chooser() as chooser:
            self.element.locator(".panel button", has_text="Chọn tệp").click()
        payload = FilePayload(name=name, mimeType="application/octet-stream", buffer=file)
        chooser.value.set_files(payload)
        return self._act(self.element.get_by_test_id("send").click)

    def download(self, name: str) -> bytes:
        """Take the last document of this name out of the talk; returns its bytes."""
        card = self.bubbles.locator("a.document", has_text=name).last
        with self.page.expect_download() as taken:
            card.click()
        assert taken.value.suggested_filename == name
        return Path(taken.value.path()).read_bytes()

    def _act(self, act: Callable[[], None]) -> str:
        """Do one thing and wait for the first message it brings."""
        before = self.received
        act()
        expect(self.bubbles).not_to_have_count(before)
        self.gestures += 1
        return self.latest


def figure(pattern: str, text: str) -> int:
    """The one number a text says in this place."""
    found = re.search(pattern, text)
    assert found is not None, f"{pattern!r} is not in: {text}"
    return int(found[1])
