"""Figures are read as a Vietnamese office writes them and shown one way: 1.247, 98,6, 04/8/2026, 12/KH-UBND.

What cannot be read is None, never a guess: the caller asks again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from inspection.words import canonical, fold, half_width, nfc

KINDS: Final = {
    "QĐ": "Quyết định",
    "KH": "Kế hoạch",
    "BC": "Báo cáo",
    "TB": "Thông báo",
    "CV": "Công văn",
    "QC": "Quy chế",
    "CT": "Chỉ thị",
    "TTr": "Tờ trình",
    "NQ": "Nghị quyết",
    "HD": "Hướng dẫn",
    "BB": "Biên bản",
    "GM": "Giấy mời",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "CĐ": "Công điện",
    "CTr": "Chương trình",
    "PA": "Phương án",
}
KINDS_EN: Final = {
    "QĐ": "Decision", "KH": "Plan", "BC": "Report", "TB": "Notice", "CV": "Letter", "QC": "Regulation",
    "CT": "Directive", "TTr": "Submission", "NQ": "Resolution", "HD": "Guidance", "BB": "Minutes", "GM": "Invitation",
    "NĐ": "Decree", "TT": "Circular", "CĐ": "Telegram", "CTr": "Programme", "PA": "Scheme",
}  # fmt: skip
MONTHS_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Issuers and departments whose abbreviation is known; others are taken as typed, in capitals.
ISSUERS: Final = (
    *("UBND", "HĐND", "SNV", "VP", "VPCP", "CP", "TTg", "BNV", "NC", "XDCQ", "ĐKT", "ĐU", "TU", "TW", "MTTQ"),
    *("PNV", "VHXH", "TTPVHCC", "HCC"),
)
_KIND_TYPED = {form: kind for kind in KINDS for form in (canonical(kind), fold(kind))}
_ISSUER_TYPED = {form: issuer for issuer in ISSUERS for form in (canonical(issuer), fold(issuer))}
# These four are also words or parts of one ("từ", "đủ") when typed apart: they count only after "-" or "/".
_NEVER_APART = {"NC", "CP", "TU", "ĐU"}

_THOUSANDS = r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
_WHOLE = re.compile(rf"[0-9]{{1,12}}|{_THOUSANDS}")
_DECIMAL = re.compile(
    rf"(?P<whole>{_THOUSANDS}|[0-9]{{1,12}})(?:,(?P<part>[0-9]{{1,6}}))?|(?P<dotted>[0-9]{{1,12}}\.[0-9]{{1,6}})"
)
# A hyphen right before a figure, after a space, may be a minus: it separates nothing, and the figure is asked again.
_BETWEEN_WHOLES = re.compile(r"\s*[,/]\s*|(?<=[0-9])[–-]\s*|\s+[–-]\s+|\s+")

# A day as people type it, for patterns that ignore case; its groups are day, month, year, or named and of.
DAY_TYPED: Final = (
    r"(?P<day>[0-9]{1,2})(?:(?:\s*[./-]\s*|\s+(?:tháng|thang)\s+)(?P<month>[0-9]{1,2})"
    r"(?:(?:\s*[./-]\s*|\s+(?:năm|nam)\s+)(?P<year>[0-9]{4}|[0-9]{2}))?"
    rf"|\s+(?P<named>{'|'.join(MONTHS_EN)})[a-z]*(?:\s+(?P<of>[0-9]{{4}}))?)(?![0-9]|[./-][0-9])"
)
_DAY_ALONE = re.compile(rf"(?:(?:ngày|ngay)\s+)?{DAY_TYPED}", re.IGNORECASE)
_DAY_AFTER_SYMBOL = re.compile(rf"[\s,;-]*(?:(?:ngày|ngay)\s+)?{DAY_TYPED}", re.IGNORECASE)
_KIND_WORDS = "|".join(form for name in (*KINDS.values(), "Văn bản") for form in (name.casefold(), fold(name)))
_PART = r"[^\W\d_][^\W_]{0,9}(?![^\W_])"
_NUMBER = re.compile(
    rf"(?:(?:{_KIND_WORDS})\s+)?(?:(?:số|so)\s*:?\s*)?(?P<number>[0-9]{{1,6}}[a-zđ]?)(?P<of>/(?:19|20)[0-9]{{2}}(?=/))?"
    rf"(?P<mark>\s*[/-]\s*|\s+)(?P<first>{_PART})",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"(?P<mark>[/-])(?P<part>{_PART})")
_APART = re.compile(rf"\s*(?P<mark>[/-]?)\s*(?P<part>{_PART})")


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document as typed: "45/QĐ-UBND", its day if one was readable, and the words left over ("phù hợp")."""

    number_symbol: str
    issued: date | None
    year_assumed: bool  # the year was not typed, so the echo must show it
    rest: str


