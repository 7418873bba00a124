"""The documents beside the minutes, as exactly the fields they print; whoever connects them fills these in.

Days are local; a number is None while the office has not given one, and stays dotted until then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from inspection.documents.minutes import Minutes
from inspection.found import StillOpen
from inspection.visit import Visit


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues a document. name: "SỞ NỘI VỤ" on the page; superior: the body above it; place: "Lạng Sơn"."""

    name: str
    superior: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs. office: line by line, capitals as printed ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")."""

    office: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The report on results (báo cáo kết quả), by the head of the team to the authority that sent it."""

    minutes: Minutes
    number: int | None
    day: date | None
    addressed_to: str

    @property
    def draft(self) -> bool:
        """As long as the minutes it reports are one."""
        return self.minutes.draft


@dataclass(frozen=True, slots=True)
class Concluded:
    """A finding as the notice of conclusions states it, by its number ("TT-2026-031").

    days: working days to remedy it, from the day of the notice, 0 = to be learnt from; due: the day they end, None in
    a draft; remedied: it was put right before the notice; repeat_of: the number of the earlier finding it repeats.
    """

    number: str
    sentence: str
    days: int
    due: date | None = None
    remedied: bool = False
    repeat_of: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The notice of conclusions (thông báo kết luận). symbol: "TB-SNV"; minutes: with number and day."""

    issuer: Issuer
    number: int | None
    symbol: str
    day: date | None
    unit: str
    visited_on: date
    minutes: str
    results: tuple[str, ...]
    strengths: tuple[str, ...]
    findings: tuple[Concluded, ...]
    still_open: tuple[StillOpen, ...]
    report_due: date | None
    signer: Signer
    recipients: tuple[str, ...]

    @property
    def draft(self) -> bool:
        """Until its number and day are entered."""
        return self.day is None


@dataclass(frozen=True, slots=True)
class Owed:
    """What a unit owes: what is to be done, by which document, since when, how many working days ago it was due."""

    subject: str
    basis: str
    due: date
    days_over: int


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """The letter that urges a unit (công văn đôn đốc). symbol: "SNV-XDCQ", a letter has no kind; answer_by: a day."""

    issuer: Issuer
    number: int | None
    symbol: str
    day: date | None
    addressed_to: str
    owed: tuple[Owed, ...]
    answer_by: date | None
    signer: Signer
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    """A line of the list of overdue units: what is to be done there; code: of the obligation or finding."""

    unit: str
    subject: str
    code: str
    due: date
    days_over: int


@dataclass(frozen=True, slots=True)
class OverdueList:
    """The list of units with something overdue at a moment (local), for an area; the longest overdue first.

    only: what it is narrowed to, "của UBND xã Yên Phúc"; "": nothing is left out.
    """

    issuer: Issuer
    area: str
    moment: datetime
    lines: tuple[OverdueUnit, ...]
    signer: Signer
    recipients: tuple[str, ...]
    only: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator as the report prints it, in words: "61/65 (93,8%)", "100%", "chưa đạt"; "" where there is none.

    before, year_before: of the period before and of the same one a year before, with the change.
    """

    title: str
    figure: str
    target: str
    verdict: str
    before: str = ""
    year_before: str = ""


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """The report of a period (báo cáo tổng hợp), with the figures as they were said.

    called: the period in a title, "tháng 7 năm 2026"; time: with the moment of its figures, "từ … đến hết …, …".
    """

    issuer: Issuer
    area: str
    called: str
    time: str
    aloud: str
    results: tuple[str, ...]
    indicators: tuple[IndicatorLine, ...]
    shortcomings: tuple[str, ...]
    signer: Signer
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of evidence: its code, who sent it, when it came and was stored (local), its bytes and fingerprint."""

    code: str
    sender: str
    received: datetime
    stored: datetime
    size: int
    mime: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of evidence. record: fingerprint of the stored visit; chain: the newest seal of the journal.

    row, sealed_at: of the journal, the row this seal is found in, and when it was written (local), None while there is
    no row. Each request for a certificate is a row itself, so that no two carry the same seal.
    """

    issuer: Issuer
    unit: str
    visited: datetime
    minutes: str
    moment: datetime
    exhibits: tuple[Exhibit, ...]
    record: str
    chain: str
    row: int
    sealed_at: datetime | None
    chain_whole: bool
    recipients: tuple[str, ...]


def exhibit_codes(minutes: Minutes, visit: Visit) -> dict[str, str]:
    """The code of each stored photo by its id, as the annex of the minutes names it."""
    codes = {photo.sha256: photo.code for photo in minutes.photos}
    return {photo.id: codes.get(photo.sha256, "") for photo in visit.photos}
