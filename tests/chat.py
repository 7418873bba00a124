"""Plays a plain-text transcript through the real conversation and compares every message the bot sends, to everybody.

Between any two lines the state lies in SQLite only: conversation and ledger are made anew for each event, and
`--- restart` also opens the file anew. A transcript is played for two networks, which differ in what they can show:

* FULL (buttons, edits, numbered messages): `{label}` taps the button, and only if it is shown now;
* PLAIN (text of 2,000 characters, nothing else): `{label}` types what the choice stands for;
* ZALO is Zalo as the channel describes it: as PLAIN, and photos have no albums, so that a talk in which somebody does
  what a Zalo phone cannot (an album, a position, an edit) is not played on it; of a recording it tells that there is
  one and hands over nothing;
* METERED is the same with a monthly number of messages, for the talks written for it alone; PICTURELESS, of those,
  is Zalo without an address of ours from which it could take a picture.

For all but FULL the player takes five differences out before it compares, and checks the first four: parts "(1/2) …"
are put together, the line "Hoặc gõ: …" is dropped, the choices (which FULL shows as buttons) must all be typed ones,
for the files of a document (FULL shows each as `[tệp name] words`) stands one text, and what a tap shows for a moment
(«…») does not exist. Which document it is, for whom, is read as in the product; the file itself is not made here.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from bot import papers
from bot.channels.port import Capabilities, ChannelOptions, Outgoing
from bot.channels.zalo import ZaloChannel
from bot.conversation import Conversation, Event
from bot.delivery import LATE
from bot.fetcher import judged
from bot.ledger import Ledger, Outcome
from bot.pictures import RefusedError
from bot.reminding import speak
from bot.render import render
from bot.tasks import TASKS
from bot.tasks.base import Means
from inspection.figures import day
from inspection.messages import BURST, Chat, Incoming, Kind, Media
from inspection.reminders import OPENS
from inspection.visit import Visit
from inspection.walk import Walk, echo_of
from inspection.working_days import LOCAL
from scheduler import succession
from scheduler.remind import Sweep
from storage import builtin, checklists, documents, errands, invitations, lineage, people, visits
from storage.database import Database
from storage.evidence import EvidenceStore, PhotoRequest
from storage.inbox import Arrival
from storage.lineage import Step
from storage.outbox import MARKS, Mark, Parcel
from storage.tables import answers as answer_rows
from storage.tables import findings as finding_rows
from storage.tables import obligations as obligation_rows
from storage.tables import people as people_rows
from storage.tables import photos as photo_rows
from storage.tables import roles as role_rows
from storage.tables import visits as visit_rows
from storage.tables import work_hours
from tests.cast import ACCOUNT, CAST, NETWORK, UNITS, Member, picture
from tests.evidence import HEIC, VIDEO, VOICE, named, scene, with_exif
from tests.workbooks_sent import WORKBOOKS

FULL = Capabilities(
    4096, 1024, buttons=True, edits=True, numbered_messages=True, burst_silence=2.0, max_file=50 * 1024 * 1024
)
PLAIN = Capabilities(2000, 2000, buttons=False, edits=False, numbered_messages=False, burst_silence=90.0)
ZALO = ZaloChannel("1:z", options=ChannelOptions(90.0, address=str)).capabilities
METERED = replace(ZALO, monthly_messages=3000, users=50)
PICTURELESS = replace(METERED, photos=False)
NETWORKS = {"full": FULL, "plain": PLAIN, "zalo": ZALO, "metered": METERED, "pictureless": PICTURELESS}
EVERYWHERE = "full, plain, zalo"  # where a talk is played that names no network
NOT_ON_ZALO = re.compile(
    r"\[album|\[vị trí|\[tệp|\[mở lại|\[chặn|^\S+ (?:sửa tin|chuyển tiếp|trong nhóm)>", re.MULTILINE
)

GROUP = "-500"
ONE_MOMENT = timedelta(milliseconds=10)  # between any two messages; no clock in a transcript shows it
_LINE = re.compile(
    r"^(?P<who>[^\W\d_]+)(?: (?P<how>sửa tin|chuyển tiếp|trong nhóm|chưa thấy tin trên))?>\s(?P<what>.+)$"
)
_BOT = re.compile(r"^bot(?: to (?P<who>[^>]+))?>(?: (?P<text>.*))?$")
_PART = re.compile(r"^\((\d+)/(\d+)\) ")
_FILE = re.compile(r"^(?P<what>tệp|tin thoại|video)(?: (?P<how>hỏng))?(?: (?P<name>[\w.-]+\.\w+))?(?: \".+\")?$")
_PICTURE = re.compile(
    r"^(?:ảnh(?: hỏng)?|cùng ảnh|tệp ảnh(?: HEIC)?|album \d+ ảnh)"
    r"(?: cảnh \d+(?: chụp lại)?)?(?: chụp [\d/]+ \d\d:\d\d)?(?: tại [\d,]+ [\d,]+)?"
    r"(?:(?: |, chú thích )\"[^\"]+\")?(?:, thứ tự \d+(?: \d+)*)?(?:, ảnh \d+ đến muộn)*$"
)
_PAPER = re.compile(r"^\[tệp [^\]]+\] ", re.MULTILINE)  # how a transcript writes a document, in no language
_CODES = re.compile(r"\b[A-I]\d{2}(?:\.\d+)?\b")


class TranscriptError(AssertionError):
    """The talk did not go as the transcript says."""


# --- the file -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One step of a transcript: what happens, and what the bot is expected to say to it."""

    number: int  # in the file
    text: str
    expected: list[tuple[str, str]] = field(default_factory=list)  # (to whom, "" for who is speaking; text)


