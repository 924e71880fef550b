"""Answers as a learner types them: a small grammar of numbers, read exactly, never run as code.

What is read (every number becomes an exact fraction):

- decimals ``0.5 .5 5. +3 -0.25 1e-3``; ``1.2·10^-3``; percent ``12 %``; the signs ``−`` and ``–``
- arithmetic with ``+ - * × · / ÷ ^ **``, superscripts and parentheses: ``1/3``, ``2·(1 − 0.3)²``.
  Powers bind tighter than signs (``-2^2`` is −4) and group from the right; exponents are whole
- vectors ``[1, 2]``, ``(1, 2)``, ``1, 2``, ``[1 2]``, ``1 2``, and as a column ``[1; 2]``
- matrices ``[[1, 2], [3, 4]]``, ``[1 2; 3 4]``, or one row a line; deeper nesting likewise
- ``=`` or ``≈`` at the start, also after a plain name (``z = 0.5``, ``dE/dw ≈ 0.5``), is skipped

Where typing is ambiguous, these rules decide:

- *Sign or new entry.* In a list (brackets, or an answer without brackets) a sign with a space
  before it and a number directly after it starts a new entry: ``1 -2`` has two entries, ``1 - 2``
  and ``1-2`` are −1. Parentheses without ``,`` or ``;`` are arithmetic: ``(1 -2)`` is −1.
- *Comma.* It separates entries. It is a decimal comma only if the whole answer is one number with
  a single comma between digits and without brackets or spaces: ``0,5``. Where either could be
  meant (``1,5 2,5``, ``1,5 + 2``, ``1,2`` as one line of several), the answer is refused.
  Separators of thousands are not read: ``1,234`` is 1.234, ``1,234,567`` is refused.
- *Column.* A list of single entries separated by ``;`` or line ends is a vector; a matrix of one
  column is typed ``[[1], [2]]``. Inside brackets a line end separates nothing.
- *Places.* A number typed as a decimal remembers its decimal places (``0.50`` has 2, ``3`` has 0,
  ``1.2e-3`` and ``1.2·10^-3`` have 4, ``12 %`` has 2), in parentheses too; they are below 0 where
  its last digit stands left of the point (``1.2e3`` has -2). The result of any other arithmetic is
  exact and has none.

A text, a number or a nesting beyond the limits below is refused before it costs time or memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final, NoReturn, TypeAlias, final

from dlhand.errors import AnswerError

__all__ = ["Answer", "Places", "Value", "format_answer", "parse_answer"]

Value: TypeAlias = "Fraction | tuple[Value, ...]"
Places: TypeAlias = "int | tuple[Places, ...] | None"

MAX_TEXT: Final = 10_000  # characters of an answer, as typed and as format_answer writes it
MAX_DEPTH: Final = 50  # brackets inside brackets, and dimensions
MAX_EXPONENT: Final = 1_000
MAX_BITS: Final = 10_000  # of a numerator or denominator, at every stage of the arithmetic
MAX_PLACES: Final = 3_000
_MAX_DIGITS: Final = 3_100  # of one number: above 10,000 bits, below the 4,300 digits int() reads
_MAX_PIECE: Final = 20  # characters of the answer quoted in a message


@final
class Answer:
    """A number, vector, matrix or n-d array that a learner typed; immutable.

    ``value`` is a `Fraction`, or tuples of them nested to the depth of ``shape``. ``places`` is
    nested likewise: the decimal places of each entry, or None where it was typed as an exact
    expression.

    >>> answer = parse_answer("0.50, 1/3")
    >>> answer.value, answer.shape, answer.places
    ((Fraction(1, 2), Fraction(1, 3)), (2,), (2, None))
    """

    __slots__ = ("places", "shape", "value")

    value: Value
    shape: tuple[int, ...]
    places: Places

    def __init__(self, value: Value, shape: tuple[int, ...] = (), places: Places = None) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "places", places)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an Answer cannot be changed, so {name!r} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an Answer cannot be changed, so {name!r} cannot be deleted")

    def _fields(self) -> tuple[Value, tuple[int, ...], Places]:
        return self.value, self.shape, self.places

    def __eq__(self, other: object) -> bool:
        return self._fields() == other._fields() if isinstance(other, Answer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._fields())

    def __reduce__(self) -> tuple[Any, ...]:
        return Answer, self._fields()

    def __repr__(self) -> str:
        return f"Answer({self.value!r}, shape={self.shape!r}, places={self.places!r})"


def parse_answer(text: str) -> Answer:
    """Read a typed answer exactly.

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
        raise _refusal(text, MAX_TEXT, len(text), f"at most {MAX_TEXT} characters are read")
    text, start = _skip_opening(text)
    tokens = _structured(text, _scan(text, start))
    _refuse_unclear_commas(text, tokens)
    result = _Parser(text, tokens).answer()
    if len(result.shape) > MAX_DEPTH:
        raise _refusal(text, start, len(text), f"at most {MAX_DEPTH} dimensions are read")
    answer = Answer(result.value, result.shape, result.places)
    if len(format_answer(answer)) > MAX_TEXT:
        reason = f"the numbers written out need more than {MAX_TEXT} characters"
        raise _refusal(text, start, len(text), reason)
    return answer


