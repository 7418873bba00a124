"""What a unit that was split left open, asked under /donvi: matter by matter, to which successor it goes.

Only whoever administers all the successors is asked. What was decided meanwhile is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.matters.common import unit_name
from bot.talk import Talk
from inspection.access import ADMIN
from inspection.figures import show_day, show_two
from inspection.messages import Choice, Reply
from inspection.phrases import Phrase
from inspection.prompts import lower_first
from inspection.reminders import inherited
from inspection.words import fold
from storage import journal, lineage, obligations, people, units
from storage.journal import Entry
from storage.lineage import Undecided
from storage.units import Unit

WORDS = ("ke thua", "chia tach", "heirs", "heir")  # folded
_ANSWER = re.compile(r"(?:so )?(\d+)[ .()]*(het|tat ca|all)?")

WAITING = Phrase(
    "Còn {count} nội dung của đơn vị đã chia tách chờ chọn đơn vị tiếp nhận: gõ /donvi kế thừa",
    "{count} matters of units that were split wait for a unit to take them over: type /units heirs",
)
NONE = Phrase("Không có nội dung nào chờ chọn đơn vị tiếp nhận.", "No matter waits for a unit to take it over.")
ASK = Phrase(
    "Còn {count} nội dung. {code} của {unit}: {text}{due}. Đơn vị nào tiếp nhận?\n{lines}\n"
    "Trả lời bằng số; thêm “hết” là mọi nội dung còn lại của đơn vị cũ này. Ví dụ: 1, hoặc 1 hết",
    "{count} left. {code} of {unit}: {text}{due}. Which unit takes it over?\n{lines}\n"
    "Answer with a number; add “all” for whatever this former unit left. Example: 1, or 1 all",
)
DUE = Phrase(", thời hạn {day}", ", due {day}")
LATER = Phrase("{n}. Để sau", "{n}. Later")
DONE = Phrase("Đã chuyển {count} nội dung đến {unit}.", "{count} passed to {unit}.")
GONE = Phrase("Nội dung này đã được chuyển trước đó.", "This one was passed on before.")
PUT_OFF = Phrase("Chưa chuyển. Gõ /donvi kế thừa khi cần.", "Nothing was passed on. Type /units heirs any time.")


def waiting(talk: Talk) -> list[Undecided]:
    """What the asker may decide on."""
    area, today = talk.person.units(ADMIN), talk.ledger.today
    if not area:
        return []

    def mine(one: Undecided) -> bool:
        return all(units.covers(talk.connection, area, unit_id, today) for unit_id in one.candidates)

    return [one for one in lineage.undecided(talk.connection, today) if mine(one)]


def ask(talk: Talk, head: str = "") -> None:
    """The next matter, after what is to be said of the last."""
    left = waiting(talk)
    if not left:
        talk.reply(Reply(head or talk.words(NONE)))
        return
    one = left[0]
    matter = lineage.matters(talk.connection, [one])[one.id]
    known = units.get_many(talk.connection, [one.from_unit, *one.candidates], on=talk.ledger.today)
    labels = units.labels([known[unit_id] for unit_id in one.candidates], talk.language)
    lines = [f"{n}. {label}" for n, label in enumerate(labels, start=1)]
    lines.append(talk.words(LATER, n=len(lines) + 1))
    text = talk.words(
        ASK, count=show_two(len(left), talk.language), code=matter.code, unit=known[one.from_unit].full_name,
        text=talk.quoted(lower_first(matter.text.rstrip("."))), lines="\n".join(lines),
        due=talk.words(DUE, day=show_day(matter.due, talk.language)) if matter.due else "",
    )  # fmt: skip
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    talk.ask(f"{head}\n{text}" if head else text, "donvi", "heir", choices, matter=one.id)


def hear(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """A number of the list, for this matter or for all its former unit left."""
    left = waiting(talk)
    one = next((known for known in left if known.id == focus["matter"]), None)
    said = _ANSWER.fullmatch(fold(text).strip(" .()"))
    number = int(said[1]) if said else 0
    if one is None:
        ask(talk, talk.words(GONE))
    elif number == len(one.candidates) + 1:
        talk.say(PUT_OFF)
    elif said is None or not 1 <= number <= len(one.candidates):
        ask(talk)
    else:
        meant = [known for known in left if said[2] and known.from_unit == one.from_unit] or [one]
        _pass_on(talk, meant, one.candidates[number - 1])


def _pass_on(talk: Talk, meant: list[Undecided], unit_id: str) -> None:
    passed: list[Undecided] = []
    for one in meant:
        if unit_id in one.candidates and lineage.decide(talk.connection, one, unit_id):
            passed.append(one)
            details = {"kind": one.kind, "from": one.from_unit, "to": unit_id}
            journal.append(talk.connection, Entry(talk.person.id, "passed_on", one.id, details), talk.ledger.now)
    unit = units.get_many(talk.connection, [unit_id], on=talk.ledger.today)[unit_id]
    ask(talk, talk.words(DONE, count=show_two(len(passed), talk.language), unit=unit.full_name))
    _tell_heirs(talk, [one for one in passed if one.kind == "obligation"], unit)


def _tell_heirs(talk: Talk, passed: Sequence[Undecided], unit: Unit) -> None:
    """The heads of the successor hear what came to them, in office hours."""
    codes = sorted(one.code for one in obligations.get_many(talk.connection, [one.id for one in passed]).values())
    for head in people.heads_of(talk.connection, [unit.id], talk.ledger.today).get(unit.id, ()) if codes else ():
        talk.notify([head.id], inherited(unit.full_name, unit_name(talk, passed[0].from_unit), codes, head.language))
