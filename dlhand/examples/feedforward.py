"""Networks of layers: forward, backward, update, and what layers can and cannot do.

The document's Example 4 prints two lines of products and no more; what is missing (inputs, first
weights, biases, learning rate) is our completion.
"""

from __future__ import annotations

from typing import Any

from dlhand import Derivation, dot, relu, sigmoid
from dlhand.calculators.network import Layer, Network, count_parameters, interpolate, mlp, train
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example
from dlhand.operations.quantity import Quantity

X = [2, 1, 3]
W1, B1 = [[0, 1, 1], [1, 1, 0]], [1, 0]
W2, B2 = [[1, -1], [0, 1]], [1, 0]
W3, B3 = [[2, 0], [0, 2], [1, 1]], [0, 0, -10]
TARGET = [0, 1, 0]
ROUNDED = ["0.5", "0.5", 0]
ERRORS = {"z3": "e3", "z2": "e2", "z1": "e1"}


def _layers(b1: Any = B1, b2: Any = B2) -> list[Layer]:
    """The three layers of Example 4, two of ReLU units and a softmax."""
    return [Layer(W1, b1, "relu"), Layer(W2, b2, "relu"), Layer(W3, B3, "softmax")]


def _pass_back(d: Derivation, network: Network, y_hat: Any) -> dict[Quantity, Quantity]:
    """Errors and gradients of Example 4 from an output that was rounded."""
    d.section("The error")
    p, t = d.given("y_hat", y_hat, say="the output, rounded"), d.given("t", TARGET)
    e3 = d.step("e3", p - t, say="what came out, less what is wanted")
    loss = d.step("L", dot(e3, d["z3"]), say="a sum with slope e3, to pass the error back from")
    d.section("Backward")
    back = {name: error for name, error in ERRORS.items() if name != "z3"}
    return d.backward(loss, list(network.parameters.values()), names=back)


@example("000-ex4", "05_backpropagation")
def backpropagation() -> Derivation:
    """Example 4: backpropagation through three layers, with the rounded output of the notes."""
    d = Derivation(
        "Backpropagation through three layers",
        about="How does an error at the output reach every weight of three layers? The notes print "
        "the products with W3 and W2; inputs, first weights, biases and learning rate are ours.",
    )
    d.section("Given")
    network = Network(d, X, _layers())
    alpha = d.given("alpha", "0.1", say="the learning rate")
    d.section("Forward")
    network.forward()
    gradient = _pass_back(d, network, ROUNDED)
    d.section("Update")
    for name, q in network.parameters.items():
        d.step(f"{name}'", q - alpha * gradient[q], say="one step against the gradient")
    return d


@example(
    "000-ex4-exact",
    "05_backpropagation",
    Vary(title="Backpropagation through three layers, without rounding"),
)
def exact_backpropagation() -> Derivation:
    """Example 4 with the exact softmax: loss, gradients, update, loss after it."""
    return train(
        X, _layers(), TARGET, "softmax_cross_entropy", "sgd", 1, names=ERRORS, alpha="0.1",
        title="Example 4 without rounding",
        about="The output is not quite (0.5, 0.5, 0). What are loss and gradients exactly, and "
        "does one step make the loss smaller? Inputs, first weights, biases and learning rate are "
        "ours.",
    )  # fmt: skip


@example("000-ex4-mask", "05_backpropagation")
def masked_backpropagation() -> Derivation:
    """Example 4 with units that are switched off: the step that the notes leave out."""
    return mlp(
        X, _layers(b1=[1, -4], b2=[-8, 2]), TARGET, "softmax_cross_entropy", names=ERRORS,
        title="Backpropagation past units that are switched off",
        about="With other biases, which are ours, one unit of each hidden layer puts out 0. What "
        "becomes of the error that is passed back to it?",
    )  # fmt: skip


@example(
    "000-ex4-check", "05_backpropagation", Vary(title="A gradient checked by a finite difference")
)
def checked_backpropagation() -> Derivation:
    """Example 4: one gradient checked by a finite difference."""
    d = Derivation(
        "A gradient of Example 4 checked by a finite difference",
        about="Is the derivative for the second weight of W2's first row right? Move that weight a "
        "little up and a little down, and run the whole network each time.",
    )
    d.section("Given")
    network = Network(d, X, _layers())
    t, h = d.given("t", TARGET), d.given("h", "0.001", say="how far we move the weight")
    place = d.given("D", [[0, 1], [0, 0]], say="which weight we move")
    losses, w2 = {}, network.parameters["W2"]
    for mark, moved in (("", None), ("_up", w2 + h * place), ("_down", w2 - h * place)):
        d.section(f"Forward{mark and ', the weight moved ' + mark[1:]}")
        now = dict(network.parameters)
        if moved is not None:
            now["W2"] = d.step(f"W2{mark}", moved, say="the moved weight among the others")
        losses[mark] = network.loss("softmax_cross_entropy", t, network.forward(now, mark), mark)
    d.section("The slope between them, and the derivative")
    d.step("q", (losses["_up"] - losses["_down"]) / (2 * h), say="change of loss per change of it")
    d.backward(losses[""], [w2], names=ERRORS)
    return d