def format_answer(answer: Answer) -> str:
    """Write an answer in canonical form: lists in brackets, entries separated by commas.

    An entry typed as a decimal keeps its places; an exact one is a fraction in lowest terms.
    Reading the text again gives an equal value.

    >>> format_answer(parse_answer("0.50 2/6; 1e-3 -4"))
    '[[0.50, 1/3], [0.001, -4]]'
    """
    return _format(answer.value, answer.places)


def _format(value: Value, places: Places) -> str:
    if isinstance(value, Fraction):
        return _format_number(value, places if isinstance(places, int) else None)
    below = places if isinstance(places, tuple) else (None,) * len(value)
    return f"[{', '.join(map(_format, value, below))}]"


def _format_number(value: Fraction, places: int | None) -> str:
    if not places or places < 0:
        return str(value)
    scaled = value * 10**places
    if scaled.denominator != 1:  # not a decimal of so many places, so only the fraction is exact
        return str(value)
    digits = str(abs(scaled.numerator)).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


# --- Characters to tokens -----------------------------------------------------------------------

# Long repeats are possessive, so that no text makes a search go back over what it has read.
_SIGN = "[-+−–]"
_DECIMAL = r"(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)"
_EXPONENT = f"(?:[eE]{_SIGN}?[0-9]+)"
_NAME = r"∂?[^\W\d]\w*+['′]*+"
_OPENING = re.compile(rf"\s*+(?:{_NAME}(?:/{_NAME})?+\s*+)?+[=≈]")
_WORD = re.compile(_NAME)
_DECIMAL_COMMA = re.compile(rf"\s*+{_SIGN}?[0-9]++(,)[0-9]++{_EXPONENT}?%?\s*+\Z")
_PLAIN_LIST = re.compile(rf"{_SIGN}?{_DECIMAL}(?:,{_SIGN}?{_DECIMAL}){{2,}},?")
_THOUSANDS = re.compile(rf"{_SIGN}?[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?:\.[0-9]*)?")
_TOKEN = re.compile(
    rf"(?P<number>{_DECIMAL}{_EXPONENT}?)"
    r"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<mark>\*\*|[-−–+*×·⋅/÷^%()\[\],;])"
)
_KIND = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "**": "^"}
_PLAIN_SIGNS = str.maketrans("−–⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--+-0123456789")
_CLOSER = {"(": ")", "[": "]"}
_SIGNS = ("+", "-")
_OPERATORS = ("+", "-", "*", "/", "^")
_SEPARATORS = (",", ";", "row")

