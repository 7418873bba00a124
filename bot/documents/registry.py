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
    """A kind of document. `samples`: three of its data, a draft, a final one, and one that knows hardly anything.

    drafted: there are drafts of it, which must say so; its data then have `draft` and the `number` of the paper itself.
    """

    title: Phrase
    form: Callable[[], bytes]
    fields: Callable[[Any], dict[str, Any]]
    samples: tuple[Any, Any, Any]
    drafted: bool = False

    def trial(self) -> Trial:
        """What a template of this kind is tried with."""
        draft, final, bare = (self.fields(sample) for sample in self.samples)
        return Trial(draft, final, bare, self.drafted)


def _final(sample: Any) -> Any:
    return replace(sample, draft=False)


KINDS: Mapping[str, Kind] = {
    "minutes": Kind(
        Phrase("Biên bản kiểm tra", "Minutes of the visit"),
        minutes_form.minutes,
        minutes_fields,
        (samples.MINUTES, _final(samples.MINUTES), samples.BARE),
        drafted=True,
    ),
    "early_end": Kind(
        Phrase("Biên bản kết thúc sớm", "Minutes of a visit ended early"),
        minutes_form.early_end,
        minutes_fields,
        (samples.EARLY, _final(samples.EARLY), samples.BARE_EARLY),
        drafted=True,
    ),
    "report": Kind(
        Phrase("Báo cáo kết quả kiểm tra", "Report on results"),
        letter_forms.report,
        letter_fields.report_fields,
        (samples.REPORT, replace(samples.REPORT, minutes=_final(samples.MINUTES)), samples.BARE_REPORT),
        drafted=True,
    ),
    "conclusion": Kind(
        Phrase("Thông báo kết luận kiểm tra", "Notice of conclusions"),
        letter_forms.conclusion,
        letter_fields.conclusion_fields,
        (
            samples.CONCLUSION_DRAFT,
            samples.CONCLUSION,
            replace(samples.CONCLUSION_DRAFT, findings=(), strengths=(), results=()),
        ),
        drafted=True,
    ),
    "reminder": Kind(
        Phrase("Công văn đôn đốc", "Letter of reminder"),
        letter_forms.reminder,
        letter_fields.reminder_fields,
        (samples.LETTER, samples.LETTER, replace(samples.LETTER, number=None, day=None, owed=(), answer_by=None)),
    ),
    "overdue": Kind(
        Phrase("Danh sách đơn vị quá hạn", "List of overdue units"),
        letter_forms.overdue,
        letter_fields.overdue_fields,
        (samples.OVERDUE, samples.OVERDUE, replace(samples.OVERDUE, lines=())),
    ),
    "period": Kind(
        Phrase("Báo cáo tổng hợp kỳ", "Report of a period"),
        letter_forms.period,
        letter_fields.period_fields,
        (samples.PERIOD, samples.PERIOD, replace(samples.PERIOD, results=(), indicators=(), shortcomings=(), aloud="")),
    ),
    "certificate": Kind(
        Phrase("Chứng thư minh chứng", "Certificate of evidence"),
        letter_forms.certificate,
        letter_fields.certificate_fields,
        (
            samples.CERTIFICATE,
            samples.CERTIFICATE,
            replace(samples.CERTIFICATE, exhibits=(), chain_whole=False, sealed_at=None),
        ),
    ),
}


@cache
def built_in(kind: str) -> bytes:
    """The template the product comes with."""
    return KINDS[kind].form()
