"""Expressions: what they give, what they refuse, and what they say when a value is not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.expressions import ExpressionFault, Value, compile_expression

NAMES: Mapping[str, Value] = {
    "a": 7,
    "b": 2,
    "zero": 0,
    "rate": Decimal("98.6"),
    "word": "co",
    "empty": "",
    "many": "x y z",
    "issued": date(2026, 2, 6),
    "due": date(2026, 2, 10),
    "yes": True,
    "C01.tong": 25,
}


def value(text: str) -> Value:
    return compile_expression(text).evaluate(NAMES.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("-${b} + 1", -1),
        ("${a} div ${b}", Fraction(7, 2)),
        ("${a} mod ${b}", 1),
        ("-7 mod 2", -1),
        ("0.1 + 0.2 = 0.3", True),
        ("${rate} > 98", True),
        ("${rate} = 98.6", True),
        ("${C01.tong} div 5", 5),
        ("${ a } = 7", True),
        ("${word} = 'co' and ${a} >= 7", True),
        ('${word} != "co" or ${a} < 7', False),
        ("1 + 1 = 2 and 2 < 3 or false()", True),
        ("${issued} <= ${due}", True),
        ("${issued} > ${due}", False),
        ("if(${a} > 5, 'x', 'y')", "x"),
        ("if(${zero} > 5, 'x', 'y')", "y"),
        ("max(1, ${a}, 3)", 7),
        ("min(1, ${a}, 3)", 1),
        ("round(2.5)", 3),
        ("round(-2.5)", -2),
        ("round(89.25, 1)", Fraction(893, 10)),
        ("coalesce(${missing}, ${empty}, 0)", 0),
        ("selected(${many}, 'y')", True),
        ("selected(${many}, 'xy')", False),
        ("not(${yes})", False),
        ("true()", True),
        ("number('98,6')", Fraction(493, 5)),
        ("number('không')", None),
        ("string-length(${word})", 2),
        ("count(${a}, ${missing}, ${b})", 2),
        ("count()", 0),
    ],
)
def test_gives(text: str, expected: Value) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is not float


@pytest.mark.parametrize(
    "text",
    [
        "${missing} = 1", "${missing} != ''", "${missing} + 1", "-${missing}", "not(${missing})", "max(1, ${missing})",
        "if(${missing}, 1, 2)", "${a} div ${zero}", "${a} mod ${zero}", "${word} < 3", "${word} + 1", "${issued} < 3",
        "round(${word})", "working-days(${issued}, ${due})",
    ],
)  # fmt: skip
def test_not_known(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        ("true()", "true()", True, True),
        ("true()", "false()", False, True),
        ("false()", "false()", False, False),
        ("true()", "${missing}", None, True),
        ("false()", "${missing}", False, None),
        ("${missing}", "true()", None, True),
        ("${missing}", "false()", False, None),
        ("${missing}", "${missing}", None, None),
    ],
)
def test_three_values(left: str, right: str, both: bool | None, either: bool | None) -> None:
    assert value(f"{left} and {right}") is both
    assert value(f"{left} or {right}") is either


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("${a} / ${b}", 6, "div"),
        ("${a} == 1", 7, "một dấu ="),
        ("${a", 1, "${ten}"),
        ("1 +", 4, "chưa viết hết"),
        ("", 1, "chưa viết hết"),
        ("(1 + 2", 7, "chưa viết hết"),
        ("1 + eval(2)", 5, "không có hàm eval"),
        ("1 = if(1, 2)", 5, "nhận 3 giá trị, ở đây có 2"),
        ("round()", 1, "từ 1 đến 2 giá trị"),
        ("max()", 1, "ít nhất 1 giá trị"),
        ("__import__('os')", 1, "không hiểu"),
        ("${a} ${b}", 6, "${ten}"),
        ("1,5 + 1", 2, "không hiểu"),
    ],
)
def test_refuses(text: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        compile_expression(text)
    assert caught.value.column == column
    assert words in caught.value.sentence
    assert str(caught.value).startswith(f"Ký tự thứ {column}: ")


def test_names_and_functions_of_the_caller() -> None:
    expression = compile_expression("working-days(${han}, ${A01.ngay}) + 1")
    assert expression.names == {"han", "A01.ngay"}
    days = {"han": date(2026, 2, 6), "A01.ngay": date(2026, 2, 9)}
    functions = {"working-days": lambda a, b: (b - a).days}
    assert expression.evaluate(days.get, functions) == 4
    assert expression.evaluate({"han": days["han"]}.get, functions) is None


def test_a_float_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match="exactly"):
        compile_expression("${a} + 1").evaluate({"a": 0.5}.get)  # type: ignore[arg-type]


def test_only_the_chosen_branch_is_evaluated() -> None:
    assert value("if(${zero} = 0, 1, ${a} div ${zero})") == 1


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 50))
def test_arithmetic_is_exact(a: int, b: int, c: int) -> None:
    found = compile_expression("(${a} - 0.5 * ${b}) div ${c}").evaluate({"a": a, "b": b, "c": c}.get)
    assert found == (Fraction(a) - Fraction(b, 2)) / c
