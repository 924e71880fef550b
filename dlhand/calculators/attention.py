"""Attention and what a transformer wraps around it, for any number of tokens, widths and heads.

Everything here has one *row* a token, as in X W_Q = Q. Where a page has one *column* a token
(W_Q X = Q), each matrix is the transpose of the one here: the scores are Kᵀ Q instead of Q Kᵀ, the
softmax goes down the columns instead of along the rows, and the output is V A instead of A V.

`attend`, `project`, `feed_forward` and `normalise` append their steps to a derivation;
`attention`, `multi_head_attention`, `additive_attention` and `layer_norm` make one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypedDict, overload

from dlhand import (
    Derivation,
    ShapeError,
    concatenate,
    masked_softmax,
    mean,
    relu,
    softmax,
    sqrt,
    tanh,
    total,
)
from dlhand.calculators.composing import as_quantity, free_mark
from dlhand.calculators.wanted import (
    number_from,
    rows,
    want_count,
    want_list,
    want_matrix,
    want_shape,
)
from dlhand.derivation.entries import Entry
from dlhand.operations.quantity import Quantity

Array = Any
"""A number or nested lists of numbers, as `Derivation.given` reads them."""


class Attention(NamedTuple):
    """The steps of one attention, in order."""

    scores: Quantity
    """(queries, keys): the dot product of each query with each key."""
    scaled: Quantity
    weights: Quantity
    """(queries, keys): each row is positive and adds up to 1."""
    output: Quantity
    """(queries, width of a value): for each query, a mixture of the values."""


def attend(
    d: Derivation, q: Quantity, k: Quantity, v: Quantity, *,
    mask: Quantity | None = None, bias: Quantity | None = None, mark: str = "",
) -> Attention:  # fmt: skip
    """Append scaled dot-product attention, softmax(q kᵀ / √d_k) v, as four steps.

    ``q`` is (queries, d_k), ``k`` (keys, d_k), ``v`` (keys, d_v); ``mask``, if any, is (queries,
    keys) with 1 where a query may look and 0 where it may not. ``bias``, of the same shape, is
    added to the scaled scores: -10⁹ shuts a place as frameworks do it. The steps are called S,
    S_scaled (then S_biased), A and Z, each with ``mark`` after it. Raises `ShapeError` for sizes
    that do not fit, `GivenError` for a mask of other numbers or one that closes a whole row.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.2.1.

    >>> d = Derivation("One query, two keys")
    >>> q, k, v = d.givens(q=[[2, 0, 0, 0]], k=[[0, 0, 0, 0], [0, 1, 0, 0]], v=[[4], [8]])
    >>> d.value(attend(d, q, k, v).output)
    [[6]]
    """
    want_matrix("q", q)
    want_matrix("k", k, columns=q.shape[1])
    want_matrix("v", v, rows=k.shape[0])
    for name, added in (("mask", mask), ("bias", bias)):
        if added is not None:
            want_matrix(name, added, q.shape[0], k.shape[0])
    if mask is not None:
        d.require(mask, rows("mask", _lets_some_through, several=True))
    mark = free_mark(d, ("S", "S_scaled", "S_biased", "A", "Z"), mark)
    scores = d.step(f"S{mark}", q @ k.T, say="the score of each query (a row) with each key")
    scaled = d.step(
        f"S_scaled{mark}", scores / sqrt(k.shape[1]),
        say="divided by the root of a key's length, so that scores do not grow with the width",
    )  # fmt: skip
    if bias is not None:
        say = "with the bias, which can shut places off"
        scaled = d.step(f"S_biased{mark}", scaled + bias, say=say)
    if mask is None:
        spread, say = softmax(scaled), "each row becomes weights that add up to 1"
    else:
        spread, say = (
            masked_softmax(scaled, mask),
            "weights for the keys that the mask lets through",
        )
    weights = d.step(f"A{mark}", spread, say=say)
    output = d.step(f"Z{mark}", weights @ v, say="the values, mixed with these weights")
    return Attention(scores, scaled, weights, output)


def project(
    d: Derivation, x: Quantity, weights: Sequence[Quantity], *, mark: str = ""
) -> tuple[Quantity, Quantity, Quantity]:
    """Append Q = X W_Q, K = X W_K and V = X W_V; ``x`` is (tokens, width).

    ``weights`` are W_Q (width, d_k), W_K (width, d_k) and W_V (width, d_v). Raises `ShapeError`
    for sizes that do not fit.

    >>> d = Derivation("Two tokens")
    >>> x, w = d.givens(X=[[1, 0], [2, 1]], W=[[3], [4]])
    >>> d.value(project(d, x, [w, w, w])[0])
    [[3], [10]]
    """
    want_matrix("x", x)
    for name, w in zip(("W_Q", "W_K", "W_V"), weights, strict=True):
        want_matrix(name, w, rows=x.shape[1])
    want_matrix("W_K", weights[1], columns=weights[0].shape[1])
    mark = free_mark(d, ("Q", "K", "V"), mark)
    q = d.step(f"Q{mark}", x @ weights[0], say="what each token asks for")
    k = d.step(f"K{mark}", x @ weights[1], say="what each token can be found by")
    v = d.step(f"V{mark}", x @ weights[2], say="what each token hands on")
    return q, k, v


def feed_forward(
    d: Derivation, x: Quantity, w1: Any, b1: Any, w2: Any, b2: Any, *, mark: str = "",
) -> Quantity:  # fmt: skip
    """Append relu(x W1 + b1) W2 + b2, which treats each row of ``x`` (tokens, width) alike.

    ``w1`` is (width, hidden), ``b1`` (hidden,), ``w2`` (hidden, out), ``b2`` (out,): quantities of
    ``d``, or numbers, which become the givens W_1, b_1, W_2 and b_2.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.3.

    >>> d = Derivation("Two tokens")
    >>> x, w, b = d.givens(X=[[2], [-2]], W=[[3]], b=[1])
    >>> d.value(feed_forward(d, x, w, b, w, b))
    [[22], [1]]
    """
    want_matrix("x", x)
    end = free_mark(d, ("W_1", "b_1", "W_2", "b_2"), mark)
    w1, b1 = as_quantity(d, f"W_1{end}", w1), as_quantity(d, f"b_1{end}", b1)
    w2, b2 = as_quantity(d, f"W_2{end}", w2), as_quantity(d, f"b_2{end}", b2)
    want_matrix("w1", w1, rows=x.shape[1])
    want_shape("b1", b1, (w1.shape[1],))
    want_matrix("w2", w2, rows=w1.shape[1])
    want_shape("b2", b2, (w2.shape[1],))
    mark = free_mark(d, ("H", "F"), mark)
    hidden = d.step(f"H{mark}", relu(x @ w1 + b1), say="the hidden layer, for each token by itself")
    return d.step(f"F{mark}", hidden @ w2 + b2, say="back to the width of a token")


def normalise(
    d: Derivation, x: Quantity, *, gain: Quantity | None = None, shift: Quantity | None = None,
    epsilon: Quantity | None = None, mark: str = "",
) -> Quantity:  # fmt: skip
    """Append layer normalisation of a vector, or of each row of a matrix, and return its result.

    The steps are mu, c (centred), var, sigma and x_hat, then y where there is a ``gain`` or
    ``shift`` (each of the length of a row), all with ``mark`` after them. The variance is divided
    by n.

    Source: Ba, Kiros and Hinton, Layer Normalization (2016).

    >>> d = Derivation("Two features")
    >>> (x,) = d.givens(x=[1, 5])
    >>> d.value(normalise(d, x))
    [-1, 1]
    """
    if len(x.shape) not in (1, 2):
        raise ShapeError(f"x has shape {x.shape}; wanted a vector, or a matrix with a row a token")
    for name, vector in (("gain", gain), ("shift", shift)):
        if vector is not None:
            want_shape(name, vector, x.shape[-1:])
    mark = free_mark(d, ("mu", "c", "var", "sigma", "x_hat", "y"), mark)
    rows = len(x.shape) == 2  # then the mean is a column, a number a row
    mu = d.step(f"mu{mark}", mean(x, axis=-1, keep=rows), say="the mean of the features")
    c = d.step(f"c{mark}", x - mu, say="how far each feature is from it")
    var = d.step(
        f"var{mark}", mean(c**2, axis=-1, keep=rows), say="the mean of the squared distances"
    )
    if epsilon is None:
        sigma = d.step(f"sigma{mark}", sqrt(var), say="its root: the standard deviation")
    else:
        sigma = d.step(
            f"sigma{mark}", sqrt(var + epsilon), say="its root, which the epsilon keeps away from 0"
        )
    y = d.step(f"x_hat{mark}", c / sigma, say="the features with mean 0 and deviation 1")
    if gain is None and shift is None:
        return y
    stretched = y if gain is None else gain * y
    moved = stretched if shift is None else stretched + shift
    return d.step(f"y{mark}", moved, say="stretched and moved as the network has learnt")


def causal_mask(tokens: int) -> list[list[int]]:
    """The mask that lets each token look at itself and at those before it.

    >>> causal_mask(3)
    [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    """
    want_count("tokens", tokens)
    return [[int(key <= query) for key in range(tokens)] for query in range(tokens)]


@overload
def attention(
    x: Array, w_q: Array, w_k: Array, w_v: Array, *, mask: Array = None, bias: Array = None,
    target: Array = None, into: None = None, title: str = "", about: str = "",
) -> Derivation: ...  # fmt: skip


@overload
def attention(
    x: Array, w_q: Array, w_k: Array, w_v: Array, *, mask: Array = None, bias: Array = None,
    into: Derivation,
) -> Attention: ...  # fmt: skip


def attention(
    x: Array, w_q: Array, w_k: Array, w_v: Array, *, mask: Array = None, bias: Array = None,
    target: Array = None, into: Derivation | None = None, title: str = "Self-attention",
    about: str = "How much does each token take over from each other one, and what becomes of it?",
) -> Derivation | Attention:  # fmt: skip
    """Self-attention of tokens with one another: forward, and backward where there is a target.

    ``x`` is (tokens, width), ``w_q`` and ``w_k`` (width, d_k), ``w_v`` (width, d_v). ``mask`` is
    (tokens, tokens) of 0 and 1 (`causal_mask` makes one), ``bias`` is what is added to the scaled
    scores (-10⁹ where a token may not look). With a ``target`` (tokens, d_v) the error is half
    the sum of the squared distances, and its gradients with respect to the weights and the tokens
    follow. Raises `ShapeError` for sizes that do not fit, `GivenError` for a mask of other numbers
    or one that closes a whole row.

    With ``into`` the steps are appended to that derivation and come back as an `Attention`; tokens
    and weights may be quantities of it. A block of an encoder is then a few lines (see
    `layer_norm`).

    >>> d = attention([[1, 0], [0, 1]], [[1], [0]], [[0], [1]], [[2], [4]], mask=causal_mask(2))
    >>> d.value("Z")
    [[2], [3]]
    """
    d, section = _begun(into, title, about)
    names = ("W_Q", "W_K", "W_V")
    end = free_mark(d, (*names, "X", "M", "B")) if into else ""
    section("Given")
    tokens = as_quantity(d, f"X{end}", x, say="a row for each token")
    given = zip(names, (w_q, w_k, w_v), strict=True)
    weights = [as_quantity(d, f"{name}{end}", w) for name, w in given]
    added = _added(d, mask, bias, end)
    section("Queries, keys and values")
    q, k, v = project(d, tokens, weights)
    section("Attention")
    found = attend(d, q, k, v, **added)
    if into is not None:
        return found
    if target is not None:
        _learn(d, found.output, target, [*weights, tokens])
    return d


@overload
def multi_head_attention(
    x: Array, heads: Sequence[Sequence[Array]], w_o: Array, *, mask: Array = None,
    bias: Array = None, target: Array = None, into: None = None, title: str = "", about: str = "",
) -> Derivation: ...  # fmt: skip


@overload
def multi_head_attention(
    x: Array, heads: Sequence[Sequence[Array]], w_o: Array, *, mask: Array = None,
    bias: Array = None, into: Derivation,
) -> Quantity: ...  # fmt: skip


def multi_head_attention(
    x: Array, heads: Sequence[Sequence[Array]], w_o: Array, *, mask: Array = None,
    bias: Array = None, target: Array = None, into: Derivation | None = None,
    title: str = "Multi-head attention",
    about: str = "Each head looks for something else. What do they find, and how is it put "
    "together?",
) -> Derivation | Quantity:  # fmt: skip
    """Several attentions side by side, their outputs joined and mixed by W_O.

    ``heads`` has a (W_Q, W_K, W_V) for each head, sized as for `attention`; ``w_o`` has as many
    rows as the heads' values have columns together. ``mask``, ``bias``, ``target`` and errors are
    as there. With ``into`` the steps are appended to that derivation, whose quantities may be the
    arguments, and the mixed output comes back.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.2.2.

    >>> head = [[[1], [0]], [[0], [1]], [[2], [4]]]
    >>> d = multi_head_attention([[1, 1]], [head, head], [[1, 0], [0, 1]])
    >>> d.value("Y")
    [[6, 6]]
    """
    d, section = _begun(into, title, about)
    want_list("heads", heads, "(W_Q, W_K, W_V)")
    for k, head in enumerate(heads):
        want_list(f"heads[{k}]", head, "matrices: W_Q, W_K, W_V", 3)
    names = [f"{name}_{k}" for k in range(1, len(heads) + 1) for name in ("W_Q", "W_K", "W_V")]
    end = free_mark(d, (*names, "X", "W_O", "M", "B", "Z", "Y")) if into else ""
    section("Given")
    tokens = as_quantity(d, f"X{end}", x, say="a row for each token")
    matrices = [w for head in heads for w in head]
    given = [as_quantity(d, f"{q}{end}", w) for q, w in zip(names, matrices, strict=True)]
    mixing = as_quantity(d, f"W_O{end}", w_o)
    added = _added(d, mask, bias, end)
    outputs = []
    for k in range(len(heads)):
        section(f"Head {k + 1}")
        parts = project(d, tokens, given[3 * k : 3 * k + 3], mark=f"_{k + 1}{end}")
        outputs.append(attend(d, *parts, mark=f"_{k + 1}{end}", **added).output)
    section("All heads together")
    y = _joined(d, outputs, mixing, end)
    if into is not None:
        return y
    if target is not None:
        _learn(d, y, target, [*given, mixing, tokens])
    return d


def _joined(d: Derivation, outputs: Sequence[Quantity], mixing: Quantity, end: str) -> Quantity:
    joined = d.step(
        f"Z{end}", concatenate(*outputs, axis=1), say="the heads' outputs, side by side"
    )
    want_matrix("W_O", mixing, rows=joined.shape[1])
    return d.step(f"Y{end}", joined @ mixing, say="mixed, and back to the width of a token")


def additive_attention(s: Array, h: Array, w: Array, u: Array, v: Array) -> Derivation:
    """Attention of a state ``s`` to the rows of ``h`` with the score v · tanh(W s + U h_j).

    ``s`` is (state,), ``h`` (states, width), ``w`` (hidden, state), ``u`` (hidden, width), ``v``
    (hidden,). Raises `ShapeError` for sizes that do not fit.

    Source: Bahdanau, Cho and Bengio, Neural Machine Translation by Jointly Learning to Align and
    Translate (2015), section 3.1.

    >>> additive_attention([1], [[2], [4]], [[0]], [[0]], [5]).value("c")
    [3]
    """
    d = Derivation(
        "Attention with an additive score",
        about="A small network, not a product, says how well each encoder state suits the decoder. "
        "How much of each goes into the context?",
    )
    d.section("Given")
    state = d.given("s", s, say="the decoder's state")
    states = d.given("H", h, say="the encoder's states, a row each")
    weigh, see, ask = d.givens(W=w, U=u, v=v)
    want_matrix("h", states)
    want_matrix("w", weigh)
    want_shape("s", state, (weigh.shape[1],))
    want_matrix("u", see, weigh.shape[0], states.shape[1])
    want_shape("v", ask, (weigh.shape[0],))
    d.section("Scores")
    q = d.step("q", weigh @ state, say="what the decoder brings to every score")
    k = d.step("K", states @ see.T, say="what each encoder state brings, a row each")
    e = d.step("e", tanh(k + q) @ ask, say="the score of each state")
    d.section("Weights and context")
    alpha = d.step("alpha", softmax(e), say="weights that add up to 1")
    d.step("c", alpha @ states, say="the context: the states, mixed with these weights")
    return d


@overload
def layer_norm(
    x: Array, *, gain: Array = None, shift: Array = None, epsilon: Array = None,
    target: Array = None, into: None = None, title: str = "", about: str = "",
) -> Derivation: ...  # fmt: skip


@overload
def layer_norm(
    x: Array, *, gain: Array = None, shift: Array = None, epsilon: Array = None, into: Derivation
) -> Quantity: ...


def layer_norm(
    x: Array, *, gain: Array = None, shift: Array = None, epsilon: Array = None,
    target: Array = None, into: Derivation | None = None, title: str = "Layer normalisation",
    about: str = "How do we bring the features of one example to mean 0 and standard deviation 1?",
) -> Derivation | Quantity:  # fmt: skip
    """Layer normalisation of a vector, or of each row of a matrix: forward, and backward if asked.

    ``gain`` and ``shift`` have the length of a row, ``epsilon`` is a number added to the variance;
    each may be left out. With a ``target`` of the shape of ``x`` the error and its gradients
    follow. Raises `ShapeError` for sizes that do not fit, `GivenError` for an epsilon below 0;
    equal features and no epsilon have no value (`UndefinedValue`, when it is asked for).

    With ``into`` the steps are appended to that derivation, whose quantities may be the arguments,
    and the result comes back; a formula gets a name first. So an encoder's block is

    >>> d = Derivation("A block of an encoder")
    >>> x, w, b = d.givens(x=[[1, 0], [0, 1]], w=[[1, 2], [0, 1]], b=[0, 1])
    >>> n = layer_norm(x + attention(x, w, w, w, into=d).output, epsilon="0.001", into=d)
    >>> y = layer_norm(n + feed_forward(d, n, w, b, w, b), epsilon="0.001", into=d)
    >>> gradients = d.backward(d.step("E", total(y**2 * x) / 2), [x, w, b])

    >>> layer_norm([3, 5, 7, 9, 11], epsilon=1, gain=[3] * 5).value("y")
    [-4, -2, 0, 2, 4]
    """
    d, section = _begun(into, title, about)
    section("Given")
    names = {"gain": gain, "shift": shift, "epsilon": epsilon}
    end = free_mark(d, names) if into else ""
    tokens = _named(d, x) if into else d.given("x", x, say="the features")
    given = {
        name: as_quantity(d, f"{name}{end}", value)
        for name, value in names.items()
        if value is not None
    }
    if epsilon is not None:
        want_shape("epsilon", given["epsilon"], ())
        d.require(given["epsilon"], number_from("epsilon", 0))
    section("Normalise")
    y = normalise(
        d, tokens, gain=given.get("gain"), shift=given.get("shift"), epsilon=given.get("epsilon")
    )
    if into is not None:
        return y
    if target is not None:
        _learn(d, y, target, [tokens, *[given[n] for n in ("gain", "shift") if n in given]])
    return d


def _named(d: Derivation, x: Any) -> Quantity:
    """What is to be normalised, as a quantity with a name, for it occurs more than once."""
    end = free_mark(d, ("R",))
    found = as_quantity(d, f"R{end}", x)
    if isinstance(found, Entry):
        return found
    return d.step(f"R{end}", found, say="what is normalised")


def _begun(
    into: Derivation | None, title: str, about: str
) -> tuple[Derivation, Callable[[str], None]]:
    """The derivation to append to, and what opens a section of it: of one's own alone."""
    if into is not None:
        return into, lambda title: None
    d = Derivation(title, about=about)
    return d, d.section


def _learn(d: Derivation, output: Quantity, target: Array, wrt: Sequence[Quantity]) -> None:
    """Append half the squared distance from a target, and its gradients."""
    d.section("Error")
    goal = d.given("T", target, say="what should come out")
    want_shape("target", goal, output.shape)
    error = d.step("E", total((output - goal) ** 2) / 2, say="half the squared distance from it")
    d.section("Backward")
    d.backward(error, list(wrt))


class _Added(TypedDict):
    """What `attend` takes besides queries, keys and values."""

    mask: Quantity | None
    bias: Quantity | None


def _added(d: Derivation, mask: Array, bias: Array, end: str = "") -> _Added:
    """Mask and bias as quantities, each if there is one; what is none is declared."""
    found = _Added(mask=None, bias=None)
    if mask is not None:
        say = "1 where a token (row) may look at a token (column)"
        found["mask"] = as_quantity(d, f"M{end}", mask, say=say)
    if bias is not None:
        say = "what is added to the score of a token (row) with a token (column)"
        found["bias"] = as_quantity(d, f"B{end}", bias, say=say)
    return found


def _lets_some_through(row: Sequence[float]) -> str:
    """What is wrong with a row of a mask."""
    if set(row) <= {0, 1} and any(row):
        return ""
    return f"is [{', '.join(f'{x:g}' for x in row)}]; wanted 0 and 1, not all 0"