@erratum("000-no-mask", example="000-ex4", line=100)
def no_mask() -> tuple[Derivation, Step, Step]:
    """The error passes a ReLU layer unchanged: the factor 0 of inactive units is left out."""
    d = Derivation("The error behind a layer with an inactive unit")
    network = Network(d, X, _layers(b2=[-8, 2]))
    network.forward()
    gradient = _pass_back(d, network, ROUNDED)
    d.section("As printed, and right")
    w2 = network.parameters["W2"]
    wrong = d.step("a1_printed", w2.T @ gradient[d["a2"]], say="W2 and the error before the mask")
    return d, wrong, d.step("a1_right", w2.T @ gradient[d["z2"]], say="W2 and the masked error")


@example("001-mlp", "02_multilayer_perceptron")
def multilayer_perceptron() -> Derivation:
    """Three inputs, four hidden units, two outputs, and the same with columns."""
    d = Derivation(
        "A network of 3, 4 and 2 units, in rows and in columns",
        about="Document 001 multiplies a row of inputs by a matrix that has a column for each "
        "unit; documents 000 and 003 do it the other way round. Is it the same? The numbers and "
        "the two outputs are ours.",
    )
    d.section("Given")
    x, w1, b1, w2, b2 = d.givens(
        x=[1, 2, 1], W1=[[1, 0, -1, 2], [0, 1, 1, -1], [1, 1, 0, 1]], b1=[0, -1, -2, 1],
        W2=[[1, 0], [0, 1], [1, 1], [-1, 2]], b2=[1, 0],
    )  # fmt: skip
    d.section("In rows, as in document 001")
    z = d.step("z", x @ w1 + b1, say="what the four hidden units receive")
    a = d.step("a", relu(z), say="what they put out")
    d.step("y", a @ w2 + b2, say="the two outputs")
    d.section("In columns, as in documents 000 and 003: the matrices are transposed")
    z = d.step("z_c", w1.T @ x + b1, say="the same as z")
    a = d.step("a_c", relu(z), say="the same as a")
    d.step("y_c", w2.T @ a + b2, say="the same outputs")
    return d


@example("001-mlp-count", "02_multilayer_perceptron")
def parameters() -> Derivation:
    """The parameters of a network of 3, 4 and 2 units."""
    return count_parameters(
        [3, 4, 2], title="The parameters of the network",
        about="How many numbers does training have to find? The number of outputs, 2, is ours.",
    )  # fmt: skip


@example("001-backprop", "05_backpropagation")
def chain_rule() -> Derivation:
    """The chain rule on a network of one unit after the other."""
    d = Derivation(
        "The chain rule, link by link",
        about="The input passes one weight, then another; how does the loss change with each? The "
        "figure of the document is lost; the numbers are ours.",
    )
    d.section("Given")
    x, w1, w2, y = d.givens(x=2, w1="1.5", w2=-1, y=1)
    d.section("Forward")
    z1 = d.step("z1", w1 * x, say="the hidden unit: the input, weighted")
    y_hat = d.step("y_hat", w2 * z1, say="the output: the hidden unit, weighted")
    loss = d.step("J", (y_hat - y) ** 2, say="the loss: the squared error")
    d.section("Backward: each link, and the product of links")
    d.backward(loss, [w1, w2], local=True)
    return d


SCALARS = {"W1": 5, "W2": 3, "W3": 2, "b1": 1, "b2": 2, "b3": 3, "x": 1}


def _by_layers(d: Derivation) -> dict[str, Quantity]:
    """The three linear layers with single numbers, layer by layer."""
    d.section("Given")
    g: dict[str, Quantity] = {name: d.given(name, value) for name, value in SCALARS.items()}
    d.section("Layer by layer")
    g["z1"] = d.step("z1", g["W1"] * g["x"] + g["b1"], say="the first layer")
    g["z2"] = d.step("z2", g["W2"] * g["z1"] + g["b2"], say="the second layer, on the first")
    g["y_hat"] = d.step("y_hat", g["W3"] * g["z2"] + g["b3"], say="the third, on the second")
    return g


