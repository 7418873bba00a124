"""The rules of a checklist are checked between its rows before it is stored: types, order, weights, photos.

What one row says by itself is checked where rows are parsed; here stands what only shows when items are seen together,
and what would leave an expression unknown for ever: comparing a figure with a text, or asking after a later item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from inspection.checklist import OWN_FIELDS, SYSTEM, VISIT_NAMES, Row
from inspection.expressions import GRAMMAR, ExpressionFault, compile_expression

Type: TypeAlias = Literal["số", "chữ", "ngày", "điều kiện"] | None  # None: cannot be told beforehand

# What the fields of each answer type hold; a field that is not named here holds anything.
FIELD_TYPES: Mapping[str, Mapping[str, Type]] = {
    "number": {"gia_tri": "số"},
    "pass_fail_na": {"ket_qua": "chữ"},
    "text": {"noi_dung": "chữ"},
    "doc_ref": {"so_ky_hieu": "chữ", "ngay_ban_hanh": "ngày", "trich_yeu": "chữ", "phu_hop": "chữ"},
    "date": {"ngay": "ngày"},
    "one_choice": {"chon": "chữ"},
    "several_choices": {"chon": "chữ"},
    "photo": {"so_anh": "số"},
    "place": {"vi_do": "số", "kinh_do": "số", "noi_dung": "chữ"},
}
_VISIT_TYPES: Mapping[str, Type] = {"ngay_kiem_tra": "ngày", "nam": "số"}
_CIRCLE = "chờ {}, trong khi các nội dung này chờ lẫn nhau; đề nghị bỏ bớt một điều kiện."
_CONDITIONS = ("show_if", "na_if", "pass_if", "critical_if")
_WAITING = ("show_if", "na_if")  # looked at when the item's turn comes: what they read must have been asked by then


class Found(NamedTuple):
    """Something to put right in one cell. row: place among the rows, from 0."""

    row: int
    column: str
    sentence: str


class _Said(NamedTuple):
    """One expression of a row. wanted: the type it must have; None: any."""

    column: str
    text: str
    wanted: Type


def check(rows: Sequence[Row]) -> list[Found]:
    """Everything found between the rows. Expressions that do not compile are left to the parser of rows."""
    names = _Names(rows)
    return [
        found
        for place, row in enumerate(rows)
        for found in (
            *_later(place, row, names),
            *_types(place, row, names),
            *_weight(place, row),
            *_photos(place, row),
        )
    ] + _circles(rows, names)


def cell(row: Row, column: str) -> str:
    """The text of a cell; empty where there is none."""
    return (row.get(column) or "").strip()


# --- names ----------------------------------------------------------------------------------------------------------


class _Names:
    """What each name means, in a row and from outside it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = {cell(row, "code"): row for row in reversed(rows)}
        self.order = {
            code: (cell(row, "asked_at") == "sign_off", _figure(row, "visit_order", _figure(row, "order", 0)))
            for code, row in self.rows.items()
        }

    def type_of(self, name: str, row: Row) -> Type:
        if name in VISIT_NAMES:
            return _VISIT_TYPES.get(name)
        code, dot, field = name.partition(".")
        if not dot:
            return self._own(row, name)
        if code == SYSTEM:
            return self._own(row, field)
        return self._own(self.rows[code], field) if code in self.rows else None

    def _own(self, row: Row, name: str) -> Type:
        kind = cell(row, "answer_type")
        fields = [field.rstrip("?") for field in cell(row, "fields").split(";")]
        if kind == "count" and name in fields and name != "thoi_diem":
            return "số"
        return FIELD_TYPES.get(kind, {}).get(name)


def _figure(row: Row, column: str, otherwise: int) -> int:
    text = cell(row, column)
    return int(text) if text.isascii() and text.isdigit() else otherwise


def _lines(row: Row, column: str) -> list[str]:
    return [line.strip() for line in cell(row, column).splitlines() if line.strip()]