def cut(text: str) -> list[str]:
    """Pieces of an answer: cut at line ends, ";" and a comma followed by a space, so that "98,6" stays whole."""
    pieces = re.split(r"[\r\n\u2028\u2029;]|,(?=\s|$)", text)
    return [piece.strip() for piece in pieces if piece.strip()]


def whole(text: str) -> int | None:
    """A whole number: "25", "02", "1.247" (thousands). Nothing around it, no sign, at most twelve digits."""
    plain = _plain(text)
    return int(plain.replace(".", "")) if _WHOLE.fullmatch(plain) else None


def decimal(text: str) -> Decimal | None:
    """A number with a decimal comma, or a point: "98,6", "98.6", "98,6%"; three digits after a point are thousands."""
    found = _DECIMAL.fullmatch(_plain(text).removesuffix("%").rstrip())
    if found is None:
        return None
    if found["dotted"]:
        return Decimal(found["dotted"])
    written = found["whole"].replace(".", "")
    return Decimal(f"{written}.{found['part']}" if found["part"] else written)


def wholes(text: str) -> list[int] | None:
    """Several whole numbers between spaces, commas, slashes or hyphens: "25 22 2 1", "25/22/2/1", "25,22,2,1"."""
    numbers = [whole(piece) for piece in _BETWEEN_WHOLES.split(_plain(text))]
    known = [number for number in numbers if number is not None]
    return known if len(known) == len(numbers) else None


def day(text: str, *, year: int) -> date | None:
    """A day, day first: 15/7/2025, 15.7.25, ngày 15 tháng 7, 15 Jul 2025; without a year it falls in `year`."""
    found = _DAY_ALONE.fullmatch(_plain(text))
    return _day_read(found, year) if found else None


def document(text: str, *, year: int) -> DocumentRead | None:
    """Number, symbol and day of a document: "45/QĐ-UBND 15/7/2025", "45 qd ubnd 15.7.25", "45-qd-ubnd, 15-7-2025".

    A day that does not exist (31/02) is not read: `issued` is None and the typed day stands in `rest`.
    """
    typed = _plain(text)
    found = _NUMBER.match(typed)
    symbol = _symbol(typed, found) if found else None
    if found is None or symbol is None:
        return None
    parts, end = symbol
    written = found["number"] + (found["of"] or "") + parts
    dated = _DAY_AFTER_SYMBOL.match(typed, end)
    issued = _day_read(dated, year) if dated else None
    if dated and issued:
        return DocumentRead(written, issued, _year_typed(dated) is None, _rest(typed, dated.end()))
    return DocumentRead(written, None, False, _rest(typed, end))


def show_day(value: date, language: str = "vi") -> str:
    """A day as in documents: "04/8/2026", "06/02/2026" (a zero for days below 10 and for months 1 and 2 only).

    In English "4 Aug 2026": figures alone would be read month first by half of those who read them.
    """
    if language != "vi":
        return f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}"
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"{value.day:02d}/{month}/{value.year}"


def show_clock(local: datetime | time) -> str:
    """The time of day of a local moment: "08:05"."""
    return f"{local.hour:02d}:{local.minute:02d}"


