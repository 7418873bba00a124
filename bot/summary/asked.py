"""What a summary was asked for: a period and a unit with those below, small in the prompt and checked each time."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.phrases import PHRASES
from bot.talk import Talk
from inspection import periods
from inspection.access import scope
from inspection.figures import show_day
from inspection.periods import Fault, Period
from inspection.phrases import Phrase
from inspection.shown import when
from inspection.words import fold, search_key
from inspection.working_days import LOCAL
from storage import units
from storage.checklists import ids_by_code
from storage.reports.summary import Summary, summarise

ACT = "summary"
EXAMPLE = Phrase(
    "Ví dụ: /summary tháng 7, hoặc /summary Điềm He quý 2", "Example: /summary month 7, or /summary diem he quarter 2"
)
FAULTS = {
    "no_such_day": Phrase("“{typed}” không có trong lịch.", "“{typed}” is not in the calendar."),
    "wrong_order": Phrase(
        "“{typed}”: ngày đầu sau ngày cuối. Đề nghị gõ ngày đầu trước.",
        "“{typed}”: the first day comes after the last. Type the earlier day first.",
    ),
    "half": Phrase(
        "“{typed}”: chưa có ngày cuối. Đề nghị gõ cả hai ngày.", "“{typed}” has no last day. Type both days."
    ),
    "not_begun": Phrase("Kỳ “{typed}” chưa bắt đầu.", "The period “{typed}” has not begun."),
}
UNKNOWN = Phrase(
    "Hệ thống chưa rõ “{words}”: không phải kỳ, cũng không phải đơn vị trong phạm vi được giao.{near}",
    "“{words}” is not understood: neither a period nor a unit of your area.{near}",
)
NEAR = Phrase(" Tên gần giống: {names}.", " Similar names: {names}.")
NO_CHECKLIST = Phrase(
    "Không có bộ nội dung “{code}”. Các bộ: {names}. Ví dụ: /summary quý 2 bộ {first}",
    "There is no checklist “{code}”. There are: {names}. Example: /summary quarter 2 checklist {first}",
)
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

    def focus(self) -> dict[str, Any]:
        """As it is kept in a prompt."""
        held = self.period
        of = {"c": self.checklist} if self.checklist else {}
        return {"p": [held.first.isoformat(), held.last.isoformat(), held.kind], "u": self.unit_id, **of}

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
        )


def read(talk: Talk, text: str, standing: Asked) -> Asked | str:
    """What a text asks for, the rest as it stood; or the sentence that says why it cannot be had."""
    text, checklist = _checklist(talk, " ".join(text.split()), standing.checklist)
    found, words = periods.read(text, talk.ledger.today)
    if isinstance(found, Fault):
        fault = talk.words(FAULTS[found.why], typed=found.typed[:40])
        return f"{fault} {talk.words(EXAMPLE)}"
    period = found or standing.period
    if isinstance(checklist, _Refusal):
        return checklist
    if not words:
        return Asked(period, standing.unit_id, checklist)
    unit = _unit(talk, words)
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


def _unit(talk: Talk, words: str) -> str | _Refusal:
    area, today = scope(talk.person, ACT), talk.ledger.today
    found = units.find(talk.connection, words, scope=area, on=today)
    if len(found) == 1 or (found and units.is_exactly(found, words)):
        return found[0].id
    if found:
        names = "; ".join(units.labels(found, talk.language))
        return _Refusal(talk.words(SEVERAL, count=len(found), names=names))
    tops = [top.id for top in units.tops(talk.connection, today)]
    elsewhere = units.find(talk.connection, words, scope=tops, on=today, limit=1)
    if elsewhere:
        talk.note_refusal(ACT, elsewhere[0].id)
        return _Refusal(talk.words(PHRASES["not_allowed"]))
    near = _near(talk, words, area)
    shown = talk.words(NEAR, names=", ".join(near)) if near else ""
    return _Refusal(f"{talk.words(UNKNOWN, words=words[:60], near=shown)} {talk.words(EXAMPLE)}")


def _near(talk: Talk, words: str, area: list[str]) -> list[str]:
    """The names of the area most like what was typed, at most three."""
    known = units.subtree(talk.connection, area, on=talk.ledger.today, kinds=(*units.COMMITTEES, "department"))
    by_key = {search_key(unit.name.partition(" ")[2] or unit.name): unit.full_name for unit in known}
    close = difflib.get_close_matches(search_key(words), by_key, n=3, cutoff=0.6)
    return [by_key[key] for key in close]


def tops(talk: Talk, asked: Asked) -> list[str]:
    """The units at and below which is counted, by the rights of this moment; empty: none of it is theirs to see."""
    area = scope(talk.person, ACT)
    if not asked.unit_id:
        return area
    return [asked.unit_id] if units.covers(talk.connection, area, asked.unit_id, talk.ledger.today) else []


def summary_of(talk: Talk, asked: Asked) -> Summary | None:
    """The figures, all of this moment; None where the asker may not have them, which is said and logged."""
    held = tops(talk, asked)
    if not held:
        talk.refuse(ACT, asked.unit_id)
        return None
    versions = ids_by_code(talk.connection).get(asked.checklist, ()) if asked.checklist else ()
    return summarise(talk.connection, held, asked.period, talk.ledger.now, talk.ledger.calendar(), versions)


def named(talk: Talk, asked: Asked) -> str:
    """Whose figures they are: the unit, or the units of the asker's role; and by which checklist."""
    area = _area_named(talk, asked)
    return talk.words(BY_CHECKLIST, area=area, code=asked.checklist) if asked.checklist else area


def _area_named(talk: Talk, asked: Asked) -> str:
    if asked.unit_id:
        unit = units.get(talk.connection, asked.unit_id, on=talk.ledger.today)
        return unit.full_name if unit is not None else ""
    area = scope(talk.person, ACT)
    return ", ".join(dict.fromkeys(role.unit_name for role in talk.person.roles if role.unit_id in area))


def time_of(talk: Talk, asked: Asked) -> str:
    """The period as the heading says it, with the moment as of which its figures are: of one that is over, its end."""
    start = show_day(asked.period.first, talk.language)
    if asked.period.last >= talk.ledger.today:
        return talk.words(FROM_TO, start=start, moment=when(talk.language, talk.ledger.now.astimezone(LOCAL)))
    return talk.words(WHOLE, start=start, end=show_day(asked.period.last, talk.language))
