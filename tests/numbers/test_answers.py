"""The grammar of typed answers: what is read, what is refused, and the laws it keeps."""

import contextlib
import copy
import math
import operator
import pickle
import re
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlhand.errors import AnswerError
from dlhand.numbers.answers import Answer, Places, Value, format_answer
from dlhand.numbers.closed import Closed, nearly
from dlhand.numbers.tokens import MAX_DEPTH
from dlhand.numbers.typed import MAX_BITS, MAX_EXPONENT, MAX_PLACES, MAX_TEXT, parse_answer

SCALARS = [
    # decimals
    ("0.5", "1/2", 1),
    (".5", "1/2", 1),
    ("5.", "5", 0),
    ("0.50", "1/2", 2),
    ("  7\n", "7", 0),
    ("+3", "3", 0),
    ("-0.25", "-1/4", 2),
    ("−0.25", "-1/4", 2),
    ("–0.25", "-1/4", 2),
    ("- 0.25", "-1/4", 2),
    ("--2", "2", 0),
    ("007", "7", 0),
    ("(0.5)", "1/2", 1),
    # powers of ten
    ("1e-3", "1/1000", 3),
    ("1E+2", "100", -2),
    ("1.2e-3", "3/2500", 4),
    ("1.2e−3", "3/2500", 4),
    ("1.2·10^-3", "3/2500", 4),
    ("1.2 * 10^-3", "3/2500", 4),
    ("1.2×10**(-3)", "3/2500", 4),
    ("1.2⋅10⁻³", "3/2500", 4),
    ("-1.2·10⁻³", "-3/2500", 4),
    ("1.25·10^1", "25/2", 1),
    ("1.2e3", "1200", -2),
    ("1.2·10³", "1200", -2),
    ("12·10^3·10^-4", "6/5", 1),
    ("1.2e3·10^-4", "3/25", 2),
    ("1.2e3 %", "12", 0),
    ("10^-3", "1/1000", None),
    ("10^2·10^-3", "1/10", None),
    ("1.2·10.0^2", "120", None),
    ("2·1.2·10^-3", "3/1250", None),
    ("1/10^3", "1/1000", None),
    # percent
    ("12 %", "3/25", 2),
    ("12.5%", "1/8", 3),
    ("50%^2", "1/4", None),
    ("1 - 20 %", "4/5", None),
    # decimal comma
    ("0,5", "1/2", 1),
    (" -0,50 ", "-1/2", 2),
    ("z = 0,5", "1/2", 1),
    ("1,5e-3", "3/2000", 4),
    ("12,5%", "1/8", 3),
    ("0,234", "117/500", 3),
    ("12,3456", "7716/625", 4),
    # what is seen alike, or not seen
    ("\u200e-0.5\u202c", "-1/2", 1),
    ("\ufeff0.5", "1/2", 1),
    ("1\u200b2", "12", 0),
    ("０．５", "1/2", 1),
    ("½", "1/2", None),
    ("-¾", "-3/4", None),
    ("1½", "3/2", None),
    ("⅓·3", "1", None),
    # functions that come to rational numbers
    ("sqrt(4)", "2", None),
    ("√2·√2", "2", None),
    ("exp(0)", "1", None),
    ("ln(e^3)", "3", None),
    ("e^(ln 2)", "2", None),
    ("σ(0)", "1/2", None),
    ("cos 0 + sin(0)", "1", None),
    # arithmetic
    ("1/3", "1/3", None),
    ("-1/3", "-1/3", None),
    ("6/3", "2", None),
    ("6÷4", "3/2", None),
    ("1 - 2", "-1", None),
    ("1-2", "-1", None),
    ("(1 -2)", "-1", None),
    ("2 + 3 * 4", "14", None),
    ("(2 + 3) * 4", "20", None),
    ("2 - 3 - 4", "-5", None),
    ("8 / 4 / 2", "1", None),
    ("8 / 4 * 2", "4", None),
    ("2 * -3", "-6", None),
    ("1 - -2", "3", None),
    ("-2^2", "-4", None),
    ("(-2)^2", "4", None),
    ("2^3^2", "512", None),
    ("2^-2^2", "1/16", None),
    ("2**-1", "1/2", None),
    ("2^2.0", "4", None),
    ("0^0", "1", None),
    ("(2/3)^-2", "9/4", None),
    ("3²", "9", None),
    ("-3²", "-9", None),
    ("(1+2)²·2¹⁰", "9216", None),
    ("2^3²", "512", None),
    ("0.1 + 0.2", "3/10", None),
    ("0.5·(1 − 0.5)", "1/4", None),
    ("1 +\n2", "3", None),
    ("((((1))))/2", "1/2", None),
    # what stands before
    ("= 0.5", "1/2", 1),
    ("≈0.5", "1/2", 1),
    ("z = 0.5", "1/2", 1),
    ("w1' = 0.5", "1/2", 1),
    ("α ≈ 0.5", "1/2", 1),
    ("dE/dw = 0.5", "1/2", 1),
    ("∂E/∂z_o1 = 0.5", "1/2", 1),
]


