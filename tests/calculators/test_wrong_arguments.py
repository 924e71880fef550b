"""Whatever stands in the place of an argument: a result, or one clear error of ours."""

import inspect
import pydoc
import re
from collections.abc import Callable
from typing import Any

import pytest

import dlhand
from dlhand import Derivation, DlhandError, Layer
from dlhand.calculators import convolution, decoding, detection, encoding, network, regularisation

W = {"W_xh": 1, "W_hh": 1}
GATED = {f"{kind}_{k}": 1 for kind in "WU" for k in "aifo"}
GRU = {f"{kind}_{k}": 1 for kind in "WU" for k in "rzh"}
BOX, OTHER = [0, 0, 2, 2], [1, 1, 3, 3]

CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "perceptron": (dlhand.perceptron, ([1, 2], [1, 1], 0)),
    "train_perceptron": (dlhand.train_perceptron, ([[0], [1]], [0, 1], [1])),
    "mlp": (dlhand.mlp, ([1], [Layer([[1]], [0])], [1])),
    "train": (dlhand.train, ([1], [Layer([[1]], [0])], [1])),
    "chain": (network.chain, (1, [1, 2])),
    "count_parameters": (dlhand.count_parameters, ([2, 1],)),
    "rnn": (dlhand.rnn, ([1, 2], W)),
    "lstm": (dlhand.lstm, ([1, 2], GATED)),
    "gru": (dlhand.gru, ([1, 2], GRU)),
    "stacked rnn": (dlhand.rnn, ([1, 2], [W, W])),
    "split_joined": (dlhand.split_joined, ({"W_f": [[1, 2]]},)),
    "attention": (dlhand.attention, ([[1]], [[1]], [[1]], [[1]])),
    "multi_head_attention": (dlhand.multi_head_attention, ([[1]], [[[[1]], [[1]], [[1]]]], [[1]])),
    "additive_attention": (dlhand.additive_attention, ([1], [[2], [4]], [[0]], [[0]], [5])),
    "layer_norm": (dlhand.layer_norm, ([1, 2],)),
    "causal_mask": (dlhand.causal_mask, (2,)),
    "positional_encoding": (dlhand.positional_encoding, (2, 2)),
    "label_smoothing": (dlhand.label_smoothing, (0, 2)),
    "decode": (encoding.decode, ([[0], [1]], ["0.2"])),
    "chunks": (encoding.chunks, (5, 2, 1)),
}
APPENDED: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "windows": (dlhand.windows, ([[1, 2]], [[1]])),
    "coverage": (convolution.coverage, ((2, 2), 1)),
    "patches": (encoding.patches, ([[1, 2]], 1)),
    "batch_norm": (dlhand.batch_norm, ([1, 2], 1, 0, 1)),
    "dropout": (dlhand.dropout, ([1, 2], [1, 0], "0.5")),
    "penalty": (lambda d, w, l1: dlhand.penalty(d, w, l1=l1), ([1, 2], 1)),
    "early_stopping": (regularisation.early_stopping, ([3, 2, 4], 1)),
    "area": (detection.area, (BOX, "S")),
    "iou": (dlhand.iou, (BOX, OTHER)),
    "suppress": (dlhand.suppress, ({"A": BOX, "B": OTHER}, [1, 2], "0.5")),
    "match_boxes": (dlhand.match_boxes, ({"A": BOX}, [1], {"T": OTHER}, "0.5")),
    "average_precision": (dlhand.average_precision, ([1, 0], [2, 1], 1)),
    "mean_average_precision": (
        dlhand.mean_average_precision,
        ({"cat": dlhand.Ranking([1], [1], 1)},),
    ),
    "decode_cell": (decoding.decode_cell, ([1, "0.5", "0.5", 1, 2, 1], 10, 0, 0)),
    "decode_anchor": (decoding.decode_anchor, ([0] * 5, [1, 1], [2, 1], 10)),
    "anchors": (decoding.anchors, (8, [1, 4])),
}
WRONG = [None, 5, -1, 2.5, "x", "", [], {}, [[1], [2, 3]], [None], [[[1]]], object(), True, 1e999]


def tried(call: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
    """The message of the error, if there is one, which must be ours and one sentence."""
    try:
        result = call(*arguments)
        if isinstance(result, Derivation):
            result.values()
    except DlhandError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", CALLS)
def test_every_argument_replaced_by_what_is_none(name: str) -> None:
    call, arguments = CALLS[name]
    assert tried(call, arguments) == ""
    refused = 0
    for k in range(len(arguments)):
        for wrong in WRONG:
            refused += bool(tried(call, (*arguments[:k], wrong, *arguments[k + 1 :])))
    assert refused > len(arguments)


@pytest.mark.parametrize("name", APPENDED)
def test_every_argument_of_what_is_appended_replaced(name: str) -> None:
    call, arguments = APPENDED[name]

    def appended(*changed: Any) -> Any:
        d = Derivation("Wrong")
        call(d, *changed)
        return d

    assert tried(appended, arguments) == ""
    refused = 0
    for k in range(len(arguments)):
        for wrong in WRONG:
            refused += bool(tried(appended, (*arguments[:k], wrong, *arguments[k + 1 :])))
    assert refused > len(arguments)


@pytest.mark.parametrize("name", APPENDED)
def test_what_is_appended_twice_names_apart(name: str) -> None:
    call, arguments = APPENDED[name]
    d = Derivation("Twice")
    call(d, *arguments)
    once = len(d.entries)
    call(d, *arguments)
    call(d, *arguments)
    assert len(d.entries) == 3 * once
    assert len({entry.name for entry in d.entries}) == 3 * once


NAMED = re.compile(r"(?<!`)`([A-Za-z_][\w.]*)`(?!`)")


def public() -> list[tuple[str, Any]]:
    found = []
    for name in dlhand.__all__:
        value = getattr(dlhand, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            found.append((name, value))
    return found


@pytest.mark.parametrize(("name", "value"), public())
def test_what_a_docstring_names_can_be_found_from_where_it_says(name: str, value: Any) -> None:
    """A name in single backquotes is one of dlhand, of the module, of the class, or a module."""
    places = [dlhand, inspect.getmodule(value), value]
    texts = [value.__doc__ or ""]
    if inspect.isclass(value):
        members = inspect.getmembers(value, inspect.isroutine)
        texts += [member.__doc__ or "" for _, member in members]
    for text in texts:
        for named in NAMED.findall(text):
            owner, _, last = named.rpartition(".")
            homes = [getattr(place, owner, None) for place in places] if owner else places
            is_there = any(hasattr(home, last) for home in homes)
            assert is_there or pydoc.locate(named) is not None, (name, named)
