"""The question types there are: to add one, write its file and its line here."""

from __future__ import annotations

from inspection.questions.base import QuestionType
from inspection.questions.count import Count
from inspection.questions.day import Day
from inspection.questions.doc_ref import DocRef
from inspection.questions.number import Number
from inspection.questions.one_choice import OneChoice
from inspection.questions.pass_fail_na import PassFailNa
from inspection.questions.photo import PhotoAlone
from inspection.questions.place import Place
from inspection.questions.several_choices import SeveralChoices
from inspection.questions.text import FreeText

QUESTION_TYPES: dict[str, QuestionType] = {
    "pass_fail_na": PassFailNa(),
    "number": Number(),
    "count": Count(),
    "doc_ref": DocRef(),
    "text": FreeText(),
    "date": Day(),
    "one_choice": OneChoice(),
    "several_choices": SeveralChoices(),
    "photo": PhotoAlone(),
    "place": Place(),
}