@dataclass(slots=True)
class Transcript:
    """A file, taken apart."""

    path: Path
    headers: dict[str, str]
    lines: list[Line]


def read(path: Path) -> Transcript:
    """Take a transcript apart. Raises TranscriptError where a line is none of the known ones."""
    headers: dict[str, str] = {}
    lines: list[Line] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = raw.rstrip()
        if not text or text.startswith("#"):
            continue
        bot = _BOT.match(text)
        if bot and lines:
            lines[-1].expected.append((bot["who"] or "", bot["text"] or ""))
        elif raw.startswith("     ") and lines and lines[-1].expected:
            who, said = lines[-1].expected[-1]
            lines[-1].expected[-1] = (who, f"{said}\n{raw[5:].rstrip()}")
        elif (header := re.match(r"^(\w+): (.+)$", text)) and not lines and header[1] != "stored":
            headers[header[1]] = header[2]
        elif text.startswith(("--- ", "stored: ")) or _LINE.match(text):
            lines.append(Line(number, text))
        else:
            raise TranscriptError(f"{path.name}:{number}: not a line of a transcript: {text}")
    if not {"people", "clock"} <= set(headers):
        raise TranscriptError(f"{path.name}: needs people: and clock:")
    return Transcript(path, headers, lines)


def played_on(transcript: Transcript, network: str) -> bool:
    """Whether a talk is written for a network, and can happen there."""
    if network not in transcript.headers.get("network", EVERYWHERE):
        return False
    return network != "zalo" or not NOT_ON_ZALO.search(transcript.path.read_text(encoding="utf-8"))


def rewrite(transcript: Transcript, said: dict[int, list[tuple[str, str]]], stored: dict[int, str]) -> None:
    """Write the file with the bot's lines as they are now; everything a person wrote stays."""
    if os.environ.get("CI"):
        raise TranscriptError("transcripts are not rewritten in CI")
    starts = {line.number for line in transcript.lines}
    kept: list[str] = []
    skipping = False
    for number, raw in enumerate(transcript.path.read_text(encoding="utf-8").splitlines(), start=1):
        if number in starts:
            skipping = False
            kept.append(f"stored: {stored[number]}" if number in stored else raw)
            for who, text in said.get(number, ()):
                first, *more = text.split("\n")
                kept += [f"bot{f' to {who}' if who else ''}> {first}", *(f"     {line}" for line in more)]
        elif _BOT.match(raw) or (raw.startswith("     ") and skipping):
            skipping = True
        else:
            skipping = False
            kept.append(raw)
    transcript.path.write_text("\n".join(kept) + "\n", encoding="utf-8")


# --- the network ----------------------------------------------------------------------------------------------------


class Clock:
    """Business time, moved by the transcript alone."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def tick(self) -> datetime:
        self.moment += ONE_MOMENT
        return self.moment


class SeededIds:
    """Ids in the order they are asked for."""

    def __init__(self) -> None:
        self.count = 0

    def new_id(self) -> str:
        self.count += 1
        return f"{self.count:032x}"

    def token(self) -> str:
        self.count += 1
        return f"t{self.count:011d}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it stands in a chat."""

    message_id: int
    parcel: Parcel
    messages: tuple[Outgoing, ...]

    def labels(self) -> list[str]:
        return [label for label, _ in self.parcel.payload.get("choices", ())]


