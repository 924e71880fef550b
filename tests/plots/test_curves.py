"""Curves of activations and losses: what is plotted, against NumPy's formulas and differences."""

import numpy as np
import pytest

from dlhand import (
    GivenError,
    UnknownName,
    activation_curves,
    exp,
    log,
    loss_curves,
    maximum,
    minimum,
    sigmoid,
    sqrt,
    tanh,
)


def numpy_sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gelu(z):
    return z / 2 * (1 + tanh(sqrt("0.6366197723675814") * (z + "0.044715" * z**3)))


OWN = {
    "softplus": lambda z: log(1 + exp(z)),
    "elu": lambda z: maximum(z, 0) + minimum(exp(z) - 1, 0),
    "swish": lambda z: z * sigmoid(z),
    "gelu": gelu,
}
ACTIVATIONS = {
    "linear": lambda x: x,
    "heaviside": lambda x: np.heaviside(x, 0),
    "sigmoid": numpy_sigmoid,
    "tanh": np.tanh,
    "relu": lambda x: np.clip(x, 0, None),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "softplus": lambda x: np.logaddexp(0, x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "swish": lambda x: x * numpy_sigmoid(x),
    "gelu": lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
}


def data(line):
    return np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)


def labelled(axes):
    return [line for line in axes.lines if not line.get_label().startswith("_")]


def differences(f, xs, h=1e-6):
    return (f(xs + h) - f(xs - h)) / (2 * h)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_and_its_derivative_are_plotted(axes_of, name: str) -> None:
    own = {name: OWN[name]} if name in OWN else {}
    names = [] if own else [name]
    [axes] = axes_of(lambda: activation_curves(*names, low=-4, high="3.5", **own))
    curve, slope = labelled(axes)
    xs, ys = data(curve)
    assert (xs[0], xs[-1], len(xs)) == (-4, 3.5, 200)
    assert ys == pytest.approx(ACTIVATIONS[name](xs), abs=1e-9)
    assert data(slope)[1] == pytest.approx(differences(ACTIVATIONS[name], xs), abs=1e-6)
    assert curve.get_label() == name.replace("_", " ")
    assert slope.get_label() == "its derivative"


def test_each_activation_has_a_panel(axes_of) -> None:
    panels = axes_of(lambda: activation_curves("tanh", "relu", swish=OWN["swish"]))
    assert [axes.get_title() for axes in panels] == ["tanh", "relu", "swish"]


LOSSES = {
    "half_squared_error": lambda y, t: (y - t) ** 2 / 2,
    "mean_squared_error": lambda y, t: (y - t) ** 2,
    "binary_cross_entropy": lambda y, t: -(t * np.log(y) + (1 - t) * np.log(1 - y)),
    "cross_entropy": lambda y, t: -t * np.log(y),
    "huber": lambda y, t: np.where(abs(y - t) <= 1, (y - t) ** 2 / 2, abs(y - t) - 0.5),
}


def huber(y, t):
    size = maximum(y - t, t - y)
    inner = minimum(size, 1)
    return inner * size - inner**2 / 2


@pytest.mark.parametrize("target", [0, 1, "0.25"])
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_derivative_are_plotted(axes_of, name: str, target) -> None:
    own = {"huber": huber} if name == "huber" else {}
    names = [] if own else [name]
    wide = {"low": "-2.9", "high": 3} if own else {}
    left, right = axes_of(lambda: loss_curves(*names, target=target, **wide, **own))
    [curve], [slope] = labelled(left), labelled(right)
    xs, ys = data(curve)

    def loss(y):
        return LOSSES[name](y, float(target))

    assert ys == pytest.approx(loss(xs), abs=1e-9)
    assert data(slope)[1] == pytest.approx(differences(loss, xs), abs=1e-5)
    assert f"the target {target}" in left.get_title()


def test_losses_are_compared_in_one_panel(axes_of) -> None:
    left, right = axes_of(lambda: loss_curves("mean_squared_error", "binary_cross_entropy"))
    for axes in (left, right):
        names = [line.get_label() for line in labelled(axes)]
        assert names == ["mean squared error", "binary cross entropy"]


def test_the_words_have_the_formulas_and_some_values() -> None:
    picture = activation_curves("sigmoid", "heaviside", softplus=OWN["softplus"])
    assert picture.title == "Activations and their derivatives"
    for words in (
        "sigmoid: a = σ(z) is 0.00669 at −5, 0.5 at 0 and 0.993 at 5",
        "its derivative a · (1 − a) is 0.00665, 0.25 and 0.00665",
        "its derivative 0 is 0, 0 and 0",
        "softplus: a = ln(1 + e^(z)) is 0.00672 at −5, 0.693 at 0 and 5.01 at 5",
    ):
        assert words in picture.alternative
        assert words in picture.svg.partition("</desc>")[0]


def test_what_cannot_be_plotted_is_refused() -> None:
    with pytest.raises(UnknownName, match="activation is 'sigmod'; wanted a function"):
        activation_curves("sigmod")
    with pytest.raises(UnknownName, match="loss is 'huber'"):
        loss_curves("huber")
    with pytest.raises(GivenError, match="takes several scores"):
        loss_curves("softmax_cross_entropy")
    with pytest.raises(GivenError, match="low is 2 and high is 2; wanted low below high"):
        activation_curves("relu", low=2, high=2)
    for draw in (activation_curves, loss_curves):
        with pytest.raises(GivenError, match="wanted at least one"):
            draw()
