"""One unit and one layer: sum, activation, cost, gradients, descent (documents 000, 001, 002).

The numbers of Examples 2 and 3 of document 000 are those of its lines of products, where a dot is
a multiplication sign: 2.1 is 2 times 1.
"""

from __future__ import annotations

from typing import cast

from dlhand import Derivation, dot, relu, sigmoid
from dlhand.calculators.network import Layer, count_parameters, mlp
from dlhand.calculators.perceptron import given_unit, perceptron, weighted_sum
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example

X, W, B, Y = [2, 1, 3], [1, -1, 1], 1, 7


@example("000-neuron", "01_perceptron")
def neuron() -> Derivation:
    """A neuron in four steps: sum, activation, cost, gradient descent."""
    return perceptron(
        X, W, B, "relu", target=Y, alpha="0.01",
        title="A neuron in four steps",
        about="A unit gives 5 where 7 is wanted. In which direction must each weight go, and does "
        "one small step that way help? The document has the formulas; the numbers are ours.",
    )  # fmt: skip


@example("000-neuron-inactive", "01_perceptron")
def inactive_neuron() -> Derivation:
    """A neuron that is switched off learns nothing."""
    return perceptron(
        X, W, -5, "relu", target=Y, alpha="0.01",
        title="A neuron that is switched off",
        about="With bias -5 the sum is negative and the unit puts out 0. What do the gradients say "
        "now? The numbers are ours.",
    )  # fmt: skip


@example("000-neuron-check", "01_perceptron")
def checked_neuron() -> Derivation:
    """A gradient checked by a finite difference."""
    d = perceptron(
        X, W, B, "relu", target=Y,
        title="A gradient checked by a finite difference",
        about="Is the derivative for w1 right? Move w1 a little up and a little down, and see how "
        "much the cost changes for each unit of change. The numbers are ours.",
    )  # fmt: skip
    d.section("How far we move w1")
    h = d.given("h", "0.01")
    costs = []
    for end, w1 in (("up", d["w1"] + h), ("down", d["w1"] - h)):
        d.section(f"The cost with w1 moved {end}")
        w1 = d.step(f"w1_{end}", w1, say=f"the weight, moved {end}")
        x, others = [d[f"x{k}"] for k in (1, 2, 3)], [d["w2"], d["w3"]]
        z = d.step(f"z_{end}", weighted_sum(x, [w1, *others], d["b"]), say="the sum now")
        y_hat = d.step(f"y_hat_{end}", relu(z), say="the output now")
        costs.append(d.step(f"C_{end}", (y_hat - d["y"]) ** 2 / 2, say="the cost now"))
    d.section("The slope between them")
    slope = d.step("q", (costs[0] - costs[1]) / (2 * h), say="change of the cost per change of w1")
    d.step("r", slope - d["dC/dw1"], say="how far it is from the derivative")
    return d


@erratum("000-cost-without-activation", example="000-neuron", line=29)
def cost_without_activation() -> tuple[Derivation, Step, Step]:
    """The second form of the cost leaves the activation out: y is compared with the bare sum."""
    d = Derivation("The cost of an inactive neuron")
    (y,) = d.givens(y=Y)
    z = d.step("z", weighted_sum(*given_unit(d, X, W, -5)), say="the weighted sum: below 0")
    wrong = d.step("C_printed", (y - z) ** 2 / 2, say="as printed: with the sum itself")
    return d, wrong, d.step("C", (y - relu(z)) ** 2 / 2, say="with the output of the unit")


@erratum("000-gradient-without-bias", example="000-neuron", line=33)
def gradient_without_bias() -> tuple[Derivation, Step, Step]:
    """The printed derivatives leave out the bias (and the slope of the activation)."""
    d = perceptron(X, W, B, "relu", target=Y, title="A gradient without its bias")
    d.section("As printed")
    z = d.step("z_printed", d["z"] - d["b"], say="the products without the bias")
    wrong = d.step("g_printed", (d["y"] - z) * -d["x1"], say="the derivative for w1 as printed")
    return d, wrong, cast("Step", d["dC/dw1"])


@example("000-ex1", "01_perceptron")
def forward_pass() -> Derivation:
    """Example 1: one neuron forward, with a negative sum."""
    return perceptron(
        X, W, -5, "relu",
        title="One neuron, forward",
        about="What does a ReLU unit put out when its sum is negative? The figure of the document "
        "is lost; we take the first unit of its Example 2.",
    )  # fmt: skip


@example("000-ex1-active", "01_perceptron")
def active_forward_pass() -> Derivation:
    """Example 1 with another bias: the unit is active."""
    return perceptron(
        X, W, B, "relu",
        title="One active neuron, forward",
        about="The same unit with bias 1, which is ours: now the sum is positive and passes.",
    )  # fmt: skip


LAYER1 = [[1, -1, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]]
BIAS1 = [-5, 0, 1, -2]
LAYER2 = [[1, 1, -1, 0], [0, 0, 1, -1]]
BIAS2 = [0, 1]


