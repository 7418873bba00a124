"""The people of a measurement: each acts, waits until everything the act causes has arrived, and acts again.

They live in the process of the simulated network, so that acting and noticing cost no request of their own.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from PIL import Image

from benchmarks.province import commune
from bot.simulator.network import Event, Message, Network
from bot.simulator.store import Rendition

HANGING = 30.0  # seconds after which a step is taken for lost
ONE = frozenset({"message"})
TAPPED = frozenset({"message", "edit", "callback_answer"})

# Two rounds of corrections: the same items with other values, so that every step stores an answer.
ROUNDS = (
    ("C01 25 23 2 0", "C02 0", "C03 đạt", "C04 0", "D01 23 23", "D02 23 23", "D03 0", "D04 đạt", "E01 đạt", "E02 5 5"),
    ("C01 25 23 1 1", "C02 2 a", "C03 không đạt", "C04 1", "D01 23 22", "D02 23 22", "D03 1", "D04 không đạt",
     "E01 không đạt", "E02 5 4"),
)  # fmt: skip
PHOTO_CODES = ("B01", "B04", "F02", "G02", "A04", "G01", "G03", "G04", "G05", "H01", "H04", "A05")


Act = Callable[["Person"], frozenset[str] | None]


class StepLostError(Exception):
    """Somebody was left without the answer to what they did."""


@dataclass(eq=False)
class Person:
    """One phone; `act` does something and returns the kinds of events that end the step."""

    chat_id: int
    act: Act
    network: Network
    latest: Message | None = None  # the last message of the bot
    waiting: set[str] = field(default_factory=set)
    since: float = 0.0
    kind: str = ""  # of the step under way, for the latencies

    def hears(self, event: Event) -> bool:
        """Take note of an event; returns whether it ended the step."""
        if event.type == "message":
            self.latest = event.message
        if event.type not in self.waiting:
            return False
        self.waiting.discard(event.type)
        return not self.waiting


class Crowd:
    """People acting at once on one network, until told to stop."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.acting: dict[int, Person] = {}
        self.latencies: dict[str, list[float]] = {}
        self.steps = 0
        self.going = False
        self._ended: asyncio.Event = asyncio.Event()
        network.listen(self._heard)

    def begin(self, people: Sequence[Person]) -> None:
        """Everybody begins; `steps` and `latencies` count from here."""
        self.going = True
        self._ended.clear()
        self.acting = {person.chat_id: person for person in people}
        self.forget()
        for person in people:
            self._next(person)

    def forget(self) -> None:
        """Count from now on."""
        self.steps, self.latencies = 0, {}

    async def end(self) -> None:
        """Nobody begins another step; waits for those under way. Raises StepLostError."""
        self.going = False
        await self.finished()

    async def finished(self) -> None:
        """Wait until nobody acts any more. Raises StepLostError."""
        while self.acting:
            try:
                await asyncio.wait_for(self._ended.wait(), HANGING / 4)
            except TimeoutError:
                self._miss()
            self._ended.clear()

    def _miss(self) -> None:
        stuck = min(self.acting.values(), key=lambda person: person.since)
        waited = time.perf_counter() - stuck.since
        if waited > HANGING:
            said = stuck.latest.text if stuck.latest else "nothing"
            raise StepLostError(
                f"{len(self.acting)} people wait, one {waited:.0f} s for {sorted(stuck.waiting)}; last heard: {said}"
            )

    def _heard(self, event: Event) -> None:
        person = self.acting.get(event.chat_id)
        if person is None or not person.hears(event):
            return
        self.steps += 1
        self.latencies.setdefault(person.kind, []).append(time.perf_counter() - person.since)
        self._next(person)

    def _next(self, person: Person) -> None:
        if self.going:
            person.since = time.perf_counter()
            person.kind = "text"
            wanted = person.act(person)
            if wanted is not None:
                person.waiting = set(wanted)
                return
        del self.acting[person.chat_id]
        if not self.acting:
            self._ended.set()


# --- what they do -----------------------------------------------------------------------------------------------------


def lines(texts: Iterator[str]) -> Act:
    """Type one line after the other; each is answered by one message."""

    def act(person: Person) -> frozenset[str] | None:
        text = next(texts, None)
        if text is None:
            return None
        person.network.say(person.chat_id, text)
        return ONE

    return act


def beginning(number: int, *, one_by_one: bool) -> Iterator[str]:
    """Find the commune, press "Bắt đầu", and, for tapping, have every item asked alone."""
    return iter((f"/kiemtra {commune(number)}", "1", *(("từng nội dung",) * 2 if one_by_one else ())))


def corrections(start: int) -> Iterator[str]:
    """Answers by code without end; people stand at different places of the round."""
    endless = itertools.cycle([line for each in ROUNDS for line in each])
    return itertools.islice(endless, start % len(ROUNDS[0]), None)


def tapping(person: Person) -> frozenset[str]:
    """Press the first choice, and "skip" where figures are asked or nothing else is left to answer."""
    message = person.latest
    if message is None or not message.inline:
        raise StepLostError(f"no buttons below: {message.text if message else 'nothing'}")
    buttons = [button for line in message.inline for button in line]
    chosen = buttons[0] if len(buttons) > 1 else buttons[-1]
    person.network.tap(person.chat_id, message.message_id, chosen["callback_data"])
    return TAPPED


def with_photos(texts: Iterator[str], pictures: Iterator[Rendition], count: int) -> Act:
    """`count` steps, every sixth a photo with its code below."""
    turns = iter(range(1, count + 1))
    codes = itertools.cycle(PHOTO_CODES)

    def act(person: Person) -> frozenset[str] | None:
        turn = next(turns, None)
        if turn is None:
            return None
        if turn % 6:
            person.network.say(person.chat_id, next(texts))
        else:
            person.kind = "photo"
            person.network.photo(person.chat_id, [[next(pictures)]], caption=next(codes))
        return ONE

    return act


def pictures() -> Iterator[Rendition]:
    """A photo as the network hands it out (1280 x 960), without end and never twice the same bytes."""
    width, height = 1280, 960
    grain = Image.effect_noise((width, height), 24).convert("RGB")
    sky = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    written = io.BytesIO()
    Image.blend(grain, sky, 0.6).save(written, "JPEG", quality=80)
    body = written.getvalue()
    for number in itertools.count(time.time_ns()):
        remark = number.to_bytes(8, "big")
        comment = b"\xff\xfe" + (len(remark) + 2).to_bytes(2, "big") + remark
        yield Rendition.of(body[:2] + comment + body[2:], width, height)
