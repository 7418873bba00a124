"""A checklist is data: one row per item, read once, every fault of the workbook found before the first visit uses it.

Expressions are compiled here and the names in them are checked, so that a visit never meets a rule it cannot apply.
A cell that holds several things holds one per line; the parts of a line are separated by `|`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from inspection.expressions import Expression, ExpressionFault, compile_expression

Row = Mapping[str, str]

CHOICES: Mapping[str, tuple[str, ...]] = {
    "answer_type": (
        "pass_fail_na",
        "number",
        "count",
        "doc_ref",
        "text",
        "date",
        "one_choice",
        "several_choices",
        "photo",
        "place",
    ),
    "photo_rule": ("always", "on_fail", "on_pass", "optional", "forbidden", "as_origin"),
    "applies_to": ("all", "one_stop", "has_prior"),
    "hidden_as": ("absent", "zero"),
    "caps": ("average", "weak"),
    "asked_at": ("walk", "sign_off"),
}
# Fields every answer of a type has, beside those the row names.
OWN_FIELDS: Mapping[str, tuple[str, ...]] = {
    "pass_fail_na": ("ket_qua",),
    "number": ("gia_tri",),
    "text": ("noi_dung",),
    "date": ("ngay",),
    "one_choice": ("chon",),
    "several_choices": ("chon",),  # the names chosen, a space between them: `selected(${chon}, 'ten')`
    "photo": ("so_anh",),
    "place": ("vi_do", "kinh_do", "noi_dung"),
}
CHOSEN_FROM = ("one_choice", "several_choices")  # types that need options
VISIT_NAMES = frozenset({"ngay_kiem_tra", "nam"})
PRIOR_NAMES = frozenset({"qua_han", "ma_ton_tai", "noi_dung_ton_tai"})
MOST_WEIGHT = 1000  # all weights of a checklist come to about 100
SYSTEM = "he_thong"  # `${he_thong.tong}`: the system's own value for a field of this item


class Text(NamedTuple):
    """A text in both languages, taken as it is printed."""

    vi: str
    en: str


class Field(NamedTuple):
    """One part of an answer; an optional one is never asked for."""

    name: str
    optional: bool


class Reason(NamedTuple):
    """A lettered reason of a failure. An empty `finding`: the item's own sentence, with the label as `{ly_do}`."""

    letter: str
    label: Text
    finding: Text


class Option(NamedTuple):
    """One answer of a closed list: the name expressions use, and what people read."""

    name: str
    label: Text


class Check(NamedTuple):
    """What must hold between figures; the sentence, with figures in braces, says what does not."""

    expression: Expression
    sentence: Text


class Variant(NamedTuple):
    """The sentence of a finding where the answer itself says which one it is."""

    when: Expression
    finding: Text


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A legal document; in force from `valid_from` to `valid_to`, both included (None: open)."""

    key: str
    title: str
    valid_from: date | None = None
    valid_to: date | None = None
    superseded_by: str = ""

    def in_force(self, on: date) -> bool:
        """Whether it may be cited for something found on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Item:
    """One question and all its rules; the columns of a row, in the same words."""

    code: str
    section: str
    order: int
    visit_order: int
    answer_type: str
    fields: tuple[Field, ...]
    unit_word: str
    question: Text
    short: Text
    applies_to: str
    show_if: Expression | None
    hidden_as: str  # `absent`: leaves the score; `zero`: hidden by `show_if`, it scores 0 and makes no finding
    na_if: Expression | None
    na_allowed: bool
    check: tuple[Check, ...]
    warn: tuple[Check, ...]
    pass_if: Expression | None
    score: Expression | None
    critical_if: Expression | None
    caps: str
    weight: Decimal
    photo_rule: str
    photo_min: int
    photo_max: int
    photo_subject: Text
    default: Mapping[str, Expression] | None  # what "đạt" stores; None: must be typed (or is the word itself)
    default_words: Text  # how the prompt names it while its value is not known yet
    derive: Mapping[str, Expression]
    system: frozenset[str]
    options: tuple[Option, ...]
    reasons: tuple[Reason, ...]
    variants: tuple[Variant, ...]
    note_on_fail: bool
    negative: bool
    asked_at: str
    repeats: bool
    finding: Text
    remedy_working_days: int
    legal_bases: tuple[str, ...]
    hint: Text
    example: str

    @property
    def informs_only(self) -> bool:
        """Recorded, never judged."""
        return self.pass_if is None and self.answer_type != "pass_fail_na"

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """Every expression of the row with the column it stands in."""
        for column in ("show_if", "na_if", "pass_if", "score", "critical_if"):
            expression: Expression | None = getattr(self, column)
            if expression is not None:
                yield column, expression
        yield from (("check", check.expression) for check in self.check)
        yield from (("warn", check.expression) for check in self.warn)
        yield from (("default", expression) for expression in (self.default or {}).values())
        yield from (("derive", expression) for expression in self.derive.values())
        yield from (("variants_vi", variant.when) for variant in self.variants)

    def own_names(self) -> frozenset[str]:
        """The names this item's expressions may use without a code."""
        fields = {field.name for field in self.fields} | set(OWN_FIELDS.get(self.answer_type, ())) | set(self.derive)
        return frozenset(fields) | self.system | VISIT_NAMES | (PRIOR_NAMES if self.repeats else frozenset())