@example("003-linear-collapse", "02_multilayer_perceptron")
def linear_collapse() -> Derivation:
    """Three layers without activations are one layer."""
    d = Derivation(
        "Three linear layers are one",
        about="Do more layers help when no unit has an activation? We put the layers into one "
        "another. The numbers are ours.",
    )
    g = _by_layers(d)
    d.section("The second layer put into the third, then the first into both")
    w, b = g["W3"] * g["W2"], g["W3"] * g["b2"] + g["b3"]
    d.step("y_2", w * g["z1"] + b, say="the same output from z1")
    d.step("y_1", w * g["W1"] * g["x"] + w * g["b1"] + b, say="the same output from x")
    d.section("One layer")
    whole = d.step("W", w * g["W1"], say="the product of all weights")
    bias = d.step("b", w * g["b1"] + b, say="each bias goes through the weights after it")
    d.step("y", whole * g["x"] + bias, say="one layer gives the same")
    return d


@example("003-linear-collapse-matrix", "02_multilayer_perceptron")
def linear_collapse_of_matrices() -> Derivation:
    """Three linear layers of several units are one layer."""
    linear = [Layer(w, b, "linear") for w, b in MATRICES]
    d = mlp(
        [1, -1], linear,
        title="Three linear layers of several units are one",
        about="The same with matrices: two inputs, layers of 3, 2 and 2 units. The numbers are "
        "ours.",
    )  # fmt: skip
    d.section("One layer")
    w1, w2, w3 = [d[f"W{k}"] for k in (1, 2, 3)]
    w = d.step("W", w3 @ w2 @ w1, say="the product of all matrices, the last one first")
    b = d.step("b", w3 @ w2 @ d["b1"] + w3 @ d["b2"] + d["b3"],
               say="each bias goes through the matrices after it")  # fmt: skip
    d.step("y", w @ d["x"] + b, say="the same as the output of the third layer")
    return d


MATRICES = [
    ([[1, 2], [0, -1], [3, 1]], [1, 0, -1]),
    ([[1, 0, 2], [-1, 1, 1]], [0, 2]),
    ([[2, 1], [1, -1]], [1, 1]),
]


@erratum("003-collapse-inner-bias", example="003-linear-collapse", line=5)
def inner_bias() -> tuple[Derivation, Step, Step]:
    """The bias of the second layer is not multiplied by the weight of the third."""
    d = Derivation("The second layer put into the third")
    g = _by_layers(d)
    d.section("As printed, and right")
    w = g["W3"] * g["W2"]
    wrong = d.step("y_printed", w * g["z1"] + g["b2"] + g["b3"], say="as printed")
    right = d.step("y_2", w * g["z1"] + g["W3"] * g["b2"] + g["b3"], say="b2 passes W3")
    return d, wrong, right


@erratum("003-collapse-bias", example="003-linear-collapse", line=8)
def collapsed_bias() -> tuple[Derivation, Step, Step]:
    """The bias of the collapsed layer is not the sum of the biases: each passes later weights."""
    d = Derivation("The bias of the collapsed layer")
    g = _by_layers(d)
    d.section("As printed, and right")
    w, wx = g["W3"] * g["W2"], g["W3"] * g["W2"] * g["W1"] * g["x"]
    wrong = d.step("y_printed", wx + (g["b1"] + g["b2"] + g["b3"]), say="as printed")
    return d, wrong, d.step("y_right", wx + (w * g["b1"] + g["W3"] * g["b2"] + g["b3"]),
                            say="b1 passes W2 and W3, b2 passes W3")  # fmt: skip


def _square(x: Quantity) -> Quantity:
    return x**2


@example(
    "003-universal-approx",
    "02_multilayer_perceptron",
    Vary(stays="a b M", among={"x": [f"{k}/16" for k in range(1, 16, 2)]}),
)
def approximation() -> Derivation:
    """One hidden layer of eight ReLU units draws a parabola."""
    d = interpolate(
        _square, 0, 1, 8, "1/16",
        title="Eight ReLU units draw a parabola",
        about="A hidden layer can come as near to a continuous function as we like, on a bounded "
        "interval. How near do eight units come to x² from 0 to 1? We look half-way between two "
        "knots, where the error is largest. The example is ours.",
    )  # fmt: skip
    d.section("The largest error there can be")
    m = d.given("M", 2, say="the second derivative of x², which is 2 everywhere")
    d.step("bound", m * d["h"] ** 2 / 8, say="what bends by M is off a line by this at most")
    return d