@pytest.mark.parametrize(("text", "value", "places"), SCALARS)
def test_scalar(text: str, value: str, places: int | None) -> None:
    assert parse_answer(text) == Answer(Fraction(value), (), places)


ARRAYS = [
    ("[1, 2, 3]", "1 2 3", (3,), (0, 0, 0)),
    ("(1, 2, 3)", "1 2 3", (3,), (0, 0, 0)),
    ("1, 2, 3", "1 2 3", (3,), (0, 0, 0)),
    ("1,2,3", "1 2 3", (3,), (0, 0, 0)),
    ("1,-2,3", "1 -2 3", (3,), (0, 0, 0)),
    ("1,-2", "1 -2", (2,), (0, 0)),
    ("0.5,0.25", "1/2 1/4", (2,), (1, 2)),
    ("1 2 3", "1 2 3", (3,), (0, 0, 0)),
    ("[1 2 3]", "1 2 3", (3,), (0, 0, 0)),
    ("[1; 2; 3]", "1 2 3", (3,), (0, 0, 0)),
    ("1; 2; 3", "1 2 3", (3,), (0, 0, 0)),
    ("1\n2\n3", "1 2 3", (3,), (0, 0, 0)),
    ("1\r\n\r\n2\r\n", "1 2", (2,), (0, 0)),
    ("1\n+ 2", "1 2", (2,), (0, 0)),
    ("[5]", "5", (1,), (0,)),
    ("h = [0.10, 1/3]", "1/10 1/3", (2,), (2, None)),
    ("[1.2e3, 1e-2]", "1200 1/100", (2,), (-2, 2)),
    ("[0,5]", "0 5", (2,), (0, 0)),
    ("(1,5)", "1 5", (2,), (0, 0)),
    # a sign after a space
    ("1 -2", "1 -2", (2,), (0, 0)),
    ("1 −.5", "1 -1/2", (2,), (0, 1)),
    ("1 +2", "1 2", (2,), (0, 0)),
    ("[1 -2 - 3]", "1 -5", (2,), (0, None)),
    ("[1 - 2]", "-1", (1,), (None,)),
    ("[1 -(2)]", "-1", (1,), (None,)),
    ("[1 --2]", "3", (1,), (None,)),
    ("[(1 -2) 3]", "-1 3", (2,), (None, 0)),
    ("3 * 2 -1", "6 -1", (2,), (None, 0)),
    ("1 (2)", "1 2", (2,), (0, 0)),
    ("12 % 5 %", "3/25 1/20", (2,), (2, 2)),
    ("1 / 2 3 /4", "1/2 3/4", (2,), (None, None)),
    # matrices
    ("[[1, 2], [3, 4]]", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("((1, 2), (3, 4))", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("[1 2; 3 4]", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("[1, 2; 3, 4]", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("1 2\n3 4", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("W =\n1, 2\n\n3, 4\n", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("1 2;\n3 4", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("1,2,3\n4,5,6", "1 2 3 4 5 6", (2, 3), ((0, 0, 0), (0, 0, 0))),
    ("[[1. 2.]\n [3. 4.]]", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("[[1, 2],\n [3, 4]]", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("[1, 2]\n[3, 4]", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("[1, 2], [3, 4]", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("([1 2; 3 4])", "1 2 3 4", (2, 2), ((0, 0), (0, 0))),
    ("[[1], [2]]", "1 2", (2, 1), ((0,), (0,))),
    ("[[1; 2]]", "1 2", (1, 2), ((0, 0),)),
    ("[[1 -1/2]]", "1 -1/2", (1, 2), ((0, None),)),
    # more dimensions
    ("[[[1, 2]], [[3, 4]]]", "1 2 3 4", (2, 1, 2), (((0, 0),), ((0, 0),))),
    ("[[1] [2]; [3] [4]]", "1 2 3 4", (2, 2, 1), (((0,), (0,)), ((0,), (0,)))),
]


@pytest.mark.parametrize(("text", "entries", "shape", "places"), ARRAYS)
def test_array(text: str, entries: str, shape: tuple[int, ...], places: Places) -> None:
    answer = parse_answer(text)
    assert list(flat(answer.value)) == [Fraction(entry) for entry in entries.split()]
    assert (answer.shape, answer.places) == (shape, places)
    assert shape_of(answer.value) == shape


CLOSED = [
    ("sqrt(2)", math.sqrt(2), "sqrt(2)"),
    ("√2", math.sqrt(2), "sqrt(2)"),
    ("2^0.5", math.sqrt(2), "(2^(1/2))"),
    ("e^-1", math.exp(-1), "exp(-1)"),
    ("exp(-1)", math.exp(-1), "exp(-1)"),
    ("e", math.e, "exp(1)"),
    ("pi", math.pi, "pi"),
    ("π/4", math.pi / 4, "(pi/4)"),
    ("-2·pi", -2 * math.pi, "((-2)*pi)"),
    ("ln 2", math.log(2), "ln(2)"),
    ("log(2)", math.log(2), "ln(2)"),
    ("Tanh(0.5)", math.tanh(0.5), "tanh(1/2)"),
    ("σ(0.41)", 1 / (1 + math.exp(-0.41)), "sigmoid(41/100)"),
    ("sigmoid(-0.41)", 1 / (1 + math.exp(0.41)), "sigmoid(-41/100)"),
    ("z = sin(1) - cos(1)", math.sin(1) - math.cos(1), "(sin(1) - cos(1))"),
    ("-(1 + √2)^(1/3)/3", -((1 + math.sqrt(2)) ** (1 / 3)) / 3, "((-((1 + sqrt(2))^(1/3)))/3)"),
    ("2^√2", 2 ** math.sqrt(2), "exp((ln(2)*sqrt(2)))"),
    ("√2 %", math.sqrt(2) / 100, "(sqrt(2)/100)"),
    ("sqrt(½)", math.sqrt(0.5), "sqrt(1/2)"),
    ("1/(1 + exp(-0.41))", 1 / (1 + math.exp(-0.41)), "(1/(1 + exp(-41/100)))"),
]


@pytest.mark.parametrize(("text", "value", "canonical"), CLOSED)
def test_what_is_not_rational_is_kept_as_it_is(text: str, value: float, canonical: str) -> None:
    answer = parse_answer(text)
    assert isinstance(answer.value, Closed) and answer.places is None
    assert math.isclose(float(nearly(answer.value)), value, rel_tol=1e-14)
    assert format_answer(answer) == canonical
    assert parse_answer(canonical) == answer == pickle.loads(pickle.dumps(answer))


def test_functions_stand_in_lists() -> None:
    answer = parse_answer("[-√2 ln 2 1/2]")
    assert answer.shape == (3,)
    assert format_answer(answer) == "[(-sqrt(2)), ln(2), 1/2]"


@pytest.mark.parametrize(
    ("text", "count", "found"),
    [
        ("1 234", 1, "1 234 could be 1234, or the 2 numbers 1, 234: type one number"),
        ("1 234 567.5", 1, "1 234 567.5 could be 1234567.5, or the 3 numbers 1, 234, 567.5"),
        ("1\u202f234", 1, "1\u202f234 could be 1234, or"),
        ("1,234", 1, "1,234 could be 1234 or 1.234"),
        ("1,234", 2, "[1, 234]"),
        ("1 234", 2, "[1, 234]"),
        ("0,5", 2, "[0, 5]"),
        ("1.5,2", 2, "[1.5, 2]"),
        ("0,5", 1, "0.5"),
        ("0,5", 3, "0.5"),
    ],
)
def test_what_is_asked_for_decides_what_a_comma_or_a_space_means(
    text: str, count: int, found: str
) -> None:
    if "could be" not in found:
        assert format_answer(parse_answer(text, count)) == found
        return
    with pytest.raises(AnswerError, match=f"^{re.escape(found)}"):
        parse_answer(text, count)


@pytest.mark.parametrize(
    "text",
    ["exp(" * 40 + "-9" + ")" * 40, "(1+√2)^1000^1", "√2*" * 39 + "1", "sin(" * 40 + "1" + ")" * 40,
     "exp(1000)^9 ", "√" + "9" * 2000, "√2 " * 3000, "1.0000001^(1/1000)^(1/1000)"],
)  # fmt: skip
def test_functions_cost_little(text: str) -> None:
    began = time.process_time()
    with contextlib.suppress(AnswerError):
        parse_answer(text)
    assert time.process_time() - began < 0.5


REFUSED = [
    # nothing, or nothing where something was wanted
    ("", "Nothing was typed: type a number such as 0.5, or a list such as [1, 2]."),
    (" \n ", "Nothing was typed"),
    ("z = ", "Nothing was typed"),
    ("1 +", "At the end: a number was wanted"),
    ("1,", "At the end: a number was wanted"),
    ("1,2,3,", "At the end: a number was wanted"),
    (", 1", "At character 1, ',': a number was wanted"),
    ("[1,, 2]", "At character 4, ',': a number was wanted"),
    ("[1 2;]", "At character 6, ']': a number was wanted"),
    ("[]", "At character 2, ']': a number was wanted"),
    ("()", "At character 2, ')': a number was wanted"),
    ("%", "At character 1, '%': a number was wanted"),
    ("-", "At the end: a number was wanted"),
    ("²", "At character 1, '²': a number was wanted"),
    ("2^*3", "At character 3, '*': a number was wanted"),
    ("\n-\n", "At the end: a number was wanted"),
    # two numbers without anything between
    ("1.2.3", "At character 4, '.3': an operator such as * or a separator such as a comma"),
    ("2(3)", "At character 2, '(': an operator such as *"),
    ("(1)(2)", "At character 4, '(': an operator such as *"),
    ("[[1 2][3 4]]", "At character 7, '[': an operator such as * or a separator"),
    ("(1 2)", "At character 4, '2': an operator such as * or a separator"),
    ("5%%", "At character 3, '%': an operator"),
    ("2²³⁻", "At character 4, '⁻': a number such as 0.5"),
    # brackets
    ("(1", "At character 1, '(': ')' is missing after this"),
    ("[[1, 2]", "At character 1, '[': ']' is missing after this"),
    ("1)", "At character 2, ')': no bracket is open here"),
    ("2 * (1]", "At character 7, ']': ')' was wanted for '(' of character 5"),
    # arithmetic
    ("1/0", "At character 2, '/': division by zero has no value"),
    ("1 ÷ (2 - 2)", "At character 3, '÷': division by zero has no value"),
    ("0^-1", "At character 2, '^': zero has no negative power (division by zero)"),
    ("0⁻¹", "At character 2, '⁻¹': zero has no negative power"),
    ("(-2)^0.5", "At character 5, '^': this has no value (the square root of a negative number)"),
    ("2^1001", "At character 2, '^': an exponent from -1000 to 1000"),
    ("2**-1001", "At character 2, '**': an exponent from -1000 to 1000"),
    ("9**9**9**9", "At character 5, '**': an exponent from -1000 to 1000"),
    ("2¹⁰⁰¹", "At character 2, '¹⁰⁰¹': an exponent from -1000 to 1000"),
    ("1e1001", "At character 1, '1e1001': an exponent from -1000 to 1000"),
    ("1e-99999999999999999999", "At character 1, '1e-9999999999999999…': an exponent from"),
    ("2²^3", "At character 3, '^': parentheses were wanted"),
    ("1025^1000", "At character 5, '^': the result here is too large, beyond 10000 binary digits"),
    ("(1/1025)^1000", "At character 9, '^': the result here is too large"),
    ("2^1000^2", "At character 2, '^': an exponent from -1000 to 1000"),
    ("9^999 * 9^999 * 9^999 * 9^999", "At character 23, '*': the result here is too large"),
    ("2 * [1, 2]", "At character 3, '*': arithmetic was wanted between numbers, not with a list"),
    ("[1, 2] + [3, 4]", "At character 8, '+': arithmetic was wanted between numbers"),
    ("-[1, 2]", "At character 1, '-': arithmetic was wanted between numbers"),
    ("[1, 2]²", "At character 7, '²': arithmetic was wanted between numbers"),
    ("2^[1, 2]", "At character 2, '^': arithmetic was wanted between numbers"),
    ("[1, 2] %", "At character 8, '%': arithmetic was wanted between numbers"),
    # commas, spaces and lines
    ("1,5 2,5", "At character 1, '1,5': this comma could be a decimal comma or separate entries"),
    ("1,5 + 2", "At character 1, '1,5': this comma could be"),
    ("0,5, 0,25", "At character 1, '0,5': this comma could be"),
    ("1,2\n3,4", "At character 1, '1,2': this comma could be"),
    ("1 2\n3,4", "At character 5, '3,4': this comma could be"),
    ("12,5 %", "At character 2, '2,5': this comma could be"),
    ("1,5·10^-3", "At character 1, '1,5': this comma could be"),
    ("1,2/3", "At character 1, '1,2': this comma could be"),
    ("1.5,2", "At character 3, '5,2': this comma could be"),
    ("1,234,567", "At character 1, '1,2': separators of thousands are not read"),
    ("1,234.5", "At character 1, '1,2': separators of thousands are not read"),
    ("[1, 2 3]", "At character 7, '3': entries are separated by commas or spaces, not both"),
    ("[1 -2, 3]", "At character 6, ',': entries are separated by commas or spaces, not both"),
    ("(1 -2, 3)", "At character 6, ',': entries are separated by commas or spaces, not both"),
    ("[1 2\n3 4]", "At character 6, '3': inside brackets rows are separated by ';', not by lines"),
    # shapes
    ("[1 2; 3]", "At character 7, '3': row 2 has 1 entry, but row 1 has 2 entries"),
    ("[[1, 2], [3, 4], [5]]", "At character 18, '[': row 3 has 1 entry, but row 1 has 2 entries"),
    ("1 2\n3 4\n5 6 7", "At character 9, '5': row 3 has 3 entries, but row 1 has 2 entries"),
    ("[[[1]], [2]]", "At character 9, '[': row 2 has 1 entry, but row 1 has shape 1×1"),
    ("[1, [2]]", "At character 5, '[': entry 2 is a list after a number"),
    ("[[1], 2]", "At character 7, '2': entry 2 is a number after a list"),
    # other languages
    ("5 cm", "At character 3, 'cm': only numbers, + - * / ^ and sqrt, exp, ln"),
    ("nan", "At character 1, 'nan': only numbers"),
    ("-inf", "At character 2, 'inf': only numbers"),
    ("0x10", "At character 2, 'x10': only numbers"),
    ("1_000", "At character 2, '_000': only numbers"),
    ("1e", "At character 2, 'e': an operator such as *"),
    ("2j", "At character 2, 'j': only numbers"),
    ("cbrt(2)", "At character 1, 'cbrt': only numbers"),
    ("2π", "At character 2, 'π': an operator such as *"),
    ("sqrt", "At the end: a number was wanted after sqrt, such as sqrt(0.5)"),
    ("exp -1", "At character 5, '-': a number was wanted after exp, such as exp(0.5)"),
    ("ln 2²", "At character 5, '²': parentheses were wanted around what the function is of"),
    ("ln 2^2", "At character 5, '^': parentheses were wanted around what the function is of"),
    ("sqrt(1, 2)", "At character 1, 'sqrt': arithmetic was wanted between numbers"),
    ("sqrt(-1)", "At character 1, 'sqrt': this has no value (the square root of a negative"),
    ("ln(0)", "At character 1, 'ln': this has no value"),
    ("1/(√2 - √2)", "At character 2, '/': division by zero has no value"),
    ("exp(exp(exp(9)))", "At character 1, 'exp': this has no value (a value too large"),
    ("√2" + "+√2" * 40, "At character 60, '+': at most 40 operations on roots"),
    ("1,234", "1,234 could be 1234 or 1.234: type it without the comma, or with a point."),
    ("-1,234", "-1,234 could be -1234 or -1.234: type it"),
    ("array([1, 2])", "At character 1, 'array': only numbers"),
    (r"\frac{1}{2}", r"At character 1, '\frac{1}{2}': LaTeX is not read, type numbers"),
    ("$0.5$", "At character 1, '$0.5$': LaTeX is not read"),
    ("<b>0.5</b>", "At character 1, '<b>0.5</b>': HTML is not read"),
    ("0.5&nbsp;", "At character 4, '&nbsp;': HTML is not read"),
    ("{1, 2}", "At character 1, '{1,': lists are typed in [ ] or ( )"),
    ("1 = 1", "At character 3, '=': this sign is read only at the start"),
    ("z == 1", "At character 4, '=': this sign is read only at the start"),
    ("0.1*0.2 ≈ 0.02", "At character 9, '≈': this sign is read only at the start"),
    ("٣", "At character 1, '٣': a number such as 0.5, 1/3 or [1, 2] was wanted"),
    ("7 // 2", "At character 4, '/': a number was wanted"),
    ("~1", "At character 1, '~1': a number such as 0.5"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(AnswerError, match=f"^{re.escape(message)}") as caught:
        parse_answer(text)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "code",
    [
        '__import__("os")',
        "__import__('os').system('true')",
        "x = __import__('os')",
        "[].__class__",
        "().__class__.__bases__[0]",
        "lambda: 0",
        "(lambda: 0)()",
        "1 if 1 else 2",
        "[x for x in (1, 2)]",
        "exec('1')",
        "f'{1}'",
        "'1'",
        "1; import os",
        "1\nimport os",
        "1 or 2",
        "1 << 2",
        "(x := 5)",
        "None",
        "True",
        "...",
        "#1",
        "@a",
    ],
)
def test_code_is_refused(code: str) -> None:
    with pytest.raises(AnswerError, match=r"^At character [0-9]+, "):
        parse_answer(code)


# --- Limits -------------------------------------------------------------------------------------


def test_longest_text() -> None:
    assert parse_answer("1" + " " * (MAX_TEXT - 1)).value == 1
    with pytest.raises(AnswerError, match="At character 10001, '0': at most 10000 characters"):
        parse_answer(" " * MAX_TEXT + "0")


@pytest.mark.parametrize(("opener", "closer"), ["()", "[]"])
def test_deepest_nesting(opener: str, closer: str) -> None:
    inner = opener * MAX_DEPTH + "1" + closer * MAX_DEPTH
    assert list(flat(parse_answer(inner).value)) == [1]
    with pytest.raises(AnswerError, match=r"At character 51, .*: brackets may be nested at most"):
        parse_answer(opener + inner + closer)
    with pytest.raises(AnswerError, match="At character 51, "):
        parse_answer(opener * MAX_TEXT)


def test_most_dimensions() -> None:
    deepest = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH
    assert parse_answer(deepest).shape == (1,) * MAX_DEPTH
    with pytest.raises(AnswerError, match="at most 50 dimensions are read"):
        parse_answer(f"{deepest}\n{deepest}")


def test_largest_numbers() -> None:
    assert parse_answer("2^1000").value == 2**1000
    largest = 2**MAX_BITS - 1
    assert parse_answer(str(largest)).value == largest
    assert parse_answer(f"1/{largest}").value == Fraction(1, largest)
    with pytest.raises(AnswerError, match=r"'1995063116880758384…': the result here is too large"):
        parse_answer(str(2**MAX_BITS))
    with pytest.raises(AnswerError, match=r"At character 3013, '\+': the result here is too large"):
        parse_answer(f"{largest} + 1")
    assert parse_answer(f"1e-{MAX_EXPONENT}").places == MAX_EXPONENT


def test_longest_numbers() -> None:
    with pytest.raises(AnswerError, match="a number of at most 3100 digits was wanted"):
        parse_answer("9" * MAX_TEXT)
    assert parse_answer("0." + "0" * MAX_PLACES).places == MAX_PLACES
    with pytest.raises(AnswerError, match="at most 3000 decimal places were wanted"):
        parse_answer("0." + "0" * (MAX_PLACES + 1))
    with pytest.raises(AnswerError, match="at most 3000 decimal places were wanted"):
        parse_answer("0" + "·10^-1000" * 4)
    assert parse_answer("1e" + "0" * 5000 + "1").value == 10


@pytest.mark.parametrize("text", ["9^999 " * 20, "1 " * 4000])
def test_answer_whose_canonical_text_is_too_long(text: str) -> None:
    with pytest.raises(AnswerError, match="the numbers written out need more than 10000 char"):
        parse_answer(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("-" * 9999 + "1", -1), ("1^" * 4999 + "1", 1), ("1+" * 4999 + "1", 5000)],
)
def test_long_chains_do_not_recurse(text: str, value: int) -> None:
    assert parse_answer(text).value == value


@pytest.mark.parametrize(
    "text",
    [
        "9" * 4999 + "," + "9" * 4999 + "x",
        "a" * 9999 + "!",
        "a" + " " * 9998 + "b",
        "x/" * 5000,
        "1," * 4999 + "!",
        "⁻" * MAX_TEXT,
        "(1,2)" * 2000,
    ],
)
def test_long_nonsense_is_refused(text: str) -> None:
    with pytest.raises(AnswerError, match=r"^At character [0-9]+, "):
        parse_answer(text)


def test_quoted_piece_is_short() -> None:
    with pytest.raises(AnswerError, match=f"At character 1, '{'q' * 19}…': only numbers"):
        parse_answer("q" * 21)
    with pytest.raises(AnswerError, match=f"At character 1, '{'q' * 20}': only numbers"):
        parse_answer("q" * 20)


# --- Answer and format_answer -------------------------------------------------------------------


def test_answer_is_a_frozen_value() -> None:
    answer = parse_answer("[0.50, 1/3]")
    assert answer == Answer((Fraction(1, 2), Fraction(1, 3)), (2,), (2, None))
    assert answer != parse_answer("[0.5, 1/3]")
    assert answer != answer.value
    assert len({answer, parse_answer("0.50 1/3")}) == 1
    assert repr(parse_answer("0.50")) == "Answer(Fraction(1, 2), shape=(), places=2)"
    assert pickle.loads(pickle.dumps(answer)) == copy.deepcopy(answer) == answer
    with pytest.raises(AttributeError, match="an Answer cannot be changed, so 'value'"):
        answer.value = Fraction(1)
    with pytest.raises(AttributeError, match="an Answer cannot be changed, so 'shape'"):
        del answer.shape
    assert not hasattr(answer, "__dict__")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0.50", "0.50"),
        ("−.5", "-0.5"),
        ("0,25", "0.25"),
        ("1.2·10^-3", "0.0012"),
        ("12 %", "0.12"),
        ("1.2e3", "1200"),
        ("-0.00", "0.00"),
        ("4/6", "2/3"),
        ("1 - 1.5", "-1/2"),
        ("6/3", "2"),
        ("1 -2", "[1, -2]"),
        ("1; 1/2", "[1, 1/2]"),
        ("1 2\n3 4.0", "[[1, 2], [3, 4.0]]"),
        ("[[[5]]]", "[[[5]]]"),
    ],
)
def test_format(text: str, canonical: str) -> None:
    assert format_answer(parse_answer(text)) == canonical


@pytest.mark.parametrize("places", [None, 0, 1, -2])
def test_format_never_rounds(places: int | None) -> None:
    assert format_answer(Answer(Fraction(1, 3), (), places)) == "1/3"
    assert format_answer(Answer(Fraction(1, 8), (), places)) == "1/8"


# --- Laws ---------------------------------------------------------------------------------------


def flat(value: Value) -> Iterator[Fraction | Closed]:
    """Give the entries of a nested value in reading order."""
    if isinstance(value, (Fraction, Closed)):
        yield value
    else:
        for entry in value:
            yield from flat(entry)


def shape_of(value: Value) -> tuple[int, ...]:
    return () if isinstance(value, (Fraction, Closed)) else (len(value), *shape_of(value[0]))


def assert_round_trip(answer: Answer) -> None:
    text = format_answer(answer)
    again = parse_answer(text)
    assert (again.value, again.shape) == (answer.value, answer.shape)
    assert format_answer(again) == text


SHAPES = st.lists(st.integers(1, 3), max_size=4).map(tuple)
ENTRIES = st.one_of(
    st.tuples(st.fractions(), st.none()),
    st.builds(
        lambda digits, places: (Fraction(digits, 10**places), places),
        st.integers(-(10**12), 10**12),
        st.integers(0, 15),
    ),
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    shape = draw(SHAPES)

    def build(sizes: tuple[int, ...]) -> tuple[Value, Places]:
        if not sizes:
            return draw(ENTRIES)
        entries = [build(sizes[1:]) for _ in range(sizes[0])]
        return tuple(value for value, _ in entries), tuple(places for _, places in entries)

    value, places = build(shape)
    return Answer(value, shape, places)


@given(answers())
def test_round_trip(answer: Answer) -> None:
    assert_round_trip(answer)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers(-40, 40))
def test_scientific_notations_agree(mantissa: object, exponent: int) -> None:
    answer = parse_answer(f"{mantissa:f}e{exponent}")
    assert answer.value == Fraction(f"{mantissa:f}") * Fraction(10) ** exponent
    assert answer.places == 6 - exponent
    assert parse_answer(f"{mantissa:f}·10^{exponent}") == answer


PIECES = st.sampled_from(
    [
        *"0123456789+-−*/^%()[],;.= \n²⁻·eE≈x'\\<$",
        "½",
        "√",
        "ln ",
        "exp(",
        "**",
        "10",
        "0.5",
        "1,5",
        " -",
        "[1, 2]",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        answer = parse_answer(text)
    except AnswerError as error:
        place = r"At character [0-9]+, '.{1,20}': |At the end: |Nothing was typed: "
        assert re.match(
            rf"({place}|[-+−–]?[1-9][0-9]{{0,2}},[0-9]{{3}} could be ).+\.\Z", str(error)
        )
    else:
        assert shape_of(answer.value) == answer.shape
        assert_round_trip(answer)


@given(st.text(alphabet="0123456789.,+-*/^()[]; ", min_size=1, max_size=40))
def test_reading_does_not_depend_on_space_around(text: str) -> None:
    def outcome(typed: str) -> Answer | None:
        try:
            return parse_answer(typed)
        except AnswerError:
            return None

    assert outcome(f"  {text}\n") == outcome(text) == outcome(f"z = {text}")


# A random expression: its text, and its value worked out by Python's Fraction (None: undefined).
Expression = tuple[str, Fraction | None]
OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "−": operator.sub,
    "*": operator.mul,
    "·": operator.mul,
    "/": operator.truediv,
    "÷": operator.truediv,
}
PRECEDENCE = {"+": 1, "-": 1, "−": 1, "*": 2, "·": 2, "/": 2, "÷": 2}


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    text, value, _ = draw(st.recursive(LEAVES, branches, max_leaves=12))
    return text, value


# The third part is how tightly the outermost operation binds: 1 sums, 2 products, 3 signs,
# 4 powers, 5 numbers and parentheses.
Node = tuple[str, Fraction | None, int]
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.integers(0, 99).map(lambda n: (str(n), Fraction(n), 5)),
    st.integers(0, 999).map(lambda n: (f"{n / 100:.2f}", Fraction(n, 100), 5)),
)


def wrapped(node: Node, at_least: int) -> str:
    return node[0] if node[2] >= at_least else f"({node[0]})"


def branches(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(binary, below, st.sampled_from(sorted(OPERATIONS)), below, st.booleans()),
        st.builds(power, below, st.integers(-3, 3), st.sampled_from(["^", "**", "raised"])),
        st.builds(negative, below),
    )


def binary(left: Node, sign: str, right: Node, spaced: bool) -> Node:
    level = PRECEDENCE[sign]
    gap = " " if spaced else ""
    text = f"{wrapped(left, level)}{gap}{sign}{gap}{wrapped(right, level + 1)}"
    if left[1] is None or right[1] is None or (sign in "/÷" and right[1] == 0):
        return text, None, level
    return text, OPERATIONS[sign](left[1], right[1]), level


def power(base: Node, exponent: int, notation: str) -> Node:
    raised = str(exponent).translate(str.maketrans("-0123", "⁻⁰¹²³"))
    tail = raised if notation == "raised" else f"{notation}{exponent}"
    undefined = base[1] is None or (base[1] == 0 and exponent < 0)
    value = None if undefined or base[1] is None else base[1] ** exponent
    return f"{wrapped(base, 5)}{tail}", value, 4


def negative(operand: Node) -> Node:
    return f"-{wrapped(operand, 3)}", None if operand[1] is None else -operand[1], 3


@given(expressions())
def test_arithmetic_agrees_with_fractions(expression: Expression) -> None:
    text, value = expression
    if value is None:
        with pytest.raises(AnswerError, match="division by zero"):
            parse_answer(text)
    else:
        assert parse_answer(text).value == value
        assert parse_answer(f"[{text}, ({text})]").value == (value, value)
