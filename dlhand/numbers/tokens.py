"""The pieces of a typed answer: characters to tokens, with the brackets checked.

The grammar is that of `dlhand.numbers.typed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlhand.errors import AnswerError

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
_DECIMAL_COMMA = re.compile(rf"\s*+{_SIGN}?[0-9]++(,)[0-9]++{_EXPONENT}?%?\s*+\Z")
_PLAIN_LIST = re.compile(rf"{_SIGN}?{_DECIMAL}(?:,{_SIGN}?{_DECIMAL}){{2,}},?")
_THOUSANDS = re.compile(rf"{_SIGN}?[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?:\.[0-9]*)?")
_TOKEN = re.compile(
    rf"(?P<number>{_DECIMAL}{_EXPONENT}?)"
    r"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<mark>\*\*|[-−–+*×·⋅/÷^%()\[\],;])"
)
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
    shown = f"'{piece}'" if piece else "the end"
    return AnswerError(f"At character {start + 1}, {shown}: {reason}.")


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


def tokens_of(text: str) -> tuple[str, int, list[Token]]:
    """The text, a decimal comma in it turned into a point, where its numbers start, and its tokens.

    Raises `AnswerError` for a character that is none of the grammar's, for brackets that do not
    match, and for a comma that could be read in two ways.

    >>> [token.kind for token in tokens_of("z = 0,5")[2]]
    ['number', 'end']
    """
    text, start = _skip_opening(text)
    tokens = _structured(text, _scan(text, start))
    _refuse_unclear_commas(text, tokens)
    return text, start, tokens


def _skip_opening(text: str) -> tuple[str, int]:
    """Return the text, a decimal comma in it turned into a point, and where its numbers start."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    comma = _DECIMAL_COMMA.match(text, start)
    if comma:
        text = f"{text[: comma.start(1)]}.{text[comma.end(1) :]}"
    if not text[start:].strip():
        reason = "the answer is empty, a number such as 0.5 or a list such as [1, 2] was wanted"
        raise refusal(text, len(text), len(text), reason)
    return text, start


def _scan(text: str, start: int) -> Iterator[Token]:
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
        yield Token(_KIND.get(kind, kind), position, match.end(), spaced, lined)
        spaced = lined = False
        position = match.end()
    yield Token("end", position, position, spaced, lined)


def _unreadable(text: str, start: int) -> AnswerError:
    word = _WORD.match(text, start)
    if word:
        reason = "only numbers and + - * / ^ are read, no names, functions, words or units"
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
