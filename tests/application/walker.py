"""Simulated inspectors: each reads what the bot last said and answers as a person would, by the words of the prompt.

They know no internals. What they mean to answer is fixed beforehand (`meant`), how they go about it is drawn: by
section or item by item, typed or tapped, photos one by one or as an album, a document among them, patiently or saying
it again.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

from PIL import Image

from bot.simulator.network import Event, Message, Network
from bot.simulator.store import Rendition
from tests.evidence import pdf

SECTION = re.compile(r"^\[[\d–-]+/\d+\] Mục ([A-I])", re.MULTILINE)
LABEL = re.compile(r"^([A-I]\d\d) ", re.MULTILINE)
STILL = re.compile(r"^\[[\d–-]+/\d+\] Mục [A-I] còn ([A-I0-9., ]+)\.", re.MULTILINE)
ITEM = re.compile(r"^(?:Các nội dung .*\. )?\[[\d–-]+/\d+\] ([A-I]\d\d(?:\.\d+)?)(, tồn tại (\d+)/\d+)?", re.MULTILINE)
REASON = re.compile(r"([A-I]\d\d) là: a\)")
NOTE = re.compile(r"([A-I]\d\d) cần ghi chú ngắn")
PHOTOS = re.compile(r"Còn \d\d ảnh: ([A-I0-9., ]+)\. ")
STORED = re.compile(r"đã ghi: (.*)")
ECHOED = re.compile(r"(?:^|; )([A-I]\d\d(?:\.\d+)?) (?!không áp dụng)")  # what does not apply is worked out, not stored


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person sent: a message by its id, or a tap; `sha256` of a photo as the network keeps it."""

    chat_id: int
    text: str
    message_id: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the bot said in a chat, in the words of that moment."""

    chat_id: int
    message_id: int
    text: str


@dataclass(slots=True)
class Log:
    """Everything that was said in both directions, in the order of the network; the checker's other witness."""

    sent: list[Sent] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def of(self, chat_id: int) -> list[Sent]:
        """What one person sent."""
        return [each for each in self.sent if each.chat_id == chat_id]

    def told(self, chat_id: int) -> list[Heard]:
        """What one person was told."""
        return [each for each in self.heard if each.chat_id == chat_id]


def meant(number: int) -> dict[str, dict[str, Any]]:
    """What inspector `number` means to answer where figures are typed, as the database is to hold it."""
    return {
        "C01": {"tong": 20 + number, "co_mat": 18 + number, "vang_co_ly_do": 2, "vang_khong_ly_do": 0},
        "C02": {"gia_tri": {"$number": str(number)}},
        "E02": {"tong": 5 + number, "hai_long": 5 + number},
        "F04": {"gia_tri": {"$number": str(1300 + number)}},
        "A04": {"tong": 30 + number, "da_quan_triet": 30 + number},
        "H02": {"tong": 40 + number, "dung_han": 40 + number, "tre_han": 0, "qua_han": 0, "trong_han": 0},
    }


def words(number: int) -> dict[str, str]:
    """How inspector `number` types those answers that "đạt" does not say."""
    n = number
    return {
        "A01": "12/KH-UBND 06/02/2026",
        "A04": f"{30 + n} {30 + n}",
        "B02": "45/QĐ-UBND 15/7/2025 phù hợp",
        "B03": "20/KH-UBND 20/02/2026",
        "C01": f"{20 + n} {18 + n} 2 0",
        "C02": str(n),
        "E02": f"{5 + n} {5 + n}",
        "F01": "4 4",
        "F04": str(1200 + n),  # corrected before the end
        "F07": "98,6",
        "H02": f"{40 + n} {40 + n} 0 0 0",
        "H03": "0",
        "I02": "88/BC-UBND 20/3/2026",
        "I03": "1",
        "I04": "không có",
    }


