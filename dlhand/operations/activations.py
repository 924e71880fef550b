"""Activations of units, entry by entry, and the slopes that some of them need."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from dlhand.errors import GivenError
from dlhand.numbers.exact import read_number
from dlhand.operations.comparison import absolute, heaviside
from dlhand.operations.elementary import EXP
from dlhand.operations.gradient import minus, times
from dlhand.operations.notation import (
    ROUND,
    Argument,
    Box,
    Call,
    Fenced,
    Parameters,
    Pattern,
    Script,
    Word,
    row,
)
from dlhand.operations.python import Python, number
from dlhand.operations.quantity import Operand, Quantity, apply, constant
from dlhand.operations.slips import (
    MASK,
    NEGATED,
    SELDOM,
    Instead,
    Slip,
    mistaken_for,
    not_applied,
)
from dlhand.operations.structure import stack
from dlhand.operations.table import Operation

_ZERO = Fraction(0)


def _shares(q: Quantity) -> Iterator[Instead]:
    """Of two, one taken for what the other leaves of 1, as if it were a softmax."""
    if q.shape == (2,):
        yield Instead(stack(q[0], 1 - q[0]))
        yield Instead(stack(1 - q[1], q[1]))


def _leaky(ar: Any, slope: Any, z: Any) -> Any:
    # max(z, slope·z), which is right for every slope from 0 to 1
    return ar.maximum(z, ar.mul(ar.number(slope), z))


def _leaky_slope(ar: Any, slope: Any, z: Any) -> Any:
    on = ar.heaviside(z)
    off = ar.sub(ar.number(Fraction(1)), on)
    return ar.add(on, ar.mul(ar.number(slope), off))


def _softplus(ar: Any, params: Any, z: Any) -> Any:
    # ln(1 + e^z) with the exponent made negative, so that it cannot overflow
    zero, one = ar.number(_ZERO), ar.number(Fraction(1))
    away = ar.neg(ar.maximum(z, ar.neg(z)))
    return ar.add(ar.maximum(z, zero), ar.log(ar.add(one, ar.exp(away))))


def _elu(ar: Any, alpha: Any, z: Any) -> Any:
    zero, one = ar.number(_ZERO), ar.number(Fraction(1))
    below = ar.neg(ar.maximum(ar.neg(z), zero))
    left = ar.mul(ar.number(alpha), ar.sub(ar.exp(below), one))
    return ar.add(ar.maximum(z, zero), left)


def _elu_slope(z: Quantity, out: Quantity, alpha: Fraction) -> Quantity:
    on = heaviside(z)
    return on + (1 - on) * (out + constant(alpha))


def _of_parameter(name: Word) -> Box:
    """A function with its parameter below its name."""
    return row(Script(name, low=Parameters()), Fenced(ROUND, Argument(0)))


SIGMOID = Operation(
    "sigmoid",
    value=lambda ar, params, z: ar.sigmoid(z),
    python=Python(
        '''
        def sigmoid(z):
            """1 / (1 + e^-z), written so that it cannot overflow."""
            return exp(min(z, 0)) / (1 + exp(-abs(z)))
        ''',
    ),
    gradient=lambda g, args, out, params: (times(g, out, 1 - out),),
    notation=Call(r"\sigma", "σ", "sigmoid"),
    slips=(
        not_applied(),
        mistaken_for(lambda z: tanh(z)),
        mistaken_for(lambda z: relu(z), cost=SELDOM),
        NEGATED,
        Slip("taken for shares", _shares, SELDOM, "when the two are taken to add up to 1"),
    ),
)

TANH = Operation(
    "tanh",
    value=lambda ar, params, z: ar.tanh(z),
    gradient=lambda g, args, out, params: (times(g, 1 - out**2),),
    notation=Call(r"\tanh", "tanh", "tanh"),
    slips=(
        not_applied(),
        mistaken_for(lambda z: sigmoid(z)),
        mistaken_for(lambda z: relu(z), cost=SELDOM),
    ),
)

RELU = Operation(
    "relu",
    value=lambda ar, params, z: ar.maximum(z, ar.number(_ZERO)),
    python=Python(
        '''
        def relu(z):
            """z where it is above 0, else 0."""
            return max(z, 0)
        ''',
    ),
    gradient=lambda g, args, out, params: (times(g, heaviside(args[0])),),
    notation=Call(r"\operatorname{ReLU}", "ReLU", "relu"),
    slips=(not_applied(), mistaken_for(lambda z: absolute(z), lambda z: sigmoid(z), cost=SELDOM)),
)

LEAKY_RELU = Operation(
    "leaky_relu",
    value=_leaky,
    python=Python(
        '''
        def leaky_relu(z, slope):
            """z where it is above 0, else slope * z."""
            return max(z, slope * z)
        ''',
        parameters=lambda form: number(form.params),
    ),
    gradient=lambda g, args, out, slope: (times(g, apply(LEAKY_SLOPE, args[0], params=slope)),),
    notation=Pattern(_of_parameter(Word(r"\operatorname{LReLU}", "LReLU")), "leaky_relu({0}, {p})"),
    slips=(not_applied(), mistaken_for(lambda z: relu(z))),
)

LEAKY_SLOPE: Operation = Operation(
    "leaky_slope",
    value=_leaky_slope,
    python=Python(
        '''
        def leaky_slope(z, slope):
            """1 where z is above 0, else the slope."""
            return 1.0 * (z > 0) + slope * (z <= 0)
        ''',
        parameters=lambda form: number(form.params),
    ),
    gradient=lambda g, args, out, params: (None,),
    notation=Pattern(
        _of_parameter(Word(r"\operatorname{LReLU}'", "LReLU′")), "leaky_slope({0}, {p})"
    ),
    slips=(MASK, mistaken_for(lambda z: heaviside(z))),
)

NORMAL: Operation = Operation(
    "normal",
    value=lambda ar, params, z: ar.normal(z),
    python=Python(
        '''
        def normal(z):
            """The share of the standard normal distribution below z."""
            return erfc(-z / sqrt(2)) / 2
        ''',
    ),
    gradient=lambda g, args, out, params: (times(g, apply(BELL, args[0])),),
    notation=Call(r"\Phi", "Φ", "normal"),
)

BELL: Operation = Operation(
    "bell",
    value=lambda ar, params, z: ar.bell(z),
    python=Python(
        '''
        def bell(z):
            """The density of the standard normal distribution."""
            return exp(-(z**2) / 2) / sqrt(2 * pi)
        ''',
    ),
    gradient=lambda g, args, out, params: (minus(times(g, args[0], out)),),
    notation=Call(r"\varphi", "φ", "bell"),
)

GELU = Operation(
    "gelu",
    value=lambda ar, params, z: ar.mul(z, ar.normal(z)),
    python=Python(
        '''
        def gelu(z):
            """z times the share of the standard normal distribution below z."""
            return z * erfc(-z / sqrt(2)) / 2
        ''',
    ),
    gradient=lambda g, args, out, params: (
        times(g, normal(args[0]) + args[0] * apply(BELL, args[0])),
    ),
    notation=Call(r"\operatorname{GELU}", "GELU", "gelu"),
    slips=(
        not_applied(),
        mistaken_for(lambda z: relu(z), lambda z: normal(z), lambda z: silu(z)),
    ),
)

SILU = Operation(
    "silu",
    value=lambda ar, params, z: ar.mul(z, ar.sigmoid(z)),
    python=Python(
        '''
        def silu(z):
            """z times the sigmoid of z, written so that it cannot overflow."""
            return z * exp(min(z, 0)) / (1 + exp(-abs(z)))
        ''',
    ),
    gradient=lambda g, args, out, params: (
        times(g, sigmoid(args[0]) + out * (1 - sigmoid(args[0]))),
    ),
    notation=Call(r"\operatorname{SiLU}", "SiLU", "silu"),
    slips=(
        not_applied(),
        mistaken_for(lambda z: sigmoid(z), lambda z: relu(z), lambda z: gelu(z)),
    ),
)

SOFTPLUS = Operation(
    "softplus",
    value=_softplus,
    python=Python(
        '''
        def softplus(z):
            """ln(1 + e^z), written so that it cannot overflow."""
            return max(z, 0) + log1p(exp(-abs(z)))
        ''',
        '''
        def softplus(z):
            """ln(1 + e^z), written so that it cannot overflow."""
            return np.logaddexp(0, z)
        ''',
    ),
    gradient=lambda g, args, out, params: (times(g, sigmoid(args[0])),),
    notation=Call(r"\operatorname{softplus}", "softplus", "softplus"),
    slips=(not_applied(), mistaken_for(lambda z: relu(z), lambda z: apply(EXP, z))),
)

ELU = Operation(
    "elu",
    value=_elu,
    python=Python(
        '''
        def elu(z, alpha):
            """z where it is above 0, else alpha * (e^z - 1)."""
            return max(z, 0) + alpha * (exp(min(z, 0)) - 1)
        ''',
        parameters=lambda form: number(form.params),
    ),
    gradient=lambda g, args, out, alpha: (times(g, _elu_slope(args[0], out, alpha)),),
    notation=Pattern(_of_parameter(Word(r"\operatorname{ELU}", "ELU")), "elu({0}, {p})"),
    slips=(not_applied(), mistaken_for(lambda z: relu(z))),
)


def sigmoid(z: Operand) -> Quantity:
    """1 / (1 + e^-z) of each entry, between 0 and 1. Derivative: σ(z)(1 - σ(z)).

    >>> from dlhand import Derivation
    >>> d = Derivation("sigmoid")
    >>> z = d.given("z", ["0", "2"])
    >>> d.value(d.step("y", sigmoid(z)))
    [0.5, 0.88080]
    """
    return apply(SIGMOID, z)


def tanh(z: Operand) -> Quantity:
    """The hyperbolic tangent of each entry, between -1 and 1. Derivative: 1 - tanh²(z).

    >>> from dlhand import Derivation
    >>> d = Derivation("tanh")
    >>> z = d.given("z", ["0", "0.5"])
    >>> d.value(d.step("y", tanh(z)))
    [0, 0.46212]
    """
    return apply(TANH, z)


def relu(z: Operand) -> Quantity:
    """max(0, z) of each entry. Derivative: 1 where z > 0, else 0 (at z = 0 by convention).

    >>> from dlhand import Derivation
    >>> d = Derivation("relu")
    >>> z = d.given("z", ["-2", "0", "3"])
    >>> d.value(d.step("y", relu(z)))
    [0, 0, 3]
    """
    return apply(RELU, z)


def leaky_relu(z: Operand, slope: int | str | float | Fraction = "0.01") -> Quantity:
    """Leaky ReLU: z where z > 0, else ``slope``·z, entry by entry, for a slope from 0 to 1.

    Derivative: 1 where z > 0, else ``slope``. Raises `GivenError` for another slope.

    >>> from dlhand import Derivation
    >>> d = Derivation("leaky_relu")
    >>> z = d.given("z", ["-2", "3"])
    >>> d.value(d.step("y", leaky_relu(z, "0.1")))
    [-0.2, 3]
    """
    value = read_number(slope, "slope")
    if not 0 <= value <= 1:
        raise GivenError(f"slope is {slope}; wanted a number from 0 to 1")
    return apply(LEAKY_RELU, z, params=value)


def elu(z: Operand, alpha: int | str | float | Fraction = 1) -> Quantity:
    """ELU: z where z > 0, else ``alpha`` (e^z - 1), for an alpha from 0 on.

    Derivative: 1 where z > 0, else ``alpha`` e^z. Raises `GivenError` for another alpha.

    Source: D.-A. Clevert et al., "Fast and Accurate Deep Network Learning by ELUs" (2016).

    >>> from dlhand import Derivation
    >>> d = Derivation("elu")
    >>> z = d.given("z", ["-1", "3"])
    >>> d.value(d.step("y", elu(z)))
    [-0.63212, 3]
    """
    value = read_number(alpha, "alpha")
    if value < 0:
        raise GivenError(f"alpha is {alpha}; wanted a number from 0 on")
    return apply(ELU, z, params=value)


def softplus(z: Operand) -> Quantity:
    """ln(1 + e^z) of each entry, a ReLU with its corner rounded off. Derivative: σ(z).

    Source: C. Dugas et al., "Incorporating Second-Order Functional Knowledge" (2001).

    >>> from dlhand import Derivation
    >>> d = Derivation("softplus")
    >>> z = d.given("z", ["-1", "0", "3"])
    >>> d.value(d.step("y", softplus(z)))
    [0.31326, 0.69315, 3.0486]
    """
    return apply(SOFTPLUS, z)


def silu(z: Operand) -> Quantity:
    """SiLU, also called swish: z σ(z) of each entry. Derivative: σ(z) + y (1 - σ(z)).

    Source: S. Elfwing et al., "Sigmoid-Weighted Linear Units" (2017); P. Ramachandran et al.,
    "Searching for Activation Functions" (2017).

    >>> from dlhand import Derivation
    >>> d = Derivation("silu")
    >>> z = d.given("z", ["-1", "0", "3"])
    >>> d.value(d.step("y", silu(z)))
    [-0.26894, 0, 2.8577]
    """
    return apply(SILU, z)


def gelu(z: Operand) -> Quantity:
    """GELU: z Φ(z) of each entry, Φ the `normal` distribution. Derivative: Φ(z) + z φ(z).

    This is the exact one, which PyTorch and Keras take by default, not the approximation by tanh.

    Source: D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units" (2016).

    >>> from dlhand import Derivation
    >>> d = Derivation("gelu")
    >>> z = d.given("z", ["-1", "0", "3"])
    >>> d.value(d.step("y", gelu(z)))
    [-0.15866, 0, 2.9960]
    """
    return apply(GELU, z)


def normal(z: Operand) -> Quantity:
    """Φ(z): the share of the standard normal distribution below each entry. Derivative: φ(z).

    >>> from dlhand import Derivation
    >>> d = Derivation("normal")
    >>> z = d.given("z", ["0", "1.96"])
    >>> d.value(d.step("y", normal(z)))
    [0.5, 0.97500]
    """
    return apply(NORMAL, z)
