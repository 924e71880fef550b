"""The rules of optimisers: how one step makes a new parameter of the old one and its gradient.

A rule works entry by entry, so that a parameter may be a number, a vector or a matrix.
`dlhand.calculators.descent` takes steps with them.

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

from dlhand import Derivation, UnknownName, maximum, sqrt
from dlhand.calculators.wanted import want_known
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

    >>> from dlhand import optimise
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
    if not isinstance(rule, Rule):
        rule = want_known("rule", rule, RULES)
    for name in hyperparameters:
        if name not in rule.hyperparameters:
            raise UnknownName(
                f"{name!r} is no hyperparameter of this rule; wanted some of "
                + ", ".join(rule.hyperparameters)
            )
    values = {**rule.hyperparameters, **hyperparameters}
    return rule, {name: d.given(rename.get(name, name), value) for name, value in values.items()}
