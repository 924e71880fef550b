"""Functions of one number, entry by entry: exponentials, activations, steps, comparisons."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from dlhand.errors import GivenError
from dlhand.numbers.exact import read_number
from dlhand.operations.gradient import minus, operands, over, times
from dlhand.operations.notation import (
    BARS,
    FLOOR_BARS,
    ROUND,
    SQUARE,
    Argument,
    Box,
    Call,
    Fenced,
    Number,
    Parameters,
    Pattern,
    Root,
    Script,
    Sign,
    Word,
    row,
)
from dlhand.operations.python import Python, number
from dlhand.operations.quantity import Operand, Quantity, apply, constant, operators
from dlhand.operations.slips import (
    PLAIN,
    SELDOM,
    USUAL,
    Instead,
    Slip,
    becomes,
    exchanged,
    filled,
    operand,
)
from dlhand.operations.table import Operation

_ZERO = Fraction(0)


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


FORGOTTEN = "activation forgotten"
OTHER = "another activation"
TURNED = "sign of the argument turned"


def _not_applied(cost: float = PLAIN) -> Slip:
    """The slip by which a function is not applied at all."""
    return Slip(FORGOTTEN, operand(0), cost)


def _mistaken_for(*others: Callable[[Any], Quantity], cost: float = USUAL) -> Slip:
    """The slip by which another function is taken."""
    return Slip(OTHER, lambda q: [Instead(f(*operands(q))) for f in others], cost)


def _of_the_negative(q: Quantity) -> list[Instead]:
    return [Instead(apply(q.form.op, -operands(q)[0], params=q.form.params))]


_NEGATED = Slip(TURNED, _of_the_negative, SELDOM)


_MASK = Slip("mask forgotten", filled(1), PLAIN)
_OTHER_WAY = Slip("comparison turned round", exchanged, SELDOM)


def _in_degrees(q: Quantity) -> list[Instead]:
    """The angle as if it were given in degrees: times π/180, to the digits of a float."""
    return [Instead(apply(q.form.op, operands(q)[0] * constant(_DEGREE)))]


_DEGREE = Fraction(3141592653589793, 180 * 10**15)


def _bases(q: Quantity) -> list[Instead]:
    """Another base of a logarithm: 10 or 2."""
    return [Instead(q / apply(LOG, constant(base))) for base in (10, 2)]


def _of_parameter(name: Word) -> Box:
    """A function with its parameter below its name."""
    return row(Script(name, low=Parameters()), Fenced(ROUND, Argument(0)))


def _truth(sign: Sign, right: Box) -> Box:
    """1 where a comparison holds, else 0: Iverson's brackets."""
    return Fenced(SQUARE, row(Argument(0), sign, right))