def show_moment(local: datetime, language: str = "vi") -> str:
    """A local moment: "08:05 ngày 04/8/2026", "08:05 on 4 Aug 2026". The caller has converted it to local time."""
    return f"{show_clock(local)} {'ngày' if language == 'vi' else 'on'} {show_day(local, language)}"


def show_number(value: Decimal | int) -> str:
    """A number with a thousands dot and a decimal comma: "1.247", "98,6"; zeros after the comma are dropped."""
    written = f"{Decimal(value):,f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.translate(str.maketrans(",.", ".,"))


def show_two(value: int, language: str = "vi") -> str:
    """A count as offices write it: "02", "12"; from a thousand on with a dot. In English "2", "1,247"."""
    if language != "vi":
        return f"{value:,}"
    return f"{value:02d}" if 0 <= value < 10 else show_number(value)


def kind_name(number_symbol: str, language: str = "vi") -> str:
    """The word for the kind of document in its symbol: "Kế hoạch" for 12/KH-UBND, "Văn bản" where it has none."""
    found = re.match(rf"[0-9]+[a-zđ]?(?:/[0-9]{{4}})?[/-]({_PART})", number_symbol, re.IGNORECASE)
    names, none = (KINDS, "Văn bản") if language == "vi" else (KINDS_EN, "Document")
    return names.get(found[1], none) if found else none


def show_document(number_symbol: str, issued: date | None, language: str = "vi") -> str:
    """A document with its kind and day: "Kế hoạch số 12/KH-UBND ngày 06/02/2026", "Plan 12/KH-UBND of 6 Feb 2026"."""
    number, of = ("số ", "ngày") if language == "vi" else ("", "of")
    named = f"{kind_name(number_symbol, language)} {number}{number_symbol}"
    return named if issued is None else f"{named} {of} {show_day(issued, language)}"


def _plain(text: str) -> str:
    return half_width(nfc(text)).strip().rstrip(" .,;")


def _year_typed(found: re.Match[str]) -> str | None:
    return found["year"] or found["of"]


def _day_read(found: re.Match[str], year: int) -> date | None:
    typed = _year_typed(found)
    of = year if typed is None else int(typed) + (2000 if len(typed) == 2 else 0)
    month = MONTHS_EN.index(found["named"].title()) + 1 if found["named"] else int(found["month"])
    try:
        return date(of, month, int(found["day"]))
    except ValueError:  # no such day in the calendar
        return None


def _symbol(typed: str, found: re.Match[str]) -> tuple[str, int] | None:
    """The symbol with its leading mark ("/QĐ-UBND") and where it ends, or None if this is no document number.

    After a bare space only a known kind with its issuer makes a symbol: "25 người" and "25 tt" are no documents.
    """
    kind = _KIND_TYPED.get(canonical(found["first"]))
    opening = found["mark"].strip()
    following = _parts_after(typed, found.end())
    parts = [_issuer(part["part"]) for part in following]
    known = kind is not None or canonical(found["first"]) in _ISSUER_TYPED
    if (not opening and not (kind and parts)) or not (known or parts):
        return None
    head = kind or _issuer(found["first"])
    end = following[-1].end() if following else found.end()
    if opening == "-" and [part["mark"] for part in following] == ["/"]:  # the Party writes 12-KH/TU
        return f"-{head}/{parts[0]}", end
    return "/" + "-".join((head, *parts)), end


def _parts_after(typed: str, start: int) -> list[re.Match[str]]:
    parts: list[re.Match[str]] = []
    while found := _JOINED.match(typed, start) or _apart(typed, start):
        parts.append(found)
        start = found.end()
    return parts


def _apart(typed: str, start: int) -> re.Match[str] | None:
    found = _APART.match(typed, start)
    known = _ISSUER_TYPED.get(canonical(found["part"])) if found else None
    return found if known and known not in _NEVER_APART else None


def _issuer(typed: str) -> str:
    known = _ISSUER_TYPED.get(canonical(typed))
    if known:
        return known
    capitals = sum(char.isupper() for char in typed)
    return typed if capitals > 1 else typed.upper()


def _rest(typed: str, start: int) -> str:
    return typed[start:].strip(" ,;.-")
