"""An expression of the checklist is compiled once, to a closure over names, and never reaches Python's own `eval`.

The language is the part of XLSForm (XPath) that checklists need: literals, `${field}`, `${C01.tong}`,
`+ - * div mod`, `= != < <= > >=`, `and`, `or`, parentheses and the functions of `ARITIES`. Numbers are whole or exact
fractions, so that a score of exactly one half is rounded as the rule says. `None` means "not known yet": arithmetic
and comparisons with it are not known either, and `and`, `or`, `not` are three-valued. A division by zero, and an
operation on values that do not go together (a text and a number), give `None`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args
from lark.exceptions import VisitError

Value: TypeAlias = int | Fraction | Decimal | str | bool | date | None
Lookup: TypeAlias = Callable[[str], Value]
Functions: TypeAlias = Mapping[str, Callable[..., Value]]
Closure: TypeAlias = Callable[[Lookup, Functions], Value]

NO_FUNCTIONS: Functions = {}

GRAMMAR = r"""
?start: disjunction
?disjunction: conjunction | disjunction "or" conjunction -> either
?conjunction: comparison | conjunction "and" comparison -> both
?comparison: sum | comparison COMPARE sum -> compare
?sum: product | sum SIGN product -> arithmetic
?product: unary | product TIMES unary -> arithmetic
?unary: atom | SIGN unary -> signed
?atom: NUMBER -> number
     | STRING -> text
     | NAME -> name
     | FUNCTION "(" [disjunction ("," disjunction)*] ")" -> call
     | "(" disjunction ")"
COMPARE: "!=" | "<=" | ">=" | "=" | "<" | ">"
SIGN: "+" | "-"
TIMES: "*" | "div" | "mod"
NUMBER: /\d+(\.\d+)?/
STRING: /'[^']*'|"[^"]*"/
NAME: /\$\{\s*[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?\s*\}/
FUNCTION: /[a-z][a-z-]*(?=\s*\()/
%ignore /\s+/
"""

# Least and greatest number of arguments; None: any number. `working-days(a, b)` is supplied by the caller, because the
# calendar is not known here.
ARITIES: Mapping[str, tuple[int, int | None]] = {
    "if": (3, 3), "max": (1, None), "min": (1, None), "round": (1, 2), "coalesce": (1, None), "selected": (2, 2),
    "not": (1, 1), "true": (0, 0), "false": (0, 0), "number": (1, 1), "string-length": (1, 1), "count": (0, None),
    "working-days": (2, 2),
}  # fmt: skip


class ExpressionFault(ValueError):
    """A text that is no expression: `column` counts letters from 1, `sentence` is in Vietnamese."""

    def __init__(self, column: int, sentence: str) -> None:
        super().__init__(f"Ký tự thứ {column}: {sentence}")
        self.column = column
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: `names` are what it reads, without the `${}`."""

    text: str
    names: frozenset[str]
    run: Closure = field(repr=False, compare=False)

    def evaluate(self, lookup: Lookup, functions: Functions = NO_FUNCTIONS) -> Value:
        """The value for the names that `lookup` gives (`None`: not answered). Numbers come back as int or Fraction."""
        return self.run(lookup, functions)


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Compile a text; raises `ExpressionFault`."""
    builder = _Builder()
    try:
        run = builder.transform(_parser().parse(text))
    except VisitError as fault:
        if isinstance(fault.orig_exc, ExpressionFault):
            raise fault.orig_exc from None
        raise
    except UnexpectedInput as fault:
        raise _fault(text, fault) from None
    return Expression(text, frozenset(builder.names), run)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual")


def _fault(text: str, fault: UnexpectedInput) -> ExpressionFault:
    position: int = getattr(fault, "pos_in_stream", None) or 0  # lark declares it None and sets it later
    if isinstance(fault, UnexpectedToken) and fault.token.type == "$END":
        position = len(text)
    rest = text[position:]
    column = position + 1
    if rest.startswith("/"):
        return ExpressionFault(column, "phép chia viết là div, không viết dấu /.")
    if rest.startswith("=="):
        return ExpressionFault(column, "so sánh bằng viết một dấu =.")
    if rest.startswith("=") and text[:position].endswith("="):
        return ExpressionFault(column, "so sánh bằng viết một dấu =.")
    if rest.startswith("$"):
        return ExpressionFault(column, "tên viết dạng ${ten} hoặc ${C01.ten}.")
    if not rest.strip():
        return ExpressionFault(len(text) + 1, "biểu thức chưa viết hết.")
    return ExpressionFault(column, f"không hiểu từ chỗ “{rest[:12]}”.")


@v_args(inline=True)
class _Builder(Transformer[Token, Closure]):
    """Turns the parsed tree into closures, bottom up."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def number(self, token: Token) -> Closure:
        return _constant(Fraction(token) if "." in token else int(token))

    def text(self, token: Token) -> Closure:
        return _constant(token[1:-1])

    def name(self, token: Token) -> Closure:
        name = token[2:-1].strip()
        self.names.add(name)

        def read(lookup: Lookup, functions: Functions) -> Value:
            value = lookup(name)
            if type(value) is Decimal:
                above, below = value.as_integer_ratio()
                return above if below == 1 else Fraction(above, below)
            if type(value) is float:
                raise TypeError(f"{name} is a binary float; scores are computed exactly")
            return value

        return read

    def signed(self, sign: Token, operand: Closure) -> Closure:
        return _binary(sub if sign == "-" else add, _constant(0), operand, _is_number)

    def arithmetic(self, left: Closure, token: Token, right: Closure) -> Closure:
        return _binary(OPERATORS[str(token)], left, right, _is_number)

    def compare(self, left: Closure, token: Token, right: Closure) -> Closure:
        return _binary(OPERATORS[str(token)], left, right, None)

    def either(self, left: Closure, right: Closure) -> Closure:
        return _logic(left, right, settles=True)

    def both(self, left: Closure, right: Closure) -> Closure:
        return _logic(left, right, settles=False)

    def call(self, token: Token, *arguments: Closure | None) -> Closure:
        name, given = str(token), tuple(argument for argument in arguments if argument is not None)
        column = (token.start_pos or 0) + 1
        if name not in ARITIES:
            raise ExpressionFault(column, f"không có hàm {name}; các hàm dùng được: {', '.join(sorted(ARITIES))}.")
        least, most = ARITIES[name]
        if len(given) < least or (most is not None and len(given) > most):
            raise ExpressionFault(column, f"hàm {name} nhận {_counted(least, most)}, ở đây có {len(given)}.")
        if name == "if":
            return _if(*given)
        return _external(name, given) if name not in FUNCTIONS else _applied(FUNCTIONS[name], given)


def _counted(least: int, most: int | None) -> str:
    if most is None:
        return f"ít nhất {least} giá trị"
    return f"{least} giá trị" if least == most else f"từ {least} đến {most} giá trị"


def _constant(value: Value) -> Closure:
    return lambda lookup, functions: value


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, Fraction))


