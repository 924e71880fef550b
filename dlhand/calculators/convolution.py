"""Convolution, window by window, and how often each pixel is seen.

`dlhand.correlate` is the whole convolution as one operation; `windows` declares the same one
output at a time, as it is done on paper. As everywhere in networks, "convolution" does not turn
the filter: it is a cross-correlation.

Source: I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016), chapter 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Literal, NamedTuple

from dlhand import Derivation, ShapeError, correlate, pad, stack, total
from dlhand.calculators.composing import as_quantity, free_mark
from dlhand.calculators.wanted import want_count, want_list
from dlhand.operations.convolution import same_frame
from dlhand.operations.quantity import Quantity


def windows(
    d: Derivation,
    image: Any,
    kernel: Any,
    bias: Any = None,
    *,
    stride: int = 1,
    padding: int | Literal["same"] = 0,
    names: tuple[str, str] = ("W", "y"),
) -> Quantity:
    """Append every window and every output of a convolution; return the outputs.

    ``image`` is (h, w) or (channels, h, w); ``kernel`` one filter of the same rank, or several as
    (filters, channels, h, w); ``bias`` a single number, or one for each of several filters. For
    each place, counted from row 1 and column 1, there are the steps W_12 (the window of row 1,
    column 2) and y_12 (its sum of products); Y puts the outputs in their places. Several filters
    are steps F1, F2 ... with outputs y1_12, y2_12 ... in maps Y1, Y2 ... With padding, the padded
    image W_pad is a step of its own first (`correlate` says what "same" is). ``names`` gives other
    letters for W and y; where names are taken, all get a mark. ``image``, ``kernel`` and ``bias``
    are quantities, or become givens.

    Raises `ShapeError` where the filter has other channels or does not fit.

    >>> d = Derivation("A small image")
    >>> x, k = d.givens(X=[[1, 2, 0], [0, 1, 3]], K=[[1, 0], [0, 1]])
    >>> out = windows(d, x, k)
    >>> d.value(out)
    [[2, 5]]
    >>> d.value("W_12")
    [[2, 0], [1, 3]]
    """
    letter, name = names
    end = _free_end(d, letter, name)
    image, kernel = as_quantity(d, f"X{end}", image), as_quantity(d, f"K{end}", kernel)
    bias = None if bias is None else as_quantity(d, f"b{end}", bias)
    whole = correlate(image, kernel, stride=stride, padding=padding)  # refuses what does not fit
    if bias is not None and bias.shape != whole.shape[:-2]:
        raise ShapeError(f"bias has shape {bias.shape}; wanted {whole.shape[:-2]}")
    if padding:
        frame = same_frame(image.shape, kernel.shape, stride) if padding == "same" else padding
        image = d.step(f"{letter}_pad{end}", pad(image, frame), say="zeros around the image")
    filters = _filters(d, kernel, bias, name, end)
    high, wide = whole.shape[-2:]
    outputs: list[list[list[Quantity]]] = [[[] for _ in range(high)] for _ in filters]
    for i, j in product(range(high), range(wide)):
        place = (f"{i + 1},{j + 1}" if max(high, wide) > 9 else f"{i + 1}{j + 1}") + end
        window = d.step(
            f"{letter}_{place}",
            _cut(image, i * stride, j * stride, kernel.shape[-2:]),
            say=f"what the filter covers at place {j + 1} of row {i + 1}",
        )
        for one, rows in zip(filters, outputs, strict=True):
            rows[i].append(one.output(d, window, place))
    maps = [
        d.step(
            one.name.upper() + end,
            stack(*(stack(*row) for row in rows)),
            say="the outputs in their places",
        )
        for one, rows in zip(filters, outputs, strict=True)
    ]
    if len(kernel.shape) < 4:
        return maps[0]
    return d.step(name.upper() + end, stack(*maps), say="one map for each filter")


class _Filter(NamedTuple):
    """One filter, its bias, and the letter of its outputs."""

    weights: Quantity
    bias: Quantity | None
    name: str

    def output(self, d: Derivation, window: Quantity, place: str) -> Quantity:
        """Append what the filter answers to a window."""
        products, words = total(window * self.weights), "each entry times the filter's entry"
        if self.bias is None:
            return d.step(f"{self.name}_{place}", products, say=f"{words}, all added up")
        words += ", all added up, and the bias"
        return d.step(f"{self.name}_{place}", products + self.bias, say=words)


def _free_end(d: Derivation, letter: str, name: str) -> str:
    """A mark with which the names of the first steps, and so of all, are free."""
    upper = name.upper()
    taken = [f"{letter}_11", f"{letter}_1,1", f"{letter}_pad", "F1", upper, f"{upper}1"]
    return free_mark(d, taken)


def _filters(
    d: Derivation, kernel: Quantity, bias: Quantity | None, name: str, end: str
) -> list[_Filter]:
    """The one filter, or each of several as a step of its own."""
    if len(kernel.shape) < 4:
        return [_Filter(kernel, bias, name)]
    return [
        _Filter(
            d.step(f"F{k + 1}{end}", kernel[k], say=f"filter {k + 1}, a matrix for each channel"),
            None if bias is None else bias[k],
            f"{name}{k + 1}",
        )
        for k in range(kernel.shape[0])
    ]


def _cut(image: Quantity, top: int, left: int, size: Sequence[int]) -> Quantity:
    """The part of an image that a window covers, in all channels."""
    here = (slice(top, top + size[0]), slice(left, left + size[1]))
    return image[(slice(None), *here) if len(image.shape) == 3 else here]


def coverage(
    d: Derivation, size: tuple[int, int], window: int, *, stride: int = 1, padding: int = 0
) -> Quantity:
    """Append how many windows see each pixel of an image of ``size`` (height, width).

    A filter of ones slides over an image of ones; each output hands a 1 to each pixel that it has
    seen, which is the gradient of the sum of all outputs. Raises `ShapeError` where the window
    does not fit.

    >>> d = Derivation("Three pixels in a row")
    >>> d.value(coverage(d, (1, 3), 1))
    [[1, 1, 1]]
    """
    want_list("size", size, "two lengths", 2)
    for k, length in enumerate(size):
        want_count(f"size[{k}]", length)
    want_count("window", window)
    end = free_mark(d, ("O", "J", "Y", "S", "C"))
    ones = d.given(f"O{end}", [[1] * size[1]] * size[0], say="an image of ones")
    j = d.given(f"J{end}", [[1] * window] * window, say="a filter of ones")
    y = d.step(
        f"Y{end}",
        correlate(ones, j, stride=stride, padding=padding),
        say="how many pixels each window sees",
    )
    s = d.step(f"S{end}", total(y), say="all of them together")
    seen = d.backward(s, [ones], names={f"O{end}": f"C{end}"})[ones]
    d[seen].say = "each window hands back a 1 to every pixel it sees: how often each is seen"
    return seen