_LATEX = "LaTeX is not read, type numbers such as 0.5, 1/3 or [1, 2]"
_HTML = "HTML is not read, type numbers such as 0.5, 1/3 or [1, 2]"
_REASON = {
    "\\": _LATEX,
    "$": _LATEX,
    "<": _HTML,
    ">": _HTML,
    "&": _HTML,
    "{": "lists are typed in [ ] or ( )",
    "}": "lists are typed in [ ] or ( )",
    "=": "this sign is read only at the start or after a plain name at the start",
    "≈": "this sign is read only at the start or after a plain name at the start",
}


def _refusal(text: str, start: int, end: int, reason: str) -> AnswerError:
    """Build the error for the piece ``text[start:end]``; ``reason`` says what was wanted."""
    piece = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[start:end])
    if len(piece) > _MAX_PIECE:
        piece = piece[: _MAX_PIECE - 1] + "…"
    shown = f"'{piece}'" if piece else "the end"
    return AnswerError(f"At character {start + 1}, {shown}: {reason}.")


class _Token:
    """A piece of the answer: its kind (a plain mark, number, raised, row or end) and place."""

    __slots__ = ("end", "kind", "lined", "listed", "spaced", "start")

    def __init__(self, kind: str, start: int, end: int, spaced: bool, lined: bool) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.spaced = spaced  # white space stands directly before it
        self.lined = lined  # a line end is among that white space
        self.listed = False  # an opening bracket around a list, rather than around arithmetic


