"""Optimisers: gradient descent and its kin on any loss of your own, for any number of steps.

Each rule of `RULES` says how one step makes a new parameter of the old one and its gradient. It
works entry by entry, so that a parameter may be a number, a vector or a matrix.

Sources: H. Robbins, S. Monro (1951) for SGD; B. Polyak (1964) for momentum; Y. Nesterov (1983) and
I. Sutskever et al. (2013) for Nesterov momentum; J. Duchi, E. Hazan, Y. Singer (2011) for Adagrad;
G. Hinton's lecture 6e (2012) for RMSprop; M. Zeiler (2012) for Adadelta; D. Kingma, J. Ba (2015)
for Adam and Adamax; I. Loshchilov, F. Hutter (2019) for AdamW.

The rules are those of PyTorch to the letter, but for "keras_momentum", "keras_nesterov" and
"adamax", which are Keras's. Both have "sgd", "adadelta" and, with one rate throughout, both kinds
of momentum in common. Elsewhere they differ in where the small ε stands that keeps from dividing
by zero:

- Adagrad and RMSprop: outside the root here and in PyTorch, √s + ε; inside in Keras, √(s + ε).
  Keras's Adagrad also starts its sum at 0.1, here ``moments={"s": "0.1"}``; PyTorch's at 0.
- Adam and AdamW: added to the root of the corrected mean here, in PyTorch and in algorithm 1 of the
  paper, √v_hat + ε; Keras has the paper's shorter form, which adds it before the correction, so
  that its ε counts 1/√(1 - β₂ᵗ) times as much here.
- Adamax: the paper has none; u + ε here and in Keras, max(β₂ u, |g| + ε) in PyTorch.
- RMSprop with momentum: the velocity is without the rate here and in PyTorch, with it in Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

from dlhand import Derivation, ShapeError, UnknownName, greater, maximum, sqrt, total
from dlhand.calculators.composing import as_quantity, free_mark
from dlhand.calculators.wanted import want_count, want_mapping
from dlhand.errors import nearest
from dlhand.numbers.exact import read_array
from dlhand.operations.quantity import Quantity

Parameters = Mapping[str, Quantity]


class Turn:
    """One step for one parameter ``q`` with gradient ``g``, at time ``t`` (1, 2, ...).

    ``h`` has the hyperparameters by name. Moments (running averages, velocities) are kept from turn
    to turn with `running`. ``age`` is how many gradients they hold at this turn: it is ``t`` where
    they start with this derivation.
    """

    def __init__(
        self, d: Derivation, h: Parameters, label: str, parameters: Container[str], updates: int
    ) -> None:
        self.d = d
        self.h = h
        self.label = label
        self.parameters = parameters
        self.updates = updates
        self.memory: dict[str, Quantity] = {}
        self.t = 0
        self.q: Quantity
        self.g: Quantity

    def at(self, t: int, q: Quantity, g: Quantity) -> Turn:
        """This parameter's next turn."""
        self.t, self.q, self.g = t, q, g
        return self

    @property
    def age(self) -> int:
        """How many gradients the moments hold, those of earlier derivations included."""
        return self.updates + self.t

    def named(self, kind: str, t: int) -> str:
        """What a step of this parameter is called."""
        called = f"{kind}{self.label}"
        while called in self.parameters:  # a parameter v is called v_1, v_2 ..., as a velocity is
            called += f"_{kind}"
        return f"{called}_{t}"

    def step(self, kind: str, formula: Quantity, say: str) -> Quantity:
        """A step of this turn, called by its kind and the time."""
        return self.d.step(self.named(kind, self.t), formula, say=say)

    def before(self, kind: str) -> Quantity:
        """A moment as the turn before left it."""
        return self.memory[kind]

    def running(self, kind: str, formula: Quantity, say: str) -> Quantity:
        """A moment, kept for the next turn."""
        self.memory[kind] = self.step(kind, formula, say)
        return self.memory[kind]


