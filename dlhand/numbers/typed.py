"""Answers as a learner types them: a small grammar of numbers, read exactly, never run as code.

What is read (every number becomes an exact fraction):

- decimals ``0.5 .5 5. +3 -0.25 1e-3``; ``1.2·10^-3``; percent ``12 %``; the signs ``−`` and ``–``
- arithmetic with ``+ - * × · / ÷ ^ **``, superscripts and parentheses: ``1/3``, ``2·(1 − 0.3)²``.
  Powers bind tighter than signs (``-2^2`` is −4) and group from the right; exponents are whole
- vectors ``[1, 2]``, ``(1, 2)``, ``1, 2``, ``[1 2]``, ``1 2``, and as a column ``[1; 2]``
- matrices ``[[1, 2], [3, 4]]``, ``[1 2; 3 4]``, or one row a line; deeper nesting likewise
- ``sqrt(2) √2 exp(-1) e^-1 ln 2 log(2) sin cos tanh σ(0.41) sigmoid(0.41) pi π``, exactly: what is
  not rational is a `Closed`; a logarithm is the natural one. Without parentheses a function is of
  the one number after it, and no power stands behind that
- the fractions ``½ ¼ ⅔`` of one character (``1½`` is 3/2), full-width digits; characters that
  nobody sees (marks of direction, a byte-order mark, spaces of no width) are passed over
- ``=`` or ``≈`` at the start, also after a plain name (``z = 0.5``, ``dE/dw ≈ 0.5``), is skipped

Where typing is ambiguous, these rules decide:

- *Sign or new entry.* In a list (brackets, or an answer without brackets) a sign with a space
  before it and a number directly after it starts a new entry: ``1 -2`` has two entries, ``1 - 2``
  and ``1-2`` are −1. Parentheses without ``,`` or ``;`` are arithmetic: ``(1 -2)`` is −1.
- *Comma.* It separates entries. It is a decimal comma only if the whole answer is one number with
  a single comma between digits and without brackets or spaces: ``0,5``. Where either could be
  meant (``1,5 2,5``, ``1,5 + 2``, ``1,2`` as one line of several), the answer is refused. Where two
  numbers are asked for, it separates them. Where a list has more entries than are asked for, and
  would not with decimal commas, ``[0,5, 2]``, it is refused. Separators of thousands are not read:
  ``1,234`` and, where one number is asked for, ``1 234`` are refused with the two things that each
  could be.
- *Column.* A list of single entries separated by ``;`` or line ends is a vector; a matrix of one
  column is typed ``[[1], [2]]``. Inside brackets a line end separates nothing.
- *Places.* A number typed as a decimal remembers its decimal places (``0.50`` has 2, ``3`` has 0,
  ``1.2e-3`` and ``1.2·10^-3`` have 4, ``12 %`` has 2), in parentheses too; they are below 0 where
  its last digit stands left of the point (``1.2e3`` has -2). The result of any other arithmetic is
  exact and has none.

A text, a number or a nesting beyond the limits below is refused before it costs time or memory.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Final

from dlhand.errors import AnswerError, UndefinedValue
from dlhand.numbers.answers import Answer, Places, Value, format_answer
from dlhand.numbers.closed import CONSTANTS, FUNCTIONS, Closed, E, nearly
from dlhand.numbers.intervals import Unsettled
from dlhand.numbers.real import PROVING
from dlhand.numbers.terms import Element, Terms, rational
from dlhand.numbers.tokens import (
    CLOSER,
    MAX_DEPTH,
    PLAIN_SIGNS,
    SIGNS,
    VULGAR,
    Token,
    name_of,
    plain,
    refusal,
    refuse_unclear_entries,
    tokens_of,
)

__all__ = ["parse_answer"]

MAX_TEXT: Final = 10_000  # characters of an answer, as typed and as format_answer writes it
MAX_EXPONENT: Final = 1_000
MAX_BITS: Final = 10_000  # of a numerator or denominator, at every stage of the arithmetic
MAX_PLACES: Final = 3_000
MAX_CLOSED: Final = 40  # operations on numbers that are not rational, in the whole answer
_MAX_DIGITS: Final = 3_100  # of one number: above 10,000 bits, below the 4,300 digits int() reads


def parse_answer(text: str, count: int | None = None) -> Answer:
    """Read a typed answer exactly; ``count`` is how many numbers are asked for, if that is known.

    The grammar is that of the module's docstring. Anything else raises `AnswerError`, whose one
    sentence names the character, the piece found there and what was wanted.

    >>> parse_answer("z = 0.50")
    Answer(Fraction(1, 2), shape=(), places=2)
    >>> parse_answer("[1 -2; 3 1/2]").value
    ((Fraction(1, 1), Fraction(-2, 1)), (Fraction(3, 1), Fraction(1, 2)))
    >>> parse_answer("1 / (2 - 2)")
    Traceback (most recent call last):
        ...
    dlhand.errors.AnswerError: At character 3, '/': division by zero has no value.
    """
    if len(text) > MAX_TEXT:
        raise refusal(text, MAX_TEXT, len(text), f"at most {MAX_TEXT} characters are read")
    text, start, tokens = tokens_of(plain(text), count)
    result = _Parser(text, tokens).answer()
    if count is not None:
        refuse_unclear_entries(text, tokens, prod(result.shape) - count)
    if len(result.shape) > MAX_DEPTH:
        raise refusal(text, start, len(text), f"at most {MAX_DEPTH} dimensions are read")
    answer = Answer(result.value, result.shape, result.places)
    if len(format_answer(answer)) > MAX_TEXT:
        reason = f"the numbers written out need more than {MAX_TEXT} characters"
        raise refusal(text, start, len(text), reason)
    return answer


class _Operand:
    """A number or list read so far: what an `Answer` holds, and where it was typed."""

    __slots__ = ("at", "places", "power_of_ten", "shape", "value")

    def __init__(
        self,
        at: Token,
        value: Value,
        places: Places = None,
        shape: tuple[int, ...] = (),
        power_of_ten: int | None = None,
    ) -> None:
        self.at = at
        self.value = value
        self.places = places  # below 0 where the last digit typed stands left of the point
        self.shape = shape
        self.power_of_ten = power_of_ten  # n where 10^n was typed, for 1.2·10^n


_NUMBERS = ("number", "vulgar", "name")
"""Kinds of tokens with which a number starts."""
_METHODS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


class _Parser:
    """Recursive descent over checked brackets; everything else is a loop.

    The stages are bracket (a list or a grouping), row, sum, factor and atom.
    """

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.index = 0
        self.elements: dict[Closed, Element] = {}
        """What is not rational, worked out with normal forms."""
        self.terms: Terms | None = None
        self.steps = 0

    def answer(self) -> _Operand:
        rows = self.rows("end")
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else self.stack_rows(rows)

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def next(self) -> Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def refusal(self, token: Token, reason: str) -> AnswerError:
        return refusal(self.text, token.start, token.end, reason)

    def rows(self, closer: str) -> list[list[_Operand]]:
        rows = [self.row()]
        while self.token.kind in (";", "row"):
            self.next()
            rows.append(self.row())
        self.expect(closer)
        return rows

    def expect(self, closer: str) -> None:
        if self.token.kind != closer:
            wanted = "an operator such as * or a separator such as a comma was wanted before this"
            raise self.refusal(self.token, wanted)
        self.next()

    def row(self) -> list[_Operand]:
        """Read entries separated by commas, or else by spaces."""
        entries = [self.sum(listed=True)]
        separator = ""
        while self.token.kind == "," or self.starts_entry():
            token = self.token
            found = "comma" if token.kind == "," else "space"
            if separator not in ("", found):
                raise self.refusal(token, "entries are separated by commas or spaces, not both")
            separator = found
            if found == "comma":
                self.next()
            elif token.lined and entries[-1].shape == ():
                raise self.refusal(token, "inside brackets rows are separated by ';', not by lines")
            entries.append(self.sum(listed=True))
        return entries

    def starts_entry(self) -> bool:
        token = self.token
        if not token.spaced:
            return False
        return token.kind in (*_NUMBERS, "(", "[") or self.is_sign_of_entry()

    def is_sign_of_entry(self) -> bool:
        """Tell whether this sign has a space before it and a number directly after it."""
        if self.token.kind not in SIGNS or not self.token.spaced:
            return False
        after = self.tokens[self.index + 1]
        return after.kind in _NUMBERS and not after.spaced

    def sum(self, listed: bool) -> _Operand:
        """Read terms joined by + and -, each of factors joined by * and /."""
        total: _Operand | None = None
        pending = self.token
        term = self.factor()
        while True:
            operator = self.token
            if operator.kind in ("*", "/"):
                self.next()
                term = self.combine(term, operator, self.factor())
                continue
            if total is not None:
                term = self.combine(total, pending, term)
            if operator.kind not in SIGNS or (listed and self.is_sign_of_entry()):
                return term
            total, pending = term, self.next()
            term = self.factor()

    def factor(self) -> _Operand:
        """Read a signed power; a chain of powers is worked out from the right."""
        sign = self.sign()
        links: list[tuple[_Operand, Token, Token | None]] = []
        base = self.atom()
        while self.token.kind == "^":
            if self.tokens[self.index - 1].kind == "raised":
                raise self.refusal(self.token, "parentheses were wanted around the power before")
            links.append((base, self.next(), self.sign()))
            base = self.atom()
        for lower, operator, minus in reversed(links):
            base = self.power(lower, operator, self.negated(base, minus))
        return self.negated(base, sign)

    def sign(self) -> Token | None:
        """Read any signs; return one that turns the number, or None."""
        minus: Token | None = None
        while self.token.kind in SIGNS:
            token = self.next()
            if token.kind == "-":
                minus = None if minus else token
        return minus

    def atom(self) -> _Operand:
        """Read a number or a bracket, with a percent sign or superscript after it."""
        token = self.next()
        if token.kind == "number":
            result = self.mixed(self.number(token))
        elif token.kind == "vulgar":
            result = self.vulgar(token)
        elif token.kind == "name":
            result = self.named(token)
        elif token.kind in CLOSER:
            result = self.bracket(token)
        else:
            raise self.refusal(token, "a number was wanted here")
        if self.token.kind == "%":
            result = self.percent(result, self.next())
        if self.token.kind == "raised":
            operator = self.next()
            typed = self.text[operator.start : operator.end].translate(PLAIN_SIGNS)
            exponent = Fraction(self.small_integer(operator, typed))
            result = self.power(result, operator, _Operand(operator, exponent, 0))
        return result

    def mixed(self, whole: _Operand) -> _Operand:
        """A whole number with the fraction of one character directly behind it: 1½ is 3/2."""
        token = self.token
        if token.kind != "vulgar" or token.spaced or whole.places != 0:
            return whole
        value, _ = self.scalar(whole, token)
        rest, _ = self.scalar(self.vulgar(self.next()), token)
        assert isinstance(value, Fraction) and isinstance(rest, Fraction)
        return _Operand(whole.at, value + rest)

    def vulgar(self, token: Token) -> _Operand:
        return _Operand(token, VULGAR[self.text[token.start]])

    def named(self, token: Token) -> _Operand:
        """Read a constant, or a function and what it is of."""
        name = name_of(self.text[token.start : token.end]) or ""
        if name in CONSTANTS:
            self.elements[CONSTANTS[name]] = CONSTANTS[name].worked_out(self.exactly())
            return _Operand(token, CONSTANTS[name])
        of = self.next()
        if of.kind in CLOSER:
            operand = self.bracket(of)
        elif of.kind in _NUMBERS:
            operand = self.number(of) if of.kind == "number" else self.vulgar_or_named(of)
            if self.token.kind in ("^", "raised"):
                wanted = "parentheses were wanted around what the function is of"
                raise self.refusal(self.token, wanted)
        else:
            raise self.refusal(of, f"a number was wanted after {name}, such as {name}(0.5)")
        value, _ = self.scalar(operand, token)
        return self.closed(token, FUNCTIONS[name], value)

    def vulgar_or_named(self, token: Token) -> _Operand:
        return self.vulgar(token) if token.kind == "vulgar" else self.named(token)

    def exactly(self) -> Terms:
        self.terms = self.terms or Terms(PROVING)
        return self.terms

    def closed(self, at: Token, name: str, *args: Fraction | Closed) -> _Operand:
        """Work out what need not be rational; where it turns out to be, it is a fraction."""
        self.steps += 1
        if self.steps > MAX_CLOSED:
            wanted = f"at most {MAX_CLOSED} operations on roots and other functions are read"
            raise self.refusal(at, wanted)
        made, terms = Closed(name, args), self.exactly()
        try:
            if name == "power":
                element = terms.power(self.element(args[0]), args[1])  # type: ignore[arg-type]
            else:
                element = getattr(terms, name)(*map(self.element, args))
            value = rational(element.form)
            if value is None:
                nearly(made)
        except UndefinedValue as error:
            raise self.refusal(at, f"this has no value ({error})") from None
        except Unsettled:
            raise self.refusal(at, "this has no value, or none that can be told") from None
        if value is not None:
            return self.sized(at, value)
        self.elements[made] = element
        return _Operand(at, made)

    def element(self, one: Fraction | Closed) -> Element:
        return self.elements[one] if isinstance(one, Closed) else self.exactly().number(one)

    def bracket(self, opener: Token) -> _Operand:
        if opener.listed:
            result = self.stack_rows(self.rows(CLOSER[opener.kind]))
        else:
            result = self.sum(listed=False)
            self.expect(CLOSER[opener.kind])
        result.at = opener
        return result

    def stack_rows(self, rows: list[list[_Operand]]) -> _Operand:
        if len(rows) == 1:
            return self.stack(rows[0])
        if all(len(row) == 1 for row in rows):
            return self.stack([row[0] for row in rows])
        return self.stack([self.stack(row) for row in rows])

    def stack(self, entries: list[_Operand]) -> _Operand:
        """Make one array of entries of one shape."""
        first = entries[0]
        for number, entry in enumerate(entries, 1):
            if entry.shape != first.shape:
                raise self.refusal(entry.at, _ragged(number, entry.shape, first.shape))
        return _Operand(
            first.at,
            tuple(entry.value for entry in entries),
            tuple(entry.places for entry in entries),
            (len(entries), *first.shape),
        )

    def number(self, token: Token) -> _Operand:
        typed = self.text[token.start : token.end].translate(PLAIN_SIGNS).lower()
        mantissa, _, exponent = typed.partition("e")
        whole, _, decimals = mantissa.partition(".")
        if len(whole) + len(decimals) > _MAX_DIGITS:
            raise self.refusal(token, f"a number of at most {_MAX_DIGITS} digits was wanted")
        shift = self.small_integer(token, exponent) if exponent else 0
        value = int(whole + decimals) * Fraction(10) ** (shift - len(decimals))
        return self.sized(token, value, len(decimals) - shift)

    def small_integer(self, token: Token, typed: str) -> int:
        digits = typed.lstrip("+-").lstrip("0")
        if len(digits) > len(str(MAX_EXPONENT)) or int(digits or "0") > MAX_EXPONENT:
            reason = f"an exponent from -{MAX_EXPONENT} to {MAX_EXPONENT} was wanted"
            raise self.refusal(token, reason)
        return -int(digits or "0") if typed[0] == "-" else int(digits or "0")

    def sized(self, at: Token, value: Fraction, places: int | None = None) -> _Operand:
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
            raise self.refusal(at, f"the result here is too large, beyond {MAX_BITS} binary digits")
        if places is not None and places > MAX_PLACES:
            raise self.refusal(at, f"at most {MAX_PLACES} decimal places were wanted")
        return _Operand(at, value, places)

    def scalar(self, operand: _Operand, operator: Token) -> tuple[Fraction | Closed, int | None]:
        value, places = operand.value, operand.places
        if isinstance(value, tuple) or isinstance(places, tuple):
            raise self.refusal(operator, "arithmetic was wanted between numbers, not with a list")
        return value, places

    def negated(self, operand: _Operand, minus: Token | None) -> _Operand:
        if minus is None:
            return operand
        value, places = self.scalar(operand, minus)
        if isinstance(value, Closed):
            return self.closed(minus, "neg", value)
        return _Operand(minus, -value, places)

    def percent(self, operand: _Operand, operator: Token) -> _Operand:
        value, places = self.scalar(operand, operator)
        if isinstance(value, Closed):
            return self.closed(operator, "div", value, Fraction(100))
        return self.sized(operator, value / 100, None if places is None else places + 2)

    def power(self, base: _Operand, operator: Token, exponent: _Operand) -> _Operand:
        value, places = self.scalar(base, operator)
        wanted, exponent_places = self.scalar(exponent, operator)
        if value == E:
            return self.closed(operator, "exp", wanted)
        if isinstance(wanted, Closed):
            grown = self.closed(operator, "log", value)
            return self.closed(operator, "exp", self.product(operator, grown, wanted))
        if abs(wanted) > MAX_EXPONENT:
            reason = f"an exponent from -{MAX_EXPONENT} to {MAX_EXPONENT} was wanted"
            raise self.refusal(operator, reason)
        if isinstance(value, Closed) or wanted.denominator != 1:
            return self.closed(operator, "power", value, wanted)
        count = int(wanted)
        if value == 0 and count < 0:
            raise self.refusal(operator, "zero has no negative power (division by zero)")
        # A lower bound of the result's bits, so that nothing huge is ever computed.
        bits = max(value.numerator.bit_length(), value.denominator.bit_length())
        if (bits - 1) * abs(count) >= MAX_BITS:
            reason = f"the result here is too large, beyond {MAX_BITS} binary digits"
            raise self.refusal(operator, reason)
        result = self.sized(operator, value**count)
        if value == 10 and places == 0 and exponent_places == 0:
            result.power_of_ten = count
        return result

    def product(self, at: Token, left: _Operand, right: Fraction | Closed) -> Fraction | Closed:
        """Of a number that need not be rational with another one."""
        value, _ = self.scalar(self.combine(left, at, _Operand(at, right), "*"), at)
        return value

    def combine(
        self, left: _Operand, operator: Token, right: _Operand, kind: str | None = None
    ) -> _Operand:
        a, places = self.scalar(left, operator)
        b, _ = self.scalar(right, operator)
        if isinstance(a, Closed) or isinstance(b, Closed):
            return self.closed(operator, _METHODS[kind or operator.kind], a, b)
        if operator.kind == "+":
            return self.sized(operator, a + b)
        if operator.kind == "-":
            return self.sized(operator, a - b)
        if operator.kind == "/":
            if b == 0:
                raise self.refusal(operator, "division by zero has no value")
            return self.sized(operator, a / b)
        if places is not None and right.power_of_ten is not None:
            return self.sized(operator, a * b, places - right.power_of_ten)
        return self.sized(operator, a * b)


def _ragged(number: int, shape: tuple[int, ...], first: tuple[int, ...]) -> str:
    """Say how the entry of this number differs from the first one."""
    if shape and first:
        found = f"row {number} has {_counted(shape)}, but row 1 has {_counted(first)}"
        return f"{found}, and rows of equal shape were wanted"
    kinds = ("number", "list") if shape else ("list", "number")
    return f"entry {number} is a {kinds[1]} after a {kinds[0]}, and equal shapes were wanted"


def _counted(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return f"{shape[0]} {'entry' if shape[0] == 1 else 'entries'}"
    return f"shape {'×'.join(map(str, shape))}"