class Play:
    """One transcript on one network."""

    def __init__(self, transcript: Transcript, url: str, evidence: EvidenceStore, network: str) -> None:
        self.transcript = transcript
        self.url = url
        self.capabilities = NETWORKS[network]
        self.burst = BURST if network in ("zalo", "metered") else ""
        self.recordings = network in ("full", "plain")  # elsewhere it is only told that there is one
        self.evidence = evidence
        self.clock = Clock(_moment(transcript.headers["clock"]).astimezone(UTC))
        self.ids = SeededIds()
        self.database = Database(url)
        self.present = _people_of(transcript)
        self.speaker = self.present[0]
        self.readers: list[tuple[str, str]] = []  # everything said: the reader's language, "" of nobody known; words
        self._set_languages()
        self.chats: dict[str, list[Shown]] = {}
        self.edited: set[int] = set()
        self.said: list[tuple[str, str]] = []
        self.bytes: dict[str, bytes] = {}
        self.pictures = 0
        self.late: list[visits.AwaitedPhoto] = []
        self.unfetchable = False
        self.row: list[visits.AwaitedPhoto] | None = None
        self.busy = False  # what is ordered aside is not done yet
        self.fetch_order: list[int] = []
        self.unfetched_parts: set[int] = set()
        self.message_id = 100
        self.updates = 0
        self.before_reply = (0, self.clock.now())  # ids and times still free right after the last message of a person
        self.last: list[Event] = []
        self.gestures = self.messages = 0
        self.codes: dict[str, str] = {}

    # --- running ---------------------------------------------------------------------------------------------

    def run(self) -> tuple[dict[int, list[tuple[str, str]]], dict[int, str]]:
        """Play every line; returns what was said and what was stored, by line of the file."""
        said: dict[int, list[tuple[str, str]]] = {}
        stored: dict[int, str] = {}
        try:
            for line in self.transcript.lines:
                self.said = []
                if line.text.startswith("stored: "):
                    stored[line.number] = self._stored(line.text.removeprefix("stored: "))
                elif line.text.startswith("--- "):
                    self._directive(line.text.removeprefix("--- ").strip())
                else:
                    self._person(line.text)
                said[line.number] = self.said
        except TranscriptError as error:
            raise TranscriptError(f"{self.transcript.path.name}:{line.number}: {line.text}\n{error}") from error
        finally:
            self.database.stop()
        return said, stored

    def _set_languages(self) -> None:
        """`english: Thịnh, Hạnh` are those who read English."""
        for short in self.transcript.headers.get("english", "").split(", "):
            member = next((m for m in CAST if m.short == short), None)
            if member is not None:
                self._transact(lambda connection, member=member: people.set_language(connection, member.id, "en"))

    def _language_of(self, chat_id: str) -> str:
        found = self._transact(
            lambda c: c.execute(select(people_rows.c.language).where(people_rows.c.id == f"p-{chat_id}")).scalar()
        )
        return str(found or "")

    def _transact(self, work: Any) -> Any:
        with self.database.engine.begin() as connection:
            return work(connection)

    def _submit(self, events: list[Event]) -> None:
        """One batch of the real conversation, then everything it leads to."""
        self.clock.tick()
        conversation = Conversation(
            now=self.clock.now,
            ids=self.ids,
            numbered=lambda _chat: self.capabilities.numbered_messages,
            manner=lambda _chat: self.capabilities.manner(),
        )
        outcomes: list[Outcome] = self._transact(lambda connection: conversation.run(connection, events))
        for outcome in outcomes:
            self._show([*outcome.parcels])
            for _, _, words in outcome.taps:
                if words and not outcome.parcels:
                    self.said.append((self._to(self.speaker.user_id), f"«{words}»"))

    # --- what the bot says -----------------------------------------------------------------------------------

    def _show(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            if parcel.next_try_at is not None and parcel.next_try_at > self.clock.now():
                continue  # a notice that waits for office hours
            payload = self._payload(parcel)
            if payload is None:
                continue
            sent = render(payload, self.capabilities, parcel.token, parcel.chat.chat_id, self._shown_bytes(payload))
            for message in sent:
                self._within_limits(message)
            self.message_id += len(sent)
            shown = Shown(self.message_id, replace(parcel, payload=payload), tuple(sent))
            self.chats.setdefault(parcel.chat.chat_id, []).append(shown)
            if payload.get("edit"):
                self._edit(payload["edit"])
            mark = Mark(parcel.id, "sent", self.clock.tick(), self.message_id)
            self._transact(lambda connection, mark=mark: MARKS.run(connection, [mark]))
            self.messages += len(sent)
            labels = [label for label, _ in payload.get("choices", ())]
            words = "\n".join([*(message.text for message in sent), *labels])
            self.readers.append((self._language_of(parcel.chat.chat_id), _PAPER.sub("", words)))
            self.said.append((self._to(parcel.chat.chat_id), self._text(shown, payload)))

    def _payload(self, parcel: Parcel) -> dict[str, Any] | None:
        """As it is, or made at the moment of sending."""
        if parcel.kind == "digest" or (LATE - {"paper"}) & parcel.payload.keys():
            return self._transact(partial(speak, parcel=parcel, now=self.clock.now()))  # type: ignore[no-any-return]
        return self._paper(parcel) if "paper" in parcel.payload else parcel.payload

    def _shown_bytes(self, payload: dict[str, Any]) -> bytes:
        shown = payload["document"]["sha256"] if payload.get("document") else payload.get("photo")
        if not shown:
            return b""
        passing = self.evidence.passing
        return (passing if passing.exists(shown) else self.evidence).get(shown)

    def _paper(self, parcel: Parcel) -> dict[str, Any] | None:
        """What a document is sent with, as the service decides it; on PLAIN its text is checked, not compared."""
        order = self._transact(partial(papers.ordered, parcel=parcel, now=self.clock.now()))
        if order is None:
            return None
        if self.capabilities.max_file:
            return {"text": f"[tệp {order.name}] {order.text}"}
        if not any(f"{way} " in order.instead for way in ("/baocao", "/report", "/quahan", "/overdue")):
            raise TranscriptError(f"without files nobody is told how to get it: {order.instead}")
        return None

    def _within_limits(self, message: Outgoing) -> None:
        limit = self.capabilities.max_caption if message.photo or message.document else self.capabilities.max_text
        if message.document and len(message.document.data) > self.capabilities.max_file:
            raise TranscriptError(f"the network takes no such file: {message.document.name}")
        if len(message.text) > limit or (message.buttons and not self.capabilities.buttons):
            raise TranscriptError(f"the network cannot show: {message.text[:80]}")

    def _edit(self, edit: list[Any]) -> None:
        """An edit only repeats what stood there, with the answer below, and takes the buttons away."""
        message_id, text = edit
        before = next(s for shown in self.chats.values() for s in shown if s.message_id == message_id)
        if not text.startswith(before.parcel.payload["text"] + "\n→ "):
            raise TranscriptError(f"an edit that says something new: {text}")
        self.edited.add(message_id)

    def _text(self, shown: Shown, payload: dict[str, Any]) -> str:
        """The message as the transcript writes it: [ảnh] or [tệp a.xlsx], the text, the choices in braces."""
        parts = [_PART.sub("", message.text) for message in shown.messages]
        if len(parts) > 1 and (shown.messages[0].photo or shown.messages[0].document):
            parts = parts[1:]  # the headline of a picture or file repeats the first line
        text = "\n".join(parts)
        choices = payload.get("choices", ())
        if not self.capabilities.buttons:
            text = self._without_typed(text, choices)
        if any(message.photo for message in shown.messages):
            text = f"[ảnh] {text}"
        for name in (message.document.name for message in shown.messages if message.document):
            text = f"[tệp {name}] {text}"
        return "\n".join([text, " ".join(f"{{{label}}}" for label, _ in choices)]) if choices else text

    @staticmethod
    def _without_typed(text: str, choices: Any) -> str:
        body, found, line = text.rpartition("\nHoặc gõ: ")
        if not found:
            body, found, line = text.rpartition("\nOr type: ")
        if not found:
            body, line = text, ""
        for label, value in choices:
            offered = f"{body}\n{line}".casefold()
            if value.casefold() not in offered and label.casefold() not in offered:
                raise TranscriptError(f"without buttons nobody can choose {label!r} ({value!r})")
        return body

    def _to(self, chat_id: str) -> str:
        if chat_id == GROUP:
            return "nhóm"
        return "" if chat_id == self.speaker.user_id else next(m.short for m in CAST if m.user_id == chat_id)

    # --- what people do --------------------------------------------------------------------------------------

    def _person(self, text: str) -> None:
        found = _LINE.match(text)
        assert found is not None
        self.speaker = next((m for m in self.present if m.short == found["who"]), self.speaker)
        if self.speaker.short != found["who"]:
            raise TranscriptError(f"{found['who']} is not among people:")
        self.gestures += 1
        how, what = found["how"] or "", _with_codes(found["what"], self.codes)
        if what.startswith("{") and what.endswith("}"):
            incoming = [self._choice(what[1:-1], how)]
        elif what.startswith("[") and what.endswith("]"):
            incoming = self._gesture(what[1:-1], how)
        else:
            incoming = [self._incoming(Kind.TEXT, how, text=what)]
        self._hear(incoming)

    def _hear(self, incoming: list[Incoming]) -> None:
        self.last = [Event(self._arrival(), one) for one in incoming]
        for event in self.last:
            self._submit([event])
        self._fetch()
        if not self.busy:
            self._errands()

    def _arrival(self) -> Arrival:
        self.updates += 1
        return Arrival(NETWORK, ACCOUNT, str(self.updates), {"n": self.updates}, self.clock.now())

    def _incoming(self, kind: Kind, how: str = "", **more: Any) -> Incoming:
        if how == "chưa thấy tin trên":
            message_id, sent_at = self.before_reply
            self.before_reply = (message_id + 1, sent_at + timedelta(microseconds=1))
        else:
            self.message_id += 20
            message_id, sent_at = self.message_id - 19, self.clock.tick()
            self.before_reply = (message_id + 1, sent_at + timedelta(microseconds=1))
        group = how == "trong nhóm"
        return Incoming(
            kind, Chat(NETWORK, ACCOUNT, GROUP if group else self.speaker.user_id), self.speaker.user_id,
            message_id=message_id, sent_at=sent_at, private=not group, trusted=how != "chuyển tiếp",
            edited=how == "sửa tin", **more,
        )  # fmt: skip

    def _choice(self, label: str, how: str, *, old: bool = False) -> Incoming:
        shown = [s for s in self.chats.get(self.speaker.user_id, ()) if s.parcel.payload.get("choices")]
        if old:
            shown = [s for s in shown[:-1] if label in s.labels()]
        if not shown or label not in shown[-1].labels() or (shown[-1].message_id in self.edited and not old):
            raise TranscriptError(f"the bot does not show {{{label}}} now")
        index = shown[-1].labels().index(label)
        parcel = shown[-1].parcel
        if not self.capabilities.buttons:
            return self._incoming(Kind.TEXT, how, text=parcel.payload["choices"][index][1])
        data = next(b.data for m in shown[-1].messages for row in m.buttons for b in row if b.label == label)
        tapped = self._incoming(Kind.TAP, how, token=data, callback=f"cb{self.updates}")
        return _replaced(tapped, message_id=shown[-1].message_id)

    def _gesture(self, what: str, how: str) -> list[Incoming]:
        """A photo, an album, a workbook, a Word template, or one of the things that are no answer."""
        if made := re.match(r"(?:sổ tính|mẫu Word) (.+)", what):
            return [self._incoming(Kind.FILE, how, media=self._workbook(made[1]))]
        kinds = {"vị trí": Kind.PLACE, "nhãn dán": Kind.OTHER, "mở lại": Kind.JOINED, "chặn": Kind.LEFT}
        if what in kinds:
            place = (21.85, 106.76) if what == "vị trí" else None
            return [self._incoming(kinds[what], how, place=place)]
        caption = found[1] if (found := re.search(r"\"(.+)\"", what)) else ""
        if file := _FILE.match(what):
            return [self._evidence(file, how, caption)]
        if _PICTURE.match(what):
            return self._pictures(what, how, caption)
        raise TranscriptError(f"nobody can send [{what}]")  # taken for a photo it would assert the wrong thing

    def _evidence(self, file: re.Match[str], how: str, caption: str) -> Incoming:
        """A file, or a recording as this network hands it over."""
        kind = {"tệp": Kind.FILE, "tin thoại": Kind.VOICE, "video": Kind.VIDEO}[file["what"]]
        if kind is Kind.FILE or self.recordings:
            return self._incoming(kind, how, text=caption, media=self._file(file))
        return self._incoming(kind if kind is Kind.VOICE else Kind.OTHER, how)

    def _pictures(self, what: str, how: str, caption: str) -> list[Incoming]:
        """One photo, or the parts of an album."""
        album = re.match(r"album (\d+) ảnh", what)
        count = int(album[1]) if album else 1
        self.unfetched_parts = {int(n) for n in re.findall(r"ảnh (\d+) đến muộn", what)}
        order = re.search(r"thứ tự ([\d ]+)", what)
        self.fetch_order = [int(n) - 1 for n in order[1].split()] if order else list(range(count))
        group = f"g{self.updates}" if album else self.burst
        return [
            self._incoming(Kind.PHOTO, how, text=caption if n == 0 else "", media=self._media(what), album=group)
            for n in range(count)
        ]

    def _media(self, what: str) -> Media:
        if not what.startswith("cùng ảnh"):
            self.pictures += 1
        ref = f"r{len(self.bytes)}"
        data = self._picture(what)
        self.bytes[ref] = data[: len(data) // 2] if what.startswith("ảnh hỏng") else data
        return Media(ref, mime="image/jpeg" if what.startswith("tệp ảnh") else "")

    def _workbook(self, name: str) -> Media:
        ref, which = f"w{len(self.bytes)}", name.rpartition(", ")[2]
        if which not in WORKBOOKS:
            raise TranscriptError(f"there is no workbook or template {which!r}")
        self.bytes[ref] = WORKBOOKS[which]()
        return Media(ref, size=len(self.bytes[ref]), name=name.partition(", ")[0])

    # --- errands ---------------------------------------------------------------------------------------------

    def _errands(self) -> None:
        """What was ordered aside is done and told, until nothing is left; then what that ordered."""
        while ordered := self._transact(errands.waiting):
            for errand in ordered:
                self._submit(
                    [Event(None, Incoming(Kind.DONE, errand.chat, errand.user_id, details=self._done(errand)))]
                )

    def _done(self, errand: errands.Errand) -> dict[str, Any]:
        if self.unfetchable:
            self.unfetchable = False
            return {"errand": errand.id, "outcome": "failed", "attempts": 1, "reason": "đứt",
                    "next_try_at": self.clock.now()}  # fmt: skip
        media = errand.details.get("media")
        data = self.bytes[media["ref"]] if media else b""
        most = max(self.capabilities.max_file, self.capabilities.max_handout)
        means = Means(self._transact, self.evidence, self.clock.now(), most, data)
        return {"errand": errand.id, **TASKS[errand.kind].work(errand, means)}

    def _picture(self, what: str) -> bytes:
        """A plain one, `cảnh 3` with something to see, or a camera's (`chụp 12/7/2026 15:20 tại 21,0 105,8`)."""
        if what.startswith("tệp ảnh HEIC"):
            return HEIC
        if seen := re.search(r"cảnh (\d+)( chụp lại)?", what):
            return scene(int(seen[1]), again=bool(seen[2]))
        taken = re.search(r"chụp ([\d/]+ \d\d:\d\d)", what)
        place = re.search(r" tại ([\d,]+) ([\d,]+)", what)
        if not taken and not place:
            return picture(self.pictures)
        where = (float(place[1].replace(",", ".")), float(place[2].replace(",", "."))) if place else None
        return with_exif(self.pictures, taken_at=_moment(taken[1]) if taken else None, place=where)

    def _file(self, file: re.Match[str]) -> Media:
        """`tệp quy-che.pdf`, `tệp hỏng quy-che.pdf`, `tin thoại`, `video`."""
        ref = f"r{len(self.bytes)}"
        name = file["name"] or ("tai-lieu.pdf" if file["what"] == "tệp" else "")
        try:
            data = {"tin thoại": VOICE, "video": VIDEO}.get(file["what"]) or named(name)
        except KeyError as error:
            raise TranscriptError(f"there is no file of the kind of {name}") from error
        self.bytes[ref] = data[:-20] if file["how"] == "hỏng" else data
        return Media(ref, size=len(data), name=name)

    # --- photos ----------------------------------------------------------------------------------------------

    def _fetch(self) -> None:
        """Download what is awaited, in the order the transcript says; then the album falls silent."""
        waiting: list[visits.AwaitedPhoto] = self._transact(visits.awaited_photos)
        fresh = [p for p in waiting if p.id not in {late.id for late in self.late}]
        fresh.sort(key=lambda p: int(p.media.ref[1:]))
        order = self.fetch_order if len(self.fetch_order) == len(fresh) else list(range(len(fresh)))
        for place in order:
            if place + 1 in self.unfetched_parts or self.unfetchable:
                self._not_yet(fresh[place], told=self.unfetchable)
            else:
                self._arrive(fresh[place])
        self.unfetchable = self.unfetchable and not fresh
        self.fetch_order, self.unfetched_parts = [], set()
        if self.row is None:
            self._silence(fresh)
        else:
            self.row += fresh

    def _silence(self, photos: list[visits.AwaitedPhoto]) -> None:
        """For a while nothing more of these albums comes."""
        for chat, user_id, album in dict.fromkeys((p.chat, p.user_id, p.album) for p in photos if p.album):
            self._submit([Event(None, Incoming(Kind.QUIET, chat, user_id, album=album, details={"album": album}))])

    def _not_yet(self, photo: visits.AwaitedPhoto, *, told: bool) -> None:
        self.late.append(photo)
        if told:
            self._tell(photo, {"outcome": "failed", "attempts": 1, "reason": "chưa tải được ảnh",
                               "next_try_at": self.clock.now() + timedelta(seconds=2)})  # fmt: skip

    def _arrive(self, photo: visits.AwaitedPhoto) -> None:
        data = self.bytes[photo.media.ref]
        request = PhotoRequest(photo.id, photo.chat, photo.user_id, photo.media, kind=photo.kind,
                               proof=photo.obligation_id is not None)  # fmt: skip
        try:
            found = judged(request, data)
        except RefusedError as error:
            self._tell(photo, {"outcome": "refused", "reason": str(error)})
            return
        self._tell(photo, {"outcome": "stored", "sha256": self.evidence.put(data), "size": len(data), **found})

    def _tell(self, photo: visits.AwaitedPhoto, details: dict[str, Any]) -> None:
        base = {"photo_id": photo.id, "album": photo.album, "attempts": 0}
        self._submit([Event(None, Incoming(Kind.FETCHED, photo.chat, photo.user_id, details=base | details))])

    # --- what else happens -----------------------------------------------------------------------------------

    def _directive(self, text: str) -> None:
        plain = {
            "restart": self._restart,
            "same message again": self._same_message,
            "same update again": self._same_update,
            "the photo cannot be fetched": self._cut_off,
            "the next photos come in a row": self._row_begins,
            "photo arrives late": self._late_photos,
            "the file cannot be fetched": self._cut_off,
            "work takes long": self._work_takes_long,
            "the work is done": self._work_is_done,
        }
        if text in plain:
            plain[text]()
            return
        for pattern, act in self._patterns():
            if found := re.match(pattern + "$", text):
                act(found)
                return
        self._move(_moment(text).astimezone(UTC))

    def _patterns(self) -> Iterator[tuple[str, Callable[[re.Match[str]], object]]]:
        """What else may stand behind "--- ": a pattern and what happens."""
        yield r"tap the old button \{(.+)\}", lambda f: self._hear([self._choice(f[1], "", old=True)])
        yield (
            r"(\d+) (day|hour|minute)s? later",
            lambda f: self._move(self.clock.now() + timedelta(**{f"{f[2]}s": int(f[1])})),
        )
        yield r"switched off until (.+)", lambda f: self._move(_moment(f[1]).astimezone(UTC), sweeps=False)
        yield (
            r"a new version of the checklist with (\w+) instead of (\w+)",
            lambda f: self._new_version(new=f[1], old=f[2]),
        )
        yield r"(\w+) is no longer (\S+)", lambda f: self._dismiss(f[1])
        yield r"(\w+) is (admin|unit-head|delegate) as well at (.+)", lambda f: self._appoint(f[1], f[2], f[3])
        yield r"(.+) (?:is split among|goes into) (.+)", lambda f: self._reform(f[1], f[2].split(" and "))
        yield r"(.+) works from (\S+) to (\S+) on weekdays", lambda f: self._hours(f[1], f[2], f[3])
        yield (
            r"an invitation (\w+) for (\w+)(?:, (\d+) hours)?",
            lambda f: self._invite(f[1], f[2], int(f[3] or 72)),
        )

    def _restart(self) -> None:
        self.database.stop()
        self.database = Database(self.url)

    def _same_message(self) -> None:
        """The person sent the same once more, before any reply was on the screen."""
        again = [event.incoming for event in self.last if event.incoming is not None]
        if again[0].kind is Kind.TAP:
            self._hear(again)
            return
        message_id, sent_at = self.before_reply
        self._hear([_replaced(one, message_id=message_id + n, sent_at=sent_at) for n, one in enumerate(again)])

    def _same_update(self) -> None:
        """The network hands over what it has handed over already."""
        for event in self.last:
            self._submit([event])

    def _row_begins(self) -> None:
        """Photos follow each other faster than the silence that closes a row; moving the clock is such a silence."""
        self.row = []

    def _cut_off(self) -> None:
        self.unfetchable = True

    def _work_takes_long(self) -> None:
        self.busy = True

    def _work_is_done(self) -> None:
        self.busy = False
        self._errands()

    def _late_photos(self) -> None:
        late, self.late = self.late, []
        for photo in late:
            self._arrive(photo)
        self._silence(late)

    def _move(self, to: datetime, *, sweeps: bool = True) -> None:
        """Forward in time; each morning on the way has its sweep, as the clock side would have it."""
        if to <= self.clock.now():
            raise TranscriptError("time only goes forward")
        row, self.row = self.row, None
        self._silence(row or [])
        for morning in _mornings(self.clock.now(), to) if sweeps else ():
            self._sweep_at(morning)
        self._sweep_at(to)

    def _sweep_at(self, moment: datetime) -> None:
        self.clock.moment = moment
        posted: list[Parcel] = self._transact(partial(succession.settle, now=moment, new_token=self.ids.token))
        going = Sweep(moment, self.ids.token)
        while not going.done:
            posted += self._transact(going.go_on)
        reached = {m.user_id for m in self.present}
        self._show([p for p in posted if p.chat.chat_id in reached])

    def _dismiss(self, short: str) -> None:
        member = next(m for m in CAST if m.short == short)
        yesterday = self.clock.now().astimezone(LOCAL).date() - timedelta(days=1)
        ended = role_rows.update().where(role_rows.c.person_id == member.id).values(valid_to=yesterday)
        self._transact(lambda connection: connection.execute(ended))

    def _appoint(self, short: str, role: str, unit: str) -> None:
        member, today = next(m for m in CAST if m.short == short), self.clock.now().astimezone(LOCAL).date()
        unit_id = next(known.id for known in UNITS if known.name == unit)
        self._transact(lambda connection: people.give_role(connection, member.id, role, unit_id, today))

    def _reform(self, old: str, new: list[str]) -> None:
        """A unit of the cast ceases today: split among several, or merged into one."""
        ids = {unit.name: unit.id for unit in UNITS}
        today = self.clock.now().astimezone(LOCAL).date()
        step = Step((ids[old],), tuple(ids[name] for name in new), "split" if len(new) > 1 else "merge", today)
        self._transact(lambda connection: lineage.record(connection, [step], today=today - timedelta(days=1)))

    def _hours(self, unit: str, start: str, end: str) -> None:
        unit_id = next(known.id for known in UNITS if known.name == unit)
        row = {"unit_id": unit_id, "start": start, "end": end, "valid_from": date(2026, 1, 1)}
        rows = [row | {"weekday": weekday} for weekday in range(5)]
        self._transact(lambda connection: connection.execute(insert(work_hours), rows))

    def _new_version(self, *, new: str, old: str) -> None:
        """The built-in checklist once more, in force from today, with one item under another code."""
        rows = [row | {"code": new} if row["code"] == old else row for row in builtin.checklist_rows()]
        today = self.clock.now().astimezone(LOCAL).date()
        source = checklists.Source(builtin.ID, builtin.VERSION + 1, builtin.TITLE, today, rows, builtin.legal_rows())
        self._transact(lambda connection: checklists.load(connection, source, self.clock.now()))

    def _invite(self, name: str, short: str, hours: int) -> None:
        """Issue a code; the transcript writes <name> where the person types it."""
        member = next(m for m in CAST if m.short == short)
        self.codes[name] = self._transact(
            lambda c: invitations.issue(c, member.id, self.clock.now(), random=secrets.SystemRandom(), hours=hours)
        )

    # --- what was kept ---------------------------------------------------------------------------------------

    def _stored(self, wanted: str) -> str:
        return str(self._transact(lambda connection: _kept(connection, wanted)))


# --- small things -----------------------------------------------------------------------------------------------


def _kept(connection: Connection, wanted: str) -> str:
    """The same line with the values of now: what is named on it decides what is looked up."""
    row = connection.execute(
        select(visit_rows.c.id).where(visit_rows.c.id != "v-2025").order_by(visit_rows.c.started_at.desc())
    ).first()
    visit = visits.documents(connection, [row.id])[row.id] if row else None
    return "; ".join(_fact(connection, visit, part.strip()) for part in wanted.split(";"))


def _fact(connection: Connection, visit: Visit | None, part: str) -> str:
    head = part.split(" ")[0]
    if head in ("visit", "no"):
        return f"visit {visit.status.value}" if visit else "no visit"
    if head.startswith(("NV-", "TT-")):
        row = connection.execute(select(obligation_rows).where(obligation_rows.c.code == head)).one()
        return f"{head} = {row.state} {row.document or ''}".strip()
    if head == "visits":
        return f"visits {_count(connection, visit_rows.c.id != 'v-2025')}"
    if visit is None:
        raise TranscriptError(f"stored: no visit, so no {part!r}")
    if _CODES.fullmatch(head):
        return f"{head} = {_answered(connection, visit, head)}"
    if head not in FACTS:
        raise TranscriptError(f"stored: does not know {part!r}")
    return f"{head} {FACTS[head](connection, visit)}"


def _count(connection: Connection, *conditions: Any) -> int:
    return int(connection.execute(select(func.count()).where(*conditions)).scalar_one())


FACTS: dict[str, Callable[[Connection, Visit], object]] = {
    "answers": lambda _, visit: len(visit.answers),
    "history": lambda connection, visit: _count(connection, answer_rows.c.visit_id == visit.id),
    "findings": lambda connection, visit: _count(connection, finding_rows.c.visit_id == visit.id),
    "photos": lambda connection, visit: _count(
        connection, photo_rows.c.visit_id == visit.id, photo_rows.c.state == "stored", photo_rows.c.kind == "photo"
    ),
    "files": lambda connection, visit: _count(
        connection, photo_rows.c.visit_id == visit.id, photo_rows.c.state == "stored", photo_rows.c.kind != "photo"
    ),
    "flagged": lambda connection, visit: _count(
        connection, photo_rows.c.visit_id == visit.id, photo_rows.c.resembles.is_not(None)
    ),
    "hints": lambda connection, visit: _count(
        connection,
        photo_rows.c.visit_id == visit.id,
        photo_rows.c.days_apart.is_not(None) | photo_rows.c.km_apart.is_not(None),
    ),
    "position": lambda _, visit: "kept" if visit.place else "none",
    "refusal": lambda _, visit: visit.attendance.refusal or "none",
    "minutes": lambda connection, visit: (
        f"{documents.number_of(connection, visit.id) or 0:02d} of {visit.attendance.decision or 'no decision'}"
    ),
    "reason": lambda _, visit: visit.early_reason or "none",
}


def _answered(connection: Connection, visit: Visit, key: str) -> str:
    if key not in visit.answers:
        return "no answer"
    ledger = Ledger(connection, datetime(2026, 8, 4, tzinfo=UTC), SeededIds())
    answer = visit.answers[key]
    shown = echo_of(Walk(visit, ledger.rules(visit), "vi"), key)
    return shown + (f", ghi chú {answer.note}" if answer.note else "")


def _with_codes(text: str, codes: dict[str, str]) -> str:
    for name, code in codes.items():
        text = text.replace(f"<{name}>", code)
    return text


def _replaced(incoming: Incoming, **changes: Any) -> Incoming:
    return replace(incoming, **changes)


def _moment(text: str) -> datetime:
    """ "04/8/2026 08:00", on the wall clock of the place."""
    written, _, clock = text.strip().partition(" ")
    on = day(written, year=2026)
    if on is None or not re.fullmatch(r"\d\d:\d\d", clock):
        raise TranscriptError(f"not a moment: {text}")
    return datetime(on.year, on.month, on.day, int(clock[:2]), int(clock[3:]), tzinfo=LOCAL)


def _mornings(start: datetime, end: datetime) -> Iterator[datetime]:
    on = start.astimezone(LOCAL).date()
    while (morning := datetime.combine(on, OPENS, LOCAL) + timedelta(minutes=1)) < end:
        if morning > start:
            yield morning.astimezone(UTC)
        on += timedelta(days=1)


def _people_of(transcript: Transcript) -> list[Member]:
    """Those of the header, each with the role they have in the cast."""
    present = []
    for part in transcript.headers["people"].split(", "):
        found = re.match(r"(\S+) \((\S+)\)$", part)
        member = next((m for m in CAST if found and (m.short, m.role) == (found[1], found[2])), None)
        if member is None:
            raise TranscriptError(f"{transcript.path.name}: not one of the cast: {part}")
        present.append(member)
    return present


def levelled(text: str) -> str:
    """Text in which only the words count: how a network cuts a message is not what is compared."""
    return " ".join(text.split())


def play(transcript: Transcript, url: str, evidence: EvidenceStore, network: str) -> Play:
    """Play a transcript and compare. Raises TranscriptError at the first difference."""
    run = Play(transcript, url, evidence, network)
    said, stored = run.run()
    if os.environ.get("KYCUONG_UPDATE") == "1" and network == _written_on(transcript):
        rewrite(transcript, said, stored)
        return run
    for line in transcript.lines:
        _compare(transcript, line, said[line.number], stored.get(line.number), network)
    return run


def _written_on(transcript: Transcript) -> str:
    """The network whose words a talk is written in."""
    return transcript.headers.get("network", EVERYWHERE).partition(",")[0]


def _compare(transcript: Transcript, line: Line, said: list[tuple[str, str]], stored: str | None, network: str) -> None:
    where = f"{transcript.path.name}:{line.number}: {line.text}"
    if stored is not None and f"stored: {stored}" != line.text:
        raise TranscriptError(f"{where}\nis now\nstored: {stored}")
    # «…» is what a tap shows for a moment, [tệp …] a file: a network without buttons and files has none.
    shown_here = (
        line.expected if network == "full" else [e for e in line.expected if not e[1].startswith(("«", "[tệp "))]
    )
    expected = [(who, levelled(text)) for who, text in shown_here]
    actual = [(who, levelled(text)) for who, text in said]
    if expected != actual:
        shown = "\n".join(f"bot{f' to {who}' if who else ''}> {text}" for who, text in said) or "(nothing)"
        wanted = "\n".join(f"bot{f' to {who}' if who else ''}> {text}" for who, text in line.expected) or "(nothing)"
        raise TranscriptError(f"{where}\n--- the transcript says\n{wanted}\n--- the bot says\n{shown}")