@dataclass(frozen=True, slots=True)
class Section:
    """A lettered part of the checklist; `short` heads its prompt."""

    code: str
    title: Text
    short: Text
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version of a checklist; never changed once a visit has begun with it."""

    id: str
    version: int
    title: Text
    valid_from: date
    sections: Mapping[str, Section]
    items: Mapping[str, Item]
    legal: Mapping[str, LegalBasis]
    walk: tuple[tuple[str, ...], ...]  # item codes in the order of the visit, one group per prompt

    def bases_in_force(self, item: Item, on: date) -> tuple[LegalBasis, ...]:
        """The legal bases of an item that may be cited for that day, in the order of the row."""
        return tuple(self.legal[key] for key in item.legal_bases if self.legal[key].in_force(on))


class Fault(NamedTuple):
    """What is wrong in one cell; `row` counts as in the sheet (the header is row 1)."""

    row: int
    column: str
    sentence: str


class ChecklistFaults(ValueError):
    """All faults of a workbook at once, in `faults`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"Dòng {f.row}, cột {f.column}: {f.sentence}" for f in faults))
        self.faults = tuple(faults)


def parse_legal_bases(rows: Sequence[Row]) -> dict[str, LegalBasis]:
    """The legal documents by key. Raises `ChecklistFaults`."""
    reader = _Reader()
    bases: dict[str, LegalBasis] = {}
    for reader.row, row in enumerate(rows, start=2):
        key = reader.needed(row, "key")
        if key in bases:
            reader.fault("key", f"khóa {key} đã có ở dòng trên.")
        bases[key] = LegalBasis(
            key,
            reader.needed(row, "title"),
            reader.day(row, "valid_from"),
            reader.day(row, "valid_to"),
            _cell(row, "superseded_by"),
        )
    for reader.row, row in enumerate(rows, start=2):
        if (successor := _cell(row, "superseded_by")) and successor not in bases:
            reader.fault("superseded_by", f"chưa có văn bản {successor}.")
    reader.finish()
    return bases


def parse_checklist(  # noqa: PLR0913 - what a version is called is not part of its rows
    rows: Sequence[Row], legal: Mapping[str, LegalBasis], *, id: str, version: int, title: Text, valid_from: date
) -> Checklist:
    """The checklist of the rows (column name to cell text, missing = empty).

    Raises `ChecklistFaults` with everything that is wrong in any row.
    """
    reader = _Reader()
    read: list[Item] = []
    for reader.row, row in enumerate(rows, start=2):
        item = reader.item(row, legal)
        if item.code and item.code in {other.code for other in read}:
            reader.fault("code", f"mã {item.code} đã có ở dòng trên.")
        read.append(item)
    items = {item.code: item for item in read}
    for reader.row, item in enumerate(read, start=2):
        reader.check_names(item, items)
    reader.row = 1
    if not items:
        reader.fault("code", "bảng chưa có nội dung kiểm tra nào.")
    elif not any(item.weight for item in items.values()):
        reader.fault("weight", "tổng trọng số phải lớn hơn 0.")
    reader.check_cycles(items)
    reader.finish()
    return Checklist(
        id=id,
        version=version,
        title=title,
        valid_from=valid_from,
        sections=MappingProxyType(_sections(rows, items)),
        items=MappingProxyType(items),
        legal=legal,
        walk=_walk(items.values()),
    )


