"""Vanilla recurrent networks: one step, a whole sequence, backpropagation through time.

Documents 001 (formulas), 003 (the worked example with two time steps) and 004 (code).
"""

from __future__ import annotations

from dlhand import Derivation, tanh
from dlhand.calculators.activations import tanh_by_hand
from dlhand.calculators.recurrent import rnn, rnn_cell
from dlhand.calculators.unrolling import At, Plan, State, Weights, add, read_off, times, unroll
from dlhand.calculators.wanted import require_counts
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example
from dlhand.operations.quantity import Quantity

WORDS = {
    "W_xh": [["0.5", "-0.3"], ["0.2", "0.4"]],
    "W_hh": [["0.1", "-0.2"], ["0.3", "0.2"]],
    "W_hy": ["1", "-1"],
}


RNN = rnn_cell()


def _turned(d: Derivation, at: At, x: Quantity, before: State, w: Weights) -> State:
    """The step with weights that are stored as inputs times units."""
    return RNN.step(d, at, x, before, {name: w[name].T for name in ("W_xh", "W_hh")})


@example("001-rnn", "11_rnn")
def two_words() -> Derivation:
    """A recurrent network on two words, with backpropagation through time."""
    return unroll(
        RNN._replace(step=_turned), [[1, 0], [0, 1]], WORDS,
        how=Plan(["0.5", "-0.5"], rate="0.1", again=True),
        title="A recurrent network reads two words",
        about="How does a network with a memory read a sequence, and how does the loss reach its "
        "weights, which serve at every step? Each word is a one-hot vector; the weights are stored "
        "as inputs times units, so they are transposed. The document has only the formulas: the "
        "numbers are ours.",
    )  # fmt: skip


@example("001-rnn-vanishing", "17_vanishing_gradients")
def fading_memory() -> Derivation:
    """How little of a gradient is left after four time steps of a recurrent network."""
    d = rnn(
        [1, 0, 0, 0], {"W_xh": "0.5", "W_hh": "0.5"}, targets=[None, None, None, 1],
        title="The gradient fades on its way back through time",
        about="The only input that is not 0 comes first, the only target last. How much of the "
        "gradient at the last state is left at the first? Each step back multiplies it by the "
        "weight and by the slope of tanh, and both are below 1. The numbers are ours.",
    )  # fmt: skip
    d.section("What is left")
    d.step("r", d["dE/dh_1"] / d["dE/dh_4"], say="the share of the gradient that came through")
    return d


TINY = {"W_xh": "0.5", "W_hh": "0.4", "W_hy": "2"}


@example("003-rnn-types-one-to-one", "11_rnn")
def one_to_one() -> Derivation:
    """One input, one output: no sequence at all, as in classifying an image."""
    return rnn(
        ["0.8"], TINY, targets=[1], title="One to one: an image and its class",
        about="What is left of a recurrent network when the sequence has one step? A plain network "
        "with one hidden layer. The numbers are ours.",
    )  # fmt: skip


@example("003-rnn-types-one-to-many", "11_rnn")
def one_to_many() -> Derivation:
    """One input, many outputs: each output is the next input, as in captioning an image."""
    d = Derivation(
        "One to many: a caption for an image",
        about="How can one input give a sequence? What the network puts out goes in as the next "
        "input, word by word. The numbers are ours.",
    )
    d.section("Given")
    w = {name: d.given(name, value) for name, value in TINY.items()}
    x: Quantity = d.given("x_1", "0.8", say="the image; it is seen once")
    h: Quantity = d.given("h_0", 0)
    for t in (1, 2, 3):
        d.section(f"Forward @ t={t}")
        (h,) = RNN.step(d, At(t), x, (h,), w)
        y = read_off(d, At(t), h, w)
        if t < 3:
            x = d.step(f"x_{t + 1}", y, say="the output is the next input")
    return d


@example("003-rnn-types-many-to-one", "11_rnn")
def many_to_one() -> Derivation:
    """Many inputs, one output: a loss at the end only, as for the mood of a sentence."""
    return rnn(
        ["0.8", "-0.5", "0.2"], TINY, targets=[None, None, 1],
        title="Many to one: the mood of a sentence",
        about="Only the last output counts. How do the earlier words get a gradient? Through the "
        "states alone. The numbers are ours.",
    )  # fmt: skip


@example("003-rnn-types-many-to-many", "11_rnn")
def many_to_many() -> Derivation:
    """Many inputs, an output for each: a loss at every step, as for a label on every frame."""
    return rnn(
        ["0.8", "-0.5", "0.2"], TINY, targets=[1, 0, "0.5"],
        title="Many to many, in step: a label for each frame of a video",
        about="Every step has an output and a loss. How do they meet in one gradient? The state's "
        "gradient is the sum of what comes from its own output and from the next state. The "
        "numbers are ours.",
    )  # fmt: skip