def _skip_opening(text: str) -> tuple[str, int]:
    """Return the text, a decimal comma in it turned into a point, and where its numbers start."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    comma = _DECIMAL_COMMA.match(text, start)
    if comma:
        text = f"{text[: comma.start(1)]}.{text[comma.end(1) :]}"
    if not text[start:].strip():
        reason = "the answer is empty, a number such as 0.5 or a list such as [1, 2] was wanted"
        raise _refusal(text, len(text), len(text), reason)
    return text, start


def _scan(text: str, start: int) -> Iterator[_Token]:
    spaced = lined = False
    position = start
    while position < len(text):
        if text[position].isspace():
            spaced = True
            lined = lined or text[position] in "\r\n"
            position += 1
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = match[0] if match.lastgroup == "mark" else str(match.lastgroup)
        yield _Token(_KIND.get(kind, kind), position, match.end(), spaced, lined)
        spaced = lined = False
        position = match.end()
    yield _Token("end", position, position, spaced, lined)


def _unreadable(text: str, start: int) -> AnswerError:
    word = _WORD.match(text, start)
    if word:
        reason = "only numbers and + - * / ^ are read, no names, functions, words or units"
        return _refusal(text, start, word.end(), reason)
    piece = text[start : start + _MAX_PIECE + 1].split()[0]
    reason = _REASON.get(text[start], "a number such as 0.5, 1/3 or [1, 2] was wanted")
    return _refusal(text, start, start + len(piece), reason)


def _structured(text: str, scanned: Iterator[_Token]) -> list[_Token]:
    """Check the brackets, mark those around lists, and mark the line ends that separate rows.

    After this the brackets are known to match and to be at most `MAX_DEPTH` deep, so that the
    parser may recurse over them.
    """
    tokens: list[_Token] = []
    opened: list[_Token] = []
    for token in scanned:
        last = tokens[-1].kind if tokens else "row"
        continues = last in _SEPARATORS or last in _OPERATORS or token.kind in (",", ";", "end")
        if token.lined and not opened and not continues:
            tokens.append(_Token("row", token.start, token.start, False, False))
        if token.kind in _CLOSER:
            token.listed = token.kind == "["
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                reason = f"brackets may be nested at most {MAX_DEPTH} deep"
                raise _refusal(text, token.start, token.end, reason)
        elif token.kind in (")", "]"):
            _close(text, opened, token)
        elif token.kind in (",", ";") and opened:
            opened[-1].listed = True
        tokens.append(token)
    if opened:
        wanted = _CLOSER[opened[-1].kind]
        raise _refusal(text, opened[-1].start, opened[-1].end, f"'{wanted}' is missing after this")
    return tokens


def _close(text: str, opened: list[_Token], token: _Token) -> None:
    if not opened:
        raise _refusal(text, token.start, token.end, "no bracket is open here to be closed")
    opener = opened.pop()
    if token.kind != _CLOSER[opener.kind]:
        wanted = f"'{_CLOSER[opener.kind]}' was wanted for '{opener.kind}'"
        raise _refusal(text, token.start, token.end, f"{wanted} of character {opener.start + 1}")


def _refuse_unclear_commas(text: str, tokens: list[_Token]) -> None:
    """Refuse a comma outside brackets that a reader could take for a decimal comma."""
    depth = row = 0
    unclear: _Token | None = None
    for index, token in enumerate(tokens):
        depth += (token.kind in _CLOSER) - (token.kind in (")", "]"))
        if depth == 0 and token.kind == "," and _is_unclear(text, tokens, index):
            unclear = unclear or token
        if depth == 0 and token.kind in (";", "row", "end"):
            if unclear:
                _refuse_unless_list(text, text[tokens[row].start : tokens[index - 1].end], unclear)
            row, unclear = index + 1, None


def _is_unclear(text: str, tokens: list[_Token], index: int) -> bool:
    """Tell whether this comma stands directly between digits that do not both have points."""
    if index == 0:
        return False
    before, comma, after = tokens[index - 1 : index + 2]
    if before.kind != "number" or after.kind != "number" or comma.spaced or after.spaced:
        return False
    left, right = text[before.start : before.end], text[after.start : after.end]
    return left[-1] != "." and right[0] != "." and not ("." in left and "." in right)


def _refuse_unless_list(text: str, row: str, comma: _Token) -> None:
    if _THOUSANDS.fullmatch(row):
        reason = "separators of thousands are not read, type 1234 or put spaces after the commas"
    elif _PLAIN_LIST.fullmatch(row):
        return
    else:
        reason = (
            "this comma could be a decimal comma or separate entries, "
            "type a decimal point or a space after the comma"
        )
    raise _refusal(text, comma.start - 1, comma.end + 1, reason)


# --- Tokens to numbers --------------------------------------------------------------------------


class _Operand:
    """A number or list read so far: what an `Answer` holds, and where it was typed."""

    __slots__ = ("at", "places", "power_of_ten", "shape", "value")

    def __init__(
        self,
        at: _Token,
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


class _Parser:
    """Recursive descent over checked brackets; everything else is a loop.

    The stages are bracket (a list or a grouping), row, sum, factor and atom.
    """

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.index = 0

    def answer(self) -> _Operand:
        rows = self.rows("end")
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else self.stack_rows(rows)

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def next(self) -> _Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def refusal(self, token: _Token, reason: str) -> AnswerError:
        return _refusal(self.text, token.start, token.end, reason)

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
        return token.kind in ("number", "(", "[") or self.is_sign_of_entry()

    def is_sign_of_entry(self) -> bool:
        """Tell whether this sign has a space before it and a number directly after it."""
        if self.token.kind not in _SIGNS or not self.token.spaced:
            return False
        after = self.tokens[self.index + 1]
        return after.kind == "number" and not after.spaced

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
            if operator.kind not in _SIGNS or (listed and self.is_sign_of_entry()):
                return term
            total, pending = term, self.next()
            term = self.factor()

    def factor(self) -> _Operand:
        """Read a signed power; a chain of powers is worked out from the right."""
        sign = self.sign()
        links: list[tuple[_Operand, _Token, _Token | None]] = []
        base = self.atom()
        while self.token.kind == "^":
            if self.tokens[self.index - 1].kind == "raised":
                raise self.refusal(self.token, "parentheses were wanted around the power before")
            links.append((base, self.next(), self.sign()))
            base = self.atom()
        for lower, operator, minus in reversed(links):
            base = self.power(lower, operator, self.negated(base, minus))
        return self.negated(base, sign)

    def sign(self) -> _Token | None:
        """Read any signs; return one that turns the number, or None."""
        minus: _Token | None = None
        while self.token.kind in _SIGNS:
            token = self.next()
            if token.kind == "-":
                minus = None if minus else token
        return minus

    def atom(self) -> _Operand:
        """Read a number or a bracket, with a percent sign or superscript after it."""
        token = self.next()
        if token.kind == "number":
            result = self.number(token)
        elif token.kind in _CLOSER:
            result = self.bracket(token)
        else:
            raise self.refusal(token, "a number was wanted here")
        if self.token.kind == "%":
            result = self.percent(result, self.next())
        if self.token.kind == "raised":
            operator = self.next()
            typed = self.text[operator.start : operator.end].translate(_PLAIN_SIGNS)
            exponent = Fraction(self.small_integer(operator, typed))
            result = self.power(result, operator, _Operand(operator, exponent, 0))
        return result

    def bracket(self, opener: _Token) -> _Operand:
        if opener.listed:
            result = self.stack_rows(self.rows(_CLOSER[opener.kind]))
        else:
            result = self.sum(listed=False)
            self.expect(_CLOSER[opener.kind])
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

    def number(self, token: _Token) -> _Operand:
        typed = self.text[token.start : token.end].translate(_PLAIN_SIGNS).lower()
        mantissa, _, exponent = typed.partition("e")
        whole, _, decimals = mantissa.partition(".")
        if len(whole) + len(decimals) > _MAX_DIGITS:
            raise self.refusal(token, f"a number of at most {_MAX_DIGITS} digits was wanted")
        shift = self.small_integer(token, exponent) if exponent else 0
        value = int(whole + decimals) * Fraction(10) ** (shift - len(decimals))
        return self.sized(token, value, len(decimals) - shift)

    def small_integer(self, token: _Token, typed: str) -> int:
        digits = typed.lstrip("+-").lstrip("0")
        if len(digits) > len(str(MAX_EXPONENT)) or int(digits or "0") > MAX_EXPONENT:
            reason = f"an exponent from -{MAX_EXPONENT} to {MAX_EXPONENT} was wanted"
            raise self.refusal(token, reason)
        return -int(digits or "0") if typed[0] == "-" else int(digits or "0")

    def sized(self, at: _Token, value: Fraction, places: int | None = None) -> _Operand:
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
            raise self.refusal(at, f"the result here is too large, beyond {MAX_BITS} binary digits")
        if places is not None and places > MAX_PLACES:
            raise self.refusal(at, f"at most {MAX_PLACES} decimal places were wanted")
        return _Operand(at, value, places)

    def scalar(self, operand: _Operand, operator: _Token) -> tuple[Fraction, int | None]:
        value, places = operand.value, operand.places
        if isinstance(value, tuple) or isinstance(places, tuple):
            raise self.refusal(operator, "arithmetic was wanted between numbers, not with a list")
        return value, places

    def negated(self, operand: _Operand, minus: _Token | None) -> _Operand:
        if minus is None:
            return operand
        value, places = self.scalar(operand, minus)
        return _Operand(minus, -value, places)

    def percent(self, operand: _Operand, operator: _Token) -> _Operand:
        value, places = self.scalar(operand, operator)
        return self.sized(operator, value / 100, None if places is None else places + 2)

    def power(self, base: _Operand, operator: _Token, exponent: _Operand) -> _Operand:
        value, places = self.scalar(base, operator)
        wanted, exponent_places = self.scalar(exponent, operator)
        if wanted.denominator != 1 or abs(wanted) > MAX_EXPONENT:
            reason = f"a whole exponent from -{MAX_EXPONENT} to {MAX_EXPONENT} was wanted"
            raise self.refusal(operator, reason)
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

    def combine(self, left: _Operand, operator: _Token, right: _Operand) -> _Operand:
        a, places = self.scalar(left, operator)
        b, _ = self.scalar(right, operator)
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
