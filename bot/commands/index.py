"""/chiso: what others publish about the area (SIPAS and its like), and what the authority aims at; entered on one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from bot.commands.base import Command
from bot.talk import Talk
from inspection.access import ADMIN, scope
from inspection.figures import decimal, show_number
from inspection.phrases import Phrase
from inspection.shown import in_language
from inspection.words import fold, nfc
from storage import external_indices
from storage.external_indices import Ranking

ACT = "enter_index"
FIRST_YEAR = 2005
LIST = Phrase("Chỉ số của {unit}:\n{lines}", "Indices of {unit}:\n{lines}")
NONE = Phrase("Chưa có chỉ số nào của {unit}.", "No index of {unit} has been entered.")
LINE = Phrase("- {name} {year}: xếp {rank}/{total}{value}", "- {name} {year}: rank {rank}/{total}{value}")
TARGET_LINE = Phrase("- Mục tiêu {code} năm {year}: {value}", "- Target of {code} for {year}: {value}")
HOW = Phrase(
    "Nhập hoặc sửa: tên, năm, thứ hạng/tổng số, giá trị nếu có; xóa: gõ xóa và tên, năm; mục tiêu: KPI-04 (đơn vị kiểm tra đột xuất) "
    "hoặc KPI-05 (bao phủ, %). Ví dụ: /chiso SIPAS 2025 31/63 84,2; /chiso xóa SIPAS 2025; /chiso mục tiêu KPI-04 2026 20; /chiso xóa mục tiêu KPI-04 2026",
    "To enter or correct: name, year, rank/total, the value if there is one; to remove: remove, name, year; a target: KPI-04 "
    "(surprise units) or KPI-05 (coverage, %). Example: /index SIPAS 2025 31/63 84.2; /index remove SIPAS 2025; /index target KPI-04 2026 20; /index remove target KPI-04 2026",
)
ENTERED = Phrase(
    "Đã ghi {name} {year}: xếp {rank}/{total}{value}.", "Entered {name} {year}: rank {rank}/{total}{value}."
)
CORRECTED = Phrase(
    "Đã sửa {name} {year}: xếp {rank}/{total}{value} (trước: {before}).",
    "Corrected {name} {year}: rank {rank}/{total}{value} (before: {before}).",
)
SAME = Phrase("{name} {year} đã ghi như vậy, không thay đổi.", "{name} {year} stands so already, nothing was changed.")
REMOVED = Phrase("Đã xóa {name} {year}.", "{name} {year} is removed.")
NO_SUCH = Phrase("Không có {name} {year} để xóa.", "There is no {name} {year} to remove.")
AIM_REMOVED = Phrase("Đã xóa mục tiêu {code} năm {year}.", "The target of {code} for {year} is removed.")
NO_AIM = Phrase("Không có mục tiêu {code} năm {year} để xóa.", "There is no target of {code} for {year} to remove.")
AIMED = Phrase("Đã ghi mục tiêu {code} năm {year}: {value}.", "The target of {code} for {year} is {value}.")
UNREAD = Phrase("Hệ thống chưa đọc được “{words}”.", "“{words}” could not be read.")
WRONG_RANK = Phrase(
    "Thứ hạng {rank}/{total} không hợp lệ: thứ hạng từ 1 đến tổng số.",
    "{rank}/{total} cannot be: the rank lies between 1 and the total.",
)
WRONG_YEAR = Phrase(
    "Năm {year} không hợp lệ: từ {first} đến {last}.", "The year {year} cannot be: from {first} to {last}."
)
WRONG_VALUE = Phrase("Giá trị {value} không hợp lệ: từ 0 đến 100.", "The value {value} cannot be: from 0 to 100.")
WRONG_TARGET = Phrase(
    "Mục tiêu {value} không hợp lệ: từ 1 đến {most}.", "The target {value} cannot be: from 1 to {most}."
)

_NAME = (
    r"(?P<name>(?=[^0-9]{2,32} [0-9])[^\W\d_][\w-]{0,15}(?: [^\W\d_][\w-]{0,11}){0,3})"  # "PAR INDEX", "chuyển đổi số"
)
_ENTER = re.compile(
    rf"{_NAME} (?P<year>[0-9]{{4}})[ :,]+(?P<rank>[0-9]{{1,4}}) ?/ ?(?P<total>[0-9]{{1,4}})(?:[ ,;]+(?P<value>[0-9.,]+) ?%?)?"
)
_REMOVE = re.compile(rf"(?:xóa|xoá|xoa|remove|delete) {_NAME} (?P<year>[0-9]{{4}})", re.IGNORECASE)
_AIM = re.compile(
    r"(?:mục tiêu|muc tieu|target) kpi-?(?P<code>0[45])a? (?P<year>[0-9]{4}) (?P<value>[0-9.,]{1,8}) ?%?", re.IGNORECASE
)
_NO_AIM = re.compile(
    r"(?:xóa|xoá|xoa|remove|delete) (?:mục tiêu|muc tieu|target) kpi-?(?P<code>0[45])a? (?P<year>[0-9]{4})",
    re.IGNORECASE,
)
CODES = {"04": ("KPI-04a", 9999), "05": ("KPI-05", 100)}  # code as kept, the largest target there can be


class Index(Command):
    """Indices by others, and targets."""

    name = "chiso"
    alias = "index"
    words = ("chỉ số",)
    roles = (ADMIN,)
    help = Phrase("Nhập chỉ số do cấp trên công bố, mục tiêu năm", "Enter published indices and the targets of a year")

    def run(self, talk: Talk, argument: str) -> None:
        """The list without an argument; else what the line enters, corrects or removes."""
        area = scope(talk.person, ACT)
        if not area:
            talk.refuse(ACT)
            return
        words = " ".join(nfc(argument).split())
        for form, act in ACTS:
            found = form.fullmatch(words)
            if found is not None:
                fault = act(_Entry(talk, area[0], found))
                if fault:
                    _list(talk, area[0], fault)
                return
        _list(talk, area[0], talk.words(UNREAD, words=words[:60]) if words else "")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line that was read, and for which unit; `fault` of what cannot be."""

    talk: Talk
    unit_id: str
    found: re.Match[str]

    @property
    def name(self) -> str:
        """In capitals, as it was first entered: typed without its tone marks it is still the same index."""
        typed = nfc(self.found["name"])
        known = external_indices.of_units(self.talk.connection, [self.unit_id])
        return next((one.name for one in known if fold(one.name) == fold(typed)), typed.upper())

    @property
    def year(self) -> int:
        return int(self.found["year"])

    def year_fault(self, ahead: int = 0) -> str:
        """Why the year cannot be; "" if it can. `ahead`: how many years beyond this one."""
        last = self.talk.ledger.today.year + ahead
        if FIRST_YEAR <= self.year <= last:
            return ""
        return self.talk.words(WRONG_YEAR, year=self.year, first=FIRST_YEAR, last=last)


