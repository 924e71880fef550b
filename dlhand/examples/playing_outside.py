"""Scaled dot-product attention of two words, "Playing Outside", as document 003 works it out."""

from __future__ import annotations

from dlhand import Derivation, exp, softmax, sqrt, stack, total
from dlhand.calculators.attention import attend
from dlhand.calculators.wanted import require_counts
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example

PLAYING: dict[str, list[str]] = {
    "q1": ["0.212", "0.04", "0.63", "0.36"],
    "k1": ["0.31", "0.84", "0.963", "0.57"],
    "v1": ["0.36", "0.83", "0.1", "0.36"],
    "q2": ["0.1", "0.14", "0.86", "0.77"],
    "k2": ["0.45", "0.94", "0.73", "0.58"],
    "v2": ["0.31", "0.36", "0.19", "0.72"],
}


def _scores(d: Derivation, i: int) -> None:
    """How well the query of word i fits the key of each word."""
    d.section(f"Scores of word {i}")
    for j in (1, 2):
        p = d.step(f"p{i}{j}", d[f"q{i}"] * d[f"k{j}"], say="entry times entry")
        s = d.step(f"s{i}{j}", total(p), say="added up: the dot product of the two")
        d.step(f"y{i}{j}", s / d["r"], say="scaled")


def _output(d: Derivation, i: int) -> None:
    """The softmax of both scores of word i, and the values mixed with it."""
    d.section(f"Weights and output of word {i}")
    for j in (1, 2):
        d.step(f"g{i}{j}", exp(d[f"y{i}{j}"]), say="its exponential, which is positive")
    d.step(f"N{i}", d[f"g{i}1"] + d[f"g{i}2"], say="their sum")
    for j in (1, 2):
        say = f"how much word {i} looks at word {j}"
        a = d.step(f"a{i}{j}", d[f"g{i}{j}"] / d[f"N{i}"], say=say)
        d.step(f"m{i}{j}", a * d[f"v{j}"], say="so much of its value")
    d.step(f"z{i}", d[f"m{i}1"] + d[f"m{i}2"], say=f"the output for word {i}")


@example("003-playing", "14_attention", Vary(stays="d_k"))
def playing() -> Derivation:
    """Scaled dot-product attention of two words, "Playing Outside"."""
    d = Derivation(
        "Playing Outside",
        about="Word 1 is 'Playing', word 2 is 'Outside'. What does attention make of each?",
    )
    d.section("Given")
    d.givens(**PLAYING, d_k=4)
    d.step("r", sqrt(d["d_k"]), say="the root of a key's length")
    for word in (1, 2):
        _scores(d, word)
        _output(d, word)
    d.section("The weights as a matrix")
    rows = [stack(d[f"a{i}1"], d[f"a{i}2"]) for i in (1, 2)]
    d.step("A", stack(*rows), say="a row for each word that looks, a column for each looked at")
    d.section("Scratch on the page: the parts of a hyperbolic tangent, which are not needed")
    u = d.step("u", exp(-d["y11"]), say="the exponential of the score with its sign turned")
    d.step("top", d["g11"] - u, say="above the bar of the tanh")
    d.step("bottom", d["g11"] + u, say="below the bar")
    require_counts(d, "d_k")
    return d


@example("003-playing-slips", "14_attention", Vary(stays="a21 a22 m"))
def playing_slips() -> Derivation:
    """Playing Outside: two slips of the page, followed."""
    d = Derivation(
        "Two slips, followed",
        about="The page gives both weights of word 2 the same value, v₂. What comes out? And which "
        "weight did it really use for the second part of word 1?",
    )
    d.section("Given")
    a1, a2 = d.givens(a21="0.52", a22="0.48")
    v1, v2 = d.givens(v1=PLAYING["v1"], v2=PLAYING["v2"])
    d.section("The output of word 2")
    z = d.step("z2", a1 * v2 + a2 * v2, say="as on the page: one value for both weights")
    right = d.step("z2'", a1 * v1 + a2 * v2, say="to each weight its own value")
    d.step("gap", z - right, say="how far off the page is")
    d.section("The second part of word 1")
    m = d.given("m", "0.1746", say="its second entry on the page, cut off")
    v = d.given("v", PLAYING["v2"][1], say="the second entry of v₂")
    low = d.step("low", m / v, say="the weight was no smaller than this")
    d.step("high", (m + "0.0001") / v, say="and smaller than this, so it was not 0.486")
    d.step("m12", low * v2, say="cut off, these are all four entries of the page")
    return d


@example("003-playing-matrix", "14_attention")
def playing_matrix() -> Derivation:
    """Scaled dot-product attention of "Playing Outside" with matrices, forward and backward."""
    d = Derivation(
        "Playing Outside with matrices",
        about="The same attention, both words at once, a row each. How would the output change "
        "with each query, key and value? The target is our choice.",
    )
    d.section("Given")
    q, k, v = d.givens(
        **{name.upper(): [PLAYING[f"{name}1"], PLAYING[f"{name}2"]] for name in "qkv"}
    )
    d.section("Attention")
    z = attend(d, q, k, v).output
    d.section("Error")
    t = d.given("T", [["0.5", "0.5", 0, "0.5"], [0, 1, 0, "0.5"]], say="what should come out")
    error = d.step("E", total((z - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    d.backward(error, [q, k, v])
    return d


@erratum("003-playing-softmax", example="003-playing", line=713)
def softmax_of_one() -> tuple[Derivation, Step, Step]:
    """The softmax of a single score is 1, whatever it is: all scores of a query go in together."""
    d = Derivation("The weight of the first word", about="What goes into a softmax?")
    y1, y2 = d.givens(y11="0.4557", y12="0.40085")
    one = d.step("a", softmax(stack(y1))[0], say="as printed")
    return d, one, d.step("a'", softmax(stack(y1, y2))[0], say="right")


@erratum("003-playing-label", example="003-playing", line=739)
def value_for_query() -> tuple[Derivation, Step, Step]:
    """The score is named v2 · k1, a value times a key; it is the query q2 that meets the key."""
    d = Derivation("The score of the second word with the first", about="What is multiplied?")
    q2, k1, v2 = d.givens(q2=PLAYING["q2"], k1=PLAYING["k1"], v2=PLAYING["v2"])
    printed = d.step("s", v2 @ k1, say="as printed")
    return d, printed, d.step("s'", q2 @ k1, say="right")


@erratum("003-playing-value", example="003-playing", line=767)
def same_value_twice() -> tuple[Derivation, Step, Step]:
    """Both weights of the second word multiply v2; the first belongs to v1."""
    d = Derivation("The output of the second word", about="Which value belongs to which weight?")
    a1, a2 = d.givens(a21="0.52", a22="0.48")
    v1, v2 = d.givens(v1=PLAYING["v1"], v2=PLAYING["v2"])
    printed = d.step("z", a1 * v2 + a2 * v2, say="as printed")
    return d, printed, d.step("z'", a1 * v1 + a2 * v2, say="right")