@example("000-ex2", "02_multilayer_perceptron")
def four_units() -> Derivation:
    """Example 2: four units on three inputs, line by line."""
    d = Derivation(
        "Four units on three inputs, line by line",
        about="What does each of four units receive? A dot on the page is a multiplication sign: "
        "2.1 is 2 times 1. The inputs and weights are read off the products.",
    )
    d.section("Given")
    x = [d.given(f"x{j}", value) for j, value in enumerate(X, 1)]
    for k, (row, bias) in enumerate(zip(LAYER1, BIAS1, strict=True), 1):
        d.section(f"Unit {k}")
        w = [d.given(f"w{k}{j}", value) for j, value in enumerate(row, 1)]
        b = d.given(f"b{k}", bias)
        d.step(f"z{k}", weighted_sum(x, w, b), say=f"what unit {k} receives")
    return d


@example("000-ex2-matrix", "02_multilayer_perceptron")
def layer_of_units() -> Derivation:
    """Example 2 in matrix form, with the ReLU."""
    return mlp(
        X, [Layer(LAYER1, BIAS1, "relu")],
        title="Four units as one layer",
        about="The four lines are one product: a row of the matrix W1 for each unit. The ReLU "
        "that follows is not printed, but Example 3 goes on with its results.",
    )  # fmt: skip


@example(
    "000-ex2-decimals", "02_multilayer_perceptron", Vary(title="Four units with decimal inputs")
)
def read_as_decimals() -> Derivation:
    """Example 2: why 2.1 is not a decimal number."""
    d = Derivation(
        "What if 2.1 were a decimal number?",
        about="Read as decimal numbers, do the four lines give the printed -1, 3, 5 and 3?",
    )
    d.section("Given")
    first = d.given("p", ["2.1", "2.1", "2.0", "2.1"], say="what stands first in each line")
    second = d.given("q", ["-1.1", "1.1", "1.1", "0.1"], say="what stands second")
    third = d.given("r", ["1.3", "0.3", "1.3", "1.3"], say="what stands third")
    b = d.given("b", BIAS1, say="the biases")
    d.section("The four lines at once")
    d.step("z", first + second + third + b, say="not what the page has: the dots are products")
    return d


@example("000-ex3", "02_multilayer_perceptron")
def hidden_layer() -> Derivation:
    """Example 3: a second layer on the outputs of the first."""
    d = mlp(
        X, [Layer(LAYER1, BIAS1, "relu"), Layer(LAYER2, BIAS2, "relu")],
        title="Two layers, one after the other",
        about="The outputs of the four units are the inputs of two more. Three numbers go in, "
        "four pass between, two come out. The weights are read off the printed products.",
    )  # fmt: skip
    return d


@example("000-ex3-count", "02_multilayer_perceptron")
def parameters_of_two_layers() -> Derivation:
    """Example 3: how many weights and biases the two layers have."""
    return count_parameters(
        [3, 4, 2], title="The parameters of the two layers",
        about="Three inputs, four units, two units: how many numbers does training have to find?",
    )  # fmt: skip


@example("001-perceptron", "01_perceptron")
def perceptron_as_product() -> Derivation:
    """The perceptron as one product of vectors."""
    d = Derivation(
        "The perceptron as a product of vectors",
        about="What does the unit put out? The document has the formula; the numbers are ours.",
    )
    d.section("Given")
    w0, x, w = d.givens(w0=1, X=[2, -1, 3], W=["0.5", 2, "-0.5"])
    d.section("Forward")
    z = d.step("z", w0 + dot(x, w), say="the bias, and each input times its weight")
    d.step("y_hat", sigmoid(z), say="the output: the sum squeezed between 0 and 1")
    return d


@example("002-ann-bias", "01_perceptron", Vary(stays="x0"))
def bias_as_weight() -> Derivation:
    """The bias is a weight whose input is always 1."""
    d = Derivation(
        "The bias as a weight",
        about="Can a bias be treated like the weights? Give it an input x0 that is always 1. The "
        "numbers are ours, but for x0.",
    )
    d.section("Given")
    x = list(d.givens(x0=1, x1=3, x2=-2))
    w = list(d.givens(w0="0.5", w1=2, w2=1))
    d.section("Both ways")
    d.step("y", weighted_sum(x[1:], w[1:], w[0]), say="two weights and a bias")
    d.step("y'", w[0] * x[0] + w[1] * x[1] + w[2] * x[2], say="three weights and no bias: the same")
    return d


@example("002-ann-linear", "01_perceptron")
def linear_unit() -> Derivation:
    """A unit without activation: a linear unit."""
    return perceptron(
        [3, -2], [2, 1], "0.5", "linear", target=4,
        title="A linear unit",
        about="A unit without activation puts out its sum. What are its gradients? The numbers "
        "are ours.",
    )  # fmt: skip


@example("002-ann-leaky", "03_activations_and_losses")
def leaky_unit() -> Derivation:
    """A Leaky ReLU unit still learns when its sum is negative."""
    return perceptron(
        X, W, -5, "leaky_relu", target=Y, alpha="0.1",
        title="A Leaky ReLU unit with a negative sum",
        about="A ReLU unit with a negative sum has gradient 0 and stays as it is. What does a "
        "Leaky ReLU change? The numbers are ours.",
    )  # fmt: skip
