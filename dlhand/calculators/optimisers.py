"""Optimisers: gradient descent and its kin on any loss of your own, for any number of steps.

Each rule of `RULES` says how one step makes a new parameter of the old one and its gradient. It
works entry by entry, so that a parameter may be a number, a vector or a matrix.

Sources: H. Robbins, S. Monro (1951) for SGD; B. Polyak (1964) for momentum; J. Duchi, E. Hazan,
Y. Singer (2011) for Adagrad; G. Hinton's lecture 6e (2012) for RMSprop; M. Zeiler (2012) for
Adadelta; D. Kingma, J. Ba (2015) for Adam.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dlhand import Derivation, ShapeError, UnknownName, greater, sqrt, total
from dlhand.errors import nearest
from dlhand.numbers.exact import read_array
from dlhand.operations.quantity import Quantity

Parameters = Mapping[str, Quantity]


class Turn:
    """One step for one parameter ``q`` with gradient ``g``, at time ``t`` (1, 2, ...).

    ``h`` has the hyperparameters by name. Running averages are kept from turn to turn with
    `running`; they start at zero.
    """

    def __init__(
        self, d: Derivation, label: str, h: Parameters, memory: dict[str, Quantity]
    ) -> None:
        self.d = d
        self.h = h
        self.label = label
        self.memory = memory
        self.t = 0
        self.q: Quantity
        self.g: Quantity

    def at(self, t: int, q: Quantity, g: Quantity) -> Turn:
        """This parameter's next turn."""
        self.t, self.q, self.g = t, q, g
        return self

    def named(self, kind: str, t: int) -> str:
        """What a step of this parameter is called."""
        return f"{kind}{self.label}_{t}"

    def step(self, kind: str, formula: Quantity, say: str) -> Quantity:
        """A step of this turn, called by its kind and the time."""
        return self.d.step(self.named(kind, self.t), formula, say=say)

    def before(self, kind: str) -> Quantity:
        """A running average as the turn before left it."""
        return self.memory[kind]

    def running(self, kind: str, formula: Quantity, say: str) -> Quantity:
        """A running average, kept for the next turn."""
        self.memory[kind] = self.step(kind, formula, say)
        return self.memory[kind]


class Rule(NamedTuple):
    """An optimiser: its hyperparameters with their usual values, what it keeps, its update."""

    hyperparameters: Mapping[str, str]
    update: Callable[[Turn], Quantity]
    keeps: tuple[str, ...] = ()
    """The running averages, which start at zero."""


def _sgd(u: Turn) -> Quantity:
    return u.q - u.h["alpha"] * u.g


def _momentum(u: Turn) -> Quantity:
    v = u.running(
        "v",
        u.h["beta"] * u.before("v") + u.g,
        "the velocity: part of the old one, and the new gradient",
    )
    return u.q - u.h["alpha"] * v


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


def _adam(u: Turn) -> Quantity:
    beta1, beta2 = u.h["beta1"], u.h["beta2"]
    m = u.running("m", beta1 * u.before("m") + (1 - beta1) * u.g, "a running mean of the gradients")
    v = u.running(
        "v", beta2 * u.before("v") + (1 - beta2) * u.g**2, "a running mean of the squared gradients"
    )
    m_hat = u.step("m_hat", m / (1 - beta1**u.t), "made up for its start at zero")
    v_hat = u.step("v_hat", v / (1 - beta2**u.t), "made up for its start at zero")
    return u.q - u.h["alpha"] * m_hat / (sqrt(v_hat) + u.h["epsilon"])


RULES: Mapping[str, Rule] = {
    "sgd": Rule({"alpha": "0.1"}, _sgd),
    "momentum": Rule({"alpha": "0.1", "beta": "0.9"}, _momentum, ("v",)),
    "adagrad": Rule({"alpha": "0.1", "epsilon": "1e-8"}, _adagrad, ("s",)),
    "rmsprop": Rule({"alpha": "0.1", "rho": "0.9", "epsilon": "1e-8"}, _rmsprop, ("s",)),
    "adadelta": Rule({"alpha": "1", "rho": "0.95", "epsilon": "1e-6"}, _adadelta, ("s", "D")),
    "adam": Rule(
        {"alpha": "0.1", "beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"}, _adam, ("m", "v")
    ),
}
"""The rules by name, with the values they get where nothing else is said.

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
) -> Parameters:
    """Append ``steps`` rounds of loss, gradient and update to ``d``; return the last parameters.

    ``loss(parameters, t)`` declares the loss after ``t`` updates and returns it; ``name(q, t)`` is
    what parameter q is called after t updates; ``names`` gives gradients names of their own, as for
    `Derivation.backward`. With ``until`` it ends before the update of a round in which the
    gradients, taken together, are shorter than that. Raises `ShapeError` for
    ``steps`` below 1.
    """
    if steps < 1:
        raise ShapeError(f"steps is {steps}; wanted at least 1")
    turns = _turns(d, parameters, rule, h)
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


def _turns(d: Derivation, parameters: Parameters, rule: Rule, h: Parameters) -> dict[str, Turn]:
    turns = {}
    for q, start in parameters.items():
        turns[q] = Turn(d, f"_{q}" if len(parameters) > 1 else "", h, {})
        for kind in rule.keeps:
            zero = d.given(turns[q].named(kind, 0), _zeros(start.shape), say="it starts at zero")
            turns[q].memory[kind] = zero
    return turns


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
    size = d.step(f"n_{t}", sqrt(length), say="how steep it still is: the length of the gradient")
    stop = d.step(f"stop_{t}", greater(until, size), say="1 when that is flat enough to stop")
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

    Raises `ShapeError` where the loss is not a single number, for no parameters and for ``steps``
    below 1; `UnknownName` for an unknown rule or hyperparameter.

    >>> d = optimise(lambda q: q**2, {"Q": 1}, "adam", 2)
    >>> d.value("m_hat_1"), d.value("Q_1"), d.value("Q_2")
    (2, 0.90000, 0.80041)
    """
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
        d, parameters, declared, found, h, steps, name=lambda q, t: f"{q}_{t}", until=limit
    )
    taken = d[next(iter(last.values()))].name.rpartition("_")[2]
    if int(taken) == steps:
        d.section("After the last step")
        declared(last, steps)
    return d