class Rule(NamedTuple):
    """An optimiser: its hyperparameters with their usual values, its update, what it keeps.

    ``update`` takes a `Turn` and returns the formula of the new parameter.

    >>> half = Rule({"alpha": "0.5"}, lambda turn: turn.q - turn.h["alpha"] * turn.g / 2)
    >>> optimise(lambda q: q**2, {"Q": 1}, half, 1).value("Q_1")
    0.5
    """

    hyperparameters: Mapping[str, str]
    update: Callable[[Turn], Quantity]
    keeps: tuple[str, ...] = ()
    """The moments by the names of their steps; they start at zero unless given."""


def _sgd(u: Turn) -> Quantity:
    return u.q - u.h["alpha"] * u.g


def _velocity(u: Turn) -> Quantity:
    return u.running(
        "v",
        u.h["beta"] * u.before("v") + u.g,
        "the velocity: part of the old one, and the new gradient",
    )


def _momentum(u: Turn) -> Quantity:
    return u.q - u.h["alpha"] * _velocity(u)


def _nesterov(u: Turn) -> Quantity:
    ahead = u.step(
        "a",
        u.g + u.h["beta"] * _velocity(u),
        "the gradient, and the part of the velocity that the next step will have",
    )
    return u.q - u.h["alpha"] * ahead


def _move(u: Turn) -> Quantity:
    """Keras's velocity: it has the learning rate in it and is itself the move."""
    return u.running(
        "v",
        u.h["beta"] * u.before("v") - u.h["alpha"] * u.g,
        "the velocity: part of the old one, and a step against the gradient",
    )


def _keras_momentum(u: Turn) -> Quantity:
    return u.q + _move(u)


def _keras_nesterov(u: Turn) -> Quantity:
    ahead = u.step(
        "a",
        u.h["beta"] * _move(u) - u.h["alpha"] * u.g,
        "where the velocity leads next, and a step against the gradient",
    )
    return u.q + ahead


def _adagrad(u: Turn) -> Quantity:
    s = u.running("s", u.before("s") + u.g**2, "all squared gradients so far, added up")
    return u.q - u.h["alpha"] * u.g / (sqrt(s) + u.h["epsilon"])


def _mean_square(u: Turn) -> Quantity:
    rho = u.h["rho"]
    return u.running(
        "s", rho * u.before("s") + (1 - rho) * u.g**2, "a running mean of the squared gradients"
    )


def _rmsprop(u: Turn) -> Quantity:
    return u.q - u.h["alpha"] * u.g / (sqrt(_mean_square(u)) + u.h["epsilon"])


def _rmsprop_momentum(u: Turn) -> Quantity:
    s = _mean_square(u)
    v = u.running(
        "v",
        u.h["beta"] * u.before("v") + u.g / (sqrt(s) + u.h["epsilon"]),
        "the velocity: part of the old one, and the gradient over its usual size",
    )
    return u.q - u.h["alpha"] * v


def _adadelta(u: Turn) -> Quantity:
    rho, epsilon = u.h["rho"], u.h["epsilon"]
    s = _mean_square(u)
    old = u.before("D")
    move = u.step(
        "u",
        sqrt(old + epsilon) / sqrt(s + epsilon) * u.g,
        "the move: the size of past moves over that of past gradients",
    )
    u.running("D", rho * old + (1 - rho) * move**2, "a running mean of the squared moves")
    return u.q - u.h["alpha"] * move


def _corrected(u: Turn, kind: str, moment: Quantity, beta: Quantity) -> Quantity:
    return u.step(f"{kind}_hat", moment / (1 - beta**u.age), "made up for its start at zero")


def _mean(u: Turn) -> Quantity:
    beta1 = u.h["beta1"]
    return u.running(
        "m", beta1 * u.before("m") + (1 - beta1) * u.g, "a running mean of the gradients"
    )


def _adam_move(u: Turn) -> Quantity:
    beta1, beta2 = u.h["beta1"], u.h["beta2"]
    m = _mean(u)
    v = u.running(
        "v", beta2 * u.before("v") + (1 - beta2) * u.g**2, "a running mean of the squared gradients"
    )
    m_hat, v_hat = _corrected(u, "m", m, beta1), _corrected(u, "v", v, beta2)
    return u.h["alpha"] * m_hat / (sqrt(v_hat) + u.h["epsilon"])


def _adam(u: Turn) -> Quantity:
    return u.q - _adam_move(u)