class Inspector:
    """One person with a phone, who wants to inspect one unit and sign."""

    def __init__(self, network: Network, log: Log, chat_id: int, unit: str, *, number: int, random: Random) -> None:
        self.network, self.log, self.chat_id, self.unit = network, log, chat_id, unit
        self.number, self.random = number, random
        self.words = words(number)
        self.signed = False
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self._last = ""
        self._said = ""
        self._corrected = False
        self._photographed: set[str] = set()
        self._pictures = 0
        self._filed = False
        network.listen(self._hear)

    def _hear(self, event: Event) -> None:
        if event.chat_id == self.chat_id and event.type == "message" and event.message is not None:
            message = event.message
            text = message.text if message.text is not None else message.caption
            self.log.heard.append(Heard(self.chat_id, message.message_id, text or ""))
            self.messages.put_nowait(message)

    async def walk(self) -> None:
        """From /kiemtra to the signature; whoever hears nothing for a while sometimes says it again."""
        self.say("/kiemtra")
        while not self.signed:
            try:
                newest = [await asyncio.wait_for(self.messages.get(), self.random.uniform(0.4, 4.0))]
            except TimeoutError:
                if self._said and self.random.random() < 0.3:
                    self.say(self._said)
                continue
            await asyncio.sleep(self.random.uniform(0, 0.03))  # reading
            while not self.messages.empty():
                newest.append(self.messages.get_nowait())
            self._react(newest)

    def _react(self, newest: list[Message]) -> None:
        for message in reversed(newest):
            text = (message.text if message.text is not None else message.caption) or ""
            if "Đã ký lúc" in text:
                self.signed = True
                return
            if self._answer(text, message):
                return

    def _answer(self, text: str, message: Message) -> bool:
        """Do what this message asks for; False if it asks nothing."""
        explained = [f"{code} a" for code in REASON.findall(text)]
        explained += [f"{code} ghi chú chưa bố trí người trực thay" for code in NOTE.findall(text)]
        if (menu := self._menu(text)) is not None:
            self._choose(message, menu)
        elif STILL.search(text) or SECTION.search(text):
            self._section(text, message, explained)
        elif found := ITEM.search(text):
            self._item(found, message, explained)
        elif explained:
            self.say(", ".join(explained))
        elif owed := PHOTOS.search(text):
            return self._photos(text, [code.strip() for code in owed[1].split(",")])
        else:
            return False
        return True

    def _menu(self, text: str) -> str | None:
        if "Đề nghị gõ tên đơn vị" in text:
            return self.unit
        if "Câu này đã trả lời" in text:
            return "2"
        if "1. Hoàn thành" in text and not self._corrected:
            self._corrected = True
            self.words["F04"] = str(1300 + self.number)
            return f"F04 {1300 + self.number}"
        signs = ("1. Bắt đầu", "1. Hoàn thành", "1. Ký", "1. Xác nhận và ký", "Ảnh này là:", "Chọn đơn vị")
        return "1" if any(sign in text for sign in signs) else None

    def _choose(self, message: Message, value: str) -> None:
        first = first_choice(message)
        if value == "1" and first and self.random.random() < 0.5:
            self.tap(message, first)
        else:
            self.say(value)

    def _section(self, text: str, message: Message, explained: list[str]) -> None:
        still = STILL.search(text)
        if still is None and not explained and self.random.random() < 0.15:
            self.say("từng nội dung")
            return
        codes = [c.strip() for c in still[1].split(",")] if still else LABEL.findall(text)
        typed = [f"{code} {self.words[code]}" for code in codes if code in self.words]
        if len(typed) < len(codes):
            typed.append("còn lại đạt")
        self.say(", ".join([*explained, *typed]))

    def _item(self, found: re.Match[str], message: Message, explained: list[str]) -> None:
        code = found[1].partition(".")[0]
        first = first_choice(message)
        if first and code not in self.words and not explained and self.random.random() < 0.5:
            self.tap(message, first)
        elif code == "I03" and found[3]:
            self.say(f"I03.{found[3]} đã khắc phục")
        else:
            self.say(", ".join([*explained, f"{code} {self.words.get(code, 'đạt')}"]))

    # --- photos ----------------------------------------------------------------------------------------------

    def _photos(self, text: str, codes: list[str]) -> bool:
        """Send what is owed, once: a repeated prompt gets no second picture of the same thing."""
        wanted = [code for code in codes if code not in self._photographed]
        if not wanted:
            return False
        if not self._filed:
            self._filed = True
            self.file("quy-che.pdf", pdf(f"{self.chat_id}"), caption="B02")
        self._photographed.update(wanted)
        if len(wanted) > 1 and self.random.random() < 0.7:
            self.photograph(wanted, caption=" ".join(wanted))
        else:
            for code in wanted:
                self.photograph([code], caption=code)
        return True

    def photograph(self, codes: list[str], caption: str) -> None:
        """One message, or an album, of pictures nobody has sent before."""
        sizes = []
        for _ in codes:
            self._pictures += 1
            body = picture(self.chat_id, self._pictures)
            sizes.append((Rendition.of(body, 64, 48),))
        for message in self.network.photo(self.chat_id, sizes, caption=caption):
            sha = hashlib.sha256(self._bytes(message)).hexdigest()
            self.log.sent.append(Sent(self.chat_id, message.caption or "", message.message_id, sha))
        self._said = ""

    def file(self, name: str, body: bytes, caption: str) -> None:
        """One document nobody has sent before."""
        message = self.network.document(self.chat_id, body, name, caption=caption)
        self.log.sent.append(Sent(self.chat_id, caption, message.message_id, hashlib.sha256(body).hexdigest()))
        self._said = ""

    def _bytes(self, message: Message) -> bytes:
        body = self.network.store.blob(message.photo[-1].digest)
        assert body is not None
        return body

    # --- words and taps --------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Type a text."""
        message = self.network.say(self.chat_id, text)
        self.log.sent.append(Sent(self.chat_id, text, message.message_id))
        self._said = text

    def tap(self, message: Message, data: str) -> None:
        """Press a button; a nervous thumb presses it twice."""
        for _ in range(2 if self.random.random() < 0.2 else 1):
            self.network.tap(self.chat_id, message.message_id, data)
            self.log.sent.append(Sent(self.chat_id, f"tap {data}"))
        self._said = ""


def first_choice(message: Message) -> str:
    """What the button of choice 1 sends; empty where there is none."""
    buttons = [button for row in message.inline or [] for button in row]
    return next((str(b["callback_data"]) for b in buttons if b["text"].startswith("1.")), "")


def picture(chat_id: int, number: int) -> bytes:
    """A small photo that differs from every other."""
    image = Image.new("RGB", (64, 48), (chat_id % 251, number * 7 % 251, 90))
    for place, bit in enumerate(f"{chat_id * 1000 + number:032b}"):
        image.paste((255 * int(bit), 40, 200), (place * 2, 0, place * 2 + 2, 48))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return stream.getvalue()