def _expressions(row: Row, names: _Names) -> Iterator[_Said]:
    for column in _CONDITIONS:
        if text := cell(row, column):
            yield _Said(column, text, "điều kiện")
    if text := cell(row, "score"):
        yield _Said("score", text, "số")
    for column in ("check", "warn"):
        yield from (_Said(column, line, "điều kiện") for line in _lines(row, column))
    for line in _lines(row, "variants_vi"):
        yield _Said("variants_vi", line.partition("|")[0].strip(), "điều kiện")
    for column in ("default", "derive"):
        for line in _lines(row, column):
            name, _, text = line.partition(":=")
            wanted = names.type_of(name.strip(), row) if column == "default" else None
            yield _Said(column, text.strip(), wanted)


def _read_by(text: str) -> frozenset[str]:
    try:
        return compile_expression(text).names
    except ExpressionFault:
        return frozenset()


# --- order ----------------------------------------------------------------------------------------------------------


def _later(place: int, row: Row, names: _Names) -> Iterator[Found]:
    own = names.order[cell(row, "code")]
    if _read_by(cell(row, "show_if")) & _answer_of(row):
        yield Found(
            place,
            "show_if",
            "điều kiện hỏi đọc chính câu trả lời của nội dung này, không bao giờ đúng; đề nghị đọc nội dung hỏi trước.",
        )
    for column in _WAITING:
        for name in sorted(_read_by(cell(row, column))):
            code, dot, _ = name.partition(".")
            if dot and code in names.order and code != cell(row, "code") and names.order[code] > own:
                yield Found(
                    place,
                    column,
                    f"{code} được hỏi sau nội dung này; đề nghị đổi thứ tự hỏi hoặc sửa điều kiện.",
                )


def _answer_of(row: Row) -> set[str]:
    """The names under which an item's own answer is read; whether it is asked cannot hang on them."""
    fields = [field.strip().rstrip("?") for field in cell(row, "fields").split(";")]
    names = {name for name in (*fields, *OWN_FIELDS.get(cell(row, "answer_type"), ())) if name}
    return names | {f"{cell(row, 'code')}.{name}" for name in names}


def _circles(rows: Sequence[Row], names: _Names) -> list[Found]:
    """Items that wait for each other, each named at the cell by which it waits."""
    waits = {}
    for place, row in enumerate(rows):
        cells = {
            column: {name.partition(".")[0] for text in texts for name in _read_by(text) if "." in name}
            for column, texts in _waited(row, names).items()
        }
        waits[cell(row, "code")] = (place, cells)
    open_ = {code: set().union(*cells.values()) & set(waits) - {code} for code, (_, cells) in waits.items() if code}
    while free := [code for code, others in open_.items() if not others & set(open_)]:
        for code in free:
            del open_[code]
    return [
        Found(waits[code][0], column, _CIRCLE.format(", ".join(sorted(read & set(open_)))))
        for code in open_
        for column, read in waits[code][1].items()
        if read & set(open_) - {code}
    ]


def _waited(row: Row, names: _Names) -> dict[str, list[str]]:
    texts = {column: [cell(row, column)] for column in _WAITING if cell(row, column)}
    defaults = [said.text for said in _expressions(row, names) if said.column == "default"]
    return texts | ({"default": defaults} if defaults else {})


# --- weights and photos ---------------------------------------------------------------------------------------------


def _weight(place: int, row: Row) -> Iterator[Found]:
    text = cell(row, "weight")
    judged = cell(row, "pass_if") or cell(row, "answer_type") == "pass_fail_na"
    if text.strip("0.,") and not judged:
        yield Found(
            place, "weight", "có trọng số mà không có điều kiện đạt; đề nghị ghi điều kiện đạt hoặc để trọng số 0."
        )
    if text and not judged and cell(row, "score"):
        yield Found(place, "score", "cách tính điểm cần có điều kiện đạt; đề nghị ghi điều kiện đạt.")