def _sections(rows: Sequence[Row], items: Mapping[str, Item]) -> dict[str, Section]:
    sections: dict[str, Section] = {}
    for row in rows:
        code = _cell(row, "section")
        if code not in sections:
            short, title = _text(row, "section_short"), _text(row, "section")
            members = tuple(item.code for item in items.values() if item.section == code)
            sections[code] = Section(code, title, short if short.vi else title, members)
    return sections


def _walk(items: Iterable[Item]) -> tuple[tuple[str, ...], ...]:
    """Neighbours of one section are asked together; an item that repeats stands alone."""
    ordered = sorted(items, key=lambda item: item.visit_order)
    groups = groupby(ordered, key=lambda item: item.code if item.repeats else item.section)
    return tuple(tuple(item.code for item in group) for _, group in groups)


def _sentence(row: Row, column: str) -> Text:
    """A sentence without its full stop: it is composed with others before it is printed."""
    text = _text(row, column)
    return Text(text.vi.rstrip("."), text.en.rstrip("."))


def _cell(row: Row, column: str) -> str:
    return (row.get(column) or "").strip()


def _text(row: Row, column: str) -> Text:
    """Both languages of a column; the Vietnamese stands in where there is no English."""
    vietnamese = _cell(row, f"{column}_vi")
    return Text(vietnamese, _cell(row, f"{column}_en") or vietnamese)


def _lines(row: Row, column: str) -> list[str]:
    return [line.strip() for line in _cell(row, column).splitlines() if line.strip()]


def _pairs(row: Row, column: str) -> list[Text]:
    """The lines of a column in both languages, side by side."""
    vietnamese, english = _lines(row, f"{column}_vi"), _lines(row, f"{column}_en")
    if len(english) != len(vietnamese):
        english = vietnamese
    return [Text(*pair) for pair in zip(vietnamese, english, strict=True)]


