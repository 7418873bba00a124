"""A document by number, symbol and date, or "chưa có"; typed as people type it: `45 qd ubnd 15.7.25 phu hop`."""

from __future__ import annotations

from inspection.checklist import Item
from inspection.figures import day, document, show_document
from inspection.questions.base import (
    MET,
    MET_WORDS,
    NA_WORDS,
    NONE_WORDS,
    NOT_MET_WORDS,
    MetType,
    UnclearError,
    Value,
    is_na,
    not_applicable,
    says,
    shown_na,
)

BY_PHOTO = ("có ảnh", "theo ảnh", "chụp ảnh", "có ảnh chụp", "photo", "by photo")
FITTING = ("phù hợp", "còn phù hợp", "đã phù hợp", "fitting")
UNFITTING = ("chưa phù hợp", "không phù hợp", "ko phù hợp", "not fitting", "no longer fitting")


class DocRef:
    """`value` is {"so_ky_hieu": "45/QĐ-UBND", "ngay_ban_hanh": date | None, ["phu_hop": "co" | "khong"]}.

    An empty `so_ky_hieu` says the document does not exist; {"theo_anh": True} that its first page is photographed and
    its number is filled in before signing.
    """

    name = "doc_ref"

    def read(self, item: Item, body: str, *, year: int) -> Value | MetType:
        """Read a reference, "chưa có", or "đạt" for the one the system already holds."""
        if says(body, NONE_WORDS, NOT_MET_WORDS):
            return {"so_ky_hieu": "", "ngay_ban_hanh": None}
        if says(body, MET_WORDS):
            return MET
        if says(body, BY_PHOTO):
            return {"so_ky_hieu": "theo ảnh", "ngay_ban_hanh": None, "theo_anh": True}
        if says(body, NA_WORDS):
            return not_applicable(item)
        return self._reference(item, body, year)

    def _reference(self, item: Item, body: str, year: int) -> Value:
        read = document(body, year=year)
        if read is None or not read.number_symbol:
            raise UnclearError("document_unclear", code=item.code, example=item.example)
        value: Value = {"so_ky_hieu": read.number_symbol, "ngay_ban_hanh": read.issued}
        if read.year_assumed:
            value = {**value, "nam_suy_ra": True}
        rest = read.rest.strip(" ,.;")
        extended = self.extend(item, value, rest, year=year) if rest else value
        if extended is None:
            raise UnclearError("document_unclear", code=item.code, example=item.example)
        return extended

    def extend(self, item: Item, value: Value, part: str, *, year: int) -> Value | None:
        """A date that followed a comma, or whether the regulation still fits."""
        if _asks_fit(item):
            if says(part, UNFITTING):
                return {**value, "phu_hop": "khong"}
            if says(part, FITTING):
                return {**value, "phu_hop": "co"}
        issued = day(part, year=year) if value.get("ngay_ban_hanh") is None and not by_photo(value) else None
        if issued is not None and value.get("so_ky_hieu"):
            return {**value, "ngay_ban_hanh": issued}
        return None

    def show(self, item: Item, value: Value, language: str) -> str:
        """ "Quyết định số 45/QĐ-UBND ngày 15/7/2025, phù hợp"."""
        if is_na(value):
            return shown_na(language)
        if not value["so_ky_hieu"]:
            return "chưa có" if language == "vi" else "none"
        shown = show_document(value["so_ky_hieu"], value["ngay_ban_hanh"], language)
        if by_photo(value):
            shown = "có ảnh trang đầu" if language == "vi" else "photo of the first page"
        fits = FITS[language].get(value.get("phu_hop", ""), "")
        return shown + fits

    def choices(self, item: Item, language: str) -> tuple[tuple[str, str], ...]:
        """A reference is typed."""
        return ()


FITS = {
    "vi": {"co": ", phù hợp", "khong": ", chưa phù hợp"},
    "en": {"co": ", fitting", "khong": ", no longer fitting"},
}


def by_photo(value: Value) -> bool:
    """Whether only a photo stands for the document so far."""
    return bool(value.get("theo_anh"))


def missing(item: Item, value: Value) -> str | None:
    """The part of a reference that is still to be said: "date", "fit", before signing "number", or None."""
    if is_na(value) or not value.get("so_ky_hieu"):
        return None
    if value["ngay_ban_hanh"] is None and not by_photo(value):
        return "date"
    if _asks_fit(item) and "phu_hop" not in value:
        return "fit"
    return "number" if by_photo(value) else None


def _asks_fit(item: Item) -> bool:
    return any(f.name == "phu_hop" for f in item.fields)
