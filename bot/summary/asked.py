"""What a summary was asked for: a period and a unit with those below, small in the prompt and checked each time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.commands import filters
from bot.phrases import PHRASES
from bot.talk import Talk
from inspection import periods
from inspection.access import scope
from inspection.figures import show_day
from inspection.periods import Fault, Period
from inspection.phrases import Phrase
from inspection.shown import when
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import former_areas, units
from storage.checklists import ids_by_code
from storage.reports.summary import Summary, summarise

ACT = "summary"
EXAMPLE = Phrase(
    "Ví dụ: /summary tháng 7, hoặc /summary Điềm He quý 2", "Example: /summary month 7, or /summary diem he quarter 2"
)
UNKNOWN = Phrase(
    "Hệ thống chưa rõ “{words}”: không phải kỳ, cũng không phải đơn vị trong phạm vi được giao.{near}",
    "“{words}” is not understood: neither a period nor a unit of your area.{near}",
)
NO_CHECKLIST = Phrase(
    "Không có bộ nội dung “{code}”. Các bộ: {names}. Ví dụ: /summary quý 2 bộ {first}",
    "There is no checklist “{code}”. There are: {names}. Example: /summary quarter 2 checklist {first}",
)
EVERYTHING = ("tat ca", "toan tinh", "ca tinh", "toan bo", "ca dia ban", "all", "everything")
FORMER = Phrase("{name} (trước đây)", "{name} (former)")
BY_CHECKLIST = Phrase("{area}, bộ {code}", "{area}, checklist {code}")
SEVERAL = Phrase(
    "Có {count} đơn vị tên như vậy, đề nghị gõ rõ hơn: {names}.",
    "{count} units bear this name, please be more exact: {names}.",
)
FROM_TO = Phrase("từ {start} đến {moment}", "from {start} to {moment}")
WHOLE = Phrase(
    "từ {start} đến hết {end}, tình trạng đến hết ngày {end}", "from {start} to {end}, as it stood at the end of {end}"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, a unit and a checklist; unit_id "": the whole area of whoever asks; checklist "": all of them."""

    period: Period
    unit_id: str = ""
    checklist: str = ""
    origin: Mapping[str, Any] | None = None  # the list of another unit's summary from which this one was opened
    seen: Mapping[str, Any] | None = None  # the moment and the figures of the message above: files are made of them

    def focus(self) -> dict[str, Any]:
        """As it is kept in a prompt."""
        held = self.period
        of = {"c": self.checklist} if self.checklist else {}
        from_there = {"o": self.origin} if self.origin else {}
        figures = {"seen": self.seen} if self.seen else {}
        days = [held.first.isoformat(), held.last.isoformat(), held.kind]
        return {"p": days, "u": self.unit_id, **of, **from_there, **figures}

    @classmethod
    def of(cls, focus: Mapping[str, Any], today: date) -> Asked:
        """From a prompt; one that holds none means the year."""
        if not focus.get("p"):
            return cls(periods.current("year", today), str(focus.get("u", "")), str(focus.get("c", "")))
        first, last, kind = focus["p"]
        return cls(
            Period(date.fromisoformat(first), date.fromisoformat(last), kind),
            str(focus.get("u", "")),
            str(focus.get("c", "")),
            focus.get("o"),
            focus.get("seen"),
        )


def read(talk: Talk, text: str, standing: Asked) -> Asked | str:
    """What a text asks for, the rest as it stood; or the sentence that says why it cannot be had."""
    text, checklist = _checklist(talk, " ".join(text.split()), standing.checklist)
    found, words = periods.read(text, talk.ledger.today)
    if isinstance(found, Fault):
        fault = talk.words(filters.FAULTS[found.why], typed=found.typed[:40])
        return f"{fault} {talk.words(EXAMPLE)}"
    period = found or standing.period
    if isinstance(checklist, _Refusal):
        return checklist
    if not words:
        return Asked(period, standing.unit_id, checklist, standing.origin)
    unit = "" if fold(words) in EVERYTHING else _unit(talk, words)
    return unit if isinstance(unit, _Refusal) else Asked(period, unit, checklist)


_CHECKLIST = re.compile(r"(?:^|\s)(?:bộ|bo|checklist)\s+(?P<code>[\w-]+)$", re.IGNORECASE)


def _checklist(talk: Talk, words: str, standing: str) -> tuple[str, str | _Refusal]:
    """The checklist named at the end of a text, and the rest of the text; "all" means every one."""
    found = _CHECKLIST.search(words)
    if found is None:
        return words, standing
    known = {fold(code): code for code in ids_by_code(talk.connection)}
    code, rest = fold(found["code"]), words[: found.start()].strip()
    if code in ("het", "all"):
        return rest, ""
    if code not in known:
        names = ", ".join(known.values())
        first = next(iter(known.values()), "")
        return rest, _Refusal(talk.words(NO_CHECKLIST, code=found["code"][:40], names=names, first=first))
    return rest, known[code]


