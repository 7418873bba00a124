"""How official documents write what we know (Nghị định 30/2020/NĐ-CP): dates in full, hours, numbers, names, lists.

A blank is a dotted line: what is not known yet is filled in by hand, never guessed and never left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from inspection.reading import unmarked
from inspection.words import fold

DOTS = "…………………"
END = "./."
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def day_in_full(day: date | None) -> str:
    """ "ngày 04 tháng 8 năm 2026": a leading zero for days below 10 and for months 1 and 2 only."""
    if day is None:
        return "ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_in_full(local: datetime | None) -> str:
    """ "08 giờ 05 phút, ngày 04 tháng 8 năm 2026"; the caller has converted it to local time."""
    if local is None:
        return f"…… giờ …… phút, {day_in_full(None)}"
    return f"{local.hour:02d} giờ {local.minute:02d} phút, {day_in_full(local.date())}"


def number_symbol(number: int | None, symbol: str) -> str:
    """ "Số: 03/BB-ĐKT"; below 10 in two digits, dotted while there is no number."""
    return f"Số: {'……' if number is None else f'{number:02d}'}/{symbol}"


def in_full(unit_name: str) -> str:
    """A unit as a sentence writes it: "Ủy ban nhân dân xã Điềm He" for "UBND xã Điềm He"."""
    return unit_name.replace("UBND ", "Ủy ban nhân dân ", 1) if unit_name.startswith("UBND ") else unit_name


def place_of(unit_name: str) -> str:
    """Where a committee dates its documents from: "Lạng Sơn" for "UBND tỉnh Lạng Sơn"; "" for any other unit."""
    return unit_name.removeprefix("UBND ").partition(" ")[2] if unit_name.startswith("UBND ") else ""


def superior_at_head(unit_name: str) -> str:
    """The body above the issuer as the head of a page writes it, in capitals; only this one may be abbreviated."""
    return unit_name.replace("Ủy ban nhân dân ", "UBND ", 1).upper()


def issuer_at_head(unit_name: str) -> str:
    """Who issues, in full capitals; a committee is too long for one line and ends it before its place."""
    return in_full(unit_name).replace("Ủy ban nhân dân ", "Ủy ban nhân dân\n", 1).upper()


_INITIALS = {"va": "", "ngoai": "ng"}  # SKHCN; SNgV of Sở Ngoại vụ beside SNV of Sở Nội vụ


def issued_by(number_symbol: str, unit_name: str) -> bool:
    """Whether the symbol of a document names a unit by its initials: "125/QĐ-SNV" is of "Sở Nội vụ"."""
    initials = "".join(_INITIALS.get(word, word[0]) for word in re.findall(r"\w+", fold(unit_name)))
    return initials in re.split("[/-]", fold(number_symbol))


# By rank; what a unit or a council of the place issues stands last. "Điều 11 Luật …" is known by the first kind named.
RANKS = ("luật", "pháp lệnh", "nghị quyết", "nghị định", "quyết định", "chỉ thị", "công điện", "thông tư")
_KIND = re.compile("|".join(RANKS), re.IGNORECASE)
_LOCAL = re.compile("ủy ban nhân dân|hội đồng nhân dân|UBND|HĐND|của sở ", re.IGNORECASE)
_DAY = re.compile(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})")


def rank_of(title: str) -> int:
    """The place of a legal document among those it is cited with, the highest first."""
    kind = _KIND.search(title)
    if kind is None or (kind[0].lower() != "luật" and _LOCAL.search(title)):
        return len(RANKS)
    return RANKS.index(kind[0].lower())


def day_of(title: str) -> date | None:
    """The day in the title of a document; None where it says none that there is."""
    found = _DAY.search(title)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def dated_in_full(title: str) -> str:
    """ "Chỉ thị số 26/CT-TTg ngày 05 tháng 9 năm 2016" for one titled "… ngày 05/9/2016"."""
    day = day_of(title)
    return _DAY.sub(day_in_full(day), title, count=1) if day else title


def printable(text: str) -> str:
    """Words somebody typed, as one line without invisible characters: they print, and turn nothing around."""
    kept = (" " if char.isspace() else char for char in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in _INVISIBLE).split())


def lines_of(text: str) -> tuple[str, ...]:
    """Words somebody typed on several lines, a paragraph for each."""
    return tuple(line for raw in text.splitlines() if (line := printable(raw)))


def in_a_sentence(text: str) -> str:
    """Words somebody typed, maybe on several lines, as a part of a sentence."""
    return "; ".join(filter(None, (line.strip(" ;,") for line in lines_of(text))))


def or_dots(shown: str) -> str:
    """The words, or a dotted line where there are none, or none that can be printed: typed without tone marks."""
    return shown if shown and not unmarked(shown) else DOTS


def listed(entries: Sequence[str]) -> list[str]:
    """Entries as a list in a document ends them: ";" behind each, "." behind the last."""
    bare = [entry.rstrip(" .;") for entry in entries]
    return [f"{entry}{';' if place < len(bare) else '.'}" for place, entry in enumerate(bare, start=1)]