class _Reader:
    """Reads cells and goes on after a fault, so that a workbook is corrected in one round."""

    def __init__(self) -> None:
        self.row = 1
        self.faults: list[Fault] = []

    def fault(self, column: str, sentence: str) -> None:
        self.faults.append(Fault(self.row, column, sentence))

    def finish(self) -> None:
        if self.faults:
            raise ChecklistFaults(sorted(self.faults))

    def item(self, row: Row, legal: Mapping[str, LegalBasis]) -> Item:
        order = self.whole(row, "order", 0)
        return Item(
            code=self.needed(row, "code"),
            section=self.needed(row, "section"),
            order=order,
            visit_order=self.whole(row, "visit_order", order),
            answer_type=self.choice(row, "answer_type"),
            fields=tuple(Field(n.rstrip("?"), n.endswith("?")) for n in _cell(row, "fields").split(";") if n),
            unit_word=_cell(row, "unit"),
            question=Text(self.needed(row, "question_vi"), _text(row, "question").en),
            short=Text(self.needed(row, "short_vi"), _text(row, "short").en),
            applies_to=self.choice(row, "applies_to"),
            show_if=self.expression(row, "show_if"),
            hidden_as=self.choice(row, "hidden_as"),
            na_if=self.expression(row, "na_if"),
            na_allowed=self.yes(row, "na_allowed"),
            check=self.checks(row, "check"),
            warn=self.checks(row, "warn"),
            pass_if=self.expression(row, "pass_if"),
            score=self.expression(row, "score"),
            critical_if=self.expression(row, "critical_if"),
            caps=self.choice(row, "caps"),
            weight=self.weight(row),
            photo_rule=self.choice(row, "photo_rule"),
            photo_min=self.whole(row, "photo_min", 1),
            photo_max=self.whole(row, "photo_max", 10),
            photo_subject=_text(row, "photo_subject"),
            default=self.default(row),
            default_words=_text(row, "default_words"),
            derive=self.named(row, "derive"),
            system=frozenset(name for name in _cell(row, "system").split(";") if name),
            options=self.options(row),
            reasons=self.reasons(row),
            variants=self.variants(row),
            note_on_fail=self.yes(row, "note_on_fail"),
            negative=self.yes(row, "negative"),
            asked_at=self.choice(row, "asked_at"),
            repeats=self.yes(row, "repeats"),
            finding=_sentence(row, "finding"),
            remedy_working_days=self.whole(row, "remedy_working_days", 0),
            legal_bases=self.bases(row, legal),
            hint=Text(self.needed(row, "hint_vi"), _text(row, "hint").en),
            example=self.needed(row, "example"),
        )

    # --- cells ----------------------------------------------------------------------------------------------------

    def needed(self, row: Row, column: str) -> str:
        if not _cell(row, column):
            self.fault(column, "chưa có nội dung.")
        return _cell(row, column)

    def whole(self, row: Row, column: str, otherwise: int) -> int:
        text = _cell(row, column)
        if text and not (text.isascii() and text.isdigit()):
            self.fault(column, f"“{text}” không phải số nguyên.")
            return otherwise
        return int(text) if text else otherwise

    def weight(self, row: Row) -> Decimal:
        text = _cell(row, "weight") or "0"
        try:
            weight = Decimal(text.replace(",", "."))
        except InvalidOperation:
            weight = Decimal(-1)
        if not weight.is_finite() or not 0 <= weight <= MOST_WEIGHT:
            self.fault("weight", f"“{text}” không phải trọng số từ 0 đến {MOST_WEIGHT}.")
            return Decimal(0)
        return weight

    def day(self, row: Row, column: str) -> date | None:
        text = _cell(row, column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.fault(column, f"“{text}” không phải ngày dạng 2025-07-01.")
            return None

    def yes(self, row: Row, column: str) -> bool:
        text = _cell(row, column).casefold()
        if text not in ("", "0", "1", "có", "không"):
            self.fault(column, f"“{text}”: ghi 1 hoặc để trống.")
        return text in ("1", "có")

    def choice(self, row: Row, column: str) -> str:
        allowed = CHOICES[column]
        text = _cell(row, column)
        if not text and column != "answer_type":
            return "optional" if column == "photo_rule" else allowed[0]
        if text not in allowed:
            self.fault(column, f"“{text}” không có trong: {', '.join(allowed)}.")
            return allowed[0]
        return text

    def bases(self, row: Row, legal: Mapping[str, LegalBasis]) -> tuple[str, ...]:
        keys = tuple(key.strip() for key in _cell(row, "legal_bases").split(";") if key.strip())
        for key in keys:
            if key not in legal:
                self.fault("legal_bases", f"chưa có văn bản {key}.")
        return keys

    # --- expressions ------------------------------------------------------------------------------------------------

    def compiled(self, column: str, text: str) -> Expression:
        try:
            return compile_expression(text)
        except ExpressionFault as fault:
            self.fault(column, str(fault))
            return compile_expression("false()")

    def expression(self, row: Row, column: str) -> Expression | None:
        text = _cell(row, column)
        return self.compiled(column, text) if text else None

    def named(self, row: Row, column: str) -> dict[str, Expression]:
        """Lines `name := expression`."""
        found: dict[str, Expression] = {}
        for line in _lines(row, column):
            name, sign, text = line.partition(":=")
            if not sign:
                self.fault(column, f"“{line}”: viết dạng ten := biểu thức.")
            found[name.strip()] = self.compiled(column, text.strip() or "0")
        return found

    def default(self, row: Row) -> Mapping[str, Expression] | None:
        return self.named(row, "default") or None

    def checks(self, row: Row, column: str) -> tuple[Check, ...]:
        expressions, sentences = _lines(row, column), _pairs(row, column)
        if len(expressions) != len(sentences):
            self.fault(f"{column}_vi", f"cần {len(expressions)} câu cho {len(expressions)} điều kiện.")
            return ()
        compiled = [self.compiled(column, text) for text in expressions]
        return tuple(Check(*pair) for pair in zip(compiled, sentences, strict=True))

    def options(self, row: Row) -> tuple[Option, ...]:
        """Lines `name | label`; the names are what expressions ask for."""
        options = []
        for line in _pairs(row, "options"):
            name, sign, label = (part.strip() for part in line.vi.partition("|"))
            if not sign or not label or not name.isidentifier() or not name.isascii():
                self.fault("options_vi", f"“{line.vi}”: viết dạng ten | nhãn, tên không dấu, không khoảng trắng.")
            options.append(Option(name, Text(label, line.en.rpartition("|")[2].strip())))
        chosen = _cell(row, "answer_type") in CHOSEN_FROM
        if chosen and len({option.name for option in options}) < max(2, len(options)):
            self.fault("options_vi", "cần ít nhất hai lựa chọn có tên khác nhau.")
        elif options and not chosen:
            self.fault("options_vi", "chỉ loại một lựa chọn, nhiều lựa chọn mới có danh sách.")
        return tuple(options)

    def reasons(self, row: Row) -> tuple[Reason, ...]:
        """Lines `a) label` or `a) label | sentence of the finding`."""
        reasons = []
        for line in _pairs(row, "reasons"):
            labels, findings = zip(*((part.strip() for part in half.partition("|")[::2]) for half in line), strict=True)
            letter, sign, label = labels[0].partition(")")
            if not sign or len(letter) != 1 or not label.strip():
                self.fault("reasons_vi", f"“{line.vi}”: viết dạng a) lý do | câu ghi trong biên bản.")
            english = labels[1].partition(")")[2] or labels[1]
            reasons.append(Reason(letter, Text(label.strip(), english.strip()), Text(*findings)))
        return tuple(reasons)

    def variants(self, row: Row) -> tuple[Variant, ...]:
        """Lines `condition | sentence of the finding`."""
        variants = []
        for line in _pairs(row, "variants"):
            condition, _, vietnamese = line.vi.partition("|")
            finding = Text(vietnamese.strip(), line.en.partition("|")[2].strip())
            if not finding.vi:
                self.fault("variants_vi", f"“{line.vi}”: viết dạng điều kiện | câu ghi trong biên bản.")
            variants.append(Variant(self.compiled("variants_vi", condition.strip() or "false()"), finding))
        return tuple(variants)

    # --- names --------------------------------------------------------------------------------------------------------

    def check_names(self, item: Item, items: Mapping[str, Item]) -> None:
        own = item.own_names()
        for column, expression in item.expressions():
            for name in sorted(expression.names):
                code, dot, field = name.partition(".")
                if not dot:
                    known = name in own
                elif code == SYSTEM:
                    known = field in item.system
                else:
                    known = code in items and not items[code].repeats and field in _answered(items[code])
                if not known:
                    self.fault(column, f"không có giá trị nào tên ${{{name}}}.")

    def check_cycles(self, items: Mapping[str, Item]) -> None:
        """No item may wait for itself, be it for being asked or for its default."""
        waits = {code: _waits_for(item) & set(items) - {code} for code, item in items.items()}
        while free := [code for code, others in waits.items() if not others & set(waits)]:
            for code in free:
                del waits[code]
        if waits:
            self.fault("show_if", f"các nội dung chờ lẫn nhau: {', '.join(sorted(waits))}.")


def _answered(item: Item) -> frozenset[str]:
    """The fields other items may read."""
    return frozenset(field.name for field in item.fields) | frozenset(OWN_FIELDS.get(item.answer_type, ()))


def _waits_for(item: Item) -> set[str]:
    waiting = [e for e in (item.show_if, item.na_if, *(item.default or {}).values()) if e is not None]
    return {name.partition(".")[0] for expression in waiting for name in expression.names if "." in name}