def _enter(entry: _Entry) -> str:
    talk, found = entry.talk, entry.found
    rank, total = int(found["rank"]), int(found["total"])
    value = decimal(found["value"]) if found["value"] else None
    if fault := entry.year_fault():
        return fault
    if not 1 <= rank <= total:
        return talk.words(WRONG_RANK, rank=rank, total=total)
    if found["value"] and (value is None or not 0 <= value <= 100):
        return talk.words(WRONG_VALUE, value=found["value"])
    ranking = Ranking(entry.unit_id, entry.name, entry.year, rank, total, value and value.quantize(Decimal("0.01")))
    standing = [one for one in external_indices.of_units(talk.connection, [entry.unit_id]) if one == ranking]
    if standing:
        talk.say(SAME, name=ranking.name, year=ranking.year)
        return ""
    before = external_indices.enter(talk.connection, ranking, talk.person.id, talk.ledger.now)
    told = f"{before.rank}/{before.total}{_value(talk, before)}" if before is not None else ""
    phrase = CORRECTED if before is not None else ENTERED
    values = {"name": ranking.name, "year": ranking.year, "rank": rank, "total": total, "value": _value(talk, ranking)}
    talk.say(phrase, **values, **({"before": told} if before is not None else {}))
    return ""


def _remove(entry: _Entry) -> str:
    talk = entry.talk
    ranking = Ranking(entry.unit_id, entry.name, entry.year, 1, 1)
    known = [one for one in external_indices.of_units(talk.connection, [entry.unit_id])
             if (one.name, one.year) == (ranking.name, ranking.year)]  # fmt: skip
    gone = bool(known) and external_indices.take_back(talk.connection, known[0], talk.person.id, talk.ledger.now)
    talk.say(REMOVED if gone else NO_SUCH, name=ranking.name, year=ranking.year)
    return ""


def _aim(entry: _Entry) -> str:
    talk = entry.talk
    code, most = CODES[entry.found["code"]]
    value = decimal(entry.found["value"])
    if fault := entry.year_fault(ahead=1):
        return fault
    if value is None or not 1 <= value <= most or (code == "KPI-04a" and value != int(value)):
        return talk.words(WRONG_TARGET, value=entry.found["value"], most=most)
    external_indices.aim_at(talk.connection, entry.unit_id, code, entry.year, value, talk.person.id, talk.ledger.now)
    talk.say(AIMED, code=f"KPI-{entry.found['code']}", year=entry.year, value=_shown(talk, value))
    return ""


def _aim_no_more(entry: _Entry) -> str:
    talk, code = entry.talk, CODES[entry.found["code"]][0]
    gone = external_indices.aim_no_more(
        talk.connection, entry.unit_id, code, entry.year, talk.person.id, talk.ledger.now
    )
    talk.say(AIM_REMOVED if gone else NO_AIM, code=f"KPI-{entry.found['code']}", year=entry.year)
    return ""


ACTS: tuple[tuple[re.Pattern[str], Callable[[_Entry], str]], ...] = (
    (_NO_AIM, _aim_no_more), (_REMOVE, _remove), (_AIM, _aim), (_ENTER, _enter),
)  # fmt: skip


def _list(talk: Talk, unit_id: str, fault: str) -> None:
    unit = next(role.unit_name for role in talk.person.roles if role.unit_id == unit_id)
    listed = external_indices.of_units(talk.connection, [unit_id])
    lines = [
        talk.words(LINE, name=one.name, year=one.year, rank=one.rank, total=one.total, value=_value(talk, one))
        for one in listed[:20]
    ]
    year = talk.ledger.today.year
    lines += [
        talk.words(TARGET_LINE, code=code.removesuffix("a"), year=year, value=_shown(talk, value))
        for code, value in sorted(external_indices.aims(talk.connection, [unit_id], year).items())
    ]
    head = talk.words(LIST, unit=unit, lines="\n".join(lines)) if lines else talk.words(NONE, unit=unit)
    talk.ask("\n".join(filter(None, (fault, head, talk.words(HOW)))), "chiso", "list")


def _value(talk: Talk, one: Ranking) -> str:
    return f" ({_shown(talk, one.value)})" if one.value is not None else ""


def _shown(talk: Talk, value: Decimal) -> str:
    return in_language(show_number(value), talk.language)
