"""Positions, normalised features and codes: what goes into a network and comes out of it."""

from __future__ import annotations

from fractions import Fraction

from dlhand import Derivation, cos, sigmoid, sin, softmax, stack, total
from dlhand.calculators.attention import layer_norm, normalise
from dlhand.calculators.encoding import chunks, decode, positional_encoding
from dlhand.calculators.normalisation import batch_norm
from dlhand.calculators.wanted import require_counts
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example

# Document 003: positional encoding


@example("003-posenc", "15_positional_encoding", Vary(stays="even odd"))
def posenc() -> Derivation:
    """The positional encoding of "I am a robot", all four positions."""
    d = positional_encoding(4, 4)
    d.title = "The positions of 'I am a robot'"
    d.about += " Four words, four numbers for each."
    return d


@example("003-posenc-cells", "15_positional_encoding", Vary(stays="pos_1"))
def posenc_cells() -> Derivation:
    """The positional encoding of the first two words, number by number."""
    d = Derivation(
        "The positions of 'I' and 'am', one number at a time",
        about="Four numbers tell where a word stands: a sine and a cosine that turn fast, and a "
        "sine and a cosine that turn slowly. Both of a pair have the same angle.",
    )
    d.section("Given")
    b, *positions = d.givens(b=10000, pos_0=0, pos_1=1)
    d.section("Divisors")
    divisors = [d.step(f"D_{col}", b ** Fraction(col, 4), say=f"of columns {col} and {col + 1}")
                for col in (0, 2)]  # fmt: skip
    for k, (word, pos) in enumerate(zip(("I", "am"), positions, strict=True)):
        d.section(f"'{word}', at position {k}")
        for col in range(4):
            angle = d.step(f"theta_{k}{col}", pos / divisors[col // 2],
                           say="the position over the divisor: an angle")  # fmt: skip
            wave, name = ((sin, "sine"), (cos, "cosine"))[col % 2]
            d.step(f"P_{k}{col}", wave(angle), say=f"its {name}")
    return d


@example("003-posenc-rotation", "15_positional_encoding", Vary(stays="k"))
def posenc_rotation() -> Derivation:
    """A step of the position turns each pair of the encoding."""
    d = Derivation(
        "Two words further on is a turn",
        about="Why do the sine and the cosine of a pair share their angle? Because then moving on "
        "by two words is the same turn wherever we start: from position 1 to position 3 here.",
    )
    d.section("Given")
    k = d.given("k", 2, say="how many words further on")
    for name, speed in (("fast", 1), ("slow", "0.01")):
        d.section(f"The {name} pair")
        w = d.given(f"w_{name}", speed, say="the angle of one word")
        here = d.step(f"p_{name}", stack(sin(w), cos(w)), say="the pair at position 1")
        s = d.step(f"s_{name}", sin(k * w), say="the sine of the turn")
        c = d.step(f"c_{name}", cos(k * w), say="the cosine of the turn")
        turn = d.step(f"R_{name}", stack(stack(c, s), stack(-s, c)), say="the turn as a matrix")
        d.step(f"t_{name}", turn @ here, say="the pair at position 1, turned")
        d.step(f"q_{name}", stack(sin(3 * w), cos(3 * w)), say="the pair at position 3: the same")
    require_counts(d, "k")
    return d


def _one_angle() -> Derivation:
    return Derivation("One number of the encoding", about="Which angle does the page take?")


@erratum("003-posenc-sine", example="003-posenc", line=798)
def sine_formula() -> tuple[Derivation, Step, Step]:
    """The position is multiplied by 2i, which belongs in the exponent alone."""
    d = _one_angle()
    b, pos, i = d.givens(b=10000, pos=1, i=1)
    divisor = d.step("D", b ** Fraction(2, 4), say="10000 to the power 2i/d, for i = 1 and d = 4")
    printed = d.step("P", sin(pos * 2 * i / divisor), say="as printed")
    return d, printed, d.step("P'", sin(pos / divisor), say="right")


@erratum("003-posenc-cosine", example="003-posenc", line=800)
def cosine_formula() -> tuple[Derivation, Step, Step]:
    """The cosine has 2i+1 beside the position and in the exponent; it shares the sine's angle."""
    d = _one_angle()
    b, pos, i = d.givens(b=10000, pos=1, i=0)
    own = d.step("D", b ** Fraction(1, 4), say="10000 to the power (2i+1)/d, for i = 0 and d = 4")
    pair = d.step("D'", b ** Fraction(0, 4), say="10000 to the power 2i/d")
    printed = d.step("P", cos((pos * 2 * i + 1) / own), say="as printed")
    return d, printed, d.step("P'", cos(pos / pair), say="right")


@erratum("003-posenc-parity", example="003-posenc", line=804)
def parity() -> tuple[Derivation, Step, Step]:
    """Sine or cosine depends on the column being even or odd, not on the position."""
    d = _one_angle()
    (pos,) = d.givens(pos=1)
    printed = d.step("P", cos(pos), say="column 0 of position 1, which is odd: as printed")
    return d, printed, d.step("P'", sin(pos), say="right: column 0 is even")


@erratum("003-posenc-column-1", example="003-posenc-cells", line=816)
def column_1() -> tuple[Derivation, Step, Step]:
    """The exponent of column 1 is printed as 1/4; it is that of column 0, 0/4."""
    d = _one_angle()
    b, pos = d.givens(b=10000, pos=1)
    printed = d.step("P_11", cos(pos / b ** Fraction(1, 4)), say="as printed")
    return d, printed, d.step("P_11'", cos(pos / b ** Fraction(0, 4)), say="right")


@erratum("003-posenc-column-3", example="003-posenc-cells", line=820)
def column_3() -> tuple[Derivation, Step, Step]:
    """The exponent of column 3 is printed as 3/4; it is that of column 2, 2/4."""
    d = _one_angle()
    b, pos = d.givens(b=10000, pos=1)
    printed = d.step("P_13", cos(pos / b ** Fraction(3, 4)), say="as printed")
    return d, printed, d.step("P_13'", cos(pos / b ** Fraction(2, 4)), say="right")


# Document 003: layer normalisation


@example("003-layernorm", "16_transformers")
def layernorm() -> Derivation:
    """Layer normalisation of three features."""
    d = layer_norm([1, 1, -1])
    d.title = "Three features brought to mean 0 and deviation 1"
    d.about += " The page shows the features and the numerator; the rest is added."
    return d


@example("003-layernorm-learnt", "16_transformers")
def layernorm_learnt() -> Derivation:
    """Layer normalisation with epsilon, gain and shift, forward and backward."""
    return layer_norm(
        [1, 1, -1], gain=[1, 2, 3], shift=[0, 0, 1], epsilon="1/9", target=[0, 0, 0],
        title="Layer normalisation with all its parts",
        about="A small number under the root prevents division by zero, and the network may "
        "stretch and move the result. The numbers are ours; the epsilon is far larger than usual, "
        "1/9, so that every step can be done by hand.",
    )  # fmt: skip


@example("003-layernorm-batch", "16_transformers")
def layernorm_batch() -> Derivation:
    """Layer normalisation beside batch normalisation."""
    d = Derivation(
        "Along the row or down the column",
        about="Layer normalisation takes the mean over the features of one example, batch "
        "normalisation over the examples for one feature. What is the difference? Two examples "
        "of three features; the second is ours.",
    )
    d.section("Given")
    x = d.given("x", [[1, 1, -1], [3, 5, 1]], say="a row for each example, a column a feature")
    d.section("Layer normalisation: each row")
    normalise(d, x, mark="_row")
    d.section("Batch normalisation: each column")
    batch_norm(d, x)
    return d


# Document 000: codes for fruits

FRUITS = [
    "Apfel (apple)", "Mango", "Orange", "Ananas (pineapple)", "Erdbeer (strawberry)",
    "Zitrone (lemon)", "Birne (pear)", "Melone (melon)",
]  # fmt: skip
CODES = [list(code) for code in ("000", "011", "001", "101", "010", "110", "100", "111")]


@example("000-fruit", "10_embeddings", Vary(stays="C p"))
def fruit() -> Derivation:
    """A code of three digits for eight fruits, and the fruit that an output means."""
    d = decode(
        CODES, ["0.01", "0.99", "0.0"], title="Which fruit is it?",
        about=f"Eight fruits have codes, in this order: {', '.join(FRUITS)}. Which is meant?",
    )  # fmt: skip
    d.section("Each code once")
    places = d.given("p", [4, 2, 1], say="what a 1 is worth in each place")
    d.step("n", d["C"] @ places, say="each code as a number: all from 0 to 7, each once")
    return d


@example("000-fruit-tie", "10_embeddings", Vary(stays="C", among={"y": ["0.5", 0, 1]}))
def fruit_tie() -> Derivation:
    """A code of three digits: an output halfway between four fruits."""
    return decode(
        CODES, ["0.5", "0.5", 0], title="An output that cannot be read",
        about="Two of the three digits are exactly one half. Rounding decides for 1 by convention, "
        "but four codes are equally near: such an output means nothing. The numbers are ours.",
    )  # fmt: skip


@example("000-fruit-one-hot", "10_embeddings", Vary(places="z z_8"))
def fruit_one_hot() -> Derivation:
    """Eight fruits by a softmax over eight outputs, or by three sigmoids."""
    d = Derivation(
        "One of eight, or three digits?",
        about="Eight classes can be told apart by eight outputs and a softmax, or by three outputs "
        "and a sigmoid each. Why can a softmax over three outputs not say 011 (Mango)? The logits "
        "are ours.",
    )
    d.section("Three sigmoids")
    z = d.given("z", [-6, 6, 6], say="three logits that mean 011")
    s = d.step("s", sigmoid(z), say="each digit is decided by itself")
    d.step("n_s", total(s), say="their sum: nothing ties it to 1")
    d.section("A softmax over the same three")
    p = d.step("p", softmax(z), say="the digits compete for a whole of 1")
    d.step("n_p", total(p), say="so they add up to 1, and those of 011 to 2")
    d.section("A softmax over eight outputs, one a fruit")
    many = d.given("z_8", [0, 6, 0, 0, 1, 0, 0, 0], say="the second output, Mango, is largest")
    d.step("p_8", softmax(many), say="here one output is meant to be 1, the others 0")
    return d


# Document 002: long inputs


@example("002-long-inputs", "16_transformers")
def long_inputs() -> Derivation:
    """A long input cut into chunks."""
    d = chunks(10, 4, 3)
    d.about += " Ten tokens, four at a time, three further on each time; the numbers are ours."
    return d