EXP = Operation(
    "exp",
    value=lambda ar, params, a: ar.exp(a),
    gradient=lambda g, args, out, params: (times(g, out),),
    notation=Pattern(Script(Word("e", "e"), high=Argument(0)), "exp({0})"),
    slips=(Slip("exponential forgotten", operand(0), PLAIN), _NEGATED),
)
LOG = Operation(
    "log",
    value=lambda ar, params, a: ar.log(a),
    gradient=lambda g, args, out, params: (over(g, args[0]),),
    notation=Call(r"\ln", "ln", "log"),
    slips=(
        Slip("logarithm forgotten", operand(0), USUAL),
        Slip("another base", _bases, USUAL),
    ),
)
SQRT = Operation(
    "sqrt",
    value=lambda ar, params, a: ar.sqrt(a),
    gradient=lambda g, args, out, params: (over(g, times(constant(2), out)),),
    notation=Root(),
    slips=(Slip("root forgotten", operand(0), PLAIN),),
)
SIN = Operation(
    "sin",
    value=lambda ar, params, a: ar.sin(a),
    gradient=lambda g, args, out, params: (times(g, cos(args[0])),),
    notation=Call(r"\sin", "sin", "sin"),
    slips=(
        Slip("sine and cosine exchanged", becomes(lambda a: cos(a)), PLAIN),
        Slip("degrees for radians", lambda q: _in_degrees(q), SELDOM),
    ),
)
COS = Operation(
    "cos",
    value=lambda ar, params, a: ar.cos(a),
    gradient=lambda g, args, out, params: (minus(times(g, sin(args[0]))),),
    notation=Call(r"\cos", "cos", "cos"),
    slips=(
        Slip("sine and cosine exchanged", becomes(lambda a: sin(a)), PLAIN),
        Slip("degrees for radians", lambda q: _in_degrees(q), SELDOM),
    ),
)
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
        _not_applied(),
        _mistaken_for(lambda z: tanh(z)),
        _mistaken_for(lambda z: relu(z), cost=SELDOM),
        _NEGATED,
    ),
)
TANH = Operation(
    "tanh",
    value=lambda ar, params, z: ar.tanh(z),
    gradient=lambda g, args, out, params: (times(g, 1 - out**2),),
    notation=Call(r"\tanh", "tanh", "tanh"),
    slips=(
        _not_applied(),
        _mistaken_for(lambda z: sigmoid(z)),
        _mistaken_for(lambda z: relu(z), cost=SELDOM),
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
    slips=(_not_applied(), _mistaken_for(lambda z: absolute(z), lambda z: sigmoid(z), cost=SELDOM)),
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
    slips=(_not_applied(), _mistaken_for(lambda z: relu(z))),
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
        _of_parameter(Word(r"\operatorname{LReLU}'", "LReLU'", "LReLU′")), "leaky_slope({0}, {p})"
    ),
    slips=(_MASK, _mistaken_for(lambda z: heaviside(z))),
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
        _not_applied(),
        _mistaken_for(lambda z: relu(z), lambda z: normal(z), lambda z: silu(z)),
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
        _not_applied(),
        _mistaken_for(lambda z: sigmoid(z), lambda z: relu(z), lambda z: gelu(z)),
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
    slips=(_not_applied(), _mistaken_for(lambda z: relu(z), lambda z: apply(EXP, z))),
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
    slips=(_not_applied(), _mistaken_for(lambda z: relu(z))),
)
ABSOLUTE = Operation(
    "absolute",
    value=lambda ar, params, a: ar.maximum(a, ar.neg(a)),
    gradient=lambda g, args, out, params: (times(g, sign(args[0])),),
    notation=Pattern(Fenced(BARS, Argument(0)), "abs({0})"),
    slips=(Slip("bars forgotten", operand(0), PLAIN),),
)
SIGN = Operation(
    "sign",
    value=lambda ar, params, a: ar.sub(ar.heaviside(a), ar.heaviside(ar.neg(a))),
    python=Python(
        '''
        def sign(z):
            """1 where z is above 0, -1 where it is below, 0 at 0."""
            return 1.0 * (z > 0) - 1.0 * (z < 0)
        ''',
    ),
    gradient=lambda g, args, out, params: (None,),
    notation=Call(r"\operatorname{sign}", "sign", "sign"),
    slips=(Slip("sign forgotten", operand(0), USUAL),),
)
HEAVISIDE = Operation(
    "heaviside",
    value=lambda ar, params, z: ar.heaviside(z),
    python=Python(
        '''
        def heaviside(z):
            """1 where z is above 0, else 0."""
            return 1.0 * (z > 0)
        ''',
    ),
    gradient=lambda g, args, out, params: (None,),
    notation=Pattern(_truth(Sign(">", ">"), Number("0")), "heaviside({0})"),
    slips=(_MASK, _NEGATED),
)
GREATER: Operation = Operation(
    "greater",
    value=lambda ar, params, a, b: ar.heaviside(ar.sub(a, b)),
    python=Python(
        '''
        def greater(a, b):
            """1 where a is above b, else 0."""
            return 1.0 * (a > b)
        ''',
    ),
    gradient=lambda g, args, out, params: (None, None),
    notation=Pattern(_truth(Sign(">", ">"), Argument(1)), "greater({0}, {1})"),
    slips=(_MASK, _OTHER_WAY),
)
AT_LEAST = Operation(
    "at_least",
    value=lambda ar, params, a, b: ar.sub(ar.number(Fraction(1)), ar.heaviside(ar.sub(b, a))),
    python=Python(
        '''
        def at_least(a, b):
            """1 where a is b or more, else 0."""
            return 1.0 * (a >= b)
        ''',
    ),
    gradient=lambda g, args, out, params: (None, None),
    notation=Pattern(_truth(Sign(r"\ge", "≥"), Argument(1)), "at_least({0}, {1})"),
    slips=(_MASK, _OTHER_WAY),
)
MAXIMUM = Operation(
    "maximum",
    value=lambda ar, params, a, b: ar.maximum(a, b),
    gradient=lambda g, args, out, params: (
        times(g, apply(GREATER, args[0], args[1])),
        times(g, apply(GREATER, args[1], args[0])),
    ),
    notation=Call(r"\max", "max", "max", "np.maximum"),
    slips=(
        Slip("smaller for larger", becomes(lambda a, b: minimum(a, b)), PLAIN),
        Slip("one side taken", operand(0), USUAL),
        Slip("one side taken", operand(1), USUAL),
    ),
)

MINIMUM = Operation(
    "minimum",
    value=lambda ar, params, a, b: ar.neg(ar.maximum(ar.neg(a), ar.neg(b))),
    gradient=lambda g, args, out, params: (
        times(g, apply(GREATER, args[1], args[0])),
        times(g, apply(GREATER, args[0], args[1])),
    ),
    notation=Call(r"\min", "min", "min", "np.minimum"),
    slips=(
        Slip("larger for smaller", becomes(lambda a, b: maximum(a, b)), PLAIN),
        Slip("one side taken", operand(0), USUAL),
        Slip("one side taken", operand(1), USUAL),
    ),
)
FLOOR = Operation(
    "floor",
    value=lambda ar, params, a: ar.floor(a),
    gradient=lambda g, args, out, params: (None,),
    notation=Pattern(Fenced(FLOOR_BARS, Argument(0)), "floor({0})"),
    slips=(
        Slip("not rounded down", operand(0), PLAIN),
        Slip("rounded up", becomes(lambda a: -floor(-a)), PLAIN),
    ),
)