def _adamw(u: Turn) -> Quantity:
    move = _adam_move(u)
    smaller = u.step(
        "d",
        u.q - u.h["alpha"] * u.h["decay"] * u.q,
        "the decay: every weight a little nearer to zero, whatever its gradient",
    )
    return smaller - move


def _adamax(u: Turn) -> Quantity:
    m_hat = _corrected(u, "m", _mean(u), u.h["beta1"])
    size = u.step("a", maximum(u.g, -u.g), "the size of the gradient: |g|")
    largest = u.running(
        "u",
        maximum(u.h["beta2"] * u.before("u"), size),
        "the largest gradient so far, where older ones count for less",
    )
    return u.q - u.h["alpha"] * m_hat / (largest + u.h["epsilon"])


_ADAM = {"alpha": "0.1", "beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"}
_MOMENTUM = {"alpha": "0.1", "beta": "0.9"}
_RMSPROP = {"alpha": "0.1", "rho": "0.9", "epsilon": "1e-8"}

RULES: Mapping[str, Rule] = {
    "sgd": Rule({"alpha": "0.1"}, _sgd),
    "momentum": Rule(_MOMENTUM, _momentum, ("v",)),
    "nesterov": Rule(_MOMENTUM, _nesterov, ("v",)),
    "keras_momentum": Rule(_MOMENTUM, _keras_momentum, ("v",)),
    "keras_nesterov": Rule(_MOMENTUM, _keras_nesterov, ("v",)),
    "adagrad": Rule({"alpha": "0.1", "epsilon": "1e-8"}, _adagrad, ("s",)),
    "rmsprop": Rule(_RMSPROP, _rmsprop, ("s",)),
    "rmsprop_momentum": Rule({**_RMSPROP, "beta": "0.9"}, _rmsprop_momentum, ("s", "v")),
    "adadelta": Rule({"alpha": "1", "rho": "0.95", "epsilon": "1e-6"}, _adadelta, ("s", "D")),
    "adam": Rule(_ADAM, _adam, ("m", "v")),
    "adamw": Rule({**_ADAM, "decay": "0.01"}, _adamw, ("m", "v")),
    "adamax": Rule(_ADAM, _adamax, ("m", "u")),
}
"""The rules by name, with the values they get where nothing else is said.

Here q is a parameter, g its gradient, α the learning rate and t the number of the step:

- "sgd": q - α g (Robbins, Monro).
- "momentum": v ← β v + g, then q - α v (Polyak, as PyTorch has it).
- "nesterov": v likewise, then q - α (g + β v) (Sutskever et al., as PyTorch has it).
- "keras_momentum": v ← β v - α g, then q + v (Polyak, as Keras has it): with one learning rate
  throughout the same parameters as "momentum", with a velocity -α times as large.
- "keras_nesterov": v likewise, then q + β v - α g; it is to "nesterov" what that is to "momentum".
- "adagrad": s ← s + g², then q - α g / (√s + ε) (Duchi et al.).
- "rmsprop": s ← ρ s + (1 - ρ) g², then q - α g / (√s + ε) (Hinton).
- "rmsprop_momentum": s likewise, v ← β v + g / (√s + ε), then q - α v (as PyTorch has it).
- "adadelta": s likewise, a move u = g √(D + ε) / √(s + ε), D ← ρ D + (1 - ρ) u², then q - α u
  (Zeiler, who has α = 1).
- "adam": m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g², m_hat = m / (1 - β₁ᵗ) and
  v_hat = v / (1 - β₂ᵗ), then q - α m_hat / (√v_hat + ε) (Kingma, Ba).
- "adamw": as "adam", and α λ q is taken off as well, where λ is ``decay`` (Loshchilov, Hutter).
- "adamax": m_hat as for "adam", u ← max(β₂ u, |g|), then q - α m_hat / (u + ε) (Kingma, Ba, who
  have no ε).

The learning rate is a large one, so that a few steps by hand show something.
"""


