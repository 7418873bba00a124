"""The working state of one turn: what was heard, the visit as it changes, and what is to be said.

A turn is filled by the files that each know one rule (answers, words, menus, photos); `dialogue` puts the reply
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inspection.attendance import Known, nobody
from inspection.checklist import Checklist
from inspection.messages import Reply
from inspection.visit import Answer, Visit
from inspection.walk import Rules, Walk
from inspection.working_days import LOCAL


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is talking: `leads` is whether this person may sign this visit."""

    person_id: str
    language: str = "vi"
    leads: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """A text (typed, tapped or a caption) and the focus of the prompt it answers."""

    text: str
    focus: Mapping[str, Any] | None = None
    standing: Mapping[str, Any] | None = None  # the latest prompt, if it is still unanswered
    known: Known = nobody


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that was given or corrected, for the history of answers."""

    key: str
    answer: Answer
    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """The words of an answer as typed, and what explains a failure: lettered reasons, a note."""

    said: str
    letters: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What a turn led to. `reply` is None where nothing is to be said yet."""

    visit: Visit
    reply: Reply | None
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Turn:
    """The working state of one step."""

    visit: Visit
    rules: Rules
    speaker: Speaker
    now: datetime
    heard: Heard
    echo: dict[str, str] = field(default_factory=dict)  # key to what stands now
    named: list[str] = field(default_factory=list)  # the keys this text spoke of, understood or not
    lines: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    prompt: Reply | None = None  # asked instead of the next one
    quiet: bool = False  # the reply needs no prompt
    first: bool = False
    photo_here: bool = False  # the words came as a caption
    _walk: Walk | None = None
    _start: Visit | None = None

    def __post_init__(self) -> None:
        self.first = not self.visit.answers
        self._start = self.visit
        self._walk = None

    @property
    def checklist(self) -> Checklist:
        """The checklist version of this visit."""
        return self.rules.checklist

    @property
    def walk(self) -> Walk:
        """The visit as it is now; built again after each change."""
        if self._walk is None or self._walk.visit is not self.visit:
            self._walk = Walk(self.visit, self.rules, self.speaker.language)
        return self._walk

    @property
    def before(self) -> Walk:
        """The visit as the turn found it."""
        return Walk(self._start or self.visit, self.rules, self.speaker.language)

    def say(self, name: str, /, **values: object) -> None:
        """Add a sentence to the reply."""
        self.lines.append(self.walk.say(name, **values))

    @property
    def local(self) -> datetime:
        """Now, on the wall clock of the place."""
        return self.now.astimezone(LOCAL)