DECODER = {"V_xh": "0.3", "V_hh": "0.6", "V_hy": "1.5"}


@example("003-rnn-types-translation", "11_rnn")
def translation() -> Derivation:
    """Many inputs, then many outputs: the whole sentence is read first, as in translation."""
    d = Derivation(
        "Many to many, one after the other: translation",
        about="The whole sentence must be read before the first word can be put out. All that "
        "the second network knows of it is the last state of the first. The numbers are ours.",
    )
    d.section("Given")
    w = {name: d.given(name, TINY[name], say="of the reader") for name in ("W_xh", "W_hh")}
    v = {f"W{name[1:]}": d.given(name, DECODER[name], say="of the writer") for name in DECODER}
    h: Quantity = d.given("h_0", 0, say="nothing has been read yet")
    x: Quantity = d.given("x_3", 1, say="the sign to begin with writing")
    for t, word in enumerate(("0.8", "-0.5"), 1):
        d.section(f"Reading @ t={t}")
        x_t = d.given(f"x_{t}", word, say="a word of the sentence")
        (h,) = RNN.step(d, At(t), x_t, (h,), w)
    for t in (3, 4):
        d.section(f"Writing @ t={t}")
        (h,) = RNN.step(d, At(t), x, (h,), v)
        y = read_off(d, At(t), h, v)
        if t < 4:
            x = d.step(f"x_{t + 1}", y, say="the word just written is the next input")
    return d


FOUR_UNITS = {
    "W_xh": [["0.5", 0, 0], [0, "0.5", 0], [0, 0, "0.5"], ["0.1", "0.1", "0.1"]],
    "W_hh": [["0.2", 0, 0, "0.1"], [0, "0.2", 0, "0.1"], [0, 0, "0.2", "0.1"], [0, 0, 0, "0.3"]],
    "W_hy": [[1, 0, "-1", 0], [0, 1, 0, "-1"]],
}


@example("003-rnn-formula", "11_rnn")
def shapes() -> Derivation:
    """The shapes in a recurrent network: 3 inputs, 4 units, 2 outputs, two time steps."""
    return rnn(
        [[1, 0, 2], [0, 1, -1]], FOUR_UNITS,
        title="The shapes in a recurrent network",
        about="Which matrix has which shape, and what is shared? Two steps of a network with 3 "
        "inputs, 4 units and 2 outputs: the same three matrices serve at both. The document has "
        "dots for numbers; these are ours.",
    )  # fmt: skip


@example("003-rnn-formula-count", "11_rnn")
def count() -> Derivation:
    """How many weights a recurrent network has, whatever the length of the sequence."""
    d = Derivation(
        "The weights of a recurrent network, counted",
        about="How many numbers must be learnt? The length of the sequence does not matter, since "
        "every time step uses the same three matrices.",
    )
    n, k, m = d.givens(n=4, k=3, m=2)
    n.say, k.say, m.say = "units, the length of h", "inputs, the length of x", "outputs"
    hh = d.step("N_hh", n * n, say="from state to state: a row and a column for each unit")
    xh = d.step("N_xh", n * k, say="from input to state: a row for each unit")
    hy = d.step("N_hy", m * n, say="from state to output: a row for each output")
    d.step("N", hh + xh + hy, say="all weights; there is no bias")
    require_counts(d, "n", "k", "m")
    return d


NOTES = {
    "W_xh": [["0.5", "-0.3"], ["0.8", "0.2"], ["0.1", "0.4"]],
    "W_hh": [["0.1", "0.4", "0"], ["-0.2", "0.3", "0.2"], ["0.05", "-0.1", "0.2"]],
    "W_hy": [["1", "-1", "0.5"], ["0.5", "0.5", "-0.5"]],
}
H1 = ["-0.1", "0.83", "0.716"]
SUM1 = ["-0.1", "1.2", "0.9"]


def _products_apart(d: Derivation, at: At, x: Quantity, before: State, w: Weights) -> State:
    s = d.step(at("s"), times(w["W_hh"], before[0]), say="what the state before brings")
    u = d.step(at("u"), times(w["W_xh"], x), say="what the input brings")
    z = d.step(at("z"), add(s, u, w.get("b_h")), say="both together: the weighted sum")
    return (d.step(at("h"), tanh(z), say="the new state"),)


APART = RNN._replace(step=_products_apart)
"""The cell with a step for each product, as the notes work it out."""


@example("003-rnn", "11_rnn")
def notes() -> Derivation:
    """A vanilla recurrent network over two time steps, both of them finished."""
    return unroll(
        APART, [["1", "2"], ["-1", "1"]], NOTES,
        title="A vanilla recurrent network, two time steps",
        about="What do two steps of a network with three units put out? The notes stop in the "
        "middle of the second step; here it is finished. In the second entry of y_1 two numbers "
        "of about 0.4 nearly cancel, so that rounding h_1 first changes even its first digit.",
    )  # fmt: skip


