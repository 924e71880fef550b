"""The pieces of a typed answer: characters to tokens, with the brackets checked.

The grammar is that of `dlhand.numbers.typed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final
from unicodedata import category, normalize

from dlhand.errors import AnswerError
from dlhand.numbers.closed import CONSTANTS, FUNCTIONS

__all__ = ["Token", "refusal", "tokens_of"]

MAX_DEPTH: Final = 50  # brackets inside brackets, and dimensions
_MAX_PIECE: Final = 20  # characters of the answer quoted in a message

# Long repeats are possessive, so that no text makes a search go back over what it has read.
_SIGN = "[-+−–]"
_DECIMAL = r"(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)"
_EXPONENT = f"(?:[eE]{_SIGN}?[0-9]+)"
_NAME = r"∂?[^\W\d]\w*+['′]*+"
_OPENING = re.compile(rf"\s*+(?:{_NAME}(?:/{_NAME})?+\s*+)?+[=≈]")
_WORD = re.compile(_NAME)
_NAMED = re.compile(rf"(?P<name>√|{_NAME})")
_FUNCTIONS_WORDS = "sqrt, exp, ln, sin, cos, tanh, sigmoid, pi and e"
_DECIMAL_COMMA = re.compile(rf"\s*+{_SIGN}?[0-9]++(,)[0-9]++{_EXPONENT}?%?\s*+\Z")
_PLAIN_LIST = re.compile(rf"{_SIGN}?{_DECIMAL}(?:,{_SIGN}?{_DECIMAL}){{2,}},?")
_THOUSANDS = re.compile(rf"{_SIGN}?[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?:\.[0-9]*)?")
_GROUP = f"{_SIGN}?[1-9][0-9]{{0,2}}"
_ONE_COMMA = re.compile(rf"\s*+({_GROUP},[0-9]{{3}})\s*+\Z")
_MORE_GROUPS = r"(?:[ \u00a0\u2009\u202f][0-9]{3})++(?:\.[0-9]*+)?+"
_GROUPS = re.compile(rf"\s*+({_GROUP}{_MORE_GROUPS})\s*+\Z")
_PAIR = re.compile(rf"\s*+{_SIGN}?{_DECIMAL},{_SIGN}?{_DECIMAL}\s*+\Z")
VULGAR: Final = {
    one: Fraction(normalize("NFKC", one).replace("\N{FRACTION SLASH}", "/"))
    for one in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
}
"""Fractions that are one character."""
_TOKEN = re.compile(
    rf"(?P<number>{_DECIMAL}{_EXPONENT}?)"
    rf"|(?P<vulgar>[{''.join(VULGAR)}])"
    r"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<mark>\*\*|[-−–+*×·⋅/÷^%()\[\],;])"
)
_FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_KIND = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "**": "^"}
PLAIN_SIGNS = str.maketrans("−–⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--+-0123456789")
CLOSER = {"(": ")", "[": "]"}
SIGNS = ("+", "-")
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


def refusal(text: str, start: int, end: int, reason: str) -> AnswerError:
    """Build the error for the piece ``text[start:end]``; ``reason`` says what was wanted."""
    piece = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[start:end])
    if len(piece) > _MAX_PIECE:
        piece = piece[: _MAX_PIECE - 1] + "…"
    place = f"At character {start + 1}, '{piece}'" if piece else "At the end"
    return AnswerError(f"{place}: {reason}.")


class Token:
    """A piece of the answer: its kind (a plain mark, number, raised, row or end) and place."""

    __slots__ = ("end", "kind", "lined", "listed", "spaced", "start")

    def __init__(self, kind: str, start: int, end: int, spaced: bool, lined: bool) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.spaced = spaced  # white space stands directly before it
        self.lined = lined  # a line end is among that white space
        self.listed = False  # an opening bracket around a list, rather than around arithmetic


def plain(text: str) -> str:
    r"""The text without characters that nobody sees, full-width ones in their usual form.

    >>> plain("\u200e-0.5\u202c"), plain("０．５")
    ('-0.5', '0.5')
    """
    if text.isascii():
        return text
    return "".join(c for c in text if category(c) != "Cf").translate(_FULL_WIDTH)


def tokens_of(text: str, count: int | None = None) -> tuple[str, int, list[Token]]:
    """The text, a decimal comma in it turned into a point, where its numbers start, and its tokens.

    ``count`` is how many numbers are asked for, where that is known. Raises `AnswerError` for a
    character that is none of the grammar's, for brackets that do not match, and for a comma or
    space that could be read in two ways.

    >>> [token.kind for token in tokens_of("z = 0,5")[2]]
    ['number', 'end']
    """
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    if not text[start:].strip():
        raise AnswerError("Nothing was typed: type a number such as 0.5, or a list such as [1, 2].")
    is_pair = count == 2 and _PAIR.match(text, start) is not None
    if not is_pair:
        _refuse_unclear_thousands(text, start, count)
        text = _with_point(text, start)
    tokens = _structured(text, _scan(text, start))
    if not is_pair:
        _refuse_unclear_commas(text, tokens)
    return text, start, tokens


def _with_point(text: str, start: int) -> str:
    """The text, a decimal comma in it turned into a point."""
    comma = _DECIMAL_COMMA.match(text, start)
    return f"{text[: comma.start(1)]}.{text[comma.end(1) :]}" if comma else text


def _refuse_unclear_thousands(text: str, start: int, count: int | None) -> None:
    """Refuse 1,234 and, where one number is asked for, 1 234: each could be two things."""
    if found := _ONE_COMMA.match(text, start):
        typed = found[1]
        could = f"{typed.replace(',', '')} or {typed.replace(',', '.')}"
        raise AnswerError(f"{typed} could be {could}: type it without the comma, or with a point.")
    found = _GROUPS.match(text, start) if count == 1 else None
    if found:
        typed, parts = found[1], found[1].split()
        could = f"{''.join(parts)}, or the {len(parts)} numbers {', '.join(parts)}"
        raise AnswerError(f"{typed} could be {could}: type one number, without spaces in it.")


def _scan(text: str, start: int) -> Iterator[Token]:
    spaced = lined = False
    position = start
    while position < len(text):
        if text[position].isspace():
            spaced = True
            lined = lined or text[position] in "\r\n"
            position += 1
            continue
        match = _TOKEN.match(text, position) or _NAMED.match(text, position)
        if match is None or (match.lastgroup == "name" and name_of(match[0]) is None):
            raise _unreadable(text, position)
        kind = match[0] if match.lastgroup == "mark" else str(match.lastgroup)
        yield Token(_KIND.get(kind, kind), position, match.end(), spaced, lined)
        spaced = lined = False
        position = match.end()
    yield Token("end", position, position, spaced, lined)


def name_of(typed: str) -> str | None:
    """The name of a function or constant as it is listed; None for another word."""
    known = (typed, typed.lower() if len(typed) > 1 else typed)
    return next((name for name in known if name in FUNCTIONS or name in CONSTANTS), None)


def _unreadable(text: str, start: int) -> AnswerError:
    word = _WORD.match(text, start)
    if word:
        reason = f"only numbers, + - * / ^ and {_FUNCTIONS_WORDS} are read, no other names or units"
        return refusal(text, start, word.end(), reason)
    piece = text[start : start + _MAX_PIECE + 1].split()[0]
    reason = _REASON.get(text[start], "a number such as 0.5, 1/3 or [1, 2] was wanted")
    return refusal(text, start, start + len(piece), reason)


def _structured(text: str, scanned: Iterator[Token]) -> list[Token]:
    """Check the brackets, mark those around lists, and mark the line ends that separate rows.

    After this the brackets are known to match and to be at most `MAX_DEPTH` deep, so that the
    parser may recurse over them.
    """
    tokens: list[Token] = []
    opened: list[Token] = []
    for token in scanned:
        last = tokens[-1].kind if tokens else "row"
        continues = last in _SEPARATORS or last in _OPERATORS or token.kind in (",", ";", "end")
        if token.lined and not opened and not continues:
            tokens.append(Token("row", token.start, token.start, False, False))
        if token.kind in CLOSER:
            token.listed = token.kind == "["
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                reason = f"brackets may be nested at most {MAX_DEPTH} deep"
                raise refusal(text, token.start, token.end, reason)
        elif token.kind in (")", "]"):
            _close(text, opened, token)
        elif token.kind in (",", ";") and opened:
            opened[-1].listed = True
        tokens.append(token)
    if opened:
        wanted = CLOSER[opened[-1].kind]
        raise refusal(text, opened[-1].start, opened[-1].end, f"'{wanted}' is missing after this")
    return tokens


def _close(text: str, opened: list[Token], token: Token) -> None:
    if not opened:
        raise refusal(text, token.start, token.end, "no bracket is open here to be closed")
    opener = opened.pop()
    if token.kind != CLOSER[opener.kind]:
        wanted = f"'{CLOSER[opener.kind]}' was wanted for '{opener.kind}'"
        raise refusal(text, token.start, token.end, f"{wanted} of character {opener.start + 1}")


def _refuse_unclear_commas(text: str, tokens: list[Token]) -> None:
    """Refuse a comma outside brackets that a reader could take for a decimal comma."""
    depth = row = 0
    unclear: Token | None = None
    for index, token in enumerate(tokens):
        depth += (token.kind in CLOSER) - (token.kind in (")", "]"))
        if depth == 0 and token.kind == "," and _is_unclear(text, tokens, index):
            unclear = unclear or token
        if depth == 0 and token.kind in (";", "row", "end"):
            if unclear:
                _refuse_unless_list(text, text[tokens[row].start : tokens[index - 1].end], unclear)
            row, unclear = index + 1, None


def refuse_unclear_entries(text: str, tokens: list[Token], surplus: int) -> None:
    """Refuse a list that has so many entries too many, if its commas could be within numbers."""
    unclear = [k for k in range(1, len(tokens) - 1) if _is_between_digits(text, tokens, k)]
    if not 0 < surplus <= len(unclear):
        return
    first, comma, last = tokens[unclear[0] - 1 : unclear[0] + 2]
    left, right = text[first.start : comma.start], text[comma.end : last.end]
    sign = text[first.start - 1] if tokens[unclear[0] - 2].kind in SIGNS else ""
    raise _could_be(sign + left, right)


def _could_be(left: str, right: str) -> AnswerError:
    """What the digits on both sides of a comma could be, in a list."""
    could = [left + right] if _ONE_COMMA.match(f"{left},{right}") else []
    could.append(f"{left}.{right}")
    return AnswerError(
        f"{left},{right} could be {', '.join(could)}, or the 2 numbers {left} and {right}: type a "
        "point, or a space after a comma between numbers."
    )


def _is_between_digits(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a comma stands directly between two whole numbers."""
    before, comma, after = tokens[index - 1 : index + 2]
    return (
        (before.kind, comma.kind, after.kind) == ("number", ",", "number")
        and not (comma.spaced or after.spaced)
        and text[before.start : before.end].isdigit()
        and text[after.start : after.end].isdigit()
    )


def _is_unclear(text: str, tokens: list[Token], index: int) -> bool:
    """Tell whether this comma stands directly between digits that do not both have points."""
    if index == 0:
        return False
    before, comma, after = tokens[index - 1 : index + 2]
    if before.kind != "number" or after.kind != "number" or comma.spaced or after.spaced:
        return False
    left, right = text[before.start : before.end], text[after.start : after.end]
    return left[-1] != "." and right[0] != "." and not ("." in left and "." in right)


def _refuse_unless_list(text: str, row: str, comma: Token) -> None:
    if _ONE_COMMA.match(row):
        raise _could_be(*row.split(","))
    if _THOUSANDS.fullmatch(row):
        reason = "separators of thousands are not read, type 1234 or put spaces after the commas"
    elif _PLAIN_LIST.fullmatch(row):
        return
    else:
        reason = (
            "this comma could be a decimal comma or separate entries, "
            "type a decimal point or a space after the comma"
        )
    raise refusal(text, comma.start - 1, comma.end + 1, reason)