def _photos(place: int, row: Row) -> Iterator[Found]:
    least, most = _figure(row, "photo_min", 1), _figure(row, "photo_max", 10)
    if least > most:
        yield Found(place, "photo_min", f"số ảnh ít nhất {least} lớn hơn số ảnh nhiều nhất {most}; đề nghị ghi lại.")
    if cell(row, "photo_rule") == "forbidden" and cell(row, "photo_min").strip("0"):
        yield Found(place, "photo_min", "nội dung không được chụp ảnh; đề nghị ghi 0.")


# --- types ----------------------------------------------------------------------------------------------------------


class _Clash(ValueError):
    """Values that do not go together."""


def _types(place: int, row: Row, names: _Names) -> Iterator[Found]:
    for column, text, wanted in _expressions(row, names):
        try:
            tree = _parser().parse(text)
            found = _Typing(names, row).transform(tree)
        except UnexpectedInput:
            continue  # told by the parser of rows
        except VisitError as error:
            if not isinstance(error.orig_exc, _Clash):
                raise
            yield Found(place, column, f"“{text}”: {error.orig_exc}; đề nghị viết lại.")
            continue
        if wanted and found and found != wanted and (column, found) != ("score", "điều kiện"):
            yield Found(place, column, f"“{text}” cho {_a(found)}, ở đây cần {_a(wanted)}; đề nghị viết lại.")


def _a(kind: Type) -> str:
    return {"số": "một số", "chữ": "một chuỗi chữ", "ngày": "một ngày", "điều kiện": "một điều kiện đúng hoặc không"}[
        str(kind)
    ]


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual")


@v_args(inline=True)
class _Typing(Transformer[Token, Type]):
    """The type of an expression, bottom up; raises _Clash."""

    def __init__(self, names: _Names, row: Row) -> None:
        super().__init__()
        self._names, self._row = names, row

    def number(self, token: Token) -> Type:
        return "số"

    def text(self, token: Token) -> Type:
        return "chữ"

    def name(self, token: Token) -> Type:
        return self._names.type_of(token[2:-1].strip(), self._row)

    def signed(self, sign: Token, operand: Type) -> Type:
        return _all("số", f"dấu {sign}", [operand])

    def arithmetic(self, left: Type, token: Token, right: Type) -> Type:
        return _all("số", f"phép {token}", [left, right])

    def compare(self, left: Type, token: Token, right: Type) -> Type:
        _same(f"phép so sánh {token}", [left, right])
        return "điều kiện"

    def either(self, left: Type, right: Type) -> Type:
        return _all("điều kiện", "or", [left, right])

    def both(self, left: Type, right: Type) -> Type:
        return _all("điều kiện", "and", [left, right])

    def call(self, token: Token, *given: Any) -> Type:
        name, types = str(token), list(given)
        if name == "if" and len(types) == 3:
            _all("điều kiện", "vế đầu của if", types[:1])
            return _same("hai vế của if", types[1:])
        if name in ("max", "min", "coalesce"):
            return _same(f"hàm {name}", types)
        takes, gives = _SIGNATURES.get(name, (None, None))
        if takes:
            _all(takes, f"hàm {name}", types)
        return gives


_SIGNATURES: Mapping[str, tuple[Type, Type]] = {
    "round": ("số", "số"),
    "selected": ("chữ", "điều kiện"),
    "not": ("điều kiện", "điều kiện"),
    "true": (None, "điều kiện"),
    "false": (None, "điều kiện"),
    "number": (None, "số"),
    "string-length": (None, "số"),
    "count": (None, "số"),
    "working-days": ("ngày", "số"),
}


def _all(wanted: Type, what: str, types: Iterable[Type]) -> Type:
    for given in types:
        if given and given != wanted:
            raise _Clash(f"{what} cần {_a(wanted)}, ở đây là {_a(given)}")
    return wanted


def _same(what: str, types: Iterable[Type]) -> Type:
    known = list(dict.fromkeys(given for given in types if given))
    if len(known) > 1:
        raise _Clash(f"{what} có {_a(known[0])} và {_a(known[1])}")
    return known[0] if known else None