@example("003-rnn-by-hand", "11_rnn")
def second_step_by_hand() -> Derivation:
    """The second time step of the vanilla network, from the rounded state of the notes."""
    return unroll(
        APART, [["-1", "1"]], NOTES, {"h": H1}, Plan(first=2),
        title="The second time step, from the rounded h_1",
        about="What would the notes have found with the digits they kept? We begin with their h_1 "
        "and finish the step.",
    )  # fmt: skip


@example("003-rnn-bptt", "11_rnn")
def notes_backward() -> Derivation:
    """The vanilla recurrent network of the notes, with backpropagation through time."""
    return rnn(
        [["1", "2"], ["-1", "1"]], NOTES, targets=[["0", "0.5"], ["0.5", "0"]], rate="0.1",
        again=True, title="Backpropagation through two time steps",
        about="How must the three matrices change so that the outputs come nearer to targets? The "
        "notes have no backward pass: targets and learning rate are ours. The state h_1 gets its "
        "gradient from two sides, its own output and the next state.",
    )  # fmt: skip


@example("003-rnn-scratch", "11_rnn")
def scratch() -> Derivation:
    """Scratch work: tanh by hand for the first state of the vanilla network."""
    d = Derivation(
        "tanh of three numbers by hand",
        about="How is tanh found with a table of the exponential? The scratch lines of the notes, "
        "sorted: numerator and denominator for each of the three weighted sums. The last line "
        "divides by 2.05, which belongs to another row.",
    )
    d.section("Given")
    a, b, c = d.givens(z_a="-0.1", z_b="1.2", z_c="0.9")
    for end, z in {"_a": a, "_b": b, "_c": c}.items():
        d.section(f"tanh of {d[z].name}")
        tanh_by_hand(d, z, end)
    return d


CELL = {"W_xh": [["0.5", "-0.3"], ["0.8", "0.2"]], "W_hh": [["0.1", "0.4"], ["-0.2", "0.3"]]}


@example("004-rnn", "11_rnn")
def cell() -> Derivation:
    """The recurrent cell of the code, as it should be: matrix products."""
    return rnn(
        [[1, 2]], CELL | {"W_hy": [[1, -1]]}, h=["0.5", "-0.5"],
        title="What the recurrent cell should compute",
        about="One call of the cell in the code, with its products as matrix products: two units, "
        "two inputs, one output. The code has no numbers; these are ours.",
    )  # fmt: skip


def _columns(d: Derivation) -> list[Quantity]:
    """The weights of the cell and its columns h and x, as the code has them."""
    d.section("Given")
    return list(d.givens(**CELL, W_hy=[[1, -1]], h=[["0.5"], ["-0.5"]], x=[[1], [2]]))


@example("004-rnn-broadcast", "11_rnn")
def broadcast() -> Derivation:
    """The recurrent cell of the code, as it stands: a state that silently becomes a matrix."""
    d = Derivation(
        "What the recurrent cell does compute",
        about="The code adds W_hh and h, and multiplies W_xh and x entry by entry. Why is there no "
        "error? With as many units as inputs the shapes can be stretched to fit: the column is "
        "repeated, and the state becomes a matrix.",
    )
    W_xh, W_hh, W_hy, h, x = _columns(d)
    d.section("As the code has it")
    s = d.step("s", W_hh + h, say="the column h is added to every column of the weights")
    u = d.step("u", W_xh * x, say="each row of the weights is multiplied by an entry of x")
    new = d.step("h'", tanh(s + u), say="the new state: a matrix where a column is wanted")
    d.step("y", W_hy * new, say="the output: a matrix too, where a single number is wanted")
    d.section("As it should be")
    right = d.step("h_right", tanh(W_hh @ h + W_xh @ x), say="the new state: a column")
    d.step("y_right", W_hy @ right, say="the output")
    return d


@erratum("004-rnn-state", example="004-rnn", line=181)
def wrong_state() -> tuple[Derivation, Step, Step]:
    """W_hh is added to the state and W_xh multiplied entry by entry; both are matrix products."""
    d = Derivation("The state of a recurrent cell")
    W_xh, W_hh, _, h, x = _columns(d)
    printed = d.step("h_printed", tanh(W_hh + h + W_xh * x), say="as the code has it")
    right = d.step("h_right", tanh(W_hh @ h + W_xh @ x), say="matrix products")
    return d, printed, right


@erratum("004-rnn-output", example="004-rnn", line=184)
def wrong_output() -> tuple[Derivation, Step, Step]:
    """W_hy is multiplied with the state entry by entry; the output is a matrix product."""
    d = Derivation("The output of a recurrent cell")
    _, _, W_hy, h, _ = _columns(d)
    printed = d.step("y_printed", W_hy * h, say="as the code has it")
    right = d.step("y_right", W_hy @ h, say="a matrix product")
    return d, printed, right