def given_rule(
    d: Derivation, rule: str | Rule, hyperparameters: Mapping[str, Any], rename: Mapping[str, str]
) -> tuple[Rule, dict[str, Quantity]]:
    """Look a rule up and declare its hyperparameters, each under its name in ``rename`` if any.

    Raises `UnknownName` for a rule or hyperparameter that does not exist.
    """
    if isinstance(rule, str):
        if rule not in RULES:
            raise UnknownName(
                f"rule is {rule!r}; wanted one of {', '.join(RULES)}{nearest(rule, list(RULES))}"
            )
        rule = RULES[rule]
    for name in hyperparameters:
        if name not in rule.hyperparameters:
            raise UnknownName(
                f"{name!r} is no hyperparameter of this rule; wanted some of "
                + ", ".join(rule.hyperparameters)
            )
    values = {**rule.hyperparameters, **hyperparameters}
    return rule, {name: d.given(rename.get(name, name), value) for name, value in values.items()}


def descend(
    d: Derivation,
    parameters: Parameters,
    loss: Callable[[Parameters, int], Quantity],
    rule: Rule,
    h: Parameters,
    steps: int,
    *,
    name: Callable[[str, int], str],
    names: Mapping[str, str] | None = None,
    until: Quantity | None = None,
    moments: Mapping[str, Any] | None = None,
    updates: int = 0,
) -> Parameters:
    """Append ``steps`` rounds of loss, gradient and update to ``d``; return the last parameters.

    ``loss(parameters, t)`` declares the loss after ``t`` updates and returns it; ``name(q, t)`` is
    what parameter q is called after t updates; ``names`` gives gradients names of their own, as for
    `Derivation.backward`. With ``until`` it ends before the update of a round in which the
    gradients, taken together, are shorter than that. ``moments`` and ``updates`` are as for
    `optimise`; a moment may be a quantity of ``d``. Raises `GivenError` for ``steps`` below 1,
    `ShapeError` for a moment of another shape than its parameter, `UnknownName` for one that the
    rule does not keep.
    """
    want_count("steps", steps)
    turns = _turns(d, parameters, rule, h, moments or {}, updates)
    for t in range(1, steps + 1):
        d.section(f"Step {t}: loss and gradient")
        gradient = d.backward(loss(parameters, t - 1), list(parameters.values()), names=names)
        if until is not None and _is_short(d, parameters, gradient, until, t):
            return parameters
        d.section(f"Step {t}: update")
        parameters = {
            q: d.step(
                name(q, t),
                rule.update(turns[q].at(t, old, gradient[old])),
                say="one step against the gradient",
            )
            for q, old in parameters.items()
        }
    return parameters


def _turns(
    d: Derivation,
    parameters: Parameters,
    rule: Rule,
    h: Parameters,
    moments: Mapping[str, Any],
    updates: int,
) -> dict[str, Turn]:
    want_count("updates", updates, 0)
    known = [_key(kind, q, parameters) for q in parameters for kind in rule.keeps]
    for key in moments:
        if key not in known:
            raise UnknownName(
                f"{key!r} is no moment of this rule; wanted some of {', '.join(known) or 'none'}"
                + nearest(key, known)
            )
    turns = {}
    for q, start in parameters.items():
        turns[q] = turn = Turn(d, h, _label(d, q, parameters, rule), parameters, updates)
        for kind in rule.keeps:
            key, called = _key(kind, q, parameters), turn.named(kind, 0)
            say = "where it starts" if key in moments else "it starts at zero"
            moment = as_quantity(d, called, moments.get(key, _zeros(start.shape)), say)
            if moment.shape != start.shape:
                raise ShapeError(
                    f"the moment {key} has shape {moment.shape}; wanted {start.shape}, as {q}"
                )
            turn.memory[kind] = moment
    return turns


def _key(kind: str, q: str, parameters: Parameters) -> str:
    """What a moment is called in ``moments``: by its parameter too, where there are several."""
    return f"{kind}_{q}" if len(parameters) > 1 else kind


def _label(d: Derivation, q: str, parameters: Parameters, rule: Rule) -> str:
    """What tells the steps of a parameter from those of others, and from an earlier descent's."""
    label = f"_{q}" if len(parameters) > 1 else ""
    while any(f"{kind}{label}_0" in d for kind in rule.keeps):
        label += f"_{q}"
    return label