operators.exp, operators.log, operators.absolute = EXP, LOG, ABSOLUTE


def exp(x: Operand) -> Quantity:
    """The exponential e^x of each entry.

    >>> exp(1).shape
    ()
    """
    return apply(EXP, x)


def log(x: Operand) -> Quantity:
    """The natural logarithm of each entry; its value is undefined where one is not positive.

    >>> from dlhand import Derivation
    >>> d = Derivation("log")
    >>> x = d.given("x", ["1", "10"])
    >>> d.value(d.step("y", log(x)))
    [0, 2.3026]
    """
    return apply(LOG, x)


def sqrt(x: Operand) -> Quantity:
    """The square root of each entry; undefined where one is negative.

    >>> from dlhand import Derivation
    >>> d = Derivation("sqrt")
    >>> x = d.given("x", ["9", "2"])
    >>> d.value(d.step("y", sqrt(x)))
    [3, 1.4142]
    """
    return apply(SQRT, x)


def sin(x: Operand) -> Quantity:
    """The sine of each entry (radians).

    >>> from dlhand import Derivation
    >>> d = Derivation("sin")
    >>> x = d.given("x", ["0", "1"])
    >>> d.value(d.step("y", sin(x)))
    [0, 0.84147]
    """
    return apply(SIN, x)


def cos(x: Operand) -> Quantity:
    """The cosine of each entry (radians).

    >>> from dlhand import Derivation
    >>> d = Derivation("cos")
    >>> x = d.given("x", ["0", "1"])
    >>> d.value(d.step("y", cos(x)))
    [1, 0.54030]
    """
    return apply(COS, x)


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


def absolute(a: Operand) -> Quantity:
    """|a| of each entry, as ``abs(a)``. Derivative: the `sign`, which is 0 at 0 by convention.

    >>> from dlhand import Derivation
    >>> d = Derivation("absolute")
    >>> a = d.given("a", ["-2", "3"])
    >>> d.value(d.step("y", absolute(a)))
    [2, 3]
    """
    return apply(ABSOLUTE, a)


def sign(a: Operand) -> Quantity:
    """1 where a > 0, -1 where a < 0, 0 where a = 0. It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("sign")
    >>> a = d.given("a", ["-2", "0", "3"])
    >>> d.value(d.step("y", sign(a)))
    [-1, 0, 1]
    """
    return apply(SIGN, a)


def heaviside(z: Operand) -> Quantity:
    """1 where z > 0, else 0. It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("heaviside")
    >>> z = d.given("z", ["-2", "0", "3"])
    >>> d.value(d.step("y", heaviside(z)))
    [0, 0, 1]
    """
    return apply(HEAVISIDE, z)


def greater(a: Operand, b: Operand) -> Quantity:
    """1 where a > b, else 0 (ties give 0). It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("greater")
    >>> a = d.given("a", ["1", "2", "3"])
    >>> d.value(d.step("y", greater(a, 2)))
    [0, 0, 1]
    """
    return apply(GREATER, a, b)


def at_least(a: Operand, b: Operand) -> Quantity:
    """1 where a ≥ b, else 0. It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("at_least")
    >>> a = d.given("a", ["1", "2", "3"])
    >>> d.value(d.step("y", at_least(a, 2)))
    [0, 1, 1]
    """
    return apply(AT_LEAST, a, b)


def maximum(a: Operand, b: Operand) -> Quantity:
    """The larger of two, entry by entry.

    The gradient goes to the larger one; at a tie it goes to neither, by convention.

    >>> from dlhand import Derivation
    >>> d = Derivation("maximum")
    >>> a = d.given("a", ["1", "5"])
    >>> d.value(d.step("y", maximum(a, 3)))
    [3, 5]
    """
    return apply(MAXIMUM, a, b)


def minimum(a: Operand, b: Operand) -> Quantity:
    """The smaller of two, entry by entry.

    The gradient goes to the smaller one; at a tie it goes to neither, by convention.

    >>> from dlhand import Derivation
    >>> d = Derivation("minimum")
    >>> a = d.given("a", ["1", "5"])
    >>> d.value(d.step("y", minimum(a, 3)))
    [1, 3]
    """
    return apply(MINIMUM, a, b)


def floor(x: Operand) -> Quantity:
    """The largest whole number that is not above each entry. It is flat: no gradient flows.

    >>> from dlhand import Derivation
    >>> d = Derivation("floor")
    >>> x = d.given("x", ["2.7", "-2.7"])
    >>> d.value(d.step("y", floor(x)))
    [2, -3]
    """
    return apply(FLOOR, x)
