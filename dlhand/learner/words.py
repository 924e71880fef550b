"""Shapes, places in an array and decimal places, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlhand.numbers.exact import Shape


def shape_words(shape: Shape) -> str:
    """A shape in words.

    >>> shape_words(()), shape_words((3,)), shape_words((2, 3))
    ('one number', 'a list of 3', 'a 2×3 matrix')
    """
    if shape == ():
        return "one number"
    if len(shape) == 1:
        return f"a list of {shape[0]}"
    kind = "matrix" if len(shape) == 2 else "array"
    return f"a {'×'.join(map(str, shape))} {kind}"


def place_words(position: int, shape: Shape) -> str:
    """Which entry of an array stands at a flat position, in words that count from 1.

    >>> place_words(1, (3,)), place_words(1, (2, 3)), place_words(1, (2, 2, 2))
    ('entry 2', 'row 1, column 2', 'entry (1, 1, 2)')
    """
    numbers: list[int] = []
    for length in reversed(shape):
        position, k = divmod(position, length)
        numbers.insert(0, k + 1)
    if len(numbers) == 2:
        return f"row {numbers[0]}, column {numbers[1]}"
    return f"entry {numbers[0]}" if len(numbers) == 1 else f"entry {tuple(numbers)}"


def listed_words(words: Sequence[str]) -> str:
    """Words in a row, the last one after "and".

    >>> listed_words(["2"]), listed_words(["1", "2", "3"])
    ('2', '1, 2 and 3')
    """
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def listed(texts: Any) -> str:
    """Nested lists of texts as one text.

    >>> listed("0.5"), listed([["1", "2"], ["3", "4"]])
    ('0.5', '[[1, 2], [3, 4]]')
    """
    return texts if isinstance(texts, str) else f"[{', '.join(map(listed, texts))}]"