@example(
    "003-universal-approx-finer",
    "02_multilayer_perceptron",
    Vary(stays="a b", among={"x": [f"{k}/32" for k in range(1, 32, 2)]}),
)
def finer_approximation() -> Derivation:
    """Sixteen units instead of eight: a quarter of the error."""
    return interpolate(
        _square, 0, 1, 16, "1/32",
        title="Sixteen ReLU units draw a parabola",
        about="Twice as many units, half-way between knots again. With eight the error was 1/256: "
        "what is it now? The example is ours.",
    )  # fmt: skip


@example(
    "003-universal-approx-outside",
    "02_multilayer_perceptron",
    Vary(
        stays="a b",
        among={"x": [2, 3, 5, 10, 20, 50]},
        title="The same network outside its interval",
    ),
)
def approximation_outside() -> Derivation:
    """The same network far outside its interval."""
    return interpolate(
        _square, 0, 1, 8, 100,
        title="The same network at x = 100",
        about="The document says that the error is small for all x. Beyond the last knot the "
        "network goes on in a straight line: how far is it off at 100? The example is ours.",
    )  # fmt: skip


@erratum("003-approximation-everywhere", example="003-universal-approx", line=16)
def approximation_everywhere() -> tuple[Derivation, Step, Step]:
    """The error is small on a bounded interval, not for all x (and for every ε, not for some)."""
    d = interpolate(_square, 0, 1, 8, 100)
    m = d.given("M", 2, say="the second derivative of x²")
    printed = d.step("bound", m * d["h"] ** 2 / 8, say="how small it is said to be for all x")
    return d, printed, d.step("e", d["f"] - d["g"], say="how large it is at x = 100")


@example("004-dense", "02_multilayer_perceptron")
def dense_layer() -> Derivation:
    """A dense layer on a batch of two samples."""
    d = Derivation(
        "A dense layer on a batch",
        about="What does the layer of the code compute for two samples at once? Each row of the "
        "inputs is a sample; the bias is added to every row. The numbers are ours.",
    )
    d.section("Given")
    inputs, w, b = d.givens(inputs=[[1, 2], [0, -1]], W=[[1, 0, -2], [-1, 1, 1]], b=[[0, 1, -1]])
    d.section("Forward")
    z = d.step("z", inputs @ w + b, say="a row for each sample, a column for each unit")
    d.step("output", sigmoid(z), say="each entry squeezed between 0 and 1")
    return d


@example("004-multi-output", "02_multilayer_perceptron")
def multi_output() -> Derivation:
    """Two dense layers without activation are one product of matrices."""
    d = Derivation(
        "Two dense layers without activation",
        about="The code stacks Dense(n) and Dense(2) with no activation between. What is lost? We "
        "take n = 3 and numbers of our own.",
    )
    d.section("Given")
    x, w1, b1, w2, b2 = d.givens(
        x=[[1, 2], [0, -1]], W1=[[1, 0, -2], [-1, 1, 1]], b1=[0, 1, -1],
        W2=[[1, 1], [0, 2], [-1, 0]], b2=[1, 0],
    )  # fmt: skip
    d.section("Two layers")
    hidden = d.step("h", x @ w1 + b1, say="the first layer: three units")
    d.step("y", hidden @ w2 + b2, say="the second layer: two units")
    d.section("One layer")
    w = d.step("W", w1 @ w2, say="both matrices in one: the three units are gone")
    b = d.step("b", b1 @ w2 + b2, say="both biases in one")
    d.step("y'", x @ w + b, say="the same outputs")
    return d


@example("004-train-loop", "06_optimisers")
def training_loop() -> Derivation:
    """The training loop as steps by hand."""
    return train(
        [[1, 2], [3, 0]], [Layer([["0.5", "-0.5"]], [0], "linear")], [[1], [2]],
        "mean_squared_error", "sgd", 2, alpha="0.1",
        title="Two rounds of the training loop",
        about="Forward, loss, gradients, update: what does each line of the loop compute? A "
        "linear unit, two samples, numbers of our own.",
    )  # fmt: skip


@example("004-train-loop-outside", "06_optimisers")
def forward_outside_the_tape() -> Derivation:
    """The training loop with the forward pass outside the tape."""
    d = Derivation(
        "The forward pass outside the tape",
        about="The code computes the prediction before the tape starts to record. The tape then "
        "sees a bare number: the weights stand in no recorded formula. How far does the gradient "
        "get? The numbers are those of the loop, one sample.",
    )
    d.section("Before the tape: nothing is recorded")
    d.givens(x=[1, 2], W=["0.5", "-0.5"])
    prediction = d.given("p", "-0.5", say="the prediction, a number like any other")
    y = d.given("y", 1, say="the target")
    d.section("On the tape")
    loss = d.step("J", (prediction - y) ** 2, say="the loss: it is made of p and y alone")
    d.section("Gradients")
    d.backward(loss, [prediction])
    return d