def _is_short(
    d: Derivation,
    parameters: Parameters,
    gradient: Mapping[Quantity, Quantity],
    until: Quantity,
    t: int,
) -> bool:
    """Declare whether the gradients are shorter than ``until``."""
    squares = [gradient[q] ** 2 for q in parameters.values()]
    length = squares[0] if not squares[0].shape else total(squares[0])
    for square in squares[1:]:
        length = length + (total(square) if square.shape else square)
    mark = free_mark(d, (f"n_{t}", f"stop_{t}"))
    size = d.step(
        f"n_{t}{mark}", sqrt(length), say="how steep it still is: the length of the gradient"
    )
    stop = d.step(f"stop_{t}{mark}", greater(until, size), say="1 when that is flat enough to stop")
    return float(d.value(stop)) == 1


def _zeros(shape: tuple[int, ...]) -> Any:
    if not shape:
        return 0
    return [_zeros(shape[1:]) for _ in range(shape[0])]


def optimise(
    loss: Callable[..., Quantity],
    start: Mapping[str, Any],
    rule: str | Rule = "sgd",
    steps: int = 3,
    *,
    until: Any = None,
    moments: Mapping[str, Any] | None = None,
    updates: int = 0,
    rename: Mapping[str, str] | None = None,
    title: str = "Going downhill",
    about: str = "How do the parameters and the loss change from step to step?",
    **hyperparameters: Any,
) -> Derivation:
    """``steps`` steps of an optimiser on a loss of your own, with all gradients derived.

    ``start`` has the parameters by name (numbers, vectors or matrices); ``loss`` takes them as
    quantities, in that order, and returns the formula of a single number. Parameter Q is called
    Q_0, Q_1, ... and the loss J_0, J_1, ...; ``rename`` gives the loss and the hyperparameters
    other names ({"J": "L", "alpha": "eta"}). ``rule`` is a name in `RULES` or a `Rule`;
    hyperparameters (alpha, beta, rho ...) have their usual values unless given. With ``until`` it
    stops as soon as the gradient is shorter than that.

    ``moments`` says where velocities and running averages start, each of the shape of its
    parameter: {"v": 2}, or {"v_u": 2, "v_w": 3} for parameters u and w; they start at zero unless
    given. ``updates`` is how many updates they come from, which the correction of Adam and its kin
    counts: with the parameters, moments and updates of another run this one goes on where it ended.

    Raises `ShapeError` where the loss is not a single number or a moment has another shape than
    its parameter and for no parameters; `GivenError` for ``steps`` below 1 and ``updates`` below
    0; `UnknownName` for an unknown rule, hyperparameter or moment.

    >>> d = optimise(lambda q: q**2, {"Q": 1}, "adam", 2)
    >>> d.value("m_hat_1"), d.value("Q_1"), d.value("Q_2")
    (2, 0.90000, 0.80041)
    >>> rolling = optimise(lambda q: q**2, {"Q": 1}, "momentum", 1, moments={"v": -5})
    >>> rolling.value("v_1"), rolling.value("Q_1")
    (-2.5, 1.25)
    """
    want_mapping("start", start, "numbers by parameter")
    if not start:
        raise ShapeError("start is empty; wanted at least one parameter")
    names = dict(rename or {})
    d = Derivation(title, about=about)
    d.section("Given")
    for q, value in start.items():
        read_array(value, q)  # an error names the parameter, not Q_0
    found, h = given_rule(d, rule, hyperparameters, names)
    limit = None if until is None else d.given("tol", until)
    parameters: Parameters = {q: d.given(f"{q}_0", value) for q, value in start.items()}

    def declared(now: Parameters, t: int) -> Quantity:
        say = "the loss at the start" if t == 0 else f"the loss after {t} step{'s' * (t > 1)}"
        return d.step(f"{names.get('J', 'J')}_{t}", loss(*now.values()), say=say)

    last = descend(
        d,
        parameters,
        declared,
        found,
        h,
        steps,
        name=lambda q, t: f"{q}_{t}",
        until=limit,
        moments=moments,
        updates=updates,
    )
    taken = d[next(iter(last.values()))].name.rpartition("_")[2]
    if int(taken) == steps:
        d.section("After the last step")
        declared(last, steps)
    return d
