"""Networks of dense layers: any widths, activations and loss, forward, backward and training.

Weights are written for columns: layer k computes z_k = W_k a_(k-1) + b_k, with a row of W_k for
each unit of the layer and a_0 = x. A batch has one sample a row, and z_k = a_(k-1) W_kᵀ + b_k.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, overload

from dlhand import Derivation, ShapeError, concatenate, dot, relu
from dlhand.calculators.activations import (
    Activation,
    Loss,
    NamedLoss,
    activation_of,
    loss_behind,
    want_targets,
)
from dlhand.calculators.composing import as_quantity, free_mark, sum_of
from dlhand.calculators.descent import descend
from dlhand.calculators.optimisers import Rule, given_rule
from dlhand.calculators.wanted import require_counts, want_count, want_list
from dlhand.operations.quantity import Quantity


class Layer(NamedTuple):
    """A dense layer: n weights for each of m units (m rows of n), m biases, an activation."""

    weights: Any
    bias: Any = None
    """None for a layer without biases."""
    activation: Activation = "sigmoid"


class Network:
    """The declared layers of a network; the calculators below append passes through it."""

    def __init__(self, d: Derivation, x: Any, layers: Sequence[Layer], end: str = "") -> None:
        if isinstance(layers, Layer):
            raise ShapeError(f"layers is {layers!r:.60}; wanted a list of Layer(...)")
        want_list("layers", layers, "Layer(...)")
        for k, layer in enumerate(layers, 1):
            if not isinstance(layer, Layer):
                raise ShapeError(
                    f"layer {k} is {layer!r:.60}; wanted a Layer(weights, bias, activation)"
                )
        self.d = d
        self.end = end
        self.x = as_quantity(d, f"x{end}", x, say="the inputs")
        if len(self.x.shape) not in (1, 2):
            raise ShapeError(f"x has shape {self.x.shape}; wanted a vector, or a row a sample")
        self.activations = [layer.activation for layer in layers]
        self.parameters: dict[str, Quantity] = {}
        width = self.x.shape[-1]
        for k, layer in enumerate(layers, 1):
            width = self._declare(k, layer, width)
        self.width = width

    def _declare(self, k: int, layer: Layer, width: int) -> int:
        """Declare layer ``k``, which ``width`` numbers reach; return how many it gives."""
        say = f"the weights of layer {k}, a row for a unit"
        w = as_quantity(self.d, f"W{k}{self.end}", layer.weights, say)
        if len(w.shape) != 2 or w.shape[1] != width:
            raise ShapeError(
                f"the weights of layer {k} have shape {w.shape}; wanted (units, {width}), since "
                f"{width} numbers reach it"
            )
        self.parameters[f"W{k}"] = w
        if layer.bias is not None:
            b = as_quantity(self.d, f"b{k}{self.end}", layer.bias, "its biases")
            if b.shape != w.shape[:1]:
                raise ShapeError(
                    f"the bias of layer {k} has shape {b.shape}; wanted {w.shape[:1]}, one for "
                    "each row of its weights"
                )
            self.parameters[f"b{k}"] = b
        return w.shape[0]

    def forward(self, now: Mapping[str, Quantity] | None = None, mark: str = "") -> Quantity:
        """One pass with the parameters ``now``; ``mark`` is added to every name. The output."""
        now = now or self.parameters
        a: Quantity = self.x
        for k, activation in enumerate(self.activations, 1):
            w, b = now[f"W{k}"], now.get(f"b{k}")
            z = w @ a if len(a.shape) == 1 else a @ w.T
            if b is not None:
                z = z + b
            say = f"what layer {k} receives" + (": weighted sums and biases" if k == 1 else "")
            z = self.d.step(f"z{k}{mark}", z, say=say)
            f, words = activation_of(activation)
            a = self.d.step(f"a{k}{mark}", f(z), say=f"what it puts out: {words}")
        return a

    def loss(self, loss: Loss, t: Quantity, output: Quantity, mark: str = "") -> Quantity:
        """The loss E of an output whose pass had the same ``mark``."""
        found = self.fitting(loss, t)
        of = self.d[f"z{len(self.activations)}{mark}"] if found.of_scores else output
        return self.d.step(f"E{mark}", found.function(of, t), say=f"the loss: {found.words}")

    def fitting(self, loss: Loss, t: Quantity) -> NamedLoss:
        """The loss of a name, if it goes with a target ``t`` and the last layer."""
        wanted = (*self.x.shape[:-1], self.width)
        if t.shape != wanted:
            raise ShapeError(f"target has shape {t.shape}; wanted {wanted}, as the output")
        found = loss_behind(loss, self.activations[-1], "the last layer's activation")
        want_targets(self.d, loss, "target", t, several=len(t.shape) == 2)
        return found


@overload
def mlp(
    x: Any,
    layers: Sequence[Layer],
    target: Any = None,
    loss: Loss = "half_squared_error",
    *,
    names: Mapping[str, str] | None = None,
    title: str = "",
    about: str = "",
    into: None = None,
) -> Derivation: ...


@overload
def mlp(x: Any, layers: Sequence[Layer], *, into: Derivation) -> Quantity: ...


def mlp(
    x: Any,
    layers: Sequence[Layer],
    target: Any = None,
    loss: Loss = "half_squared_error",
    *,
    names: Mapping[str, str] | None = None,
    title: str = "A network of dense layers",
    about: str = "What does the network put out, and how does its loss change with each weight?",
    into: Derivation | None = None,
) -> Derivation | Quantity:
    """A pass through any number of dense layers; with a target also the loss and all gradients.

    ``x`` is a vector of n numbers, or a batch of shape (samples, n). Each `Layer` has weights of
    shape (units, numbers that reach it). ``target`` has the shape of the output. ``loss`` is a
    name in `LOSSES` or a function of output and target; "softmax_cross_entropy" goes with a last
    layer of activation "softmax". Steps are called z1, a1, z2, ... and the loss E; ``names`` gives
    gradients other names, such as {"z2": "delta2"}.

    With ``into`` the pass is appended to that derivation, whose quantities may be the inputs,
    weights and biases, and the output comes back.

    Raises `ShapeError` for layers, weights, biases or a target that do not fit, `FormulaError` for
    a loss that does not go with the last layer, `GivenError` for a target that its loss cannot
    mean: a cross-entropy wants shares that add up to 1.

    >>> d = mlp(
    ...     [1, 2],
    ...     [Layer([[1, -1], [3, 1]], [0, -1], "relu"), Layer([[2, 1]], [0], "linear")],
    ...     target=[6],
    ... )
    >>> d.value("a1"), d.value("a2"), d.value("E"), d.value("dE/dW1")
    ([0, 4], [4], 2, [[0, 0], [-2, -4]])
    """
    if into is not None:
        end = free_mark(into, ("x", "W1", "b1", "z1", "a1"))
        return Network(into, x, layers, end).forward(mark=end)
    d = Derivation(title, about=about)
    d.section("Given")
    network = Network(d, x, layers)
    t = None if target is None else d.given("t", target, say="the target")
    d.section("Forward")
    output = network.forward()
    if t is not None:
        error = network.loss(loss, t, output)
        d.section("Backward")
        d.backward(error, list(network.parameters.values()), names=names)
    return d


def train(
    x: Any,
    layers: Sequence[Layer],
    target: Any,
    loss: Loss = "half_squared_error",
    rule: str | Rule = "sgd",
    steps: int = 1,
    *,
    moments: Mapping[str, Any] | None = None,
    updates: int = 0,
    names: Mapping[str, str] | None = None,
    title: str = "Training a network of dense layers",
    about: str = "How do the weights and the loss change from step to step?",
    **hyperparameters: Any,
) -> Derivation:
    """``steps`` rounds of forward pass, loss, gradients and update, and a last forward pass.

    Arguments as for `mlp`; ``rule``, its hyperparameters, ``moments`` ({"v_W1": [[...]], ...})
    and ``updates`` as for `optimise`. All that belongs to the network after t updates is marked
    by t primes (up to three steps), else by _t. ``names``
    gives gradients of the first step names of their own, such as {"z2": "delta2"}; those of later
    steps get the same with the mark.

    >>> d = train([1, 2], [Layer([[1, -1]], [0], "linear")], [3], alpha="0.1")
    >>> d.value("E"), d.value("W1'"), d.value("E'")
    (8, [[1.4, -0.2]], 1.28)
    """
    d = Derivation(title, about=about)
    d.section("Given")
    network = Network(d, x, layers)
    t = d.given("t", target, say="the target")
    network.fitting(loss, t)
    found, h = given_rule(d, rule, hyperparameters, {})

    def mark(n: int) -> str:
        return "'" * n if steps <= 3 else f"_{n}" if n else ""

    def declared(now: Mapping[str, Quantity], n: int) -> Quantity:
        return network.loss(loss, t, network.forward(now, mark(n)), mark(n))

    called = {q + mark(n): e + mark(n) for q, e in (names or {}).items() for n in range(steps)}
    last = descend(
        d,
        network.parameters,
        declared,
        found,
        h,
        steps,
        name=lambda q, n: q + mark(n),
        names=called,
        moments=moments,
        updates=updates,
    )
    d.section("Forward with the last weights")
    declared(last, steps)
    return d


def chain(
    x: Any,
    weights: Sequence[Any],
    activation: Activation = "sigmoid",
    target: Any = None,
    *,
    title: str = "A chain of units",
    about: str = "How does the loss change with each weight of a deep chain?",
) -> Derivation:
    """A network one unit wide: z_k = w_k a_(k-1), a_k = f(z_k), any number of layers deep.

    With a ``target`` y also the loss L = (a_n - y)²/2 and all local and global derivatives. It
    shows how gradients shrink or grow with depth. Raises `ShapeError` for no weights.

    >>> d = chain(1, [2, 2, 2], "linear", target=0)
    >>> d.value("a3"), d.value("dL/dw1")
    (8, 32)
    """
    want_list("weights", weights, "numbers")
    d = Derivation(title, about=about)
    d.section("Given")
    a: Quantity = d.given("x", x)
    w = [d.given(f"w{k}", value) for k, value in enumerate(weights, 1)]
    y = None if target is None else d.given("y", target)
    d.section("Forward")
    f, words = activation_of(activation)
    for k, weight in enumerate(w, 1):
        z = d.step(f"z{k}", weight * a, say=f"what unit {k} receives")
        a = d.step(f"a{k}", f(z), say=f"what it puts out: {words}")
    if y is not None:
        loss = d.step("L", (a - y) ** 2 / 2, say="the loss: half the squared error")
        d.section("Backward")
        d.backward(loss, w, local=True)
    return d


def count_parameters(
    widths: Sequence[int], *, title: str = "Counting parameters",
    about: str = "How many numbers does training have to find?",
) -> Derivation:  # fmt: skip
    """How many weights and biases dense layers of the given widths have.

    ``widths`` begins with the number of inputs: n_0, n_1, ... Raises `ShapeError` for less than two
    widths, `GivenError` for one that is no whole number from 1 on.

    >>> count_parameters([3, 4, 2]).value("P")
    26
    """
    want_list("widths", widths, "whole numbers")
    if len(widths) < 2:
        raise ShapeError(f"widths is {widths!r}; wanted two or more whole numbers")
    for k, width in enumerate(widths):
        want_count(f"widths[{k}]", width)
    d = Derivation(title, about=about)
    d.section("Given")
    n = [d.given(f"n_{k}", width) for k, width in enumerate(widths)]
    require_counts(d, *[given.name for given in n])
    d.section("Each layer")
    say = "each unit has a weight for every number that reaches it, and a bias"
    parts = [d.step(f"P_{k}", (n[k - 1] + 1) * n[k], say=say) for k in range(1, len(n))]
    d.section("All layers")
    d.step("P", sum_of(parts), say="all parameters together")
    return d


def interpolate(
    f: Callable[[Quantity], Quantity],
    low: Any,
    high: Any,
    units: int,
    at: Any,
    *,
    title: str = "A function from ReLU units",
    about: str = "How near does one hidden layer of ReLU units come to the function?",
) -> Derivation:
    """One hidden layer that joins points of a function by straight lines, each unit a bend.

    ``f`` is a function of quantities (entry by entry). The units bend at ``units`` equally spaced
    knots from ``low`` on; from there to ``high`` the network agrees with f at every knot. ``at`` is
    where network g and function f are compared. Raises `GivenError` for less than two units.

    >>> d = interpolate(lambda x: x**2, 0, 1, 8, "1/16")
    >>> d.value("err").exact
    Fraction(1, 256)
    """
    want_count("units", units, 2)
    d = Derivation(title, about=about)
    d.section("Given")
    x = d.given("x", at, say="where we compare")
    a, b = d.given("a", low), d.given("b", high)
    j = d.given("j", list(range(units)), say="a number for each unit")
    none = d.given("s_0", [0], say="before the first knot the line is level")
    d.section("The weights")
    h = d.step("h", (b - a) / units, say="how far the knots are apart")
    knots = d.step("k", a + h * j, say="the knots, where the line may bend: one for each unit")
    left = d.step("y", f(knots), say="the function at each knot")
    right = d.step("y'", f(knots + h), say="the function at the knot after it")
    slopes = d.step("s", (right - left) / h, say="how steep the piece between them must be")
    before = d.step("p", concatenate(none, slopes[:-1]), say="how steep the piece before it was")
    bends = d.step("c", slopes - before, say="the bend at each knot: the output weights")
    start = d.step("y_a", f(a), say="where the line starts: the output bias")
    d.section("The network at x")
    r = d.step("r", relu(x - knots), say="the hidden units: how far x is beyond each knot")
    g = d.step("g", start + dot(bends, r), say="the output: the start and all bends so far")
    d.section("The error")
    true = d.step("f", f(x), say="the function itself")
    d.step("err", g - true, say="how far the network is off")
    return d
