"""The official documents there are: to add one, write its form and its fields, and its line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from bot.documents import letter_fields, letter_forms, minutes_form, samples
from bot.documents.minutes_fields import minutes_fields
from bot.documents.word import Trial
from inspection.phrases import Phrase


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document.

    file: what its template is called when it is sent. samples: of its data, a draft, a final one, one that knows hardly
    anything, and others; together they go through every branch of its form. needed: the fields nobody leaves out by
    intention. drafted: there are drafts of it, which must say so; its data then have `draft` and the `number` of the
    paper itself.
    """

    title: Phrase
    file: str
    form: Callable[[], bytes]
    fields: Callable[[Any], dict[str, Any]]
    samples: tuple[Any, ...]
    needed: tuple[str, ...]
    drafted: bool = False

    def trial(self) -> Trial:
        """What a template of this kind is tried with."""
        draft, final, *others = (self.fields(sample) for sample in self.samples)
        return Trial(draft, final, tuple(others), self.drafted)


def _final(sample: Any) -> Any:
    return replace(sample, draft=False)


TAKING_PART = ("doan_kiem_tra", "dai_dien_don_vi")
SIGNED = ("ten_thu_ky", "ten_dai_dien", "ten_truong_doan")
ISSUED = ("nguoi_ky", "noi_nhan")

KINDS: Mapping[str, Kind] = {
    "minutes": Kind(
        Phrase("Biên bản kiểm tra", "Minutes of the visit"),
        "mau-bien-ban.docx",
        minutes_form.minutes,
        minutes_fields,
        (samples.MINUTES, _final(samples.MINUTES), samples.BARE, samples.REFUSED),
        ("so", "bat_dau", *TAKING_PART, "ket_qua", "ton_tai", "giai_trinh", "kien_nghi", *SIGNED, "noi_nhan", "anh"),
        drafted=True,
    ),
    "early_end": Kind(
        Phrase("Biên bản kết thúc sớm", "Minutes of a visit ended early"),
        "mau-ket-thuc-som.docx",
        minutes_form.early_end,
        minutes_fields,
        (samples.EARLY, _final(samples.EARLY), samples.BARE_EARLY, samples.EARLY_REFUSED),
        ("so", "bat_dau", "doan_kiem_tra", "ly_do", "ten_thu_ky", "ten_truong_doan", "noi_nhan"),
        drafted=True,
    ),
    "report": Kind(
        Phrase("Báo cáo kết quả kiểm tra", "Report on results"),
        "mau-bao-cao-ket-qua.docx",
        letter_forms.report,
        letter_fields.report_fields,
        (
            samples.REPORT,
            replace(samples.REPORT, minutes=_final(samples.MINUTES)),
            samples.BARE_REPORT,
            samples.REPORT_EARLY,
        ),
        ("so", "ngay", "kinh_gui", "don_vi", "ket_qua_chung", "ton_tai", "kien_nghi", *ISSUED),
        drafted=True,
    ),
    "conclusion": Kind(
        Phrase("Thông báo kết luận kiểm tra", "Notice of conclusions"),
        "mau-thong-bao-ket-luan.docx",
        letter_forms.conclusion,
        letter_fields.conclusion_fields,
        (samples.CONCLUSION_DRAFT, samples.CONCLUSION, samples.BARE_CONCLUSION),
        ("so", "ngay", "don_vi", "ngay_kiem_tra", "ket_qua", "ton_tai", *ISSUED),
        drafted=True,
    ),
    "reminder": Kind(
        Phrase("Công văn đôn đốc", "Letter of reminder"),
        "mau-cong-van-don-doc.docx",
        letter_forms.reminder,
        letter_fields.reminder_fields,
        (samples.LETTER, samples.LETTER, samples.BARE_LETTER),
        ("so", "ngay", "kinh_gui", "viec", *ISSUED),
    ),
    "overdue": Kind(
        Phrase("Danh sách đơn vị quá hạn", "List of overdue units"),
        "mau-danh-sach-qua-han.docx",
        letter_forms.overdue,
        letter_fields.overdue_fields,
        (samples.OVERDUE, samples.OVERDUE, samples.BARE_OVERDUE),
        ("thoi_diem", "dong", "nguoi_ky"),
    ),
    "period": Kind(
        Phrase("Báo cáo tổng hợp kỳ", "Report of a period"),
        "mau-bao-cao-ky.docx",
        letter_forms.period,
        letter_fields.period_fields,
        (samples.PERIOD, samples.PERIOD, samples.BARE_PERIOD),
        ("so", "ngay", "pham_vi", "ky", "ket_qua", "dong", "han_che", *ISSUED),
    ),
    "certificate": Kind(
        Phrase("Chứng thư minh chứng", "Certificate of evidence"),
        "mau-chung-thu.docx",
        letter_forms.certificate,
        letter_fields.certificate_fields,
        (samples.CERTIFICATE, samples.CERTIFICATE, samples.BARE_CERTIFICATE),
        ("don_vi", "thoi_diem", "dong", "ban_ghi", "nhat_ky", "dong_nhat_ky"),
    ),
}


@cache
def built_in(kind: str) -> bytes:
    """The template the product comes with."""
    return KINDS[kind].form()
