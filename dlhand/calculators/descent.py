"""Gradient descent and its kin on any loss of your own, for any number of steps.

`descend` appends rounds of loss, gradients and update to a derivation; `optimise` makes one of a
loss and where its parameters start. The update is a rule of `dlhand.calculators.optimisers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dlhand import Derivation, ShapeError, UnknownName, greater, sqrt
from dlhand.calculators.composing import as_quantity, free_mark, sum_of, zeros
from dlhand.calculators.optimisers import Parameters, Rule, Turn, given_rule
from dlhand.calculators.wanted import want_count, want_mapping
from dlhand.errors import nearest
from dlhand.numbers.exact import read_array
from dlhand.operations.quantity import Quantity


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
            moment = as_quantity(d, called, moments.get(key, zeros(start.shape)), say)
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
    length = sum_of(gradient[q] ** 2 for q in parameters.values())
    mark = free_mark(d, (f"n_{t}", f"stop_{t}"))
    size = d.step(
        f"n_{t}{mark}", sqrt(length), say="how steep it still is: the length of the gradient"
    )
    stop = d.step(f"stop_{t}{mark}", greater(until, size), say="1 when that is flat enough to stop")
    return float(d.value(stop)) == 1


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