class _Refusal(str):
    """A sentence instead of what was asked for."""


class NotAllowed(_Refusal):
    """The neutral sentence: nothing more is said or asked."""


def _unit(talk: Talk, words: str) -> str | _Refusal:
    area, today = scope(talk.person, ACT), talk.ledger.today
    tops = [top.id for top in units.tops(talk.connection, today)]
    if former_areas.names_district(words):
        return _district(talk, words, tops)
    found = units.find(talk.connection, words, scope=area, on=today)
    if len(found) == 1 or (found and units.is_exactly(found, words)):
        return found[0].id
    if found:
        names = "; ".join(units.labels(found, talk.language))
        return _Refusal(talk.words(SEVERAL, count=len(found), names=names))
    elsewhere = units.find(talk.connection, words, scope=tops, on=today, limit=1)
    return _refused(talk, elsewhere[0].id) if elsewhere else _unknown(talk, words)


def _district(talk: Talk, words: str, tops: list[str]) -> str | _Refusal:
    """A district that is no more stands for the units that continue its own; in force, it is a unit like any other."""
    today = talk.ledger.today
    now = [one for one in units.find(talk.connection, words, scope=tops, on=today) if one.kind == "district"]
    found = now or former_areas.find(talk.connection, words, scope=tops, on=today)
    if not found:
        return _unknown(talk, words)
    mine = [one.id for one in found if tops_of(talk, one.id)]
    return mine[0] if mine else _refused(talk, found[0].id)


def _refused(talk: Talk, unit_id: str) -> NotAllowed:
    talk.note_refusal(ACT, unit_id)
    return NotAllowed(talk.words(PHRASES["not_allowed"]))


def _unknown(talk: Talk, words: str) -> _Refusal:
    near = filters.near(talk, words, scope(talk.person, ACT))
    shown = talk.words(filters.NEAR, names=", ".join(near)) if near else ""
    return _Refusal(f"{talk.words(UNKNOWN, words=words[:60], near=shown)} {talk.words(EXAMPLE)}")


def tops(talk: Talk, asked: Asked) -> list[str]:
    """The units at and below which is counted, by the rights of this moment; empty: none of it is theirs to see."""
    return tops_of(talk, asked.unit_id) if asked.unit_id else scope(talk.person, ACT)


def tops_of(talk: Talk, unit_id: str) -> list[str]:
    """The unit itself, or those that continue what stood under a former one, as far as they are within the rights."""
    area, today = scope(talk.person, ACT), talk.ledger.today
    held = former_areas.continued_by(talk.connection, unit_id, today) or [unit_id]
    return [one for one in held if units.covers(talk.connection, area, one, today)]


def summary_of(talk: Talk, asked: Asked, moment: datetime | None = None) -> Summary | None:
    """The figures, all of this moment or as of an earlier one; None where the asker may not have them, which is said."""
    held = tops(talk, asked)
    if not held:
        talk.refuse(ACT, asked.unit_id)
        return None
    versions = ids_by_code(talk.connection).get(asked.checklist, ()) if asked.checklist else ()
    return summarise(talk.connection, held, asked.period, moment or talk.ledger.now, talk.ledger.calendar(), versions)


def named(talk: Talk, asked: Asked) -> str:
    """Whose figures they are: the unit, or the units of the asker's role; and by which checklist."""
    area = _area_named(talk, asked)
    return talk.words(BY_CHECKLIST, area=area, code=asked.checklist) if asked.checklist else area


def _area_named(talk: Talk, asked: Asked) -> str:
    if asked.unit_id:
        unit = units.get(talk.connection, asked.unit_id, on=talk.ledger.today)
        name = unit.full_name if unit is not None else ""
        return talk.words(FORMER, name=name) if continuing(talk, asked) else name
    area = scope(talk.person, ACT)
    return ", ".join(dict.fromkeys(role.unit_name for role in talk.person.roles if role.unit_id in area))


def continuing(talk: Talk, asked: Asked) -> list[str]:
    """The units a former area stands for; empty for a unit of today."""
    return former_areas.continued_by(talk.connection, asked.unit_id, talk.ledger.today) if asked.unit_id else []


def time_of(talk: Talk, asked: Asked, moment: datetime | None = None) -> str:
    """The period as the heading says it, with the moment as of which its figures are: of one that is over, its end."""
    start = show_day(asked.period.first, talk.language)
    if asked.period.last >= talk.ledger.today:
        return talk.words(
            FROM_TO, start=start, moment=when(talk.language, (moment or talk.ledger.now).astimezone(LOCAL))
        )
    return talk.words(WHOLE, start=start, end=show_day(asked.period.last, talk.language))