def _binary(
    operator: Callable[[Any, Any], Value], left: Closure, right: Closure, accepts: Callable[[Value], bool] | None
) -> Closure:
    def run(lookup: Lookup, functions: Functions) -> Value:
        a, b = left(lookup, functions), right(lookup, functions)
        if a is None or b is None or (accepts is not None and not (accepts(a) and accepts(b))):
            return None
        try:
            return operator(a, b)
        except (TypeError, ZeroDivisionError):
            return None

    return run


def _logic(left: Closure, right: Closure, settles: bool) -> Closure:
    """Three-valued `or` (settled by true) and `and` (settled by false)."""

    def run(lookup: Lookup, functions: Functions) -> Value:
        a = left(lookup, functions)
        if a is not None and bool(a) is settles:
            return settles
        b = right(lookup, functions)
        if b is not None and bool(b) is settles:
            return settles
        return None if a is None or b is None else not settles

    return run


def _if(condition: Closure, then: Closure, otherwise: Closure) -> Closure:
    def run(lookup: Lookup, functions: Functions) -> Value:
        known = condition(lookup, functions)
        if known is None:
            return None
        return then(lookup, functions) if known else otherwise(lookup, functions)

    return run


def _applied(function: Callable[..., Value], arguments: tuple[Closure, ...]) -> Closure:
    def run(lookup: Lookup, functions: Functions) -> Value:
        try:
            return function(*[argument(lookup, functions) for argument in arguments])
        except TypeError:
            return None

    return run


def _external(name: str, arguments: tuple[Closure, ...]) -> Closure:
    """A function of the caller; not known when it is not supplied or one of its arguments is not known."""

    def run(lookup: Lookup, functions: Functions) -> Value:
        function = functions.get(name)
        values = [argument(lookup, functions) for argument in arguments]
        return None if function is None or None in values else function(*values)

    return run


def _divide(a: int | Fraction, b: int | Fraction) -> int | Fraction:
    if type(a) is int and type(b) is int and a % b == 0:
        return a // b  # most scores are 0 or 1, and whole numbers are ten times faster
    return Fraction(a, b)


def _modulo(a: Any, b: Any) -> Value:
    rest: int | Fraction = abs(a) % abs(b)  # XPath: the sign of the dividend
    return -rest if a < 0 else rest


def _known(function: Callable[..., Value]) -> Callable[..., Value]:
    return lambda *values: None if None in values else function(*values)


def _round(value: int | Fraction, places: int = 0) -> Value:
    """Half up, as the rule of the score says."""
    scale = Fraction(10) ** int(places)
    rounded = Fraction(floor(value * scale + Fraction(1, 2))) / scale
    return int(rounded) if rounded.denominator == 1 else rounded


def _number(value: Value) -> Value:
    if not isinstance(value, str):
        return int(value) if isinstance(value, bool) else value
    try:
        return Fraction(value.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None


def _selected(value: str, choice: str) -> bool:
    return choice in value.split()


OPERATORS: Mapping[str, Callable[[Any, Any], Value]] = {
    "+": add, "-": sub, "*": mul, "div": _divide, "mod": _modulo,
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip

FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "max": _known(lambda *values: max(values)),
    "min": _known(lambda *values: min(values)),
    "round": _known(_round),
    "coalesce": lambda *values: next((value for value in values if value is not None and value != ""), None),
    "selected": _known(_selected),
    "not": _known(lambda value: not value),
    "true": lambda: True,
    "false": lambda: False,
    "number": _known(_number),
    "string-length": _known(lambda value: len(str(value))),
    "count": lambda *values: sum(value is not None for value in values),
}
